"""The schema of coverage: which provisions of an instrument the packs hold, in part, not, or need not.

Invariants:
- What is not held, and what is held only in part, says what it lacks. What is not held says when it may ask something.
- A row with `when` becomes a control of the rulebook, whose outcome is `not_held` where `when` is true: see
  `rules.packs.coverage_controls`.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self, TypeAlias

from pydantic import AfterValidator, Field, model_validator

from rules.language.provisions import split_provisions
from rules.language.schema_types import Explanation, Identifier, Period, RawCondition
from rules.values.citation import Citation, Declaration
from rules.values.facts import CASE, DAY_OF_ACT

WHOLE = "the whole"
"""All of an instrument, where it has no numbered provisions or nobody could read how it is divided."""
CoverageStatus: TypeAlias = Literal["held", "partly", "not_held", "not_for_us"]


def _check_provision(text: str) -> str:
    if text != WHOLE and not split_provisions(text):
        raise ValueError("names no provision, such as `s.12`, `regs 26 to 32` or `Schedule 8`")
    return text


Provision: TypeAlias = Annotated[str, Field(max_length=60), AfterValidator(_check_provision)]
"""Provisions as a citation names them: `s.12`, `ss.57 to 66`, `regs 26 to 32`, `Schedule 8`, or `the whole`."""


class CoverageRow(Declaration, title="Row of coverage"):
    """Some provisions of an instrument, what they are about, and whether the packs hold them."""

    provisions: tuple[Provision, ...] = Field(
        min_length=1, description="Which provisions, such as `s.12`, `ss.57 to 66`, `Schedule 8` or `the whole`."
    )
    about: Explanation = Field(description="What they are about, in one short sentence.")
    status: CoverageStatus = Field(
        description="`held`: what they ask of a case is judged. `partly`: some of it. `not_held`: none of it. "
        "`not_for_us`: they ask nothing of a decision, such as powers of a minister."
    )
    lacks: str = Field(default="", max_length=600, description="What is not judged, where they are held in part.")
    when: RawCondition = Field(
        default=None,
        description="When what is not held may ask something of a case. Then the outcome is `not_held`.",
    )
    of: Identifier = Field(default=CASE, description="What `when` looks at: the case, or each of a kind of thing.")
    gates: tuple[Identifier, ...] = Field(default=(), description="The gates at which `when` is looked at.")
    governed_by: str = Field(default=DAY_OF_ACT, description="The fact whose day decides whether they are in force.")
    in_force: Period | None = Field(
        default=None, description="The days on which they are in force. Needed with `when`."
    )
    citation: Citation = Field(description="The provisions, where to read them, and whether they were read.")

    @model_validator(mode="after")
    def _check_status(self) -> Self:
        """Refuse a row whose keys do not fit its status."""
        if self.status in ("held", "not_for_us") and (self.when is not None or self.lacks):
            raise ValueError(f"is {self.status}, so it has neither `when` nor `lacks`")
        if self.status == "not_held" and self.when is None:
            raise ValueError("is not held, so `when` must say when it may ask something of a case")
        if self.status == "partly" and not self.lacks:
            raise ValueError("is held in part, so `lacks` must say what is not judged")
        if (self.when is not None) != bool(self.gates and self.in_force):
            raise ValueError("needs `gates` and `in_force` with `when`, and has neither without it")
        return self
