"""An audit judges each act by the law of its own day, and says what it could not judge."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from rules.errors import FileError, InputError
from rules.packs.library import Library
from tests.workflow.imported_papers import RECORDED_FACTS, imported_paper_bytes
from tests.workflow.walk import AUTHOR, CASE_ID, new_services, request_by, services_at, shipped_library, walk_to_stage
from workflow.services import commands as at_desk
from workflow.services import queries, verification
from workflow.services.audit import AuditedFinding, CaseAudit, audit_cases, audit_paper
from workflow.services.commands import Services


def of(case: CaseAudit, control: str, subject: str = "case") -> AuditedFinding:
    [found] = [one for one in case.findings if (one.finding.control, one.finding.subject) == (control, subject)]
    return found


def audited(desk: Services, as_of: str | None = None) -> CaseAudit:
    [case] = audit_cases(desk, [CASE_ID], date.fromisoformat(as_of) if as_of else None).cases
    return case


def with_rules(old: bytes, new: bytes, file: str = "law/decision-practice.yaml") -> Library:
    """The shipped packs with one thing changed."""
    files = dict(shipped_library().files)
    assert old in files[file]
    files[file] = files[file].replace(old, new, 1)
    return Library(files)


AUDITED = b"""
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
    def test_every_act_is_judged_at_its_gate_and_the_last_word_counts(self, desk: Services) -> None:
        walk_to_stage(desk, "published")
        case = audited(desk)
        assert (case.stage, case.imported, case.warnings) == ("published", False, ())
        assert (of(case, "paper.complete").gate, of(case, "paper.complete").action) == ("decide", "approve")
        assert of(case, "stages.in_order").action == "publish"
        assert of(case, "paper.report_complete").on == date(2018, 3, 7)
        assert of(case, "decision.in_time").finding.outcome == "breached"
        assert len(case.findings) == len({(one.finding.control, one.finding.subject) for one in case.findings})

    def test_what_was_refused_is_no_finding(self, desk: Services) -> None:
        walk_to_stage(desk, "published")
        assert of(audited(desk), "foia.public_interest_test", "exemption:s43").finding.outcome == "satisfied"

    def test_each_finding_tells_the_days_on_which_its_control_is_in_force(self, desk: Services) -> None:
        walk_to_stage(desk, "published")
        told = of(audited(desk), "consent.decided_by_dmpc").as_json()
        assert told["in_force"] == {"from": "2012-01-16", "to": None}
        assert (told["case"], told["on"], told["packs"]) == (
            CASE_ID,
            "2018-04-16",
            shipped_library().bundle("mopac").digest,
        )

    @pytest.mark.parametrize(
        ("as_of", "stage", "decided"),
        [("2018-04-15", "dmpc", False), ("2018-04-16", "publication", True), ("2018-04-17", "published", True)],
    )
    def test_only_what_had_happened_by_the_day_counts(
        self, desk: Services, as_of: str, stage: str, decided: bool
    ) -> None:
        walk_to_stage(desk, "published")
        case = audited(desk, as_of)
        assert case.stage == stage
        assert any(one.finding.control == "decision.in_time" for one in case.findings) is decided

    def test_a_case_that_was_not_there_yet_is_not_audited(self, desk: Services) -> None:
        walk_to_stage(desk, "draft")
        with pytest.raises(InputError, match="was not open yet on 2018-03-06"):
            audited(desk, "2018-03-06")
        assert audit_cases(desk, [], date(2018, 3, 6)).cases == ()

    def test_a_day_that_has_not_come_is_refused(self, desk: Services) -> None:
        with pytest.raises(InputError, match="has not come"):
            audit_cases(desk, [], date(2019, 1, 1))

    def test_all_cases_are_audited_where_none_is_named(self, desk: Services) -> None:
        walk_to_stage(desk, "published")
        at_desk.open_case(desk, "mopac", {"title": "Another"}, {}, request_by(AUTHOR, "2018-05-01"))
        found = audit_cases(desk, [])
        assert [case.case for case in found.cases] == [CASE_ID, "MOPAC-2018-2"]
        assert found.has_breaches
        assert not audit_cases(desk, ["mopac-2018-2"]).has_breaches

    def test_a_review_is_judged_like_any_other_act(self, desk: Services) -> None:
        walk_to_stage(desk, "published")
        said = {"exemption:s43.released": "All of it."}
        finish = at_desk.ReviewOutcome("exemption:s43", "release-in-full", said)
        at_desk.record_review(desk, CASE_ID, finish, request_by("governance-team", "2018-06-01"))
        found = of(audited(desk), "review.release_described", "exemption:s43")
        assert (found.finding.outcome, found.action) == ("satisfied", "release-in-full")


def acts(case: CaseAudit) -> list[dict[str, object]]:
    """What was found of the acts, without the auditor's own look, which is by the packs of today."""
    return [one.as_json() for one in case.findings if one.gate != "audit"]


class TestTheLawOfItsDays:
    """“A case under a pack version that is no longer there is shown and audited with a clear warning and never
    silently re-judged.”
    """

    CHANGED = (b"      decision.reference: {known: true}", b"      decision.reference: {known: false}")

    def test_a_change_of_the_packs_does_not_change_what_was_found(self, path: Path) -> None:
        desk = new_services(path)
        walk_to_stage(desk, "published")
        then = audited(desk)
        later = audited(services_at(path, with_rules(*self.CHANGED)))
        assert of(later, "decision.reference_assigned").finding.outcome == "satisfied"
        assert acts(later) == acts(then)

    def test_it_says_that_other_packs_are_those_of_today(self, path: Path) -> None:
        walk_to_stage(new_services(path), "published")
        [warning] = audited(services_at(path, with_rules(*self.CHANGED))).warnings
        assert shipped_library().bundle("mopac").digest[:12] in warning
        assert warning.endswith("is judged by those, and today's differ in law")

    def test_a_case_that_was_left_under_other_packs_says_so_wherever_it_is_judged(self, path: Path) -> None:
        at_desk.open_case(new_services(path), "mopac", {"title": "Another"}, {}, request_by(AUTHOR, "2018-03-07"))
        other = services_at(path, with_rules(*self.CHANGED))
        packs = shipped_library().bundle("mopac").digest[:12]
        left = f"the law changed after its last act, on 2018-03-07 (packs {packs}): what comes next is"
        assert queries.describe_case_pack_change(other, CASE_ID).startswith(left)
        assert [warning for warning in audited(other).warnings if warning.startswith(left)]
        assert queries.describe_case_pack_change(services_at(path), CASE_ID) == ""

    def test_where_the_packs_are_gone_the_recorded_outcome_is_shown_with_a_warning(self, path: Path) -> None:
        desk = new_services(path)
        walk_to_stage(desk, "published")
        then = audited(desk)
        desk.store.close()
        with closing(sqlite3.connect(path)) as raw, raw:
            raw.execute("DELETE FROM pack")
        case = audited(services_at(path, with_rules(*self.CHANGED)))
        assert len([warning for warning in case.warnings if "not judged again" in warning]) == 8
        told = [(one.finding.control, one.finding.subject, one.finding.outcome) for one in case.findings]
        assert told == [(one.finding.control, one.finding.subject, one.finding.outcome) for one in then.findings]
        found = of(case, "decision.reference_assigned")
        assert (found.in_force, found.finding.citation.basis) == (None, "unverified")
        assert "not kept" in found.finding.citation.provision

    def test_a_ruling_that_comes_out_otherwise_is_warned_of(self, path: Path) -> None:
        desk = new_services(path)
        walk_to_stage(desk, "published")
        desk.store.close()
        with closing(sqlite3.connect(path)) as raw, raw:
            raw.execute("UPDATE ledger SET ruling = replace(ruling, 'breached', 'satisfied') WHERE ruling != ''")
        case = audited(services_at(path))
        assert any("comes out otherwise" in warning for warning in case.warnings)
        assert of(case, "decision.in_time").finding.outcome == "breached"


class TestTheAuditorsLook:
    LIBRARY = with_rules(b"\n  paper.complete:\n", AUDITED, "schemes/mopac/rules.yaml")

    @pytest.mark.parametrize(("as_of", "outcome"), [("2018-12-31", "satisfied"), ("2019-01-01", "breached")])
    def test_it_knows_the_day_as_of_which_the_case_is_audited(self, path: Path, as_of: str, outcome: str) -> None:
        walk_to_stage(new_services(path, self.LIBRARY), "published")
        desk = services_at(path, self.LIBRARY, date(2020, 1, 1))
        found = of(audited(desk, as_of), "paper.audited")
        assert (found.finding.outcome, found.gate) == (outcome, "audit")

    def test_a_decided_case_is_looked_at_by_the_law_of_the_day_of_its_decision(self, path: Path) -> None:
        """The control is in force in 2018 only, and the audit is as of 2019."""
        walk_to_stage(new_services(path, self.LIBRARY), "published")
        found = of(audited(services_at(path, self.LIBRARY, date(2020, 1, 1)), "2019-06-01"), "paper.audited")
        assert found.on == date(2018, 4, 16)
        assert found.finding.outcome == "breached"

    def test_a_case_that_is_not_decided_is_looked_at_by_the_law_of_the_day_of_the_audit(self, path: Path) -> None:
        walk_to_stage(new_services(path, self.LIBRARY), "dmpc")
        found = of(audited(services_at(path, self.LIBRARY, date(2020, 1, 1)), "2019-06-01"), "paper.audited")
        assert found.finding.outcome == "not_applicable"


class TestAFile:
    def test_each_act_that_it_tells_of_is_judged_on_the_day_that_it_gives(self, desk: Services) -> None:
        [case] = audit_paper(desk, imported_paper_bytes(), "past.yaml").cases
        assert (case.case, case.imported, case.stage) == ("past.yaml", True, "published")
        assert of(case, "decision.in_time").finding.outcome == "breached"
        assert of(case, "stages.iab_supported").on == date(2018, 4, 16)
        assert of(case, "decision.reference_assigned").finding.outcome == "breached"
        assert of(case, "interests.stated").finding.outcome == "breached"
        assert of(case, "foia.public_interest_test", "exemption:s43").finding.outcome == "breached"

    def test_what_did_not_happen_is_not_judged(self, desk: Services) -> None:
        [case] = audit_paper(desk, imported_paper_bytes(), "past.yaml").cases
        controls = {one.finding.control for one in case.findings}
        assert controls.isdisjoint({"send_back.reason_stated", "paper.amended_in_draft", "review.decided"})

    def test_a_case_that_was_sent_back_is_judged_by_what_that_asks(self, desk: Services) -> None:
        rejected = imported_paper_bytes("closed", "\n  pib.outcome: rejected\n  pib.on: 2018-03-14")
        [case] = audit_paper(desk, rejected, "p.yaml").cases
        assert {one.action for one in case.findings} == {"submit", "pib-reject", "audit"}
        assert of(case, "send_back.reason_stated").finding.outcome == "breached"
        assert of(case, "send_back.reason_stated").on == date(2018, 3, 14)

    def test_a_stage_that_left_no_record_is_found(self, desk: Services) -> None:
        recorded = RECORDED_FACTS.replace("  pib.outcome: supported\n  pib.on: 2018-03-14\n", "")
        [case] = audit_paper(desk, imported_paper_bytes(recorded=recorded), "past.yaml").cases
        assert of(case, "stages.pib_supported").finding.outcome == "breached"

    @pytest.mark.parametrize(("as_of", "decided"), [("2018-04-15", False), ("2018-04-16", True)])
    def test_only_what_had_happened_by_the_day_counts(self, desk: Services, as_of: str, decided: bool) -> None:
        [case] = audit_paper(desk, imported_paper_bytes(), "past.yaml", date.fromisoformat(as_of)).cases
        assert any(one.action == "approve" for one in case.findings) is decided

    def test_an_act_without_a_day_was_no_later_than_the_act_after_it(self, desk: Services) -> None:
        [case] = audit_paper(desk, imported_paper_bytes(), "past.yaml", date(2018, 4, 10)).cases
        assert {one.on for one in case.findings if one.action == "submit"} == {date(2018, 3, 14)}
        assert case.warnings == ("acts after 2018-04-10 are not judged",)
        [case] = audit_paper(desk, imported_paper_bytes(), "past.yaml").cases
        assert case.warnings == ()

    def test_nothing_is_recorded(self, desk: Services) -> None:
        before = verification.ledger_head(desk)
        audit_paper(desk, imported_paper_bytes(), "past.yaml")
        assert verification.ledger_head(desk) == before

    def test_a_case_that_was_entered_is_found_to_be_the_same(self, desk: Services) -> None:
        at_desk.open_case_from_paper(
            desk, "mopac", imported_paper_bytes(), "past.yaml", request_by(AUTHOR, "2018-05-01")
        )
        entered = audited(desk)
        [told] = audit_paper(desk, imported_paper_bytes(), "past.yaml").cases
        assert entered.imported
        assert [one.finding for one in entered.findings] == [one.finding for one in told.findings]

    def test_a_malformed_one_is_refused_with_every_fault(self, desk: Services) -> None:
        with pytest.raises(FileError, match=r"p\.yaml:2: stage: 'dream' is not a stage of mopac"):
            audit_paper(desk, b"scheme: mopac\nstage: dream\npublic: {}\n", "p.yaml")
