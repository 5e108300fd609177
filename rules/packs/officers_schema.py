"""What a scheme declares about its officers: who appoints them, and which roles must be different people.

Invariants:
- These keys are data of one authority; the workflow knows no role by name.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from rules.reading.pydantic_messages import IDENTIFIER_PATTERN
from rules.values.citation import Citation, Declaration

RoleName = Annotated[str, Field(pattern=IDENTIFIER_PATTERN)]


class AppointmentRules(Declaration, title="Who appoints"):
    """Who may appoint officers under a scheme, and how far back an appointment may begin."""

    who: tuple[RoleName, ...] = Field(min_length=1, description="The roles that may appoint officers and deputies.")
    backdating: int = Field(
        default=0,
        ge=0,
        le=3660,
        strict=True,
        description="How many days an appointment may begin before it is made without a recorded reason.",
    )
    citation: Citation | None = Field(default=None, description="Where it comes from.")
