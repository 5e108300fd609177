"""Counterfactuals: each change that is named does turn its finding, if it is supposed with `--what-if`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import TypeAlias

import pytest

from rules.counterfactual.trial import FactChange, SupposedValues, Trial
from rules.judging.findings import Ruling
from rules.values.evidence import Evidence
from rules.values.facts import FactValue
from tests.workflow.walk import (
    APPROVAL_FACTS,
    AUTHOR,
    CASE_ID,
    act_on_case,
    explain_action,
    new_services,
    request_by,
    walk_to_stage,
)
from workflow.cases.act_ruling import make_act_ruling
from workflow.services import act_queries, commands
from workflow.services.commands import Request, Revision, Services
from workflow.services.counterfactuals import find_turning_changes

ON = date(2018, 4, 30)
Changes: TypeAlias = dict[tuple[str, str], tuple[FactChange, ...]]
RESOLVED = {"satisfied", "not_applicable"}


def format_as_typed(value: FactValue | None) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else str(value)


def outcomes(ruling: Ruling) -> dict[tuple[str, str], str]:
    return {(finding.control, finding.subject): finding.outcome for finding in ruling.findings}


def find_changes(services: Services, action: str, on: date, *, all_findings: bool = True) -> Changes:
    act = act_queries.build_hypothetical_act(services, CASE_ID, action, {}, Request("", on))
    return find_turning_changes(act, act.ruling, all_findings=all_findings)


def ruling_supposing(services: Services, action: str, change: FactChange) -> Ruling:
    """Return the ruling with a change supposed as an officer would: with `--what-if`, or on another day."""
    if change.address == "act.on":
        assert isinstance(change.new_value, date)
        act = act_queries.build_hypothetical_act(services, CASE_ID, action, {}, Request("", ON))
        on_another_day = replace(act.act_context, on=change.new_value)
        return make_act_ruling(act.full_case, act.act, act.scheme, on_another_day)
    return explain_action(services, CASE_ID, action, {change.address: format_as_typed(change.new_value)}, ON)


@pytest.fixture(scope="module")
def at_dmpc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """The case before the decision, for tests that leave it there."""
    services = new_services(tmp_path_factory.mktemp("dmpc") / "assent.db")
    walk_to_stage(services, "dmpc")
    yield services
    services.store.close()


@pytest.fixture(scope="module")
def changes_to_approve(at_dmpc: Services) -> Changes:
    """Every change that would turn a finding on the decision."""
    return find_changes(at_dmpc, "approve", ON)


@pytest.mark.parametrize(("stage", "action"), [("draft", "submit"), ("dmpc", "approve")])
def test_each_change_gives_the_outcome_that_it_promises(
    services: Services, changes_to_approve: Changes, stage: str, action: str
) -> None:
    walk_to_stage(services, stage)
    found_before = changes_to_approve if action == "approve" else find_changes(services, action, ON)
    before = outcomes(explain_action(services, CASE_ID, action, {}, ON))
    found = [(finding, change) for finding, changes in found_before.items() for change in changes]
    shown = [(finding, change) for finding, change in found if not change.is_redacted and change.new_value is not None]
    assert len(shown) > 20
    for finding, change in shown[:: max(len(shown) // 40, 1)]:
        after = outcomes(ruling_supposing(services, action, change))[finding]
        assert after == change.outcome, (finding, change)
        assert (after in RESOLVED) is (before[finding] in ("breached", "undetermined")), (finding, change)


def test_only_breached_and_undetermined_findings_are_searched_by_default(
    at_dmpc: Services, changes_to_approve: Changes
) -> None:
    ruling = explain_action(at_dmpc, CASE_ID, "approve", {}, ON)
    open_findings = {(one.control, one.subject) for one in ruling.findings if one.is_breached_or_undetermined}
    assert find_changes(at_dmpc, "approve", ON, all_findings=False).keys() == open_findings
    assert changes_to_approve.keys() == outcomes(ruling).keys()


def test_nothing_is_supposed_twice_in_a_search(at_dmpc: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is supposed for one control is forgotten at the next, so its findings are searched together."""
    supposed: list[tuple[str, str]] = []
    apply_changes = Trial._apply_changes

    def record(trial: Trial, changes: SupposedValues) -> Evidence:
        supposed.append((trial.control.id, repr(changes)))
        return apply_changes(trial, changes)

    monkeypatch.setattr(Trial, "_apply_changes", record)
    find_changes(at_dmpc, "approve", ON)
    assert len(supposed) == len(set(supposed)) > 500


def test_the_act_is_never_moved_before_the_last_act(changes_to_approve: Changes) -> None:
    """The decision was needed by 30 March, and the last act is of 11 April: no later day is in time."""
    changes = changes_to_approve["decision.in_time", "case"]
    assert [change.address for change in changes] == ["required_by", "required_by"]


def test_the_days_that_an_act_records_move_with_the_act(services: Services) -> None:
    walk_to_stage(services, "draft")
    commands.amend_paper(
        services, CASE_ID, Revision({"required_by": "2018-04-20"}, {}), request_by(AUTHOR, "2018-03-07")
    )
    for action, officer, on in (("submit", AUTHOR, "2018-03-07"), ("pib-support", "chair-of-pib", "2018-03-14"),
                                ("iab-support", "chair-of-iab", "2018-03-22")):  # fmt: skip
        act_on_case(services, action, officer, on)
    changes = find_changes(services, "approve", ON)["decision.in_time", "case"]
    days = [change.new_value for change in changes if change.address == "act.on"]
    assert days == [date(2018, 4, 20)]


def test_facts_recorded_by_earlier_acts_are_never_changed(at_dmpc: Services, changes_to_approve: Changes) -> None:
    scheme = act_queries.build_hypothetical_act(at_dmpc, CASE_ID, "approve", {}, Request("", ON)).scheme
    stated = {"act.on", *scheme.action("approve").asks}
    for changes in changes_to_approve.values():
        for change in changes:
            assert change.address in stated or scheme.may_be_stated(change.address)
    assert APPROVAL_FACTS.keys() <= stated
