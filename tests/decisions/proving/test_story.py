"""The story that the demo tells: it goes as the law has it, or it is not told."""

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


def story(*changes: tuple[str, str]) -> Story:
    """The shipped story with some text changed, which must stand in it once."""
    text = TEXT
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return parse_story(text.encode(), "story.yaml")


class TestAsItIsShipped:
    def test_it_ends_with_the_case_published(self, finished: FinishedStory) -> None:
        last = finished.steps[-1].receipt
        assert last is not None
        assert (last.case, last.event, last.stage, last.version) == ("MOPAC-2018-1", "publish", "published", 9)

    def test_it_is_refused_three_times_by_the_controls_it_names(self, finished: FinishedStory) -> None:
        refused = [told.refusal.blocking_controls() for told in finished.steps if told.refusal]
        assert [told.step.refused_by for told in finished.steps if told.refusal] == [
            "stages.in_order",
            "foia.public_interest_test",
            "declaration.equalities_covered",
        ]
        assert all(told.step.refused_by in blocked for told, blocked in zip(
            [told for told in finished.steps if told.refusal], refused, strict=True))  # fmt: skip

    def test_each_step_is_told_as_the_command_that_would_do_it(self, finished: FinishedStory) -> None:
        commands = [told.command for told in finished.steps]
        assert commands[0] == ("assent case open smarter-working.yaml --scheme mopac --as aimee-reed --on 2018-03-07")
        assert (
            "assent case act MOPAC-2018-1 certify --set certificate.advice_considered=true --as r-lawrence "
            "--on 2018-04-11"
        ) in commands
        assert not any(len(command) > 400 for command in commands)

    def test_the_stages_that_a_hurry_would_skip_are_those_of_the_scheme(self, finished: FinishedStory) -> None:
        [hurry] = [told for told in finished.steps if told.step.refused_by == "stages.in_order"]
        assert hurry.narration.endswith(
            "That would skip MPS Portfolio & Investment Board, MOPAC Investment Advisory Board, "
            "Originating officer declaration and Chief Executive."
        )
        assert not any("{" in told.narration for told in finished.steps)

    def test_what_was_out_of_order_is_what_was_so_in_the_real_case(self, finished: FinishedStory) -> None:
        found = [(finding.control, finding.subject) for finding in remaining_breaches(finished.steps)]
        assert sorted(found) == [
            ("author.apart_from_owner", "case"),
            ("certificate.matches_declaration", "case"),
            ("decision.in_time", "case"),
            ("decision.required_by_working_day", "case"),
            ("equality.comments_agree", "case"),
            ("recommendation.carried_on", "recommendation:pib-2"),
            ("recommendation.verbs_agree", "recommendation:dmpc-1b"),
        ]

    def test_a_dropped_breach_is_not_told_again(self, finished: FinishedStory) -> None:
        """A finding that was breached once and is satisfied at the last gate has been cured."""
        cured = [told for told in finished.steps if told.refusal]
        assert not remaining_breaches(cured)


class TestOneThatGoesOtherwise:
    def test_a_refusal_that_does_not_come_is_a_fault_of_the_story(self, tmp_path: Path) -> None:
        wrong = story(
            (
                "    act: submit\n    refused_by: foia.public_interest_test",
                "    act: submit\n    refused_by: stages.in_order",
            )
        )
        with pytest.raises(StoryError, match=r"submit on 2018-03-07 was to be refused by stages\.in_order"):
            list(play_story(services_at(tmp_path / "a.db"), wrong, PAPER_FILE.read_bytes()))

    def test_a_refusal_that_nobody_foretold_is_one_too(self, tmp_path: Path) -> None:
        wrong = story(("    refused_by: stages.in_order\n", ""))
        with pytest.raises(StoryError, match="approve on 2018-03-07 was to be refused by nothing"):
            list(play_story(services_at(tmp_path / "a.db"), wrong, PAPER_FILE.read_bytes()))

    def test_stages_that_nobody_would_skip_are_a_fault_of_the_story(self, tmp_path: Path) -> None:
        wrong = story(("tell: Part 1 is published.", 'tell: "That would skip {skipped}."'))
        with pytest.raises(StoryError, match="publish skips no stage"):
            list(play_story(services_at(tmp_path / "a.db"), wrong, PAPER_FILE.read_bytes()))

    def test_it_stops_where_it_goes_wrong(self, tmp_path: Path) -> None:
        services = services_at(tmp_path / "a.db")
        wrong = story(("    refused_by: stages.in_order\n", ""))
        told = play_story(services, wrong, PAPER_FILE.read_bytes())
        next(told)
        with pytest.raises(StoryError):
            next(told)
        assert queries.load_public_case(services, "MOPAC-2018-1")[0].stage == "draft"


class TestReading:
    @pytest.mark.parametrize(
        ("old", "new", "key"),
        [
            ("scheme: mopac\n", "shceme: mopac\n", "shceme"),
            ("from: 2018-03-01\n", "from: 2018-02-30\n", "from"),
            ("{name: Chair of PIB, roles: [pib_chair]}", "{name: Chair of PIB, roles: []}", "officers.1.roles"),
            ("    open: true\n", "    opne: true\n", "steps.0.opne"),
        ],
    )
    def test_a_fault_is_told_with_its_line_and_key(self, old: str, new: str, key: str) -> None:
        with pytest.raises(FileError) as refused:
            story((old, new))
        assert key in [fault.key for fault in refused.value.faults]
        assert all(fault.file == "story.yaml" for fault in refused.value.faults)

    def test_a_command_is_quoted_so_that_a_shell_reads_it(self, finished: FinishedStory) -> None:
        [told] = [told for told in finished.steps if told.step.act == "approve" and told.receipt]
        assert "--set decision.reference='PCD 361'" in told.command
