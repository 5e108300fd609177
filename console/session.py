"""One run of the command line: which store, which packs, which clock, and who asks for what."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from console.files import is_there
from rules.errors import InputError

if TYPE_CHECKING:
    from rules.packs.library import Library
    from workflow.adapters.sqlite import SqliteStore
    from workflow.ledger.ports import Clock
    from workflow.services.commands import Asked, Desk

Command = TypeVar("Command", bound=Callable[..., Any])

TABLE, JSON, CSV = "table", "json", "csv"
FOR_PART_2 = "--set-exempt"


class WholeNumber(click.IntRange):
    """A whole number, and plain words for what is not one."""

    name = "whole number"


class Place(click.Path):
    """Where something is to be written: a name that is empty, as of a variable that nobody set, is none."""

    def __init__(self, *, dir_okay: bool = True) -> None:
        super().__init__(dir_okay=dir_okay, path_type=Path)

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """The path that was given."""
        if not os.fspath(value):
            self.fail("is empty; it is where to write.", param, ctx)
        if os.fspath(value) == "-":
            raise InputError(
                "documents are not written to standard output, which is what - means",
                "Name a file or a folder with -o; one that is called so is ./-",
            )
        return super().convert(value, param, ctx)


class GivenFile(click.Path):
    """A file to be read; what is wrong with it is told where it is read."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """The path that was given; raises `InputError` for what is a fact."""
        path = Path(os.fspath(value))
        if "=" in path.name and not is_there(path):  # it may be a fact of Part 2, and is not repeated
            raise InputError("a fact was typed where a file is named", "State facts with --set or --set-exempt.")
        return super().convert(value, param, ctx)


@dataclass
class Session:
    """What the commands are given by `cli`: the address of the store, further packs, and the surroundings.

    `shelf` is a folder to keep packs in as they were read, where there is one.
    """

    address: str
    packs: tuple[Path, ...]
    now: Callable[[], datetime]
    today: Callable[[], date]
    salt: Callable[[], str]
    shelf: Path | None = None

    @cached_property
    def library(self) -> Library:
        """The packs shipped, and those of --packs; raises `PackError` with every fault of those."""
        return self.library_with()

    def library_with(self, *folders: Path) -> Library:
        """The same with the packs of further folders."""
        from rules.packs.library import Library

        return Library.of([*self.packs, *folders], self.shelf)

    @cached_property
    def store(self) -> SqliteStore:
        """The store that --store or ASSENT_STORE names."""
        from workflow.adapters.sqlite import SqliteStore

        return SqliteStore(self.address, self.now)

    @cached_property
    def desk(self) -> Desk:
        """The desk at which officers are served."""
        from workflow.services.commands import Desk

        return Desk(self.store, self.library, self.clock)

    @cached_property
    def clock(self) -> Clock:
        """What tells the day."""
        from workflow.ledger.ports import Clock

        return Clock(self.today, self.salt)

    def elsewhere(self, address: str) -> Session:
        """The same run with another store."""
        return replace(self, address=address)


def examples(*typed: str) -> str:
    """What stands below a command's help: examples of it, each on lines of its own, to be copied as they are."""
    return "\b\n" + "\n".join(f"Example: {one}" for one in typed)


def in_session(command: Command) -> Command:
    """Give a command its session. A pack of --packs that has a fault is refused first, whatever it would make of it.

    That is when the command is run: who asks for its help, or mistypes it, is told of that.
    """

    @wraps(command)
    def served(session: Session, /, *args: object, **kwargs: object) -> object:
        if session.packs:
            _ = session.library
        return command(session, *args, **kwargs)

    return click.pass_obj(served)  # type: ignore[return-value]


def reads(*formats: str) -> Callable[[Command], Command]:
    """The option --format of a command that shows something."""
    return click.option(
        "--format", "form", type=click.Choice(formats), default=formats[0], show_default=True, help="How to show it."
    )


def writes(*, officer_required: bool = True) -> Callable[[Command], Command]:
    """The options of a command that records something; they reach it as `asked`."""
    # Any default, even None, is taken for an answer, and nobody would be asked for who acts.
    wanted: dict[str, Any] = {"required": True} if officer_required else {}
    who = "Who acts: an officer's id or name." + ("" if officer_required else " [default: nobody is named]")

    def decorate(command: Command) -> Command:
        @click.option("--as", "officer", metavar="OFFICER", help=who, **wanted)
        @click.option("--on", "on", metavar="DAY", help="The business day, such as 2018-04-16. [default: today]")
        @click.option("--expect-version", type=WholeNumber(min=0), metavar="N",
                      help="Refuse if somebody acted since this version.")  # fmt: skip
        @wraps(command)
        def wrapped(
            *args: object, officer: str | None, on: str | None, expect_version: int | None, **kwargs: object
        ) -> object:
            return command(*args, asked=asked(officer, on, expect_version), **kwargs)

        return wrapped  # type: ignore[return-value]

    return decorate


def asked(officer: str | None, on: str | None, expect_version: int | None) -> Asked:
    """Who asks, for which day, at which version; raises `InputError` for an officer without a name, or no such day."""
    from workflow.services.commands import Asked

    if officer is not None and not officer.strip():  # as a variable is that was never set
        raise InputError("--as names nobody", "Give an officer's id or name; see: assent officer list")
    return Asked(officer or "", day(on), expect_version)


def day(typed: str | None, option: str = "--on") -> date | None:
    """A day as typed with an option, or None where none was; raises `InputError` that names the option."""
    from rules.values.calendar import parse_day

    try:
        return None if typed is None else parse_day(typed)
    except InputError as error:
        raise InputError(f"{option}: {error}", error.advice()) from None


def pairs(typed: tuple[str, ...], option: str) -> dict[str, str]:
    """FACT=VALUE pairs by fact; raises `InputError` for one that is no pair or stands twice."""
    found: dict[str, str] = {}
    for place, pair in enumerate(typed, start=1):
        fact, sign, value = pair.partition("=")
        if not sign or not fact.strip():  # what was typed is not repeated: it may be meant for Part 2
            raise InputError(f"answer {place} to {option} is not FACT=VALUE", f"Write: {option} FACT='what it is'")
        if fact.strip() in found:
            raise InputError(f"{option} {_named(fact.strip())} is given twice")
        found[fact.strip()] = value
    return found


def _named(fact: str) -> str:
    """A fact as it was typed, if it is in the form of one; else it may be text that is meant for Part 2."""
    from rules.values.facts import is_address

    return fact if is_address(fact) else "of one fact"
