"""Facts: typed, named things known about a case, and how they are declared, read and said.

A fact's name is dotted where it belongs to something: `exemption.section` is a fact of each exemption,
`pib.outcome` one of a stage, `title` one of the case. An address names one fact of one subject:
`title`, or `exemption:s43.section`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Literal, TypeAlias, get_args

from pydantic import Field

from rules.errors import InputError
from rules.values import money
from rules.values.calendar import parse_day, spoken
from rules.values.citation import Declaration
from rules.values.money import Money, Vat
from rules.values.prose import refuse_misshapen
from rules.values.suggestions import did_you_mean
from rules.values.text import quoted, refuse_unprintable, refuse_without_glyph
from rules.values.units import Unit, said_in

FactValue: TypeAlias = Money | int | bool | date | str
Facts: TypeAlias = Mapping[str, FactValue]
"""What is known, by the names of facts or by their addresses."""
Kind: TypeAlias = Literal["money", "count", "flag", "day", "choice", "text"]
Several: TypeAlias = Literal["exemption", "recommendation", "contract", "section", "figure", "milestone"]
"""What a case may have several of, each a subject of its own. A `contract` is a lot, an option, a renewal or an earlier
award of the requirement, a `section` a part of the paper, a `figure` one that its text states, a `milestone` a day that
its text promises."""

CASE = "case"
DAY_OF_ACT = "act.on"
"""The day of the act that is judged, which decides the law wherever nothing names another day."""
SUBJECTS: tuple[Several, ...] = get_args(Several)
MAX_TEXT_BYTES = 60_000
MAX_COUNT = 10**15
LISTED = 12
"""Choices that a message lists; of more it says how many there are."""

NAME = re.compile(r"[a-z][a-z0-9_]{0,59}(\.[a-z][a-z0-9_]{0,59})?", re.ASCII)
KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}", re.ASCII)
_ADDRESS = re.compile(
    r"(?:(?P<kind>[a-z]+):(?P<key>[a-z0-9][a-z0-9_-]{0,39})\.)?(?P<fact>[a-z][a-z0-9_.]{0,80})", re.ASCII
)
_COUNT = re.compile(r"0|[1-9][0-9]{0,14}", re.ASCII)


class FactDeclaration(Declaration):
    """One fact that a pack declares: its kind, its label for people, and its choices where it has them.

    `choices_of` names another fact whose choices it shares, `unit` in what a count is.
    """

    kind: Kind
    label: str = Field(min_length=2)
    about: str = ""
    choices: dict[str, str] = Field(default_factory=dict)
    choices_of: str = ""
    unit: Unit | None = None

    def parse(self, typed: str) -> FactValue:
        """The value that somebody typed; raises `InputError` saying how it should look."""
        if self.kind == "day":
            return parse_day(typed)
        if self.kind == "flag":
            return self._flag(typed)
        if self.kind == "count":
            return self._count(typed)
        return self.accept(typed)

    def accept(self, given: object) -> FactValue:
        """The value that a file gives (text, whole number, flag, day); raises `InputError` where it does not fit."""
        if isinstance(given, str) and self.kind in _WRITTEN_AS_TEXT:
            return self._written(given)
        if isinstance(given, (date, bool)) and type(given) is _TAKEN_AS_IT_IS.get(self.kind):
            return given
        if self.kind == "count" and type(given) is int:
            return self._count(str(given))
        raise InputError(f"{_quoted(given)} is not {_SHAPES[self.kind]}")

    @property
    def listed(self) -> str:
        """The choices as a message lists them: all where there are few, else the first."""
        more = len(self.choices) - LISTED
        first = ", ".join(list(self.choices)[:LISTED])
        return f"{first} and {more} more" if more > 0 else first

    @property
    def has_fitting_choices(self) -> bool:
        """Whether it has choices where it is of kind choice, and none otherwise."""
        return (self.kind == "choice") is bool(self.choices)

    @property
    def has_fitting_unit(self) -> bool:
        """Whether it has a unit only where it is a count."""
        return self.unit is None or self.kind == "count"

    def say(self, value: FactValue) -> str:
        """The value as people read it: a choice by its label, a day in words, a share in percent."""
        if self.unit and type(value) is int:
            return said_in(self.unit, value)
        return self.choices.get(value, value) if isinstance(value, str) else said(value)

    def _written(self, given: str) -> FactValue:
        if self.kind == "money":
            return self._money(given)
        return self._choice(given) if self.kind == "choice" else clean_text(given)

    def _choice(self, given: str) -> str:
        if given not in self.choices:
            near = did_you_mean(given, self.choices) if len(self.choices) > LISTED else ""
            raise InputError(f"{quoted(given)} is not one of {self.listed}", near)
        return given

    @staticmethod
    def _money(given: str) -> Money:
        amount = money.parse(given)
        if amount.vat is Vat.UNSTATED:
            raise InputError(f"{given!r} does not say whether VAT counts: say ex VAT or inc VAT")
        return amount

    @staticmethod
    def _flag(typed: str) -> bool:
        if typed not in ("true", "false"):
            raise InputError(f"{quoted(typed)} is neither true nor false")
        return typed == "true"

    @staticmethod
    def _count(typed: str) -> int:
        if not _COUNT.fullmatch(typed):
            raise InputError(f"{quoted(typed)} is not a whole number from 0 to {MAX_COUNT - 1:,}")
        return int(typed)


_WRITTEN_AS_TEXT = ("money", "text", "choice")
_TAKEN_AS_IT_IS: Mapping[str, type] = {"day": date, "flag": bool}
_SHAPES = {
    "money": "an amount such as '£181,302.00 ex VAT'",
    "count": "a whole number",
    "flag": "true or false",
    "day": "a day such as 2018-04-16, written without quotes",
    "choice": "one of the choices",
    "text": "text (quote it)",
}


def _quoted(given: object) -> str:
    """What a file gives, as its author would know it again, and no longer than a line."""
    if isinstance(given, (dict, list)):
        return "a mapping" if isinstance(given, dict) else "a list"
    return quoted(given) if isinstance(given, str) else said(given)


def said(value: object) -> str:
    """A value in words: days as `7 March 2023`, flags as yes or no."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return spoken(value) if isinstance(value, date) else str(value)


def clean_text(text: str) -> str:
    """The text in Unicode's composed form, without spaces round it; its lines end as they do everywhere but on Windows.

    Raises `InputError` for what is empty, cannot be printed, or has tables or notes that are not as they must be.
    """
    _check_length(text)
    lines = text.replace("\r\n", "\n")
    refuse_unprintable(lines)
    composed = unicodedata.normalize("NFC", lines).strip()
    _check_length(composed)
    refuse_without_glyph(composed)
    if not composed:
        raise InputError("the text is empty; leave the fact out, or say in words that there is nothing to say")
    refuse_misshapen(composed)
    return composed


def _check_length(text: str) -> None:
    """Composed text can be longer than it was before; what is compared and kept is bounded."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_TEXT_BYTES:
        raise InputError(f"the text is longer than {MAX_TEXT_BYTES:,} bytes")


def subject_of(fact: str) -> str:
    """The kind of subject that a fact is told of: `exemption` for `exemption.section`, else the case."""
    prefix = fact.partition(".")[0]
    return prefix if "." in fact and prefix in SUBJECTS else CASE


def kind_of(subject: str) -> str:
    """The kind of a subject: `exemption` for `exemption:s43`, `case` for the case."""
    return subject.partition(":")[0]


def address(fact: str, key: str = "") -> str:
    """Where one fact of one subject is kept: `exemption:s43.section` for `exemption.section` of `s43`."""
    kind = subject_of(fact)
    return fact if kind == CASE else f"{kind}:{key}.{fact.partition('.')[2]}"


def is_address(written: str) -> bool:
    """Whether a text has the form of an address; there may be no such fact or subject all the same."""
    return bool(_ADDRESS.fullmatch(written))


@lru_cache(maxsize=4096)
def split_address(written: str) -> tuple[str, str]:
    """The fact's name and the subject's key ("" for the case) of an address; raises `InputError`."""
    found = _ADDRESS.fullmatch(written)
    if not found:
        raise InputError(f"{quoted(written, 80)} does not name a fact; write title, or exemption:s43.section")
    kind, key, fact = found["kind"], found["key"], found["fact"]
    if kind is None and subject_of(fact) != CASE:
        raise InputError(f"{written} is told of each {subject_of(fact)}; write {address(fact, 'KEY')} with its key")
    if kind is None:
        return fact, ""
    if kind not in SUBJECTS:
        raise InputError(f"{kind!r} is not a kind of subject; there are {', '.join(SUBJECTS)}")
    return f"{kind}.{fact}", key


def grouped(flat: Mapping[str, FactValue]) -> tuple[dict[str, FactValue], dict[str, dict[str, FactValue]]]:
    """Facts by address, as the case's own and as those of each subject (`exemption:s43`), by full fact name."""
    own: dict[str, FactValue] = {}
    subjects: dict[str, dict[str, FactValue]] = {}
    for where, value in flat.items():
        fact, key = split_address(where)
        if key:
            subjects.setdefault(where.partition(".")[0], {})[fact] = value
        else:
            own[fact] = value
    return own, subjects
