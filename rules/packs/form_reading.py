"""How `assent intake` reads published forms: their references, labels, headings, numbering, verbs and fixed phrases.

Invariants:
- Everything is words to look for, never a regular expression: what is matched is bounded, and a misread letter of a
  scan is allowed for in one place (`decisions.intake.wording`).
- A form names only facts and choices of its scheme; `rules.packs.form_validation` checks that.
- What a file says below a heading of `part_2` is never read.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field, StringConstraints

from rules.language.schema_types import Flag, Identifier, as_tuple
from rules.reading.pydantic_messages import REFERENCE_PATTERN
from rules.values.citation import Declaration

Words: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
WordList: TypeAlias = Annotated[
    tuple[Words, ...], BeforeValidator(as_tuple, json_schema_input_type=Words | list[Words])
]
"""One phrase, or a list of several."""
Numbering: TypeAlias = Literal["number", "dotted", "letter", "capital", "roman", "bullet", "none"]
ReferencePattern: TypeAlias = Annotated[
    str, StringConstraints(pattern=REFERENCE_PATTERN), Field(examples=["PCD {number}"])
]


class ReferenceForm(Declaration, title="Form of a reference"):
    """One way in which the form writes its reference, and what that way shows."""

    written: ReferencePattern = Field(
        description="The reference: `{number}` stands for one to six figures, `{year}` for four, `{letter}` for one "
        "small letter. A space stands for any one of a space, `/`, `-`, or nothing."
    )
    shows: dict[str, Any] = Field(
        default_factory=dict, description="The facts that a reference written so shows, with their values."
    )


class LabelledFact(Declaration, title="Labelled fact"):
    """A fact that stands after a label, on the same line or on the next one."""

    labels: WordList = Field(min_length=1, description="The label, in each way that the form writes it.")
    under: WordList = Field(
        default=(), description="The headings below which the label counts. Left out, it counts anywhere."
    )
    check: Flag = Field(
        default=False, description="`true` if a person should always check it, as a name that was signed by hand."
    )


class DecidedBy(Declaration, title="Who decided"):
    """The line that names who decided: a name, and the post after a comma."""

    labels: WordList = Field(min_length=1, description="The label, in each way that the form writes it.")
    name: str = Field(description="The fact that keeps the name.")
    post: str = Field(description="The fact that keeps the capacity.")
    posts: dict[str, WordList] = Field(description="For each capacity, the posts that the form prints.")
    drops: WordList = Field(default=(), description="Words that were added to the name later and are left out.")
    shows: dict[str, Any] = Field(
        default_factory=dict,
        description="The facts that a form shows by naming who decided, with their values: on a page that lists only "
        "what was approved, the approval.",
    )


class SectionText(Declaration, title="Section"):
    """A fact whose text stands below a heading, up to the next heading."""

    headings: WordList = Field(default=(), description="The heading, in each way that the form writes it.")
    opens: Flag = Field(
        default=False,
        description="`true` if the form may leave the heading out: then the text below its first lines is meant.",
    )


class RecommendationList(Declaration, title="Recommendations in a form"):
    """Where the recommendations to one body stand, and how they are numbered."""

    body: Identifier = Field(description="The body that is asked, as `recommendation.body` has it.")
    headings: WordList = Field(default=(), description="The headings below which they stand.")
    leads: WordList = Field(
        min_length=1, description="The words before the first of them, such as `The board is asked to`."
    )
    numbering: tuple[Numbering, ...] = Field(
        default=("number", "dotted", "letter", "capital", "roman", "bullet", "none"),
        min_length=1,
        description="The kinds of number that its items may have.",
    )


class Statement(Declaration, title="Statement in a form"):
    """Words of a form that give a fact a value."""

    says: WordList = Field(min_length=1, description="The words, in each way that the form writes them.")
    value: Any = Field(alias="is", description="The value that they give the fact.")
    ticked: Flag = Field(default=False, description="`true` if the words count only with a tick in their row.")
    under: WordList = Field(default=(), description="The headings below which they count.")


class ExemptionWords(Declaration, title="Exemptions in a form"):
    """Where a form names the sections of the law under which Part 2 is withheld."""

    leads: WordList = Field(min_length=1, description="The words before the sections.")
    sections: WordList = Field(
        default=("Section", "Sections", "s.", "s"), description="The word before the number of a section."
    )
    fact: str = Field(default="exemption.section", description="The fact of each exemption that keeps its section.")


class FormReading(Declaration, title="Reading of forms"):
    """What `assent intake` looks for in one or several published forms, and which facts that gives."""

    stage: Identifier = Field(description="The stage of a case that was published so.")
    reference: str = Field(description="The fact that keeps the reference of the decision.")
    title_labels: WordList = Field(
        default=(), description="The label of the title. Left out, the first heading is the title."
    )
    facts: dict[str, LabelledFact] = Field(default_factory=dict, description="The facts that stand after a label.")
    decided_by: DecidedBy | None = Field(default=None, description="The line that names who decided.")
    sections: dict[str, SectionText] = Field(default_factory=dict, description="The facts that are texts of sections.")
    other_headings: WordList = Field(
        default=(), description="Other headings and last lines: a section ends there, and nothing is read below them."
    )
    recommendations: tuple[RecommendationList, ...] = Field(
        default=(), description="The lists of recommendations, the most particular first."
    )
    verbs: dict[Identifier, WordList] = Field(
        default_factory=dict, description="For each verb of `recommendation.verb`, the words that mean it."
    )
    statements: dict[str, tuple[Statement, ...]] = Field(
        default_factory=dict, description="The facts that fixed words of the form give; the first words found count."
    )
    amounts: dict[str, WordList] = Field(
        default_factory=dict, description="For each amount, the words that stand before it."
    )
    exemptions: ExemptionWords | None = Field(default=None, description="Where sections of the law are named.")
    part_2: WordList = Field(
        min_length=1, description="The headings of what is confidential. What stands below them is not read."
    )
