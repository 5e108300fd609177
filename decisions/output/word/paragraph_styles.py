"""What the paragraphs of a Word file are by their styles and numbers: clauses, items of lists, or plain ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from decisions.output.word.package import NUMBERING, STYLES, Element, W, parsed

_CLAUSE = "clause"
_LISTS = {"list cited": 0, "list cited 2": 1}
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_PLACES = tuple("012345678")
_DEEPEST = 20
"""How far one style may rest on others before it is taken to rest on itself."""


class Shape(NamedTuple):
    """What a paragraph is: "plain", "clause", "item" (with the label that Word counts, or none) or "labelled".

    The label of one that is labelled stands in its text. Items are of level 0 or 1.
    """

    kind: str
    level: int = 0
    label: str = ""


class _Level(NamedTuple):
    """How one level of a list is numbered."""

    form: str
    pattern: str


@dataclass
class Shapes:
    """The styles and lists of a Word file, and how far the numbers of each list have been counted."""

    names: Mapping[str, str]
    parents: Mapping[str, str]
    numbered: Mapping[str, tuple[str, int]]
    levels: Mapping[tuple[str, int], _Level]
    counted: dict[tuple[str, int], int] = field(default_factory=dict)

    @classmethod
    def of(cls, parts: Mapping[str, bytes]) -> Shapes:
        """Those of a file, by its parts."""
        styles = parsed(parts[STYLES]).findall(f"{W}style") if STYLES in parts else []
        named = {style.get(f"{W}styleId", ""): style for style in styles}
        return cls(
            {key: _value(style, "name").lower() for key, style in named.items()},
            {key: _value(style, "basedOn") for key, style in named.items()},
            {key: found for key, style in named.items() if (found := _number_of(style))},
            dict(_levels(parts)),
        )

    def shape(self, paragraph: Element) -> Shape:
        """What a paragraph is. Paragraphs are to be asked about in their order, as Word counts them."""
        lineage = list(self._lineage(_value(paragraph.find(f"{W}pPr"), "pStyle")))
        names = [self.names.get(style, "") for style in lineage]
        if _CLAUSE in names:
            return Shape(_CLAUSE)
        number = _number_of(paragraph) or self._inherited(lineage)
        if number is not None and number in self.levels:
            return self._item(*number)
        levels = [_LISTS[name] for name in names if name in _LISTS]
        return Shape("labelled", levels[0]) if levels else Shape("plain")

    def _inherited(self, lineage: list[str]) -> tuple[str, int] | None:
        """The list and level by which a style, or the next one that it rests on, is numbered."""
        return next((self.numbered[style] for style in lineage if style in self.numbered), None)

    def _lineage(self, style: str) -> Iterator[str]:
        """A style and those that it rests on."""
        for _ in range(_DEEPEST):
            if not style:
                return
            yield style
            style = self.parents.get(style, "")

    def _item(self, number: str, level: int) -> Shape:
        form = self.levels[number, level].form
        if form in ("bullet", "none"):
            return Shape("item", min(level, 1))
        self.counted[number, level] = self.counted.get((number, level), 0) + 1
        for deeper in [key for key in self.counted if key[0] == number and key[1] > level]:
            del self.counted[deeper]
        return Shape("item", min(level, 1), self._label(number, level))

    def _label(self, number: str, level: int) -> str:
        """The label that Word shows, in such a form as a plain text can have."""

        def count(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            form = self.levels[number, at].form if (number, at) in self.levels else "decimal"
            return _written(self.counted.get((number, at), 1), form)

        shown = re.sub(r"%([1-9])", count, self.levels[number, level].pattern).strip()
        return shown if shown.endswith((".", ")")) else f"{shown}."


def _written(count: int, form: str) -> str:
    if form.endswith("Letter"):
        return _LETTERS[(count - 1) % len(_LETTERS)]
    if form.endswith("Roman"):
        return _roman(count)
    return str(count)


def _roman(count: int) -> str:
    said = ""
    for value, letters in _ROMAN:
        said += letters * (count // value)
        count %= value
    return said


def _value(element: Element, name: str) -> str:
    """What a child of an element says, or nothing."""
    child = None if element is None else element.find(f"{W}{name}")
    return "" if child is None else str(child.get(f"{W}val", ""))


def _number_of(element: Element) -> tuple[str, int] | None:
    """The list and level by which a paragraph or style is numbered, if any; list 0 takes a number away."""
    number = element.find(f"{W}pPr/{W}numPr")
    if number is None or not _value(number, "numId"):
        return None
    return _value(number, "numId"), _place(_value(number, "ilvl"))


def _place(level: str) -> int:
    """Which level of a list is meant; of a damaged file, the first."""
    return int(level) if level in _PLACES else 0


def _levels(parts: Mapping[str, bytes]) -> Iterator[tuple[tuple[str, int], _Level]]:
    """How each level of each list is numbered."""
    if NUMBERING not in parts:
        return
    root = parsed(parts[NUMBERING])
    kinds = {kind.get(f"{W}abstractNumId"): kind for kind in root.findall(f"{W}abstractNum")}
    for number in root.findall(f"{W}num"):
        kind = kinds.get(_value(number, "abstractNumId"))
        for level in [] if kind is None else kind.findall(f"{W}lvl"):
            key = str(number.get(f"{W}numId", "")), _place(str(level.get(f"{W}ilvl", "")))
            yield key, _Level(_value(level, "numFmt"), _value(level, "lvlText"))
