"""How the terminal shows things: tables that line up, JSON that is stable, and rulings in full."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar

import click

from console import tables
from console.session import CSV, JSON
from rules.values.text import replace_unprintable

if TYPE_CHECKING:
    from rules.judging.findings import Finding, Ruling

Item = TypeVar("Item")


class HasJsonForm(Protocol):
    """What a query returns."""

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""


MIN_WIDTH, MAX_WIDTH = 60, 110
MAX_CHANGES = 4
FORMULA_PREFIXES = ("=", "+", "-", "@", "\t")
_ACRONYMS = {"sha256": "SHA256"}
NO_SINGLE_CHANGE = "no change of one fact alone that a paper or the act states"
TurningChanges: TypeAlias = Mapping[tuple[str, str], Sequence[str]]
"""The changes that would turn findings, in words, by control and subject."""
_OUTCOME_MARKS = {
    "satisfied": ("✓", "green"),
    "breached": ("✗", "red"),
    "undetermined": ("?", "red"),
    "not_applicable": ("–", None),
}


def print_json(data: object) -> None:
    """Print plain data as JSON, alone on standard output; in ASCII where it could not hold the characters."""
    text = json.dumps(data, indent=2, ensure_ascii=False, default=str)
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:  # a program that reads it would be told another name, and not know it
        text = json.dumps(data, indent=2, default=str)
    click.echo(text)


def print_rows(heads: Sequence[str], data: Iterable[Sequence[Any]], output_format: str, name: str) -> None:
    """Print rows as a table, as CSV, or as JSON under one name; numbers and lists stay such in JSON."""
    if output_format == JSON:
        keys = [head.lower().replace(" ", "_") for head in heads]
        print_json({name: [dict(zip(keys, row, strict=True)) for row in data]})
        return
    cells = [[_format_cell(cell) for cell in row] for row in data]
    if output_format == CSV:
        click.echo(_format_csv([list(heads), *cells]), nl=False)
    else:
        click.echo(format_table(heads, cells) if cells else f"There are no {name}.")


def print_items(heads: Sequence[str], items: Iterable[HasJsonForm], output_format: str, name: str) -> None:
    """Print what a query returned: as JSON in its own form, else those of its keys that the headings name."""
    found = [item.as_json() for item in items]
    if output_format == JSON:
        print_json({name: found})
        return
    keys = [head.lower().replace(" ", "_") for head in heads]
    print_rows(heads, [[item[key] for key in keys] for item in found], output_format, name)


def _format_csv(csv_rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([_escape_formula(cell) for cell in line] for line in csv_rows)
    return text.getvalue()


def _escape_formula(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: such a one is put in the form of text."""
    return f"'{cell}" if cell.startswith(FORMULA_PREFIXES) else cell


def _format_cell(cell: object) -> str:
    return ", ".join(str(part) for part in cell) if isinstance(cell, (list, tuple)) else str(cell)


def format_table(heads: Sequence[str], table_rows: Sequence[Sequence[str]]) -> str:
    """Columns that line up. On a terminal they fit it: those for which there is no room follow below their row."""
    lines = tables.right_align_figures([[_single_line(cell) for cell in row] for row in (heads, *table_rows)])
    if sys.stdout.isatty():
        return _with_bold_heading(tables.stack_columns(lines, _terminal_columns()))
    return _with_bold_heading(tables.align_columns(lines, output_width()))


def _with_bold_heading(lines: Iterable[str]) -> str:
    first, *others = map(tables.restore_spaces, lines)
    return "\n".join([click.style(first, bold=True), *others])


def format_pairs(pairs: Iterable[tuple[str, object]], indent: str = "") -> str:
    """Labels and values, the values wrapped and aligned."""
    listed = [(label, _single_line(str(value))) for label, value in pairs]
    size = max((len(label) for label, _ in listed), default=0)
    wrapped = tables.fit_text if sys.stdout.isatty() else tables.wrap_text
    return "\n".join(
        wrapped(indent + tables.pad_cell(label, size), value or "–", output_width()) for label, value in listed
    )


def format_line(bold_text: str, *others: str, prefix: str = "") -> str:
    """Words in one line after its start, the first bold; on a terminal they go on below where there is no more room."""
    begin, words = _single_line(bold_text), tables.COLUMN_GAP.join(map(_single_line, (bold_text, *others)))
    shown = tables.fit_text(prefix, words, output_width()) if sys.stdout.isatty() else prefix + words
    if not shown.startswith(prefix + begin):  # it is too long for a line
        return shown
    return prefix + click.style(begin, bold=True) + shown.removeprefix(prefix + begin)


def format_sentence(text: str) -> str:
    """Plain words; on a terminal they go on below where there is no more room."""
    return tables.fit_text("", text, output_width()) if sys.stdout.isatty() else text


def _single_line(text: str) -> str:
    """Text as a line of a table shows it; in a store that was altered it may hold what speaks to the terminal."""
    return replace_unprintable(" ".join(text.split()))


def output_width() -> int:
    """How wide to write: the terminal's width, at most 110 columns."""
    return min(MAX_WIDTH, _terminal_columns())


def _terminal_columns() -> int:
    """How wide the terminal is, or is taken to be; never narrower than can be read."""
    return max(MIN_WIDTH, shutil.get_terminal_size((100, 24)).columns)


def format_ruling(
    ruling: Ruling,
    *,
    show_all: bool = False,
    max_findings: int = 99,
    first_control: str = "",
    changes: TurningChanges | None = None,
) -> str:
    """A ruling in words: what speaks against it in full (at `most` so many, the control `first` before others).

    With `every` set, the findings that are satisfied or do not apply are named too. Below each finding stands what
    would turn it, where `turning` says so.
    """
    told = changes or {}
    ordered = sorted(
        ruling.findings, key=lambda f: (f.control != first_control, f.severity != "blocking", f.outcome != "breached")
    )
    against = [finding for finding in ordered if finding.is_breached_or_undetermined]
    parts = [_ruling_heading(ruling), *(format_finding(finding, told) for finding in against[:max_findings])]
    if len(against) > max_findings:
        parts.append(f"  … and {len(against) - max_findings} more.")
    if show_all and len(against) < len(ordered):
        others = (finding for finding in ordered if not finding.is_breached_or_undetermined)
        parts.append("\n".join(_format_closed_finding(finding, told) for finding in others))
    return "\n\n".join(parts)


def _change_pairs(finding: Finding, changes: TurningChanges) -> list[tuple[str, object]]:
    """The lines that say which change of one fact would turn a finding; none for one that was not asked about."""
    lines = changes.get((finding.control, finding.subject))
    if lines is None:
        return []
    # Of what is in order, to say that nothing turns it would only be long.
    said = lines[:MAX_CHANGES] or [NO_SINGLE_CHANGE] * finding.is_breached_or_undetermined
    further = len(lines) - MAX_CHANGES
    return [("turns", line) for line in (*said, *[f"… and {further} other changes"] * (further > 0))]


def _format_closed_finding(finding: Finding, changes: TurningChanges) -> str:
    """One finding that does not speak against, in one line, with what would turn it below."""
    turned = _change_pairs(finding, changes)
    return _finding_heading(finding, "  ") + (f"\n{format_pairs(turned, '      ')}" if turned else "")


def _ruling_heading(ruling: Ruling) -> str:
    verdict = "open" if ruling.is_open else f"shut by {format_count(len(ruling.blocking_controls()), 'control')}"
    found = format_count(len(ruling.findings), "finding")
    return format_line(f"{ruling.action} on {ruling.case}: {verdict}, of {found} at the gate {ruling.gate}")


def format_finding(finding: Finding, changes: TurningChanges | None = None) -> str:
    """One finding that speaks against: what is wrong, the facts, the clause, the cure, and what would turn it."""
    pairs: list[tuple[str, object]] = [("what", _describe_problem(finding)), *_evidence_pairs(finding)]
    pairs.append(("clause", f"{finding.citation}" + (f" <{finding.citation.link}>" if finding.citation.link else "")))
    if finding.citation.basis != "read" and finding.citation.note:
        pairs.append(("note", finding.citation.note))
    pairs += [("cure", finding.cure), *_change_pairs(finding, changes or {})]
    return f"{_finding_heading(finding, '  ')}\n{format_pairs(pairs, '      ')}"


def format_finding_briefly(finding: Finding, more_pairs: Iterable[tuple[str, object]]) -> str:
    """One finding with its evidence, its clause and further lines, for a list of many; what is open with its cure."""
    missing = [("missing", ", ".join(finding.missing))] * bool(finding.missing)
    pairs = [*_evidence_pairs(finding), *missing, ("clause", finding.citation)]
    if finding.is_breached_or_undetermined and finding.requirement:  # of packs that are gone nobody knows the words
        pairs = [("what", _describe_problem(finding)), *pairs, ("cure", finding.cure)]
    pairs += more_pairs
    return f"{_finding_heading(finding, '')}\n{format_pairs(pairs, '    ')}"


def _describe_problem(finding: Finding) -> str:
    """What is wrong; what nobody can tell is not called so."""
    told = f"It cannot be told whether this holds: {finding.requirement}"
    return finding.wrong if finding.outcome == "breached" else told


def _evidence_pairs(finding: Finding) -> Iterator[tuple[str, object]]:
    """A line for each fact that a control saw."""
    for seen in finding.observed_facts:
        yield "fact", f"{seen.fact} {seen.description}; expected: {seen.expected}"


def _finding_heading(finding: Finding, indent: str) -> str:
    mark, colour = _OUTCOME_MARKS[finding.outcome]
    told = [format_outcome(finding.outcome)]
    if finding.subject != "case":
        told.insert(0, f"of {finding.subject}")
    if finding.severity == "warning" and finding.is_breached_or_undetermined:
        told.append("(warning)")
    return format_line(finding.control, *told, prefix=f"{indent}{mark} ").replace(mark, click.style(mark, fg=colour), 1)


def format_count(number: int, singular: str, plural: str = "") -> str:
    """How many there are of something, in words: `1 finding`, `2 findings`."""
    return f"{number} {singular if number == 1 else plural or f'{singular}s'}"


def format_outcome(outcome: str | None) -> str:
    """An outcome in words; that of a control which is not heard is none."""
    return "not heard" if outcome is None else outcome.replace("_", " ")


def format_gate_state(*, is_open: bool, blocked_by: Sequence[str]) -> str:
    """Whether a gate is open, or what shuts it."""
    return "open" if is_open else f"shut by {', '.join(blocked_by)}"


def print_receipt(receipt: Mapping[str, Any], output_format: str) -> None:
    """Print what was recorded."""
    if output_format == JSON:
        print_json(dict(receipt))
    elif output_format == CSV:
        heads = [_ACRONYMS.get(key) or key.replace("_", " ").capitalize() for key in receipt]
        click.echo(_format_csv([heads, [_format_cell(value) for value in receipt.values()]]), nl=False)
    else:
        click.echo(format_pairs((key.replace("_", " "), _format_cell(value)) for key, value in receipt.items()))


def print_warning(message: str, source: str = "") -> None:
    """Warn on standard error, and say of which case or scheme where it is `of` one."""
    click.echo(f"Warning{f', {source}' if source else ''}: {message}.", err=True)


def warn_of_derivable_figures(case: str, kind: str, withheld: Sequence[str]) -> None:
    """Warn of what can be worked out from a public document; nothing where that is nothing."""
    if withheld:
        told = f"from the figures in Part 1 of {kind} can be worked out what Part 2 withholds as {', '.join(withheld)}"
        print_warning(f"{told}. Leave one of the figures out, or state that amount in Part 1", case)


def with_progress(items: Sequence[Item], label: str) -> Iterator[Item]:
    """The items one by one, with a bar on standard error where that is a terminal."""
    with click.progressbar(items, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        yield from bar
