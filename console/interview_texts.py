"""Texts of an interview that are taken from one file, in the place of typing them one by one.

The file is plain text, with a heading for each text. It may hold Part 2, so only its owner can read one made here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from console import output
from console.files import path_exists, printable_name, read_bytes
from console.prompts import Prompter
from console.written_files import write_private_file
from rules.errors import InputError

if TYPE_CHECKING:
    from rules.judging.findings import Finding
    from workflow.services.paper_interview import Interview

_FILE_MARK = "@"
_SUFFIXES = (".txt", ".md")


def find_text_file(typed: str) -> Path | None:
    """Return the file that was typed in the place of a text, such as `@texts.txt`; None for a text."""
    is_file = typed.startswith(_FILE_MARK) and typed.endswith(_SUFFIXES) and "\n" not in typed
    return Path(typed.removeprefix(_FILE_MARK).strip()).expanduser() if is_file else None


def describe_text_files(interview: Interview) -> str:
    """Return how to give all open texts in one file; nothing if there is but one."""
    from workflow.services.paper_texts import list_text_questions

    count = len(list_text_questions(interview))
    return (
        f"To write all {count} texts in one file, type {_FILE_MARK} and a name for it: @texts.txt" if count > 1 else ""
    )


def make_text_file(interview: Interview, path: Path) -> bool:
    """Make a file with a heading for each open text, unless it is there; return whether it was made."""
    from workflow.services.paper_texts import format_text_file, list_text_questions

    if path_exists(path):
        return False
    questions = list_text_questions(interview)
    write_private_file(path, format_text_file(interview, questions).encode())
    click.echo(f"{printable_name(path)} now has a heading for {output.format_count(len(questions), 'text')}.")
    click.echo("Write below the headings, save the file, then press Enter here.")
    return True


def take_texts(interview: Interview, path: Path, prompter: Prompter) -> Iterator[Finding]:
    """Answer questions by the texts of a file, and yield what they make wrong; raises `InputError` for its faults."""
    from workflow.services.paper_texts import read_text_file

    texts = read_text_file(interview, _decode(read_bytes(path, description="a file of texts"), path))
    exempt = _ask_which_are_confidential(interview, list(texts), prompter)
    for address, text in texts.items():
        yield from interview.answer(interview.find_question(address), text, is_confidential=address in exempt)
    click.echo(f"Took {output.format_count(len(texts), 'text')} from {printable_name(path)}.")


def _decode(data: bytes, path: Path) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise InputError(f"{printable_name(path)} is not a text in UTF-8", "Save it as UTF-8.") from None


def _ask_which_are_confidential(interview: Interview, addresses: list[str], prompter: Prompter) -> set[str]:
    """Return the addresses of the texts that belong to Part 2, after asking about those that may."""
    questions = {address: interview.find_question(address) for address in addresses}
    exempt = {address for address in addresses if questions[address].part != 1 or interview.is_exempt(address)}
    undecided = [
        address for address in addresses if address not in exempt and interview.may_be_confidential(questions[address])
    ]
    if not undecided:
        return exempt
    for number, address in enumerate(undecided, start=1):
        click.echo(f"{number:>4}  {interview.label_of(address)}")
    click.echo("Which of these are confidential (Part 2)? Type their numbers, such as 1 3, or press Enter for none.")
    while (chosen := _read_numbers(prompter.ask_line(), len(undecided))) is None:
        click.echo(f"Type numbers from 1 to {len(undecided)}, or press Enter.")
    return exempt | {undecided[number - 1] for number in chosen}


def _read_numbers(typed: str, last: int) -> set[int] | None:
    """Return the numbers that somebody typed; None unless each is one from 1 to the last."""
    words = re.findall(r"[^\s,]+", typed)
    if not all(re.fullmatch("[0-9]{1,9}", word) for word in words):
        return None
    numbers = set(map(int, words))
    return numbers if numbers <= set(range(1, last + 1)) else None
