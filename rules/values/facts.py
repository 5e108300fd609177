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
from rules.values.calendar import long_date, parse_day
from rules.values.citation import Declaration
from rules.values.money import Money, Vat
from rules.values.prose_parser import refuse_malformed
from rules.values.suggestions import did_you_mean
from rules.values.text import quote, refuse_unprintable, refuse_without_glyph
from rules.values.units import Unit, format_in_unit

FactValue: TypeAlias = Money | int | bool | date | str
Facts: TypeAlias = Mapping[str, FactValue]
"""What is known, by the names of facts or by their addresses."""
FactKind: TypeAlias = Literal["money", "count", "flag", "day", "choice", "text"]
SubjectKind: TypeAlias = Literal["exemption", "recommendation", "contract", "section", "figure", "milestone"]
"""What a case may have several of, each a subject of its own. A `contract` is a lot, an option, a renewal or an earlier
award of the requirement, a `section` a part of the paper, a `figure` one that its text states, a `milestone` a day that
its text promises."""

CASE = "case"
DAY_OF_ACT = "act.on"
"""The day of the act that is judged, which decides the law wherever nothing names another day."""
SUBJECT_KINDS: tuple[SubjectKind, ...] = get_args(SubjectKind)
MAX_TEXT_BYTES = 60_000
MAX_COUNT = 10**15
MAX_LISTED_CHOICES = 12
"""Choices that a message lists; of more it says how many there are."""

FACT_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}(\.[a-z][a-z0-9_]{0,59})?", re.ASCII)
SUBJECT_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}", re.ASCII)
_ADDRESS = re.compile(
    r"(?:(?P<kind>[a-z]+):(?P<key>[a-z0-9][a-z0-9_-]{0,39})\.)?(?P<fact>[a-z][a-z0-9_.]{0,80})", re.ASCII
)
_COUNT = re.compile(r"0|[1-9][0-9]{0,14}", re.ASCII)


class FactDeclaration(Declaration, title="Fact"):
    """One fact that a pack declares: its kind, its label for people, and its choices where it has them.

    `choices_of` names another fact whose choices it shares, `unit` in what a count is.
    """

    kind: FactKind = Field(description="What sort of value it has.")
    label: str = Field(min_length=2, description="Its name, as people read it.")
    about: str = Field(default="", description="What to state, for whoever fills in a paper.")
    choices: dict[str, str] = Field(
        default_factory=dict, description="For the kind `choice`: each code that may be stated, with its label."
    )
    choices_of: str = Field(default="", description="Another fact whose choices it shares, in the place of its own.")
    unit: Unit | None = Field(default=None, description="For the kind `count`: what the whole number counts.")

    def parse(self, text: str) -> FactValue:
        """The value that somebody typed; raises `InputError` saying how it should look."""
        if self.kind == "day":
            return parse_day(text)
        if self.kind == "flag":
            return self._parse_flag(text)
        if self.kind == "count":
            return self._parse_count(text)
        return self.coerce(text)

    def coerce(self, raw: object) -> FactValue:
        """The value that a file gives (text, whole number, flag, day); raises `InputError` where it does not fit."""
        if isinstance(raw, str) and self.kind in _TEXT_KINDS:
            return self._parse_written(raw)
        if isinstance(raw, (date, bool)) and type(raw) is _NATIVE_TYPES.get(self.kind):
            return raw
        if self.kind == "count" and type(raw) is int:
            return self._parse_count(str(raw))
        raise InputError(f"{_quote_raw(raw)} is not {_EXPECTED_FORMATS[self.kind]}")

    @property
    def choices_summary(self) -> str:
        """The choices as a message lists them: all where there are few, else the first."""
        more = len(self.choices) - MAX_LISTED_CHOICES
        first = ", ".join(list(self.choices)[:MAX_LISTED_CHOICES])
        return f"{first} and {more} more" if more > 0 else first

    @property
    def has_valid_choices(self) -> bool:
        """Whether it has choices where it is of kind choice, and none otherwise."""
        return (self.kind == "choice") is bool(self.choices)

    @property
    def has_valid_unit(self) -> bool:
        """Whether it has a unit only where it is a count."""
        return self.unit is None or self.kind == "count"

    def format_value(self, value: FactValue) -> str:
        """The value as people read it: a choice by its label, a day in words, a share in percent."""
        if self.unit and type(value) is int:
            return format_in_unit(self.unit, value)
        return self.choices.get(value, value) if isinstance(value, str) else format_value(value)

    def _parse_written(self, text: str) -> FactValue:
        if self.kind == "money":
            return self._parse_money(text)
        return self._parse_choice(text) if self.kind == "choice" else clean_text(text)

    def _parse_choice(self, text: str) -> str:
        if text not in self.choices:
            near = did_you_mean(text, self.choices) if len(self.choices) > MAX_LISTED_CHOICES else ""
            raise InputError(f"{quote(text)} is not one of {self.choices_summary}", near)
        return text

    @staticmethod
    def _parse_money(text: str) -> Money:
        amount = money.parse_money(text)
        if amount.vat is Vat.UNSTATED:
            raise InputError(f"{text!r} does not say whether VAT counts: say ex VAT or inc VAT")
        return amount

    @staticmethod
    def _parse_flag(text: str) -> bool:
        if text not in ("true", "false"):
            raise InputError(f"{quote(text)} is neither true nor false")
        return text == "true"

    @staticmethod
    def _parse_count(text: str) -> int:
        if not _COUNT.fullmatch(text):
            raise InputError(f"{quote(text)} is not a whole number from 0 to {MAX_COUNT - 1:,}")
        return int(text)


_TEXT_KINDS = ("money", "text", "choice")
_NATIVE_TYPES: Mapping[str, type] = {"day": date, "flag": bool}
_EXPECTED_FORMATS = {
    "money": "an amount such as '£181,302.00 ex VAT'",
    "count": "a whole number",
    "flag": "true or false",
    "day": "a day such as 2018-04-16, written without quotes",
    "choice": "one of the choices",
    "text": "text (quote it)",
}


def _quote_raw(raw: object) -> str:
    """What a file gives, as its author would know it again, and no longer than a line."""
    if isinstance(raw, (dict, list)):
        return "a mapping" if isinstance(raw, dict) else "a list"
    return quote(raw) if isinstance(raw, str) else format_value(raw)


def format_value(value: object) -> str:
    """A value in words: days as `7 March 2023`, flags as yes or no."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return long_date(value) if isinstance(value, date) else str(value)


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
    refuse_malformed(composed)
    return composed


def _check_length(text: str) -> None:
    """Composed text can be longer than it was before; what is compared and kept is bounded."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_TEXT_BYTES:
        raise InputError(f"the text is longer than {MAX_TEXT_BYTES:,} bytes")


def subject_kind_of(fact: str) -> str:
    """The kind of subject that a fact is told of: `exemption` for `exemption.section`, else the case."""
    prefix = fact.partition(".")[0]
    return prefix if "." in fact and prefix in SUBJECT_KINDS else CASE


def kind_of_subject(subject: str) -> str:
    """The kind of a subject: `exemption` for `exemption:s43`, `case` for the case."""
    return subject.partition(":")[0]


def address_of(fact: str, key: str = "") -> str:
    """Where one fact of one subject is kept: `exemption:s43.section` for `exemption.section` of `s43`."""
    kind = subject_kind_of(fact)
    return fact if kind == CASE else f"{kind}:{key}.{fact.partition('.')[2]}"


def is_address(text: str) -> bool:
    """Whether a text has the form of an address; there may be no such fact or subject all the same."""
    return bool(_ADDRESS.fullmatch(text))


@lru_cache(maxsize=4096)
def split_address(address: str) -> tuple[str, str]:
    """The fact's name and the subject's key ("" for the case) of an address; raises `InputError`."""
    found = _ADDRESS.fullmatch(address)
    if not found:
        raise InputError(f"{quote(address, 80)} does not name a fact; write title, or exemption:s43.section")
    kind, key, fact = found["kind"], found["key"], found["fact"]
    if kind is None and subject_kind_of(fact) != CASE:
        raise InputError(
            f"{address} is told of each {subject_kind_of(fact)}; write {address_of(fact, 'KEY')} with its key"
        )
    if kind is None:
        return fact, ""
    if kind not in SUBJECT_KINDS:
        raise InputError(f"{kind!r} is not a kind of subject; there are {', '.join(SUBJECT_KINDS)}")
    return f"{kind}.{fact}", key


def group_by_subject(
    by_address: Mapping[str, FactValue],
) -> tuple[dict[str, FactValue], dict[str, dict[str, FactValue]]]:
    """Facts by address, as the case's own and as those of each subject (`exemption:s43`), by full fact name."""
    own: dict[str, FactValue] = {}
    subjects: dict[str, dict[str, FactValue]] = {}
    for where, value in by_address.items():
        fact, key = split_address(where)
        if key:
            subjects.setdefault(where.partition(".")[0], {})[fact] = value
        else:
            own[fact] = value
    return own, subjects
