"""What stands against an act: answers to give, what is wrong, and what other acts record."""

from __future__ import annotations

from datetime import date

import pytest

from rules.values.facts import FactValue
from tests.workflow.walk import shipped_library
from workflow.cases.act_ruling import make_act_ruling
from workflow.cases.case import Case, ExemptFacts, FullCase
from workflow.cases.events import Act, ActContext
from workflow.services.open_points import OpenPoints, sort_open_points

ON = date(2024, 3, 4)
SCHEME = shipped_library().scheme("mopac")


def points(
    action: str, stage: str, public: dict[str, FactValue], exempt: dict[str, FactValue] | None = None
) -> OpenPoints:
    full_case = FullCase(Case("MOPAC-2024-1", SCHEME.id, 1, stage, ON, public), ExemptFacts(exempt or {}))
    return sort_open_points(make_act_ruling(full_case, Act(action), SCHEME, ActContext(ON, "salt")), SCHEME)


def missing(found: OpenPoints) -> list[str]:
    return [answer.address for answer in found.missing_answers]


def test_each_missing_answer_is_asked_for_once() -> None:
    asked = missing(points("submit", "draft", {}))
    assert {"title", "estimated_value", "deferral.asked"} <= set(asked)
    assert len(asked) == len(set(asked))


def test_an_answer_that_the_act_asks_for_is_missing_now_and_not_later() -> None:
    found = points("declare", "declaration", {})
    assert "declaration.legal" in missing(found)


def test_what_an_earlier_act_records_comes_later_with_the_acts_that_record_it() -> None:
    [answer] = [answer for group in points("declare", "declaration", {}).later for answer in group.answers
                if answer.address == "iab.outcome"]  # fmt: skip
    assert "iab-support" in answer.recorded_by


def test_a_known_fact_that_must_change_is_wrong() -> None:
    wrong = {finding.control for finding in points("submit", "pib", {}).wrong}
    assert "stages.in_order" in wrong


@pytest.mark.parametrize("action", SCHEME.declaration.actions)
def test_every_blocking_finding_is_shown_or_waits_for_an_answer_that_is(action: str) -> None:
    declared = SCHEME.action(action)
    stage = declared.stages[0]
    full_case = FullCase(Case("MOPAC-2024-1", SCHEME.id, 1, stage, ON, {}), ExemptFacts({}))
    ruling = make_act_ruling(full_case, Act(action), SCHEME, ActContext(ON, ""))
    found = sort_open_points(ruling, SCHEME)
    shown = {group.finding.control for group in (*found.missing, *found.later)} | {f.control for f in found.wrong}
    noted = {answer.address for group in (*found.missing, *found.later) for answer in group.answers}
    for finding in ruling.findings:
        if finding.blocks_gate and finding.control not in shown:
            assert noted & {*finding.missing, *(observed.fact for observed in finding.observed_facts)}


def test_a_warning_asks_for_no_answer_that_a_blocking_check_asks_for() -> None:
    found = points("submit", "draft", {"part_2.exists": True})
    optional = {answer.address for group in found.optional for answer in group.answers}
    assert "part_2.marking" in missing(found)
    assert optional.isdisjoint(missing(found))


def test_an_answer_about_a_subject_that_only_part_2_names_has_no_key() -> None:
    exempt: dict[str, FactValue] = {"exemption:secret-deal.section": "s43"}
    found = points("submit", "draft", {"part_2.exists": True}, exempt)
    assert "exemption:held in Part 2.rationale" in missing(found)
    assert not any("secret-deal" in address for address in missing(found))
