"""Colours of a Word file: named ones, those of its theme, and how far two of them differ."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from decisions.output.word.package import Element, W

_HEX = re.compile(r"[0-9A-Fa-f]{6}")
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WORD_2010 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_MIN_CONTRAST = 1.3
"""The least contrast, as WCAG measures it, at which words can be read at all; light grey on white has 1.4."""
_HIGHLIGHTS = {
    "black": "000000", "blue": "0000FF", "cyan": "00FFFF", "green": "00FF00", "magenta": "FF00FF", "red": "FF0000",
    "yellow": "FFFF00", "white": "FFFFFF", "darkBlue": "000080", "darkCyan": "008080", "darkGreen": "008000",
    "darkMagenta": "800080", "darkRed": "800000", "darkYellow": "808000", "darkGray": "808080", "lightGray": "C0C0C0",
}  # fmt: skip
_THEME_SLOTS = {
    "dark1": "dk1", "light1": "lt1", "dark2": "dk2", "light2": "lt2", "text1": "dk1", "background1": "lt1",
    "text2": "dk2", "background2": "lt2", "hyperlink": "hlink", "followedHyperlink": "folHlink",
    "tx1": "dk1", "bg1": "lt1", "tx2": "dk2", "bg2": "lt2",
}  # fmt: skip
_MAPPED_SLOTS = {
    "text1": "t1", "background1": "bg1", "text2": "t2", "background2": "bg2",
    "tx1": "t1", "bg1": "bg1", "tx2": "t2", "bg2": "bg2",
}  # fmt: skip
"""The names of theme colours that the settings of a file can map to others, and the attributes that do so."""


class Colour(NamedTuple):
    """A colour as red, green and blue, each from 0 to 255."""

    red: int
    green: int
    blue: int

    def mixed(self, other: Colour, share: float) -> Colour:
        """Return the colour with a share of another one in it."""
        return Colour(*(round(own + (its - own) * share) for own, its in zip(self, other, strict=True)))

    @property
    def luminance(self) -> float:
        """The relative luminance of WCAG, from 0 to 1."""
        linear: list[float] = [
            ((each / 255 + 0.055) / 1.055) ** 2.4 for each in self
        ]  # near black a little more than by WCAG
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


BLACK, WHITE = Colour(0, 0, 0), Colour(255, 255, 255)


def parse_colour(text: str | None) -> Colour | None:
    """Return a colour from six hexadecimal digits; None for anything else, such as "auto"."""
    if not text or not _HEX.fullmatch(text):
        return None
    return Colour(int(text[:2], 16), int(text[2:4], 16), int(text[4:], 16))


def highlight_colour(element: Element | None) -> Colour | None:
    """Return the colour of a highlighter."""
    return None if element is None else parse_colour(_HIGHLIGHTS.get(element.get(f"{W}val", "")))


def is_legible(colour: Colour, background: Colour) -> bool:
    """Whether words of a colour stand out from their background."""
    lighter, darker = sorted((colour.luminance, background.luminance), reverse=True)
    return (lighter + 0.05) / (darker + 0.05) >= _MIN_CONTRAST


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a file's theme by slot ("dk1"), and the slots to which its settings map names ("bg1")."""

    slots: Mapping[str, Colour] = field(default_factory=dict)
    mapped_slots: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_parts(cls, theme: Element | None, settings: Element | None) -> Palette:
        """Return the palette of a theme and of the settings; both may be missing."""
        scheme = None if theme is None else next(theme.iter(f"{_DRAWING}clrScheme"), None)
        slots = {"dk1": BLACK, "lt1": WHITE}
        for slot in [] if scheme is None else scheme:
            for value in slot:
                if colour := parse_colour(value.get("lastClr") or value.get("val")):
                    slots[str(slot.tag).removeprefix(_DRAWING)] = colour
        mapping = None if settings is None else settings.find(f"{W}clrSchemeMapping")
        mapped = {} if mapping is None else {str(name).removeprefix(W): value for name, value in mapping.attrib.items()}
        return cls(slots, {name: _THEME_SLOTS.get(value, value) for name, value in mapped.items()})

    def colour(self, element: Element | None, name: str = "val", theme_prefix: str = "theme") -> Colour | None:
        """Return a colour of an element: of the theme if it names one, else its value; None if it is automatic."""
        if element is None:
            return None
        is_fill = theme_prefix == "themeFill"
        named = element.get(f"{W}themeFill" if is_fill else f"{W}themeColor")
        if named is None or (theme := self._theme_colour(named)) is None:
            return parse_colour(element.get(f"{W}{name}"))
        shade, tint = (_share(element.get(f"{W}{theme_prefix}{each}")) for each in ("Shade", "Tint"))
        return theme.mixed(BLACK, 1 - shade).mixed(WHITE, 1 - tint)

    def _theme_colour(self, name: str) -> Colour | None:
        slot = self.mapped_slots.get(_MAPPED_SLOTS.get(name, ""), _THEME_SLOTS.get(name, name))
        return self.slots.get(slot)

    def shading(self, element: Element | None) -> Colour | None:
        """Return the colour of a shading; None if it has none."""
        if element is None or element.get(f"{W}val") == "nil":
            return None
        fill, pattern = self.colour(element, "fill", "themeFill"), element.get(f"{W}val", "")
        share = 1.0 if pattern == "solid" else _percentage(pattern)
        if not share:
            return fill
        return (fill or WHITE).mixed(self.colour(element, "color") or BLACK, share)

    def text_fill(self, element: Element) -> Colour | None:
        """Return the colour of a text effect of Word 2010 and later; None if the effect has no plain colour."""
        value = next(element.iter(f"{_WORD_2010}srgbClr", f"{_WORD_2010}schemeClr"), None)
        if value is None:
            return None
        named = value.get(f"{_WORD_2010}val", "")
        return parse_colour(named) or self._theme_colour(named)


def _share(hexadecimal: str | None) -> float:
    """Return a share from two hexadecimal digits; 1 without any."""
    try:
        return min(max(int(hexadecimal or "FF", 16), 0), 255) / 255
    except ValueError:
        return 1.0


def _percentage(pattern: str) -> float:
    """Return the share of a pattern such as "pct50"; 0 for others."""
    digits = pattern.removeprefix("pct")
    return (
        min(int(digits[:3]), 100) / 100 if pattern.startswith("pct") and digits.isascii() and digits.isdigit() else 0.0
    )
