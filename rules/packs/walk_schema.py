"""Walks as their YAML is written: who does what on which day, and where the case then stands.

Walks prove the flow of a scheme as examples prove its controls. They stand in example files, and are no part of a pack.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import Field, WithJsonSchema

from rules.language.dated_values import Day
from rules.language.schema_types import Flag, Identifier
from rules.values.citation import Declaration

StatedFacts: TypeAlias = Annotated[dict[str, object], WithJsonSchema({"x-definition": "Facts"})]
"""Facts as a paper states them; `rules.packs.stated_facts` reads them."""
OPEN_STEP = "open"


class WalkPaper(Declaration, title="Paper of a walk"):
    """The facts of a paper with which walks begin."""

    public: StatedFacts = Field(default_factory=dict, description="What it states in Part 1.")
    exempt: StatedFacts = Field(default_factory=dict, description="What it states in Part 2.")


class WalkStep(Declaration, title="Step of a walk"):
    """One thing that somebody does, or tries to do.

    A step that names neither `refused_by` nor `not_entitled` must succeed. `refused_by` names controls that shut the
    gate; others may shut it too.
    """

    do: str = Field(
        min_length=1, description="`open`, `amend`, `correct`, an action of the scheme, or an outcome of a review."
    )
    who: str = Field(alias="as", min_length=1, description="Who does it: a role, or one of the walk's `officers`.")
    on: Day = Field(description="The day on which it is done.")
    given: StatedFacts = Field(default_factory=dict, alias="set", description="Facts that are stated with it.")
    exempt: StatedFacts = Field(
        default_factory=dict, alias="set_exempt", description="Facts that are stated with it in Part 2."
    )
    linked: StatedFacts = Field(
        default_factory=dict, description="What is read of linked cases: facts declared with `from_case`."
    )
    of: str = Field(default="", description="For the outcome of a review: what is reviewed, such as `exemption:s43`.")
    reason: str = Field(default="", description="For `correct`: why; `set` or `set_exempt` gives what is right.")
    override: dict[str, str] = Field(
        default_factory=dict, description="Controls that the officer overrides, each with the reason."
    )
    refused_by: tuple[str, ...] = Field(default=(), description="The controls that refuse it.")
    not_entitled: Flag = Field(default=False, description="`true` where the officer may not do it at all.")
    at: Identifier | None = Field(default=None, description="The stage at which the case then stands.")
    then: StatedFacts = Field(default_factory=dict, description="Facts that the public record then has.")
    unknown: tuple[str, ...] = Field(default=(), description="Facts that the public record then does not have.")


class Walk(Declaration, title="Walk"):
    """A case from its opening on, step by step, by named people.

    Without `officers`, each role is held by a person of its own, whom a step names by the role.
    """

    name: str = Field(min_length=8, description="What the walk shows, in a sentence.")
    paper: str = Field(default="", description="The paper of the file's `papers` with which the case is opened.")
    officers: dict[str, tuple[Identifier, ...]] = Field(
        default_factory=dict, description="People with their roles, where one person holds several."
    )
    steps: tuple[WalkStep, ...] = Field(min_length=1, description="What is done, in order. The first step is `open`.")
    shows: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="Documents, by kind, each with words that its Part 1 has at the end."
    )
