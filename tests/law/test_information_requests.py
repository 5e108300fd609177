"""The clock of requests for information: section 10 of the Act of 2000, and SI 2004/3391."""

from datetime import date

import pytest

from tests.law.conftest import JudgeFacts


def outcome(judge: JudgeFacts, control: str, **request: date | str | bool) -> str:
    facts = {"audit.on": date(2026, 11, 30), "request": {"one": {"received_on": date(2026, 6, 1), **request}}}
    return judge(facts, on="2026-11-30")[control].outcome


@pytest.mark.parametrize(("answered", "result"), [(date(2026, 6, 30), "satisfied"), (date(2026, 7, 1), "breached")])
def test_a_bank_holiday_in_scotland_alone_is_no_working_day(judge: JudgeFacts, answered: date, result: str) -> None:
    """Section 10(6): "a bank holiday under the Banking and Financial Dealings Act 1971 in any part" of the country."""
    assert outcome(judge, "request.answered_in_time", law="foia", answered_on=answered) == result


@pytest.mark.parametrize(("answered", "result"), [(date(2026, 7, 3), "satisfied"), (date(2026, 7, 6), "breached")])
def test_days_of_waiting_for_a_fee_do_not_count(judge: JudgeFacts, answered: date, result: str) -> None:
    """Section 10(2): the working days from the fees notice to the receipt of the fee "are to be disregarded"."""
    fee: dict[str, date | str | bool] = {"fee_asked_on": date(2026, 6, 5), "fee_paid_on": date(2026, 6, 9)}
    assert outcome(judge, "request.answered_in_time", law="foia", answered_on=answered, **fee) == result


@pytest.mark.parametrize(("law", "result"), [("eir", "satisfied"), ("foia", "breached")])
def test_only_environmental_requests_are_extended(judge: JudgeFacts, law: str, result: str) -> None:
    """Regulation 7(1) of SI 2004/3391: the period may be extended "to 40 working days"."""
    told: dict[str, date | str | bool] = {"extended": True, "extension_told_on": date(2026, 6, 30)}
    assert outcome(judge, "request.extension_allowed", law=law, **told) == result


@pytest.mark.parametrize(("answered", "result"), [(date(2026, 7, 29), "satisfied"), (date(2026, 7, 30), "breached")])
def test_representations_are_answered_in_forty_working_days(judge: JudgeFacts, answered: date, result: str) -> None:
    """Regulation 11(4): "no later than 40 working days after the date of receipt of the representations"."""
    review: dict[str, date | str | bool] = {"review_asked_on": date(2026, 6, 1), "review_answered_on": answered}
    assert outcome(judge, "request.review_in_time", law="eir", **review) == result
    assert outcome(judge, "request.review_in_time", law="foia", **review) == "not_applicable"
    assert outcome(judge, "not_held.information_requests_review_code", law="foia", **review) == "not_held"
