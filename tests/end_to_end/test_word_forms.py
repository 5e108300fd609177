"""A Word form from `case new` to a submitted case, by the commands that its user types."""

from __future__ import annotations

import json
import re
import stat
from functools import cache
from pathlib import Path

import pytest

from decisions.output.word.forms.form_marks import confidential_markers
from decisions.output.word.package import MAIN_DOCUMENT, read_parts
from tests.decisions.output.word.forms.form_filling import answers_for, fill_form, marks_of
from tests.decisions.output.word.office_programs import edit_part
from tests.end_to_end.conftest import RunAssent, run_or_fail
from tests.plain_run import only_long
from tests.workflow.services.filled_papers import WalkedPaper, walked_papers
from tests.workflow.walk import shipped_library

FORM = Path("paper.docx")
ON = "2018-03-07"


@pytest.fixture
def store(assent: RunAssent) -> RunAssent:
    run_or_fail("init")
    run_or_fail("officer", "add", "A. Author", "--role", "author", "--scheme", "mopac", "--on", "2018-03-01")
    return assent


def new(scheme: str = "mopac", *options: object, on: object = ON) -> str:
    return run_or_fail("case", "new", "--scheme", scheme, "--on", on, "-o", FORM, *options).stdout


@cache
def blank_form() -> bytes:
    new()
    return FORM.read_bytes()


def begin() -> None:
    """Put the form for a paper there as `case new` makes it, but make it once."""
    FORM.write_bytes(blank_form())


def fill(answers: dict[str, str]) -> None:
    FORM.write_bytes(fill_form(FORM.read_bytes(), answers))


def shown_text() -> str:
    return " ".join(re.findall(r"<w:t[ >][^<]*", read_parts(FORM.read_bytes())[MAIN_DOCUMENT].decode()))


def walked(scheme: str) -> WalkedPaper:
    return max(walked_papers(scheme), key=lambda paper: len(paper.full_case.exempt_part.facts))


@pytest.mark.parametrize("scheme", ["gla", *only_long("mopac", "lfc", "council", "board")])
def test_a_filled_form_opens_a_case_that_its_author_can_send_on(assent: RunAssent, scheme: str) -> None:
    paper, followed = walked(scheme), shipped_library().scheme(scheme)
    public, exempt = (
        {address: value for address, value in facts.items() if followed.may_be_stated(address)}
        for facts in (paper.full_case.case.facts, paper.full_case.exempt_part.facts)
    )
    run_or_fail("init")
    role = followed.declaration.paper.open[0]
    run_or_fail("officer", "add", "A. Author", "--role", role, "--scheme", scheme, "--on", paper.on)
    value = public.get(followed.declaration.paper.value)
    new(scheme, *(["--value", value] if value else []), on=paper.on)
    fill(answers_for(followed, FORM.read_bytes(), {a: v for a, v in public.items() if v is not value}, exempt))
    opened = assent("case", "open", FORM, "--as", "a-author", "--on", paper.on)
    assert (opened.exit_code, opened.stderr) == (0, "")
    case = opened.stdout.split()[1]
    actions = followed.actions_at(followed.first_stage).items()
    send_on = next(name for name, action in actions if action.to and not followed.has_ended_at(action.to))
    steps = json.loads(run_or_fail("case", "next", case, "--on", paper.on, "--format", "json").stdout)["actions"]
    assert next(step for step in steps if step["action"] == send_on)["blocked_by"] == []


@pytest.mark.usefixtures("store")
def test_a_form_is_for_its_owner_alone_and_says_what_part_2_is() -> None:
    assert "answers are needed" in new()
    assert stat.S_IMODE(FORM.stat().st_mode) == 0o600
    text = shown_text()
    assert "Part 2: confidential" in text
    assert "assent case open paper.docx --as NAME" in text


@pytest.mark.usefixtures("store")
def test_a_kind_value_and_answers_stand_in_the_form() -> None:
    new("mopac", "--kind", "award", "--value", "£40,000 ex VAT", "--set", "title=Radios")
    text = shown_text()
    assert "Award of a contract after competition" in text
    assert "£40,000 excluding VAT" in text
    assert "Radios" in text


def test_answers_are_added_to_a_case_opened_from_yaml(store: RunAssent) -> None:
    Path("paper.yaml").write_text("public: {title: Radios}\n")
    run_or_fail("case", "open", "paper.yaml", "--scheme", "mopac", "--as", "a-author", "--on", ON)
    begin()
    fill({"title": "New radios", "deferral.asked": "no", "confidential.financial": "A bid."})
    amend = ("case", "amend", "MOPAC-2018-1", "--from", FORM, "--as", "a-author", "--on", ON)
    shown = store(*amend)
    assert "Nothing was recorded" in shown.stderr
    assert "+  New radios" in shown.stdout
    recorded = run_or_fail(*amend, "--yes", "--format", "json").json
    assert recorded["recorded"]
    assert [change["fact"] for change in recorded["changes"]] == ["title", "deferral.asked", "confidential.financial"]
    facts = run_or_fail("case", "show", "MOPAC-2018-1", "--part", "2", "--format", "json").json
    assert "A bid." in json.dumps(facts)
    assert "A bid." not in run_or_fail("case", "show", "MOPAC-2018-1", "--format", "json").stdout


def test_what_is_still_missing_is_added_to_the_form_with_its_answers(store: RunAssent) -> None:
    begin()
    fill({"title": "Radios"})
    opened = store("case", "open", FORM, "--as", "a-author", "--on", ON)
    assert "--from paper.docx --output paper.docx" in opened.stderr
    assert "case amend MOPAC-2018-1 --from paper.docx" in opened.stderr
    new("mopac", "--from", FORM)
    assert "Radios" in shown_text()


def test_the_faults_of_a_form_are_all_named_and_part_2_is_not_repeated(store: RunAssent) -> None:
    begin()
    question, answer = confidential_markers(1)
    number = marks_of(FORM.read_bytes()).addresses.index("estimated_value") + 1
    fill({"deferral.asked": "perhaps", question.fact: f"{number}. Estimated value", answer.fact: "seven zebras"})
    refused = store("case", "open", FORM, "--as", "a-author", "--on", ON)
    assert refused.exit_code == 2
    assert "paper.docx cannot be recorded: it has 2 faults" in refused.stderr
    assert "zebra" not in refused.stderr
    assert store("case", "list", "--format", "json").json["cases"] == []


def test_a_form_of_another_authority_is_refused(store: RunAssent) -> None:
    begin()
    refused = store("case", "open", FORM, "--scheme", "gla", "--as", "a-author")
    assert (refused.exit_code, "is a form of mopac" in refused.stderr) == (2, True)


def test_texts_outside_the_boxes_are_said_to_be_not_recorded(store: RunAssent) -> None:
    new("mopac", "--set", "part_2.exists=no")
    line = "<w:p><w:r><w:t>By the way.</w:t></w:r></w:p>"
    FORM.write_bytes(edit_part(FORM.read_bytes(), ("<w:sectPr", f"{line}<w:sectPr")))
    opened = store("case", "open", FORM, "--as", "a-author", "--on", ON)
    assert "not recorded" in opened.stderr
    assert "By the way." in opened.stderr


def test_a_form_does_not_replace_a_whole_paper(store: RunAssent) -> None:
    Path("paper.yaml").write_text("public: {title: Radios}\n")
    run_or_fail("case", "open", "paper.yaml", "--scheme", "mopac", "--as", "a-author", "--on", ON)
    begin()
    refused = store("case", "amend", "MOPAC-2018-1", FORM, "--as", "a-author", "--on", ON)
    assert (refused.exit_code, "--from paper.docx" in refused.stderr) == (2, True)


def test_a_form_saved_in_another_format_is_named(store: RunAssent) -> None:
    Path("paper.doc").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + "WordDocument".encode("utf-16-le"))
    Path("paper.odt").write_bytes(b"{\\rtf1}")
    for name, kind in (("paper.doc", "before 2007"), ("paper.odt", "rich text")):
        refused = store("case", "open", name, "--as", "a-author")
        assert (refused.exit_code, f"{name} is" in refused.stderr, kind in refused.stderr) == (2, True, True)


def test_a_form_with_answers_is_never_written_over_by_chance(store: RunAssent) -> None:
    begin()
    before = FORM.read_bytes()
    refused = store("case", "new", "--scheme", "mopac", "-o", FORM)
    assert (refused.exit_code, FORM.read_bytes() == before) == (2, True)
