"""`assent ledger`: the evidence that the record is whole."""

from __future__ import annotations

import click

from decisions.console import show
from decisions.console.session import JSON, TABLE, Session, reads


@click.group()
def ledger() -> None:
    """Verify the record."""


@ledger.command(epilog="Example: assent ledger verify --replay --against 3f9c…")
@click.option("--against", default="", metavar="HEAD", help="A head written down earlier: it must still be there.")
@click.option("--replay", is_flag=True, help="Judge every recorded ruling again, by the packs and facts of its day.")
@reads(TABLE, JSON)
@click.pass_obj
def verify(session: Session, against: str, replay: bool, form: str) -> None:
    """Check every seal of the ledger, every Part 2 text and every view. Leaves with 7 where something was altered."""
    from workflow import desk

    found = desk.verify(session.desk, against, again=replay)
    if form == JSON:
        show.as_json({"verified": True, "entries": found.entries, "rulings": found.rulings, "head": found.head})
        return
    click.echo(
        f"{found.entries} entries hold together." + (f" {found.rulings} rulings came out the same." if replay else "")
    )
    click.echo(f"Head: {found.head}")


@ledger.command()
@reads(TABLE, JSON)
@click.pass_obj
def head(session: Session, form: str) -> None:
    """Print the seal of the last entry. Written down elsewhere, it shows later that nothing was changed since."""
    from workflow import desk

    number, seal = desk.head(session.desk)
    if form == JSON:
        show.as_json({"position": number, "head": seal})
    else:
        click.echo(seal)
