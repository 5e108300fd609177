"""A record and the form that a scheme declares, brought together as the view of one document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from decisions.errors import DocumentError
from decisions.prose import blocks
from decisions.publication import ExemptRecord, PublicRecord
from decisions.view import (
    Block,
    Boxed,
    Document,
    Field,
    Fields,
    Heading,
    Imprint,
    Paragraph,
    Recommendation,
    Recommendations,
    Signature,
    Statements,
)
from rules.scheme import BlockText, Form

PUBLIC_PART = 1
CONFIRMED = "Confirmed"
NOT_CONFIRMED = "Not yet confirmed"

Record = PublicRecord | ExemptRecord


def document(form: Form, record: Record) -> Document:
    """The view of a document; raises `DocumentError` where a Part 2 form is asked of a public record, or the reverse."""
    if (form.part == PUBLIC_PART) is not isinstance(record, PublicRecord):
        raise DocumentError(f"{form.kind} Part {form.part} cannot be made from this record: it is of the other part")
    case = record.case
    decided = record.value(f"{form.decided_at}.on")
    return Document(
        title=record.said(form.title) or case.id,
        kind=form.name,
        authority=record.scheme.text.name,
        subtitle=form.subtitle,
        marking=form.marking or record.said(form.marking_of) or "Marking not stated",
        reference=record.said(form.reference) or case.id,
        status=record.said(f"{form.decided_at}.outcome") or "Draft",
        dated=decided if isinstance(decided, date) else case.last_on,
        blocks=tuple(block for text in form.blocks if _shown(text, record) for block in _blocks(text, record)),
        imprint=Imprint(case.id, case.version, record.head, form.kind, form.part),
    )


def _shown(text: BlockText, record: Record) -> bool:
    return not text.when or record.value(text.when) is True


def _blocks(text: BlockText, record: Record) -> Iterator[Block]:
    """The blocks that one block of a form becomes, in the order of the keys in `BlockText`."""
    if text.boxed:
        yield Boxed(text.heading, _fields(text.boxed, record))
        return
    if text.heading:
        yield Heading(text.heading, text.level)
    if not text.signature:
        yield from (Paragraph(words) for words in text.words)
    for key, make in _MAKERS.items():
        if getattr(text, key):
            yield from make(text, record)


def _prose(text: BlockText, record: Record) -> Iterator[Block]:
    number = 0
    for block in blocks(record.said(text.text) or "Not stated."):
        if isinstance(block, Paragraph) and text.numbered:
            number += 1
            yield Paragraph(block.text, f"{text.numbered}.{number}.")
        else:
            yield block


def _labelled(text: BlockText, record: Record) -> Iterator[Block]:
    yield Fields(_fields(text.fields, record))


def _fields(labels: Mapping[str, str], record: Record, subject: str = "case") -> tuple[Field, ...]:
    # A field is one run of words, however its text was broken into lines in the paper.
    return tuple(Field(label, " ".join(record.said(fact, subject).split())) for fact, label in labels.items())


def _exemptions(text: BlockText, record: Record) -> Iterator[Block]:
    for subject in record.subjects("exemption"):
        yield Fields(_fields(text.exemptions, record, subject))


def _statements(text: BlockText, record: Record) -> Iterator[Block]:
    rows = tuple(_statement(words, fact, record) for fact, words in text.statements.items())
    yield Statements(text.caption, "Statement", "Confirmation", rows)


def _statement(words: str, fact: str, record: Record) -> Field:
    """A flag is confirmed or not; a choice is said out in full before it counts as confirmed."""
    value = record.value(fact)
    if isinstance(value, str):
        return Field(f"{words} {record.said(fact)}.", CONFIRMED)
    return Field(words, CONFIRMED if value is True else NOT_CONFIRMED)


def _signature(text: BlockText, record: Record) -> Iterator[Block]:
    stage, signed = text.signature, record.value(f"{text.signature}.on")
    if record.value(f"{stage}.outcome") != text.outcome or not isinstance(signed, date):
        yield Signature(text.capacity, text.words)
    else:
        yield Signature(text.capacity, text.words, record.said(f"{stage}.by"), signed)


def _recommendations(text: BlockText, record: Record) -> Iterator[Block]:
    """The recommendations to one body: those with a letter are parts of the one that has their number."""
    whole: dict[int, Recommendation] = {}
    parts: dict[int, list[Recommendation]] = {}
    for number, letter, subject in sorted(_places(text.recommendations, record)):
        verb, words = (record.said(f"recommendation.{fact}", subject) for fact in ("verb", "text"))
        item = Recommendation(f"{letter or number}.", verb, words)
        if letter:
            parts.setdefault(number, []).append(item)
        else:
            whole[number] = item
    items = []
    for number in sorted({*whole, *parts}):
        own = whole.get(number, Recommendation(f"{number}.", "", ""))
        items.append(Recommendation(own.label, own.verb, own.text, tuple(parts.get(number, ()))))
    if items:
        yield Recommendations(tuple(items))


def _places(body: str, record: Record) -> Iterator[tuple[int, str, str]]:
    for subject in record.subjects("recommendation"):
        if record.value("recommendation.body", subject) == body:
            number = record.value("recommendation.number", subject)
            letter = record.said("recommendation.letter", subject)
            yield (number if isinstance(number, int) else 0), letter, subject


_MAKERS: dict[str, Callable[[BlockText, Record], Iterator[Block]]] = {
    "text": _prose,
    "recommendations": _recommendations,
    "fields": _labelled,
    "exemptions": _exemptions,
    "statements": _statements,
    "signature": _signature,
}
