"""The record of a worked example that came out as it says.

An example whose outcome differs leaves no record, because nothing may be concluded from it.
"""

from __future__ import annotations

from dataclasses import dataclass

from rules.language.schema_types import Outcome
from rules.values.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Expectation:
    """The outcome that an example expects of one control on one subject."""

    control: str
    subject: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class ExampleRun:
    """One example: its name and file, its expectations, and its evidence with the derived facts that these need."""

    name: str
    file: str
    expectations: tuple[Expectation, ...]
    evidence: Evidence
