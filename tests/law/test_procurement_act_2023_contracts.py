"""The Procurement Act 2023 from the award of a contract to its end, as the shipped pack has it."""

from datetime import date
from typing import Any

import pytest

from tests.law.conftest import JudgeFacts

CONTRACT: dict[str, Any] = {
    "contract_kind": "goods_services",
    "procurement_route": "open",
    "procurement_commenced_on": date(2025, 3, 3),
    "estimated_value": "£6,000,000 inc VAT",
    "notice.award_published_on": date(2025, 6, 2),
    "notice.signed_on": date(2025, 6, 16),
}


def outcome(judge: JudgeFacts, control: str, audited: date, **facts: date | str | int | None) -> str:
    """Return the outcome of a control for the contract with other facts; None leaves one out."""
    changed = {**CONTRACT, "audit.on": audited, **{name.replace("__", "."): value for name, value in facts.items()}}
    stated = {name: value for name, value in changed.items() if value is not None}
    return judge(stated, on=str(audited))[control].outcome


class TestStandstill:
    """Section 51(2): "eight working days beginning with the day on which a contract award notice is published"."""

    @pytest.mark.parametrize(("signed", "result"), [(date(2025, 6, 11), "breached"), (date(2025, 6, 12), "satisfied")])
    def test_the_day_of_the_notice_counts(self, judge: JudgeFacts, signed: date, result: str) -> None:
        assert outcome(judge, "award.standstill_kept", date(2026, 1, 5), notice__signed_on=signed) == result

    @pytest.mark.parametrize(("signed", "result"), [(date(2025, 8, 13), "breached"), (date(2025, 8, 14), "satisfied")])
    def test_a_bank_holiday_in_any_part_of_the_country_does_not_count(
        self, judge: JudgeFacts, signed: date, result: str
    ) -> None:
        days = {"notice__award_published_on": date(2025, 8, 1), "notice__signed_on": signed}
        assert outcome(judge, "award.standstill_kept", date(2026, 1, 5), **days) == result


class TestPublication:
    """Section 53: "before the end of the period of 30 days", and of a copy "90 days", "beginning with the day"."""

    @pytest.mark.parametrize(
        ("control", "audited", "result"),
        [
            ("award.details_in_time", date(2025, 7, 15), "not_applicable"),
            ("award.details_in_time", date(2025, 7, 16), "breached"),
            ("award.copy_published", date(2025, 9, 13), "not_applicable"),
            ("award.copy_published", date(2025, 9, 14), "breached"),
        ],
    )
    def test_nothing_is_late_before_its_last_day_is_past(
        self, judge: JudgeFacts, control: str, audited: date, result: str
    ) -> None:
        assert outcome(judge, control, audited) == result

    def test_nothing_is_due_while_no_contract_is_recorded(self, judge: JudgeFacts) -> None:
        for control in ("award.notice_first", "award.details_in_time", "award.copy_published"):
            assert outcome(judge, control, date(2026, 1, 5), notice__signed_on=None) == "not_applicable"


class TestPerformance:
    """Section 71(2): "at least once in every period of twelve months"; SI 2025/1316 reg 2(1): from 1 January 2026."""

    @pytest.mark.parametrize(
        ("audited", "result"),
        [(date(2025, 12, 31), "not_applicable"), (date(2026, 6, 16), "satisfied"), (date(2026, 6, 17), "breached")],
    )
    def test_the_first_assessment_comes_within_twelve_months(
        self, judge: JudgeFacts, audited: date, result: str
    ) -> None:
        assert outcome(judge, "performance.assessed_yearly", audited, performance__indicators=3) == result


class TestTermination:
    """Sections 78(7) and (8) and 79: the supplier is heard, and a Minister told of a threat to national security."""

    @pytest.mark.parametrize(("heard", "result"), [(True, "satisfied"), (False, "breached")])
    def test_the_supplier_can_answer_before_the_contract_ends(
        self, judge: JudgeFacts, heard: bool, result: str
    ) -> None:
        told: dict[str, str | bool] = {"ending__ground": "breach", "ending__intention_told": True}
        facts = {**told, "ending__supplier_heard": heard}
        assert outcome(judge, "ending.supplier_heard_first", date(2026, 1, 5), **facts) == result

    @pytest.mark.parametrize(("threat", "result"), [("mandatory", "satisfied"), ("discretionary", "breached")])
    def test_a_minister_must_agree_only_with_the_discretionary_ground(
        self, judge: JudgeFacts, threat: str, result: str
    ) -> None:
        """Section 79(1): "unless" the Minister considers that "the contract should be terminated"."""
        told: dict[str, str | bool] = {"ending__ground": "supplier", "ending__minister_told": True}
        facts = {**told, "ending__threat": threat, "ending__minister_agrees": False}
        assert outcome(judge, "ending.minister_notified", date(2026, 1, 5), **facts) == result
