"""`assent law export`: the register of the law as JSON or CSV, and its dated values as decision tables of DMN 1.5."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from console import output
from console.output_formats import CSV, JSON
from console.session import Session, format_option, help_examples, pass_session
from rules.proving.catalogue import catalogue_entries
from rules.proving.dmn import find_tables, write_model, write_tests
from rules.proving.register import REGISTER_HEADS, make_register
from rules.values.suggestions import did_you_mean
from rules.values.text import quote

if TYPE_CHECKING:
    from rules.packs.library import Library

DMN, DMN_TESTS = "dmn", "dmn-tests"


@click.command(
    short_help="Write every value and control for other programs.",
    epilog=help_examples(
        "assent law export --format csv > law.csv",
        "assent law export --format dmn > law.dmn",
        "assent law export --pack foia-2000",
    ),
)
@click.option("--pack", metavar="PACK", help="Only values and controls of this pack.")
@format_option(JSON, CSV, DMN, DMN_TESTS)
@pass_session
def export(session: Session, pack: str | None, output_format: str) -> None:
    """Write the register of the law for a spreadsheet or another program.

    As json or csv, each row of a value and each control is one row, with its days in force, figure, operator, source
    and basis.

    As dmn, each value is a decision table of DMN 1.5: the day that governs and the choices that pick the figure give
    the figure, its operator and its VAT basis. As dmn-tests, it is test cases for these tables, in the form of the DMN
    TCK: both sides of each day.
    """
    refuse_unknown_pack(pack, session.library)
    entries = [entry for entry in catalogue_entries(session.library.pack_files) if pack in (None, entry.pack)]
    if output_format in (DMN, DMN_TESTS):
        write = write_model if output_format == DMN else write_tests
        click.echo(write(find_tables(entries)), nl=False)
        return
    rows = [row.as_json() for row in make_register(entries)]
    if output_format == JSON:
        output.print_json({"register": rows})
    else:
        cells = [["" if cell is None else cell for cell in row.values()] for row in rows]
        output.print_rows(REGISTER_HEADS, cells, output_format, "rows")


def refuse_unknown_pack(pack: str | None, library: Library) -> None:
    """Raise `click.UsageError` for the name of a pack that is not there."""
    packs = dict.fromkeys(pack_file.pack.pack for pack_file in library.pack_files)
    if pack is not None and pack not in packs:
        raise click.UsageError(f"{quote(pack, 120)} is not a pack. {did_you_mean(pack, packs)}".strip())
