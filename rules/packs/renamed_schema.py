"""How the head of a scheme says what was renamed."""

from __future__ import annotations

from pydantic import Field

from rules.values.citation import Declaration


class RenamedNames(Declaration, title="Renamed"):
    """The names that earlier versions of the scheme had for what it has now.

    Each old name leads straight to the name of today. Cases move to a changed scheme by it, and officers keep their
    roles.
    """

    stages: dict[str, str] = Field(default_factory=dict, description="For each old stage, the stage of today.")
    tasks: dict[str, str] = Field(default_factory=dict, description="For each old task, the task of today.")
    roles: dict[str, str] = Field(
        default_factory=dict, description="For each old role, the role that its officers hold today."
    )
    actions: dict[str, str] = Field(
        default_factory=dict, description="For each old action or outcome of a review, the one of today."
    )
    outcomes: dict[str, str] = Field(
        default_factory=dict, description="For each old `outcome` of an action or a review, the one of today."
    )
    facts: dict[str, str] = Field(
        default_factory=dict, description="For each old fact, the fact of the same kind that keeps its value today."
    )
