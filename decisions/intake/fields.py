"""Find what stands after the labels of a form: its reference, title, days, answers, and who decided.

Invariants:
- An empty line after a label is an answer that the form left empty: nothing is proposed for it.
- A value is certain if its label was found letter by letter and its fact can have it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from decisions.intake.figures import parse_form_day
from decisions.intake.outline import Outline, Section
from decisions.intake.proposal import FormChoice, ProposalBuilder
from decisions.intake.references import find_misread_reference, find_references
from decisions.intake.source_text import Block, Problem, quote_words
from decisions.intake.wording import Found, find_first, match_heading, starts_with
from rules.errors import InputError
from rules.packs.form_reading import DecidedBy, FormReading

TITLE = "title"
MISREAD_LABEL = "the label before it may be misread"
_MAX_VALUE = 300
"""The most characters of a value after a label; longer words are a paragraph."""
_SIGNS = " \t:;?.–—-|"
_AFTER_LABEL = re.compile(r"\s*(?:[:?]|[–—-]\s|$)")
_HEAD_BLOCKS = 60
"""How far from the start of a file its own reference is looked for."""


class _Value(NamedTuple):
    """The words after a label, the block in which they stand, and whether the label is exact."""

    text: str
    block: Block
    is_exact: bool


class _Label(NamedTuple):
    """A label in each way that a form writes it, and the headings below which it counts."""

    labels: tuple[str, ...]
    under: tuple[str, ...]


class FieldReader:
    """Reads the labelled lines of one file."""

    def __init__(self, outline: Outline, choice: FormChoice, builder: ProposalBuilder) -> None:
        self._outline, self._choice, self._builder = outline, choice, builder
        self._reading: FormReading = choice.reading
        self._labels = _all_labels(self._reading)

    def read(self) -> None:
        """Propose every labelled fact, the reference, the title and who decided."""
        self._read_reference()
        self._read_title()
        for fact, labelled in self._reading.facts.items():
            if fact == self._reading.reference:
                continue
            check = "it was written by hand" if labelled.check else ""
            for value in self._find_values(labelled.labels, labelled.under):
                self._state(fact, value, check)
                break
        if self._reading.decided_by:
            self._read_decider(self._reading.decided_by)

    def _state(self, fact: str, value: _Value, check: str) -> None:
        check = check or ("" if value.is_exact else MISREAD_LABEL)
        declared = self._builder.scheme.rulebook.facts[fact]
        if declared.kind != "day":
            self._builder.state(fact, value.text, value.block.place, value.block.text, check)
            return
        try:
            day, reason = parse_form_day(value.text, self._choice.declaration.in_force)
        except InputError as error:
            words = quote_words(value.block.text)
            self._builder.problems.append(Problem(value.block.place, f"{fact}: {error.message}", words))
        else:
            self._builder.propose(fact, day, value.block.place, value.block.text, check or reason)

    def _find_values(self, labels: tuple[str, ...], under: tuple[str, ...] = ()) -> Iterator[_Value]:
        """Yield the words after a label, wherever it begins a block."""
        for section in self._outline.sections:
            if not section.is_under(under):
                continue
            for index, block in enumerate(section.blocks):
                found = starts_with(block.text, labels)
                if found is None or not self._is_label(block.text, found, is_scoped=bool(under)):
                    continue
                rest = block.text[found.end :].strip(_SIGNS)
                if not rest and index + 1 < len(section.blocks):
                    block = section.blocks[index + 1]  # noqa: PLW2901  # the value stands on the next line
                    rest = "" if self._is_labelled(block.text, section) or block.text.endswith(":") else block.text
                if rest and len(rest) <= _MAX_VALUE:
                    yield _Value(rest, block, found.is_exact)

    def _is_label(self, text: str, found: Found, *, is_scoped: bool) -> bool:
        """Whether words at the start of a block are a label: a sign or nothing follows, or few words in their place."""
        return bool(_AFTER_LABEL.match(text, found.end)) or (is_scoped and len(text) - found.end <= _MAX_VALUE)

    def _is_labelled(self, text: str, section: Section) -> bool:
        """Whether a block begins with a label of the form that counts in its section."""
        for labels, under in self._labels:
            found = starts_with(text, labels) if section.is_under(under) else None
            if found and self._is_label(text, found, is_scoped=bool(under)):
                return True
        return False

    def _read_reference(self) -> None:
        fact, labelled = self._reading.reference, self._reading.facts.get(self._reading.reference)
        values = list(self._find_values(labelled.labels, labelled.under)) if labelled else []
        head = [block for _, block in self._outline.blocks()][:_HEAD_BLOCKS]
        titles = [block for block in head if block.level == 1][:1] or head[:1]
        stated = False
        for value in values[:1]:
            stated = self._state_reference(fact, value.block, "" if value.is_exact else MISREAD_LABEL)
            if not stated:
                reason = f"{fact}: this is no reference as the form writes it"
                self._builder.problems.append(Problem(value.block.place, reason, quote_words(value.block.text)))
        for block in titles:
            stated = self._state_reference(fact, block, "") or stated
        if not stated:
            self._read_unlabelled_reference(fact)

    def _state_reference(self, fact: str, block: Block, check: str) -> bool:
        """Propose the first reference in a block; return whether there is one."""
        if reference := next(find_references(block.text, self._choice.references), None):
            self._builder.state(fact, reference.written, block.place, block.text, check)
            self._builder.state_all(reference.shows, block.place, block.text, check)
            return True
        if misread := find_misread_reference(block.text, self._choice.references):
            reason = f"{fact}: {misread} has a letter where a figure should stand, as a scan can misread one: type it"
            self._builder.problems.append(Problem(block.place, reason, quote_words(block.text)))
        return False

    def _read_unlabelled_reference(self, fact: str) -> None:
        """Propose the first reference before the first heading; others beside it are for a person to tell apart."""
        found = [
            (reference.written, block)
            for block in self._outline.head.blocks[:_HEAD_BLOCKS]
            for reference in find_references(block.text, self._choice.references)
        ]
        if found:
            others = {written for written, _ in found} - {found[0][0]}
            check = f"the file also names {', '.join(sorted(others)[:3])}" if others else ""
            self._state_reference(fact, found[0][1], check)
            return
        for block in self._outline.head.blocks[:_HEAD_BLOCKS]:
            if find_misread_reference(block.text, self._choice.references):
                self._state_reference(fact, block, "")
                return

    def _read_title(self) -> None:
        labels = self._reading.title_labels
        for value in self._find_values(labels) if labels else ():
            self._state(TITLE, value, "")
            return
        head = [block for block in self._outline.head.blocks if not self._is_labelled(block.text, self._outline.head)]
        heading = next((block for block in head if block.level == 1), None)
        block = heading or next(iter(head), None)
        if block is None or len(block.text) > _MAX_VALUE:
            return
        check = "" if heading else "it is the first line, and not marked as a title"
        words = self._drop_reference(block.text)
        if words:
            self._builder.state(TITLE, words, block.place, block.text, check)

    def _drop_reference(self, text: str) -> str:
        """Return a title without the reference that it begins with."""
        for reference in find_references(text, self._choice.references):
            if not text[: reference.start].strip(_SIGNS):
                return text[reference.end :].strip(_SIGNS)
        return text

    def _read_decider(self, decided_by: DecidedBy) -> None:
        for value in self._find_values(decided_by.labels):
            check = "" if value.is_exact else MISREAD_LABEL
            place, words = value.block.place, value.block.text
            name, _, post = value.text.partition(",")
            self._builder.state(decided_by.name, _drop_words(name, decided_by.drops), place, words, check)
            self._builder.state_all(decided_by.shows, place, words, check)
            self._read_post(decided_by, _drop_words(post, decided_by.drops).strip(_SIGNS), value)
            return

    def _read_post(self, decided_by: DecidedBy, post: str, value: _Value) -> None:
        place, words = value.block.place, value.block.text
        for code, posts in decided_by.posts.items():
            if post and match_heading(post, posts):
                self._builder.propose(decided_by.post, code, place, words, "")
                return
        for code, posts in decided_by.posts.items():
            if post and find_first(post, posts):
                self._builder.propose(decided_by.post, code, place, words, "the post is a longer one")
                return
        reason = f"{decided_by.post}: no post of the form is named"
        self._builder.problems.append(Problem(place, reason, quote_words(words)))


def _drop_words(text: str, drops: tuple[str, ...]) -> str:
    """Return a name without words that were added to it later."""
    while found := find_first(text, drops):
        text = f"{text[: found.start]} {text[found.end :]}"
    return " ".join(text.split()).strip(" ()")


def _all_labels(reading: FormReading) -> tuple[_Label, ...]:
    """Return the labels of a form, each with the headings below which it counts."""
    labels = [_Label(each.labels, each.under) for each in reading.facts.values()]
    labels += [_Label(reading.title_labels, ())]
    labels += [_Label(reading.decided_by.labels, ())] if reading.decided_by else []
    return tuple(labels)
