"""How conditions are written: which words each kind of fact takes, what stands on the right, and what is refused."""

from datetime import date

import pytest

from rules.language.condition_parser import MAX_ITEMS
from rules.language.conditions import AllOf, AnyOf, FactRef, Operand, Predicate, ValueRef
from tests.rules.pack_builders import ex_vat, parse_condition, parse_condition_with_faults

DAY = date(2018, 4, 16)
FOR_NUMBERS = ("is", "is_not", "at_least", "more_than", "at_most", "less_than")
ONE = {"urgent": {"is": True}}


def fault(written: object) -> str:
    """The one fault of a condition."""
    _, faults = parse_condition_with_faults(written)
    assert len(faults) == 1, faults
    return faults[0]


class TestTests:
    @pytest.mark.parametrize(
        ("fact", "word", "written", "right"),
        [
            *[("value", word, "£5 ex VAT", ex_vat(5)) for word in FOR_NUMBERS],
            *[("number", word, 5, 5) for word in FOR_NUMBERS],
            *[("due", word, DAY, DAY) for word in ("is", "is_not", "before", "on_or_before", "after", "on_or_after")],
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
    def test_a_test_is_a_fact_a_word_and_a_right_side(
        self, fact: str, word: str, written: object, right: Operand
    ) -> None:
        assert parse_condition({fact: {word: written}}) == Predicate(fact, word, right)

    @pytest.mark.parametrize("fact", ["value", "number", "urgent", "due", "colour", "reason"])
    def test_every_kind_may_be_asked_whether_it_is_known(self, fact: str) -> None:
        assert parse_condition({fact: {"known": True}}) == Predicate(fact, "known")
        assert parse_condition({fact: {"known": False}}) == Predicate(fact, "not_known")

    @pytest.mark.parametrize(
        ("fact", "words"),
        [
            ("value", ("before", "one_of", "on_or_after", "outside", "not_known", "known_not")),
            ("number", ("before", "one_of")),
            ("due", ("at_least", "less_than", "one_of", "reaches")),
            ("colour", ("at_least", "within", "before")),
            ("urgent", ("at_least", "one_of", "within")),
            ("reason", ("one_of", "at_least", "contains")),
        ],
    )
    def test_a_word_that_the_kind_does_not_take_is_refused(self, fact: str, words: tuple[str, ...]) -> None:
        for word in words:
            assert fault({fact: {word: 1}}).startswith(
                f"requires.{fact}: {word} cannot be asked of {fact}, which is of kind"
            )

    def test_known_takes_true_or_false(self) -> None:
        assert "known cannot be asked" in fault({"urgent": {"known": "yes"}})


class TestJoining:
    def test_all_any_and_none_are_nested(self) -> None:
        urgent = Predicate("urgent", "is", operand=True)
        assert parse_condition({"all": [ONE, {"any": [ONE]}]}) == AllOf((urgent, AnyOf((urgent,))))

    def test_none_is_written_away(self) -> None:
        written = {"none": [ONE, {"all": [ONE, {"number": {"at_least": 5}}]}]}
        calm = Predicate("urgent", "is_not", operand=True)
        assert parse_condition(written) == AllOf((calm, AnyOf((calm, Predicate("number", "less_than", 5)))))

    @pytest.mark.parametrize("parts", [[], [ONE] * (MAX_ITEMS + 1), ONE, "urgent", 1])
    @pytest.mark.parametrize("word", ["all", "any", "none"])
    def test_they_join_a_list_of_bounded_length(self, word: str, parts: object) -> None:
        assert fault({word: parts}) == f"requires.{word}: must be a list of 1 to {MAX_ITEMS} conditions"

    @pytest.mark.parametrize(
        "written", [{}, {"urgent": {"is": True}, "agreed": {"is": True}}, [], [ONE], "urgent", True, 5, DAY]
    )
    def test_a_condition_has_one_key(self, written: object) -> None:
        assert fault(written) == "requires: must have one key: all, any, none, or the name of a fact"

    @pytest.mark.parametrize("written", [{}, True, [], {"is": True, "known": True}, "is"])
    def test_a_test_has_one_word(self, written: object) -> None:
        assert (
            fault({"urgent": written}) == "requires.urgent: must have one word and its right side, such as {is: true}"
        )


class TestRightSides:
    @pytest.mark.parametrize(
        ("written", "words"),
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
            ({"number": {"within": [1]}}, "must be a list of the lowest and the highest"),
            ({"number": {"within": [1, 2, 3]}}, "must be a list of the lowest and the highest"),
            ({"number": {"within": [2, 1]}}, "must have its lowest before its highest"),
            ({"due": {"within": [date(2018, 4, 17), DAY]}}, "must have its lowest before its highest"),
            ({"value": {"within": ["£1 ex VAT", "£5 inc VAT"]}}, "its lowest and its highest on the same VAT basis"),
            ({"number": {"reaches": 5}}, "must be a dated value: {value: its.name}"),
            ({"number": {"reaches": {"fact": "other"}}}, "must be a dated value: {value: its.name}"),
            ({"number": {"reaches": {"value": "years"}}}, "years carries no operator in some of its rows"),
            ({"number": {"is": {"fact": "other", "value": "years"}}}, "a mapping is not a whole number"),
            ({"number": {"is": {"fact": ["other"]}}}, "is a fact that nobody declares"),
            ({"number": {"is": {"value": {"a": "b"}}}}, "is a value that nobody declares"),
            ({"number": {"is": {"fact": 5}}}, "5 is a fact that nobody declares"),
            ({"number": {"is": [5]}}, "a list is not a whole number"),
            ({"reason": {"is": 5}}, "5 is not text"),
            ({"reason": {"is": ""}}, "the text is empty"),
        ],
    )  # fmt: skip
    def test_what_does_not_fit_is_refused(self, written: object, words: str) -> None:
        assert words in fault(written)

    def test_every_fault_of_a_condition_is_told_at_its_place(self) -> None:
        _, faults = parse_condition_with_faults(
            {"all": [{"nobody": {"is": True}}, {"any": [{"number": {"is": "x"}}, {"urgent": {"before": 1}}]}]}
        )
        assert [one.split(": ")[0] for one in faults] == [
            "requires.all.0.nobody",
            "requires.all.1.any.0.number.is",
            "requires.all.1.any.1.urgent",
        ]
