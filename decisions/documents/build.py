"""A record and the form that a scheme declares, brought together as the view of one document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import TypeAlias

from decisions.documents.record_views import ExemptRecord, PublicRecord
from decisions.documents.view import (
    Block,
    Document,
    EditableSpan,
    Field,
    Fields,
    Heading,
    Imprint,
    Notes,
    Signature,
    Statements,
    SummaryBox,
)
from decisions.errors import DocumentError, NoSuchDocument
from rules.language.conditions import facts_in
from rules.packs.document_schema import RECOMMENDATION_BODY, BlockSpec, DocumentTemplate, parse_visibility_condition
from rules.values.calendar import long_date
from rules.values.facts import CASE, address_of
from rules.values.passages import Cell, Item, Listing, Note, Paragraph, Table
from rules.values.prose_parser import parse_prose

PUBLIC_PART = 1
MAX_LETTER_LENGTH = 12
RECOMMENDATION_TEXT = "recommendation.text"
MARKING_NOT_STATED = "NOT FOR PUBLICATION (marking not stated)"
DRAFT = "Draft"
CONFIRMED = "Confirmed"
NOT_CONFIRMED = "Not confirmed"
NOT_YET_CONFIRMED = "Not yet confirmed"
NOT_RECORDED = "Not recorded"
NOT_APPLICABLE = "Not applicable"
NONE_NAMED = "None is named in this part."
IMPORTED = "This case was entered into the record after the fact, on"
STATEMENT, CONFIRMATION = "Statement", "Confirmation"
SIGNATURE, CAPACITY, NOT_SIGNED = "Signature", "Capacity", "Not signed."
OUTCOME, BY, DATE, REASON = "Outcome", "By", "Date", "Reason"
ACT_COLUMNS = ("Step", OUTCOME, BY, CAPACITY, DATE)
NOTES_HEADING = "Notes"
TEMPLATE_WORDING = (
    "Reference, not yet given; Status; Case, version, Part; Sealed in the record as; Signature, not yet signed; "
    "Page of; Note"
)
FIXED_WORDING = (
    MARKING_NOT_STATED, DRAFT, NOT_YET_CONFIRMED, NOT_RECORDED, NOT_APPLICABLE, NONE_NAMED, IMPORTED,
    STATEMENT, CONFIRMATION,
    CAPACITY, NOT_SIGNED, OUTCOME, BY, DATE, REASON, NOTES_HEADING, *ACT_COLUMNS, TEMPLATE_WORDING,
)  # fmt: skip
"""All that a document says that neither a case nor a scheme does."""

CaseRecord = PublicRecord | ExemptRecord
_FactBlock: TypeAlias = tuple[str, Block]


def build_document(template: DocumentTemplate, record: CaseRecord) -> Document:
    """The view of a document; raises `DocumentError` where a Part 2 form is asked of a public record, or the reverse.

    Raises `NoSuchDocument` for a form that the case has not, such as Part 2 where the paper says that there is none.
    """
    _refuse_mismatched(template, record)
    case = record.case
    laid = [*_pair_with_fact("", _import_notice(record)), *_template_blocks(template, record)]
    return Document(
        title=_format_line(record, template.title, default=case.id),
        kind=template.name,
        authority=record.scheme.declaration.name,
        subtitle=template.subtitle,
        marking=template.marking or _format_line(record, template.marking_of, default=MARKING_NOT_STATED),
        reference=_format_line(record, template.reference, default=case.id),
        status=_format_line(record, f"{template.decided_at}.outcome", default=record.final_stage_label or DRAFT),
        document_date=_document_date(template, record),
        blocks=tuple(block for _, block in laid),
        imprint=Imprint(case.id, case.version, record.head, template.kind, template.part),
        editable=tuple(_editable_spans([fact for fact, _ in laid], record)),
    )


def _import_notice(record: CaseRecord) -> Iterator[Block]:
    """What a reader must know of a case that did not go its way here."""
    on = record.case.imported_on
    if on is not None:
        yield Paragraph(f"{IMPORTED} {long_date(on)}.")


def _refuse_mismatched(template: DocumentTemplate, record: CaseRecord) -> None:
    if (template.part == PUBLIC_PART) is not isinstance(record, PublicRecord):
        raise DocumentError(
            f"{template.kind} Part {template.part} cannot be made from this record: it is of the other part"
        )
    if template.when and record.holds(template.when) is False:
        condition, _ = parse_visibility_condition(template.when, record.scheme.rulebook.facts)
        raise NoSuchDocument(
            f"{record.case.id} has no {template.name}, as the record stands in {', '.join(facts_in(condition))}"
        )


def _document_date(template: DocumentTemplate, record: CaseRecord) -> date:
    """The day of the stage at which the document's matter is decided; before it, that of the last act."""
    decided = record.value(f"{template.decided_at}.on")
    return decided if isinstance(decided, date) else record.case.last_on


def _is_shown(spec: BlockSpec, record: CaseRecord) -> bool:
    return not spec.when or record.holds(spec.when) is True


def _template_blocks(template: DocumentTemplate, record: CaseRecord) -> Iterator[_FactBlock]:
    """The blocks of a form, and at the end the notes that they cite."""
    noted: list[Note] = []
    for text in template.blocks:
        if _is_shown(text, record):
            yield from _pair_with_fact("", _opening_blocks(text, record))
            if text.text:
                yield from _pair_with_fact(text.text, _prose_blocks(text, record, noted))
            yield from _pair_with_fact("", _remaining_blocks(text, record))
    if noted:
        yield from _pair_with_fact("", iter((Heading(NOTES_HEADING), Notes(tuple(noted)))))


def _pair_with_fact(fact: str, blocks: Iterator[Block]) -> Iterator[_FactBlock]:
    """Blocks with the fact whose text they are, if any."""
    return ((fact, block) for block in blocks)


def _opening_blocks(spec: BlockSpec, record: CaseRecord) -> Iterator[Block]:
    """What a block of a form begins with: a box, or a heading with a signature or with words below it."""
    if spec.boxed:
        yield SummaryBox(spec.heading, _build_fields(spec, spec.boxed, record))
        return
    if spec.heading:
        yield Heading(spec.heading, spec.level)
    if spec.signature:
        yield _signature_block(spec, record)
    else:
        yield from (Paragraph(words) for words in spec.words)


def _remaining_blocks(spec: BlockSpec, record: CaseRecord) -> Iterator[Block]:
    """What `_BLOCK_BUILDERS` make of the other keys of a block; a signature has its fields inside it."""
    for key, make in _BLOCK_BUILDERS.items():
        if getattr(spec, key) and not spec.signature:
            yield from make(spec, record)


def _editable_spans(facts: list[str], record: CaseRecord) -> Iterator[EditableSpan]:
    """Where the text of a fact stands among blocks, of which each is told with its fact."""
    for fact, run in groupby(enumerate(facts), key=itemgetter(1)):
        places = [place for place, _ in run]
        if fact and record.scheme.may_be_stated(fact):
            label, stated = record.scheme.fact_declaration(fact).label, record.value(fact) is not None
            yield EditableSpan(fact, label, places[0], places[-1] + 1, stated)


def _prose_blocks(spec: BlockSpec, record: CaseRecord, cited_notes: list[Note]) -> Iterator[Block]:
    """The passages of a text; the notes that it cites are put to those of the document."""
    number = 0
    passages, notes = parse_prose(record.format_fact(spec.text) or f"{spec.unstated}.", len(cited_notes))
    cited_notes += notes
    for passage in passages:
        if isinstance(passage, Paragraph) and spec.numbered:
            number += 1
            yield replace(passage, number=f"{spec.numbered}.{number}.")
        else:
            yield passage


def _field_blocks(spec: BlockSpec, record: CaseRecord) -> Iterator[Block]:
    yield Fields(_build_fields(spec, spec.fields, record))


def _build_fields(
    spec: BlockSpec, labels: Mapping[str, str], record: CaseRecord, subject: str = CASE
) -> tuple[Field, ...]:
    return tuple(
        Field(
            label,
            _format_line(record, fact, subject),
            _placeholder(spec, fact, record),
            _editable_address(fact, subject, record),
        )
        for fact, label in labels.items()
    )


def _editable_address(fact: str, subject: str, record: CaseRecord) -> str:
    """The address at which a paper states a fact as text; empty for what is no text, or is not stated by a paper."""
    where = address_of(fact, subject.partition(":")[2])
    return where if record.scheme.fact_declaration(fact).kind == "text" and record.scheme.may_be_stated(where) else ""


def _placeholder(spec: BlockSpec, fact: str, record: CaseRecord) -> str:
    """The words for a fact that is not known. Of a case at rest, what acts record is not awaited any more."""
    if spec.hangs_on and record.value(spec.hangs_on) is False:
        return NOT_APPLICABLE
    awaited = not (record.final_stage_label and fact.partition(".")[0] in record.scheme.declaration.stages)
    return spec.unstated_as.get(fact, spec.unstated) if awaited else spec.unstated


def _format_line(record: CaseRecord, fact: str, subject: str = CASE, default: str = "") -> str:
    """A fact as one run of words, however its text was broken into lines in the paper."""
    return " ".join(record.format_fact(fact, subject).split()) or default


def _exemption_blocks(spec: BlockSpec, record: CaseRecord) -> Iterator[Block]:
    claimed = list(record.subjects("exemption"))
    for subject in claimed:
        yield Fields(_build_fields(spec, spec.exemptions, record, subject))
    if not claimed:
        yield Paragraph(NONE_NAMED)


def _statement_blocks(spec: BlockSpec, record: CaseRecord) -> Iterator[Block]:
    rows = tuple(_build_statement(spec, words, fact, record) for fact, words in spec.statements.items())
    yield Statements(spec.caption, STATEMENT, CONFIRMATION, rows)


def _build_statement(spec: BlockSpec, words: str, fact: str, record: CaseRecord) -> Field:
    """A flag is confirmed or not; a choice is said out in full before it counts as confirmed."""
    value = record.value(fact)
    confirmed = value is True or isinstance(value, str)
    if record.scheme.fact_declaration(fact).kind == "choice":
        words = f"{words} {_format_line(record, fact) or spec.unstated}."
    return Field(
        words, CONFIRMED if confirmed else "", NOT_CONFIRMED if record.final_stage_label else NOT_YET_CONFIRMED
    )


def _signature_block(spec: BlockSpec, record: CaseRecord) -> Block:
    """The place to sign while nobody has signed; then the signature, or after another outcome what was done instead."""
    outcome, signed = (record.value(f"{spec.signature}.{fact}") for fact in ("outcome", "on"))
    if outcome is None:
        return _unsigned_block(spec, record)
    if outcome != spec.outcome or not isinstance(signed, date):
        return _other_outcome_block(spec, record)
    entered = tuple(field for field in _build_fields(spec, spec.fields, record) if field.value)
    name = _format_line(record, f"{spec.signature}.by", default=NOT_RECORDED)
    return Signature(spec.capacity, spec.words, name, signed, items=entered)


def _unsigned_block(spec: BlockSpec, record: CaseRecord) -> Block:
    if record.final_stage_label:
        return Fields((Field(SIGNATURE, f"{NOT_SIGNED} {record.final_stage_label}."), Field(CAPACITY, spec.capacity)))
    return Signature(spec.capacity, spec.words, items=_build_fields(spec, spec.fields, record))


def _other_outcome_block(spec: BlockSpec, record: CaseRecord) -> Fields:
    outcome, by, on = (_format_line(record, f"{spec.signature}.{fact}") for fact in ("outcome", "by", "on"))
    said = [(OUTCOME, outcome), (BY, by), (CAPACITY, spec.capacity), (DATE, on)]
    if spec.reason and record.value(f"{spec.signature}.outcome") != spec.outcome:
        said.append((REASON, _format_line(record, spec.reason)))
    return Fields(tuple(Field(label, value) for label, value in said))


def _recommendation_blocks(spec: BlockSpec, record: CaseRecord) -> Iterator[Block]:
    """All recommendations to one body: those with a letter are parts of the one that has their number."""
    items: list[Item] = []
    last = None
    for number, _, letter, subject in sorted(_order_recommendations(spec.recommendations, record)):
        verb, words = (_format_line(record, f"recommendation.{fact}", subject) for fact in ("verb", "text"))
        item = Item(
            words,
            f"{letter or number}." if letter or number else "",
            verb,
            fact=_recommendation_address(subject, record),
        )
        if not letter:
            items.append(item)
        else:
            own = items.pop() if number == last else Item("", f"{number}.")
            items.append(replace(own, subitems=(*own.subitems, item)))
        last = number
    yield Listing(tuple(items)) if items else Paragraph(f"{spec.unstated}.")


def _recommendation_address(subject: str, record: CaseRecord) -> str:
    """The address at which a paper states the text of a recommendation, where it does."""
    return (
        _editable_address(RECOMMENDATION_TEXT, subject, record)
        if record.value(RECOMMENDATION_TEXT, subject) is not None
        else ""
    )


def _order_recommendations(body: str, record: CaseRecord) -> Iterator[tuple[int, int, str, str]]:
    """Each recommendation to a body by its number, then its letter (z before aa), with its subject."""
    for subject in record.subjects("recommendation"):
        if record.value(RECOMMENDATION_BODY, subject) == body:
            number = record.value("recommendation.number", subject)
            letter = _format_line(record, "recommendation.letter", subject)
            if len(letter) > MAX_LETTER_LENGTH:
                raise DocumentError(
                    f"the letter of {subject} has {len(letter):,} characters; a recommendation is cited by a few",
                    f"Amend the paper: give recommendation.letter at most {MAX_LETTER_LENGTH} characters.",
                )
            yield (number if isinstance(number, int) else 0), len(letter), letter, subject


def _act_blocks(spec: BlockSpec, record: CaseRecord) -> Iterator[Block]:
    """What was done at each stage of a block that something was done at, in order."""
    done = [stage for stage in spec.acts if record.value(f"{stage}.outcome") is not None]
    rows = tuple(tuple(Cell(said) for said in _act_row(stage, record)) for stage in done)
    yield Table(tuple(map(Cell, ACT_COLUMNS)), rows) if rows else Paragraph(f"{spec.unstated}.")


def _act_row(stage: str, record: CaseRecord) -> Iterator[str]:
    """What stands in each column of `ACT_COLUMNS`; in that of the date the day stays beside its month."""
    yield record.scheme.declaration.stages[stage].label
    yield from (_format_line(record, f"{stage}.{fact}") for fact in ("outcome", "by", "role"))
    yield _format_line(record, f"{stage}.on").replace(" ", "\u00a0", 1)


_BLOCK_BUILDERS: dict[str, Callable[[BlockSpec, CaseRecord], Iterator[Block]]] = {
    "recommendations": _recommendation_blocks,
    "fields": _field_blocks,
    "exemptions": _exemption_blocks,
    "statements": _statement_blocks,
    "acts": _act_blocks,
}
