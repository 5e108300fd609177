"""The value of a matter comes from the words before an amount, is always checked, and is never another decision's."""

from __future__ import annotations

import pytest

from rules.values.money import Money, Vat
from tests.decisions.intake.reading import form, propose_lines, values

PAGE = form("mopac", "page_2016")
HEAD = ("A title", "Reference code: PCD 5", "Executive summary")


def value_in(*lines: str) -> tuple[object, str]:
    proposal = propose_lines(PAGE, *HEAD, *lines)
    [found] = [fact for fact in proposal.facts if fact.address == "estimated_value"]
    return found.value, found.check


def test_one_amount_is_checked_because_it_may_not_be_the_whole() -> None:
    assert value_in("A contract in the sum of £5 ex VAT.") == (
        Money(500, Vat.EXCLUDED),
        "it may not be the whole value",
    )


def test_a_recommendation_counts_before_the_summary() -> None:
    lines = ("Work at a cost of £5.", "Recommendation", "The DMPC is asked to approve work at a cost of £7.")
    value, check = value_in(*lines)
    assert value == Money(700, Vat.UNSTATED)
    assert check == "other amounts stand after such words: £5"


def test_the_same_amount_twice_is_one() -> None:
    lines = ("Work at a cost of £7.", "Recommendation", "The DMPC is asked to approve work at a cost of £7.")
    assert value_in(*lines)[1] == "it may not be the whole value"


@pytest.mark.parametrize(
    "line",
    [
        "Under PCD 4 the work was approved at a cost of £5.",
        "This follows work at a cost of £5, as PCD 4 approved.",
        "There are costs of £5.",
    ],
)
def test_an_amount_of_another_decision_or_of_nothing_named_is_only_listed(line: str) -> None:
    proposal = propose_lines(PAGE, *HEAD, line)
    assert "estimated_value" not in values(proposal)
    assert [amount.value for amount in proposal.amounts] == [Money(500, Vat.UNSTATED)]


def test_the_next_sentence_may_cite_another_decision() -> None:
    assert value_in("Work at a cost of £5. It follows PCD 4.")[0] == Money(500, Vat.UNSTATED)


def test_a_sentence_may_name_the_decision_itself() -> None:
    assert value_in("PCD 5 approves work at a cost of £5.")[0] == Money(500, Vat.UNSTATED)
