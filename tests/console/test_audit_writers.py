"""Audits are written as they come: few cases in full, many with one line each, and the totals last."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from datetime import date

import pytest

from console.audit_table import MAX_CASES_IN_FULL, MAX_LISTED_CASES, TableWriter
from console.audit_writers import MAX_PRINTED_WARNINGS, AuditWriter, CsvWriter, JsonLinesWriter, JsonWriter
from rules.judging.findings import Finding
from rules.language.schema_types import Outcome
from rules.values.citation import Citation
from workflow.papers.records import UnreadRow
from workflow.services.audit_findings import AuditedFinding, AuditResult, CaseAudit
from workflow.services.audit_totals import AuditTotals

ON = date(2018, 4, 16)
CITATION = Citation(instrument="An Act", provision="s.1", basis="read")
SHARED = {
    outcome: Finding(
        f"vans.{outcome}", "case", outcome, "warning", "It holds.", (), ("vans.colour",) * (outcome == "undetermined"),
        CITATION, "It does not hold.", "Make it hold.",
    )
    for outcome in ("breached", "undetermined", "satisfied")
}  # fmt: skip
ROW = UnreadRow("all.csv", 3, "amount", "£2,165,00 is not an amount")


def case_of(number: int, *outcomes: Outcome, source: str = "own_record", warnings: tuple[str, ...] = ()) -> CaseAudit:
    findings = tuple(
        AuditedFinding(f"A-{number}", "approve", "decide", ON, "packs", None, SHARED[outcome]) for outcome in outcomes
    )
    return CaseAudit(f"A-{number}", f"Vans {number}", "epa", "done", findings, warnings, source=source, decided_on=ON)


def written(writer: AuditWriter, results: Iterable[AuditResult]) -> None:
    totals = AuditTotals()
    for result in results:
        totals.take(result)
        writer.take(result)
    writer.finish(totals)


def test_few_cases_are_shown_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    written(TableWriter(ON, show_all=False), (case_of(number, "breached") for number in range(MAX_CASES_IN_FULL)))
    shown = capsys.readouterr().out
    assert shown.count("    what    It does not hold.") == MAX_CASES_IN_FULL
    assert shown.endswith(
        "\n\nIn total 3 cases, 3 with breaches: 3 breached, 0 undetermined, 0 satisfied, 0 not applicable.\n"
    )


def test_many_cases_take_one_line_each_and_what_is_breached_is_summed(capsys: pytest.CaptureFixture[str]) -> None:
    count = MAX_LISTED_CASES + 7
    written(TableWriter(ON, show_all=False), (case_of(number, "breached", "satisfied") for number in range(count)))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "✗ A-0  1 breached, 0 undetermined: Vans 0"
    assert lines[MAX_LISTED_CASES] == "… and 7 more cases: add --every"
    assert f"vans.breached (warning)  {count} cases: It does not hold." in lines
    assert lines[-1].startswith(f"In total {count} cases, {count} with breaches: {count} breached")
    assert len(lines) == MAX_LISTED_CASES + 6


def test_every_case_is_shown_in_full_on_request(capsys: pytest.CaptureFixture[str]) -> None:
    written(TableWriter(ON, show_all=True), (case_of(number, "satisfied") for number in range(60)))
    assert capsys.readouterr().out.count("✓ vans.satisfied") == 60


def test_what_a_source_does_not_say_is_collapsed_and_our_own_record_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    written(TableWriter(ON, show_all=False), [case_of(1, "undetermined", source="web_page")])
    collapsed = capsys.readouterr().out
    assert "Make it hold." not in collapsed
    assert "could" in collapsed
    written(TableWriter(ON, show_all=False), [case_of(1, "undetermined")])
    assert "? vans.undetermined  undetermined" in capsys.readouterr().out


def test_without_cases_the_table_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    written(TableWriter(ON, show_all=False), [])
    assert capsys.readouterr().out == "No cases existed on 16 April 2018.\n"


def test_json_is_one_document_with_all_parts(capsys: pytest.CaptureFixture[str]) -> None:
    cases = [case_of(1, "breached"), case_of(2), case_of(3, "breached", "satisfied")]
    written(JsonWriter(ON), [cases[0], ROW, *cases[1:]])
    found = json.loads(capsys.readouterr().out)
    assert found["findings"] == [audited.as_json() for case in cases for audited in case.findings]
    assert found["cases"] == [case.as_json() for case in cases]
    assert found["unread"] == [ROW.as_json()]
    assert (found["as_of"], found["totals"]["unread"]) == ("2018-04-16", 1)


def test_json_without_results_is_a_document_too(capsys: pytest.CaptureFixture[str]) -> None:
    written(JsonWriter(ON), [])
    found = json.loads(capsys.readouterr().out)
    assert (found["findings"], found["cases"], found["unread"]) == ([], [], [])


def test_each_line_of_jsonl_says_what_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    case = case_of(1, "breached")
    written(JsonLinesWriter(ON), [case, ROW])
    finding, of_case, row, totals = map(json.loads, capsys.readouterr().out.splitlines())
    assert finding == {"record": "finding", **case.findings[0].as_json()}
    assert of_case == {"record": "case", **case.as_json()}
    assert row == {"record": "unread", **ROW.as_json()}
    assert (totals["record"], totals["cases"]) == ("totals", 1)


def test_a_finding_that_cases_share_is_written_with_the_day_and_act_of_each(capsys: pytest.CaptureFixture[str]) -> None:
    first = case_of(1, "breached")
    later = first.findings[0]._replace(case="A-2", on=date(2019, 1, 1), action="publish")
    second = CaseAudit("A-2", "Vans", "epa", "done", (later,))
    written(JsonLinesWriter(ON), [first, second, first])
    findings = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"record":"finding"' in line]
    assert [(one["case"], one["on"], one["action"]) for one in findings] == [
        ("A-1", "2018-04-16", "approve"), ("A-2", "2019-01-01", "publish"), ("A-1", "2018-04-16", "approve"),
    ]  # fmt: skip


def test_csv_has_a_row_for_each_finding_and_for_each_breach_that_is_gone(capsys: pytest.CaptureFixture[str]) -> None:
    gone = CaseAudit("=A,1", "Vans", "epa", "done", case_of(1, "breached").findings, gone=(("vans.old", "case"),))
    written(CsvWriter(), [gone, ROW])
    printed = capsys.readouterr()
    rows = list(csv.DictReader(io.StringIO(printed.out)))
    assert [(row["Case"], row["Control"], row["Since baseline"]) for row in rows] == [
        ("'=A,1", "vans.breached", ""), ("'=A,1", "vans.old", "gone"),
    ]  # fmt: skip
    assert printed.err == "Warning: all.csv, row 3, amount could not be read: £2,165,00 is not an amount.\n"


def test_only_the_first_warnings_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    written(CsvWriter(), (case_of(number, warnings=(f"look {number}",)) for number in range(MAX_PRINTED_WARNINGS + 4)))
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == MAX_PRINTED_WARNINGS + 1
    assert lines[-1] == "Warning: 4 more warnings: to see all, use --format json."


def test_a_warning_that_cases_share_is_printed_once(capsys: pytest.CaptureFixture[str]) -> None:
    written(CsvWriter(), (case_of(number, warnings=("look", f"at {number}")[: 2 - number]) for number in range(3)))
    first, second = capsys.readouterr().err.splitlines()
    assert first.endswith("and 1 more case: look.")
    assert second.endswith(": at 0.")


def test_files_of_which_nothing_can_be_read_are_not_called_empty(capsys: pytest.CaptureFixture[str]) -> None:
    written(TableWriter(ON, show_all=False), [ROW])
    assert capsys.readouterr().out == "No case could be read: 1 row could not.\n"
