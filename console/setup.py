"""`assent init` and `assent doctor`: a store to work in, and a machine that has what it takes."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import click

from console import show
from console.session import JSON, TABLE, Session, examples, in_session, reads
from rules.errors import Error
from rules.values.text import printable

LACKING = 8


@click.command(epilog=examples("assent --store records/2018.db init"))
@in_session
def init(session: Session) -> None:
    """Make a new, empty store (assent.db here, or where --store says)."""
    session.store.make()
    click.echo(f"Made the store {printable(str(session.store.path))}.")
    click.echo('Next: assent officer add "A. Name" --role author --scheme SCHEME')


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked for: what it is needed for, whether it is there, and what mends it."""

    what: str
    state: str
    mend: str = ""


@click.command(epilog=examples("assent doctor"))
@reads(TABLE, JSON)
@in_session
def doctor(session: Session, form: str) -> int:
    """Say what this machine lacks, and the command that mends it.

    Leaves with 8 where something is lacking; a store that is not made yet is no such thing.
    """
    checks = list(_checks(session))
    show.rows(("What", "State", "What mends it"), [(c.what, c.state, c.mend) for c in checks], form, "checks")
    return LACKING if any(check.state == "lacking" for check in checks) else 0


def _checks(session: Session) -> Iterator[Check]:
    yield Check(f"Python {platform.python_version()}", "there")
    yield _tried(
        "durable-rules, the second evaluator",
        _judge,
        "Install it again with a C compiler, Python's headers and CPPFLAGS=-DPyEval_CallObject=PyObject_CallObject",
    )
    yield _tried(
        "WeasyPrint and its libraries, for PDF", _print, "apt-get install libpangoft2-1.0-0 libharfbuzz-subset0"
    )
    yield _tried(
        "The packs of law and schemes", lambda: _packs(session), "Mend the files named above, or drop --packs."
    )
    yield _store(session)


def _tried(what: str, attempt: Callable[[], object], mend: str) -> Check:
    try:
        attempt()
    except (ImportError, OSError, Error) as error:
        return Check(f"{what} ({str(error).splitlines()[0]:.60})", "lacking", mend)
    return Check(what, "there")


def _judge() -> None:
    from rules.judging.durable_adapter import SettledControl, outcomes
    from rules.language.conditions import All

    outcomes((SettledControl("doctor.check", All(()), All(())),), {})


def _print() -> None:
    from decisions.output.pdf import ready

    ready()


def _packs(session: Session) -> None:
    for name in session.library.schemes():
        session.library.scheme(name)


def _store(session: Session) -> Check:
    what = f"The store {session.store.path}"
    if not session.store.path.exists():
        return Check(what, "not made yet", "assent init")
    return _tried(what, lambda: session.store.bundle(""), "Name another store with --store, or ASSENT_STORE.")
