"""The schema of pack files: facts, values, derived facts, controls, kinds of diary day and citations.

Each model is one mapping of the YAML, with the keys and bounds that a pack may have. Conditions stay as written
(`Any`); `rules.packs.linker` parses them against everything that is declared. Unknown keys are refused.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field, Strict, WithJsonSchema, model_validator

from rules.language.dated_values import DatedFigure, DatedValue, Day
from rules.language.day_schema import DAY_COUNT_NAMES, DayAway, DaysBetween
from rules.language.vocabulary import GateDeclaration, PackNeeds, SubjectKindDeclaration
from rules.reading.pydantic_messages import IDENTIFIER_PATTERN, LONG_NAME_PATTERN, WORD_PATTERN
from rules.values.citation import Citation, Declaration
from rules.values.facts import CASE, DAY_OF_ACT, FactDeclaration
from rules.values.suggestions import closest
from rules.values.text import quote

Severity: TypeAlias = Literal["blocking", "warning"]
Outcome: TypeAlias = Literal["satisfied", "breached", "not_applicable", "undetermined"]
Identifier: TypeAlias = Annotated[str, Field(pattern=IDENTIFIER_PATTERN)]
Flag: TypeAlias = Annotated[bool, Strict()]
LanguageNumber: TypeAlias = Literal[1, 2]
"""The version of the language that a file is written in; see `rules.packs.language_versions`."""

Explanation: TypeAlias = Annotated[str, Field(min_length=8, max_length=600)]
RawCondition: TypeAlias = Annotated[Any, WithJsonSchema({"x-definition": "Condition"})]
"""A condition as its YAML is written; `rules.language.condition_parser` reads it."""


def _as_tuple(raw: object) -> object:
    return (raw,) if isinstance(raw, str) else raw


ValueNames: TypeAlias = Annotated[
    tuple[str, ...], BeforeValidator(_as_tuple, json_schema_input_type=str | tuple[str, ...])
]
"""One dated value, or several, such as one by section and one by limb; the first that is set for the subject counts."""


class Period(Declaration, title="Days in force"):
    """The days on which something is in force, both ends included."""

    first: Day = Field(alias="from", description="The first day in force.")
    last: Day | None = Field(
        default=None, alias="to", description="The last day in force. Left out, there is no end yet."
    )

    def __str__(self) -> str:
        """Return the days as `2018-04-01 to 2019-03-31`, or `2018-04-01 onwards`."""
        return f"{self.first} to {self.last}" if self.last else f"{self.first} onwards"

    def contains(self, other: Period) -> bool:
        """Return whether another period is not empty and lies wholly in this one."""
        own_last, other_last = self.last or date.max, other.last or date.max
        return self.first <= other.first <= other_last <= own_last


class ControlDeclaration(Declaration, title="Control"):
    """One requirement: what it is of, when it applies, what it requires, what it guards, and its source.

    `when`, `requires` and `except` are conditions as written. `governed_by` names the fact whose day selects the law;
    `act.on` is the day of the act that is judged. `wrong` and `cure` are the words for officers.
    """

    of: Identifier = Field(
        default=CASE, description="What it looks at: the case, or each of a kind of thing that a case has several of."
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
    gates: tuple[Identifier, ...] = Field(min_length=1, description="The gates at which it is checked.")
    governed_by: str = Field(
        default=DAY_OF_ACT, description="The fact whose day decides which law applies. `act.on` is the day of the act."
    )
    in_force: Period = Field(description="The days on which it is in force.")
    citation: Citation = Field(
        description="Where it comes from. Only law, or the authority's own rule, should be `blocking`."
    )


class EndOfYears(Declaration, title="end_of_years"):
    """The end of a period of years, a dated value, that begins after the year of a day fact."""

    day: str = Field(description="The fact of kind `day`.")
    years: ValueNames = Field(
        min_length=1, description="The dated value that gives the number of years; of several, the first that is set."
    )


class SubjectCount(Declaration, title="count"):
    """Counts the subjects of a kind, or those for which a condition holds.

    With `same` and `as`, each subject counts those of the other kind whose fact `as` equals its own fact `same`: a part
    of a paper counts the exemptions under the section that it names.
    """

    of: Identifier = Field(description="The kind of thing that is counted.")
    where: RawCondition = Field(default=None, description="Which of them are counted. Left out, all are.")
    same: str = Field(default="", description="A fact of the one that counts: only those are counted that share it.")
    to: str = Field(default="", alias="as", description="The fact of those counted that must equal it.")

    @model_validator(mode="after")
    def _require_both_of_pair(self) -> SubjectCount:
        if bool(self.same) is not bool(self.to):
            raise ValueError("must have same and as together, or neither")
        return self


class Counterpart(Declaration, title="counterpart"):
    """Takes a fact of the one other subject that shares a fact and meets a condition."""

    take: str = Field(description="The fact to take from the other.")
    same: str = Field(description="The fact that both share.")
    where: RawCondition = Field(description="What must hold of the other.")


class ChoiceLine(Declaration, title="Line of choose"):
    """One line of `choose`: the choice if its condition holds."""

    when: RawCondition = Field(description="When this choice is made.")
    then: str = Field(description="The code that is chosen.")


class ChoiceRules(Declaration, title="choose"):
    """Chooses by the first line whose condition holds, else `otherwise`."""

    lines: tuple[ChoiceLine, ...] = Field(
        min_length=1, description="Tried in order; the first whose condition holds counts."
    )
    otherwise: str = Field(description="The code that is chosen where no condition holds.")


def _as_phrase_list(raw: object) -> object:
    return [raw] if isinstance(raw, str) else raw


Phrase: TypeAlias = Annotated[str, Field(max_length=60, pattern=WORD_PATTERN)]
PhraseGroupField: TypeAlias = Annotated[
    tuple[Phrase, ...],
    Field(min_length=1, max_length=6),
    BeforeValidator(_as_phrase_list, json_schema_input_type=Phrase | tuple[Phrase, ...]),
]


class PhraseSearch(Declaration, title="mentions"):
    """Searches texts for phrases, by whole words.

    Each item of `any_of` is a phrase, or a list of phrases that must all be in one sentence. With `alone`, a text must
    consist of the phrase and nothing else.
    """

    facts: tuple[str, ...] = Field(
        alias="in", min_length=1, max_length=24, description="The facts of kind `text` that are searched, in order."
    )
    any_of: tuple[PhraseGroupField, ...] = Field(
        min_length=1, max_length=24, description="Phrases to find. Those in a list must be in one sentence."
    )
    alone: Flag = Field(default=False, description="With `true`, the text must be the phrase and nothing else.")


class NumberingGap(Declaration, title="numbering_gap"):
    """Finds a gap in the numbers of subjects (1, 2, …) and the letters within a number (a, b, …).

    `where` selects the subjects.
    """

    number: str = Field(description="The fact that holds the number.")
    letter: str = Field(description="The fact that holds the letter within a number.")
    where: RawCondition = Field(description="Which of them are numbered together.")


class PercentOf(Declaration, title="percent_of"):
    """One count as a percentage of another, to the nearest whole number."""

    part: str = Field(description="The fact of kind `count` that is a part.")
    whole: str = Field(description="The fact of kind `count` that is the whole.")


class ShareOf(Declaration, title="share_of"):
    """So many parts of a count, such as two thirds of the votes, rounded up to a whole number."""

    whole: str = Field(alias="of", description="The fact of kind `count` that is the whole.")
    parts: str = Field(description="The dated value that gives how many parts, such as 2 of two thirds.")
    divided_by: str = Field(description="The dated value that gives into how many parts, such as 3 of two thirds.")


class SubjectTotal(Declaration, title="together"):
    """Adds an amount of each subject of a kind to one of the case."""

    own: str = Field(description="The amount of the case.")
    take: str = Field(alias="with", description="The amount of each of the others, such as `contract.value`.")


class VatBasisConversion(Declaration, title="on_basis"):
    """Converts an amount to the VAT basis of a dated value, at a rate that is a dated value in thousandths."""

    amount: str = Field(description="The fact of kind `money`.")
    value: str = Field(description="The dated value whose VAT basis is wanted.")
    rate: str = Field(description="The dated value that gives the rate of VAT, in `tenths_of_a_percent`.")


class Portion(Declaration, title="portion"):
    """Takes a percentage, a dated value, of an amount."""

    amount: str = Field(alias="of", description="The fact of kind `money`.")
    percent: str = Field(description="The dated value that gives the share, in `percent`.")


DERIVATION_FUNCTIONS = (
    "sum", "calendar_days", "clear_days", "working_days", "clear_working_days", "day_after", "day_before",
    "is_working_day", "day_off", "end_of_years", "count", "counterpart", "look_up", "choose", "mentions",
    "numbering_gap", "percent_of", "share_of", "together", "on_basis", "portion",
)  # fmt: skip


DAY_FUNCTIONS = (*DAY_COUNT_NAMES, "day_after", "day_before", "is_working_day", "day_off", "end_of_years")


class DerivedDeclaration(Declaration, title="Derived fact"):
    """A fact that is derived from others by exactly one of `DERIVATION_FUNCTIONS`."""

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
    calendar_days: DaysBetween | None = Field(
        default=None,
        description="How many days later the second of two days is: every day after the first counts, and the second "
        "too. Below zero if the second is earlier.",
    )
    clear_days: DaysBetween | None = Field(
        default=None,
        description="How many days lie wholly between two: neither the day of a notice nor the day of the meeting "
        "counts. Below zero if the second is earlier.",
    )
    working_days: DaysBetween | None = Field(
        default=None,
        description="How many working days come after the first of two days, the second included. Below zero if the "
        "second is earlier.",
    )
    clear_working_days: DaysBetween | None = Field(
        default=None,
        description="How many working days lie wholly between two days: neither of them counts. Below zero if the "
        "second is earlier.",
    )
    day_after: DayAway | None = Field(
        default=None,
        description="The first day that lies so many days after another; for clear days, the first with so many "
        "between them.",
    )
    day_before: DayAway | None = Field(
        default=None,
        description="The last day that lies so many days before another; for clear days, the last with so many "
        "between them. Working days are counted back from the day itself.",
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
    share_of: ShareOf | None = Field(
        default=None,
        description="So many parts of a count, rounded up: the least whole number that is no less than two thirds of "
        "the votes.",
    )
    together: SubjectTotal | None = Field(
        default=None, description="An amount of the case and those of all its contracts, or of another kind of thing."
    )
    on_basis: VatBasisConversion | None = Field(
        default=None, description="An amount with or without VAT, whichever a dated value is, to the nearest penny."
    )
    portion: Portion | None = Field(default=None, description="So many percent of an amount, to the penny below.")

    @model_validator(mode="before")
    @classmethod
    def _suggest_function(cls, raw: object) -> object:
        unknown = [key for key in raw if key not in cls.model_fields] if isinstance(raw, dict) else []
        if unknown:
            name = str(unknown[0])
            known = DAY_FUNCTIONS if "day" in name.casefold() else DERIVATION_FUNCTIONS
            suggestion = f"Did you mean {closest(name, known)}? " if closest(name, known) else ""
            raise ValueError(
                f"{quote(name)} is not a function of derived facts. {suggestion}There are: {', '.join(known)}."
            )
        return raw

    @model_validator(mode="after")
    def _require_one_function(self) -> DerivedDeclaration:
        if len(self.function_names()) != 1:
            raise ValueError(f"must have exactly one of {', '.join(DERIVATION_FUNCTIONS)}")
        return self

    def function_names(self) -> list[str]:
        """Return the functions that are given; a valid declaration has one."""
        return [name for name in DERIVATION_FUNCTIONS if getattr(self, name)]


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
    """The citation that an authority gives to a control or kind of diary day of a pack of practice.

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
    `cites`, an authority gives its own source to controls and kinds of diary day of such a pack, by name. Those of law
    packs cannot be cited otherwise: the law is the same for everybody.
    """

    language: LanguageNumber = Field(
        default=1, description="The version of the pack language that the file is written in."
    )
    pack: str = Field(pattern=LONG_NAME_PATTERN, description="The name of the pack. No other pack may have it.")
    title: str = Field(min_length=3, description="What the pack holds, in a line.")
    instrument: str = Field(default="", description="The law or form that its citations are of, where they name none.")
    link: str = Field(default="", description="Where to read the instrument; its citations take it over.")
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
