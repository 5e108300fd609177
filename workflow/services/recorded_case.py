"""A case known only by its facts, and the rulings that its acts would have had.

This is how a case that was decided elsewhere is judged: its paper names the acts, by the facts that they recorded. An
act without such facts is judged too, if the case could not have reached its stage otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from rules.judging.findings import Ruling
from rules.packs.scheme import AUDIT, STAGE_FACTS, Action, Scheme
from rules.values.facts import FactValue
from workflow.cases.life import add_unstated_facts
from workflow.cases.ruling import GateCheck, make_ruling

DECIDED_ON = "decided_on"


@dataclass(frozen=True, slots=True)
class RecordedCase:
    """A case known only by its facts, without rulings of its acts."""

    case_id: str
    scheme: Scheme
    stage: str
    public: Mapping[str, FactValue]
    exempt: Mapping[str, FactValue]

    def make_all_rulings(self, as_of: date) -> Iterator[tuple[Ruling, date]]:
        """Yield the ruling on each act done by a day, with the day of the act, then that of the gate `audit`."""
        later = self._addresses_recorded_after(as_of)
        public = {address: value for address, value in self.public.items() if address not in later}
        for name, action in self._done_actions():
            on = self._day_of_action(action, as_of)
            if on <= as_of:
                actor = {"act.role": public.get(f"{action.stage}.role"), "act.by": public.get(f"{action.stage}.by")}
                known_actor = {fact: value for fact, value in actor.items() if value is not None}
                yield self._make_ruling(name, action.gate, {**public, **known_actor}, action.stage, on), on
        yield self.make_audit_ruling(public, as_of)

    def make_audit_ruling(self, public: Mapping[str, FactValue], as_of: date) -> tuple[Ruling, date]:
        """Return the ruling of the gate `audit`, by the law of the decision day if the case is decided."""
        decided_on = public.get(DECIDED_ON)
        on = decided_on if isinstance(decided_on, date) else as_of
        return self._make_ruling(AUDIT, AUDIT, {**public, "audit.on": as_of}, self.stage, on), on

    def describe_unjudged_acts(self, as_of: date) -> tuple[str, ...]:
        """Return a warning about acts after the audit day, or about acts still to come."""
        if any(self._day_of_action(action, as_of) > as_of for _, action in self._done_actions()):
            return (f"what was done after {as_of.isoformat()} is not judged",)
        stages = self.scheme.declaration.stages
        if stages[self.stage].last:
            return ()
        label = stages[self.stage].label
        return (f"it stands at {label}: what its next acts must meet is not judged yet (case explain tells it)",)

    def _make_ruling(self, action: str, gate: str, public: Mapping[str, FactValue], stage: str, on: date) -> Ruling:
        facts = add_unstated_facts({**public, "act.stage": stage}, self.exempt, stage, on, self.scheme)
        return make_ruling(GateCheck(self.case_id, action, gate), facts, self.exempt, self.scheme.rulebook, "")

    def _done_actions(self) -> list[tuple[str, Action]]:
        """Return the actions that were recorded, or that led to the stage of the case, in the order of stages."""
        done = [(name, action) for name, action in self.scheme.declaration.actions.items() if self._is_done(action)]
        return sorted(done, key=lambda named_action: self.scheme.stage_index(named_action[1].stage))

    def _is_done(self, action: Action) -> bool:
        outcome = self.public.get(f"{action.stage}.outcome")
        if action.outcome and outcome is not None:
            return outcome == action.outcome
        return self.scheme.stage_index(action.stage) < self.scheme.stage_index(action.to) <= self._furthest_stage()

    def _furthest_stage(self) -> int:
        """Return the index of the furthest stage that the case certainly reached.

        Normally this is the stage at which it stands. A last stage that several stages lead to proves nothing by
        itself: then it is the furthest of those stages with a recorded fact.
        """
        leaving = {action.stage for action in self.scheme.declaration.actions.values() if action.to == self.stage}
        if not self.scheme.declaration.stages[self.stage].last or len(leaving) == 1:
            return self.scheme.stage_index(self.stage)
        recorded = [stage for stage in leaving if any(f"{stage}.{fact}" in self.public for fact in STAGE_FACTS)]
        return max(map(self.scheme.stage_index, recorded), default=0)

    def _day_of_action(self, action: Action, as_of: date) -> date:
        """Return the day of an act.

        This is the recorded day of its stage, or of the first later stage with one: the act was not later than that.
        Without any, it is the day of the decision or of the audit.
        """
        first = self.scheme.stage_index(action.stage)
        days = [self.public.get(f"{stage}.on") for stage in [*self.scheme.declaration.stages][first:]]
        return next((day for day in (*days, self.public.get(DECIDED_ON)) if isinstance(day, date)), as_of)

    def _addresses_recorded_after(self, as_of: date) -> set[str]:
        """Return the addresses of facts that acts recorded after a day."""
        later: set[str] = set()
        for _, action in self._done_actions():
            if self._day_of_action(action, as_of) > as_of:
                later |= {*action.asks, *action.dates, *(f"{action.stage}.{fact}" for fact in STAGE_FACTS)}
        return later
