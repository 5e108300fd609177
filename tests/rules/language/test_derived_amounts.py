"""Amounts worked out from others: to the penny, on the right VAT basis, and not at all where nobody can tell."""

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


def worked_out(name: str, facts: Facts, exempt: Facts | None = None, rules: Rulebook = RULES) -> FactValue | None:
    known = add_derived_facts(Evidence.from_parts({**IN_2018, **facts}, exempt or {}), rules.derived_facts, rules.law)
    return known.case_facts.get(name)


class TestTogether:
    def test_the_case_counts_with_every_one_of_its_kind(self) -> None:
        parts: Facts = {"recommendation:a.cost": ex_vat(2), "recommendation:b.cost": ex_vat(3)}
        assert worked_out("whole", {"value": ex_vat(1), **parts}) == ex_vat(6)
        assert worked_out("whole", {"value": ex_vat(1)}) == ex_vat(1)

    @pytest.mark.parametrize(
        "facts",
        [
            {"recommendation:a.cost": ex_vat(2)},
            {"value": ex_vat(1), "recommendation:a.verb": "note"},
            {"value": ex_vat(1), "recommendation:a.cost": inc_vat(2)},
            {"value": Money(MAX_PENCE, Vat.EXCLUDED), "recommendation:a.cost": ex_vat(1)},
        ],
    )
    def test_it_is_not_known_where_a_part_is_not_or_they_cannot_be_added(self, facts: Facts) -> None:
        assert worked_out("whole", facts) is None

    def test_what_rests_on_an_exempt_part_is_exempt(self) -> None:
        known = add_derived_facts(
            Evidence.from_parts({**IN_2018, "value": ex_vat(1), "recommendation:a.verb": "note"},
                            {"recommendation:a.cost": ex_vat(2)}),
            RULES.derived_facts, RULES.law,
        )  # fmt: skip
        assert known.case_facts["whole"] == ex_vat(3)
        assert ("case", "whole") in known.exempt


class TestOnTheBasisOfAValue:
    def test_an_amount_on_that_basis_stays_as_it_is_and_asks_for_no_rate(self) -> None:
        assert worked_out("restated", {"value": ex_vat(500)}) == ex_vat(500)

    @pytest.mark.parametrize(
        ("colour", "with_vat", "without"), [("red", 120_000, 100_000), ("green", 117_500, 100_000)]
    )
    def test_vat_is_taken_out_at_the_rate_in_force(self, colour: str, with_vat: int, without: int) -> None:
        stated = Money(with_vat, Vat.INCLUDED)
        assert worked_out("restated", {"value": stated, "colour": colour}) == Money(without, Vat.EXCLUDED)

    def test_without_a_rate_nobody_can_tell(self) -> None:
        assert worked_out("restated", {"value": inc_vat(500)}) is None
        assert worked_out("restated", {"value": inc_vat(500), "colour": "blue"}) is None

    def test_while_nobody_can_tell_the_value_the_amount_stays_as_it_is(self) -> None:
        before: Facts = {"value": inc_vat(500), "act.on": date(2017, 12, 31)}
        assert worked_out("restated", before) == inc_vat(500)

    @given(st.integers(0, 10**12))
    def test_it_is_the_nearest_penny_half_a_penny_up(self, pence: int) -> None:
        found = worked_out("restated", {"value": Money(pence, Vat.INCLUDED), "colour": "red"})
        assert isinstance(found, Money)
        assert -600 <= 1000 * pence - 1200 * found.pence < 600

    def test_a_penny_decides_on_either_side(self) -> None:
        at, below = Money(60_000, Vat.INCLUDED), Money(59_999, Vat.INCLUDED)
        assert worked_out("restated", {"value": at, "colour": "red"}) == ex_vat(500)
        assert worked_out("restated", {"value": below, "colour": "red"}) == Money(49_999, Vat.EXCLUDED)


class TestPortions:
    @given(st.integers(0, MAX_PENCE))
    def test_it_is_so_many_hundredths_to_the_penny_below(self, pence: int) -> None:
        found = worked_out("part", {"value": Money(pence, Vat.INCLUDED)})
        assert found == Money(pence * 20 // 100, Vat.INCLUDED)

    def test_of_what_is_not_known_there_is_none(self) -> None:
        assert worked_out("part", {}) is None


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ("together: {own: number, with: recommendation.cost}", "number is of kind count, not money"),
        ("together: {own: value, with: budget}", "of an amount of each subject of one kind"),
        ("on_basis: {amount: number, value: limit, rate: rate}", "number is of kind count, not money"),
        ("on_basis: {amount: value, value: years, rate: rate}", "years is of kind count, not money"),
        ("on_basis: {amount: value, value: limit, rate: limit}", "limit is of kind money, not count"),
        ("on_basis: {amount: value, value: nobodys, rate: rate}", "nobodys is a value that nobody declares"),
        ("portion: {of: value, percent: limit}", "limit is of kind money, not count"),
    ],
)
def test_what_an_amount_cannot_be_worked_out_from_is_refused(declared: str, words: str) -> None:
    text = PACK_HEADER + FACTS_YAML + VALUES_YAML + RATE + f"derived:\n  wrong: {{label: Wrong, {declared}}}\n"
    assert words in "\n".join(fault.message for fault in pack_faults(text))
