"""What one changed fact would make of an act's findings: the cures that are nearest, and how near the misses are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rules.counterfactual.search import nearest
from rules.counterfactual.trial import Change, Situation, Supposed
from rules.judging.findings import Finding, Ruling
from rules.packs.scheme import Scheme
from rules.values.evidence import Evidence
from rules.values.facts import CASE, DAY_OF_ACT, FactValue, kind_of
from workflow.cases.case import Matter
from workflow.cases.events import Act, Moment
from workflow.cases.life import days_recorded, facts_before, ruling_on
from workflow.cases.ruling import heard


@dataclass(frozen=True, slots=True)
class Supposition:
    """An act that is asked about: on a case in both parts, under a scheme, at a moment. Nothing is recorded of it."""

    matter: Matter
    act: Act
    scheme: Scheme
    moment: Moment

    def ruling(self) -> Ruling:
        """What the rules say of the act."""
        return ruling_on(self.matter, self.act, self.scheme, self.moment)

    def situation(self) -> Situation:
        """What the act is judged by, and what may be supposed instead: whatever a paper or the act states.

        The day of the act may be another, but none before the last act; with it go the days that the act records.
        """
        scheme, action = self.scheme, self.scheme.action(self.act.action)
        public, exempt = facts_before(self.matter, self.act, scheme, self.moment)
        known = heard(public, action.gate, scheme.rulebook)
        kept = {
            where: value for where, value in heard(exempt, action.gate, scheme.rulebook).items() if where not in known
        }
        days = days_recorded(action)

        def is_stated(fact: str) -> bool:
            return fact == DAY_OF_ACT or fact in action.asks or fact not in scheme.recorded

        def with_it(where: str, value: FactValue | None) -> Supposed:
            if where == DAY_OF_ACT:
                can_be = isinstance(value, date) and value >= self.matter.case.last_on
                return dict.fromkeys((where, *days), value) if can_be else {}
            withholds = {"case.withholds": False} if value is None and exempt.keys() == {where} else {}
            return {where: value, **withholds}

        return Situation(
            scheme.rulebook, Evidence.gather(known, kept), with_it, is_stated, dict.fromkeys(days, DAY_OF_ACT)
        )


def would_change(supposed: Supposition, ruling: Ruling, *, every: bool) -> dict[tuple[str, str], tuple[Change, ...]]:
    """The changes of one fact that would turn each finding of a ruling, by control and subject.

    Of the findings that are breached or that nobody can tell; with `every`, of the others too.
    """
    situation = supposed.situation()
    asked = [finding for finding in ruling.findings if every or finding.is_open_question]
    return {(finding.control, finding.subject): _of(situation, finding) for finding in asked}


def _of(situation: Situation, finding: Finding) -> tuple[Change, ...]:
    """The changes that turn a finding. One that speaks for all subjects which only Part 2 knows turns with any."""
    if finding.subject == CASE or finding.subject in situation.evidence.subjects:
        return nearest(situation, finding.control, finding.subject)
    unnamed = filter(situation.evidence.is_wholly_exempt, situation.evidence.named(kind_of(finding.subject)))
    found = (nearest(situation, finding.control, subject) for subject in unnamed)
    return tuple(sorted({change for changes in found for change in changes}, key=lambda change: change.where))
