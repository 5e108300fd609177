"""An author's text as paragraphs and bullet lists, and the characters that no author may use.

The text is plain: a blank line parts two paragraphs, a line that begins with "- " is an item of a list, and an
indented line goes on with the item above it. There is no other markup, so nothing of the author's can become any.
"""

from __future__ import annotations

import re
import unicodedata

from decisions.view import Bullets, Paragraph

_ITEM = "- "

# Not every white space: a no-break space was put there on purpose ("£5 million" stays on one line).
_SPACING = re.compile("[ \t]+")

# Characters that print nothing but change what is read: controls, orders to write from right to left, fillers and
# joins without a width, private and broken code points. Tab and line feed are spacing; any other character that no
# font has is met when the page is set.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ud800-\uf8ff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\uffff"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
_NAMELESS = {"Cc": "control character", "Co": "private character", "Cs": "half of a character"}


def blocks(text: str) -> tuple[Paragraph | Bullets, ...]:
    """The paragraphs and bullet lists of a text, in order; a paragraph's lines are joined by single spaces."""
    made: list[Paragraph | Bullets] = []
    for is_list, lines in _runs(text):
        if not is_list:
            made.append(Paragraph(lines[0]))
        elif made and isinstance(made[-1], Bullets):
            # A blank line between two items does not end the list they belong to.
            made[-1] = Bullets((*made[-1].items, *lines))
        else:
            made.append(Bullets(tuple(lines)))
    return tuple(made)


def refuse_unprintable(text: str) -> None:
    """Raise ValueError at the first character that prints nothing yet changes what is read, naming it and its place."""
    if match := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, match.start()) + 1
        column = match.start() - text.rfind("\n", 0, match.start())
        named = unprintable_in(text)
        raise ValueError(f"{named} at line {line}, column {column} does not print: take it out")


def unprintable_in(text: str) -> str:
    """The first character of a text that does not print, as "U+202E (right-to-left override)"; empty if all do."""
    match = _UNPRINTABLE.search(text)
    if match is None:
        return ""
    character = match.group()
    name = unicodedata.name(character, _NAMELESS.get(unicodedata.category(character), "not a character"))
    return f"U+{ord(character):04X} ({name.lower()})"


def _runs(text: str) -> list[tuple[bool, list[str]]]:
    """The text as runs: (False, [one paragraph]) or (True, the items of one list), each on a line of its own."""
    runs: list[tuple[bool, list[str]]] = []
    fresh = True
    for line in text.split("\n"):
        words = _SPACING.sub(" ", line).strip(" ")
        if not words.strip():
            fresh = True
        elif words.startswith(_ITEM):
            if fresh or not runs[-1][0]:
                runs.append((True, []))
            runs[-1][1].append(words.removeprefix(_ITEM))
            fresh = False
        elif fresh or (runs[-1][0] and line[0] not in " \t"):
            runs.append((False, [words]))
            fresh = False
        else:
            runs[-1][1][-1] += f" {words}"
    return runs
