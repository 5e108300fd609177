"""What would turn the findings on an act: a change that is named, supposed with `--what-if`, does turn it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rules.counterfactual.trial import FactChange
from rules.judging.findings import Ruling
from rules.values.facts import FactValue
from tests.workflow.walk import APPROVAL_FACTS, AUTHOR, CASE_ID, act_on_case, explain_action, request_by, walk_to_stage
from workflow.services import commands as at_desk
from workflow.services import queries
from workflow.services.commands import Revision, Services
from workflow.services.counterfactuals import find_turning_changes

ON = date(2018, 4, 30)
CURED = {"satisfied", "not_applicable"}


def typed(value: FactValue | None) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else str(value)


def outcomes(ruling: Ruling) -> dict[tuple[str, str], str]:
    return {(finding.control, finding.subject): finding.outcome for finding in ruling.findings}


def asked(
    desk: Services, action: str, on: date, *, every: bool = True
) -> dict[tuple[str, str], tuple[FactChange, ...]]:
    supposed = queries.build_hypothetical_act(desk, CASE_ID, action, {}, on)
    return find_turning_changes(supposed, supposed.make_ruling(), all_findings=every)


def supposing(desk: Services, action: str, change: FactChange) -> Ruling:
    """The ruling with a change supposed as an officer would: with `--what-if`, or on another day."""
    if change.address == "act.on":
        assert isinstance(change.new_value, date)
        supposed = queries.build_hypothetical_act(desk, CASE_ID, action, {}, ON)
        return replace(supposed, act_context=replace(supposed.act_context, on=change.new_value)).make_ruling()
    return explain_action(desk, CASE_ID, action, {change.address: typed(change.new_value)}, ON)


@pytest.mark.parametrize(("stage", "action"), [("draft", "submit"), ("dmpc", "approve")])
def test_each_change_supposed_gives_the_outcome_that_it_says(desk: Services, stage: str, action: str) -> None:
    walk_to_stage(desk, stage)
    before = outcomes(explain_action(desk, CASE_ID, action, {}, ON))
    found = [(finding, change) for finding, changes in asked(desk, action, ON).items() for change in changes]
    told = [(finding, change) for finding, change in found if not change.is_redacted and change.new_value is not None]
    assert len(told) > 20
    for finding, change in told[:: max(len(told) // 40, 1)]:
        after = outcomes(supposing(desk, action, change))[finding]
        assert after == change.outcome, (finding, change)
        assert (after in CURED) is (before[finding] in ("breached", "undetermined")), (finding, change)


def test_only_findings_against_are_asked_about_unless_all_are(desk: Services) -> None:
    walk_to_stage(desk, "dmpc")
    ruling = explain_action(desk, CASE_ID, "approve", {}, ON)
    against = {(one.control, one.subject) for one in ruling.findings if one.is_breached_or_undetermined}
    assert asked(desk, "approve", ON, every=False).keys() == against
    assert asked(desk, "approve", ON).keys() == outcomes(ruling).keys()


def test_the_day_of_the_act_is_a_day_on_which_it_can_still_be_done(desk: Services) -> None:
    """The case was needed by 30 March; its last act is of 11 April: no day is left on which it would be in time."""
    walk_to_stage(desk, "dmpc")
    changes = asked(desk, "approve", ON)["decision.in_time", "case"]
    assert [change.address for change in changes] == ["required_by", "required_by"]


def test_with_the_day_of_the_act_go_the_days_that_it_records(desk: Services) -> None:
    walk_to_stage(desk, "draft")
    at_desk.amend_paper(desk, CASE_ID, Revision({"required_by": "2018-04-20"}, {}), request_by(AUTHOR, "2018-03-07"))
    for action, officer, on in (("submit", AUTHOR, "2018-03-07"), ("pib-support", "chair-of-pib", "2018-03-14"),
                                ("iab-support", "chair-of-iab", "2018-03-22")):  # fmt: skip
        act_on_case(desk, action, officer, on)
    changes = asked(desk, "approve", ON)["decision.in_time", "case"]
    days = [change.new_value for change in changes if change.address == "act.on"]
    assert days == [date(2018, 4, 20)]


def test_what_an_earlier_act_recorded_is_not_changed(desk: Services) -> None:
    walk_to_stage(desk, "dmpc")
    scheme = queries.build_hypothetical_act(desk, CASE_ID, "approve", {}, ON).scheme
    stated = {"act.on", *scheme.action("approve").asks}
    for changes in asked(desk, "approve", ON).values():
        for change in changes:
            assert change.address in stated or scheme.may_be_stated(change.address)
    assert APPROVAL_FACTS.keys() <= stated
