"""Forms of records that other programs publish: which place in a record states which fact, and what its codes mean.

Invariants:
- A record states a fact only where a form says so, and a code means a choice only where a table says so. Any other
  code or word means nothing: the fact is not stated.
- A place is a path of keys, such as `tender.value`. It leads through lists to each of their items, and `[KEY=VALUE]`
  keeps those that have a value: `parties[roles=buyer].name`. At the start it asks the same of the whole record.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from rules.language.dated_values import Day
from rules.language.schema_types import Identifier
from rules.reading.pydantic_messages import RECORD_PLACE_PATTERN
from rules.values.citation import Citation, Declaration

Place = Annotated[str, Field(pattern=RECORD_PLACE_PATTERN)]


class CodeTable(Declaration, title="Table of codes"):
    """What the codes or words of a published list mean: a choice of a fact for each."""

    label: str = Field(min_length=3, description="What the codes are.")
    fact: str = Field(description="The fact of kind `choice` that they give.")
    match: Literal["code", "prefix", "phrase"] = Field(
        default="code",
        description="`code`: the whole text, in any letters. `prefix`: its beginning; the longest counts. `phrase`: "
        "whole words anywhere in it; if phrases of two choices stand apart in it, it means neither.",
    )
    codes: dict[str, str] = Field(min_length=1, description="The choice that each code, beginning or phrase means.")
    citation: Citation = Field(description="The list, and where it says what the codes mean.")


class OtherPlace(Declaration, title="Place that may say otherwise"):
    """Another place that gives the same fact."""

    at: Place = Field(description="The keys that lead to it.")
    table: str = Field(description="The table that says what its codes mean.")


class FactPlace(Declaration, title="Place of a fact"):
    """One place in a record that may state a fact."""

    at: Place = Field(description="The keys that lead to it, such as `tender.value`.")
    table: str = Field(default="", description="The table that says what its codes mean.")
    take: Literal["only", "first", "sum", "earliest", "latest"] = Field(
        default="only",
        description="Which of several values counts. `only`: the one that all of them have, and none if they differ.",
    )
    vat: Literal["ex", "inc", ""] = Field(
        default="", description="For an amount: whether such records state it without VAT (`ex`) or with it (`inc`)."
    )
    since: Day | None = Field(
        default=None,
        description="For a day that the place only bounds: the fact lies between this day and the day there.",
    )
    unless: OtherPlace | None = Field(
        default=None, description="A place that must not say otherwise: if it does, the fact is not read."
    )


class RecordForm(Declaration, title="Form of a record"):
    """How the records of one publisher state facts."""

    label: str = Field(min_length=3, description="What such a record is, as people read it.")
    about: str = Field(default="", description="Where it is published, and what it leaves out.")
    source: Identifier = Field(description="The kind of source that it is.")
    begins: dict[Place, str] = Field(
        min_length=1, description="How to recognise it: how the text at each of some places begins."
    )
    name: Place = Field(description="The place that names the record in findings.")
    address: Place | None = Field(default=None, description="The place of its address on the web.")
    time_zone: str = Field(description="The time zone in which its days begin, such as `Europe/Paris`.")
    currency: str = Field(min_length=3, max_length=3, description="The currency of amounts. Others are not read.")
    not_held: str = Field(
        default="",
        description="Why such records are not judged: the law that governs them, which the packs do not hold.",
    )
    given: dict[str, Any] = Field(
        default_factory=dict, description="Facts that such a record shows by being published, with their values."
    )
    facts: dict[str, tuple[FactPlace, ...]] = Field(
        min_length=1, description="For each fact the places that may state it; the first that does so counts."
    )
    citation: Citation = Field(description="Where the publisher says what its records hold.")
