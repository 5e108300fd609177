"""`assent law`: every value and control of the law and of schemes, looked up and explained."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from console import output
from console.law_calendar import calendar
from console.law_check import check
from console.law_impact import impact
from console.session import CSV, JSON, TABLE, Session, format_option, help_examples, parse_day_option, pass_session
from rules.language.dated_values import DatedFigure, DatedValue, KnownGap
from rules.language.pack_schema import ControlDeclaration
from rules.proving.catalogue import (
    ENTRY_KINDS,
    CatalogueEntry,
    applicability_condition,
    catalogue_entries,
    condition_lines,
    entries_in_force,
    find_entries,
    overriding_entries,
)
from rules.values.citation import Citation
from rules.values.money import Money
from rules.values.suggestions import did_you_mean
from rules.values.text import quote

if TYPE_CHECKING:
    from rules.judging.rulebook import Control, Rulebook
    from rules.packs.library import Library
    from rules.packs.linker import PackFile

NOT_SET = "declared, not set"


@click.group(epilog=help_examples("assent law show procurement.threshold --on 2018-04-16"))
def law() -> None:
    """Values and requirements of the law and of schemes, with their citations."""


law.add_command(impact)
law.add_command(calendar)
law.add_command(check)


@law.command(
    "list",
    short_help="List every value and control.",
    epilog=help_examples("assent law list --kind value --pack public-contracts-2015"),
)
@click.option("--pack", metavar="PACK", help="Only what this pack declares.")
@click.option("--kind", type=click.Choice(ENTRY_KINDS), help="Only values, or only controls.")
@format_option(TABLE, JSON, CSV)
@pass_session
def list_(session: Session, pack: str | None, kind: str | None, output_format: str) -> None:
    """List every value and control, with its pack, its days in force and how well its source was checked."""
    found = list(catalogue_entries(session.library.pack_files))
    _refuse_unknown_pack(pack, session.library)
    kept = [entry for entry in found if pack in (None, entry.pack) and kind in (None, entry.kind)]
    heads = ("Id", "Kind", "Pack", "From", "To", "Basis", "Label")
    listed = [_entry_row(entry, overriding_entries(entry, found, session.library.schemes_using)) for entry in kept]
    output.print_rows(heads, listed, output_format, "entries")


def _refuse_unknown_pack(pack: str | None, library: Library) -> None:
    packs = dict.fromkeys(part.pack.pack for part in library.pack_files)
    if pack is not None and pack not in packs:
        raise click.UsageError(f"{quote(pack, 120)} is not a pack. {did_you_mean(pack, packs)}".strip())


def _entry_row(entry: CatalogueEntry, overriding_entries: Sequence[CatalogueEntry]) -> tuple[object, ...]:
    head = entry.id, entry.kind, entry.pack
    if overriding_entries:
        return (*head, f"set by {', '.join(one.pack for one in overriding_entries)}", "", [], entry.label)
    first = entry.first_day.isoformat() if entry.first_day else NOT_SET
    bases = list(dict.fromkeys(citation.basis for citation in entry.citations))
    return (*head, first, _format_day(entry.last_day), bases, entry.label)


def _format_day(value: date | None) -> str:
    return value.isoformat() if value else ""


@law.command(
    "show",
    short_help="Show the value or control ID as each pack has it.",
    epilog=help_examples("assent law show procurement.threshold --on 2018-04-16"),
)
@click.argument("name", metavar="ID")
@click.option("--on", "on", metavar="DAY", help="Only what is in force on this day. [default: the whole history]")
@format_option(TABLE, JSON)
@pass_session
def show_(session: Session, name: str, on: str | None, output_format: str) -> None:
    """Show the value or control ID as each pack has it: figures, days in force, citations.

    Where an authority sets a value, what it sets is shown, and by whom, not that it was declared without a figure.
    """
    asked = parse_day_option(on)
    named = find_entries(list(catalogue_entries(session.library.pack_files)), name)
    found = entries_in_force(
        [one for one in named if not overriding_entries(one, named, session.library.schemes_using)], asked
    )
    told = [_entry_as_json(session.library, entry, asked) for entry in found]
    if output_format == JSON:
        output.print_json({"id": name, "on": asked and asked.isoformat(), "entries": told})
        return
    click.echo("\n\n".join(_format_entry(session.library, entry, asked) for entry in found))


def _entry_as_json(library: Library, entry: CatalogueEntry, on: date | None) -> dict[str, Any]:
    """An entry in the form that other programs read."""
    head = {"id": entry.id, "kind": entry.kind, "pack": entry.pack, "label": entry.label}
    declared = entry.declaration
    if isinstance(declared, DatedValue):
        rows = [_value_row_as_json(row) for row in entry.rows_on(on)]
        holes = [hole.model_dump(mode="json", by_alias=True) for hole in entry.known_gaps_on(on)]
        value = {"of": declared.kind, "about": declared.about, "by": list(declared.by)}
        value |= {"unit": declared.unit} if declared.unit else {}
        value |= {"declared_by": entry.declared_in.pack.pack} if entry.declared_in else {}
        return {**head, **value, "rows": rows, "not_found": holes}
    own = declared.model_dump(mode="json", by_alias=True, exclude={"when", "requires", "unless"})
    return {**head, **own, "applies": _applies_lines(library, entry), "requires": _requires_lines(library, entry)}


def _value_row_as_json(row: DatedFigure) -> dict[str, Any]:
    money = {"pence": row.figure.pence, "vat": row.figure.vat.code} if isinstance(row.figure, Money) else {}
    return {
        "for": row.choices,
        "figure": row.figure if isinstance(row.figure, (bool, int)) else _format_figure(row.figure),
        **money,
        "operator": row.operator,
        "from": row.first.isoformat(),
        "to": _format_day(row.last) or None,
        "citation": row.citation.model_dump(),
    }


def _format_figure(figure: object) -> str:
    return figure.isoformat() if isinstance(figure, date) else str(figure)


def _format_entry(library: Library, entry: CatalogueEntry, on: date | None) -> str:
    """An entry in the form that people read."""
    title = click.style(entry.id, bold=True)
    head = f"{title}  {entry.kind} of {_format_pack_title(entry.declared_in or entry.pack_file)}"
    if isinstance(entry.declaration, DatedValue):
        return f"{head}\n{_format_value_entry(library, entry, entry.declaration, on)}"
    return f"{head}\n{output.format_pairs(_control_pairs(library, entry, entry.declaration), '  ')}"


def _format_pack_title(pack_file: PackFile) -> str:
    return f"{pack_file.pack.title} ({pack_file.pack.pack})"


def _describe_overriding_pack(library: Library, entry: CatalogueEntry) -> str:
    """Which pack sets a value that another declares; empty where it is its own."""
    if not entry.declared_in:
        return ""
    untaken = "" if library.schemes_using(entry.file) else ", which no scheme takes, so that it does not count"
    return f"{_format_pack_title(entry.pack_file)}{untaken}"


def _format_value_entry(library: Library, entry: CatalogueEntry, value: DatedValue, on: date | None) -> str:
    said = [
        ("label", value.label), ("about", value.about), ("by", ", ".join(value.by)),
        ("set by", _describe_overriding_pack(library, entry))
    ]  # fmt: skip
    pairs = [(label, words) for label, words in said if words]
    rows = entry.rows_on(on)
    if not rows:
        return output.format_pairs([*pairs, ("figure", NOT_SET)], "  ")
    heads = ("For", "Figure", "Operator", "From", "To", "Basis", "Provision")
    listed = [_value_row_cells(value, row) for row in rows]
    sources = dict.fromkeys(_format_source(row.citation) for row in rows)
    notes = dict.fromkeys(row.citation.note for row in rows if row.citation.note)
    holes = (("not found", _format_gap(hole)) for hole in entry.known_gaps_on(on))
    below = [*(("source", source) for source in sources), *(("note", note) for note in notes), *holes]
    return "\n\n".join(
        [output.format_pairs(pairs, "  "), output.format_table(heads, listed), output.format_pairs(below, "  ")]
    )


def _format_gap(gap: KnownGap) -> str:
    whom = f"for {', '.join(gap.choices.values())}, " if gap.choices else ""
    return f"{whom}from {gap.first.isoformat()} to {gap.last.isoformat()}: {gap.why}"


def _value_row_cells(value: DatedValue, row: DatedFigure) -> tuple[str, ...]:
    return (
        ", ".join(row.choices.values()) or "all", value.format_figure(row.figure),
        (row.operator or "").replace("_", " "),
        row.first.isoformat(), _format_day(row.last) or "open", row.citation.basis, row.citation.provision,
    )  # fmt: skip


def _format_source(citation: Citation) -> str:
    return f"{citation.instrument} <{citation.link}>" if citation.link else citation.instrument


def _format_clause(citation: Citation) -> str:
    link = f" <{citation.link}>" if citation.link else ""
    note = f" – {citation.note}" if citation.note else ""
    return f"{citation.instrument}, {citation.provision}{link}{note}"


def _control_pairs(
    library: Library, entry: CatalogueEntry, control: ControlDeclaration
) -> Iterator[tuple[str, object]]:
    yield "requires", control.requirement
    yield "wrong", control.wrong
    yield "cure", control.cure
    yield "of", "the case" if control.of == "case" else f"each {control.of}"
    for place, line in enumerate(_applies_lines(library, entry)):
        yield "" if place else "applies", line
    for place, line in enumerate(_requires_lines(library, entry)):
        yield "" if place else "asks that", line
    yield "gates", ", ".join(control.gates)
    yield "severity", control.severity
    yield "in force", _format_period(control)
    yield "by the day", control.governed_by
    yield "clause", _format_clause(control.citation)
    yield "basis", control.citation.basis


def _format_period(control: ControlDeclaration) -> str:
    first, last = control.in_force.first.isoformat(), _format_day(control.in_force.last)
    return f"from {first} to {last}" if last else f"from {first}"


def _find_control(library: Library, entry: CatalogueEntry) -> tuple[Rulebook, Control] | None:
    """A control as the first scheme that takes its pack reads it; None where none does."""
    for name in library.schemes_using(entry.pack_file.source.name):
        book = library.scheme(name).rulebook
        return book, book.controls[entry.id]
    return None


def _applies_lines(library: Library, entry: CatalogueEntry) -> list[str]:
    read = _find_control(library, entry)
    return (
        list(condition_lines(applicability_condition(read[1]), read[0].facts)) or ["always"]
        if read
        else _unused_pack_lines(entry)
    )


def _requires_lines(library: Library, entry: CatalogueEntry) -> list[str]:
    read = _find_control(library, entry)
    return list(condition_lines(read[1].requires, read[0].facts)) if read else _unused_pack_lines(entry)


def _unused_pack_lines(entry: CatalogueEntry) -> list[str]:
    return [f"no scheme takes the pack {entry.pack}, so that its conditions are not read"]


@law.command(short_help="Explain CONTROL in full.", epilog=help_examples("assent law explain procurement.route_stated"))
@click.argument("control")
@format_option(TABLE, JSON)
@pass_session
def explain(session: Session, control: str, output_format: str) -> None:
    """Explain CONTROL in full: what it asks, of which facts, when, why, and which worked examples prove it."""
    found = find_entries(list(catalogue_entries(session.library.pack_files)), control, "control")
    told = [_explanation_as_json(session.library, entry) for entry in found]
    if output_format == JSON:
        output.print_json({"control": control, "entries": told})
    else:
        click.echo("\n\n".join(map(_format_explanation, told)))


def _explanation_as_json(library: Library, entry: CatalogueEntry) -> dict[str, Any]:
    """A control, the facts and values that it asks, and its examples."""
    read = _find_control(library, entry)
    facts = {fact: read[0].facts[fact].label for fact in read[1].facts} if read else {}
    values = list(read[1].values) if read else []
    proofs = list(_find_examples(library, entry))
    return {**_entry_as_json(library, entry, None), "facts": facts, "values": values, "examples": proofs}


def _find_examples(library: Library, entry: CatalogueEntry) -> Iterator[dict[str, str]]:
    """The worked examples that ask about a control: name, subject and outcome."""
    from rules.packs.example_schema import read_examples

    files = {file: data for name in library.schemes_using(entry.pack_file.source.name)
             for file, data in library.example_files(name).items()}  # fmt: skip
    for file, example in read_examples(files):
        for asked, outcome in example.then.items():
            name, _, subject = asked.partition("@")
            if name == entry.id:
                yield {"example": example.name, "file": file, "subject": subject or "case", "outcome": outcome}


def _format_explanation(explanation: dict[str, Any]) -> str:
    """A control in sentences."""
    cited = Citation.model_validate(explanation["citation"])
    of = "the case" if explanation["of"] == "case" else f"each {explanation['of']}"
    period = explanation["in_force"]
    days = f"from {period['from']}" + (f" to {period['to']}" if period["to"] else "")
    weight = "keeps the gate shut" if explanation["severity"] == "blocking" else "is a warning, and shuts no gate"
    pairs = [
        ("It requires", f"{explanation['requirement']} It is asked of {of}."),
        ("Its source", _format_clause(cited)),
        ("", _BASIS_NOTES[cited.basis]),
        ("Its days", f"In force {days}, by the day in {explanation['governed_by']}."),
        *_labelled_lines("It applies", explanation["applies"]),
        *_labelled_lines("It asks that", explanation["requires"]),
        ("Where not", f"{explanation['wrong']} A breach {weight}: {', '.join(explanation['gates'])}."),
        ("The cure", explanation["cure"]),
        *_labelled_lines("Its facts", [f"{fact}: {label}" for fact, label in explanation["facts"].items()]),
        *_labelled_lines("Its values", explanation["values"]),
        *_labelled_lines(
            "Its proof", [f"{one['outcome'].replace('_', ' ')}: {one['example']}" for one in explanation["examples"]]
        ),
    ]
    return f"{click.style(explanation['id'], bold=True)}  of {explanation['pack']}\n{output.format_pairs(pairs, '  ')}"


_BASIS_NOTES = {
    "read": "The text itself was read.",
    "secondary": "An account of the text was read, not the text itself.",
    "unverified": "It was not verified.",
}


def _labelled_lines(label: str, lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for place, line in enumerate(lines):
        yield ("" if place else label), line
