"""Audits of papers of our own record judge each act by the day that the paper gives."""

from __future__ import annotations

from datetime import date

import pytest

from rules.errors import FileError
from tests.workflow.imported_papers import RECORDED_FACTS, imported_paper_bytes
from tests.workflow.services.test_ledger_audit import audit_case, finding_on
from tests.workflow.walk import AUTHOR, request_by
from workflow.services import commands, verification
from workflow.services.commands import Services
from workflow.services.paper_audit import audit_paper

UNKNOWN_OPENER = (
    "who opened the case is not recorded, so separation.author_and_approval is not judged for them: add opened.by to "
    "recorded"
)


def own_record_bytes(stage: str = "published", recorded: str = RECORDED_FACTS) -> bytes:
    """Return the paper of the Smarter Working case as one that was recorded here."""
    return imported_paper_bytes(stage, recorded) + b"source: own_record\n"


class TestAuditOfAPaper:
    def test_each_act_is_judged_on_the_day_that_the_paper_gives(self, services: Services) -> None:
        case = audit_paper(services, own_record_bytes(), "past.yaml")
        assert (case.case, case.imported, case.stage) == ("past.yaml", True, "published")
        assert finding_on(case, "decision.in_time").finding.outcome == "breached"
        assert finding_on(case, "stages.iab_supported").on == date(2018, 4, 16)
        assert finding_on(case, "decision.reference_assigned").finding.outcome == "breached"
        assert finding_on(case, "interests.stated").finding.outcome == "breached"
        assert finding_on(case, "foia.public_interest_test", "exemption:s43").finding.outcome == "breached"

    def test_acts_that_did_not_happen_are_not_judged(self, services: Services) -> None:
        case = audit_paper(services, own_record_bytes(), "past.yaml")
        controls = {one.finding.control for one in case.findings}
        assert controls.isdisjoint({"send_back.reason_stated", "paper.amended_in_draft", "review.decided"})

    def test_a_rejected_case_is_judged_at_the_gate_of_the_rejection(self, services: Services) -> None:
        rejected = own_record_bytes("closed", "\n  pib.outcome: rejected\n  pib.on: 2018-03-14")
        case = audit_paper(services, rejected, "p.yaml")
        assert {one.action for one in case.findings} == {"submit", "pib-reject", "audit"}
        assert finding_on(case, "send_back.reason_stated").finding.outcome == "breached"
        assert finding_on(case, "send_back.reason_stated").on == date(2018, 3, 14)

    def test_a_stage_without_a_record_is_a_breach(self, services: Services) -> None:
        recorded = RECORDED_FACTS.replace("  pib.outcome: supported\n  pib.on: 2018-03-14\n", "")
        case = audit_paper(services, own_record_bytes(recorded=recorded), "past.yaml")
        assert finding_on(case, "stages.pib_supported").finding.outcome == "breached"

    @pytest.mark.parametrize(("as_of", "decided"), [("2018-04-15", False), ("2018-04-16", True)])
    def test_only_what_had_happened_by_the_day_counts(self, services: Services, as_of: str, decided: bool) -> None:
        case = audit_paper(services, own_record_bytes(), "past.yaml", date.fromisoformat(as_of))
        assert any(one.action == "approve" for one in case.findings) is decided

    def test_an_act_without_a_day_takes_the_day_of_the_next_act(self, services: Services) -> None:
        case = audit_paper(services, own_record_bytes(), "past.yaml", date(2018, 4, 10))
        assert {one.on for one in case.findings if one.action == "submit"} == {date(2018, 3, 14)}
        assert case.warnings == ("acts after 2018-04-10 are not judged", UNKNOWN_OPENER)
        case = audit_paper(services, own_record_bytes(), "past.yaml")
        assert case.warnings == (UNKNOWN_OPENER,)

    @pytest.mark.parametrize(
        ("opened_by", "outcome"), [("sophie  LINDEN", "breached"), ("Aimee Reed", "satisfied"), ("", "satisfied")]
    )
    def test_who_opened_the_case_is_apart_from_who_decided(
        self, services: Services, opened_by: str, outcome: str
    ) -> None:
        recorded = RECORDED_FACTS + (f"  opened.by: {opened_by}\n" if opened_by else "")
        case = audit_paper(services, own_record_bytes(recorded=recorded), "past.yaml")
        assert finding_on(case, "separation.author_and_approval").finding.outcome == outcome
        assert case.warnings == (() if opened_by else (UNKNOWN_OPENER,))

    def test_who_opened_it_elsewhere_is_not_recorded_in_a_store(self, services: Services) -> None:
        paper = imported_paper_bytes(recorded=f"{RECORDED_FACTS}  opened.by: Sophie Linden\n")
        with pytest.raises(FileError, match=r"recorded\.opened\.by: is not recorded by an act"):
            commands.open_case_from_paper(services, "mopac", paper, "past.yaml", request_by(AUTHOR, "2018-05-01"))

    def test_nothing_is_recorded(self, services: Services) -> None:
        before = verification.ledger_head(services)
        audit_paper(services, own_record_bytes(), "past.yaml")
        assert verification.ledger_head(services) == before

    def test_an_imported_case_gets_the_same_findings_as_its_paper(self, services: Services) -> None:
        commands.open_case_from_paper(
            services, "mopac", own_record_bytes(), "past.yaml", request_by(AUTHOR, "2018-05-01")
        )
        imported = audit_case(services)
        from_paper = audit_paper(services, own_record_bytes(), "past.yaml")
        assert imported.imported
        assert [one.finding for one in imported.findings] == [one.finding for one in from_paper.findings]

    def test_a_malformed_paper_is_refused_with_every_fault(self, services: Services) -> None:
        with pytest.raises(FileError, match=r"p\.yaml:2: stage: 'dream' is not a stage of mopac"):
            audit_paper(services, b"scheme: mopac\nstage: dream\npublic: {}\n", "p.yaml")
