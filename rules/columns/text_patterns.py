"""In which texts a function of texts can find anything: a quick test, so that the plain function reads few.

Invariant: a text for which the test fails could be left out, and the plain function would find the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rules.language.derivation_context import DerivedFact
from rules.language.derived_odd_days import has_impossible_days
from rules.language.derived_text import split_words
from rules.language.derived_wording import has_repeated_words
from rules.language.text_schema import ComparedCounts, ComparedWords, DayInText, PhraseSearch
from rules.values.facts import FactValue

Flags: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]
Relevance: TypeAlias = str | Callable[[str], bool]
"""A pattern without regard to case, or a function."""

_FOLDED_ELSEWHERE = "[\u017f\u212a\u0130\u0131]"
"""Letters that Python takes for ASCII letters whatever their case, and other libraries may not."""
_AMOUNT, _ANY = "£", ""


def _any_group(groups: Iterable[Sequence[str]]) -> str:
    """Return a pattern that each text with a group of phrases matches: by the longest word of each."""
    return _any_of(
        max((word for phrase in group for word in split_words(phrase)), key=len, default="") for group in groups
    )


def _any_of(words: Iterable[str]) -> str:
    listed = dict.fromkeys(words)
    if not all(word and word.isascii() for word in listed):
        return _ANY
    return "|".join([*map(re.escape, listed), _FOLDED_ELSEWHERE])


def _of_phrases(search: PhraseSearch) -> str:
    parts = [_any_group((*search.any_of, *search.unless)), *([_AMOUNT] if search.unless_amount else [])]
    return _ANY if _ANY in parts else "|".join(parts)


def _of_words(words: ComparedWords) -> str:
    return _any_group(group for pair in words.pairs for group in (*pair.one, *pair.other))


def _of_counts(counts: ComparedCounts) -> str:
    return _any_of(counts.nouns)


def _of_days(days: DayInText) -> str:
    return _any_group((phrase,) for phrase in days.after)


_RELEVANCE: Mapping[str, Callable[[Any], Relevance]] = {
    "mentions": _of_phrases,
    "malformed_amount": lambda _: "£|f[0-9]",
    "amount_above": lambda _: _AMOUNT,
    "amounts_apart": lambda _: _AMOUNT,
    "amount_not_explained": lambda _: f"{_AMOUNT}|:",  # a text that ends with a colon opens a list
    "parts_off_total": lambda _: _AMOUNT,
    "words_apart": _of_words,
    "counts_apart": _of_counts,
    "periods_apart": lambda _: "[0-9]{2}",
    "repeated_words": lambda _: has_repeated_words,
    "dangling_number": lambda _: r"[0-9]\.[0-9]",
    "other_reference": lambda _: "^[a-z]{2,6}[ -]?[0-9]",
    "day_in_text": _of_days,
    "amount_before": lambda _: _AMOUNT,
    "broken_words": lambda _: _ANY,
    "impossible_days": lambda _: has_impossible_days,
}


def relevance_of(fact: DerivedFact) -> Relevance:
    """Return the test for the texts of a derived fact."""
    if fact.declaration is None:
        return _ANY
    (name,) = fact.declaration.function_names()
    return _RELEVANCE[name](getattr(fact.declaration, name))


def find_relevant(relevance: Relevance, texts: Sequence[FactValue]) -> Flags:
    """Return for each of some texts whether it passes a test."""
    if relevance == _ANY:
        return np.ones(len(texts), np.bool_)
    if isinstance(relevance, str):
        array = pa.array(texts, pa.string())
        flags: Flags = pc.match_substring_regex(array, relevance, ignore_case=True).to_numpy(zero_copy_only=False)
        return flags.astype(np.bool_)
    return np.fromiter((relevance(str(text)) for text in texts), np.bool_, len(texts))
