"""`assent scheme facts`: the facts that a paper may state, and those that acts record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from console import output
from console.output_formats import CSV, JSON, TABLE
from console.session import Session, format_option, help_examples, pass_session

if TYPE_CHECKING:
    from rules.authoring.fact_catalogue import FactEntry

_CSV_HEADS = (
    "Fact", "Kind", "Label", "About", "Unit", "Choices", "Of", "Stated by", "Parts", "Recorded by", "Controls", "Gates",
    "Documents",
)  # fmt: skip
_TABLE_HEADS = ("Fact", "Kind", "Part", "Stated by", "Gates", "Documents", "Label")


@click.command(
    short_help="List the facts that a paper may state under SCHEME.",
    epilog=help_examples("assent scheme facts SCHEME --format csv", "assent scheme facts SCHEME estimated_value"),
)
@click.argument("name", metavar="SCHEME")
@click.argument("names", nargs=-1, metavar="[FACT…]")
@format_option(TABLE, JSON, CSV)
@pass_session
def facts(session: Session, name: str, names: tuple[str, ...], output_format: str) -> None:
    """List the facts that a paper may state under SCHEME, and those that acts record.

    Each has its kind, whether it may stand in Part 2, and where it is used. With FACT, those named are shown in full.
    """
    from rules.authoring.fact_catalogue import list_facts, select_facts

    scheme = session.library.scheme_as_typed(name)
    listed = list_facts(scheme)
    if names:
        listed = select_facts(listed, names, scheme)
    if output_format == JSON:
        output.print_json({"scheme": scheme.id, "facts": [entry.as_json() for entry in listed]})
    elif output_format == CSV:
        output.print_rows(_CSV_HEADS, map(_csv_row, listed), CSV, "facts")
    elif names:
        click.echo("\n\n".join(map(_format_in_full, listed)))
    else:
        output.print_rows(_TABLE_HEADS, map(_table_row, listed), TABLE, "facts")


def _table_row(entry: FactEntry) -> tuple[object, ...]:
    return (
        entry.fact, entry.declaration.kind, _format_parts(entry), entry.stated_by, entry.gates,
        list(dict.fromkeys(kind for kind, _ in entry.documents)), entry.declaration.label,
    )  # fmt: skip


def _csv_row(entry: FactEntry) -> tuple[object, ...]:
    declared = entry.declaration
    return (
        entry.fact, declared.kind, declared.label, declared.about, declared.unit or "", list(declared.choices),
        entry.subject_kind, entry.stated_by, entry.parts, entry.recorded_by, entry.controls, entry.gates,
        entry.document_names,
    )  # fmt: skip


def _format_in_full(entry: FactEntry) -> str:
    declared = entry.declaration
    pairs: list[tuple[str, object]] = [
        ("kind", f"{declared.kind}, in {declared.unit.replace('_', ' ')}" if declared.unit else declared.kind),
        ("of", "the case" if entry.subject_kind == "case" else f"each {entry.subject_kind}"),
        ("part", _format_parts(entry)),
        ("stated", f"by the act {', '.join(entry.recorded_by)}" if entry.stated_by == "act" else "in the paper"),
        *([("about", declared.about)] if declared.about else []),
        *(("choice", f"{code}: {label}") for code, label in declared.choices.items()),
        *_format_choice_groups(entry),
        ("controls", ", ".join(entry.controls)),
        ("gates", ", ".join(entry.gates)),
        ("shown in", ", ".join(entry.document_names)),
    ]
    return f"{output.format_line(entry.fact, declared.label)}\n{output.format_pairs(pairs, '  ')}"


def _format_choice_groups(entry: FactEntry) -> Iterator[tuple[str, object]]:
    """Yield a line for each choice of another fact, with the choices that belong to it."""
    if limits := entry.declaration.choices_by:
        for group, choices in entry.choice_groups.items():
            yield f"if {limits.fact} is {group}", ", ".join(choices)


def _format_parts(entry: FactEntry) -> str:
    return " or ".join(map(str, entry.parts))
