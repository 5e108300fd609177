"""The schema of staged law: law that is announced, or that comes into force on a day of its own.

Invariants:
- A row judges nothing. What the packs hold of it stands in values, controls and coverage, with their own days.
- Only what was made can have a day on which it comes into force. Without one, no day is set, or none could be read.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, Self, TypeAlias

from pydantic import Field, model_validator

from rules.language.coverage_schema import CoverageStatus
from rules.language.dated_values import Day
from rules.language.schema_types import Explanation
from rules.values.citation import Citation, Declaration

StagedStatus: TypeAlias = Literal["announced", "draft", "made"]
StagedState: TypeAlias = Literal["announced", "draft", "no day known", "coming", "in force"]


class StagedLaw(Declaration, title="Staged law"):
    """One stage of an instrument: what it changes, how far it is made, and from which day it is in force."""

    about: Explanation = Field(description="What it changes for the authority, in one short sentence.")
    status: StagedStatus = Field(
        description="`announced`: somebody said that it will come. `draft`: a bill or draft is before Parliament. "
        "`made`: it was enacted or made."
    )
    first: Day | None = Field(
        default=None,
        alias="from",
        description="The first day in force, for what is `made`. Left out, no day is set or none could be read.",
    )
    held: CoverageStatus = Field(description="Whether the packs hold it, as in `coverage`.")
    citation: Citation = Field(
        description="The instrument, which is named here even if the pack names one, and where it was read."
    )

    @model_validator(mode="after")
    def _check_day(self) -> Self:
        if self.first is not None and self.status != "made":
            raise ValueError(f"is {self.status}, so it has no first day in force yet: take out `from`")
        return self

    def state_on(self, day: date) -> StagedState:
        """Return how far it is on a day."""
        if self.status != "made":
            return self.status
        if self.first is None:
            return "no day known"
        return "in force" if self.first <= day else "coming"
