"""Write signs of symbol fonts, and raised or lowered characters, as the characters of Unicode that look the same.

A sign that has no such character cannot be recorded: the text would say something else, such as £106 for £10⁶.
"""

from __future__ import annotations

# ruff: noqa: RUF001  # the characters that look like others are the matter here
import re

SYMBOL_FONTS = frozenset(
    [
        "symbol", "wingdings", "wingdings 2", "wingdings 3", "webdings", "zapfdingbats", "zapf dingbats", "mt extra",
        "marlett",
    ]
)  # fmt: skip
"""Fonts whose letters are signs. The font table of a file can name more."""
_PRIVATE_PLACES, _MAX_CODE, _SPACES = range(0xF000, 0xF100), 0xFF, " \t\xa0"
"""The places in Unicode of the signs of symbol fonts, the last number of a sign, and characters that are none."""
_SYMBOL = dict(
    zip(
        map(chr, range(0x20, 0x7F)),
        " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεϕγηιφκλµνοπθρστυϖωξψζ{|}∼",
        strict=True,
    )
) | {
    "\xa0": "€", "\xa2": "′", "\xa3": "≤", "\xa4": "⁄", "\xa5": "∞", "\xa6": "ƒ", "\xab": "↔", "\xac": "←", "\xad": "↑",
    "\xae": "→", "\xaf": "↓", "\xb0": "°", "\xb1": "±", "\xb2": "″", "\xb3": "≥", "\xb4": "×", "\xb5": "∝", "\xb6": "∂",
    "\xb7": "•", "\xb8": "÷", "\xb9": "≠", "\xba": "≡", "\xbb": "≈", "\xbc": "…", "\xd2": "®", "\xd3": "©", "\xd4": "™",
    "\xd5": "∏", "\xd6": "√", "\xd7": "·", "\xd8": "¬", "\xe2": "®", "\xe3": "©", "\xe4": "™", "\xe5": "∑", "\xf2": "∫",
}  # fmt: skip
_SIGNS = {
    "symbol": _SYMBOL,
    "wingdings": {
        " ": " ", "J": "☺", "l": "●", "n": "■", "o": "□", "\x9e": "·", "\x9f": "•", "\xa7": "▪", "\xa8": "□",
        "\xdf": "←", "\xe0": "→", "\xe1": "↑", "\xe2": "↓", "\xe8": "→", "\xfb": "✗", "\xfc": "✓", "\xfd": "☒",
        "\xfe": "☑",
    },
    "wingdings 2": {" ": " ", "O": "✗", "P": "✓", "Q": "☒", "R": "☑", "S": "☒", "T": "☒", "\xa3": "☐"},
    "webdings": {" ": " ", "a": "✔", "r": "✘", "c": "□"},
}  # fmt: skip
_RAISED = dict(zip("0123456789+-=()ni−–‐‑", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ⁻⁻⁻⁻", strict=True))
_LOWERED = dict(zip("0123456789+-=()−–‐‑", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎₋₋₋₋", strict=True))
_MEANS_THE_SAME = frozenset(" \t\xa0®™©℠*†‡°ªº'\"’”") | set(_RAISED.values()) | set(_LOWERED.values())
"""Characters that stand raised or lowered in any case, or that nobody sees."""
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\s*", re.IGNORECASE)
_LIGATURES = {"TM": "™", "SM": "℠", "o": "º", "a": "ª"}


def read_sign(font: str, character: str) -> str | None:
    """Return a character of a symbol font as Unicode; None if there is none that looks the same."""
    code = ord(character)
    if code in _PRIVATE_PLACES:
        character = chr(code - _PRIVATE_PLACES.start)
    elif code > _MAX_CODE or character in _SPACES:
        return character  # no sign of the font: Word takes it from another font
    return _SIGNS.get(font.lower(), {}).get(character)


def read_signs(font: str, text: str) -> str | None:
    """Return a text in a symbol font as Unicode; None if a character has no equal."""
    signs = [read_sign(font, character) for character in text]
    return None if None in signs else "".join(sign or "" for sign in signs)


def read_shifted(text: str, *, is_raised: bool, before: str) -> str | None:
    """Return raised or lowered characters as Unicode; None if one has no equal.

    `before` are the words before them: in "21st" the letters mean the same on the line.
    """
    if is_raised and before[-1:].isdigit() and _ORDINAL.fullmatch(text):
        return text
    if is_raised and text in _LIGATURES:
        return _LIGATURES[text]
    table = _RAISED if is_raised else _LOWERED
    shifted = [table.get(each, each if each in _MEANS_THE_SAME else None) for each in text]
    return None if None in shifted else "".join(each or "" for each in shifted)
