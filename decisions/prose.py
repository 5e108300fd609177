"""An author's text as paragraphs and bullet lists.

The text is plain: a blank line parts two paragraphs, a line that begins with "- " is an item of a list, and an
indented line goes on with the item above it. There is no other markup, so nothing of the author's can become any.
"""

from __future__ import annotations

import re

from decisions.view import Bullets, Paragraph

_ITEM = "- "

# Not every white space: a no-break space was put there on purpose ("£5 million" stays on one line).
_SPACING = re.compile("[ \t]+")


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
