"""How the terminal shows things: tables that line up, JSON that is stable, and rulings in full."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import click

from console import columns
from console.session import CSV, JSON
from rules.values.text import printable

if TYPE_CHECKING:
    from rules.judging.findings import Finding, Ruling

Item = TypeVar("Item")

MIN_WIDTH, MOST_WIDTH = 60, 110
MOST_TURNS = 4
FORMULA = ("=", "+", "-", "@", "\t")
_ACRONYMS = {"sha256": "SHA256"}
NOTHING_TURNS = "no change of one fact alone that a paper or the act states"
Turning: TypeAlias = Mapping[tuple[str, str], Sequence[str]]
"""The changes that would turn findings, in words, by control and subject."""
_MARKS = {
    "satisfied": ("✓", "green"),
    "breached": ("✗", "red"),
    "undetermined": ("?", "red"),
    "not_applicable": ("–", None),
}


def as_json(data: object) -> None:
    """Print plain data as JSON, alone on standard output; in ASCII where it could not hold the characters."""
    text = json.dumps(data, indent=2, ensure_ascii=False, default=str)
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:  # a program that reads it would be told another name, and not know it
        text = json.dumps(data, indent=2, default=str)
    click.echo(text)


def rows(heads: Sequence[str], found: Iterable[Sequence[Any]], form: str, name: str) -> None:
    """Print rows as a table, as CSV, or as JSON under one name; numbers and lists stay such in JSON."""
    if form == JSON:
        keys = [head.lower().replace(" ", "_") for head in heads]
        as_json({name: [dict(zip(keys, row, strict=True)) for row in found]})
        return
    cells = [[_cell(cell) for cell in row] for row in found]
    if form == CSV:
        click.echo(_csv([list(heads), *cells]), nl=False)
    else:
        click.echo(table(heads, cells) if cells else f"There are no {name}.")


def _csv(lines: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([_harmless(cell) for cell in line] for line in lines)
    return text.getvalue()


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: such a one is put in the form of text."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _cell(cell: object) -> str:
    return ", ".join(str(part) for part in cell) if isinstance(cell, (list, tuple)) else str(cell)


def table(heads: Sequence[str], listed: Sequence[Sequence[str]]) -> str:
    """Columns that line up. On a terminal they fit it: those for which there is no room follow below their row."""
    lines = columns.with_figures_at_right([[_in_one_line(cell) for cell in row] for row in (heads, *listed)])
    if sys.stdout.isatty():
        return _headed(columns.stacked(lines, _columns()))
    return _headed(columns.lined_up(lines, width()))


def _headed(lines: Iterable[str]) -> str:
    first, *others = map(columns.with_spaces, lines)
    return "\n".join([click.style(first, bold=True), *others])


def labelled(pairs: Iterable[tuple[str, object]], indent: str = "") -> str:
    """Labels and values, the values wrapped and aligned."""
    listed = [(label, _in_one_line(str(value))) for label, value in pairs]
    size = max((len(label) for label, _ in listed), default=0)
    wrapped = columns.fitted if sys.stdout.isatty() else columns.wrapped
    return "\n".join(wrapped(indent + columns.padded(label, size), value or "–", width()) for label, value in listed)


def line(first: str, *others: str, start: str = "") -> str:
    """Words in one line after its start, the first bold; on a terminal they go on below where there is no more room."""
    begin, words = _in_one_line(first), columns.GAP.join(map(_in_one_line, (first, *others)))
    shown = columns.fitted(start, words, width()) if sys.stdout.isatty() else start + words
    if not shown.startswith(start + begin):  # it is too long for a line
        return shown
    return start + click.style(begin, bold=True) + shown.removeprefix(start + begin)


def sentence(text: str) -> str:
    """Plain words; on a terminal they go on below where there is no more room."""
    return columns.fitted("", text, width()) if sys.stdout.isatty() else text


def _in_one_line(text: str) -> str:
    """Text as a line of a table shows it; in a store that was altered it may hold what speaks to the terminal."""
    return printable(" ".join(text.split()))


def width() -> int:
    """How wide to write: the terminal's width, at most 110 columns."""
    return min(MOST_WIDTH, _columns())


def _columns() -> int:
    """How wide the terminal is, or is taken to be; never narrower than can be read."""
    return max(MIN_WIDTH, shutil.get_terminal_size((100, 24)).columns)


def ruling(
    given: Ruling, *, every: bool = False, most: int = 99, first: str = "", turning: Turning | None = None
) -> str:
    """A ruling in words: what speaks against it in full (at `most` so many, the control `first` before others).

    With `every` set, the findings that are satisfied or do not apply are named too. Below each finding stands what
    would turn it, where `turning` says so.
    """
    told = turning or {}
    ordered = sorted(
        given.findings, key=lambda f: (f.control != first, f.severity != "blocking", f.outcome != "breached")
    )
    against = [finding for finding in ordered if finding.is_open_question]
    parts = [_verdict(given), *(finding_in_full(finding, told) for finding in against[:most])]
    if len(against) > most:
        parts.append(f"  … and {len(against) - most} more.")
    if every and len(against) < len(ordered):
        others = (finding for finding in ordered if not finding.is_open_question)
        parts.append("\n".join(_in_order(finding, told) for finding in others))
    return "\n\n".join(parts)


def _turned_by(finding: Finding, turning: Turning) -> list[tuple[str, object]]:
    """The lines that say which change of one fact would turn a finding; none for one that was not asked about."""
    lines = turning.get((finding.control, finding.subject))
    if lines is None:
        return []
    # Of what is in order, to say that nothing turns it would only be long.
    said = lines[:MOST_TURNS] or [NOTHING_TURNS] * finding.is_open_question
    further = len(lines) - MOST_TURNS
    return [("turns", line) for line in (*said, *[f"… and {further} other changes"] * (further > 0))]


def _in_order(finding: Finding, turning: Turning) -> str:
    """One finding that does not speak against, in one line, with what would turn it below."""
    turned = _turned_by(finding, turning)
    return _head(finding, "  ") + (f"\n{labelled(turned, '      ')}" if turned else "")


def _verdict(given: Ruling) -> str:
    verdict = "open" if given.is_open else f"shut by {counted(len(given.blocked_by()), 'control')}"
    found = counted(len(given.findings), "finding")
    return line(f"{given.action} on {given.case}: {verdict}, of {found} at the gate {given.gate}")


def finding_in_full(finding: Finding, turning: Turning | None = None) -> str:
    """One finding that speaks against: what is wrong, the facts, the clause, the cure, and what would turn it."""
    pairs: list[tuple[str, object]] = [("what", _wrong(finding)), *_evidence(finding)]
    pairs.append(("clause", f"{finding.citation}" + (f" <{finding.citation.link}>" if finding.citation.link else "")))
    if finding.citation.basis != "read" and finding.citation.note:
        pairs.append(("note", finding.citation.note))
    pairs += [("cure", finding.cure), *_turned_by(finding, turning or {})]
    return f"{_head(finding, '  ')}\n{labelled(pairs, '      ')}"


def finding_in_brief(finding: Finding, further: Iterable[tuple[str, object]]) -> str:
    """One finding with its evidence, its clause and further lines, for a list of many; what is open with its cure."""
    missing = [("missing", ", ".join(finding.missing))] * bool(finding.missing)
    pairs = [*_evidence(finding), *missing, ("clause", finding.citation)]
    if finding.is_open_question and finding.requirement:  # of packs that are gone nobody knows the words
        pairs = [("what", _wrong(finding)), *pairs, ("cure", finding.cure)]
    pairs += further
    return f"{_head(finding, '')}\n{labelled(pairs, '    ')}"


def _wrong(finding: Finding) -> str:
    """What is wrong; what nobody can tell is not called so."""
    told = f"It cannot be told whether this holds: {finding.requirement}"
    return finding.wrong if finding.outcome == "breached" else told


def _evidence(finding: Finding) -> Iterator[tuple[str, object]]:
    """A line for each fact that a control saw."""
    for seen in finding.facts:
        yield "fact", f"{seen.fact} {seen.found}; expected: {seen.expected}"


def _head(finding: Finding, indent: str) -> str:
    mark, colour = _MARKS[finding.outcome]
    told = [outcome(finding.outcome)]
    if finding.subject != "case":
        told.insert(0, f"of {finding.subject}")
    if finding.severity == "warning" and finding.is_open_question:
        told.append("(warning)")
    return line(finding.control, *told, start=f"{indent}{mark} ").replace(mark, click.style(mark, fg=colour), 1)


def counted(number: int, one: str, several: str = "") -> str:
    """How many there are of something, in words: `1 finding`, `2 findings`."""
    return f"{number} {one if number == 1 else several or f'{one}s'}"


def outcome(known: str | None) -> str:
    """An outcome in words; that of a control which is not heard is none."""
    return "not heard" if known is None else known.replace("_", " ")


def gate(*, is_open: bool, blocked_by: Sequence[str]) -> str:
    """Whether a gate is open, or what shuts it."""
    return "open" if is_open else f"shut by {', '.join(blocked_by)}"


def receipt(given: Mapping[str, Any], form: str) -> None:
    """Print what was recorded."""
    if form == JSON:
        as_json(dict(given))
    elif form == CSV:
        heads = [_ACRONYMS.get(key) or key.replace("_", " ").capitalize() for key in given]
        click.echo(_csv([heads, [_cell(value) for value in given.values()]]), nl=False)
    else:
        click.echo(labelled((key.replace("_", " "), _cell(value)) for key, value in given.items()))


def warning(words: str, of: str = "") -> None:
    """Warn on standard error, and say of which case or scheme where it is `of` one."""
    click.echo(f"Warning{f', {of}' if of else ''}: {words}.", err=True)


def gives_away(case: str, kind: str, withheld: Sequence[str]) -> None:
    """Warn of what can be worked out from a public document; nothing where that is nothing."""
    if withheld:
        told = f"from the figures in Part 1 of {kind} can be worked out what Part 2 withholds as {', '.join(withheld)}"
        warning(f"{told}. Leave one of the figures out, or state that amount in Part 1", case)


def watched(items: Sequence[Item], label: str) -> Iterator[Item]:
    """The items one by one, with a bar on standard error where that is a terminal."""
    with click.progressbar(items, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        yield from bar
