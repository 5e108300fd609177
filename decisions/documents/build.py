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
    Boxed,
    Document,
    Editable,
    Field,
    Fields,
    Heading,
    Imprint,
    Notes,
    Signature,
    Statements,
)
from decisions.errors import DocumentError, NotOfCase
from rules.language.conditions import facts_in
from rules.packs.document_schema import BODY, BlockText, Form, condition_of
from rules.values.calendar import spoken
from rules.values.facts import CASE, address
from rules.values.passages import Cell, Item, Listing, Note, Paragraph, Table
from rules.values.prose import prose

PUBLIC_PART = 1
MAX_LETTER = 12
RECOMMENDED = "recommendation.text"
UNMARKED = "NOT FOR PUBLICATION (marking not stated)"
DRAFT = "Draft"
CONFIRMED = "Confirmed"
NOT_CONFIRMED = "Not confirmed"
NOT_YET_CONFIRMED = "Not yet confirmed"
NOT_RECORDED = "Not recorded"
NOT_APPLICABLE = "Not applicable"
NONE_NAMED = "None is named in this part."
ENTERED = "This case was entered into the record after the fact, on"
STATEMENT, CONFIRMATION = "Statement", "Confirmation"
SIGNATURE, CAPACITY, NOT_SIGNED = "Signature", "Capacity", "Not signed."
OUTCOME, BY, DATE, REASON = "Outcome", "By", "Date", "Reason"
ACTS = ("Step", OUTCOME, BY, CAPACITY, DATE)
NOTES = "Notes"
IN_TEMPLATES = (
    "Reference, not yet given; Status; Case, version, Part; Sealed in the record as; Signature, not yet signed; "
    "Page of; Note"
)
FIXED = (
    UNMARKED, DRAFT, NOT_YET_CONFIRMED, NOT_RECORDED, NOT_APPLICABLE, NONE_NAMED, ENTERED, STATEMENT, CONFIRMATION,
    CAPACITY, NOT_SIGNED, OUTCOME, BY, DATE, REASON, NOTES, *ACTS, IN_TEMPLATES,
)  # fmt: skip
"""All that a document says that neither a case nor a scheme does."""

Record = PublicRecord | ExemptRecord
_Laid: TypeAlias = tuple[str, Block]


def document(form: Form, record: Record) -> Document:
    """The view of a document; raises `DocumentError` where a Part 2 form is asked of a public record, or the reverse.

    Raises `NotOfCase` for a form that the case has not, such as Part 2 where the paper says that there is none.
    """
    _refuse_other(form, record)
    case = record.case
    laid = [*_laid("", _entered(record)), *_all_laid(form, record)]
    return Document(
        title=_line(record, form.title, otherwise=case.id),
        kind=form.name,
        authority=record.scheme.text.name,
        subtitle=form.subtitle,
        marking=form.marking or _line(record, form.marking_of, otherwise=UNMARKED),
        reference=_line(record, form.reference, otherwise=case.id),
        status=_line(record, f"{form.decided_at}.outcome", otherwise=record.end or DRAFT),
        dated=_dated(form, record),
        blocks=tuple(block for _, block in laid),
        imprint=Imprint(case.id, case.version, record.head, form.kind, form.part),
        editable=tuple(_editable([fact for fact, _ in laid], record)),
    )


def _entered(record: Record) -> Iterator[Block]:
    """What a reader must know of a case that did not go its way here."""
    on = record.case.entered_on
    if on is not None:
        yield Paragraph(f"{ENTERED} {spoken(on)}.")


def _refuse_other(form: Form, record: Record) -> None:
    if (form.part == PUBLIC_PART) is not isinstance(record, PublicRecord):
        raise DocumentError(f"{form.kind} Part {form.part} cannot be made from this record: it is of the other part")
    if form.when and record.holds(form.when) is False:
        condition, _ = condition_of(form.when, record.scheme.rulebook.facts)
        raise NotOfCase(
            f"{record.case.id} has no {form.name}, as the record stands in {', '.join(facts_in(condition))}"
        )


def _dated(form: Form, record: Record) -> date:
    """The day of the stage at which the document's matter is decided; before it, that of the last act."""
    decided = record.value(f"{form.decided_at}.on")
    return decided if isinstance(decided, date) else record.case.last_on


def _shown(text: BlockText, record: Record) -> bool:
    return not text.when or record.holds(text.when) is True


def _all_laid(form: Form, record: Record) -> Iterator[_Laid]:
    """The blocks of a form, and at the end the notes that they cite."""
    noted: list[Note] = []
    for text in form.blocks:
        if _shown(text, record):
            yield from _laid("", _opening(text, record))
            if text.text:
                yield from _laid(text.text, _prose(text, record, noted))
            yield from _laid("", _rest(text, record))
    if noted:
        yield from _laid("", iter((Heading(NOTES), Notes(tuple(noted)))))


def _laid(fact: str, blocks: Iterator[Block]) -> Iterator[_Laid]:
    """Blocks with the fact whose text they are, if any."""
    return ((fact, block) for block in blocks)


def _opening(text: BlockText, record: Record) -> Iterator[Block]:
    """What a block of a form begins with: a box, or a heading with a signature or with words below it."""
    if text.boxed:
        yield Boxed(text.heading, _fields(text, text.boxed, record))
        return
    if text.heading:
        yield Heading(text.heading, text.level)
    if text.signature:
        yield _signature(text, record)
    else:
        yield from (Paragraph(words) for words in text.words)


def _rest(text: BlockText, record: Record) -> Iterator[Block]:
    """What `_MAKERS` make of the other keys of a block; a signature has its fields inside it."""
    for key, make in _MAKERS.items():
        if getattr(text, key) and not text.signature:
            yield from make(text, record)


def _editable(facts: list[str], record: Record) -> Iterator[Editable]:
    """Where the text of a fact stands among blocks, of which each is told with its fact."""
    for fact, run in groupby(enumerate(facts), key=itemgetter(1)):
        places = [place for place, _ in run]
        if fact and record.scheme.is_stated(fact):
            label, stated = record.scheme.declared(fact).label, record.value(fact) is not None
            yield Editable(fact, label, places[0], places[-1] + 1, stated)


def _prose(text: BlockText, record: Record, noted: list[Note]) -> Iterator[Block]:
    """The passages of a text; the notes that it cites are put to those of the document."""
    number = 0
    passages, notes = prose(record.said(text.text) or f"{text.unstated}.", len(noted))
    noted += notes
    for passage in passages:
        if isinstance(passage, Paragraph) and text.numbered:
            number += 1
            yield replace(passage, number=f"{text.numbered}.{number}.")
        else:
            yield passage


def _labelled(text: BlockText, record: Record) -> Iterator[Block]:
    yield Fields(_fields(text, text.fields, record))


def _fields(text: BlockText, labels: Mapping[str, str], record: Record, subject: str = CASE) -> tuple[Field, ...]:
    return tuple(
        Field(label, _line(record, fact, subject), _nothing(text, fact, record), _typed_at(fact, subject, record))
        for fact, label in labels.items()
    )


def _typed_at(fact: str, subject: str, record: Record) -> str:
    """The address at which a paper states a fact as text; empty for what is no text, or is not stated by a paper."""
    where = address(fact, subject.partition(":")[2])
    return where if record.scheme.declared(fact).kind == "text" and record.scheme.is_stated(where) else ""


def _nothing(text: BlockText, fact: str, record: Record) -> str:
    """The words for a fact that is not known. Of a case at rest, what acts record is not awaited any more."""
    if text.hangs_on and record.value(text.hangs_on) is False:
        return NOT_APPLICABLE
    awaited = not (record.end and fact.partition(".")[0] in record.scheme.text.stages)
    return text.unstated_as.get(fact, text.unstated) if awaited else text.unstated


def _line(record: Record, fact: str, subject: str = CASE, otherwise: str = "") -> str:
    """A fact as one run of words, however its text was broken into lines in the paper."""
    return " ".join(record.said(fact, subject).split()) or otherwise


def _exemptions(text: BlockText, record: Record) -> Iterator[Block]:
    claimed = list(record.subjects("exemption"))
    for subject in claimed:
        yield Fields(_fields(text, text.exemptions, record, subject))
    if not claimed:
        yield Paragraph(NONE_NAMED)


def _statements(text: BlockText, record: Record) -> Iterator[Block]:
    rows = tuple(_statement(text, words, fact, record) for fact, words in text.statements.items())
    yield Statements(text.caption, STATEMENT, CONFIRMATION, rows)


def _statement(text: BlockText, words: str, fact: str, record: Record) -> Field:
    """A flag is confirmed or not; a choice is said out in full before it counts as confirmed."""
    value = record.value(fact)
    confirmed = value is True or isinstance(value, str)
    if record.scheme.declared(fact).kind == "choice":
        words = f"{words} {_line(record, fact) or text.unstated}."
    return Field(words, CONFIRMED if confirmed else "", NOT_CONFIRMED if record.end else NOT_YET_CONFIRMED)


def _signature(text: BlockText, record: Record) -> Block:
    """The place to sign while nobody has signed; then the signature, or after another outcome what was done instead."""
    outcome, signed = (record.value(f"{text.signature}.{fact}") for fact in ("outcome", "on"))
    if outcome is None:
        return _unsigned(text, record)
    if outcome != text.outcome or not isinstance(signed, date):
        return _done_instead(text, record)
    entered = tuple(field for field in _fields(text, text.fields, record) if field.value)
    name = _line(record, f"{text.signature}.by", otherwise=NOT_RECORDED)
    return Signature(text.capacity, text.words, name, signed, items=entered)


def _unsigned(text: BlockText, record: Record) -> Block:
    if record.end:
        return Fields((Field(SIGNATURE, f"{NOT_SIGNED} {record.end}."), Field(CAPACITY, text.capacity)))
    return Signature(text.capacity, text.words, items=_fields(text, text.fields, record))


def _done_instead(text: BlockText, record: Record) -> Fields:
    outcome, by, on = (_line(record, f"{text.signature}.{fact}") for fact in ("outcome", "by", "on"))
    said = [(OUTCOME, outcome), (BY, by), (CAPACITY, text.capacity), (DATE, on)]
    if text.reason and record.value(f"{text.signature}.outcome") != text.outcome:
        said.append((REASON, _line(record, text.reason)))
    return Fields(tuple(Field(label, value) for label, value in said))


def _recommendations(text: BlockText, record: Record) -> Iterator[Block]:
    """All recommendations to one body: those with a letter are parts of the one that has their number."""
    items: list[Item] = []
    last = None
    for number, _, letter, subject in sorted(_places(text.recommendations, record)):
        verb, words = (_line(record, f"recommendation.{fact}", subject) for fact in ("verb", "text"))
        item = Item(words, f"{letter or number}." if letter or number else "", verb, fact=_text_of(subject, record))
        if not letter:
            items.append(item)
        else:
            own = items.pop() if number == last else Item("", f"{number}.")
            items.append(replace(own, parts=(*own.parts, item)))
        last = number
    yield Listing(tuple(items)) if items else Paragraph(f"{text.unstated}.")


def _text_of(subject: str, record: Record) -> str:
    """The address at which a paper states the text of a recommendation, where it does."""
    return _typed_at(RECOMMENDED, subject, record) if record.value(RECOMMENDED, subject) is not None else ""


def _places(body: str, record: Record) -> Iterator[tuple[int, int, str, str]]:
    """Each recommendation to a body by its number, then its letter (z before aa), with its subject."""
    for subject in record.subjects("recommendation"):
        if record.value(BODY, subject) == body:
            number = record.value("recommendation.number", subject)
            letter = _line(record, "recommendation.letter", subject)
            if len(letter) > MAX_LETTER:
                raise DocumentError(
                    f"the letter of {subject} has {len(letter):,} characters; a recommendation is cited by a few",
                    f"Amend the paper: give recommendation.letter at most {MAX_LETTER} characters.",
                )
            yield (number if isinstance(number, int) else 0), len(letter), letter, subject


def _acts(text: BlockText, record: Record) -> Iterator[Block]:
    """What was done at each stage of a block that something was done at, in order."""
    done = [stage for stage in text.acts if record.value(f"{stage}.outcome") is not None]
    rows = tuple(tuple(Cell(said) for said in _act(stage, record)) for stage in done)
    yield Table(tuple(map(Cell, ACTS)), rows) if rows else Paragraph(f"{text.unstated}.")


def _act(stage: str, record: Record) -> Iterator[str]:
    """What stands in each column of `ACTS`; in that of the date the day stays beside its month."""
    yield record.scheme.text.stages[stage].label
    yield from (_line(record, f"{stage}.{fact}") for fact in ("outcome", "by", "role"))
    yield _line(record, f"{stage}.on").replace(" ", "\u00a0", 1)


_MAKERS: dict[str, Callable[[BlockText, Record], Iterator[Block]]] = {
    "recommendations": _recommendations,
    "fields": _labelled,
    "exemptions": _exemptions,
    "statements": _statements,
    "acts": _acts,
}
