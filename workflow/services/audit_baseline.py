"""Compare an audit with an earlier one: which breaches are new, which are the same, and which are gone.

Invariants:
- A breach is known by its case, control and subject; words, days and severity may change.
- A breach is gone only if its case was audited again and is not breached any more.
- An earlier audit is read line by line, as `assent audit` wrote it. JSON in another layout is read whole.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from rules.errors import InputError
from workflow.ledger.canonical_json import parse_json
from workflow.services.audit_findings import AuditedFinding, AuditResult, CaseAudit, Change

_COLUMNS = ("Case", "Control", "Subject", "Outcome")
_ADVICE = "Give a file that assent audit wrote with --format json, jsonl or csv."


class BreachKey(NamedTuple):
    """What a breach of a case is known by."""

    control: str
    subject: str

    def as_json(self) -> dict[str, str]:
        """The form that other programs read."""
        return self._asdict()


@dataclass(slots=True)
class Baseline:
    """The breaches of an earlier audit, by case."""

    breaches: dict[str, set[BreachKey]]

    def compare(self, results: Iterable[AuditResult]) -> Iterator[AuditResult]:
        """Yield the results, each breach marked as new or the same, and each case with the breaches that are gone."""
        for result in results:
            yield self._compare_case(result) if isinstance(result, CaseAudit) else result

    def _compare_case(self, case: CaseAudit) -> CaseAudit:
        earlier = set(self.breaches.get(case.case, ()))
        findings: list[AuditedFinding] = []
        for audited in case.findings:
            if audited.verdict.outcome != "breached":
                findings.append(audited)
                continue
            key = BreachKey(audited.verdict.control, audited.verdict.subject)
            change: Change = "same" if key in earlier else "new"
            findings.append(audited._replace(change=change))
            earlier.discard(key)
        return replace(case, findings=tuple(findings), gone=tuple(sorted(earlier)))


def read_baseline(lines: Iterable[str], file_name: str) -> Baseline:
    """Return the breaches of an earlier audit; raises `InputError` if the text is not one."""
    source = iter(lines)
    first = next(source, "")
    breaches: dict[str, set[BreachKey]] = {}
    try:
        rows = _read_json(first, source) if first.lstrip("\ufeff \t").startswith("{") else _read_csv(first, source)
        for case, control, subject, outcome in rows:
            if outcome == "breached":
                breaches.setdefault(case, set()).add(BreachKey(control, subject))
    except (ValueError, KeyError, TypeError, csv.Error) as error:
        raise InputError(f"{file_name} is not an audit that can be compared", _ADVICE) from error
    return Baseline(breaches)


def _read_csv(first: str, source: Iterator[str]) -> Iterator[tuple[str, ...]]:
    """Yield case, control, subject and outcome of each row; raises `KeyError` without these columns."""
    rows = csv.DictReader(_with_first(first, source))
    if not set(_COLUMNS) <= set(rows.fieldnames or ()):
        raise KeyError("columns")
    for row in rows:
        yield tuple(_unescape_cell(row[column]) for column in _COLUMNS)


def _unescape_cell(cell: str) -> str:
    """Return a cell without the mark that keeps a spreadsheet from running it."""
    return cell.removeprefix("'")


def _with_first(first: str, source: Iterator[str]) -> Iterator[str]:
    yield first.lstrip("\ufeff")
    yield from source


def _read_json(first: str, source: Iterator[str]) -> Iterator[tuple[str, ...]]:
    """Yield case, control, subject and outcome of each finding."""
    if '"record":' in first:
        lines: Iterable[str] = _with_first(first, source)
    elif '"findings": [' in first:
        lines = source
    else:
        for finding in parse_json("".join(_with_first(first, source)))["findings"]:
            yield _identify(finding)
        return
    for line in lines:
        if '"outcome":' in line:
            finding = parse_json(line.strip().rstrip(","))
            if "control" in finding:
                yield _identify(finding)


def _identify(finding: dict[str, Any]) -> tuple[str, ...]:
    return str(finding["case"]), str(finding["control"]), str(finding["subject"]), str(finding["outcome"])
