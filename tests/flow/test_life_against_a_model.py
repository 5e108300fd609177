"""Whatever officers do, the record is that of a plain model: nothing recorded is void without a reopening."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from rules.errors import InputError
from rules.values.facts import FactValue
from tests.flow.authority import PEOPLE, VillageCase, person, village
from workflow.cases.officers import Officer
from workflow.errors import NotEntitled, Refusal

STAGES = list(village().declaration.stages)
CROWD: list[Officer] = [*PEOPLE.values(), person("Both Hats", "finance", "legal"), person("Ann Lee", "member")]
STATED: dict[str, FactValue] = {
    "send_back.reason": "A reason.",
    "decision.reference": "R1",
    "contract_copy": "A copy.",
}


@dataclass
class PlainRecord:
    """What one act recorded, and whether it still counts."""

    stage: str
    facts: dict[str, Any]
    counts: bool = True


@dataclass
class PlainModel:
    """The record as a list of acts, read from the latest back."""

    stage: str = "draft"
    records: list[PlainRecord] = field(default_factory=list)

    def value(self, address: str) -> object:
        for record in reversed(self.records):
            if record.counts and address in record.facts:
                return record.facts[address]
        return None

    def addresses(self) -> set[str]:
        return {address for record in self.records for address in record.facts}


class Life(RuleBasedStateMachine):
    """Officers do whatever they are able to, at random."""

    def __init__(self) -> None:
        super().__init__()
        self.real = VillageCase().open()
        self.model = PlainModel()

    @rule(
        action=st.sampled_from(list(village().declaration.actions)),
        officer=st.sampled_from(CROWD),
        with_facts=st.booleans(),
        position=st.sampled_from(["for", "against", "abstains"]),
    )
    def act(self, action: str, officer: Officer, with_facts: bool, position: str) -> None:
        declared = village().action(action)
        stated: dict[str, FactValue] = {}
        if with_facts:
            stated = {fact: STATED[fact] for fact in declared.asks if fact in STATED}
        if declared.own:
            stated = {f"vote:{officer.id}.position": position}
        before = self.real.case
        try:
            self.real.act_with(action, stated, officer)
        except (Refusal, NotEntitled, InputError):
            assert self.real.case is before
            return
        self._follow(action, stated)

    def _follow(self, action: str, stated: dict[str, FactValue]) -> None:
        declared, stage = village().action(action), self.model.stage
        if declared.reopens is not None:
            first = STAGES.index(declared.reopens)
            for record in self.model.records:
                record.counts = record.counts and STAGES.index(record.stage) < first
        facts: dict[str, Any] = {**stated, **village().set_facts[action]}
        facts |= dict.fromkeys(declared.dates, self.real.events[-1].on)
        if declared.outcome:
            facts[f"{declared.task or stage}.outcome"] = declared.outcome
        self.model.records.append(PlainRecord(stage, facts))
        self.model.stage = declared.to or stage

    @invariant()
    def the_stage_is_that_of_the_model(self) -> None:
        assert self.real.case.stage == self.model.stage

    @invariant()
    def what_counts_is_what_the_model_has(self) -> None:
        for address in self.model.addresses():
            assert self.real.case.facts.get(address) == self.model.value(address), address

    @invariant()
    def nothing_is_void_without_a_reopening(self) -> None:
        reopened = {
            act.version
            for act in self.real.case.acts
            if act.kind == "acted" and village().action(act.action).reopens is not None
        }
        assert {act.voided_by for act in self.real.case.acts if act.voided} <= reopened

    @invariant()
    def every_act_is_kept_with_its_stage(self) -> None:
        assert len(self.real.case.acts) == self.real.case.version == len(self.model.records) + 1


LifeTest = Life.TestCase
LifeTest.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
