"""What a pack may declare, as its YAML is written: facts, values, derived facts, controls and days of the diary."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field, Strict, WithJsonSchema, model_validator

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

Explanation: TypeAlias = Annotated[str, Field(min_length=8, max_length=600)]
RawCondition: TypeAlias = Annotated[Any, WithJsonSchema({"x-definition": "Condition"})]
"""A condition as its YAML is written; `rules.language.condition_parser` reads it."""


def _as_tuple(raw: object) -> object:
    return (raw,) if isinstance(raw, str) else raw


ValueNames: TypeAlias = Annotated[
    tuple[str, ...], BeforeValidator(_as_tuple, json_schema_input_type=str | tuple[str, ...])
]
"""One dated value, or several of which the first that is set for the subject counts: by its section, by its limb."""


class Period(Declaration, title="Days in force"):
    """The days on which something is in force, both ends included."""

    first: Day = Field(alias="from", description="The first day in force.")
    last: Day | None = Field(
        default=None, alias="to", description="The last day in force. Left out, there is no end yet."
    )

    def contains(self, other: Period) -> bool:
        """Whether every day of another period, of which there must be one, is a day of this one."""
        end, last = self.last or date.max, other.last or date.max
        return self.first <= other.first <= last <= end


class ControlDeclaration(Declaration, title="Control"):
    """One requirement: of which subject, when it applies, what it requires, how grave it is, what it blocks, and why.

    `when`, `requires` and `except` are conditions as written; `rules.packs.linker` reads them. `governed_by` names
    the fact whose day decides which law applies; `act.on` is the day of the act that is judged.
    """

    of: CaseOrSubjectKind = Field(
        default="case", description="What it looks at: the case, or each of a kind of thing that a case has several of."
    )
    requirement: Explanation = Field(description="What is required, in a sentence.")
    wrong: Explanation = Field(description="What is wrong when it is not met, in a sentence.")
    cure: Explanation = Field(description="What the officer can do about it: name the fact or the act.")
    when: RawCondition = Field(default=None, description="When it applies. Left out, it always does.")
    requires: RawCondition = Field(description="What must be true where it applies.")
    unless: RawCondition = Field(default=None, alias="except", description="When it does not apply after all.")
    severity: Severity = Field(
        default="blocking", description="`blocking`: a breach shuts the gate. `warning`: it is shown and recorded."
    )
    gates: tuple[Gate, ...] = Field(min_length=1, description="The gates at which it is checked.")
    governed_by: str = Field(
        default=DAY_OF_ACT, description="The fact whose day decides which law applies. `act.on` is the day of the act."
    )
    in_force: Period = Field(description="The days on which it is in force.")
    citation: Citation = Field(
        description="Where it comes from. Only law, or the authority's own rule, should be `blocking`."
    )


class WorkingDaysBetween(Declaration, title="working_days"):
    """Two day facts: the working days after the first up to and including the second are counted."""

    first: str = Field(alias="from", description="The day fact after which they are counted; it is not counted itself.")
    last: str = Field(alias="to", description="The day fact up to which they are counted; it is counted, too.")


class EndOfYears(Declaration, title="end_of_years"):
    """The end of a number of years (a dated value) that begin with the year after a day fact."""

    day: str = Field(description="The fact of kind `day`.")
    years: ValueNames = Field(
        min_length=1, description="The dated value that gives the number of years; of several, the first that is set."
    )


class SubjectCount(Declaration, title="count"):
    """How many subjects of a kind there are, or how many of which a condition holds.

    With `same` and `as`, each subject counts those of the other kind whose fact `as` is the same as its own `same`:
    a part of a paper the exemptions of the section that it names.
    """

    of: SubjectKind = Field(description="The kind of thing that is counted.")
    where: RawCondition = Field(default=None, description="Which of them are counted. Left out, all are.")
    same: str = Field(default="", description="A fact of the one that counts: only those are counted that share it.")
    to: str = Field(default="", alias="as", description="The fact of those counted that must equal it.")

    @model_validator(mode="after")
    def _require_both_of_pair(self) -> SubjectCount:
        if bool(self.same) is not bool(self.to):
            raise ValueError("must have same and as together, or neither")
        return self


class Counterpart(Declaration, title="counterpart"):
    """A fact taken from the one other subject of the same kind that shares a fact and meets a condition."""

    take: str = Field(description="The fact to take from the other.")
    same: str = Field(description="The fact that both share.")
    where: RawCondition = Field(description="What must hold of the other.")


class ChoiceLine(Declaration, title="Line of choose"):
    """One line of a choice: what is chosen when a condition holds."""

    when: RawCondition = Field(description="When this choice is made.")
    then: str = Field(description="The code that is chosen.")


class ChoiceRules(Declaration, title="choose"):
    """The first line whose condition holds; `otherwise` where every one is false."""

    lines: tuple[ChoiceLine, ...] = Field(
        min_length=1, description="Tried in order; the first whose condition holds counts."
    )
    otherwise: str = Field(description="The code that is chosen where no condition holds.")


def _as_phrase_list(raw: object) -> object:
    """A phrase by itself as the only one of those that must stand together."""
    return [raw] if isinstance(raw, str) else raw


Phrase: TypeAlias = Annotated[str, Field(max_length=60, pattern=WORD_PATTERN)]
PhraseGroupField: TypeAlias = Annotated[
    tuple[Phrase, ...],
    Field(min_length=1, max_length=6),
    BeforeValidator(_as_phrase_list, json_schema_input_type=Phrase | tuple[Phrase, ...]),
]


class PhraseSearch(Declaration, title="mentions"):
    """Texts, and what is looked for in them: a phrase, or phrases that must stand in one sentence, by whole words.

    With `alone` a text must consist of the phrase and of nothing else.
    """

    facts: tuple[str, ...] = Field(
        alias="in", min_length=1, max_length=24, description="The facts of kind `text` that are searched, in order."
    )
    any_of: tuple[PhraseGroupField, ...] = Field(
        min_length=1, max_length=24, description="Phrases to find. Those in a list must be in one sentence."
    )
    alone: Flag = Field(default=False, description="With `true`, the text must be the phrase and nothing else.")


class NumberingGap(Declaration, title="numbering_gap"):
    """The facts that number some subjects (1, 2, … and a, b, … within a number), and which subjects are meant."""

    number: str = Field(description="The fact that holds the number.")
    letter: str = Field(description="The fact that holds the letter within a number.")
    where: RawCondition = Field(description="Which of them are numbered together.")


class PercentOf(Declaration, title="percent_of"):
    """Two counts: how many in a hundred of the whole the part is, to the nearest whole number."""

    part: str = Field(description="The fact of kind `count` that is a part.")
    whole: str = Field(description="The fact of kind `count` that is the whole.")


class SubjectTotal(Declaration, title="together"):
    """An amount of the case, and one of each subject of a kind that counts together with it."""

    own: str = Field(description="The amount of the case.")
    take: str = Field(alias="with", description="The amount of each of the others, such as `contract.value`.")


class VatBasisConversion(Declaration, title="on_basis"):
    """An amount, the dated value on whose VAT basis it is put, and the one that gives VAT in thousandths."""

    amount: str = Field(description="The fact of kind `money`.")
    value: str = Field(description="The dated value whose VAT basis is wanted.")
    rate: str = Field(description="The dated value that gives the rate of VAT, in `tenths_of_a_percent`.")


class Portion(Declaration, title="portion"):
    """An amount, and the dated value that says how many hundredths of it are meant."""

    amount: str = Field(alias="of", description="The fact of kind `money`.")
    percent: str = Field(description="The dated value that gives the share, in `percent`.")


DERIVATION_FUNCTIONS = (
    "sum", "working_days", "is_working_day", "day_off", "end_of_years", "count", "counterpart", "look_up", "choose",
    "mentions", "numbering_gap", "percent_of", "together", "on_basis", "portion",
)  # fmt: skip


class DerivedDeclaration(Declaration, title="Derived fact"):
    """A fact that is worked out from others by one of a closed set of functions (`DERIVATION_FUNCTIONS`)."""

    label: str = Field(min_length=2, description="Its name, as people read it.")
    choices: dict[str, str] = Field(
        default_factory=dict, description="For a fact that is a choice: each code that can come out, with its label."
    )
    governed_by: str = Field(
        default=DAY_OF_ACT, description="The fact whose day decides which figure of a dated value counts."
    )
    sum: tuple[str, ...] = Field(
        default=(), description="The sum of facts that are all counts, or all amounts on one VAT basis."
    )
    working_days: WorkingDaysBetween | None = Field(
        default=None, description="How many working days lie between two days; below zero if the second is earlier."
    )
    is_working_day: str = Field(default="", description="Whether a day is a working day: true or false.")
    day_off: str = Field(
        default="", description="Why a day is no working day, such as `Good Friday`; nothing for a working day."
    )
    end_of_years: EndOfYears | None = Field(
        default=None, description="The last day of so many calendar years that begin with the year after a day."
    )
    count: SubjectCount | None = Field(default=None, description="How many exemptions, contracts … there are.")
    counterpart: Counterpart | None = Field(
        default=None, description="A fact of the one other thing of the same kind that shares a fact."
    )
    look_up: ValueNames = Field(
        default=(), description="The figure in force of a dated value; of several, the first that is set."
    )
    choose: ChoiceRules | None = Field(
        default=None, description="One of its `choices`: the first whose condition holds."
    )
    mentions: PhraseSearch | None = Field(
        default=None, description="Where a text has one of some phrases, with the words round it."
    )
    numbering_gap: NumberingGap | None = Field(
        default=None, description="The first number or letter that is missing or used twice."
    )
    percent_of: PercentOf | None = Field(
        default=None, description="How many percent one count is of another, to the nearest whole number."
    )
    together: SubjectTotal | None = Field(
        default=None, description="An amount of the case and those of all its contracts, or of another kind of thing."
    )
    on_basis: VatBasisConversion | None = Field(
        default=None, description="An amount with or without VAT, whichever a dated value is, to the nearest penny."
    )
    portion: Portion | None = Field(default=None, description="So many percent of an amount, to the penny below.")

    @model_validator(mode="after")
    def _require_one_function(self) -> DerivedDeclaration:
        if len(self.function_names()) != 1:
            raise ValueError(f"must have exactly one of {', '.join(DERIVATION_FUNCTIONS)}")
        return self

    def function_names(self) -> list[str]:
        """The functions that are given; a sound declaration gives one."""
        return [name for name in DERIVATION_FUNCTIONS if getattr(self, name)]


class DiaryDeclaration(Declaration, title="Kind of day"):
    """A kind of day that needs somebody: which day of which subject, when it still does, and by which clause."""

    of: CaseOrSubjectKind = Field(
        default="case", description="What the day belongs to: the case, or each of a kind of thing in it."
    )
    label: str = Field(min_length=3, description="What is due on the day.")
    day: str = Field(description="The fact of kind `day`.")
    when: RawCondition = Field(description="While this holds, somebody still has to see to it.")
    citation: Citation = Field(description="Which clause asks for it.")


class ValueSetting(Declaration, title="Setting of a value"):
    """The history that an authority gives to a value which is declared elsewhere, and not set or not verified there."""

    history: tuple[DatedFigure, ...] = Field(min_length=1, description="The figures, oldest first.")


class CitationOverride(Citation, title="Own source"):
    """The citation that an authority gives to a control, or a kind of day, which a pack of practice declares.

    It takes the place of the one given there. With `in_force` it says on which days its source is known to ask for the
    control; they must be among those on which the control is in force where it is declared.
    """

    in_force: Period | None = Field(
        default=None, description="The days on which the authority's own source is known to ask for it."
    )

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


class Pack(Declaration, title="Pack"):
    """One file of law, or part of a scheme.

    `sets` is how an authority fills in what could not be sourced: a file of its own beside the scheme's, in a folder
    given with --packs, sets values by their names.

    A pack of `practice` says what several authorities do in the same way though no law asks it of them all, each by a
    source of its own. By `cites` an authority gives its own source to the controls and kinds of day of such a pack, by
    their names: no others, as the law is the same for everybody and is cited where it is declared.
    """

    pack: str = Field(pattern=LONG_NAME_PATTERN, description="The name of the pack. No other pack may have it.")
    title: str = Field(min_length=3, description="What the pack holds, in a line.")
    instrument: str = Field(default="", description="The law or form that its citations are of, where they name none.")
    link: str = Field(default="", description="Where to read the instrument; its citations take it over.")
    practice: Flag = Field(
        default=False, description="`true` for what several authorities do alike, each by a source of its own."
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
