"""The head of a scheme as its YAML is written.

Invariants:
- Stages are in order: a case opens at the first.
- Everything that decides how a case moves stands here or in `rules.packs.flow_schema`; packs only guard its gates.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from rules.language.pack_schema import DiaryDeclaration
from rules.language.schema_types import Explanation, Identifier, LanguageNumber, Period
from rules.language.source_schema import SourceKind
from rules.language.vocabulary import GateDeclaration, SubjectKindDeclaration
from rules.packs.corrections_schema import CORRECTION_FACTS, CorrectionRules
from rules.packs.document_schema import DocumentTemplate
from rules.packs.flow_schema import Action, ActionName, PaperPermissions, ReviewAction, Role, Stage, Task
from rules.packs.form_reading import FormReading
from rules.packs.letterhead_schema import Letterhead
from rules.packs.officers_schema import AppointmentRules, LateRecording, OverrideRule, Separation
from rules.packs.pack_use import AppliedPacks, SharedUses
from rules.packs.published_forms import PublishedForm
from rules.packs.renamed_schema import RenamedNames
from rules.reading.pydantic_messages import CASE_NUMBER_PATTERN, SHORT_NAME_PATTERN
from rules.values.citation import Citation, Declaration


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
    in_force: Period = Field(
        description="The days on which something may be done under the scheme. What was decided on them can still be "
        "published, corrected and reviewed later."
    )
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
        default_factory=dict, description="Blocking controls that some roles may override, with a reason."
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
    also_called: dict[str, str] = Field(
        default_factory=dict,
        description="Other names of facts, as older forms and web pages have them; commands then suggest the fact.",
    )
    sources: dict[Identifier, SourceKind] = Field(
        default_factory=dict,
        description="What kinds of source ask for at this authority, beside what the packs say; or kinds of its own.",
    )
    published_forms: dict[Identifier, PublishedForm] = Field(
        default_factory=dict, description="The forms in which its decisions were published, by a name of your own."
    )
    form_readings: dict[Identifier, FormReading] = Field(
        default_factory=dict, description="How `assent intake` reads its published forms, by a name of your own."
    )
    documents: tuple[DocumentTemplate, ...] = Field(default=(), description="The documents that can be made of a case.")
    withheld_as: str = Field(
        default="Withheld (see Part 2)",
        min_length=1,
        description="The words that a document of Part 1 prints for a fact that Part 2 holds.",
    )
    letterhead: Letterhead | None = Field(
        default=None, description="A logo and lines at the top of each document. Left out, only the name stands there."
    )
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

    def recorders_by_fact(self) -> dict[str, tuple[str, ...]]:
        """The facts that actions and reviews record, each with their names."""
        recorders: dict[str, dict[str, None]] = {}
        for name, action in self.actions.items():
            for fact in action.recorded_facts():
                recorders.setdefault(fact, {})[name] = None
        for name, review in self.reviews.items():
            for fact in review.recorded_facts:
                recorders.setdefault(fact, {})[name] = None
        return {fact: tuple(names) for fact, names in recorders.items()}

    def tasks(self) -> dict[str, Task]:
        """The tasks of all stages, by name."""
        return {name: task for stage in self.stages.values() for name, task in stage.tasks.items()}

    def gates_of_acts(self, roles: Collection[str] = ()) -> tuple[str, ...]:
        """The gates of what anybody may do, or officers in some roles: actions, reviews and corrections; each once."""
        corrections = (self.corrections,) if self.corrections else ()
        acts = (*self.actions.values(), *self.reviews.values(), *corrections)
        return tuple(dict.fromkeys(act.gate for act in acts if not roles or not set(roles).isdisjoint(act.who)))


def is_scheme_head(data: Mapping[str, Any]) -> bool:
    """Whether the data of a file is the head of a scheme, and not a pack."""
    return "scheme" in data
