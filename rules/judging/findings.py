"""Findings and rulings: what the controls say of a case, in the form that officers read and the ledger keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from rules.language.pack_schema import Outcome, Severity
from rules.values.citation import Citation


class ObservedFact(NamedTuple):
    """One fact as a control saw it: what was expected of it and what it is (None: not known)."""

    fact: str
    expected: str
    actual: str | None

    @property
    def description(self) -> str:
        """How the fact was found, in words."""
        return "is not known" if self.actual is None else f"is {self.actual}"

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read."""
        return {"fact": self.fact, "expected": self.expected, "actual": self.actual}


@dataclass(slots=True)
class Verdict:
    """The outcome of one control on one subject: all that decides whether a gate opens, and all that a ruling keeps.

    The rest of a finding follows from the packs and the facts, which the ruling names. Nobody changes one; it is not
    frozen because hundreds are made of every case, and freezing takes longer than judging.
    """

    control: str
    subject: str
    outcome: Outcome
    severity: Severity

    @property
    def is_breached_or_undetermined(self) -> bool:
        """Whether it is breached or undetermined."""
        return self.outcome in ("breached", "undetermined")

    @property
    def blocks_gate(self) -> bool:
        """Whether it keeps a gate shut: a grave control that is breached, or that nobody can tell."""
        return self.severity == "blocking" and self.is_breached_or_undetermined

    @property
    def supports_opening(self) -> bool:
        """Whether it lets a gate open: a grave control that is satisfied."""
        return self.severity == "blocking" and self.outcome == "satisfied"

    def as_receipt(self) -> dict[str, Any]:
        """The form in which a ruling keeps it."""
        return {
            "control": self.control,
            "subject": self.subject,
            "outcome": self.outcome,
            "severity": self.severity,
        }


@dataclass(slots=True)
class Finding(Verdict):
    """A verdict in full, with the facts that gave it. `missing` names those that would settle an undetermined one."""

    requirement: str
    observed_facts: tuple[ObservedFact, ...]
    missing: tuple[str, ...]
    citation: Citation
    wrong: str
    cure: str

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read."""
        return {
            **self.as_receipt(),
            "facts": [seen.as_json() for seen in self.observed_facts],
            "missing": list(self.missing),
            "requirement": self.requirement,
            "citation": self.citation.as_json(),
            "wrong": self.wrong if self.is_breached_or_undetermined else "",
            "cure": self.cure if self.is_breached_or_undetermined else "",
        }


class Judgement(Protocol):
    """What the controls of a gate say of some evidence."""

    @property
    def verdicts(self) -> Sequence[Verdict]:
        """The verdict of each control on each subject."""

    @property
    def findings(self) -> Sequence[Finding]:
        """The same in full, worked out when somebody asks."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one gate said at one moment: a receipt that can be judged again.

    `packs` is the digest of the packs that gave it; `facts` the public evidence by address, `exempt` the digests of
    the exempt evidence, so that the same evidence can be recognised but not read.
    """

    case: str
    action: str
    gate: str
    packs_digest: str
    public_facts: Mapping[str, Any]
    exempt_digests: Mapping[str, str]
    judgement: Judgement

    @property
    def findings(self) -> Sequence[Finding]:
        """What each control found of each subject, in full."""
        return self.judgement.findings

    @property
    def is_open(self) -> bool:
        """Whether the gate opens. It stays shut where no blocking control is satisfied: nothing speaks for it."""
        return any(verdict.supports_opening for verdict in self.judgement.verdicts) and not self.blocking_controls()

    def blocking_controls(self) -> tuple[str, ...]:
        """The controls that keep the gate shut."""
        return tuple(dict.fromkeys(verdict.control for verdict in self.judgement.verdicts if verdict.blocks_gate))

    def as_receipt(self) -> dict[str, Any]:
        """The receipt as it is kept in the ledger."""
        return {
            "case": self.case,
            "action": self.action,
            "gate": self.gate,
            "packs": self.packs_digest,
            "facts": dict(self.public_facts),
            "exempt": dict(self.exempt_digests),
            "findings": [verdict.as_receipt() for verdict in self.judgement.verdicts],
        }
