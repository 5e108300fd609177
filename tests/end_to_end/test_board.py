"""A board by the command line alone: sign-offs, a quorum, a recusal, a tie, conditions, and what was decided done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from decisions.output.conformance import PROFILES
from tests.decisions.output import verapdf
from tests.end_to_end.conftest import CommandResult, RunAssent, run_assent, run_or_fail

PAPER = """\
public:
  title: A walk-in clinic in the old library
  author: Pat Price, Head of Planning
  matter: service
  estimated_value: £90,000 ex VAT
  summary: |
    The old library is empty. A walk-in clinic there would open on Saturdays.
  proposal: |
    That the clinic opens on Saturdays from 1 October 2024, for three years.
"""
OFFICERS = {
    "Pat Price": ["author"],
    "Fay Ford": ["finance", "legal"],
    "Lee Long": ["legal"],
    "Quinn Quick": ["quality"],
    "Ann Adams": ["chair"],
    "Bob Brown": ["member"],
    "Eve Ellis": ["member"],
    "Liz Lane": ["lead"],
}
CASE, MEETING = "EHB-2024-1", "2024-06-05"
TRY: TypeAlias = Callable[..., CommandResult]


def attendance(name: str, kind: str, *, presides: bool = False) -> list[str]:
    """Return the options that record a member as present, without an interest."""
    facts = {"name": name, "kind": kind, "present": "true", "interest": "none"} | (
        {"presides": "true"} if presides else {}
    )
    return [word for fact, value in facts.items() for word in ("--set", f"member:{key_of(name)}.{fact}={value}")]


def key_of(name: str) -> str:
    """Return the id of an officer, which is also the key of the member."""
    return name.lower().replace(" ", "-")


def votes(**positions: str) -> list[str]:
    """Return the options that record votes, by the first names of members."""
    keys = {key_of(name).split("-")[0]: key_of(name) for name in (*OFFICERS, "Cat Clark", "Dan Drew")}
    return [word for first, vote in positions.items() for word in ("--set", f"member:{keys[first]}.vote={vote}")]


def blocked_by(result: CommandResult) -> set[str]:
    """Return the controls that refused an act, which must have been refused."""
    assert result.exit_code == 3, result.stderr
    line = next(line for line in result.stderr.splitlines() if " is refused on " in line)
    return set(line.rpartition(": ")[2].split(", "))


@pytest.fixture
def board(assent: RunAssent) -> TRY:
    """Return a function that tries an act on a paper that is at sign-off, in a store made by a founder."""
    Path("paper.yaml").write_text(PAPER, encoding="utf-8")
    run_or_fail("init", "--founder", "Nora Nash", "--on", "2024-04-02")
    secretary = ("--role", "secretary", "--scheme", "board", "--as", "nora-nash", "--on", "2024-04-02")
    run_or_fail("officer", "add", "Sue Scott", *secretary)
    for name, roles in OFFICERS.items():
        held = [word for role in roles for word in ("--role", role)]
        run_or_fail("officer", "add", name, *held, "--scheme", "board", "--as", "sue-scott", "--on", "2024-04-03")
    run_or_fail("case", "open", "paper.yaml", "--scheme", "board", "--as", "pat-price", "--on", "2024-05-01")
    run_or_fail("case", "act", CASE, "submit", "--as", "pat-price", "--on", "2024-05-02")

    def act(action: str, officer: str, on: str, *options: str) -> CommandResult:
        return assent("case", "act", CASE, action, "--as", officer, "--on", on, *options)

    return act


@pytest.fixture
def meeting(board: TRY) -> TRY:
    """Return the same for a paper before an open meeting of four members, one of whom has an interest."""
    assert board("sign-quality", "quinn-quick", "2024-05-03").exit_code == 0
    assert board("sign-finance", "fay-ford", "2024-05-03").exit_code == 0
    assert board("refer", "sue-scott", "2024-05-07").exit_code == 0
    assert board("open-meeting", "sue-scott", MEETING).exit_code == 0
    present = [
        *attendance("Ann Adams", "non_executive", presides=True),
        *attendance("Bob Brown", "non_executive"),
        *attendance("Eve Ellis", "non_executive"),
        *attendance("Cat Clark", "executive"),
    ]
    assert board("attend", "sue-scott", MEETING, *present).exit_code == 0
    interest = ("--set", "member:eve-ellis.interest=declared")
    details = ("--set", "member:eve-ellis.interest_details=Her brother owns the building.")
    assert board("declare-interest", "eve-ellis", MEETING, *interest, *details).exit_code == 0
    return board


def test_sign_offs_come_in_any_order_and_from_different_officers(board: TRY) -> None:
    assert board("sign-quality", "quinn-quick", "2024-05-03").exit_code == 0
    assert blocked_by(board("refer", "sue-scott", "2024-05-03")) == {"sign_off.enough"}
    assert board("sign-finance", "fay-ford", "2024-05-06").exit_code == 0
    assert blocked_by(board("sign-legal", "fay-ford", "2024-05-06")) == {"sign_off.by_different_officers"}
    assert board("refer", "sue-scott", "2024-05-07").exit_code == 0
    history = run_or_fail("case", "history", CASE).stdout
    assert "sign-quality" in history
    assert "Fay Ford" in history


def test_without_a_quorum_nothing_is_voted_on_and_the_paper_is_deferred(meeting: TRY) -> None:
    refused = blocked_by(meeting("vote", "bob-brown", MEETING, *votes(bob="for")))
    assert refused == {"meeting.quorate"}
    reference = ("--set", "decision.reference=EHB/24/1")
    assert "meeting.quorate" in blocked_by(meeting("approve", "ann-adams", MEETING, *reference))
    assert meeting("defer", "ann-adams", MEETING, "--set", "send_back.reason=No quorum.").exit_code == 0
    refused = blocked_by(meeting("attend", "sue-scott", "2024-07-03", *attendance("Bob Brown", "non_executive")))
    assert refused == {"meeting.on_this_day"}
    assert meeting("open-meeting", "sue-scott", "2024-07-03").exit_code == 0
    assert "member:ann-adams.present" not in run_or_fail("case", "show", CASE, "--format", "json").stdout


def test_whoever_has_an_interest_does_not_vote_and_members_vote_for_themselves_alone(meeting: TRY) -> None:
    assert meeting("attend", "sue-scott", MEETING, *attendance("Dan Drew", "executive")).exit_code == 0
    assert blocked_by(meeting("vote", "eve-ellis", MEETING, *votes(eve="for"))) == {"vote.without_interest"}
    assert meeting("vote", "eve-ellis", MEETING, *votes(eve="none")).exit_code == 0
    for_another = meeting("vote", "eve-ellis", MEETING, *votes(bob="against"))
    assert for_another.exit_code == 2
    assert "member:bob-brown.vote is not about Eve Ellis" in for_another.stderr
    assert meeting("record-votes", "bob-brown", MEETING, *votes(bob="for")).exit_code == 4


def test_from_a_tie_to_a_decision_that_waits_for_its_conditions(meeting: TRY) -> None:
    reference = ("--set", "decision.reference=EHB/24/1")
    assert meeting("attend", "sue-scott", MEETING, *attendance("Dan Drew", "executive")).exit_code == 0
    assert meeting("vote", "bob-brown", MEETING, *votes(bob="for")).exit_code == 0
    assert blocked_by(meeting("approve", "ann-adams", MEETING, *reference)) == {"vote.all_recorded"}
    assert meeting("record-votes", "sue-scott", MEETING, *votes(ann="for", cat="against")).exit_code == 0
    assert blocked_by(meeting("cast", "ann-adams", MEETING, "--set", "casting.vote=for")) >= {"casting.on_a_tie"}
    assert meeting("record-votes", "sue-scott", MEETING, *votes(dan="against")).exit_code == 0
    assert blocked_by(meeting("approve", "ann-adams", MEETING, *reference)) == {"majority.reached"}
    assert meeting("cast", "ann-adams", MEETING, "--set", "casting.vote=for").exit_code == 0
    conditional = "approve-with-conditions"
    assert blocked_by(meeting(conditional, "ann-adams", MEETING, *reference)) == {"conditions.named"}
    rent = {"rent.text": "The rent is capped", "rent.owner": "Director of Finance", "rent.due_on": "2024-07-31"}
    staff = {"staff.text": "Staff are consulted", "staff.owner": "Lead director"}
    conditions = [word for name, value in (rent | staff).items() for word in ("--set", f"condition:{name}={value}")]
    refused = blocked_by(meeting(conditional, "ann-adams", MEETING, *reference, *conditions))
    assert refused == {"condition.complete", "condition.due_after_decision"}
    conditions += ["--set", "condition:staff.due_on=2024-08-30"]
    assert meeting(conditional, "ann-adams", MEETING, *reference, *conditions).exit_code == 0

    due = run_or_fail("review", "due", "--by", "2024-12-31", "--format", "json").json["due"]
    assert [(day["kind"], day["day"], day["owner"]) for day in due] == [
        ("condition_due", "2024-07-31", "Director of Finance"),
        ("condition_due", "2024-08-30", "Lead director"),
    ]
    assert blocked_by(meeting("implement", "liz-lane", "2024-07-30")) == {"condition.met"}
    assert meet_condition(meeting, "rent", "2024-07-30").exit_code == 0
    assert blocked_by(meeting("implement", "liz-lane", "2024-07-30")) == {"condition.met"}
    assert len(run_or_fail("review", "due", "--by", "2024-12-31", "--format", "json").json["due"]) == 1
    assert blocked_by(meet_condition(meeting, "staf", "2024-08-29")) >= {"condition.complete"}
    assert meet_condition(meeting, "staff", "2024-08-29").exit_code == 0
    assert run_or_fail("review", "due", "--by", "2024-12-31", "--format", "json").json["due"] == []
    assert meeting("implement", "liz-lane", "2024-09-02").exit_code == 0
    check_the_record_at_the_end()


def meet_condition(act: TRY, key: str, on: str) -> CommandResult:
    """Record that a condition was met on a day."""
    met = (f"condition:{key}.met_on={on}", f"condition:{key}.evidence=Minute of {on}")
    return act("meet-condition", "sue-scott", on, "--set", met[0], "--set", met[1])


def check_the_record_at_the_end() -> None:
    """Check the ledger, the audit and the document of the case that was carried out."""
    run_or_fail("ledger", "verify", "--replay")
    report = run_assent("audit", CASE, "--format", "json").json
    breached = [finding["control"] for finding in report["findings"] if finding["outcome"] == "breached"]
    assert breached == ["recording.in_time"]  # the acts of 2024 are recorded today
    run_or_fail("document", "render", CASE, "decision", "--to", "pdf", "-o", "decision.pdf")
    run_or_fail("document", "render", CASE, "decision", "--to", "html", "-o", "decision.html")
    data = Path("decision.pdf").read_bytes()
    assert {profile: verapdf.failed_clauses(data, profile) for profile in PROFILES} == {"2a": [], "ua1": []}
    page = Path("decision.html").read_text(encoding="utf-8")
    for words in (
        "Approved subject to conditions",
        "Her brother owns the building.",
        "Took no part",
        "Casting vote",
        "Minute of 2024-08-29",
        "Director of Finance",
    ):
        assert (words in page) is (words != "Took no part"), words
