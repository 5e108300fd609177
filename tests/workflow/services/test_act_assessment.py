"""What can be done next, judged for an officer or for each role that may do it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from rules.errors import InputError
from rules.judging.findings import Ruling
from tests.prepared_stores import remove_store
from tests.workflow.walk import CASE_ID, EXAMPLES, load_story, new_services, walk_to_stage
from workflow.cases import act_ruling
from workflow.cases.life import decide
from workflow.cases.ruling import GateCheck, make_ruling
from workflow.errors import NotEntitled
from workflow.services import act_queries, commands, officer_commands
from workflow.services.act_assessment import ActAssessment
from workflow.services.commands import Request, Services
from workflow.services.counterfactuals import Explanation, find_turning_changes

GLA_CASE = "GLA-2018-1"
DECISION_DAY = date(2018, 4, 18)
APPROVAL = {"decision.reference": "DD0000", "interests.considered": "true", "interests.declared": "none"}


@pytest.fixture(scope="module")
def before_director(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """A case of the Greater London Authority that a Director may decide: £62,500, on the form of a Director."""
    story, path = load_story("pocket-park.story.yaml"), tmp_path_factory.mktemp("gla") / "assent.db"
    services = new_services(path, for_story=story)
    for step in story.steps:
        request = Request(step.officer, step.on)
        if step.open:
            paper = (EXAMPLES / story.paper).read_bytes()
            commands.open_case_from_paper(services, story.scheme, paper, story.paper, request)
        elif step.act == "approve":
            break
        elif step.act and not step.refused_by:
            commands.perform_action(services, GLA_CASE, commands.TypedAct(step.act, step.stated), request)
        elif not step.act:
            commands.amend_paper(services, GLA_CASE, commands.Revision(step.stated, step.exempt), request)
    yield services
    services.store.close()
    remove_store(path)


def explain_approval(services: Services, officer: str = "") -> ActAssessment:
    request = Request(officer, DECISION_DAY)
    return act_queries.build_hypothetical_act(services, GLA_CASE, "approve", APPROVAL, request).assessment


def test_next_says_for_each_role_whether_it_may_act(before_director: Services) -> None:
    [approve, *_] = act_queries.list_next_actions(before_director, GLA_CASE, DECISION_DAY).as_json()["actions"]
    blocked_by = {found["role"]: found["blocked_by"] for found in approve["roles"]}
    assert [*blocked_by] == approve["who"] == ["mayor", "director", "assistant_director", "manager"]
    assert "level.decider_high_enough" not in blocked_by["director"]
    assert "level.decider_high_enough" in blocked_by["assistant_director"]
    assert set(approve["awaits"]) >= APPROVAL.keys()


def test_next_tells_a_director_what_the_act_then_does(before_director: Services) -> None:
    """The first role that may approve is the Mayor's, whose form this is not: that once stood for every role."""
    assessment = explain_approval(before_director)
    states = {found.role: found.ruling.is_open for found in assessment.roles}
    assert states == {"mayor": False, "director": True, "assistant_director": False, "manager": False}
    assert assessment.is_open
    assert explain_approval(before_director, "corporate-director").is_open
    assert not explain_approval(before_director, "assistant-director").is_open
    hypothetical = act_queries.build_hypothetical_act(
        before_director, GLA_CASE, "approve", APPROVAL, Request("corporate-director", DECISION_DAY)
    )
    officer = hypothetical.assessment.officer
    assert officer is not None
    accepted = decide(hypothetical.full_case, hypothetical.act, hypothetical.scheme, officer, hypothetical.act_context)
    assert accepted.event.capacity == "director"


def test_next_for_an_officer_names_the_one_role_in_which_the_officer_acts(before_director: Services) -> None:
    actions = act_queries.list_next_actions(before_director, GLA_CASE, DECISION_DAY, "Corporate Director").actions
    approve, *_ = (action.as_json() for action in actions)
    assert [found["role"] for found in approve["roles"]] == ["director"]
    assert (approve["officer"], approve["entitled"]) == ("corporate-director", True)


def test_an_act_is_not_open_to_an_officer_who_is_not_entitled(services: Services) -> None:
    walk_to_stage(services, "draft")
    on = date(2018, 3, 7)
    submit, _ = act_queries.list_next_actions(services, CASE_ID, on, "chair-of-pib").actions
    as_json = submit.as_json()
    assert (as_json["open"], as_json["roles"], as_json["entitled"]) == (False, [], False)
    assert submit.ruling.is_open
    with pytest.raises(NotEntitled):
        commands.perform_action(services, CASE_ID, commands.TypedAct("submit"), Request("chair-of-pib", on))


def test_an_officer_of_another_authority_is_not_entitled(services: Services) -> None:
    officer_commands.add_officer(
        services, "Other Author", officer_commands.RoleAppointment("gla", ("author",)), Request("", date(2018, 3, 1))
    )
    walk_to_stage(services, "draft")
    submit, _ = act_queries.list_next_actions(services, CASE_ID, date(2018, 3, 7), "other-author").actions
    assert not submit.assessment.roles


def test_an_unknown_officer_gets_the_closest_name(services: Services) -> None:
    walk_to_stage(services, "draft")
    with pytest.raises(InputError) as caught:
        act_queries.list_next_actions(services, CASE_ID, None, "aimee-read")
    assert "aimee-reed" in caught.value.advice()


def test_roles_share_a_ruling_where_no_control_reads_the_role(
    before_director: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[str] = []

    def count(gate_check: GateCheck, *rest: Any) -> Ruling:  # noqa: ANN401 - passed on as they are
        judged.append(gate_check.action)
        return make_ruling(gate_check, *rest)

    monkeypatch.setattr(act_ruling, "make_ruling", count)
    act_queries.list_next_actions(before_director, GLA_CASE, DECISION_DAY)
    times = {action: judged.count(action) for action in judged}
    assert times == {"approve": 4, "decision-return": 1, "reject": 1, "withdraw": 1}


def test_what_would_change_is_sought_for_the_role_that_is_explained(before_director: Services) -> None:
    act = act_queries.build_hypothetical_act(
        before_director, GLA_CASE, "approve", APPROVAL, Request("assistant-director", DECISION_DAY)
    )
    changes = find_turning_changes(act, act.ruling, all_findings=False)
    turning = {change.address for change in changes["level.decider_high_enough", "case"]}
    assert "estimated_value" in turning
    as_json = Explanation(act.ruling, changes, act.assessment).as_json()
    assert [*as_json][:4] == ["case", "action", "open", "findings"]
    assert (as_json["open"], as_json["entitled"], as_json["roles"][0]["role"]) == (False, True, "assistant_director")
