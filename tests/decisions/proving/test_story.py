"""The shipped story goes as the rules decide, or it fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from decisions.proving.story import Story, StoryError, parse_story, play_story, remaining_breaches
from rules.errors import FileError
from tests.decisions.cases import PAPER_FILE
from tests.decisions.conftest import FinishedStory
from tests.decisions.fixed_services import services_at
from tests.decisions.stories import STORIES
from workflow.services import queries

TEXT = PAPER_FILE.with_name(STORIES["mopac"]).read_text(encoding="utf-8")


def changed_story(*changes: tuple[str, str]) -> Story:
    """Return the shipped story with some texts replaced, each of which must occur once."""
    text = TEXT
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return parse_story(text.encode(), "story.yaml")


class TestShippedStory:
    def test_the_story_ends_with_the_case_published(self, finished: FinishedStory) -> None:
        last = finished.steps[-1].receipt
        assert last is not None
        assert (last.case, last.event, last.stage, last.version) == ("MOPAC-2018-1", "publish", "published", 9)

    def test_three_steps_are_refused_by_the_controls_that_the_story_names(self, finished: FinishedStory) -> None:
        refused = [(result.step.refused_by, result.refusal) for result in finished.steps if result.refusal]
        assert [control for control, _ in refused] == [
            "stages.in_order",
            "foia.public_interest_test",
            "declaration.equalities_covered",
        ]
        assert all(control in ruling.blocking_controls() for control, ruling in refused)

    def test_each_step_has_the_command_that_would_do_it(self, finished: FinishedStory) -> None:
        commands = [result.command for result in finished.steps]
        assert commands[0] == ("assent case open smarter-working.yaml --scheme mopac --as aimee-reed --on 2018-03-07")
        assert (
            "assent case act MOPAC-2018-1 certify --set certificate.advice_considered=true --as r-lawrence "
            "--on 2018-04-11"
        ) in commands
        assert not any(len(command) > 400 for command in commands)

    def test_the_narration_names_the_stages_that_an_act_would_skip(self, finished: FinishedStory) -> None:
        [refused] = [result for result in finished.steps if result.step.refused_by == "stages.in_order"]
        assert refused.narration.endswith(
            "That would skip MPS Portfolio & Investment Board, MOPAC Investment Advisory Board, "
            "Originating officer declaration and Chief Executive."
        )
        assert not any("{" in result.narration for result in finished.steps)

    def test_the_remaining_breaches_are_those_of_the_real_case(self, finished: FinishedStory) -> None:
        breaches = [(finding.control, finding.subject) for finding in remaining_breaches(finished.steps)]
        assert sorted(breaches) == [
            ("author.apart_from_owner", "case"),
            ("certificate.matches_declaration", "case"),
            ("decision.in_time", "case"),
            ("decision.required_by_working_day", "case"),
            ("equality.comments_agree", "case"),
            ("recommendation.carried_on", "recommendation:pib-2"),
            ("recommendation.verbs_agree", "recommendation:dmpc-1b"),
        ]

    def test_a_cured_breach_does_not_remain(self, finished: FinishedStory) -> None:
        """The last finding on a control and subject counts; refused steps have no findings that count."""
        refused = [result for result in finished.steps if result.refusal]
        assert not remaining_breaches(refused)


class TestStoryThatFails:
    def test_a_missing_refusal_fails(self, tmp_path: Path) -> None:
        wrong = changed_story(
            (
                "    act: submit\n    refused_by: foia.public_interest_test",
                "    act: submit\n    refused_by: stages.in_order",
            )
        )
        with pytest.raises(StoryError, match=r"submit on 2018-03-07 was to be refused by stages\.in_order"):
            list(play_story(services_at(tmp_path / "a.db"), wrong, PAPER_FILE.read_bytes()))

    def test_an_unexpected_refusal_fails(self, tmp_path: Path) -> None:
        wrong = changed_story(("    refused_by: stages.in_order\n", ""))
        with pytest.raises(StoryError, match="approve on 2018-03-07 was to be refused by nothing"):
            list(play_story(services_at(tmp_path / "a.db"), wrong, PAPER_FILE.read_bytes()))

    def test_narration_of_skipped_stages_fails_if_none_is_skipped(self, tmp_path: Path) -> None:
        wrong = changed_story(("tell: Part 1 is published.", 'tell: "That would skip {skipped}."'))
        with pytest.raises(StoryError, match="publish skips no stage"):
            list(play_story(services_at(tmp_path / "a.db"), wrong, PAPER_FILE.read_bytes()))

    def test_a_story_stops_at_the_step_that_fails(self, tmp_path: Path) -> None:
        services = services_at(tmp_path / "a.db")
        wrong = changed_story(("    refused_by: stages.in_order\n", ""))
        steps = play_story(services, wrong, PAPER_FILE.read_bytes())
        next(steps)
        with pytest.raises(StoryError):
            next(steps)
        assert queries.load_public_case(services, "MOPAC-2018-1")[0].stage == "draft"


class TestParsing:
    @pytest.mark.parametrize(
        ("old", "new", "key"),
        [
            ("scheme: mopac\n", "shceme: mopac\n", "shceme"),
            ("from: 2018-03-01\n", "from: 2018-02-30\n", "from"),
            ("{name: Chair of PIB, roles: [pib_chair]}", "{name: Chair of PIB, roles: []}", "officers.1.roles"),
            ("    open: true\n", "    opne: true\n", "steps.0.opne"),
        ],
    )
    def test_a_fault_is_reported_with_its_file_and_key(self, old: str, new: str, key: str) -> None:
        with pytest.raises(FileError) as refused:
            changed_story((old, new))
        assert key in [fault.key for fault in refused.value.faults]
        assert all(fault.file == "story.yaml" for fault in refused.value.faults)

    def test_a_command_is_quoted_for_a_shell(self, finished: FinishedStory) -> None:
        [approved] = [result for result in finished.steps if result.step.act == "approve" and result.receipt]
        assert "--set decision.reference='PCD 361'" in approved.command
