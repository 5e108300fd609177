"""Classify the paragraphs of a Word file by their styles and numbering: clauses, list items or plain paragraphs.

Word stores how a list is numbered, not the numbers: these are counted here as Word counts them, so that an item keeps
the number that its author saw.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from decisions.output.word.package import Element, W
from decisions.output.word.reading.style_sheet import StyleSheet, child_value

_CLAUSE_STYLE = "clause"
_LIST_STYLE_LEVELS = {"list cited": 0, "list cited 2": 1}
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ROMAN_NUMERALS = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_MAX_DIGITS = 4
_LEVEL_DIGITS = tuple("012345678")


class ParagraphKind(NamedTuple):
    """The kind of a paragraph: "plain", "clause", "item" or "labelled"; items have level 0 or 1.

    An "item" has the label that Word counts, or none for a bullet; the label of a "labelled" one stands in its text.
    """

    kind: str
    level: int = 0
    label: str = ""


class _ListLevel(NamedTuple):
    """The numbering of one level of a list: the format of the number, a pattern such as "(%1)" round it, its start.

    Lists with the same `definition` are counted together, unless one `restarts`.
    """

    number_format: str
    pattern: str
    start: int
    definition: str
    restarts: bool


@dataclass
class ParagraphClassifier:
    """The styles and lists of a Word file, and how far the numbers of each list have been counted."""

    styles: StyleSheet
    list_levels: Mapping[tuple[str, int], _ListLevel]
    counts: dict[tuple[str, int], int] = field(default_factory=dict)
    restarted: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def from_parts(cls, styles: StyleSheet, numbering: Element | None) -> ParagraphClassifier:
        """Return the classifier for a file with some styles and lists, if it has any lists."""
        return cls(styles, {} if numbering is None else dict(_read_levels(numbering, styles)))

    def classify(self, paragraph: Element) -> ParagraphKind:
        """Return the kind of a paragraph. Call it for each paragraph in order, since it counts list numbers."""
        lineage = list(self.styles.ancestry(self.styles.paragraph_style(paragraph)))
        names = [child_value(self.styles.styles[style], "name").lower() for style in lineage]
        if _CLAUSE_STYLE in names:
            return ParagraphKind(_CLAUSE_STYLE)
        number = _list_number(paragraph) or self._inherited_number(lineage)
        if number is not None and number in self.list_levels:
            return self._classify_item(*number)
        levels = [_LIST_STYLE_LEVELS[name] for name in names if name in _LIST_STYLE_LEVELS]
        return ParagraphKind("labelled", levels[0]) if levels else ParagraphKind("plain")

    def _inherited_number(self, lineage: list[str]) -> tuple[str, int] | None:
        """Return the list and level that number a style, or the nearest style that it is based on."""
        numbers = (_list_number(self.styles.styles[style]) for style in lineage)
        return next((number for number in numbers if number), None)

    def _classify_item(self, number: str, level: int) -> ParagraphKind:
        list_level = self.list_levels[number, level]
        if list_level.number_format in ("bullet", "none"):
            return ParagraphKind("item", min(level, 1))
        definition = list_level.definition
        if list_level.restarts and (number, level) not in self.restarted:
            self.restarted.add((number, level))
            self.counts.pop((definition, level), None)
        self.counts[definition, level] = self.counts.get((definition, level), list_level.start - 1) + 1
        for deeper in [key for key in self.counts if key[0] == definition and key[1] > level]:
            del self.counts[deeper]
        return ParagraphKind("item", min(level, 1), self._format_label(number, level))

    def _format_label(self, number: str, level: int) -> str:
        """Return the label that Word shows, with an end by which plain text takes it for a label: "A)" for "A."."""
        definition = self.list_levels[number, level].definition

        def format_level(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            shown = self.list_levels.get((number, place))
            count = self.counts.get((definition, place), shown.start if shown else 1)
            return format_count(count, shown.number_format if shown else "decimal")

        shown = re.sub(r"%([1-9])", format_level, self.list_levels[number, level].pattern).strip()
        if shown.rstrip(".").isupper() and not shown.endswith(")"):
            return f"{shown.rstrip('.')})"
        return shown if shown.endswith((".", ")")) else f"{shown}."


def format_count(count: int, number_format: str) -> str:
    """Return a count as Word and browsers show it: after z come aa, bb and so on."""
    if number_format.endswith("Letter") and count > 0:
        label = _LETTERS[(count - 1) % len(_LETTERS)] * ((count - 1) // len(_LETTERS) + 1)
    elif number_format.endswith("Roman") and count > 0:
        label = _format_roman(count)
    else:
        return f"{count:02}" if number_format == "decimalZero" else str(count)
    return label.upper() if number_format.startswith("upper") else label


def _format_roman(count: int) -> str:
    numeral = ""
    for value, letters in _ROMAN_NUMERALS:
        numeral += letters * (count // value)
        count %= value
    return numeral


def _list_number(element: Element) -> tuple[str, int] | None:
    """Return the list and level that number a paragraph or style, if any; list "0" means not numbered."""
    number = element.find(f"{W}pPr/{W}numPr")
    if number is None or not child_value(number, "numId"):
        return None
    return child_value(number, "numId"), _parse_level(child_value(number, "ilvl"))


def _parse_level(level: str) -> int:
    """Return a list level as a number; 0 if a damaged file has none."""
    return int(level) if level in _LEVEL_DIGITS else 0


def _read_levels(root: Element, styles: StyleSheet) -> Iterator[tuple[tuple[str, int], _ListLevel]]:
    """Yield how each level of each list is numbered."""
    definitions = {element.get(f"{W}abstractNumId", ""): element for element in root.findall(f"{W}abstractNum")}
    lists = {element.get(f"{W}numId", ""): element for element in root.findall(f"{W}num")}
    for number, element in lists.items():
        name = _definition_of(element, definitions, lists, styles)
        overrides = {each.get(f"{W}ilvl", ""): each for each in element.findall(f"{W}lvlOverride")}
        for level in definitions[name].findall(f"{W}lvl") if name in definitions else []:
            override = overrides.get(level.get(f"{W}ilvl", ""))
            own = None if override is None else override.find(f"{W}lvl")
            start = child_value(override, "startOverride")
            shown = level if own is None else own
            key = number, _parse_level(str(level.get(f"{W}ilvl", "")))
            yield (
                key,
                _ListLevel(
                    child_value(shown, "numFmt"),
                    child_value(shown, "lvlText"),
                    _parse_start(start or child_value(shown, "start")),
                    name,
                    bool(start),
                ),
            )


def _definition_of(
    element: Element, definitions: Mapping[str, Element], lists: Mapping[str, Element], styles: StyleSheet
) -> str:
    """Return the definition of a list; one that names a style has the definition of the style's list."""
    name = child_value(element, "abstractNumId")
    linked = child_value(definitions.get(name), "numStyleLink")
    number = _list_number(styles.styles[linked]) if linked in styles.styles else None
    return child_value(lists.get(number[0]), "abstractNumId") if number else name


def _parse_start(start: str) -> int:
    """Return the number with which a list begins; 1 if a file gives none that a list can have."""
    return int(start) if start.isascii() and start.isdigit() and len(start) <= _MAX_DIGITS else 1
