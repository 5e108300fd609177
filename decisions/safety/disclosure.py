"""The last check before a public file is issued: does it give away anything of Part 2?

A Part 1 document is made from data that never held Part 2. This check reads the finished file and knows both parts.

- It searches for every run of four words of an exempt fact; its amounts and days, however they are written; the codes
  of its choices; and words that neither Part 1 nor the wording of the scheme contains.
- A fact that Part 1 states is public. An exempt amount stays secret even if the prose of Part 1 repeats it.
- Numbers below 1,000 are not searched for: a page number could be mistaken for one.
- No message repeats a word of Part 2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import Any, TypeAlias

from decisions.documents.record_views import ExemptRecord, PublicRecord
from decisions.documents.wording import FIXED_WORDING
from decisions.errors import DocumentError
from decisions.output.extraction import TextPiece
from rules.packs.scheme import Scheme
from rules.values.calendar import long_date
from rules.values.facts import CASE, FactValue
from rules.values.money import Money
from rules.values.prose_parser import strip_note_marks

NGRAM_LENGTH = 4
MIN_WORD_LETTERS = 5
MIN_NUMBER, MIN_UNSEPARATED_NUMBER = 1_000, 10_000
SCALE_SUFFIXES = {10**3: ("k", " thousand"), 10**6: ("m", "mn", " million"), 10**9: ("bn", " billion")}
"""The scales in which an amount may be written, with their suffixes."""
PDF_BOILERPLATE = "assent, WeasyPrint; Adobe, Identity; default colour space"
"""Words in every PDF about the programs that made it, its fonts and its colours."""
_WORD = re.compile(r"\w+")
_THOUSANDS_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
_LONG_WORD = re.compile(rf"[^\W\d_]{{{MIN_WORD_LETTERS},}}")
_ADVICE = (
    "Nothing has been written. If Part 1 states what is to be withheld, amend it; or state the fact in Part 1. "
    "If it does not, this is a fault of assent: report it."
)

NGram: TypeAlias = tuple[str, ...]
"""Consecutive words of a text, casefolded; a number with its thousands is one word: "1_500_000"."""


@dataclass(frozen=True, slots=True)
class ExemptPatterns:
    """What a public file may not contain: runs of words, amounts, and single words of prose."""

    ngrams: frozenset[NGram]
    amounts: frozenset[NGram]
    words: frozenset[str]

    def find_disclosures(self, pieces: Iterable[TextPiece]) -> list[str]:
        """Return which kinds of secret some pieces of text contain, each once, without repeating them."""
        lengths = {len(ngram) for ngram in (*self.ngrams, *self.amounts)}
        disclosures: dict[str, None] = {}
        for piece in pieces:
            words = split_words(piece.text)
            ngrams = {ngram for length in lengths for ngram in _sliding_windows(words, length)}
            if not self.amounts.isdisjoint(ngrams):
                disclosures["an exempt amount"] = None
            if not self.ngrams.isdisjoint(ngrams):
                disclosures["a run of words of Part 2"] = None
            if piece.is_prose and not self.words.isdisjoint(words):
                disclosures["a word of Part 2"] = None
        return list(disclosures)

    def find_stretches(self, text: str) -> list[str]:
        """Return each stretch of a flat text that consists of what it may not contain, as it stands there."""
        joined = _THOUSANDS_COMMA.sub("_", text.casefold())
        shown = text if len(text) == len(joined) else joined  # a few letters have a longer small form
        matches = list(_WORD.finditer(joined))
        words = [match.group() for match in matches]
        secret = {place for place, word in enumerate(words) if word in self.words}
        for length in {len(ngram) for ngram in (*self.ngrams, *self.amounts)}:
            for place, ngram in enumerate(_sliding_windows(words, length)):
                if ngram in self.ngrams or ngram in self.amounts:
                    secret.update(range(place, place + length))
        firsts = sorted(place for place in secret if place - 1 not in secret)
        lasts = sorted(place for place in secret if place + 1 not in secret)
        return [shown[matches[first].start() : matches[last].end()] for first, last in zip(firsts, lasts, strict=True)]


def refuse_leak(exempt_patterns: ExemptPatterns, pieces: Iterable[TextPiece], case: str) -> None:
    """Raise `DocumentError` if the text of a public file gives away something of Part 2."""
    disclosures = exempt_patterns.find_disclosures(pieces)
    if disclosures:
        raise DocumentError(f"{case}: the document would give away {' and '.join(disclosures)}", _ADVICE)


@dataclass(frozen=True, slots=True)
class PublicPatterns:
    """What is public anyway: by the facts of Part 1, the texts of the scheme, and the wording of documents."""

    ngrams: frozenset[NGram]
    figures: frozenset[NGram]
    words: frozenset[str]

    def covers(self, ngram: NGram) -> bool:
        """Whether a run of words is public, or consists mostly of a day or an amount that is."""
        parts = (
            ngram[start:end]
            for start in range(NGRAM_LENGTH)
            for end in range(start + NGRAM_LENGTH - 1, NGRAM_LENGTH + 1)
        )
        return ngram in self.ngrams or ngram in self.figures or any(part in self.figures for part in parts)


def build_public_patterns(public_record: PublicRecord, confirmed: Sequence[str] = ()) -> PublicPatterns:
    """Return what can be read without Part 2, and what was `confirmed` as already public."""
    facts = list(_public_facts(public_record))
    texts = [text for fact, value in facts for text in _fact_texts(public_record, fact, value)]
    confirmed_runs = frozenset(chain.from_iterable(map(_runs_within, confirmed)))
    words = {
        word
        for text in (*texts, *confirmed, *_choice_labels(public_record.scheme), *FIXED_WORDING, PDF_BOILERPLATE)
        for word in split_words(text)
    }
    return PublicPatterns(
        _all_ngrams((*texts, *confirmed, *scheme_texts(public_record.scheme))),
        frozenset(ngram for _, value in facts for ngram in _value_ngrams(value)) | confirmed_runs,
        frozenset(words) | _scheme_words(public_record.scheme),
    )


def build_exempt_patterns(exempt_record: ExemptRecord, public_record: PublicRecord) -> ExemptPatterns:
    """Return what only Part 2 of a case contains, stated or derived."""
    public = build_public_patterns(public_record, [known.words for known in exempt_record.already_public])
    evidence, scheme = exempt_record.evidence, exempt_record.scheme
    exempt = [(fact, evidence.facts_of(subject)[fact]) for subject, fact in evidence.exempt]
    ngrams = chain.from_iterable(_fact_ngrams(_fact_texts(exempt_record, fact, value), value) for fact, value in exempt)
    prose = (
        text
        for fact, value in exempt
        if scheme.is_text(fact, value)
        for text in _fact_texts(exempt_record, fact, value)
    )
    words = frozenset(chain.from_iterable(_LONG_WORD.findall(text.casefold()) for text in prose))
    return ExemptPatterns(
        ngrams=frozenset(ngram for ngram in ngrams if not public.covers(ngram)),
        amounts=_find_amounts(exempt_record) - public.figures,
        words=words - public.words,
    )


def build_amount_patterns(exempt_record: ExemptRecord, public_record: PublicRecord) -> ExemptPatterns:
    """Return the amounts that only Part 2 of a case contains: all that a document of its Part 1 could repeat.

    Every run of words of such a document is public already, because Part 1 has it.
    """
    figures = chain.from_iterable(_amount_ngrams(value) for _, value in _public_facts(public_record))
    confirmed = chain.from_iterable(_runs_within(known.words) for known in exempt_record.already_public)
    amounts = _find_amounts(exempt_record) - frozenset(figures) - frozenset(confirmed)
    return ExemptPatterns(frozenset(), amounts, frozenset())


def build_patterns_of_amounts(values: Iterable[FactValue]) -> ExemptPatterns:
    """Return the amounts and counts among some values, in each way of writing them."""
    return ExemptPatterns(frozenset(), frozenset(chain.from_iterable(map(_amount_ngrams, values))), frozenset())


def _find_amounts(exempt_record: ExemptRecord) -> frozenset[NGram]:
    evidence = exempt_record.evidence
    values = (evidence.facts_of(subject)[fact] for subject, fact in evidence.exempt)
    return frozenset(chain.from_iterable(map(_amount_ngrams, values)))


def _fact_ngrams(texts: Iterable[str], value: FactValue) -> Iterator[NGram]:
    """Yield the runs that identify a fact, however it is written; amounts are searched for by themselves."""
    for text in texts:
        yield from _identifying_ngrams(text)
    yield from (*_day_ngrams(value), *_code_ngrams(value))


def _value_ngrams(value: FactValue) -> Iterator[NGram]:
    """Yield the runs that identify a day, a code or an amount, however it is written."""
    yield from (*_day_ngrams(value), *_code_ngrams(value), *_amount_ngrams(value))


def split_words(text: str) -> list[str]:
    """Return the words and numbers of a text, casefolded, without the signs between them.

    A number with its thousands is one word, so that £500,000 is not found in £1,500,000.
    """
    return _WORD.findall(_THOUSANDS_COMMA.sub("_", text.casefold()))


def _sliding_windows(words: list[str], length: int) -> Iterator[NGram]:
    return zip(*(words[start:] for start in range(length)), strict=False)


def _identifying_ngrams(text: str) -> Iterable[NGram]:
    """Return the runs that identify a text: each of four words, or the whole of a text of two or three words."""
    words = split_words(text)
    return _sliding_windows(words, NGRAM_LENGTH) if len(words) >= NGRAM_LENGTH else [tuple(words)] * (len(words) > 1)


def _all_ngrams(texts: Iterable[str]) -> frozenset[NGram]:
    """Return every run of two to four words in some texts."""
    return frozenset(
        ngram
        for words in map(split_words, texts)
        for length in range(2, NGRAM_LENGTH + 1)
        for ngram in _sliding_windows(words, length)
    )


def _runs_within(text: str) -> Iterator[NGram]:
    """Yield every run of words of a text that is short enough to be an amount, a day or a run that is searched for."""
    words = split_words(text)
    yield from chain.from_iterable(_sliding_windows(words, length) for length in range(1, NGRAM_LENGTH + 1))


def _public_facts(record: PublicRecord) -> Iterator[tuple[str, FactValue]]:
    """Yield every fact of the case and its subjects that a public record knows, stated or derived."""
    evidence = record.evidence
    yield from evidence.facts_of(CASE).items()
    for subject in evidence.subjects:
        yield from evidence.subjects[subject].items()


def _fact_texts(record: PublicRecord | ExemptRecord, fact: str, value: FactValue) -> set[str]:
    """Return a fact in words, with its note marks and without."""
    words = record.scheme.describe_value(fact, value)
    return {words, strip_note_marks(words)}


def _day_ngrams(value: FactValue) -> Iterator[NGram]:
    if isinstance(value, date):
        yield from (tuple(split_words(written)) for written in (long_date(value), value.isoformat()))


def _code_ngrams(value: FactValue) -> Iterator[NGram]:
    """Yield a code of several words, such as `trade_secret`, which only a program would write."""
    if isinstance(value, str) and "_" in value and not re.search(r"\W", value):
        yield (value.casefold(),)


def _amount_ngrams(value: FactValue) -> Iterator[NGram]:
    """Yield an amount or a count in each way of writing it: with commas or without, with pence, in millions."""
    if isinstance(value, Money):
        yield from _figure_ngrams(_format_pounds(abs(value.pence)))
    elif type(value) is int:
        yield from _figure_ngrams(_format_number(value))


def _figure_ngrams(figures: Iterable[str]) -> Iterator[NGram]:
    """Yield figures as words of a text, with a comma or any other sign between their thousands."""
    for figure in figures:
        yield from {tuple(split_words(figure)), tuple(split_words(figure.replace(",", " ")))}


def _format_pounds(total_pence: int) -> list[str]:
    pounds, pence = divmod(total_pence, 100)
    if pounds < MIN_NUMBER:
        return []
    return [
        f"{pounds:,}.{pence:02}",
        f"{pounds}.{pence:02}",
        str(total_pence),
        *([] if pence else _format_number(pounds)),
    ]


def _format_number(number: int) -> Iterator[str]:
    if number >= MIN_NUMBER:
        yield f"{number:,}"
        yield from _format_scaled(number)
    if number >= MIN_UNSEPARATED_NUMBER:
        yield str(number)


def _format_scaled(number: int) -> Iterator[str]:
    """Yield a number in thousands, millions and billions, if three decimals are enough to give it exactly."""
    for scale, names in SCALE_SUFFIXES.items():
        for decimals in range(4):
            if number * 10**decimals % scale == 0 and 10 * number >= scale:
                figure = f"{number // scale:,}.{number % scale * 1000 // scale:03}"[: decimals - 3 or None]
                yield from (f"{figure.rstrip('.')}{name}" for name in names)


@lru_cache(maxsize=8)
def scheme_texts(scheme: Scheme) -> tuple[str, ...]:
    """Return all texts of a scheme that a document may print: of its templates and stages, and labels of facts."""
    labels = (fact.label for fact in scheme.rulebook.facts.values())
    return (*_nested_strings(scheme.declaration.model_dump()), *labels)


@lru_cache(maxsize=8)
def _choice_labels(scheme: Scheme) -> tuple[str, ...]:
    """Return the labels of all choices of all facts."""
    return tuple(label for fact in scheme.rulebook.facts.values() for label in fact.choices.values())


@lru_cache(maxsize=8)
def _scheme_words(scheme: Scheme) -> frozenset[str]:
    return frozenset(word for text in scheme_texts(scheme) for word in split_words(text))


def _nested_strings(node: Any) -> Iterator[str]:  # noqa: ANN401  # any value that YAML can hold
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for key, inner in node.items():
            yield from (*_nested_strings(key), *_nested_strings(inner))
    elif isinstance(node, (list, tuple)):
        for inner in node:
            yield from _nested_strings(inner)
