"""What the text of a paper says, looked for by whole words, and how its paragraphs are numbered.

Words are compared without regard to case. What is found is told with its place, so that a person can look.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from rules.language.conditions import Condition
from rules.language.derived_facts import DerivationContext, DerivationFunction
from rules.values.facts import Facts, FactValue, subject_kind_of

PhraseGroup: TypeAlias = tuple[str, ...]
"""Phrases that must all stand in one sentence."""

LETTERS = "abcdefghijklmnopqrstuvwxyz"
_MAX_EXCERPT = 44  # so that fact and excerpt fit the line of a trace
_WORD = re.compile(r"\w+")
# A full stop ends a sentence only before what can begin one: “s. 43” and “approx. 5%” are one.
_SENTENCE_END = re.compile(r"(?<=[.!?])[”’\")]*\s+(?=[^\W\d_a-z]|[“‘\"(])|\n[ \t]*\n|\n(?=[ \t]*[-•] )")


def split_words(phrase: str) -> list[str]:
    """The words of a phrase, without regard to case."""
    return _WORD.findall(phrase.casefold())


@dataclass(frozen=True)
class PhraseFinder:
    """Where some texts first say one of several things, as `legal: “… under section 43 …”`; nothing where none does.

    With `alone` a text must consist of the phrase and of nothing else.
    """

    facts: tuple[str, ...]
    any_of: tuple[PhraseGroup, ...]
    alone: bool

    def __call__(self, _: DerivationContext, facts: Facts) -> FactValue | None:
        """The place in the facts of a subject."""
        for fact in self.facts:
            text = facts.get(fact)
            excerpt = _find_excerpt(text, self.any_of, self.alone) if isinstance(text, str) else ""
            if excerpt:
                return f"{fact}: “{excerpt}”"
        return None


class _PhraseMatcher:
    """Phrases that are looked for in one sentence, as patterns in which every word stands for itself."""

    def __init__(self, phrases: PhraseGroup, alone: bool) -> None:  # noqa: FBT001 - a key of a cache
        self.words = tuple(word for phrase in phrases for word in split_words(phrase))
        self.alone = alone
        self.patterns = tuple(_phrase_pattern(phrase) for phrase in phrases)

    def may_match(self, folded: str) -> bool:
        """Whether every word is somewhere in a text without regard to case, which is quickly told."""
        return all(word in folded for word in self.words)

    def find_in_sentence(self, sentence: str) -> re.Match[str] | None:
        """The first of the phrases, if all stand in a sentence; alone, if it is to be alone."""
        found = [pattern.search(sentence) for pattern in self.patterns]
        first = found[0]
        if first is None or None in found:
            return None
        rest = sentence[: first.start()] + sentence[first.end() :]
        return None if self.alone and _WORD.search(rest) else first


_phrase_matcher = lru_cache(maxsize=256)(_PhraseMatcher)


def _phrase_pattern(phrase: str) -> re.Pattern[str]:
    words = r"\W+".join(map(re.escape, split_words(phrase)))
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=1024)
def _find_excerpt(text: str, any_of: tuple[PhraseGroup, ...], alone: bool) -> str:  # noqa: FBT001 - a key of the cache
    """The place of the first thing that a text says of those looked for; every gate asks it of the same papers."""
    folded = text.casefold()
    for one in (_phrase_matcher(phrases, alone) for phrases in any_of):
        if one.may_match(folded):
            for sentence in [text] if alone else _SENTENCE_END.split(text):
                if found := one.find_in_sentence(sentence):
                    return _build_excerpt(sentence, found)
    return ""


def _build_excerpt(sentence: str, found: re.Match[str]) -> str:
    """What was found with some words round it, on one line, and no longer than a trace can show."""
    before, said, after = (
        " ".join(part.split())
        for part in (sentence[: found.start()], sentence[found.start() : found.end()], sentence[found.end() :])
    )
    room = max(_MAX_EXCERPT - len(said), 0)
    left = before if len(before) <= room // 2 else f"…{before[len(before) - room // 2 :].partition(' ')[2]}"
    room = max(room - len(left), 0)
    right = after if len(after) <= room else f"{after[:room].rpartition(' ')[0]}…"
    return _join_pieces(
        _join_pieces(left, said, sentence[: found.start()]), right, sentence[found.end() - 1 : found.end() + 1]
    )


def _join_pieces(left: str, right: str, seam: str) -> str:
    """Two pieces, with a space where the text has one between them."""
    space = " " if left and right and seam[-1:].isspace() else ""
    return f"{left}{space}{right}"


def numbering_gap(number: str, letter: str, condition: Condition) -> DerivationFunction:
    """What is missing from the numbers and letters of some subjects, or stands twice: `no d after 1c`.

    Nothing is told where nothing is missing, nor while nobody can tell which subjects are meant or a number is unknown.
    """

    def compute(context: DerivationContext, _: Facts) -> FactValue | None:
        held = [
            (one, context.evaluate(condition, one))
            for one in context.facts_by_subject(subject_kind_of(number)).values()
        ]
        meant = [one for one, holds in held if holds]
        if any(holds is None for _, holds in held) or any(number not in one for one in meant):
            return None
        return next(_find_numbering_faults([_number_and_letter(one, number, letter) for one in meant]), None)

    return compute


def _number_and_letter(facts: Facts, number: str, letter: str) -> tuple[int, str]:
    counted = facts[number]
    return counted if isinstance(counted, int) else 0, str(facts.get(letter, "")).casefold()


def _find_numbering_faults(numbered: list[tuple[int, str]]) -> Iterator[str]:
    """What is wrong with some numbers and letters, each of which may stand once and wants those before it."""
    yield from (f"{number}{letter} stands twice" for (number, letter), n in Counter(numbered).items() if n > 1)
    numbers = {number for number, _ in numbered}
    if missing := _first_missing_number(numbers):
        yield f"no {missing}" + (f" after {missing - 1}" if missing > 1 else "")
    for number in sorted(numbers):
        yield from _find_missing_letter(number, {letter for whose, letter in numbered if whose == number})


def _find_missing_letter(number: int, letters: set[str]) -> Iterator[str]:
    places = {LETTERS.find(letter) + 1 for letter in letters if len(letter) == 1}
    missing = _first_missing_number(places - {0})
    if missing:
        yield f"no {LETTERS[missing - 1]} after {number}{LETTERS[missing - 2] if missing > 1 else ''}"


def _first_missing_number(places: set[int]) -> int:
    """The first number from 1 that is left out below the highest; 0 where none is."""
    here = 1
    while here in places:
        here += 1
    return here if here <= max(places, default=0) else 0
