"""What would turn the findings on an act: a change that is named, supposed with `--what-if`, does turn it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rules.counterfactual.trial import Change
from rules.judging.findings import Ruling
from rules.values.facts import FactValue
from tests.workflow.walk import APPROVED, AUTHOR, CASE, by, do, explain, walk
from workflow.services import commands as at_desk
from workflow.services import queries
from workflow.services.commands import Desk, Revision
from workflow.services.counterfactuals import would_change

ON = date(2018, 4, 30)
CURED = {"satisfied", "not_applicable"}


def typed(value: FactValue | None) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else str(value)


def outcomes(ruling: Ruling) -> dict[tuple[str, str], str]:
    return {(finding.control, finding.subject): finding.outcome for finding in ruling.findings}


def asked(desk: Desk, action: str, on: date, *, every: bool = True) -> dict[tuple[str, str], tuple[Change, ...]]:
    supposed = queries.suppose(desk, CASE, action, {}, on)
    return would_change(supposed, supposed.ruling(), every=every)


def supposing(desk: Desk, action: str, change: Change) -> Ruling:
    """The ruling with a change supposed as an officer would: with `--what-if`, or on another day."""
    if change.where == "act.on":
        assert isinstance(change.to, date)
        supposed = queries.suppose(desk, CASE, action, {}, ON)
        return replace(supposed, moment=replace(supposed.moment, on=change.to)).ruling()
    return explain(desk, CASE, action, {change.where: typed(change.to)}, ON)


@pytest.mark.parametrize(("stage", "action"), [("draft", "submit"), ("dmpc", "approve")])
def test_each_change_supposed_gives_the_outcome_that_it_says(desk: Desk, stage: str, action: str) -> None:
    walk(desk, stage)
    before = outcomes(explain(desk, CASE, action, {}, ON))
    found = [(finding, change) for finding, changes in asked(desk, action, ON).items() for change in changes]
    told = [(finding, change) for finding, change in found if not change.is_secret and change.to is not None]
    assert len(told) > 20
    for finding, change in told[:: max(len(told) // 40, 1)]:
        after = outcomes(supposing(desk, action, change))[finding]
        assert after == change.outcome, (finding, change)
        assert (after in CURED) is (before[finding] in ("breached", "undetermined")), (finding, change)


def test_only_findings_against_are_asked_about_unless_all_are(desk: Desk) -> None:
    walk(desk, "dmpc")
    ruling = explain(desk, CASE, "approve", {}, ON)
    against = {(one.control, one.subject) for one in ruling.findings if one.is_open_question}
    assert asked(desk, "approve", ON, every=False).keys() == against
    assert asked(desk, "approve", ON).keys() == outcomes(ruling).keys()


def test_the_day_of_the_act_is_a_day_on_which_it_can_still_be_done(desk: Desk) -> None:
    """The case was needed by 30 March; its last act is of 11 April: no day is left on which it would be in time."""
    walk(desk, "dmpc")
    changes = asked(desk, "approve", ON)["decision.in_time", "case"]
    assert [change.where for change in changes] == ["required_by", "required_by"]


def test_with_the_day_of_the_act_go_the_days_that_it_records(desk: Desk) -> None:
    walk(desk, "draft")
    at_desk.amend(desk, CASE, Revision({"required_by": "2018-04-20"}, {}), by(AUTHOR, "2018-03-07"))
    for action, officer, on in (("submit", AUTHOR, "2018-03-07"), ("pib-support", "chair-of-pib", "2018-03-14"),
                                ("iab-support", "chair-of-iab", "2018-03-22")):  # fmt: skip
        do(desk, action, officer, on)
    changes = asked(desk, "approve", ON)["decision.in_time", "case"]
    days = [change.to for change in changes if change.where == "act.on"]
    assert days == [date(2018, 4, 20)]


def test_what_an_earlier_act_recorded_is_not_changed(desk: Desk) -> None:
    walk(desk, "dmpc")
    scheme = queries.suppose(desk, CASE, "approve", {}, ON).scheme
    stated = {"act.on", *scheme.action("approve").asks}
    for changes in asked(desk, "approve", ON).values():
        for change in changes:
            assert change.where in stated or scheme.is_stated(change.where)
    assert APPROVED.keys() <= stated
