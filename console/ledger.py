"""`assent ledger`: the evidence that the record is whole."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from console import output, verification_errors
from console.session import JSON, TABLE, Session, format_option, help_examples, pass_session
from rules.errors import InputError

if TYPE_CHECKING:
    from rules.packs.library import Library

HEAD_PATTERN = re.compile(r"[0-9a-f]{64}", re.ASCII)


@click.group(epilog=help_examples("assent ledger verify --replay"))
def ledger() -> None:
    """Verify the record, and print its head."""


@ledger.command(epilog=help_examples('assent ledger verify --replay --against "$(cat head.txt)"'))
@click.option("--against", metavar="HEAD", help="A head written down earlier: it must still be there.")
@click.option("--replay", is_flag=True, help="Judge every recorded ruling again, by the packs and facts of its day.")
@format_option(TABLE, JSON)
@pass_session
def verify(session: Session, against: str | None, replay: bool, output_format: str) -> None:
    """Check every seal of the ledger, every Part 2 text and every view. Leaves with 7 where something was altered."""
    from workflow.services import verification

    with verification_errors.report_failed_verification(output_format):
        found = verification.verify_ledger(session.services, _parse_head(against), with_replay=replay)
    foreign = verification.find_foreign_packs(session.services.store, found.pack_digests, _shipped_library())
    if output_format == JSON:
        told = {"verified": True, "entries": found.entries, "rulings": found.rulings, "head": found.head}
        packs = {"packs": list(found.pack_digests), "packs_not_shipped": list(foreign)}
        output.print_json({**told, **packs, "packs_differ_in": {name: list(foreign[name]) for name in foreign}})
        return
    whole = f"{output.format_count(found.entries, 'entry holds', 'entries hold')} together."
    click.echo(f"{whole} {output.format_count(found.rulings, 'ruling')} came out the same." if replay else whole)
    for name, aspects in foreign.items():
        click.echo(f"Some rulings were given by packs that are not those shipped with this version: {name}")
        if aspects:
            click.echo(f"  They differ in {' and '.join(aspects)}.")
    click.echo(f"Head: {found.head}")


def _shipped_library() -> Library:
    """The packs that are shipped with this version, whatever --packs puts in their place."""
    from rules.packs.library import Library

    return Library.load([])


def _parse_head(text: str | None) -> str:
    """A head as it was written down; raises `InputError` for what cannot be one, and so would prove nothing."""
    if text is None:
        return ""
    written = text.strip().lower()
    if not HEAD_PATTERN.fullmatch(written):
        raise InputError("--against takes a whole head: 64 figures from 0 to 9 and a to f", "See: assent ledger head")
    return written


@ledger.command(epilog=help_examples("assent ledger head > head.txt"))
@format_option(TABLE, JSON)
@pass_session
def head(session: Session, output_format: str) -> None:
    """Print the seal of the last entry. Written down elsewhere, it shows later that nothing was changed since."""
    from workflow.services import verification

    number, seal = verification.ledger_head(session.services)
    if output_format == JSON:
        output.print_json({"position": number, "head": seal})
    else:
        click.echo(seal)
