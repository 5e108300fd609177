"""Property: whatever officers do, in whatever order, the record verifies and Part 2 stays exempt."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from rules.errors import InputError
from tests.workflow.walk import (
    APPROVAL_FACTS,
    CASE_ID,
    DECLARATION_FACTS,
    TODAY,
    accepted_steps,
    load_story,
    new_services,
    paper_bytes,
    services_at,
    shipped_library,
)
from workflow.errors import Conflict, NotEntitled, Refusal
from workflow.history.serialization import CASE_EVENT_KINDS
from workflow.services import commands, queries, verification
from workflow.services.command_context import Receipt
from workflow.services.commands import Request, Revision

SCHEME = shipped_library().scheme("mopac")
ACTIONS = sorted(SCHEME.declaration.actions)
OFFICERS = [cast.name for cast in load_story().officers]
BY_ROLE = {role: cast.name for cast in load_story().officers for role in cast.roles}
MARK = "Okapi Narwhal"
VALID_FACTS = {
    **DECLARATION_FACTS,
    **APPROVAL_FACTS,
    "certificate.advice_considered": "true",
    "decision.late_reason": "The board met late.",
    "send_back.reason": "A reason.",
    "interests.recorded": "None that matter.",
}
PUBLIC_INTEREST_TEST = next(step.exempt for step in accepted_steps() if step.exempt)
AMENDMENTS: list[Revision] = [
    Revision({}, PUBLIC_INTEREST_TEST),
    Revision({"title": "Another title"}, {}),
    Revision({"contract_kind": "works"}, {}),
    Revision({}, {"contract_kind": "goods_services"}),
    Revision({}, {"confidential.financial": f"{MARK} 1"}),
    Revision({}, {"title": f"{MARK} 2"}),
    Revision({}, {"exemption:okapi-narwhal.section": "s43"}),
    Revision({}, {}, frozenset(["exemption:okapi-narwhal.section"])),
    Revision({}, {}, frozenset(["executive_summary"])),
    Revision({"executive_summary": "Anew."}, {}),
    Revision({"deferral.asked": "true", "deferral.reason": "Talks.", "deferral.until": "2018-06-01"}, {}),
    Revision({"pib.outcome": "supported"}, {}),
    Revision({}, {"decided_on": "2018-03-08"}),
    Revision({}, {"estimated_value": "lots"}),
    Revision({}, {}, frozenset(), (paper_bytes(), "paper.yaml")),
]


class CaseLife(RuleBasedStateMachine):
    """One case, and anything that seven officers may try."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "assent.db"
        self.services = new_services(self.path)
        self.day = date(2018, 3, 7)
        self.accepted = 0
        self.refused = 0
        self.stage = ""

    def teardown(self) -> None:
        self.services.store.close()
        self.folder.cleanup()

    @initialize(marked=st.booleans())
    def open_the_case(self, marked: bool) -> None:
        paper = paper_bytes().replace(b"Illustrative text", MARK.encode()) if marked else paper_bytes()
        self._check_accepted(
            commands.open_case_from_paper(self.services, "mopac", paper, "p.yaml", Request("aimee-reed", self.day)),
            "draft",
        )

    @rule(days=st.integers(-3, 40))
    def let_time_pass(self, days: int) -> None:
        self.day = min(TODAY + timedelta(days=1), self.day + timedelta(days=days))

    @rule(
        action=st.sampled_from(ACTIONS),
        officer=st.sampled_from(OFFICERS),
        stated=st.dictionaries(
            st.sampled_from(sorted(VALID_FACTS)), st.sampled_from(["true", "false", "none", "taken", "x"])
        ),
        expect=st.none() | st.integers(0, 6),
    )
    def somebody_tries_any_action(self, action: str, officer: str, stated: dict[str, str], expect: int | None) -> None:
        self._act(action, officer, stated, expect)

    @rule(data=st.data(), left_out=st.sets(st.sampled_from(sorted(VALID_FACTS)), max_size=1))
    @precondition(lambda self: bool(SCHEME.actions_at(self.stage)))
    def an_entitled_officer_performs_an_action_of_the_stage(self, data: st.DataObject, left_out: set[str]) -> None:
        actions = SCHEME.actions_at(self.stage)
        forward = [name for name, action in actions.items() if action.gate != "send_back"]
        # Forward actions are drawn more often, or hardly a case would reach the later stages.
        action = data.draw(st.sampled_from([*actions, *(forward * 4)]))
        asks = [fact for fact in actions[action].asks if fact in VALID_FACTS and fact not in left_out]
        self._act(action, BY_ROLE[actions[action].who[0]], {fact: VALID_FACTS[fact] for fact in asks}, None)

    @rule(revision=st.sampled_from(AMENDMENTS), officer=st.sampled_from(["Aimee Reed", "Aimee Reed", "Deputy Mayor"]))
    def somebody_amends_the_paper(self, revision: Revision, officer: str) -> None:
        try:
            receipt = commands.amend_paper(self.services, CASE_ID, revision, Request(officer, self.day))
        except Refusal as refusal:
            assert self.stage != "draft"
            self._check_refused(refusal)
        except (InputError, NotEntitled):
            return
        else:
            assert self.stage == "draft"
            self._check_accepted(receipt, "draft")

    def _act(self, action: str, officer: str, stated: dict[str, str], expect: int | None) -> None:
        declared = SCHEME.action(action)
        try:
            receipt = commands.perform_action(
                self.services, CASE_ID, commands.TypedAct(action, stated), Request(officer, self.day, expect)
            )
        except Refusal as refusal:
            self._check_refused(refusal)
        except Conflict:
            assert expect not in (None, self.accepted)
        except NotEntitled:
            assert BY_ROLE[declared.who[0]] != officer
        except InputError:
            return
        else:
            assert declared.can_be_done_at(self.stage)
            assert BY_ROLE[declared.who[0]] == officer
            self._check_accepted(receipt, declared.leads_to(self.stage))

    def _check_accepted(self, receipt: Receipt, to: str) -> None:
        self.accepted, self.stage = self.accepted + 1, to
        assert (receipt.version, receipt.stage) == (self.accepted, to)
        assert (receipt.ruling is None) is (receipt.event == "open")
        assert receipt.ruling is None or receipt.ruling.is_open

    def _check_refused(self, refusal: Refusal) -> None:
        self.refused += 1
        assert not refusal.ruling.is_open
        assert refusal.ruling.blocking_controls()
        assert refusal.advice()

    @invariant()
    def the_version_counts_events_and_the_stage_follows_them(self) -> None:
        if self.accepted:
            case, _ = queries.load_public_case(self.services, CASE_ID)
            assert (case.version, case.stage) == (self.accepted, self.stage)
            assert case.last_on <= TODAY

    @invariant()
    def the_ledger_verifies(self) -> None:
        report = verification.verify_ledger(self.services)
        assert report.entries == len(OFFICERS) + self.accepted + self.refused

    @invariant()
    def no_public_column_holds_anything_of_part_2(self) -> None:
        with closing(sqlite3.connect(self.path)) as raw:
            rows: list[Any] = [*raw.execute("SELECT * FROM ledger"), *raw.execute("SELECT * FROM case_view")]
        text = repr(rows)
        assert "okapi" not in text.lower()
        assert "245000000" not in text
        assert "2,450,000" not in text

    @invariant()
    def another_connection_reads_the_same_case(self) -> None:
        if self.accepted:
            other = services_at(self.path)
            assert queries.load_case_snapshot(other, CASE_ID) == queries.load_case_snapshot(self.services, CASE_ID)
            other.store.close()

    @invariant()
    def no_fact_stands_in_both_parts(self) -> None:
        if self.accepted:
            snapshot = queries.load_case_snapshot(self.services, CASE_ID)
            assert not snapshot.case.facts.keys() & snapshot.exempt_part.facts.keys()


class ReplayedCaseLife(CaseLife):
    """The same, and at the end the whole ledger is replayed."""

    def teardown(self) -> None:
        verification.verify_ledger(self.services, with_replay=True)
        with self.services.store.read_ledger() as ledger:
            events = [entry for entry in ledger.read_entries() if entry.kind in CASE_EVENT_KINDS]
        assert [entry.version for entry in events] == list(range(1, self.accepted + 1))
        super().teardown()


SETTINGS = settings(suppress_health_check=list(HealthCheck), print_blob=True)


def test_the_record_holds_whatever_officers_do() -> None:
    run_state_machine_as_test(ReplayedCaseLife, settings=settings(SETTINGS, max_examples=12, stateful_step_count=25))


@pytest.mark.long
def test_the_record_holds_over_long_lives() -> None:
    run_state_machine_as_test(ReplayedCaseLife, settings=settings(SETTINGS, max_examples=250, stateful_step_count=60))
