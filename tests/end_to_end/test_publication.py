"""Part 1 tells nothing of Part 2: what an officer sees, from the warning of a draft to the confirmed words."""

from __future__ import annotations

import pytest

from tests.end_to_end.conftest import RunAssent
from tests.end_to_end.test_contract import CASE, act

SAYS = "Part 1, Executive summary, says “£2.45m”, which is confidential in Part 2 as the estimated value"
BY_AUTHOR = ("--as", "author", "--on", "2018-03-07")
PUBLIC_ALREADY = ("--already-public", "£2.45m", "--reason", "Budget book 2018, page 12")


@pytest.fixture
def leaking(sound: RunAssent) -> RunAssent:
    result = sound("case", "amend", CASE, *BY_AUTHOR, "--set", "executive_summary=It costs £2.45m in all.")
    assert result.exit_code == 0
    assert f"Warning, {CASE}: {SAYS}." in result.stderr
    return sound


def test_the_act_is_refused_with_the_place_and_what_to_type(leaking: RunAssent) -> None:
    result = leaking("case", "act", CASE, "submit", *BY_AUTHOR)
    assert result.exit_code == 3
    assert SAYS in result.stderr
    assert "--already-public '£2.45m' --reason" in result.stderr
    assert leaking("case", "show", CASE, "--format", "json").json["stage"] == "draft"


def test_the_same_stands_in_json(leaking: RunAssent) -> None:
    result = act(leaking, "submit", "author", "2018-03-07")
    assert (result.exit_code, result.json["open"], result.json["action"]) == (3, False, "submit")
    [found] = result.json["gives_away"]
    assert (found["place"], found["words"], found["refused"]) == ("Part 1, Executive summary", "£2.45m", True)


def test_only_a_named_officer_is_shown_the_words_beforehand(leaking: RunAssent) -> None:
    anybody = leaking("case", "explain", CASE, "submit", "--on", "2018-03-07")
    assert "gives away something of Part 2" in anybody.stdout
    assert "2.45" not in anybody.stdout + anybody.stderr
    assert "gives_away" not in leaking("case", "explain", CASE, "submit", "--format", "json").json
    officer = leaking("case", "explain", CASE, "submit", *BY_AUTHOR)
    assert SAYS in " ".join(officer.stdout.split())
    [found] = leaking("case", "explain", CASE, "submit", *BY_AUTHOR, "--format", "json").json["gives_away"]
    assert found["words"] == "£2.45m"


def test_confirmed_words_pass_and_only_part_2_of_the_history_shows_them(leaking: RunAssent) -> None:
    result = leaking("case", "act", CASE, "submit", *BY_AUTHOR, *PUBLIC_ALREADY)
    assert result.exit_code == 0, result.stderr
    public, both = leaking("case", "history", CASE), leaking("case", "history", CASE, "--part", "2")
    assert "Budget book" not in public.stdout
    assert "submit of 2018-03-07: “£2.45m” is already public: Budget book 2018, page 12" in both.stdout
    assert "1 wording of Part 1 was confirmed as public" in leaking("audit", CASE).stderr
    assert leaking("document", "render", CASE, "decision-form", "--to", "html", "-o", "x.html").exit_code == 0
    assert leaking("ledger", "verify", "--replay").exit_code == 0


def test_they_can_be_confirmed_in_a_draft(leaking: RunAssent) -> None:
    words = ("--set", "executive_summary=It costs £2.45m in all, for two years.", *PUBLIC_ALREADY)
    result = leaking("case", "amend", CASE, *BY_AUTHOR, *words)
    assert (result.exit_code, result.stderr) == (0, "")
    assert leaking("case", "act", CASE, "submit", *BY_AUTHOR).exit_code == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--already-public", "£2.45m"), "--already-public needs a reason"),
        (("--already-public", "£9m", "--reason", "It was in the press."), "in which nothing of Part 2 was found"),
    ],
)
def test_words_without_a_reason_or_without_a_match_are_refused(
    leaking: RunAssent, words: tuple[str, ...], message: str
) -> None:
    result = leaking("case", "act", CASE, "submit", *BY_AUTHOR, *words)
    assert (result.exit_code, message in result.stderr) == (2, True)
