"""Property: sign-offs at one stage come in any order, and one never touches another, against a plain model."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from tests.workflow.walk import shipped_library
from workflow.cases.appointments import Appointment
from workflow.cases.case import FullCase
from workflow.cases.events import Act, ActContext, Open
from workflow.cases.life import decide
from workflow.cases.officers import Officer, make_officer_id
from workflow.cases.records import evolve_full_case
from workflow.errors import NotEntitled, Refusal

SCHEME = shipped_library().scheme("board")
DAY = ActContext(date(2024, 6, 5), "")
REASON = {"send_back.reason": "A reason."}
PAPER = {
    fact: SCHEME.rulebook.facts[fact].coerce(value)
    for fact, value in {
        "title": "A clinic", "author": "P Price", "matter": "service", "summary": "A clinic.",
        "proposal": "That it opens.", "estimated_value": "£1 ex VAT",
    }.items()
}  # fmt: skip
HELD = {
    "Fay Ford": ["finance", "legal"],
    "Max Moss": ["finance", "legal", "quality"],
    "Lee Long": ["legal"],
    "Quinn Quick": ["quality"],
}
OFFICERS = {
    name: Officer(make_officer_id(name), name, tuple(Appointment(role, "board") for role in roles))
    for name, roles in {**HELD, "Pat Price": ["author"], "Sue Scott": ["secretary"]}.items()
}
TASKS = ("finance", "legal", "quality")
Step: TypeAlias = tuple[str, str, str]
"""What is done (sign, object, return or refer), at which task, and by whom."""
STEPS = st.lists(
    st.tuples(st.sampled_from(["sign", "sign", "sign", "object", "return", "refer"]), st.sampled_from(TASKS),
              st.sampled_from(list(HELD))),
    max_size=14,
)  # fmt: skip


@dataclass
class PlainModel:
    """What a clerk would note on paper: for each task its latest outcome and who did it."""

    done: dict[str, tuple[str, str]] = field(default_factory=dict)

    def allows(self, step: Step) -> bool:
        """Return whether a step may be taken."""
        action, task, name = step
        if action == "return":
            return True
        if action == "refer":
            return sum(outcome == "supported" for outcome, _ in self.done.values()) >= 2
        others = [by for other, (outcome, by) in self.done.items() if other != task and outcome == "supported"]
        return task in HELD[name] and (action == "object" or name not in others)

    def note(self, step: Step) -> None:
        """Note a step that was taken."""
        action, task, name = step
        if action == "return":
            self.done.clear()
        elif action in ("sign", "object"):
            self.done[task] = ("supported" if action == "sign" else "objected", name)


def try_act(full_case: FullCase, action: str, name: str) -> FullCase | None:
    """Return the case after an act, or None if it is refused."""
    stated = REASON if "send_back.reason" in SCHEME.action(action).asks else {}
    try:
        accepted = decide(full_case, Act(action, stated), SCHEME, OFFICERS[name], DAY)
    except (Refusal, NotEntitled):
        return None
    return evolve_full_case(full_case, accepted.event)


def new_case_at_sign_off() -> FullCase:
    """Return a case whose paper was sent for sign-off."""
    opened = decide(None, Open("EHB-2024-1", PAPER, {}), SCHEME, OFFICERS["Pat Price"], DAY)
    submitted = try_act(evolve_full_case(None, opened.event), "submit", "Pat Price")
    assert submitted is not None
    return submitted


def recorded_tasks(full_case: FullCase) -> dict[str, tuple[str, str]]:
    """Return what the case records of its tasks, as the model notes it."""
    facts = full_case.case.facts
    return {
        task: (str(facts[f"{task}_check.outcome"]), str(facts[f"{task}_check.by"]))
        for task in TASKS
        if f"{task}_check.outcome" in facts
    }


@given(STEPS)
def test_whatever_officers_try_the_record_has_what_a_plain_note_would_have(steps: list[Step]) -> None:
    full_case, model = new_case_at_sign_off(), PlainModel()
    for step in steps:
        action, task, name = step
        full_name = f"{action}-{task}" if action in ("sign", "object") else action
        after = try_act(full_case, full_name, name if "-" in full_name else "Sue Scott")
        assert (after is not None) is model.allows(step), step
        if after is None:
            continue
        model.note(step)
        full_case = after
        if action == "refer":
            break
        if action == "return":
            again = try_act(full_case, "submit", "Pat Price")
            assert again is not None
            full_case = again
        assert recorded_tasks(full_case) == model.done
    assert recorded_tasks(full_case) == model.done


@given(st.permutations([("finance", "Fay Ford"), ("legal", "Lee Long"), ("quality", "Quinn Quick")]))
def test_in_each_order_two_of_three_are_enough_and_the_record_is_the_same(order: list[tuple[str, str]]) -> None:
    full_case = new_case_at_sign_off()
    for place, (task, name) in enumerate(order):
        assert (try_act(full_case, "refer", "Sue Scott") is not None) is (place >= 2)
        after = try_act(full_case, f"sign-{task}", name)
        assert after is not None
        full_case = after
    assert recorded_tasks(full_case) == {task: ("supported", name) for task, name in order}
