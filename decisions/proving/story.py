"""A story: a real case as data, step by step, played through the same commands that officers use.

- A story states which control refuses which step. If the rules decide otherwise, the story fails.
- It is played with a fixed business day for each step, so that it always ends the same.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import Field

from rules.errors import Error, FileError
from rules.judging.findings import Finding, Ruling
from rules.language.dated_values import Day
from rules.packs.scheme import Scheme
from rules.reading.yaml_reader import read_yaml
from rules.values.citation import Declaration
from workflow.errors import Refusal
from workflow.services import commands, officer_commands
from workflow.services.command_context import Receipt
from workflow.services.commands import Request, Revision, Services

MAX_SHOWN_LENGTH = 39
"""How many characters of a value are shown in the command of a step."""
SKIPPED_PLACEHOLDER = "{skipped}"
"""A placeholder in narration for the names of the stages that an act would skip."""


class StoryOfficer(Declaration):
    """An officer of the story, and the officer's roles."""

    name: str
    roles: tuple[str, ...] = Field(min_length=1)


class StoryStep(Declaration):
    """One thing that an officer does or tries: open the case, do an act, or amend the paper.

    `tell` is the narration. `refused_by` names the control that must refuse the step; if it is empty, none may.
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
    """A document to issue at the end."""

    kind: str
    part: int


class Story(Declaration):
    """A story: who takes part, what each does, and the documents to issue at the end.

    The founder appoints the officers, so that nobody holds a role without somebody who appointed them.
    """

    title: str
    scheme: str
    paper: str
    start: Day = Field(alias="from")
    founder: str
    officers: tuple[StoryOfficer, ...] = Field(min_length=1)
    steps: tuple[StoryStep, ...] = Field(min_length=1)
    documents: tuple[StoryDocument, ...] = ()


@dataclass(frozen=True, slots=True)
class StoryStepResult:
    """A step that was played: its narration, the command that would do it, and its receipt or refusal."""

    step: StoryStep
    narration: str
    command: str
    case: str
    receipt: Receipt | None
    refusal: Ruling | None


class StoryError(Error):
    """A story did not go as it states."""


def parse_story(text: bytes, name: str) -> Story:
    """Return the story in a YAML file; raise `FileError` with its faults."""
    source = read_yaml(text, name)
    story, faults = source.validate(Story)
    if story is None:
        raise FileError(faults)
    return story


def play_story(services: Services, story: Story, paper: bytes) -> Iterator[StoryStepResult]:
    """Play the steps of a story one by one; raise `StoryError` at a step that does not go as the story states."""
    founder = officer_commands.add_founder(services, story.founder, Request("", story.start)).officer
    for officer in story.officers:
        request = Request(founder.id, story.start)
        officer_commands.add_officer(
            services, officer.name, officer_commands.RoleAppointment(story.scheme, officer.roles), request
        )
    scheme = services.library.scheme(story.scheme)
    case, stage = "", scheme.first_stage
    for step in story.steps:
        narration = step.tell
        if SKIPPED_PLACEHOLDER in narration:
            skipped = _describe_skipped_stages(scheme, stage, step.act)
            narration = narration.replace(SKIPPED_PLACEHOLDER, skipped)
        receipt, refusal = None, None
        try:
            receipt = _run_step(services, story, step, case, paper)
            case, stage = receipt.case, receipt.stage
        except Refusal as error:
            refusal = error.ruling
        if step.refused_by not in (refusal.blocking_controls() if refusal else ("",)):
            raise StoryError(f"{step.act or 'a step'} on {step.on} was to be refused by {step.refused_by or 'nothing'}")
        yield StoryStepResult(step, narration, _format_command(story, step, case), case, receipt, refusal)


def _run_step(services: Services, story: Story, step: StoryStep, case: str, paper: bytes) -> Receipt:
    request = Request(step.officer, step.on)
    if step.open:
        return commands.open_case_from_paper(services, story.scheme, paper, story.paper, request)
    if step.act:
        return commands.perform_action(services, case, commands.TypedAct(step.act, step.stated), request)
    return commands.amend_paper(services, case, Revision(step.stated, step.exempt), request)


def _describe_skipped_stages(scheme: Scheme, stage: str, act: str) -> str:
    """Return the labels of the stages between a case's stage and that of an act; raise `StoryError` if none."""
    start, stop = scheme.stage_index(stage) + 1, scheme.stage_index(scheme.action(act).stages[0])
    skipped = list(scheme.declaration.stages.values())[start:stop]
    if not skipped:
        raise StoryError(f"{act} skips no stage, and the story says that it does")
    *others, last = (each.label for each in skipped)
    return f"{', '.join(others)} and {last}" if others else last


def _format_command(story: Story, step: StoryStep, case: str) -> str:
    """Return the command that an officer would type for a step."""
    if step.open:
        verb = f"open {story.paper} --scheme {story.scheme}"
    else:
        verb = f"act {case} {step.act}" if step.act else f"amend {case}"
    options = [f"--set {fact}={_quote_value(value)}" for fact, value in step.stated.items()]
    options += [f"--set-exempt {fact}={_quote_value(value)}" for fact, value in step.exempt.items()]
    return " ".join(["assent case", verb, *options, f"--as {step.officer} --on {step.on.isoformat()}"])


def _quote_value(value: str) -> str:
    shown = value if len(value) <= MAX_SHOWN_LENGTH else f"{value[: MAX_SHOWN_LENGTH - 3].rstrip()} …"
    return shlex.quote(shown)


def remaining_breaches(results: list[StoryStepResult]) -> list[Finding]:
    """Return the breaches that remain after a story: those in the last finding on each control and subject."""
    last_findings: dict[tuple[str, str], Finding] = {}
    for result in results:
        ruling = result.receipt.ruling if result.receipt else None
        last_findings |= {(f.control, f.subject): f for f in (ruling.findings if ruling else ())}
    return [finding for finding in last_findings.values() if finding.outcome == "breached"]
