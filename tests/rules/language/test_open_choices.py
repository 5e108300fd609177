"""A figure that depends on an unknown choice is tested for each choice; the answer counts if all give it."""

from __future__ import annotations

from datetime import date

import pytest

from rules.judging.judge import judge_evidence
from rules.packs.national_law import NationalLaw
from rules.values.evidence import Evidence
from rules.values.facts import FactValue
from rules.values.money import Money, Vat
from tests.workflow.walk import shipped_library

# Sub-central £213,477, central £138,760 and utilities £426,955 from 2022, each with VAT.
FACTS: dict[str, FactValue] = {
    "act.on": date(2023, 6, 1),
    "procurement_commenced_on": date(2023, 6, 1),
    "contract_kind": "goods_services",
    "notice.threshold": "below",
}


@pytest.fixture(scope="module")
def law() -> NationalLaw:
    return shipped_library().national_law


def threshold_outcome(law: NationalLaw, facts: dict[str, FactValue], asked: frozenset[str] | None) -> str:
    judged = judge_evidence(law.rulebook, None, Evidence.from_parts(facts, {}, asked)).verdicts
    return next(verdict.outcome for verdict in judged if verdict.control == "notice.threshold_as_named")


@pytest.mark.parametrize(
    ("pence", "vat", "expected"),
    [
        (13_875_999, Vat.INCLUDED, "satisfied"),
        (13_876_000, Vat.INCLUDED, "undetermined"),
        (42_695_499, Vat.INCLUDED, "undetermined"),
        (42_695_500, Vat.INCLUDED, "breached"),
        (11_563_000, Vat.UNSTATED, "satisfied"),  # £115,630 and 20% are £138,756
        (11_564_000, Vat.UNSTATED, "undetermined"),
        (42_695_500, Vat.UNSTATED, "breached"),
        (11_563_000, Vat.EXCLUDED, "satisfied"),
        (42_695_500, Vat.EXCLUDED, "breached"),
    ],
)
def test_whoever_buys_and_whatever_the_vat(law: NationalLaw, pence: int, vat: Vat, expected: str) -> None:
    asked = law.asked_by("procurement_notice")
    assert threshold_outcome(law, {**FACTS, "estimated_value": Money(pence, vat)}, asked) == expected


def test_our_own_record_must_say_who_buys(law: NationalLaw) -> None:
    facts = {**FACTS, "estimated_value": Money(100, Vat.INCLUDED)}
    assert threshold_outcome(law, facts, None) == "undetermined"
    assert threshold_outcome(law, {**facts, "buyer": "central"}, None) == "satisfied"


def test_a_source_that_asks_who_buys_must_say_it_too(law: NationalLaw) -> None:
    asked = (law.asked_by("procurement_notice") or frozenset()) | {"buyer"}
    facts = {**FACTS, "estimated_value": Money(100, Vat.INCLUDED)}
    assert threshold_outcome(law, facts, asked) == "undetermined"
    assert threshold_outcome(law, facts, asked - {"buyer"}) == "satisfied"
