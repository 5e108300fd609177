"""The command line `assent`: puts the commands together, wires the edges, and turns errors into messages.

Only this module reads the clock and the environment. What is heavy is imported by the command that needs it.
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

from console.session import SET_EXEMPT_OPTION, Session
from rules.errors import Error, InputError

if TYPE_CHECKING:
    from workflow.ledger.ports import Store

DEFAULT_STORE = "assent.db"

_COMMANDS = {
    "demo": ("console.demo", "Run a real case from paper to published decision."),
    "init": ("console.setup", "Make the store."),
    "doctor": ("console.setup", "Say what this machine lacks, and what mends it."),
    "officer": ("console.officer", "Who may act, and in which roles."),
    "scheme": ("console.scheme", "An authority's stages, actions and rules."),
    "law": ("console.law", "Look up the law, prove it, and see what other law would change."),
    "case": ("console.case", "Open a case, see what may be done, and do it."),
    "document": ("console.document", "Make decision documents, and verify them."),
    "review": ("console.review", "The days that need somebody, and what comes of looking again."),
    "audit": ("console.audit", "Check cases against every control, by the law of their days."),
    "ledger": ("console.ledger", "Verify the record, and print its head."),
}

GLOBAL_OPTIONS = ("--store", "--packs")
_OPTION_PATTERN = re.compile(r"--[a-z][a-z-]*(=.*)?", re.ASCII | re.DOTALL)
_PLAIN_WORD_PATTERN = re.compile(r"[\w./-]{1,60}", re.ASCII)
_QUOTING_ADVICE = f"A value that has spaces wants quotes: {SET_EXEMPT_OPTION} FACT='what it is'"
REDACTED_INPUT_ERROR = InputError(
    "what was typed could not be understood, and is not repeated, since some of it may be for Part 2", _QUOTING_ADVICE
)
REDACTION_MARK = "…"
_REDACTION_ADVICE = (
    f"What stands after {SET_EXEMPT_OPTION} is not repeated, since it may be for Part 2. {_QUOTING_ADVICE}"
)
EXIT_INTERNAL_FAULT = 1
EXIT_WRONG_INPUT = 2
EXIT_OUTPUT_FAILED = 8
# What is printed to an answer that was closed fails, since somebody waits for it; what is said beside it does not.
_STANDARD_STREAMS = (("stdin", "r", os.O_RDONLY), ("stdout", "w", os.O_RDONLY), ("stderr", "w", os.O_WRONLY))
COMPLETION_VARIABLE = "_ASSENT_COMPLETE"
_COMPLETION_INSTRUCTION = re.compile(r"(bash|zsh|fish)_(source|complete)", re.ASCII)
EXIT_INTERRUPTED = 130


class _LazyCommandGroup(click.Group):
    """The commands by noun, each imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every noun, in the order of a day's work."""
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One noun."""
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        found: click.Command = getattr(import_module(_COMMANDS[cmd_name][0]), cmd_name)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the nouns without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(noun, about) for noun, (_, about) in _COMMANDS.items()])


@click.group(cls=_LazyCommandGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--store",
    "store_url",
    envvar="ASSENT_STORE",
    default=DEFAULT_STORE,
    show_default=True,
    metavar="URL",
    help="The store: a file, or sqlite:///FILE. Also from ASSENT_STORE.",
)
@click.option(
    "--packs",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="A further folder of law, schemes and days; may be given more than once.",
)
@click.version_option(package_name="assent", prog_name="assent")
@click.pass_context
def assent(ctx: click.Context, store_url: str, packs: tuple[Path, ...]) -> None:
    """Carry a public body's case from first paper to published decision, by its own rules and the law.

    \b
    Begin with:
      assent demo                      watch a real case go through
      assent init                      make a store here
      assent case next CASE            see what may be done, by whom, and what stands against it
    """  # noqa: D301  # the backspace is what click looks for before lines that are not to be wrapped
    ctx.obj = Session(store_url, packs, _open_store, date.today, lambda: token_hex(16), _pack_cache_folder())


def _open_store(url: str) -> Store:
    """Return the store at an address. A function of this module, so that worker processes find it by name."""
    from workflow.adapters.sqlite import SqliteStore

    return SqliteStore(url, lambda: datetime.now(UTC))


def _pack_cache_folder() -> Path | None:
    """Where packs are kept as they were read: with what else a person's programs keep to be faster, if anywhere."""
    kept = os.environ.get("XDG_CACHE_HOME", "")
    around = Path(kept) if kept else Path(os.path.expanduser("~")) / ".cache"  # noqa: PTH111  # home() fails without one
    return around / "assent" / "packs" if around.is_absolute() else None


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave with its exit code. Never a traceback, unless ASSENT_DEBUG asks for it."""
    _reopen_closed_streams()
    _replace_unencodable_output()
    typed = sys.argv[1:] if arguments is None else list(arguments)
    try:
        answer = _run(arguments)
        sys.exit(answer if isinstance(answer, int) else 0)
    except click.ClickException as error:
        _print_usage_error(error, typed)
        sys.exit(EXIT_WRONG_INPUT)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped; nothing more is recorded.", err=True)
        sys.exit(EXIT_INTERRUPTED)
    except Error as error:
        _print_error(_redact_error(error, typed) if isinstance(error, InputError) else error)
        sys.exit(error.exit_code)
    except OSError as error:
        _print_error(_output_error(error))
        for stream in (1, 2):  # what is still to be printed would fail again on the way out
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
        sys.exit(EXIT_OUTPUT_FAILED)
    except Exception as error:
        if os.environ.get("ASSENT_DEBUG"):
            raise
        # The words of an unforeseen error could hold text of a case, even of Part 2, so only its kind is told.
        click.echo(f"assent: a fault in assent itself ({type(error).__name__}).", err=True)
        click.echo("Set ASSENT_DEBUG=1 and run the command again to see where; then report it.", err=True)
        sys.exit(EXIT_INTERNAL_FAULT)


def _run(arguments: Sequence[str] | None) -> object:
    """What the command answers; 0 where the reader of its output, such as head, has seen enough and gone."""
    asked = os.environ.get(COMPLETION_VARIABLE)
    if asked and not _COMPLETION_INSTRUCTION.fullmatch(asked):
        raise InputError(
            f"{COMPLETION_VARIABLE} asks for what there is not", "Write bash_source, zsh_source or fish_source."
        )
    try:
        return assent.main(args=arguments, prog_name="assent", standalone_mode=False, color=_use_colour())
    except SystemExit:
        # click leaves by itself in two cases only: for completion, and where a pipe was closed, which it calls failed.
        return 0


def _use_colour() -> bool | None:
    """Whether letters are bold and coloured: never where NO_COLOR or a dumb terminal asks for plain ones.

    Else (None) they are on a terminal, and not in a file.
    """
    return False if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" else None


def _reopen_closed_streams() -> None:
    """Open the streams that whoever started us had closed, or the first file to be opened would be taken for one.

    From what was closed nothing can be read; what cannot be printed is told as it is of a full disk.
    """
    for number, (name, mode, way) in enumerate(_STANDARD_STREAMS):
        if getattr(sys, name) is None:
            opened = os.open(os.devnull, way)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
            setattr(sys, name, open(number, mode, encoding="utf-8"))  # noqa: PTH123, SIM115  # a stream, and left open


def _replace_unencodable_output() -> None:
    """Print a question mark for what the terminal's encoding lacks: an officer's answer is not lost for a tick."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _print_usage_error(error: click.ClickException, arguments: Sequence[str]) -> None:
    """Say what is wrong with a command as it was typed; one of which nothing was typed but its noun shows its help."""
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
    """What is to be said; words that may be of Part 2, as they were not quoted, are not repeated.

    One that may as well be the name of a case or of a paper is left out of what is said; else nothing of it is.
    """
    spilt = list(_unquoted_part_2_words(arguments))
    if not any(_may_repeat(word, error) for word in spilt):
        return error
    word, *others = spilt
    advice = f"{error.advice().replace(word, REDACTION_MARK)}\n{_REDACTION_ADVICE}".strip()
    told = InputError(str(error).replace(word, REDACTION_MARK), advice)
    return REDACTED_INPUT_ERROR if others or _may_repeat(word, told) else told


def _may_repeat(word: str, error: Error) -> bool:
    """Whether an error repeats a word, or may do so in another form, as it does of one that is long or wants quotes."""
    return not _PLAIN_WORD_PATTERN.fullmatch(word) or word.casefold() in f"{error} {error.advice()}".casefold()


def _unquoted_part_2_words(arguments: Sequence[str]) -> Iterator[str]:
    """What stands between a value for Part 2 and the next option: it is read as something else than it may be."""
    is_for_part_2 = is_value = False
    for word in arguments:
        if is_value:  # which no message repeats
            is_value = False
        elif _OPTION_PATTERN.fullmatch(word):
            is_for_part_2, is_value = word.partition("=")[0] == SET_EXEMPT_OPTION, word == SET_EXEMPT_OPTION
        elif is_for_part_2:
            yield word


def _describe_usage_error(error: click.UsageError, context: click.Context) -> tuple[str, str]:
    """What is wrong with a command, and what to do about it."""
    if isinstance(error, NoSuchCommand) and isinstance(context.command, click.Group):
        from rules.values.suggestions import did_you_mean
        from rules.values.text import quote

        typed = " ".join([*context.command_path.split()[1:], error.command_name])
        return f"there is no command {quote(typed, 120)}", did_you_mean(
            error.command_name, context.command.list_commands(context)
        )
    if isinstance(error, click.NoSuchOption) and error.option_name in GLOBAL_OPTIONS:
        told = " ".join(context.command_path.split()[1:])
        return error.format_message(), f"It stands before the noun: assent {error.option_name} … {told}"
    return error.format_message(), f"See: {context.command_path} --help"


def _output_error(error: OSError) -> Error:
    """What there is to say where the answer could not be printed."""
    return Error(
        f"the answer could not be printed ({error.strerror})",
        "What was asked for may have been done: look (assent case history) before asking again.",
    )


def _print_error(error: Error) -> None:
    """Say what is wrong and what to do; a reader who has gone does not change the exit code."""
    with suppress(OSError):
        click.echo(_without_control_characters(f"assent: {error}"), err=True)
        if error.advice():
            click.echo(_without_control_characters(error.advice()), err=True)


def _without_control_characters(message: str) -> str:
    """A message without what would speak to the terminal: it may repeat what was typed, or the name of a file."""
    from rules.values.text import replace_unprintable

    return "\n".join(map(replace_unprintable, message.split("\n")))


if __name__ == "__main__":
    main()
