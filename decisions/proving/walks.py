"""Walks: cases led through the stages of a scheme step by step, to prove its flow.

Each step goes through `decide`, as an officer's command does, without a store or a clock. A walk stops at the first
step that does not come out as it says, since what follows would prove nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from decisions.documents.build import build_document
from decisions.documents.record_views import build_public_record
from decisions.documents.view import texts_in
from decisions.proving.walk_advice import (
    advise_on_entitled_officer,
    advise_on_kept_facts,
    advise_on_missing_fact,
    advise_on_silent_controls,
    advise_on_unasked_facts,
)
from rules.errors import Error, Fault
from rules.packs.corrections_schema import CORRECT
from rules.packs.example_schema import ExampleFile
from rules.packs.flow_schema import AMEND
from rules.packs.scheme import Scheme
from rules.packs.stated_facts import parse_stated_facts
from rules.packs.walk_schema import OPEN_STEP, Walk, WalkStep
from rules.reading.yaml_reader import KeyPath, YamlFile
from rules.values.facts import FactValue, split_address
from rules.values.suggestions import did_you_mean
from workflow.cases.appointments import Appointment
from workflow.cases.case import FullCase
from workflow.cases.events import Act, ActContext, Amend, Command, Correct, Open, RecordReview
from workflow.cases.life import decide
from workflow.cases.officers import Officer, make_officer_id
from workflow.cases.records import evolve_full_case
from workflow.errors import NotEntitled, Refusal

WALK_CASE = "walk"


class ParsedStep(NamedTuple):
    """A step with its facts as values by address."""

    step: WalkStep
    given: Mapping[str, FactValue]
    exempt: Mapping[str, FactValue]
    then: Mapping[str, FactValue]
    linked: Mapping[str, FactValue]


@dataclass(frozen=True, slots=True)
class ParsedWalk:
    """A walk whose facts were read: its officers by the names that steps use, its paper and its steps."""

    walk: Walk
    at: KeyPath
    officers: Mapping[str, Officer]
    public: Mapping[str, FactValue]
    exempt: Mapping[str, FactValue]
    steps: tuple[ParsedStep, ...]


class Mismatch(NamedTuple):
    """Where a walk did not come out as it says: the number of the step from 0, and how."""

    step: int
    message: str


@dataclass(slots=True)
class WalkResult:
    """What a walk did: the acts that were done, each with its stage, the stage at the end, and how it went wrong."""

    acts: list[tuple[str, str]] = field(default_factory=list)
    stage: str = ""
    mismatch: Mismatch | None = None
    last_case: FullCase | None = None


def parse_walks(
    source: YamlFile, example_file: ExampleFile, scheme: Scheme
) -> tuple[tuple[ParsedWalk, ...], list[Fault]]:
    """Return the walks of an example file, and every fault in what they state."""
    parser = _WalkParser(source, example_file, scheme)
    walks = tuple(parser.parse(walk, ("walks", place)) for place, walk in enumerate(example_file.walks))
    return walks, parser.faults


def run_walk(walk: ParsedWalk, scheme: Scheme) -> WalkResult:
    """Lead a case along a walk, as far as it comes out as it says."""
    result = WalkResult()
    full_case: FullCase | None = None
    for number, step in enumerate(walk.steps):
        try:
            full_case, message = _take_step(walk, step, full_case, scheme)
        except Error as error:  # such as a fact that the action does not ask for
            message = _with_advice(f"cannot be done: {error}", advise_on_unasked_facts(step.step, step.given, scheme))
        if not message and full_case is not None:
            message = _explain_other_record(step, full_case, scheme)
            if not step.step.refused_by and not step.step.not_entitled:
                result.acts.append((step.step.do, result.stage))
            result.stage = full_case.case.stage
        if message:
            result.mismatch = Mismatch(number, message)
            return result
    result.last_case = full_case
    return result


def explain_other_documents(walk: ParsedWalk, full_case: FullCase, scheme: Scheme) -> Iterator[tuple[str, str]]:
    """Yield each document whose Part 1 does not show the words that a walk names, and which of them."""
    record = build_public_record(full_case.case, "", scheme)
    for kind, texts in walk.walk.shows.items():
        try:
            document = build_document(scheme.document_template(kind, 1), record)
        except Error as error:  # such as a document that is not made by the facts of this case
            yield kind, str(error)
            continue
        words = " ".join(" ".join(texts_in(document)).split())
        for text in texts:
            if " ".join(text.split()) not in words:
                yield kind, f"Part 1 does not show “{text}”"


def _take_step(
    walk: ParsedWalk, step: ParsedStep, full_case: FullCase | None, scheme: Scheme
) -> tuple[FullCase | None, str]:
    """Return the case after a step, and how the step came out otherwise than it says (empty: as it says)."""
    declared = step.step
    officer = walk.officers[declared.who]
    try:
        act_context = ActContext(declared.on, "", linked=step.linked)
        accepted = decide(full_case, _command(walk, step, scheme), scheme, officer, act_context)
    except Refusal as refusal:
        return full_case, _explain_refusal(declared, refusal.ruling.blocking_controls(), scheme)
    except NotEntitled as error:
        return full_case, "" if declared.not_entitled else f"is not allowed: {error}"
    if declared.refused_by:
        message = f"was to be refused by {', '.join(declared.refused_by)}, and succeeds"
        return full_case, _with_advice(message, advise_on_silent_controls(declared, declared.refused_by, scheme))
    if declared.not_entitled:
        return full_case, _with_advice("was not to be allowed, and succeeds", advise_on_entitled_officer(declared))
    return evolve_full_case(full_case, accepted.event), ""


def _command(walk: ParsedWalk, step: ParsedStep, scheme: Scheme) -> Command:
    do = step.step.do
    if do == OPEN_STEP:
        return Open(WALK_CASE, {**walk.public, **step.given}, {**walk.exempt, **step.exempt})
    if do == AMEND:
        return Amend(step.given, step.exempt)
    if do in scheme.declaration.reviews:
        return RecordReview(step.step.of, do, step.given, step.exempt)
    if do == CORRECT:
        values = step.exempt or step.given
        words = {address: scheme.format_fact(address, value) for address, value in values.items()}
        return Correct(words, step.step.reason, in_part_2=bool(step.exempt))
    return Act(do, step.given, step.step.override)


def _explain_refusal(step: WalkStep, blocking: Iterable[str], scheme: Scheme) -> str:
    refused_by = tuple(blocking)
    if not refused_by:
        return "is refused, since no control applies at its gate, and such a gate stays shut"
    if not step.refused_by:
        return f"is refused by {', '.join(refused_by)}"
    silent = [control for control in step.refused_by if control not in refused_by]
    if not silent:
        return ""
    message = f"is not refused by {', '.join(silent)}, but by {', '.join(refused_by)}"
    return _with_advice(message, advise_on_silent_controls(step, silent, scheme))


def _explain_other_record(step: ParsedStep, full_case: FullCase, scheme: Scheme) -> str:
    """Return how the record differs from what a step says of it; empty if it does not."""
    case = full_case.case
    if step.step.at not in (None, case.stage):
        return f"leaves the case at {case.stage}, not at {step.step.at}: look at the `to` of {step.step.do}"
    for address, value in step.then.items():
        if case.facts.get(address) != value:
            message = f"leaves {address} as {case.facts.get(address, 'not recorded')}, not as {value}"
            return _with_advice(message, advise_on_missing_fact(step.step, address, value, scheme))
    known = [address for address in step.step.unknown if address in case.facts]
    return _with_advice(f"leaves {', '.join(known)} recorded", advise_on_kept_facts(step.step)) if known else ""


def _with_advice(message: str, advice: str) -> str:
    return f"{message}: {advice}" if advice else message


@dataclass(slots=True)
class _WalkParser:
    """Reads the walks of one example file; `faults` are those of what they state."""

    source: YamlFile
    example_file: ExampleFile
    scheme: Scheme
    faults: list[Fault] = field(default_factory=list)

    def parse(self, walk: Walk, at: KeyPath) -> ParsedWalk:
        """Return a walk with its facts as values."""
        paper = self.example_file.papers.get(walk.paper)
        if walk.paper and paper is None:
            known = self.example_file.papers
            advice = did_you_mean(walk.paper, known) or "Add it under `papers`."
            self._add_fault((*at, "paper"), f"{walk.paper} is not among the papers of this file. {advice}")
        papers: KeyPath = ("papers", walk.paper)
        public = self._parse_facts((*papers, "public"), paper.public if paper else {})
        exempt = self._parse_facts((*papers, "exempt"), paper.exempt if paper else {})
        steps = tuple(self._parse_step(step, (*at, "steps", place)) for place, step in enumerate(walk.steps))
        officers = self._officers(walk)
        for place, step in enumerate(walk.steps):
            if step.who not in officers:
                self._add_fault((*at, "steps", place, "as"), f"{step.who} is neither a role nor an officer of the walk")
        if walk.steps[0].do != OPEN_STEP:
            self._add_fault((*at, "steps", 0, "do"), "must be `open`: a walk begins with a new case")
        return ParsedWalk(walk, at, officers, public, exempt, steps)

    def _parse_step(self, step: WalkStep, at: KeyPath) -> ParsedStep:
        known = {OPEN_STEP, AMEND, CORRECT, *self.scheme.declaration.actions, *self.scheme.declaration.reviews}
        if step.do not in known:
            self._add_fault((*at, "do"), f"{step.do} is not an action. {did_you_mean(step.do, known)}".strip())
        for place, control in enumerate(step.refused_by):
            if control not in self.scheme.rulebook.controls:
                advice = did_you_mean(control, self.scheme.rulebook.controls)
                self._add_fault((*at, "refused_by", place), f"{control} is not a control of {self.scheme.id}. {advice}")
        stated = {"set": step.given, "set_exempt": step.exempt, "then": step.then, "linked": step.linked}
        facts = {key: self._parse_facts((*at, key), raw) for key, raw in stated.items()}
        for address in facts["linked"]:
            if split_address(address)[0] not in self.scheme.rulebook.linked_facts:
                self._add_fault((*at, "linked"), f"{address} is not declared with `from_case`: state it with `set`")
        return ParsedStep(step, facts["set"], facts["set_exempt"], facts["then"], facts["linked"])

    def _parse_facts(self, at: KeyPath, raw: object) -> dict[str, FactValue]:
        facts, faults = parse_stated_facts(self.source, at, raw, self.scheme.rulebook.facts)
        self.faults += faults
        return facts

    def _officers(self, walk: Walk) -> dict[str, Officer]:
        """The people of a walk, by the names that its steps use."""
        roles = self.scheme.declaration.roles
        alone = {role: _appoint(declared.label, (role,), self.scheme.id) for role, declared in roles.items()}
        return alone | {name: _appoint(name, held, self.scheme.id) for name, held in walk.officers.items()}

    def _add_fault(self, at: KeyPath, message: str) -> None:
        self.faults.append(self.source.fault_at(at, message))


def _appoint(name: str, roles: Iterable[str], scheme_id: str) -> Officer:
    return Officer(make_officer_id(name), name, tuple(Appointment(role, scheme_id) for role in roles))
