"""Compare an edited document with its view, fact by fact.

- Every editable fact of the view must still be in the file; a text that was taken out is an error, not an empty text.
- A text that stands in several places may have been changed in one way only.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from decisions.documents.blocks.fields import Field, Fields
from decisions.documents.blocks.prose import Notes
from decisions.documents.blocks.registry import Block
from decisions.documents.blocks.signature import Signature
from decisions.documents.blocks.summary_box import SummaryBox
from decisions.documents.view import Document, EditableSpan
from decisions.output.word.reader import EditedFile
from rules.errors import InputError
from rules.values.passages import Listing, Paragraph, Passage, Table
from rules.values.prose_writer import write_prose


@dataclass(frozen=True, slots=True)
class FactTextChange:
    """A fact whose text was edited: its label, and its plain text before and after.

    `before` is empty if the fact was not stated.
    """

    fact: str
    label: str
    before: str
    after: str

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        return {"fact": self.fact, "before": self.before, "after": self.after}

    def diff(self) -> Iterator[str]:
        """Yield the lines that were removed, each after "- ", and those that were added, each after "+ "."""
        return diff_lines(self.before.split("\n"), self.after.split("\n"))


def find_text_changes(view: Document, edited: EditedFile) -> tuple[FactTextChange, ...]:
    """Return the facts whose text in an edited file differs from the view, in the order of the view.

    Raises `InputError` if a text was taken out altogether, or was changed in several ways.
    """
    fact_texts = [*_passage_texts(view, edited), *_line_texts(view, edited)]
    if missing := [text.fact for text in fact_texts if not text.versions]:
        advice = "Put it back; or take the fact out, as in: assent case amend CASE --unset FACT"
        raise InputError(f"no longer has the text of {', '.join(missing)}", advice)
    return tuple(change for text in fact_texts if (change := text.find_change()))


@dataclass(frozen=True, slots=True)
class _FactText:
    """The text of one fact: as the document showed it, and each version that the file has of it.

    `stated` is false if the document showed only words that say that nothing is stated.
    """

    fact: str
    label: str
    original: str
    stated: bool
    versions: tuple[str, ...]

    def find_change(self) -> FactTextChange | None:
        """Return the change to the text, if any; raise `InputError` if there are several."""
        changed = list(dict.fromkeys(text for text in self.versions if text != self.original))
        if len(changed) > 1:
            raise InputError(f"has the text of {self.fact} in several places, changed in several ways")
        return (
            FactTextChange(self.fact, self.label, self.original if self.stated else "", changed[0]) if changed else None
        )


def _passage_texts(view: Document, edited: EditedFile) -> Iterator[_FactText]:
    """Yield the facts that have paragraphs of their own."""
    notes = {note.number: note.text for block in view.blocks if isinstance(block, Notes) for note in block.items}
    for span in view.editable:
        original = write_prose(_passages_of(view, span), notes)
        versions = (write_prose(passages, edited.notes) for passages in edited.passage_versions(span.fact))
        yield _build_fact_text(span.fact, span.label, original, versions, stated=span.stated)


def _passages_of(view: Document, span: EditableSpan) -> Iterator[Passage]:
    return (block for block in view.blocks[span.start : span.stop] if isinstance(block, (Paragraph, Listing, Table)))


def _line_texts(view: Document, edited: EditedFile) -> Iterator[_FactText]:
    """Yield the facts that stand as one line, each once, however often the document shows it."""
    fields = {field.fact: field for block in view.blocks for field in _one_line_fields(block) if field.fact}
    for fact, field in fields.items():
        original = field.value or field.placeholder
        yield _build_fact_text(fact, field.label, original, edited.line_versions(fact), stated=bool(field.value))


def _one_line_fields(block: Block) -> Iterator[Field]:
    """Yield the facts that a block shows as one line each; a list item is labelled by its number."""
    if isinstance(block, (Fields, SummaryBox, Signature)):
        yield from block.items
    elif isinstance(block, Listing):
        for item in block.items:
            yield from (Field(each.label, each.text, fact=each.fact) for each in (item, *item.subitems))


def _build_fact_text(fact: str, label: str, original: str, candidates: Iterable[str], *, stated: bool) -> _FactText:
    # An emptied placeholder counts as unchanged, not as missing: the officer only removed "Not recorded".
    versions = tuple(filter(None, candidates)) or (() if stated else (original,))
    return _FactText(fact, label, original, stated, versions)


def diff_lines(before: list[str], after: list[str]) -> Iterator[str]:
    """Yield the lines that differ: "- " and a removed line, "+ " and an added one."""
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind != "equal":
            yield from (f"- {line}" for line in before[start:end] if line)
            yield from (f"+ {line}" for line in after[new_start:new_end] if line)
