"""Search texts of Part 1 for what only Part 2 has: amounts, days, names, choices, and runs of words.

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
from functools import cached_property
from typing import NamedTuple

from decisions.safety.days_in_text import WrittenDay, find_days
from decisions.safety.figures_in_text import HUNDREDTHS, Figure, find_figures
from decisions.safety.names_in_text import find_names, spellings_of
from decisions.safety.plain_text import flatten
from decisions.safety.withheld_amounts import WithheldAmount, withheld_amount
from rules.values.facts import FactValue
from rules.values.money import Money, Vat

RUN_LENGTH = 6
"""The number of words in a row that show a text was copied. A shorter text of Part 2 may be alike by chance."""
MIN_WHOLE_LENGTH, MIN_SENTENCE_LENGTH = 3, 4
"""The number of words from which a whole text, or a whole sentence of one, is warned of although it is shorter."""
MAX_QUOTED_WORDS = 30
_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"(?<=[.!?]) ")
_BETWEEN_TEXTS = " _ "
"""A word that no text has."""
_SMALL_WORD = re.compile(r"\b[a-z]+\b")

Words = tuple[str, ...]


class ExemptFact(NamedTuple):
    """A fact that only Part 2 has: its address, its name for people, its value, and its text in words if it has one.

    `is_text` is false for the label of a choice.
    """

    address: str
    name: str
    value: FactValue
    text: str = ""
    is_text: bool = False


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
    vat_rates: tuple[int, ...]
    wordings: Callable[[], Sequence[str]] = field(repr=False)
    prose: Sequence[str] = field(repr=False)

    @cached_property
    def _small_words(self) -> frozenset[str]:
        return frozenset(_SMALL_WORD.findall(" ".join(map(flatten, self.prose))))

    def has_words(self, words: Words) -> bool:
        """Whether some words stand in a row in a public text."""
        return any(f" {' '.join(words)} " in wording for wording in self.wordings())

    def writes_small(self, words: Words) -> bool:
        """Whether Part 1 writes each of some words, in the singular or the plural, without a capital too."""
        return all(word in self._small_words or word.removesuffix("s") in self._small_words for word in words)


@dataclass(frozen=True)
class WithheldContent:
    """The content of Part 2 that nobody can know without it, to be searched for in Part 1."""

    facts: tuple[ExemptFact, ...]
    public: PublicKnowledge

    def find_likenesses(self, text: str) -> list[Likeness]:
        """Return what in a text of Part 1 tells something of Part 2, each words once, the closest likeness first."""
        flat = flatten(text)
        found = [*self._find_amounts(flat), *self._find_days(flat), *self._find_words(flat)]
        merged: dict[str, Likeness] = {}
        for likeness in sorted(found, key=lambda one: not one.is_refused):
            known = merged.setdefault(likeness.words.casefold(), likeness)
            if known is not likeness and known.is_refused == likeness.is_refused:
                exempt = tuple(dict.fromkeys((*known.exempt, *likeness.exempt)))
                merged[likeness.words.casefold()] = known._replace(exempt=exempt)
        return list(merged.values())

    @cached_property
    def _amounts(self) -> list[tuple[WithheldAmount, ExemptFact, str]]:
        """The withheld amounts, each with its fact and the name of the amount: those of facts, then those in texts."""
        amounts = [(amount, fact, fact.name) for fact in self.facts if (amount := withheld_amount(fact.value))]
        for fact in self._texts:
            figures = (figure for figure in find_figures(flatten(fact.text)) if figure.is_marked)
            named = f"an amount in {fact.name}"
            amounts += [(WithheldAmount(figure.value, Vat.UNSTATED), fact, named) for figure in figures]
        return [entry for entry in amounts if entry[0].value and entry[0].value not in self.public.figures]

    @property
    def _texts(self) -> list[ExemptFact]:
        return [fact for fact in self.facts if fact.is_text]

    def _find_amounts(self, flat: str) -> Iterator[Likeness]:
        distinct = {(figure.words, figure.unit, figure.is_marked): figure for figure in find_figures(flat)}
        figures = [figure for figure in distinct.values() if figure.value not in self.public.figures]
        if not figures:
            return
        for amount, fact, name in self._amounts:
            for figure in figures:
                if likeness := amount.compare(figure, self.public.vat_rates):
                    description = likeness.description.format(name)
                    yield Likeness(figure.words, (fact.address,), description, likeness.is_refused)
        yield from self._find_percentages(figures)

    def _find_percentages(self, figures: Sequence[Figure]) -> Iterator[Likeness]:
        """Yield percentages that Part 2 has too, and those that make a withheld amount of a figure beside them."""
        percentages = [figure for figure in figures if figure.is_percent]
        for share in percentages:
            for value, fact in self._percentages:
                if share.value == value:
                    yield Likeness(share.words, (fact.address,), f"a percentage in {fact.name}", is_refused=False)
            for base in figures:
                product = base.value * share.value // (100 * HUNDREDTHS)
                for amount, fact, name in self._amounts if base.is_marked else ():
                    if product == amount.value:
                        yield Likeness(
                            share.words, (fact.address,), f"{name}, as a share of {base.words}", is_refused=False
                        )

    @cached_property
    def _percentages(self) -> list[tuple[int, ExemptFact]]:
        return [
            (figure.value, fact)
            for fact in self.facts
            if fact.text
            for figure in find_figures(flatten(fact.text))
            if figure.is_percent
        ]

    @cached_property
    def _days(self) -> list[tuple[date, ExemptFact, str]]:
        days = [(fact.value, fact, fact.name) for fact in self.facts if isinstance(fact.value, date)]
        for fact in self._texts:
            written = (_as_date(day) for day in find_days(flatten(fact.text)) if day.is_certain)
            days += [(day, fact, f"a day in {fact.name}") for day in written if day]
        return [entry for entry in days if entry[0] not in self.public.days]

    def _find_days(self, flat: str) -> Iterator[Likeness]:
        if not self._days:
            return
        for written in find_days(flat):
            for day, fact, name in self._days:
                if (grade := self._grade_day(written, day)) is not None:
                    likeness = name if written.day else f"the month of {name}"
                    yield Likeness(written.words, (fact.address,), likeness, grade)

    def _grade_day(self, written: WrittenDay, day: date) -> bool | None:
        """Return whether a written day tells a withheld one; None if it is another day."""
        if written.month != day.month or written.day not in (0, day.day) or written.year not in (0, day.year):
            return None
        public = self.public.days
        if not written.day:
            is_public = any((known.year, known.month) == (day.year, day.month) for known in public)
            return None if is_public or not written.year else False
        if not written.year and any((known.month, known.day) == (day.month, day.day) for known in public):
            return None
        return written.is_certain

    @cached_property
    def _runs(self) -> dict[Words, ExemptFact]:
        """Every run of words that tells a text of Part 2, with its fact."""
        runs: dict[Words, ExemptFact] = {}
        for fact in self._texts:
            flat = flatten(fact.text)
            words = split_words(flat)
            length = min(RUN_LENGTH, len(words))
            if length >= MIN_WHOLE_LENGTH:
                runs.update(dict.fromkeys(_runs_of(words, length), fact))
            sentences = map(tuple, map(split_words, _SENTENCE_END.split(flat)))
            runs.update({words: fact for words in sentences if MIN_SENTENCE_LENGTH <= len(words) < RUN_LENGTH})
        return runs

    @cached_property
    def _short_runs(self) -> list[tuple[Words, ExemptFact, str, bool]]:
        """Names and labels of choices, in each way of repeating them, with what each is and whether it is refused."""
        found: dict[Words, tuple[Words, ExemptFact, str, bool]] = {}
        for fact in self.facts:
            if fact.is_text:
                spellings = [one for name in find_names(flatten(fact.text)) for one in spellings_of(name)]
                kind = f"a name in {fact.name}"
            else:
                label = tuple(split_words(flatten(fact.text)))
                spellings = [(label, False)] if len(label) >= MIN_WHOLE_LENGTH else []
                kind = fact.name
            for spelling, is_refused in spellings:
                words = tuple(split_words(" ".join(spelling)))
                if words and (words not in found or is_refused > found[words][3]):
                    found[words] = (words, fact, kind, is_refused)
        return list(found.values())

    def _find_words(self, flat: str) -> Iterator[Likeness]:
        words = split_words(flat)
        yield from self._find_runs(flat, words)
        joined = f" {' '.join(words)} "
        for spelling, fact, kind, is_refused in self._short_runs:
            if f" {' '.join(spelling)} " not in joined:
                continue
            for place in _places_of(spelling, words):
                quoted = _quote(flat, place, len(spelling))
                if self._is_common(spelling, quoted, fact):
                    continue
                yield Likeness(quoted, (fact.address,), kind, is_refused)
                break

    def _is_common(self, spelling: Words, quoted: str, fact: ExemptFact) -> bool:
        """Whether words are public wording, or are written small: then they are no name."""
        is_no_name = fact.is_text and (quoted.islower() or self.public.writes_small(spelling))
        return is_no_name or self.public.has_words(spelling)

    @cached_property
    def _run_lengths(self) -> list[int]:
        return sorted({len(run) for run in self._runs}, reverse=True)

    def _find_runs(self, flat: str, words: Sequence[str]) -> Iterator[Likeness]:
        for length in self._run_lengths:
            hits = [
                (place, fact)
                for place, run in enumerate(_runs_of(words, length))
                if (fact := self._runs.get(run)) and not self.public.has_words(run)
            ]
            for first, last, fact in _merge_hits(hits):
                shown = _quote(flat, first, min(last - first + length, MAX_QUOTED_WORDS))
                is_long = length == RUN_LENGTH
                yield Likeness(shown, (fact.address,), f"words of {fact.name}", is_refused=is_long)


def _quote(flat: str, first: int, count: int) -> str:
    """Return some words of a flat text as they stand there, with the signs between them."""
    spans = [match.span() for match in _WORD.finditer(flat)]
    return flat[spans[first][0] : spans[first + count - 1][1]]


def join_words(texts: Iterable[str]) -> str:
    """Return the words of some texts in one text, in which no run of words goes on from one into the next."""
    return f" {' '.join(split_words(_BETWEEN_TEXTS.join(texts)))} "


def split_words(text: str) -> list[str]:
    """Return the words and numbers of a flat text, casefolded, without the signs between them."""
    # Casefolded one by one: `İ` becomes two characters, and the second would divide its word.
    return [word.casefold() for word in _WORD.findall(text)]


def _runs_of(words: Sequence[str], length: int) -> Iterable[Words]:
    return zip(*(words[start:] for start in range(length)), strict=False)


def _merge_hits(hits: Iterable[tuple[int, ExemptFact]]) -> Iterator[tuple[int, int, ExemptFact]]:
    """Yield the first and the last place of each stretch of hits that follow each other in one fact."""
    first: tuple[int, ExemptFact] | None = None
    last = -1
    for place, fact in hits:
        if first and (place != last + 1 or fact != first[1]):
            yield first[0], last, first[1]
            first = None
        first, last = first or (place, fact), place
    if first:
        yield first[0], last, first[1]


def _places_of(spelling: Words, words: Sequence[str]) -> Iterator[int]:
    length = len(spelling)
    return (place for place in range(len(words) - length + 1) if tuple(words[place : place + length]) == spelling)


def _as_date(day: WrittenDay) -> date | None:
    try:
        return date(day.year, day.month, day.day)
    except ValueError:
        return None


def figure_values(value: FactValue) -> Iterator[int]:
    """Yield the figure of a fact in hundredths, if it is an amount or a count."""
    if isinstance(value, Money):
        yield abs(value.pence)
    elif type(value) is int:
        yield value * HUNDREDTHS
