"""The schema of pack files: controls, kinds of diary day, settings and citations, and the pack as a whole.

Each model is one mapping of the YAML, with the keys and bounds that a pack may have. Conditions stay as written
(`Any`); `rules.packs.linker` parses them against everything that is declared. Unknown keys are refused.
"""

from __future__ import annotations

import re

from pydantic import Field, model_validator

from rules.language.coverage_schema import CoverageRow
from rules.language.dated_values import DatedFigure, DatedValue
from rules.language.derivation_schema import DerivedDeclaration
from rules.language.record_forms import CodeTable, RecordForm
from rules.language.schema_types import Explanation, Flag, Identifier, LanguageNumber, Period, RawCondition, Severity
from rules.language.source_schema import SourceKind
from rules.language.staged_schema import StagedLaw
from rules.language.vocabulary import GateDeclaration, PackNeeds, SubjectKindDeclaration
from rules.reading.pydantic_messages import LONG_NAME_PATTERN
from rules.values.citation import Citation, ClauseKind, Declaration
from rules.values.facts import CASE, DAY_OF_ACT, FactDeclaration

CHOICE_PLACEHOLDER = re.compile(r"\{choose (?P<fact>[a-z0-9_.]+)\}", re.ASCII)
"""The placeholder of a cure for the choices of a fact."""


class ControlDeclaration(Declaration, title="Control"):
    """One requirement: what it is of, when it applies, what it requires, what it guards, and its source.

    `when`, `requires` and `except` are conditions as written. `governed_by` names the fact whose day selects the law;
    `act.on` is the day of the act that is judged. `wrong` and `cure` are the words for officers.
    """

    of: Identifier = Field(
        default=CASE, description="What it looks at: the case, or each of a kind of thing that a case has several of."
    )
    requirement: Explanation = Field(
        description="The rule in one short sentence. It stands above the answers that are missing."
    )
    wrong: Explanation = Field(
        description="What is wrong when it is not met, in one short sentence that names who did what."
    )
    cure: Explanation = Field(
        description="What the officer can do about it, in words; a command as it is typed. `{subject}` stands for the "
        "subject, and `{choose FACT}` for the choices of a fact that are open: `choose oak or brick`."
    )
    when: RawCondition = Field(default=None, description="When it applies. Left out, it always does.")
    requires: RawCondition = Field(description="What must be true where it applies.")
    unless: RawCondition = Field(default=None, alias="except", description="When it does not apply after all.")
    severity: Severity = Field(
        default="blocking", description="`blocking`: a breach shuts the gate. `warning`: it is shown and recorded."
    )
    gates: tuple[Identifier, ...] = Field(min_length=1, description="The gates at which it is checked.")
    governed_by: str = Field(
        default=DAY_OF_ACT, description="The fact whose day decides which law applies. `act.on` is the day of the act."
    )
    in_force: Period = Field(description="The days on which it is in force.")
    citation: Citation = Field(
        description="Where it comes from. Only law, or the authority's own rule, should be `blocking`."
    )


class DiaryDeclaration(Declaration, title="Kind of day"):
    """A kind of day that needs somebody: which day, of what, as long as `when` holds, and its source."""

    of: Identifier = Field(
        default=CASE, description="What the day belongs to: the case, or each of a kind of thing in it."
    )
    label: str = Field(min_length=3, description="What is due on the day.")
    day: str = Field(description="The fact of kind `day`.")
    owner: str = Field(
        default="",
        description="The fact that names who sees to it. Left out or not stated, the roles under `owners` do.",
    )
    when: RawCondition = Field(description="While this holds, somebody still has to see to it.")
    citation: Citation = Field(description="Which clause asks for it.")


class ValueSetting(Declaration, title="Setting of a value"):
    """The history that an authority gives to a value that is declared elsewhere without a checked one."""

    history: tuple[DatedFigure, ...] = Field(min_length=1, description="The figures, oldest first.")


class CitationOverride(Citation, title="Own source"):
    """The citation that an authority gives to a control or kind of diary day of a pack of practice, or to policy.

    It replaces the citation of the pack. `in_force` narrows the control to the days for which the authority's source
    is known to require it; they must be within the days for which the control is declared.
    """

    in_force: Period | None = Field(
        default=None, description="The days on which the authority's own source is known to ask for it."
    )

    def apply_to_control(self, declaration: ControlDeclaration) -> ControlDeclaration:
        """Return the control with the authority's citation and days in force."""
        return declaration.model_copy(
            update={"citation": self._as_citation(), "in_force": self.in_force or declaration.in_force}
        )

    def apply_to_diary_day(self, declaration: DiaryDeclaration) -> DiaryDeclaration:
        """Return the kind of diary day with the authority's citation."""
        return declaration.model_copy(update={"citation": self._as_citation()})

    def _as_citation(self) -> Citation:
        return Citation.model_validate(self.model_dump(exclude={"in_force"}))


class Pack(Declaration, title="Pack"):
    """One file of law, or one part of a scheme.

    With `sets`, an authority gives values that could not be sourced: a file of its own in a folder given with --packs
    sets them by name.

    A pack of `practice` declares what several authorities do alike though no law requires it of all of them. With
    `cites`, an authority gives its own source to controls and kinds of diary day of such a pack, and to policy in other
    packs, by name. Law cannot be cited otherwise: it is the same for everybody.
    """

    language: LanguageNumber = Field(
        default=1, description="The version of the pack language that the file is written in."
    )
    pack: str = Field(pattern=LONG_NAME_PATTERN, description="The name of the pack. No other pack may have it.")
    title: str = Field(min_length=3, description="What the pack holds, in a line.")
    instrument: str = Field(default="", description="The law or form that its citations are of, where they name none.")
    link: str = Field(default="", description="Where to read the instrument; its citations take it over.")
    kind: ClauseKind | None = Field(
        default=None,
        description="Whether its citations are of `law` or of `policy`, where they do not say it themselves.",
    )
    practice: Flag = Field(
        default=False, description="`true` for what several authorities do alike, each by a source of its own."
    )
    needs: PackNeeds = Field(
        default_factory=PackNeeds, description="What it needs of a scheme and does not declare itself."
    )
    gates: dict[Identifier, GateDeclaration] = Field(
        default_factory=dict, description="The gates that it declares, by the names that its controls use."
    )
    subjects: dict[Identifier, SubjectKindDeclaration] = Field(
        default_factory=dict, description="The kinds of thing that a case may have several of, by name."
    )
    sources: dict[Identifier, SourceKind] = Field(
        default_factory=dict, description="Kinds of source of cases that were decided elsewhere, by name."
    )
    without_scheme: str = Field(
        default="",
        description="For a pack that also judges papers which name no scheme, with all packs that it needs: the "
        "table of bank holidays that counts, the name of a file in `days/`.",
    )
    code_tables: dict[Identifier, CodeTable] = Field(
        default_factory=dict, description="What codes and words of published lists mean, by a name of your own."
    )
    record_forms: dict[Identifier, RecordForm] = Field(
        default_factory=dict, description="How records that others publish state facts, by a name of your own."
    )
    facts: dict[str, FactDeclaration] = Field(default_factory=dict, description="The facts that it declares, by name.")
    values: dict[str, DatedValue] = Field(
        default_factory=dict, description="Figures fixed by law or scheme, each with its dated history, by name."
    )
    sets: dict[str, ValueSetting] = Field(
        default_factory=dict, description="Figures for values that another pack declares and does not set."
    )
    derived: dict[str, DerivedDeclaration] = Field(
        default_factory=dict, description="Facts that are worked out from others, by name."
    )
    controls: dict[str, ControlDeclaration] = Field(default_factory=dict, description="The requirements, by name.")
    diary: dict[str, DiaryDeclaration] = Field(
        default_factory=dict, description="Kinds of day that need somebody, by name: see `assent review due`."
    )
    cites: dict[str, CitationOverride] = Field(
        default_factory=dict, description="The authority's own source for what a pack of `practice` declares."
    )

    coverage: dict[Identifier, CoverageRow] = Field(
        default_factory=dict, description="Which provisions of an instrument the packs hold: see `assent law coverage`."
    )
    staged: dict[Identifier, StagedLaw] = Field(
        default_factory=dict,
        description="Law that is announced, or comes into force in stages: see `assent law calendar`.",
    )

    @property
    def citable_names(self) -> tuple[str, ...]:
        """The names of its controls and kinds of diary day, which each have one citation."""
        return (*self.controls, *self.diary)

    def may_be_cited_otherwise(self, name: str) -> bool:
        """Return whether an authority may cite its own source for a control or kind of diary day: not for law."""
        declared = self.controls.get(name) or self.diary.get(name)
        return self.practice or (declared is not None and declared.citation.kind == "policy")

    @model_validator(mode="before")
    @classmethod
    def _fill_citations(cls, raw: object) -> object:
        """Give each citation without an instrument or a kind those of the pack."""
        if not isinstance(raw, dict):
            return raw
        return {key: _fill_section(key, section, raw) for key, section in raw.items()}


def _fill_section(key: str, section: object, source: dict[str, object]) -> object:
    if not isinstance(section, dict) or key not in _FILLERS:
        return section
    return {name: _FILLERS[key](declaration, source) for name, declaration in section.items()}


def _fill_citation(citation: object, source: dict[str, object]) -> object:
    if not isinstance(citation, dict):
        return citation
    keys = ("kind",) if "instrument" in citation else ("instrument", "link", "kind")
    return {**{key: source[key] for key in keys if key in source}, **citation}


def _fill_declaration(declaration: object, source: dict[str, object]) -> object:
    if not isinstance(declaration, dict) or "citation" not in declaration:
        return declaration
    return {**declaration, "citation": _fill_citation(declaration["citation"], source)}


def _fill_history(declaration: object, source: dict[str, object]) -> object:
    if not isinstance(declaration, dict) or not isinstance(declaration.get("history"), list):
        return declaration
    return {**declaration, "history": [_fill_declaration(row, source) for row in declaration["history"]]}


_FILLERS = {
    "values": _fill_history,
    "sets": _fill_history,
    "code_tables": _fill_declaration,
    "record_forms": _fill_declaration,
    "controls": _fill_declaration,
    "coverage": _fill_declaration,
    "diary": _fill_declaration,
    "cites": _fill_citation,
}
