"""Whatever officers do, in whatever order: the record holds together, and Part 2 stays where it belongs."""

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
from workflow.services import commands as at_desk
from workflow.services import queries, verification
from workflow.services.commands import Receipt, Request, Revision

SCHEME = shipped_library().scheme("mopac")
ACTIONS = sorted(SCHEME.declaration.actions)
OFFICERS = [cast.name for cast in load_story().officers]
BY_ROLE = {role: cast.name for cast in load_story().officers for role in cast.roles}
MARK = "Okapi Narwhal"
WELL = {
    **DECLARATION_FACTS,
    **APPROVAL_FACTS,
    "certificate.advice_considered": "true",
    "decision.late_reason": "The board met late.",
    "send_back.reason": "A reason.",
    "interests.recorded": "None that matter.",
}
TESTED = next(step.exempt for step in accepted_steps() if step.exempt)
AMENDMENTS: list[Revision] = [
    Revision({}, TESTED),
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


class Life(RuleBasedStateMachine):
    """One case, and all that seven officers may think of."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "assent.db"
        self.desk = new_services(self.path)
        self.day = date(2018, 3, 7)
        self.accepted = 0
        self.refused = 0
        self.stage = ""

    def teardown(self) -> None:
        self.desk.store.close()
        self.folder.cleanup()

    @initialize(marked=st.booleans())
    def open_the_case(self, marked: bool) -> None:
        whole = paper_bytes().replace(b"Illustrative text", MARK.encode()) if marked else paper_bytes()
        self._take(
            at_desk.open_case_from_paper(self.desk, "mopac", whole, "p.yaml", Request("aimee-reed", self.day)), "draft"
        )

    @rule(days=st.integers(-3, 40))
    def let_time_pass(self, days: int) -> None:
        self.day = min(TODAY + timedelta(days=1), self.day + timedelta(days=days))

    @rule(
        action=st.sampled_from(ACTIONS),
        officer=st.sampled_from(OFFICERS),
        stated=st.dictionaries(st.sampled_from(sorted(WELL)), st.sampled_from(["true", "false", "none", "taken", "x"])),
        expect=st.none() | st.integers(0, 6),
    )
    def somebody_does_something(self, action: str, officer: str, stated: dict[str, str], expect: int | None) -> None:
        self._act(action, officer, stated, expect)

    @rule(data=st.data(), left_out=st.sets(st.sampled_from(sorted(WELL)), max_size=1))
    @precondition(lambda self: bool(SCHEME.actions_at(self.stage)))
    def the_right_officer_does_what_the_stage_allows(self, data: st.DataObject, left_out: set[str]) -> None:
        here = SCHEME.actions_at(self.stage)
        onward = [name for name, action in here.items() if action.gate != "send_back"]
        action = data.draw(st.sampled_from([*here, *(onward * 4)]))
        asks = [fact for fact in here[action].asks if fact not in left_out]
        self._act(action, BY_ROLE[here[action].who[0]], {fact: WELL[fact] for fact in asks}, None)

    @rule(revision=st.sampled_from(AMENDMENTS), officer=st.sampled_from(["Aimee Reed", "Aimee Reed", "Deputy Mayor"]))
    def somebody_amends_the_paper(self, revision: Revision, officer: str) -> None:
        try:
            receipt = at_desk.amend_paper(self.desk, CASE_ID, revision, Request(officer, self.day))
        except Refusal as refusal:
            assert self.stage != "draft"
            self._refuse(refusal)
        except (InputError, NotEntitled):
            return
        else:
            assert self.stage == "draft"
            self._take(receipt, "draft")

    def _act(self, action: str, officer: str, stated: dict[str, str], expect: int | None) -> None:
        declared = SCHEME.action(action)
        try:
            receipt = at_desk.perform_action(self.desk, CASE_ID, action, stated, Request(officer, self.day, expect))
        except Refusal as refusal:
            self._refuse(refusal)
        except Conflict:
            assert expect not in (None, self.accepted)
        except NotEntitled:
            assert BY_ROLE[declared.who[0]] != officer
        except InputError:
            return
        else:
            assert declared.stage == self.stage
            assert BY_ROLE[declared.who[0]] == officer
            self._take(receipt, declared.to)

    def _take(self, receipt: Receipt, to: str) -> None:
        self.accepted, self.stage = self.accepted + 1, to
        assert (receipt.version, receipt.stage) == (self.accepted, to)
        assert (receipt.ruling is None) is (receipt.event == "open")
        assert receipt.ruling is None or receipt.ruling.is_open

    def _refuse(self, refusal: Refusal) -> None:
        self.refused += 1
        assert not refusal.ruling.is_open
        assert refusal.ruling.blocking_controls()
        assert refusal.advice()

    @invariant()
    def the_version_is_the_number_of_events_and_the_stage_where_they_led(self) -> None:
        if self.accepted:
            case, _ = queries.load_public_case(self.desk, CASE_ID)
            assert (case.version, case.stage) == (self.accepted, self.stage)
            assert case.last_on <= TODAY

    @invariant()
    def the_ledger_verifies(self) -> None:
        found = verification.verify_ledger(self.desk)
        assert found.entries == len(OFFICERS) + self.accepted + self.refused

    @invariant()
    def nothing_of_part_2_stands_in_a_public_column(self) -> None:
        with closing(sqlite3.connect(self.path)) as raw:
            rows: list[Any] = [*raw.execute("SELECT * FROM ledger"), *raw.execute("SELECT * FROM case_view")]
        text = repr(rows)
        assert "okapi" not in text.lower()
        assert "245000000" not in text
        assert "2,450,000" not in text

    @invariant()
    def another_desk_reads_the_same_case(self) -> None:
        if self.accepted:
            other = services_at(self.path)
            assert queries.load_case_snapshot(other, CASE_ID) == queries.load_case_snapshot(self.desk, CASE_ID)
            other.store.close()

    @invariant()
    def no_fact_stands_in_both_parts(self) -> None:
        if self.accepted:
            file = queries.load_case_snapshot(self.desk, CASE_ID)
            assert not file.case.facts.keys() & file.exempt_part.facts.keys()


class LifeDoneAgain(Life):
    """The same, and at the end everything is done again from the record."""

    def teardown(self) -> None:
        verification.verify_ledger(self.desk, with_replay=True)
        with self.desk.store.read_ledger() as (entries, _, _):
            judged = [entry for entry in entries if entry.kind in CASE_EVENT_KINDS]
        assert [entry.version for entry in judged] == list(range(1, self.accepted + 1))
        super().teardown()


SETTINGS = settings(suppress_health_check=list(HealthCheck), print_blob=True)


def test_whatever_officers_do_the_record_holds() -> None:
    run_state_machine_as_test(LifeDoneAgain, settings=settings(SETTINGS, max_examples=20, stateful_step_count=25))


@pytest.mark.long
def test_whatever_officers_do_for_long_the_record_holds() -> None:
    run_state_machine_as_test(LifeDoneAgain, settings=settings(SETTINGS, max_examples=250, stateful_step_count=60))
