"""The findings of a gate, as tests ask for them."""

from __future__ import annotations

from rules.evidence import Evidence
from rules.finding import Finding
from rules.judging import judged
from rules.rulebook import Rulebook


def judge(rulebook: Rulebook, gate: str | None, evidence: Evidence) -> tuple[Finding, ...]:
    """What is found at a gate, or by every control where no gate is named, in order of subject and control."""
    return judged(rulebook, gate, evidence).findings
