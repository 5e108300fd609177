"""A story: a real case told step by step, as data, so that anyone can watch it go through the rules."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import Field

from rules.errors import Error, FileError
from rules.judging.findings import Finding, Ruling
from rules.language.dated_values import Day
from rules.packs.scheme import FIRST_STAGE, Scheme
from rules.reading.yaml_reader import read_yaml
from rules.values.citation import Declaration
from workflow.errors import Refusal
from workflow.services import commands as at_desk
from workflow.services.commands import Receipt, Request, Revision, Services

MAX_SHOWN_LENGTH = 39
"""How much of a value stands in a command that is told, not typed."""
SKIPPED_PLACEHOLDER = "{skipped}"
"""What stands in a story for the stages that an act would skip."""


class StoryOfficer(Declaration):
    """An officer of the story."""

    name: str
    roles: tuple[str, ...] = Field(min_length=1)


class StoryStep(Declaration):
    """One thing that an officer does or tries: open the case, do an act, or amend the paper.

    `refused_by` names the control that is to refuse it: a story that goes otherwise than it says is a fault.
    """

    officer: str
    on: Day
    tell: str = ""
    open: bool = False
    act: str = ""
    stated: dict[str, str] = Field(default_factory=dict, alias="set")
    exempt: dict[str, str] = Field(default_factory=dict, alias="set_exempt")
    refused_by: str = ""


class StoryDocument(Declaration):
    """A document to make at the end."""

    kind: str
    part: int


class Story(Declaration):
    """A whole story."""

    title: str
    scheme: str
    paper: str
    start: Day = Field(alias="from")
    officers: tuple[StoryOfficer, ...] = Field(min_length=1)
    steps: tuple[StoryStep, ...] = Field(min_length=1)
    documents: tuple[StoryDocument, ...] = ()


@dataclass(frozen=True, slots=True)
class StoryStepResult:
    """A step that was taken: what is told of it, the command that would have done it, and what came of it."""

    step: StoryStep
    narration: str
    command: str
    case: str
    receipt: Receipt | None
    refusal: Ruling | None


class StoryError(Error):
    """The story went otherwise than it says."""


def parse_story(text: bytes, name: str) -> Story:
    """The story in a YAML file; raises `FileError`."""
    source = read_yaml(text, name)
    story, faults = source.validate(Story)
    if story is None:
        raise FileError(faults)
    return story


def play_story(services: Services, story: Story, paper: bytes) -> Iterator[StoryStepResult]:
    """Take the steps of a story one by one; raises `StoryError` where one goes otherwise than it says."""
    for cast in story.officers:
        at_desk.add_officer(services, cast.name, story.scheme, cast.roles, Request("", story.start))
    case, stage, scheme = "", FIRST_STAGE, services.library.scheme(story.scheme)
    for step in story.steps:
        said = (
            step.tell.replace(SKIPPED_PLACEHOLDER, _describe_skipped_stages(scheme, stage, step.act))
            if SKIPPED_PLACEHOLDER in step.tell
            else step.tell
        )
        receipt, refusal = None, None
        try:
            receipt = _run_step(services, story, step, case, paper)
            case, stage = receipt.case, receipt.stage
        except Refusal as error:
            refusal = error.ruling
        if step.refused_by not in (refusal.blocking_controls() if refusal else ("",)):
            raise StoryError(f"{step.act or 'a step'} on {step.on} was to be refused by {step.refused_by or 'nothing'}")
        yield StoryStepResult(step, said, _format_command(story, step, case), case, receipt, refusal)


def _run_step(services: Services, story: Story, step: StoryStep, case: str, paper: bytes) -> Receipt:
    asked = Request(step.officer, step.on)
    if step.open:
        return at_desk.open_case_from_paper(services, story.scheme, paper, story.paper, asked)
    if step.act:
        return at_desk.perform_action(services, case, step.act, step.stated, asked)
    return at_desk.amend_paper(services, case, Revision(step.stated, step.exempt), asked)


def _describe_skipped_stages(scheme: Scheme, stage: str, act: str) -> str:
    """The stages between the one at which a case stands and that of an act, in words; raises `StoryError` for none."""
    between = list(scheme.declaration.stages.values())[
        scheme.stage_index(stage) + 1 : scheme.stage_index(scheme.action(act).stage)
    ]
    if not between:
        raise StoryError(f"{act} skips no stage, and the story says that it does")
    *others, last = (each.label for each in between)
    return f"{', '.join(others)} and {last}" if others else last


def _format_command(story: Story, step: StoryStep, case: str) -> str:
    """The step as it would be typed."""
    if step.open:
        done = f"open {story.paper} --scheme {story.scheme}"
    else:
        done = f"act {case} {step.act}" if step.act else f"amend {case}"
    said = [f"--set {fact}={_quote_value(value)}" for fact, value in step.stated.items()]
    said += [f"--set-exempt {fact}={_quote_value(value)}" for fact, value in step.exempt.items()]
    return " ".join(["assent case", done, *said, f"--as {step.officer} --on {step.on.isoformat()}"])


def _quote_value(value: str) -> str:
    shown = value if len(value) <= MAX_SHOWN_LENGTH else f"{value[: MAX_SHOWN_LENGTH - 3].rstrip()} …"
    return shlex.quote(shown)


def remaining_breaches(results: list[StoryStepResult]) -> list[Finding]:
    """The warnings that the rulings of a story left standing, the last word on each control and subject."""
    last: dict[tuple[str, str], Finding] = {}
    for step in results:
        ruling = step.receipt.ruling if step.receipt else None
        last |= {(finding.control, finding.subject): finding for finding in (ruling.findings if ruling else ())}
    return [finding for finding in last.values() if finding.outcome == "breached"]
