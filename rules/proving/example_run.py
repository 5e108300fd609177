"""What a worked example showed: the controls that it asks about, and all that is known in it."""

from __future__ import annotations

from dataclasses import dataclass

from rules.language.pack_schema import Outcome
from rules.values.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Expectation:
    """One control of one subject, and the outcome that an example says it has."""

    control: str
    subject: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class ExampleRun:
    """One example: its name, the file it stands in, what it asks, and what it states with all that follows."""

    name: str
    file: str
    expectations: tuple[Expectation, ...]
    evidence: Evidence
