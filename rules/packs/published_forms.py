"""The forms in which an authority published its decisions, by era.

Invariants:
- A form is of one kind of source and adds to what that kind asks for.
- A form counts for decisions within its days in force, whenever they are read.
"""

from __future__ import annotations

from pydantic import Field

from rules.language.schema_types import Identifier, Period
from rules.values.citation import Declaration


class PublishedForm(Declaration, title="Published form"):
    """One form in which decisions were published in an era, and what it asks for beside its kind of source."""

    label: str = Field(min_length=3, description="What it is, as people read it.")
    about: str = Field(default="", description="How to recognise it, and where it was seen.")
    source: Identifier = Field(description="The kind of source that it is.")
    in_force: Period = Field(description="The days of decisions that were published in this form.")
    asks: tuple[str, ...] = Field(
        default=(),
        description="The facts that the form always shows, beside those of its kind of source: names, `PREFIX.*`, or "
        "the name of a kind of subject of which it lists every one.",
    )
