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

from decisions.documents.build import FIXED
from decisions.documents.record_views import ExemptRecord, PublicRecord
from decisions.errors import DocumentError
from decisions.output.extraction import Piece
from rules.packs.scheme import Scheme
from rules.values.calendar import spoken
from rules.values.facts import CASE, FactValue
from rules.values.money import Money
from rules.values.prose import without_marks

RUN = 4
RARE = 5
LEAST, NO_YEAR = 1_000, 10_000
SCALES = {10**3: ("k", " thousand"), 10**6: ("m", "mn", " million"), 10**9: ("bn", " billion")}
"""What an amount may be told in, and how that is written."""
IN_FILES = "assent, WeasyPrint; Adobe, Identity; default colour space"
"""What every PDF says of the programs that made it, of its fonts and of its colours."""
_WORD = re.compile(r"\w+")
_THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
_LETTERS = re.compile(rf"[^\W\d_]{{{RARE},}}")
_ADVICE = (
    "Nothing has been written. If Part 1 states what is to be withheld, amend it; or state the fact in Part 1. "
    "If it does not, this is a fault of assent: report it."
)

Run: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Secrets:
    """What a public file may not tell: runs of words, amounts as runs of the digits between their signs, and words."""

    runs: frozenset[Run]
    amounts: frozenset[Run]
    words: frozenset[str]

    def told_in(self, pieces: Iterable[Piece]) -> list[str]:
        """What kinds of secret some pieces tell, without a word of them."""
        lengths = {len(run) for run in (*self.runs, *self.amounts)}
        found: dict[str, None] = {}
        for piece in pieces:
            words = words_of(piece.text)
            said = {run for length in lengths for run in _windows(words, length)}
            found |= dict.fromkeys(["an exempt amount"] * (not self.amounts.isdisjoint(said)))
            found |= dict.fromkeys(["a run of words of Part 2"] * (not self.runs.isdisjoint(said)))
            found |= dict.fromkeys(["a word of Part 2"] * (piece.is_speech and not self.words.isdisjoint(words)))
        return list(found)


def refuse_leak(secrets: Secrets, pieces: Iterable[Piece], case: str) -> None:
    """Raise `DocumentError`, without a word of what is secret, where pieces of a public file tell something of it."""
    told = secrets.told_in(pieces)
    if told:
        raise DocumentError(f"{case}: the document would tell {' and '.join(told)}", _ADVICE)


@dataclass(frozen=True, slots=True)
class Open:
    """What Part 1 of a case, its scheme and the forms tell by themselves, so that it is no secret."""

    runs: frozenset[Run]
    figures: frozenset[Run]
    words: frozenset[str]

    def tells(self, run: Run) -> bool:
        """Whether a run is told, or is mostly a day or an amount that is."""
        parts = (run[start:end] for start in range(RUN) for end in range(start + RUN - 1, RUN + 1))
        return run in self.runs or run in self.figures or any(part in self.figures for part in parts)


def open_in(public: PublicRecord) -> Open:
    """What is told without Part 2."""
    stated = list(_stated(public))
    texts = [text for fact, value in stated for text in _prose(public, fact, value)]
    words = {word for text in (*texts, *_labels(public.scheme), *FIXED, IN_FILES) for word in words_of(text)}
    return Open(
        _all_runs((*texts, *_wording(public.scheme))),
        frozenset(run for _, value in stated for run in _written(value)),
        frozenset(words) | _words_of(public.scheme),
    )


def secrets_of(whole: ExemptRecord, public: PublicRecord) -> Secrets:
    """What only Part 2 of a case knows, stated or worked out."""
    told = open_in(public)
    exempt = [(fact, whole.evidence.of(subject)[fact]) for subject, fact in whole.evidence.exempt]
    amounts = frozenset(chain.from_iterable(_of_amount(value) for _, value in exempt))
    runs = chain.from_iterable(_known_by(_prose(whole, fact, value), value) for fact, value in exempt)
    prose = [_prose(whole, fact, value) for fact, value in exempt if whole.scheme.declared(fact).kind == "text"]
    words = frozenset(chain.from_iterable(_LETTERS.findall(text.casefold()) for text in chain(*prose)))
    return Secrets(
        runs=frozenset(run for run in runs if not told.tells(run)),
        amounts=amounts - told.figures,
        words=words - told.words,
    )


def _known_by(said: Iterable[str], value: FactValue) -> Iterator[Run]:
    """The runs by which a fact is known again, however it is written; an amount by its figures alone."""
    for text in said:
        yield from _runs_of(text)
    yield from (*_of_day(value), *_of_code(value))


def _written(value: FactValue) -> Iterator[Run]:
    """A fact that is no text, however it is written."""
    yield from (*_of_day(value), *_of_code(value), *_of_amount(value))


def words_of(text: str) -> list[str]:
    """The words and numbers of a text, without regard to case and to what stands between them.

    A number with its thousands is one word, so that £500,000 is not found in £1,500,000.
    """
    return _WORD.findall(_THOUSANDS.sub("_", text.casefold()))


def _windows(words: list[str], length: int) -> Iterator[Run]:
    return zip(*(words[start:] for start in range(length)), strict=False)


def _runs_of(text: str) -> Iterable[Run]:
    """The runs by which a text is known again: of four words, or the whole of one that has two or three."""
    words = words_of(text)
    return _windows(words, RUN) if len(words) >= RUN else [tuple(words)] * (len(words) > 1)


def _all_runs(texts: Iterable[str]) -> frozenset[Run]:
    """Every run of two to four words in some texts."""
    split = [words_of(text) for text in texts]
    return frozenset(run for words in split for length in range(2, RUN + 1) for run in _windows(words, length))


def _stated(record: PublicRecord) -> Iterator[tuple[str, FactValue]]:
    """Every fact that a public record knows of the case and its subjects, stated or worked out."""
    evidence = record.evidence
    yield from evidence.of(CASE).items()
    for subject in evidence.subjects:
        yield from evidence.subjects[subject].items()


def _prose(record: PublicRecord | ExemptRecord, fact: str, value: FactValue) -> set[str]:
    """A fact in words: as it is stated, and as it is read where the marks of notes are no words."""
    said = record.scheme.declared(fact).say(value)
    return {said, without_marks(said)}


def _of_day(value: FactValue) -> Iterator[Run]:
    if isinstance(value, date):
        yield from (tuple(words_of(written)) for written in (spoken(value), value.isoformat()))


def _of_code(value: FactValue) -> Iterator[Run]:
    """A code of several words, as only programs write it."""
    if isinstance(value, str) and "_" in value and not re.search(r"\W", value):
        yield (value.casefold(),)


def _of_amount(value: FactValue) -> Iterator[Run]:
    """An amount or a count as it may be written: by thousands or plainly, with its pence or without, in millions."""
    if isinstance(value, Money):
        yield from _as_read(_in_pounds(value.pence))
    elif type(value) is int:
        yield from _as_read(_whole(value))


def _as_read(written: Iterable[str]) -> Iterator[Run]:
    """Figures as the words of a text, with commas between their thousands or with anything else."""
    for figure in written:
        yield from {tuple(words_of(figure)), tuple(words_of(figure.replace(",", " ")))}


def _in_pounds(amount: int) -> list[str]:
    pounds, pence = divmod(amount, 100)
    if pounds < LEAST:
        return []
    return [f"{pounds:,}.{pence:02}", f"{pounds}.{pence:02}", str(amount), *([] if pence else _whole(pounds))]


def _whole(number: int) -> Iterator[str]:
    if number >= LEAST:
        yield f"{number:,}"
        yield from _scaled(number)
    if number >= NO_YEAR:
        yield str(number)


def _scaled(number: int) -> Iterator[str]:
    """A number in thousands, millions and billions, with up to three decimals where these give it exactly."""
    for scale, names in SCALES.items():
        for decimals in range(4):
            if number * 10**decimals % scale == 0 and 10 * number >= scale:
                figure = f"{number // scale:,}.{number % scale * 1000 // scale:03}"[: decimals - 3 or None]
                yield from (f"{figure.rstrip('.')}{name}" for name in names)


@lru_cache(maxsize=8)
def _wording(scheme: Scheme) -> tuple[str, ...]:
    """All that a scheme itself may have printed: the words of its forms and stages, and the labels of facts."""
    labels = (fact.label for fact in scheme.rulebook.facts.values())
    return (*_strings(scheme.text.model_dump()), *labels)


@lru_cache(maxsize=8)
def _labels(scheme: Scheme) -> tuple[str, ...]:
    """The labels of all choices that there are."""
    return tuple(label for fact in scheme.rulebook.facts.values() for label in fact.choices.values())


@lru_cache(maxsize=8)
def _words_of(scheme: Scheme) -> frozenset[str]:
    return frozenset(word for text in _wording(scheme) for word in words_of(text))


def _strings(part: Any) -> Iterator[str]:  # noqa: ANN401  # any of what YAML gives
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for key, inner in part.items():
            yield from (*_strings(key), *_strings(inner))
    elif isinstance(part, (list, tuple)):
        for inner in part:
            yield from _strings(inner)
