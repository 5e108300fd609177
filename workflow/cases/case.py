"""A case in two parts: its public part, and apart from it the exempt part (Part 2).

`Case` never holds a fact of Part 2. Code that may not see Part 2 takes a `Case`; code that may takes a `FullCase`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from rules.values.facts import FactValue

IMPORTED_ON = "entered.on"


@dataclass(frozen=True, slots=True)
class Case:
    """The public part of a case: its stage, the day of its last act, and its public facts by address."""

    id: str
    scheme: str
    version: int
    stage: str
    last_on: date
    facts: Mapping[str, FactValue]

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
    """Part 2 of a case: its exempt facts by address."""

    facts: Mapping[str, FactValue]


@dataclass(frozen=True, slots=True)
class FullCase:
    """Both parts of a case."""

    case: Case
    exempt_part: ExemptFacts
