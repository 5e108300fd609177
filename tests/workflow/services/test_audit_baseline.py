"""An audit is compared with an earlier one by case, control and subject."""

from __future__ import annotations

import json
from datetime import date

import pytest

from rules.errors import InputError
from rules.judging.findings import Finding
from rules.language.schema_types import Outcome
from rules.values.citation import Citation
from workflow.papers.records import UnreadRow
from workflow.services.audit_baseline import BreachKey, read_baseline
from workflow.services.audit_findings import AuditedFinding, CaseAudit
from workflow.services.audit_totals import AuditTotals, describe_changes

CITATION = Citation(instrument="An Act", provision="s.1", basis="read")
CSV = "Case,Control,Subject,Outcome\nA-1,late,case,breached\nA-1,gone,exemption:s43,breached\nA-1,fine,case,satisfied\n"


def audited(control: str, outcome: Outcome = "breached", subject: str = "case") -> AuditedFinding:
    finding = Finding(control, subject, outcome, "warning", "", (), (), CITATION, "wrong", "cure")
    return AuditedFinding("A-1", "approve", "decide", date(2018, 4, 16), "", None, finding)


CASE = CaseAudit("A-1", "Vans", "epa", "done", (audited("fine", "satisfied"), audited("late"), audited("new")))


def compare(*lines: str) -> CaseAudit:
    [case] = read_baseline(lines, "before").compare([CASE])
    assert isinstance(case, CaseAudit)
    return case


def as_json(**extra: object) -> str:
    return json.dumps({"case": "A-1", "control": "late", "subject": "case", "outcome": "breached", **extra})


LATE, GONE = as_json(), as_json(control="gone", subject="exemption:s43")


@pytest.mark.parametrize(
    "lines",
    [
        CSV.splitlines(keepends=True),
        ['{"as_of": "2026-01-01", "findings": [\n', f"{LATE},\n", f"{GONE}\n", "],\n"],
        [f'{{"record":"finding",{LATE[1:]}\n', f'{{"record":"finding",{GONE[1:]}\n'],
        json.dumps({"findings": [json.loads(LATE), json.loads(GONE)]}, indent=2).splitlines(keepends=True),
    ],
    ids=["csv", "json", "jsonl", "other json"],
)  # fmt: skip
def test_breaches_are_new_the_same_or_gone(lines: list[str]) -> None:
    case = compare(*lines)
    assert [(one.finding.control, one.change) for one in case.findings] == [
        ("fine", None), ("late", "same"), ("new", "new"),
    ]  # fmt: skip
    assert case.gone == (BreachKey("gone", "exemption:s43"),)
    assert case.as_json()["gone"] == [{"control": "gone", "subject": "exemption:s43"}]
    assert case.findings[1].as_json()["since_baseline"] == "same"


def test_a_spreadsheet_keeps_a_cell_with_a_formula_as_text() -> None:
    case = compare("Case,Control,Subject,Outcome\n", "A-1,'-late,case,breached\n")
    assert case.gone == (BreachKey("-late", "case"),)


def test_a_case_that_is_not_audited_again_has_nothing_gone() -> None:
    row = UnreadRow("a.csv", 2, None, "is empty")
    assert list(read_baseline(CSV.splitlines(keepends=True), "before").compare([row])) == [row]


def test_only_new_breaches_count_beside_an_earlier_audit() -> None:
    totals = AuditTotals(is_compared=True)
    totals.take(compare(*CSV.splitlines(keepends=True)))
    assert totals.has_breaches
    assert describe_changes(totals) == "1 new, 1 the same, 1 gone"
    assert totals.as_json()["since_baseline"] == {"new": 1, "same": 1, "gone": 1}
    settled = AuditTotals(is_compared=True)
    settled.take(compare("Case,Control,Subject,Outcome\n", "A-1,late,case,breached\n", "A-1,new,case,breached\n"))
    assert not settled.has_breaches


@pytest.mark.parametrize(
    "text", ["", "not an audit", "A,B\n1,2\n", "{", '{"findings": 3}', '{"record": "finding", "outcome": "breached"\n']
)
def test_what_is_no_audit_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="before is not an audit that can be compared"):
        read_baseline(text.splitlines(keepends=True), "before")
