"""What a pack may declare, as its YAML is written: facts, values, derived facts, controls and days of the diary."""

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
"""What a control stands at: what is done to a case, or (`audit`) an auditor's look at it, which nothing passes."""
Severity: TypeAlias = Literal["blocking", "warning"]
Outcome: TypeAlias = Literal["satisfied", "breached", "not_applicable", "undetermined"]
CaseOrSubjectKind: TypeAlias = Literal["case", SubjectKind]
"""What a control can be of: the case, or each of what it has several of."""
Flag: TypeAlias = Annotated[bool, Strict()]
LanguageNumber: TypeAlias = Literal[1]
"""The version of the language that a file is written in; see `rules.packs.language_versions`."""

Explanation: TypeAlias = Annotated[str, Field(min_length=8, max_length=600)]


def _as_tuple(raw: object) -> object:
    return (raw,) if isinstance(raw, str) else raw


ValueNames: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]
"""One dated value, or several of which the first that is set for the subject counts: by its section, by its limb."""


class Period(Declaration):
    """The days on which something is in force, both ends included."""

    first: Day = Field(alias="from")
    last: Day | None = Field(default=None, alias="to")

    def contains(self, other: Period) -> bool:
        """Whether every day of another period, of which there must be one, is a day of this one."""
        end, last = self.last or date.max, other.last or date.max
        return self.first <= other.first <= last <= end


class ControlDeclaration(Declaration):
    """One requirement: of which subject, when it applies, what it requires, how grave it is, what it blocks, and why.

    `when`, `requires` and `except` are conditions as written; `rules.packs.linker` reads them. `governed_by` names
    the fact whose day decides which law applies; `act.on` is the day of the act that is judged.
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
    """Two day facts: the working days after the first up to and including the second are counted."""

    first: str = Field(alias="from")
    last: str = Field(alias="to")


class EndOfYears(Declaration):
    """The end of a number of years (a dated value) that begin with the year after a day fact."""

    day: str
    years: ValueNames = Field(min_length=1)


class SubjectCount(Declaration):
    """How many subjects of a kind there are, or how many of which a condition holds.

    With `same` and `as`, each subject counts those of the other kind whose fact `as` is the same as its own `same`:
    a part of a paper the exemptions of the section that it names.
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
    """A fact taken from the one other subject of the same kind that shares a fact and meets a condition."""

    take: str
    same: str
    where: Any


class ChoiceLine(Declaration):
    """One line of a choice: what is chosen when a condition holds."""

    when: Any
    then: str


class ChoiceRules(Declaration):
    """The first line whose condition holds; `otherwise` where every one is false."""

    lines: tuple[ChoiceLine, ...] = Field(min_length=1)
    otherwise: str


def _as_phrase_list(raw: object) -> object:
    """A phrase by itself as the only one of those that must stand together."""
    return [raw] if isinstance(raw, str) else raw


Phrase: TypeAlias = Annotated[str, Field(max_length=60, pattern=WORD_PATTERN)]
PhraseGroupField: TypeAlias = Annotated[
    tuple[Phrase, ...], BeforeValidator(_as_phrase_list), Field(min_length=1, max_length=6)
]


class PhraseSearch(Declaration):
    """Texts, and what is looked for in them: a phrase, or phrases that must stand in one sentence, by whole words.

    With `alone` a text must consist of the phrase and of nothing else.
    """

    facts: tuple[str, ...] = Field(alias="in", min_length=1, max_length=24)
    any_of: tuple[PhraseGroupField, ...] = Field(min_length=1, max_length=24)
    alone: Flag = False


class NumberingGap(Declaration):
    """The facts that number some subjects (1, 2, … and a, b, … within a number), and which subjects are meant."""

    number: str
    letter: str
    where: Any


class PercentOf(Declaration):
    """Two counts: how many in a hundred of the whole the part is, to the nearest whole number."""

    part: str
    whole: str


class SubjectTotal(Declaration):
    """An amount of the case, and one of each subject of a kind that counts together with it."""

    own: str
    take: str = Field(alias="with")


class VatBasisConversion(Declaration):
    """An amount, the dated value on whose VAT basis it is put, and the one that gives VAT in thousandths."""

    amount: str
    value: str
    rate: str


class Portion(Declaration):
    """An amount, and the dated value that says how many hundredths of it are meant."""

    amount: str = Field(alias="of")
    percent: str


DERIVATION_FUNCTIONS = (
    "sum", "working_days", "is_working_day", "day_off", "end_of_years", "count", "counterpart", "look_up", "choose",
    "mentions", "numbering_gap", "percent_of", "together", "on_basis", "portion",
)  # fmt: skip


class DerivedDeclaration(Declaration):
    """A fact that is worked out from others by one of a closed set of functions (`DERIVATION_FUNCTIONS`)."""

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
        """The functions that are given; a sound declaration gives one."""
        return [name for name in DERIVATION_FUNCTIONS if getattr(self, name)]


class DiaryDeclaration(Declaration):
    """A kind of day that needs somebody: which day of which subject, when it still does, and by which clause."""

    of: CaseOrSubjectKind = "case"
    label: str = Field(min_length=3)
    day: str
    when: Any
    citation: Citation


class ValueSetting(Declaration):
    """The history that an authority gives to a value which is declared elsewhere, and not set or not verified there."""

    history: tuple[DatedFigure, ...] = Field(min_length=1)


class CitationOverride(Citation):
    """The citation that an authority gives to a control, or a kind of day, which a pack of practice declares.

    It takes the place of the one given there. With `in_force` it says on which days its source is known to ask for the
    control; they must be among those on which the control is in force where it is declared.
    """

    in_force: Period | None = None

    def apply_to_control(self, declaration: ControlDeclaration) -> ControlDeclaration:
        """The control as the authority cites it, in force on the days that it gives."""
        return declaration.model_copy(
            update={"citation": self._as_citation(), "in_force": self.in_force or declaration.in_force}
        )

    def apply_to_diary_day(self, declaration: DiaryDeclaration) -> DiaryDeclaration:
        """The kind of day as the authority cites it."""
        return declaration.model_copy(update={"citation": self._as_citation()})

    def _as_citation(self) -> Citation:
        return Citation.model_validate(self.model_dump(exclude={"in_force"}))


class Pack(Declaration):
    """One file of law, or part of a scheme.

    `sets` is how an authority fills in what could not be sourced: a file of its own beside the scheme's, in a folder
    given with --packs, sets values by their names.

    A pack of `practice` says what several authorities do in the same way though no law asks it of them all, each by a
    source of its own. By `cites` an authority gives its own source to the controls and kinds of day of such a pack, by
    their names: no others, as the law is the same for everybody and is cited where it is declared.
    """

    language: LanguageNumber = 1
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
        """What it declares that rests on one citation: its controls and its kinds of day."""
        return (*self.controls, *self.diary)

    @model_validator(mode="before")
    @classmethod
    def _fill_instruments(cls, raw: object) -> object:
        """Citations that name no instrument are of the pack's own."""
        if not isinstance(raw, dict) or "instrument" not in raw:
            return raw
        own = {"instrument": raw["instrument"], "link": raw.get("link", "")}
        return {key: _fill_section(key, part, own) for key, part in raw.items()}


def _fill_section(key: str, section: object, own: dict[str, object]) -> object:
    """A part of a pack as written, its citations with the pack's own instrument where they name none."""
    if not isinstance(section, dict) or key not in _FILLERS:
        return section
    return {name: _FILLERS[key](declared, own) for name, declared in section.items()}


def _fill_citation(citation: object, own: dict[str, object]) -> object:
    return {**own, **citation} if isinstance(citation, dict) and "instrument" not in citation else citation


def _fill_declaration(declaration: object, own: dict[str, object]) -> object:
    if not isinstance(declaration, dict) or "citation" not in declaration:
        return declaration
    return {**declaration, "citation": _fill_citation(declaration["citation"], own)}


def _fill_history(declaration: object, own: dict[str, object]) -> object:
    if not isinstance(declaration, dict) or not isinstance(declaration.get("history"), list):
        return declaration
    return {**declaration, "history": [_fill_declaration(row, own) for row in declaration["history"]]}


_FILLERS = {
    "values": _fill_history,
    "sets": _fill_history,
    "controls": _fill_declaration,
    "diary": _fill_declaration,
    "cites": _fill_citation,
}
