"""Conditions: what each word means, in three truths, and the tests that decided."""

from datetime import date
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rules.language.conditions import (
    OPPOSITE,
    All,
    Any_,
    Condition,
    FactRef,
    Right,
    Settled,
    Term,
    Truth,
    Unsettled,
    ValueRef,
    deciding,
    expected,
    missing,
    negate,
    terms,
    truth,
    values_in,
)
from rules.values.facts import FactDeclaration, FactValue
from rules.values.money import Money, Vat
from tests.rules.pack_builders import ex, inc

TRUTHS: dict[str, Truth] = {"yes": True, "no": False, "unknown": None}
FLAGS: dict[str, FactValue] = {"yes": True, "no": False}
LEAVES = {name: Term(name, "is", True) for name in TRUTHS}
A, B, C = date(2018, 1, 1), date(2018, 1, 2), date(2018, 1, 3)
DECLARED = {
    "value": FactDeclaration(kind="money", label="Value"),
    "other": FactDeclaration(kind="money", label="Other"),
    "day": FactDeclaration(kind="day", label="Day"),
    "colour": FactDeclaration(kind="choice", label="Colour", choices={"red": "Bright red", "green": "Dark green"}),
}


def holds(word: str, left: FactValue | None, right: Right) -> Truth:
    facts: dict[str, FactValue] = {} if left is None else {"fact": left}
    return truth(Term("fact", word, right), facts)


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
    @pytest.mark.parametrize("values", [(1, 2, 3), (A, B, C), (ex(1), ex(2), ex(3)), (0, 10**14, 10**15)])
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
        term = Term("a", "at_least", FactRef("b"))
        assert truth(term, {"a": 2, "b": 2}) is True
        assert truth(term, {"a": 1, "b": 2}) is False
        assert [truth(term, facts) for facts in ({"a": 1}, {"b": 1}, {})] == [None, None, None]

    def test_a_settled_value(self) -> None:
        assert holds("at_least", 5, Settled(5, "limit")) is True
        assert holds("at_least", 4, Settled(5, "limit")) is False

    @pytest.mark.parametrize("right", [ValueRef("limit"), Unsettled("limit", ("day",))])
    def test_a_value_that_is_not_settled_is_unknown(self, right: Right) -> None:
        assert holds("at_least", 5, right) is None


class TestVat:
    @pytest.mark.parametrize("word", ["is", "is_not", "at_least", "less_than", "more_than", "at_most"])
    def test_amounts_on_two_bases_are_not_compared(self, word: str) -> None:
        assert holds(word, ex(5), inc(1)) is None
        assert holds(word, ex(5), Settled(inc(1), "limit")) is None
        assert truth(Term("a", word, FactRef("b", is_money=True)), {"a": ex(1), "b": inc(5)}) is None

    def test_an_amount_as_its_source_states_it_is_compared_with_any(self) -> None:
        limit = Settled(Money(500, Vat.UNSTATED), "limit")
        assert holds("at_least", ex(5), limit) is True
        assert holds("at_least", inc(4), limit) is False

    def test_bounds_are_compared_on_their_basis(self) -> None:
        assert holds("within", ex(5), (ex(1), ex(9))) is True
        assert holds("within", inc(5), (ex(1), ex(9))) is None
        assert holds("outside", inc(5), (ex(1), ex(9))) is None


class TestThreeTruths:
    """Kleene's tables: false settles `all`, true settles `any`, else what is unknown leaves it open."""

    @pytest.mark.parametrize(("left", "right"), list(product(TRUTHS, TRUTHS)))
    def test_all_and_any(self, left: str, right: str) -> None:
        both = [TRUTHS[left], TRUTHS[right]]
        parts = (LEAVES[left], LEAVES[right])
        assert truth(All(parts), FLAGS) is (False if False in both else None if None in both else True)
        assert truth(Any_(parts), FLAGS) is (True if True in both else None if None in both else False)

    @pytest.mark.parametrize("name", TRUTHS)
    def test_what_is_negated_stays_unknown(self, name: str) -> None:
        before = TRUTHS[name]
        assert truth(negate(LEAVES[name]), FLAGS) is (None if before is None else not before)

    def test_nothing_is_true_of_no_part_and_all_of_none(self) -> None:
        assert truth(All(()), {}) is True
        assert truth(Any_(()), {}) is False

    def test_every_word_has_an_opposite_that_leads_back(self) -> None:
        assert all(OPPOSITE[OPPOSITE[word]] == word != OPPOSITE[word] for word in OPPOSITE)


def conditions() -> st.SearchStrategy[Condition]:
    leaf: st.SearchStrategy[Condition] = st.sampled_from(
        [*LEAVES.values(), Term("yes", "known"), Term("unknown", "known"), Term("unknown", "not_known")]
    )
    return st.recursive(leaf, joined, max_leaves=12)


def joined(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    parts = st.lists(inner, max_size=3).map(tuple)
    return st.builds(All, parts) | st.builds(Any_, parts)


class TestLaws:
    @given(conditions())
    def test_a_negation_has_the_other_truth(self, condition: Condition) -> None:
        held = truth(condition, FLAGS)
        assert truth(negate(condition), FLAGS) is (None if held is None else not held)
        assert negate(negate(condition)) == condition

    @given(conditions())
    def test_the_deciding_tests_are_those_that_made_it_so(self, condition: Condition) -> None:
        held, decisive = truth(condition, FLAGS), deciding(condition, FLAGS)
        assert all(truth(term, FLAGS) is held for term in decisive)
        assume(not any(term.word in ("known", "not_known") for term in terms(condition)))
        looked_at = {fact for term in decisive for fact in term.facts()}
        assert truth(condition, {fact: FLAGS[fact] for fact in looked_at & FLAGS.keys()}) is held

    @given(conditions())
    def test_to_learn_more_never_turns_what_is_told(self, condition: Condition) -> None:
        told = [term for term in terms(condition) if term.word in ("known", "not_known")]
        before = truth(condition, FLAGS)
        for learnt in (True, False):
            after = truth(condition, {**FLAGS, "unknown": learnt})
            assert before is None or told or after is before


class TestTrace:
    def test_what_decides_is_what_has_the_outcome(self) -> None:
        yes, no, unknown = LEAVES.values()
        assert deciding(All((yes, no, unknown)), FLAGS) == (no,)
        assert deciding(All((yes, unknown)), FLAGS) == (unknown,)
        assert deciding(All((yes, yes)), FLAGS) == (yes,)
        assert deciding(Any_((yes, no, unknown)), FLAGS) == (yes,)
        assert deciding(Any_((no, All((unknown, no)))), FLAGS) == (no,)

    def test_what_is_missing_is_named(self) -> None:
        assert missing(Term("a", "is", 1), {}) == ("a",)
        assert missing(Term("a", "is", FactRef("b")), {}) == ("a", "b")
        assert missing(Term("a", "is", FactRef("b")), {"a": 1}) == ("b",)
        assert missing(Term("a", "is", FactRef("b")), {"b": 1}) == ("a",)
        assert missing(Term("a", "is", Unsettled("limit", ("day", "colour"))), {}) == ("a", "day", "colour")
        assert missing(Term("a", "is", Unsettled("limit")), {"a": 1}) == ("limit",)
        assert missing(Term("a", "known"), {}) == ()

    def test_a_basis_that_is_missing_is_named(self) -> None:
        assert missing(Term("a", "is", inc(5)), {"a": ex(5)}) == ("a including VAT",)
        assert missing(Term("a", "within", (inc(1), inc(5))), {"a": ex(5)}) == ("a including VAT",)
        assert missing(Term("a", "is", Settled(inc(5), "limit")), {"a": ex(5)}) == ("a including VAT",)

    def test_beside_another_fact_its_basis_is_not_told(self) -> None:
        both: dict[str, FactValue] = {"a": ex(5), "b": inc(5)}
        assert missing(Term("a", "is", FactRef("b", is_money=True)), both) == ("a on the VAT basis of b",)

    @pytest.mark.parametrize(
        ("term", "words"),
        [
            (Term("value", "at_least", ex(5)), "is at least £5 excluding VAT"),
            (Term("value", "less_than", Settled(ex(5), "limit")), "is less than £5 excluding VAT (limit)"),
            (Term("value", "reaches", ValueRef("limit")), "reaches limit"),
            (Term("value", "falls_short_of", Unsettled("limit")), "falls short of limit"),
            (Term("value", "more_than", FactRef("other")), "is more than other (£7 excluding VAT)"),
            (Term("value", "more_than", FactRef("unknown")), "is more than unknown"),
            (Term("value", "within", (ex(1), ex(9))), "is within £1 excluding VAT to £9 excluding VAT"),
            (Term("value", "outside", (ex(1), ex(9))), "is outside £1 excluding VAT to £9 excluding VAT"),
            (Term("day", "on_or_before", A), "is on or before 1 January 2018"),
            (Term("colour", "one_of", ("red", "green")), "is one of Bright red, Dark green"),
            (Term("colour", "none_of", ("red",)), "is none of Bright red"),
            (Term("colour", "is", "red"), "is Bright red"),
            (Term("colour", "is_not", "red"), "is not Bright red"),
            (Term("colour", "known"), "is known"),
            (Term("colour", "not_known"), "is not stated"),
        ],
    )
    def test_what_is_expected_is_said_in_words(self, term: Term, words: str) -> None:
        assert expected(term, DECLARED, {"other": ex(7)}) == words

    def test_every_word_can_be_said(self) -> None:
        for word in OPPOSITE:
            right: Right = (ex(1), ex(2)) if word in ("within", "outside", "one_of", "none_of") else ex(1)
            assert expected(Term("value", word, right), DECLARED, {})

    def test_the_values_of_a_condition_are_each_named_once(self) -> None:
        dated = Term("value", "reaches", ValueRef("limit"))
        assert values_in(All((dated, Any_((dated, Term("value", "is", ex(1))))))) == ("limit",)

    def test_two_unsettled_values_are_the_same_condition(self) -> None:
        assert Unsettled("limit", ("a",), "why") == Unsettled("limit")
        assert hash(Unsettled("limit", ("a",), "why")) == hash(Unsettled("limit"))
