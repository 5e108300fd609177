"""What the commands share: the session of one run, their common options, and reading what was typed.

A session opens the store and loads the packs only when a command needs them.
Faulty packs in --packs are refused before any command does its work; help and typing mistakes come first.
No error repeats the value of a fact, which may be meant for Part 2.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from console.files import path_exists
from rules.errors import InputError

if TYPE_CHECKING:
    from rules.packs.library import Library
    from rules.packs.scheme import Scheme
    from workflow.cases.case import FullCase
    from workflow.cases.publication import PublicationCheck, PublicationFindings
    from workflow.ledger.ports import Clock, Store
    from workflow.services.commands import Request, Services

CommandFunction = TypeVar("CommandFunction", bound=Callable[..., Any])

SET_EXEMPT_OPTION = "--set-exempt"
REASON_OPTION = "--reason"
ALREADY_PUBLIC_OPTION = "--already-public"


already_public_option = click.option(
    ALREADY_PUBLIC_OPTION,
    "public_words",
    multiple=True,
    metavar="WORDS",
    help="Words of Part 1 that are public already, although Part 2 has them too. Needs --reason.",
)
"""The words that an officer confirms as already public; they reach the command as `public_words`."""
why_public_option = click.option(
    REASON_OPTION,
    default="",
    metavar="TEXT",
    help="Where the words of --already-public were published. Part 2 keeps it.",
)


class WholeNumber(click.IntRange):
    """A whole number. click would call it an `integer range` in its messages."""

    name = "whole number"


def part_option(help_text: str) -> Callable[[CommandFunction], CommandFunction]:
    """Add --part, which is 1 for what is public, or 2, to a command."""
    return click.option("--part", type=WholeNumber(1, 2), default=1, show_default=True, metavar="[1|2]", help=help_text)


class OutputPath(click.Path):
    """A file or folder to write to. Refuses an empty name, such as a shell variable that is not set."""

    def __init__(self, *, dir_okay: bool = True) -> None:
        super().__init__(dir_okay=dir_okay, path_type=Path)

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """Return the path; fails for an empty name and for `-`."""
        if not os.fspath(value):
            self.fail("it is empty. Give the name of a file or folder to write to.", param, ctx)
        if os.fspath(value) == "-":
            raise InputError(
                "documents cannot be written to standard output (-)",
                'Name a file or folder with -o. For a file called "-", write ./-',
            )
        return super().convert(value, param, ctx)


class InputPath(click.Path):
    """A file to read. `console.files.read_bytes` reports what is wrong with it."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(
        self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None
    ) -> str | bytes | os.PathLike[str]:
        """Return the path; raises `InputError` for a fact."""
        path = Path(os.fspath(value))
        if "=" in path.name and not path_exists(path):  # a fact may be for Part 2, so the message does not repeat it
            raise InputError(
                "you typed a fact where a file name was expected",
                "Put --set or --set-exempt before it: --set FACT='the value'",
            )
        return super().convert(value, param, ctx)


@dataclass
class Session:
    """What `cli` gives each command: the store's address, the folders of --packs, and access to the outside world.

    `today` returns the day in a time zone (empty: the machine's), and `open_store` the adapter for an address.
    `pack_cache` is the folder for parsed packs, or None. `find_account` returns the operating system's account of who
    types.
    """

    store_url: str
    pack_folders: tuple[Path, ...]
    open_store: Callable[[str], Store]
    today: Callable[[str], date]
    make_salt: Callable[[], str]
    pack_cache: Path | None = None
    find_account: Callable[[], str] = str

    @cached_property
    def library(self) -> Library:
        """The shipped packs and those of --packs; raises `PackError` with every fault."""
        return self.library_with()

    def library_with(self, *folders: Path) -> Library:
        """Load the same packs and those of further folders."""
        from rules.packs.library import Library

        return Library.load([*self.pack_folders, *folders], self.pack_cache)

    @cached_property
    def store(self) -> Store:
        """The store that --store or ASSENT_STORE names; says so if other accounts of the machine can read it."""
        from console.store_access import warn_of_exposed_files

        store = self.open_store(self.store_url)
        warn_of_exposed_files(store)
        return store

    @cached_property
    def services(self) -> Services:
        """The store, packs, clock and account for command handlers and queries."""
        from workflow.services.commands import Services

        return Services(self.store, self.library, self.clock, _publication_check(), self.find_account())

    @cached_property
    def clock(self) -> Clock:
        """The business day of today, and fresh salt."""
        from workflow.ledger.ports import Clock

        return Clock(self.today, self.make_salt)

    def with_store(self, store_url: str) -> Session:
        """Return the same session with another store."""
        return replace(self, store_url=store_url)


def _publication_check() -> PublicationCheck:
    """Return the search of Part 1 for Part 2, loaded on first use: commands that only read do not wait for it."""

    @cache
    def load_search() -> PublicationCheck:
        from decisions.safety.publication import PublicationSearch

        return PublicationSearch()

    def check(full_case: FullCase, scheme: Scheme) -> PublicationFindings:
        return load_search()(full_case, scheme)

    return check


def help_examples(*commands: str) -> str:
    """Return the examples below a command's help, each on lines of its own, ready to copy."""
    return "\b\n" + "\n".join(f"Example: {command}" for command in commands)


def pass_session(command: CommandFunction) -> CommandFunction:
    """Give a command its session, once its words can be read and the packs of --packs have no fault."""

    @wraps(command)
    def wrapper(session: Session, /, *args: object, **kwargs: object) -> object:
        _refuse_undecodable_words(click.get_current_context())
        if session.pack_folders:
            _ = session.library
        return command(session, *args, **kwargs)

    return click.pass_obj(wrapper)  # type: ignore[return-value]


def _refuse_undecodable_words(context: click.Context) -> None:
    """Raise `InputError` if an option or argument has bytes that are not UTF-8.

    A path may have any bytes, as the name of a file may. All other words are stored, compared or printed as text.
    """
    for parameter in context.command.params:
        if isinstance(parameter.type, click.Path):
            continue
        for word in _words_of(context.params.get(parameter.name or "")):
            refuse_undecodable_text(word, parameter.get_error_hint(context))


def _words_of(value: object) -> Iterator[str]:
    """Yield what was typed for one parameter: nothing, one word or several."""
    for word in value if isinstance(value, tuple) else (value,):
        if isinstance(word, str):
            yield word


def refuse_undecodable_text(text: str, name: str) -> None:
    """Raise `InputError` if the shell passed bytes that are not UTF-8; Python reads those as lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InputError(
            f"{name} has characters that are not UTF-8",
            "Type it again. If you pasted it, check that your terminal uses UTF-8.",
        ) from None


def format_option(*formats: str) -> Callable[[CommandFunction], CommandFunction]:
    """Add --format to a command that prints something; the first format is the default."""
    return click.option(
        "--format",
        "output_format",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="Output format.",
    )


def judged_officer_option(command: CommandFunction) -> CommandFunction:
    """Add --as to a command that judges an act without doing it; it reaches the command as `officer`."""

    def refuse_empty(_context: click.Context, _parameter: click.Parameter, officer: str | None) -> str | None:
        _refuse_empty_officer(officer)
        return officer

    option = click.option(
        "--as",
        "officer",
        metavar="OFFICER",
        callback=refuse_empty,
        help="Answer for this officer: an id or name. [default: for each role that may act]",
    )
    return option(command)


def write_options(*, officer_required: bool = True) -> Callable[[CommandFunction], CommandFunction]:
    """Add --as, --on and --expect-version to a command that records something; they reach it as `request`."""
    # click counts any default, even None, as an answer: a required option must have no default at all.
    required: dict[str, Any] = {"required": True} if officer_required else {}
    officer_help = "The officer who acts: an id or name." + ("" if officer_required else " [default: none]")

    def decorate(command: CommandFunction) -> CommandFunction:
        @click.option("--as", "officer", metavar="OFFICER", help=officer_help, **required)
        @click.option("--on", "on", metavar="DAY", help="The business day, such as 16 April 2018. [default: today]")
        @click.option("--expect-version", type=WholeNumber(min=0), metavar="N",
                      help="Stop if somebody else has acted since version N.")  # fmt: skip
        @wraps(command)
        def wrapper(
            *args: object, officer: str | None, on: str | None, expect_version: int | None, **kwargs: object
        ) -> object:
            return command(*args, request=build_request(officer, on, expect_version), **kwargs)

        return wrapper  # type: ignore[return-value]

    return decorate


def build_request(officer: str | None, on: str | None, expect_version: int | None) -> Request:
    """Return who acts, for which day, at which version; raises `InputError` for an empty name or a wrong day."""
    from workflow.services.commands import Request

    _refuse_empty_officer(officer)
    return Request(officer or "", parse_day_option(on), expect_version)


def confirm_words(request: Request, public_words: tuple[str, ...], reason: str) -> Request:
    """Return a request with the words of Part 1 that its officer confirms as already public."""
    from workflow.cases.publication import ConfirmedWords
    from workflow.services.typed_facts import clean_note

    if not public_words:
        return request
    if not reason.strip():
        raise InputError(
            f"{ALREADY_PUBLIC_OPTION} needs a reason", f"Say where the words were published: {REASON_OPTION} '...'"
        )
    return replace(request, confirmed=ConfirmedWords(public_words, clean_note(reason, REASON_OPTION)))


def _refuse_empty_officer(officer: str | None) -> None:
    if officer is not None and not officer.strip():  # such as a shell variable that is not set
        raise InputError("--as is empty", "Give an officer's id or name. To see them: assent officer list")


def parse_day_option(text: str | None, option: str = "--on") -> date | None:
    """Return the day typed with an option, or None without one; raises `InputError` that names the option."""
    from rules.values.days import parse_day

    try:
        return None if text is None else parse_day(text)
    except InputError as error:
        raise InputError(f"{option}: {error}", error.advice()) from None


def parse_assignments(texts: tuple[str, ...], option: str) -> dict[str, str]:
    """Return FACT=VALUE pairs by fact; raises `InputError` if one is not a pair or a fact comes twice."""
    values: dict[str, str] = {}
    for number, pair in enumerate(texts, start=1):
        fact, sign, value = pair.partition("=")
        if not sign or not fact.strip():  # the text may be for Part 2, so the message counts and does not quote
            raise InputError(f"value {number} of {option} is not FACT=VALUE", f"Write: {option} FACT='the value'")
        if fact.strip() in values:
            raise InputError(f"{option} gives {_name_if_address(fact.strip())} twice", "Give each fact once.")
        values[fact.strip()] = value
    return values


def _name_if_address(fact: str) -> str:
    """Return the fact if it has the form of a fact's name; otherwise it may be text for Part 2."""
    from rules.values.facts import is_address

    return fact if is_address(fact) else "one fact"
