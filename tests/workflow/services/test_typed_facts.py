"""Facts as officers type them: each of its kind, and an error that never repeats what Part 2 holds."""

from __future__ import annotations

from datetime import date

import pytest

from rules.errors import InputError
from rules.values.facts import FactValue
from rules.values.money import Money, Vat
from tests.rules.manual_packs import manual_scheme
from workflow.cases.case import Case, ExemptFacts
from workflow.history.snapshots import CaseSnapshot
from workflow.services.typed_facts import parse_typed_facts, parse_typed_parts

SNAPSHOT = CaseSnapshot(
    Case("EPA-2024-1", "example", 1, "draft", date(2024, 3, 1), {"title": "A pond"}),
    ExemptFacts({"cost": Money(4_200_000, Vat.EXCLUDED)}),
    "head",
)


def parse(address: str, typed: str, *, in_part_2: bool = False) -> FactValue:
    [value] = parse_typed_facts(manual_scheme(), SNAPSHOT, {address: typed}, in_part_2=in_part_2).values()
    return value


def refusal(address: str, typed: str, *, in_part_2: bool = False) -> InputError:
    with pytest.raises(InputError) as refused:
        parse(address, typed, in_part_2=in_part_2)
    return refused.value


@pytest.mark.parametrize(
    ("address", "typed", "value"),
    [
        ("title", "  A pond ", "A pond"),
        ("cost", "£60,000 ex VAT", Money(6_000_000, Vat.EXCLUDED)),
        ("visits", "12", 12),
        ("urgent", "true", True),
        ("needed_by", "2024-05-01", date(2024, 5, 1)),
        ("work", "building", "building"),
        ("exemption:s8.section", "s8", "s8"),
    ],
)
@pytest.mark.parametrize("in_part_2", [False, True])
def test_a_value_is_parsed_by_the_kind_of_its_fact_in_both_parts(
    address: str, typed: str, value: FactValue, in_part_2: bool
) -> None:
    assert parse(address, typed, in_part_2=in_part_2) == value


WRONG = [
    ("cost", "42,001 pounds", "an amount, such as £1.4m or £181,302.50 ex VAT"),
    ("visits", "twelve", "a whole number"),
    ("urgent", "perhaps", "yes or no"),
    ("needed_by", "soon", "a day that exists, such as 16 April 2018"),
    ("work", "demolition", "one of planting, building"),
]


@pytest.mark.parametrize(("address", "typed", "expected"), WRONG)
def test_a_wrong_value_for_part_2_is_refused_without_being_repeated(address: str, typed: str, expected: str) -> None:
    refused = refusal(address, typed, in_part_2=True)
    assert str(refused) == f"{address}: this value, in Part 2, must be {expected}"
    assert typed not in refused.advice()


@pytest.mark.parametrize(("address", "typed", "_"), WRONG[1:])
def test_a_wrong_public_value_is_repeated_so_that_it_can_be_found(address: str, typed: str, _: str) -> None:
    refused = refusal(address, typed)
    assert str(refused).startswith(f"{address}: ")
    assert typed in str(refused)


def test_a_wrong_value_of_a_fact_that_part_2_holds_is_not_repeated_wherever_it_was_typed() -> None:
    almost = "£42,0001 ex VAT"
    assert almost in str(refusal_of_public_cost(almost))
    assert "42" not in str(refusal("cost", almost))


def refusal_of_public_cost(typed: str) -> InputError:
    public = CaseSnapshot(SNAPSHOT.case, ExemptFacts({}), "head")
    with pytest.raises(InputError) as refused:
        parse_typed_facts(manual_scheme(), public, {"cost": typed})
    return refused.value


@pytest.mark.parametrize("text", ["The pond costs", "", "£42", "exemption:.reason", "Costs"])
def test_text_of_part_2_with_an_equals_sign_in_it_is_not_taken_for_the_name_of_a_fact(text: str) -> None:
    refused = refusal(text, "£42,000", in_part_2=True)
    assert str(refused) == "an answer for Part 2 does not name a fact"
    assert refused.advice() == "Write title=VALUE, or exemption:s43.section=VALUE."


def test_a_fact_of_each_exemption_needs_the_key_of_one() -> None:
    assert "write exemption:KEY.reason" in str(refusal("exemption.reason", "It harms trade."))


def test_a_fact_that_nobody_declares_is_answered_with_the_nearest() -> None:
    assert refusal("titel", "A pond").advice() == "Did you mean title?"


def test_both_parts_are_parsed_apart() -> None:
    parts = parse_typed_parts(manual_scheme(), SNAPSHOT, {"visits": "1"}, {"local_visits": "2"})
    assert parts == ({"visits": 1}, {"local_visits": 2})
    with pytest.raises(InputError, match="in Part 2, must be a whole number"):
        parse_typed_parts(manual_scheme(), SNAPSHOT, {}, {"visits": "x"})


def test_all_faults_of_both_parts_are_listed_at_once_each_with_what_to_write() -> None:
    with pytest.raises(InputError) as refused:
        parse_typed_parts(
            manual_scheme(), SNAPSHOT, {"needed_by": "05/31/2024", "urgent": "maybe"}, {"visits": "£42,000"}
        )
    assert str(refused.value).split("\n") == [
        "3 answers cannot be taken:",
        (
            "  needed_by: '05/31/2024' is not a day: the day comes first, and there is no month 31. "
            "Write 31/05/2024 if you mean 31 May 2024."
        ),
        "  urgent: 'maybe' is neither yes nor no. Write yes or no.",
        "  visits: this value, in Part 2, must be a whole number.",
    ]
    assert refused.value.advice() == "Nothing was recorded."


def test_names_are_found_as_they_are_meant_and_given_once() -> None:
    facts = parse_typed_facts(manual_scheme(), SNAPSHOT, {"Visits": "1", "Needed-By": "1 May 2024"})
    assert facts == {"visits": 1, "needed_by": date(2024, 5, 1)}
    with pytest.raises(InputError, match="visits is given twice"):
        parse_typed_facts(manual_scheme(), SNAPSHOT, {"Visits": "1", "visits": "2"})


def test_a_subject_alone_is_answered_with_its_facts() -> None:
    refused = refusal("exemption:s8", "x")
    assert str(refused) == "exemption:s8 does not name a fact"
    assert refused.advice().startswith("Write exemption:s8.section, .reason, ")


@pytest.mark.parametrize("in_part_2", [False, True])
def test_a_choice_that_depends_on_another_is_answered_with_what_that_leaves(in_part_2: bool) -> None:
    with pytest.raises(InputError, match="hedge, tree") as refused:
        parse_typed_facts(manual_scheme(), SNAPSHOT, {"material": "x", "work": "planting"}, in_part_2=in_part_2)
    assert refused.value.advice() == "Choose hedge (Hedges) or tree (Trees)."


def test_what_only_part_2_holds_limits_no_choices_of_an_error() -> None:
    exempt = CaseSnapshot(SNAPSHOT.case, ExemptFacts({"work": "planting"}), "head")
    with pytest.raises(InputError, match="hedge, tree, brick, timber"):
        parse_typed_facts(manual_scheme(), exempt, {"material": "x"})
