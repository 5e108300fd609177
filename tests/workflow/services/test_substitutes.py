"""Who could act instead of one who is kept apart: for each kind of command, on that day; and the same in a dry run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from rules.errors import InputError
from rules.packs.library import Library
from rules.packs.scheme import Scheme
from tests.flow.authority import FIRST_DAY, OFFICE_HEAD, office_library, person
from tests.workflow.walk import services_at, shipped_library
from workflow.adapters.sqlite import SqliteStore
from workflow.cases.appointments import Appointment, Term
from workflow.cases.case import Case, RecordedAct
from workflow.cases.events import Act, Amend, Command, Correct, Open, RecordReview
from workflow.cases.officers import Officer
from workflow.errors import Conflict, NotEntitled, Refusal
from workflow.services import commands, officer_commands, queries, verification
from workflow.services.commands import Correction, Request, Services, TypedAct
from workflow.services.dry_run import try_action
from workflow.services.officer_commands import RoleAppointment
from workflow.services.substitutes import find_substitutes

DAY = FIRST_DAY + timedelta(days=20)
ANN = ("Ann Adams", "author")
WIDER = OFFICE_HEAD.replace("    apart: [author, chair]\n", "    apart: [author]\n    from: [chair, clerk]\n")
FIGURE = {"decision.reference": "R2"}


@cache
def wider_library() -> Library:
    """Return the packs of the village in which the clerk too must be another than the author."""
    return Library({**office_library().files, "schemes/village/scheme.yaml": WIDER.encode()})


def opened_by(name: str, capacity: str) -> Case:
    """Return a case in which one officer opened the paper."""
    opened = RecordedAct(1, "opened", "open", "draft", 1, name, capacity, FIRST_DAY, {}, entered=True)
    return Case("V-1", "village", 1, "board", FIRST_DAY, {}, (opened,), {"draft": 1})


def substitutes(command: Command, *officers: Officer, scheme: Scheme | None = None, on: date = DAY) -> list[str]:
    village = scheme or wider_library().scheme("village")
    return list(find_substitutes(opened_by(*ANN), command, village, officers, on))


CROWD = (
    person("Ann Adams", "author", "chair", "clerk"),
    person("Bob Brown", "chair"),
    person("Cleo Clerk", "clerk"),
    person("Dan Drew", "author"),
    person("Eve Ellis", "member"),
)


class TestCommands:
    @pytest.mark.parametrize(
        ("command", "expected"),
        [
            (Act("approve"), ["Bob Brown (chair)"]),
            (Act("withdraw"), ["Ann Adams (author)", "Dan Drew (author)"]),
            (Act("vote"), ["Bob Brown (chair)", "Eve Ellis (member)"]),
            (Correct({"title": "A"}, "Why"), ["Cleo Clerk (clerk)"]),
            (Amend({}, {}), ["Ann Adams (author)", "Dan Drew (author)"]),
            (Open("V-2", {}, {}), ["Ann Adams (author)", "Dan Drew (author)"]),
        ],
        ids=lambda value: type(value).__name__ if not isinstance(value, list) else "",
    )
    def test_each_command_names_who_may_give_it(self, command: Command, expected: list[str]) -> None:
        assert substitutes(command, *CROWD) == expected

    def test_a_review_names_who_may_record_it(self) -> None:
        mopac = shipped_library().scheme("mopac")
        officer = Officer("g", "Gus Green", (Appointment("governance", "mopac"),))
        other = Officer("a", "Ann Adams", (Appointment("author", "mopac"),))
        review = RecordReview("exemption:s43", "extend", {}, {})
        assert substitutes(review, officer, other, scheme=mopac) == ["Gus Green (governance)"]

    def test_a_scheme_without_corrections_names_nobody_for_one(self) -> None:
        village = wider_library().scheme("village")
        silent = replace(village, declaration=village.declaration.model_copy(update={"corrections": None}))
        with pytest.raises(InputError, match="does not say who may correct a case"):
            substitutes(Correct({"title": "A"}, "Why"), *CROWD, scheme=silent)

    @pytest.mark.parametrize(("days", "is_named"), [(-1, False), (0, True), (5, True), (6, False)])
    def test_only_who_holds_the_role_on_that_day_is_named(self, days: int, is_named: bool) -> None:
        term = Term(DAY, DAY + timedelta(5))
        chair = Officer("b", "Bob Brown", (Appointment("chair", "village", term),))
        assert bool(substitutes(Act("approve"), chair, on=DAY + timedelta(days))) is is_named

    def test_a_deputy_of_the_author_is_kept_apart_and_one_of_another_is_named(self) -> None:
        of_author = Officer("c", "Cy Cox", (Appointment("chair", "village", acts_for="Ann Adams"),))
        of_chair = Officer("d", "Dee Dix", (Appointment("chair", "village", acts_for="Bob Brown"),))
        assert substitutes(Act("approve"), of_author, of_chair) == ["Dee Dix (chair)"]

    def test_an_officer_of_another_scheme_is_not_named(self) -> None:
        assert substitutes(Act("approve"), Officer("b", "Bob Brown", (Appointment("chair", "elsewhere"),))) == []


@pytest.fixture
def village(path: Path) -> Iterator[Services]:
    """A case at the board whose author chairs it, with a second chair and a clerk who is the author's double."""
    services = services_at(path, wider_library(), DAY)
    assert isinstance(services.store, SqliteStore)
    services.store.create()
    first = Request("", FIRST_DAY)
    for name, roles in {
        "Ann Adams": ["author", "chair", "clerk"], "Bob Brown": ["chair", "member"], "Cleo Clerk": ["clerk"],
        "Fay Ford": ["finance"], "Lee Long": ["legal"],
    }.items():  # fmt: skip
        officer_commands.add_officer(services, name, RoleAppointment("village", tuple(roles)), first)
    commands.open_case(services, "village", {"title": "A bench"}, {}, Request("ann-adams", FIRST_DAY))
    for action, officer in (
        ("submit", "ann-adams"), ("sign-finance", "fay-ford"), ("sign-legal", "lee-long"), ("to-board", "ann-adams"),
    ):  # fmt: skip
        commands.perform_action(services, "V-1", commands.TypedAct(action), Request(officer, FIRST_DAY))
    yield services
    services.store.close()


def test_a_correction_by_the_author_is_refused_and_the_clerk_is_named(village: Services) -> None:
    correction = Correction({"title": "A better bench"}, {}, "A slip.")
    with pytest.raises(Refusal) as refused:
        commands.correct_case(village, "V-1", correction, Request("ann-adams", DAY))
    assert refused.value.could_act == ("Cleo Clerk (clerk)",)
    commands.correct_case(village, "V-1", correction, Request("cleo-clerk", DAY))
    assert verification.verify_ledger(village, with_replay=True).rulings


class TestDryRuns:
    vote = TypedAct("vote", {"vote:bob-brown.position": "for"})
    defer = TypedAct("defer", {"send_back.reason": "Later."})

    def test_it_shows_the_stage_the_capacity_and_what_would_be_recorded(self, village: Services) -> None:
        head = verification.ledger_head(village)
        dry_run = try_action(village, "v-1", self.vote, Request("bob-brown", DAY))
        shown = dry_run.as_json()
        assert (shown["case"], shown["version"], shown["stage"], shown["seal"]) == ("V-1", 6, "board", None)
        assert (shown["officer"], shown["capacity"]) == ("Bob Brown", "member")
        assert shown["recorded"] == {"vote:bob-brown.position": "for"}
        assert verification.ledger_head(village) == head

    def test_it_shows_what_a_reopening_would_void(self, village: Services) -> None:
        commands.perform_action(village, "V-1", self.vote, Request("bob-brown", DAY))
        back = TypedAct("return", {"send_back.reason": "Again."})
        shown = try_action(village, "V-1", back, Request("bob-brown", DAY)).as_json()
        assert (shown["stage"], shown["voids"]) == ("draft", [3, 4, 6])
        assert queries.load_public_case(village, "V-1")[0].stage == "board"

    def test_a_refusal_names_who_could_act_and_is_not_recorded(self, village: Services) -> None:
        head = verification.ledger_head(village)
        with pytest.raises(Refusal) as refused:
            try_action(village, "V-1", self.defer, Request("ann-adams", DAY))
        assert refused.value.could_act == ("Bob Brown (chair)",)
        assert verification.ledger_head(village) == head

    def test_a_refusal_by_another_rule_names_nobody(self, village: Services) -> None:
        with pytest.raises(Refusal) as refused:
            try_action(village, "V-1", TypedAct("submit"), Request("ann-adams", DAY))
        assert refused.value.could_act is None

    @pytest.mark.parametrize(
        ("typed_act", "request_of", "error", "message"),
        [
            (vote, Request("bob-brown", DAY + timedelta(1)), InputError, "has not come yet"),
            (vote, Request("bob-brown", FIRST_DAY - timedelta(1)), InputError, "is before the last act"),
            (vote, Request("bob-brown", DAY, 4), Conflict, "at version 5, not 4"),
            (vote, Request("bob-browne", DAY), InputError, "is not an officer"),
            (vote, Request("fay-ford", DAY), InputError, "is not about Fay Ford"),
            (TypedAct("approve"), Request("fay-ford", DAY), NotEntitled, "may not approve"),
            (TypedAct("vote", {"vote:bob-brown.position": "maybe"}), Request("bob-brown", DAY), InputError, "maybe"),
            (TypedAct("vote", {"title": "A"}), Request("bob-brown", DAY), InputError, "does not ask for 'title'"),
            (TypedAct("vote"), Request("bob-brown", DAY), InputError, "records nothing without an answer"),
            (TypedAct("vote", {}, (), "Why"), Request("bob-brown", DAY), InputError, "--reason says why"),
            (TypedAct("vote", {}, ("board.majority",)), Request("bob-brown", DAY), InputError, "needs a reason"),
            (TypedAct("elect"), Request("bob-brown", DAY), InputError, "elect"),
        ],
    )
    def test_it_fails_as_the_act_does(
        self, village: Services, typed_act: TypedAct, request_of: Request, error: type[Exception], message: str
    ) -> None:
        with pytest.raises(error, match=message) as tried:
            try_action(village, "V-1", typed_act, request_of)
        with pytest.raises(error) as done:
            commands.perform_action(village, "V-1", typed_act, request_of)
        assert str(tried.value) == str(done.value)
