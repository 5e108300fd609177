"""`assent law changes`: list what today's packs changed since the packs by which recorded cases were judged."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

import click

from console import output
from console.output_formats import CSV, JSON, TABLE
from console.session import Session, format_option, help_examples, pass_session

if TYPE_CHECKING:
    from workflow.services.law_changes import LawChanges, Releases

COLUMN_HEADS = ("Id", "Kind", "Pack", "Change", "Details", "Clause")


@click.command(
    short_help="List what the packs changed since earlier ones.",
    epilog=help_examples(
        "assent law changes", "assent law changes --since 3f9ab2c41d07", "assent law changes --since 0.1.0"
    ),
)
@click.option(
    "--since",
    metavar="VERSION|DIGEST",
    help="The packs to compare with today's: a release of assent, or their digest or its beginning. [default: list the "
    "packs kept]",
)
@click.option("--scheme", metavar="SCHEME", default="", help="The scheme whose packs of a release are meant.")
@format_option(TABLE, JSON, CSV)
@pass_session
def changes(session: Session, since: str | None, scheme: str, output_format: str) -> None:
    """List the values and controls that today's packs added, removed or changed since earlier packs.

    The store keeps the packs by which its cases were judged. Without --since, they are listed, each with the release of
    assent that shipped it and with what has changed since.

    To see which recorded findings a change would alter: assent law impact
    """
    from workflow.services import law_changes as service

    if since is None:
        kept = service.list_kept_packs(session.library, session.store, _read_releases())
        output.print_items(("Packs", "Scheme", "Release", "Changed"), kept, output_format, "packs")
        return
    found = service.find_law_changes(session.library, session.store, since, _read_releases(), scheme)
    if output_format == JSON:
        output.print_json(found.as_json())
    elif output_format == CSV:
        output.print_items(COLUMN_HEADS, found.changes, output_format, "changes")
    else:
        click.echo(_format_changes(found))


def _read_releases() -> Releases:
    """Return the recorded releases, and the one that is installed."""
    from rules.packs.library import SHIPPED_FOLDER, Library
    from rules.packs.releases import RELEASES_FILE, parse_releases
    from rules.reading.pack_folder import read_beside_packs
    from workflow.services.law_changes import Releases

    recorded = parse_releases(read_beside_packs(SHIPPED_FOLDER, RELEASES_FILE))
    return Releases(recorded, version("assent"), Library.load([]))


def _format_changes(found: LawChanges) -> str:
    """Return each change with its details, and a summary."""
    parts = []
    for change in found.changes:
        head = f"{click.style(change.id, bold=True)}  {change.kind} of {change.pack}: {change.change}"
        pairs = [("" if index else "what", detail) for index, detail in enumerate(change.details)]
        pairs += [("clause", change.clause)] if change.clause else []
        parts.append(f"{head}\n{output.format_pairs(pairs, '  ')}")
    aspects = f" The packs differ in {', '.join(found.aspects)}." if found.aspects else ""
    counted = output.format_count(len(found.changes), "value or control", "values and controls")
    since = f"release {found.release}" if found.release else found.since[:12]
    return "\n\n".join([*parts, f"{counted} changed in {found.scheme} since {since}.{aspects}"])
