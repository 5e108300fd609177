"""Functions that derive facts from texts: phrases in them, and gaps in the numbers of paragraphs.

Phrases are found by whole words, whatever their case. The result quotes the place, so that a person can look. A search
takes linear time, because anybody may write the text that is searched.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from typing import TypeAlias

from rules.language.conditions import Condition
from rules.language.derivation_context import DerivationContext, DerivationFunction
from rules.values.facts import Facts, FactValue, address_of, key_of_subject
from rules.values.found_amounts import find_amounts, is_limit_of_rule
from rules.values.lazy_pattern import compile_lazily

PhraseGroup: TypeAlias = tuple[str, ...]
"""Phrases that must all stand in one sentence."""
LocatedText: TypeAlias = tuple[str, str]
"""The address of a text, and the text."""

_MAX_REMEMBERED = 2048
LETTERS = "abcdefghijklmnopqrstuvwxyz"
_MAX_EXCERPT = 44  # so that the fact's name and the excerpt fit one line of a trace
_MOST_QUOTES = 6
_WORD = re.compile(r"\w+")
_WORD_OR_NUMBER, _ANY_NUMBER = re.compile(r"\w+|#"), r"\W*[0-9]+"
# A full stop ends a sentence only before something that can begin one, so not in “s. 43” or “approx. 5%”.
_SENTENCE_END = re.compile(r"(?<=[.!?])[”’\")]*\s+(?=[^\W\d_a-z]|[“‘\"(])|\n[ \t]*\n|\n(?=[ \t]*[-•] )")


def split_words(phrase: str) -> list[str]:
    """Return the words of a phrase in folded case."""
    return _WORD.findall(phrase.casefold())


@lru_cache(maxsize=_MAX_REMEMBERED)
def split_sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of a text, and the items of its lists; kept, because many controls search the same text."""
    return tuple(_SENTENCE_END.split(text))


def texts_of(
    context: DerivationContext,
    facts: Facts,
    names: tuple[str, ...],
    each: tuple[str, ...],
    condition: Condition | None = None,
) -> Iterator[LocatedText]:
    """Yield each stated text among facts, then among those of each related subject, with its address.

    A subject for which a condition does not hold is left out.
    """
    for fact in names:
        if isinstance(text := facts.get(fact), str):
            yield fact, text
    if not each:
        return
    if condition is None:
        # Many facts search the same texts. These stand before the first of them is derived, and do not change.
        cache_key = (context.related_kind, each)
        if cache_key not in context.text_cache:
            context.text_cache[cache_key] = tuple(_texts_of_related(context, each))
        yield from context.text_cache[cache_key]
        return
    yield from _texts_of_related(context, each, condition)


def _texts_of_related(
    context: DerivationContext, each: tuple[str, ...], condition: Condition | None = None
) -> Iterator[LocatedText]:
    for subject, subject_facts in context.subjects_by_kind.get(context.related_kind, {}).items():
        if condition is not None and context.evaluate(condition, subject_facts) is False:
            continue
        for fact in each:
            if isinstance(text := subject_facts.get(fact), str):
                yield address_of(fact, key_of_subject(subject)), text


def quote_at(place: str, text: str, start: int, end: int) -> str:
    """Return a place with the words that stand there: `legal: “… under section 43 …”`."""
    return f"{place}: “{_build_excerpt(text, start, end)}”"


def join_quotes(quotes: Iterable[str]) -> str:
    """Return several places with their words as one text; more than a person can look at are left out."""
    return "; ".join(islice(quotes, _MOST_QUOTES))


@dataclass(frozen=True)
class PhraseFinder:
    """Finds the first of several phrases in several texts, such as `legal: “… under section 43 …”`.

    Each item of `any_of` is a group of phrases that must all be in one sentence. With `alone`, a text must consist of
    the phrase and nothing else. `each` are facts of the related subjects. Nothing is found if one of these texts or of
    those `beside` has one of `unless`, if one of `unless_amount` or of `each` has an amount, or if one of
    `unless_stated` is stated. `named` are those of the facts that the pack names in full.
    """

    facts: tuple[str, ...]
    any_of: tuple[PhraseGroup, ...]
    alone: bool
    each: tuple[str, ...] = ()
    unless: tuple[PhraseGroup, ...] = ()
    beside: tuple[str, ...] = ()
    unless_amount: tuple[str, ...] = ()
    unless_stated: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    def __call__(self, context: DerivationContext, facts: Facts) -> FactValue | None:
        """Return the first place in the facts of a subject, or None."""
        for place, text in texts_of(context, facts, self.facts, self.each):
            if excerpt := self._searched.find_excerpt(text):
                return None if self._is_excepted(context, facts) else f"{place}: “{excerpt}”"
        return None

    @cached_property
    def _searched(self) -> PhrasePatterns:
        return PhrasePatterns(self.any_of, alone=self.alone)

    @cached_property
    def _excepted(self) -> PhrasePatterns:
        return PhrasePatterns(self.unless)

    def _is_excepted(self, context: DerivationContext, facts: Facts) -> bool:
        """Return whether something is stated that makes the phrases right."""
        if any(fact in facts for fact in self.unless_stated):
            return True
        texts = texts_of(context, facts, (*self.facts, *self.beside), self.each) if self.unless else ()
        if any(self._excepted.find_excerpt(text) for _, text in texts):
            return True
        with_amounts = texts_of(context, facts, self.unless_amount, self.each) if self.unless_amount else ()
        return any(_has_own_amount(text) for _, text in with_amounts)


@lru_cache(maxsize=1024)
def _has_own_amount(text: str) -> bool:
    """Return whether a text has an amount of its matter, and not only the limit of a rule."""
    if "£" not in text:
        return False
    return any(not is_limit_of_rule(each, one) for each in split_sentences(text) for one in find_amounts(each))


@lru_cache(maxsize=_MAX_REMEMBERED)
def find_words(text: str) -> frozenset[str]:
    """Return the words of a text in folded case; kept, because many controls search the same text."""
    return frozenset(_WORD.findall(text.casefold()))


class PhrasePatterns:
    """Groups of phrases, compiled to be searched in many texts."""

    def __init__(self, any_of: tuple[PhraseGroup, ...], *, alone: bool = False) -> None:
        self._alone = alone
        self._matchers = tuple(_PhraseMatcher(phrases, alone=alone) for phrases in any_of)
        # The longest word of each group is the least usual one; a group of numbers alone has none.
        self._rare_words = frozenset(max(each.needed_words, key=len, default="") for each in self._matchers)

    def find_excerpt(self, text: str) -> str:
        """Return an excerpt of a text at the first group of phrases found, or an empty text."""
        for matcher in self._matchers_for(text):
            for sentence in [text] if self._alone else split_sentences(text):
                if match := matcher.find_in_sentence(sentence):
                    return _build_excerpt(sentence, match.start(), match.end())
        return ""

    def find_match(self, sentence: str) -> re.Match[str] | None:
        """Return the first phrase of the first group of which all phrases are in a sentence, or None."""
        matches = (matcher.find_in_sentence(sentence) for matcher in self._matchers_for(sentence))
        return next((match for match in matches if match), None)

    def _matchers_for(self, text: str) -> Iterator[_PhraseMatcher]:
        """Return the groups whose words are all in a text."""
        words = find_words(text)
        if "" not in self._rare_words and self._rare_words.isdisjoint(words):
            return iter(())
        return (matcher for matcher in self._matchers if matcher.needed_words <= words)


class _PhraseMatcher:
    """A group of phrases compiled for searching; no sign in a phrase acts as a pattern.

    A text without one of the `needed_words` has no match.
    """

    def __init__(self, phrases: PhraseGroup, *, alone: bool) -> None:
        self.needed_words = frozenset(word for phrase in phrases for word in _needed_words(phrase))
        self._alone = alone
        self._patterns = tuple(_phrase_pattern(phrase) for phrase in phrases)

    def find_in_sentence(self, sentence: str) -> re.Match[str] | None:
        """Return the match of the first phrase, if all phrases are in a sentence."""
        matches = [pattern.search(sentence) for pattern in self._patterns]
        first = matches[0]
        if first is None or None in matches:
            return None
        rest = sentence[: first.start()] + sentence[first.end() :]
        return None if self._alone and _WORD.search(rest) else first


def _needed_words(phrase: str) -> Iterator[str]:
    """Yield the words of a phrase that stand by themselves: one before a number may be joined to it, as in s43."""
    words = _WORD_OR_NUMBER.findall(phrase.casefold())
    yield from (word for word, later in zip(words, [*words[1:], ""], strict=True) if "#" not in (word, later))


def _phrase_pattern(phrase: str) -> re.Pattern[str]:
    """Return the pattern of a phrase; `#` stands for a number, which needs no space before it: s 43, s.43, s43."""
    pieces = [_ANY_NUMBER if word == "#" else rf"\W+{re.escape(word)}" for word in _WORD_OR_NUMBER.findall(phrase)]
    words = "".join(pieces).removeprefix(r"\W+")
    return compile_lazily(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=256)
def _patterns_of(any_of: tuple[PhraseGroup, ...]) -> PhrasePatterns:
    return PhrasePatterns(any_of)


def find_phrase(sentence: str, any_of: tuple[PhraseGroup, ...]) -> re.Match[str] | None:
    """Return the first phrase of the first group of which all phrases are in a sentence, or None."""
    return _patterns_of(any_of).find_match(sentence)


def _build_excerpt(sentence: str, start: int, end: int) -> str:
    """Return a place in a sentence with some words before and after it, on one line that fits a trace."""
    before, phrase, after = (" ".join(part.split()) for part in (sentence[:start], sentence[start:end], sentence[end:]))
    room = max(_MAX_EXCERPT - len(phrase), 0)
    left = before if len(before) <= room // 2 else f"…{before[len(before) - room // 2 :].partition(' ')[2]}"
    room = max(room - len(left), 0)
    right = after if len(after) <= room else f"{after[:room].rpartition(' ')[0]}…"
    return _join_pieces(_join_pieces(left, phrase, sentence[:start]), right, sentence[end - 1 : end + 1])


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
        holds_of, numbered = context.evaluator(condition), list[tuple[int, str]]()
        for subject_facts in context.related_subjects():
            holds = holds_of(subject_facts)
            if holds is None or (holds and number not in subject_facts):
                return None
            if holds:
                numbered.append(_number_and_letter(subject_facts, number, letter))
        return find_numbering_gap(numbered)

    return compute


def find_numbering_gap(numbered: list[tuple[int, str]]) -> str | None:
    """Return the first gap or duplicate in numbers and letters (in folded case), or None if there is none."""
    return next(_find_numbering_faults(numbered), None)


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
