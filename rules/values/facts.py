"""Facts: typed, named things known about a case, and how each kind is parsed and formatted.

A name says to what a fact belongs: `exemption.section` to each exemption, `board.outcome` to the stage `board`,
`title` to the case. An address names one fact of one subject: `title`, or `exemption:s43.section`. Addresses are read
by their form alone; which kinds of subject there are is known to a `FactTable`. A value that was parsed has exactly the
type of its kind, is bounded in size and can be printed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, Strict

from rules.errors import InputError
from rules.values import money
from rules.values.calendar import long_date
from rules.values.citation import Declaration
from rules.values.days import parse_day
from rules.values.money import Money, Vat
from rules.values.names import find_meant
from rules.values.prose_parser import refuse_malformed
from rules.values.suggestions import MAX_LISTED_NAMES, closest
from rules.values.text import list_alternatives, quote, refuse_unprintable, refuse_without_glyph
from rules.values.typed_money import parse_typed_money
from rules.values.units import Unit, format_in_unit, parse_in_unit

FactValue: TypeAlias = Money | int | bool | date | str
Facts: TypeAlias = Mapping[str, FactValue]
"""Values by the names of facts, or by their addresses."""
FactKind: TypeAlias = Literal["money", "count", "flag", "day", "choice", "text"]

CASE = "case"
DAY_OF_ACT = "act.on"
"""The day of the act that is judged. It selects the law wherever a control names no other day."""
MAX_TEXT_BYTES = 60_000
MAX_COUNT = 10**15
MAX_LISTED_CHOICES = 12
"""How many choices a message lists before it says how many more there are."""
CHOICES_NEED_KIND = "belong to facts of kind choice alone, and each of these needs them"

FACT_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}(\.[a-z][a-z0-9_]{0,59})?", re.ASCII)
SUBJECT_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}", re.ASCII)
_ADDRESS = re.compile(
    r"(?:(?P<kind>[a-z][a-z0-9_]{0,39}):(?P<key>[a-z0-9][a-z0-9_-]{0,39})\.)?(?P<fact>[a-z][a-z0-9_.]{0,80})", re.ASCII
)
_COUNT = re.compile(r"0|[1-9][0-9]{0,14}|[1-9][0-9]{0,2}(,[0-9]{3}){1,4}", re.ASCII)
_FLAGS = {**dict.fromkeys(("yes", "y", "true"), True), **dict.fromkeys(("no", "n", "false"), False)}


class LinkedFact(Declaration, title="Fact of a linked case"):
    """The source of a fact in another case: the fact that names the case, and the fact there."""

    link: str = Field(description="The fact with `names_case` that names the other case; of the same thing or case.")
    fact: str = Field(
        description="The fact of the other case: one that its paper states in Part 1, that its acts record, or "
        "`case.stage`."
    )


class ChoicesBy(Declaration, title="Choices by another fact"):
    """On which other fact the choices of a fact depend, and the dated value that says which belongs to which."""

    fact: str = Field(description="The fact of kind `choice` on which they depend.")
    value: str = Field(
        description="A value of kind `choice`, `by` the fact alone: to which choice of the other fact each belongs."
    )


class PresumedDay(Declaration, title="Presumed day"):
    """How far a day can lie from another one, for cases decided elsewhere whose source does not give it."""

    of: str = Field(description="The fact of kind `day` from which it is bounded.")
    years_before: int | None = Field(
        default=None, ge=0, le=100, description="At most so many years before that day. Left out, any."
    )
    years_after: int | None = Field(
        default=None, ge=0, le=100, description="At most so many years after that day. Left out, any."
    )


class FactDeclaration(Declaration, title="Fact"):
    """One fact that a pack declares, with its kind and its label for people.

    `choices` gives the label of each choice by its code. `choices_of` names another fact whose choices it shares.
    `unit` is the unit of a count.
    """

    kind: FactKind = Field(description="What sort of value it has.")
    label: str = Field(min_length=2, description="Its name, or the question that it answers, as people read it.")
    about: str = Field(default="", description="What to state, for whoever fills in a paper.")
    choices: dict[str, str] = Field(
        default_factory=dict, description="For the kind `choice`: each code that may be stated, with its label."
    )
    choices_of: str = Field(default="", description="Another fact whose choices it shares, in the place of its own.")
    choices_by: ChoicesBy | None = Field(
        default=None,
        description="For the kind `choice`: another fact on whose choice it depends which of `choices` are offered.",
    )
    unit: Unit | None = Field(default=None, description="For the kind `count`: what the whole number counts.")
    negative: Annotated[bool, Strict()] = Field(
        default=False, description="For the kind `money`: `true` where an amount may be below zero, as a reduction is."
    )
    usually: bool | int | str | None = Field(
        default=None,
        description="The answer of most papers, which an interview offers. Give none where each case must be thought "
        "about.",
    )
    names_case: Annotated[bool, Strict()] = Field(
        default=False, description="For the kind `text`: `true` where it is the number of another case."
    )
    identifies: Annotated[bool, Strict()] = Field(
        default=False,
        description="For the kind `text`: `true` where it is a reference that no two cases of an authority share.",
    )
    from_case: LinkedFact | None = Field(
        default=None,
        description="For a fact that nobody states, as it is read from a linked case on the day of an act. It is "
        "unknown where the link is not public, or where the other case does not have it.",
    )

    presumed: PresumedDay | None = Field(
        default=None,
        description="For the kind `day`: within which years of another day it surely is, so that the law of other "
        "years does not apply. Only for cases that were decided elsewhere, where the source does not give the day.",
    )

    def parse(self, text: str) -> FactValue:
        """Parse a value as an officer writes it; raises `InputError` that says how it should look."""
        match self.kind:
            case "day":
                return parse_day(text)
            case "flag":
                return _parse_flag(text)
            case "count":
                return self._parse_typed_count(text)
            case "money":
                return parse_typed_money(text, negative=self.negative)
            case "choice":
                return self._parse_choice(find_meant(text, self.choices) or text)
            case "text":
                return clean_text(text)

    def coerce(self, raw: object) -> FactValue:
        """Check a value from YAML; raises `InputError` if it does not fit.

        `raw` is a text, whole number, flag, day, list or mapping. Text never stands for a count, flag or day here: YAML
        has those of its own, and a quoted one is more likely a mistake.
        """
        if isinstance(raw, str) and self.kind in _TEXT_KINDS:
            return self._parse_text(raw)
        if isinstance(raw, (date, bool)) and type(raw) is _NATIVE_TYPES.get(self.kind):
            return raw
        if self.kind == "count" and type(raw) is int:
            return _parse_count(str(raw))
        raise InputError(f"{_quote_raw(raw)} is not {_EXPECTED_FORMATS[self.kind]}")

    def fits(self, value: FactValue) -> bool:
        """Return whether a value that was parsed for another declaration is one of this one's."""
        if self.kind in ("choice", "text"):
            return isinstance(value, str) and (self.kind == "text" or value in self.choices)
        return type(value) is _VALUE_TYPES[self.kind]

    @property
    def usual_answer(self) -> FactValue | None:
        """Return the answer of most papers, if one is declared; raises `InputError` if it does not fit."""
        return None if self.usually is None else self.coerce(self.usually)

    @property
    def choices_summary(self) -> str:
        """Return the first choices as an error message lists them."""
        remaining = len(self.choices) - MAX_LISTED_CHOICES
        first = ", ".join(list(self.choices)[:MAX_LISTED_CHOICES])
        return f"{first} and {remaining} more" if remaining > 0 else first

    @property
    def choice_advice(self) -> str:
        """Return which choice to make: `choose trade_secret (Subsection (1)) or commercial_interests (…)`."""
        named = [f"{code} ({label.partition(': ')[0]})" for code, label in self.choices.items()]
        return f"choose {list_alternatives(named)}" if named else "take it out, because there is none to choose"

    @property
    def has_valid_choices(self) -> bool:
        """Return whether it has choices exactly if it is of kind choice."""
        return (self.kind == "choice") is bool(self.choices)

    @property
    def has_valid_sign(self) -> bool:
        """Return whether it is an amount, or is not declared to be below zero."""
        return not self.negative or self.kind == "money"

    @property
    def has_valid_link(self) -> bool:
        """Return whether it is a text, or is not declared to name or identify a case."""
        return not (self.names_case or self.identifies) or self.kind == "text"

    @property
    def has_valid_presumption(self) -> bool:
        """Return whether it is a day, or nothing is presumed of it."""
        return self.presumed is None or self.kind == "day"

    @property
    def has_valid_unit(self) -> bool:
        """Return whether it has no unit, or is a count."""
        return self.unit is None or self.kind == "count"

    def format_value(self, value: FactValue) -> str:
        """Format a value for people: a choice by its label, a day in words, a share in percent."""
        if self.unit and type(value) is int:
            return format_in_unit(self.unit, value)
        return self.choices.get(value, value) if isinstance(value, str) else format_value(value)

    def _parse_text(self, text: str) -> FactValue:
        if self.kind == "money":
            return self._parse_money(text)
        return self._parse_choice(text) if self.kind == "choice" else clean_text(text)

    def _parse_choice(self, text: str) -> str:
        if text in self.choices:
            return text
        if len(self.choices) <= MAX_LISTED_CHOICES:
            raise InputError(f"{quote(text)} is not one of {self.choices_summary}")
        # A yes or no that was meant for another fact is near no choice.
        near = "" if text.casefold() in _FLAGS else closest(text, self.choices)
        if near:
            raise InputError(f"{quote(text)} is not one of {self.choices_summary}", f"Did you mean {near}?")
        if len(self.choices) > MAX_LISTED_NAMES:
            raise InputError(f"{quote(text)} is not one of {self.choices_summary}")
        every = ", ".join(self.choices)
        raise InputError(f"{quote(text)} is not one of the {len(self.choices)} choices", f"They are: {every}.")

    def _parse_money(self, text: str) -> Money:
        amount = money.parse_money(text, negative=self.negative)
        if amount.vat is Vat.UNSTATED:  # allowed for figures of law, but an officer has to know the basis
            raise money.missing_vat_basis(text)
        return amount

    def _parse_typed_count(self, text: str) -> int:
        return _parse_count(text) if self.unit is None else parse_in_unit(self.unit, text)


_TEXT_KINDS = ("money", "text", "choice")
_NATIVE_TYPES: Mapping[str, type] = {"day": date, "flag": bool}
_VALUE_TYPES: Mapping[str, type] = {**_NATIVE_TYPES, "count": int, "money": Money}
_EXPECTED_FORMATS = {
    "money": "an amount such as '£181,302.00 ex VAT'",
    "count": "a whole number",
    "flag": "true or false",
    "day": "a day such as 2018-04-16, written without quotes",
    "choice": "one of the choices",
    "text": "text (quote it)",
}


def _parse_flag(text: str) -> bool:
    answer = text.strip().casefold()
    if answer not in _FLAGS:
        raise InputError(f"{quote(text)} is neither yes nor no", "Write yes or no.")
    return _FLAGS[answer]


def _parse_count(text: str) -> int:
    number = text.strip()
    if not _COUNT.fullmatch(number):
        raise InputError(f"{quote(text)} is not a whole number from 0 to {MAX_COUNT - 1:,}")
    return int(number.replace(",", ""))


def _quote_raw(raw: object) -> str:
    """Return a value of a file as its author would recognise it, on one short line."""
    if isinstance(raw, (dict, list)):
        return "a mapping" if isinstance(raw, dict) else "a list"
    return quote(raw) if isinstance(raw, str) else format_value(raw)


def format_value(value: object) -> str:
    """Format a value for people: a day as `7 March 2023`, a flag as yes or no."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return long_date(value) if isinstance(value, date) else str(value)


def clean_text(text: str) -> str:
    """Return a text as it is stored: composed (NFC) and trimmed.

    Raises `InputError` if it is empty, too long, cannot be printed, or has a malformed table or note.
    """
    _check_length(text)
    lines = text.replace("\r\n", "\n")
    refuse_unprintable(lines)
    composed = unicodedata.normalize("NFC", lines).strip()
    _check_length(composed)
    refuse_without_glyph(composed)
    if not composed:
        raise InputError("the text is empty; leave the fact out, or write that there is nothing to report")
    refuse_malformed(composed)
    return composed


def _check_length(text: str) -> None:
    # Checked before and after composing: normalising is slow on long text, and can make text longer.
    if len(text.encode("utf-8", "surrogatepass")) > MAX_TEXT_BYTES:
        raise InputError(f"the text is longer than {MAX_TEXT_BYTES:,} bytes")


def kind_of_subject(subject: str) -> str:
    """Return the kind of a subject: `exemption` for `exemption:s43`, `case` for the case."""
    return subject.partition(":")[0]


def key_of_subject(subject: str) -> str:
    """Return the key of a subject: `s43` of `exemption:s43`, and nothing of the case."""
    return subject.partition(":")[2]


def subject_of_address(address: str) -> str:
    """Return the subject of an address: `exemption:s43` for `exemption:s43.section`, `case` for `title`."""
    return address.partition(".")[0] if ":" in address else CASE


def address_of(fact: str, key: str = "") -> str:
    """Return the address of a fact of the subject with a key; without a key, of the case.

    `exemption.section` of `s43` is at `exemption:s43.section`.
    """
    kind, _, name = fact.partition(".")
    return f"{kind}:{key}.{name}" if key else fact


def format_caption(label: str) -> str:
    """Return a label as it stands before an answer: `Title:`, `Is publication deferred?`."""
    return label if label.endswith("?") else f"{label}:"


def is_address(text: str) -> bool:
    """Return whether a text has the form of an address."""
    return bool(_ADDRESS.fullmatch(text))


@lru_cache(maxsize=4096)
def split_address(address: str) -> tuple[str, str]:
    """Split an address into fact name and subject key (may be empty).

    `exemption:s43.section` gives `exemption.section` and `s43`. Raises `InputError` if it is not an address.
    """
    match = _ADDRESS.fullmatch(address)
    if not match:
        raise InputError(f"{quote(address, 80)} does not name a fact; write title, or exemption:s43.section")
    kind, key, fact = match["kind"], match["key"], match["fact"]
    return (fact, "") if kind is None else (f"{kind}.{fact}", key)


def group_by_subject(
    facts_by_address: Mapping[str, FactValue],
) -> tuple[dict[str, FactValue], dict[str, dict[str, FactValue]]]:
    """Split facts by address into the case's and each subject's.

    Subjects are named as `exemption:s43`, and their facts in full, as `exemption.section`.
    """
    case_facts: dict[str, FactValue] = {}
    subjects: dict[str, dict[str, FactValue]] = {}
    for address, value in facts_by_address.items():
        fact, key = split_address(address)
        if key:
            subjects.setdefault(address.partition(".")[0], {})[fact] = value
        else:
            case_facts[fact] = value
    return case_facts, subjects
