"""What the paragraphs of a Word file are by their styles and numbers: clauses, items of lists, or plain ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from decisions.output.word.package import NUMBERING, STYLES, Element, W, parse_part

_CLAUSE_STYLE = "clause"
_LIST_STYLE_LEVELS = {"list cited": 0, "list cited 2": 1}
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ROMAN_NUMERALS = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_LEVEL_DIGITS = tuple("012345678")
_MAX_STYLE_DEPTH = 20
"""How far one style may rest on others before it is taken to rest on itself."""


class ParagraphKind(NamedTuple):
    """What a paragraph is: "plain", "clause", "item" (with the label that Word counts, or none) or "labelled".

    The label of one that is labelled stands in its text. Items are of level 0 or 1.
    """

    kind: str
    level: int = 0
    label: str = ""


class _ListLevel(NamedTuple):
    """How one level of a list is numbered."""

    number_format: str
    pattern: str


@dataclass
class ParagraphClassifier:
    """The styles and lists of a Word file, and how far the numbers of each list have been counted."""

    style_names: Mapping[str, str]
    parent_styles: Mapping[str, str]
    style_numbers: Mapping[str, tuple[str, int]]
    list_levels: Mapping[tuple[str, int], _ListLevel]
    counts: dict[tuple[str, int], int] = field(default_factory=dict)

    @classmethod
    def from_parts(cls, parts: Mapping[str, bytes]) -> ParagraphClassifier:
        """Those of a file, by its parts."""
        styles = parse_part(parts[STYLES]).findall(f"{W}style") if STYLES in parts else []
        named = {style.get(f"{W}styleId", ""): style for style in styles}
        return cls(
            {key: _child_value(style, "name").lower() for key, style in named.items()},
            {key: _child_value(style, "basedOn") for key, style in named.items()},
            {key: found for key, style in named.items() if (found := _list_number(style))},
            dict(_read_levels(parts)),
        )

    def classify(self, paragraph: Element) -> ParagraphKind:
        """What a paragraph is. Paragraphs are to be asked about in their order, as Word counts them."""
        lineage = list(self._style_ancestry(_child_value(paragraph.find(f"{W}pPr"), "pStyle")))
        names = [self.style_names.get(style, "") for style in lineage]
        if _CLAUSE_STYLE in names:
            return ParagraphKind(_CLAUSE_STYLE)
        number = _list_number(paragraph) or self._inherited_number(lineage)
        if number is not None and number in self.list_levels:
            return self._classify_item(*number)
        levels = [_LIST_STYLE_LEVELS[name] for name in names if name in _LIST_STYLE_LEVELS]
        return ParagraphKind("labelled", levels[0]) if levels else ParagraphKind("plain")

    def _inherited_number(self, lineage: list[str]) -> tuple[str, int] | None:
        """The list and level by which a style, or the next one that it rests on, is numbered."""
        return next((self.style_numbers[style] for style in lineage if style in self.style_numbers), None)

    def _style_ancestry(self, style: str) -> Iterator[str]:
        """A style and those that it rests on."""
        for _ in range(_MAX_STYLE_DEPTH):
            if not style:
                return
            yield style
            style = self.parent_styles.get(style, "")

    def _classify_item(self, number: str, level: int) -> ParagraphKind:
        form = self.list_levels[number, level].number_format
        if form in ("bullet", "none"):
            return ParagraphKind("item", min(level, 1))
        self.counts[number, level] = self.counts.get((number, level), 0) + 1
        for deeper in [key for key in self.counts if key[0] == number and key[1] > level]:
            del self.counts[deeper]
        return ParagraphKind("item", min(level, 1), self._format_label(number, level))

    def _format_label(self, number: str, level: int) -> str:
        """The label that Word shows, in such a form as a plain text can have."""

        def format_level(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            form = self.list_levels[number, at].number_format if (number, at) in self.list_levels else "decimal"
            return _format_count(self.counts.get((number, at), 1), form)

        shown = re.sub(r"%([1-9])", format_level, self.list_levels[number, level].pattern).strip()
        return shown if shown.endswith((".", ")")) else f"{shown}."


def _format_count(count: int, number_format: str) -> str:
    if number_format.endswith("Letter"):
        return _LETTERS[(count - 1) % len(_LETTERS)]
    if number_format.endswith("Roman"):
        return _format_roman(count)
    return str(count)


def _format_roman(count: int) -> str:
    said = ""
    for value, letters in _ROMAN_NUMERALS:
        said += letters * (count // value)
        count %= value
    return said


def _child_value(element: Element, name: str) -> str:
    """What a child of an element says, or nothing."""
    child = None if element is None else element.find(f"{W}{name}")
    return "" if child is None else str(child.get(f"{W}val", ""))


def _list_number(element: Element) -> tuple[str, int] | None:
    """The list and level by which a paragraph or style is numbered, if any; list 0 takes a number away."""
    number = element.find(f"{W}pPr/{W}numPr")
    if number is None or not _child_value(number, "numId"):
        return None
    return _child_value(number, "numId"), _parse_level(_child_value(number, "ilvl"))


def _parse_level(level: str) -> int:
    """Which level of a list is meant; of a damaged file, the first."""
    return int(level) if level in _LEVEL_DIGITS else 0


def _read_levels(parts: Mapping[str, bytes]) -> Iterator[tuple[tuple[str, int], _ListLevel]]:
    """How each level of each list is numbered."""
    if NUMBERING not in parts:
        return
    root = parse_part(parts[NUMBERING])
    kinds = {kind.get(f"{W}abstractNumId"): kind for kind in root.findall(f"{W}abstractNum")}
    for number in root.findall(f"{W}num"):
        kind = kinds.get(_child_value(number, "abstractNumId"))
        for level in [] if kind is None else kind.findall(f"{W}lvl"):
            key = str(number.get(f"{W}numId", "")), _parse_level(str(level.get(f"{W}ilvl", "")))
            yield key, _ListLevel(_child_value(level, "numFmt"), _child_value(level, "lvlText"))
