"""`assent law`: look up and explain every value and control of the law and of schemes.

A value before its first day is not in force: no command ever shows the nearest one instead.
A value that an authority sets is shown with the authority's figure, not with its bare declaration.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from console import output
from console.law_calendar import calendar
from console.law_changes import changes
from console.law_check import check
from console.law_coverage import coverage
from console.law_export import export, refuse_unknown_pack
from console.law_impact import impact
from console.law_readings import format_value, reading_pairs
from console.output_formats import CSV, JSON, TABLE
from console.session import Session, format_option, help_examples, parse_day_option, pass_session
from rules.language.dated_values import DatedFigure, DatedValue, KnownGap
from rules.language.pack_schema import ControlDeclaration
from rules.proving.catalogue import (
    ENTRY_KINDS,
    CatalogueEntry,
    catalogue_entries,
    entries_in_force,
    find_entries,
    overriding_entries,
)
from rules.proving.catalogue_views import NOT_SET, EntryView, explain_entry, list_entries, view_entry
from rules.values.citation import Citation

if TYPE_CHECKING:
    from rules.packs.library import Library
    from rules.packs.pack_file import PackFile


@click.group(epilog=help_examples("assent law show procurement.threshold --on 2018-04-16"))
def law() -> None:
    """Look up the law, check it, and see what a change would alter."""


law.add_command(impact)
law.add_command(changes)
law.add_command(calendar)
law.add_command(check)
law.add_command(coverage)
law.add_command(export)


@law.command(
    "list",
    short_help="List every value and control.",
    epilog=help_examples("assent law list --kind value --pack public-contracts-2015"),
)
@click.option("--pack", metavar="PACK", help="Only values and controls of this pack.")
@click.option("--kind", type=click.Choice(ENTRY_KINDS), help="Only values, or only controls.")
@format_option(TABLE, JSON, CSV)
@pass_session
def list_(session: Session, pack: str | None, kind: str | None, output_format: str) -> None:
    """List every value and control with its pack, the days it is in force, and how its source was checked."""
    entries = list(catalogue_entries(session.library.pack_files))
    refuse_unknown_pack(pack, session.library)
    listed = [
        summary
        for summary in list_entries(session.library, entries)
        if pack in (None, summary.entry.pack) and kind in (None, summary.entry.kind)
    ]
    output.print_items(
        ("Id", "Kind", "Pack", "From", "To", "Source kind", "Basis", "Label"), listed, output_format, "entries"
    )


def _format_day(day: date | None) -> str:
    return day.isoformat() if day else ""


@law.command(
    "show",
    short_help="Show a value or control.",
    epilog=help_examples("assent law show procurement.threshold --on 2018-04-16"),
)
@click.argument("name", metavar="ID")
@click.option("--on", "on", metavar="DAY", help="Only what is in force on this day. [default: the whole history]")
@format_option(TABLE, JSON)
@pass_session
def show_(session: Session, name: str, on: str | None, output_format: str) -> None:
    """Show the value or control ID of each pack: figures, days in force, citations.

    If an authority sets the value, its figure is shown.

    To see the ids: assent law list
    """
    day = parse_day_option(on)
    named = find_entries(list(catalogue_entries(session.library.pack_files)), name)
    entries = entries_in_force(
        [entry for entry in named if not overriding_entries(entry, named, session.library.schemes_using)], day
    )
    views = [view_entry(session.library, entry, day) for entry in entries]
    if output_format == JSON:
        shown = [view.as_json() for view in views]
        output.print_json({"id": name, "on": day and day.isoformat(), "entries": shown})
        return
    click.echo("\n\n".join(_format_entry(session.library, view) for view in views))


def _format_entry(library: Library, view: EntryView) -> str:
    """Return an entry for people to read."""
    entry = view.entry
    title = click.style(entry.id, bold=True)
    head = f"{title}  {entry.kind} of {_format_pack_title(entry.declared_in or entry.pack_file)}"
    if isinstance(entry.declaration, DatedValue):
        return f"{head}\n{_format_value_entry(library, entry, entry.declaration, view.on)}"
    return f"{head}\n{output.format_pairs(_control_pairs(view, entry.declaration), '  ')}"


def _format_pack_title(pack_file: PackFile) -> str:
    return f"{pack_file.pack.title} ({pack_file.pack.pack})"


def _describe_overriding_pack(library: Library, entry: CatalogueEntry) -> str:
    """Return the pack that sets a value declared by another; empty if the value has one pack."""
    if not entry.declared_in:
        return ""
    unused = "" if library.schemes_using(entry.file) else ", which no scheme uses, so it has no effect"
    return f"{_format_pack_title(entry.pack_file)}{unused}"


def _format_value_entry(library: Library, entry: CatalogueEntry, value: DatedValue, on: date | None) -> str:
    descriptions = [
        ("label", value.label), ("about", value.about), ("by", ", ".join(value.by)),
        ("set by", _describe_overriding_pack(library, entry))
    ]  # fmt: skip
    pairs = [(label, text) for label, text in descriptions if text]
    rows = entry.rows_on(on)
    if not rows:
        return output.format_pairs([*pairs, ("figure", NOT_SET)], "  ")
    heads = ("For", "Figure", "Operator", "From", "To", "Basis", "Provision")
    table = output.format_table(heads, [_value_row_cells(value, row) for row in rows])
    sources = dict.fromkeys(_format_source(row.citation) for row in rows)
    notes = dict.fromkeys(row.citation.note for row in rows if row.citation.note)
    gaps = (("not found", _format_gap(gap)) for gap in entry.known_gaps_on(on))
    below = [*(("source", source) for source in sources), *(("note", note) for note in notes), *gaps]
    return "\n\n".join([output.format_pairs(pairs, "  "), table, output.format_pairs(below, "  ")])


def _format_gap(gap: KnownGap) -> str:
    choices = f"for {', '.join(gap.choices.values())}, " if gap.choices else ""
    return f"{choices}from {gap.first.isoformat()} to {gap.last.isoformat()}: {gap.why}"


def _value_row_cells(value: DatedValue, row: DatedFigure) -> tuple[str, ...]:
    return (
        ", ".join(row.choices.values()) or "all", value.format_figure(row.figure),
        (row.operator or "").replace("_", " "),
        row.first.isoformat(), _format_day(row.last) or "open", row.citation.checked_by, row.citation.provision,
    )  # fmt: skip


def _format_source(citation: Citation) -> str:
    return f"{citation.labelled_instrument} <{citation.link}>" if citation.link else citation.labelled_instrument


def _format_clause(citation: Citation) -> str:
    link = f" <{citation.link}>" if citation.link else ""
    note = f" – {citation.note}" if citation.note else ""
    return f"{citation.labelled_instrument}, {citation.provision}{link}{note}"


def _control_pairs(view: EntryView, control: ControlDeclaration) -> Iterator[tuple[str, object]]:
    yield "requires", control.requirement
    yield "wrong", control.wrong
    yield "cure", view.cure
    yield "of", "the case" if control.of == "case" else f"each {control.of}"
    yield from _labelled_lines("applies", view.applies)
    yield from _labelled_lines("requires that", view.requires)
    yield "gates", ", ".join(control.gates)
    yield "severity", f"{control.severity}{_WHERE_CITED}" if view.entry.blocks_only_where_cited else control.severity
    yield "in force", _format_period(control)
    yield "governed by", control.governed_by
    yield "clause", _format_clause(control.citation)
    yield "basis", control.citation.checked_by


def _format_period(control: ControlDeclaration) -> str:
    first, last = control.in_force.first.isoformat(), _format_day(control.in_force.last)
    return f"from {first} to {last}" if last else f"from {first}"


@law.command(
    short_help="Explain a control or value in full.",
    epilog=help_examples("assent law explain procurement.route_stated", "assent law explain foia.lapse_years"),
)
@click.argument("name", metavar="ID")
@format_option(TABLE, JSON)
@pass_session
def explain(session: Session, name: str, output_format: str) -> None:
    """Explain a control or value: what it says, and the words at the source that it turns on, with the day of reading.

    For a control: what it requires, which facts it uses, when it applies, and its worked examples. For a value: each of
    its figures. Each source has a link to the law as it stood on the first day.
    """
    entries = find_entries(list(catalogue_entries(session.library.pack_files)), name)
    shown = [explain_entry(session.library, entry).as_json() for entry in entries]
    if output_format == JSON:
        output.print_json({"id": name, "control": name, "entries": shown})
    else:
        formatted = (format_value(each) if each["kind"] == "value" else _format_explanation(each) for each in shown)
        click.echo("\n\n".join(formatted))


def _format_explanation(explanation: dict[str, Any]) -> str:
    """Return the explanation of a control in sentences."""
    # Not `model_validate`: the data is JSON already, in which days are text.
    cited = Citation.model_validate_json(json.dumps(explanation["citation"]))
    of = "the case" if explanation["of"] == "case" else f"each {explanation['of']}"
    period = explanation["in_force"]
    days = f"From {period['from']}" + (f" to {period['to']}" if period["to"] else "")
    gates = ", ".join(explanation["gates"])
    where = _WHERE_CITED if explanation["blocks_only_where_cited"] else ""
    breach = (
        f"blocks {gates}{where}"
        if explanation["severity"] == "blocking"
        else f"is a warning at {gates}, and blocks nothing"
    )
    examples = [f"{example['outcome'].replace('_', ' ')}: {example['example']}" for example in explanation["examples"]]
    pairs = [
        ("Requirement", f"{explanation['requirement']} It applies to {of}."),
        ("Source", _format_clause(cited)),
        *reading_pairs(explanation, _BASIS_NOTES[cited.basis]),
        ("In force", f"{days}. The day that counts is {explanation['governed_by']}."),
        *_labelled_lines("Applies if", explanation["applies"]),
        *_labelled_lines("Requires that", explanation["requires"]),
        ("If it fails", f"{explanation['wrong']} A breach {breach}."),
        ("Cure", explanation["cure"]),
        *_labelled_lines("Facts", [f"{fact}: {label}" for fact, label in explanation["facts"].items()]),
        *_labelled_lines("Values", explanation["values"]),
        *_labelled_lines("Examples", examples),
    ]
    return f"{click.style(explanation['id'], bold=True)}  of {explanation['pack']}\n{output.format_pairs(pairs, '  ')}"


_WHERE_CITED = " for an authority whose own source asks for it, and is a warning elsewhere"
_BASIS_NOTES = {
    "read": "The text itself was read.",
    "secondary": "A secondary source was read, not the text itself.",
    "unverified": "The source has not been checked.",
}


def _labelled_lines(label: str, lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield lines as pairs, with the label at the first one only."""
    for index, line in enumerate(lines):
        yield ("" if index else label), line
