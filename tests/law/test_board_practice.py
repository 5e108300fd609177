"""Quorum, majority and the casting vote, from the regulations of health boards, against a plain count.

“No business shall be transacted at a meeting of the Board unless there are present, and entitled to vote, at least one
third of the whole number of members” (SSI 2001/302, Schedule, para 4, as made).

“decided by a majority of the members of the Board present and voting at a meeting of the Board and, in the case of an
equality of votes, the person presiding at the meeting shall have [a] second or casting vote” (SI 1991/809, reg 9(3), as
made).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.values.evidence import Evidence
from rules.values.facts import FactValue
from tests.gate_findings import gate_findings
from tests.schemes.conftest import shipped_library

SCHEME = shipped_library().scheme("board")
DAY = date(2024, 6, 5)
WHOLE_NUMBER, VOTES = 12, ("for", "against", "abstain", "none")


class Attendance(NamedTuple):
    """One member at a meeting."""

    present: bool
    executive: bool
    interest: bool
    vote: str

    @property
    def may_vote(self) -> bool:
        """Return whether the member is present and entitled to vote."""
        return self.present and not self.interest


MEMBERS = st.lists(
    st.builds(Attendance, st.booleans(), st.booleans(), st.booleans(), st.sampled_from(VOTES)), max_size=WHOLE_NUMBER
)
CASTING = st.sampled_from([None, "for", "against"])


def outcomes_of(
    members: list[Attendance], casting: str | None = None, *, special: bool = False, stays: bool = False
) -> Mapping[str, str]:
    """Return the outcome of each control of the case, where the first member presides."""
    facts: dict[str, FactValue] = {"act.on": DAY, "meeting.held_on": DAY, "majority.special": special}
    facts |= {"quorum.counts_interested": stays} | ({"casting.vote": casting} if casting else {})
    for number, member in enumerate(members):
        at = f"member:m{number}"
        facts |= {
            f"{at}.name": f"Member {number}",
            f"{at}.present": member.present,
            f"{at}.kind": "executive" if member.executive else "non_executive",
            f"{at}.interest": "declared" if member.interest else "none",
            f"{at}.vote": member.vote if member.may_vote else "none",
        }
    findings = gate_findings(SCHEME.rulebook, None, Evidence.from_parts(facts, {}))
    return {finding.control: finding.outcome for finding in findings if finding.subject == "case"}


def count_votes(members: list[Attendance], vote: str) -> int:
    return sum(member.may_vote and member.vote == vote for member in members)


@given(MEMBERS, st.booleans())
def test_a_quorum_is_a_third_of_all_members_of_whom_two_are_no_executives(
    members: list[Attendance], stays: bool
) -> None:
    counted = [member for member in members if member.present and (stays or not member.interest)]
    outcomes = outcomes_of(members, stays=stays)
    assert (outcomes["meeting.quorate"] == "satisfied") is (len(counted) >= Fraction(WHOLE_NUMBER, 3))
    non_executives = sum(not member.executive for member in counted)
    assert (outcomes["meeting.quorate_non_executives"] == "satisfied") is (non_executives >= 2)


@given(MEMBERS, CASTING)
def test_more_than_half_of_the_votes_cast_decide_and_on_a_tie_the_casting_vote(
    members: list[Attendance], casting: str | None
) -> None:
    votes_for, votes_against = count_votes(members, "for"), count_votes(members, "against")
    tied = votes_for == votes_against > 0
    outcomes = outcomes_of(members, casting)
    carried = votes_for > votes_against or (tied and casting == "for")
    lost = votes_for < votes_against or (tied and casting == "against")
    assert (outcomes["majority.reached"] == "satisfied") is carried
    assert (outcomes["majority.against"] == "satisfied") is lost
    expected = "not_applicable" if casting is None else "satisfied" if votes_for == votes_against else "breached"
    assert outcomes["casting.on_a_tie"] == expected


@given(MEMBERS)
def test_a_special_majority_is_two_thirds_of_the_votes_cast(members: list[Attendance]) -> None:
    votes_for, votes_against = count_votes(members, "for"), count_votes(members, "against")
    cast = votes_for + votes_against
    carried = cast > 0 and votes_for >= Fraction(2 * cast, 3)
    outcomes = outcomes_of(members, special=True)
    assert (outcomes["majority.reached"] == "satisfied") is carried
    assert (outcomes["majority.against"] == "satisfied") is (cast > 0 and not carried)


@pytest.mark.parametrize(("present", "outcome"), [(3, "breached"), (4, "satisfied"), (5, "satisfied")])
def test_a_third_of_twelve_is_four(present: int, outcome: str) -> None:
    members = [Attendance(present=True, executive=False, interest=False, vote="for")] * present
    assert outcomes_of(members)["meeting.quorate"] == outcome
