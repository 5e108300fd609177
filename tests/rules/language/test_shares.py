"""Shares of a count: so many parts of it, rounded up, so that a quorum or a majority is never a fraction too small."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import PackError
from rules.judging.rulebook import Rulebook
from rules.language.derived_facts import add_derived_facts
from rules.values.evidence import Evidence
from rules.values.facts import FactValue
from tests.rules.pack_builders import VALUES_YAML, derived_fault_key, small_rulebook

ON = date(2018, 4, 16)
_COUNT = "    kind: count\n    history: [{{from: 2018-01-01, is: {}, citation: {{provision: s 1, basis: read}}}}]\n"
_DERIVED = "derived:\n  least: {label: Least, share_of: {of: number, parts: parts, divided_by: divisor}}\n"


def rules_with(parts: int, divisor: int) -> Rulebook:
    """Return rules whose fact `least` is so many parts of `number`."""
    declared = {"parts": parts, "divisor": divisor}
    values = "".join(f"  {name}:\n    label: {name}\n{_COUNT.format(figure)}" for name, figure in declared.items())
    return small_rulebook(_DERIVED, values=VALUES_YAML + values)


def least_of(rules: Rulebook, number: int | None = None, on: date = ON) -> FactValue | None:
    stated: dict[str, FactValue] = {} if number is None else {"number": number}
    evidence = Evidence.from_parts({"act.on": on, **stated}, {})
    return add_derived_facts(evidence, rules.derived_facts, rules.law).case_facts.get("least")


@pytest.fixture(scope="module")
def two_thirds() -> Rulebook:
    return rules_with(2, 3)


@pytest.mark.parametrize(("whole", "least"), [(0, 0), (1, 1), (2, 2), (3, 2), (4, 3), (6, 4), (10, 7), (200, 134)])
def test_two_thirds_are_rounded_up(two_thirds: Rulebook, whole: int, least: int) -> None:
    assert least_of(two_thirds, number=whole) == least


@given(st.integers(0, 10**6), st.integers(0, 50), st.integers(1, 50))
def test_a_count_reaches_the_share_exactly_if_it_is_no_less_than_the_fraction(
    two_thirds: Rulebook, whole: int, parts: int, count: int
) -> None:
    least = least_of(two_thirds, number=whole)
    assert isinstance(least, int)
    exact = Fraction(2 * whole, 3)
    assert (count * parts >= least) is (count * parts >= exact)
    assert least - 1 < exact <= least


def test_the_share_of_an_unknown_count_is_unknown(two_thirds: Rulebook) -> None:
    assert least_of(two_thirds) is None


def test_before_its_figures_are_in_force_the_share_is_unknown(two_thirds: Rulebook) -> None:
    assert least_of(two_thirds, number=3, on=date(2017, 12, 31)) is None


def test_a_whole_that_is_no_count_is_refused() -> None:
    share = "share_of: {of: value, parts: years, divided_by: years}"
    assert derived_fault_key("value is of kind money, not count", share) == "share_of"


def test_a_division_into_no_parts_is_refused() -> None:
    with pytest.raises(PackError) as refused:
        rules_with(2, 0)
    assert "0 is not a number of parts: it must be 1 or more" in str(refused.value.faults)
