"""The report of an audit, as a document."""

from __future__ import annotations

import io
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
from decisions.documents.view import Document
from decisions.output import html
from decisions.output.pdf import render_file
from rules.errors import InputError
from rules.values.passages import Listing, Paragraph, Table
from tests.decisions.fixed_services import services_at
from tests.decisions.output import verapdf
from workflow.services.audit import Audit, CaseAudit, audit_paper

AS_IT_WAS = Path(__file__).parents[3] / "decisions" / "examples" / "smarter-working-as-it-was.yaml"
NAMES = {"mopac": "Mayor's Office for Policing And Crime"}
STATE = RecordState(19, "f" * 64)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    """The audit of the real case as it was."""
    services = services_at(tmp_path_factory.mktemp("audit") / "assent.db")
    return audit_paper(services, AS_IT_WAS.read_bytes(), "PCD 361", date(2018, 5, 1))


def headings(made: Document, level: int) -> list[str]:
    return [block.text for block in made.blocks if isinstance(block, Heading) and block.level == level]


def test_the_front_says_what_the_audit_comes_to(found: Audit) -> None:
    made = build_audit_report(found, NAMES, STATE, show_all=False)
    [box] = [block for block in made.blocks if isinstance(block, SummaryBox)]
    counted = found.cases[0].count_outcomes()
    assert [(field.label, field.value) for field in box.items] == [
        ("As the record stood on", "1 May 2018"),
        ("Cases", "1"),
        ("Breached", str(counted["breached"])),
        ("Undetermined", str(counted["undetermined"])),
        ("Satisfied", str(counted["satisfied"])),
        ("Not applicable", str(counted["not_applicable"])),
    ]
    assert (made.marking, made.title, made.authority) == ("NOT FOR PUBLICATION", "Audit of PCD 361", NAMES["mopac"])


def test_each_finding_that_is_open_stands_with_its_evidence_clause_law_and_cure(found: Audit) -> None:
    made = build_audit_report(found, NAMES, STATE, show_all=False)
    asked = [one for one in found.cases[0].findings if one.finding.is_breached_or_undetermined]
    assert len(asked) > 25
    assert len(headings(made, 3)) == 1 + len(asked)
    place = next(n for n, block in enumerate(made.blocks) if getattr(block, "text", "").startswith("decision.in_time"))
    fields = made.blocks[place + 1]
    assert isinstance(fields, Fields)
    told = {field.label: field.value for field in fields.items}
    assert list(told) == ["What is wrong", "Evidence", "Clause", "Law", "Cure"]
    assert "decided_on is 16 April 2018; expected: is on or before required_by (30 March 2018)" in told["Evidence"]
    assert told["Law"].startswith("judged at approve of 2018-04-16, in force from ")


def test_what_is_open_stands_at_a_glance_before_it_is_told_in_full(found: Audit) -> None:
    blocks = build_audit_report(found, NAMES, STATE, show_all=False).blocks
    first = blocks.index(Heading("At a glance", 3)) + 1
    groups = list(zip(blocks[first : first + 8 : 2], blocks[first + 1 : first + 8 : 2], strict=True))
    assert [told.text for told, _ in groups if isinstance(told, Paragraph)] == [
        "Breached:", "Breached (warning):", "Undetermined:", "Undetermined (warning):",
    ]  # fmt: skip
    listed = [item.text for _, listing in groups if isinstance(listing, Listing) for item in listing.items]
    assert len(listed) == len(found.cases[0].open_findings())
    assert "The decision is taken after the day on which it was needed. (decision.in_time)" in listed
    assert "The exemption is claimed without its legal rationale. (foia.rationale_stated of exemption:s43)" in listed


def test_what_nobody_can_tell_is_not_called_wrong(found: Audit) -> None:
    blocks = build_audit_report(found, NAMES, STATE, show_all=False).blocks
    place = next(n for n, block in enumerate(blocks) if getattr(block, "text", "").startswith("figure.adds_up"))
    fields = blocks[place + 1]
    assert isinstance(fields, Fields)
    assert fields.items[0].label == "What is asked"


def test_what_is_in_order_is_named_where_it_is_asked_for(found: Audit) -> None:
    assert not any(isinstance(block, Table) for block in build_audit_report(found, NAMES, STATE, show_all=False).blocks)
    [table] = [
        block for block in build_audit_report(found, NAMES, STATE, show_all=True).blocks if isinstance(block, Table)
    ]
    counted = found.cases[0].count_outcomes()
    assert len(table.rows) == counted["satisfied"] + counted["not_applicable"]


def test_several_cases_are_listed_first(found: Audit) -> None:
    other = CaseAudit("GLA-1", "Park", "gla", "draft", (), ("its packs are not kept",))
    made = build_audit_report(replace(found, cases=(*found.cases, other)), NAMES, STATE, show_all=False)
    [table] = [block for block in made.blocks if isinstance(block, Table)]
    assert [row[0].text for row in table.rows] == [
        "PCD 361: Smarter Working – Business Justification Paper",
        "GLA-1: Park",
    ]
    assert made.authority == f"{NAMES['mopac']}; gla"
    assert Paragraph("Nothing is breached, and nothing undetermined.") in made.blocks
    assert any(isinstance(block, Listing) and block.items[0].text == "its packs are not kept." for block in made.blocks)


def told_often(found: Audit, times: int, *, every: bool) -> Document:
    """The report of as many cases, each as the first."""
    return build_audit_report(replace(found, cases=found.cases * times), NAMES, STATE, show_all=every)


def most_cases(found: Audit, *, every: bool) -> int:
    """How many such cases a report may have at most."""
    times = 1
    with suppress(InputError):
        while told_often(found, times + 1, every=every):
            times += 1
    return times


@pytest.mark.parametrize("every", [False, True])
def test_a_report_that_is_too_long_to_be_set_is_refused_with_what_to_do(found: Audit, every: bool) -> None:
    most = most_cases(found, every=every)
    assert most > 2
    assert html.render_html(told_often(found, most, every=every))
    with pytest.raises(InputError, match="headings, fields and cells; at most 6,000 are set") as refused:
        told_often(found, most + 1, every=every)
    assert refused.value.advice() == "Name fewer cases, or ask for --format csv."


@pytest.mark.parametrize("profile", verapdf.PROFILES)
def test_the_pdf_keeps_both_standards_and_names_the_entry_it_was_made_at(found: Audit, profile: str) -> None:
    data = render_file(build_audit_report(found, NAMES, STATE, show_all=True), "pdf")
    assert verapdf.failed_clauses(data, profile) == []
    said = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())
    assert f"The record, entry 19. Sealed in the record as {'f' * 64}" in said


def test_of_a_case_in_no_record_it_says_so(found: Audit) -> None:
    page = render_file(build_audit_report(found, NAMES, RecordState(0, ""), show_all=False), "html").decode()
    assert "<p>Told by a file, and in no record.</p>" in page
