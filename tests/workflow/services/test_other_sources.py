"""A reader is told in one sentence what a source does not show, and which other source would."""

from __future__ import annotations

from dataclasses import replace

from tests.workflow.imported_papers import imported_paper_bytes
from workflow.services.audit_findings import CaseAudit
from workflow.services.commands import Services
from workflow.services.other_sources import MissingInSource, find_missing_in_source
from workflow.services.paper_audit import audit_paper


def audit_of_page(services: Services) -> CaseAudit:
    return audit_paper(services, b"source: web_page\n" + imported_paper_bytes(), "past.yaml")


def test_the_checks_that_need_another_source_are_counted(services: Services) -> None:
    case = audit_of_page(services)
    missing = find_missing_in_source(case)
    assert missing is not None
    assert missing.source == "web page of a decision"
    assert missing.checks == sum(one.finding.needs_other_source for one in case.findings) > 1


def test_what_most_checks_need_is_always_named(services: Services) -> None:
    """A page of an authority whose other sources show no more than the page has no better source to name."""
    text = b"scheme: gla\nstage: published\npublic: {title: Docks}\nrecorded: {decision.outcome: approved}\n"
    missing = find_missing_in_source(audit_paper(services, text, "past.yaml"))
    assert missing is not None
    assert len(missing.facts) == 3
    assert all(fact.startswith("“") for fact in missing.facts)
    assert ". Wanted most: “" in missing.describe()


def test_what_another_source_would_settle_stands_in_the_sentence() -> None:
    sentence = "3 checks need what this source (web page) does not show"
    assert MissingInSource("web page", 3).describe() == sentence
    settled = MissingInSource("web page", 3, ("“Day” (on)",), "signed decision form", 2).describe()
    assert settled == f"{sentence}; signed decision form would settle 2 of them. Wanted most: “Day” (on)"
    assert MissingInSource("web page", 1).describe().startswith("1 check needs what")


def test_our_own_record_lacks_nothing_of_its_source(services: Services) -> None:
    case = audit_paper(services, b"source: own_record\n" + imported_paper_bytes(), "past.yaml")
    assert find_missing_in_source(case) is None


def test_a_case_whose_scheme_is_not_known_any_more_names_its_source_plainly(services: Services) -> None:
    missing = find_missing_in_source(replace(audit_of_page(services), read_by=None))
    assert missing is not None
    assert (missing.source, missing.settled) == ("web page", 0)
