"""The flow of a scheme: its stages with their tasks, and what officers in some roles may do there.

Invariants:
- Each action passes one gate; it leads to one stage, or leaves the case where it stands.
- What an act records are facts, declared in `rules.packs.workflow_facts`, so that controls can use them like any other.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import Field, field_serializer

from rules.language.schema_types import Flag, Identifier, Identifiers
from rules.reading.pydantic_messages import ACTION_NAME_PATTERN
from rules.values.citation import Declaration

STAGE_FACTS = ("outcome", "on", "by", "role")
"""The facts that an act with an outcome records of its stage, as `<stage>.outcome`, `<stage>.on` and so on."""
ActionName: TypeAlias = Annotated[str, Field(pattern=ACTION_NAME_PATTERN)]
AMEND, AUDIT, AUDIT_ELSEWHERE = "amend", "audit", "audit_elsewhere"
"""The gates that every scheme has: of the commands of the first two names, and of audits of cases decided elsewhere."""
AUDIT_GATES = (AUDIT, AUDIT_ELSEWHERE)
"""The gates of an auditor's look at a case, which no act passes."""


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
    recorded at that stage and at later ones, and not what `belongs_to` an earlier one.
    """

    label: str = Field(min_length=3, description="What is done, as people read it.")
    stages: Identifiers = Field(
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
    belongs_to: Identifier | None = Field(
        default=None,
        description="The stage to which what it records belongs, such as that of a notice that was really given: only "
        "an action that reopens this stage or an earlier one voids it. Left out, the stage at which it is done.",
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

    def stage_of_record(self, stage: str) -> str:
        """The stage to which what it records at a stage belongs."""
        return self.belongs_to or stage

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
        return tuple(dict.fromkeys(fact for stage in self.stages for fact in self.recorded_facts_at(stage)))

    def recorded_facts_at(self, stage: str) -> tuple[str, ...]:
        """The names of the facts that it can record if the case stands at a stage."""
        under = self.recorded_under(stage)
        of_outcome = (f"{under}.{fact}" for fact in STAGE_FACTS) if self.outcome else ()
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
    """Who may open a case, who may amend its paper, and which facts of a new paper are its kind and its value."""

    open: tuple[Identifier, ...] = Field(min_length=1, description="The roles that may open a case.")
    amend: tuple[Identifier, ...] = Field(min_length=1, description="The roles that may change its paper.")
    migrate: tuple[Identifier, ...] = Field(
        default=(),
        description="The roles that may move a running case to a changed scheme. Left out, those that may open one.",
    )
    kind: str = Field(
        default="",
        description="The fact of kind `choice` that says what kind of case it is; `assent case new --kind` states it.",
    )
    value: str = Field(
        default="",
        description="The fact of kind `money` that is the value of the case; `assent case new --value` states it.",
    )

    @property
    def may_migrate(self) -> tuple[str, ...]:
        """The roles that may move a running case to a changed scheme."""
        return self.migrate or self.open
