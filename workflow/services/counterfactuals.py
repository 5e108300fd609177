"""What one changed fact would make of an act's findings: the cures that are nearest, and how near the misses are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rules.counterfactual.search import find_nearest_changes
from rules.counterfactual.trial import CounterfactualContext, FactChange, SupposedValues
from rules.judging.findings import Finding, Ruling
from rules.packs.scheme import Scheme
from rules.values.evidence import Evidence
from rules.values.facts import CASE, DAY_OF_ACT, FactValue, kind_of_subject
from workflow.cases.case import FullCase
from workflow.cases.events import Act, ActContext
from workflow.cases.life import facts_before, facts_dated_by_action, make_act_ruling
from workflow.cases.ruling import relevant_facts


@dataclass(frozen=True, slots=True)
class HypotheticalAct:
    """An act that is asked about: on a case in both parts, under a scheme, at a moment. Nothing is recorded of it."""

    full_case: FullCase
    act: Act
    scheme: Scheme
    act_context: ActContext

    def make_ruling(self) -> Ruling:
        """What the rules say of the act."""
        return make_act_ruling(self.full_case, self.act, self.scheme, self.act_context)

    def make_counterfactual_context(self) -> CounterfactualContext:
        """What the act is judged by, and what may be supposed instead: whatever a paper or the act states.

        The day of the act may be another, but none before the last act; with it go the days that the act records.
        """
        scheme, action = self.scheme, self.scheme.action(self.act.action)
        public, exempt = facts_before(self.full_case, self.act, scheme, self.act_context)
        known = relevant_facts(public, action.gate, scheme.rulebook)
        kept = {
            where: value
            for where, value in relevant_facts(exempt, action.gate, scheme.rulebook).items()
            if where not in known
        }
        days = facts_dated_by_action(action)

        def is_stated(fact: str) -> bool:
            return fact == DAY_OF_ACT or fact in action.asks or fact not in scheme.unstatable_facts

        def implied_values(address: str, value: FactValue | None) -> SupposedValues:
            if address == DAY_OF_ACT:
                can_be = isinstance(value, date) and value >= self.full_case.case.last_on
                return dict.fromkeys((address, *days), value) if can_be else {}
            withholds = {"case.withholds": False} if value is None and exempt.keys() == {address} else {}
            return {address: value, **withholds}

        return CounterfactualContext(
            scheme.rulebook,
            Evidence.from_parts(known, kept),
            implied_values,
            is_stated,
            dict.fromkeys(days, DAY_OF_ACT),
        )


def find_turning_changes(
    hypothetical_act: HypotheticalAct, ruling: Ruling, *, all_findings: bool
) -> dict[tuple[str, str], tuple[FactChange, ...]]:
    """The changes of one fact that would turn each finding of a ruling, by control and subject.

    Of the findings that are breached or that nobody can tell; with `every`, of the others too.
    """
    situation = hypothetical_act.make_counterfactual_context()
    asked = [finding for finding in ruling.findings if all_findings or finding.is_breached_or_undetermined]
    return {(finding.control, finding.subject): _find_changes_for(situation, finding) for finding in asked}


def _find_changes_for(context: CounterfactualContext, finding: Finding) -> tuple[FactChange, ...]:
    """The changes that turn a finding. One that speaks for all subjects which only Part 2 knows turns with any."""
    if finding.subject == CASE or finding.subject in context.evidence.subjects:
        return find_nearest_changes(context, finding.control, finding.subject)
    unnamed = filter(
        context.evidence.is_wholly_exempt, context.evidence.subjects_of_kind(kind_of_subject(finding.subject))
    )
    found = (find_nearest_changes(context, finding.control, subject) for subject in unnamed)
    return tuple(sorted({change for changes in found for change in changes}, key=lambda change: change.address))
