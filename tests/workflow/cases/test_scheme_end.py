"""What can still be done to a case after the last day of its scheme: all that follows its decision, no more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from rules.errors import InputError, NotInForce
from tests.decisions.fixed_services import services_at
from tests.decisions.stories import STORIES, run_story
from workflow.cases.events import Amend
from workflow.cases.scheme_end import outlives_scheme
from workflow.errors import NotEntitled
from workflow.services import act_queries, commands, queries, verification
from workflow.services.commands import Correction, Request, Revision, Services, TypedAct

GOVERNANCE = "governance-team"
LAST_DAY, NEXT_DAY = date(2019, 5, 28), date(2019, 5, 29)
"""The framework of the GLA was replaced on 29 May 2019 (MD2472)."""
RIGHT = Correction({"title": "Pocket park, phase 1"}, {}, "The phase was missing.")


@pytest.fixture
def ended(tmp_path: Path) -> Services:
    """A day on which the scheme of the GLA has ended."""
    return services_at(tmp_path / "assent.db", date(2020, 6, 1))


@pytest.fixture
def published(ended: Services) -> str:
    """A decision that was published while its scheme was in force."""
    return run_story(ended, STORIES["gla"])[0]


@pytest.fixture
def draft(ended: Services) -> str:
    """A paper that nobody decided while its scheme was in force."""
    return run_story(ended, STORIES["gla"])[1]


@pytest.mark.parametrize("on", [LAST_DAY, NEXT_DAY, date(2020, 5, 29)])
def test_a_decision_can_be_corrected_after_its_scheme_ended(ended: Services, published: str, on: date) -> None:
    receipt = commands.correct_case(ended, published, RIGHT, Request(GOVERNANCE, on))
    assert (receipt.event, receipt.stage) == ("correct", "published")
    assert queries.load_public_case(ended, published)[0].facts["correction:1.on"] == on
    verification.verify_ledger(ended, with_replay=True)


def test_the_rules_on_who_corrects_still_hold_after_the_end(ended: Services, published: str) -> None:
    with pytest.raises(NotEntitled, match="correct a case"):
        commands.correct_case(ended, published, RIGHT, Request("drafting-officer", NEXT_DAY))


def test_what_replaces_a_decision_can_be_recorded_after_its_scheme_ended(ended: Services, published: str) -> None:
    request = Request(GOVERNANCE, NEXT_DAY)
    offered = {
        next_.action for next_ in act_queries.list_next_actions(ended, published, NEXT_DAY).actions if next_.roles
    }
    assert offered == {"record-contract", "record-duty", "record-replacement"}
    commands.perform_action(ended, published, TypedAct("record-replacement", {"superseded_by": "MD2472"}), request)
    assert queries.load_public_case(ended, published)[0].facts["superseded_on"] == NEXT_DAY
    verification.verify_ledger(ended, with_replay=True)


Attempt = Callable[[Services, str, Request], object]


@pytest.mark.parametrize(
    "attempt",
    [
        lambda services, case, request: commands.perform_action(services, case, TypedAct("submit", {}), request),
        lambda services, case, request: commands.correct_case(services, case, RIGHT, request),
        lambda services, case, request: commands.amend_paper(services, case, Revision({"title": "x"}, {}), request),
        lambda services, case, request: act_queries.list_next_actions(services, case, request.on),
        lambda services, case, request: act_queries.build_hypothetical_act(services, case, None, {}, request),
    ],
)
def test_a_draft_ends_with_its_scheme(ended: Services, draft: str, attempt: Attempt) -> None:
    with pytest.raises(NotInForce, match="last in force on 2019-05-28"):
        attempt(ended, draft, Request(GOVERNANCE, NEXT_DAY))


def test_no_case_is_opened_after_the_end(ended: Services, published: str) -> None:
    assert published
    with pytest.raises(NotInForce):
        commands.open_case(ended, "gla", {"title": "x"}, {}, Request("drafting-officer", NEXT_DAY))


def test_the_paper_of_a_decision_is_not_amended_after_the_end(ended: Services, published: str) -> None:
    case = queries.load_public_case(ended, published)[0]
    assert not outlives_scheme(case, Amend({}, {}), ended.library.scheme("gla"))
    with pytest.raises(InputError):
        commands.amend_paper(ended, published, Revision({"title": "x"}, {}), Request("drafting-officer", NEXT_DAY))


PAPER = """\
scheme: gla
stage: {stage}
public: {{title: Pocket park, executive_summary: A park., decision.form: md}}
recorded: {{{recorded}}}
"""


@pytest.mark.usefixtures("draft")
@pytest.mark.parametrize(
    ("stage", "recorded"),
    [
        ("published", "decision.outcome: approved"),
        ("publication", "decision.outcome: approved, decided_on: 2019-05-01"),
    ],
)
def test_a_case_that_was_decided_elsewhere_can_be_entered_after_the_end(
    ended: Services, stage: str, recorded: str
) -> None:
    paper = PAPER.format(stage=stage, recorded=recorded).encode()
    receipt = commands.open_case_from_paper(ended, "", paper, "p.yaml", Request("drafting-officer", NEXT_DAY))
    assert (receipt.event, receipt.stage) == ("enter", stage)
    verification.verify_ledger(ended, with_replay=True)


@pytest.mark.usefixtures("draft")
def test_a_case_that_nobody_decided_cannot_be_entered_after_the_end(ended: Services) -> None:
    paper = PAPER.format(stage="draft", recorded="").encode()
    with pytest.raises(NotInForce, match="last in force on 2019-05-28"):
        commands.open_case_from_paper(ended, "", paper, "p.yaml", Request("drafting-officer", NEXT_DAY))
