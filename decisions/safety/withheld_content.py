"""Search a text of Part 1 for the content of Part 2: everything alike, whether or not it is public anyway.

A search has two steps. This one needs Part 2 and the text, and nothing else of the case: what it found stays found as
long as the two stay. `decisions.safety.likenesses` then leaves out what is public. Most texts have nothing in them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import NamedTuple

from decisions.output.extraction import TextPiece
from decisions.safety.days_in_text import WrittenDay, find_days, may_have_day
from decisions.safety.disclosure import build_patterns_of_amounts
from decisions.safety.figures_in_text import HUNDREDTHS, Figure, find_figures
from decisions.safety.names_in_text import find_names, spellings_of
from decisions.safety.plain_text import flatten
from decisions.safety.withheld_amounts import WithheldAmount, withheld_amount
from rules.values.facts import FactValue
from rules.values.money import Vat

RUN_LENGTH = 6
"""The number of words in a row that show a text was copied. A shorter text of Part 2 may be alike by chance."""
MIN_WHOLE_LENGTH, MIN_SENTENCE_LENGTH = 3, 4
"""The number of words from which a whole text, or a whole sentence of one, is warned of although it is shorter."""
MAX_TEXTS_KEPT = 1024
"""The most texts for which a search keeps what it found: more than Part 1 of a long paper has."""
_DIGIT = re.compile("[0-9]")
_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"(?<=[.!?]) ")

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


class AmountHit(NamedTuple):
    """A figure of a text that is like a withheld amount, in hundredths, with what it is there in words.

    For a percentage, `base` is the value of the figure beside it of which it makes the amount; one that a text of
    Part 2 has too has no `amount`.
    """

    figure: Figure
    amount: int | None
    fact: ExemptFact
    description: str
    is_refused: bool = False
    base: int | None = None


class DayHit(NamedTuple):
    """A day of a text that may be a withheld one, which is `name` for people."""

    written: WrittenDay
    day: date
    fact: ExemptFact
    name: str


class RunHit(NamedTuple):
    """A run of words of Part 2, and the place of its first word in the text."""

    place: int
    run: Words
    fact: ExemptFact


class NameHit(NamedTuple):
    """A name or the label of a choice, and the places of its first words in the text."""

    places: tuple[int, ...]
    spelling: Words
    fact: ExemptFact
    kind: str
    is_refused: bool


@dataclass(frozen=True, slots=True)
class Hits:
    """Everything in a flat text that is like something of Part 2."""

    flat: str
    amounts: tuple[AmountHit, ...]
    days: tuple[DayHit, ...]
    runs: tuple[RunHit, ...]
    names: tuple[NameHit, ...]


@dataclass(frozen=True)
class WithheldContent:
    """The content of Part 2, to be searched for in texts of Part 1; `vat_rates` are in tenths of a percent."""

    facts: tuple[ExemptFact, ...]
    vat_rates: tuple[int, ...]

    @cached_property
    def find_in(self) -> Callable[[str], Hits | None]:
        """The search of a text: returns what in it is like something of Part 2, or None if nothing is.

        It keeps what it found, since most events of a case leave most of its texts as they were.
        """
        return lru_cache(maxsize=MAX_TEXTS_KEPT)(self._search)

    @cached_property
    def repeats_amount(self) -> Callable[[str], bool]:
        """The test of a text for amounts of Part 2 as the last check of a file looks for them; it keeps answers."""
        patterns = build_patterns_of_amounts(fact.value for fact in self.facts)
        return lru_cache(maxsize=MAX_TEXTS_KEPT)(
            lambda text: bool(_DIGIT.search(text) and patterns.find_disclosures([TextPiece(text, is_prose=False)]))
        )

    def _search(self, text: str) -> Hits | None:
        flat = flatten(text)
        words = split_words(flat)
        hits = Hits(
            flat,
            tuple(self._find_amounts(flat)),
            tuple(self._find_days(flat)),
            tuple(self._find_runs(words)),
            tuple(self._find_names(words)),
        )
        return hits if hits.amounts or hits.days or hits.runs or hits.names else None

    @cached_property
    def _texts(self) -> list[ExemptFact]:
        return [fact for fact in self.facts if fact.is_text]

    @cached_property
    def _flat_texts(self) -> Mapping[str, str]:
        return {fact.text: flatten(fact.text) for fact in self.facts if fact.text}

    @cached_property
    def _figures_in_texts(self) -> list[tuple[Figure, ExemptFact]]:
        return [(figure, fact) for fact in self.facts if fact.text for figure in find_figures(self._flat(fact))]

    def _flat(self, fact: ExemptFact) -> str:
        return self._flat_texts[fact.text]

    @cached_property
    def _facts_by_amount(self) -> dict[WithheldAmount, list[tuple[ExemptFact, str]]]:
        """The withheld amounts, each with its facts and their names: those of facts, then those in texts."""
        amounts = [(amount, fact, fact.name) for fact in self.facts if (amount := withheld_amount(fact.value))]
        amounts += [
            (WithheldAmount(figure.value, Vat.UNSTATED), fact, f"an amount in {fact.name}")
            for figure, fact in self._figures_in_texts
            if figure.is_marked and fact.is_text
        ]
        by_amount: dict[WithheldAmount, list[tuple[ExemptFact, str]]] = {}
        for amount, fact, name in amounts:
            if amount.value:
                by_amount.setdefault(amount, []).append((fact, name))
        return by_amount

    @cached_property
    def _percentages(self) -> list[tuple[int, ExemptFact]]:
        return [(figure.value, fact) for figure, fact in self._figures_in_texts if figure.is_percent]

    def _find_amounts(self, flat: str) -> Iterator[AmountHit]:
        distinct = {(figure.words, figure.unit, figure.is_marked): figure for figure in find_figures(flat)}
        figures = list(distinct.values())
        for amount, facts in self._facts_by_amount.items() if figures else ():
            for figure in figures:
                if not (likeness := amount.compare(figure, self.vat_rates)):
                    continue
                for fact, name in facts:
                    description = likeness.description.format(name)
                    yield AmountHit(figure, amount.value, fact, description, likeness.is_refused)
        yield from self._find_percentages(figures)

    def _find_percentages(self, figures: Sequence[Figure]) -> Iterator[AmountHit]:
        """Yield percentages that Part 2 has too, and those that make a withheld amount of a figure beside them."""
        for share in (figure for figure in figures if figure.is_percent):
            for value, fact in self._percentages:
                if share.value == value:
                    yield AmountHit(share, None, fact, f"a percentage in {fact.name}")
            for base in figures:
                product = base.value * share.value // (100 * HUNDREDTHS)
                for amount, facts in self._facts_by_amount.items() if base.is_marked else ():
                    for fact, name in facts if product == amount.value else ():
                        description = f"{name}, as a share of {base.words}"
                        yield AmountHit(share, amount.value, fact, description, base=base.value)

    @cached_property
    def _days(self) -> list[tuple[date, ExemptFact, str]]:
        days = [(fact.value, fact, fact.name) for fact in self.facts if isinstance(fact.value, date)]
        for fact in self._texts:
            written = (_as_date(day) for day in find_days(self._flat(fact)) if day.is_certain)
            days += [(day, fact, f"a day in {fact.name}") for day in written if day]
        return days

    @cached_property
    def _months(self) -> frozenset[int]:
        return frozenset(day.month for day, _, _ in self._days)

    def _find_days(self, flat: str) -> Iterator[DayHit]:
        for written in find_days(flat) if self._days and may_have_day(flat, self._months) else ():
            for day, fact, name in self._days:
                if written.month == day.month and written.day in (0, day.day) and written.year in (0, day.year):
                    yield DayHit(written, day, fact, name)

    @cached_property
    def _runs(self) -> dict[Words, ExemptFact]:
        """Every run of words that tells a text of Part 2, with its fact."""
        runs: dict[Words, ExemptFact] = {}
        for fact in self._texts:
            words = split_words(self._flat(fact))
            length = min(RUN_LENGTH, len(words))
            if length >= MIN_WHOLE_LENGTH:
                runs.update(dict.fromkeys(_runs_of(words, length), fact))
            sentences = map(tuple, map(split_words, _SENTENCE_END.split(self._flat(fact))))
            runs.update({words: fact for words in sentences if MIN_SENTENCE_LENGTH <= len(words) < RUN_LENGTH})
        return runs

    @cached_property
    def _run_lengths(self) -> list[int]:
        return sorted({len(run) for run in self._runs}, reverse=True)

    def _find_runs(self, words: Sequence[str]) -> Iterator[RunHit]:
        for length in self._run_lengths:
            for place, run in enumerate(_runs_of(words, length)):
                if fact := self._runs.get(run):
                    yield RunHit(place, run, fact)

    @cached_property
    def _names(self) -> dict[str, list[tuple[int, NameHit]]]:
        """Names and labels of choices in each way of repeating them, numbered in order, by their first word."""
        found: dict[Words, NameHit] = {}
        for fact in self.facts:
            kind = f"a name in {fact.name}" if fact.is_text else fact.name
            for spelling, is_refused in self._spellings(fact):
                words = tuple(split_words(" ".join(spelling)))
                if words and (words not in found or is_refused > found[words].is_refused):
                    found[words] = NameHit((), words, fact, kind, is_refused)
        by_first_word: dict[str, list[tuple[int, NameHit]]] = {}
        for number, name in enumerate(found.values()):
            by_first_word.setdefault(name.spelling[0], []).append((number, name))
        return by_first_word

    def _spellings(self, fact: ExemptFact) -> list[tuple[Words, bool]]:
        if fact.is_text:
            return [one for name in find_names(self._flat(fact)) for one in spellings_of(name)]
        label = tuple(split_words(self._flat(fact))) if fact.text else ()
        return [(label, False)] if len(label) >= MIN_WHOLE_LENGTH else []

    def _find_names(self, words: Sequence[str]) -> list[NameHit]:
        """Return the names in a text, in the order in which Part 2 has them."""
        found: dict[int, NameHit] = {}
        for place in range(len(words)) if not self._names.keys().isdisjoint(words) else ():
            for number, name in self._names.get(words[place], ()):
                if tuple(words[place : place + len(name.spelling)]) == name.spelling:
                    known = found.get(number, name)
                    found[number] = known._replace(places=(*known.places, place))
        return [found[number] for number in sorted(found)]


def split_words(text: str) -> list[str]:
    """Return the words and numbers of a flat text, casefolded, without the signs between them."""
    # Casefolded one by one: `İ` becomes two characters, and the second would divide its word.
    return [word.casefold() for word in _WORD.findall(text)]


def _runs_of(words: Sequence[str], length: int) -> Iterable[Words]:
    return zip(*(words[start:] for start in range(length)), strict=False)


def _as_date(day: WrittenDay) -> date | None:
    try:
        return date(day.year, day.month, day.day)
    except ValueError:
        return None
