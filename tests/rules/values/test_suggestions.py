"""Suggestions for mistyped names."""

from __future__ import annotations

import pytest

from rules.values.suggestions import MAX_LISTED_NAMES, MAX_NAME_LENGTH, did_you_mean

SCHEMES = ["gla", "lfc", "mopac"]


@pytest.mark.parametrize("typed", ["mopacc", "mopca", "MOPAC", "Mopac"])
def test_the_closest_name_is_suggested_whatever_its_case(typed: str) -> None:
    assert did_you_mean(typed, SCHEMES) == "Did you mean mopac?"


def test_a_name_is_suggested_in_its_own_case() -> None:
    assert did_you_mean("mopac-2018-01", ["MOPAC-2018-1"]) == "Did you mean MOPAC-2018-1?"


def test_the_first_of_two_names_that_differ_in_case_alone_is_suggested() -> None:
    assert did_you_mean("SUBMIT", ["Submit", "submit"]) == "Did you mean Submit?"


def test_a_few_names_are_all_listed_if_none_is_close() -> None:
    assert did_you_mean("zzzz", SCHEMES) == "There are: gla, lfc, mopac."
    assert did_you_mean("zzzz", [f"name-{number}" for number in range(MAX_LISTED_NAMES + 1)]) == ""
    assert did_you_mean("zzzz", []) == ""


def test_a_text_longer_than_any_name_is_not_compared() -> None:
    assert did_you_mean("mopac" * MAX_NAME_LENGTH, SCHEMES) == "There are: gla, lfc, mopac."
