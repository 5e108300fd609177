"""What a scheme declares about its officers: who appoints them, and which roles must be different people.

Invariants:
- These keys are data of one authority; the workflow knows no role by name.
"""

from __future__ import annotations

from pydantic import Field, model_validator

from rules.language.schema_types import Explanation, Identifier, Period, Severity
from rules.values.citation import Citation, Declaration

_LEAST_ROLES = 2


class AppointmentRules(Declaration, title="Who appoints"):
    """Who may appoint officers under a scheme, and how far back an appointment may begin."""

    who: tuple[Identifier, ...] = Field(min_length=1, description="The roles that may appoint officers and deputies.")
    backdating: int = Field(
        default=0,
        ge=0,
        le=3660,
        strict=True,
        description="How many days an appointment may begin before it is made without a recorded reason.",
    )
    citation: Citation | None = Field(default=None, description="Where it comes from.")


class Separation(Declaration, title="Separation of duties"):
    """Roles in which no one person may act in one case.

    Each role in `apart` is apart from each other one; with `from`, each of them is apart from each role there instead.
    """

    requirement: Explanation = Field(description="What must be apart, in a sentence.")
    apart: tuple[Identifier, ...] = Field(
        min_length=1, description="The roles that must be different people in a case."
    )
    others: tuple[Identifier, ...] = Field(
        default=(), alias="from", description="The roles from which those in `apart` are apart. [default: each other]"
    )
    severity: Severity = Field(
        default="blocking", description="`blocking`: the act is refused. `warning`: it is shown and recorded."
    )
    in_force: Period | None = Field(
        default=None, description="The days on which it is in force. [default: those of the scheme]"
    )
    citation: Citation = Field(description="Where it comes from.")

    @model_validator(mode="after")
    def _require_two_roles(self) -> Separation:
        if len(self.roles()) < _LEAST_ROLES or len(self.roles()) < len(self.apart) + len(self.others):
            raise ValueError("must name at least two roles, and each of them once")
        return self

    def roles(self) -> tuple[str, ...]:
        """The roles that it names, each once."""
        return tuple(dict.fromkeys((*self.apart, *self.others)))

    def roles_apart_from(self, role: str) -> frozenset[str]:
        """The roles in which one who acts in a role may not act; none for a role that it does not name."""
        if not self.others:
            return frozenset(self.apart) - {role} if role in self.apart else frozenset()
        if role in self.apart:
            return frozenset(self.others)
        return frozenset(self.apart) if role in self.others else frozenset()


class OverrideRule(Declaration, title="Override"):
    """Who may act although a blocking control is not met, with a reason that the record keeps."""

    who: tuple[Identifier, ...] = Field(min_length=1, description="The roles that may override the control.")
    citation: Citation = Field(description="Where it comes from.")


class LateRecording(Declaration, title="Late recording"):
    """How long after its business day an act may be recorded before the record says so."""

    after_days: int = Field(
        ge=0, le=3660, strict=True, description="An act recorded more than this many days later is marked as late."
    )
    citation: Citation = Field(description="Where it comes from.")
