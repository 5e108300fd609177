"""What published notices must show, judged by national law alone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from rules.judging.judge import judge_evidence
from rules.values.evidence import Evidence
from rules.values.facts import FactValue
from rules.values.money import Money, Vat
from tests.workflow.walk import shipped_library

AWARDED = date(2024, 5, 1)
SIGNED = date(2025, 9, 1)


def outcome(control: str, facts: dict[str, FactValue]) -> str:
    law = shipped_library().national_law
    days: dict[str, FactValue] = {"act.on": date(2026, 1, 1), "audit.on": date(2026, 1, 1)}
    evidence = Evidence.from_parts({**days, **facts}, {}, law.asked_by("procurement_notice"))
    judged = judge_evidence(law.rulebook, "audit", evidence).verdicts
    return next(verdict.outcome for verdict in judged if verdict.control == control)


def award(days: int, **changes: Any) -> dict[str, FactValue]:  # noqa: ANN401 - a fact of any kind
    facts = {
        "notice.portal": "find_a_tender",
        "notice.regime": "pcr_2015",
        "contract_kind": "goods_services",
        "procurement_route": "open",
        "notice.awarded_on": AWARDED,
        "notice.award_published_on": AWARDED + timedelta(days),
    }
    return {**facts, **{name.replace("__", "."): value for name, value in changes.items()}}


class TestAwardNotice:
    """“Not later than 30 days after the award of a contract … contracting authorities shall submit for publication a
    contract award notice” (reg 50(1)); “not later than 48 days after the award” (reg 31(1) of 2006).
    """

    @pytest.mark.parametrize(("days", "expected"), [(0, "satisfied"), (30, "satisfied"), (31, "breached")])
    def test_it_is_published_within_30_days(self, days: int, expected: str) -> None:
        assert outcome("notice.award_in_time", award(days)) == expected

    @pytest.mark.parametrize(
        ("awarded", "days", "expected"),
        [
            (date(2015, 2, 25), 48, "satisfied"),
            (date(2015, 2, 25), 49, "breached"),
            (date(2015, 2, 26), 30, "satisfied"),
            (date(2015, 2, 26), 31, "breached"),
        ],
    )
    def test_it_was_48_days_before_the_regulations_of_2015(self, awarded: date, days: int, expected: str) -> None:
        published = awarded + timedelta(days)
        facts = award(0, notice__awarded_on=awarded, notice__award_published_on=published)
        assert outcome("notice.award_in_time", facts) == expected

    @pytest.mark.parametrize(
        "changes",
        [
            {"procurement_route": "framework"},
            {"contract_kind": "light_touch"},
            {"notice__regime": "pa_2023"},
            {"notice__portal": "contracts_finder"},
        ],
        ids=["call-off (reg 50(4))", "quarterly notices (reg 75)", "the Act", "Contracts Finder"],
    )
    def test_other_notices_are_not_asked_for(self, changes: dict[str, str]) -> None:
        assert outcome("notice.award_in_time", award(99, **changes)) == "not_applicable"


class TestContractsFinder:
    """“90 calendar days after the contract award date for sub-central authorities, and 30 calendar days for central
    government authorities” (account of PPN 07/21).
    """

    @pytest.mark.parametrize(
        ("buyer", "days", "expected"),
        [
            ("central", 30, "satisfied"),
            ("central", 31, "breached"),
            ("sub_central", 90, "satisfied"),
            ("sub_central", 91, "breached"),
            ("utility", 999, "not_applicable"),
        ],
    )
    def test_an_award_is_published_in_time(self, buyer: str, days: int, expected: str) -> None:
        value = Money(5_000_000, Vat.INCLUDED)
        facts = award(days, notice__portal="contracts_finder", buyer=buyer, estimated_value=value)
        assert outcome("notice.award_on_contracts_finder", facts) == expected

    @pytest.mark.parametrize(
        ("pence", "expected"),
        [(1_000_000, "not_applicable"), (1_199_999, "not_applicable"), (1_200_000, "undetermined")],
    )
    def test_who_buys_may_be_unknown_where_it_changes_nothing(self, pence: int, expected: str) -> None:
        facts = award(99, notice__portal="contracts_finder", estimated_value=Money(pence, Vat.INCLUDED))
        assert outcome("notice.award_on_contracts_finder", facts) == expected

    @pytest.mark.parametrize(
        ("pence", "vat", "expected"),
        [
            (2_999_999, Vat.INCLUDED, "not_applicable"),
            (3_000_000, Vat.INCLUDED, "breached"),
            (2_499_900, Vat.UNSTATED, "not_applicable"),
            (2_600_000, Vat.UNSTATED, "undetermined"),
            (3_000_000, Vat.UNSTATED, "breached"),
        ],
    )
    def test_a_contract_below_the_limit_need_not_be_published(self, pence: int, vat: Vat, expected: str) -> None:
        facts = award(99, notice__portal="contracts_finder", buyer="sub_central", estimated_value=Money(pence, vat))
        assert outcome("notice.award_on_contracts_finder", facts) == expected


def contract(**changes: Any) -> dict[str, FactValue]:  # noqa: ANN401 - a fact of any kind
    facts = {
        "notice.portal": "find_a_tender",
        "notice.regime": "pa_2023",
        "notice.threshold": "above",
        "contract_kind": "goods_services",
        "notice.signed_on": SIGNED,
    }
    return {**facts, **{name.replace("__", "."): value for name, value in changes.items()}}


class TestProcurementAct:
    @pytest.mark.parametrize(("days", "expected"), [(-8, "satisfied"), (0, "satisfied"), (1, "breached")])
    def test_the_award_notice_comes_before_the_contract(self, days: int, expected: str) -> None:
        """“Before entering into a public contract, a contracting authority must publish a contract award notice.”"""
        facts = contract(notice__award_published_on=SIGNED + timedelta(days))
        assert outcome("notice.award_before_contract", facts) == expected

    @pytest.mark.parametrize(
        ("kind", "days", "expected"),
        [
            ("goods_services", 29, "satisfied"),
            ("works", 30, "breached"),
            ("light_touch", 119, "satisfied"),
            ("light_touch", 120, "breached"),
            ("concession", 999, "not_applicable"),
        ],
    )
    def test_the_contract_details_follow_in_a_period_that_counts_the_first_day(
        self, kind: str, days: int, expected: str
    ) -> None:
        facts = contract(contract_kind=kind, notice__details_published_on=SIGNED + timedelta(days))
        assert outcome("notice.details_in_time", facts) == expected

    def test_below_the_threshold_no_number_of_days_is_fixed(self) -> None:
        facts = contract(notice__threshold="below", notice__details_published_on=SIGNED + timedelta(999))
        assert outcome("notice.details_in_time", facts) == "not_applicable"


@pytest.mark.parametrize(
    ("pence", "expected"), [(21_490_399, "satisfied"), (21_490_400, "breached"), (39_200_000_00, "breached")]
)
def test_a_notice_that_says_below_has_a_value_below(pence: int, expected: str) -> None:
    """The threshold of sub-central authorities from 2024 is £214,904 with VAT."""
    facts: dict[str, FactValue] = {
        "notice.threshold": "below",
        "buyer": "sub_central",
        "contract_kind": "goods_services",
        "estimated_value": Money(pence, Vat.INCLUDED),
        "procurement_commenced_on": date(2024, 3, 1),
    }
    assert outcome("notice.threshold_as_named", facts) == expected


def test_a_notice_of_an_unknown_kind_of_contract_is_not_judged_by_its_value() -> None:
    facts: dict[str, FactValue] = {
        "notice.threshold": "below",
        "buyer": "sub_central",
        "estimated_value": Money(39_200_000_00, Vat.INCLUDED),
        "procurement_commenced_on": date(2024, 3, 1),
    }
    assert outcome("notice.threshold_as_named", facts) == "undetermined"
    assert outcome("notice.threshold_as_named", {**facts, "contract_kind": "none"}) == "not_applicable"


def test_a_notice_that_states_nothing_breaches_nothing() -> None:
    law = shipped_library().national_law
    evidence = Evidence.from_parts({"act.on": AWARDED}, {}, law.asked_by("procurement_notice"))
    assert {verdict.outcome for verdict in judge_evidence(law.rulebook, None, evidence).verdicts}.isdisjoint(
        {"breached"}
    )


def test_tables_mean_nothing_by_words_that_could_be_several_things() -> None:
    tables = shipped_library().national_law.tables
    assert "Direct award" not in tables["finder_routes"].codes
    assert "services" not in tables["main_category"].codes
    assert not {"55", "64", "98"} & tables["cpv"].codes.keys()
    names = tables["buyer_names"].codes
    assert not [name for name in names if "Foundation" in name]
