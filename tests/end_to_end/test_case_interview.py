"""The interview of `assent case new`, led at a pseudo-terminal: left, resumed, corrected, checked and recorded."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, FileText, read_steps
from tests.end_to_end.conftest import RunAssent, run_or_fail
from tests.end_to_end.pseudo_terminal import CTRL_C, CTRL_D, PseudoTerminal
from tests.workflow.walk import shipped_library
from workflow.cases.paper import Paper, read_paper

PAPER = Path("p.yaml")
BOARD = ("case", "new", "--scheme", "board", "--interview", "--output", "p.yaml")
MOPAC = ("case", "new", "--scheme", "mopac", "--on", "2024-03-04", "--interview", "--output", "p.yaml")


def kept(scheme: str) -> Paper:
    return read_paper(PAPER.read_bytes(), "p.yaml", shipped_library().scheme(scheme))


@pytest.fixture
def folder(assent: RunAssent, tmp_path: Path) -> Path:
    run_or_fail("init")
    run_or_fail("officer", "add", "Ann Author", "--role", "author", "--scheme", "board", "--on", "2024-04-02")
    del assent
    return tmp_path


def answer_board_paper(terminal: PseudoTerminal) -> None:
    terminal.type("New scanners", "Title")
    terminal.type("Ann Author", "Author of the report")
    terminal.type("contract", "Kind of matter")
    terminal.type("£40,000 ex VAT", "Estimated value")
    terminal.type_text("Two paragraphs.\n\nWith: a colon and # a sign.", "Summary")
    terminal.paste_text("The board is asked:\na. to note;\n.\nb. to approve.", "What is the board asked?")


def test_a_paper_is_answered_checked_changed_and_opened(folder: Path) -> None:
    with PseudoTerminal(folder, *BOARD) as terminal:
        answer_board_paper(terminal)
        shown = terminal.wait_for("Check your answers")
        assert "Part 1 (public)" in shown
        assert "New scanners" in shown
        terminal.type("1")
        terminal.type("e", "Your answer is: New scanners")
        terminal.wait_for("New scanners", ends=("scanners",))
        terminal.press(" for all\r")
        terminal.type("99", "New scanners for all")
        terminal.type("", "Type a number from 1 to")
        terminal.type("maybe", "Open the case now?")
        terminal.type("yes", "Type yes or no.")
        terminal.type("ann-author", "Who opens it?")
        assert terminal.wait_for_end() == 0
        assert "assent case next EHB-" in terminal.screen
    shown = run_or_fail("case", "list", "--format", "csv").stdout
    assert "New scanners for all" in shown
    case = shown.split("\n")[1].split(",")[0]
    facts = run_or_fail("case", "show", case, "--format", "json").json["facts"]
    assert facts["summary"] == "Two paragraphs.\n\nWith: a colon and # a sign."
    assert facts["proposal"] == "The board is asked:\na. to note;\n.\nb. to approve."
    run_or_fail("case", "act", case, "submit", "--as", "ann-author")


def test_only_the_paper_is_kept_if_the_case_is_not_to_be_opened(folder: Path) -> None:
    with PseudoTerminal(folder, *BOARD) as terminal:
        answer_board_paper(terminal)
        terminal.type("", "Check your answers")
        terminal.type("n", "Open the case now?")
        assert terminal.wait_for_end() == 0
        assert "assent case open p.yaml --scheme board --as NAME" in terminal.screen
    assert kept("board").public["title"] == "New scanners"
    assert "No cases found." in run_or_fail("case", "list").stdout


@pytest.mark.parametrize("key", [CTRL_C, CTRL_D])
def test_an_interview_that_is_left_loses_nothing_and_goes_on_where_it_was(folder: Path, key: str) -> None:
    with PseudoTerminal(folder, *BOARD) as terminal:
        terminal.type("New scanners", "Title")
        terminal.type("Ann Author", "Author of the report")
        terminal.wait_for("Kind of matter")
        terminal.press(key)
        assert terminal.wait_for_end() == 130
        assert "assent case new --scheme board --interview --output p.yaml" in terminal.screen
    assert dict(kept("board").public) == {"title": "New scanners", "author": "Ann Author"}
    assert stat.S_IMODE(PAPER.stat().st_mode) == 0o600
    with PseudoTerminal(folder, *BOARD) as terminal:
        asked = terminal.wait_for("Kind of matter")
        assert "Title" not in asked


def test_an_interview_that_was_killed_has_kept_every_answer(folder: Path) -> None:
    with PseudoTerminal(folder, *BOARD) as terminal:
        terminal.type("New scanners", "Title")
        terminal.wait_for("Author of the report")  # leaving the block kills the program
    assert dict(kept("board").public) == {"title": "New scanners"}


def test_wrong_answers_are_told_at_once_and_questions_can_be_skipped_taken_back_and_explained(folder: Path) -> None:
    with PseudoTerminal(folder, *BOARD) as terminal:
        terminal.type("<", "Title")
        terminal.type("", "This is the first question.")
        terminal.type("<", "Author of the report")
        terminal.type("Now a title", "Title")
        terminal.type("Ann Author", "Author of the report")
        terminal.type("contracts", "Kind of matter")
        terminal.type("2", "'contracts' is not one of service, contract, standing_orders")
        terminal.type("much", "Estimated value")
        terminal.type("?", "has no amount in figures")
        terminal.type("<", "The name of this fact is estimated_value.")
        terminal.type("-", "Type - to take it out.")
        terminal.wait_for("Does this need a special majority?")
    assert set(kept("board").public) == {"title", "author"}


def test_confidential_answers_go_to_part_2_and_stand_nowhere_else(folder: Path) -> None:
    with PseudoTerminal(folder, *MOPAC) as terminal:
        terminal.type("Radios", "Title")
        terminal.type("y", "Is there a Part 2?")
        terminal.type("£777,123 ex VAT", "Estimated value")
        terminal.type("y", "Is this answer confidential (Part 2)?")
        terminal.type("2024-01-01", "Day the Part 2 information was recorded")
        terminal.type("", "Is this answer confidential (Part 2)?")
        arguments = Path(f"/proc/{terminal.process}/cmdline").read_text()
        terminal.wait_for("Were the police and crime plan")
        assert "777" not in arguments
        terminal.press(CTRL_C)
        assert terminal.wait_for_end() == 130
    paper = kept("mopac")
    assert {str(value) for value in paper.exempt.values()} == {"£777,123 excluding VAT"}
    assert paper.public["title"] == "Radios"
    assert "777,123" not in PAPER.read_text().partition("\nexempt:")[0]


def test_an_answer_that_does_not_fit_another_is_told_at_once(folder: Path) -> None:
    options = ("--set", "title=A", "--set", "author=B", "--set", "majority.special=yes")
    with PseudoTerminal(folder, *BOARD, *options) as terminal:
        terminal.type("service", "Kind of matter")
        assert "This does not fit: The paper does not say, or says wrongly" in terminal.wait_for("Estimated value")


def test_a_long_text_is_pasted_whole(folder: Path) -> None:
    long = "\n".join(f"Line {number} of a long text: with a colon." for number in range(200))
    with PseudoTerminal(folder, *BOARD) as terminal:
        terminal.paste_text(long, "Title")
        terminal.wait_for("Author of the report")
    assert kept("board").public["title"] == long


def test_without_a_terminal_nobody_is_asked_and_the_error_says_what_to_type(assent: RunAssent) -> None:
    result = assent(*BOARD)
    assert result.exit_code == 2
    assert "assent case new --scheme board --output paper.yaml" in result.stderr
    assert not PAPER.exists()


def test_at_a_terminal_without_a_file_the_interview_begins_by_itself(folder: Path) -> None:
    with PseudoTerminal(folder, "case", "new", "--scheme", "board") as terminal:
        terminal.type("New scanners", "Each answer is saved at once in board-paper.yaml.")
        terminal.wait_for("Author of the report")
    with PseudoTerminal(folder, "case", "new", "--scheme", "board") as terminal:
        terminal.type("n", "board-paper.yaml has answers already. Go on with it?")
        terminal.wait_for("Each answer is saved at once in board-paper-2.yaml.")
        terminal.wait_for("Title")


def test_a_wrong_officer_is_asked_again_and_enter_keeps_the_paper(folder: Path) -> None:
    with PseudoTerminal(folder, *BOARD) as terminal:
        answer_board_paper(terminal)
        terminal.type("", "Check your answers")
        terminal.type("y", "Open the case now?")
        terminal.type("Ann Auther", "Who opens it?")
        terminal.type("", "'Ann Auther' is not an officer that is known here. Did you mean ")
        assert terminal.wait_for_end() == 0
        assert "assent case open p.yaml --scheme board --as NAME" in terminal.screen
    assert "No cases found." in run_or_fail("case", "list").stdout


@pytest.mark.parametrize("options", [(), ("--as", "lee-lead")])
def test_another_is_asked_for_if_an_officer_may_not_open_a_case(folder: Path, options: tuple[str, ...]) -> None:
    run_or_fail("officer", "add", "Lee Lead", "--role", "lead", "--scheme", "board", "--on", "2024-04-02")
    with PseudoTerminal(folder, *BOARD, *options) as terminal:
        answer_board_paper(terminal)
        terminal.type("", "Check your answers")
        terminal.type("y", "Open the case now?")
        if not options:
            terminal.type("lee-lead", "Who opens it?")
        terminal.type("ann-author", "Lee Lead may not open")
        assert terminal.wait_for_end() == 0
    assert "New scanners" in run_or_fail("case", "list").stdout


def test_a_question_says_for_which_document_and_which_recommendation_it_is(folder: Path) -> None:
    stated = ("title", "author", "executive_summary", "form.introduction")
    known = [word for fact in stated for word in ("--set", f"{fact}=A")]
    with PseudoTerminal(folder, *MOPAC, "--set", "recommendation:pib-1.body=pib", *known) as terminal:
        skip_until(terminal, "Introduction and background", "For: Investment Advisory Board report, Part 1.")
        skip_until(terminal, "Optional. Recommendation pib-1 (MPS Portfolio & Investment Board): Matter")
        skip_until(terminal, "Recommendation pib-1 (MPS Portfolio & Investment Board): Number")


def skip_until(terminal: PseudoTerminal, *texts: str) -> None:
    """Skip questions until one says all of some texts."""
    prompts: tuple[str, ...] = ("to come)", "(Part 2)?")
    while not all(text in terminal.wait_for(*prompts) for text in texts):
        assert "Answer now?" not in terminal.said
        # An answered yes or no is drawn once more before the next question: it is not asked again.
        prompts = ("to come)",) if terminal.said.endswith("[y/N]") else ("to come)", "(Part 2)?")
        terminal.type("")


def test_an_interview_is_not_kept_in_a_word_form(folder: Path) -> None:
    with PseudoTerminal(folder, *BOARD[:-1], "p.docx") as terminal:
        assert terminal.wait_for_end() == 2
        assert "--output p.yaml" in terminal.screen


def test_texts_of_a_file_are_taken_at_once_and_some_kept_confidential(folder: Path) -> None:
    texts = Path("texts.txt")
    options = ("--set", "part_2.exists=yes", "--set", "title=Radios")
    with PseudoTerminal(folder, *MOPAC, *options) as terminal:
        skip_until(terminal, "Executive summary", "To write all 15 texts in one file")
        terminal.type("@texts.txt")
        terminal.wait_for("has a heading for 15 texts.", ends=("texts.txt",))
        assert stat.S_IMODE(texts.stat().st_mode) == 0o600
        texts.write_text("Stray\n" + texts.read_text())
        terminal.press("\r")
        terminal.wait_for("Line 1 stands below no heading.", ends=("texts.txt",))
        texts.write_text("=== form.legal\nZebra advice.\n\n=== form.issues\nNone.\n=== executive_summary\nShort.\n")
        terminal.press("\r")
        terminal.type("four", "Which of these are confidential (Part 2)?")
        terminal.type("1", "Type numbers from 1 to 3")
        terminal.wait_for("Took 3 texts from texts.txt.")
    paper = kept("mopac")
    assert paper.exempt["form.legal"] == "Zebra advice."
    assert (paper.public["form.issues"], paper.public["executive_summary"]) == ("None.", "Short.")


def test_one_more_thing_can_be_added_before_the_case_is_opened(folder: Path) -> None:
    steps = read_steps(ROOT / "docs" / "tutorial" / "first-case-gla.md")
    PAPER.write_text("".join(step.text for step in steps if isinstance(step, FileText) and step.name == "wharf.yaml"))
    with PseudoTerminal(folder, "case", "new", "--scheme", "gla", "--on", "2019-03-04", *BOARD[4:]) as terminal:
        for _ in range(4):  # the page leaves what only some procurements need
            terminal.type("", "Why: The authority has regard")
        terminal.type("", "Answer now?")
        terminal.type("+recommendatio", "To add one more recommendation, type +recommendation")
        terminal.type("+recommendation", "Type a number from 1 to")
        terminal.type("2", "Recommendation recommendation-1: Number")
        terminal.type("note", "Recommendation recommendation-1: What the body is asked to do")
        terminal.type("the survey of the roots.", "Recommendation recommendation-1 (Note): Text")
        terminal.type("decider", "Recommendation recommendation-1 (Note): Which body is asked?")
        terminal.wait_for("Check your answers")
    added = {name: value for name, value in kept("gla").public.items() if "recommendation-1" in name}
    assert added["recommendation:recommendation-1.text"] == "the survey of the roots."
    assert len(added) == 4


def test_enter_takes_the_offered_answer_and_a_dash_leaves_it_open(folder: Path) -> None:
    with PseudoTerminal(folder, *MOPAC, "--set", "recommendation:pib-1.body=pib") as terminal:
        skip_until(terminal, "Is publication deferred?", "Press Enter for: no")
        terminal.type("-")
        skip_until(terminal, "pib-1 (MPS Portfolio & Investment Board): Number", "Press Enter for: 1")
        terminal.type("")
        terminal.wait_for("What the body is asked to do")
    assert kept("mopac").public["recommendation:pib-1.number"] == 1
    assert "deferral.asked" not in kept("mopac").public
