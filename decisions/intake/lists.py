"""Read the recommendations of a form: each with its number, letter, verb and words.

Invariants:
- A number that the file shows is certain. One that it lost is the place in the list, and a person checks it.
- A verb is proposed only if the form declares its word; otherwise the words stay whole.
- Words that are no item of their own belong to the item above them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from decisions.intake.outline import Outline, Section, begins_list, find_lead, split_verb
from decisions.intake.source_text import Block, Place
from decisions.intake.wording import Marked, find_first, split_marker, starts_with
from rules.packs.form_reading import FormReading, RecommendationList

_NO_NUMBER = "its number is not printed: this is its place in the list"
_MISREAD = "some of the words before it may be misread"
_GAPS = ("\n\n", "\n")
"""What stands before a further paragraph, and before a bullet."""
_NEXT_LETTERS = dict(pairwise("abcdefghijklmnopqrstuvwxyz"))
_POST_GOES_ON = ("of", "for", ",", "(", "-")
"""How the words after a lead begin where they belong to the post that is asked."""
_OPENS_LIST = re.compile(r"(?:(?:all )?(?:of )?the following(?: [a-z]+)?|as follows)\s?:", re.IGNORECASE)
"""What stands between the verb of a lead and its list: approves the following:"""
_MAX_POST = 100
_MAX_LEAD = 400
"""The most characters of a block that leads in a list, or holds its only recommendation."""


@dataclass(slots=True)
class Item:
    """One recommendation: the body that is asked, its number and letter, verb, words and place."""

    body: str
    number: int
    letter: str
    verb: str
    texts: list[str]
    place: Place
    check: str = ""
    words: str = ""

    @property
    def text(self) -> str:
        """Return the words, with bullets on lines of their own and a blank line before further paragraphs."""
        return "".join(_GAPS[text.startswith("- ")] * bool(index) + text for index, text in enumerate(self.texts))


def read_items(outline: Outline, reading: FormReading) -> list[Item]:
    """Return the recommendations to each body: its first list with a verb, or else its first list."""
    found = [(section, _find_list(section, reading)) for section in outline.sections]
    lists = [list(_ListReader(reading, spec).read(section)) for section, spec in found if spec]
    # A menu can have the heading of the list: what stands below it begins with no verb.
    lists.sort(key=lambda read: not any(item.verb for item in read))
    items: list[Item] = []
    for read in lists:
        asked = {item.body for item in items}
        items += [item for item in read if item.body not in asked]
    return items


def _find_list(section: Section, reading: FormReading) -> RecommendationList | None:
    """Return the list that a section holds, by its first lead or by its heading."""
    lists = reading.recommendations
    of_heading = next((each for each in lists if each.headings and section.is_under(each.headings)), None)
    if section.heading is not None and of_heading is None:
        return None
    if section.heading is None and not (section.blocks and begins_list(section.blocks[0].text, reading)):
        return None
    leads = (find_lead(block.text[:_MAX_LEAD], reading) for block in section.blocks)
    return next(filter(None, leads), of_heading)


@dataclass(slots=True)
class _ListReader:
    """Reads one list, block by block."""

    reading: FormReading
    spec: RecommendationList
    items: list[Item] = field(default_factory=list)
    lead_verb: str = ""
    number: int = 0
    last_numbers: set[str] = field(default_factory=set)

    def read(self, section: Section) -> Iterator[Item]:
        """Yield the items of a section."""
        for block in section.blocks:
            self._read_block(block)
        yield from self.items

    def _read_block(self, block: Block) -> None:
        lead = find_lead(block.text[:_MAX_LEAD], self.reading)
        if lead and not split_marker(block.text).label:
            self._begin(lead, block)
            return
        marked = split_marker(block.text)
        if marked.kind not in self.spec.numbering:
            marked = Marked("none", "", "", block.text)
        verb, text = split_verb(marked.text, self.reading)
        if marked.kind == "none" and self.items and not verb:
            self.items[-1].texts.append(block.text)
        elif marked.kind == "bullet" and self._is_below(block, verb):
            self.items[-1].texts.append(f"- {marked.text}")
        else:
            self._add(marked, verb, text, block)

    def _is_below(self, block: Block, verb: str) -> bool:
        """Whether a bullet belongs to the item above it, and is no recommendation of its own."""
        if not self.items or verb:
            return False
        above = self.items[-1].texts[-1]
        return block.depth > 1 or above.endswith(":") or above.startswith("- ") or not self.lead_verb

    def _begin(self, lead: RecommendationList, block: Block) -> None:
        """Begin a list, or take the only recommendation that stands in the words that ask for it."""
        if lead.body != self.spec.body or not self.items:
            self.number, self.last_numbers = 0, set()
        self.spec, self.lead_verb = lead, ""
        found = find_first(block.text[:_MAX_LEAD], lead.leads)
        start, end = (found.start, found.end) if found else (0, 0)
        verb, text = self._split_asked(block.text[end:].lstrip(" :–-").rstrip())
        if not text.strip(" :.;,") or _OPENS_LIST.fullmatch(text):
            self.lead_verb = verb or self._find_last_verb(block.text[start:end])
        else:
            self._add(Marked("none", "", "", text), verb, text, block, is_misread=bool(found and not found.is_exact))

    def _split_asked(self, text: str) -> tuple[str, str]:
        """Split the verb off what follows a lead, which may first go on with the post: `of Parks approves`."""
        verb, rest = split_verb(text, self.reading)
        if verb or not starts_with(text, _POST_GOES_ON):
            return verb, rest
        for code, forms in self.reading.verbs.items():
            if found := find_first(text[:_MAX_POST], forms):
                return code, text[found.end :].lstrip(" :,–-")
        return "", rest

    def _find_last_verb(self, lead: str) -> str:
        """Return the verb with which a lead itself ends, as `And to note` does."""
        last = lead.rsplit(maxsplit=1)[-1] if lead.split() else ""
        return split_verb(last, self.reading)[0]

    def _add(self, marked: Marked, verb: str, text: str, block: Block, *, is_misread: bool = False) -> None:
        number, letter, check = self._count(marked)
        if is_misread:
            check = check or _MISREAD
        if not verb and self.lead_verb:
            verb, text = self.lead_verb, marked.text
        item = Item(self.spec.body, number, letter, verb, [text], block.place, check, block.text)
        self.items.append(item)

    def _count(self, marked: Marked) -> tuple[int, str, str]:
        """Return the number and letter of an item, and the reason to check them."""
        if marked.kind in ("number", "dotted"):
            return self._count_number(marked)
        if marked.kind in ("letter", "roman"):
            self.number = self.number or 1
            return self.number, marked.label, ""
        if marked.kind in ("none", "bullet") and self.items and self.items[-1].letter in _NEXT_LETTERS:
            return self.number, _NEXT_LETTERS[self.items[-1].letter], _NO_NUMBER
        if marked.kind == "capital":
            number = ord(marked.label) - ord("A") + 1
            self.number = number
            return number, marked.inner, "" if not marked.inner else "its number is a capital letter"
        self.number += 1
        return self.number, "", _NO_NUMBER

    def _count_number(self, marked: Marked) -> tuple[int, str, str]:
        first, _, inner = marked.label.partition(".")
        if marked.label in self.last_numbers:  # a page can show every number as 1
            self.number += 1
            return self.number, "", _NO_NUMBER
        self.last_numbers.add(marked.label)
        self.number = int(first)
        return self.number, inner, ""
