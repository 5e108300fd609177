"""The schema of pack files: facts, values, derived facts, controls, kinds of diary day and citations.

Each model is one mapping of the YAML, with the keys and bounds that a pack may have. Conditions stay as written
(`Any`); `rules.packs.linker` parses them against everything that is declared. Unknown keys are refused.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field, Strict, model_validator

from rules.language.dated_values import DatedFigure, DatedValue, Day
from rules.reading.pydantic_messages import LONG_NAME_PATTERN, WORD_PATTERN
from rules.values.citation import Citation, Declaration
from rules.values.facts import DAY_OF_ACT, FactDeclaration, SubjectKind

Gate: TypeAlias = Literal[
    "amend", "submit", "support", "send_back", "declare", "certify", "decide", "publish", "review", "audit"
]  # fmt: skip
"""Where controls are judged: before an act on a case, or (`audit`) only when an auditor looks at it."""
Severity: TypeAlias = Literal["blocking", "warning"]
Outcome: TypeAlias = Literal["satisfied", "breached", "not_applicable", "undetermined"]
CaseOrSubjectKind: TypeAlias = Literal["case", SubjectKind]
"""What a control or diary day belongs to: the case, or each subject of one kind."""
Flag: TypeAlias = Annotated[bool, Strict()]

Explanation: TypeAlias = Annotated[str, Field(min_length=8, max_length=600)]


def _as_tuple(raw: object) -> object:
    return (raw,) if isinstance(raw, str) else raw


ValueNames: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]
"""One dated value, or several, such as one by section and one by limb; the first that is set for the subject counts."""


class Period(Declaration):
    """The days on which something is in force, both ends included."""

    first: Day = Field(alias="from")
    last: Day | None = Field(default=None, alias="to")

    def contains(self, other: Period) -> bool:
        """Return whether another period is not empty and lies wholly in this one."""
        own_last, other_last = self.last or date.max, other.last or date.max
        return self.first <= other.first <= other_last <= own_last


class ControlDeclaration(Declaration):
    """One requirement: what it is of, when it applies, what it requires, what it guards, and its source.

    `when`, `requires` and `except` are conditions as written. `governed_by` names the fact whose day selects the law;
    `act.on` is the day of the act that is judged. `wrong` and `cure` are the words for officers.
    """

    of: CaseOrSubjectKind = "case"
    requirement: Explanation
    wrong: Explanation
    cure: Explanation
    when: Any = None
    requires: Any
    unless: Any = Field(default=None, alias="except")
    severity: Severity = "blocking"
    gates: tuple[Gate, ...] = Field(min_length=1)
    governed_by: str = DAY_OF_ACT
    in_force: Period
    citation: Citation


class WorkingDaysBetween(Declaration):
    """Counts the working days after one day fact up to and including another."""

    first: str = Field(alias="from")
    last: str = Field(alias="to")


class EndOfYears(Declaration):
    """The end of a period of years, a dated value, that begins after the year of a day fact."""

    day: str
    years: ValueNames = Field(min_length=1)


class SubjectCount(Declaration):
    """Counts the subjects of a kind, or those for which a condition holds.

    With `same` and `as`, each subject counts those of the other kind whose fact `as` equals its own fact `same`: a part
    of a paper counts the exemptions under the section that it names.
    """

    of: SubjectKind
    where: Any = None
    same: str = ""
    to: str = Field(default="", alias="as")

    @model_validator(mode="after")
    def _require_both_of_pair(self) -> SubjectCount:
        if bool(self.same) is not bool(self.to):
            raise ValueError("must have same and as together, or neither")
        return self


class Counterpart(Declaration):
    """Takes a fact of the one other subject that shares a fact and meets a condition."""

    take: str
    same: str
    where: Any


class ChoiceLine(Declaration):
    """One line of `choose`: the choice if its condition holds."""

    when: Any
    then: str


class ChoiceRules(Declaration):
    """Chooses by the first line whose condition holds, else `otherwise`."""

    lines: tuple[ChoiceLine, ...] = Field(min_length=1)
    otherwise: str


def _as_phrase_list(raw: object) -> object:
    return [raw] if isinstance(raw, str) else raw


Phrase: TypeAlias = Annotated[str, Field(max_length=60, pattern=WORD_PATTERN)]
PhraseGroupField: TypeAlias = Annotated[
    tuple[Phrase, ...], BeforeValidator(_as_phrase_list), Field(min_length=1, max_length=6)
]


class PhraseSearch(Declaration):
    """Searches texts for phrases, by whole words.

    Each item of `any_of` is a phrase, or a list of phrases that must all be in one sentence. With `alone`, a text must
    consist of the phrase and nothing else.
    """

    facts: tuple[str, ...] = Field(alias="in", min_length=1, max_length=24)
    any_of: tuple[PhraseGroupField, ...] = Field(min_length=1, max_length=24)
    alone: Flag = False


class NumberingGap(Declaration):
    """Finds a gap in the numbers of subjects (1, 2, …) and the letters within a number (a, b, …).

    `where` selects the subjects.
    """

    number: str
    letter: str
    where: Any


class PercentOf(Declaration):
    """One count as a percentage of another, to the nearest whole number."""

    part: str
    whole: str


class SubjectTotal(Declaration):
    """Adds an amount of each subject of a kind to one of the case."""

    own: str
    take: str = Field(alias="with")


class VatBasisConversion(Declaration):
    """Converts an amount to the VAT basis of a dated value, at a rate that is a dated value in thousandths."""

    amount: str
    value: str
    rate: str


class Portion(Declaration):
    """Takes a percentage, a dated value, of an amount."""

    amount: str = Field(alias="of")
    percent: str


DERIVATION_FUNCTIONS = (
    "sum", "working_days", "is_working_day", "day_off", "end_of_years", "count", "counterpart", "look_up", "choose",
    "mentions", "numbering_gap", "percent_of", "together", "on_basis", "portion",
)  # fmt: skip


class DerivedDeclaration(Declaration):
    """A fact that is derived from others by exactly one of `DERIVATION_FUNCTIONS`."""

    label: str = Field(min_length=2)
    choices: dict[str, str] = Field(default_factory=dict)
    governed_by: str = DAY_OF_ACT
    sum: tuple[str, ...] = ()
    working_days: WorkingDaysBetween | None = None
    is_working_day: str = ""
    day_off: str = ""
    end_of_years: EndOfYears | None = None
    count: SubjectCount | None = None
    counterpart: Counterpart | None = None
    look_up: ValueNames = ()
    choose: ChoiceRules | None = None
    mentions: PhraseSearch | None = None
    numbering_gap: NumberingGap | None = None
    percent_of: PercentOf | None = None
    together: SubjectTotal | None = None
    on_basis: VatBasisConversion | None = None
    portion: Portion | None = None

    @model_validator(mode="after")
    def _require_one_function(self) -> DerivedDeclaration:
        if len(self.function_names()) != 1:
            raise ValueError(f"must have exactly one of {', '.join(DERIVATION_FUNCTIONS)}")
        return self

    def function_names(self) -> list[str]:
        """Return the functions that are given; a valid declaration has one."""
        return [name for name in DERIVATION_FUNCTIONS if getattr(self, name)]


class DiaryDeclaration(Declaration):
    """A kind of day that needs somebody: which day, of what, as long as `when` holds, and its source."""

    of: CaseOrSubjectKind = "case"
    label: str = Field(min_length=3)
    day: str
    when: Any
    citation: Citation


class ValueSetting(Declaration):
    """The history that an authority gives to a value that is declared elsewhere without a checked one."""

    history: tuple[DatedFigure, ...] = Field(min_length=1)


class CitationOverride(Citation):
    """The citation that an authority gives to a control or kind of diary day of a pack of practice.

    It replaces the citation of the pack. `in_force` narrows the control to the days for which the authority's source
    is known to require it; they must be within the days for which the control is declared.
    """

    in_force: Period | None = None

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


class Pack(Declaration):
    """One file of law, or one part of a scheme.

    With `sets`, an authority gives values that could not be sourced: a file of its own in a folder given with --packs
    sets them by name.

    A pack of `practice` declares what several authorities do alike though no law requires it of all of them. With
    `cites`, an authority gives its own source to controls and kinds of diary day of such a pack, by name. Those of law
    packs cannot be cited otherwise: the law is the same for everybody.
    """

    pack: str = Field(pattern=LONG_NAME_PATTERN)
    title: str = Field(min_length=3)
    instrument: str = ""
    link: str = ""
    practice: Flag = False
    facts: dict[str, FactDeclaration] = Field(default_factory=dict)
    values: dict[str, DatedValue] = Field(default_factory=dict)
    sets: dict[str, ValueSetting] = Field(default_factory=dict)
    derived: dict[str, DerivedDeclaration] = Field(default_factory=dict)
    controls: dict[str, ControlDeclaration] = Field(default_factory=dict)
    diary: dict[str, DiaryDeclaration] = Field(default_factory=dict)
    cites: dict[str, CitationOverride] = Field(default_factory=dict)

    @property
    def citable_names(self) -> tuple[str, ...]:
        """The names of its controls and kinds of diary day, which each have one citation."""
        return (*self.controls, *self.diary)

    @model_validator(mode="before")
    @classmethod
    def _fill_instruments(cls, raw: object) -> object:
        """Give each citation without an instrument that of the pack."""
        if not isinstance(raw, dict) or "instrument" not in raw:
            return raw
        source = {"instrument": raw["instrument"], "link": raw.get("link", "")}
        return {key: _fill_section(key, section, source) for key, section in raw.items()}


def _fill_section(key: str, section: object, source: dict[str, object]) -> object:
    if not isinstance(section, dict) or key not in _FILLERS:
        return section
    return {name: _FILLERS[key](declaration, source) for name, declaration in section.items()}


def _fill_citation(citation: object, source: dict[str, object]) -> object:
    return {**source, **citation} if isinstance(citation, dict) and "instrument" not in citation else citation


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
    "controls": _fill_declaration,
    "diary": _fill_declaration,
    "cites": _fill_citation,
}
