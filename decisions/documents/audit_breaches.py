"""The breaches of an audit, gathered control by control, as the report shows them.

Invariants:
- A breach is headed by what is wrong, in the words of its pack; the name of its control stands once, to look it up by.
- Findings of one control on several subjects or cases are one breach, with a line for each.
- Of each breach at most `max_places` lines are kept, and the number of all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from decisions.documents.blocks.fields import Field, Fields
from decisions.documents.blocks.heading import Heading
from decisions.documents.blocks.registry import Block
from decisions.documents.plain_names import label_action, label_fact, label_facts_in, label_subject
from rules.judging.findings import Finding, ObservedFact
from rules.language.schema_types import Period
from rules.packs.flow_schema import AUDIT, AUDIT_ELSEWHERE
from rules.packs.scheme import Scheme
from rules.values.calendar import long_date
from rules.values.citation import Citation
from rules.values.facts import CASE, format_caption
from rules.values.passages import Item, Listing
from workflow.cases.finding_response import FindingResponse
from workflow.services.audit_findings import AuditedFinding, CaseAudit

MAX_CURES = 3
"""How many cures of a breach are listed: they differ if they name what is breached."""


@dataclass(slots=True)
class Breach:
    """A control that is breached: what is wrong, where, by which rule, and what to do."""

    control: str
    wrong: str
    citation: Citation
    in_force: Period | None
    max_places: int
    cases: int = 0
    findings: int = 0
    places: list[tuple[str, str]] = field(default_factory=list)
    cures: dict[str, None] = field(default_factory=dict)

    def take(self, case: CaseAudit, findings: list[AuditedFinding]) -> None:
        """Take the findings of the control on one case."""
        self.cases += 1
        self.findings += len(findings)
        for audited in findings:
            if len(self.places) < self.max_places:
                self.places.append((case.name_in_list, _describe_place(case.read_by, audited)))
            if len(self.cures) < MAX_CURES:
                self.cures[label_words(case.read_by, audited.finding.cure)] = None

    def build(self, number: int, case_count: int) -> Iterator[Block]:
        """Yield the entry of the breach; `case_count` is the number of all cases of the report."""
        yield Heading(f"{number}. {self.wrong}", 3)
        places = [f"{case}: {seen}" if case_count > 1 else seen for case, seen in self.places]
        seen = places[0] if self.findings == 1 else ""
        extent = f"{self.cases:,} of {case_count:,} cases" if case_count > 1 else ""
        rows = (
            ("Extent", extent),
            ("Seen", seen),
            ("Rule", self._describe_rule()),
            ("What to do", "\n".join(filter(None, self.cures))),
        )
        yield Fields(tuple(Field(label, text) for label, text in rows if text), is_beside=True)
        if not seen:
            more = self.findings - len(places)
            rest = [f"and {more:,} more: assent audit --format csv lists all"] * bool(more)
            yield Listing(tuple(map(Item, (*places, *rest))))

    def _describe_rule(self) -> str:
        days = self.in_force
        ended = f", in force from {long_date(days.first)} to {long_date(days.last)}" if days and days.last else ""
        return f"{self.citation}{ended}. Control {self.control}."


def make_breach(case: CaseAudit, audited: AuditedFinding, max_places: int) -> Breach:
    """Return the breach that a finding is the first of."""
    finding = audited.finding
    wrong = label_words(case.read_by, finding.wrong) or finding.control
    return Breach(finding.control, wrong, finding.citation, audited.in_force, max_places)


def label_words(scheme: Scheme | None, words: str) -> str:
    """Return words with labels in place of the names of facts; as they are if nothing knows the labels any more."""
    return label_facts_in(scheme, words) if scheme else words


def _describe_place(scheme: Scheme | None, audited: AuditedFinding) -> str:
    """Return on which subject a control is breached, what was seen there, and at which act."""
    finding = audited.finding
    seen = " ".join(_describe_evidence(observed, scheme) for observed in finding.observed_facts)
    action = label_action(scheme, audited.action) if scheme else audited.action
    judged = "on the record as a whole" if audited.gate in (AUDIT, AUDIT_ELSEWHERE) else f"at “{action}”"
    first = f"a day from {long_date(audited.not_before)} to " if audited.not_before else ""
    new = "New since the earlier audit. " if audited.change == "new" else ""
    answer = f" {_describe_response(audited.response)}" if audited.response else ""
    at = f"{new}{seen} Judged {judged}, {first}{long_date(audited.on)}.{answer}"
    return at if finding.subject == CASE else f"{_name_subject(scheme, finding)}: {at}"


def _describe_response(response: FindingResponse) -> str:
    said = f"{response.response.capitalize()} by {response.officer}, {long_date(response.on)}"
    return f"{said}: {response.reason.rstrip('.')}."


def _name_subject(scheme: Scheme | None, finding: Finding) -> str:
    return label_subject(scheme, finding.subject) if scheme else finding.subject


def _describe_evidence(seen: ObservedFact, scheme: Scheme | None) -> str:
    label = label_fact(scheme, seen.fact) if scheme else seen.fact
    return f"{format_caption(label)} {seen.answer}. Expected: {label_words(scheme, seen.expected_answer)}."
