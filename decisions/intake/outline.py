"""Divide the blocks of a file into sections by the headings of its form, and leave out what is confidential.

Invariants:
- What stands below a heading of Part 2 is in no section, and no message repeats a word of it.
- A heading that the form does not know ends a section only if it is of the same rank or a higher one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from decisions.intake.source_text import Block, Place, Problem
from decisions.intake.wording import find_first, is_heading, match_heading, split_marker, starts_with
from rules.packs.form_reading import FormReading, RecommendationList

_PART_2_REASON = "Part 2 begins here: nothing below it was read"
_MAX_HEADING = 160
"""The most characters of a heading."""
_FILLERS = ("to", "that", "and")
"""Words that may stand between a lead or a number and its verb."""
_LAST_RANK = 7
"""Below every heading of a page: the rank of a heading that is known by its words alone."""


@dataclass(slots=True)
class Section:
    """A heading and the blocks below it; the first section of a file has no heading."""

    heading: Block | None
    blocks: list[Block] = field(default_factory=list)

    def is_under(self, headings: tuple[str, ...]) -> bool:
        """Whether the heading is one of some; without any, every section is."""
        return not headings or (self.heading is not None and is_heading(self.heading.text, headings))


@dataclass(frozen=True, slots=True)
class Outline:
    """The sections of a file in order, and where Part 2 begins, if it does."""

    sections: tuple[Section, ...]
    problems: tuple[Problem, ...]
    part_2: Place | None = None

    @property
    def head(self) -> Section:
        """The section before the first heading, with the title and the lines of the form's head."""
        return self.sections[0]

    def opening(self, reading: FormReading) -> list[Block]:
        """Return the blocks above the first section of the form and the first list of recommendations."""
        headings = tuple(heading for each in reading.sections.values() for heading in each.headings)
        headings += tuple(heading for each in reading.recommendations for heading in each.headings)
        blocks: list[Block] = []
        for section in self.sections:
            is_list = section.heading is None and section is not self.head
            if is_list or (section.heading is not None and section.is_under(headings)):
                break
            blocks += section.blocks
        return blocks

    def blocks(self) -> Iterator[tuple[Section, Block]]:
        """Yield every block with its section."""
        for section in self.sections:
            yield from ((section, block) for block in section.blocks)

    def find(self, headings: tuple[str, ...]) -> Section | None:
        """Return the first section with one of some headings."""
        return next((section for section in self.sections if headings and section.is_under(headings)), None)


def make_outline(blocks: tuple[Block, ...], reading: FormReading) -> Outline:
    """Return the sections of a file by the headings of a form."""
    splitter = _Splitter(reading, has_list_heading=_has_list_heading(blocks, reading))
    for block in blocks:
        if _begins_part_2(block, reading.part_2):
            return Outline(tuple(splitter.sections), (Problem(block.place, _PART_2_REASON),), block.place)
        splitter.add(block)
    return Outline(tuple(splitter.sections), ())


def find_lead(text: str, reading: FormReading) -> RecommendationList | None:
    """Return the list of recommendations whose words before the first of them a text has."""
    return next((each for each in reading.recommendations if find_first(text, each.leads)), None)


def _begins_part_2(block: Block, headings: tuple[str, ...]) -> bool:
    """Whether the confidential part begins with a block: by its heading, or by a longer one that begins like it."""
    if is_heading(block.text, headings) or _split_run_in(block, headings):
        return True
    words = split_marker(block.text).text
    found = starts_with(words, headings)
    is_title = bool(block.level) or bool(found and words[: found.end].isupper())
    return found is not None and is_title and len(words) <= _MAX_HEADING


def _split_run_in(block: Block, headings: tuple[str, ...]) -> tuple[Block, Block] | None:
    """Split a heading off the paragraph that goes on with it after a colon: `Executive summary: This paper ...`."""
    words = split_marker(block.text).text
    found = starts_with(words, headings)
    if not found or not found.is_exact or not words[found.end :].lstrip().startswith(":"):
        return None
    rest = words[found.end :].strip(" :")
    return (replace(block, text=words[: found.end]), replace(block, text=rest, level=0)) if rest else None


def begins_list(text: str, reading: FormReading) -> bool:
    """Whether a text begins with words that lead in a list, and goes on with a verb or with nothing."""
    lead = starts_with(text, tuple(lead for each in reading.recommendations for lead in each.leads))
    if lead is None:
        return False
    rest = text[lead.end :].strip(" :")
    return not rest or split_verb(rest, reading)[0] != ""


def split_verb(text: str, reading: FormReading) -> tuple[str, str]:
    """Split the verb off the start of a text; the verb is empty if it begins with none that the form declares."""
    words = text
    while filler := starts_with(words, _FILLERS):
        words = words[filler.end :].lstrip(" :,")
    for verb, forms in reading.verbs.items():
        if found := starts_with(words, forms):
            return verb, words[found.end :].lstrip(" :,–-").rstrip()
    return "", text


def _has_list_heading(blocks: tuple[Block, ...], reading: FormReading) -> bool:
    headings = tuple(heading for each in reading.recommendations for heading in each.headings)
    return any(len(block.text) <= _MAX_HEADING and is_heading(block.text, headings) for block in blocks)


class _Splitter:
    """Puts blocks into sections, one after the other."""

    def __init__(self, reading: FormReading, *, has_list_heading: bool) -> None:
        self.sections = [Section(None)]
        self._headings = _known_headings(reading)
        self._has_list_heading = has_list_heading
        self._reading = reading

    def add(self, block: Block) -> None:
        """Add a block to the last section, or begin one with it."""
        if len(block.text) <= _MAX_HEADING and match_heading(block.text, self._headings):
            self.sections.append(Section(block))
        elif run_in := _split_run_in(block, self._headings):
            heading, rest = run_in
            self.sections.append(Section(heading, [rest]))
        elif self._begins_list(block):
            self.sections.append(Section(None, [block]))
        elif block.level and self._ends_section(block):
            self.sections.append(Section(block))
        else:
            self.sections[-1].blocks.append(block)

    def _begins_list(self, block: Block) -> bool:
        """Whether a list of recommendations begins without a heading, as on some early pages.

        The first paragraph of a section is its own text: a summary often begins with what the decider is asked.
        """
        has_text = bool(self.sections[-1].blocks)
        return has_text and not self._has_list_heading and begins_list(block.text, self._reading)

    def _ends_section(self, block: Block) -> bool:
        heading = self.sections[-1].heading
        if heading is None:
            return len(self.sections) > 1
        return block.level <= (heading.level or _LAST_RANK)


def _known_headings(reading: FormReading) -> tuple[str, ...]:
    groups = [reading.other_headings, *(each.headings for each in reading.sections.values())]
    groups += [each.headings for each in reading.recommendations]
    groups += [each.under for each in reading.facts.values()]
    groups += [statement.under for each in reading.statements.values() for statement in each]
    return tuple(dict.fromkeys(heading for group in groups for heading in group))
