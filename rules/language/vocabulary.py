"""Gates and kinds of subject: the words that packs and schemes declare for what is judged, and when.

Python knows none of these words. A `Vocabulary` holds all that the files of one scheme declare, in the order in which
they were declared; findings are listed by kind of subject in that order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import Field

from rules.values.citation import Declaration


class GateDeclaration(Declaration, title="Gate"):
    """A gate: the controls that are checked before an act."""

    label: str = Field(min_length=3, description="What passes the gate, as people read it.")
    about: str = Field(default="", description="When it is passed.")


class SubjectKindDeclaration(Declaration, title="Kind of subject"):
    """A kind of thing that a case may have several of, such as exemptions or votes."""

    label: str = Field(min_length=2, description="One of them, as people read it.")
    plural: str = Field(min_length=2, description="Several of them, as people read it.")
    about: str = Field(default="", description="What it is.")


class PackNeeds(Declaration, title="Needs"):
    """What a pack needs and does not declare itself: a scheme that takes the pack must have it.

    All but packs may have other names in a scheme, which then maps them where it takes the pack.
    """

    packs: tuple[str, ...] = Field(default=(), description="Other packs, by name.")
    facts: tuple[str, ...] = Field(default=(), description="Facts that the scheme or one of its packs declares.")
    stages: tuple[str, ...] = Field(default=(), description="Stages of the scheme.")
    tasks: tuple[str, ...] = Field(default=(), description="Tasks of its stages.")
    roles: tuple[str, ...] = Field(default=(), description="Roles of the scheme.")
    actions: tuple[str, ...] = Field(default=(), description="Actions of the scheme.")
    outcomes: tuple[str, ...] = Field(default=(), description="Outcomes that its actions record.")
    gates: tuple[str, ...] = Field(default=(), description="Gates that the scheme or one of its packs declares.")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The gates and the kinds of subject of one scheme, by name."""

    gates: Mapping[str, GateDeclaration] = field(default_factory=dict)
    subject_kinds: Mapping[str, SubjectKindDeclaration] = field(default_factory=dict)
