"""`assent init` makes a store; `assent doctor` checks that this machine has what assent needs.

doctor changes nothing, and runs every check even if one fails.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from console import output
from console.output_formats import JSON, TABLE
from console.session import Session, build_request, format_option, help_examples, pass_session
from console.store_access import close_command, find_exposed_files
from rules.errors import Error
from rules.values.text import replace_unprintable

if TYPE_CHECKING:
    from workflow.ledger.ports import Store

EXIT_REQUIREMENT_MISSING = 8


@click.command(epilog=help_examples('assent --store records/2018.db init --founder "Fay Founder"'))
@click.option("--founder", metavar="NAME", help="The first officer, who appoints the others and holds no role.")
@click.option("--on", "on", metavar="DAY", help="The business day, such as 16 April 2018. [default: today]")
@pass_session
def init(session: Session, founder: str | None, on: str | None) -> None:
    """Make an empty store: assent.db in this folder, or the file named by --store.

    Put --store before init: assent --store FILE init

    With --founder, every other officer is appointed by somebody: the founder, or a role that the scheme names.
    """
    request = build_request(None, on, None)
    founders = []

    def record_founder(store: Store) -> None:
        from workflow.services.officer_commands import add_founder

        if founder is not None:
            founders.append(add_founder(replace(session.services, store=store), founder, request).officer)

    session.store.create(record_founder)
    click.echo(f"Made the store {replace_unprintable(session.store.location)}.")
    for each in founders:
        click.echo(f"The founder is {each.name} ({each.id}), who appoints the other officers.")
    appointer = "".join(f" --as {each.id}" for each in founders)
    click.echo(f'Next: assent officer add "A. Name" --role author --scheme SCHEME{appointer}')


@dataclass(frozen=True, slots=True)
class MachineCheck:
    """A requirement of assent, whether this machine meets it, and how to fix it if not."""

    requirement: str
    state: str
    remedy: str = ""


@click.command(epilog=help_examples("assent doctor"))
@format_option(TABLE, JSON)
@pass_session
def doctor(session: Session, output_format: str) -> int:
    """Check this machine, and say how to fix what is missing.

    Exits with 8 if something is missing. A store that is not made yet does not count.
    """
    checks = list(_run_checks(session))
    output.print_rows(
        ("Requirement", "State", "How to fix it"),
        [(c.requirement, c.state, c.remedy) for c in checks],
        output_format,
        "checks",
        json_keys=("what", "state", "what_mends_it"),
    )
    return EXIT_REQUIREMENT_MISSING if any(check.state == "lacking" for check in checks) else 0


def _run_checks(session: Session) -> Iterator[MachineCheck]:
    yield MachineCheck(f"Python {platform.python_version()}", "there")
    yield _check_requirement(
        "durable-rules, the second evaluator",
        _try_rule_engine,
        "Install a C compiler and Python's headers. Then install assent again with "
        "CPPFLAGS=-DPyEval_CallObject=PyObject_CallObject",
    )
    yield _check_requirement(
        "WeasyPrint and its libraries, for PDF",
        _try_pdf_renderer,
        "apt-get install libpangoft2-1.0-0 libharfbuzz-subset0",
    )
    yield _check_requirement(
        "The packs of law and schemes",
        lambda: _load_all_schemes(session),
        "To see every fault: assent scheme check",
    )
    yield _check_store(session)


def _check_requirement(requirement: str, attempt: Callable[[], object], remedy: str) -> MachineCheck:
    try:
        attempt()
    except (ImportError, OSError, Error) as error:
        return MachineCheck(f"{requirement} ({str(error).splitlines()[0]:.60})", "lacking", remedy)
    return MachineCheck(requirement, "there")


def _try_rule_engine() -> None:
    from rules.judging.durable_adapter import durable_outcomes
    from rules.judging.resolved_control import ResolvedControl
    from rules.language.conditions import AllOf

    durable_outcomes((ResolvedControl("doctor.check", AllOf(()), AllOf(())),), {})


def _try_pdf_renderer() -> None:
    from decisions.output.pdf import ensure_ready

    ensure_ready()


def _load_all_schemes(session: Session) -> None:
    for name in session.library.schemes():
        session.library.scheme(name)


def _check_store(session: Session) -> MachineCheck:
    requirement = f"The store {session.store.location}"
    if not session.store.exists():
        return MachineCheck(requirement, "not made yet", "assent init")
    if exposed := find_exposed_files(session.store):
        return MachineCheck(f"{requirement}, closed to other accounts", "lacking", close_command(exposed))
    return _check_requirement(
        requirement, lambda: session.store.load_bundle(""), "Name another store: assent --store FILE doctor"
    )
