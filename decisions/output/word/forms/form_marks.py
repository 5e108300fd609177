"""What a form to fill in keeps of itself: whose it is, which fields it has, and which words are its own.

- It stands in the properties of the file, which Word and LibreOffice keep. None is longer than the 255 characters that
  Word allows.
- It holds no answer. Of its own words it holds digests, by which what somebody added outside the fields is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from decisions.output.word.fact_markers import FactMarker
from decisions.output.word.reading.wrappers import is_prompt
from rules.values.facts import is_address

_KIND, _KIND_NAME = "form", "paper"
_MAX_LENGTH = 250
_LISTS = ("public", "exempt", "given", "words")
_DIGEST_LENGTH = 8
CONFIDENTIAL_FIELDS = 10
"""How many fields a form has for answers of Part 1 that are confidential."""


@dataclass(frozen=True, slots=True)
class FormMarks:
    """A form: its scheme, the day of its rules, the digest of its packs, and the addresses of its fields by part.

    `given` are the addresses that the form had filled in by itself, for things that the scheme asks for; `words` are
    digests of its own texts.
    """

    scheme: str
    on: date
    packs: str
    public: tuple[str, ...]
    exempt: tuple[str, ...]
    given: tuple[str, ...]
    has_part_2: bool
    words: tuple[str, ...] = ()

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses of all fields, in the order of their numbers."""
        return (*self.public, *self.exempt)

    def as_properties(self) -> dict[str, str]:
        """Return the properties of the file that keep it."""
        lists = {name: list(_cut(getattr(self, name))) for name in _LISTS}
        return {
            _KIND: _KIND_NAME,
            "scheme": self.scheme,
            "on": self.on.isoformat(),
            "packs": self.packs,
            "parts": "2" if self.has_part_2 else "1",
            **{f"{name}-{number}": text for name, texts in lists.items() for number, text in enumerate(texts, 1)},
        }

    @classmethod
    def from_properties(cls, values: Mapping[str, str]) -> FormMarks | None:
        """Return what a file keeps; None if it is no form to fill in, or a damaged one."""
        if values.get(_KIND) != _KIND_NAME or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", values.get("on", "")):
            return None
        public, exempt, given, words = (tuple(_join(values, name)) for name in _LISTS)
        try:
            on = date.fromisoformat(values["on"])
        except ValueError:
            return None
        if not all(map(is_address, (*public, *exempt, *given))):
            return None
        return cls(
            values.get("scheme", ""),
            on,
            values.get("packs", ""),
            public,
            exempt,
            given,
            values.get("parts") == "2",
            words,
        )

    def find_new_texts(self, texts: Iterable[str]) -> Iterator[str]:
        """Yield the texts that are none of the form's own."""
        own = set(self.words)
        return (text for text in texts if digest_of(text) not in own and not is_prompt(text))


def digest_of(text: str) -> str:
    """Return the short digest of a text, whatever its spaces."""
    return sha256(" ".join(text.split()).encode()).hexdigest()[:_DIGEST_LENGTH]


def confidential_markers(number: int) -> tuple[FactMarker, FactMarker]:
    """Return what marks a confidential answer of a form: the question that it answers, and the answer itself."""
    # No kind of thing is called part-2, so these are the address of no fact.
    return FactMarker(f"part-2:{number}.question", is_line=True), FactMarker(f"part-2:{number}.answer", is_line=False)


def _cut(words: Iterable[str]) -> Iterator[str]:
    """Yield the words in texts of the length that a property may have."""
    text = ""
    for word in words:
        if text and len(text) + len(word) >= _MAX_LENGTH:
            yield text
            text = ""
        text = f"{text} {word}".lstrip()
    if text:
        yield text


def _join(values: Mapping[str, str], name: str) -> Iterator[str]:
    for number in range(1, len(values) + 1):
        yield from values.get(f"{name}-{number}", "").split()
