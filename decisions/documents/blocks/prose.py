"""An author's text as paragraphs, lists and tables, and the notes that it cites: the key `text`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from decisions.documents import wording
from decisions.documents.record_views import CaseRecord
from rules.packs.document_schema import BlockSpec
from rules.values.passages import Note, Paragraph, Passage
from rules.values.prose_parser import parse_prose


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes of a document, in the order in which they are first cited."""

    items: tuple[Note, ...]


def build_prose(spec: BlockSpec, record: CaseRecord, cited_notes: list[Note]) -> Iterator[Passage]:
    """Build the passages of a text, and append the notes that it cites to those of the document so far.

    Paragraphs are numbered if the block has a section number: "1.1.", "1.2." and so on. A text that nobody had to give
    has no passages; but a numbered section always has one, since readers would miss its number.
    """
    count = 0
    text = record.format_fact(spec.text)
    if not text and record.is_withheld(spec.text):
        text = f"{record.scheme.declaration.withheld_as}."
    elif not text and record.is_awaited(spec.text):
        text = f"{spec.unstated}."
    elif not text and spec.numbered:
        text = wording.NOTHING_STATED
    passages, notes = parse_prose(text, len(cited_notes))
    cited_notes += notes
    for passage in passages:
        if isinstance(passage, Paragraph) and spec.numbered:
            count += 1
            yield replace(passage, number=f"{spec.numbered}.{count}.")
        else:
            yield passage
