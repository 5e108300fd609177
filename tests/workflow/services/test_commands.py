"""Command handlers and queries: what they return, and what they record."""

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
from workflow.services import act_queries, commands, issued_documents, officer_commands, queries, verification
from workflow.services.commands import Request, Revision, Services


def last_entry(services: Services) -> Entry:
    """Return the last entry with its ruling."""
    with services.store.read_ledger() as ledger:
        return list(ledger.read_entries())[-1]


def whole_record(services: Services) -> tuple[object, ...]:
    """Return everything that a store holds."""
    with services.store.read_ledger() as ledger:
        return list(ledger.read_entries()), list(ledger.read_exempt_texts()), list(ledger.read_summaries())


class TestOpening:
    def test_a_case_gets_the_next_number_of_its_authority_and_year(self, services: Services) -> None:
        for number in (1, 2, 3):
            receipt = commands.open_case_from_paper(
                services, "mopac", paper_bytes(), "p.yaml", request_by(AUTHOR, "2018-03-07")
            )
            assert receipt.case == f"MOPAC-2018-{number}"
            assert (receipt.version, receipt.event, receipt.stage, receipt.ruling) == (1, "open", "draft", None)
        assert [row.case for row in queries.list_cases(services)] == ["MOPAC-2018-1", "MOPAC-2018-2", "MOPAC-2018-3"]

    def test_two_authorities_that_number_alike_do_not_share_a_case(self, path: Path) -> None:
        services = new_services(path, two_authorities())
        officer_commands.add_officer(
            services,
            "Else Where",
            officer_commands.RoleAppointment("elsewhere", ("author",)),
            request_by("", "2018-03-01"),
        )
        one = commands.open_case_from_paper(
            services, "mopac", paper_bytes(), "p.yaml", request_by(AUTHOR, "2018-03-07")
        )
        other = commands.open_case_from_paper(
            services, "elsewhere", paper_bytes(), "p.yaml", request_by("else-where", "2018-03-07")
        )
        assert {one.case, other.case} == {"MOPAC-2018-1", "MOPAC-2018-2"}
        verification.verify_ledger(services, with_replay=True)

    def test_a_paper_with_faults_opens_nothing(self, services: Services) -> None:
        before = whole_record(services)
        with pytest.raises(FileError, match=r"p\.yaml:2: public\.titel"):
            commands.open_case_from_paper(
                services, "mopac", b"public:\n  titel: A\n", "p.yaml", request_by(AUTHOR, "2018-03-07")
            )
        with pytest.raises(InputError, match="an act records it"):
            commands.open_case(services, "mopac", {"pib.outcome": "supported"}, {}, request_by(AUTHOR, "2018-03-07"))
        assert whole_record(services) == before

    def test_a_new_case_has_the_expected_version_0(self, services: Services) -> None:
        with pytest.raises(Conflict, match="MOPAC-2018-1 is at version 0, not 1"):
            commands.open_case(services, "mopac", {"title": "A"}, {}, request_by(AUTHOR, "2018-03-07", 1))
        assert (
            commands.open_case(services, "mopac", {"title": "A"}, {}, request_by(AUTHOR, "2018-03-07", 0)).version == 1
        )


class TestReceipts:
    def test_a_receipt_carries_the_seal_of_its_entry(self, services: Services) -> None:
        walk_to_stage(services, "pib")
        receipt = act_on_case(services, "pib-support", PIB_CHAIR, "2018-03-14")
        entry = last_entry(services)
        assert queries.list_case_entries(services, CASE_ID)[-1].seal == entry.seal
        assert receipt.as_json() == {
            "case": CASE_ID,
            "version": entry.version,
            "event": "pib-support",
            "seal": entry.seal,
            "stage": "iab",
        }
        assert receipt.ruling is not None
        assert json.loads(entry.ruling) == receipt.ruling.as_receipt()
        assert verification.ledger_head(services) == (entry.position, entry.seal)

    def test_an_entry_holds_day_officer_capacity_and_packs(self, services: Services) -> None:
        walk_to_stage(services, "iab")
        entry = queries.list_case_entries(services, CASE_ID)[-1]
        body = json.loads(entry.body)
        assert (entry.on, entry.officer, entry.kind) == ("2018-03-14", "Chair of PIB", "acted")
        assert entry.recorded_at.startswith("2018-12-31T09:00:")
        assert body["capacity"] == "pib_chair"
        assert body["packs"] == services.library.bundle("mopac").digest
        assert parse_action(entry) == "pib-support"


class TestExpectedVersions:
    @pytest.mark.parametrize("off", [-1, 1, 100])
    def test_a_command_on_an_outdated_version_changes_nothing(self, services: Services, off: int) -> None:
        version = walk_to_stage(services, "pib").version
        before = whole_record(services)
        with pytest.raises(
            Conflict, match=f"is at version {version}, not {version + off}: somebody acted first"
        ) as late:
            commands.perform_action(
                services, CASE_ID, commands.TypedAct("pib-support"), request_by(PIB_CHAIR, "2018-03-14", version + off)
            )
        assert (late.value.expected, late.value.actual) == (version + off, version)
        assert "Nothing was saved" in late.value.advice()
        with pytest.raises(Conflict):
            commands.amend_paper(
                services, CASE_ID, Revision({"title": "x"}, {}), request_by(AUTHOR, "2018-03-14", version + off)
            )
        assert whole_record(services) == before

    def test_a_conflict_comes_before_a_refusal_and_records_nothing(self, services: Services) -> None:
        version = walk_to_stage(services, "pib").version
        before = whole_record(services)
        with pytest.raises(Conflict):
            commands.perform_action(
                services,
                CASE_ID,
                commands.TypedAct("approve", APPROVAL_FACTS),
                request_by(DMPC, "2018-03-14", version - 1),
            )
        assert whole_record(services) == before


class TestRefusals:
    def test_a_refusal_is_recorded_and_keeps_the_version(self, services: Services) -> None:
        version = walk_to_stage(services, "pib").version
        for number in (1, 2):
            with pytest.raises(Refusal) as refused:
                commands.perform_action(
                    services,
                    CASE_ID,
                    commands.TypedAct("approve", APPROVAL_FACTS),
                    request_by(DMPC, "2018-03-14", version),
                )
            last = last_entry(services)
            assert queries.list_case_entries(services, CASE_ID)[-1].seal == last.seal
            assert (last.kind, last.version, last.officer, last.on) == ("refused", number, "Deputy Mayor", "2018-03-14")
            assert json.loads(last.ruling) == refused.value.ruling.as_receipt()
        case, _ = queries.load_public_case(services, CASE_ID)
        assert (case.version, case.last_on) == (version, date(2018, 3, 7))
        assert verification.verify_ledger(services, with_replay=True).rulings == 4

    def test_a_refusal_names_control_fact_expected_actual_clause_and_cure(self, services: Services) -> None:
        walk_to_stage(services, "declaration")
        with pytest.raises(Refusal) as refused:
            act_on_case(services, "declare", HEAD_OF_UNIT, "2018-04-09", declaration__finance="false")
        findings = {finding.control: finding for finding in refused.value.ruling.findings if finding.blocks_gate}
        finance = findings["declaration.finance_reviewed"].as_json()
        assert finance["outcome"] == "breached"
        assert finance["facts"] == [{"fact": "declaration.finance", "expected": "is yes", "actual": "no"}]
        assert finance["citation"]["provision"] == "Originating officer declaration, first statement"
        assert finance["cure"].startswith("Obtain the review")
        legal = findings["declaration.legal_stated"].as_json()
        assert legal["facts"][0]["actual"] is None

    def test_an_act_without_entitlement_records_nothing(self, services: Services) -> None:
        walk_to_stage(services, "pib")
        before = whole_record(services)
        with pytest.raises(NotEntitled):
            act_on_case(services, "pib-support", DMPC, "2018-03-14")
        assert whole_record(services) == before

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
    def test_invalid_input_is_not_a_refusal_and_records_nothing(
        self, services: Services, action: str, stated: dict[str, str]
    ) -> None:
        walk_to_stage(services, "pib")
        before = whole_record(services)
        with pytest.raises(InputError):
            commands.perform_action(
                services, CASE_ID, commands.TypedAct(action, stated), request_by(PIB_CHAIR, "2018-03-14")
            )
        assert whole_record(services) == before


class TestQueries:
    @pytest.mark.parametrize("stage", story_stages())
    def test_the_next_actions_are_those_of_the_stage_with_their_rulings(self, services: Services, stage: str) -> None:
        walk_to_stage(services, stage)
        before = whole_record(services)
        case, actions = act_queries.list_next_actions(services, CASE_ID, date(2018, 5, 1))
        scheme = services.library.scheme("mopac")
        assert [action.action for action in actions] == list(scheme.actions_at(stage))
        assert case == queries.load_public_case(services, CASE_ID)[0]
        assert case.stage == stage
        assert all(action.ruling.action == action.action and action.ruling.findings for action in actions)
        assert whole_record(services) == before

    def test_only_an_act_that_would_be_accepted_is_shown_as_open(self, services: Services) -> None:
        walk_to_stage(services, "pib")
        opened = {
            action.action
            for action in act_queries.list_next_actions(services, CASE_ID, date(2018, 3, 14))[1]
            if action.ruling.is_open
        }
        assert opened == {"pib-support", "recall"}

    def test_an_explanation_can_suppose_facts_without_recording_them(self, services: Services) -> None:
        walk_to_stage(services, "declaration")
        before = whole_record(services)
        supposed = {"declaration.finance": "true", "declaration.legal": "taken", "declaration.equalities": "true"}
        ruling = explain_action(services, CASE_ID, "declare", supposed, date(2018, 4, 9))
        assert ruling.blocking_controls() == ("declaration.finance_consulted",)
        whole = explain_action(services, CASE_ID, None, {**supposed, "declaration.financial_advice": "true"})
        assert (whole.action, whole.is_open) == ("declare", True)
        assert whole_record(services) == before

    def test_an_explanation_of_a_later_act_names_the_wrong_stage(self, services: Services) -> None:
        walk_to_stage(services, "draft")
        assert "stages.in_order" in explain_action(services, CASE_ID, "approve", {}).blocking_controls()

    def test_facts_that_an_officer_cannot_state_cannot_be_supposed(self, services: Services) -> None:
        walk_to_stage(services, "draft")
        unstatable = {"case.stage": "dmpc", "act.stage": "draft", "required_by.working_day": "true", "buyer": "central"}
        for fact, value in unstatable.items():
            with pytest.raises(InputError, match=f"{fact} cannot be supposed: .* or given by the scheme"):
                explain_action(services, CASE_ID, "approve", {fact: value})

    def test_a_mistyped_value_of_an_exempt_fact_is_not_repeated(self, services: Services) -> None:
        walk_to_stage(services, "draft")
        assert "estimated_value" in queries.load_case_snapshot(services, CASE_ID).exempt_part.facts
        slip = {"estimated_value": "£2,450,00O ex VAT"}
        for query in (
            lambda: explain_action(services, CASE_ID, "submit", slip),
            lambda: commands.amend_paper(services, CASE_ID, Revision(slip, {}), request_by(AUTHOR, "2018-03-08")),
        ):
            with pytest.raises(InputError, match="estimated_value: this value, in Part 2, must be") as error:
                query()
            assert "2,45" not in f"{error.value}{error.value.advice()}"

    def test_at_a_last_stage_nothing_is_left_to_do(self, services: Services) -> None:
        walk_to_stage(services, "draft")
        act_on_case(services, "withdraw", AUTHOR, "2018-03-08", send_back__reason="It is not needed.")
        with pytest.raises(InputError, match="is at its last stage"):
            explain_action(services, CASE_ID, None, {})
        assert act_queries.list_next_actions(services, CASE_ID)[1] == ()

    def test_a_future_day_is_refused(self, services: Services) -> None:
        walk_to_stage(services, "pib")
        with pytest.raises(InputError, match="has not come"):
            explain_action(services, CASE_ID, None, {}, date(2019, 1, 1))
        with pytest.raises(InputError, match="has not come"):
            act_queries.list_next_actions(services, CASE_ID, date(2019, 1, 1))

    @pytest.mark.parametrize("typed", ["mopac-2018-1", "MOPAC-2018-1", "Mopac-2018-1"])
    def test_a_case_is_found_in_upper_and_lower_case(self, services: Services, typed: str) -> None:
        walk_to_stage(services, "pib")
        assert queries.load_public_case(services, typed)[0].id == CASE_ID
        assert {entry.stream for entry in queries.list_case_entries(services, typed)} == {CASE_ID}

    @pytest.mark.parametrize(
        "typed", ["MOPAC-2018-2", "", "x" * 1_000_000, "officers", "refusals/MOPAC-2018-1", "'; --"]
    )
    def test_an_unknown_case_is_refused(self, services: Services, typed: str) -> None:
        walk_to_stage(services, "pib")
        with pytest.raises(InputError, match="is not a case that is known here") as error:
            queries.load_public_case(services, typed)
        assert len(str(error.value)) < 300


class TestAmending:
    def test_a_whole_paper_replaces_the_old_one(self, services: Services) -> None:
        walk_to_stage(services, "draft")
        whole = b"public:\n  title: Anew\n  contract_kind: works\nexempt:\n  estimated_value: 5 ex VAT\n"
        commands.amend_paper(
            services, CASE_ID, Revision({}, {}, frozenset(), (whole, "new.yaml")), request_by(AUTHOR, "2018-03-08")
        )
        snapshot = queries.load_case_snapshot(services, CASE_ID)
        assert set(snapshot.case.facts) == {"title", "contract_kind", "opened.by", "opened.on"}
        assert set(snapshot.exempt_part.facts) == {"estimated_value"}
        verification.verify_ledger(services, with_replay=True)

    @pytest.mark.parametrize(
        ("public", "exempt", "whole"),
        [({"title": "x"}, {}, None), ({}, {"title": "x"}, None), ({}, {}, (b"public: {title: x}\n", "new.yaml"))],
    )
    def test_a_fact_cannot_be_both_stated_and_taken_out(
        self, services: Services, public: dict[str, str], exempt: dict[str, str], whole: tuple[bytes, str] | None
    ) -> None:
        walk_to_stage(services, "draft")
        before = whole_record(services)
        revision = Revision(public, exempt, frozenset({"title"}), whole)
        with pytest.raises(InputError, match="title is both stated and taken out"):
            commands.amend_paper(services, CASE_ID, revision, request_by(AUTHOR, "2018-03-08"))
        assert whole_record(services) == before

    def test_recorded_facts_stay_when_the_paper_is_replaced(self, services: Services) -> None:
        walk_to_stage(services, "pib")
        commands.perform_action(
            services, CASE_ID, commands.TypedAct("pib-return", SEND_BACK_FACTS), request_by(PIB_CHAIR, "2018-03-14")
        )
        revision = Revision({}, {}, frozenset(), (paper_bytes(), "p.yaml"))
        commands.amend_paper(services, CASE_ID, revision, request_by(AUTHOR, "2018-03-15"))
        facts = queries.load_public_case(services, CASE_ID)[0].facts
        assert facts["send_back.reason"] == SEND_BACK_FACTS["send_back.reason"]
        verification.verify_ledger(services, with_replay=True)


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
    def test_each_issued_document_is_recorded_once(self, services: Services) -> None:
        walk_to_stage(services, "published")
        version = queries.load_public_case(services, CASE_ID)[0].version
        for body in (PART_1, PART_2, PART_1, PART_2):
            issued_documents.record_document_issue(services, CASE_ID, body, Request(""))
        assert [json.loads(entry.body) for entry in issued_documents.list_issued_documents(services)] == [
            PART_1,
            PART_2,
        ]
        assert [entry.version for entry in issued_documents.list_issued_documents(services)] == [1, 2]
        assert queries.load_public_case(services, CASE_ID)[0].version == version
        verification.verify_ledger(services, with_replay=True)

    def test_a_document_of_an_earlier_version_is_not_recorded(self, services: Services) -> None:
        walk_to_stage(services, "published")
        with pytest.raises(Conflict, match="is at version 9, not 8: somebody acted first"):
            issued_documents.record_document_issue(services, CASE_ID, {**PART_1, "version": 8}, Request(""))
        assert issued_documents.list_issued_documents(services) == ()

    def test_documents_that_differ_are_recorded_apart(self, services: Services) -> None:
        walk_to_stage(services, "published")
        for body in (PART_1, {**PART_1, "to": "html"}, {**PART_1, "sha256": "3" * 64}):
            issued_documents.record_document_issue(services, CASE_ID, body, request_by(DMPC, "2018-05-01"))
        assert [entry.officer for entry in issued_documents.list_issued_documents(services)] == ["Deputy Mayor"] * 3
        with pytest.raises(InputError, match="is not an officer"):
            issued_documents.record_document_issue(
                services, CASE_ID, {**PART_1, "head": "x"}, request_by("nobody", "2018-05-01")
            )

    def test_the_digest_of_a_part_2_document_is_kept_with_part_2(self, services: Services) -> None:
        """Anyone who knows all of a document but one figure could try every figure against a public digest."""
        walk_to_stage(services, "published")
        for body in (PART_1, PART_2):
            issued_documents.record_document_issue(services, CASE_ID, body, Request(""))
        with services.store.read_ledger() as ledger:
            public = "".join(entry.body + entry.exempt for entry in ledger.read_entries())
            exempt = "".join(text.body for text in ledger.read_exempt_texts())
        assert "1" * 64 in public
        assert "2" * 64 not in public
        assert "2" * 64 in exempt


class TestStory:
    def test_the_whole_story_verifies(self, services: Services) -> None:
        walk_to_stage(services, "published")
        report = verification.verify_ledger(services, verification.ledger_head(services)[1], with_replay=True)
        acts = sum(1 for action in accepted_steps() if not action.open)
        assert (report.entries, report.rulings) == (len(load_story().officers) + 1 + acts, acts)
        assert report.head == verification.ledger_head(services)[1]

    def test_an_earlier_head_is_still_in_the_ledger(self, services: Services) -> None:
        earlier = verification.ledger_head(services)[1]
        walk_to_stage(services, "published")
        verification.verify_ledger(services, earlier)
        for other in ("f" * 64, GENESIS, earlier[:16], earlier.upper()):
            with pytest.raises(LedgerBroken, match=f"no entry has the seal {other}"):
                verification.verify_ledger(services, other)

    def test_an_empty_store_verifies(self, path: Path) -> None:
        services = services_at(path)
        services.store.create()
        assert verification.verify_ledger(services, GENESIS, with_replay=True) == verification.VerificationReport(
            0, 0, (), GENESIS
        )

    def test_the_same_acts_at_the_same_instants_make_the_same_record(self, tmp_path: Path) -> None:
        heads = set()
        for name in ("one", "other"):
            services = new_services(tmp_path / f"{name}.db")
            walk_to_stage(services, "published")
            heads.add(verification.ledger_head(services))
        assert len(heads) == 1

    def test_an_act_without_a_day_is_dated_by_the_clock(self, services: Services) -> None:
        act_context = services.new_act_context(None)
        assert act_context.on == date(2018, 12, 31)
        assert replace(act_context, salt="") == replace(act_context, salt="")
