"""Payment of invoices: ss.68 to 70 of the Procurement Act 2023, and reg 113 of the Regulations of 2015."""

from datetime import date
from typing import Any

import pytest

from tests.law.conftest import JudgeFacts

CONTRACT: dict[str, Any] = {
    "contract_kind": "goods_services",
    "procurement_route": "open",
    "procurement_commenced_on": date(2025, 6, 2),
    "estimated_value": "£900,000 inc VAT",
    "audit.on": date(2026, 11, 30),
}


def paid(judge: JudgeFacts, control: str, commenced: date, **payment: date | str) -> str:
    facts = {**CONTRACT, "procurement_commenced_on": commenced, "payment": {"one": payment}}
    return judge(facts, on="2026-11-30")[control].outcome


@pytest.mark.parametrize(("day", "outcome"), [(date(2026, 6, 30), "satisfied"), (date(2026, 7, 1), "breached")])
def test_the_day_of_receipt_counts_among_the_thirty_days_of_the_act(judge: JudgeFacts, day: date, outcome: str) -> None:
    """Section 68(2): "before the end of the period of 30 days beginning with" the day of receipt."""
    assert paid(judge, "payment.in_time", date(2025, 6, 2), received_on=date(2026, 6, 1), paid_on=day) == outcome


@pytest.mark.parametrize(("day", "outcome"), [(date(2018, 7, 1), "satisfied"), (date(2018, 7, 2), "breached")])
def test_the_day_of_validity_does_not_count_under_the_regulations(judge: JudgeFacts, day: date, outcome: str) -> None:
    """Regulation 113(2)(a): "no later than the end of a period of 30 days from the date"."""
    control = "payment.in_time_by_regulations"
    assert paid(judge, control, date(2018, 3, 5), valid_on=date(2018, 6, 1), paid_on=day) == outcome


@pytest.mark.parametrize(("amount", "outcome"), [("£30,000", "not_applicable"), ("£30,000.01", "breached")])
def test_only_payments_above_the_limit_are_published(judge: JudgeFacts, amount: str, outcome: str) -> None:
    """Section 70(1): "any payment of more than £30,000"."""
    stated: dict[str, date | str] = {
        "amount": f"{amount} inc VAT",
        "paid_on": date(2026, 6, 10),
        "quarter_ends_on": date(2026, 6, 30),
    }
    assert paid(judge, "payment.published", date(2025, 6, 2), **stated) == outcome


@pytest.mark.parametrize(("day", "outcome"), [(date(2026, 4, 29), "satisfied"), (date(2026, 4, 30), "breached")])
def test_a_payments_compliance_notice_follows_each_reporting_period(judge: JudgeFacts, day: date, outcome: str) -> None:
    """Section 69(1): "30 days beginning with the last day of a reporting period"."""
    stated = {"paid_on": date(2026, 3, 10), "period_ends_on": date(2026, 3, 31), "compliance_noticed_on": day}
    assert paid(judge, "payment.compliance_noticed", date(2025, 6, 2), **stated) == outcome
