"""Names that officers type: in any case, with spaces or hyphens, or by their labels, if one name alone is meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.values.names import find_meant, find_meant_name, fold_name

SECTIONS = {
    "s40": "Section 40 – Personal information",
    "s41": "Section 41 – Information provided in confidence",
    "s43": "Section 43 – Commercial interests",
}
ROLES = {"pib_chair": "Chair of the Portfolio & Investment Board", "author": "Report author", "dmpc": "Deputy Mayor"}


@pytest.mark.parametrize("typed", ["pib_chair", "pib-chair", "PIB chair", "Pib_Chair", " pib  chair ", "pibchair",
                                   "Chair of the Portfolio & Investment Board",
                                   "chair of the portfolio   investment board"])  # fmt: skip
def test_a_name_is_found_in_each_of_its_forms(typed: str) -> None:
    assert find_meant(typed, ROLES) == "pib_chair"


@pytest.mark.parametrize("typed", ["s43", "S43", "s.43", "S 43", "Section 43", "section 43 – commercial interests",
                                   "Commercial interests", "commercial-interests"])  # fmt: skip
def test_each_part_of_a_label_means_its_name_if_no_other_has_it(typed: str) -> None:
    assert find_meant(typed, SECTIONS) == "s43"


@pytest.mark.parametrize("typed", ["", "-", "chair", "section", "s4", "pib_chairs", "x" * 10_000])
def test_less_or_more_than_a_name_means_none(typed: str) -> None:
    assert find_meant(typed, {**ROLES, **SECTIONS}) == ""


def test_what_could_mean_two_names_means_none_unless_it_is_exact() -> None:
    assert find_meant("A-B", {"a_b": "One", "ab": "Two"}) == ""
    assert find_meant("ab", {"a_b": "One", "ab": "Two"}) == "ab"
    assert find_meant("advice", {"x": "Advice", "y": "Advice"}) == ""


def test_a_name_comes_before_the_label_of_another() -> None:
    assert find_meant("Author", {"author": "Writer", "x": "Author"}) == "author"


def test_names_may_have_no_labels() -> None:
    assert find_meant_name("MOPAC", ["gla", "mopac"]) == "mopac"
    assert find_meant_name("", ["gla"]) == ""


@given(st.text(max_size=20))
def test_folding_a_folded_name_changes_nothing(text: str) -> None:
    assert fold_name(fold_name(text)) == fold_name(text)


@given(st.dictionaries(st.from_regex("[a-z][a-z0-9_]{0,9}", fullmatch=True), st.text(max_size=12), min_size=1))
def test_an_exact_name_is_always_found(labels: dict[str, str]) -> None:
    assert {name: find_meant(name, labels) for name in labels} == {name: name for name in labels}
