"""Compare an edited document with its view, fact by fact, and the rest of it place by place.

- Every editable fact of the view must still be in the file; a text that was taken out is an error, not an empty text.
- A text that stands in several places may have been changed in one way only, and no field may be added.
- What differs elsewhere is never recorded, and always listed.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from decisions.documents.blocks.fields import Field, Fields
from decisions.documents.blocks.prose import Notes
from decisions.documents.blocks.registry import Block
from decisions.documents.blocks.signature import Signature
from decisions.documents.blocks.summary_box import SummaryBox
from decisions.documents.view import Document, EditableSpan
from decisions.output.word.fact_markers import FactMarker
from decisions.output.word.reader import FORM, EditedFile
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


@dataclass(frozen=True, slots=True)
class UnrecordedChange:
    """A text that was added to an edited file, or taken out of it, where nothing is read back."""

    place: str
    text: str
    is_added: bool

    @property
    def line(self) -> str:
        """The text as a line of a diff."""
        return f"{'+' if self.is_added else '-'} {self.text}"

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        return {"place": self.place, "change": "added" if self.is_added else "removed", "text": self.text}


def find_text_changes(view: Document, edited: EditedFile) -> tuple[FactTextChange, ...]:
    """Return the facts whose text in an edited file differs from the view, in the order of the view.

    Raises `InputError` if a text was taken out altogether, was changed in several ways, or stands too often, and if
    the file has a field that the form has not.
    """
    fact_texts = [*_passage_texts(view, edited), *_line_texts(view, edited)]
    if missing := [f"{text.label} ({text.fact})" for text in fact_texts if not text.versions]:
        advice = (
            "Put it back, by Undo or from a new form; or take the fact out, as in: assent case amend CASE --unset FACT"
        )
        raise InputError(f"no longer has the text of {', '.join(missing)}", advice)
    _refuse_other_fields(view, edited)
    changes = tuple(change for text in fact_texts if (change := text.find_change()))
    _refuse_copies(fact_texts)
    return changes


def _refuse_other_fields(view: Document, edited: EditedFile) -> None:
    others = edited.field_tags - field_labels(view).keys()
    if others:
        count = f"{len(others)} fields" if len(others) > 1 else "a field"
        raise InputError(
            f"has {count} of another form in it",
            "Delete what was pasted from the other form, and paste its words only; two forms need two files.",
        )


def _refuse_copies(fact_texts: list[_FactText]) -> None:
    copied = [text for text in fact_texts if text.has_other_copies]
    if len(copied) > 1:
        raise InputError(
            f"holds two forms in one file: {len(copied)} fields stand in it twice, with different texts",
            "Give each form a file of its own.",
        )
    if copied:
        [text] = copied
        raise InputError(
            f"has the text of {text.label} ({text.fact}) {len(text.versions)} times, and not always the same",
            "Keep the text that is meant, and delete the others.",
        )


def field_labels(view: Document) -> dict[str, str]:
    """Return the label of each field of a form by the tag and by the bookmark that mark it in a Word file."""
    labels: dict[str, str] = {}
    for fact, label, is_line in (
        *((span.fact, span.label, False) for span in view.editable),
        *((field.fact, field.label, True) for field in _fields_of(view)),
    ):
        marker = FactMarker(fact, is_line=is_line)
        labels.setdefault(marker.tag, label)
        labels.setdefault(marker.bookmark, label)
    return labels


def find_unrecorded_changes(unedited: EditedFile, edited: EditedFile) -> Iterator[UnrecordedChange]:
    """Yield what differs outside the texts of facts: the words of the form in order, then each other place."""
    for line in diff_lines(list(unedited.other_texts[FORM]), list(edited.other_texts[FORM])):
        yield UnrecordedChange(FORM, line[2:], line.startswith("+"))
    for place in sorted((unedited.other_texts.keys() | edited.other_texts.keys()) - {FORM}):
        before, after = _texts_at(unedited.other_texts, place), _texts_at(edited.other_texts, place)
        # Programs put the parts of a file into another order, so these have none.
        yield from (UnrecordedChange(place, text, is_added=False) for text in before if text not in after)
        yield from (UnrecordedChange(place, text, is_added=True) for text in after if text not in before)


def _texts_at(texts: Mapping[str, tuple[str, ...]], place: str) -> dict[str, None]:
    return dict.fromkeys(texts.get(place, ()))


@dataclass(frozen=True, slots=True)
class _FactText:
    """The text of one fact: as the document showed it, and each version that the file has of it.

    `stated` is false if the document showed only words that say that nothing is stated. `shown` is how often the
    document showed the text.
    """

    fact: str
    label: str
    original: str
    stated: bool
    versions: tuple[str, ...]
    shown: int

    @property
    def has_other_copies(self) -> bool:
        """Whether the text stands in the file more often than it was shown, and not always the same."""
        return len(self.versions) > self.shown and len(set(self.versions)) > 1

    def find_change(self) -> FactTextChange | None:
        """Return the change to the text, if any; raise `InputError` if there are several."""
        changed = list(dict.fromkeys(text for text in self.versions if text != self.original))
        if len(changed) > 1:
            raise InputError(
                f"has the text of {self.label} ({self.fact}) in several places, changed in several ways",
                "Keep the text that is meant, in each place or in one.",
            )
        return (
            FactTextChange(self.fact, self.label, self.original if self.stated else "", changed[0]) if changed else None
        )


def _passage_texts(view: Document, edited: EditedFile) -> Iterator[_FactText]:
    """Yield the facts that have paragraphs of their own."""
    notes = {note.number: note.text for block in view.blocks if isinstance(block, Notes) for note in block.items}
    shown = Counter(span.fact for span in view.editable)
    for span in view.editable:
        original = write_prose(_passages_of(view, span), notes)
        texts = (write_prose(passages, edited.notes) for passages in edited.passage_versions(span.fact))
        versions = _known_versions(original, texts, stated=span.stated)
        yield _FactText(span.fact, span.label, original, span.stated, versions, shown[span.fact])


def _passages_of(view: Document, span: EditableSpan) -> Iterator[Passage]:
    return (block for block in view.blocks[span.start : span.stop] if isinstance(block, (Paragraph, Listing, Table)))


def _line_texts(view: Document, edited: EditedFile) -> Iterator[_FactText]:
    """Yield the facts that stand as one line, each once, however often the document shows it."""
    shown = Counter(field.fact for field in _fields_of(view))
    for fact, field in {field.fact: field for field in _fields_of(view)}.items():
        original, stated = field.value or field.placeholder, bool(field.value)
        versions = _known_versions(original, edited.line_versions(fact), stated=stated)
        yield _FactText(fact, field.label, original, stated, versions, shown[fact])


def _fields_of(view: Document) -> Iterator[Field]:
    """Yield the facts that a document shows as one line each, as often as it shows them."""
    yield from (field for block in view.blocks for field in _one_line_fields(block) if field.fact)


def _one_line_fields(block: Block) -> Iterator[Field]:
    """Yield the facts that a block shows as one line each; a list item is labelled by its number."""
    if isinstance(block, (Fields, SummaryBox, Signature)):
        yield from block.items
    elif isinstance(block, Listing):
        for item in block.items:
            yield from (Field(each.label, each.text, fact=each.fact) for each in (item, *item.subitems))


def _known_versions(original: str, candidates: Iterable[str], *, stated: bool) -> tuple[str, ...]:
    """Return the texts that a file has of a fact, without empty ones."""
    # An emptied placeholder counts as unchanged, not as missing: the officer only removed "Not recorded".
    return tuple(filter(None, candidates)) or (() if stated else (original,))


def diff_lines(before: list[str], after: list[str]) -> Iterator[str]:
    """Yield the lines that differ: "- " and a removed line, "+ " and an added one."""
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind != "equal":
            yield from (f"- {line}" for line in before[start:end] if line)
            yield from (f"+ {line}" for line in after[new_start:new_end] if line)
