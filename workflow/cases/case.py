"""A case as it stands: the public part, and apart from it the confidential one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rules.values.facts import FactValue

IMPORTED_ON = "entered.on"


@dataclass(frozen=True, slots=True)
class Case:
    """The public part of a case: where it stands, since when, and its public facts by address.

    This type never holds anything of Part 2; that is a `ExemptFacts`, read from tables of its own.
    """

    id: str
    scheme: str
    version: int
    stage: str
    last_on: date
    facts: Mapping[str, FactValue]

    @property
    def title(self) -> str:
        """What the case is called, or its number where the title is not public."""
        return str(self.facts.get("title", self.id))

    @property
    def imported_on(self) -> date | None:
        """The day on which the case was entered after the fact; none for a case that went its way here."""
        day = self.facts.get(IMPORTED_ON)
        return day if isinstance(day, date) else None


@dataclass(frozen=True, slots=True)
class ExemptFacts:
    """Part 2 of a case: its exempt facts by address."""

    facts: Mapping[str, FactValue]


@dataclass(frozen=True, slots=True)
class FullCase:
    """A case in both parts."""

    case: Case
    exempt_part: ExemptFacts
