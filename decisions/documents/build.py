"""Build the view of one document from a record and the template that a scheme declares.

- A Part 1 document is built only from a `PublicRecord`, which holds nothing of Part 2.
- Blocks stand in the order of the template; the notes that they cite stand at the end.
- Every word comes from the record, the scheme or `decisions.documents.wording`.

How each kind of block is built: `decisions.documents.blocks`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import TypeAlias

from decisions.documents import wording
from decisions.documents.blocks.acts import build_other_overrides
from decisions.documents.blocks.heading import Heading
from decisions.documents.blocks.prose import Notes, build_prose
from decisions.documents.blocks.registry import BLOCK_BUILDERS, Block
from decisions.documents.blocks.signature import build_signature
from decisions.documents.blocks.summary_box import build_summary_box
from decisions.documents.record_views import CaseRecord, PublicRecord
from decisions.documents.view import Document, EditableSpan, Imprint, LetterheadView
from decisions.errors import DocumentError, NoSuchDocument
from rules.language.conditions import facts_in
from rules.packs.corrections_schema import CORRECTION
from rules.packs.document_schema import PUBLIC_PART, BlockSpec, DocumentTemplate, parse_visibility_condition
from rules.packs.scheme import Scheme
from rules.values.calendar import long_date
from rules.values.passages import Note, Paragraph

MAX_LOGO_WIDTH_MM = 80
"""The greatest width of a logo on a page; a wider one is printed less high."""

_FactBlock: TypeAlias = tuple[str, Block]
"""A block, and the fact whose text it shows; empty for a block that shows no text of a paper."""


def build_document(template: DocumentTemplate, record: CaseRecord) -> Document:
    """Build the view of a document.

    Raises `DocumentError` if the record is of the other part than the template, and `NoSuchDocument` if the case has
    no such document, such as Part 2 of a paper that says there is none.
    """
    _refuse_mismatch(template, record)
    case = record.case
    fact_blocks = [*_without_fact(_import_notice(record)), *_template_blocks(template, record)]
    return Document(
        title=record.format_line(template.title, default=case.id),
        kind=template.name,
        authority=record.scheme.declaration.name,
        subtitle=template.subtitle,
        marking=template.marking or _marking(template.marking_of, record),
        reference=_reference(template, record),
        status=_status(template, record),
        document_date=_document_date(template, record),
        blocks=tuple(block for _, block in fact_blocks),
        imprint=Imprint(case.id, case.version, record.head, template.kind, template.part),
        editable=tuple(_editable_spans([fact for fact, _ in fact_blocks], record)),
        letterhead=build_letterhead(record.scheme),
    )


def build_letterhead(scheme: Scheme) -> LetterheadView | None:
    """Return the letterhead of an authority's documents; none if its scheme has none."""
    declared, logo = scheme.declaration.letterhead, scheme.logo
    if declared is None or logo is None:
        return None
    height = min(float(declared.height_mm), MAX_LOGO_WIDTH_MM * logo.height / logo.width)
    width = round(height * logo.width / logo.height, 2)
    return LetterheadView(logo.data, declared.alt, width, round(height, 2), declared.lines)


def _refuse_mismatch(template: DocumentTemplate, record: CaseRecord) -> None:
    if (template.part == PUBLIC_PART) is not isinstance(record, PublicRecord):
        raise DocumentError(
            f"{template.kind} Part {template.part} cannot be made from this record: it is of the other part"
        )
    if template.when and record.holds(template.when) is False:
        condition, _ = parse_visibility_condition(template.when, record.scheme.rulebook.facts)
        raise NoSuchDocument(
            f"{record.case.id} has no {template.name}, as the record stands in {', '.join(facts_in(condition))}"
        )


def _marking(fact: str, record: CaseRecord) -> str:
    return record.format_line(fact, default=record.words_for_unknown(fact, wording.MARKING_NOT_STATED))


def _reference(template: DocumentTemplate, record: CaseRecord) -> str:
    """Return the reference of a document, or the number of the case where it has none or none is given yet."""
    return record.format_line(template.reference, default=record.case.id) if template.reference else record.case.id


def _status(template: DocumentTemplate, record: CaseRecord) -> str:
    """Return the outcome of the document's decision, or where a case stands that has none or was withdrawn."""
    standing = record.final_stage_label or (wording.DRAFT if record.is_draft else wording.SUBMITTED)
    return standing if record.closing_act else record.format_line(f"{template.decided_at}.outcome", default=standing)


def _document_date(template: DocumentTemplate, record: CaseRecord) -> date:
    """Return the day of the decision that the document is about, or before it the day of the last act."""
    decided_on = record.value(f"{template.decided_at}.on")
    return decided_on if isinstance(decided_on, date) else record.case.last_on


def _import_notice(record: CaseRecord) -> Iterator[Paragraph]:
    """Yield a notice if the case was imported: its steps were not checked here when they were taken."""
    if record.case.imported_on is not None:
        yield Paragraph(f"{wording.IMPORTED} {long_date(record.case.imported_on)}.")


def _template_blocks(template: DocumentTemplate, record: CaseRecord) -> Iterator[_FactBlock]:
    """Yield the blocks of a template, the overrides that these do not show, and at the end the notes they cite."""
    cited_notes: list[Note] = []
    shown = [spec for spec in template.blocks if _is_shown(spec, record)]
    yield from _without_empty_sections([block for spec in shown for block in _spec_blocks(spec, record, cited_notes)])
    yield from _without_fact(build_other_overrides(shown, record))
    if cited_notes:
        yield from (("", Heading(wording.NOTES_HEADING)), ("", Notes(tuple(cited_notes))))


def _is_shown(spec: BlockSpec, record: CaseRecord) -> bool:
    """Whether a block is shown; one whose condition the record cannot decide is not, and corrections only if any."""
    if spec.corrections and not any(record.subjects(CORRECTION)):
        return False
    return not spec.when or record.holds(spec.when) is True


def _without_fact(blocks: Iterator[Block]) -> Iterator[_FactBlock]:
    return (("", block) for block in blocks)


def _spec_blocks(spec: BlockSpec, record: CaseRecord, cited_notes: list[Note]) -> Iterator[_FactBlock]:
    """Yield what a block of a template shows: its opening, then its text, then the rest."""
    yield from _without_fact(_opening_blocks(spec, record))
    if spec.text:
        yield from ((spec.text, block) for block in build_prose(spec, record, cited_notes))
    yield from _without_fact(_remaining_blocks(spec, record))


def _opening_blocks(spec: BlockSpec, record: CaseRecord) -> Iterator[Block]:
    """Yield what stands above the text of a block: a box, or a heading and below it a signature or fixed words."""
    if spec.boxed:
        yield from build_summary_box(spec, record)
        return
    if spec.heading:
        yield Heading(spec.heading, spec.level)
    if spec.signature:
        yield from build_signature(spec, record)
    else:
        yield from (Paragraph(words) for words in spec.words)


def _remaining_blocks(spec: BlockSpec, record: CaseRecord) -> Iterator[Block]:
    """Yield what stands below the text of a block; a signature holds its fields itself."""
    for key, build in BLOCK_BUILDERS.items():
        if getattr(spec, key) and not spec.signature:
            yield from build(spec, record)


def _without_empty_sections(fact_blocks: list[_FactBlock]) -> list[_FactBlock]:
    """Return the blocks without headings that nothing follows, and without fixed words that introduce nothing.

    A section is empty if nobody had to give anything in it. Words that end in a colon introduce what follows.
    """
    kept: list[_FactBlock] = []
    next_level = 1  # of the heading that follows; 0 if something else does
    for fact, block in reversed(fact_blocks):
        if isinstance(block, Heading):
            if next_level and next_level <= block.level:
                continue
            next_level = block.level
        elif isinstance(block, Paragraph) and not fact and block.text.endswith(":") and next_level:
            continue
        else:
            next_level = 0
        kept.append((fact, block))
    return kept[::-1]


def _editable_spans(facts: list[str], record: CaseRecord) -> Iterator[EditableSpan]:
    """Yield the spans of blocks that show the text of one fact, given the fact of each block."""
    for fact, run in groupby(enumerate(facts), key=itemgetter(1)):
        places = [place for place, _ in run]
        if fact and record.editable_address(fact):
            label, is_stated = record.scheme.fact_declaration(fact).label, record.value(fact) is not None
            yield EditableSpan(fact, label, places[0], places[-1] + 1, is_stated)
