"""How commands print: tables, pairs of label and value, JSON, CSV, receipts, warnings and progress.

A result goes to standard output, alone if it is JSON or CSV; warnings and progress go to standard error.
On a terminal, text is wrapped to its width; in a file or a pipe most tables keep their columns.
Text from a case or a store is printed without control characters.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeVar

import click
import orjson

from console import tables
from console.output_formats import CSV, JSON
from rules.values.text import replace_unprintable

Item = TypeVar("Item")


class HasJsonForm(Protocol):
    """What a query returns."""

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""


MIN_WIDTH, MAX_WIDTH = 60, 110
FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r")
_UTF_8 = ("utf-8", "utf8")
_ACRONYMS = {"sha256": "SHA256"}


def print_json(data: object) -> None:
    """Print plain data as JSON, in ASCII if the output's encoding lacks a character."""
    text = json.dumps(data, indent=2, ensure_ascii=False, default=str)
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:  # a question mark in its place would give a program another name, without an error
        text = json.dumps(data, indent=2, default=str)
    click.echo(text)


def format_json_line(data: Mapping[str, Any] | str) -> str:
    """Return plain data as JSON on one line, in ASCII if the output's encoding lacks a character."""
    text = orjson.dumps(data).decode()
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return text if encoding.casefold() in _UTF_8 else json.dumps(data)


def print_rows(
    heads: Sequence[str],
    rows: Iterable[Sequence[Any]],
    output_format: str,
    name: str,
    *,
    json_keys: Sequence[str] = (),
    below: Sequence[str] = (),
) -> None:
    """Print rows as a table, as CSV, or as JSON under `name`; JSON keeps numbers and lists.

    The JSON keys are the heads in lower case (`Last act` becomes `last_act`), unless `json_keys` gives others. In
    a table, the columns with the heads `below` follow below their row, and so do those that do not fit beside it.
    """
    if output_format == JSON:
        keys = json_keys or [head.lower().replace(" ", "_") for head in heads]
        print_json({name: [dict(zip(keys, row, strict=True)) for row in rows]})
        return
    cells = [[_format_cell(cell) for cell in row] for row in rows]
    if output_format == CSV:
        click.echo(format_csv([list(heads), *cells]), nl=False)
    else:
        click.echo(format_table(heads, cells, below) if cells else f"No {name} found.")


def print_items(heads: Sequence[str], items: Iterable[HasJsonForm], output_format: str, name: str) -> None:
    """Print what a query returned: as JSON in its own form, else those of its keys that the headings name."""
    found = [item.as_json() for item in items]
    if output_format == JSON:
        print_json({name: found})
        return
    keys = [head.lower().replace(" ", "_") for head in heads]
    print_rows(heads, [[item[key] for key in keys] for item in found], output_format, name)


def format_csv(csv_rows: Iterable[Sequence[str]]) -> str:
    """Return rows as CSV, each cell so that no spreadsheet runs it."""
    text = io.StringIO()
    csv.writer(text).writerows([_escape_formula(cell) for cell in row] for row in csv_rows)
    return text.getvalue()


def _escape_formula(cell: str) -> str:
    """Mark a cell as text if a spreadsheet would run it as a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_PREFIXES) else cell


def _format_cell(cell: object) -> str:
    return ", ".join(str(part) for part in cell) if isinstance(cell, (list, tuple)) else str(cell)


def format_table(heads: Sequence[str], table_rows: Sequence[Sequence[str]], below: Sequence[str] = ()) -> str:
    """Return aligned columns. On a terminal, or if some are put below, those that do not fit follow below their row."""
    lines = tables.right_align_figures([[_single_line(cell) for cell in row] for row in (heads, *table_rows)])
    if sys.stdout.isatty() or below:
        return _with_bold_heading(tables.stack_columns(lines, _terminal_columns(), [*map(heads.index, below)]))
    return _with_bold_heading(tables.align_columns(lines, output_width()))


def _with_bold_heading(lines: Iterable[str]) -> str:
    heading, *others = map(tables.restore_spaces, lines)
    return "\n".join([click.style(heading, bold=True), *others])


def format_pairs(pairs: Iterable[tuple[str, object]], indent: str = "") -> str:
    """Return labelled values, one a line, aligned and wrapped."""
    listed = [(label, _single_line(str(value))) for label, value in pairs]
    label_width = max((len(label) for label, _ in listed), default=0)
    wrap = tables.fit_text if sys.stdout.isatty() else tables.wrap_text
    return "\n".join(
        wrap(indent + tables.pad_cell(label, label_width), value or "–", output_width()) for label, value in listed
    )


def format_line(bold_text: str, *others: str, prefix: str = "") -> str:
    """Return words on one line after a prefix, the first bold; on a terminal they are wrapped."""
    start, text = _single_line(bold_text), tables.COLUMN_GAP.join(map(_single_line, (bold_text, *others)))
    line = tables.fit_text(prefix, text, output_width()) if sys.stdout.isatty() else prefix + text
    if not line.startswith(prefix + start):  # the bold text was too long and is broken across lines
        return line
    return prefix + click.style(start, bold=True) + line.removeprefix(prefix + start)


def format_sentence(text: str) -> str:
    """Return a sentence, wrapped on a terminal."""
    return tables.fit_text("", text, output_width()) if sys.stdout.isatty() else text


def _single_line(text: str) -> str:
    """Return text on one line without control characters, which an altered store may hold."""
    return replace_unprintable(" ".join(text.split()))


def output_width() -> int:
    """The width to write in: the terminal's, at most 110 columns."""
    return min(MAX_WIDTH, _terminal_columns())


def _terminal_columns() -> int:
    """The columns of the terminal, 100 without one; never fewer than can be read."""
    return max(MIN_WIDTH, shutil.get_terminal_size((100, 24)).columns)


def format_count(number: int, singular: str, plural: str = "") -> str:
    """Return a number and its noun: `1 finding`, `2 findings`."""
    return f"{number} {singular if number == 1 else plural or f'{singular}s'}"


def print_receipt(receipt: Mapping[str, Any], output_format: str) -> None:
    """Print what was recorded, as pairs, JSON or one row of CSV."""
    if output_format == JSON:
        print_json(dict(receipt))
    elif output_format == CSV:
        heads = [_ACRONYMS.get(key) or key.replace("_", " ").capitalize() for key in receipt]
        click.echo(format_csv([heads, [_format_cell(value) for value in receipt.values()]]), nl=False)
    else:
        click.echo(format_pairs((key.replace("_", " "), _format_cell(value)) for key, value in receipt.items()))


def print_warning(message: str, source: str = "") -> None:
    """Print a warning on standard error; `source` is the case or scheme that it is about."""
    click.echo(f"Warning{f', {source}' if source else ''}: {message}.", err=True)


def warn_of_derivable_figures(case: str, kind: str, withheld: Sequence[str]) -> None:
    """Warn if readers can work out confidential figures from the public document of a kind."""
    if withheld:
        revealed = f"the figures in Part 1 of {kind} reveal {', '.join(withheld)}, which Part 2 keeps confidential"
        print_warning(f"{revealed}. Remove one of the figures, or publish that amount in Part 1", case)


def with_progress(items: Iterable[Item], label: str) -> Iterator[Item]:
    """Yield the items, with a progress bar on standard error if that is a terminal."""
    with click.progressbar(items, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        yield from bar
