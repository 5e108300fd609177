"""An authority's scheme: its stages, actions, roles, numbering, documents, and the packs that apply to it.

Invariants:
- Stages are in order. Each action passes one gate; it leads to one stage, or leaves the case where it stands.
- What an act records are facts, declared in `rules.packs.workflow_facts`, so that controls can use them like any other.
- A paper can state every declared fact but those that acts record, rules derive or the scheme gives.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Field, field_serializer
from pydantic.json_schema import SkipJsonSchema

from rules.errors import InputError, NotInForce
from rules.judging.diary import DiaryRule
from rules.judging.rulebook import Rulebook
from rules.language.pack_schema import DiaryDeclaration
from rules.language.schema_types import Explanation, Flag, Identifier, LanguageNumber, Period
from rules.language.vocabulary import GateDeclaration, SubjectKindDeclaration
from rules.packs.corrections_schema import CORRECTION_FACTS, CorrectionRules
from rules.packs.document_schema import DocumentTemplate
from rules.packs.officers_schema import AppointmentRules, LateRecording, OverrideRule, Separation
from rules.packs.pack_use import AppliedPacks, SharedUses
from rules.packs.renamed_schema import RenamedNames
from rules.reading.pydantic_messages import (
    ACTION_NAME_PATTERN,
    CASE_NUMBER_PATTERN,
    SHORT_NAME_PATTERN,
)
from rules.values.citation import Citation, Declaration
from rules.values.facts import FactDeclaration, FactValue, format_value, split_address
from rules.values.suggestions import did_you_mean

STAGE_FACTS = ("outcome", "on", "by", "role")
"""The facts that an act with an outcome records of its stage, as `<stage>.outcome`, `<stage>.on` and so on."""
_HOW_TO_LIST_FACTS = "See those of a case with: assent case show CASE, of a rule with: assent law explain CONTROL"
ActionName: TypeAlias = Annotated[str, Field(pattern=ACTION_NAME_PATTERN)]
AMEND, AUDIT = "amend", "audit"
NO_LONGER_DECLARED = "(no longer declared)"
"""What stands beside a name in a case that the packs do not know any more."""


def _as_tuple(raw: object) -> object:
    return (raw,) if isinstance(raw, str) else raw


StageNames: TypeAlias = Annotated[
    tuple[Identifier, ...], BeforeValidator(_as_tuple, json_schema_input_type=Identifier | tuple[Identifier, ...])
]
"""One stage, or several."""


class Role(Declaration, title="Role"):
    """A capacity in which officers act."""

    label: str = Field(min_length=2, description="Its name, as people read it.")
    about: str = Field(default="", description="What the role does.")


class Task(Declaration, title="Task"):
    """One of several sign-offs that are due at a stage, in any order.

    An action with `task` records its outcome as `<task>.outcome`. The task counts as done while that is in `done`.
    """

    label: str = Field(min_length=2, description="Its name, as people read it.")
    done: tuple[str, ...] = Field(min_length=1, description="The outcomes with which it counts as done.")


class Stage(Declaration, title="Stage"):
    """A stage of a case; no action leads on from a last one."""

    label: str = Field(min_length=2, description="Its name, as people read it.")
    about: str = Field(default="", description="What happens at the stage.")
    last: Flag = Field(default=False, description="`true` for an end: no action leads on from it.")
    tasks: dict[Identifier, Task] = Field(
        default_factory=dict, description="Sign-offs that are due at the stage, in any order, by name."
    )
    needed: int | None = Field(
        default=None, ge=1, le=100, description="How many of its tasks must be done. Left out, all of them."
    )

    @property
    def tasks_needed(self) -> int:
        """How many tasks must be done; 0 if it has none."""
        return len(self.tasks) if self.needed is None else self.needed


class Action(Declaration, title="Action"):
    """What officers in some roles may do at a stage: through which gate, to which stage, recording what.

    What it records stays recorded, wherever the case goes. Only an action that `reopens` a stage voids what was
    recorded at that stage and at later ones.
    """

    label: str = Field(min_length=3, description="What is done, as people read it.")
    stages: StageNames = Field(
        alias="stage", min_length=1, description="The stage at which it can be done, or a list of several."
    )
    to: Identifier | None = Field(
        default=None, description="The stage to which it leads. Left out, the case stays where it stands."
    )
    task: Identifier | None = Field(
        default=None, description="The task of the stage that it does; the outcome becomes `TASK.outcome`."
    )
    reopens: Identifier | None = Field(
        default=None,
        description="The stage that is gone through again: what was recorded there and at later stages is void.",
    )
    gate: Identifier = Field(description="The gate that it must pass: the controls of this gate are checked.")
    who: tuple[Identifier, ...] = Field(min_length=1, description="The roles that may do it.")
    outcome: str = Field(default="", description="What comes of the stage; it becomes the fact `STAGE.outcome`.")
    dates: tuple[str, ...] = Field(default=(), description="Facts of kind `day` that take the day of the act.")
    asks: tuple[str, ...] = Field(
        default=(),
        description="Facts that the officer may state with the act, as `--set FACT=VALUE`: of the case, or of things "
        "in it, such as `vote.position`.",
    )
    own: Flag = Field(
        default=False,
        description="`true` where officers state such facts of themselves alone, as `vote:ann-lee.position`.",
    )
    sets: dict[str, Any] = Field(default_factory=dict, description="Facts of the case that it sets, with their values.")

    def can_be_done_at(self, stage: str) -> bool:
        """Return whether it is one of the actions of a stage."""
        return stage in self.stages

    @field_serializer("stages")
    def _write_one_stage_plainly(self, stages: tuple[str, ...]) -> str | tuple[str, ...]:
        return stages[0] if len(stages) == 1 else stages

    def leads_to(self, stage: str) -> str:
        """The stage after it, if the case stands at a stage."""
        return self.to or stage

    def recorded_under(self, stage: str) -> str:
        """The prefix of the facts on its outcome, if the case stands at a stage: its task, or the stage."""
        return self.task or stage

    @property
    def records_only_answers(self) -> bool:
        """Whether it leaves the case where it stands and records nothing but what the officer states with it."""
        return not (self.to or self.outcome or self.dates or self.sets)

    def prefixes(self) -> tuple[str, ...]:
        """All prefixes under which its outcome can be recorded; none without an outcome."""
        if not self.outcome:
            return ()
        return (self.task,) if self.task else self.stages

    def recorded_facts(self) -> tuple[str, ...]:
        """The names of all facts that it can record."""
        of_outcome = (f"{prefix}.{fact}" for prefix in self.prefixes() for fact in STAGE_FACTS)
        return (*self.asks, *self.dates, *self.sets, *of_outcome)


class ReviewAction(Declaration, title="Review"):
    """One outcome of the review of a subject, such as an exemption: who may record it, and at which gate.

    `outcome` is recorded in the subject's fact `kept_in`, and the business day in `dates`. The facts that it `asks` for
    must be stated anew: earlier values do not count. After an outcome that `ends` the matter there is no other review.
    """

    label: str = Field(min_length=3, description="What comes of the review, as people read it.")
    of: Identifier = Field(description="What is looked at again, such as `exemption`.")
    gate: Identifier = Field(description="The gate that it must pass.")
    who: tuple[Identifier, ...] = Field(min_length=1, description="The roles that may do it.")
    outcome: str = Field(description="The code that is recorded; a choice of the fact in `kept_in`.")
    kept_in: str = Field(description="The fact that keeps the outcome.")
    dates: str = Field(description="The fact of kind `day` that takes the day of the review.")
    asks: tuple[str, ...] = Field(default=(), description="Facts that are stated anew with it.")
    ends: Flag = Field(default=False, description="`true` where there is nothing left to look at again.")
    about: str = Field(default="", description="What the officer should know before recording it.")

    @property
    def recorded_facts(self) -> tuple[str, str]:
        """The facts that a review records by itself."""
        return self.kept_in, self.dates


class PaperPermissions(Declaration, title="Who may open and change a paper"):
    """Who may open a case, and who may amend its paper."""

    open: tuple[Identifier, ...] = Field(min_length=1, description="The roles that may open a case.")
    amend: tuple[Identifier, ...] = Field(min_length=1, description="The roles that may change its paper.")
    migrate: tuple[Identifier, ...] = Field(
        default=(),
        description="The roles that may move a running case to a changed scheme. Left out, those that may open one.",
    )

    @property
    def may_migrate(self) -> tuple[str, ...]:
        """The roles that may move a running case to a changed scheme."""
        return self.migrate or self.open


class AuthorityFact(Declaration, title="Given fact"):
    """A fact that is the same for every case of the authority, with its source."""

    value: Any = Field(alias="is", description="The value, of the fact's kind.")
    citation: Citation = Field(description="How it is known.")


class Numbering(Declaration, title="Numbering"):
    """The form of case numbers: `{year}` is the year of opening, `{number}` counts from 1."""

    case: str = Field(
        pattern=CASE_NUMBER_PATTERN,
        description="The number of a case: `{year}` is the year of opening, `{number}` counts from 1.",
    )


class SchemeDeclaration(Declaration, title="Scheme"):
    """The head of a scheme as its YAML is written."""

    language: LanguageNumber = Field(
        default=1, description="The version of the pack language that the file is written in."
    )
    scheme: str = Field(
        pattern=SHORT_NAME_PATTERN, description="The name that commands use. It is also the name of the folder."
    )
    name: str = Field(description="The authority's name, as documents print it.")
    short: str = Field(description="The authority's short name.")
    about: Explanation = Field(description="What is decided under the scheme.")
    citation: Citation = Field(description="The authority's own scheme: where its stages and roles come from.")
    in_force: Period = Field(description="The days on which something may be done under the scheme.")
    calendar: str = Field(description="The table of bank holidays: the name of a file in `days/`, without `.yaml`.")
    time_zone: str = Field(
        default="",
        description="Where its days begin, such as `Europe/Paris`. Left out, they are those of the machine.",
    )
    packs: AppliedPacks = Field(
        default=(), description="The packs that apply: names of files in `law/`, or mappings that say how each applies."
    )
    shared: SharedUses = Field(
        default=(), description="Files in `shared/` whose reviews apply, and whose blocks its documents may use."
    )
    given: dict[str, AuthorityFact] = Field(
        default_factory=dict, description="Facts that are the same for every case of the authority, by name."
    )
    roles: dict[Identifier, Role] = Field(min_length=1, description="The capacities in which officers act.")
    appointments: AppointmentRules | None = Field(
        default=None, description="Who may appoint officers. Left out, only the founder of a store may."
    )
    separation: dict[Identifier, Separation] = Field(
        default_factory=dict, description="Which roles may not be one person in one case, by a name of your own."
    )
    late_recording: LateRecording | None = Field(
        default=None, description="From when on the record says that an act was recorded late. Left out, it never does."
    )
    overrides: dict[str, OverrideRule] = Field(
        default_factory=dict, description="Blocking controls in spite of which some roles may act, with a reason."
    )
    paper: PaperPermissions = Field(description="Who may open a case and change its paper.")
    corrections: CorrectionRules | None = Field(
        default=None, description="Who may correct a decided case. Left out, nobody may."
    )
    gates: dict[Identifier, GateDeclaration] = Field(
        default_factory=dict, description="The gates of the scheme itself, besides those that its packs declare."
    )
    subjects: dict[Identifier, SubjectKindDeclaration] = Field(
        default_factory=dict, description="Kinds of thing that a case may have several of, besides those of packs."
    )
    outcomes: dict[str, str] = Field(
        default_factory=dict,
        description="The outcomes of its actions, each with its label. Left out, a label is the code, capitalised.",
    )
    decision_day: str = Field(
        default="", description="The fact of kind `day` that is the day of decision; an audit goes by its law."
    )
    stages: dict[Identifier, Stage] = Field(
        min_length=3, description="Where a case may stand, in order. A case opens at the first."
    )
    actions: dict[ActionName, Action] = Field(
        min_length=2, description="What may be done, by the name that `assent case act` takes."
    )
    reviews: dict[ActionName, ReviewAction] = Field(
        default_factory=dict, description="What can come of a review, by the name that `assent review record` takes."
    )
    diary: dict[str, DiaryDeclaration] = Field(
        default_factory=dict, description="Kinds of day that need somebody, besides those of the packs."
    )
    owners: dict[str, tuple[Identifier, ...]] = Field(
        default_factory=dict, description="For each kind of day in the diary, the roles that see to it."
    )
    numbering: Numbering = Field(description="How cases are numbered.")
    documents: tuple[DocumentTemplate, ...] = Field(default=(), description="The documents that can be made of a case.")
    flow_of: SkipJsonSchema[str] = Field(
        default="", description="The digest of the packs whose flow it has. Only assent writes it; see `pinned_flow`."
    )
    renamed: RenamedNames = Field(
        default_factory=RenamedNames,
        description="Names that changed since cases were opened, so that `assent case migrate` can move these.",
    )

    @property
    def left_out(self) -> dict[str, str]:
        """The controls of packs that the scheme leaves out, each with the reason."""
        return {name: reason for use in self.packs for name, reason in use.leaves_out.items()}

    def last_stages(self) -> set[str]:
        """The stages at which a case can end."""
        return {name for name, stage in self.stages.items() if stage.last}

    def outcomes_under(self, prefix: str) -> dict[str, str]:
        """The outcomes that actions record of a stage or of a task, each with its label."""
        outcomes = [action.outcome for action in self.actions.values() if prefix in action.prefixes()]
        return {outcome: self.outcomes.get(outcome, outcome.capitalize()) for outcome in outcomes}

    def facts_recorded_by_acts(self) -> frozenset[str]:
        """The facts that acts, reviews and corrections record: what they ask for, set and date, and their outcomes."""
        of_actions = {fact for action in self.actions.values() for fact in action.recorded_facts()}
        of_corrections = CORRECTION_FACTS if self.corrections else ()
        of_reviews = (review.recorded_facts for review in self.reviews.values())
        return frozenset(of_actions.union(of_corrections, *of_reviews))

    def tasks(self) -> dict[str, Task]:
        """The tasks of all stages, by name."""
        return {name: task for stage in self.stages.values() for name, task in stage.tasks.items()}


@dataclass(frozen=True, slots=True, eq=False)
class Scheme:
    """A scheme that was linked with its packs and found sound; schemes are compared by identity.

    `decision_day` names the fact that is the day of decision; it is empty if the scheme has none.
    """

    declaration: SchemeDeclaration
    rulebook: Rulebook
    authority_facts: Mapping[str, FactValue]
    unstatable_facts: frozenset[str]
    diary_rules: Mapping[str, DiaryRule]
    set_facts: Mapping[str, Mapping[str, FactValue]]
    """The facts that each action sets, with their values, by the name of the action."""
    decision_day: str

    @property
    def id(self) -> str:
        """The name of the scheme on the command line."""
        return self.declaration.scheme

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read: roles, stages and actions, the digest of the packs, and the controls."""
        keys = {"scheme", "name", "short", "about", "roles", "stages", "actions"}
        shown = self.declaration.model_dump(mode="json", include=keys, by_alias=True)
        return {**shown, "packs": self.rulebook.digest, "controls": list(self.rulebook.controls)} | {
            "gates": {name: gate.label for name, gate in self.rulebook.vocabulary.gates.items()},
            "subjects": {name: kind.label for name, kind in self.rulebook.vocabulary.subject_kinds.items()},
            "leaves_out": self.declaration.left_out,
        }

    def action(self, name: str) -> Action:
        """One action by its name; raises `InputError` with the closest name."""
        if name not in self.declaration.actions:
            raise InputError(f"{name!r} is not an action of {self.id}", did_you_mean(name, self.declaration.actions))
        return self.declaration.actions[name]

    def review_action(self, name: str) -> ReviewAction:
        """One outcome of a review by its name; raises `InputError` with the closest name."""
        if name not in self.declaration.reviews:
            raise InputError(
                f"{name!r} is not an outcome of a review in {self.id}", did_you_mean(name, self.declaration.reviews)
            )
        return self.declaration.reviews[name]

    def actions_at(self, stage: str) -> dict[str, Action]:
        """The actions of a stage, in the order of the scheme."""
        return {name: action for name, action in self.declaration.actions.items() if action.can_be_done_at(stage)}

    @property
    def first_stage(self) -> str:
        """The stage at which a case is opened."""
        return next(iter(self.declaration.stages))

    def stage_index(self, stage: str) -> int:
        """The place of a stage in the order of stages; 0 is the first."""
        return list(self.declaration.stages).index(stage)

    def document_template(self, kind: str, part: int) -> DocumentTemplate:
        """The form of one part of a document; raises `InputError` with the closest kind."""
        for template in self.declaration.documents:
            if (template.kind, template.part) == (kind, part):
                return template
        kinds = list(dict.fromkeys(template.kind for template in self.declaration.documents))
        if kind in kinds:
            raise InputError(f"{self.id} has no Part {part} of {kind}")
        raise InputError(f"{kind!r} is not a document of {self.id}", did_you_mean(kind, kinds))

    def refuse_out_of_force(self, day: date) -> None:
        """Raise `NotInForce` for a day outside the scheme's life."""
        period = self.declaration.in_force
        if day < period.first or (period.last is not None and day > period.last):
            raise NotInForce(f"the scheme of {self.id}", day, period.first, period.last)

    def may_be_stated(self, address: str) -> bool:
        """Whether a paper may state the fact at an address."""
        return split_address(address)[0] not in self.unstatable_facts

    @property
    def act_recorded_facts(self) -> frozenset[str]:
        """The facts that acts and reviews record."""
        return self.declaration.facts_recorded_by_acts()

    @property
    def act_day_facts(self) -> frozenset[str]:
        """The facts that record the day of an act or review."""
        of_outcomes = {f"{prefix}.on" for act in self.declaration.actions.values() for prefix in act.prefixes()}
        dated = {fact for act in self.declaration.actions.values() for fact in act.dates}
        return frozenset(of_outcomes | dated | {review.dates for review in self.declaration.reviews.values()})

    def stage_label(self, stage: str) -> str:
        """The label of a stage; a stage that the scheme does not know any more is shown by its name."""
        declared = self.declaration.stages.get(stage)
        return declared.label if declared else f"{stage} {NO_LONGER_DECLARED}"

    def has_ended_at(self, stage: str) -> bool:
        """Whether a stage is a last one."""
        return stage in self.declaration.last_stages()

    def format_fact(self, address: str, value: FactValue) -> str:
        """A value at an address, in words, also of a fact that the scheme does not know any more."""
        return self.describe_value(split_address(address)[0], value)

    def describe_value(self, fact: str, value: FactValue) -> str:
        """A value of a fact, in words, also of a fact that the scheme does not know any more."""
        declared = self.rulebook.facts.get(fact)
        return declared.format_value(value) if declared else format_value(value)

    def is_text(self, fact: str, value: FactValue) -> bool:
        """Whether a value is a text in an officer's own words, and not the code of a choice."""
        declared = self.rulebook.facts.get(fact)
        return declared.kind == "text" if declared else isinstance(value, str)

    def name_fact(self, address: str) -> str:
        """An address as it is listed: marked if the scheme does not know its fact any more."""
        known = split_address(address)[0] in self.rulebook.facts
        return address if known else f"{address} {NO_LONGER_DECLARED}"

    def fact_declaration(self, fact: str) -> FactDeclaration:
        """The declaration of a fact; raises `InputError` with the closest name."""
        if fact not in self.rulebook.facts:
            advice = did_you_mean(fact, self.rulebook.facts) or _HOW_TO_LIST_FACTS
            raise InputError(f"{fact!r} is not a fact that is known here", advice)
        return self.rulebook.facts[fact]


def is_scheme_head(data: Mapping[str, Any]) -> bool:
    """Whether the data of a file is the head of a scheme, and not a pack."""
    return "scheme" in data
