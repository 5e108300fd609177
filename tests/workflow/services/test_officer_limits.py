"""The limits of what may be said of officers: days on both sides, words that cannot be printed, and no trace of either.

The village has a clerk who appoints, and lets an appointment begin three days before it is made without a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from rules.errors import Error, InputError
from rules.packs.library import Library
from tests.flow.authority import FIRST_DAY, office_library
from tests.workflow.walk import services_at, two_authorities
from workflow.adapters.sqlite import SqliteStore
from workflow.cases.officers import Officer
from workflow.errors import Conflict, NotEntitled
from workflow.services import commands, officer_commands, queries, verification
from workflow.services.commands import Request, Services
from workflow.services.officer_commands import (
    AppointmentTerms,
    Deputising,
    OfficerReceipt,
    RoleAppointment,
)
from workflow.services.officer_endings import Ending

TODAY = FIRST_DAY + timedelta(days=100)
FOUNDER, CLERK = "fay-founder", "cleo-clerk"
ON = Request(CLERK, TODAY)


def founded(path: Path, library: Library | None = None) -> Services:
    """Return services on a new store with a founder, on a day when it is day 100 of the village."""
    services = services_at(path, library or office_library(), TODAY)
    assert isinstance(services.store, SqliteStore)
    services.store.create()
    officer_commands.add_founder(services, "Fay Founder", Request("", FIRST_DAY))
    return services


def add(services: Services, name: str, *roles: str, request: Request = ON) -> OfficerReceipt:
    appointment = RoleAppointment("village", roles)
    return officer_commands.add_officer(services, name, appointment, request)


@pytest.fixture
def village(path: Path) -> Iterator[Services]:
    """A village with a clerk, an author and a member, and one case."""
    services = founded(path)
    for name, role in (("Cleo Clerk", "clerk"), ("Ann Adams", "author"), ("Bob Brown", "member")):
        add(services, name, role, request=Request(FOUNDER, FIRST_DAY))
    commands.open_case(services, "village", {"title": "A bench"}, {}, Request("ann-adams", FIRST_DAY))
    yield services
    services.store.close()


def officer(services: Services, name: str) -> Officer:
    return next(view.officer for view in queries.list_officers(services) if view.officer.id == name)


def leaves_no_trace(services: Services, command: Callable[[], object], error: type[Error], message: str) -> str:
    """Check that a command fails and records nothing; return its advice."""
    head = verification.ledger_head(services)
    with pytest.raises(error, match=message) as failed:
        command()
    assert verification.ledger_head(services) == head
    return failed.value.advice()


class TestDays:
    @pytest.mark.parametrize(("days", "is_taken"), [(0, True), (3, True), (4, False), (100, False)])
    def test_an_appointment_may_begin_three_days_before_it_is_made(
        self, village: Services, days: int, is_taken: bool
    ) -> None:
        terms = AppointmentTerms(first=TODAY - timedelta(days))

        def appoint() -> OfficerReceipt:
            return officer_commands.appoint_officer(
                village, "bob-brown", RoleAppointment("village", ("risk",), terms), ON
            )

        if is_taken:
            assert appoint().officer.appointments[-1].term.first == terms.first
        else:
            advice = leaves_no_trace(
                village, appoint, InputError, f"{days} days before it is recorded: village allows 3"
            )
            assert advice.startswith("Say why with --reason.")

    @pytest.mark.parametrize("reason", ["", " ", "\t\n"])
    def test_a_blank_reason_is_none(self, village: Services, reason: str) -> None:
        terms = AppointmentTerms(first=TODAY - timedelta(4), reason=reason)
        appointment = RoleAppointment("village", ("risk",), terms)
        leaves_no_trace(
            village,
            lambda: officer_commands.appoint_officer(village, "bob-brown", appointment, ON),
            InputError,
            "allows 3 without a reason",
        )

    def test_one_that_begins_later_needs_no_reason(self, village: Services) -> None:
        terms = AppointmentTerms(first=TODAY + timedelta(400))
        appointment = RoleAppointment("village", ("risk",), terms)
        made = officer_commands.appoint_officer(village, "bob-brown", appointment, ON).officer
        assert made.find_capacity(["risk"], TODAY + timedelta(399), "village") is None
        assert made.find_capacity(["risk"], TODAY + timedelta(400), "village")

    @pytest.mark.parametrize(("length", "is_taken"), [(0, True), (-1, False)])
    def test_the_first_day_may_be_the_last(self, village: Services, length: int, is_taken: bool) -> None:
        terms = AppointmentTerms(TODAY, TODAY + timedelta(length))
        appointment = RoleAppointment("village", ("risk",), terms)
        if is_taken:
            officer_commands.appoint_officer(village, "bob-brown", appointment, ON)
            assert officer(village, "bob-brown").appointments[-1].term.last == TODAY
        else:
            leaves_no_trace(
                village,
                lambda: officer_commands.appoint_officer(village, "bob-brown", appointment, ON),
                InputError,
                "is before the first",
            )

    def test_the_business_day_of_a_record_is_not_in_the_future(self, village: Services) -> None:
        tomorrow = Request(CLERK, TODAY + timedelta(1))
        leaves_no_trace(
            village, lambda: add(village, "Dan Drew", "risk", request=tomorrow), InputError, "has not come yet"
        )

    def test_who_appoints_must_hold_the_role_on_the_business_day(self, village: Services) -> None:
        ending = Ending("village", ("clerk",), last=TODAY - timedelta(10), reason="The letter was found late.")
        officer_commands.end_appointment(village, CLERK, ending, Request(FOUNDER))
        leaves_no_trace(
            village, lambda: add(village, "Dan Drew", "risk", request=ON), NotEntitled, "Cleo Clerk may not add"
        )
        earlier = Request(CLERK, TODAY - timedelta(10))
        dated_back = RoleAppointment("village", ("risk",), AppointmentTerms(TODAY))
        leaves_no_trace(
            village,
            lambda: officer_commands.add_officer(village, "Dan Drew", dated_back, earlier),
            InputError,
            "10 days before it is recorded: village allows 3 without a reason",
        )
        explained = RoleAppointment("village", ("risk",), AppointmentTerms(TODAY, reason="Cleo Clerk's last order."))
        officer_commands.add_officer(village, "Dan Drew", explained, earlier)

    @pytest.mark.parametrize("ending", [Ending("village", ("member",)), Ending(has_left=True)])
    @pytest.mark.parametrize(("days", "is_taken"), [(0, True), (3, True), (4, False), (100, False)])
    def test_an_appointment_may_end_three_days_before_that_is_recorded(
        self, village: Services, ending: Ending, days: int, is_taken: bool
    ) -> None:
        last = TODAY - timedelta(days)

        def end(reason: str = "") -> Officer:
            late = replace(ending, last=last, reason=reason)
            return officer_commands.end_appointment(village, "bob-brown", late, ON).officer

        if not is_taken:
            message = f"the appointment ends on {last}, {days} days before it is recorded: village allows 3"
            leaves_no_trace(village, end, InputError, message)
        held = end("" if is_taken else "The letter was found late.").appointments[0]
        assert (held.term.last, held.end_reason) == (last, "" if is_taken else "The letter was found late.")
        assert verification.verify_ledger(village, with_replay=True).entries

    def test_a_deputyship_may_end_three_days_before_that_is_recorded(self, village: Services) -> None:
        terms = AppointmentTerms(TODAY - timedelta(9), instrument="Letter", reason="Found late.")
        officer_commands.deputise_officer(
            village, "bob-brown", Deputising("ann-adams"), Request("ann-adams", TODAY), terms
        )
        late = Ending(principal="ann-adams", last=TODAY - timedelta(4))
        by = Request("ann-adams")
        leaves_no_trace(
            village,
            lambda: officer_commands.end_appointment(village, "bob-brown", late, by),
            InputError,
            "4 days before it is recorded",
        )
        explained = replace(late, reason="Ann Adams was back early.")
        held = officer_commands.end_appointment(village, "bob-brown", explained, by).officer.appointments[-1]
        assert held.describe_with_reasons() == (
            f"author for Ann Adams from {TODAY - timedelta(9)} to {TODAY - timedelta(4)} "
            "(begin recorded late: Found late.; end recorded late: Ann Adams was back early.)"
        )

    def test_an_ending_keeps_an_earlier_last_day(self, village: Services) -> None:
        for days in (5, 9):
            ending = Ending("village", ("member",), last=TODAY + timedelta(days))
            officer_commands.end_appointment(village, "bob-brown", ending, ON)
        assert officer(village, "bob-brown").appointments[0].term.last == TODAY + timedelta(5)

    def test_without_a_day_it_ends_on_the_business_day(self, village: Services) -> None:
        ended = officer_commands.end_appointment(village, "bob-brown", Ending(has_left=True), ON).officer
        assert (ended.left_on, ended.appointments[0].term.last) == (TODAY, TODAY)


class TestNames:
    @pytest.mark.parametrize(
        ("name", "message"),
        [
            ("", "an officer needs a name"),
            ("   ", "an officer needs a name"),
            ("1234", "is not a name"),
            ("x" * 101, "is not a name"),
            ("\N{CYRILLIC CAPITAL LETTER A}nn Adams", "mixes letters of several alphabets"),
            ("Ann\u202eAdams", "cannot be printed"),
            ("Ann\x1b[2JAdams", "cannot be printed"),
            ("Ann\x00Adams", "cannot be printed"),
        ],
    )
    def test_a_name_that_could_deceive_is_refused(self, village: Services, name: str, message: str) -> None:
        leaves_no_trace(village, lambda: add(village, name, "risk"), InputError, message)

    @pytest.mark.parametrize("name", ["x" * 100, "Zoë O'Brien-Łuczak", "Олена Коваль", "Ann  \n Lee"])
    def test_other_names_are_kept_on_one_line(self, village: Services, name: str) -> None:
        assert add(village, name, "risk").officer.name == " ".join(name.split())

    @pytest.mark.parametrize("name", ["Bob Brown", "BOB  brown", "bob-brown", "Bób Brown"])
    def test_two_officers_never_have_one_id(self, village: Services, name: str) -> None:
        advice = leaves_no_trace(
            village, lambda: add(village, name, "risk"), InputError, "there is already an officer bob-brown"
        )
        assert "assent officer appoint bob-brown --role ROLE" in advice

    @pytest.mark.parametrize("name", ["Brown, Bob", "Cllr Bob Brown", "Bob Brown OBE"])
    def test_one_person_under_two_names_is_taken_and_warned_of(self, village: Services, name: str) -> None:
        assert add(village, name, "risk").lookalikes == ("Bob Brown",)

    def test_an_unknown_officer_gets_the_closest_id_and_a_very_long_one_is_cut(self, village: Services) -> None:
        ending = Ending(has_left=True)
        advice = leaves_no_trace(
            village,
            lambda: officer_commands.end_appointment(village, "bob-browne", ending, ON),
            InputError,
            "is not an officer that is known here",
        )
        assert "bob-brown" in advice
        with pytest.raises(InputError) as refused:
            officer_commands.end_appointment(village, "y" * 5000, ending, ON)
        assert len(str(refused.value)) < 250


class TestNotes:
    @pytest.mark.parametrize(
        ("instrument", "reason", "message"),
        [
            ("x" * 501, "", "--instrument has more than 500 characters"),
            ("", "x" * 501, "--reason has more than 500 characters"),
            ("Order \u2066 1", "", "cannot be printed"),
            ("", "\x07", "cannot be printed"),
        ],
    )
    def test_what_cannot_be_printed_is_not_recorded(
        self, village: Services, instrument: str, reason: str, message: str
    ) -> None:
        terms = AppointmentTerms(instrument=instrument or "Order 1", reason=reason)
        appointment = RoleAppointment("village", ("risk",), terms)
        for command in (
            lambda: officer_commands.appoint_officer(village, "bob-brown", appointment, ON),
            lambda: officer_commands.deputise_officer(
                village, "bob-brown", Deputising("ann-adams"), Request("ann-adams", TODAY), terms
            ),
        ):
            leaves_no_trace(village, command, InputError, message)

    def test_a_note_of_500_characters_stays_on_one_line(self, village: Services) -> None:
        terms = AppointmentTerms(instrument="Order\n 1  of 2024", reason="x" * 500)
        appointment = RoleAppointment("village", ("risk",), terms)
        made = officer_commands.appoint_officer(village, "bob-brown", appointment, ON).officer.appointments[-1]
        assert (made.instrument, len(made.reason)) == ("Order 1 of 2024", 500)


class TestRoles:
    @pytest.mark.parametrize(
        ("scheme", "roles", "message", "advice"),
        [
            ("village", (), "needs at least one role", "There are: author, finance"),
            ("", (), "needs at least one role", "Give --role ROLE. There are: village: author, "),
            ("village", ("memeber",), "'memeber' is not a role of village", "Did you mean member?"),
            ("", ("memeber",), "no scheme has the role 'memeber'", "Did you mean member?"),
            ("", ("qqq", "zzz"), "no scheme has the roles 'qqq', 'zzz'", "There are: village: author, "),
            ("vilage", ("member",), "'vilage' is not a scheme", "village"),
        ],
    )
    def test_a_role_that_is_not_there_gets_a_suggestion(
        self, village: Services, scheme: str, roles: tuple[str, ...], message: str, advice: str
    ) -> None:
        appointment = RoleAppointment(scheme, roles)
        given = leaves_no_trace(
            village,
            lambda: officer_commands.appoint_officer(village, "bob-brown", appointment, ON),
            InputError,
            message,
        )
        assert advice in given

    def test_a_role_that_is_named_twice_is_held_once(self, village: Services) -> None:
        made = officer_commands.appoint_officer(village, "bob-brown", RoleAppointment("", ("risk", "risk")), ON).officer
        assert [held.role for held in made.appointments] == ["member", "risk"]

    def test_an_officer_can_be_added_without_a_role_and_may_do_nothing(self, village: Services) -> None:
        added = officer_commands.add_officer(village, "Dan Drew", None, ON).officer
        assert added.as_json()["scheme"] == "none"
        with pytest.raises(NotEntitled, match="this one has no appointment"):
            commands.perform_action(village, "V-1", commands.TypedAct("submit"), Request("dan-drew", TODAY))


class TestTwoAuthorities:
    """Two schemes with the same roles, in one store."""

    @pytest.fixture
    def both(self, path: Path) -> Iterator[Services]:
        opened = services_at(path, two_authorities())
        assert isinstance(opened.store, SqliteStore)
        opened.store.create()
        day = date(2018, 3, 1)
        officer_commands.add_founder(opened, "Fay Founder", Request("", day))
        chief = RoleAppointment("mopac", ("chief_executive",))
        officer_commands.add_officer(opened, "Cleo Chief", chief, Request(FOUNDER, day))
        yield opened
        opened.store.close()

    def test_who_appoints_under_one_may_staff_another_that_has_nobody(self, both: Services) -> None:
        request = Request("cleo-chief", date(2018, 3, 1))
        first = RoleAppointment("elsewhere", ("author",))
        officer_commands.add_officer(both, "Ann Adams", first, request)
        leaves_no_trace(
            both,
            lambda: officer_commands.add_officer(both, "Bob Brown", first, request),
            NotEntitled,
            r"add officers under elsewhere: only .*\(chief_executive\)",
        )

    def test_without_a_scheme_an_appointment_counts_in_each_that_has_the_role(self, both: Services) -> None:
        request = Request(FOUNDER, date(2018, 3, 1))
        made = officer_commands.add_officer(both, "Ann Adams", RoleAppointment("", ("dmpc",)), request).officer
        assert made.appointments[0].scheme == ""
        for scheme in ("mopac", "elsewhere"):
            assert made.find_capacity(["dmpc"], date(2018, 3, 1), scheme)

    def test_it_needs_somebody_who_appoints_under_each(self, both: Services) -> None:
        staffed = RoleAppointment("elsewhere", ("author",))
        officer_commands.add_officer(both, "Ann Adams", staffed, Request(FOUNDER, date(2018, 3, 1)))
        leaves_no_trace(
            both,
            lambda: officer_commands.add_officer(
                both, "Bob Brown", RoleAppointment("", ("dmpc",)), Request("cleo-chief", date(2018, 3, 1))
            ),
            NotEntitled,
            "under elsewhere",
        )


class TestDeputies:
    terms = AppointmentTerms(instrument="Letter")

    def deputise(self, services: Services, name: str, deputising: Deputising, by: str) -> Officer:
        request = Request(by, TODAY)
        return officer_commands.deputise_officer(services, name, deputising, request, self.terms).officer

    def test_nobody_is_the_deputy_of_the_same_person(self, village: Services) -> None:
        leaves_no_trace(
            village,
            lambda: self.deputise(village, "ann-adams", Deputising("ann-adams"), CLERK),
            InputError,
            "Ann Adams cannot be a deputy of Ann Adams",
        )

    def test_who_holds_nothing_passes_nothing_on(self, village: Services) -> None:
        officer_commands.add_officer(village, "Dan Drew", None, ON)
        leaves_no_trace(
            village,
            lambda: self.deputise(village, "ann-adams", Deputising("dan-drew"), CLERK),
            InputError,
            "Dan Drew holds no role that can be passed on",
        )

    def test_a_deputy_passes_a_role_on_only_if_the_deputyship_says_so(self, village: Services) -> None:
        add(village, "Dan Drew", "risk")
        self.deputise(village, "dan-drew", Deputising("bob-brown", "village"), "bob-brown")
        further = Deputising("dan-drew", "village", ("member",))
        leaves_no_trace(
            village,
            lambda: self.deputise(village, "ann-adams", further, "dan-drew"),
            InputError,
            "does not hold the role 'member', or may not pass it on",
        )
        self.deputise(village, "dan-drew", Deputising("bob-brown", "village", may_delegate=True), "bob-brown")
        made = self.deputise(village, "ann-adams", further, "dan-drew")
        capacity = made.find_capacity(["member"], TODAY, "village")
        assert (capacity.acts_for if capacity else "") == "Bob Brown"

    def test_the_one_who_is_stood_in_for_ends_it_and_a_stranger_does_not(self, village: Services) -> None:
        add(village, "Dan Drew", "risk")
        self.deputise(village, "dan-drew", Deputising("bob-brown", "village"), "bob-brown")
        ending = Ending(principal="bob-brown", last=TODAY)
        leaves_no_trace(
            village,
            lambda: officer_commands.end_appointment(village, "dan-drew", ending, Request("ann-adams", TODAY)),
            NotEntitled,
            "Ann Adams may not end appointments",
        )
        ended = officer_commands.end_appointment(village, "dan-drew", ending, Request("bob-brown", TODAY)).officer
        assert ended.find_capacity(["member"], TODAY, "village")
        assert ended.find_capacity(["member"], TODAY + timedelta(1), "village") is None
        assert ended.find_capacity(["risk"], TODAY + timedelta(1), "village")

    def test_a_scheme_that_is_not_known_is_refused(self, village: Services) -> None:
        leaves_no_trace(
            village,
            lambda: self.deputise(village, "ann-adams", Deputising("bob-brown", "vilage"), CLERK),
            InputError,
            "is not a scheme",
        )


def test_whoever_acted_first_wins(village: Services) -> None:
    seen = Request(CLERK, TODAY, expect_version=4)
    assert add(village, "Dan Drew", "risk", request=seen).entry.version == 5
    leaves_no_trace(village, lambda: add(village, "Eve Ellis", "risk", request=seen), Conflict, "at version 5, not 4")


def test_the_account_that_typed_it_stands_beside_the_officer(village: Services) -> None:
    typing = replace(village, account="j.bloggs")
    entry = add(typing, "Dan Drew", "risk", request=ON).entry
    assert '"account":"j.bloggs"' in entry.body
    assert entry.officer == "Cleo Clerk"
    assert verification.verify_ledger(village, with_replay=True).entries
