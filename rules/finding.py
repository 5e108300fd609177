"""Findings and rulings: what the controls say of a case, in the form that officers read and the ledger keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from rules.citation import Citation
from rules.pack import Outcome, Severity


class Seen(NamedTuple):
    """One fact as a control saw it: what was expected of it and what it is (None: not known)."""

    fact: str
    expected: str
    actual: str | None

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read."""
        return {"fact": self.fact, "expected": self.expected, "actual": self.actual}


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one control on one subject. `missing` names the facts that would settle an undetermined one."""

    control: str
    subject: str
    outcome: Outcome
    severity: Severity
    requirement: str
    facts: tuple[Seen, ...]
    missing: tuple[str, ...]
    citation: Citation
    wrong: str
    cure: str

    @property
    def is_open_question(self) -> bool:
        """Whether it is breached or undetermined."""
        return self.outcome in ("breached", "undetermined")

    @property
    def blocks(self) -> bool:
        """Whether it keeps a gate shut: a grave control that is breached, or that nobody can tell."""
        return self.severity == "blocking" and self.is_open_question

    @property
    def speaks_for(self) -> bool:
        """Whether it lets a gate open: a grave control that is satisfied."""
        return self.severity == "blocking" and self.outcome == "satisfied"

    def as_receipt(self) -> dict[str, Any]:
        """What a ruling keeps of it: all but the words that stand in the packs, which the ruling names."""
        return {
            "control": self.control,
            "subject": self.subject,
            "outcome": self.outcome,
            "severity": self.severity,
            "facts": [seen.as_json() for seen in self.facts],
            "missing": list(self.missing),
        }

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read."""
        cited = self.citation
        return {
            **self.as_receipt(),
            "requirement": self.requirement,
            "citation": {
                "instrument": cited.instrument,
                "provision": cited.provision,
                "link": cited.link,
                "basis": cited.basis,
            },
            "wrong": self.wrong if self.is_open_question else "",
            "cure": self.cure if self.is_open_question else "",
        }


@dataclass(frozen=True, slots=True)
class Ruling:
    """The findings of one gate at one moment: a receipt that can be judged again.

    `packs` is the digest of the packs that gave them; `facts` the public evidence by address, `exempt` the
    digests of the exempt evidence, so that the same evidence can be recognised but not read.
    """

    case: str
    action: str
    gate: str
    packs: str
    facts: Mapping[str, Any]
    exempt: Mapping[str, str]
    findings: tuple[Finding, ...]

    @property
    def is_open(self) -> bool:
        """Whether the gate opens. It stays shut where no blocking control is satisfied: nothing speaks for it."""
        return any(finding.speaks_for for finding in self.findings) and not self.blocked_by()

    def blocked_by(self) -> tuple[str, ...]:
        """The controls that keep the gate shut."""
        return tuple(dict.fromkeys(finding.control for finding in self.findings if finding.blocks))

    def as_receipt(self) -> dict[str, Any]:
        """The receipt as it is kept in the ledger."""
        return {
            "case": self.case,
            "action": self.action,
            "gate": self.gate,
            "packs": self.packs,
            "facts": dict(self.facts),
            "exempt": dict(self.exempt),
            "findings": [finding.as_receipt() for finding in self.findings],
        }
