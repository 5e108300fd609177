"""A sample of cases is drawn by a seed, so that anybody can draw it again."""

from __future__ import annotations

import pytest

from workflow.services.audit_sample import Sample

CASES = [f"CASE-{number}" for number in range(1, 101)]


def draw(size: int, seed: str, cases: list[str] = CASES) -> list[str]:
    return Sample(size, seed).draw(cases, str)


def test_the_same_seed_draws_the_same_cases_whatever_their_order() -> None:
    drawn = draw(10, "2026")
    assert len(drawn) == 10
    assert sorted(draw(10, "2026", CASES[::-1])) == sorted(drawn)
    assert draw(10, "2027") != drawn


def test_cases_are_drawn_in_the_order_in_which_they_came() -> None:
    drawn = draw(10, "2026")
    assert drawn == [case for case in CASES if case in drawn]


def test_the_known_cases_of_a_seed_stay_the_same() -> None:
    """A sample that an auditor has drawn must be drawn again for ever: these have the lowest digests."""
    assert draw(3, "2026") == ["CASE-37", "CASE-39", "CASE-78"]


@pytest.mark.parametrize("size", [100, 1_000])
def test_a_sample_as_large_as_the_population_is_all_of_it(size: int) -> None:
    sample = Sample(size, "x")
    assert sample.draw(CASES, str) == CASES
    assert sample.as_json() == {"size": size, "seed": "x", "population": 100}
    assert sample.describe() == "100 of 100 cases, drawn with the seed x"


def test_a_larger_sample_holds_the_smaller_one() -> None:
    assert set(draw(5, "s")) < set(draw(20, "s"))


def test_no_case_is_drawn_twice_as_often_as_chance_allows() -> None:
    counts = dict.fromkeys(CASES, 0)
    for seed in range(400):
        for case in draw(10, str(seed)):
            counts[case] += 1
    assert 15 < min(counts.values()) < max(counts.values()) < 75
