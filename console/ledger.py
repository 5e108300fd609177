"""`assent ledger`: the evidence that the record is whole."""

from __future__ import annotations

import re

import click

from console import show, verification_errors
from console.session import JSON, TABLE, Session, examples, in_session, reads
from rules.errors import InputError

HEAD = re.compile(r"[0-9a-f]{64}", re.ASCII)


@click.group(epilog=examples("assent ledger verify --replay"))
def ledger() -> None:
    """Verify the record, and print its head."""


@ledger.command(epilog=examples('assent ledger verify --replay --against "$(cat head.txt)"'))
@click.option("--against", metavar="HEAD", help="A head written down earlier: it must still be there.")
@click.option("--replay", is_flag=True, help="Judge every recorded ruling again, by the packs and facts of its day.")
@reads(TABLE, JSON)
@in_session
def verify(session: Session, against: str | None, replay: bool, form: str) -> None:
    """Check every seal of the ledger, every Part 2 text and every view. Leaves with 7 where something was altered."""
    from workflow.services import verification

    with verification_errors.told(form):
        found = verification.verify(session.desk, _head(against), again=replay)
    other = sorted(set(found.packs) - _shipped())
    if form == JSON:
        told = {"verified": True, "entries": found.entries, "rulings": found.rulings, "head": found.head}
        show.as_json({**told, "packs": list(found.packs), "packs_not_shipped": other})
        return
    whole = f"{show.counted(found.entries, 'entry holds', 'entries hold')} together."
    click.echo(f"{whole} {show.counted(found.rulings, 'ruling')} came out the same." if replay else whole)
    for packs in other:
        click.echo(f"Some rulings were given by packs that are not those shipped with this version: {packs}")
    click.echo(f"Head: {found.head}")


def _shipped() -> set[str]:
    """The digests of the packs that are shipped with this version, whatever --packs puts in their place."""
    from rules.packs.library import Library

    library = Library.of([])
    return {library.bundle(name).digest for name in library.schemes()}


def _head(typed: str | None) -> str:
    """A head as it was written down; raises `InputError` for what cannot be one, and so would prove nothing."""
    if typed is None:
        return ""
    written = typed.strip().lower()
    if not HEAD.fullmatch(written):
        raise InputError("--against takes a whole head: 64 figures from 0 to 9 and a to f", "See: assent ledger head")
    return written


@ledger.command(epilog=examples("assent ledger head > head.txt"))
@reads(TABLE, JSON)
@in_session
def head(session: Session, form: str) -> None:
    """Print the seal of the last entry. Written down elsewhere, it shows later that nothing was changed since."""
    from workflow.services import verification

    number, seal = verification.head(session.desk)
    if form == JSON:
        show.as_json({"position": number, "head": seal})
    else:
        click.echo(seal)
