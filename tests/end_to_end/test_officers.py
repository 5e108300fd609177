"""`assent officer` and `init --founder`: who may act, between which days, and who appoints."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.end_to_end.conftest import PAPER, CommandResult, RunAssent

DAY = ("--on", "2018-03-01")
FOUNDER = ("--as", "fay-founder")
CASE = "MOPAC-2018-1"


def found(assent: RunAssent) -> RunAssent:
    """A store with a founder and officers who open and support a case."""
    assert assent("init", "--founder", "Fay Founder", *DAY).exit_code == 0
    for name, role in (("Ann Author", "author"), ("Pat Chair", "pib_chair"), ("Cleo Chief", "chief_executive")):
        made = assent("officer", "add", name, "--role", role, "--scheme", "mopac", *FOUNDER, *DAY)
        assert made.exit_code == 0, made.stderr
    return assent


def test_the_founder_appoints_and_without_as_nothing_is_recorded(assent: RunAssent) -> None:
    made = assent("init", "--founder", "Fay Founder", *DAY)
    assert "The founder is Fay Founder (fay-founder), who appoints the other officers." in made.stdout
    refused = assent("officer", "add", "Ann Author", "--role", "author", "--scheme", "mopac", *DAY)
    assert (refused.exit_code, "Add --as, such as: --as fay-founder" in refused.stderr) == (2, True)
    [founder] = assent("officer", "list", "--format", "json").json["officers"]
    assert (founder["founder"], founder["roles"], founder["appointments"]) == (True, ["founding"], [])
    assert assent("ledger", "verify", "--replay").exit_code == 0


def test_a_founder_without_a_name_leaves_no_store_behind(assent: RunAssent) -> None:
    assert assent("init", "--founder", " ").exit_code == 2
    assert assent("init").exit_code == 0


def test_nobody_appoints_himself(assent: RunAssent) -> None:
    refused = found(assent)("officer", "appoint", "cleo-chief", "--role", "dmpc", "--as", "cleo-chief", *DAY)
    assert refused.exit_code == 4
    assert "Cleo Chief may not appoint Cleo Chief" in refused.stderr


def test_an_act_outside_the_appointment_is_not_entitled(assent: RunAssent) -> None:
    refused = found(assent)("case", "open", PAPER, "--scheme", "mopac", "--as", "ann-author", "--on", "2018-02-28")
    assert refused.exit_code == 4
    assert "appointed author from 2018-03-01" in refused.stderr


def test_a_late_appointment_needs_a_reason_once_there_is_a_case(assent: RunAssent) -> None:
    office = found(assent)
    assert office("case", "open", PAPER, "--scheme", "mopac", "--as", "ann-author", "--on", "2018-03-07").exit_code == 0
    late = ("officer", "add", "Dee Mayor", "--role", "dmpc", "--scheme", "mopac", "--as", "cleo-chief", *DAY)
    refused = office(*late)
    assert (refused.exit_code, "--reason" in refused.stderr) == (2, True)
    assert office(*late, "--reason", "The letter was found late.").exit_code == 0
    listed = {one["officer"]: one for one in office("officer", "list", "--format", "json").json["officers"]}
    assert listed["dee-mayor"]["appointments"][0]["reason"] == "The letter was found late."


def test_a_second_name_for_one_person_is_warned_of(assent: RunAssent) -> None:
    office = found(assent)
    added = office("officer", "add", "Ann Author Esq", "--role", "dmpc", "--scheme", "mopac", *FOUNDER, *DAY)
    warning = "look like one person under two names"
    assert (added.exit_code, warning in added.stderr) == (0, True)
    assert warning in office("officer", "list").stderr


def test_a_deputy_acts_for_somebody_between_days_until_it_is_ended(assent: RunAssent) -> None:
    office = found(assent)
    term = ("--from", "2018-03-10", "--to", "2018-03-20", "--instrument", "Letter of 1 March")
    named = office("officer", "deputise", "cleo-chief", "--for", "pat-chair", "--as", "pat-chair", *DAY, *term)
    assert named.exit_code == 0, named.stderr
    on_day = {one["officer"]: one["days"] for one in
              office("officer", "list", "--on", "2018-03-15", "--format", "json").json["officers"]}  # fmt: skip
    assert on_day["cleo-chief"][-1] == "pib_chair for Pat Chair from 2018-03-10 to 2018-03-20"
    ended = office(
        "officer", "end", "cleo-chief", "--for", "pat-chair", "--as", "pat-chair", "--to", "2018-03-12", *DAY
    )
    assert ended.exit_code == 0, ended.stderr
    after = {one["officer"]: one["days"] for one in
             office("officer", "list", "--on", "2018-03-15", "--format", "json").json["officers"]}  # fmt: skip
    assert after["cleo-chief"] == ["chief_executive from 2018-03-01"]
    assert office("ledger", "verify", "--replay").exit_code == 0


def test_one_person_in_two_roles_that_must_be_apart_is_refused_and_others_are_named(sound: RunAssent) -> None:
    as_chief = ("--as", "chief_executive", "--on", "2018-03-07", "--reason", "Found late.")
    given = sound("officer", "appoint", "author", "--role", "pib_chair", "--scheme", "mopac", *as_chief)
    assert given.exit_code == 0, given.stderr
    assert sound("case", "act", CASE, "submit", "--as", "author", "--on", "2018-03-07").exit_code == 0
    support = ("case", "act", CASE, "pib-support", "--on", "2018-03-14")
    refused = sound(*support, "--as", "author", "--format", "json")
    assert (refused.exit_code, refused.json["could_act"]) == (3, ["pib_chair (pib_chair)"])
    assert "Who could do it: pib_chair (pib_chair)." in refused.stderr
    history = sound("case", "history", CASE, "--format", "json").json["entries"]
    assert (history[-1]["event"], history[-1]["officer"]) == ("refused", "author")
    assert sound(*support, "--as", "pib-chair").exit_code == 0


def test_what_no_scheme_lets_anybody_override_cannot_be_overridden(sound: RunAssent) -> None:
    act = ("case", "act", CASE, "submit", "--as", "author", "--on", "2018-03-07", "--override", "paper.complete")
    without_reason = sound(*act)
    assert (without_reason.exit_code, "--reason" in without_reason.stderr) == (2, True)
    refused = sound(*act, "--reason", "There is no time.")
    assert (refused.exit_code, "cannot be overridden under mopac" in refused.stderr) == (2, True)


def test_a_deputy_needs_an_instrument(assent: RunAssent) -> None:
    office = found(assent)
    unnamed = office("officer", "deputise", "cleo-chief", "--for", "pat-chair", "--as", "pat-chair", *DAY)
    assert (unnamed.exit_code, "Missing option '--instrument'" in unnamed.stderr) == (2, True)


OFFICE = """\
Ann Author: author
Pat Chair: PIB chair
Cleo Chief: [chief_executive, governance]
"""


def add_from_file(assent: RunAssent, text: str, *options: str) -> CommandResult:
    Path("office.yaml").write_text(text)
    return assent("officer", "add", "--file", "office.yaml", "--scheme", "mopac", *DAY, *options)


def test_all_officers_of_a_file_are_added_at_once(assent: RunAssent) -> None:
    assert assent("init", "--founder", "Fay Founder", *DAY).exit_code == 0
    added = add_from_file(assent, OFFICE, *FOUNDER, "--expect-version", "1", "--format", "json")
    assert added.exit_code == 0, added.stderr
    assert [(one["officer"], one["roles"], one["version"]) for one in added.json["officers"]] == [
        ("ann-author", ["author"], 2),
        ("pat-chair", ["pib_chair"], 3),
        ("cleo-chief", ["chief_executive", "governance"], 4),
    ]
    assert assent("ledger", "verify", "--replay").exit_code == 0


def test_the_table_of_added_officers_shows_the_ids_to_use(assent: RunAssent) -> None:
    assert assent("init").exit_code == 0
    added = add_from_file(assent, OFFICE)
    assert added.stdout.splitlines()[:2] == [
        "Officer     Name        Roles",
        "ann-author  Ann Author  author",
    ]


def test_a_file_with_a_wrong_line_adds_nobody_and_names_every_fault(assent: RunAssent) -> None:
    assert assent("init", "--founder", "Fay Founder", *DAY).exit_code == 0
    refused = add_from_file(assent, OFFICE + "Gus Clerk: governence\nANN AUTHOR: author\n", *FOUNDER)
    assert refused.exit_code == 2
    assert "office.yaml:4: Gus Clerk: 'governence' is not a role of mopac. Did you mean governance?" in refused.stderr
    assert "office.yaml:5: ANN AUTHOR: there is already an officer ann-author." in refused.stderr
    assert [one["officer"] for one in assent("officer", "list", "--format", "json").json["officers"]] == ["fay-founder"]


def test_a_file_of_officers_needs_who_appoints_once(assent: RunAssent) -> None:
    assert assent("init", "--founder", "Fay Founder", *DAY).exit_code == 0
    refused = add_from_file(assent, OFFICE)
    assert (refused.exit_code, refused.stderr.count("this needs the officer who appoints")) == (2, 1)


def test_nobody_who_may_not_appoint_adds_a_file(assent: RunAssent) -> None:
    refused = add_from_file(found(assent), "Gus Clerk: governance\n", "--as", "ann-author")
    assert refused.exit_code == 4
    assert "Ann Author may not add officers" in refused.stderr


def test_a_second_name_in_a_file_is_warned_of(assent: RunAssent) -> None:
    assert assent("init", *DAY).exit_code == 0
    added = add_from_file(assent, "Ann Author: author\nAnn Author MBE: governance\n")
    assert added.exit_code == 0
    assert added.stderr.count("look like one person under two names") == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--file", "office.yaml", "Ann Author"), "Leave out NAME and --role."),
        (("--file", "office.yaml", "--role", "author"), "Leave out NAME and --role."),
        (("--file", "none.yaml"), "none.yaml could not be read"),
        ((), 'Give a name, such as "Rosa Lee", or --file FILE.'),
    ],
)
def test_officers_come_from_a_file_or_by_name(assent: RunAssent, words: tuple[str, ...], message: str) -> None:
    assert assent("init", *DAY).exit_code == 0
    refused = assent("officer", "add", *words, "--scheme", "mopac")
    assert (refused.exit_code, message in refused.stderr) == (2, True)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"role":"pib_chair"', '"role":"author"'),
        ('"from":"2018-03-01"', '"from":"2010-03-01"'),
        ('"founder":true', '"founder":false'),
    ],
)
def test_nobody_acts_or_appoints_by_an_altered_record(assent: RunAssent, old: str, new: str) -> None:
    office = found(assent)
    opening = ("case", "open", PAPER, "--scheme", "mopac", "--as", "ann-author", "--on", "2018-03-07")
    assert office(*opening).exit_code == 0
    with closing(sqlite3.connect("assent.db")) as store, store:
        altered = store.execute(
            "UPDATE ledger SET body = replace(body, ?, ?) WHERE stream = 'officers' AND body LIKE ?",
            (old, new, f"%{old}%"),
        )
        assert altered.rowcount > 0
    appointing = ("officer", "appoint", "pat-chair", "--role", "governance", "--as", "cleo-chief", "--scheme", "mopac")
    for words in (
        opening,
        ("case", "act", CASE, "submit", "--as", "ann-author", "--on", "2018-03-07"),
        ("case", "next", CASE, "--as", "pat-chair", "--on", "2018-03-07"),
        (*appointing, "--on", "2018-03-07"),
        ("ledger", "verify"),
    ):
        refused = office(*words)
        assert (refused.exit_code, "was altered after it was sealed" in refused.stderr) == (7, True), words
