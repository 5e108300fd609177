"""The report of an audit, as a document."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from decisions.documents.audit_report import MAX_PLACES, AuditReport, RecordState
from decisions.documents.blocks.bar_chart import BarChart
from decisions.documents.blocks.fields import Fields
from decisions.documents.blocks.heading import Heading
from decisions.documents.blocks.registry import Block
from decisions.documents.blocks.summary_box import SummaryBox
from decisions.documents.view import Document, texts_in
from rules.errors import InputError
from rules.values.passages import Listing, Paragraph, Table
from tests.decisions.cases import shipped_scheme
from tests.decisions.fixed_services import services_at
from tests.decisions.output import verapdf
from tests.rendered_documents import render_once
from workflow.papers.records import UnreadRow
from workflow.services.audit_findings import AuditResult, CaseAudit
from workflow.services.paper_audit import audit_paper

AS_IT_WAS = Path(__file__).parents[3] / "decisions" / "examples" / "smarter-working-as-it-was.yaml"
STATE = RecordState(19, "f" * 64)
AS_OF = date(2018, 5, 1)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> CaseAudit:
    """Return the audit of the real case as it was, as if our own record held all of it."""
    services = services_at(tmp_path_factory.mktemp("audit") / "assent.db")
    return audit_paper(services, b"source: own_record\n" + AS_IT_WAS.read_bytes(), "PCD 361", AS_OF)


def report_on(*results: AuditResult, show_all: bool = False, state: RecordState = STATE) -> Document:
    report = AuditReport(AS_OF, show_all=show_all)
    for result in results:
        report.take(result)
    return report.build(state)


def copies(case: CaseAudit, count: int, first_year: int = 2018) -> Iterable[CaseAudit]:
    """Return copies of a case with numbers of their own, decided in four years one after the other."""
    for number in range(count):
        yield replace(case, case=f"CASE-{number}", decided_on=date(first_year + number % 4, 4, 16))


def headings(report: Document, level: int) -> list[str]:
    return [block.text for block in report.blocks if isinstance(block, Heading) and block.level == level]


def blocks_below(report: Document, heading: str) -> list[Block]:
    """Return the blocks between a heading and the next one."""
    places = [place for place, block in enumerate(report.blocks) if isinstance(block, Heading)]
    start = next(place for place in places if heading in str(report.blocks[place]))
    stop = next((place for place in places if place > start), len(report.blocks))
    return list(report.blocks[start + 1 : stop])


def fields_below(report: Document, heading: str) -> dict[str, str]:
    [fields] = [block for block in blocks_below(report, heading) if isinstance(block, Fields)]
    return {field.label: field.value for field in fields.items}


def tables_of(report: Document) -> list[Table]:
    return [block for block in report.blocks if isinstance(block, Table)]


class TestTheFirstPage:
    def test_it_counts_cases_sources_and_findings(self, case: CaseAudit) -> None:
        report = report_on(case)
        [box] = [block for block in report.blocks if isinstance(block, SummaryBox)]
        counts = case.count_outcomes()
        values = {field.label: field.value for field in box.items}
        assert values.pop("Breached").startswith(f"{counts['breached']} (")
        assert values == {
            "As the record stood on": "1 May 2018",
            "Cases": "1, 1 with breaches",
            "Source": "1 by own record",
            "Undetermined": str(counts["undetermined"]),
            "Not held": str(counts["not_held"]),
            "Satisfied": str(counts["satisfied"]),
            "Not applicable": str(counts["not_applicable"]),
            "Decision": case.title,
        }
        assert (report.marking, report.title, report.authority) == (
            "NOT FOR PUBLICATION",
            "Audit of PCD 361",
            "Mayor's Office for Policing And Crime",
        )

    def test_a_case_of_a_file_is_named_by_reference_and_title(self, case: CaseAudit) -> None:
        elsewhere = replace(case, source="web_page", reference="PCD 361", case="past/one.yaml", title="Phones " * 20)
        named = elsewhere.name_in_list
        assert named.startswith("PCD 361, Phones Phones")
        assert named.endswith("… (past/one.yaml)")
        assert replace(elsewhere, reference="", title="past/one.yaml").name_in_list == "past/one.yaml"
        assert any(named in text for text in texts_in(report_on(elsewhere, case)))

    def test_an_undated_breach_names_all_days_that_it_is_judged_for(self, case: CaseAudit) -> None:
        findings = tuple(one._replace(not_before=date(2017, 1, 2), gate="audit_elsewhere") for one in case.findings)
        text = " ".join(texts_in(report_on(replace(case, findings=findings))))
        assert "Judged on the record as a whole, a day from 2 January 2017 to" in text

    def test_the_report_on_one_case_has_no_tables(self, case: CaseAudit) -> None:
        assert tables_of(report_on(case)) == []

    def test_several_cases_have_breaches_by_rule_a_trend_and_a_matrix(self, case: CaseAudit) -> None:
        report = report_on(*copies(case, 6), replace(case, case="SOUND", findings=()))
        years, breaches, matrix = tables_of(report)
        numbered = [heading.split(". ", 1) for heading in headings(report, 3)]
        assert [[row[0].text, row[1].text] for row in breaches.rows] == numbered
        assert {row[3].text for row in breaches.rows} == {"6"}
        assert [[cell.text for cell in row][:3] for row in years.rows] == [
            ["2018", "3", "2"],
            ["2019", "2", "2"],
            ["2020", "1", "1"],
            ["2021", "1", "1"],
        ]
        assert [row[0].text for row in matrix.rows] == [f"CASE-{number}" for number in range(6)]
        assert all({cell.text for cell in row[1:-1]} <= {"B", "W"} for row in matrix.rows)

    def test_the_trend_is_a_picture_with_its_numbers_in_words(self, case: CaseAudit) -> None:
        [chart] = [block for block in report_on(*copies(case, 6)).blocks if isinstance(block, BarChart)]
        assert chart.alt == (
            "Bar chart of cases with breaches. 2018: 2 of 2, 2019: 2 of 2, 2020: 1 of 1, 2021: 1 of 1."
        )
        assert chart.svg.count("<rect") == 2 * len(chart.bars)

    def test_cases_of_one_year_have_no_trend(self, case: CaseAudit) -> None:
        report = report_on(case, replace(case, case="TWO"))
        assert not any(isinstance(block, BarChart) for block in report.blocks)


class TestABreach:
    def test_it_is_headed_by_what_is_wrong_and_has_source_rule_and_cure(self, case: CaseAudit) -> None:
        values = fields_below(report_on(case), "The decision is later than the day it was needed.")
        assert list(values) == ["Seen", "Rule", "What to do"]
        assert values["Seen"].startswith("Day of the decision: 16 April 2018. Expected: on or before “")
        assert values["Seen"].endswith("Judged at “Approve the request”, 16 April 2018.")
        assert values["Rule"].endswith(" Control decision.in_time.")
        assert values["What to do"] == "Give the reason with the decision: --set decision.late_reason='...'"

    def test_no_heading_names_a_control(self, case: CaseAudit) -> None:
        controls = {audited.finding.control for audited in case.findings}
        for heading in headings(report_on(case), 3):
            assert not any(control in heading for control in controls)

    def test_findings_of_one_control_on_several_subjects_are_one_entry(self, case: CaseAudit) -> None:
        report = report_on(case)
        breached = [one.finding for one in case.findings if one.finding.outcome == "breached"]
        several = {one.control for one in breached if sum(one.control == each.control for each in breached) > 1}
        assert len(headings(report, 3)) == len({one.control for one in breached}) < len(breached)
        listings = [block for block in report.blocks if isinstance(block, Listing) and len(block.items) > 1]
        assert len(listings) >= len(several) > 0

    def test_many_cases_are_counted_and_the_first_are_listed(self, case: CaseAudit) -> None:
        report = report_on(*copies(case, 30))
        heading = "The decision is later than the day it was needed."
        assert fields_below(report, heading)["Extent"] == "30 of 30 cases"
        [listing] = [block for block in blocks_below(report, heading) if isinstance(block, Listing)]
        *places, rest = [item.text for item in listing.items]
        assert len(places) == MAX_PLACES
        assert places[0].startswith("CASE-0: Day of the decision: 16 April 2018.")
        assert rest == "and 25 more: assent audit --format csv lists all"

    def test_it_speaks_in_labels_and_never_in_names_of_facts(self, case: CaseAudit) -> None:
        report = report_on(case, show_all=True)
        dotted = {name for name in shipped_scheme().rulebook.facts if "." in name or "_" in name}
        texts = [re.sub(r"Control [\w.]+\.$", "", text) for block in report.blocks for text in texts_in(block)]
        named = {
            name
            for name in dotted
            for text in texts
            if re.search(rf"(?<![\w.:/-])(?<!--set ){re.escape(name)}(?![\w.:/=-])", text)
        }
        assert named == set()

    def test_a_case_whose_scheme_is_not_known_any_more_keeps_the_names(self, case: CaseAudit) -> None:
        report = report_on(replace(case, read_by=None))
        assert report.authority == "No authority"
        assert fields_below(report, "later than the day it was needed")["Seen"].startswith("decided_on: 16 April 2018.")


class TestTheRest:
    def test_what_could_not_be_judged_is_summed_with_one_line_for_each_reason(self, case: CaseAudit) -> None:
        one, many = (report_on(case), report_on(*copies(case, 30)))
        undetermined = case.count_outcomes()["undetermined"]
        [listing] = [block for block in blocks_below(one, "What could not be judged") if isinstance(block, Listing)]
        assert 0 < len(listing.items) <= undetermined
        [again] = [block for block in blocks_below(many, "What could not be judged") if isinstance(block, Listing)]
        assert len(again.items) == len(listing.items)
        assert all(": 30 checks, such as: " in item.text or " checks, such as: " in item.text for item in again.items)

    def test_notes_stand_with_their_case_and_are_limited(self, case: CaseAudit) -> None:
        noted = replace(case, warnings=("its packs are not kept",))
        report = report_on(*copies(noted, 8))
        below = blocks_below(report, "Please note")
        assert Paragraph(f"CASE-0: {case.title}:") in below
        assert below[-1] == Paragraph("3 more cases have notes: assent audit --format json.")
        assert isinstance(below[1], Listing)
        assert below[1].items[0].text == "its packs are not kept."

    def test_rows_that_could_not_be_read_are_listed(self, case: CaseAudit) -> None:
        rows = [UnreadRow("all.csv", number, "amount", "£2,165,00 is not an amount") for number in range(2, 30)]
        report = report_on(case, *rows)
        [listing] = [block for block in blocks_below(report, "Rows that could not") if isinstance(block, Listing)]
        assert listing.items[0].text == "all.csv, row 2, amount could not be read: £2,165,00 is not an amount."
        assert listing.items[-1].text == "And 8 more."

    def test_satisfied_controls_are_listed_on_request(self, case: CaseAudit) -> None:
        [table] = tables_of(report_on(case, show_all=True))
        counts = case.count_outcomes()
        assert len(table.rows) == counts["satisfied"] + counts["not_applicable"]

    def test_a_case_in_order_has_nothing_breached(self, case: CaseAudit) -> None:
        assert Paragraph("Nothing is breached.") in report_on(replace(case, findings=())).blocks

    def test_a_report_that_lists_everything_and_is_too_long_is_refused(self, case: CaseAudit) -> None:
        assert report_on(*copies(case, 60))
        with pytest.raises(InputError, match="headings, fields and cells; at most 6,000 are set") as refused:
            report_on(*copies(case, 60), show_all=True)
        assert refused.value.advice() == "Leave out --every, name fewer cases, or ask for --format csv."


class TestTheFile:
    def test_the_pdf_keeps_both_standards_and_names_the_entry_it_was_made_at(self, case: CaseAudit) -> None:
        data = render_once(report_on(*copies(case, 2)), "pdf")
        assert {name: verapdf.failed_clauses(data, name) for name in verapdf.PROFILES} == {"2a": [], "ua1": []}
        text = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())
        assert f"The record, entry 19. Sealed in the record as {'f' * 64}" in text

    def test_a_report_on_a_file_says_that_it_is_in_no_record(self, case: CaseAudit) -> None:
        page = render_once(report_on(case, state=RecordState(0, "")), "html").decode()
        assert "<p>Made from a file, and in no record.</p>" in page
