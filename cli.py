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
from typing import NoReturn

import click
from click.exceptions import NoArgsIsHelpError, NoSuchCommand

from console.session import FOR_PART_2, Session
from rules.errors import Error, InputError

DEFAULT_STORE = "assent.db"

_NOUNS = {
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

BEFORE_THE_NOUN = ("--store", "--packs")
_OPTION = re.compile(r"--[a-z][a-z-]*(=.*)?", re.ASCII | re.DOTALL)
_NAME = re.compile(r"[\w./-]{1,60}", re.ASCII)
_QUOTE = f"A value that has spaces wants quotes: {FOR_PART_2} FACT='what it is'"
NOT_REPEATED = InputError(
    "what was typed could not be understood, and is not repeated, since some of it may be for Part 2", _QUOTE
)
LEFT_OUT = "…"
_WHY_LEFT_OUT = f"What stands after {FOR_PART_2} is not repeated, since it may be for Part 2. {_QUOTE}"
FAULT = 1
WRONG_INPUT = 2
UNWRITTEN = 8
# What is printed to an answer that was closed fails, since somebody waits for it; what is said beside it does not.
_STREAMS = (("stdin", "r", os.O_RDONLY), ("stdout", "w", os.O_RDONLY), ("stderr", "w", os.O_WRONLY))
COMPLETION = "_ASSENT_COMPLETE"
_COMPLETED = re.compile(r"(bash|zsh|fish)_(source|complete)", re.ASCII)
INTERRUPTED = 130


class _Nouns(click.Group):
    """The commands by noun, each imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every noun, in the order of a day's work."""
        del ctx
        return list(_NOUNS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One noun."""
        del ctx
        if cmd_name not in _NOUNS:
            return None
        found: click.Command = getattr(import_module(_NOUNS[cmd_name][0]), cmd_name)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the nouns without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(noun, about) for noun, (_, about) in _NOUNS.items()])


@click.group(cls=_Nouns, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--store",
    "address",
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
def assent(ctx: click.Context, address: str, packs: tuple[Path, ...]) -> None:
    """Carry a public body's case from first paper to published decision, by its own rules and the law.

    \b
    Begin with:
      assent demo                      watch a real case go through
      assent init                      make a store here
      assent case next CASE            see what may be done, by whom, and what stands against it
    """  # noqa: D301  # the backspace is what click looks for before lines that are not to be wrapped
    ctx.obj = Session(address, packs, lambda: datetime.now(UTC), date.today, lambda: token_hex(16), _shelf())


def _shelf() -> Path | None:
    """Where packs are kept as they were read: with what else a person's programs keep to be faster, if anywhere."""
    kept = os.environ.get("XDG_CACHE_HOME", "")
    around = Path(kept) if kept else Path(os.path.expanduser("~")) / ".cache"  # noqa: PTH111  # home() fails without one
    return around / "assent" / "packs" if around.is_absolute() else None


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave with its exit code. Never a traceback, unless ASSENT_DEBUG asks for it."""
    _open_what_is_closed()
    _speak_whatever_the_terminal()
    typed = sys.argv[1:] if arguments is None else list(arguments)
    try:
        answer = _run(arguments)
        sys.exit(answer if isinstance(answer, int) else 0)
    except click.ClickException as error:
        _say_mistyped(error, typed)
        sys.exit(WRONG_INPUT)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped; nothing more is recorded.", err=True)
        sys.exit(INTERRUPTED)
    except Error as error:
        _say(_unspilt(error, typed) if isinstance(error, InputError) else error)
        sys.exit(error.exit_code)
    except OSError as error:
        _say(_unprinted(error))
        for stream in (1, 2):  # what is still to be printed would fail again on the way out
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
        sys.exit(UNWRITTEN)
    except Exception as error:
        if os.environ.get("ASSENT_DEBUG"):
            raise
        # The words of an unforeseen error could hold text of a case, even of Part 2, so only its kind is told.
        click.echo(f"assent: a fault in assent itself ({type(error).__name__}).", err=True)
        click.echo("Set ASSENT_DEBUG=1 and run the command again to see where; then report it.", err=True)
        sys.exit(FAULT)


def _run(arguments: Sequence[str] | None) -> object:
    """What the command answers; 0 where the reader of its output, such as head, has seen enough and gone."""
    asked = os.environ.get(COMPLETION)
    if asked and not _COMPLETED.fullmatch(asked):
        raise InputError(f"{COMPLETION} asks for what there is not", "Write bash_source, zsh_source or fish_source.")
    try:
        return assent.main(args=arguments, prog_name="assent", standalone_mode=False, color=_colours())
    except SystemExit:
        # click leaves by itself in two cases only: for completion, and where a pipe was closed, which it calls failed.
        return 0


def _colours() -> bool | None:
    """Whether letters are bold and coloured: never where NO_COLOR or a dumb terminal asks for plain ones.

    Else (None) they are on a terminal, and not in a file.
    """
    return False if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" else None


def _open_what_is_closed() -> None:
    """Open the streams that whoever started us had closed, or the first file to be opened would be taken for one.

    From what was closed nothing can be read; what cannot be printed is told as it is of a full disk.
    """
    for number, (name, mode, way) in enumerate(_STREAMS):
        if getattr(sys, name) is None:
            opened = os.open(os.devnull, way)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
            setattr(sys, name, open(number, mode, encoding="utf-8"))  # noqa: PTH123, SIM115  # a stream, and left open


def _speak_whatever_the_terminal() -> None:
    """Print a question mark for what the terminal's encoding lacks: an officer's answer is not lost for a tick."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _say_mistyped(error: click.ClickException, typed: Sequence[str]) -> None:
    """Say what is wrong with a command as it was typed; one of which nothing was typed but its noun shows its help."""
    if isinstance(error, click.NoSuchOption) and any(word.startswith(FOR_PART_2) for word in typed):
        _say(NOT_REPEATED)
    elif isinstance(error, NoArgsIsHelpError):
        with suppress(OSError):
            click.echo(error.format_message(), err=True)
    elif isinstance(error, click.UsageError) and error.ctx is not None:
        _say(_unspilt(InputError(*_mistyped(error, error.ctx)), typed))
    else:
        _say(_unspilt(InputError(error.format_message()), typed))


def _unspilt(error: Error, typed: Sequence[str]) -> Error:
    """What is to be said; words that may be of Part 2, as they were not quoted, are not repeated.

    One that may as well be the name of a case or of a paper is left out of what is said; else nothing of it is.
    """
    spilt = list(_spilt(typed))
    if not any(_is_told(word, error) for word in spilt):
        return error
    word, *others = spilt
    advice = f"{error.advice().replace(word, LEFT_OUT)}\n{_WHY_LEFT_OUT}".strip()
    told = InputError(str(error).replace(word, LEFT_OUT), advice)
    return NOT_REPEATED if others or _is_told(word, told) else told


def _is_told(word: str, error: Error) -> bool:
    """Whether an error repeats a word, or may do so in another form, as it does of one that is long or wants quotes."""
    return not _NAME.fullmatch(word) or word.casefold() in f"{error} {error.advice()}".casefold()


def _spilt(typed: Sequence[str]) -> Iterator[str]:
    """What stands between a value for Part 2 and the next option: it is read as something else than it may be."""
    is_for_part_2 = is_value = False
    for word in typed:
        if is_value:  # which no message repeats
            is_value = False
        elif _OPTION.fullmatch(word):
            is_for_part_2, is_value = word.partition("=")[0] == FOR_PART_2, word == FOR_PART_2
        elif is_for_part_2:
            yield word


def _mistyped(error: click.UsageError, where: click.Context) -> tuple[str, str]:
    """What is wrong with a command, and what to do about it."""
    if isinstance(error, NoSuchCommand) and isinstance(where.command, click.Group):
        from rules.values.suggestions import did_you_mean
        from rules.values.text import quoted

        typed = " ".join([*where.command_path.split()[1:], error.command_name])
        return f"there is no command {quoted(typed, 120)}", did_you_mean(
            error.command_name, where.command.list_commands(where)
        )
    if isinstance(error, click.NoSuchOption) and error.option_name in BEFORE_THE_NOUN:
        told = " ".join(where.command_path.split()[1:])
        return error.format_message(), f"It stands before the noun: assent {error.option_name} … {told}"
    return error.format_message(), f"See: {where.command_path} --help"


def _unprinted(error: OSError) -> Error:
    """What there is to say where the answer could not be printed."""
    return Error(
        f"the answer could not be printed ({error.strerror})",
        "What was asked for may have been done: look (assent case history) before asking again.",
    )


def _say(error: Error) -> None:
    """Say what is wrong and what to do; a reader who has gone does not change the exit code."""
    with suppress(OSError):
        click.echo(_shown(f"assent: {error}"), err=True)
        if error.advice():
            click.echo(_shown(error.advice()), err=True)


def _shown(message: str) -> str:
    """A message without what would speak to the terminal: it may repeat what was typed, or the name of a file."""
    from rules.values.text import printable

    return "\n".join(map(printable, message.split("\n")))


if __name__ == "__main__":
    main()
