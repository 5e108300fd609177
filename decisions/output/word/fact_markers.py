"""Names by which the text of a fact is found again in a Word file that another program saved.

Each text has both a content control and a bookmark: Word keeps the tags of content controls, LibreOffice drops them
and keeps bookmarks.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from decisions.output.word.package import OWN_PREFIX

MAX_TAG_LENGTH = 64
"""Word reports a file as damaged if the tag or the name of a content control is longer."""
PASSAGE_BOOKMARK_PREFIX, LINE_BOOKMARK_PREFIX = "_assent_text_", "_assent_line_"
"""How the names of our bookmarks begin. Word hides bookmarks whose names begin with an underscore."""


@dataclass(frozen=True, slots=True)
class FactMarker:
    """Marks the text of a fact in a Word file: whole paragraphs, or one line among other words."""

    fact: str
    is_line: bool

    @property
    def tag(self) -> str:
        """The tag of its content control: the address of the fact, or a digest of a long address."""
        plain = OWN_PREFIX + self.fact
        return plain if len(plain) <= MAX_TAG_LENGTH else OWN_PREFIX + self._digest

    @staticmethod
    def is_tag(key: str) -> bool:
        """Whether a key is the tag of a content control of ours, and not the name of a bookmark."""
        return key.startswith(OWN_PREFIX)

    @property
    def bookmark(self) -> str:
        """The name of its bookmark. Word keeps 40 characters, so it holds a digest."""
        return (LINE_BOOKMARK_PREFIX if self.is_line else PASSAGE_BOOKMARK_PREFIX) + self._digest

    @property
    def _digest(self) -> str:
        return sha256(self.fact.encode()).hexdigest()[:24]
