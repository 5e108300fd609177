"""The findings of a gate, for tests."""

from __future__ import annotations

from rules.judging.findings import Finding
from rules.judging.judge import judge_evidence
from rules.judging.rulebook import Rulebook
from rules.values.evidence import Evidence


def gate_findings(rulebook: Rulebook, gate: str | None, evidence: Evidence) -> tuple[Finding, ...]:
    """The findings of a gate, or of every control where `gate` is None, by subject and control."""
    return judge_evidence(rulebook, gate, evidence).findings
