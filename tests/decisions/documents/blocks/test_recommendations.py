"""Recommendations to one body stand in the order of their numbers and letters, and none is lost."""

from __future__ import annotations

from rules.values.facts import FactValue
from rules.values.passages import Item, Paragraph
from tests.decisions.cases import (
    DECIDED_FACTS,
    DECISION_FORM,
    OPENED_FACTS,
    case_at,
    document_view,
    public_paper_without,
)
from tests.decisions.documents.reading import recommendation_items


def items(*numbered: tuple[FactValue | None, str]) -> list[Item]:
    """Return the items of the form of a case with these recommendations, by number and letter, in the order given."""
    facts: dict[str, FactValue] = {**public_paper_without("recommendation:"), **DECIDED_FACTS}
    for place, (number, letter) in enumerate(numbered):
        subject = f"recommendation:r{len(numbered) - place}"
        facts |= {f"{subject}.body": "dmpc", f"{subject}.verb": "note", f"{subject}.text": f"item {place}"}
        facts |= {f"{subject}.number": number} if number is not None else {}
        facts |= {f"{subject}.letter": letter} if letter else {}
    return recommendation_items(document_view(DECISION_FORM, 1, case_at("publication", facts, {})))


def test_recommendations_stand_in_order_with_their_verbs() -> None:
    assert [(item.label, item.verb) for item in recommendation_items(document_view(DECISION_FORM, 1))] == [
        ("1.", "Approve"), ("a.", "Approve"), ("b.", "Note"), ("c.", "Approve"), ("d.", "Note"), ("e.", "Note"),
        ("2.", "Note"), ("3.", "Note"), ("4.", "Note"), ("5.", "Acknowledge"),
    ]  # fmt: skip


def test_ten_comes_after_nine_and_aa_after_z() -> None:
    in_any_order = items((10, ""), (9, ""), (9, "aa"), (9, "z"), (9, "b"))
    assert [item.label for item in in_any_order] == ["9.", "b.", "z.", "aa.", "10."]


def test_none_is_lost_if_two_have_one_number_or_one_has_none() -> None:
    irregular = items((2, ""), (2, ""), (None, ""), (3, "a"), (3, "b"))
    assert {f"item {place}" for place in range(5)} <= {item.text for item in irregular}
    assert [item.label for item in irregular] == ["", "2.", "2.", "3.", "a.", "b."]


def test_forty_recommendations_are_forty_items() -> None:
    reversed_ = items(*((number, "") for number in range(40, 0, -1)))
    assert [item.label for item in reversed_] == [f"{number}." for number in range(1, 41)]


def test_a_paper_without_recommendations_says_so() -> None:
    assert Paragraph("Not recorded.") in document_view(DECISION_FORM, 1, case_at("draft", OPENED_FACTS, {})).blocks
