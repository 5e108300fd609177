"""`assent case new`: a paper that asks for just what a case needs, filled in and opened without anything missing."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from tests.end_to_end.conftest import RunAssent, run_or_fail
from tests.plain_run import in_turn
from tests.workflow.services.filled_papers import DAYS, choose_answer, fill_paper
from tests.workflow.walk import shipped_library

PAPER = Path("paper.yaml")


def new(scheme: str, *options: object) -> str:
    """Make a paper, and return what was printed."""
    return run_or_fail("case", "new", "--scheme", scheme, "--on", DAYS[scheme], *options).stdout


def fill(scheme_id: str) -> None:
    """Fill the paper as a program would: an answer on each empty line, and again for what answers lead to."""
    scheme = shipped_library().scheme(scheme_id)
    for _ in range(6):
        before = PAPER.read_text()
        PAPER.write_text(fill_paper(before, lambda address: choose_answer(scheme, address)))
        if PAPER.read_text() == before:
            return
        new(scheme_id, "--from", PAPER, "-o", PAPER)


@pytest.mark.parametrize("scheme", in_turn(list(DAYS), keep=len(DAYS)))
def test_a_paper_filled_by_a_program_opens_and_is_sent_on_with_nothing_missing(assent: RunAssent, scheme: str) -> None:
    run_or_fail("init")
    role = shipped_library().scheme(scheme).declaration.paper.open[0]
    run_or_fail("officer", "add", "A. Author", "--role", role, "--scheme", scheme, "--on", DAYS[scheme])
    assert "needed before the paper can go on" in new(scheme, "-o", PAPER)
    fill(scheme)
    opened = assent("case", "open", PAPER, "--scheme", scheme, "--as", "a-author", "--on", DAYS[scheme])
    assert (opened.exit_code, opened.stderr) == (0, "")
    case = opened.stdout.split()[1]
    followed = shipped_library().scheme(scheme)
    actions = followed.actions_at(followed.first_stage).items()
    send_on = next(name for name, action in actions if action.to and not followed.has_ended_at(action.to))
    run_or_fail("case", "act", case, send_on, "--as", "a-author", "--on", DAYS[scheme])


@pytest.mark.usefixtures("assent")
def test_a_paper_is_printed_without_a_file_and_without_a_store() -> None:
    text = new("mopac")
    assert text.startswith("# A paper for")
    assert "public:" in text
    assert not list(Path().iterdir())


@pytest.mark.usefixtures("assent")
def test_kind_value_and_answers_given_leave_fewer_questions() -> None:
    options = ("--kind", "award", "--value", "£40,000 ex VAT", "--set", "matter.novel=false")
    asked = json.loads(new("mopac", *options, "--format", "json"))
    addresses = {question["fact"] for question in asked["questions"]}
    assert not {"matter.kind", "estimated_value", "matter.novel"} & addresses
    assert {"matter.kind", "estimated_value", "matter.novel"} <= set(asked["public"])
    assert asked["needed_now"] < json.loads(new("mopac", "--format", "json"))["needed_now"]


@pytest.mark.usefixtures("assent")
def test_questions_are_given_as_json_with_reasons_and_what_answers_lead_to() -> None:
    asked = json.loads(new("mopac", "--format", "json"))
    by_fact = {question["fact"]: question for question in asked["questions"]}
    assert by_fact["deferral.asked"]["follow_ups"] == [{"answer": True, "facts": ["deferral.reason"]}]
    assert by_fact["modification.original_value"]["only_if"] == {
        "fact": "procurement_route",
        "answers": ["modification"],
    }
    assert by_fact["title"]["reasons"][0]["citation"]["provision"]
    assert by_fact["required_by"]["need"] == "optional"


@pytest.mark.usefixtures("assent")
def test_answers_of_an_earlier_paper_stay_and_what_is_missing_is_added() -> None:
    PAPER.write_text("public:\n  title: Radios\n  part_2.exists: true\nexempt:\n  estimated_value: £7,777 ex VAT\n")
    printed = new("mopac", "--from", PAPER, "-o", PAPER)
    text = PAPER.read_text()
    assert "title: |-\n    Radios" in text
    assert "part_2.marking:" in text
    assert "exemption-1:" in text
    assert "7,777" in text.partition("\nexempt:")[2]
    assert "7,777" not in printed


def test_a_file_with_answers_is_never_written_over_by_chance(assent: RunAssent) -> None:
    PAPER.write_text("public: {title: Mine}\n")
    result = assent("case", "new", "--scheme", "mopac", "-o", PAPER)
    assert result.exit_code == 2
    assert "--from paper.yaml" in result.stderr
    assert PAPER.read_text() == "public: {title: Mine}\n"


@pytest.mark.usefixtures("assent")
def test_a_paper_can_be_read_by_its_owner_alone() -> None:
    new("mopac", "-o", PAPER)
    assert stat.S_IMODE(PAPER.stat().st_mode) == 0o600
    PAPER.chmod(0o644)
    new("mopac", "--from", PAPER, "-o", PAPER)
    assert stat.S_IMODE(PAPER.stat().st_mode) == 0o600


def test_confidential_answers_are_never_printed(assent: RunAssent) -> None:
    PAPER.write_text("public: {part_2.exists: true}\nexempt: {title: Zebra}\n")
    result = assent("case", "new", "--scheme", "mopac", "--from", PAPER)
    assert result.exit_code == 2
    assert "--output" in result.stderr
    assert "Zebra" not in result.stderr + result.stdout
    assert "Zebra" not in new("mopac", "--from", PAPER, "--format", "json")


def test_what_is_wrong_in_a_paper_is_warned_of(assent: RunAssent) -> None:
    stated = ("deferral.asked=true", "deferral.reason=They asked.", "deferral.until=2020-01-01")
    options = [word for fact in stated for word in ("--set", fact)]
    result = assent("case", "new", "--scheme", "mopac", "--on", DAYS["mopac"], "-o", PAPER, *options)
    assert result.exit_code == 0
    assert "Warning, mopac:" in result.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--scheme", "mopca"), "Did you mean mopac?"),
        (("--scheme", "mopac", "--kind", "awrd"), "--kind: 'awrd' is not one of"),
        (("--scheme", "mopac", "--value", "much"), "--value:"),
        (("--scheme", "mopac", "--set", "titel=A"), "'titel' is not a fact"),
        (("--scheme", "mopac", "--set", "decided_on=2024-03-04"), "decided_on is not stated in a paper"),
        (("--scheme", "mopac", "--set", "title=A", "--set-exempt", "title=B"), "title cannot be both"),
        (("--scheme", "mopac", "--on", "2001-01-01"), "is not in force on 2001-01-01"),
        (("--scheme", "mopac", "-o", "paper.odt"), "Use .yaml, .yml or .docx."),
        (("--scheme", "mopac", "--from", "nothing.yaml"), "nothing.yaml could not be read"),
    ],
)
def test_wrong_input_is_refused_and_nothing_is_written(
    assent: RunAssent, options: tuple[str, ...], message: str
) -> None:
    result = assent("case", "new", *options)
    assert result.exit_code == 2
    assert message in result.stderr
    assert not list(Path().iterdir())


def test_opening_an_unfinished_paper_says_how_many_answers_are_missing_and_what_to_type(office: RunAssent) -> None:
    new("mopac", "--set", "title=Radios", "-o", PAPER)
    opened = office("case", "open", PAPER, "--scheme", "mopac", "--as", "author", "--on", DAYS["mopac"])
    assert opened.exit_code == 0
    assert "38 answers are still missing" in opened.stderr
    assert "assent case new --scheme mopac --from paper.yaml --output paper.yaml" in opened.stderr
    assert "assent case amend MOPAC-2024-1 paper.yaml --as OFFICER" in opened.stderr


def test_a_scheme_can_be_named_in_capitals(assent: RunAssent) -> None:
    made = assent("case", "new", "--scheme", "MOPAC", "--on", DAYS["mopac"], "-o", PAPER)
    assert made.exit_code == 0, made.stderr
    assert "assent case open paper.yaml --scheme mopac --as NAME" in made.stdout
