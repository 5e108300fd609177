"""A case in two parts: its public part, and apart from it the exempt part (Part 2).

`Case` never holds a fact of Part 2. Code that may not see Part 2 takes a `Case`; code that may takes a `FullCase`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from rules.values.facts import FactValue
from workflow.cases.events import CURRENT_FORMAT, NOTHING_WITHHELD, AlreadyPublic, Withheld

IMPORTED_ON = "entered.on"


@dataclass(frozen=True, slots=True)
class RecordedAct:
    """One event of a case: where, when and by whom it was done, and the public facts that it recorded.

    `stage` and `round` are those in which it was done, and `entered` says whether it brought the case to a stage. Facts
    at the addresses in `voided` do not count any more; `voided_by` is the version of the event that voided them. A
    deputy `acts_for` somebody, `under` an instrument. `overrides` are the controls that it overrode.
    `late_by` counts the days until it was recorded, if the scheme calls that late.
    """

    version: int
    kind: str
    action: str
    stage: str
    round: int
    officer: str
    capacity: str
    on: date
    facts: Mapping[str, FactValue]
    entered: bool
    voided: frozenset[str] = frozenset()
    voided_by: int | None = None
    acts_for: str = ""
    under: str = ""
    overrides: Mapping[str, str] = field(default_factory=dict)
    entry_format: int = CURRENT_FORMAT
    late_by: int = 0

    @property
    def by(self) -> str:
        """Return who acted, in words: `A Lee`, or for a deputy `A Lee for B Reed under Decision 12`."""
        under = f" under {self.under}" if self.under else ""
        return f"{self.officer} for {self.acts_for}{under}" if self.acts_for else self.officer

    @property
    def recorded_later_on(self) -> date | None:
        """The day on which the act was recorded, if the scheme calls that late; None if it was recorded in time."""
        return self.on + timedelta(days=self.late_by) if self.late_by else None

    def describe_lateness(self) -> str:
        """Return how late the act was recorded, if the scheme calls that late: `recorded 3,150 days later`."""
        return f"recorded {self.late_by:,} days later" if self.late_by else ""

    def describe_overrides(self) -> str:
        """Return the controls that the act overrode, each with the reason; empty if there are none."""
        return "; ".join(f"in spite of {control}: {reason}" for control, reason in self.overrides.items())

    @property
    def is_void(self) -> bool:
        """Return whether it recorded something, and nothing of it counts any more."""
        return bool(self.facts) and self.facts.keys() <= self.voided


@dataclass(frozen=True, slots=True)
class Case:
    """The public part of a case: its stage, the day of its last act, and its public facts by address.

    `acts` are all its events, in order. `rounds` counts how many times the case has come to each stage. `source` is
    what an imported case was taken from, as `PaperSource.as_json` gives it; empty for a case that was opened here, and
    for imports of before it was kept.
    """

    id: str
    scheme: str
    version: int
    stage: str
    last_on: date
    facts: Mapping[str, FactValue]
    acts: tuple[RecordedAct, ...] = ()
    rounds: Mapping[str, int] = field(default_factory=dict)
    source: Mapping[str, str] = field(default_factory=dict)
    withheld: Withheld = NOTHING_WITHHELD

    @property
    def round(self) -> int:
        """Return how many times the case has come to the stage at which it stands; 1 for the first."""
        return self.rounds.get(self.stage, 1)

    @property
    def title(self) -> str:
        """Return the title, or the number of a case whose title is not public."""
        return str(self.facts.get("title", self.id))

    @property
    def imported_on(self) -> date | None:
        """Return the day on which the case was imported; None if it was opened here."""
        day = self.facts.get(IMPORTED_ON)
        return day if isinstance(day, date) else None


@dataclass(frozen=True, slots=True)
class ExemptFacts:
    """Part 2 of a case: its exempt facts by address, and words of Part 1 that were confirmed as already public."""

    facts: Mapping[str, FactValue]
    already_public: tuple[AlreadyPublic, ...] = ()


@dataclass(frozen=True, slots=True)
class FullCase:
    """Both parts of a case."""

    case: Case
    exempt_part: ExemptFacts
