"""`assent scheme schema`: the JSON Schema of each kind of file, for editors."""

from __future__ import annotations

from pathlib import Path

import click

from console import output
from console.output_formats import CSV, JSON, TABLE
from console.session import OutputPath, Session, format_option, help_examples, pass_session
from console.written_files import write_text_files
from rules.errors import InputError


@click.command(
    short_help="Print the JSON Schema of a KIND of file, or write all of them.",
    epilog=help_examples("assent scheme schema pack", "assent scheme schema -o schemas"),
)
@click.argument("kind", required=False, default="", metavar="[KIND]")
@click.option(
    "-o", "--output", "folder", type=OutputPath(), metavar="FOLDER", help="Write every schema into this folder."
)
@format_option(TABLE, JSON, CSV)
@pass_session
def schema(session: Session, kind: str, folder: Path | None, output_format: str) -> None:
    """Print the JSON Schema of a KIND of file: pack, scheme, examples or days. Without KIND, list the kinds.

    An editor that knows JSON Schema completes and checks a YAML file whose first line names its schema:

    \b
      # yaml-language-server: $schema=../../schemas/scheme.schema.json
    """  # noqa: D301  # the backspace is what click looks for before lines that are not to be wrapped
    from rules.authoring.file_kinds import FILE_KINDS, MODELINE, file_kind
    from rules.authoring.json_schema import file_schema, format_schema

    del session  # the schemas are of every pack, whatever --packs gives
    if kind and folder is not None:
        raise InputError("-o writes the schemas of all kinds", "Leave out KIND, or leave out -o.")
    if kind:
        output.print_json(file_schema(file_kind(kind)))
    elif folder is not None:
        write_text_files(folder, {each.schema_file: format_schema(file_schema(each)) for each in FILE_KINDS.values()})
        output.print_rows(
            ("Kind", "Path"),
            [(each.name, str(folder / each.schema_file)) for each in FILE_KINDS.values()],
            output_format,
            "schemas",
        )
        if output_format == TABLE:
            click.echo(f"\nBegin a file with: {MODELINE}PATH, where PATH leads to its schema from the file.")
    else:
        listed = [tuple(each.as_json().values()) for each in FILE_KINDS.values()]
        output.print_rows(("Kind", "Files", "Holds", "Schema file"), listed, output_format, "kinds")
