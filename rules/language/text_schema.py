"""What the functions that read texts of a paper take: which texts, and which words.

Invariants:
- `in` names facts of the case or of the subject itself; `each` names facts of every subject of one kind.
- A name with `.*` stands for every stated text with that beginning, and a name with `?` for a text that not every
  scheme has. The linker replaces both by the facts that the packs of the scheme declare.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, ClassVar, Self, TypeAlias

from pydantic import BeforeValidator, Field, PrivateAttr, model_validator

from rules.language.schema_types import Flag, RawCondition, as_tuple
from rules.reading.pydantic_messages import WORD_PATTERN
from rules.values.citation import Declaration
from rules.values.fact_table import FactTable

Phrase: TypeAlias = Annotated[str, Field(max_length=60, pattern=WORD_PATTERN)]

PhraseGroupField: TypeAlias = Annotated[
    tuple[Phrase, ...],
    Field(min_length=1, max_length=6),
    BeforeValidator(as_tuple, json_schema_input_type=Phrase | tuple[Phrase, ...]),
]
TextNames: TypeAlias = Annotated[tuple[str, ...], Field(max_length=24)]

_ALL_OF_PREFIX, _IF_DECLARED = ".*", "?"


def expand_text_names(names: tuple[str, ...], facts: FactTable, derived: Collection[str]) -> tuple[str, ...]:
    """Return names of texts with every pattern replaced by the facts that it stands for; unknown names stay."""
    expanded: dict[str, None] = {}
    for name in names:
        if name.endswith(_ALL_OF_PREFIX):
            prefix = name[:-1]
            texts = (fact for fact, declared in facts.items() if declared.kind == "text" and fact not in derived)
            expanded |= dict.fromkeys(fact for fact in texts if fact.startswith(prefix))
        elif not name.endswith(_IF_DECLARED):
            expanded[name] = None
        elif name[:-1] in facts:
            expanded[name[:-1]] = None
    return tuple(expanded)


class TextArguments(Declaration):
    """The base of what a function of texts takes."""

    text_keys: ClassVar[tuple[str, ...]] = ("facts", "each")
    _named: frozenset[str] | None = PrivateAttr(default=None)

    facts: TextNames = Field(
        default=(),
        alias="in",
        description="The facts of kind `text` that are searched, in order: names, `PREFIX.*` for all of them with that "
        "beginning, or `NAME?` for one that a scheme need not have.",
    )
    each: TextNames = Field(
        default=(), description="Facts of kind `text` of every thing of one kind, such as `recommendation.text`."
    )

    @model_validator(mode="after")
    def _require_texts(self) -> Self:
        if not self.facts and not self.each:
            raise ValueError("must name at least one text under in or each")
        return self

    @property
    def subject_texts(self) -> tuple[str, ...]:
        """The texts of other subjects that the function looks at."""
        return self.each

    @property
    def all_texts(self) -> tuple[str, ...]:
        """Every text that the function looks at."""
        return tuple(dict.fromkeys(name for key in self.text_keys for name in getattr(self, key)))

    def expand(self, facts: FactTable, derived: Collection[str]) -> Self:
        """Return the arguments with every pattern replaced by the texts that packs declare."""
        expanded = self.model_copy(
            update={key: expand_text_names(getattr(self, key), facts, derived) for key in self.text_keys}
        )
        return expanded.naming(self.facts)

    def naming(self, facts: tuple[str, ...]) -> Self:
        """Note which texts the pack names in full."""
        self._named = frozenset(facts)
        return self

    @property
    def named_texts(self) -> tuple[str, ...]:
        """The texts under `in` that are named in full, not by a pattern: every scheme has them."""
        return tuple(name for name in self.facts if self._named is None or name in self._named)


class TextSearch(TextArguments, title="Texts"):
    """Texts in which something is searched that has no further arguments."""


class PhraseSearch(TextArguments, title="mentions"):
    """Searches texts for phrases, by whole words; `#` in a phrase stands for a number.

    Each item of `any_of` is a phrase, or a list of phrases that must all be in one sentence. With `alone`, a text must
    consist of the phrase and nothing else. Nothing is found if one of the texts has a phrase of `unless`, or if a fact
    of `unless_stated` is stated.
    """

    text_keys: ClassVar[tuple[str, ...]] = ("facts", "each", "beside", "unless_amount", "unless_stated")

    any_of: tuple[PhraseGroupField, ...] = Field(
        min_length=1, max_length=24, description="Phrases to find. Those in a list must be in one sentence."
    )
    alone: Flag = Field(default=False, description="With `true`, the text must be the phrase and nothing else.")
    unless: tuple[PhraseGroupField, ...] = Field(
        default=(),
        max_length=24,
        description="Phrases of which none may stand in any of the texts, or in those of `beside`.",
    )
    beside: TextNames = Field(default=(), description="Further texts for `unless`.")
    unless_amount: TextNames = Field(
        default=(),
        description="Texts of which none may have an amount of money; then none of `each` may either.",
    )
    unless_stated: TextNames = Field(default=(), description="Texts of which none may be stated.")


class ComparedTexts(TextArguments, title="Compared texts"):
    """Texts that are compared with others."""

    text_keys: ClassVar[tuple[str, ...]] = ("facts", "each", "beside", "beside_each")

    beside: TextNames = Field(default=(), description="The texts with which they are compared.")
    beside_each: TextNames = Field(
        default=(), description="Texts of every thing of one kind with which they are compared."
    )

    @property
    def subject_texts(self) -> tuple[str, ...]:
        """The texts of other subjects that the function looks at."""
        return (*self.each, *self.beside_each)


class NearAmounts(ComparedTexts, title="amounts_apart"):
    """Finds two amounts that seem to be one, written differently: in one text, and in another."""

    percent: int = Field(
        ge=1, le=10, description="How many percent of the higher one two amounts of one sum may differ by."
    )


class SummarisedAmounts(ComparedTexts, title="amount_not_explained"):
    """Finds a text with amounts of which none stands in the texts beside."""

    where: RawCondition = Field(default=None, description="Of which things the texts under `each` are searched.")


class AmountCeiling(TextArguments, title="amount_above"):
    """Finds an amount above a dated value."""

    value: str = Field(description="The dated value of kind `money`.")


class AmountBefore(TextArguments, title="amount_before"):
    """Finds the last amount that stands before some words in one sentence: £150,000 is `below the EU threshold`.

    Each item of `words` is a phrase, or a list of phrases that must all be in one sentence; the first one counts. An
    amount that does not say whether it includes VAT is as stated.
    """

    like: str = Field(
        default="",
        description="A derived fact of the same file with `mentions`, in the place of `in`, `each` and `words`: its "
        "texts and phrases are taken over, and those of its `unless` beside those given here.",
    )
    words: tuple[PhraseGroupField, ...] = Field(default=(), max_length=24, description="The words after the amount.")
    unless: tuple[PhraseGroupField, ...] = Field(
        default=(), max_length=24, description="Phrases that must not stand in the sentence."
    )

    @model_validator(mode="after")
    def _require_texts(self) -> Self:
        is_own = bool(self.words) and bool(self.facts or self.each)
        if self.like and (self.words or self.facts or self.each):
            raise ValueError("must give like, or in and each with words, and not both")
        if not self.like and not is_own:
            raise ValueError("must name at least one text under in or each, and words; or another fact under like")
        return self

    def taking_over(self, search: PhraseSearch) -> Self:
        """Return the arguments with the texts and phrases of a search, in the place of its name."""
        own = {"facts": search.facts, "each": search.each, "words": search.any_of}
        return self.model_copy(update={**own, "like": "", "unless": (*search.unless, *self.unless)})


class WordPair(Declaration, title="Pair of words"):
    """Two groups of words that mean different things: a text about one is not about the other."""

    one: tuple[PhraseGroupField, ...] = Field(min_length=1, max_length=12, description="Words for the one.")
    other: tuple[PhraseGroupField, ...] = Field(min_length=1, max_length=12, description="Words for the other.")


class ComparedWords(ComparedTexts, title="words_apart"):
    """Finds a pair of words of which one text has the one alone, and another text the other alone."""

    pairs: tuple[WordPair, ...] = Field(min_length=1, max_length=12, description="The pairs of words.")


class ComparedCounts(ComparedTexts, title="counts_apart"):
    """Finds things of which a text counts one and another text several, or two and three."""

    nouns: tuple[str, ...] = Field(
        min_length=1, max_length=24, description="What is counted, in the singular: `claim`, `officer`."
    )


class OtherReference(TextArguments, title="other_reference"):
    """Finds a reference at the beginning of a text with the letters or the number of that of the case, but not both."""

    reference: str = Field(description="The fact of kind `text` that holds the reference of the case.")


class DayInText(TextArguments, title="day_in_text"):
    """Finds the earliest day that stands right after some words: `expires on` 29 April 2024.

    A month with its year stands for its last day.
    """

    after: tuple[Phrase, ...] = Field(min_length=1, max_length=24, description="The words before the day.")


class OpeningVerb(Declaration, title="opening_verb"):
    """Chooses by the verb with which a text opens, or by the verb that is stated beside it.

    The words before the verb may name who is asked: *The Deputy Mayor is asked to*. A text within a list that another
    text opens with a colon, or that has a letter under another's number, takes its verb from there. A verb that is not
    listed, but can be told by its form, counts as the first choice: *To revise*, *be changed*, *has taken*.
    """

    text: str = Field(alias="of", description="The fact of kind `text`.")
    stated: str = Field(description="The fact of kind `choice` that holds the verb, where it is stated.")
    number: str = Field(description="The fact that holds the number of the text.")
    letter: str = Field(description="The fact that holds its letter.")
    verbs: dict[str, tuple[str, ...]] = Field(
        min_length=1, description="For each choice, its verbs in their plain form: `approve`."
    )
    item: str = Field(description="The choice for a text that takes its verb from another.")
    otherwise: str = Field(description="The choice for a text that has no verb.")
