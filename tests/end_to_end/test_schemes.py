"""A second and a third authority, defined by data alone: each takes a case from paper to published decision.

The cases are illustrative. Every step is a command that an officer could type. A step that the story marks as refused
must be refused by the control that the story names, with its clause.
"""

from __future__ import annotations

import html
import io
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pypdf import PdfReader

from decisions.issuing.jobs import OUTPUT_FORMATS
from decisions.output.word.package import MAIN_DOCUMENT, read_parts
from decisions.proving.story import Story, StoryStep, parse_story
from rules.packs.digests import compute_digests
from rules.packs.library import SHIPPED_FOLDER, Library
from tests.end_to_end.conftest import PAPER, RunAssent, isolate_environment, run_assent

EXAMPLES = Path(__file__).parents[2] / "decisions" / "examples"
STORIES = {"gla": "pocket-park.story.yaml", "lfc": "breathing-apparatus.story.yaml"}
WRONG_INPUT, REFUSED = 2, 3


@dataclass(frozen=True)
class PlayedStory:
    """A story played by commands: its scheme, its case, and the output of each refusal by control."""

    scheme: str
    case: str
    refusals: dict[str, str]


def commands(step: StoryStep, story: Story, case: str) -> list[str]:
    """Return the words of the command for a step."""
    if step.open:
        what = ["open", str(EXAMPLES / story.paper), "--scheme", story.scheme]
    else:
        what = ["act", case, step.act] if step.act else ["amend", case]
    stated = [part for fact, value in step.stated.items() for part in ("--set", f"{fact}={value}")]
    return ["case", *what, *stated, "--as", step.officer, "--on", step.on.isoformat(), "--format", "json"]


def play(scheme: str) -> PlayedStory:
    name = STORIES[scheme]
    story, case, refusals = parse_story((EXAMPLES / name).read_bytes(), name), "", {}
    assert run_assent("init").exit_code == 0
    for officer in story.officers:
        roles = [part for role in officer.roles for part in ("--role", role)]
        made = run_assent("officer", "add", officer.name, *roles, "--scheme", scheme, "--on", story.start.isoformat())
        assert made.exit_code == 0, made.stderr
    for step in story.steps:
        result = run_assent(*commands(step, story, case))
        assert result.exit_code == (REFUSED if step.refused_by else 0), (step, result.stderr)
        if step.refused_by:
            refusals[step.refused_by] = result.stdout + result.stderr
        else:
            case = case or result.json["case"]
    return PlayedStory(scheme, case, refusals)


@pytest.fixture(scope="module", params=STORIES)
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlayedStory]:
    """Each story, played once in its own folder."""
    with pytest.MonkeyPatch.context() as here:
        isolate_environment(here, tmp_path_factory.mktemp(request.param))
        yield play(request.param)


def test_a_case_goes_from_paper_to_published_decision_and_every_ruling_replays(played: PlayedStory) -> None:
    shown = run_assent("case", "show", played.case, "--format", "json").json
    assert (shown["case"], shown["stage"]) == (f"{played.scheme.upper()}-2018-1", "published")
    assert run_assent("ledger", "verify", "--replay").exit_code == 0


def test_a_decided_case_is_shown_long_after_its_scheme_ended(played: PlayedStory) -> None:
    result = run_assent("case", "next", played.case)
    assert (result.exit_code, "this is a final stage" in result.stdout) == (0, True)


CLAUSES = {
    "gla": {
        "level.form_high_enough": "summary of Decision Form requirements",
        "level.decider_high_enough": "Mayoral Decision-Making in the Greater London Authority (24 April 2017, MD2085)",
        "route.for_the_mayor": "MD, a decision for the Mayor",
    },
    "lfc": {
        "prior_approval.not_needed": "London Fire Commissioner Governance Direction 2018 (MD2260)",
        "prior_approval.obtained": "shall be obtained before",
    },
}


def test_an_act_above_the_officers_level_is_refused_with_the_clause(played: PlayedStory) -> None:
    assert played.refusals.keys() == CLAUSES[played.scheme].keys()
    for control, clause in CLAUSES[played.scheme].items():
        assert control in played.refusals[control]
        assert clause in played.refusals[control]


EXPECTED_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "gla": {
        "decision-form": (
            "Greater London Authority", "Pocket park in Example Street", "DD0000", "18 April 2018",
            "Director Decision Form (DD)", "Corporate Director",
            "The Corporate Director is asked to:", "1. Approve expenditure of £62,500", "2. Note that the borough",
            "The above request has my approval.", "None to record",
            "1. Introduction and background", "1.1.", "7. Planned delivery approach and next steps", "Planting",
            "within one working day of approval", "Originating officer declaration", "Confirmed", "Sponsoring Director",
        ),
    },
    "lfc": {
        "prior-approval": (
            "London Fire Commissioner", "DMFD00", "20 June 2018", "prior approval of the Deputy Mayor",
            "The Deputy Mayor for Fire and Resilience is asked to:", "Approve the commitment of £420,000",
            "The Commissioner may commit", "Corporate Investment Board", "18 June 2018",
        ),
        "decision": (
            "NOT PROTECTIVELY MARKED", "LFC-0000-D", "21 June 2018", "Published in full",
            "after the Deputy Mayor's prior approval", "The London Fire Commissioner is asked to:",
            "1. Approve the purchase", "2. Note that the old sets", "Prior approval of the Deputy Mayor", "DMFD00",
            "20 June 2018", "Workforce comments", "Sustainability implications", "Access to information",
        ),
    },
}  # fmt: skip
ABSENT_WORDS = {
    "decision-form": ("The Mayor is asked to:", "Chief of Staff", "disclosable pecuniary"),
    "prior-approval": ("The London Fire Commissioner is asked to:", "Workforce comments"),
    "decision": ("Approve the commitment",),
}


@pytest.mark.parametrize("to", OUTPUT_FORMATS)
def test_its_documents_have_the_words_of_its_forms(played: PlayedStory, tmp_path: Path, to: str) -> None:
    for kind, expected in EXPECTED_WORDS[played.scheme].items():
        path = tmp_path / f"{kind}.{to}"
        made = run_assent("document", "render", played.case, kind, "--part", "1", "--to", to, "-o", path)
        assert made.exit_code == 0, made.stderr
        text = bare(TEXT_READERS[to](path.read_bytes()))
        word_numbering = r"^\d+\. |^\d+\.\d+\.$" if to == "docx" else "$"  # by Word itself
        assert [words for words in expected if bare(re.sub(word_numbering, "", words)) not in text] == []
        assert [words for words in ABSENT_WORDS[kind] if bare(words) in text] == []


def printed(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


TEXT_READERS: dict[str, Callable[[bytes], str]] = {
    "html": bytes.decode,
    "pdf": printed,
    "docx": lambda data: read_parts(data)[MAIN_DOCUMENT].decode(),
}


def bare(text: str) -> str:
    """Return text without tags, escapes and spaces, so that line breaks do not matter."""
    return "".join(html.unescape(re.sub(r"<[^>]*>", "", text)).split())


def test_a_form_that_the_route_does_not_need_is_refused(assent: RunAssent, tmp_path: Path) -> None:
    assert assent("init").exit_code == 0
    assert assent("officer", "add", "A B", "--role", "author", "--scheme", "lfc", "--on", "2018-05-01").exit_code == 0
    paper = tmp_path / "small.yaml"
    paper.write_text(
        'public:\n  title: A small matter\n  direction.other_head: false\n  estimated_value: "£1 ex VAT"\n'
    )
    opened = assent("case", "open", paper, "--scheme", "lfc", "--as", "a-b", "--on", "2018-06-01", "--format", "json")
    result = assent(
        "document", "render", opened.json["case"], "prior-approval", "--to", "html", "-o", tmp_path / "x.html"
    )
    assert result.exit_code == WRONG_INPUT
    assert "has no Deputy Mayor's decision" in result.stderr
    assert not (tmp_path / "x.html").exists()


NOVEL = (
    ("amend", "--set", "decision.form=md", "--set", "matter.novel=true", "--as", "author"),
    ("act", "submit", "--as", "author"),
    ("act", "declare", "--as", "sponsor", "--set", "declaration.reviewed=true", "--set", "declaration.advice=true"),
    ("act", "certify", "--as", "chief-of-staff", "--set", "certificate.appropriate=true"),
    (
        *("act", "approve", "--as", "mayor", "--set", "decision.reference=MD0000"),
        *("--set", "interests.considered=true", "--set", "interests.declared=none"),
    ),
    ("act", "publish", "--as", "governance"),
)


def test_a_novel_matter_goes_to_the_mayor_and_has_the_mayors_form(assent: RunAssent, tmp_path: Path) -> None:
    assert assent("init").exit_code == 0
    for role in ("author", "sponsor", "chief_of_staff", "mayor", "governance"):
        name = role.replace("_", " ")
        assert assent("officer", "add", name, "--role", role, "--scheme", "gla", "--on", "2018-03-01").exit_code == 0
    paper = EXAMPLES / "pocket-park.yaml"
    assert assent("case", "open", paper, "--scheme", "gla", "--as", "author", "--on", "2018-04-16").exit_code == 0
    for verb, *rest in NOVEL:
        result = assent("case", verb, "GLA-2018-1", *rest, "--on", "2018-04-16")
        assert result.exit_code == 0, (rest, result.stdout, result.stderr)
    page = tmp_path / "md.html"
    assert assent("document", "render", "GLA-2018-1", "decision-form", "--to", "html", "-o", page).exit_code == 0
    text = bare(page.read_text())
    for words in ("Mayoral Decision Form (MD)", "The Mayor is asked to:", "disclosable pecuniary interest", "MD0000"):
        assert bare(words) in text
    assert bare("The Corporate Director is asked to:") not in text


def test_a_scheme_is_shown_with_its_three_digests(office: RunAssent) -> None:
    shown = office("scheme", "show", "gla", "--format", "json").json
    digests = compute_digests(Library.load([]).bundle("gla")).as_json()
    assert shown["digests"] == digests
    table = office("scheme", "show", "gla").stdout
    for aspect in ("law", "flow", "layout"):
        assert re.search(rf"^{aspect} digest +{digests[aspect]}$", table, re.MULTILINE)


def test_a_scheme_is_shown_with_who_must_be_apart_and_who_appoints(office: RunAssent) -> None:
    shown = office("scheme", "show", "lfc", "--format", "json").json
    assert shown["separation"]["approval_and_decision"]["apart"] == ["deputy_mayor", "commissioner"]
    assert shown["separation"]["approval_and_decision"]["citation"]["basis"] == "unverified"
    assert (shown["appointments"]["who"], shown["appointments"]["backdating"]) == (["commissioner"], 28)
    table = bare(office("scheme", "show", "lfc").stdout)
    for words in ("The person who gives prior approval does not decide.", "Practice of the London Fire Commissioner"):
        assert bare(words) in table
    assert bare("Appoint officers; more than 28 days back only with a reason.") in table


def test_a_case_with_an_unknown_scheme_is_shown_with_a_warning(office: RunAssent, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    shutil.copytree(SHIPPED_FOLDER / "schemes" / "mopac", mine / "schemes" / "ours")
    head = mine / "schemes" / "ours" / "scheme.yaml"
    head.write_text(head.read_text().replace("\nscheme: mopac\n", "\nscheme: ours\n"))
    options = ("--scheme", "ours", "--on", "2018-03-07")
    assert office("--packs", mine, "officer", "add", "Ours", "--role", "author", *options).exit_code == 0
    assert office("--packs", mine, "case", "open", PAPER, *options, "--as", "ours").exit_code == 0
    with_packs = office("--packs", mine, "case", "show", "MOPAC-2018-1", "--part", "2")
    result = office("case", "show", "MOPAC-2018-1", "--part", "2")
    assert (result.exit_code, result.stdout) == (0, with_packs.stdout)
    assert "Warning, MOPAC-2018-1: its scheme ours is not known here" in result.stderr
    for words in (("review", "due"), ("audit", "--all")):
        assert "Warning, MOPAC-2018-1: its scheme ours is not known here" in office(*words).stderr
