"""`assent ledger`: check that the record is unchanged, print its head, back it up, and upgrade an older store.

Verification reads everything and changes nothing. An upgrade changes no entry.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

import click

from console import output, verification_errors
from console.output_formats import JSON, TABLE
from console.session import InputPath, OutputPath, Session, format_option, help_examples, pass_session
from rules.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from rules.packs.library import Library

HEAD_PATTERN = re.compile(r"[0-9a-f]{64}", re.ASCII)


@click.group(epilog=help_examples("assent ledger verify --replay"))
def ledger() -> None:
    """Check the record, print its head (the last seal), back it up, and upgrade an older store."""


@ledger.command(
    short_help="Check that nothing in the record was altered.",
    epilog=help_examples('assent ledger verify --replay --against "$(cat head.txt)"'),
)
@click.option("--against", metavar="HEAD", help="A head you saved earlier. It must still be in the ledger.")
@click.option("--since", metavar="HEAD", help="A head up to which you verified. Only what came after it is read.")
@click.option("--replay", is_flag=True, help="Also re-check every ruling with the packs and facts of its day.")
@format_option(TABLE, JSON)
@pass_session
def verify(session: Session, against: str | None, since: str | None, replay: bool, output_format: str) -> None:
    """Check every seal, every confidential text (Part 2) and every index.

    Exits with 7 if anything was altered.

    With --since, it goes on from a head that an earlier check printed: it checks that this entry is still there, and
    all that was recorded after it. What was altered before it is found by a check of everything: do one now and then.
    """
    from workflow.services import verification

    heads = _parse_head(against, "--against"), _parse_head(since, "--since")
    with verification_errors.report_failed_verification(output_format):
        result = verification.verify_ledger(session.services, heads[0], with_replay=replay, since=heads[1])
    foreign = verification.find_foreign_packs(session.services.store, result.pack_digests, _shipped_library())
    if output_format == JSON:
        aspects = {name: list(foreign[name]) for name in foreign}
        output.print_json({**result.as_json(), "packs_not_shipped": list(foreign), "packs_differ_in": aspects})
        return
    after = f" after entry {result.since}" if result.since else ""
    are = "is" if result.entries == 1 else "are"
    entries = f"{output.format_count(result.entries, 'entry', 'entries')}{after} {are} intact."
    rulings = f" {output.format_count(result.rulings, 'ruling')} gave the same result." if replay else ""
    click.echo(entries + rulings)
    for note in result.notes:
        click.echo(f"Look into this: {note}.")
    for digest, aspects_changed in foreign.items():
        click.echo(f"Some rulings used packs that are not part of this version: {digest}")
        if aspects_changed:
            click.echo(f"  They differ in {' and '.join(aspects_changed)}.")
    click.echo(f"Head: {result.head}")


def _shipped_library() -> Library:
    """Return the shipped packs, without those of --packs."""
    from rules.packs.library import Library

    return Library.load([])


def _parse_head(text: str | None, option: str) -> str:
    """Return a saved head in its stored form; raises `InputError` for an incomplete one, which proves nothing."""
    if text is None:
        return ""
    head_digits = text.strip().lower()
    if not HEAD_PATTERN.fullmatch(head_digits):
        raise InputError(
            f"{option} needs a complete head: 64 characters, 0 to 9 and a to f",
            "To see the head of this store: assent ledger head",
        )
    return head_digits


@ledger.command(short_help="Print the seal of the last entry.", epilog=help_examples("assent ledger head > head.txt"))
@format_option(TABLE, JSON)
@pass_session
def head(session: Session, output_format: str) -> None:
    """Print the seal of the last entry (the head).

    Save it elsewhere, to prove later that nothing before it has changed.

    To check a saved head: assent ledger verify --against HEAD
    """
    from workflow.services import verification

    last = verification.ledger_head(session.services)
    if output_format == JSON:
        output.print_json(last.as_json())
    else:
        click.echo(last.seal)


@ledger.command(
    short_help="Copy the store whole, also while others use it.",
    epilog=help_examples("assent ledger backup 2026-12-01.db"),
)
@click.argument("file", metavar="FILE", type=OutputPath())
@format_option(TABLE, JSON)
@pass_session
def backup(session: Session, file: Path, output_format: str) -> None:
    """Copy the store to FILE, and check the copy before it appears.

    Others can go on working. To copy the file by other means can miss what they recorded last. The copy has Part 2 in
    it: only its owner can read it.

    Save the head elsewhere: it proves later that the backup is whole.
    """
    from workflow.services.store_copies import copy_store

    with verification_errors.report_failed_verification(output_format):
        copied = copy_store(session.services, session.with_store(str(file)).store)
    if output_format == JSON:
        output.print_json(copied.as_json())
        return
    click.echo(f"Copied {output.format_count(copied.entries, 'entry', 'entries')} of {copied.source} to {copied.copy}.")
    click.echo(f"Head: {copied.head}")
    click.echo(f"To put it back: assent --store NEW ledger restore {shlex.quote(copied.copy)} --against HEAD")


@ledger.command(
    short_help="Move the record to another store, such as a database.",
    epilog=help_examples("assent ledger copy assent.db postgresql://governance@db.example/assent"),
)
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option("--against", metavar="HEAD", help="A head that was saved before. It must be in the copy.")
@format_option(TABLE, JSON)
@pass_session
def copy(session: Session, source: str, target: str, against: str | None, output_format: str) -> None:
    """Copy the store FROM to the new store TO, each a file or a database, and check the copy before it appears.

    Every entry keeps its seal, so the head stays what it was. FROM stays as it is: let nobody record in it any more,
    and name the new store with --store or ASSENT_STORE.
    """
    from workflow.services.store_copies import copy_store

    with verification_errors.report_failed_verification(output_format):
        copied = copy_store(
            session.with_store(source).services, session.with_store(target).store, _parse_head(against, "--against")
        )
    if output_format == JSON:
        output.print_json(copied.as_json())
        return
    click.echo(f"Copied {output.format_count(copied.entries, 'entry', 'entries')} of {copied.source} to {copied.copy}.")
    click.echo(f"Head: {copied.head}")
    click.echo(f"Use it with: export ASSENT_STORE={shlex.quote(copied.copy)}")


@ledger.command(
    short_help="Put a backup in the place of a store that is gone.",
    epilog=help_examples('assent ledger restore 2026-12-01.db --against "$(cat head.txt)"'),
)
@click.argument("backup_file", metavar="BACKUP", type=InputPath())
@click.option("--against", metavar="HEAD", help="The head that backup printed. It must be in the backup.")
@format_option(TABLE, JSON)
@pass_session
def restore(session: Session, backup_file: Path, against: str | None, output_format: str) -> None:
    """Check BACKUP, and copy it to where --store says.

    No store is ever overwritten: move the old one away first. BACKUP stays as it is.
    """
    from workflow.services.store_copies import copy_store

    with verification_errors.report_failed_verification(output_format):
        source = session.with_store(str(backup_file)).services
        copied = copy_store(source, session.store, _parse_head(against, "--against"))
    if output_format == JSON:
        output.print_json(copied.as_json())
        return
    click.echo(
        f"Restored {output.format_count(copied.entries, 'entry', 'entries')} of {copied.source} to {copied.copy}."
    )
    click.echo(f"Head: {copied.head}")


@ledger.command(
    short_help="Upgrade a store of an earlier version.",
    epilog=help_examples("assent ledger upgrade"),
)
@format_option(TABLE, JSON)
@pass_session
def upgrade(session: Session, output_format: str) -> None:
    """Bring a store that an earlier version of assent made up to this version.

    Until then such a store can be read, and nothing can be recorded in it. The upgrade is done whole or not at all, and
    changes no entry: the head stays what it was. Copy the store first: assent ledger backup.
    """
    from workflow.services.store_upgrade import upgrade_store

    report = upgrade_store(session.services)
    if output_format == JSON:
        output.print_json(report.as_json())
        return
    if report.before == report.after:
        click.echo(f"{report.store} needs no upgrade: it has version {report.after} of the schema.")
    else:
        click.echo(f"{report.store} was upgraded from version {report.before} of the schema to version {report.after}.")
    click.echo(f"Head: {report.head}")
