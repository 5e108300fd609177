"""How conditions are written: the comparators of each kind of fact, their operands, and what is refused."""

from datetime import date

import pytest

from rules.language.condition_parser import MAX_ITEMS
from rules.language.conditions import AllOf, AnyOf, FactRef, Operand, Predicate, ValueRef
from tests.rules.pack_builders import ex_vat, parse_condition, parse_condition_with_faults

DAY = date(2018, 4, 16)
NUMBER_COMPARATORS = ("is", "is_not", "at_least", "more_than", "at_most", "less_than")
DAY_COMPARATORS = ("is", "is_not", "before", "on_or_before", "after", "on_or_after")
IS_URGENT = {"urgent": {"is": True}}


def only_fault(raw: object) -> str:
    """Return the only fault of a condition."""
    _, faults = parse_condition_with_faults(raw)
    assert len(faults) == 1, faults
    return faults[0]


class TestPredicates:
    @pytest.mark.parametrize(
        ("fact", "comparator", "raw", "operand"),
        [
            *[("value", comparator, "£5 ex VAT", ex_vat(5)) for comparator in NUMBER_COMPARATORS],
            *[("number", comparator, 5, 5) for comparator in NUMBER_COMPARATORS],
            *[("due", comparator, DAY, DAY) for comparator in DAY_COMPARATORS],
            ("value", "within", ["£1 ex VAT", "£5 ex VAT"], (ex_vat(1), ex_vat(5))),
            ("number", "within", [1, 1], (1, 1)),
            ("due", "within", [DAY, date(2018, 4, 17)], (DAY, date(2018, 4, 17))),
            ("colour", "is", "red", "red"),
            ("colour", "is_not", "red", "red"),
            ("colour", "one_of", ["red", "green"], ("red", "green")),
            ("colour", "none_of", ["red"], ("red",)),
            ("urgent", "is", True, True),
            ("urgent", "is_not", False, False),
            ("reason", "is", " words ", "words"),
            ("reason", "is_not", "words", "words"),
            ("number", "at_least", {"fact": "other"}, FactRef("other")),
            ("value", "at_least", {"fact": "budget"}, FactRef("budget", is_money=True)),
            ("value", "reaches", {"value": "limit"}, ValueRef("limit")),
            ("value", "falls_short_of", {"value": "limit"}, ValueRef("limit")),
            ("value", "more_than", {"value": "limit"}, ValueRef("limit")),
            ("colour", "is", {"value": "best"}, ValueRef("best")),
        ],
    )  # fmt: skip
    def test_a_predicate_is_a_fact_a_comparator_and_an_operand(
        self, fact: str, comparator: str, raw: object, operand: Operand
    ) -> None:
        assert parse_condition({fact: {comparator: raw}}) == Predicate(fact, comparator, operand)

    @pytest.mark.parametrize("fact", ["value", "number", "urgent", "due", "colour", "reason"])
    def test_known_can_be_used_with_every_kind(self, fact: str) -> None:
        assert parse_condition({fact: {"known": True}}) == Predicate(fact, "known")
        assert parse_condition({fact: {"known": False}}) == Predicate(fact, "not_known")

    @pytest.mark.parametrize(
        ("fact", "comparators"),
        [
            ("value", ("before", "one_of", "on_or_after", "outside", "not_known", "known_not")),
            ("number", ("before", "one_of")),
            ("due", ("at_least", "less_than", "one_of", "reaches")),
            ("colour", ("at_least", "within", "before")),
            ("urgent", ("at_least", "one_of", "within")),
            ("reason", ("one_of", "at_least", "contains")),
        ],
    )
    def test_a_comparator_of_another_kind_is_refused(self, fact: str, comparators: tuple[str, ...]) -> None:
        for comparator in comparators:
            assert only_fault({fact: {comparator: 1}}).startswith(
                f"requires.{fact}: {comparator} cannot be used with {fact}, which is of kind"
            )

    def test_known_takes_true_or_false(self) -> None:
        assert only_fault({"urgent": {"known": "yes"}}) == "requires.urgent.known: must be true or false"


class TestGroups:
    def test_groups_can_be_nested(self) -> None:
        urgent = Predicate("urgent", "is", operand=True)
        assert parse_condition({"all": [IS_URGENT, {"any": [IS_URGENT]}]}) == AllOf((urgent, AnyOf((urgent,))))

    def test_none_is_rewritten_as_negations(self) -> None:
        raw = {"none": [IS_URGENT, {"all": [IS_URGENT, {"number": {"at_least": 5}}]}]}
        not_urgent = Predicate("urgent", "is_not", operand=True)
        assert parse_condition(raw) == AllOf((not_urgent, AnyOf((not_urgent, Predicate("number", "less_than", 5)))))

    @pytest.mark.parametrize("parts", [[], [IS_URGENT] * (MAX_ITEMS + 1), IS_URGENT, "urgent", 1])
    @pytest.mark.parametrize("word", ["all", "any", "none"])
    def test_a_group_is_a_list_of_bounded_length(self, word: str, parts: object) -> None:
        assert only_fault({word: parts}) == f"requires.{word}: must be a list of 1 to {MAX_ITEMS} conditions"

    @pytest.mark.parametrize(
        "raw", [{}, {"urgent": {"is": True}, "agreed": {"is": True}}, [], [IS_URGENT], "urgent", True, 5, DAY]
    )
    def test_a_condition_has_one_key(self, raw: object) -> None:
        assert only_fault(raw) == "requires: must have one key: all, any, none, or the name of a fact"

    @pytest.mark.parametrize("raw", [{}, True, [], {"is": True, "known": True}, "is"])
    def test_a_predicate_has_one_comparison(self, raw: object) -> None:
        assert only_fault({"urgent": raw}) == "requires.urgent: must have one comparison, such as {is: true}"


class TestOperands:
    @pytest.mark.parametrize(
        ("raw", "message"),
        [
            ({"nobody": {"is": True}}, "nobody is a fact that nobody declares"),
            ({"number": {"is": {"fact": "nobody"}}}, "nobody is a fact that nobody declares"),
            ({"number": {"is": {"value": "nobody"}}}, "nobody is a value that nobody declares"),
            ({"number": {"is": {"fact": "value"}}}, "value is of kind money, not count"),
            ({"number": {"at_least": {"value": "limit"}}}, "limit is of kind money, not count"),
            ({"value": {"at_least": "£5"}}, "does not say whether it includes VAT"),
            ({"value": {"at_least": "£5 as stated"}}, "does not say whether it includes VAT"),
            ({"value": {"at_least": 500}}, "500 is not an amount"),
            ({"number": {"at_least": "5"}}, "'5' is not a whole number"),
            ({"number": {"at_least": -1}}, "is not a whole number from 0"),
            ({"number": {"is": True}}, "yes is not a whole number"),
            ({"urgent": {"is": "true"}}, "'true' is not true or false"),
            ({"due": {"before": "2018-04-16"}}, "is not a day"),
            ({"colour": {"is": "pink"}}, "'pink' is not one of red, green, blue"),
            ({"colour": {"one_of": ["red", "pink"]}}, "'pink' is not one of red, green, blue"),
            ({"colour": {"one_of": []}}, "must be a list of 1 to 24 values"),
            ({"colour": {"one_of": "red"}}, "must be a list of 1 to 24 values"),
            ({"colour": {"one_of": {"fact": "shade"}}}, "must be a list of 1 to 24 values"),
            ({"colour": {"one_of": ["red"] * 25}}, "must be a list of 1 to 24 values"),
            ({"number": {"within": [1]}}, "must be a list of two bounds, the lowest first"),
            ({"number": {"within": [1, 2, 3]}}, "must be a list of two bounds, the lowest first"),
            ({"number": {"within": [2, 1]}}, "must have the lower bound first"),
            ({"due": {"within": [date(2018, 4, 17), DAY]}}, "must have the lower bound first"),
            ({"value": {"within": ["£1 ex VAT", "£5 inc VAT"]}}, "must have both bounds on the same VAT basis"),
            ({"number": {"reaches": 5}}, "must be a dated value: {value: its.name}"),
            ({"number": {"reaches": {"fact": "other"}}}, "must be a dated value: {value: its.name}"),
            ({"number": {"reaches": {"value": "years"}}}, "some rows of years have no operator"),
            ({"number": {"is": {"fact": "other", "value": "years"}}}, "a mapping is not a whole number"),
            ({"number": {"is": {"fact": ["other"]}}}, "is a fact that nobody declares"),
            ({"number": {"is": {"value": {"a": "b"}}}}, "is a value that nobody declares"),
            ({"number": {"is": {"fact": 5}}}, "5 is a fact that nobody declares"),
            ({"number": {"is": [5]}}, "a list is not a whole number"),
            ({"reason": {"is": 5}}, "5 is not text"),
            ({"reason": {"is": ""}}, "the text is empty"),
        ],
    )  # fmt: skip
    def test_an_operand_that_does_not_fit_is_refused(self, raw: object, message: str) -> None:
        assert message in only_fault(raw)

    def test_every_fault_of_a_condition_is_reported_with_its_path(self) -> None:
        _, faults = parse_condition_with_faults(
            {"all": [{"nobody": {"is": True}}, {"any": [{"number": {"is": "x"}}, {"urgent": {"before": 1}}]}]}
        )
        assert [fault.split(": ")[0] for fault in faults] == [
            "requires.all.0.nobody",
            "requires.all.1.any.0.number.is",
            "requires.all.1.any.1.urgent",
        ]
