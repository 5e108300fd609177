"""`assent scheme new`: a starter authority in a new folder."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from console import output
from console.output_formats import JSON, TABLE
from console.session import Session, format_option, help_examples, pass_session
from console.written_files import refuse_used_folder, write_text_files
from rules.values.text import replace_unprintable


@click.command(
    short_help="Write a starter authority into FOLDER.",
    epilog=help_examples("assent scheme new wexcombe", 'assent scheme new packs --name "Wexcombe Council" --short WC'),
)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--name", default="", metavar="NAME", help="The authority's name. [default: that of FOLDER]")
@click.option("--short", default="", metavar="SHORT", help="Its short name, with which case numbers begin.")
@format_option(TABLE, JSON)
@pass_session
def new(session: Session, folder: Path, name: str, short: str, output_format: str) -> None:
    """Write a starter authority into FOLDER, which must be new or empty.

    It is a small authority that works: a law with a dated figure, rules, stages, a document and worked examples, each
    with comments. Change it step by step, and prove it as you go.
    """
    from rules.authoring.data_files import read_starter_templates
    from rules.authoring.starter import build_starter, choose_names

    refuse_used_folder(folder)
    names = choose_names(name, short, folder.resolve().name, session.library.schemes())
    starter = build_starter(names, read_starter_templates())
    write_text_files(folder, starter.files)
    if output_format == JSON:
        output.print_json({"folder": str(folder), **starter.as_json()})
        return
    place = replace_unprintable(str(folder))
    click.echo(f"Wrote the scheme {names.scheme} ({names.name}) into {place}:\n")
    click.echo("\n".join(f"  {file}" for file in starter.files))
    click.echo(_describe_next_steps(shlex.quote(place), names.scheme))


def _describe_next_steps(place: str, scheme: str) -> str:
    """Return what to do with a new authority, as commands that can be copied."""
    assent = f"assent --packs {place}"
    return "\n".join(
        (
            "\nProve it, now and after each change:",
            f"  {assent} scheme check {scheme}",
            "\nSee its stages, and the facts that its papers may state:",
            f"  {assent} scheme show {scheme}",
            f"  {assent} scheme facts {scheme}",
            "\nTry it with a case:",
            f"  {assent} init",
            f'  {assent} officer add "A. Author" --role author --scheme {scheme}',
            f"  {assent} case open {place}/example-paper.yaml --scheme {scheme} --as a-author",
            "\nThen make it your own: docs/how-to/write-an-authority.md goes through it step by step.",
        )
    )
