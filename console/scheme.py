"""`assent scheme`: an authority's stages, actions and rules, and the proof that they hold together."""

from __future__ import annotations

from pathlib import Path

import click

from console import show
from console.proof_progress import proved
from console.session import CSV, JSON, TABLE, Session, examples, in_session, reads


@click.group(epilog=examples("assent scheme show SCHEME"))
def scheme() -> None:
    """An authority's stages, actions and rules."""


@scheme.command("list", epilog=examples("assent scheme list"))
@reads(TABLE, JSON, CSV)
@in_session
def list_(session: Session, form: str) -> None:
    """List the schemes that there are."""
    known = [session.library.scheme(name) for name in session.library.schemes()]
    listed = [(s.id, s.text.short, len(s.text.stages), len(s.rulebook.controls), s.text.name) for s in known]
    show.rows(("Scheme", "Short", "Stages", "Controls", "Name"), listed, form, "schemes")


@scheme.command(
    "show", short_help="Show the stages and actions of SCHEME.", epilog=examples("assent scheme show SCHEME")
)
@click.argument("name", metavar="SCHEME")
@reads(TABLE, JSON)
@in_session
def show_(session: Session, name: str, form: str) -> None:
    """Show the stages and actions of SCHEME: who may do what, through which gate, stating what."""
    found = session.library.scheme(name)
    if form == JSON:
        shown = found.text.model_dump(
            mode="json", include={"scheme", "name", "short", "about", "roles", "stages", "actions"}
        )
        show.as_json({**shown, "packs": found.rulebook.digest, "controls": list(found.rulebook.controls)})
        return
    text = found.text
    click.echo(
        show.labelled(
            [
                ("scheme", f"{text.name} ({text.short})"),
                ("about", text.about),
                ("from", text.citation),
                ("packs", found.rulebook.digest),
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
    click.echo(show.table(("Stage", "Action", "Gate", "Who", "Leads to", "States"), listed))


@scheme.command(
    short_help="Prove every scheme by its worked examples.",
    epilog=examples("assent scheme check", "assent scheme check my-packs"),
)
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@reads(TABLE, JSON)
@in_session
def check(session: Session, folder: Path | None, form: str) -> None:
    """Prove every scheme: that its parts fit together, that its worked examples come out as they say, and that one
    stands on each side of every boundary that a figure or a day of the law makes.

    With FOLDER, its packs are taken with those that are shipped. Every fault is listed, with file, line and key. A pack
    of it that no scheme takes is read by itself, and named.
    """
    from rules.packs.library import Library

    library = Library.unchecked([*session.packs, folder], session.shelf) if folder else session.library
    listed = [
        (name, len(library.scheme(name).rulebook.controls), proof.examples, "sound")
        for name, proof in proved(library).items()
    ]
    show.rows(("Scheme", "Controls", "Examples", "Verdict"), listed, form, "schemes")


@scheme.command(epilog=examples("assent scheme diagram SCHEME > stages.mmd"))
@click.argument("name", metavar="SCHEME")
@reads(TABLE, JSON)
@in_session
def diagram(session: Session, name: str, form: str) -> None:
    """Print the stages of SCHEME as a Mermaid state diagram."""
    from decisions.documents.diagram import mermaid

    drawn = mermaid(session.library.scheme(name))
    if form == JSON:
        show.as_json({"scheme": name, "mermaid": drawn})
    else:
        click.echo(drawn)
