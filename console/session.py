"""One run of the command line: which store, which packs, which clock, and who asks for what."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from console.files import path_exists
from rules.errors import InputError

if TYPE_CHECKING:
    from rules.packs.library import Library
    from workflow.ledger.ports import Clock, Store
    from workflow.services.commands import Request, Services

CommandFunction = TypeVar("CommandFunction", bound=Callable[..., Any])

TABLE, JSON, CSV = "table", "json", "csv"
SET_EXEMPT_OPTION = "--set-exempt"


class WholeNumber(click.IntRange):
    """A whole number, and plain words for what is not one."""

    name = "whole number"


class OutputPath(click.Path):
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


class InputPath(click.Path):
    """A file to be read; what is wrong with it is told where it is read."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """The path that was given; raises `InputError` for what is a fact."""
        path = Path(os.fspath(value))
        if "=" in path.name and not path_exists(path):  # it may be a fact of Part 2, and is not repeated
            raise InputError("a fact was typed where a file is named", "State facts with --set or --set-exempt.")
        return super().convert(value, param, ctx)


@dataclass
class Session:
    """What `cli` gives each command: the store's address, further packs, and the outside world.

    `open_store` makes the adapter for an address; `pack_cache` is a folder for packs that were read before, if any.
    """

    store_url: str
    pack_folders: tuple[Path, ...]
    open_store: Callable[[str], Store]
    today: Callable[[], date]
    make_salt: Callable[[], str]
    pack_cache: Path | None = None

    @cached_property
    def library(self) -> Library:
        """The packs shipped, and those of --packs; raises `PackError` with every fault of those."""
        return self.library_with()

    def library_with(self, *folders: Path) -> Library:
        """The same with the packs of further folders."""
        from rules.packs.library import Library

        return Library.load([*self.pack_folders, *folders], self.pack_cache)

    @cached_property
    def store(self) -> Store:
        """The store that --store or ASSENT_STORE names."""
        return self.open_store(self.store_url)

    @cached_property
    def services(self) -> Services:
        """What command handlers and queries work with: the store, the packs and the clock."""
        from workflow.services.commands import Services

        return Services(self.store, self.library, self.clock)

    @cached_property
    def clock(self) -> Clock:
        """What tells the day."""
        from workflow.ledger.ports import Clock

        return Clock(self.today, self.make_salt)

    def with_store(self, store_url: str) -> Session:
        """The same run with another store."""
        return replace(self, store_url=store_url)


def help_examples(*commands: str) -> str:
    """What stands below a command's help: examples of it, each on lines of its own, to be copied as they are."""
    return "\b\n" + "\n".join(f"Example: {one}" for one in commands)


def pass_session(command: CommandFunction) -> CommandFunction:
    """Give a command its session. A pack of --packs that has a fault is refused first, whatever it would make of it.

    That is when the command is run: who asks for its help, or mistypes it, is told of that.
    """

    @wraps(command)
    def wrapper(session: Session, /, *args: object, **kwargs: object) -> object:
        if session.pack_folders:
            _ = session.library
        return command(session, *args, **kwargs)

    return click.pass_obj(wrapper)  # type: ignore[return-value]


def format_option(*formats: str) -> Callable[[CommandFunction], CommandFunction]:
    """The option --format of a command that shows something."""
    return click.option(
        "--format",
        "output_format",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="How to show it.",
    )


def write_options(*, officer_required: bool = True) -> Callable[[CommandFunction], CommandFunction]:
    """The options of a command that records something; they reach it as `asked`."""
    # Any default, even None, is taken for an answer, and nobody would be asked for who acts.
    wanted: dict[str, Any] = {"required": True} if officer_required else {}
    who = "Who acts: an officer's id or name." + ("" if officer_required else " [default: nobody is named]")

    def decorate(command: CommandFunction) -> CommandFunction:
        @click.option("--as", "officer", metavar="OFFICER", help=who, **wanted)
        @click.option("--on", "on", metavar="DAY", help="The business day, such as 2018-04-16. [default: today]")
        @click.option("--expect-version", type=WholeNumber(min=0), metavar="N",
                      help="Refuse if somebody acted since this version.")  # fmt: skip
        @wraps(command)
        def wrapper(
            *args: object, officer: str | None, on: str | None, expect_version: int | None, **kwargs: object
        ) -> object:
            return command(*args, request=build_request(officer, on, expect_version), **kwargs)

        return wrapper  # type: ignore[return-value]

    return decorate


def build_request(officer: str | None, on: str | None, expect_version: int | None) -> Request:
    """Who asks, for which day, at which version; raises `InputError` for an officer without a name, or no such day."""
    from workflow.services.commands import Request

    if officer is not None and not officer.strip():  # as a variable is that was never set
        raise InputError("--as names nobody", "Give an officer's id or name; see: assent officer list")
    return Request(officer or "", parse_day_option(on), expect_version)


def parse_day_option(text: str | None, option: str = "--on") -> date | None:
    """A day as typed with an option, or None where none was; raises `InputError` that names the option."""
    from rules.values.calendar import parse_day

    try:
        return None if text is None else parse_day(text)
    except InputError as error:
        raise InputError(f"{option}: {error}", error.advice()) from None


def parse_assignments(texts: tuple[str, ...], option: str) -> dict[str, str]:
    """FACT=VALUE pairs by fact; raises `InputError` for one that is no pair or stands twice."""
    found: dict[str, str] = {}
    for place, pair in enumerate(texts, start=1):
        fact, sign, value = pair.partition("=")
        if not sign or not fact.strip():  # what was typed is not repeated: it may be meant for Part 2
            raise InputError(f"answer {place} to {option} is not FACT=VALUE", f"Write: {option} FACT='what it is'")
        if fact.strip() in found:
            raise InputError(f"{option} {_name_if_address(fact.strip())} is given twice")
        found[fact.strip()] = value
    return found


def _name_if_address(fact: str) -> str:
    """A fact as it was typed, if it is in the form of one; else it may be text that is meant for Part 2."""
    from rules.values.facts import is_address

    return fact if is_address(fact) else "of one fact"
