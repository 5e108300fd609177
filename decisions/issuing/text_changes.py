"""What an edited document says otherwise than the record does, fact by fact."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from decisions.documents.view import Block, Document, EditableSpan, Field, Fields, Notes, Signature, SummaryBox
from decisions.output.word.reader import EditedFile
from rules.errors import InputError
from rules.values.passages import Listing, Paragraph, Passage, Table
from rules.values.prose_writer import write_prose


@dataclass(frozen=True, slots=True)
class FactTextChange:
    """One fact whose text was edited: what it is called, and its plain text before (none: not stated) and after."""

    fact: str
    label: str
    before: str
    after: str

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read."""
        return {"fact": self.fact, "before": self.before, "after": self.after}

    def diff(self) -> Iterator[str]:
        """The lines that were taken out, each after "- ", and those that were put in, each after "+ "."""
        return diff_lines(self.before.split("\n"), self.after.split("\n"))


def find_text_changes(view: Document, edited: EditedFile) -> tuple[FactTextChange, ...]:
    """The facts whose text in an edited file differs from that in the view of the same document, in its order.

    Raises `InputError` where a text was taken out altogether, or stands there in several versions.
    """
    told = [*_passage_texts(view, edited), *_line_texts(view, edited)]
    if gone := [text.fact for text in told if not text.versions]:
        advice = "Put it back; or take the fact out, as in: assent case amend CASE --unset FACT"
        raise InputError(f"no longer has the text of {', '.join(gone)}", advice)
    return tuple(change for text in told if (change := text.find_change()))


@dataclass(frozen=True, slots=True)
class _FactText:
    """The text of one fact: as the document showed it, and as the file has it; `stated` where the record has it."""

    fact: str
    label: str
    original: str
    stated: bool
    versions: tuple[str, ...]

    def find_change(self) -> FactTextChange | None:
        """How the text was changed, if it was; raises `InputError` where it was in two ways."""
        changed = list(dict.fromkeys(text for text in self.versions if text != self.original))
        if len(changed) > 1:
            raise InputError(f"has the text of {self.fact} in several places, changed in several ways")
        return (
            FactTextChange(self.fact, self.label, self.original if self.stated else "", changed[0]) if changed else None
        )


def _passage_texts(view: Document, edited: EditedFile) -> Iterator[_FactText]:
    notes = {note.number: note.text for block in view.blocks if isinstance(block, Notes) for note in block.items}
    for each in view.editable:
        found = (write_prose(passages, edited.notes) for passages in edited.passage_versions(each.fact))
        yield _build_fact_text(
            each.fact, each.label, write_prose(_original_passages(view, each), notes), found, stated=each.stated
        )


def _original_passages(view: Document, span: EditableSpan) -> Iterator[Passage]:
    return (block for block in view.blocks[span.start : span.stop] if isinstance(block, (Paragraph, Listing, Table)))


def _line_texts(view: Document, edited: EditedFile) -> Iterator[_FactText]:
    found = {line.fact: line for block in view.blocks for line in _one_line_fields(block) if line.fact}
    for fact, line in found.items():
        yield _build_fact_text(
            fact, line.label, line.value or line.placeholder, edited.line_versions(fact), stated=bool(line.value)
        )


def _one_line_fields(block: Block) -> Iterator[Field]:
    """The facts of one line each that a block shows, as fields: those of a list by the labels of its items."""
    if isinstance(block, (Fields, SummaryBox, Signature)):
        yield from block.items
    elif isinstance(block, Listing):
        for item in block.items:
            yield from (Field(each.label, each.text, fact=each.fact) for each in (item, *item.subitems))


def _build_fact_text(fact: str, label: str, original: str, candidates: Iterable[str], *, stated: bool) -> _FactText:
    """The text of a fact; where none was stated, an empty text counts as unchanged, as the words that say so do."""
    versions = tuple(filter(None, candidates)) or (() if stated else (original,))
    return _FactText(fact, label, original, stated, versions)


def diff_lines(before: list[str], after: list[str]) -> Iterator[str]:
    """The lines that differ, as "- " with one that was taken out and "+ " with one that was put in."""
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, now, then in matcher.get_opcodes():
        if kind != "equal":
            yield from (f"- {line}" for line in before[start:end] if line)
            yield from (f"+ {line}" for line in after[now:then] if line)
