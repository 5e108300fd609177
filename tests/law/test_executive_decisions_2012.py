"""The Regulations of 2012 on council executives: their periods against a plain count of days, as written in the text.

Regulation 9(2): "At least 28 clear days before a key decision is made". Regulation 10(1)(c): "after five clear days
have elapsed following the day on which" the notice was made available. Regulation 5(2) and (4): "At least 28 clear
days" and "At least five clear days before a private meeting". Regulation 7(3): available "for at least five clear days
before the meeting". The period for a call-in is the example council's own: five clear working days.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.values.facts import FactValue
from tests.schemes.conftest import control_outcome, shipped_library

DAY = timedelta(days=1)
COUNCIL = shipped_library().scheme("council")
BANK_HOLIDAYS = holidays.country_holidays("GB", subdiv="ENG", years=range(2015, 2028))
days = st.dates(date(2015, 2, 1), date(2026, 11, 30))
gaps = st.integers(0, 45)
OUTCOMES = {True: "satisfied", False: "breached"}


def days_between(first: date, last: date) -> list[date]:
    """The days after one day and before another: the clear days."""
    return [first + DAY * n for n in range(1, (last - first).days)]


def judge(control: str, on: date, **facts: FactValue) -> str:
    """The outcome of a control on the day of an act; two underscores stand for a dot."""
    stated: dict[str, Any] = {name.replace("__", "."): value for name, value in facts.items()}
    return control_outcome(COUNCIL, control, {**stated, "act.on": on})


@given(published=days, gap=gaps)
def test_a_key_decision_is_made_after_28_clear_days_of_notice(published: date, gap: int) -> None:
    decided = published + DAY * gap
    found = judge(
        "executive.notice_given",
        decided,
        executive__key_decision=True,
        executive__route="notice",
        notice__published_on=published,
        decided_on=decided,
    )
    assert found == OUTCOMES[len(days_between(published, decided)) >= 28]


@given(published=days, gap=gaps)
def test_under_the_general_exception_five_clear_days_elapse(published: date, gap: int) -> None:
    decided = published + DAY * gap
    found = judge(
        "executive.general_exception",
        decided,
        executive__key_decision=True,
        executive__route="general_exception",
        exception__reasons="It could not be foreseen.",
        exception__chair_informed_on=published,
        exception__published_on=published,
        decided_on=decided,
    )
    assert found == OUTCOMES[len(days_between(published, decided)) >= 5]


@given(published=days, gap=gaps)
def test_an_agenda_is_available_for_five_clear_days(published: date, gap: int) -> None:
    meeting = published + DAY * gap
    found = judge(
        "executive.agenda_available",
        meeting,
        executive__decision_maker="body",
        agenda__published_on=published,
        agenda__timing="usual",
        meeting__on=meeting,
    )
    assert found == OUTCOMES[len(days_between(published, meeting)) >= 5]


@given(meeting=days, first_gap=gaps, second_gap=st.integers(0, 12))
def test_a_private_meeting_is_announced_28_and_five_clear_days_before(
    meeting: date, first_gap: int, second_gap: int
) -> None:
    first, second = meeting - DAY * first_gap, meeting - DAY * second_gap
    found = judge(
        "executive.private_noticed",
        meeting,
        executive__decision_maker="body",
        meeting__private=True,
        meeting__private_notice_on=first,
        meeting__further_notice_on=second,
        meeting__representations="None.",
        meeting__response="None was needed.",
        meeting__on=meeting,
    )
    is_in_time = len(days_between(first, meeting)) >= 28 and len(days_between(second, meeting)) >= 5
    assert found == OUTCOMES[is_in_time]


@given(published=days, gap=st.integers(0, 25))
def test_a_decision_waits_for_five_clear_working_days_and_is_called_in_before(published: date, gap: int) -> None:
    on = published + DAY * gap
    facts: dict[str, FactValue] = {
        "executive__key_decision": True,
        "executive__route": "notice",
        "executive__decision_maker": "body",
        "published_on": published,
        "act__stage": "call_in",
    }
    working = [day for day in days_between(published, on) if day.weekday() < 5 and day not in BANK_HOLIDAYS]
    is_over = len(working) >= 5
    assert judge("call_in.period_over", on, **facts) == OUTCOMES[is_over]
    assert judge("call_in.in_time", on, **facts) == OUTCOMES[not is_over]


@pytest.mark.parametrize(("balance", "outcome"), [("withhold", "satisfied"), ("disclose", "breached")])
def test_information_is_exempt_while_the_public_interest_in_withholding_outweighs(balance: str, outcome: str) -> None:
    """Schedule 12A, paragraph 10: "if and so long, as in all the circumstances of the case"."""
    facts: dict[str, FactValue] = {
        "exemption:price.paragraph": "paragraph_3",
        "exemption:price.balance": balance,
        "exemption:price.balance_reasons": "Talks go on.",
    }
    assert judge("exempt.balance_favours", date(2026, 3, 24), **facts) == outcome
