"""The schema of derived facts about days: how days are counted, between two days or from one to another.

Each model is one mapping of the YAML. The number of days is never a literal: a figure fixed by law is a dated value
with its citation, and any other number is a fact.
"""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from pydantic import Field, model_validator

from rules.values.citation import Declaration

DayCount: TypeAlias = Literal["calendar_days", "clear_days", "working_days", "clear_working_days"]
"""How days are counted: all, all that lie wholly between two, or only the working days among either."""
DAY_COUNT_NAMES: tuple[DayCount, ...] = get_args(DayCount)
WORKING_DAY_COUNTS: tuple[DayCount, ...] = ("working_days", "clear_working_days")
_ELSEWHERE = (
    "`true` where a bank holiday of any part of the country is a day off, so that those listed under `elsewhere` in "
    "the file of days count too. Only for working days."
)


class DaysBetween(Declaration, title="Days between two"):
    """Counts the days from one day fact to another; the function says which days count."""

    first: str = Field(alias="from", description="The day fact after which they are counted; it is not counted itself.")
    last: str = Field(alias="to", description="The day fact up to which they are counted.")
    elsewhere: bool = Field(default=False, description=_ELSEWHERE)

    @model_validator(mode="before")
    @classmethod
    def _require_both_days(cls, raw: object) -> object:
        if isinstance(raw, dict) and raw.keys() - {"elsewhere"} == {"from", "to"}:
            return raw
        raise ValueError("must name the two days, as {from: FACT, to: FACT}")


class DayNumber(Declaration, title="Number of days"):
    """The number of days: a dated value, or a fact of kind `count`."""

    value: str = Field(default="", description="The dated value that gives the number of days.")
    fact: str = Field(default="", description="The fact of kind `count` that gives the number of days.")

    @model_validator(mode="before")
    @classmethod
    def _require_one_source(cls, raw: object) -> object:
        if isinstance(raw, dict) and (raw.keys() == {"value"} or raw.keys() == {"fact"}):
            return raw
        raise ValueError(
            "must say where the number of days comes from: {value: NAME} for a dated value with its citation, or"
            " {fact: NAME} for a fact of kind count"
        )


class DayAway(Declaration, title="A number of days away"):
    """The day that lies so many days after or before another, with the number under one way of counting."""

    day: str = Field(description="The fact of kind `day` from which they are counted.")
    calendar_days: DayNumber | None = Field(default=None, description="How many days away: every day counts.")
    clear_days: DayNumber | None = Field(default=None, description="How many days lie between both; neither counts.")
    working_days: DayNumber | None = Field(default=None, description="How many working days away.")
    clear_working_days: DayNumber | None = Field(
        default=None, description="How many working days lie between both; neither counts."
    )
    elsewhere: bool = Field(default=False, description=_ELSEWHERE)

    @model_validator(mode="before")
    @classmethod
    def _require_one_counting(cls, raw: object) -> object:
        if isinstance(raw, dict) and any(raw.keys() - {"elsewhere"} == {"day", name} for name in DAY_COUNT_NAMES):
            return raw
        raise ValueError(
            "must name a day and a number of days, as {day: FACT, clear_days: {value: NAME}}; the number stands under"
            f" one of {', '.join(DAY_COUNT_NAMES)}"
        )

    @property
    def counting(self) -> DayCount:
        """How the days are counted."""
        return next(name for name in DAY_COUNT_NAMES if getattr(self, name) is not None)

    @property
    def number(self) -> DayNumber:
        """Where the number of days comes from."""
        number: DayNumber = getattr(self, self.counting)
        return number


def explain_day_function(name: object) -> str:
    """Return what to write where a condition uses a way of counting days, or "" for another name.

    Conditions compare facts; days are counted by a derived fact.
    """
    if name not in DAY_COUNT_NAMES:
        return ""
    return (
        f"{name} is a function of derived facts, not a word of conditions. Declare a derived fact, such as"
        f" notice.days: {{label: Days of notice, {name}: {{from: FACT, to: FACT}}}}, and compare it here, as"
        " notice.days: {at_least: {value: NAME}}"
    )
