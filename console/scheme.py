"""`assent scheme`: an authority's stages, actions and rules, and the proof that they hold together."""

from __future__ import annotations

from pathlib import Path

import click

from console import output
from console.proof_progress import verify_schemes
from console.session import CSV, JSON, TABLE, Session, format_option, help_examples, pass_session


@click.group(epilog=help_examples("assent scheme show SCHEME"))
def scheme() -> None:
    """An authority's stages, actions and rules."""


@scheme.command("list", epilog=help_examples("assent scheme list"))
@format_option(TABLE, JSON, CSV)
@pass_session
def list_(session: Session, output_format: str) -> None:
    """List the schemes that there are."""
    known = [session.library.scheme(name) for name in session.library.schemes()]
    listed = [
        (s.id, s.declaration.short, len(s.declaration.stages), len(s.rulebook.controls), s.declaration.name)
        for s in known
    ]
    output.print_rows(("Scheme", "Short", "Stages", "Controls", "Name"), listed, output_format, "schemes")


@scheme.command(
    "show", short_help="Show the stages and actions of SCHEME.", epilog=help_examples("assent scheme show SCHEME")
)
@click.argument("name", metavar="SCHEME")
@format_option(TABLE, JSON)
@pass_session
def show_(session: Session, name: str, output_format: str) -> None:
    """Show the stages and actions of SCHEME: who may do what, through which gate, stating what."""
    from rules.packs.digests import compute_digests

    found, digests = session.library.scheme(name), compute_digests(session.library.bundle(name)).as_json()
    if output_format == JSON:
        shown = found.declaration.model_dump(
            mode="json", include={"scheme", "name", "short", "about", "roles", "stages", "actions"}
        )
        packs = {"packs": found.rulebook.digest, "digests": digests}
        output.print_json({**shown, **packs, "controls": list(found.rulebook.controls)})
        return
    text = found.declaration
    click.echo(
        output.format_pairs(
            [
                ("scheme", f"{text.name} ({text.short})"),
                ("about", text.about),
                ("from", text.citation),
                ("packs", found.rulebook.digest),
                *((f"{aspect} digest", digest) for aspect, digest in digests.items()),
            ]
        )
    )
    click.echo("")
    listed = [
        [
            text.stages[action.stage].label,
            key,
            action.gate,
            ", ".join(action.who),
            text.stages[action.to].label,
            ", ".join(action.asks) or "–",
        ]
        for key, action in text.actions.items()
    ]
    click.echo(output.format_table(("Stage", "Action", "Gate", "Who", "Leads to", "States"), listed))


@scheme.command(
    short_help="Prove every scheme by its worked examples.",
    epilog=help_examples("assent scheme check", "assent scheme check my-packs"),
)
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@format_option(TABLE, JSON)
@pass_session
def check(session: Session, folder: Path | None, output_format: str) -> None:
    """Prove every scheme: that its parts fit together, that its worked examples come out as they say, and that one
    stands on each side of every boundary that a figure or a day of the law makes.

    With FOLDER, its packs are taken with those that are shipped. Every fault is listed, with file, line and key. A pack
    of it that no scheme takes is read by itself, and named.
    """
    from rules.packs.library import Library

    library = Library.load_unchecked([*session.pack_folders, folder], session.pack_cache) if folder else session.library
    listed = [
        (name, len(library.scheme(name).rulebook.controls), proof.example_count, "sound")
        for name, proof in verify_schemes(library).items()
    ]
    output.print_rows(("Scheme", "Controls", "Examples", "Verdict"), listed, output_format, "schemes")


@scheme.command(epilog=help_examples("assent scheme diagram SCHEME > stages.mmd"))
@click.argument("name", metavar="SCHEME")
@format_option(TABLE, JSON)
@pass_session
def diagram(session: Session, name: str, output_format: str) -> None:
    """Print the stages of SCHEME as a Mermaid state diagram."""
    from decisions.documents.stage_diagram import mermaid_diagram

    drawn = mermaid_diagram(session.library.scheme(name))
    if output_format == JSON:
        output.print_json({"scheme": name, "mermaid": drawn})
    else:
        click.echo(drawn)
