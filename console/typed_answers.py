"""Answers for facts, as commands take them: typed with --set, from a file, or from standard input.

An answer for Part 2 need not stand on the command line, where other users of the machine can see it and the shell keeps
it: --file-exempt takes it from a file or from standard input. One that does is warned of once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from pathlib import Path

import click

from console import output
from console.files import printable_name, read_bytes
from console.session import SET_EXEMPT_OPTION, CommandFunction, parse_assignments
from rules.errors import InputError

FILE_OPTION, FILE_EXEMPT_OPTION = "--file", "--file-exempt"
MAX_ANSWER_BYTES = 120_000
"""More than any text may have, so that the message of the fact itself says how long it may be."""
_STANDARD_INPUT = "-"
_PART_2_WARNING = (
    f"others on this machine can see an answer after {SET_EXEMPT_OPTION}, and your shell keeps it in its history. "
    f"Next time, put it into a file: {FILE_EXEMPT_OPTION} FACT=FILE, or FACT=- for standard input"
)


@dataclass(frozen=True, slots=True)
class TypedAnswers:
    """The answers that a command was given for each part, by address."""

    public: Mapping[str, str]
    exempt: Mapping[str, str]

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.public or self.exempt)


def answer_options(*, with_exempt: bool = True) -> Callable[[CommandFunction], CommandFunction]:
    """Add --set and --file to a command, and those for Part 2; they reach it as `answers`."""

    def decorate(command: CommandFunction) -> CommandFunction:
        @wraps(command)
        def wrapper(*args: object, **kwargs: object) -> object:
            given = {name: kwargs.pop(name, ()) for name in ("stated", "files", "exempt", "exempt_files")}
            result = command(*args, answers=_collect(**given), **kwargs)  # type: ignore[arg-type]
            if given["exempt"]:  # last, so that it stands in nobody's way
                output.print_warning(_PART_2_WARNING)
            return result

        options = _PUBLIC_OPTIONS + (_EXEMPT_OPTIONS if with_exempt else ())
        for option in reversed(options):
            wrapper = option(wrapper)
        return wrapper  # type: ignore[return-value]

    return decorate


_PUBLIC_OPTIONS = (
    click.option(
        "--set", "stated", multiple=True, metavar="FACT=VALUE", help="Set a fact. You can use this more than once."
    ),
    click.option(
        FILE_OPTION,
        "files",
        multiple=True,
        metavar="FACT=FILE",
        help="Set a fact to the text in a file; - is standard input.",
    ),
)
_EXEMPT_OPTIONS = (
    click.option(
        SET_EXEMPT_OPTION,
        "exempt",
        multiple=True,
        metavar="FACT=VALUE",
        help="Set a confidential fact (Part 2). Others may see what you type: better use --file-exempt.",
    ),
    click.option(
        FILE_EXEMPT_OPTION,
        "exempt_files",
        multiple=True,
        metavar="FACT=FILE",
        help="Set a confidential fact (Part 2) to the text in a file; - is standard input.",
    ),
)


def _collect(
    stated: tuple[str, ...], files: tuple[str, ...], exempt: tuple[str, ...], exempt_files: tuple[str, ...]
) -> TypedAnswers:
    """Return what was typed and what the files hold; raises `InputError` for a fact that is given twice."""
    typed, typed_exempt = parse_assignments(stated, "--set"), parse_assignments(exempt, SET_EXEMPT_OPTION)
    paths = parse_assignments(files, FILE_OPTION)
    exempt_paths = parse_assignments(exempt_files, FILE_EXEMPT_OPTION)
    for options, first, second in (
        (f"--set and {FILE_OPTION}", typed, paths),
        (f"{SET_EXEMPT_OPTION} and {FILE_EXEMPT_OPTION}", typed_exempt, exempt_paths),
    ):
        if not first.keys().isdisjoint(second):
            raise InputError(f"{options} give the same fact", "Give each fact once.")
    if [*paths.values(), *exempt_paths.values()].count(_STANDARD_INPUT) > 1:
        raise InputError("standard input (-) can give one answer only", "Put the others into files.")
    return TypedAnswers(
        {**typed, **dict(_read_answers(paths, FILE_OPTION))},
        {**typed_exempt, **dict(_read_answers(exempt_paths, FILE_EXEMPT_OPTION))},
    )


def _read_answers(paths: Mapping[str, str], option: str) -> Iterator[tuple[str, str]]:
    for fact, path in paths.items():
        if not path:
            raise InputError(f"{option} names no file", f"Write: {option} FACT=FILE, or FACT=- for standard input.")
        content, name = (
            (_read_standard_input(), "standard input")
            if path == _STANDARD_INPUT
            else (read_bytes(Path(path), MAX_ANSWER_BYTES, "an answer"), printable_name(Path(path)))
        )
        try:
            # A file ends with a line break that is no part of the answer.
            yield fact, content.decode("utf-8-sig").replace("\r\n", "\n").rstrip("\n")
        except UnicodeDecodeError:
            raise InputError(f"{name} is not UTF-8 text", "Save it as text in UTF-8.") from None


def _read_standard_input() -> bytes:
    if sys.stdin.isatty():
        click.echo("Type or paste the answer. To end it, press Ctrl-D on a line of its own.", err=True)
    content = sys.stdin.buffer.read(MAX_ANSWER_BYTES + 1)
    if len(content) > MAX_ANSWER_BYTES:
        raise InputError(f"standard input has more than {MAX_ANSWER_BYTES:,} bytes", "Give a shorter text.")
    return content
