"""Functions that derive facts from texts: phrases in them, and gaps in the numbers of paragraphs.

Phrases are found by whole words, whatever their case. The result quotes the place, so that a person can look. A search
takes linear time, because anybody may write the text that is searched.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from rules.language.conditions import Condition
from rules.language.derivation_context import DerivationContext, DerivationFunction
from rules.values.facts import Facts, FactValue

PhraseGroup: TypeAlias = tuple[str, ...]
"""Phrases that must all stand in one sentence."""

LETTERS = "abcdefghijklmnopqrstuvwxyz"
_MAX_EXCERPT = 44  # so that the fact's name and the excerpt fit one line of a trace
_WORD = re.compile(r"\w+")
# A full stop ends a sentence only before something that can begin one, so not in “s. 43” or “approx. 5%”.
_SENTENCE_END = re.compile(r"(?<=[.!?])[”’\")]*\s+(?=[^\W\d_a-z]|[“‘\"(])|\n[ \t]*\n|\n(?=[ \t]*[-•] )")


def split_words(phrase: str) -> list[str]:
    """Return the words of a phrase in folded case."""
    return _WORD.findall(phrase.casefold())


@dataclass(frozen=True)
class PhraseFinder:
    """Finds the first of several phrases in several texts, such as `legal: “… under section 43 …”`.

    Each item of `any_of` is a group of phrases that must all be in one sentence. With `alone`, a text must consist of
    the phrase and nothing else.
    """

    facts: tuple[str, ...]
    any_of: tuple[PhraseGroup, ...]
    alone: bool

    def __call__(self, _: DerivationContext, facts: Facts) -> FactValue | None:
        """Return the first place in the facts of a subject, or None."""
        for fact in self.facts:
            text = facts.get(fact)
            excerpt = _find_excerpt(text, self.any_of, self.alone) if isinstance(text, str) else ""
            if excerpt:
                return f"{fact}: “{excerpt}”"
        return None


class _PhraseMatcher:
    """A group of phrases compiled for searching; no sign in a phrase acts as a pattern."""

    def __init__(self, phrases: PhraseGroup, alone: bool) -> None:  # noqa: FBT001 - a key of a cache
        self.words = tuple(word for phrase in phrases for word in split_words(phrase))
        self.alone = alone
        self.patterns = tuple(_phrase_pattern(phrase) for phrase in phrases)

    def may_match(self, folded: str) -> bool:
        """Return whether a case-folded text has every word: a quick test."""
        return all(word in folded for word in self.words)

    def find_in_sentence(self, sentence: str) -> re.Match[str] | None:
        """Return the match of the first phrase, if all phrases are in a sentence."""
        matches = [pattern.search(sentence) for pattern in self.patterns]
        first = matches[0]
        if first is None or None in matches:
            return None
        rest = sentence[: first.start()] + sentence[first.end() :]
        return None if self.alone and _WORD.search(rest) else first


_phrase_matcher = lru_cache(maxsize=256)(_PhraseMatcher)


def _phrase_pattern(phrase: str) -> re.Pattern[str]:
    words = r"\W+".join(map(re.escape, split_words(phrase)))
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=1024)
def _find_excerpt(text: str, any_of: tuple[PhraseGroup, ...], alone: bool) -> str:  # noqa: FBT001 - a key of the cache
    """Return an excerpt of a text at the first group of phrases found, or an empty text.

    Results are cached, because every gate searches the same papers.
    """
    folded = text.casefold()
    for matcher in (_phrase_matcher(phrases, alone) for phrases in any_of):
        if matcher.may_match(folded):
            for sentence in [text] if alone else _SENTENCE_END.split(text):
                if match := matcher.find_in_sentence(sentence):
                    return _build_excerpt(sentence, match)
    return ""


def _build_excerpt(sentence: str, match: re.Match[str]) -> str:
    """Return a match with some words before and after it, on one line that fits a trace."""
    before, phrase, after = (
        " ".join(part.split())
        for part in (sentence[: match.start()], sentence[match.start() : match.end()], sentence[match.end() :])
    )
    room = max(_MAX_EXCERPT - len(phrase), 0)
    left = before if len(before) <= room // 2 else f"…{before[len(before) - room // 2 :].partition(' ')[2]}"
    room = max(room - len(left), 0)
    right = after if len(after) <= room else f"{after[:room].rpartition(' ')[0]}…"
    return _join_pieces(
        _join_pieces(left, phrase, sentence[: match.start()]), right, sentence[match.end() - 1 : match.end() + 1]
    )


def _join_pieces(left: str, right: str, boundary: str) -> str:
    """Join two pieces, with a space if the text between them (`boundary`) ends in one."""
    space = " " if left and right and boundary[-1:].isspace() else ""
    return f"{left}{space}{right}"


def numbering_gap(number: str, letter: str, condition: Condition) -> DerivationFunction:
    """Find the first gap or duplicate in numbers: `no d after 1c`.

    `condition` selects the subjects. The result is unknown if nothing is missing, and as long as a selection or number
    is unknown.
    """

    def compute(context: DerivationContext, _: Facts) -> FactValue | None:
        evaluated = [
            (subject_facts, context.evaluate(condition, subject_facts)) for subject_facts in context.related_subjects()
        ]
        selected = [subject_facts for subject_facts, holds in evaluated if holds]
        if any(holds is None for _, holds in evaluated) or any(number not in facts for facts in selected):
            return None
        return next(_find_numbering_faults([_number_and_letter(facts, number, letter) for facts in selected]), None)

    return compute


def _number_and_letter(facts: Facts, number: str, letter: str) -> tuple[int, str]:
    value = facts[number]
    return value if isinstance(value, int) else 0, str(facts.get(letter, "")).casefold()


def _find_numbering_faults(numbered: list[tuple[int, str]]) -> Iterator[str]:
    """Yield duplicates, then the first missing number, then the first missing letter of each number."""
    yield from (f"{number}{letter} stands twice" for (number, letter), n in Counter(numbered).items() if n > 1)
    numbers = {number for number, _ in numbered}
    if missing := _first_missing_number(numbers):
        yield f"no {missing}" + (f" after {missing - 1}" if missing > 1 else "")
    for number in sorted(numbers):
        yield from _find_missing_letter(number, {letter for its_number, letter in numbered if its_number == number})


def _find_missing_letter(number: int, letters: set[str]) -> Iterator[str]:
    positions = {LETTERS.find(letter) + 1 for letter in letters if len(letter) == 1}
    missing = _first_missing_number(positions - {0})
    if missing:
        yield f"no {LETTERS[missing - 1]} after {number}{LETTERS[missing - 2] if missing > 1 else ''}"


def _first_missing_number(numbers: set[int]) -> int:
    """Return the first number from 1 that is missing below the highest, or 0 if none is."""
    candidate = 1
    while candidate in numbers:
        candidate += 1
    return candidate if candidate <= max(numbers, default=0) else 0
