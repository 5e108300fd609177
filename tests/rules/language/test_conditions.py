"""Conditions: the meaning of each comparator, three-valued truth, and the predicates that decide."""

from datetime import date
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rules.language.condition_phrases import describe_expected, missing_operands
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
    evaluate,
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
EARLY, MIDDLE, LATE = date(2018, 1, 1), date(2018, 1, 2), date(2018, 1, 3)
DECLARED = {
    "value": FactDeclaration(kind="money", label="Value"),
    "other": FactDeclaration(kind="money", label="Other"),
    "day": FactDeclaration(kind="day", label="Day"),
    "colour": FactDeclaration(kind="choice", label="Colour", choices={"red": "Bright red", "green": "Dark green"}),
}


def compare(comparator: str, left: FactValue | None, right: Operand) -> Truth:
    facts: dict[str, FactValue] = {} if left is None else {"fact": left}
    return evaluate(Predicate("fact", comparator, right), facts)


class TestComparators:
    """Each comparator is tried on its boundary and on both sides of it."""

    @pytest.mark.parametrize(
        ("comparator", "less", "same", "more"),
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
    @pytest.mark.parametrize(
        "values", [(1, 2, 3), (EARLY, MIDDLE, LATE), (ex_vat(1), ex_vat(2), ex_vat(3)), (0, 10**14, 10**15)]
    )
    def test_each_comparator_orders_values(
        self, comparator: str, less: bool, same: bool, more: bool, values: tuple[FactValue, FactValue, FactValue]
    ) -> None:
        low, middle, high = values
        assert [compare(comparator, left, middle) for left in (low, middle, high)] == [less, same, more]
        assert compare(comparator, None, middle) is None

    @pytest.mark.parametrize(("left", "within"), [(1, False), (2, True), (3, True), (4, True), (5, False)])
    def test_within_includes_both_bounds(self, left: int, within: bool) -> None:
        assert compare("within", left, (2, 4)) is within
        assert compare("outside", left, (2, 4)) is not within

    def test_one_of_and_none_of(self) -> None:
        assert compare("one_of", "a", ("a", "b")) is True
        assert compare("one_of", "c", ("a", "b")) is False
        assert compare("none_of", "a", ("a", "b")) is False
        assert compare("none_of", "c", ("a", "b")) is True
        assert compare("one_of", None, ("a",)) is None
        assert compare("none_of", None, ("a",)) is None

    def test_known_is_always_true_or_false(self) -> None:
        assert compare("known", "x", True) is True
        assert compare("known", False, True) is True
        assert compare("known", None, True) is False
        assert compare("not_known", "x", True) is False
        assert compare("not_known", None, True) is True

    @pytest.mark.parametrize("comparator", ["is", "is_not"])
    def test_texts_are_compared_exactly(self, comparator: str) -> None:
        assert compare(comparator, "Straße", "Straße") is (comparator == "is")
        assert compare(comparator, "Straße", "Strasse") is (comparator == "is_not")


class TestOperands:
    def test_an_operand_can_be_another_fact(self) -> None:
        predicate = Predicate("a", "at_least", FactRef("b"))
        assert evaluate(predicate, {"a": 2, "b": 2}) is True
        assert evaluate(predicate, {"a": 1, "b": 2}) is False
        assert [evaluate(predicate, facts) for facts in ({"a": 1}, {"b": 1}, {})] == [None, None, None]

    def test_an_operand_can_be_a_resolved_value(self) -> None:
        assert compare("at_least", 5, ResolvedValue(5, "limit")) is True
        assert compare("at_least", 4, ResolvedValue(5, "limit")) is False

    @pytest.mark.parametrize("right", [ValueRef("limit"), UnresolvedValue("limit", ("day",))])
    def test_a_value_that_is_not_resolved_is_unknown(self, right: Operand) -> None:
        assert compare("at_least", 5, right) is None


class TestVat:
    @pytest.mark.parametrize("comparator", ["is", "is_not", "at_least", "less_than", "more_than", "at_most"])
    def test_amounts_on_two_vat_bases_are_not_compared(self, comparator: str) -> None:
        assert compare(comparator, ex_vat(5), inc_vat(1)) is None
        assert compare(comparator, ex_vat(5), ResolvedValue(inc_vat(1), "limit")) is None
        assert (
            evaluate(Predicate("a", comparator, FactRef("b", is_money=True)), {"a": ex_vat(1), "b": inc_vat(5)}) is None
        )

    def test_an_amount_as_stated_is_compared_with_any(self) -> None:
        limit = ResolvedValue(Money(500, Vat.UNSTATED), "limit")
        assert compare("at_least", ex_vat(5), limit) is True
        assert compare("at_least", inc_vat(4), limit) is False

    def test_bounds_are_compared_on_their_vat_basis(self) -> None:
        assert compare("within", ex_vat(5), (ex_vat(1), ex_vat(9))) is True
        assert compare("within", inc_vat(5), (ex_vat(1), ex_vat(9))) is None
        assert compare("outside", inc_vat(5), (ex_vat(1), ex_vat(9))) is None


class TestThreeValuedTruth:
    """Kleene's tables: false decides `all`, true decides `any`, else an unknown part leaves it unknown."""

    @pytest.mark.parametrize(("left", "right"), list(product(TRUTHS, TRUTHS)))
    def test_all_and_any_follow_the_tables(self, left: str, right: str) -> None:
        both = [TRUTHS[left], TRUTHS[right]]
        parts = (LEAVES[left], LEAVES[right])
        assert evaluate(AllOf(parts), FLAGS) is (False if False in both else None if None in both else True)
        assert evaluate(AnyOf(parts), FLAGS) is (True if True in both else None if None in both else False)

    @pytest.mark.parametrize("name", TRUTHS)
    def test_the_negation_of_unknown_is_unknown(self, name: str) -> None:
        truth = TRUTHS[name]
        assert evaluate(negate(LEAVES[name]), FLAGS) is (None if truth is None else not truth)

    def test_all_of_nothing_is_true_and_any_of_nothing_is_false(self) -> None:
        assert evaluate(AllOf(()), {}) is True
        assert evaluate(AnyOf(()), {}) is False

    def test_every_comparator_is_the_opposite_of_its_opposite(self) -> None:
        assert all(OPPOSITE[OPPOSITE[comparator]] == comparator != OPPOSITE[comparator] for comparator in OPPOSITE)


def depends_on_knowledge(predicate: Predicate) -> bool:
    """Return whether a predicate depends on a fact being known, so that it is never unknown."""
    return predicate.comparator in ("known", "not_known")


def conditions() -> st.SearchStrategy[Condition]:
    leaf: st.SearchStrategy[Condition] = st.sampled_from(
        [*LEAVES.values(), Predicate("yes", "known"), Predicate("unknown", "known"), Predicate("unknown", "not_known")]
    )
    return st.recursive(leaf, groups, max_leaves=12)


def groups(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    parts = st.lists(inner, max_size=3).map(tuple)
    return st.builds(AllOf, parts) | st.builds(AnyOf, parts)


class TestProperties:
    @given(conditions())
    def test_a_negation_has_the_opposite_truth(self, condition: Condition) -> None:
        truth = evaluate(condition, FLAGS)
        assert evaluate(negate(condition), FLAGS) is (None if truth is None else not truth)
        assert negate(negate(condition)) == condition

    @given(conditions())
    def test_the_decisive_predicates_alone_decide_the_condition(self, condition: Condition) -> None:
        truth, decisive = evaluate(condition, FLAGS), decisive_predicates(condition, FLAGS)
        assert all(evaluate(predicate, FLAGS) is truth for predicate in decisive)
        assume(not any(depends_on_knowledge(predicate) for predicate in predicates_in(condition)))
        decisive_facts = {fact for predicate in decisive for fact in predicate.fact_names()}
        assert evaluate(condition, {fact: FLAGS[fact] for fact in decisive_facts & FLAGS.keys()}) is truth

    @given(conditions())
    def test_a_further_fact_never_changes_a_known_truth(self, condition: Condition) -> None:
        uses_known = any(depends_on_knowledge(predicate) for predicate in predicates_in(condition))
        before = evaluate(condition, FLAGS)
        for value in (True, False):
            after = evaluate(condition, {**FLAGS, "unknown": value})
            assert before is None or uses_known or after is before


class TestTrace:
    def test_decisive_predicates_have_the_outcome_of_the_condition(self) -> None:
        yes, no, unknown = LEAVES.values()
        assert decisive_predicates(AllOf((yes, no, unknown)), FLAGS) == (no,)
        assert decisive_predicates(AllOf((yes, unknown)), FLAGS) == (unknown,)
        assert decisive_predicates(AllOf((yes, yes)), FLAGS) == (yes,)
        assert decisive_predicates(AnyOf((yes, no, unknown)), FLAGS) == (yes,)
        assert decisive_predicates(AnyOf((no, AllOf((unknown, no)))), FLAGS) == (no,)

    def test_missing_facts_and_values_are_named(self) -> None:
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

    def test_a_missing_vat_basis_is_named(self) -> None:
        assert missing_operands(Predicate("a", "is", inc_vat(5)), {"a": ex_vat(5)}) == ("a including VAT",)
        assert missing_operands(Predicate("a", "within", (inc_vat(1), inc_vat(5))), {"a": ex_vat(5)}) == (
            "a including VAT",
        )
        assert missing_operands(Predicate("a", "is", ResolvedValue(inc_vat(5), "limit")), {"a": ex_vat(5)}) == (
            "a including VAT",
        )

    def test_the_vat_basis_of_another_fact_is_not_disclosed(self) -> None:
        both: dict[str, FactValue] = {"a": ex_vat(5), "b": inc_vat(5)}
        assert missing_operands(Predicate("a", "is", FactRef("b", is_money=True)), both) == ("a on the VAT basis of b",)

    @pytest.mark.parametrize(
        ("predicate", "words"),
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
            (Predicate("day", "on_or_before", EARLY), "is on or before 1 January 2018"),
            (Predicate("colour", "one_of", ("red", "green")), "is one of Bright red, Dark green"),
            (Predicate("colour", "none_of", ("red",)), "is none of Bright red"),
            (Predicate("colour", "is", "red"), "is Bright red"),
            (Predicate("colour", "is_not", "red"), "is not Bright red"),
            (Predicate("colour", "known"), "is known"),
            (Predicate("colour", "not_known"), "is not stated"),
        ],
    )
    def test_the_expected_value_is_described_in_words(self, predicate: Predicate, words: str) -> None:
        assert describe_expected(predicate, DECLARED, {"other": ex_vat(7)}) == words

    def test_every_comparator_can_be_described(self) -> None:
        for comparator in OPPOSITE:
            takes_list = comparator in ("within", "outside", "one_of", "none_of")
            operand: Operand = (ex_vat(1), ex_vat(2)) if takes_list else ex_vat(1)
            assert describe_expected(Predicate("value", comparator, operand), DECLARED, {})

    def test_each_value_of_a_condition_is_listed_once(self) -> None:
        dated = Predicate("value", "reaches", ValueRef("limit"))
        assert values_in(AllOf((dated, AnyOf((dated, Predicate("value", "is", ex_vat(1))))))) == ("limit",)

    def test_two_unresolved_values_of_one_name_are_the_same_condition(self) -> None:
        assert UnresolvedValue("limit", ("a",), "why") == UnresolvedValue("limit")
        assert hash(UnresolvedValue("limit", ("a",), "why")) == hash(UnresolvedValue("limit"))
