"""The text of a published file as blocks with their places, whatever kind of file it was.

Invariants:
- A block is one paragraph, heading, list item or table row, in reading order, with single spaces.
- A place is a page and a line as a person counts them, both from 1; a file without pages has page 0. In a line that is
  too long to look through, it also has the character.
- What could not be read is a problem with its place. Nothing is left out silently.
"""

from __future__ import annotations

from dataclasses import dataclass, field

MAX_BLOCKS = 6_000
"""Blocks of one file. Longer files are no decision, and take too long to search."""
MAX_BLOCK_CHARACTERS = 20_000
MAX_QUOTED_WORDS = 120
"""The most characters of a file that a place quotes."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands in a file: a page from 1, or 0 in a file without pages, and a line from 1.

    `character` counts from 1 within a long line; it is 0 where the line is enough.
    """

    page: int
    line: int
    character: int = 0

    def __str__(self) -> str:
        """Return the place as people read it: `page 2, line 14`."""
        line = f"page {self.page}, line {self.line}" if self.page else f"line {self.line}"
        return f"{line}, character {self.character:,}" if self.character else line

    def as_json(self) -> dict[str, int | None]:
        """The form that other programs read."""
        character = {"character": self.character} if self.character else {}
        return {"page": self.page or None, "line": self.line, **character}


START = Place(0, 1)
"""The place of what a file says as a whole."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list item or row. `level` is that of a heading, or 0; `depth` counts lists around it."""

    text: str
    place: Place
    level: int = 0
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be read or taken as it stands, where, and why. `words` are those of the file, and public."""

    place: Place
    reason: str
    words: str = ""

    def as_json(self) -> dict[str, object]:
        """The form that other programs read."""
        return {**self.place.as_json(), "reason": self.reason, "words": self.words}


@dataclass(frozen=True, slots=True)
class SourceText:
    """The blocks of a file, and what of it could not be read."""

    blocks: tuple[Block, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class BlockCollector:
    """Collects the blocks and problems of a file; it cuts what is too long and says so."""

    blocks: list[Block] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add(self, text: str, place: Place, level: int = 0, depth: int = 0) -> None:
        """Add a block, unless it has no words."""
        words = " ".join(text.split())
        if not words:
            return
        if len(self.blocks) >= MAX_BLOCKS:
            self._note_once(Problem(place, f"the file has more than {MAX_BLOCKS:,} paragraphs: the rest is not read"))
            return
        if len(words) > MAX_BLOCK_CHARACTERS:
            reason = f"the paragraph has more than {MAX_BLOCK_CHARACTERS:,} characters: the rest of it is not read"
            self.problems.append(Problem(place, reason))
            words = words[:MAX_BLOCK_CHARACTERS]
        if "\ufffd" in words:
            reason = "a character could not be read: save the file as UTF-8, or copy the words by hand"
            self.problems.append(Problem(place, reason, quote_words(words)))
        self.blocks.append(Block(words, place, level, depth))

    def _note_once(self, problem: Problem) -> None:
        if not self.problems or self.problems[-1].reason != problem.reason:
            self.problems.append(problem)

    def finish(self) -> SourceText:
        """Return all that was collected."""
        return SourceText(tuple(self.blocks), tuple(self.problems))


def quote_words(text: str) -> str:
    """Return the first words of a text, for a message or a table."""
    words = " ".join(text.split())
    return words if len(words) <= MAX_QUOTED_WORDS else f"{words[: MAX_QUOTED_WORDS - 1].rstrip()}…"
