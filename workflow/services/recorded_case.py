"""Judge a case as a whole, act by act, from what its record or paper says: a case that has no rulings of its own.

Invariants:
- An act is judged on everything that is recorded, by the law of the day that is recorded for it.
- What is not recorded is never made up. An act without a day is taken to be no later than the act after it, and an act
  is taken to be done only if its outcome is recorded or the case has come past it.
- Nothing recorded by acts after the day of the audit is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from rules.judging.findings import Ruling
from rules.packs import workflow_facts
from rules.packs.flow_schema import AUDIT, STAGE_FACTS, Action
from rules.packs.scheme import Scheme
from rules.values.facts import FactValue, split_address
from workflow.cases.act_ruling import add_unstated_facts
from workflow.cases.ruling import GateCheck, make_ruling
from workflow.cases.separation import (
    breaches_among,
    participation_of_opener,
    participations_in_facts,
    separations_of_opener,
)

OPENED_BY: Final = "opened.by"
"""Who opened the case: no act records it, and a file of a case may give it."""


@dataclass(frozen=True, slots=True)
class RecordedCase:
    """A case at a stage, with the facts that are recorded of it in each part.

    `salt` goes into the digests of exempt facts in rulings that are kept.
    """

    case_id: str
    scheme: Scheme
    stage: str
    public: Mapping[str, FactValue]
    exempt: Mapping[str, FactValue]
    salt: str = ""

    def make_all_rulings(self, as_of: date) -> Iterator[tuple[Ruling, date]]:
        """The ruling on each act done by a day, with the day of the act; last, the ruling of the gate `audit`."""
        yield from self.make_act_rulings(as_of)
        public, declaration = self._recorded_by(as_of), self.scheme.declaration
        parts = participation_of_opener(public.get(OPENED_BY), declaration)
        parts += participations_in_facts(public, declaration)
        yield self.make_audit_ruling({**public, **breaches_among(parts, declaration)}, as_of)

    def make_act_rulings(self, as_of: date) -> Iterator[tuple[Ruling, date]]:
        """The ruling on each act done by a day, with the day of the act."""
        public = self._recorded_by(as_of)
        for act in self._done_acts():
            on = self._day_of_act(act, as_of)
            if on <= as_of:
                attempt = {
                    workflow_facts.ACTION: act.name,
                    workflow_facts.ACT_ROLE: public.get(f"{act.prefix}.role"),
                    workflow_facts.ACT_BY: public.get(f"{act.prefix}.by"),
                }
                known = {fact: value for fact, value in attempt.items() if value is not None}
                yield self._make_ruling(act.name, act.action.gate, {**public, **known}, act.stage, on), on

    def _recorded_by(self, as_of: date) -> dict[str, FactValue]:
        """The public facts without those that acts after a day recorded."""
        later = self._addresses_recorded_after(as_of)
        return {where: value for where, value in self.public.items() if where not in later}

    def make_audit_ruling(self, public: Mapping[str, FactValue], as_of: date) -> tuple[Ruling, date]:
        """The ruling of the gate `audit`, by the law of the day of decision, or of the audit if there is none."""
        decided = public.get(self.scheme.decision_day)
        on = decided if isinstance(decided, date) else as_of
        return self._make_ruling(AUDIT, AUDIT, {**public, "audit.on": as_of}, self.stage, on), on

    def describe_unjudged_acts(self, as_of: date) -> tuple[str, ...]:
        """A warning if there are acts after the day, or acts still to come; empty otherwise."""
        is_known = self.stage in self.scheme.declaration.stages
        if is_known and any(self._day_of_act(act, as_of) > as_of for act in self._done_acts()):
            return (f"acts after {as_of.isoformat()} are not judged",)
        if self.scheme.has_ended_at(self.stage):
            return ()
        label = self.scheme.stage_label(self.stage)
        return (f"it is at {label}: what its next acts must meet is not judged yet (see: assent case explain)",)

    def describe_unknown_opener(self) -> tuple[str, ...]:
        """A warning if it is not recorded who opened the case, and that person must be apart from others."""
        names = separations_of_opener(self.scheme.declaration)
        if OPENED_BY in self.public or not names:
            return ()
        listed = ", ".join(f"{workflow_facts.SEPARATION_PREFIX}{name}" for name in names)
        return (
            f"who opened the case is not recorded, so {listed} is not judged for them: add {OPENED_BY} to recorded",
        )

    def _make_ruling(self, action: str, gate: str, public: Mapping[str, FactValue], stage: str, on: date) -> Ruling:
        facts = add_unstated_facts({**public, workflow_facts.ACT_STAGE: stage}, self.exempt, stage, on, self.scheme)
        check = GateCheck(self.case_id, action, gate, among_many=True)
        return make_ruling(check, facts, self.exempt, self.scheme.rulebook, self.salt)

    def _done_acts(self) -> list[_DoneAct]:
        """The acts that were done, in the order of their stages."""
        acts = [
            _DoneAct(name, action, stage)
            for name, action in self.scheme.declaration.actions.items()
            for stage in action.stages
        ]
        return sorted(filter(self._is_done, acts), key=lambda act: self.scheme.stage_index(act.stage))

    def _is_done(self, act: _DoneAct) -> bool:
        """Whether the outcome of an act is recorded, or its case has come past it without another outcome."""
        action, outcome = act.action, self.public.get(f"{act.prefix}.outcome")
        if action.outcome and outcome is not None:
            return outcome == action.outcome
        if action.to is None:
            return False
        if self.scheme.declaration.stages[action.to].last:
            return action.to == self.stage and len(self._stages_before_end()) == 1
        return self.scheme.stage_index(act.stage) < self.scheme.stage_index(action.to) <= self._furthest_stage()

    def _furthest_stage(self) -> int:
        """The place of the furthest stage that the case surely came to, before its end if it has ended.

        A case can end from several stages. It then came as far as the last of these with a recorded fact. The place of
        an end says nothing: a case that was withdrawn in draft is at the last stage of all.
        """
        if not self.scheme.declaration.stages[self.stage].last:
            return self.scheme.stage_index(self.stage)
        leaving = self._stages_before_end()
        recorded = [stage for stage in leaving if any(f"{stage}.{fact}" in self.public for fact in STAGE_FACTS)]
        return max(map(self.scheme.stage_index, recorded if len(leaving) > 1 else leaving), default=0)

    def _stages_before_end(self) -> set[str]:
        """The stages from which an action leads to the stage of the case."""
        actions = self.scheme.declaration.actions.values()
        return {stage for action in actions if action.to == self.stage for stage in action.stages}

    def _day_of_act(self, act: _DoneAct, as_of: date) -> date:
        """The day of an act: of its task or stage, or of the first later stage that has one: the act was not later.

        Without any, it is the day of the decision, or else of the audit.
        """
        later = [*self.scheme.declaration.stages][self.scheme.stage_index(act.stage) :]
        days = [self.public.get(f"{prefix}.on") for prefix in (act.prefix, *later)]
        return next((day for day in (*days, self.public.get(self.scheme.decision_day)) if isinstance(day, date)), as_of)

    def _addresses_recorded_after(self, as_of: date) -> set[str]:
        """The addresses of what acts after a day recorded."""
        later: set[str] = set()
        for act in self._done_acts():
            if self._day_of_act(act, as_of) > as_of:
                later.update(act.action.recorded_facts_at(act.stage))
        return {address for address in self.public if split_address(address)[0] in later}


class _DoneAct(NamedTuple):
    """An action, and the stage at which it is or would be done."""

    name: str
    action: Action
    stage: str

    @property
    def prefix(self) -> str:
        """The prefix of the facts on its outcome."""
        return self.action.recorded_under(self.stage)
