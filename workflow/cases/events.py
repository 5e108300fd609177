"""What happens in the life of a case, and what has been done in it: commands are asked for, events have happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from rules.values.facts import FactValue

EventKind: TypeAlias = Literal["opened", "entered", "amended", "acted", "reviewed"]


@dataclass(frozen=True, slots=True)
class FactChanges:
    """Facts of one part that are set, by address, and addresses that are taken out."""

    stated: Mapping[str, FactValue] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()

    def apply_to(self, facts: Mapping[str, FactValue]) -> dict[str, FactValue]:
        """The facts after these changes."""
        after = dict(facts)
        for where in self.removed:
            after.pop(where, None)
        after.update(self.stated)
        return after


@dataclass(frozen=True, slots=True)
class Open:
    """Open a case on a paper."""

    case: str
    public: Mapping[str, FactValue]
    exempt: Mapping[str, FactValue]


@dataclass(frozen=True, slots=True)
class Import:
    """Enter a case after the fact: its paper, what its acts recorded, and the stage to which it had come."""

    case: str
    public: Mapping[str, FactValue]
    exempt: Mapping[str, FactValue]
    recorded: Mapping[str, FactValue]
    stage: str


@dataclass(frozen=True, slots=True)
class Amend:
    """Change the paper of a case."""

    public: Mapping[str, FactValue]
    exempt: Mapping[str, FactValue]
    removed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Act:
    """Do what the scheme calls by this name, stating the facts that it asks for."""

    action: str
    stated: Mapping[str, FactValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecordReview:
    """Look again at one subject, such as `exemption:s43`: what came of it, and what is stated with it in each part."""

    subject: str
    outcome: str
    public: Mapping[str, FactValue] = field(default_factory=dict)
    exempt: Mapping[str, FactValue] = field(default_factory=dict)


Command: TypeAlias = Open | Import | Amend | Act | RecordReview


@dataclass(frozen=True, slots=True)
class ActContext:
    """When something is done, by its business day, and a salt for the digests of what is exempt in it."""

    on: date
    salt: str


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to a case: by whom, in which capacity, on which day, and what it changed in each part."""

    kind: EventKind
    case: str
    scheme: str
    action: str
    officer: str
    capacity: str
    on: date
    stage: str
    public: FactChanges
    exempt: FactChanges
