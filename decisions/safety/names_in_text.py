"""Find the names of people and companies in a text, and the ways in which another text may repeat them.

A name is two or more capitalised words, such as "Ada Okafor", "Dr Okafor" or "Kingfisher Ltd". A name of a place, a
body or a post is not certain, because papers name them throughout. Nor is a single capitalised word in a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from rules.values.calendar import MONTHS
from rules.values.days import WEEKDAYS

_PARTICLES = "de|del|der|den|du|la|le|van|von|al|bin|ap|of|and|&|the"
_CAPITALISED = r"(?:[A-Z][\w'-]*\.?|[A-Z]\.)"
_SEQUENCE = re.compile(rf"\b{_CAPITALISED}(?: (?:(?:{_PARTICLES}) ){{0,2}}{_CAPITALISED})*")
_LINKS = frozenset(["and", "&", "the"])
_COMPANY_ENDINGS = frozenset([
    "ltd", "limited", "plc", "llp", "llc", "inc", "incorporated", "gmbh", "ag", "sa", "bv", "nv", "co",
    "company", "corp", "corporation",
])  # fmt: skip
_TITLES = frozenset([
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "dame", "lord", "lady", "baroness",
    "cllr", "councillor",
])  # fmt: skip
_OFFICES = frozenset([
    "park", "house", "road", "street", "square", "lane", "avenue", "centre", "center", "building", "buildings",
    "court", "place", "station", "hospital", "school", "university", "college", "fund", "board", "committee",
    "council", "authority", "office", "department", "ministry", "agency", "service", "services", "police",
    "programme", "project", "plan", "strategy", "act", "regulations", "order", "report", "review", "team",
    "unit", "group", "directorate", "command", "officer", "director", "manager", "chief", "mayor",
    "commissioner", "chair", "minister", "secretary", "part", "section",
])  # fmt: skip
"""Words of places, bodies and posts: a name with one of them is not certain."""
_WEEKDAYS_AND_MONTHS = frozenset(name.casefold() for name in (*WEEKDAYS, *MONTHS))
_SENTENCE_OPENERS = frozenset([
    "the", "a", "an", "this", "that", "these", "those", "our", "its", "their", "his", "her", "we", "it", "they",
    "he", "she", "in", "on", "at", "by", "for", "from", "to", "with", "of", "and", "but", "or", "if", "as",
    "when", "while", "because", "since", "after", "before", "under", "all", "any", "each", "both", "some", "no",
    "not", "illustrative",
])  # fmt: skip
_SENTENCE_END = re.compile(r"[.!?:;•(\"'-] ?$")
MIN_SURNAME_LETTERS = 4
MIN_INITIALS_TOGETHER = 3
_PARTICLE_WORDS = frozenset(_PARTICLES.split("|"))


class Name(NamedTuple):
    """A name, as its words, and whether it is surely one of a person or a company."""

    words: tuple[str, ...]
    is_certain: bool

    @property
    def text(self) -> str:
        """The name as it was written."""
        return " ".join(self.words)


def find_names(text: str) -> list[Name]:
    """Return the names in a flat text, each once.

    >>> [name.text for name in find_names("We chose Kingfisher Devices Ltd. Dr Ada Okafor agreed.")]
    ['Kingfisher Devices Ltd', 'Dr Ada Okafor']
    """
    return list(dict.fromkeys(name for match in _SEQUENCE.finditer(text) for name in _read_sequence(match, text)))


def _read_sequence(match: re.Match[str], text: str) -> Iterator[Name]:
    """Yield the name that a row of capitalised words is, if it is one."""
    words = [word.rstrip(".") for word in match.group().split()]
    start = match.start()
    starts_sentence = start == 0 or bool(_SENTENCE_END.search(text[max(start - 2, 0) : start]))
    if starts_sentence and len(words) > 1 and words[0].lower() in _SENTENCE_OPENERS:
        words, starts_sentence = words[1:], False
    plain = [word.lower() for word in words]
    if not _WEEKDAYS_AND_MONTHS.isdisjoint(plain):
        return
    if len(words) > 1:
        yield Name(tuple(words), _is_of_person_or_company(plain))
        yield from _names_joined_by_and(words)
    elif not starts_sentence and len(plain[0]) >= MIN_SURNAME_LETTERS:
        yield Name(tuple(words), is_certain=False)


def _names_joined_by_and(words: list[str]) -> Iterator[Name]:
    """Yield each name of a row such as `Ada Okafor and the Director of Estates`, which may also be one name."""
    groups = [list(group) for is_link, group in groupby(words, _LINKS.__contains__) if not is_link]
    for group in groups if len(groups) > 1 else ():
        if len(group) > 1:
            yield Name(tuple(group), _is_of_person_or_company([word.lower() for word in group]))


def _is_of_person_or_company(plain: list[str]) -> bool:
    return plain[-1] in _COMPANY_ENDINGS or plain[0] in _TITLES or _OFFICES.isdisjoint(plain)


def spellings_of(name: Name) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Yield the ways of repeating a name, as lower-case words, each with whether it is as good as the name."""
    words = tuple(word.lower() for word in name.words)
    yield words, name.is_certain
    core = words[1:] if words[0] in _TITLES else words
    is_company = bool(core) and core[-1] in _COMPANY_ENDINGS
    while core and core[-1] in _COMPANY_ENDINGS:
        core = core[:-1]
    if core and name.is_certain:
        yield core, len(core) > 1 or is_company
        if len(core) > 1:
            yield ("".join(core),), True
        yield from _short_company_names(core) if is_company else _short_personal_names(core)
        yield from _initials(core, is_company=is_company)


def _initials(core: tuple[str, ...], *, is_company: bool) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Yield the initials of a name, one by one as in `M O-H`, and as one word if they are not just two letters."""
    letters = tuple(part[0] for word in core if word not in _PARTICLE_WORDS for part in word.split("-") if part)
    if len(letters) > 1 and not is_company:
        yield letters, False
    if len(letters) >= MIN_INITIALS_TOGETHER:
        yield ("".join(letters),), False


def _short_company_names(core: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], bool]]:
    if len(core[0]) >= MIN_SURNAME_LETTERS:
        yield core[:1], False


def _short_personal_names(core: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], bool]]:
    first, surname = core[0], core[-1]
    parts = [surname, *surname.split("-")] if "-" in surname else [surname]
    if len(core) > 1:
        yield (first[:1], surname), True
        yield from (((title, part), True) for title in sorted(_TITLES) for part in parts)
        yield from (((title, first), False) for title in sorted(_TITLES))
    yield from (((part,), False) for part in parts if len(part) >= MIN_SURNAME_LETTERS)
