"""Rulings as the ledger keeps them: the outcome of each control, and nothing that only Part 2 knows.

A ruling holds exempt facts as digests alone. A subject that only Part 2 names is hidden: a ruling gives neither its key
nor the number of such subjects. All hidden subjects of a kind share one name, such as `contract:held in Part 2`, and
the gravest finding of each control stands for them all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import NamedTuple, TypeVar

from rules.judging.findings import (
    ControlOutcome,
    Finding,
    Judgement,
    Ruling,
    SubjectOutcomes,
    Verdict,
    distinct_lists,
    outcomes_by_subject,
)
from rules.judging.rulebook import Rulebook
from rules.judging.shared_judgements import judge_one, judge_shared
from rules.values.evidence import IN_PART_2
from rules.values.facts import FactValue, kind_of_subject
from workflow.ledger.canonical_json import (
    combined_exempt_digest,
    exempt_fact_digests,
    json_fragment,
    serialize_receipt_facts,
    to_canonical_json,
)

VerdictType = TypeVar("VerdictType", bound=Verdict)

_GRAVEST_FIRST = ("breached", "undetermined", "not_held", "satisfied", "not_applicable")


class GateCheck(NamedTuple):
    """The question that a ruling answers: may this action on this case pass this gate?

    `asked` are the facts that the source of a case decided elsewhere asks for; None for our own record. `among_many`
    says that such questions are asked of many cases together: then those which the rules find alike are judged once.
    """

    case: str
    action: str
    gate: str
    asked: frozenset[str] | None = None
    among_many: bool = False


def make_ruling(
    gate_check: GateCheck,
    public: Mapping[str, FactValue],
    exempt: Mapping[str, FactValue],
    rulebook: Rulebook,
    salt: str,
) -> Ruling:
    """Return the ruling of a gate on the facts of both parts.

    A public fact counts if both parts state it. `salt` goes into the digests of the exempt facts.
    """
    public = relevant_facts(public, gate_check.gate, rulebook)
    exempt = {
        address: value
        for address, value in relevant_facts(exempt, gate_check.gate, rulebook).items()
        if address not in public
    }
    gate, asked = gate_check.gate, gate_check.asked
    if gate_check.among_many or asked is not None:
        shared = judge_shared(rulebook, gate, public, exempt, asked)
    else:
        shared = judge_one(rulebook, gate, public, exempt)
    judgement: Judgement = shared
    if hidden_subjects := shared.hidden_subjects:
        judgement = _RedactedJudgement(judgement, hidden_subjects)
    return Ruling(
        gate_check.case,
        gate_check.action,
        gate_check.gate,
        rulebook.digest,
        serialize_receipt_facts(public),
        _digest_exempt_facts(exempt, hidden_subjects, salt),
        judgement,
    )


def serialize_ruling(ruling: Ruling) -> str:
    """Return the canonical JSON of the receipt of a ruling, as `to_canonical_json` makes it of `Ruling.as_receipt`."""
    # Written out, since a ruling has hundreds of verdicts, and as many mappings would be made for each act.
    by_subject = ruling.judgement.by_subject
    heads = {id(outcomes): list(map(_begin_receipt, outcomes)) for outcomes in distinct_lists(by_subject)}
    verdicts = [_end_receipts(heads[id(outcomes)], subject) for subject, outcomes in by_subject if outcomes]
    return to_canonical_json({**ruling.receipt_head(), "findings": json_fragment(f"[{','.join(verdicts)}]")})


@lru_cache(maxsize=4096)
def _begin_receipt(one: ControlOutcome) -> str:
    """Return the receipt of one verdict up to its subject, which is the last of its keys."""
    control, outcome, severity = one
    return f'{{"control":{to_canonical_json(control)},"outcome":"{outcome}","severity":"{severity}","subject":'


def _end_receipts(heads: list[str], subject: str) -> str:
    """Return the receipts of the verdicts on one subject."""
    end = f"{to_canonical_json(subject)}}}"
    return f"{end},".join(heads) + end


def _digest_exempt_facts(exempt: Mapping[str, FactValue], hidden_subjects: frozenset[str], salt: str) -> dict[str, str]:
    """Return a digest of each exempt fact, and one digest of all facts of hidden subjects together."""
    hidden = {address: value for address, value in exempt.items() if address.partition(".")[0] in hidden_subjects}
    digests = exempt_fact_digests({address: exempt[address] for address in exempt.keys() - hidden.keys()}, salt)
    return {**digests, IN_PART_2: combined_exempt_digest(hidden, salt)} if hidden else digests


def relevant_facts(facts: Mapping[str, FactValue], gate: str, rulebook: Rulebook) -> dict[str, FactValue]:
    """Return the facts that the controls of a gate can read; a ruling keeps no others."""
    is_relevant = rulebook.gate_rules(gate).is_relevant_address
    return {address: value for address, value in facts.items() if is_relevant[address]}


@dataclass(frozen=True)
class _RedactedJudgement:
    """A judgement in which one name stands for all hidden subjects of a kind.

    Each control keeps one finding for a name: the gravest.
    """

    judgement: Judgement
    hidden_subjects: frozenset[str]

    @cached_property
    def by_subject(self) -> tuple[SubjectOutcomes, ...]:
        """Return the redacted outcomes on each subject."""
        return outcomes_by_subject(self.verdicts)

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Return the redacted verdicts."""
        return self._keep_gravest(
            replace(verdict, subject=self._redact_text(verdict.subject)) for verdict in self.judgement.verdicts
        )

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Return the redacted findings."""
        return self._keep_gravest(map(self._redact_finding, self.judgement.findings))

    def finding_at(self, place: int) -> Finding:
        """Return one of the redacted findings."""
        return self.findings[place]

    @staticmethod
    def _keep_gravest(verdicts: Iterable[VerdictType]) -> tuple[VerdictType, ...]:
        gravest: dict[tuple[str, str], VerdictType] = {}
        for verdict in verdicts:
            kept = gravest.setdefault((verdict.control, verdict.subject), verdict)
            if _GRAVEST_FIRST.index(verdict.outcome) < _GRAVEST_FIRST.index(kept.outcome):
                gravest[verdict.control, verdict.subject] = verdict
        return tuple(gravest.values())

    def _redact_finding(self, finding: Finding) -> Finding:
        missing = tuple(dict.fromkeys(map(self._redact_text, finding.missing)))
        return replace(
            finding,
            subject=self._redact_text(finding.subject),
            missing=missing,
            cure=self._redact_text(finding.cure),
            not_carried=tuple(dict.fromkeys(map(self._redact_text, finding.not_carried))),
        )

    def _redact_text(self, text: str) -> str:
        return self._hidden_subject_pattern.sub(lambda match: f"{kind_of_subject(match[0])}:{IN_PART_2}", text)

    @cached_property
    def _hidden_subject_pattern(self) -> re.Pattern[str]:
        # The look-arounds keep `exemption:s4` from matching inside `exemption:s43`.
        return re.compile(rf"(?<![\w:-])({'|'.join(map(re.escape, sorted(self.hidden_subjects)))})(?![\w-])", re.ASCII)
