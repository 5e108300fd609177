"""The schema of derived facts: the functions that a pack may use, and what each of them takes.

Invariants:
- A derived fact has exactly one function. `rules.language.derivation_specs` has a row for each.
- Conditions stay as written; the linker parses them. A number fixed by law is a dated value, never a literal.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import BeforeValidator, Field, model_validator

from rules.language.day_schema import DAY_COUNT_NAMES, DayAway, DaysBetween
from rules.language.schema_types import Identifier, RawCondition, as_tuple
from rules.language.text_schema import (
    AmountBefore,
    AmountCeiling,
    ComparedCounts,
    ComparedTexts,
    ComparedWords,
    DayInText,
    NearAmounts,
    OpeningVerb,
    OtherReference,
    PhraseSearch,
    SummarisedAmounts,
    TextSearch,
)
from rules.values.citation import Declaration
from rules.values.facts import DAY_OF_ACT
from rules.values.suggestions import closest
from rules.values.text import quote

ValueNames: TypeAlias = Annotated[
    tuple[str, ...], BeforeValidator(as_tuple, json_schema_input_type=str | tuple[str, ...])
]
"""One dated value, or several, such as one by section and one by limb; the first that is set for the subject counts."""


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
    "numbering_gap", "percent_of", "share_of", "together", "on_basis", "portion", "malformed_amount", "amount_above",
    "amount_before",
    "amounts_apart", "amount_not_explained", "parts_off_total", "words_apart", "counts_apart", "periods_apart",
    "repeated_words", "broken_words", "impossible_days", "dangling_number", "other_reference", "day_in_text",
    "opening_verb",
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
    malformed_amount: TextSearch | None = Field(
        default=None, description="The first amount in texts that cannot be read as one, such as `£2,165,00`."
    )
    amount_above: AmountCeiling | None = Field(
        default=None, description="The first amount in texts that is above a dated value."
    )
    amount_before: AmountBefore | None = Field(
        default=None, description="The last amount before some words in one sentence, such as `below the EU threshold`."
    )
    amounts_apart: NearAmounts | None = Field(
        default=None,
        description="Two amounts of different texts that seem to be one sum: they differ little, or by one figure, and "
        "neither is the other one rounded.",
    )
    amount_not_explained: SummarisedAmounts | None = Field(
        default=None,
        description="An amount that does not stand in the other texts, though these have amounts, and that is no sum "
        "or part of amounts there.",
    )
    parts_off_total: TextSearch | None = Field(
        default=None, description="A total of which the parts, listed after it in one sentence, do not add up to it."
    )
    words_apart: ComparedWords | None = Field(
        default=None, description="A text about the one of a pair of words alone, and another about the other alone."
    )
    counts_apart: ComparedCounts | None = Field(
        default=None, description="Things of which one text counts one and another several, or another number."
    )
    periods_apart: ComparedTexts | None = Field(
        default=None,
        description="A financial year in a text, such as 2015-16, where the others have other years alone.",
    )
    repeated_words: TextSearch | None = Field(default=None, description="One to three words that stand twice in a row.")
    broken_words: TextSearch | None = Field(
        default=None, description="Words that cannot stand side by side, such as `the of`, because one was lost."
    )
    impossible_days: TextSearch | None = Field(
        default=None,
        description="A day or a period that cannot be right, such as 31 June 2019, or a period that ends before it "
        "begins.",
    )
    dangling_number: TextSearch | None = Field(
        default=None,
        description="A reference to a numbered paragraph, such as section 3.4, that is missing among the paragraphs of "
        "its section.",
    )
    other_reference: OtherReference | None = Field(
        default=None, description="A reference at the beginning of a text that is like that of the case, but another."
    )
    day_in_text: DayInText | None = Field(
        default=None, description="The earliest day in texts that stands right after some words, such as `expires on`."
    )
    opening_verb: OpeningVerb | None = Field(
        default=None, description="One of its `choices`: by the verb that a text opens with."
    )

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
