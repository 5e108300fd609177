"""By what the text of a fact is known again in a Word file, however the file was written anew since.

Word keeps the tags of content controls; LibreOffice drops them, and keeps bookmarks.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from decisions.output.word.package import OWN_PREFIX

MAX_TAG_LENGTH = 64
"""Word takes a file for damaged in which the tag or the name of a content control is longer."""
PASSAGE_BOOKMARK_PREFIX, LINE_BOOKMARK_PREFIX = "_assent_text_", "_assent_line_"
"""What the names of our bookmarks begin with; Word does not list one that begins with a low line."""


@dataclass(frozen=True, slots=True)
class FactMarker:
    """The text of a fact in a Word file: paragraphs of their own, or one line among other words."""

    fact: str
    is_line: bool

    @property
    def tag(self) -> str:
        """The tag of its content control: the address of the fact, or where that is long its digest."""
        plain = OWN_PREFIX + self.fact
        return plain if len(plain) <= MAX_TAG_LENGTH else OWN_PREFIX + self._digest

    @property
    def bookmark(self) -> str:
        """The name of its bookmark, of which no more than 40 characters are kept."""
        return (LINE_BOOKMARK_PREFIX if self.is_line else PASSAGE_BOOKMARK_PREFIX) + self._digest

    @property
    def _digest(self) -> str:
        return sha256(self.fact.encode()).hexdigest()[:24]
