"""The forms in which an authority published its decisions, by era.

Invariants:
- A form is of one kind of source and adds to what that kind asks for.
- A form counts for decisions within its days in force, whenever they are read.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from pydantic import Field

from rules.language.schema_types import Identifier, Period
from rules.packs.form_reading import ReferenceForm, WordList
from rules.values.citation import Citation, Declaration


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
    citation: Citation | None = Field(default=None, description="Where the form was seen.")
    reading: str = Field(
        default="", description="How `assent intake` reads it: a name under `form_readings`. Left out, it is not read."
    )
    references: tuple[ReferenceForm, ...] = Field(
        default=(), description="The ways in which a decision of this form writes its reference."
    )
    marks: WordList = Field(
        default=(), description="Labels, headings or words by which it is told from other forms that are read alike."
    )


def forms_in_use(forms: Iterable[PublishedForm], days: Period | None) -> list[PublishedForm]:
    """Return the forms that were in use on some days; none if some day has no form, or the days are not known."""
    if days is None:
        return []
    last = days.last or date.max
    overlapping = [
        each for each in forms if each.in_force.first <= last and days.first <= (each.in_force.last or date.max)
    ]
    used = sorted(overlapping, key=lambda each: each.in_force.first)
    uncovered = days.first
    for form in used:
        if form.in_force.first > uncovered:
            return []
        form_last = form.in_force.last or date.max
        if form_last >= last:
            return used
        uncovered = max(uncovered, form_last + timedelta(days=1))
    return []
