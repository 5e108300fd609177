"""A scheme changes under a running case: every command still answers, and `case migrate` moves the case on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.conftest import CapturedStream, CommandResult, RunAssent
from tests.workflow.changed_schemes import HEAD, RENAMED, RULES, renamed_board

CASE = "MOPAC-2018-1"
WRONG_INPUT, NOT_ENTITLED, BREACHES_FOUND = 2, 4, 6
MOVE = ("--as", "author", "--on", "2018-05-01", "--reason", "The board has a new name")


def write_packs(folder: Path, head: str = RENAMED) -> Path:
    """Write the packs in which the first board has another name to a folder."""
    for file in (HEAD, RULES):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(renamed_board(head).files[file])
    return folder


@pytest.fixture
def submitted(sound: RunAssent) -> RunAssent:
    """A command line in a folder whose store has a case at the first board, under the shipped packs."""
    result = sound("case", "act", CASE, "submit", "--as", "author", "--on", "2018-03-07")
    assert result.exit_code == 0, result.stderr
    return sound


@pytest.fixture
def changed(submitted: RunAssent, tmp_path: Path) -> RunAssent:
    """The same with the changed packs."""
    packs = write_packs(tmp_path / "packs")

    def run(*arguments: object) -> CommandResult:
        return submitted("--packs", packs, *arguments)

    return run


@pytest.mark.parametrize(
    ("command", "exit_code"),
    [
        (("case", "next", CASE, "--on", "2018-03-08"), 0),
        (("case", "explain", CASE, "--on", "2018-03-08"), 0),
        (("case", "show", CASE, "--part", "2"), 0),
        (("case", "history", CASE), 0),
        (("case", "list"), 0),
        (("document", "list", CASE), 0),
        (("document", "render", CASE, "decision-form", "--to", "html"), 0),
        (("review", "due"), 0),
        (("ledger", "verify", "--replay"), 0),
        (("audit", "--all"), BREACHES_FOUND),
    ],
)
def test_each_command_answers_for_a_case_whose_stage_was_renamed(
    changed: RunAssent, command: tuple[str, ...], exit_code: int
) -> None:
    result = changed(*command)
    assert result.exit_code == exit_code, result.stderr
    assert "fault" not in result.stderr


def test_the_case_goes_on_under_its_own_flow_and_a_warning_says_how_to_move_it(changed: RunAssent) -> None:
    result = changed("case", "next", CASE, "--on", "2018-03-08")
    assert "pib-support" in result.stdout
    assert "it runs under the flow of 2018-03-07" in result.stderr
    assert f"assent case migrate {CASE} --to today" in result.stderr


def test_a_dry_run_shows_what_would_be_done_and_needs_no_officer(changed: RunAssent) -> None:
    head = changed("ledger", "head").stdout
    result = changed("case", "migrate", "--all", "--to", "today", "--dry-run")
    assert result.exit_code == 0, result.stderr
    assert "can be moved" in result.stdout
    assert "Nothing was recorded" in result.stdout
    assert changed("ledger", "head").stdout == head


def test_a_move_is_answered_as_every_write_is_and_the_new_actions_follow(changed: RunAssent) -> None:
    receipt = changed("case", "migrate", CASE, "--to", "today", *MOVE, "--format", "json").json
    assert (receipt["case"], receipt["event"], receipt["stage"]) == (CASE, "migrate", "portfolio")
    assert receipt["cases"][0]["state"] == "moved"
    result = changed("case", "act", CASE, "portfolio-support", "--as", "pib-chair", "--on", "2018-05-02")
    assert result.exit_code == 0, result.stderr
    assert changed("ledger", "verify", "--replay").exit_code == 0
    assert "The board has a new name" in changed("case", "history", CASE).stdout


def test_a_case_that_cannot_be_moved_is_named_with_each_reason(submitted: RunAssent, tmp_path: Path) -> None:
    packs = write_packs(tmp_path / "packs", head="\n")
    result = submitted("--packs", packs, "case", "migrate", "--all", "--to", "today", *MOVE)
    assert result.exit_code == WRONG_INPUT
    assert "the stage pib has no counterpart" in " ".join(result.stdout.split())
    assert "1 case cannot be moved" in result.stderr
    assert "under renamed" in result.stderr


def test_progress_is_shown_at_a_terminal_on_standard_error(changed: RunAssent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CapturedStream, "isatty", lambda _: True, raising=False)
    result = changed("case", "migrate", "--all", "--to", "today", "--dry-run", "--format", "json")
    assert "Cases" in result.stderr
    assert result.json["cases"][0]["state"] == "can_move"


@pytest.mark.parametrize(
    ("arguments", "exit_code", "message"),
    [
        (("--to", "today", *MOVE), WRONG_INPUT, "say which cases to move"),
        ((CASE, "--all", "--to", "today", *MOVE), WRONG_INPUT, "say which cases to move"),
        ((CASE, "--to", "today", "--reason", "x"), WRONG_INPUT, "--as is missing"),
        ((CASE, "--to", "today", "--as", "author"), WRONG_INPUT, "say why the cases are moved"),
        ((CASE, "--to", "1234567", *MOVE), WRONG_INPUT, "is not a version of packs that is known here"),
        (("MOPAC-2018-9", "--to", "today", *MOVE), WRONG_INPUT, "is not a case that is known here"),
        ((CASE, "--to", "today", "--as", "dmpc", "--reason", "x"), NOT_ENTITLED, "move a case"),
    ],
)
def test_a_wrong_command_says_what_to_write(
    changed: RunAssent, arguments: tuple[str, ...], exit_code: int, message: str
) -> None:
    result = changed("case", "migrate", *arguments)
    assert (result.exit_code, message in result.stderr) == (exit_code, True), result.stderr


def test_scheme_check_refuses_a_renamed_name_that_is_still_there(submitted: RunAssent, tmp_path: Path) -> None:
    packs = write_packs(tmp_path / "packs", head="\nrenamed:\n  stages: {iab: portfolio}\n")
    result = submitted("scheme", "check", packs)
    assert result.exit_code == WRONG_INPUT
    assert "renamed.stages.iab: is still a stage" in result.stderr
