"""Whether a public file would tell anything of Part 2: the last look before anybody gets it.

A Part 1 document is made from what never held Part 2. This looks again, at the file as it is, knowing both parts. Of
every exempt fact are sought its runs of four words, its amounts and days however they may be written, the codes of its
choices, and such words as neither Part 1 nor any wording of the scheme has. What Part 1 itself states is no secret; but
an exempt amount is one even where the prose of Part 1 tells it. Numbers and amounts below a thousand are not sought: a
page number could be taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
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
"""What an amount may be told in, and how that is written."""
PDF_BOILERPLATE = "assent, WeasyPrint; Adobe, Identity; default colour space"
"""What every PDF says of the programs that made it, of its fonts and of its colours."""
_WORD = re.compile(r"\w+")
_THOUSANDS_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
_LONG_WORD = re.compile(rf"[^\W\d_]{{{MIN_WORD_LETTERS},}}")
_ADVICE = (
    "Nothing has been written. If Part 1 states what is to be withheld, amend it; or state the fact in Part 1. "
    "If it does not, this is a fault of assent: report it."
)

NGram: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExemptPatterns:
    """What a public file may not tell: runs of words, amounts as runs of the digits between their signs, and words."""

    ngrams: frozenset[NGram]
    amounts: frozenset[NGram]
    words: frozenset[str]

    def find_disclosures(self, pieces: Iterable[TextPiece]) -> list[str]:
        """What kinds of secret some pieces tell, without a word of them."""
        lengths = {len(run) for run in (*self.ngrams, *self.amounts)}
        found: dict[str, None] = {}
        for piece in pieces:
            words = split_words(piece.text)
            said = {run for length in lengths for run in _sliding_windows(words, length)}
            found |= dict.fromkeys(["an exempt amount"] * (not self.amounts.isdisjoint(said)))
            found |= dict.fromkeys(["a run of words of Part 2"] * (not self.ngrams.isdisjoint(said)))
            found |= dict.fromkeys(["a word of Part 2"] * (piece.is_prose and not self.words.isdisjoint(words)))
        return list(found)


def refuse_leak(exempt_patterns: ExemptPatterns, pieces: Iterable[TextPiece], case: str) -> None:
    """Raise `DocumentError`, without a word of what is secret, where pieces of a public file tell something of it."""
    told = exempt_patterns.find_disclosures(pieces)
    if told:
        raise DocumentError(f"{case}: the document would tell {' and '.join(told)}", _ADVICE)


@dataclass(frozen=True, slots=True)
class PublicPatterns:
    """What Part 1 of a case, its scheme and the forms tell by themselves, so that it is no secret."""

    ngrams: frozenset[NGram]
    figures: frozenset[NGram]
    words: frozenset[str]

    def covers(self, ngram: NGram) -> bool:
        """Whether a run is told, or is mostly a day or an amount that is."""
        parts = (
            ngram[start:end]
            for start in range(NGRAM_LENGTH)
            for end in range(start + NGRAM_LENGTH - 1, NGRAM_LENGTH + 1)
        )
        return ngram in self.ngrams or ngram in self.figures or any(part in self.figures for part in parts)


def build_public_patterns(public_record: PublicRecord) -> PublicPatterns:
    """What is told without Part 2."""
    stated = list(_public_facts(public_record))
    texts = [text for fact, value in stated for text in _fact_texts(public_record, fact, value)]
    words = {
        word
        for text in (*texts, *_choice_labels(public_record.scheme), *FIXED_WORDING, PDF_BOILERPLATE)
        for word in split_words(text)
    }
    return PublicPatterns(
        _all_ngrams((*texts, *_scheme_texts(public_record.scheme))),
        frozenset(run for _, value in stated for run in _value_ngrams(value)),
        frozenset(words) | _scheme_words(public_record.scheme),
    )


def build_exempt_patterns(exempt_record: ExemptRecord, public_record: PublicRecord) -> ExemptPatterns:
    """What only Part 2 of a case knows, stated or worked out."""
    told = build_public_patterns(public_record)
    exempt = [(fact, exempt_record.evidence.facts_of(subject)[fact]) for subject, fact in exempt_record.evidence.exempt]
    amounts = frozenset(chain.from_iterable(_amount_ngrams(value) for _, value in exempt))
    runs = chain.from_iterable(_fact_ngrams(_fact_texts(exempt_record, fact, value), value) for fact, value in exempt)
    prose = [
        _fact_texts(exempt_record, fact, value)
        for fact, value in exempt
        if exempt_record.scheme.fact_declaration(fact).kind == "text"
    ]
    words = frozenset(chain.from_iterable(_LONG_WORD.findall(text.casefold()) for text in chain(*prose)))
    return ExemptPatterns(
        ngrams=frozenset(run for run in runs if not told.covers(run)),
        amounts=amounts - told.figures,
        words=words - told.words,
    )


def _fact_ngrams(texts: Iterable[str], value: FactValue) -> Iterator[NGram]:
    """The runs by which a fact is known again, however it is written; an amount by its figures alone."""
    for text in texts:
        yield from _identifying_ngrams(text)
    yield from (*_day_ngrams(value), *_code_ngrams(value))


def _value_ngrams(value: FactValue) -> Iterator[NGram]:
    """A fact that is no text, however it is written."""
    yield from (*_day_ngrams(value), *_code_ngrams(value), *_amount_ngrams(value))


def split_words(text: str) -> list[str]:
    """The words and numbers of a text, without regard to case and to what stands between them.

    A number with its thousands is one word, so that £500,000 is not found in £1,500,000.
    """
    return _WORD.findall(_THOUSANDS_COMMA.sub("_", text.casefold()))


def _sliding_windows(words: list[str], length: int) -> Iterator[NGram]:
    return zip(*(words[start:] for start in range(length)), strict=False)


def _identifying_ngrams(text: str) -> Iterable[NGram]:
    """The runs by which a text is known again: of four words, or the whole of one that has two or three."""
    words = split_words(text)
    return _sliding_windows(words, NGRAM_LENGTH) if len(words) >= NGRAM_LENGTH else [tuple(words)] * (len(words) > 1)


def _all_ngrams(texts: Iterable[str]) -> frozenset[NGram]:
    """Every run of two to four words in some texts."""
    split = [split_words(text) for text in texts]
    return frozenset(
        run for words in split for length in range(2, NGRAM_LENGTH + 1) for run in _sliding_windows(words, length)
    )


def _public_facts(record: PublicRecord) -> Iterator[tuple[str, FactValue]]:
    """Every fact that a public record knows of the case and its subjects, stated or worked out."""
    evidence = record.evidence
    yield from evidence.facts_of(CASE).items()
    for subject in evidence.subjects:
        yield from evidence.subjects[subject].items()


def _fact_texts(record: PublicRecord | ExemptRecord, fact: str, value: FactValue) -> set[str]:
    """A fact in words: as it is stated, and as it is read where the marks of notes are no words."""
    said = record.scheme.fact_declaration(fact).format_value(value)
    return {said, strip_note_marks(said)}


def _day_ngrams(value: FactValue) -> Iterator[NGram]:
    if isinstance(value, date):
        yield from (tuple(split_words(written)) for written in (long_date(value), value.isoformat()))


def _code_ngrams(value: FactValue) -> Iterator[NGram]:
    """A code of several words, as only programs write it."""
    if isinstance(value, str) and "_" in value and not re.search(r"\W", value):
        yield (value.casefold(),)


def _amount_ngrams(value: FactValue) -> Iterator[NGram]:
    """An amount or a count as it may be written: by thousands or plainly, with its pence or without, in millions."""
    if isinstance(value, Money):
        yield from _figure_ngrams(_format_pounds(value.pence))
    elif type(value) is int:
        yield from _figure_ngrams(_format_number(value))


def _figure_ngrams(figures: Iterable[str]) -> Iterator[NGram]:
    """Figures as the words of a text, with commas between their thousands or with anything else."""
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
    """A number in thousands, millions and billions, with up to three decimals where these give it exactly."""
    for scale, names in SCALE_SUFFIXES.items():
        for decimals in range(4):
            if number * 10**decimals % scale == 0 and 10 * number >= scale:
                figure = f"{number // scale:,}.{number % scale * 1000 // scale:03}"[: decimals - 3 or None]
                yield from (f"{figure.rstrip('.')}{name}" for name in names)


@lru_cache(maxsize=8)
def _scheme_texts(scheme: Scheme) -> tuple[str, ...]:
    """All that a scheme itself may have printed: the words of its forms and stages, and the labels of facts."""
    labels = (fact.label for fact in scheme.rulebook.facts.values())
    return (*_nested_strings(scheme.declaration.model_dump()), *labels)


@lru_cache(maxsize=8)
def _choice_labels(scheme: Scheme) -> tuple[str, ...]:
    """The labels of all choices that there are."""
    return tuple(label for fact in scheme.rulebook.facts.values() for label in fact.choices.values())


@lru_cache(maxsize=8)
def _scheme_words(scheme: Scheme) -> frozenset[str]:
    return frozenset(word for text in _scheme_texts(scheme) for word in split_words(text))


def _nested_strings(node: Any) -> Iterator[str]:  # noqa: ANN401  # any of what YAML gives
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for key, inner in node.items():
            yield from (*_nested_strings(key), *_nested_strings(inner))
    elif isinstance(node, (list, tuple)):
        for inner in node:
            yield from _nested_strings(inner)
