"""A ruling as it is recorded: what the controls say of the evidence, with no word of what Part 2 alone knows.

What only Part 2 knows of a subject is never said; nor is the name of a subject that only Part 2 knows, or how many
such there are. All of one kind are called `contract:held in Part 2`, and for each control the gravest finding
speaks for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple, TypeVar

from rules.judging.findings import Finding, Judgement, Ruling, Verdict
from rules.judging.judge import judge_evidence
from rules.judging.rulebook import Rulebook
from rules.values.evidence import IN_PART_2, Evidence
from rules.values.facts import FactValue, kind_of_subject
from workflow.ledger.canonical_json import combined_exempt_digest, exempt_fact_digests, serialize_receipt_facts

VerdictType = TypeVar("VerdictType", bound=Verdict)

_GRAVEST_FIRST = ("breached", "undetermined", "satisfied", "not_applicable")


class GateCheck(NamedTuple):
    """What is asked: whether, on a case, an action may pass a gate."""

    case: str
    action: str
    gate: str


def make_ruling(
    gate_check: GateCheck,
    public: Mapping[str, FactValue],
    exempt: Mapping[str, FactValue],
    rulebook: Rulebook,
    salt: str,
) -> Ruling:
    """The ruling of a gate on the facts of both parts; what is public counts where both state a fact."""
    public = relevant_facts(public, gate_check.gate, rulebook)
    withheld = {w: value for w, value in relevant_facts(exempt, gate_check.gate, rulebook).items() if w not in public}
    evidence = Evidence.from_parts(public, withheld)
    unnamed = frozenset(filter(evidence.is_wholly_exempt, evidence.subjects))
    given: Judgement = judge_evidence(rulebook, gate_check.gate, evidence)
    spoken = _RedactedJudgement(given, unnamed) if unnamed else given
    return Ruling(
        *gate_check,
        rulebook.digest,
        serialize_receipt_facts(public),
        _digest_exempt_facts(withheld, unnamed, salt),
        spoken,
    )


def _digest_exempt_facts(exempt: Mapping[str, FactValue], hidden_subjects: frozenset[str], salt: str) -> dict[str, str]:
    """A digest of each exempt fact, and one of all that is stated of subjects which may not be named."""
    inside = {where: value for where, value in exempt.items() if where.partition(".")[0] in hidden_subjects}
    digests = exempt_fact_digests({where: exempt[where] for where in exempt.keys() - inside.keys()}, salt)
    return {**digests, IN_PART_2: combined_exempt_digest(inside, salt)} if inside else digests


def relevant_facts(facts: Mapping[str, FactValue], gate: str, rulebook: Rulebook) -> dict[str, FactValue]:
    """The facts that can matter at a gate: what is not heard is not kept with the ruling either."""
    hearing = rulebook.gate_rules(gate)
    own = {where: facts[where] for where in hearing.relevant_facts if where in facts}
    if not hearing.subject_kinds:
        return own
    return own | {
        where: facts[where] for where in facts if ":" in where and kind_of_subject(where) in hearing.subject_kinds
    }


@dataclass(frozen=True)
class _RedactedJudgement:
    """What was judged, with one name for all subjects that may not be named and one word for each control on them."""

    judgement: Judgement
    hidden_subjects: frozenset[str]

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The verdicts, the gravest of a control speaking for all subjects without a name."""
        return self._keep_gravest(
            replace(said, subject=self._redact_text(said.subject)) for said in self.judgement.verdicts
        )

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """The findings, in the same way."""
        return self._keep_gravest(map(self._redact_finding, self.judgement.findings))

    @staticmethod
    def _keep_gravest(verdicts: Iterable[VerdictType]) -> tuple[VerdictType, ...]:
        found: dict[tuple[str, str], VerdictType] = {}
        for one in verdicts:
            other = found.setdefault((one.control, one.subject), one)
            if _GRAVEST_FIRST.index(one.outcome) < _GRAVEST_FIRST.index(other.outcome):
                found[one.control, one.subject] = one
        return tuple(found.values())

    def _redact_finding(self, finding: Finding) -> Finding:
        missing = tuple(dict.fromkeys(map(self._redact_text, finding.missing)))
        return replace(
            finding, subject=self._redact_text(finding.subject), missing=missing, cure=self._redact_text(finding.cure)
        )

    def _redact_text(self, text: str) -> str:
        return self._hidden_subject_pattern.sub(lambda found: f"{kind_of_subject(found[0])}:{IN_PART_2}", text)

    @cached_property
    def _hidden_subject_pattern(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![\w:-])({'|'.join(map(re.escape, sorted(self.hidden_subjects)))})(?![\w-])", re.ASCII)
