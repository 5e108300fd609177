"""The point at which a test changes its truth, found by bisection."""

from __future__ import annotations

import pytest

from rules.counterfactual.breakpoints import find_turning_point

FAR = 10**17


@pytest.mark.parametrize("distance", [1, 2, 3, 7, 8, 9, 1000, FAR])
@pytest.mark.parametrize("direction", [1, -1])
def test_the_first_number_with_another_truth_is_found(distance: int, direction: int) -> None:
    assert find_turning_point(lambda number: abs(number - 5) >= distance, 5, direction) == 5 + direction * distance


@pytest.mark.parametrize("edge", [1, 2, 3, 10, 31, 33])
def test_it_is_found_at_the_last_number_with_a_known_truth(edge: int) -> None:
    assert find_turning_point(lambda number: number >= edge if number <= edge else None, 0, 1) == edge


@pytest.mark.parametrize("edge", [0, 1, 2, 10, 31])
def test_there_is_none_where_the_truth_becomes_unknown_first(edge: int) -> None:
    assert find_turning_point(lambda number: False if number <= edge else None, 0, 1) is None


def test_there_is_none_where_the_truth_is_unknown_at_the_start() -> None:
    assert find_turning_point(lambda _: None, 0, 1) is None
