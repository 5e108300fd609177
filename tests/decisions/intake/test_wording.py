"""Phrases and the numbers of lists are found as forms and scans write them."""

from __future__ import annotations

import pytest

from decisions.intake.wording import Found, find_first, find_phrase, match_heading, split_marker, starts_with


@pytest.mark.parametrize(
    ("text", "kind", "label", "inner", "words"),
    [
        ("1. Approve", "number", "1", "", "Approve"),
        ("1) Approve", "number", "1", "", "Approve"),
        ("(12) Approve", "number", "12", "", "Approve"),
        ("1.Approve", "number", "1", "", "Approve"),
        ("2.3 The cost", "dotted", "2.3", "", "The cost"),
        ("2.3. The cost", "dotted", "2.3", "", "The cost"),
        ("a. Approve", "letter", "a", "", "Approve"),
        ("a.) Approve", "letter", "a", "", "Approve"),
        ("b) Approve", "letter", "b", "", "Approve"),
        ("(c) Approve", "letter", "c", "", "Approve"),
        ("i. Approve", "roman", "i", "", "Approve"),
        ("(iv) Approve", "roman", "iv", "", "Approve"),
        ("A) Approve", "capital", "A", "", "Approve"),
        ("(A)i. Approve", "capital", "A", "i", "Approve"),
        ("(B)ii) Approve", "capital", "B", "ii", "Approve"),
        ("• Approve", "bullet", "•", "", "Approve"),
        ("- Approve", "bullet", "•", "", "Approve"),
        ("- 1. Approve", "number", "1", "", "Approve"),
    ],
)
def test_the_number_of_an_item_is_split_off(text: str, kind: str, label: str, inner: str, words: str) -> None:
    assert split_marker(text) == (kind, label, inner, words)


@pytest.mark.parametrize(
    "text",
    ["A. Smith approves", "2.5% of the cost", "1.4m a year", "£5.7m", "2018 was dry", "e-mail", "I approve", "ab) no"],
)
def test_what_only_looks_like_a_number_stays(text: str) -> None:
    assert split_marker(text) == ("none", "", "", text)


@pytest.mark.parametrize(
    ("text", "phrase", "exact"),
    [
        ("Is there a Part 2 form - YES", "is there a part 2 form", True),
        ("Decision required – supporting report", "Decision required - supporting report", True),
        ("the Mayor’s Office", "the Mayor's Office", True),
        ("The above request has my approva1", "The above request has my approval", False),
        ("Executive Surnmary", "Executive Summary", False),
        ("Recornmendation", "Recommendation", False),
    ],
)
def test_a_phrase_is_found_in_other_letters_and_misread_ones_are_marked(text: str, phrase: str, *, exact: bool) -> None:
    found = find_phrase(text, phrase)
    assert found is not None
    assert found.is_exact is exact


@pytest.mark.parametrize(
    ("text", "phrase"), [("Subdecision", "Decision"), ("Part 21", "Part 2"), ("approved", "approve")]
)
def test_a_phrase_is_found_as_whole_words_alone(text: str, phrase: str) -> None:
    assert find_phrase(text, phrase) is None


def test_the_longest_of_several_phrases_at_one_place_counts() -> None:
    assert starts_with("The Mayor of London approves", ("The Mayor", "The Mayor of London")) == Found(
        0, 19, is_exact=True
    )
    assert find_first("by the Mayor of London", ("the Mayor", "the Mayor of London")) == Found(3, 22, is_exact=True)


def test_an_exact_phrase_counts_before_a_misread_one() -> None:
    assert find_first("n0te and note", ("note",)) == Found(9, 13, is_exact=True)
    assert find_first("n0te or approve", ("note", "approve")) == Found(8, 15, is_exact=True)


@pytest.mark.parametrize("text", ["Recommendation", "RECOMMENDATION:", "3. Recommendation", "Recommendation –"])
def test_a_heading_is_known_with_a_number_or_a_colon(text: str) -> None:
    assert match_heading(text, ("Recommendation",))


@pytest.mark.parametrize("text", ["Recommendation of the board", "The recommendation", "Recommendations"])
def test_a_longer_line_is_no_heading(text: str) -> None:
    assert match_heading(text, ("Recommendation",)) is None
