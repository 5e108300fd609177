"""Commands ask for a change to a case; events record one that happened.

An event is only ever made from a command by `workflow.cases.life.decide`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, NamedTuple, TypeAlias, TypedDict

from rules.packs.renamed_names import NameMap
from rules.values.facts import FactValue
from workflow.cases.appointments import Capacity

FIRST_FORMAT, CURRENT_FORMAT = 1, 2
"""The formats of entries. An entry is replayed by the rules of its format: see `workflow.cases.format_1`."""
EventKind: TypeAlias = Literal["opened", "entered", "amended", "acted", "reviewed", "corrected", "migrated"]
"""How the ledger calls an event; `entered` is an import."""

PART_2_KINDS: tuple[EventKind, ...] = ("opened", "entered", "amended", "reviewed", "corrected", "migrated")
"""The events that can change what Part 2 holds: all but acts."""


class AlreadyPublic(NamedTuple):
    """Words of Part 1 that an officer confirmed as already public, although facts of Part 2 resemble them, and why.

    `exempt` are the addresses of these facts.
    """

    words: str
    exempt: tuple[str, ...]
    reason: str

    def as_json(self) -> dict[str, Any]:
        """Return the form that the ledger keeps with Part 2, and that other programs read."""
        return {"words": self.words, "exempt": list(self.exempt), "reason": self.reason}


@dataclass(frozen=True, slots=True)
class FactChanges:
    """Changes to the facts of one part: values by address, and addresses to remove.

    Values stand in the order of their addresses, as in the ledger, in whatever order somebody stated them.
    """

    stated: Mapping[str, FactValue] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "stated", dict(sorted(self.stated.items())))

    def apply_to(self, facts: Mapping[str, FactValue]) -> dict[str, FactValue]:
        """Return the facts after these changes; a fact both removed and stated is stated."""
        changed = dict(facts)
        for address in self.removed:
            changed.pop(address, None)
        changed.update(self.stated)
        return changed


@dataclass(frozen=True, slots=True)
class Open:
    """Open a case on a paper."""

    case: str
    public: Mapping[str, FactValue]
    exempt: Mapping[str, FactValue]


@dataclass(frozen=True, slots=True)
class Import:
    """Import a case that was decided elsewhere: its paper, the facts that acts recorded, its stage, and its source.

    `source` is what its facts were taken from, as `PaperSource.as_json` gives it; empty for imports
    of before it was kept.
    """

    case: str
    public: Mapping[str, FactValue]
    exempt: Mapping[str, FactValue]
    recorded: Mapping[str, FactValue]
    stage: str
    source: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Amend:
    """Change the paper of a case."""

    public: Mapping[str, FactValue]
    exempt: Mapping[str, FactValue]
    removed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Act:
    """Perform an action of the scheme, with the facts that it asks for.

    `overrides` are the blocking controls that the officer overrides, each with the reason.
    """

    action: str
    stated: Mapping[str, FactValue] = field(default_factory=dict)
    overrides: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecordReview:
    """Record the outcome of a review of one subject, such as `exemption:s43`, with facts for each part."""

    subject: str
    outcome: str
    public: Mapping[str, FactValue] = field(default_factory=dict)
    exempt: Mapping[str, FactValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Migrate:
    """Move a case to the flow of other packs; `left` is the digest of the packs that it leaves."""

    left: str
    reason: str


@dataclass(frozen=True, slots=True)
class Correct:
    """Correct what a decided case says: the right values in words, by address, all in one part, and why."""

    values: Mapping[str, str]
    reason: str
    in_part_2: bool = False


Command: TypeAlias = Open | Import | Amend | Act | RecordReview | Correct | Migrate


@dataclass(frozen=True, slots=True)
class ActContext:
    """The business day of a command, the salt for the digests of its exempt facts, and the format of its entry.

    `account` is the operating system's name for who typed the command; empty where it is not known. `late_by` counts
    the days until it was recorded, if these are more than the scheme allows; else it is 0. `linked` are the facts that
    were read from linked cases, by address. `already_public` are the words of Part 1 that its officer confirmed as
    already public. `names_withheld` is false for an entry that was made before entries named what Part 2 withholds. A
    command that `is_replayed` is decided again, among those of many cases.
    """

    on: date
    salt: str
    entry_format: int = CURRENT_FORMAT
    account: str = ""
    late_by: int = 0
    linked: Mapping[str, FactValue] = field(default_factory=dict)
    already_public: tuple[AlreadyPublic, ...] = ()
    names_withheld: bool = True
    is_replayed: bool = False


@dataclass(frozen=True, slots=True)
class Migration:
    """What moved a case to another flow: the digest of the packs that it left, why, and which names changed."""

    left: str
    reason: str
    names: NameMap


@dataclass(frozen=True, slots=True)
class Withheld:
    """What Part 2 holds and forms of Part 1 print: `names` are addresses, and a value is never among them.

    `forms` is the digest of all that the forms printed when the names were given: under other forms there may be more.
    It is empty if Part 2 was empty, so that nothing is withheld under any form.
    """

    names: frozenset[str] = frozenset()
    forms: str = ""


NOTHING_WITHHELD = Withheld()
UNNAMED = Withheld(forms="unknown")
"""What is withheld after entries that may have changed it, and were made before entries named it."""


@dataclass(frozen=True, slots=True)
class Event:
    """A change that happened to a case: who made it, in which capacity, on which day, and the facts it changed.

    `stage` is the one that the case is at afterwards, and `round` how many times it has come there. `voids` are the
    versions of earlier events whose recorded facts count no more. An event of format 1 has no round and voids by
    `public.removed`. A deputy `acts_for` somebody, `under` an instrument. Only an event that moves the case to another
    flow has a `migration`. `overrides` are those of an act, and `source` is that of an imported case.
    `withheld` is None if it is as before.
    """

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
    round: int = 0
    voids: tuple[int, ...] = ()
    entry_format: int = CURRENT_FORMAT
    acts_for: str = ""
    under: str = ""
    overrides: Mapping[str, str] = field(default_factory=dict)
    migration: Migration | None = None
    late_by: int = 0
    already_public: tuple[AlreadyPublic, ...] = ()
    source: Mapping[str, str] = field(default_factory=dict)
    withheld: Withheld | None = None


class AttributedFields(TypedDict):
    """The fields of an event that say who did it, in which capacity, and when."""

    scheme: str
    officer: str
    capacity: str
    acts_for: str
    under: str
    on: date
    entry_format: int
    late_by: int
    already_public: tuple[AlreadyPublic, ...]


class Attribution(NamedTuple):
    """Who does what an event records, in which capacity, under which scheme, on which day."""

    officer: str
    capacity: Capacity
    scheme: str
    act_context: ActContext

    def event_fields(self) -> AttributedFields:
        """Return the fields of every event of the officer."""
        return AttributedFields(
            scheme=self.scheme,
            officer=self.officer,
            capacity=self.capacity.role,
            acts_for=self.capacity.acts_for,
            under=self.capacity.under,
            on=self.act_context.on,
            entry_format=self.act_context.entry_format,
            late_by=self.act_context.late_by,
            already_public=self.act_context.already_public,
        )
