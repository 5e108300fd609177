"""What is typed wrongly about officers and decided cases is answered with what to type, and records nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest

from tests.end_to_end.conftest import isolate_environment, make_case_sound, run_assent, run_or_fail

CASE = "MOPAC-2018-1"
WRONG_INPUT, NOT_ENTITLED, CONFLICT, STORE_FAULT = 2, 4, 5, 8
DAY = ("--on", "2018-03-07")
CHIEF = ("--as", "chief_executive", *DAY)
APPOINT = ("officer", "appoint", "author", "--role", "dmpc", "--scheme", "mopac")
DEPUTISE = ("officer", "deputise", "author", "--for", "dmpc")
LETTER = ("--instrument", "Letter of 1 March")


@pytest.fixture(scope="module", autouse=True)
def _store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One store for the module: an officer in each role, and a paper that can be submitted."""
    with pytest.MonkeyPatch.context() as here:
        isolate_environment(here, tmp_path_factory.mktemp("officers"))
        make_case_sound()
        yield


@pytest.mark.parametrize(
    ("command", "exit_code", "message"),
    [
        (("officer", "add"), WRONG_INPUT, "NAME"),
        (("officer", "add", "", *CHIEF), WRONG_INPUT, "an officer needs a name"),
        (("officer", "add", "Ann\u202eLee", *CHIEF), WRONG_INPUT, "cannot be printed"),
        (("officer", "add", "author", "--role", "dmpc", *CHIEF), WRONG_INPUT, "there is already an officer author"),
        (("officer", "add", "Ann Lee", "--role", "dmcp", *CHIEF), WRONG_INPUT, "Did you mean dmpc?"),
        (("officer", "add", "Ann Lee", "--role", "dmpc", "--scheme", "mopca", *CHIEF), WRONG_INPUT, "mopac"),
        (("officer", "add", "Ann Lee", "--role", "dmpc", "--scheme", "", *CHIEF), WRONG_INPUT, "is not a scheme"),
        (("officer", "add", "Ann Lee", "--scheme", "mopac", *CHIEF), WRONG_INPUT, "at least one role"),
        (("officer", "add", "Ann Lee", "--role", "dmpc"), WRONG_INPUT, "Add --as OFFICER"),
        (("officer", "add", "Ann Lee", "--role", "dmpc", "--as", "chief", *DAY), WRONG_INPUT, "chief-executive"),
        (("officer", "add", "Ann Lee", "--role", "dmpc", "--as", "author", *DAY), NOT_ENTITLED, "may not add officers"),
        ((*APPOINT, *CHIEF, "--from", "soon"), WRONG_INPUT, "--from"),
        ((*APPOINT, *CHIEF, "--to", "2018-02-30"), WRONG_INPUT, "--to"),
        ((*APPOINT, *CHIEF, "--from", "2018-04-01", "--to", "2018-03-31"), WRONG_INPUT, "is before the first"),
        ((*APPOINT, *CHIEF, "--from", "2018-03-01"), WRONG_INPUT, "allows 28 without a reason"),
        ((*APPOINT, *CHIEF, "--reason", "x" * 501), WRONG_INPUT, "--reason has more than 500 characters"),
        ((*APPOINT, *CHIEF, "--reason", "R", "--expect-version", "1"), CONFLICT, "somebody acted first"),
        ((*APPOINT, "--as", "chief_executive", "--on", "2199-01-01"), WRONG_INPUT, "has not come yet"),
        (("officer", "appoint", "autor", "--role", "dmpc", *CHIEF), WRONG_INPUT, "Did you mean author?"),
        (("officer", "appoint", "author", *CHIEF), WRONG_INPUT, "at least one role"),
        (("officer", "end", "author", *CHIEF), WRONG_INPUT, "Give --role ROLE, --for OFFICER or --left."),
        (("officer", "end", "author", "--role", "dmpc", *CHIEF), WRONG_INPUT, "is not appointed to 'dmpc'"),
        (("officer", "end", "author", "--for", "dmpc", *CHIEF), WRONG_INPUT, "author is not a deputy of dmpc"),
        (("officer", "end", "author", "--left", "--role", "author", *CHIEF), WRONG_INPUT, "--left ends everything"),
        (("officer", "end", "author", "--left", "--for", "dmpc", *CHIEF), WRONG_INPUT, "--left ends everything"),
        (("officer", "end", "author", "--left", "--as", "governance", *DAY), NOT_ENTITLED, "may not end appointments"),
        ((*DEPUTISE, *CHIEF), WRONG_INPUT, "--instrument"),
        ((*DEPUTISE, "--instrument", " ", *CHIEF), WRONG_INPUT, "--instrument is empty"),
        (("officer", "deputise", "author", *LETTER, *CHIEF), WRONG_INPUT, "--for"),
        ((*DEPUTISE, *LETTER, "--as", "author", *DAY), NOT_ENTITLED, "author may not deputise author"),
        ((*DEPUTISE, *LETTER, "--as", "governance", *DAY), NOT_ENTITLED, "may not name deputies"),
        ((*DEPUTISE, *LETTER, "--role", "author", *CHIEF), WRONG_INPUT, "does not hold the role 'author'"),
        (("officer", "deputise", "dmpc", "--for", "dmpc", *LETTER, *CHIEF), WRONG_INPUT, "cannot be a deputy of dmpc"),
        (("officer", "list", "--on", "never"), WRONG_INPUT, "never"),
        (("officer", "list", "--format", "xml"), WRONG_INPUT, "xml"),
        (("officer", "promote", "author"), WRONG_INPUT, "promote"),
        (("init", "--founder", "Fay Founder"), STORE_FAULT, "already exists"),
        (("case", "act", CASE, "submit", "--reason", "Why", "--as", "author", *DAY), WRONG_INPUT, "--override"),
        (("case", "act", CASE, "sumbit", "--as", "author", *DAY), WRONG_INPUT, "Did you mean submit?"),
        (("case", "act", CASE, "submit", "--dry-run", *DAY), WRONG_INPUT, "--as"),
        (("case", "act", "MOPAC-2018-7", "submit", "--as", "author", *DAY), WRONG_INPUT, "MOPAC-2018-1"),
        (("case", "act", CASE, "submit", "--set", "title", "--as", "author", *DAY), WRONG_INPUT, "--set"),
        (("case", "correct", CASE, "--as", "governance", *DAY), WRONG_INPUT, "--reason"),
        (("case", "correct", CASE, "--reason", "R", "--as", "governance", *DAY), WRONG_INPUT, "what to correct"),
        (
            ("case", "correct", CASE, "--set", "title=A", "--set-exempt", "estimated_value=£1 ex VAT", "--reason", "R",
             "--as", "governance", *DAY),
            WRONG_INPUT, "cannot be in both parts",
        ),
    ],
)  # fmt: skip
def test_it_is_answered_with_what_to_type(command: tuple[str, ...], exit_code: int, message: str) -> None:
    head = run_or_fail("ledger", "head").stdout
    result = run_assent(*command)
    assert (result.exit_code, message in result.stderr) == (exit_code, True), result.stderr
    assert "Traceback" not in result.stderr
    assert "£1 ex VAT" not in result.stderr
    assert run_or_fail("ledger", "head").stdout == head


def test_officers_are_listed_alike_in_each_format() -> None:
    listed = run_or_fail("officer", "list", "--format", "json").json["officers"]
    rows = list(csv.reader(io.StringIO(run_or_fail("officer", "list", "--format", "csv").stdout)))
    table = run_or_fail("officer", "list").stdout
    assert [row[0] for row in rows[1:]] == [officer["officer"] for officer in listed]
    assert all(officer["officer"] in table for officer in listed)
    for officer in listed:
        assert {"officer", "name", "scheme", "roles", "founder", "left", "appointments"} <= officer.keys()
        for held in officer["appointments"]:
            assert {"role", "scheme", "from", "to", "instrument", "appointed_by", "reason", "for"} <= held.keys()


@pytest.mark.parametrize(("day", "count"), [("2018-02-28", 0), ("2018-03-01", 7)])
def test_officers_of_a_day_are_those_who_hold_something_on_it(day: str, count: int) -> None:
    assert len(run_or_fail("officer", "list", "--on", day, "--format", "json").json["officers"]) == count


def test_a_receipt_of_an_officer_has_the_keys_of_every_write() -> None:
    words = ("officer", "add", "Zoe Zane", "--role", "dmpc", "--scheme", "mopac", "--reason", "Found late.", *CHIEF)
    receipt = run_or_fail(*words, "--from", "2018-03-07", "--format", "json").json
    assert receipt.keys() == {"officer", "name", "scheme", "roles", "days", "case", "version", "event", "seal", "stage"}
    assert (receipt["officer"], receipt["roles"], receipt["event"]) == ("zoe-zane", ["dmpc"], "officer")
    late = ("--reason", "Found late.", *CHIEF, "--format", "json")
    ended = run_or_fail("officer", "end", "zoe-zane", "--left", "--to", "2018-03-31", *late).json
    assert (ended["event"], ended["version"]) == ("left", receipt["version"] + 1)
    [zoe] = [each for each in run_or_fail("officer", "list", "--format", "json").json["officers"]
             if each["officer"] == "zoe-zane"]  # fmt: skip
    assert (zoe["left"], zoe["appointments"][0]["to"]) == ("2018-03-31", "2018-03-31")
