"""Findings and rulings in words, for the terminal.

What stands against an act comes first and in full: blocking before warning, breached before undetermined.
Findings that are satisfied or do not apply take one line each, and only where a command asks for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

import click

from console import output

if TYPE_CHECKING:
    from rules.judging.findings import Finding, Ruling
    from rules.values.facts import FactDeclaration

MAX_CHANGES = 4
NO_SINGLE_CHANGE = "no single fact of the paper or the act would settle this"
TurningChanges: TypeAlias = Mapping[tuple[str, str], Sequence[str]]
"""The changes that would turn findings, in words, by control and subject."""
_OUTCOME_MARKS = {
    "satisfied": ("✓", "green"),
    "breached": ("✗", "red"),
    "undetermined": ("?", "red"),
    "not_applicable": ("–", None),
    "not_held": ("!", "yellow"),
}


def format_ruling(
    ruling: Ruling,
    *,
    show_all: bool = False,
    max_findings: int = 99,
    first_control: str = "",
    changes: TurningChanges | None = None,
) -> str:
    """Return a ruling in words: its result, then the findings against the act in full.

    At most `max_findings` of those are shown, those of `first_control` before others. `show_all` adds a line for each
    other finding. `changes` adds below each finding what would turn it.
    """
    ordered = sorted(
        ruling.findings, key=lambda f: (f.control != first_control, f.severity != "blocking", f.outcome != "breached")
    )
    against = [finding for finding in ordered if finding.needs_attention]
    parts = [_format_result(ruling), *(format_finding(finding, changes) for finding in against[:max_findings])]
    if len(against) > max_findings:
        parts.append(f"  … and {len(against) - max_findings} more.")
    if show_all and len(against) < len(ordered):
        others = (finding for finding in ordered if not finding.needs_attention)
        parts.append("\n".join(format_settled_finding(finding, changes) for finding in others))
    return "\n\n".join(parts)


def _format_result(ruling: Ruling) -> str:
    checks = f"{output.format_count(len(ruling.findings), 'check')} at the gate {ruling.gate}"
    if ruling.is_open:
        return output.format_line(f"Nothing blocks {ruling.action} on {ruling.case}: {checks}.")
    blocking = sum(verdict.blocks_gate for verdict in ruling.judgement.verdicts)
    if blocking:
        reason = f"{blocking} of {checks} {'blocks' if blocking == 1 else 'block'} it"
    else:  # a gate needs at least one satisfied control to open
        reason = f"none of {checks} supports it"
    return output.format_line(f"You cannot {ruling.action} {ruling.case}: {reason}.")


def format_finding(
    finding: Finding, changes: TurningChanges | None = None, labels: Mapping[str, FactDeclaration] | None = None
) -> str:
    """Return a finding in full: what is wrong, the facts, the clause, the cure, and what would turn it.

    `labels` gives the facts by name, so that each is shown by its label too.
    """
    pairs: list[tuple[str, object]] = [("what", _describe_problem(finding)), *_evidence_pairs(finding, labels)]
    pairs.append(("clause", f"{finding.citation}" + (f" <{finding.citation.link}>" if finding.citation.link else "")))
    if finding.citation.basis != "read" and finding.citation.note:
        pairs.append(("note", finding.citation.note))
    pairs += [("cure", finding.cure), *_change_pairs(finding, changes or {})]
    return f"{_finding_heading(finding, '  ')}\n{output.format_pairs(pairs, '      ')}"


def format_warning(finding: Finding) -> str:
    """Return a finding that did not block in two sentences: what is wrong, and what to do about it."""
    return output.format_pairs(
        [("Warning", f"{_describe_problem(finding)} [{name_finding(finding)}]"), ("", finding.cure)]
    )


def format_finding_briefly(finding: Finding, more_pairs: Iterable[tuple[str, object]]) -> str:
    """Return a finding for a list of many: facts, clause and further pairs, and its cure if it is open."""
    missing = [("missing", ", ".join(finding.missing))] * bool(finding.missing)
    pairs = [*_evidence_pairs(finding), *missing, ("clause", finding.citation)]
    if finding.needs_attention and finding.requirement:  # empty if the packs with its words are gone
        pairs = [("what", _describe_problem(finding)), *pairs, ("cure", finding.cure)]
    pairs += more_pairs
    return f"{_finding_heading(finding, '')}\n{output.format_pairs(pairs, '    ')}"


def format_settled_finding(finding: Finding, changes: TurningChanges | None = None) -> str:
    """Return a finding that is not against the act on one line, with what would turn it below."""
    change_pairs = _change_pairs(finding, changes or {})
    lines = f"\n{output.format_pairs(change_pairs, '      ')}" if change_pairs else ""
    return _finding_heading(finding, "  ") + lines


def name_finding(finding: Finding) -> str:
    """Return the name of the control, and of the subject if that is not the case."""
    return finding.control if finding.subject == "case" else f"{finding.control} of {finding.subject}"


def _finding_heading(finding: Finding, indent: str) -> str:
    mark, colour = _OUTCOME_MARKS[finding.outcome]
    words = [format_outcome(finding.outcome)]
    if finding.subject != "case":
        words.insert(0, f"of {finding.subject}")
    if finding.severity == "warning" and finding.needs_attention:
        words.append("(warning)")
    line = output.format_line(finding.control, *words, prefix=f"{indent}{mark} ")
    return line.replace(mark, click.style(mark, fg=colour), 1)


def _describe_problem(finding: Finding) -> str:
    """Return what is wrong, or what is not held; nothing undetermined is called wrong."""
    if finding.outcome == "not_held":
        return f"{finding.requirement} {finding.wrong}"
    return finding.wrong if finding.outcome == "breached" else f"Answers are missing. {finding.requirement}"


def _evidence_pairs(
    finding: Finding, labels: Mapping[str, FactDeclaration] | None = None
) -> Iterator[tuple[str, object]]:
    for observed in finding.observed_facts:
        label = labels[observed.fact].label if labels and observed.fact in labels else ""
        name = f"{label} ({observed.fact})" if label else observed.fact
        yield "fact", f"{name}: {observed.answer}; expected: {observed.expected_answer}"


def _change_pairs(finding: Finding, changes: TurningChanges) -> list[tuple[str, object]]:
    """Return a line for each change that would turn a finding; none if nobody searched for changes."""
    lines = changes.get((finding.control, finding.subject))
    if lines is None:
        return []
    # A finding in order needs no line that says that nothing turns it.
    shown = lines[:MAX_CHANGES] or [NO_SINGLE_CHANGE] * finding.is_breached_or_undetermined
    further = len(lines) - MAX_CHANGES
    more = [f"… and {output.format_count(further, 'more change')}"] * (further > 0)
    return [("change", line) for line in (*shown, *more)]


def format_outcome(outcome: str | None) -> str:
    """Return an outcome in words; None is that of a control that the gate does not check."""
    return "not checked" if outcome is None else outcome.replace("_", " ")


def format_gate_state(*, is_open: bool, blocked_by: Sequence[str]) -> str:
    """Return whether a gate is open, or the controls that block it."""
    return "open" if is_open else f"blocked by {', '.join(blocked_by)}"
