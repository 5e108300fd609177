"""Functions that compare the amounts of money in the texts of a paper.

Invariants:
- A result quotes both places, so that a person can look. Nothing found says nothing about texts that are not stated.
- Two amounts differ only where neither is the other one rounded as it is written.
- What no rule can settle within `_MAX_AMOUNTS` amounts is not reported.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations

from rules.language.conditions import Condition
from rules.language.derivation_context import DerivationContext, DerivationFunction
from rules.language.derived_text import LocatedText, PhraseGroup, find_phrase, quote_at, split_sentences, texts_of
from rules.language.text_schema import AmountBefore, AmountCeiling, NearAmounts, SummarisedAmounts
from rules.values.facts import Facts, FactValue
from rules.values.found_amounts import FoundAmount, find_amounts, find_malformed_amount, find_vat_basis
from rules.values.money import Money

_MAX_AMOUNTS = 14
_MAX_EXPLAINED = 40
_FEWEST_AMOUNTS = 3
"""A total and two parts; with fewer, nothing can be wrong."""
_MOST_SHARES = 10
_LEAST_COMPARED_PENCE = 100_000
_LEAST_FIGURES = 4
_OPENS_PARTS = re.compile(
    r"(?:as follows|comprising|comprised of|comprises|made up of|broken down(?: as follows)?|consisting of|"
    r"consists of)\b|:(?=\s)",
    re.IGNORECASE,
)
_FARTHEST_TOTAL = 160
_REDUCES_TOTAL = re.compile(r"(?<!\w)(?:offset|less|net of|minus|reduced)(?!\w)", re.IGNORECASE)
"""Words of parts that are taken away, so that no sum can be told."""
_TOTAL_BEFORE = re.compile(r"(?<!\w)(?:total|overall|aggregate)\s(?:[a-z]+\s){0,3}$", re.IGNORECASE)
_LIMIT_BEFORE = re.compile(r"(?<!\w)(?:up to|at most|not exceeding|no more than|maximum of|between)\s$", re.IGNORECASE)


def malformed_amount(context: DerivationContext, facts: Facts, names: tuple[str, ...], each: tuple[str, ...]) -> str:
    """Return the first amount that cannot be read as one, such as £2,165,00, or an empty text."""
    for place, text in texts_of(context, facts, names, each):
        if words := find_malformed_amount(text):
            start = text.index(words)
            return quote_at(place, text, start, start + len(words))
    return ""


def amount_above(arguments: AmountCeiling) -> DerivationFunction:
    """Find an amount above a dated value."""

    def compute(context: DerivationContext, facts: Facts) -> FactValue | None:
        ceiling = context.figure_in_force(arguments.value, facts)
        for place, text in texts_of(context, facts, arguments.facts, arguments.each):
            for amount in find_amounts(text):
                if isinstance(ceiling, Money) and amount.pence > ceiling.pence:
                    return quote_at(place, text, amount.start, amount.end)
        return None

    return compute


def amount_before(arguments: AmountBefore) -> DerivationFunction:
    """Find the last amount that stands before some words in one sentence."""

    def compute(context: DerivationContext, facts: Facts) -> FactValue | None:
        texts = texts_of(context, facts, arguments.facts, arguments.each)
        found = (_find_amount_before(text, arguments.words, arguments.unless) for _, text in texts if "£" in text)
        return next(filter(None, found), None)

    return compute


@lru_cache(maxsize=1024)
def _find_amount_before(text: str, any_of: tuple[PhraseGroup, ...], unless: tuple[PhraseGroup, ...]) -> Money | None:
    for sentence in split_sentences(text):
        words = find_phrase(sentence, any_of)
        before = [one for one in find_amounts(sentence) if words and one.end <= words.start()]
        if before and not find_phrase(sentence, unless):
            return Money(before[-1].pence, find_vat_basis(sentence[before[-1].end :]))
    return None


def amounts_apart(arguments: NearAmounts) -> DerivationFunction:
    """Find two amounts of different texts that seem to be one sum, written differently."""

    def compute(context: DerivationContext, facts: Facts) -> FactValue | None:
        ours = _located_amounts(texts_of(context, facts, arguments.facts, arguments.each))
        others = _located_amounts(texts_of(context, facts, arguments.beside, arguments.beside_each))
        stated = {(place, one.pence) for place, one in (*ours, *others)}
        for place, amount in ours:
            for other_place, other in others:
                in_both = {(other_place, amount.pence), (place, other.pence)} & stated
                if place != other_place and not in_both and _seem_one_sum(amount, other, arguments.percent):
                    return f"{place}: “{amount.words}”; {other_place}: “{other.words}”"
        return None

    return compute


def _located_amounts(texts: Iterator[LocatedText]) -> list[tuple[str, FoundAmount]]:
    return [(place, amount) for place, text in texts for amount in find_amounts(text)]


def _seem_one_sum(one: FoundAmount, other: FoundAmount, percent: int) -> bool:
    """Return whether two amounts differ little, or by one figure or by the order of two, and by no rounding."""
    if min(one.pence, other.pence) < _LEAST_COMPARED_PENCE or one.is_same_sum_as(other):
        return False
    return 100 * abs(one.pence - other.pence) <= percent * max(one.pence, other.pence) or _is_slip(one, other)


def _is_slip(one: FoundAmount, other: FoundAmount) -> bool:
    """Return whether two amounts of four or more figures differ in one figure, or in two that changed places."""
    ours, others = str(one.pence).rstrip("0"), str(other.pence).rstrip("0")
    if len(str(one.pence)) != len(str(other.pence)) or min(len(ours), len(others)) < _LEAST_FIGURES:
        return False
    length = max(len(ours), len(others))
    differing = [
        pair for pair in zip(ours.ljust(length, "0"), others.ljust(length, "0"), strict=True) if len({*pair}) > 1
    ]
    return len(differing) == 1 or (len(differing) == 2 and Counter(differing[0]) == Counter(differing[1]))  # noqa: PLR2004


def amount_not_explained(arguments: SummarisedAmounts, condition: Condition | None = None) -> DerivationFunction:
    """Find a text with amounts of which none stands in other texts that have amounts.

    An amount also stands there if it is the sum of amounts there, a part of one of them that others of its own kind
    make up with it, or an equal share of one, such as a year's. One below a whole is a part of it: a whole stands in
    the other texts alone, or is called a total. `condition` selects the subjects whose texts are searched; the amounts
    of all can explain one.
    """

    def compute(context: DerivationContext, facts: Facts) -> FactValue | None:
        texts = _without_list_items(list(texts_of(context, facts, arguments.facts, arguments.each)))
        searched = set(texts_of(context, facts, arguments.facts, arguments.each, condition))
        others = [one for _, one in _located_amounts(texts_of(context, facts, arguments.beside, arguments.beside_each))]
        found = [find_amounts(text) for _, text in texts]
        if not others or sum(map(len, found)) > _MAX_EXPLAINED or len(others) > _MAX_AMOUNTS:
            return None
        explained = _sums([*{one.pence for one in others}])
        beside = texts_of(context, facts, arguments.beside, arguments.beside_each)
        explained |= {
            sum(one.pence for one in find_amounts(each)) for _, text in beside for each in split_sentences(text)
        }
        whole = _find_largest_whole([text for _, text in texts], others)
        for place, text in filter(searched.__contains__, texts):
            amounts = _find_decided(text)
            if amounts and not any(
                one.pence < whole or _is_explained(one, found, others, explained) for one in amounts
            ):
                return quote_at(place, text, amounts[0].start, amounts[0].end)
        return None

    return compute


def _find_decided(text: str) -> tuple[FoundAmount, ...]:
    """Return the amounts that a text calls totals, or all of them if it calls none so."""
    amounts = find_amounts(text)
    return tuple(one for one in amounts if _TOTAL_BEFORE.search(text[: one.start])) or amounts


def _find_largest_whole(texts: list[str], others: Sequence[FoundAmount]) -> int:
    """Return the largest amount among others that no text has, or that a text calls a total, or 0."""
    found = [(text, one) for text in texts for one in find_amounts(text)]
    alone = [other.pence for other in others if not any(one.is_same_sum_as(other) for _, one in found)]
    totals = [
        one.pence
        for text, one in found
        if _TOTAL_BEFORE.search(text[: one.start]) and any(one.is_same_sum_as(other) for other in others)
    ]
    return max((*alone, *totals), default=0)


def _without_list_items(texts: list[LocatedText]) -> list[LocatedText]:
    """Return texts up to the first one that ends with a colon: what follows is a list of its parts."""
    for place, (_, text) in enumerate(texts):
        if text.rstrip().endswith(":"):
            return texts[: place + 1]
    return texts


def _is_explained(
    amount: FoundAmount, found: list[tuple[FoundAmount, ...]], others: Sequence[FoundAmount], explained: set[int]
) -> bool:
    """Return whether an amount stands among others, or follows from them and the amounts found beside it."""
    if amount.pence in explained or any(amount.is_same_sum_as(other) for other in others):
        return True
    wholes = [*_wholes_of_shares(amount), *_wholes_with(amount, found), *_runs_with(amount, found)]
    return any(abs(whole - other.pence) <= other.precision * other.is_scaled for whole in wholes for other in others)


def _wholes_of_shares(amount: FoundAmount) -> Iterator[int]:
    """Yield the wholes of which an amount is an equal share."""
    return (amount.pence * shares for shares in range(2, _MOST_SHARES + 1))


def _wholes_with(amount: FoundAmount, found: list[tuple[FoundAmount, ...]]) -> Iterator[int]:
    """Yield the sums of an amount with one or two of the amounts found beside it."""
    beside = {one.pence for amounts in found for one in amounts} - {amount.pence}
    yield from (amount.pence + one for one in beside)
    yield from (amount.pence + one + other for one, other in combinations(beside, 2))


def _runs_with(amount: FoundAmount, found: list[tuple[FoundAmount, ...]]) -> Iterator[int]:
    """Yield the sums with an amount in them: of the first amounts of texts in a row, and of all amounts of a text."""
    firsts = [amounts[0].pence for amounts in found if amounts]
    runs = [firsts[first:last] for first, last in combinations(range(len(firsts) + 1), 2) if last - first > 1]
    runs += [[one.pence for one in amounts] for amounts in found]
    return (sum(run) for run in runs if amount.pence in run)


def parts_off_total(context: DerivationContext, facts: Facts, names: tuple[str, ...], each: tuple[str, ...]) -> str:
    """Return the first total whose parts, listed after it in one sentence, do not add up to it, or an empty text."""
    for place, text in texts_of(context, facts, names, each):
        for sentence in split_sentences(text) if text.count("£") >= _FEWEST_AMOUNTS else ():
            total = _find_wrong_total(sentence)
            if total is not None:
                return quote_at(place, sentence, total.start, total.end)
    return ""


def _find_wrong_total(sentence: str) -> FoundAmount | None:
    """Return a total of which no choice of the parts listed after it adds up to it."""
    if sentence.count("£") < _FEWEST_AMOUNTS or _REDUCES_TOTAL.search(sentence):
        return None
    amounts = find_amounts(sentence)
    for match in _OPENS_PARTS.finditer(sentence):
        before = [one for one in amounts if one.end <= match.start() <= one.end + _FARTHEST_TOTAL]
        parts = [one for one in amounts if one.start >= match.end()]
        if len(parts) > _MAX_AMOUNTS or (not before and match[0] != ":"):
            return None  # a list of something else: a later colon within it opens no parts
        if before and match[0] == ":" and _LIMIT_BEFORE.search(sentence[: before[-1].start]):
            return None  # each part is within a limit: awards up to £5,000
        if before and len(parts) > 1:
            return before[-1] if _is_wrong_total(before[-1], parts) else None
    return None


def _is_wrong_total(total: FoundAmount, parts: list[FoundAmount]) -> bool:
    """Return whether parts miss their total, though they come so near to it that they must be its parts."""
    slack = sum(one.precision for one in (total, *parts) if one.is_scaled) // 2
    whole = sum(one.pence for one in parts)
    is_near = total.pence <= 2 * whole <= 4 * total.pence
    return is_near and all(abs(one - total.pence) > slack for one in _sums([one.pence for one in parts]))


def _sums(amounts: Sequence[int]) -> set[int]:
    """Return the sum of each choice of some amounts."""
    sums = {0}
    for amount in amounts:
        sums |= {other + amount for other in sums}
    return sums - {0}
