"""The report of an audit, as a document."""

from __future__ import annotations

import io
import re
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from decisions.documents.audit_report import RecordState, build_audit_report
from decisions.documents.blocks.fields import Fields
from decisions.documents.blocks.heading import Heading
from decisions.documents.blocks.summary_box import SummaryBox
from decisions.documents.view import Document, texts_in
from decisions.output import html
from rules.errors import InputError
from rules.packs.library import Library
from rules.values.passages import Listing, Paragraph, Table
from tests.decisions.cases import shipped_scheme
from tests.decisions.fixed_services import services_at
from tests.decisions.output import verapdf
from tests.rendered_documents import render_once
from workflow.services.audit_findings import Audit, CaseAudit
from workflow.services.paper_audit import audit_paper

AS_IT_WAS = Path(__file__).parents[3] / "decisions" / "examples" / "smarter-working-as-it-was.yaml"
SCHEMES = {name: Library.load([]).scheme(name) for name in ("gla", "mopac")}
STATE = RecordState(19, "f" * 64)
EVERY_NTH = 8
"""Of the findings, so many are printed: each outcome is among them, and all of them take seconds to set."""


@pytest.fixture(scope="module")
def audit(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    """Return the audit of the real case as it was."""
    services = services_at(tmp_path_factory.mktemp("audit") / "assent.db")
    return audit_paper(services, AS_IT_WAS.read_bytes(), "PCD 361", date(2018, 5, 1))


def headings(report: Document, level: int) -> list[str]:
    return [block.text for block in report.blocks if isinstance(block, Heading) and block.level == level]


def fields_of(report: Document, control: str) -> dict[str, str]:
    """Return the fields of the first open finding of a control, by label."""
    lists = (block for block in report.blocks if isinstance(block, Fields))
    return next(values for each in lists if (values := {f.label: f.value for f in each.items})["Control"] == control)


def test_the_first_page_counts_the_findings_by_outcome(audit: Audit) -> None:
    report = build_audit_report(audit, SCHEMES, STATE, show_all=False)
    [box] = [block for block in report.blocks if isinstance(block, SummaryBox)]
    counts = audit.cases[0].count_outcomes()
    assert [(field.label, field.value) for field in box.items] == [
        ("As the record stood on", "1 May 2018"),
        ("Cases", "1"),
        ("Breached", str(counts["breached"])),
        ("Undetermined", str(counts["undetermined"])),
        ("Satisfied", str(counts["satisfied"])),
        ("Not applicable", str(counts["not_applicable"])),
    ]
    assert (report.marking, report.title, report.authority) == (
        "NOT FOR PUBLICATION",
        "Audit of PCD 361",
        "Mayor's Office for Policing And Crime",
    )


def test_each_open_finding_has_its_evidence_clause_law_and_cure(audit: Audit) -> None:
    report = build_audit_report(audit, SCHEMES, STATE, show_all=False)
    open_findings = [each for each in audit.cases[0].findings if each.finding.is_breached_or_undetermined]
    assert len(open_findings) > 25
    assert len(headings(report, 3)) == 1 + len(open_findings)
    values = fields_of(report, "decision.in_time")
    assert list(values) == ["Evidence", "Clause", "Judged", "What to do", "Control"]
    assert values["Evidence"].startswith("Day of the decision: 16 April 2018. Expected: on or before “")
    assert values["What to do"] == "Give the reason with the decision: --set decision.late_reason='...'"
    assert values["Judged"].startswith("At “Approve the request”, 16 April 2018. The rule is in force from ")


def test_open_findings_are_listed_at_a_glance_before_each_in_full(audit: Audit) -> None:
    blocks = build_audit_report(audit, SCHEMES, STATE, show_all=False).blocks
    first = blocks.index(Heading("At a glance", 3)) + 1
    groups = list(zip(blocks[first : first + 8 : 2], blocks[first + 1 : first + 8 : 2], strict=True))
    assert [title.text for title, _ in groups if isinstance(title, Paragraph)] == [
        "Breached:", "Breached (warning):", "Undetermined:", "Undetermined (warning):",
    ]  # fmt: skip
    listed = [item.text for _, listing in groups if isinstance(listing, Listing) for item in listing.items]
    assert len(listed) == len(audit.cases[0].open_findings())
    assert "The decision is later than the day it was needed." in listed
    assert "Exemption s43: The paper claims this exemption without its legal rationale." in listed


def test_it_speaks_in_labels_and_never_in_names_of_facts(audit: Audit) -> None:
    report = build_audit_report(audit, SCHEMES, STATE, show_all=True)
    dotted = {name for name in shipped_scheme().rulebook.facts if "." in name or "_" in name}
    controls = {each.finding.control for each in audit.cases[0].findings}
    texts = [text for block in report.blocks for text in texts_in(block) if text not in controls]
    named = {
        name
        for name in dotted
        for text in texts
        if re.search(rf"(?<![\w.:/-])(?<!--set ){re.escape(name)}(?![\w.:/=-])", text)
    }
    assert named == set()


def test_what_is_to_be_typed_keeps_the_names_of_facts(audit: Audit) -> None:
    report = build_audit_report(audit, SCHEMES, STATE, show_all=False)
    assert "--set interests.considered=yes" in fields_of(report, "interests.stated")["What to do"]


def test_an_undetermined_finding_is_not_called_wrong(audit: Audit) -> None:
    report = build_audit_report(audit, SCHEMES, STATE, show_all=False)
    assert "Missing" in fields_of(report, "figure.adds_up")
    assert not any(text.startswith("Breached") and "adds up" in text for text in headings(report, 3))


def test_satisfied_controls_are_listed_on_request(audit: Audit) -> None:
    assert not any(
        isinstance(block, Table) for block in build_audit_report(audit, SCHEMES, STATE, show_all=False).blocks
    )
    [table] = [
        block for block in build_audit_report(audit, SCHEMES, STATE, show_all=True).blocks if isinstance(block, Table)
    ]
    counts = audit.cases[0].count_outcomes()
    assert len(table.rows) == counts["satisfied"] + counts["not_applicable"]


def test_a_report_on_several_cases_lists_them_first(audit: Audit) -> None:
    other = CaseAudit("GLA-1", "Park", "gla", "draft", (), ("its packs are not kept",))
    report = build_audit_report(replace(audit, cases=(*audit.cases, other)), SCHEMES, STATE, show_all=False)
    [table] = [block for block in report.blocks if isinstance(block, Table)]
    assert [row[0].text for row in table.rows] == [
        "PCD 361: Smarter Working – Business Justification Paper",
        "GLA-1: Park",
    ]
    assert report.authority == "Mayor's Office for Policing And Crime; Greater London Authority"
    assert Paragraph("Nothing is breached, and nothing undetermined.") in report.blocks
    assert any(
        isinstance(block, Listing) and block.items[0].text == "its packs are not kept." for block in report.blocks
    )


def report_on(audit: Audit, case_count: int, *, show_all: bool) -> Document:
    """Build the report on so many copies of the case."""
    return build_audit_report(replace(audit, cases=audit.cases * case_count), SCHEMES, STATE, show_all=show_all)


def most_cases(audit: Audit, *, show_all: bool) -> int:
    """Return how many copies of the case a report may be on."""
    case_count = 1
    with suppress(InputError):
        while report_on(audit, case_count + 1, show_all=show_all):
            case_count += 1
    return case_count


@pytest.mark.parametrize("show_all", [False, True])
def test_a_report_that_is_too_long_is_refused_with_what_to_do(audit: Audit, show_all: bool) -> None:
    most = most_cases(audit, show_all=show_all)
    assert most > 2
    assert html.render_html(report_on(audit, most, show_all=show_all))
    with pytest.raises(InputError, match="headings, fields and cells; at most 6,000 are set") as refused:
        report_on(audit, most + 1, show_all=show_all)
    assert refused.value.advice() == "Name fewer cases, or ask for --format csv."


@pytest.mark.parametrize("profile", verapdf.PROFILES)
def test_the_pdf_keeps_both_standards_and_names_the_entry_it_was_made_at(audit: Audit, profile: str) -> None:
    some = replace(audit.cases[0], findings=audit.cases[0].findings[::EVERY_NTH])
    assert {finding.finding.outcome for finding in some.findings} == set(audit.cases[0].count_outcomes())
    data = render_once(build_audit_report(replace(audit, cases=(some,)), SCHEMES, STATE, show_all=True), "pdf")
    assert verapdf.failed_clauses(data, profile) == []
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())
    assert f"The record, entry 19. Sealed in the record as {'f' * 64}" in text


def test_a_report_on_a_file_says_that_it_is_in_no_record(audit: Audit) -> None:
    page = render_once(build_audit_report(audit, SCHEMES, RecordState(0, ""), show_all=False), "html").decode()
    assert "<p>Made from a file, and in no record.</p>" in page
