"""The findings of a gate, as tests ask for them."""

from __future__ import annotations

from rules.judging.findings import Finding
from rules.judging.judge import judge_evidence
from rules.judging.rulebook import Rulebook
from rules.values.evidence import Evidence


def gate_findings(rulebook: Rulebook, gate: str | None, evidence: Evidence) -> tuple[Finding, ...]:
    """What is found at a gate, or by every control where no gate is named, in order of subject and control."""
    return judge_evidence(rulebook, gate, evidence).findings
