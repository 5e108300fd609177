"""Leave out of what was found in texts of Part 1 what is public anyway, and grade the rest.

Two grades: what tells a fact of Part 2 is refused; what may tell it, or is like it by chance, is warned of.

- What Part 1 states as a fact of its own is public: such an amount or day of Part 2 is not searched for. Nor are the
  figures of the law, the wording of the scheme, and names that Part 1 gives where it says who acts or writes.
- Every match is checked against what is public only after it was found: most texts have none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from itertools import chain, islice
from typing import NamedTuple

from decisions.safety.days_in_text import WrittenDay
from decisions.safety.figures_in_text import HUNDREDTHS
from decisions.safety.plain_text import flatten
from decisions.safety.withheld_content import RUN_LENGTH, AmountHit, DayHit, Hits, NameHit, RunHit, Words, split_words
from rules.values.facts import FactValue
from rules.values.money import Money

MAX_QUOTED_WORDS = 30
_WORD = re.compile(r"\w+")
_BETWEEN_TEXTS = " _ "
"""A word that no text has."""
_ADDRESS = re.compile(r"@|[a-z]\.[a-z]")
_WORDS_OF_ADDRESS = re.compile(r"\w[-._@/]\w")
_SMALL_WORD = re.compile(r"\b[a-z]+\b")


class Likeness(NamedTuple):
    """Words of a text that give away something of Part 2, or may: the facts there, and what the words are in them."""

    words: str
    exempt: tuple[str, ...]
    description: str
    is_refused: bool


@dataclass(frozen=True)
class PublicKnowledge:
    """Public figures in hundredths, days and wording, which everybody can know without the prose of Part 1.

    `wordings` gives the wording of the scheme, and the names of who acts or writes, as `join_words` joins them.
    `prose` is all of Part 1: a word that it also writes small is no name.
    """

    figures: frozenset[int]
    days: frozenset[date]
    wordings: Callable[[], Sequence[str]] = field(repr=False)
    prose: Sequence[str] = field(repr=False)

    @cached_property
    def _all_wordings(self) -> Sequence[str]:
        return self.wordings()

    def has_words(self, words: Words) -> bool:
        """Whether some words stand in a row in a public text."""
        joined = f" {' '.join(words)} "
        return any(_words_in(wording).issuperset(words) and joined in wording for wording in self._all_wordings)

    def writes_small(self, words: Words) -> bool:
        """Whether Part 1 writes each of some words, in the singular or the plural, without a capital too."""
        return all(word in self._small_words or word.removesuffix("s") in self._small_words for word in words)

    @cached_property
    def _small_words(self) -> frozenset[str]:
        return frozenset[str]().union(*map(_small_words_in, self.prose))

    def tells_figures(self, hits: Hits) -> bool:
        """Whether a text tells an amount or a day of Part 2, or may."""
        return any(True for _ in chain(self._grade_amounts(hits.amounts), self._grade_days(hits.days)))

    def grade(self, hits: Hits) -> list[Likeness]:
        """Return what in a text tells something of Part 2, each words once, the closest likeness first."""
        found = [
            *self._grade_amounts(hits.amounts),
            *self._grade_days(hits.days),
            *self._grade_runs(hits.runs, hits.flat),
            *self._grade_names(hits.names, hits.flat),
        ]
        merged: dict[str, Likeness] = {}
        for likeness in sorted(found, key=lambda one: not one.is_refused):
            known = merged.setdefault(likeness.words.casefold(), likeness)
            if known is not likeness and known.is_refused == likeness.is_refused:
                exempt = tuple(dict.fromkeys((*known.exempt, *likeness.exempt)))
                merged[likeness.words.casefold()] = known._replace(exempt=exempt)
        return list(merged.values())

    def _grade_amounts(self, hits: Iterable[AmountHit]) -> Iterator[Likeness]:
        for hit in hits:
            if self.figures.isdisjoint((hit.figure.value, hit.base, hit.amount)):
                yield Likeness(hit.figure.words, (hit.fact.address,), hit.description, hit.is_refused)

    def _grade_days(self, hits: Iterable[DayHit]) -> Iterator[Likeness]:
        for hit in hits:
            if (grade := self._grade_day(hit.written, hit.day)) is not None:
                likeness = hit.name if hit.written.day else f"the month of {hit.name}"
                yield Likeness(hit.written.words, (hit.fact.address,), likeness, grade)

    def _grade_day(self, written: WrittenDay, day: date) -> bool | None:
        """Return whether a written day tells a withheld one; None if it is public."""
        if day in self.days:
            return None
        if not written.day:
            is_public = any((known.year, known.month) == (day.year, day.month) for known in self.days)
            return None if is_public or not written.year else False
        if not written.year and any((known.month, known.day) == (day.month, day.day) for known in self.days):
            return None
        return written.is_certain

    def _grade_runs(self, hits: Iterable[RunHit], flat: str) -> Iterator[Likeness]:
        secret = (hit for hit in hits if not self.has_words(hit.run))
        for first, last in _merge_hits(secret):
            length = len(first.run)
            shown = _quote(flat, first.place, min(last - first.place + length, MAX_QUOTED_WORDS))
            yield Likeness(shown, (first.fact.address,), f"words of {first.fact.name}", is_refused=length == RUN_LENGTH)

    def _grade_names(self, hits: Iterable[NameHit], flat: str) -> Iterator[Likeness]:
        for hit in hits:
            if self._is_common(hit):
                continue
            quoted = (_quote(flat, place, len(hit.spelling)) for place in hit.places)
            secret = next((words for words in quoted if not (hit.fact.is_text and _is_prose(words))), None)
            if secret is not None:
                yield Likeness(secret, (hit.fact.address,), hit.kind, hit.is_refused)

    def _is_common(self, hit: NameHit) -> bool:
        """Whether words are public wording, or Part 1 also writes them small: then they are no name."""
        return (hit.fact.is_text and self.writes_small(hit.spelling)) or self.has_words(hit.spelling)


def _is_prose(words: str) -> bool:
    """Return whether words are small ones with spaces between them: those of an address have points or hyphens."""
    return words.islower() and not _WORDS_OF_ADDRESS.search(words)


@lru_cache(maxsize=512)
def _small_words_in(text: str) -> frozenset[str]:
    prose = " ".join(words for words in flatten(text).split() if not _ADDRESS.search(words))
    return frozenset(_SMALL_WORD.findall(prose))


def _quote(flat: str, first: int, count: int) -> str:
    """Return some words of a flat text as they stand there, with the signs between them."""
    spans = [match.span() for match in islice(_WORD.finditer(flat), first, first + count)]
    return flat[spans[0][0] : spans[-1][1]]


def join_words(texts: Iterable[str]) -> str:
    """Return the words of some texts in one text, in which no run of words goes on from one into the next."""
    return f" {' '.join(split_words(_BETWEEN_TEXTS.join(texts)))} "


@lru_cache(maxsize=64)
def _words_in(wording: str) -> frozenset[str]:
    """Return the words of a text as `join_words` joins them: most names have one that no public wording has."""
    return frozenset(wording.split(" "))


def _merge_hits(hits: Iterable[RunHit]) -> Iterator[tuple[RunHit, int]]:
    """Yield the first hit of each stretch of runs that follow each other in one fact, and the place of its last."""
    first: RunHit | None = None
    last = -1
    for hit in hits:
        if first and (hit.place != last + 1 or hit.fact != first.fact or len(hit.run) != len(first.run)):
            yield first, last
            first = None
        first, last = first or hit, hit.place
    if first:
        yield first, last


def figure_values(value: FactValue) -> Iterator[int]:
    """Yield the figure of a fact in hundredths, if it is an amount or a count."""
    if isinstance(value, Money):
        yield abs(value.pence)
    elif type(value) is int:
        yield value * HUNDREDTHS
