"""Who took part in a case in which role: here, as a deputy, by an imported paper, and in entries of format 1."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.flow.authority import FIRST_DAY, office_library
from workflow.cases.appointments import Capacity
from workflow.cases.case import Case, RecordedAct
from workflow.cases.events import CURRENT_FORMAT, FIRST_FORMAT
from workflow.cases.separation import (
    describe_unbound_breaches,
    list_participations,
    make_participation,
    separation_facts_of_act,
    separation_facts_of_record,
)

VILLAGE = office_library().scheme("village")
APART = "separation.author_and_chair"


def act(officer: str, capacity: str, action: str = "submit", **keys: Any) -> RecordedAct:  # noqa: ANN401 - any field
    """Return an act that somebody did in a capacity; `keys` are other fields of it."""
    fields: dict[str, Any] = {
        "version": 1, "kind": "acted", "action": action, "stage": "draft", "round": 1, "on": FIRST_DAY, "facts": {},
        "entered": False,
    }  # fmt: skip
    return RecordedAct(officer=officer, capacity=capacity, **{**fields, **keys})


def case_of(*acts: RecordedAct, **facts: Any) -> Case:  # noqa: ANN401 - facts are of any type
    """Return a case with some acts, and with facts whose names have `__` for a dot."""
    named = {name.replace("__", "."): value for name, value in facts.items()}
    return Case("V-1", "village", len(acts), "board", FIRST_DAY, named, acts)


class TestActs:
    @pytest.mark.parametrize("name", ["Ann Adams", "ann adams", "ANN  ADAMS", " Ann Adams "])
    def test_one_person_is_known_by_name_however_it_is_written(self, name: str) -> None:
        case = case_of(act("Ann Adams", "author"))
        assert separation_facts_of_act(case, VILLAGE, name, Capacity("chair")) == {APART: True}

    @pytest.mark.parametrize(
        ("officer", "capacity", "is_breached"),
        [
            ("Ann Adams", Capacity("author"), False),
            ("Ann Adams", Capacity("member"), False),
            ("Bob Brown", Capacity("chair"), False),
            ("Bob Brown", Capacity("chair", "Ann Adams"), True),
            ("Ann Adams", Capacity("chair", "Bob Brown"), True),
        ],
    )
    def test_who_acts_and_for_whom_both_count(self, officer: str, capacity: Capacity, is_breached: bool) -> None:
        case = case_of(act("Ann Adams", "author"))
        assert separation_facts_of_act(case, VILLAGE, officer, capacity) == {APART: is_breached}

    def test_whoever_wrote_for_somebody_keeps_that_person_apart_too(self) -> None:
        case = case_of(act("Dan Drew", "author", acts_for="Ann Adams"))
        for name in ("Dan Drew", "Ann Adams"):
            assert separation_facts_of_act(case, VILLAGE, name, Capacity("chair")) == {APART: True}

    def test_what_is_void_counts_too(self) -> None:
        void = act("Ann Adams", "author", facts={"title": "A"}, voided=frozenset(["title"]), voided_by=2)
        assert separation_facts_of_act(case_of(void), VILLAGE, "Ann Adams", Capacity("chair")) == {APART: True}

    @pytest.mark.parametrize("kind", ["opened", "amended", "acted", "corrected", "reviewed", "migrated"])
    def test_each_kind_of_act_counts(self, kind: str) -> None:
        case = case_of(act("Ann Adams", "author", kind=kind))
        assert separation_facts_of_act(case, VILLAGE, "Ann Adams", Capacity("chair")) == {APART: True}

    def test_one_who_holds_no_role_for_it_has_no_part(self) -> None:
        assert separation_facts_of_act(case_of(act("Ann Adams", "author")), VILLAGE, "Ann Adams", None) == {}

    def test_acts_of_format_1_count_against_later_ones(self) -> None:
        early = case_of(act("Ann Adams", "author", entry_format=FIRST_FORMAT))
        assert separation_facts_of_act(early, VILLAGE, "Ann Adams", Capacity("chair")) == {APART: True}


class TestRecords:
    @pytest.mark.parametrize(
        ("formats", "is_breached"),
        [
            ((CURRENT_FORMAT, CURRENT_FORMAT), True),
            ((FIRST_FORMAT, CURRENT_FORMAT), True),
            ((CURRENT_FORMAT, FIRST_FORMAT), False),
            ((FIRST_FORMAT, FIRST_FORMAT), False),
        ],
    )
    def test_only_an_act_that_was_bound_breaches(self, formats: tuple[int, int], is_breached: bool) -> None:
        first, second = formats
        case = case_of(
            act("Ann Adams", "author", entry_format=first), act("Ann Adams", "chair", "approve", entry_format=second)
        )
        assert separation_facts_of_record(case, VILLAGE).get(APART, False) is is_breached

    def test_the_order_of_the_two_roles_does_not_matter(self) -> None:
        case = case_of(act("Ann Adams", "chair", "approve"), act("Ann Adams", "author"))
        assert separation_facts_of_record(case, VILLAGE) == {APART: True}

    def test_two_people_breach_nothing(self) -> None:
        case = case_of(act("Ann Adams", "author"), act("Bob Brown", "chair", "approve"))
        assert separation_facts_of_record(case, VILLAGE) == {APART: False}


class TestImportedPapers:
    entered = act("Clerk Person", "author", "enter", kind="entered")

    def test_who_entered_a_paper_did_not_write_it(self) -> None:
        assert list_participations(case_of(self.entered), VILLAGE) == []

    def test_who_decided_is_known_by_what_the_paper_records(self) -> None:
        case = case_of(self.entered, board__by="Ann  ADAMS", board__role="chair")
        assert list_participations(case, VILLAGE) == [make_participation("Ann Adams", Capacity("chair"))]
        assert separation_facts_of_act(case, VILLAGE, "Ann Adams", Capacity("author")) == {APART: True}

    def test_without_a_role_it_is_the_only_one_that_can_have_acted_there(self) -> None:
        case = case_of(self.entered, finance_check__by="Ann Adams", signoff__by="Bob Brown", board__by="Dan Drew")
        assert list_participations(case, VILLAGE) == [
            make_participation("Dan Drew", Capacity("chair")), make_participation("Ann Adams", Capacity("finance")),
        ]  # fmt: skip

    @pytest.mark.parametrize("facts", [{"board__role": "chair"}, {"board__by": True}, {"board__by": date(2024, 6, 3)}])
    def test_a_name_that_is_missing_or_no_text_says_nothing(self, facts: dict[str, Any]) -> None:
        assert list_participations(case_of(self.entered, **facts), VILLAGE) == []

    def test_what_was_recorded_here_is_not_taken_twice(self) -> None:
        here = act("Chair Person", "chair", "approve", facts={"board.by": "Chair Person", "board.role": "chair"})
        case = case_of(here, board__by="Chair Person", board__role="chair")
        assert list_participations(case, VILLAGE) == [make_participation("Chair Person", Capacity("chair"))]


class TestFormat1:
    def test_a_breach_that_nothing_enforced_is_said_once_for_each_separation(self) -> None:
        old: dict[str, Any] = {"entry_format": FIRST_FORMAT}
        case = case_of(
            act("Ann Adams", "author", **old),
            act("Ann Adams", "chair", "defer", **old),
            act("Ann Adams", "chair", "approve", **old),
        )
        [warning] = describe_unbound_breaches(case, VILLAGE)
        assert warning == (
            "Ann Adams acted as author (submit) and as chair (defer), which separation.author_and_chair keeps apart; "
            "it was recorded before that was enforced"
        )

    def test_a_breach_that_was_enforced_is_no_such_warning(self) -> None:
        case = case_of(act("Ann Adams", "author"), act("Ann Adams", "chair", "approve"))
        assert describe_unbound_breaches(case, VILLAGE) == ()

    def test_a_deputy_of_format_1_counts_for_both(self) -> None:
        old: dict[str, Any] = {"entry_format": FIRST_FORMAT}
        case = case_of(
            act("Ann Adams", "author", **old), act("Bob Brown", "chair", "approve", acts_for="Ann Adams", **old)
        )
        assert len(describe_unbound_breaches(case, VILLAGE)) == 1

    def test_whoever_entered_a_paper_is_left_out(self) -> None:
        old: dict[str, Any] = {"entry_format": FIRST_FORMAT}
        case = case_of(act("Ann Adams", "author", "enter", kind="entered", **old), act("Ann Adams", "chair", **old))
        assert describe_unbound_breaches(case, VILLAGE) == ()
