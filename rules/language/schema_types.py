"""Types of keys that the models of packs and schemes share.

A pattern or a bound of a key stands here once, so that the same name is taken or refused in every file.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field, Strict, WithJsonSchema, model_validator

from rules.language.dated_values import Day
from rules.reading.pydantic_messages import IDENTIFIER_PATTERN
from rules.values.citation import Declaration

Severity: TypeAlias = Literal["blocking", "warning"]
Outcome: TypeAlias = Literal["satisfied", "breached", "not_applicable", "undetermined", "not_held"]
Identifier: TypeAlias = Annotated[str, Field(pattern=IDENTIFIER_PATTERN)]
Flag: TypeAlias = Annotated[bool, Strict()]
LanguageNumber: TypeAlias = Literal[1, 2]
"""The version of the language that a file is written in; see `rules.packs.language_versions`."""
Explanation: TypeAlias = Annotated[str, Field(min_length=8, max_length=600)]
RawCondition: TypeAlias = Annotated[Any, WithJsonSchema({"x-definition": "Condition"})]
"""A condition as its YAML is written; `rules.language.condition_parser` reads it."""


def as_tuple(raw: object) -> object:
    """Return a text as a list of one; anything else as it is."""
    return (raw,) if isinstance(raw, str) else raw


Identifiers: TypeAlias = Annotated[
    tuple[Identifier, ...], BeforeValidator(as_tuple, json_schema_input_type=Identifier | tuple[Identifier, ...])
]
"""One name, or a list of several."""


class Period(Declaration, title="Days in force"):
    """The days on which something is in force, both ends included."""

    first: Day = Field(alias="from", description="The first day in force.")
    last: Day | None = Field(
        default=None, alias="to", description="The last day in force. Left out, there is no end yet."
    )

    @model_validator(mode="before")
    @classmethod
    def _say_how_to_write_one_day(cls, raw: object) -> object:
        if isinstance(raw, date):
            raise ValueError(f"must be a period: write {{from: {raw}}} for that day and all after it")  # noqa: TRY004
        return raw

    def __str__(self) -> str:
        """Return the days as `2018-04-01 to 2019-03-31`, or `2018-04-01 onwards`."""
        return f"{self.first} to {self.last}" if self.last else f"{self.first} onwards"

    def includes(self, day: date) -> bool:
        """Return whether a day is one of those in force."""
        return self.first <= day <= (self.last or date.max)

    def contains(self, other: Period) -> bool:
        """Return whether another period is not empty and lies wholly in this one."""
        own_last, other_last = self.last or date.max, other.last or date.max
        return self.first <= other.first <= other_last <= own_last
