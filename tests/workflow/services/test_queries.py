"""The JSON form of what queries return: keys, plain values, and Part 2 only if it is wanted."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, Protocol

import pytest

from tests.workflow.walk import AUTHOR, CASE_ID, act_on_case, request_by, walk_to_stage
from workflow.errors import Refusal
from workflow.services import act_queries, officer_commands, queries, verification
from workflow.services.commands import Request, Services
from workflow.services.counterfactuals import Explanation, find_turning_changes
from workflow.services.impact import ImpactQuery, assess_impact
from workflow.services.ledger_audit import audit_cases

ON = date(2018, 5, 1)


@pytest.fixture
def draft(services: Services) -> Services:
    walk_to_stage(services, "draft")
    return services


def test_a_case_is_shown_without_part_2_unless_it_is_wanted(draft: Services) -> None:
    public = queries.load_case_view(draft, CASE_ID, with_part_2=False).as_json()
    full = queries.load_case_view(draft, CASE_ID, with_part_2=True).as_json()
    assert [*public] == [
        "case", "title", "scheme", "stage", "version", "last_on", "head", "links", "named_by", "facts", "withheld"
    ]  # fmt: skip
    assert full == {**public, "exempt": full["exempt"]}
    assert full["exempt"]["estimated_value"] == {"pence": 245_000_000, "vat": "ex"}
    assert "estimated_value" not in public["facts"]


def test_a_case_in_the_list_has_its_stage_and_last_act(draft: Services) -> None:
    assert [summary.as_json() for summary in queries.list_cases(draft)] == [
        {
            "case": CASE_ID,
            "scheme": "mopac",
            "stage": "draft",
            "version": 2,
            "last_act": "2018-03-07",
            "title": "Smarter Working – Business Justification Paper",
        }
    ]


def test_the_history_names_acts_and_refusals_in_the_order_of_recording(draft: Services) -> None:
    act_on_case(draft, "submit", AUTHOR, "2018-03-08")
    with pytest.raises(Refusal):
        act_on_case(draft, "approve", "deputy-mayor", "2018-03-08")
    items = [item.as_json() for item in queries.list_case_history(draft, CASE_ID)]
    assert [(item["event"], item["action"]) for item in items] == [
        ("opened", "open"),
        ("amended", "amend"),
        ("acted", "submit"),
        ("refused", "approve"),
    ]
    assert [*items[0]][:7] == ["entry", "on", "event", "action", "officer", "recorded_at", "seal"]
    assert [(item["capacity"], item["stage"], item["round"], item["counts"]) for item in items[2:]] == [
        ("author", "draft", 1, True),
        (None, None, None, None),
    ]


def test_the_next_actions_name_who_may_act_and_what_blocks_them(draft: Services) -> None:
    found = act_queries.list_next_actions(draft, CASE_ID, ON).as_json()
    assert (found["case"], found["stage"], found["entered_after_the_fact"]) == (CASE_ID, "draft", False)
    actions = {action["action"]: action for action in found["actions"]}
    assert (actions["submit"]["who"], actions["submit"]["open"], actions["submit"]["blocked_by"]) == (
        ["author"],
        True,
        [],
    )
    assert actions["withdraw"]["awaits"] == ["send_back.reason"]


def test_an_explanation_has_changes_only_if_they_were_sought(draft: Services) -> None:
    act = act_queries.build_hypothetical_act(draft, CASE_ID, "submit", {}, Request("", ON))
    ruling = act.ruling
    plain = Explanation(ruling).as_json()
    assert [*plain] == ["case", "action", "open", "findings"]
    assert not any("would_change" in finding for finding in plain["findings"])
    changes = find_turning_changes(act, ruling, all_findings=True)
    assert all("would_change" in finding for finding in Explanation(ruling, changes).as_json()["findings"])


def test_an_officer_of_every_authority_is_listed_under_any(services: Services) -> None:
    receipt = officer_commands.add_officer(
        services, "An Author", officer_commands.RoleAppointment("", ("author",)), request_by("", "2018-05-01")
    )
    officer = {"officer": "an-author", "name": "An Author", "scheme": "any", "roles": ["author"]}
    listed = [view.as_json() for view in queries.list_officers(services)]
    assert officer in [{key: view[key] for key in officer} for view in listed]
    recorded = {
        "case": "",
        "version": receipt.entry.version,
        "event": "officer",
        "seal": receipt.entry.seal,
        "stage": "",
    }
    assert receipt.as_json() == {**officer, "days": ["author from 2018-05-01"], **recorded}


class HasJsonForm(Protocol):
    """What a query returns."""

    def as_json(self) -> dict[str, Any]: ...


def test_every_form_is_plain_data(draft: Services) -> None:
    library = draft.library
    plain_forms: list[HasJsonForm] = [
        queries.load_case_view(draft, CASE_ID, with_part_2=True),
        act_queries.list_next_actions(draft, CASE_ID, ON),
        Explanation(act_queries.build_hypothetical_act(draft, CASE_ID, None, {}, Request("", ON)).ruling),
        *audit_cases(draft, [CASE_ID]).cases,
        assess_impact(draft.store, ImpactQuery(library, library, ON, date(2022, 1, 1))),
        verification.verify_ledger(draft, with_replay=True),
        verification.ledger_head(draft),
    ]
    for found in plain_forms:
        assert json.loads(json.dumps(found.as_json())) == found.as_json()
