"""The entry point `assent`: collects the commands, wires clock, store and packs, and turns errors into messages.

Only this module reads the clock, the random source and the environment.
A command group is imported when it is used, so that `--help` and completion stay fast.
No message repeats text that may be meant for Part 2, and nobody sees a traceback unless ASSENT_DEBUG is set.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, NoReturn

import click
from click.exceptions import NoArgsIsHelpError, NoSuchCommand

from console.session import ALREADY_PUBLIC_OPTION, REASON_OPTION, SET_EXEMPT_OPTION, Session
from rules.errors import Error, InputError

if TYPE_CHECKING:
    from workflow.ledger.ports import Store

DEFAULT_STORE = "assent.db"

_COMMANDS = {
    "demo": ("console.demo", "Run a real case from paper to published decision."),
    "init": ("console.setup", "Make an empty store."),
    "doctor": ("console.setup", "Check this machine, and say how to fix what is missing."),
    "officer": ("console.officer", "Add, appoint, deputise and list the officers who may act."),
    "scheme": ("console.scheme", "Show and check an authority's stages, actions and rules."),
    "law": ("console.law", "Look up the law, check it, and see what a change would alter."),
    "case": ("console.case", "Open cases, see what can be done next, and do it."),
    "document": ("console.document", "Make decision documents, and check where a file came from."),
    "review": ("console.review", "List dates that need action, and record reviews of exemptions."),
    "intake": ("console.intake", "Read published decisions, and propose their facts."),
    "audit": ("console.audit", "Check cases against every control, under the law of each day."),
    "population": ("console.population", "Audit very many records at once, from tables."),
    "ledger": ("console.ledger", "Check that the record is unchanged, and upgrade an older store."),
}

GLOBAL_OPTIONS = ("--store", "--packs")
_POSTGRES_PREFIXES = ("postgresql://", "postgres://")
_LISTED_BY = {"--scheme": "assent scheme list", "--as": "assent officer list"}
"""The command that lists what a required option names."""
_OPTION_PATTERN = re.compile(r"--[a-z][a-z-]*(=.*)?", re.ASCII | re.DOTALL)
_PLAIN_WORD_PATTERN = re.compile(r"[\w./-]{1,60}", re.ASCII)
_QUOTING_ADVICE = f"Put quotes round a value that has spaces: {SET_EXEMPT_OPTION} FACT='the value'"
REDACTED_INPUT_ERROR = InputError(
    "the command could not be understood. It is not repeated here, because part of it may be confidential (Part 2)",
    _QUOTING_ADVICE,
)
REDACTION_MARK = "…"
_REDACTION_ADVICE = (
    f"The text after {SET_EXEMPT_OPTION} is not repeated, because it may be confidential (Part 2). {_QUOTING_ADVICE}"
)
EXIT_INTERNAL_FAULT = 1
EXIT_WRONG_INPUT = 2
EXIT_OUTPUT_FAILED = 8
# A closed stdout is replaced by a stream that cannot be written, so that a lost result is reported. A closed stderr is
# replaced by one that swallows messages: without a reader they are no reason to fail.
_STANDARD_STREAMS = (("stdin", "r", os.O_RDONLY), ("stdout", "w", os.O_RDONLY), ("stderr", "w", os.O_WRONLY))
COMPLETION_VARIABLE = "_ASSENT_COMPLETE"
_COMPLETION_INSTRUCTION = re.compile(r"(bash|zsh|fish)_(source|complete)", re.ASCII)
EXIT_INTERRUPTED = 130


class _LazyCommandGroup(click.Group):
    """The commands by noun, each imported when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every noun, in the order of a day's work."""
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command or group of a noun, or None if there is none."""
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(import_module(_COMMANDS[cmd_name][0]), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the nouns without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(noun, summary) for noun, (_, summary) in _COMMANDS.items()])


@click.group(cls=_LazyCommandGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--store",
    "store_url",
    envvar="ASSENT_STORE",
    default=DEFAULT_STORE,
    show_default=True,
    metavar="URL",
    help="The store: a file, sqlite:///FILE, or postgresql://ACCOUNT@HOST/DATABASE. Also from ASSENT_STORE.",
)
@click.option(
    "--packs",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Another folder of law, schemes and bank holidays. You can use this more than once.",
)
@click.version_option(package_name="assent", prog_name="assent")
@click.pass_context
def assent(ctx: click.Context, store_url: str, packs: tuple[Path, ...]) -> None:
    """Take a public body's decision paper from draft to publication, checked against the law and the body's own rules.

    \b
    Begin with:
      assent demo                      see a real case from start to finish
      assent init                      make a store in this folder
      assent case new --scheme SCHEME  write a paper, one question at a time
      assent case next CASE            see what can be done next, by whom, and what is missing
    """  # noqa: D301  # click keeps the line breaks of a paragraph that begins with a backspace
    ctx.obj = Session(store_url, packs, _open_store, _today, lambda: token_hex(16), _pack_cache_folder(), _find_account)


def _open_store(url: str) -> Store:
    """Return the store at an address. At module level, because worker processes import it by name."""
    if url.startswith(_POSTGRES_PREFIXES):
        return _open_postgres(url)
    from workflow.adapters.sqlite import SqliteStore

    return SqliteStore(url, lambda: datetime.now(UTC))


def _open_postgres(url: str) -> Store:
    from workflow.errors import StoreError

    try:
        from workflow.adapters.postgres import PostgresStore
    except ModuleNotFoundError as error:
        if error.name != "psycopg":
            raise
        raise StoreError(
            "a store in PostgreSQL needs a further package", "Install it with: pip install 'assent[postgres]'"
        ) from None
    return PostgresStore(url, lambda: datetime.now(UTC))


def _today(time_zone: str) -> date:
    """Return the day in a time zone, or the machine's day without one."""
    now = datetime.now(UTC)
    if not time_zone:
        return now.astimezone().date()
    from rules.reading.time_zones import day_in_zone

    return day_in_zone(now, time_zone)


def _find_account() -> str:
    from workflow.adapters.account import find_account

    return find_account()


def _pack_cache_folder() -> Path | None:
    """Return the user's cache folder for parsed packs, or None without a home folder."""
    configured = os.environ.get("XDG_CACHE_HOME", "")
    # Path.home() raises where there is no home folder; expanduser then returns "~" unchanged.
    caches = Path(configured) if configured else Path(os.path.expanduser("~")) / ".cache"  # noqa: PTH111
    return caches / "assent" / "packs" if caches.is_absolute() else None


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit with its code. Shows no traceback, unless ASSENT_DEBUG is set."""
    # What is installed beside assent has no say in what a pack means, and looking for it takes 40 ms.
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "1"
    _reopen_closed_streams()
    _replace_unencodable_output()
    words = sys.argv[1:] if arguments is None else list(arguments)
    try:
        outcome = _run(arguments)
        sys.exit(outcome if isinstance(outcome, int) else 0)
    except click.ClickException as error:
        _print_usage_error(error, words)
        sys.exit(EXIT_WRONG_INPUT)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped. Nothing more was recorded.", err=True)
        sys.exit(EXIT_INTERRUPTED)
    except Error as error:
        _print_error(_redact_error(error, words) if isinstance(error, InputError) else error)
        sys.exit(error.exit_code)
    except OSError as error:
        _print_error(_output_error(error))
        for stream in (1, 2):  # Python flushes both at exit, and would fail again
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
        sys.exit(EXIT_OUTPUT_FAILED)
    except Exception as error:
        if os.environ.get("ASSENT_DEBUG"):
            raise
        # The message of an unforeseen error could quote a case, even its Part 2. Only the type is safe to show.
        click.echo(f"assent: something went wrong inside assent ({type(error).__name__}).", err=True)
        click.echo("To see where, set ASSENT_DEBUG=1 and run the command again. Then report it.", err=True)
        sys.exit(EXIT_INTERNAL_FAULT)


def _run(arguments: Sequence[str] | None) -> object:
    """Run the command and return its result; 0 if the reader of a pipe, such as `head`, left early."""
    instruction = os.environ.get(COMPLETION_VARIABLE)
    if instruction and not _COMPLETION_INSTRUCTION.fullmatch(instruction):
        raise InputError(
            f"{COMPLETION_VARIABLE} has a value that assent does not know",
            "Write bash_source, zsh_source or fish_source.",
        )
    try:
        return assent.main(args=arguments, prog_name="assent", standalone_mode=False, color=_use_colour())
    except SystemExit:
        # click exits by itself in two cases only: after completion, and when a pipe closes, which it counts as failure.
        return 0


def _use_colour() -> bool | None:
    """Return False if NO_COLOR or a dumb terminal asks for plain text, else None: click then looks for a terminal."""
    return False if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" else None


def _reopen_closed_streams() -> None:
    """Reopen the standard streams that are closed, or the next file to be opened would take the place of one.

    Closed stdin then reads as empty; failed output is reported like a full disk.
    """
    for number, (name, mode, flags) in enumerate(_STANDARD_STREAMS):
        if getattr(sys, name) is None:
            opened = os.open(os.devnull, flags)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
            setattr(sys, name, open(number, mode, encoding="utf-8"))  # noqa: PTH123, SIM115  # a stream, and left open


def _replace_unencodable_output() -> None:
    """Print a question mark for a character that the terminal's encoding lacks, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _print_usage_error(error: click.ClickException, arguments: Sequence[str]) -> None:
    """Print what is wrong with a command as typed; a noun without a verb prints its help."""
    if isinstance(error, click.NoSuchOption) and any(word.startswith(SET_EXEMPT_OPTION) for word in arguments):
        _print_error(REDACTED_INPUT_ERROR)
    elif isinstance(error, NoArgsIsHelpError):
        with suppress(OSError):
            click.echo(error.format_message(), err=True)
    elif isinstance(error, click.UsageError) and error.ctx is not None:
        _print_error(_redact_error(InputError(*_describe_usage_error(error, error.ctx)), arguments))
    else:
        _print_error(_redact_error(InputError(error.format_message()), arguments))


def _redact_error(error: Error, arguments: Sequence[str]) -> Error:
    """Return the error without words that may be confidential, because a value for Part 2 was not quoted.

    One such word may also be the name of a case or a paper: it is blanked out of the message. If there are several,
    or if the message may still repeat it, the whole message is replaced.
    """
    words = list(_unquoted_part_2_words(arguments))
    if not any(_may_repeat(word, error) for word in words):
        return error
    word, *others = words
    advice = f"{error.advice().replace(word, REDACTION_MARK)}\n{_REDACTION_ADVICE}".strip()
    redacted = InputError(str(error).replace(word, REDACTION_MARK), advice)
    return REDACTED_INPUT_ERROR if others or _may_repeat(word, redacted) else redacted


def _may_repeat(word: str, error: Error) -> bool:
    """Whether an error may repeat a word: literally, or shortened or escaped if it is long or not plain."""
    return not _PLAIN_WORD_PATTERN.fullmatch(word) or word.casefold() in f"{error} {error.advice()}".casefold()


def _unquoted_part_2_words(arguments: Sequence[str]) -> Iterator[str]:
    """Yield the words between a value for Part 2 and the next option: they may belong to that value.

    Beside a --set-exempt, a --reason is for Part 2 too: it says why an exempt fact is corrected. Beside an
    --already-public it says which words of Part 1 resemble what is withheld.
    """
    confidential_options = {SET_EXEMPT_OPTION}
    if any(word.partition("=")[0] in (SET_EXEMPT_OPTION, ALREADY_PUBLIC_OPTION) for word in arguments):
        confidential_options.add(REASON_OPTION)
    follows_part_2 = is_value = False
    for word in arguments:
        if is_value:  # no message repeats the value itself
            is_value = False
        elif _OPTION_PATTERN.fullmatch(word):
            follows_part_2, is_value = word.partition("=")[0] in confidential_options, word in confidential_options
        elif follows_part_2:
            yield word


def _describe_usage_error(error: click.UsageError, context: click.Context) -> tuple[str, str]:
    """Return what is wrong with a command, and what to type instead."""
    if isinstance(error, NoSuchCommand) and isinstance(context.command, click.Group):
        from rules.values.text import quote

        command = " ".join([*context.command_path.split()[1:], error.command_name])
        return f"there is no command {quote(command, 120)}", _suggest_command(
            error.command_name, context, context.command
        )
    if isinstance(error, click.MissingParameter) and error.param:
        listing = next((_LISTED_BY[option] for option in error.param.opts if option in _LISTED_BY), "")
        if listing:
            return error.format_message(), f"To see what you can give: {listing}"
    if isinstance(error, click.NoSuchOption) and error.option_name in GLOBAL_OPTIONS:
        command = " ".join(context.command_path.split()[1:])
        return error.format_message(), f"Put it before the command: assent {error.option_name} … {command}"
    return error.format_message(), f"See: {context.command_path} --help"


def _suggest_command(typed: str, context: click.Context, group: click.Group) -> str:
    """Return the command that a wrong one resembles, or that has its name: `assent next` means `assent case next`."""
    from rules.values.suggestions import did_you_mean

    nouns = {noun: assent.get_command(context, noun) for noun in _COMMANDS}
    same = [noun for noun, one in nouns.items() if isinstance(one, click.Group) and typed in one.commands]
    if len(same) == 1:
        return f"Did you mean assent {same[0]} {typed}?"
    return did_you_mean(typed, group.list_commands(context))


def _output_error(error: OSError) -> Error:
    """Return the error for a result that could not be printed."""
    return Error(
        f"the result could not be printed ({error.strerror})",
        "Your command may have been carried out. Check before you repeat it: assent case history CASE",
    )


def _print_error(error: Error) -> None:
    """Print an error and its advice; a closed stderr does not change the exit code."""
    with suppress(OSError):
        click.echo(_without_control_characters(f"assent: {error}"), err=True)
        if error.advice():
            click.echo(_without_control_characters(error.advice()), err=True)


def _without_control_characters(message: str) -> str:
    """Return a message without terminal escape sequences: it may repeat an argument or the name of a file."""
    from rules.values.text import replace_unprintable

    return "\n".join(map(replace_unprintable, message.split("\n")))


if __name__ == "__main__":
    main()
