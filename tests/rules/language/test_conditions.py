"""Conditions: what each word means, in three truths, and the tests that decided."""

from datetime import date
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rules.language.conditions import (
    OPPOSITE,
    AllOf,
    AnyOf,
    Condition,
    FactRef,
    Operand,
    Predicate,
    ResolvedValue,
    Truth,
    UnresolvedValue,
    ValueRef,
    decisive_predicates,
    describe_expected,
    evaluate,
    missing_operands,
    negate,
    predicates_in,
    values_in,
)
from rules.values.facts import FactDeclaration, FactValue
from rules.values.money import Money, Vat
from tests.rules.pack_builders import ex_vat, inc_vat

TRUTHS: dict[str, Truth] = {"yes": True, "no": False, "unknown": None}
FLAGS: dict[str, FactValue] = {"yes": True, "no": False}
LEAVES = {name: Predicate(name, "is", True) for name in TRUTHS}
A, B, C = date(2018, 1, 1), date(2018, 1, 2), date(2018, 1, 3)
DECLARED = {
    "value": FactDeclaration(kind="money", label="Value"),
    "other": FactDeclaration(kind="money", label="Other"),
    "day": FactDeclaration(kind="day", label="Day"),
    "colour": FactDeclaration(kind="choice", label="Colour", choices={"red": "Bright red", "green": "Dark green"}),
}


def holds(word: str, left: FactValue | None, right: Operand) -> Truth:
    facts: dict[str, FactValue] = {} if left is None else {"fact": left}
    return evaluate(Predicate("fact", word, right), facts)


class TestWords:
    """Each word on both sides of its boundary, and on it."""

    @pytest.mark.parametrize(
        ("word", "less", "same", "more"),
        [
            ("is", False, True, False),
            ("is_not", True, False, True),
            ("at_least", False, True, True),
            ("more_than", False, False, True),
            ("at_most", True, True, False),
            ("less_than", True, False, False),
            ("on_or_after", False, True, True),
            ("after", False, False, True),
            ("on_or_before", True, True, False),
            ("before", True, False, False),
        ],
    )
    @pytest.mark.parametrize("values", [(1, 2, 3), (A, B, C), (ex_vat(1), ex_vat(2), ex_vat(3)), (0, 10**14, 10**15)])
    def test_order(
        self, word: str, less: bool, same: bool, more: bool, values: tuple[FactValue, FactValue, FactValue]
    ) -> None:
        low, middle, high = values
        assert [holds(word, left, middle) for left in (low, middle, high)] == [less, same, more]
        assert holds(word, None, middle) is None

    @pytest.mark.parametrize(("left", "within"), [(1, False), (2, True), (3, True), (4, True), (5, False)])
    def test_within_takes_both_bounds_in(self, left: int, within: bool) -> None:
        assert holds("within", left, (2, 4)) is within
        assert holds("outside", left, (2, 4)) is not within

    def test_one_of(self) -> None:
        assert holds("one_of", "a", ("a", "b")) is True
        assert holds("one_of", "c", ("a", "b")) is False
        assert holds("none_of", "a", ("a", "b")) is False
        assert holds("none_of", "c", ("a", "b")) is True
        assert holds("one_of", None, ("a",)) is None
        assert holds("none_of", None, ("a",)) is None

    def test_known_is_never_unknown(self) -> None:
        assert holds("known", "x", True) is True
        assert holds("known", False, True) is True
        assert holds("known", None, True) is False
        assert holds("not_known", "x", True) is False
        assert holds("not_known", None, True) is True

    @pytest.mark.parametrize("word", ["is", "is_not"])
    def test_texts_differ_by_a_letter(self, word: str) -> None:
        assert holds(word, "Straße", "Straße") is (word == "is")
        assert holds(word, "Straße", "Strasse") is (word == "is_not")


class TestRightSides:
    def test_another_fact(self) -> None:
        term = Predicate("a", "at_least", FactRef("b"))
        assert evaluate(term, {"a": 2, "b": 2}) is True
        assert evaluate(term, {"a": 1, "b": 2}) is False
        assert [evaluate(term, facts) for facts in ({"a": 1}, {"b": 1}, {})] == [None, None, None]

    def test_a_settled_value(self) -> None:
        assert holds("at_least", 5, ResolvedValue(5, "limit")) is True
        assert holds("at_least", 4, ResolvedValue(5, "limit")) is False

    @pytest.mark.parametrize("right", [ValueRef("limit"), UnresolvedValue("limit", ("day",))])
    def test_a_value_that_is_not_settled_is_unknown(self, right: Operand) -> None:
        assert holds("at_least", 5, right) is None


class TestVat:
    @pytest.mark.parametrize("word", ["is", "is_not", "at_least", "less_than", "more_than", "at_most"])
    def test_amounts_on_two_bases_are_not_compared(self, word: str) -> None:
        assert holds(word, ex_vat(5), inc_vat(1)) is None
        assert holds(word, ex_vat(5), ResolvedValue(inc_vat(1), "limit")) is None
        assert evaluate(Predicate("a", word, FactRef("b", is_money=True)), {"a": ex_vat(1), "b": inc_vat(5)}) is None

    def test_an_amount_as_its_source_states_it_is_compared_with_any(self) -> None:
        limit = ResolvedValue(Money(500, Vat.UNSTATED), "limit")
        assert holds("at_least", ex_vat(5), limit) is True
        assert holds("at_least", inc_vat(4), limit) is False

    def test_bounds_are_compared_on_their_basis(self) -> None:
        assert holds("within", ex_vat(5), (ex_vat(1), ex_vat(9))) is True
        assert holds("within", inc_vat(5), (ex_vat(1), ex_vat(9))) is None
        assert holds("outside", inc_vat(5), (ex_vat(1), ex_vat(9))) is None


class TestThreeTruths:
    """Kleene's tables: false settles `all`, true settles `any`, else what is unknown leaves it open."""

    @pytest.mark.parametrize(("left", "right"), list(product(TRUTHS, TRUTHS)))
    def test_all_and_any(self, left: str, right: str) -> None:
        both = [TRUTHS[left], TRUTHS[right]]
        parts = (LEAVES[left], LEAVES[right])
        assert evaluate(AllOf(parts), FLAGS) is (False if False in both else None if None in both else True)
        assert evaluate(AnyOf(parts), FLAGS) is (True if True in both else None if None in both else False)

    @pytest.mark.parametrize("name", TRUTHS)
    def test_what_is_negated_stays_unknown(self, name: str) -> None:
        before = TRUTHS[name]
        assert evaluate(negate(LEAVES[name]), FLAGS) is (None if before is None else not before)

    def test_nothing_is_true_of_no_part_and_all_of_none(self) -> None:
        assert evaluate(AllOf(()), {}) is True
        assert evaluate(AnyOf(()), {}) is False

    def test_every_word_has_an_opposite_that_leads_back(self) -> None:
        assert all(OPPOSITE[OPPOSITE[word]] == word != OPPOSITE[word] for word in OPPOSITE)


def conditions() -> st.SearchStrategy[Condition]:
    leaf: st.SearchStrategy[Condition] = st.sampled_from(
        [*LEAVES.values(), Predicate("yes", "known"), Predicate("unknown", "known"), Predicate("unknown", "not_known")]
    )
    return st.recursive(leaf, joined, max_leaves=12)


def joined(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    parts = st.lists(inner, max_size=3).map(tuple)
    return st.builds(AllOf, parts) | st.builds(AnyOf, parts)


class TestLaws:
    @given(conditions())
    def test_a_negation_has_the_other_truth(self, condition: Condition) -> None:
        held = evaluate(condition, FLAGS)
        assert evaluate(negate(condition), FLAGS) is (None if held is None else not held)
        assert negate(negate(condition)) == condition

    @given(conditions())
    def test_the_deciding_tests_are_those_that_made_it_so(self, condition: Condition) -> None:
        held, decisive = evaluate(condition, FLAGS), decisive_predicates(condition, FLAGS)
        assert all(evaluate(term, FLAGS) is held for term in decisive)
        assume(not any(term.comparator in ("known", "not_known") for term in predicates_in(condition)))
        looked_at = {fact for term in decisive for fact in term.fact_names()}
        assert evaluate(condition, {fact: FLAGS[fact] for fact in looked_at & FLAGS.keys()}) is held

    @given(conditions())
    def test_to_learn_more_never_turns_what_is_told(self, condition: Condition) -> None:
        told = [term for term in predicates_in(condition) if term.comparator in ("known", "not_known")]
        before = evaluate(condition, FLAGS)
        for learnt in (True, False):
            after = evaluate(condition, {**FLAGS, "unknown": learnt})
            assert before is None or told or after is before


class TestTrace:
    def test_what_decides_is_what_has_the_outcome(self) -> None:
        yes, no, unknown = LEAVES.values()
        assert decisive_predicates(AllOf((yes, no, unknown)), FLAGS) == (no,)
        assert decisive_predicates(AllOf((yes, unknown)), FLAGS) == (unknown,)
        assert decisive_predicates(AllOf((yes, yes)), FLAGS) == (yes,)
        assert decisive_predicates(AnyOf((yes, no, unknown)), FLAGS) == (yes,)
        assert decisive_predicates(AnyOf((no, AllOf((unknown, no)))), FLAGS) == (no,)

    def test_what_is_missing_is_named(self) -> None:
        assert missing_operands(Predicate("a", "is", 1), {}) == ("a",)
        assert missing_operands(Predicate("a", "is", FactRef("b")), {}) == ("a", "b")
        assert missing_operands(Predicate("a", "is", FactRef("b")), {"a": 1}) == ("b",)
        assert missing_operands(Predicate("a", "is", FactRef("b")), {"b": 1}) == ("a",)
        assert missing_operands(Predicate("a", "is", UnresolvedValue("limit", ("day", "colour"))), {}) == (
            "a",
            "day",
            "colour",
        )
        assert missing_operands(Predicate("a", "is", UnresolvedValue("limit")), {"a": 1}) == ("limit",)
        assert missing_operands(Predicate("a", "known"), {}) == ()

    def test_a_basis_that_is_missing_is_named(self) -> None:
        assert missing_operands(Predicate("a", "is", inc_vat(5)), {"a": ex_vat(5)}) == ("a including VAT",)
        assert missing_operands(Predicate("a", "within", (inc_vat(1), inc_vat(5))), {"a": ex_vat(5)}) == (
            "a including VAT",
        )
        assert missing_operands(Predicate("a", "is", ResolvedValue(inc_vat(5), "limit")), {"a": ex_vat(5)}) == (
            "a including VAT",
        )

    def test_beside_another_fact_its_basis_is_not_told(self) -> None:
        both: dict[str, FactValue] = {"a": ex_vat(5), "b": inc_vat(5)}
        assert missing_operands(Predicate("a", "is", FactRef("b", is_money=True)), both) == ("a on the VAT basis of b",)

    @pytest.mark.parametrize(
        ("term", "words"),
        [
            (Predicate("value", "at_least", ex_vat(5)), "is at least £5 excluding VAT"),
            (
                Predicate("value", "less_than", ResolvedValue(ex_vat(5), "limit")),
                "is less than £5 excluding VAT (limit)",
            ),
            (Predicate("value", "reaches", ValueRef("limit")), "reaches limit"),
            (Predicate("value", "falls_short_of", UnresolvedValue("limit")), "falls short of limit"),
            (Predicate("value", "more_than", FactRef("other")), "is more than other (£7 excluding VAT)"),
            (Predicate("value", "more_than", FactRef("unknown")), "is more than unknown"),
            (Predicate("value", "within", (ex_vat(1), ex_vat(9))), "is within £1 excluding VAT to £9 excluding VAT"),
            (Predicate("value", "outside", (ex_vat(1), ex_vat(9))), "is outside £1 excluding VAT to £9 excluding VAT"),
            (Predicate("day", "on_or_before", A), "is on or before 1 January 2018"),
            (Predicate("colour", "one_of", ("red", "green")), "is one of Bright red, Dark green"),
            (Predicate("colour", "none_of", ("red",)), "is none of Bright red"),
            (Predicate("colour", "is", "red"), "is Bright red"),
            (Predicate("colour", "is_not", "red"), "is not Bright red"),
            (Predicate("colour", "known"), "is known"),
            (Predicate("colour", "not_known"), "is not stated"),
        ],
    )
    def test_what_is_expected_is_said_in_words(self, term: Predicate, words: str) -> None:
        assert describe_expected(term, DECLARED, {"other": ex_vat(7)}) == words

    def test_every_word_can_be_said(self) -> None:
        for word in OPPOSITE:
            right: Operand = (ex_vat(1), ex_vat(2)) if word in ("within", "outside", "one_of", "none_of") else ex_vat(1)
            assert describe_expected(Predicate("value", word, right), DECLARED, {})

    def test_the_values_of_a_condition_are_each_named_once(self) -> None:
        dated = Predicate("value", "reaches", ValueRef("limit"))
        assert values_in(AllOf((dated, AnyOf((dated, Predicate("value", "is", ex_vat(1))))))) == ("limit",)

    def test_two_unsettled_values_are_the_same_condition(self) -> None:
        assert UnresolvedValue("limit", ("a",), "why") == UnresolvedValue("limit")
        assert hash(UnresolvedValue("limit", ("a",), "why")) == hash(UnresolvedValue("limit"))
