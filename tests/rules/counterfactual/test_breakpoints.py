"""Where a test that turns but once has turned, found by halving."""

from __future__ import annotations

import pytest

from rules.counterfactual.breakpoints import find_turning_point

FAR = 10**17


@pytest.mark.parametrize("at", [1, 2, 3, 7, 8, 9, 1000, FAR])
@pytest.mark.parametrize("way", [1, -1])
def test_the_first_number_at_which_it_has_turned_is_found(at: int, way: int) -> None:
    assert find_turning_point(lambda number: abs(number - 5) >= at, 5, way) == 5 + way * at


@pytest.mark.parametrize("edge", [1, 2, 3, 10, 31, 33])
def test_it_is_found_at_the_very_edge_of_what_can_be_told(edge: int) -> None:
    assert find_turning_point(lambda number: number >= edge if number <= edge else None, 0, 1) == edge


@pytest.mark.parametrize("edge", [0, 1, 2, 10, 31])
def test_where_it_does_not_turn_before_that_edge_there_is_none(edge: int) -> None:
    assert find_turning_point(lambda number: False if number <= edge else None, 0, 1) is None


def test_what_cannot_be_told_at_the_start_has_no_turn() -> None:
    assert find_turning_point(lambda _: None, 0, 1) is None
