"""Shares are held as whole numbers, formatted in percent, and never compared with another unit."""

from __future__ import annotations

import pytest

from rules.values.evidence import Evidence
from rules.values.units import Unit, format_in_unit
from tests.gate_findings import gate_findings
from tests.rules.language.test_derived_amounts import IN_2018
from tests.rules.pack_builders import FACTS_YAML, PACK_HEADER, VALUES_YAML, controls_yaml, pack_faults, small_rulebook

SHARES = """
  share.spent: {kind: count, unit: percent, label: Share that is spent}
  share.tenths: {kind: count, unit: tenths_of_a_percent, label: Share that is spent to the tenth}
"""
MOST = """
  share.most:
    kind: count
    unit: percent
    label: Share that may be spent
    history:
      - {from: 2018-01-01, is: 20, citation: {provision: cl 9, basis: read}}
"""
DERIVED = """
derived:
  share.allowed: {label: Share that may be spent, look_up: share.most}
  share.of_budget: {label: Share of the number, percent_of: {part: number, whole: other}}
"""


@pytest.mark.parametrize(
    ("unit", "number", "words"),
    [
        (None, 1750, "1750"),
        ("percent", 0, "0%"),
        ("percent", 50, "50%"),
        ("tenths_of_a_percent", 175, "17.5%"),
        ("tenths_of_a_percent", 200, "20%"),
        ("tenths_of_a_percent", 5, "0.5%"),
    ],
)
def test_a_share_is_formatted_in_percent(unit: Unit | None, number: int, words: str) -> None:
    assert format_in_unit(unit, number) == words


@pytest.mark.parametrize(
    ("fact", "limit", "actual", "expected"),
    [
        ("share.spent", "{value: share.most}", "30%", "is at most 20% (share.most)"),
        ("share.spent", "25", "30%", "is at most 25%"),
        ("share.spent", "{fact: share.allowed}", "30%", "is at most share.allowed (20%)"),
        ("share.of_budget", "{value: share.most}", "50%", "is at most 20% (share.most)"),
        ("number", "1", "3", "is at most 1"),
    ],
)
def test_a_finding_shows_its_shares_in_percent(fact: str, limit: str, actual: str, expected: str) -> None:
    rules = small_rulebook(
        DERIVED,
        controls_yaml(a_b=f"requires: {{{fact}: {{at_most: {limit}}}}}"),
        facts=FACTS_YAML + SHARES,
        values=VALUES_YAML + MOST,
    )
    (finding,) = gate_findings(
        rules, None, Evidence.from_parts({**IN_2018, "share.spent": 30, "number": 3, "other": 6}, {})
    )
    assert [(seen.actual, seen.expected) for seen in finding.observed_facts] == [(actual, expected)]


@pytest.mark.parametrize(
    ("requires", "words"),
    [
        ("share.tenths: {at_most: {value: share.most}}", "share.most is in percent, not in tenths of a percent"),
        ("number: {at_most: {value: share.most}}", "share.most is in percent, not a plain number"),
        ("share.spent: {at_most: {fact: share.tenths}}", "share.tenths is in tenths of a percent, not in percent"),
    ],
)
def test_numbers_in_two_units_cannot_be_compared(requires: str, words: str) -> None:
    text = PACK_HEADER + FACTS_YAML + SHARES + VALUES_YAML + MOST + controls_yaml(a_b=f"requires: {{{requires}}}")
    assert [fault.message for fault in pack_faults(text)] == [words]


@pytest.mark.parametrize(
    ("derived", "words"),
    [
        ("on_basis: {amount: value, value: limit, rate: share.most}", "share.most is in percent, not in tenths"),
        ("portion: {of: value, percent: share.exact}", "share.exact is in tenths of a percent, not in percent"),
        ("look_up: [share.most, share.exact]", "must name values of one kind and unit"),
    ],
)
def test_a_derived_amount_needs_a_share_in_its_own_unit(derived: str, words: str) -> None:
    exact = MOST.replace("share.most", "share.exact").replace("unit: percent", "unit: tenths_of_a_percent")
    text = (
        PACK_HEADER
        + FACTS_YAML
        + VALUES_YAML
        + MOST
        + exact
        + f"derived:\n  one.more: {{label: One more, {derived}}}\n"
    )
    (fault,) = pack_faults(text)
    assert fault.message.startswith(words)


def test_only_a_count_has_a_unit() -> None:
    fact = "  share.what: {kind: flag, unit: percent, label: What}\n"
    value = "  share.when: {kind: day, unit: percent, label: When}\n"
    faults = pack_faults(PACK_HEADER + FACTS_YAML + fact + VALUES_YAML + value)
    assert [(fault.key, fault.message) for fault in faults] == [
        ("facts.share.what.unit", "is only for what is of kind count"),
        ("values.share.when.unit", "is only for what is of kind count"),
    ]


def test_an_unknown_unit_is_refused() -> None:
    (fault,) = pack_faults(
        PACK_HEADER + FACTS_YAML + VALUES_YAML + "  share.most: {kind: count, unit: pints, label: Most}\n"
    )
    assert (fault.key, fault.message) == (
        "values.share.most.unit",
        "must be 'percent' or 'tenths_of_a_percent'",
    )
