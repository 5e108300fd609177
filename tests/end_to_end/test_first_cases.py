"""Three first cases, from an empty folder to published documents, each by interview and by Word form.

Every command must succeed. The answers are those of the tutorial's paper; the interview and the form are asked for them
in their own order, and the screen is checked for the question before the answer is typed.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from rules.packs.scheme import Scheme
from rules.values.facts import split_address
from tests.docs.pages import ROOT, FileText, read_steps
from tests.end_to_end.conftest import RunAssent, run_or_fail
from tests.end_to_end.first_cases import GLA, LFC, MOPAC, FirstCase, Way
from tests.end_to_end.pseudo_terminal import PROMPTS, PseudoTerminal
from tests.end_to_end.word_forms import fill_form
from tests.plain_run import only_long
from tests.workflow.services.filled_papers import DAYS
from tests.workflow.walk import shipped_library
from workflow.cases.paper import Paper, read_paper
from workflow.ledger.canonical_json import serialize_facts
from workflow.services.paper_interview import Interview

MAX_COMMANDS, MAX_TYPED_LINES, MAX_COLUMNS = 20, 40, 80
WAYS: tuple[Way, ...] = ("interview", "word")
by_case = pytest.mark.parametrize("case", [GLA, *only_long(MOPAC, LFC)], ids=lambda case: case.scheme)
by_way = pytest.mark.parametrize("way", WAYS)


def page_text(case: FirstCase) -> str:
    """Return the paper that the tutorial shows filled in, as it stands there."""
    steps = read_steps(ROOT / "docs" / "tutorial" / case.page)
    return "".join(step.text for step in steps if isinstance(step, FileText) and step.name == case.answers)


def answers_of(case: FirstCase) -> Paper:
    return read_paper(page_text(case).encode(), case.answers, scheme_of(case))


def scheme_of(case: FirstCase) -> Scheme:
    return shipped_library().scheme(case.scheme)


def typed_answers(case: FirstCase) -> dict[str, str]:
    """Return each answer by its address, as a person types it or chooses it from a list."""
    scheme = scheme_of(case)
    return {
        address: value if isinstance(value, str) and _is_text(scheme, address) else scheme.format_fact(address, value)
        for address, value in answers_of(case).public.items()
    }


def _is_text(scheme: Scheme, address: str) -> bool:
    return scheme.fact_declaration(split_address(address)[0]).kind == "text"


def run(command: str) -> None:
    run_or_fail(*shlex.split(command.replace("\\\n", " "))[1:])


class Typed(NamedTuple):
    """Lines that were typed at the terminal for a paper, and lines written into its file of texts."""

    answers: int = 0
    texts: int = 0


def lead_interview(case: FirstCase, folder: Path) -> tuple[Paper, Typed]:
    """Answer what the interview asks, open the case, and return the paper and how much was typed for it.

    Enter takes what is offered, if that is the answer, and skips what does not apply. The texts are written into one
    file, in an editor.
    """
    answers, typed = answers_of(case).public, typed_answers(case)
    asking, lines, texts = Interview(scheme_of(case), DAYS[case.scheme], Paper({}, {})), [], 0
    words = shlex.split(case.command_for_new_paper("interview"))
    with PseudoTerminal(folder, *words[1:]) as terminal:
        while left := asking.open_questions():
            question = left[0]
            expected, answer = asking.label_of(question.address), typed.get(question.address)
            offered = asking.offer_answer(question)
            if answer is None:  # what does not apply is skipped
                terminal.type("", expected)
                asking.skip(question)
            elif asking.is_long(question):
                lines.append("@texts.txt")
                terminal.type(lines[-1], expected)
                terminal.wait_for("then press Enter here.", ends=("texts.txt",))
                written = fill_texts(folder / "texts.txt", typed)
                texts = sum(map(len, map(str.splitlines, written.values())))
                terminal.press("\r")
                for address in written:
                    asking.answer(asking.find_question(address), answers[address], is_confidential=False)
            else:
                lines += [] if offered and offered.value == answers[question.address] else [answer]
                terminal.type("" if offered and offered.value == answers[question.address] else answer, expected)
                asking.answer(question, answers[question.address], is_confidential=False)
        terminal.type("", "Answer now?")
        terminal.type("", "Check your answers")
        lines.append("y")
        terminal.type("y", "Open the case now?")
        assert terminal.wait_for_end() == 0, terminal.screen
        printed = [line for line in terminal.screen.splitlines() if not any(prompt in line for prompt in PROMPTS)]
        assert [line for line in printed if len(line) > MAX_COLUMNS] == []  # lines with a prompt are drawn again
    return asking.paper, Typed(len(lines), texts)


def fill_texts(path: Path, typed: Mapping[str, str]) -> dict[str, str]:
    """Write each text below its heading, and return the texts by address."""
    filled: list[str] = []
    written: dict[str, str] = {}
    for line in path.read_text().splitlines():
        filled.append(line)
        if line.startswith("=== "):
            address = line.removeprefix("=== ").split(": ")[0]
            filled.append(written.setdefault(address, typed[address]))
    path.write_text("\n".join(filled))
    return written


def write_paper(case: FirstCase, way: Way, folder: Path) -> tuple[Paper, Typed]:
    """Make the paper, fill it in as the way asks for, and return what it states and how much was typed."""
    if way == "interview":
        return lead_interview(case, folder)
    run(case.command_for_new_paper(way))
    assert fill_form(folder / "paper.docx", typed_answers(case)) == set()
    return answers_of(case), Typed()


@by_case
@by_way
def test_a_first_case_reaches_publication_without_a_failure(
    case: FirstCase, way: Way, assent: RunAssent, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    Path("officers.yaml").write_text(case.officers)
    for command in case.commands_before():
        run(command)
    paper, typed = write_paper(case, way, tmp_path)
    lines = case.count_typed_lines(way) + typed.answers
    record_property("typed lines, and lines of texts", (lines, typed.texts))
    assert lines <= MAX_TYPED_LINES
    for command in case.commands_after(way):
        run(command)
    [listed] = assent("case", "list", "--format", "json").json["cases"]
    assert (listed["stage"], listed["title"]) == ("published", answers_of(case).public["title"])
    assert_every_public_document_was_made(assent, listed["case"])
    assert assent("ledger", "verify", "--replay").exit_code == 0
    stated = assent("case", "show", listed["case"], "--format", "json").json["facts"]
    assert stated.items() >= serialize_facts(paper.public).items()


def assert_every_public_document_was_made(assent: RunAssent, case_id: str) -> None:
    documents = assent("document", "list", case_id, "--format", "json").json["documents"]
    public = {f"published/{case_id}-{one['kind']}-part-1.pdf" for one in documents if one["part"] == 1}
    assert public
    assert {str(path) for path in Path("published").iterdir()} == public
    for path in sorted(public):
        assert assent("document", "verify", path).exit_code == 0


@by_case
@by_way
def test_a_script_is_short(case: FirstCase, way: Way) -> None:
    assert len(case.all_commands(way)) <= MAX_COMMANDS


@by_case
def test_a_script_types_only_what_the_tutorial_or_the_help_shows(case: FirstCase) -> None:
    page = " ".join((ROOT / "docs" / "tutorial" / case.page).read_text().replace("\\\n", " ").split())
    acts = [" ".join(one.replace("\\\n", " ").split()) for one in case.commands_after("word") if "case act" in one]
    assert acts
    assert [act for act in acts if act not in page] == []
