"""An authority's scheme: its stages, actions, roles, numbering, documents, and the packs that apply to it.

The stages stand in order. Each action belongs to one stage, passes one typed gate, and leads to a stage; what
it records are facts, so that a control can ask about them like about any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, TypeAlias

from pydantic import Field

from rules.errors import InputError, NotInForce
from rules.judging.diary import DiaryDay
from rules.judging.rulebook import Rulebook
from rules.language.pack_schema import DiaryDeclaration, Flag, Gate, Period, SubjectKind, Words
from rules.packs.document_schema import Form
from rules.reading.pydantic_messages import ACTION_NAME, CASE_NUMBER, IDENTIFIER, SHORT_NAME
from rules.values.citation import Citation, Declaration
from rules.values.facts import DAY_OF_ACT, FactDeclaration, FactValue, split_address
from rules.values.suggestions import did_you_mean

STARTS_WITH = "draft"
STAGE_FACTS = ("outcome", "on", "by", "role")
"""What is recorded of a stage, each as a fact `<stage>.<name>`: what came of it, when, by whom, in which capacity."""
_WHERE_FACTS_STAND = "See those of a case with: assent case show CASE, of a rule with: assent law explain CONTROL"
Identifier: TypeAlias = Annotated[str, Field(pattern=IDENTIFIER)]
ActionName: TypeAlias = Annotated[str, Field(pattern=ACTION_NAME)]
AMEND, AUDIT = "amend", "audit"


class Role(Declaration):
    """A capacity in which officers act."""

    label: str = Field(min_length=2)
    about: str = ""


class Stage(Declaration):
    """Where a case may stand; a last stage is one from which nothing leads on."""

    label: str = Field(min_length=2)
    about: str = ""
    last: Flag = False


class Action(Declaration):
    """What an officer may do at a stage: who, through which gate, to which stage, and what is recorded of it.

    `outcome` becomes the fact `<stage>.outcome`; `dates` names facts that take the business day; `asks` names
    the facts that the officer may state with the act.
    """

    label: str = Field(min_length=3)
    stage: Identifier
    to: Identifier
    gate: Gate
    who: tuple[Identifier, ...] = Field(min_length=1)
    outcome: str = ""
    dates: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()


class Review(Declaration):
    """What can come of looking at one subject again, such as at an exemption: who, at which gate, and what is kept.

    `outcome` is kept in the fact `kept_in` of the subject, and the business day in `dates`. What it `asks` for is
    stated anew: what stood there before does not count. After an outcome that `ends` the matter there is no other.
    """

    label: str = Field(min_length=3)
    of: SubjectKind
    gate: Gate
    who: tuple[Identifier, ...] = Field(min_length=1)
    outcome: str
    kept_in: str
    dates: str
    asks: tuple[str, ...] = ()
    ends: Flag = False
    about: str = ""

    @property
    def keeps(self) -> tuple[str, str]:
        """The facts that it records by itself."""
        return self.kept_in, self.dates


class Paperwork(Declaration):
    """Who may open a case, and who may amend its paper."""

    open: tuple[Identifier, ...] = Field(min_length=1)
    amend: tuple[Identifier, ...] = Field(min_length=1)


class Given(Declaration):
    """A fact that is the same for every case of the authority, and how that is known."""

    value: Any = Field(alias="is")
    citation: Citation


class Numbering(Declaration):
    """How cases are numbered: `{year}` is that of the day of opening, `{number}` counts from 1."""

    case: str = Field(pattern=CASE_NUMBER)


class SchemeText(Declaration):
    """The head of a scheme as its YAML is written."""

    scheme: str = Field(pattern=SHORT_NAME)
    name: str
    short: str
    about: Words
    citation: Citation
    in_force: Period
    calendar: str
    packs: tuple[str, ...] = ()
    given: dict[str, Given] = Field(default_factory=dict)
    roles: dict[Identifier, Role] = Field(min_length=1)
    paper: Paperwork
    stages: dict[Identifier, Stage] = Field(min_length=3)
    actions: dict[ActionName, Action] = Field(min_length=2)
    reviews: dict[ActionName, Review] = Field(default_factory=dict)
    diary: dict[str, DiaryDeclaration] = Field(default_factory=dict)
    owners: dict[str, tuple[Identifier, ...]] = Field(default_factory=dict)
    numbering: Numbering
    documents: tuple[Form, ...] = ()

    def last_stages(self) -> set[str]:
        """The stages from which nothing leads on."""
        return {name for name, stage in self.stages.items() if stage.last}

    def outcomes_of(self, stage: str) -> dict[str, str]:
        """The outcomes that a stage can have, each with its label."""
        outcomes = [action.outcome for action in self.actions.values() if action.stage == stage]
        return {outcome: outcome.capitalize() for outcome in outcomes if outcome}


@dataclass(frozen=True, slots=True, eq=False)
class Scheme:
    """A scheme that has been read, put together with its packs, and found sound; compared by identity."""

    text: SchemeText
    rulebook: Rulebook
    given: Mapping[str, FactValue]
    recorded: frozenset[str]
    diary: Mapping[str, DiaryDay]

    @property
    def id(self) -> str:
        """What the scheme is called on the command line."""
        return self.text.scheme

    def action(self, name: str) -> Action:
        """One action by its name; raises `InputError` with those that there are."""
        if name not in self.text.actions:
            raise InputError(f"{name!r} is not an action of {self.id}", did_you_mean(name, self.text.actions))
        return self.text.actions[name]

    def review(self, name: str) -> Review:
        """One outcome of a review by its name; raises `InputError` with those that there are."""
        if name not in self.text.reviews:
            raise InputError(
                f"{name!r} is not an outcome of a review in {self.id}", did_you_mean(name, self.text.reviews)
            )
        return self.text.reviews[name]

    def actions_at(self, stage: str) -> dict[str, Action]:
        """The actions of a stage, in the order of the scheme."""
        return {name: action for name, action in self.text.actions.items() if action.stage == stage}

    def place(self, stage: str) -> int:
        """How far along a stage is; 0 is the first."""
        return list(self.text.stages).index(stage)

    def form(self, kind: str, part: int) -> Form:
        """One document's form; raises `InputError` with those that there are."""
        for form in self.text.documents:
            if (form.kind, form.part) == (kind, part):
                return form
        kinds = list(dict.fromkeys(form.kind for form in self.text.documents))
        if kind in kinds:
            raise InputError(f"{self.id} has no Part {part} of {kind}")
        raise InputError(f"{kind!r} is not a document of {self.id}", did_you_mean(kind, kinds))

    def refuse_out_of_force(self, on: date) -> None:
        """Raise `NotInForce` for a day on which nothing could be done under the scheme."""
        period = self.text.in_force
        if on < period.first or (period.last is not None and on > period.last):
            raise NotInForce(f"the scheme of {self.id}", on, period.first, period.last)

    def is_stated(self, where: str) -> bool:
        """Whether a paper may state the fact at an address; what acts record and rules derive is not stated."""
        return split_address(where)[0] not in self.recorded

    @property
    def kept_by_acts(self) -> frozenset[str]:
        """The facts that acts and reviews record."""
        return kept_by_acts(self.text)

    @property
    def days_of_acts(self) -> frozenset[str]:
        """The facts that tell on which day an act or a review was done."""
        stages = {f"{stage}.on" for stage in self.text.stages}
        dated = {fact for act in self.text.actions.values() for fact in act.dates}
        return frozenset(stages | dated | {review.dates for review in self.text.reviews.values()}) & self.kept_by_acts

    def say(self, where: str, value: FactValue) -> str:
        """What stands at an address, in words."""
        return self.declared(split_address(where)[0]).say(value)

    def declared(self, fact: str) -> FactDeclaration:
        """How a fact is declared; raises `InputError` with names that are near."""
        if fact not in self.rulebook.facts:
            near = did_you_mean(fact, self.rulebook.facts)
            raise InputError(f"{fact!r} is not a fact that is known here", near or _WHERE_FACTS_STAND)
        return self.rulebook.facts[fact]


def facts_given(text: SchemeText) -> dict[str, FactDeclaration]:
    """The facts that the workflow itself states: where the case stands, the act, and what each stage recorded."""
    stages = {name: stage.label for name, stage in text.stages.items()}
    roles = {name: role.label for name, role in text.roles.items()}
    facts = {
        "case.stage": FactDeclaration(kind="choice", label="Stage of the case", choices=stages),
        "case.withholds": FactDeclaration(kind="flag", label="Facts are held in Part 2"),
        "act.stage": FactDeclaration(kind="choice", label="Stage of the action", choices=stages),
        "act.role": FactDeclaration(kind="choice", label="Capacity of the officer", choices=roles),
        "act.by": FactDeclaration(kind="text", label="Officer who acts"),
        DAY_OF_ACT: FactDeclaration(kind="day", label="Day of the act"),
        "audit.on": FactDeclaration(kind="day", label="Day as of which the case is audited"),
        "entered.on": FactDeclaration(kind="day", label="Day the case was entered after the fact"),
        "opened.by": FactDeclaration(kind="text", label="Officer who opened the case"),
        "opened.on": FactDeclaration(kind="day", label="Day the case was opened"),
    }
    for name, label in stages.items():
        outcomes = text.outcomes_of(name)
        if outcomes:
            facts[f"{name}.outcome"] = FactDeclaration(kind="choice", label=f"{label}: outcome", choices=outcomes)
            facts[f"{name}.on"] = FactDeclaration(kind="day", label=f"{label}: day")
            facts[f"{name}.by"] = FactDeclaration(kind="text", label=f"{label}: officer")
            facts[f"{name}.role"] = FactDeclaration(kind="choice", label=f"{label}: capacity", choices=roles)
    return facts


def kept_by_acts(text: SchemeText) -> frozenset[str]:
    """The facts that the acts and reviews of a scheme record: what they ask for, their days, and what came of them."""
    kept = {fact for act in text.actions.values() for fact in (*act.asks, *act.dates)}
    kept |= {fact for review in text.reviews.values() for fact in review.keeps}
    stages = [act.stage for act in text.actions.values() if act.outcome]
    return frozenset(kept) | {f"{stage}.{fact}" for stage in stages for fact in STAGE_FACTS}


def reads_as_scheme(data: Mapping[str, Any]) -> bool:
    """Whether a file's data is the head of a scheme, not a pack."""
    return "scheme" in data
