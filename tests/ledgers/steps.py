"""The steps of a script: what is recorded in a ledger, one thing after another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from rules.packs.library import Library
from tests.golden.rulings.scenes import SceneAct

FOUNDER = "Nora Nash"


@dataclass(frozen=True)
class AddOfficer:
    """Add an officer who holds some roles; without an appointer, the founder appoints."""

    name: str
    roles: tuple[str, ...]
    on: str
    by: str = FOUNDER
    first: str = ""
    last: str = ""
    instrument: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Appoint:
    """Appoint an officer to further roles."""

    name: str
    roles: tuple[str, ...]
    on: str
    by: str = FOUNDER


@dataclass(frozen=True)
class EndAppointment:
    """End an appointment to some roles; without roles, a deputyship for `principal`, or else everything."""

    name: str
    roles: tuple[str, ...]
    on: str
    by: str = FOUNDER
    principal: str = ""


@dataclass(frozen=True)
class Deputise:
    """Let an officer stand in for another, who says so."""

    name: str
    principal: str
    roles: tuple[str, ...]
    on: str
    last: str = ""
    instrument: str = "Letter of delegation"


@dataclass(frozen=True)
class OpenCase:
    """Open a case; the acts that follow are on it."""

    officer: str
    on: str
    public: Mapping[str, str]
    exempt: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class OpenPaper:
    """Open a case on a paper as a file; with `recorded` in it, the case is imported."""

    officer: str
    on: str
    paper: str


@dataclass(frozen=True)
class AmendPaper:
    """State facts in either part of the paper, and take others out."""

    officer: str
    on: str
    public: Mapping[str, str] = field(default_factory=dict)
    exempt: Mapping[str, str] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Override:
    """An act that is done in spite of a control."""

    act: SceneAct
    control: str
    reason: str


@dataclass(frozen=True)
class Correct:
    """Correct a decided case, in one of its parts."""

    officer: str
    on: str
    public: Mapping[str, str] = field(default_factory=dict)
    exempt: Mapping[str, str] = field(default_factory=dict)
    reason: str = "A figure was copied wrongly."


@dataclass(frozen=True)
class ReviewExemption:
    """Record what came of a review of an exemption."""

    officer: str
    on: str
    outcome: str
    public: Mapping[str, str]
    exempt: Mapping[str, str]
    subject: str = "exemption:s43"


@dataclass(frozen=True)
class Migrate:
    """Move the case to the flow of the packs that are used now."""

    officer: str
    on: str
    reason: str = "The scheme has changed."


@dataclass(frozen=True)
class IssueDocument:
    """Issue one part of a kind of document."""

    kind: str
    part: int
    on: str


@dataclass(frozen=True)
class UsePacks:
    """From here on, use other packs (None: those that are shipped)."""

    make: Callable[[], Library] | None = None


OnCase: TypeAlias = SceneAct | AmendPaper | Override | Correct | ReviewExemption | Migrate


@dataclass(frozen=True)
class Refused:
    """A step that these controls, among others, refuse."""

    step: OnCase
    controls: tuple[str, ...] = ()


@dataclass(frozen=True)
class NotAllowed:
    """A step that its officer is not entitled to; it leaves no trace."""

    step: OnCase


Step: TypeAlias = (
    AddOfficer | Appoint | EndAppointment | Deputise | OpenCase | OpenPaper | IssueDocument | UsePacks | Refused
    | NotAllowed | OnCase
)  # fmt: skip


@dataclass(frozen=True)
class LedgerScript:
    """What is recorded in one ledger, which somebody founds on a day; `today` is the day of the recording."""

    scheme: str
    founded: str
    today: date
    steps: tuple[Step, ...]


def staff(officers: Mapping[str, str], on: str, by: str = FOUNDER) -> tuple[AddOfficer, ...]:
    """Return the steps that add officers, each with a role."""
    return tuple(AddOfficer(name, (role,), on, by) for name, role in officers.items())


def link_to(case: str) -> dict[str, str]:
    """Return the facts that link a paper to another case of the store."""
    return {"link:other.case": case, "link:other.relation": "part_of"}


def by(scene_act: SceneAct, officer: str) -> SceneAct:
    """Return the same act, done by another officer."""
    return SceneAct(scene_act.action, officer, scene_act.on, scene_act.stated)


def dated(scene_act: SceneAct, on: str) -> SceneAct:
    """Return the same act, done on another day."""
    return SceneAct(scene_act.action, scene_act.officer, on, scene_act.stated)
