"""The day of an authority is the day that it is there, wherever the machine is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, tzinfo

import pytest

from rules.errors import InputError, PackError
from rules.packs.library import Library
from rules.reading.time_zones import day_in_zone, load_time_zone
from tests.workflow.walk import AUTHOR, CASE_ID, act_on_case, shipped_library, walk_to_stage
from workflow.ledger.ports import Clock
from workflow.services import act_queries, commands, diary, queries
from workflow.services.commands import Request, Services, TypedAct
from workflow.services.dry_run import try_action

HALF_PAST_MIDNIGHT_IN_LONDON = datetime(2018, 6, 30, 23, 30, tzinfo=UTC)
LONDON_DAY, MACHINE_DAY = date(2018, 7, 1), date(2018, 6, 30)
HEAD = "schemes/mopac/scheme.yaml"


def at_half_past_midnight(services: Services, library: Library | None = None) -> Services:
    """Return services on a machine that counts its days by UTC, at 00:30 British Summer Time."""
    instant = HALF_PAST_MIDNIGHT_IN_LONDON
    clock = Clock(lambda zone: day_in_zone(instant, zone) if zone else MACHINE_DAY, services.clock.new_salt)
    return replace(services, clock=clock, library=library or services.library)


def library_with_zone(zone: str, file: str = HEAD) -> Library:
    files = dict(shipped_library().files)
    changed = files[file].decode().replace("time_zone: Europe/London\n", f"time_zone: {zone}\n" if zone else "")
    return Library({**files, file: changed.encode()})


def test_an_act_has_the_day_that_it_is_in_london(services: Services) -> None:
    walk_to_stage(services, "draft")
    here = at_half_past_midnight(services)
    assert try_action(here, CASE_ID, TypedAct("submit", {}), Request(AUTHOR)).event.on == LONDON_DAY
    assert act_queries.build_hypothetical_act(here, CASE_ID, None, {}, Request("")).act_context.on == LONDON_DAY
    commands.perform_action(here, CASE_ID, commands.TypedAct("submit"), Request(AUTHOR))
    assert queries.load_public_case(here, CASE_ID)[0].last_on == LONDON_DAY


def test_a_day_has_come_once_it_has_come_in_london(services: Services) -> None:
    walk_to_stage(services, "draft")
    here = at_half_past_midnight(services)
    with pytest.raises(InputError, match="2018-07-02 has not come yet: today is 2018-07-01"):
        act_on_case(here, "submit", AUTHOR, "2018-07-02")
    assert act_on_case(here, "submit", AUTHOR, "2018-07-01").stage == "pib"


def test_a_scheme_without_a_time_zone_goes_by_the_machine(services: Services) -> None:
    walk_to_stage(services, "draft")
    here = at_half_past_midnight(services, library_with_zone(""))
    with pytest.raises(InputError, match="today is 2018-06-30"):
        act_on_case(here, "submit", AUTHOR, "2018-07-01")


def test_what_belongs_to_no_case_goes_by_the_zone_of_all_schemes(services: Services) -> None:
    assert at_half_past_midnight(services).business_day() == LONDON_DAY
    assert shipped_library().time_zone == "Europe/London"
    elsewhere = library_with_zone("Pacific/Auckland")
    assert elsewhere.time_zone == ""
    assert at_half_past_midnight(services, elsewhere).business_day() == MACHINE_DAY


def test_the_diary_goes_by_the_day_of_each_authority(services: Services) -> None:
    walk_to_stage(services, "draft")
    here = at_half_past_midnight(services)
    [due] = [each for each in diary.find_due_dates(here) if each.kind == "decision_required"]
    later = [each for each in diary.find_due_dates(here, date(2018, 7, 1)) if each.kind == "decision_required"]
    assert (due.day, later) == (date(2018, 3, 30), [due])


@pytest.mark.parametrize(
    ("zone", "message"),
    [
        ("Europe/Londn", "Did you mean Europe/London?"),
        ("Europe", "is not a time zone"),
        ("../../etc/passwd", "is not a time zone"),
        ("/etc/localtime", "is not a time zone"),
        ('"Europe/London\\0"', "cannot be printed"),
        ("x" * 5000, "is not a time zone"),
        ("1", "must be text"),
    ],
)
def test_a_time_zone_that_does_not_exist_is_refused(zone: str, message: str) -> None:
    with pytest.raises(PackError) as caught:
        library_with_zone(zone).scheme("mopac")
    assert "time_zone" in str(caught.value)
    assert message in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2018, 3, 25, 0, 59, tzinfo=UTC), date(2018, 3, 25)),
        (datetime(2018, 6, 30, 22, 59, tzinfo=UTC), date(2018, 6, 30)),
        (datetime(2018, 6, 30, 23, 0, tzinfo=UTC), date(2018, 7, 1)),
        (datetime(2018, 12, 31, 23, 59, tzinfo=UTC), date(2018, 12, 31)),
        (datetime(2019, 1, 1, 0, 0, tzinfo=UTC), date(2019, 1, 1)),
    ],
)
def test_summer_time_moves_midnight_by_an_hour(instant: datetime, day: date) -> None:
    assert day_in_zone(instant, "Europe/London") == day


def test_the_command_line_knows_the_day_in_a_zone_and_that_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    import cli

    class FixedClock:
        @staticmethod
        def now(tz: tzinfo) -> datetime:
            return HALF_PAST_MIDNIGHT_IN_LONDON.astimezone(tz)

    monkeypatch.setattr(cli, "datetime", FixedClock)
    assert cli._today("Europe/London") == LONDON_DAY
    assert cli._today("") == HALF_PAST_MIDNIGHT_IN_LONDON.astimezone().date()
    assert load_time_zone("Europe/London") is load_time_zone("Europe/London")
