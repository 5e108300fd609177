"""Counterfactuals: which change of one fact would turn each finding on an act.

The act is hypothetical: nothing is recorded. A change to a fact of Part 2 is named without its values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from rules.counterfactual.search import change_as_json, find_nearest_changes
from rules.counterfactual.trial import CounterfactualContext, FactChange, SupposedValues
from rules.judging.findings import Finding, Ruling
from rules.packs.scheme import Scheme
from rules.packs.workflow_facts import CASE_WITHHOLDS
from rules.values.evidence import Evidence
from rules.values.facts import CASE, DAY_OF_ACT, FactValue, kind_of_subject
from workflow.cases.act_ruling import facts_before, facts_dated_by_action, stage_of_act
from workflow.cases.case import FullCase
from workflow.cases.events import Act, ActContext
from workflow.cases.ruling import relevant_facts
from workflow.services.act_assessment import ActAssessment

TurningChanges: TypeAlias = Mapping[tuple[str, str], tuple[FactChange, ...]]
"""The changes that would turn findings, by control and subject."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A ruling, and the changes that would turn its findings (None: not sought).

    `assessment` has the ruling for each role that may act (None: the act was tried).
    """

    ruling: Ruling
    changes: TurningChanges | None = None
    assessment: ActAssessment | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read; findings have `would_change` only if changes were sought."""
        findings = [finding.as_json() for finding in self.ruling.findings]
        if self.changes is not None:
            for finding in findings:
                changes = self.changes.get((finding["control"], finding["subject"]), ())
                finding["would_change"] = [change_as_json(change) for change in changes]
        return {
            "case": self.ruling.case,
            "action": self.ruling.action,
            "open": self.assessment.is_open if self.assessment else self.ruling.is_open,
            "findings": findings,
            **(self.assessment.roles_as_json() if self.assessment else {}),
        }


@dataclass(frozen=True, slots=True)
class HypotheticalAct:
    """An act that an officer asks about: on a full case, under a scheme, on a day, and how it is judged."""

    full_case: FullCase
    act: Act
    scheme: Scheme
    act_context: ActContext
    assessment: ActAssessment

    @property
    def ruling(self) -> Ruling:
        """Return the ruling on the act."""
        return self.assessment.ruling

    def make_counterfactual_context(self) -> CounterfactualContext:
        """Return the evidence on the act, and the facts whose change may be tried.

        These are the facts that a paper or the act states, and the day of the act, on or after the last act. The days
        that the act records change with its day.
        """
        scheme, action = self.scheme, self.scheme.action(self.act.action)
        public, exempt = facts_before(self.full_case, self.act, scheme, self.act_context, self.assessment.actor)
        public_evidence = relevant_facts(public, action.gate, scheme.rulebook)
        exempt_evidence = {
            address: value
            for address, value in relevant_facts(exempt, action.gate, scheme.rulebook).items()
            if address not in public_evidence
        }
        dated_facts = facts_dated_by_action(action, stage_of_act(self.full_case.case, action))

        def is_stated(fact: str) -> bool:
            return fact == DAY_OF_ACT or fact in action.asks or fact not in scheme.unstatable_facts

        def implied_values(address: str, value: FactValue | None) -> SupposedValues:
            if address == DAY_OF_ACT:
                is_possible = isinstance(value, date) and value >= self.full_case.case.last_on
                return dict.fromkeys((address, *dated_facts), value) if is_possible else {}
            # A case that loses its only exempt fact withholds nothing any more.
            withholds = {CASE_WITHHOLDS: False} if value is None and exempt.keys() == {address} else {}
            return {address: value, **withholds}

        return CounterfactualContext(
            scheme.rulebook,
            Evidence.from_parts(public_evidence, exempt_evidence),
            implied_values,
            is_stated,
            dict.fromkeys(dated_facts, DAY_OF_ACT),
        )


def find_turning_changes(
    hypothetical_act: HypotheticalAct, ruling: Ruling, *, all_findings: bool
) -> dict[tuple[str, str], tuple[FactChange, ...]]:
    """Return the changes of one fact that would turn each finding of a ruling, by control and subject.

    Only breached and undetermined findings are searched, unless `all_findings` is set.
    """
    context = hypothetical_act.make_counterfactual_context()
    findings = [finding for finding in ruling.findings if all_findings or finding.is_breached_or_undetermined]
    # By control, because the context keeps what is supposed for one control at a time.
    by_control = sorted(findings, key=lambda finding: finding.control)
    found = {(finding.control, finding.subject): _find_changes_for(context, finding) for finding in by_control}
    return {(finding.control, finding.subject): found[finding.control, finding.subject] for finding in findings}


def _find_changes_for(context: CounterfactualContext, finding: Finding) -> tuple[FactChange, ...]:
    """Return the changes that turn a finding, or any finding that it stands for.

    A finding on hidden subjects stands for one on each subject that only Part 2 names.
    """
    if finding.subject == CASE or finding.subject in context.evidence.subjects:
        return find_nearest_changes(context, finding.control, finding.subject)
    subjects = context.evidence.subjects_of_kind(kind_of_subject(finding.subject))
    hidden_subjects = filter(context.evidence.is_wholly_exempt, subjects)
    changes = {
        change for subject in hidden_subjects for change in find_nearest_changes(context, finding.control, subject)
    }
    return tuple(sorted(changes, key=lambda change: change.address))
