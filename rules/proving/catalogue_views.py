"""Views of the entries of the catalogue: what is shown of a value or control, for any interface.

Every view has one JSON form, `as_json`. The conditions of a control are put in words by the rulebook of a scheme that
uses its pack; a pack that no scheme uses has no rulebook, and the view says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from rules.judging.rulebook import Control, Rulebook
from rules.language.dated_values import DatedFigure, DatedValue
from rules.language.pack_schema import CHOICE_PLACEHOLDER, ControlDeclaration
from rules.packs.example_schema import read_examples
from rules.packs.readings import Readings, link_on
from rules.proving.catalogue import (
    CatalogueEntry,
    Expiry,
    applicability_condition,
    condition_lines,
    overriding_entries,
)
from rules.proving.pack_library import PackLibrary
from rules.values.citation import Citation
from rules.values.fact_table import FactTable
from rules.values.money import Money

NOT_SET = "declared, no figure set"


@dataclass(frozen=True, slots=True)
class EntryView:
    """A value or control as of a day (None: with its whole history).

    `applies` and `requires` are the conditions of a control in words, a line for each test, and `cure` is what an
    officer can do, with the choices that there are; all are empty for a value. Each source is shown with what was read.
    """

    entry: CatalogueEntry
    on: date | None = None
    applies: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    cure: str = ""
    readings: Readings = field(default_factory=Readings)

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        entry, declared = self.entry, self.entry.declaration
        head = {"id": entry.id, "kind": entry.kind, "pack": entry.pack, "label": entry.label}
        if isinstance(declared, ControlDeclaration):
            own = declared.model_dump(mode="json", by_alias=True, exclude={"when", "requires", "unless"})
            own["blocks_only_where_cited"] = entry.blocks_only_where_cited
            read = source_as_json(declared.citation, declared.in_force.first, self.readings)
            shown = {"cure": self.cure, "applies": list(self.applies), "requires": list(self.requires)}
            return {**head, **own, **shown, **read}
        return {**head, **self._value_as_json(declared)}

    def _value_as_json(self, value: DatedValue) -> dict[str, Any]:
        shown: dict[str, Any] = {"of": value.kind, "about": value.about, "by": list(value.by)}
        shown |= {"unit": value.unit} if value.unit else {}
        shown |= {"declared_by": self.entry.declared_in.pack.pack} if self.entry.declared_in else {}
        gaps = [gap.model_dump(mode="json", by_alias=True) for gap in self.entry.known_gaps_on(self.on)]
        return {
            **shown,
            "rows": [_row_as_json(row, self.readings) for row in self.entry.rows_on(self.on)],
            "not_found": gaps,
        }


class EntrySummary(NamedTuple):
    """A value or control in a list, and the entries of authorities that set it in its place."""

    entry: CatalogueEntry
    overriding: tuple[CatalogueEntry, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        entry = self.entry
        first, last, basis = NOT_SET, "", list(dict.fromkeys(citation.checked_by for citation in entry.citations))
        if self.overriding:
            first, basis = f"set by {', '.join(setting.pack for setting in self.overriding)}", []
        elif entry.first_day:
            first, last = entry.first_day.isoformat(), entry.last_day.isoformat() if entry.last_day else ""
        head = {"id": entry.id, "kind": entry.kind, "pack": entry.pack}
        kinds = [kind for kind in dict.fromkeys(citation.kind for citation in entry.citations) if kind]
        return {**head, "from": first, "to": last, "source_kind": kinds, "basis": basis, "label": entry.label}


class ListedExpiry(NamedTuple):
    """Something dated that ends, and whether that is `coming` or has `ended` as of a day."""

    expiry: Expiry
    state: str

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        expiry = self.expiry
        head = {"last_day": expiry.last_day.isoformat(), "kind": expiry.kind, "id": expiry.id, "for": expiry.applies_to}
        return {**head, "source": expiry.source, "citation": str(expiry.citation), "state": self.state}


class ControlExample(NamedTuple):
    """A worked example that tests a control on a subject."""

    example: str
    file: str
    subject: str
    outcome: str


@dataclass(frozen=True, slots=True)
class ControlExplanation:
    """A control with the facts it uses (by label), the dated values it uses, and its worked examples."""

    view: EntryView
    facts: Mapping[str, str]
    values: tuple[str, ...]
    examples: tuple[ControlExample, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        examples = [example._asdict() for example in self.examples]
        return {**self.view.as_json(), "facts": dict(self.facts), "values": list(self.values), "examples": examples}


def list_entries(library: PackLibrary, entries: Sequence[CatalogueEntry]) -> list[EntrySummary]:
    """Return the summaries of some entries, each with what sets it among all of them."""
    return [EntrySummary(entry, tuple(overriding_entries(entry, entries, library.schemes_using))) for entry in entries]


def view_entry(library: PackLibrary, entry: CatalogueEntry, on: date | None = None) -> EntryView:
    """Return the view of a value or control as of a day."""
    if isinstance(entry.declaration, DatedValue):
        return EntryView(entry, on, readings=library.readings)
    used = _find_control(library, entry)
    if used is None:
        unused = (f"no scheme uses the pack {entry.pack}, so its conditions cannot be shown",)
        return EntryView(entry, on, unused, unused, entry.declaration.cure, library.readings)
    rulebook, control = used
    applies = tuple(condition_lines(applicability_condition(control), rulebook.facts)) or ("always",)
    requires = tuple(condition_lines(control.requires, rulebook.facts))
    cure = _describe_cure(entry.declaration, rulebook.facts)
    return EntryView(entry, on, applies, requires, cure, library.readings)


def _describe_cure(control: ControlDeclaration, facts: FactTable) -> str:
    """Return the cure of a control where no case is judged: choices that hang on another answer are not listed."""

    def describe_choices(match: re.Match[str]) -> str:
        declared = facts[match["fact"]]
        if declared.choices_by:
            return f"choose one that belongs to {facts[declared.choices_by.fact].label}"
        return declared.choice_advice

    return CHOICE_PLACEHOLDER.sub(describe_choices, control.cure.replace("{subject}", f"{control.of}:NAME"))


def explain_entry(library: PackLibrary, entry: CatalogueEntry) -> ControlExplanation | EntryView:
    """Return the explanation of a control, or the view of a value with what was read for each of its rows."""
    is_value = isinstance(entry.declaration, DatedValue)
    return view_entry(library, entry) if is_value else explain_control(library, entry)


def explain_control(library: PackLibrary, entry: CatalogueEntry) -> ControlExplanation:
    """Return the explanation of a control, with the worked examples of every scheme that uses its pack."""
    used = _find_control(library, entry)
    facts = {fact: used[0].facts[fact].label for fact in used[1].facts} if used else {}
    values = tuple(used[1].values) if used else ()
    return ControlExplanation(view_entry(library, entry), facts, values, tuple(_find_examples(library, entry)))


def _find_control(library: PackLibrary, entry: CatalogueEntry) -> tuple[Rulebook, Control] | None:
    """Return a control in the rulebook of the first scheme that uses its pack; None if no scheme does."""
    for name in library.schemes_using(entry.file):
        rulebook = library.scheme(name).rulebook
        return rulebook, rulebook.controls[entry.id]
    return None


def _find_examples(library: PackLibrary, entry: CatalogueEntry) -> Iterator[ControlExample]:
    files = {
        file: data for name in library.schemes_using(entry.file) for file, data in library.example_files(name).items()
    }
    for file, example in read_examples(files):
        for expectation, outcome in example.then.items():
            name, _, subject = expectation.partition("@")
            if name == entry.id:
                yield ControlExample(example.name, file, subject or "case", outcome)


def source_as_json(citation: Citation, on: date, readings: Readings) -> dict[str, Any]:
    """Return what was read for a source, and the link to it as it stood on a day; None and empty without them."""
    reading = readings.find(citation) if citation.basis == "read" else None
    is_nearer = reading is not None and reading.place.startswith(citation.link)
    link = reading.place if reading and is_nearer else citation.link
    return {"reading": reading.as_json() if reading else None, "point_in_time": link_on(link, on)}


def _row_as_json(row: DatedFigure, readings: Readings) -> dict[str, Any]:
    figure = row.figure
    money = {"pence": figure.pence, "vat": figure.vat.code} if isinstance(figure, Money) else {}
    text = figure.isoformat() if isinstance(figure, date) else str(figure)
    return {
        "for": row.choices,
        "figure": figure if isinstance(figure, (bool, int)) else text,
        **money,
        "operator": row.operator,
        "from": row.first.isoformat(),
        "to": row.last.isoformat() if row.last else None,
        "citation": row.citation.model_dump(mode="json"),
        **source_as_json(row.citation, row.first, readings),
    }
