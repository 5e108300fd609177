"""The desk: what officers ask for, what they get back, and what is recorded of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rules.errors import FileError, InputError
from tests.workflow.walk import (
    APPROVAL_FACTS,
    AUTHOR,
    CASE_ID,
    DMPC,
    HEAD_OF_UNIT,
    PIB_CHAIR,
    SEND_BACK_FACTS,
    accepted_steps,
    act_on_case,
    explain_action,
    load_story,
    new_services,
    paper_bytes,
    request_by,
    services_at,
    story_stages,
    two_authorities,
    walk_to_stage,
)
from workflow.errors import Conflict, LedgerBroken, NotEntitled, Refusal
from workflow.history.serialization import parse_action
from workflow.ledger.entries import GENESIS, Entry
from workflow.services import commands as at_desk
from workflow.services import issued_documents, queries, verification
from workflow.services.commands import Request, Revision, Services


def last_entry(desk: Services) -> Entry:
    """The last entry, whole."""
    with desk.store.read_ledger() as (entries, _, _):
        return entries[-1]


def record(desk: Services) -> tuple[object, ...]:
    """All that a store holds."""
    with desk.store.read_ledger() as (entries, texts, shown):
        return list(entries), list(texts), list(shown)


class TestOpening:
    def test_a_case_gets_the_next_number_of_its_authority_and_year(self, desk: Services) -> None:
        for number in (1, 2, 3):
            receipt = at_desk.open_case_from_paper(
                desk, "mopac", paper_bytes(), "p.yaml", request_by(AUTHOR, "2018-03-07")
            )
            assert receipt.case == f"MOPAC-2018-{number}"
            assert (receipt.version, receipt.event, receipt.stage, receipt.ruling) == (1, "open", "draft", None)
        assert [row.case for row in queries.list_cases(desk)] == ["MOPAC-2018-1", "MOPAC-2018-2", "MOPAC-2018-3"]

    def test_two_authorities_that_number_alike_do_not_share_a_case(self, path: Path) -> None:
        desk = new_services(path, two_authorities())
        at_desk.add_officer(desk, "Else Where", "elsewhere", ["author"], request_by("", "2018-03-01"))
        one = at_desk.open_case_from_paper(desk, "mopac", paper_bytes(), "p.yaml", request_by(AUTHOR, "2018-03-07"))
        other = at_desk.open_case_from_paper(
            desk, "elsewhere", paper_bytes(), "p.yaml", request_by("else-where", "2018-03-07")
        )
        assert {one.case, other.case} == {"MOPAC-2018-1", "MOPAC-2018-2"}
        verification.verify_ledger(desk, with_replay=True)

    def test_a_paper_with_faults_opens_nothing(self, desk: Services) -> None:
        before = record(desk)
        with pytest.raises(FileError, match=r"p\.yaml:2: public\.titel"):
            at_desk.open_case_from_paper(
                desk, "mopac", b"public:\n  titel: A\n", "p.yaml", request_by(AUTHOR, "2018-03-07")
            )
        with pytest.raises(InputError, match="is recorded by an act"):
            at_desk.open_case(desk, "mopac", {"pib.outcome": "supported"}, {}, request_by(AUTHOR, "2018-03-07"))
        assert record(desk) == before

    def test_a_new_case_is_expected_at_no_version(self, desk: Services) -> None:
        with pytest.raises(Conflict, match="MOPAC-2018-1 is at version 0, not 1"):
            at_desk.open_case(desk, "mopac", {"title": "A"}, {}, request_by(AUTHOR, "2018-03-07", 1))
        assert at_desk.open_case(desk, "mopac", {"title": "A"}, {}, request_by(AUTHOR, "2018-03-07", 0)).version == 1


class TestReceipts:
    def test_it_says_what_was_recorded_and_carries_the_seal(self, desk: Services) -> None:
        walk_to_stage(desk, "pib")
        receipt = act_on_case(desk, "pib-support", PIB_CHAIR, "2018-03-14")
        entry = last_entry(desk)
        assert queries.list_case_entries(desk, CASE_ID)[-1].seal == entry.seal
        assert receipt.as_json() == {
            "case": CASE_ID,
            "version": entry.version,
            "event": "pib-support",
            "seal": entry.seal,
            "stage": "iab",
        }
        assert receipt.ruling is not None
        assert json.loads(entry.ruling) == receipt.ruling.as_receipt()
        assert verification.ledger_head(desk) == (entry.position, entry.seal)

    def test_an_entry_tells_day_officer_capacity_and_packs(self, desk: Services) -> None:
        walk_to_stage(desk, "iab")
        entry = queries.list_case_entries(desk, CASE_ID)[-1]
        body = json.loads(entry.body)
        assert (entry.on, entry.officer, entry.kind) == ("2018-03-14", "Chair of PIB", "acted")
        assert entry.recorded_at.startswith("2018-12-31T09:00:")
        assert body["capacity"] == "pib_chair"
        assert body["packs"] == desk.library.bundle("mopac").digest
        assert parse_action(entry) == "pib-support"


class TestExpectedVersions:
    @pytest.mark.parametrize("off", [-1, 1, 100])
    def test_a_case_that_has_moved_on_is_left_as_it_is(self, desk: Services, off: int) -> None:
        version = walk_to_stage(desk, "pib").version
        before = record(desk)
        with pytest.raises(
            Conflict, match=f"is at version {version}, not {version + off}: somebody acted first"
        ) as late:
            at_desk.perform_action(desk, CASE_ID, "pib-support", {}, request_by(PIB_CHAIR, "2018-03-14", version + off))
        assert (late.value.expected, late.value.actual) == (version + off, version)
        assert "Nothing was written" in late.value.advice()
        with pytest.raises(Conflict):
            at_desk.amend_paper(
                desk, CASE_ID, Revision({"title": "x"}, {}), request_by(AUTHOR, "2018-03-14", version + off)
            )
        assert record(desk) == before

    def test_the_conflict_comes_before_the_refusal_so_that_nothing_is_recorded(self, desk: Services) -> None:
        version = walk_to_stage(desk, "pib").version
        before = record(desk)
        with pytest.raises(Conflict):
            at_desk.perform_action(
                desk, CASE_ID, "approve", APPROVAL_FACTS, request_by(DMPC, "2018-03-14", version - 1)
            )
        assert record(desk) == before


class TestRefusals:
    def test_they_are_recorded_and_leave_the_version_alone(self, desk: Services) -> None:
        version = walk_to_stage(desk, "pib").version
        for number in (1, 2):
            with pytest.raises(Refusal) as refused:
                at_desk.perform_action(
                    desk, CASE_ID, "approve", APPROVAL_FACTS, request_by(DMPC, "2018-03-14", version)
                )
            last = last_entry(desk)
            assert queries.list_case_entries(desk, CASE_ID)[-1].seal == last.seal
            assert (last.kind, last.version, last.officer, last.on) == ("refused", number, "Deputy Mayor", "2018-03-14")
            assert json.loads(last.ruling) == refused.value.ruling.as_receipt()
        case, _ = queries.load_public_case(desk, CASE_ID)
        assert (case.version, case.last_on) == (version, date(2018, 3, 7))
        assert verification.verify_ledger(desk, with_replay=True).rulings == 4

    def test_one_names_control_fact_expected_actual_clause_and_cure(self, desk: Services) -> None:
        walk_to_stage(desk, "declaration")
        with pytest.raises(Refusal) as refused:
            act_on_case(desk, "declare", HEAD_OF_UNIT, "2018-04-09", declaration__finance="false")
        found = {finding.control: finding for finding in refused.value.ruling.findings if finding.blocks_gate}
        finance = found["declaration.finance_reviewed"].as_json()
        assert finance["outcome"] == "breached"
        assert finance["facts"] == [{"fact": "declaration.finance", "expected": "is yes", "actual": "no"}]
        assert finance["citation"]["provision"] == "Originating officer declaration, first statement"
        assert finance["cure"].startswith("Obtain the review")
        legal = found["declaration.legal_stated"].as_json()
        assert legal["facts"][0]["actual"] is None

    def test_who_is_not_entitled_is_sent_away_and_nothing_is_recorded(self, desk: Services) -> None:
        walk_to_stage(desk, "pib")
        before = record(desk)
        with pytest.raises(NotEntitled):
            act_on_case(desk, "pib-support", DMPC, "2018-03-14")
        assert record(desk) == before

    @pytest.mark.parametrize(
        ("action", "stated"),
        [
            ("fly", {}),
            ("pib-support", {"titel": "x"}),
            ("pib-support", {"title": "x"}),
            ("pib-return", {"send_back.reason": "\u202e"}),
            ("pib-return", {"send_back.reason": ""}),
            ("pib-return", {"not a fact": "x"}),
            ("pib-return", {"exemption.section": "s43"}),
        ],
    )
    def test_what_cannot_be_meant_is_no_refusal_and_leaves_nothing(
        self, desk: Services, action: str, stated: dict[str, str]
    ) -> None:
        walk_to_stage(desk, "pib")
        before = record(desk)
        with pytest.raises(InputError):
            at_desk.perform_action(desk, CASE_ID, action, stated, request_by(PIB_CHAIR, "2018-03-14"))
        assert record(desk) == before


class TestLookingOn:
    @pytest.mark.parametrize("stage", story_stages())
    def test_the_steps_are_the_actions_of_the_stage_with_their_rulings(self, desk: Services, stage: str) -> None:
        walk_to_stage(desk, stage)
        before = record(desk)
        case, steps = queries.list_next_actions(desk, CASE_ID, date(2018, 5, 1))
        scheme = desk.library.scheme("mopac")
        assert [step.action for step in steps] == list(scheme.actions_at(stage))
        assert case == queries.load_public_case(desk, CASE_ID)[0]
        assert case.stage == stage
        assert all(step.ruling.action == step.action and step.ruling.findings for step in steps)
        assert record(desk) == before

    def test_an_act_that_asks_for_nothing_is_open_exactly_where_it_would_be_done(self, desk: Services) -> None:
        walk_to_stage(desk, "pib")
        opened = {
            step.action
            for step in queries.list_next_actions(desk, CASE_ID, date(2018, 3, 14))[1]
            if step.ruling.is_open
        }
        assert opened == {"pib-support"}

    def test_an_explanation_may_suppose_what_is_not_recorded(self, desk: Services) -> None:
        walk_to_stage(desk, "declaration")
        before = record(desk)
        supposed = {"declaration.finance": "true", "declaration.legal": "taken", "declaration.equalities": "true"}
        ruling = explain_action(desk, CASE_ID, "declare", supposed, date(2018, 4, 9))
        assert ruling.blocking_controls() == ("declaration.finance_consulted",)
        whole = explain_action(desk, CASE_ID, None, {**supposed, "declaration.financial_advice": "true"})
        assert (whole.action, whole.is_open) == ("declare", True)
        assert record(desk) == before

    def test_an_explanation_of_a_later_act_says_that_its_stage_has_not_come(self, desk: Services) -> None:
        walk_to_stage(desk, "draft")
        assert "stages.in_order" in explain_action(desk, CASE_ID, "approve", {}).blocking_controls()

    def test_where_the_case_stands_cannot_be_supposed_away(self, desk: Services) -> None:
        walk_to_stage(desk, "draft")
        given = {"case.stage": "dmpc", "act.stage": "draft", "required_by.working_day": "true", "buyer": "central"}
        for fact, value in given.items():
            with pytest.raises(InputError, match=f"{fact} cannot be supposed: .* or given by the scheme"):
                explain_action(desk, CASE_ID, "approve", {fact: value})

    def test_a_slip_in_a_fact_that_part_2_holds_is_not_repeated_whichever_part_it_was_typed_for(
        self, desk: Services
    ) -> None:
        walk_to_stage(desk, "draft")
        assert "estimated_value" in queries.load_case_snapshot(desk, CASE_ID).exempt_part.facts
        slip = {"estimated_value": "£2,450,00O ex VAT"}
        for ask in (
            lambda: explain_action(desk, CASE_ID, "submit", slip),
            lambda: at_desk.amend_paper(desk, CASE_ID, Revision(slip, {}), request_by(AUTHOR, "2018-03-08")),
        ):
            with pytest.raises(InputError, match="estimated_value: what is given here, in Part 2, is not") as error:
                ask()
            assert "2,45" not in f"{error.value}{error.value.advice()}"

    def test_at_a_last_stage_nothing_is_left_to_explain(self, desk: Services) -> None:
        walk_to_stage(desk, "published")
        with pytest.raises(InputError, match="is at its last stage"):
            explain_action(desk, CASE_ID, None, {})
        assert queries.list_next_actions(desk, CASE_ID)[1] == ()

    def test_nothing_is_explained_for_a_day_that_has_not_come(self, desk: Services) -> None:
        walk_to_stage(desk, "pib")
        with pytest.raises(InputError, match="has not come"):
            explain_action(desk, CASE_ID, None, {}, date(2019, 1, 1))
        with pytest.raises(InputError, match="has not come"):
            queries.list_next_actions(desk, CASE_ID, date(2019, 1, 1))

    @pytest.mark.parametrize("typed", ["mopac-2018-1", "MOPAC-2018-1", "Mopac-2018-1"])
    def test_a_case_is_found_however_its_letters_are_typed(self, desk: Services, typed: str) -> None:
        walk_to_stage(desk, "pib")
        assert queries.load_public_case(desk, typed)[0].id == CASE_ID
        assert {entry.stream for entry in queries.list_case_entries(desk, typed)} == {CASE_ID}

    @pytest.mark.parametrize(
        "typed", ["MOPAC-2018-2", "", "x" * 1_000_000, "officers", "refusals/MOPAC-2018-1", "'; --"]
    )
    def test_what_is_no_case_is_not_found(self, desk: Services, typed: str) -> None:
        walk_to_stage(desk, "pib")
        with pytest.raises(InputError, match="is not a case that is known here") as error:
            queries.load_public_case(desk, typed)
        assert len(str(error.value)) < 300


class TestAmending:
    def test_a_whole_paper_takes_the_place_of_the_old_one(self, desk: Services) -> None:
        walk_to_stage(desk, "draft")
        whole = b"public:\n  title: Anew\n  contract_kind: works\nexempt:\n  estimated_value: 5 ex VAT\n"
        at_desk.amend_paper(
            desk, CASE_ID, Revision({}, {}, frozenset(), (whole, "new.yaml")), request_by(AUTHOR, "2018-03-08")
        )
        file = queries.load_case_snapshot(desk, CASE_ID)
        assert set(file.case.facts) == {"title", "contract_kind", "opened.by", "opened.on"}
        assert set(file.exempt_part.facts) == {"estimated_value"}
        verification.verify_ledger(desk, with_replay=True)

    @pytest.mark.parametrize(
        ("public", "exempt", "whole"),
        [({"title": "x"}, {}, None), ({}, {"title": "x"}, None), ({}, {}, (b"public: {title: x}\n", "new.yaml"))],
    )
    def test_a_fact_is_not_stated_and_taken_out_at_once(
        self, desk: Services, public: dict[str, str], exempt: dict[str, str], whole: tuple[bytes, str] | None
    ) -> None:
        walk_to_stage(desk, "draft")
        before = record(desk)
        revision = Revision(public, exempt, frozenset({"title"}), whole)
        with pytest.raises(InputError, match="title is to be stated and to be taken out: say one of the two"):
            at_desk.amend_paper(desk, CASE_ID, revision, request_by(AUTHOR, "2018-03-08"))
        assert record(desk) == before

    def test_what_acts_recorded_stays_when_the_paper_is_replaced(self, desk: Services) -> None:
        walk_to_stage(desk, "pib")
        at_desk.perform_action(desk, CASE_ID, "pib-return", SEND_BACK_FACTS, request_by(PIB_CHAIR, "2018-03-14"))
        revision = Revision({}, {}, frozenset(), (paper_bytes(), "p.yaml"))
        at_desk.amend_paper(desk, CASE_ID, revision, request_by(AUTHOR, "2018-03-15"))
        facts = queries.load_public_case(desk, CASE_ID)[0].facts
        assert facts["send_back.reason"] == SEND_BACK_FACTS["send_back.reason"]
        verification.verify_ledger(desk, with_replay=True)


PART_1 = {
    "case": CASE_ID,
    "version": 9,
    "kind": "decision-form",
    "part": 1,
    "to": "pdf",
    "sha256": "1" * 64,
    "head": "h",
}
PART_2 = {**PART_1, "part": 2, "sha256": "2" * 64}


class TestDocuments:
    def test_each_that_was_issued_is_recorded_once(self, desk: Services) -> None:
        walk_to_stage(desk, "published")
        version = queries.load_public_case(desk, CASE_ID)[0].version
        for body in (PART_1, PART_2, PART_1, PART_2):
            issued_documents.record_document_issue(desk, CASE_ID, body, Request(""))
        assert [json.loads(entry.body) for entry in issued_documents.list_issued_documents(desk)] == [PART_1, PART_2]
        assert [entry.version for entry in issued_documents.list_issued_documents(desk)] == [1, 2]
        assert queries.load_public_case(desk, CASE_ID)[0].version == version
        verification.verify_ledger(desk, with_replay=True)

    def test_one_of_an_earlier_version_is_not_recorded(self, desk: Services) -> None:
        walk_to_stage(desk, "published")
        with pytest.raises(Conflict, match="is at version 9, not 8: somebody acted first"):
            issued_documents.record_document_issue(desk, CASE_ID, {**PART_1, "version": 8}, Request(""))
        assert issued_documents.list_issued_documents(desk) == ()

    def test_another_of_the_same_case_is_another(self, desk: Services) -> None:
        walk_to_stage(desk, "published")
        for body in (PART_1, {**PART_1, "to": "html"}, {**PART_1, "sha256": "3" * 64}):
            issued_documents.record_document_issue(desk, CASE_ID, body, request_by(DMPC, "2018-05-01"))
        assert [entry.officer for entry in issued_documents.list_issued_documents(desk)] == ["Deputy Mayor"] * 3
        with pytest.raises(InputError, match="is not an officer"):
            issued_documents.record_document_issue(
                desk, CASE_ID, {**PART_1, "head": "x"}, request_by("nobody", "2018-05-01")
            )

    def test_the_digest_of_a_part_2_document_is_kept_with_part_2(self, desk: Services) -> None:
        """Whoever knows a document but for one figure could try every figure against a plain digest of it."""
        walk_to_stage(desk, "published")
        for body in (PART_1, PART_2):
            issued_documents.record_document_issue(desk, CASE_ID, body, Request(""))
        with desk.store.read_ledger() as (entries, texts, _):
            public = "".join(entry.body + entry.exempt for entry in entries)
            kept = "".join(text.body for text in texts)
        assert "1" * 64 in public
        assert "2" * 64 not in public
        assert "2" * 64 in kept


class TestStory:
    def test_the_whole_story_can_be_told_and_verified(self, desk: Services) -> None:
        walk_to_stage(desk, "published")
        found = verification.verify_ledger(desk, verification.ledger_head(desk)[1], with_replay=True)
        acts = sum(1 for step in accepted_steps() if not step.open)
        assert (found.entries, found.rulings) == (len(load_story().officers) + 1 + acts, acts)
        assert found.head == verification.ledger_head(desk)[1]

    def test_a_head_that_was_written_down_is_still_there(self, desk: Services) -> None:
        earlier = verification.ledger_head(desk)[1]
        walk_to_stage(desk, "published")
        verification.verify_ledger(desk, earlier)
        for other in ("f" * 64, GENESIS, earlier[:16], earlier.upper()):
            with pytest.raises(LedgerBroken, match=f"no entry has the seal {other}"):
                verification.verify_ledger(desk, other)

    def test_an_empty_store_verifies(self, path: Path) -> None:
        made = services_at(path)
        made.store.create()
        assert verification.verify_ledger(made, GENESIS, with_replay=True) == verification.VerificationReport(
            0, 0, (), GENESIS
        )

    def test_the_same_acts_at_the_same_moments_make_the_same_record(self, tmp_path: Path) -> None:
        heads = set()
        for name in ("one", "other"):
            desk = new_services(tmp_path / f"{name}.db")
            walk_to_stage(desk, "published")
            heads.add(verification.ledger_head(desk))
        assert len(heads) == 1

    def test_a_day_is_that_of_the_clock_where_none_is_said(self, desk: Services) -> None:
        moment = desk.new_act_context(None)
        assert moment.on == date(2018, 12, 31)
        assert replace(moment, salt="") == replace(moment, salt="")
