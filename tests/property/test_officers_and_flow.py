"""Property: officers, sign-offs, returns and corrections through the services are those of a plain model.

Whatever is tried: nothing recorded is void without a reopening, nobody acts outside an appointment or appoints himself,
one sign-off never touches another, a correction changes nothing that was decided, and replay gives the same case.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from rules.errors import InputError
from rules.values.facts import FactValue
from tests.flow.authority import FIRST_DAY, office_library
from tests.property.plain_office import (
    CORRECTED_AT,
    CORRECTS,
    DONE,
    NOT_ENTITLED,
    REFUSED,
    TASKS,
    WRONG_INPUT,
    Noted,
    PlainCase,
    PlainOffice,
    Post,
    Seat,
    StandIn,
)
from tests.workflow.walk import bring_clock_to, services_at
from workflow.adapters.sqlite import SqliteStore
from workflow.cases.officers import make_officer_id
from workflow.errors import NotEntitled, Refusal
from workflow.history.officer_records import load_officers
from workflow.ledger.ports import Clock
from workflow.services import commands, officer_commands, queries, verification
from workflow.services.commands import Correction, Request, Revision
from workflow.services.ledger_audit import audit_cases
from workflow.services.officer_commands import AppointmentTerms, Deputising, RoleAppointment
from workflow.services.officer_endings import Ending

SCHEME = office_library().scheme("village")
ROLES = [*SCHEME.declaration.roles]
FOUNDER = "Fay Founder"
STAFF = {
    "Ann Adams": ["author"],
    "Bob Brown": ["clerk", "finance"],
    "Cat Clark": ["finance", "legal"],
    "Dan Drew": ["chair", "member"],
    "Eve Ellis": ["risk", "member", "chair"],
}
NAMES, ACTIONS = [*STAFF], [*SCHEME.declaration.actions]
FORWARD = ["submit", "to-board", "approve", "sign-finance", "sign-legal", "sign-risk", "vote"]
TO_DECISION = [
    ("submit", "Ann Adams"), ("sign-finance", "Bob Brown"), ("sign-legal", "Cat Clark"), ("to-board", "Ann Adams"),
    ("vote", "Dan Drew"), ("approve", "Eve Ellis"),
]  # fmt: skip
STATED = {"send_back.reason": "A reason.", "decision.reference": "R1", "contract_copy": "A copy."}
OUTCOMES: dict[type[Exception], str] = {Refusal: REFUSED, NotEntitled: NOT_ENTITLED, InputError: WRONG_INPUT}
POSITIONS = ["for", "for", "against"]
DAYS = st.integers(-6, 9)
ANYBODY = st.sampled_from([*NAMES, FOUNDER])
SOMEBODY = st.sampled_from(NAMES)


def outcome_of(command: Callable[[], object]) -> str:
    """Do something, and return what came of it."""
    try:
        command()
    except tuple(OUTCOMES) as error:
        return next(outcome for kind, outcome in OUTCOMES.items() if isinstance(error, kind))
    return DONE


def stated_by(name: str, action: str, position: str) -> dict[str, str]:
    """Return what somebody states with an action: each answer that it asks for, or a position in a vote."""
    if SCHEME.action(action).own:
        return {f"vote:{make_officer_id(name)}.position": position}
    return {fact: STATED[fact] for fact in SCHEME.action(action).asks}


class OfficeLife(RuleBasedStateMachine):
    """Five people, a founder and one case; each rule tries something that the model allows or does not."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.today = FIRST_DAY
        opened = services_at(Path(self.folder.name) / "assent.db", office_library(), self.today)
        self.services = replace(opened, clock=Clock(lambda _: self.today, opened.clock.new_salt))
        assert isinstance(self.services.store, SqliteStore)
        self.services.store.create()
        self.office, self.case, self.number = PlainOffice(FOUNDER), PlainCase(SCHEME), ""

    def teardown(self) -> None:
        report = verification.verify_ledger(self.services, with_replay=True)
        assert report.entries
        audit = audit_cases(self.services, []).cases
        assert [line for case in audit for line in case.warnings if "outside" in line or "otherwise" in line] == []
        self.services.store.close()
        self.folder.cleanup()

    @initialize(done=st.integers(0, len(TO_DECISION)))
    def staff_the_office_and_bring_a_case_some_way(self, done: int) -> None:
        officer_commands.add_founder(self.services, FOUNDER, Request("", self.today))
        for name, roles in STAFF.items():
            appointment = RoleAppointment("village", tuple(roles))
            officer_commands.add_officer(self.services, name, appointment, Request(FOUNDER, self.today))
            self.office.posts[name] = [Post(role, self.today) for role in roles]
        paper: dict[str, FactValue] = {"title": "A bench"}
        self.number = commands.open_case(self.services, "village", paper, {}, Request("ann-adams", self.today)).case
        self.case.title, self.case.last_on = "A bench", self.today
        self.case.notes.append(Noted("open", "draft", {}, "Ann Adams", Seat("author"), moved=True, is_act=False))
        for action, name in TO_DECISION[:done]:
            self._act(action, name, self.today, stated_by(name, action, "for"))

    @rule(days=st.integers(0, 4))
    def let_time_pass(self, days: int) -> None:
        self.today += timedelta(days=days)
        bring_clock_to(self.services, self.today)

    # Officers.

    @rule(name=SOMEBODY, role=st.sampled_from(ROLES), by=ANYBODY, first=DAYS, length=DAYS, reason=st.booleans())
    def somebody_appoints(self, name: str, role: str, by: str, first: int, length: int, reason: bool) -> None:
        post = Post(role, self.today + timedelta(first), self.today + timedelta(first + length))
        why = "A letter." if reason else ""
        expected = WRONG_INPUT if length < 0 else DONE
        if expected == DONE and not self.office.may_change(by, name, self.today):
            expected = NOT_ENTITLED
        elif self.office.is_too_early(post.first, self.today, why):
            expected = WRONG_INPUT
        appointment = RoleAppointment("village", (role,), AppointmentTerms(post.first, post.last, "Order", why))
        self._expect(expected, lambda: officer_commands.appoint_officer(self.services, name, appointment, Request(by)))
        if expected == DONE:
            self.office.posts[name].append(post)

    @rule(name=SOMEBODY, role=st.sampled_from(ROLES), by=ANYBODY, last=DAYS, reason=st.booleans())
    def somebody_ends_an_appointment(self, name: str, role: str, by: str, last: int, reason: bool) -> None:
        day, why = self.today + timedelta(last), "A letter." if reason else ""
        held = [post for post in self.office.posts[name] if post.role == role]
        expected = DONE if held else WRONG_INPUT
        if held and not self.office.may_change(by, name, self.today, name):
            expected = NOT_ENTITLED
        elif self.office.is_too_early(day, self.today, why):
            expected = WRONG_INPUT
        ending = Ending("village", (role,), last=day, reason=why)
        self._expect(expected, lambda: officer_commands.end_appointment(self.services, name, ending, Request(by)))
        for post in held if expected == DONE else []:
            post.end(day)

    @rule(name=SOMEBODY, by=ANYBODY, last=st.integers(4, 40))
    def somebody_leaves(self, name: str, by: str, last: int) -> None:
        day = self.today + timedelta(last)
        may = self.office.may_change(by, name, self.today, name)
        ending = Ending(has_left=True, last=day)
        self._expect(
            DONE if may else NOT_ENTITLED,
            lambda: officer_commands.end_appointment(self.services, name, ending, Request(by)),
        )
        if may:
            self.office.leave(name, day)

    @rule(
        name=SOMEBODY, principal=SOMEBODY, other=st.none() | ANYBODY, length=DAYS,
        roles=st.just([]) | st.lists(st.sampled_from(ROLES), max_size=2),
    )  # fmt: skip
    def somebody_names_a_deputy(
        self, name: str, principal: str, other: str | None, length: int, roles: list[str]
    ) -> None:
        by = other or principal
        term = Post("", self.today, self.today + timedelta(length))
        held = {post.role for post in self.office.posts[principal]}
        has_roles = name != principal and held.issuperset(roles)
        expected = DONE
        if not has_roles or length < 0 or not self.office.holds_in_term(principal, roles, term):
            expected = WRONG_INPUT
        elif not self.office.may_change(by, name, self.today, principal):
            expected = NOT_ENTITLED
        deputising = Deputising(principal, "village", tuple(roles))
        terms = AppointmentTerms(last=term.last, instrument="Letter of the same day")
        self._expect(
            expected,
            lambda: officer_commands.deputise_officer(self.services, name, deputising, Request(by), terms),
        )
        if expected == DONE:
            self.office.stand_ins.setdefault(name, []).append(StandIn(principal, tuple(roles), term))

    # The case.

    @rule(
        action=st.sampled_from(ACTIONS), name=SOMEBODY, back=st.integers(0, 2), answered=st.booleans(),
        position=st.sampled_from(POSITIONS),
    )  # fmt: skip
    def somebody_tries_any_action(self, action: str, name: str, back: int, answered: bool, position: str) -> None:
        stated = stated_by(name, action, position) if answered else {}
        self._act(action, name, self.today - timedelta(back), stated)

    @rule(data=st.data(), times=st.integers(1, 4))
    def somebody_who_may_does_what_is_due(self, data: st.DataObject, times: int) -> None:
        for _ in range(times):
            due = SCHEME.actions_at(self.case.stage)
            able = [
                (action, name)
                for action, declared in due.items()
                for name in NAMES
                if self.office.seat(name, declared.who, self.today) and action not in ("withdraw", "recall")
            ]
            if able:
                forward = [(action, name) for action, name in able if action in FORWARD]
                deputies = [(action, name) for action, name in able if self._is_deputy(name, action)]
                action, name = data.draw(st.sampled_from([*able, *(2 * forward), *(2 * deputies)]))
                self._act(action, name, self.today, stated_by(name, action, data.draw(st.sampled_from(POSITIONS))))

    @rule(name=SOMEBODY, title=st.sampled_from(["A bench", "A tree", "Two trees"]))
    def somebody_amends_the_paper(self, name: str, title: str) -> None:
        seat = self.office.seat(name, ("author",), self.today)
        expected = (DONE if self.case.stage == "draft" else REFUSED) if seat else NOT_ENTITLED
        revision = Revision({"title": title}, {})
        self._expect(
            expected, lambda: commands.amend_paper(self.services, self.number, revision, Request(name, self.today))
        )
        if seat and expected == DONE:
            self._note("amend", name, seat)
            self.case.title = title

    @rule(
        name=st.sampled_from([*NAMES, "Bob Brown"]),
        fact=st.sampled_from(["title", "decision.reference", "contract_copy"]),
        now=st.sampled_from(["A bench", "R1", "R2", "A copy"]),
    )
    def somebody_corrects(self, name: str, fact: str, now: str) -> None:
        seat = self.office.seat(name, (CORRECTS,), self.today)
        expected = DONE if seat else NOT_ENTITLED
        if not self.office.knows(name):
            expected = NOT_ENTITLED
        elif self.case.says(fact) == now:
            expected = WRONG_INPUT
        elif self.case.stage not in CORRECTED_AT:
            expected = REFUSED
        before = self._facts()
        correction = Correction({fact: now}, {}, "It was wrong.")
        self._expect(
            expected, lambda: commands.correct_case(self.services, self.number, correction, Request(name, self.today))
        )
        if seat and expected == DONE:
            assert before.items() <= self._facts().items()
            self.case.corrections.append((fact, now, self.case.says(fact)))
            self._note("correct", name, seat)

    def _is_deputy(self, name: str, action: str) -> bool:
        seat = self.office.seat(name, SCHEME.action(action).who, self.today)
        return seat is not None and bool(seat.acts_for)

    def _act(self, action: str, name: str, on: date, stated: dict[str, str]) -> None:
        declared = SCHEME.action(action)
        seat, before = self.office.seat(name, declared.who, on), self._facts()
        expected = self._expected(action, name, on, seat, stated)
        self._expect(
            expected,
            lambda: commands.perform_action(
                self.services, self.number, commands.TypedAct(action, stated), Request(name, on)
            ),
        )
        if expected != DONE or seat is None:
            assert self._facts() == before
            return
        self.case.follow(action, stated, name, seat, on)
        recorded = queries.load_public_case(self.services, self.number)[0].acts[-1]
        assert (recorded.officer, recorded.capacity, recorded.acts_for) == (name, *seat)
        if declared.task:
            others = [task for task in TASKS if task != declared.task]
            assert _of_tasks(before, others) == _of_tasks(self._facts(), others)

    def _expected(self, action: str, name: str, on: date, seat: Seat | None, stated: Mapping[str, str]) -> str:
        """Return what must come of an act."""
        declared = SCHEME.action(action)
        if not self.office.knows(name):
            return NOT_ENTITLED
        if on < self.case.last_on:
            return WRONG_INPUT
        if self.case.stage not in declared.stages:
            return REFUSED
        if seat is None:
            return NOT_ENTITLED
        if self.case.blocks(name, seat, action):
            return REFUSED
        return WRONG_INPUT if declared.records_only_answers and not stated else DONE

    def _expect(self, expected: str, command: Callable[[], object]) -> None:
        head = verification.ledger_head(self.services)
        assert outcome_of(command) == expected
        assert (verification.ledger_head(self.services) != head) is (expected in (DONE, REFUSED))

    def _note(self, what: str, name: str, seat: Seat) -> None:
        self.case.notes.append(Noted(what, self.case.stage, {}, name, seat, moved=False, is_act=False))
        self.case.last_on = self.today

    def _facts(self) -> dict[str, FactValue]:
        return dict(queries.load_public_case(self.services, self.number)[0].facts)

    @invariant()
    def the_case_is_that_of_the_model(self) -> None:
        if not self.number:
            return
        case = queries.load_public_case(self.services, self.number)[0]
        assert (case.stage, case.last_on, case.version) == (self.case.stage, self.case.last_on, len(self.case.notes))
        assert {address: case.facts.get(address) for address in self.case.recorded()} == self.case.recorded()
        assert case.facts["title"] == self.case.title
        made = enumerate(self.case.corrections, start=1)
        assert {f"correction:{number}.now": now for number, (_, now, _) in made}.items() <= case.facts.items()

    @invariant()
    def nothing_recorded_is_void_without_a_reopening(self) -> None:
        if self.number:
            acts = queries.load_public_case(self.services, self.number)[0].acts
            reopening = {act.version for act in acts if act.kind == "acted" and SCHEME.action(act.action).reopens}
            assert {act.voided_by for act in acts if act.voided} <= reopening

    @invariant()
    def nobody_is_appointed_by_himself(self) -> None:
        with self.services.store.read_transaction() as transaction:
            officers = load_officers(transaction)
        own = [(officer, held) for officer in officers for held in officer.appointments if not held.acts_for]
        assert all(held.appointed_by not in ("", officer.name) for officer, held in own)

    @invariant()
    def another_connection_reads_the_same_case(self) -> None:
        if self.number:
            path = Path(self.folder.name) / "assent.db"
            other = services_at(path, office_library())
            assert queries.load_case_snapshot(other, self.number) == queries.load_case_snapshot(
                self.services, self.number
            )
            other.store.close()


def _of_tasks(facts: Mapping[str, Any], tasks: list[str]) -> dict[str, Any]:
    return {address: value for address, value in facts.items() if address.partition(".")[0] in tasks}


SETTINGS = settings(suppress_health_check=list(HealthCheck), print_blob=True)


def test_officers_and_cases_are_those_of_a_plain_model() -> None:
    run_state_machine_as_test(OfficeLife, settings=settings(SETTINGS, max_examples=12, stateful_step_count=30))


@pytest.mark.long
def test_they_are_over_long_lives() -> None:
    run_state_machine_as_test(OfficeLife, settings=settings(SETTINGS, max_examples=200, stateful_step_count=70))
