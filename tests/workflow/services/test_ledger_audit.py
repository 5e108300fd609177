"""Audits judge each act by the law of its own day, and say what they could not judge."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from rules.errors import InputError
from rules.packs.library import Library
from tests.workflow.walk import AUTHOR, CASE_ID, new_services, request_by, services_at, shipped_library, walk_to_stage
from workflow.services import commands, queries
from workflow.services.audit_findings import AuditedFinding, CaseAudit
from workflow.services.commands import Services
from workflow.services.ledger_audit import audit_cases


def finding_on(case: CaseAudit, control: str, subject: str = "case") -> AuditedFinding:
    [found] = [one for one in case.findings if (one.finding.control, one.finding.subject) == (control, subject)]
    return found


def audit_case(services: Services, as_of: str | None = None) -> CaseAudit:
    [case] = audit_cases(services, [CASE_ID], date.fromisoformat(as_of) if as_of else None).cases
    return case


def with_changed_rules(old: bytes, new: bytes, file: str = "law/decision-practice.yaml") -> Library:
    """Return the shipped packs with one text replaced."""
    files = dict(shipped_library().files)
    assert old in files[file]
    files[file] = files[file].replace(old, new, 1)
    return Library(files)


AUDIT_CONTROL = b"""
  paper.audited:
    requirement: A case that an auditor looks at has been looked at within a year of its decision.
    wrong: The auditor comes more than a year late.
    cure: Audit cases sooner after their decisions.
    severity: warning
    requires:
      audit.on: {before: 2019-01-01}
    gates: [audit]
    in_force: {from: 2018-01-01, to: 2018-12-31}
    citation: {provision: none, basis: unverified, note: Made up for a test.}

  paper.complete:
"""


class TestADecidedCase:
    def test_every_act_is_judged_at_its_gate_and_the_last_finding_counts(self, services: Services) -> None:
        walk_to_stage(services, "published")
        case = audit_case(services)
        assert (case.stage, case.imported) == ("published", False)
        warning, late = case.warnings
        assert warning.startswith("nobody is recorded as having appointed Aimee Reed, ")
        assert late.startswith("open of 2018-03-07 was recorded 299 days later; amend of 2018-03-07 was ")
        assert (finding_on(case, "paper.complete").gate, finding_on(case, "paper.complete").action) == (
            "decide",
            "approve",
        )
        assert finding_on(case, "stages.in_order").action == "publish"
        assert finding_on(case, "paper.report_complete").on == date(2018, 3, 7)
        assert finding_on(case, "decision.in_time").finding.outcome == "breached"
        assert len(case.findings) == len({(one.finding.control, one.finding.subject) for one in case.findings})

    def test_a_refused_act_gives_no_finding(self, services: Services) -> None:
        walk_to_stage(services, "published")
        assert (
            finding_on(audit_case(services), "foia.public_interest_test", "exemption:s43").finding.outcome
            == "satisfied"
        )

    def test_a_finding_gives_the_days_on_which_its_control_is_in_force(self, services: Services) -> None:
        walk_to_stage(services, "published")
        finding_json = finding_on(audit_case(services), "consent.decided_by_dmpc").as_json()
        assert finding_json["in_force"] == {"from": "2012-01-16", "to": None}
        assert (finding_json["case"], finding_json["on"], finding_json["packs"]) == (
            CASE_ID,
            "2018-04-16",
            shipped_library().bundle("mopac").digest,
        )

    @pytest.mark.parametrize(
        ("as_of", "stage", "decided"),
        [("2018-04-15", "dmpc", False), ("2018-04-16", "publication", True), ("2018-04-17", "published", True)],
    )
    def test_only_what_had_happened_by_the_day_counts(
        self, services: Services, as_of: str, stage: str, decided: bool
    ) -> None:
        walk_to_stage(services, "published")
        case = audit_case(services, as_of)
        assert case.stage == stage
        assert any(one.finding.control == "decision.in_time" for one in case.findings) is decided

    def test_a_case_opened_after_the_audit_day_is_not_audited(self, services: Services) -> None:
        walk_to_stage(services, "draft")
        with pytest.raises(InputError, match="was not open yet on 2018-03-06"):
            audit_case(services, "2018-03-06")
        assert list(audit_cases(services, [], date(2018, 3, 6)).results) == []

    def test_a_future_day_is_refused(self, services: Services) -> None:
        with pytest.raises(InputError, match="has not come"):
            audit_cases(services, [], date(2019, 1, 1))

    def test_all_cases_are_audited_by_default(self, services: Services) -> None:
        walk_to_stage(services, "published")
        commands.open_case(services, "mopac", {"title": "Another"}, {}, request_by(AUTHOR, "2018-05-01"))
        first, second = audit_cases(services, []).cases
        assert (first.case, second.case) == (CASE_ID, "MOPAC-2018-2")
        assert first.count_outcomes()["breached"]
        [named] = audit_cases(services, ["mopac-2018-2"]).cases
        assert named == second
        assert not named.count_outcomes()["breached"]

    def test_a_review_is_judged_like_any_other_act(self, services: Services) -> None:
        walk_to_stage(services, "published")
        released = {"exemption:s43.released": "All of it."}
        outcome = commands.ReviewOutcome("exemption:s43", "release-in-full", released)
        commands.record_review(services, CASE_ID, outcome, request_by("governance-team", "2018-06-01"))
        found = finding_on(audit_case(services), "review.release_described", "exemption:s43")
        assert (found.finding.outcome, found.action) == ("satisfied", "release-in-full")


def findings_of_acts(case: CaseAudit) -> list[dict[str, object]]:
    """Return the findings on acts, without those of the gate `audit`, which the packs of today give."""
    return [one.as_json() for one in case.findings if one.gate != "audit"]


class TestPacksThatChanged:
    """“A case under a pack version that is no longer there is shown and audited with a clear warning and never
    silently re-judged.”
    """

    CHANGED = (b"      decision.reference: {known: true}", b"      decision.reference: {known: false}")

    def test_changed_packs_do_not_change_earlier_findings(self, path: Path) -> None:
        services = new_services(path)
        walk_to_stage(services, "published")
        before = audit_case(services)
        after = audit_case(services_at(path, with_changed_rules(*self.CHANGED)))
        assert finding_on(after, "decision.reference_assigned").finding.outcome == "satisfied"
        assert findings_of_acts(after) == findings_of_acts(before)

    def test_a_warning_says_that_the_packs_changed(self, path: Path) -> None:
        walk_to_stage(new_services(path), "published")
        warning, founding, _ = audit_case(services_at(path, with_changed_rules(*self.CHANGED))).warnings
        assert founding.startswith("nobody is recorded as having appointed ")
        assert shipped_library().bundle("mopac").digest[:12] in warning
        assert warning.endswith("is judged by those, and today's differ in law")

    def test_a_case_last_touched_under_other_packs_is_warned_about(self, path: Path) -> None:
        commands.open_case(new_services(path), "mopac", {"title": "Another"}, {}, request_by(AUTHOR, "2018-03-07"))
        other = services_at(path, with_changed_rules(*self.CHANGED))
        packs = shipped_library().bundle("mopac").digest[:12]
        left = f"the law changed after its last act, on 2018-03-07 (packs {packs}): what comes next is"
        assert queries.describe_case_pack_change(other, CASE_ID).startswith(left)
        assert [warning for warning in audit_case(other).warnings if warning.startswith(left)]
        assert queries.describe_case_pack_change(services_at(path), CASE_ID) == ""

    def test_without_its_packs_a_recorded_outcome_is_shown_with_a_warning(self, path: Path) -> None:
        services = new_services(path)
        walk_to_stage(services, "published")
        before = audit_case(services)
        services.store.close()
        with closing(sqlite3.connect(path)) as raw, raw:
            raw.execute("DELETE FROM pack")
        case = audit_case(services_at(path, with_changed_rules(*self.CHANGED)))
        assert len([warning for warning in case.warnings if "not judged again" in warning]) == 8
        outcomes = [(one.finding.control, one.finding.subject, one.finding.outcome) for one in case.findings]
        assert outcomes == [(one.finding.control, one.finding.subject, one.finding.outcome) for one in before.findings]
        found = finding_on(case, "decision.reference_assigned")
        assert (found.in_force, found.finding.citation.basis) == (None, "unverified")
        assert "not kept" in found.finding.citation.provision

    def test_a_ruling_that_differs_from_its_record_is_warned_about(self, path: Path) -> None:
        services = new_services(path)
        walk_to_stage(services, "published")
        services.store.close()
        with closing(sqlite3.connect(path)) as raw, raw:
            raw.execute("UPDATE ledger SET ruling = replace(ruling, 'breached', 'satisfied') WHERE ruling != ''")
        case = audit_case(services_at(path))
        assert any("comes out otherwise" in warning for warning in case.warnings)
        assert finding_on(case, "decision.in_time").finding.outcome == "breached"


class TestAuditGate:
    LIBRARY = with_changed_rules(b"\n  paper.complete:\n", AUDIT_CONTROL, "schemes/mopac/rules.yaml")

    @pytest.mark.parametrize(("as_of", "outcome"), [("2018-12-31", "satisfied"), ("2019-01-01", "breached")])
    def test_its_controls_can_read_the_day_of_the_audit(self, path: Path, as_of: str, outcome: str) -> None:
        walk_to_stage(new_services(path, self.LIBRARY), "published")
        services = services_at(path, self.LIBRARY, date(2020, 1, 1))
        found = finding_on(audit_case(services, as_of), "paper.audited")
        assert (found.finding.outcome, found.gate) == (outcome, "audit")

    def test_a_decided_case_is_judged_by_the_law_of_its_decision_day(self, path: Path) -> None:
        """The control is in force in 2018 only, and the audit is as of 2019."""
        walk_to_stage(new_services(path, self.LIBRARY), "published")
        found = finding_on(audit_case(services_at(path, self.LIBRARY, date(2020, 1, 1)), "2019-06-01"), "paper.audited")
        assert found.on == date(2018, 4, 16)
        assert found.finding.outcome == "breached"

    def test_an_undecided_case_is_judged_by_the_law_of_the_audit_day(self, path: Path) -> None:
        walk_to_stage(new_services(path, self.LIBRARY), "dmpc")
        found = finding_on(audit_case(services_at(path, self.LIBRARY, date(2020, 1, 1)), "2019-06-01"), "paper.audited")
        assert found.finding.outcome == "not_applicable"
