"""Derived amounts: exact to the penny, on the right VAT basis, and unknown while an input is."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.judging.rulebook import Rulebook
from rules.language.derived_facts import add_derived_facts
from rules.values.evidence import Evidence
from rules.values.facts import FactValue
from rules.values.money import MAX_PENCE, Money, Vat
from tests.rules.pack_builders import FACTS_YAML, PACK_HEADER, VALUES_YAML, ex_vat, inc_vat, pack_faults, small_rulebook

Facts = dict[str, FactValue]
RATE = """
  rate:
    kind: count
    label: The rate
    by: [colour]
    history:
      - {from: 2018-01-01, for: {colour: red}, is: 200, citation: {provision: cl 9, basis: read}}
      - {from: 2018-01-01, for: {colour: green}, is: 175, citation: {provision: cl 9, basis: read}}
"""
DERIVED = """
derived:
  whole: {label: Whole, together: {own: value, with: recommendation.cost}}
  restated: {label: Restated, on_basis: {amount: value, value: limit, rate: rate}}
  part: {label: Part, portion: {of: value, percent: years}}
"""
IN_2018: Facts = {"act.on": date(2018, 4, 16)}
RULES = small_rulebook(DERIVED, values=VALUES_YAML + RATE)


def derive(name: str, facts: Facts, exempt: Facts | None = None, rules: Rulebook = RULES) -> FactValue | None:
    evidence = add_derived_facts(
        Evidence.from_parts({**IN_2018, **facts}, exempt or {}), rules.derived_facts, rules.law
    )
    return evidence.case_facts.get(name)


class TestTogether:
    def test_the_amount_of_every_subject_is_added_to_the_case_amount(self) -> None:
        parts: Facts = {"recommendation:a.cost": ex_vat(2), "recommendation:b.cost": ex_vat(3)}
        assert derive("whole", {"value": ex_vat(1), **parts}) == ex_vat(6)
        assert derive("whole", {"value": ex_vat(1)}) == ex_vat(1)

    @pytest.mark.parametrize(
        "facts",
        [
            {"recommendation:a.cost": ex_vat(2)},
            {"value": ex_vat(1), "recommendation:a.verb": "note"},
            {"value": ex_vat(1), "recommendation:a.cost": inc_vat(2)},
            {"value": Money(MAX_PENCE, Vat.EXCLUDED), "recommendation:a.cost": ex_vat(1)},
        ],
    )
    def test_the_total_is_unknown_if_an_amount_is_or_they_cannot_be_added(self, facts: Facts) -> None:
        assert derive("whole", facts) is None

    def test_a_total_with_an_exempt_amount_is_exempt(self) -> None:
        evidence = add_derived_facts(
            Evidence.from_parts({**IN_2018, "value": ex_vat(1), "recommendation:a.verb": "note"},
                            {"recommendation:a.cost": ex_vat(2)}),
            RULES.derived_facts, RULES.law,
        )  # fmt: skip
        assert evidence.case_facts["whole"] == ex_vat(3)
        assert ("case", "whole") in evidence.exempt


class TestOnVatBasis:
    def test_an_amount_on_the_right_basis_is_kept_and_needs_no_rate(self) -> None:
        assert derive("restated", {"value": ex_vat(500)}) == ex_vat(500)

    @pytest.mark.parametrize(
        ("colour", "with_vat", "without"), [("red", 120_000, 100_000), ("green", 117_500, 100_000)]
    )
    def test_vat_is_removed_at_the_rate_in_force(self, colour: str, with_vat: int, without: int) -> None:
        stated = Money(with_vat, Vat.INCLUDED)
        assert derive("restated", {"value": stated, "colour": colour}) == Money(without, Vat.EXCLUDED)

    def test_the_amount_is_unknown_without_a_rate(self) -> None:
        assert derive("restated", {"value": inc_vat(500)}) is None
        assert derive("restated", {"value": inc_vat(500), "colour": "blue"}) is None

    def test_the_amount_is_kept_while_the_reference_value_is_unknown(self) -> None:
        before: Facts = {"value": inc_vat(500), "act.on": date(2017, 12, 31)}
        assert derive("restated", before) == inc_vat(500)

    @given(st.integers(0, 10**12))
    def test_the_result_is_the_nearest_penny_and_half_a_penny_rounds_up(self, pence: int) -> None:
        restated = derive("restated", {"value": Money(pence, Vat.INCLUDED), "colour": "red"})
        assert isinstance(restated, Money)
        assert -600 <= 1000 * pence - 1200 * restated.pence < 600

    def test_a_penny_below_the_limit_stays_below_it(self) -> None:
        at, below = Money(60_000, Vat.INCLUDED), Money(59_999, Vat.INCLUDED)
        assert derive("restated", {"value": at, "colour": "red"}) == ex_vat(500)
        assert derive("restated", {"value": below, "colour": "red"}) == Money(49_999, Vat.EXCLUDED)

    @pytest.mark.parametrize(
        ("pence", "restated"),
        [  # the limit is £500 without VAT, which is £600 with it
            (0, Money(0, Vat.EXCLUDED)),
            (50_000, Money(50_000, Vat.UNSTATED)),
            (50_001, None),
            (60_000, None),
            (60_001, Money(50_001, Vat.EXCLUDED)),
        ],
    )
    def test_an_amount_as_stated_is_unknown_only_where_its_basis_decides(
        self, pence: int, restated: Money | None
    ) -> None:
        assert derive("restated", {"value": Money(pence, Vat.UNSTATED), "colour": "red"}) == restated

    @given(st.integers(0, 100_000), st.sampled_from(["red", "green"]))
    def test_both_bases_put_an_amount_as_stated_on_the_side_where_it_is_judged(self, pence: int, colour: str) -> None:
        restated = derive("restated", {"value": Money(pence, Vat.UNSTATED), "colour": colour})
        if isinstance(restated, Money):
            meant = [
                derive("restated", {"value": Money(pence, basis), "colour": colour})
                for basis in (Vat.EXCLUDED, Vat.INCLUDED)
            ]
            assert {one.pence > 50_000 for one in (*meant, restated) if isinstance(one, Money)} == {
                restated.pence > 50_000
            }

    @pytest.mark.parametrize(("pence", "is_known"), [(50_000, True), (50_001, False), (10**9, False)])
    def test_without_a_rate_only_an_amount_below_a_limit_without_vat_is_known(self, pence: int, is_known: bool) -> None:
        assert (derive("restated", {"value": Money(pence, Vat.UNSTATED)}) is not None) is is_known


class TestPortions:
    @given(st.integers(0, MAX_PENCE))
    def test_a_percentage_is_rounded_down_to_the_penny(self, pence: int) -> None:
        part = derive("part", {"value": Money(pence, Vat.INCLUDED)})
        assert part == Money(pence * 20 // 100, Vat.INCLUDED)

    def test_a_portion_of_an_unknown_amount_is_unknown(self) -> None:
        assert derive("part", {}) is None

    def test_a_portion_above_the_highest_amount_is_unknown(self) -> None:
        rules = small_rulebook(DERIVED, values=VALUES_YAML.replace("is: 20,", "is: 150,") + RATE)
        highest = MAX_PENCE * 100 // 150
        assert derive("part", {"value": Money(highest, Vat.EXCLUDED)}, rules=rules) == Money(
            highest * 150 // 100, Vat.EXCLUDED
        )
        assert derive("part", {"value": Money(highest + 2, Vat.EXCLUDED)}, rules=rules) is None


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ("together: {own: number, with: recommendation.cost}", "number is of kind count, not money"),
        (
            "together: {own: value, with: budget}",
            "must be a fact of the case, with an amount",
        ),
        ("on_basis: {amount: number, value: limit, rate: rate}", "number is of kind count, not money"),
        ("on_basis: {amount: value, value: years, rate: rate}", "years is of kind count, not money"),
        ("on_basis: {amount: value, value: limit, rate: limit}", "limit is of kind money, not count"),
        ("on_basis: {amount: value, value: nobodys, rate: rate}", "nobodys is a value that nobody declares"),
        ("portion: {of: value, percent: limit}", "limit is of kind money, not count"),
    ],
)
def test_an_input_of_the_wrong_kind_is_refused(declared: str, words: str) -> None:
    text = PACK_HEADER + FACTS_YAML + VALUES_YAML + RATE + f"derived:\n  wrong: {{label: Wrong, {declared}}}\n"
    assert words in "\n".join(fault.message for fault in pack_faults(text))
