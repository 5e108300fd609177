"""The durable-rules adapter agrees with the plain evaluator, and keeps clear of the library's faults."""

import copy
import gc
import threading
import tracemalloc
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias, cast

import orjson
import pytest
from durable.engine import durable_rules_engine
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import EngineError
from rules.judging import durable_adapter, rule_compiler
from rules.judging.durable_adapter import durable_outcomes
from rules.judging.judge import plain_outcome
from rules.judging.resolved_control import ResolvedControl
from rules.language.conditions import (
    AllOf,
    AnyOf,
    Condition,
    FactRef,
    Operand,
    Predicate,
    ResolvedValue,
    UnresolvedValue,
    ValueRef,
)
from rules.language.schema_types import Outcome
from rules.values.facts import FactValue
from rules.values.money import Money, Vat
from tests.rules.pack_builders import ex_vat, inc_vat

Facts: TypeAlias = Mapping[str, FactValue]
ALWAYS = AllOf(())
DAY = date(2018, 4, 16)


def control(requires: Condition, applies: Condition = ALWAYS, name: str = "a.b") -> ResolvedControl:
    return ResolvedControl(name, applies, requires)


def judge(requires: Condition, facts: Facts, applies: Condition = ALWAYS) -> Outcome:
    """The outcome by durable-rules, which must be that of the plain evaluator."""
    resolved = control(requires, applies)
    outcomes = durable_outcomes((resolved,), facts)
    assert outcomes == {"a.b": plain_outcome(resolved, facts)}
    return outcomes["a.b"]


def plain_outcomes(controls: Iterable[ResolvedControl], facts: Facts) -> dict[str, Outcome]:
    """The outcome of each control by the plain evaluator."""
    return {resolved.id: plain_outcome(resolved, facts) for resolved in controls}


def compare(comparator: str, left: FactValue | None, right: Operand) -> Outcome:
    """The outcome of one comparison, by both evaluators."""
    return judge(Predicate("fact", comparator, right), {} if left is None else {"fact": left})


def resident_megabytes() -> float:
    """The memory that this process holds."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096 / 1e6


class TestComparators:
    @pytest.mark.parametrize("comparator", ["is", "is_not", "at_least", "more_than", "at_most", "less_than"])
    @pytest.mark.parametrize(
        ("left", "right"),
        [(4, 5), (5, 5), (6, 5), (ex_vat(4), ex_vat(5)), (ex_vat(5), ex_vat(5)), (ex_vat(6), ex_vat(5)), (0, 0)],
    )
    def test_numbers_and_amounts(self, comparator: str, left: FactValue, right: FactValue) -> None:
        assert compare(comparator, left, right) in ("satisfied", "breached")
        assert compare(comparator, None, right) == "undetermined"

    @pytest.mark.parametrize("comparator", ["is", "is_not", "before", "on_or_before", "after", "on_or_after"])
    @pytest.mark.parametrize("left", [date(2018, 4, 15), DAY, date(2018, 4, 17), date(1900, 1, 1), date(2200, 12, 31)])
    def test_days(self, comparator: str, left: date) -> None:
        assert compare(comparator, left, DAY) in ("satisfied", "breached")

    @pytest.mark.parametrize("comparator", ["is", "is_not"])
    @pytest.mark.parametrize("left", [True, False, None])
    @pytest.mark.parametrize("right", [True, False])
    def test_flags(self, comparator: str, left: bool | None, right: bool) -> None:
        assert compare(comparator, left, right) == (
            "undetermined" if left is None else "satisfied" if (left is right) is (comparator == "is") else "breached"
        )

    @pytest.mark.parametrize("comparator", ["one_of", "none_of"])
    @pytest.mark.parametrize("left", ["red", "green", "blue", None])
    def test_choices(self, comparator: str, left: str | None) -> None:
        assert compare(comparator, left, ("red", "green")) == (
            "undetermined"
            if left is None
            else "satisfied"
            if (left != "blue") is (comparator == "one_of")
            else "breached"
        )

    @pytest.mark.parametrize("comparator", ["within", "outside"])
    @pytest.mark.parametrize("left", [1, 2, 3, 4, 5, None])
    def test_bounds(self, comparator: str, left: int | None) -> None:
        compare(comparator, left, (2, 4))

    @pytest.mark.parametrize("comparator", ["known", "not_known"])
    @pytest.mark.parametrize("left", [0, False, "x", DAY, ex_vat(0), None])
    def test_presence_is_never_unknown(self, comparator: str, left: FactValue | None) -> None:
        assert compare(comparator, left, right=True) == (
            "satisfied" if (left is not None) is (comparator == "known") else "breached"
        )

    @pytest.mark.parametrize("left", [4, 5, 6, None])
    def test_resolved_values(self, left: int | None) -> None:
        compare("at_least", left, ResolvedValue(5, "limit"))

    @pytest.mark.parametrize("right", [ValueRef("limit"), UnresolvedValue("limit", ("day",))])
    def test_an_unresolved_value_is_unknown(self, right: Operand) -> None:
        assert compare("at_least", 5, right) == "undetermined"


class TestTwoFacts:
    """durable-rules finds every comparison with a missing field true, so the adapter first tests that it is known."""

    PAIRS: tuple[tuple[FactValue, FactValue], ...] = ((1, 2), (2, 2), (3, 2))

    @pytest.mark.parametrize("comparator", ["is", "is_not", "at_least", "more_than", "at_most", "less_than"])
    @pytest.mark.parametrize(
        "pair",
        [
            *PAIRS,
            (DAY, date(2018, 4, 17)),
            (DAY, DAY),
            ("red", "blue"),
            ("red", "red"),
            (True, False),
            (True, True),
            (False, False),
        ],
    )
    def test_any_two_values_of_one_kind_are_compared(self, comparator: str, pair: tuple[FactValue, FactValue]) -> None:
        if comparator in ("is", "is_not") or not isinstance(pair[0], (bool, str)):
            assert judge(Predicate("a", comparator, FactRef("b")), {"a": pair[0], "b": pair[1]}) in (
                "satisfied",
                "breached",
            )

    @pytest.mark.parametrize("comparator", ["is", "is_not", "at_least", "more_than", "at_most", "less_than"])
    @pytest.mark.parametrize("facts", [{}, {"a": 1}, {"b": 1}])
    def test_the_outcome_is_unknown_where_either_fact_is_missing(self, comparator: str, facts: Facts) -> None:
        assert judge(Predicate("a", comparator, FactRef("b")), facts) == "undetermined"

    @pytest.mark.parametrize("comparator", ["is", "is_not", "at_least", "more_than", "at_most", "less_than"])
    def test_amounts_are_compared_only_on_the_same_vat_basis(self, comparator: str) -> None:
        both = Predicate("a", comparator, FactRef("b", is_money=True))
        for facts in ({"a": ex_vat(1), "b": ex_vat(2)}, {"a": inc_vat(2), "b": inc_vat(2)}):
            assert judge(both, facts) in ("satisfied", "breached")
        for facts in ({"a": ex_vat(1), "b": inc_vat(2)}, {"a": ex_vat(1)}, {"b": inc_vat(1)}, {}):
            assert judge(both, facts) == "undetermined"

    def test_amounts_as_stated_are_compared_with_each_other_alone(self) -> None:
        stated = Money(500, Vat.UNSTATED)
        both = Predicate("a", "at_least", FactRef("b", is_money=True))
        assert judge(both, {"a": stated, "b": stated}) == "satisfied"
        for other in (ex_vat(5), inc_vat(5)):
            assert judge(both, {"a": stated, "b": other}) == "undetermined"
            assert judge(both, {"a": other, "b": stated}) == "undetermined"


class TestVat:
    @pytest.mark.parametrize("left", [ex_vat(5), inc_vat(5)])
    @pytest.mark.parametrize("right", [ex_vat(5), inc_vat(5), Money(500, Vat.UNSTATED), ex_vat(6), inc_vat(4)])
    @pytest.mark.parametrize("comparator", ["is", "is_not", "at_least", "less_than"])
    def test_a_figure_is_compared_on_its_own_basis(self, left: Money, right: Money, comparator: str) -> None:
        outcome = compare(comparator, left, ResolvedValue(right, "limit"))
        assert (outcome == "undetermined") is not left.is_comparable_with(right)

    @pytest.mark.parametrize("comparator", ["is", "is_not", "at_least", "more_than", "at_most", "less_than"])
    @pytest.mark.parametrize("figure", [ex_vat(5), inc_vat(5), Money(500, Vat.UNSTATED), ex_vat(0), inc_vat(0)])
    def test_an_amount_as_stated_is_judged_only_where_each_rate_of_vat_gives_one_answer(
        self, figure: Money, comparator: str
    ) -> None:
        """VAT adds something or nothing: £5 as stated is at most £5 without VAT, and at least £5 with VAT."""
        for pence in (0, 1, 499, 500, 501, 600, 10_000):
            outcome = compare(comparator, Money(pence, Vat.UNSTATED), ResolvedValue(figure, "limit"))
            meant = [Money(amount, figure.vat) for amount in _amounts_that_may_be_meant(pence, figure.vat)]
            outcomes = {compare(comparator, amount, ResolvedValue(figure, "limit")) for amount in meant}
            assert outcome == (outcomes.pop() if len(outcomes) == 1 else "undetermined"), pence


def _amounts_that_may_be_meant(pence: int, basis: Vat) -> list[int]:
    """Return what an amount as stated may come to on a basis, at a rate of VAT from nothing to very much."""
    if basis is Vat.EXCLUDED:
        return [pence, *range(min(pence, 1), pence, 3), *(one for one in (499, 500, 501) if 0 < one < pence)]
    if basis is Vat.INCLUDED:
        return [pence, *(pence and one for one in (499, 500, 501, 100_000) if one > pence)]
    return [pence]


class TestNumbers:
    TOP = rule_compiler.MAX_NUMBER

    @pytest.mark.parametrize("comparator", ["is", "is_not", "at_least", "more_than", "at_most", "less_than"])
    def test_numbers_of_64_bits_are_compared_exactly(self, comparator: str) -> None:
        for left in (self.TOP, self.TOP - 1, -self.TOP, -self.TOP + 1, 0, 2**53, 2**53 + 1):
            for right in (self.TOP, self.TOP - 1, -self.TOP, 2**53, 2**53 + 1):
                assert compare(comparator, left, right) in ("satisfied", "breached"), (left, right)

    @pytest.mark.parametrize("number", [2**63, -(2**63), 2**64, 10**30])
    def test_numbers_beyond_64_bits_are_refused(self, number: int) -> None:
        with pytest.raises(EngineError, match="beyond 64 bits"):
            durable_outcomes((control(Predicate("fact", "is", number)),), {"fact": 1})
        with pytest.raises(EngineError, match="beyond 64 bits"):
            durable_outcomes((control(Predicate("fact", "is", 1)),), {"fact": number})

    @pytest.mark.parametrize("value", [1.5, float("nan"), float("inf"), None, b"x", [1], {"a": 1}, 1j])
    def test_values_without_a_type_of_the_language_are_refused(self, value: object) -> None:
        with pytest.raises(EngineError, match="is not a value that can be judged"):
            durable_outcomes((control(Predicate("fact", "is", 1)),), {"fact": cast("FactValue", value)})

    def test_the_number_1_is_not_the_flag_true(self) -> None:
        assert compare("is", True, True) == "satisfied"
        assert compare("is", 1, 1) == "satisfied"
        assert compare("is", 2, 1) == "breached"
        assert compare("one_of", 1, (1, 2)) == "satisfied"

    @given(st.integers(-(2**63) + 1, 2**63 - 1), st.sampled_from([-1, 0, 1]))
    def test_neighbouring_numbers_differ(self, number: int, step: int) -> None:
        left = max(-self.TOP, min(self.TOP, number + step))
        assert (compare("is", left, number) == "satisfied") is (left == number)


class TestText:
    SHORT = (
        "",
        " ",
        "é",
        "e\u0301",
        'with "quotes"',
        "back\\slash",
        "\\",
        '"',
        "\n",
        "\t",
        "line\nline",
        "Straße",
        "日本語",
    )
    ODD = ("😀", "{", "}", '{"a":1}', "$m", "null", "true", "5")
    LONG = ("x" * 999, "x" * 1_000, "x" * 1_001, "é" * 30_000, "x" * 60_000, '"' * 60_000)
    TEXTS = (*SHORT, *ODD, *LONG)

    @pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
    def test_a_text_equals_itself_and_no_other(self, text: str) -> None:
        assert compare("is", text, text) == "satisfied"
        assert compare("is_not", text, text) == "breached"
        for other in ("other", text + "x", text[:-1] + "y"):
            assert compare("is", other, text) == "breached"
            assert compare("is_not", other, text) == "satisfied"
        assert judge(Predicate("a", "is", FactRef("b")), {"a": text, "b": text}) == "satisfied"
        assert judge(Predicate("a", "is", FactRef("b")), {"a": text, "b": text + "x"}) == "breached"

    @pytest.mark.parametrize("text", ["5", "0", "true", ""])
    def test_a_text_of_digits_is_not_a_number(self, text: str) -> None:
        assert compare("is", text, "five") == "breached"

    @given(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    )
    def test_two_texts_are_equal_only_where_python_finds_them_equal(self, left: str, right: str) -> None:
        assert (compare("is", left, right) == "satisfied") is (left == right)

    def test_a_lone_surrogate_keeps_the_gate_shut(self) -> None:
        with pytest.raises(EngineError):
            durable_outcomes((control(Predicate("fact", "is", "x")),), {"fact": "\ud800"})

    def test_texts_with_the_same_hash_differ(self) -> None:
        """durable-rules knows names and ids by their FNV-1 hash of 32 bits; these two share one."""
        left, right = _collision()
        assert compare("is", left, right) == "breached"
        assert compare("is", left, left) == "satisfied"
        facts: Facts = {left: 1, right: 2}
        both = AllOf((Predicate(left, "is", 1), Predicate(right, "is", 2)))
        assert judge(both, facts) == "satisfied"


def _fnv(text: str) -> int:
    digest = 0x811C9DC5
    for byte in text.encode():
        digest = (digest * 16777619 & 0xFFFFFFFF) ^ byte
    return digest


def _collision() -> tuple[str, str]:
    seen: dict[int, str] = {}
    for number in range(10**6):
        text = f"k{number * 7919}"
        if seen.setdefault(_fnv(text), text) != text:
            return seen[_fnv(text)], text
    raise AssertionError("no two of these texts share a hash")


class TestNames:
    @pytest.mark.parametrize(
        "name",
        [
            "id",
            "sid",
            "$s",
            "$m",
            "m",
            "c0",
            "subject",
            "~",
            "a.b",
            "a__b",
            "label",
            "chart",
            "running",
            "and",
            "$and",
            "x" * 121,
        ],
    )
    def test_a_fact_may_have_any_name(self, name: str) -> None:
        assert judge(Predicate(name, "is", 5), {name: 5, "id": 9, "sid": 9, "subject": 9}) == (
            "satisfied" if name not in ("id", "sid", "subject") else "breached"
        )
        assert judge(Predicate(name, "is", 5), {}) == "undetermined"

    def test_names_that_differ_only_by_a_dot_are_two_facts(self) -> None:
        both = AllOf((Predicate("a.b", "is", 1), Predicate("a__b", "is", 2), Predicate("a_b", "is", 3)))
        assert judge(both, {"a.b": 1, "a__b": 2, "a_b": 3}) == "satisfied"

    def test_a_ruleset_cannot_have_more_rules_than_there_are_names(self) -> None:
        assert durable_adapter._rule_name(9_999) == "9999"
        with pytest.raises(EngineError, match="more rules"):
            durable_adapter._rule_name(10_000)

    def test_a_control_may_have_any_name(self) -> None:
        names = ["~", "0", '"', "a.b", "$m", "é", "x" * 300]
        controls = tuple(control(Predicate("fact", "is", 1), name=name) for name in names)
        assert durable_outcomes(controls, {"fact": 1}) == dict.fromkeys(names, "satisfied")


class TestManyRules:
    def test_no_controls_have_no_outcomes(self) -> None:
        assert durable_outcomes((), {"fact": 1}) == {}

    def test_more_than_65_tests_may_be_true_at_once(self) -> None:
        controls = tuple(control(Predicate(f"f{n}", "is", True), name=f"a.n{n}") for n in range(200))
        facts: Facts = {f"f{n}": True for n in range(200)}
        assert set(durable_outcomes(controls, facts).values()) == {"satisfied"}
        assert set(durable_outcomes(controls, {}).values()) == {"undetermined"}

    def test_more_than_256_rules_may_share_one_condition(self) -> None:
        shared = Predicate("fact", "is", True)
        controls = tuple(
            control(Predicate(f"f{n % 200}", "at_least", n), applies=shared, name=f"a.n{n}") for n in range(400)
        )
        facts: Facts = {"fact": True} | {f"f{n}": 250 for n in range(200)}
        assert durable_outcomes(controls, facts) == plain_outcomes(controls, facts)

    def test_300_controls_may_require_the_same(self) -> None:
        controls = tuple(control(Predicate("fact", "is", True), name=f"a.n{n}") for n in range(300))
        assert set(durable_outcomes(controls, {"fact": False}).values()) == {"breached"}

    @pytest.mark.parametrize("comparator", ["is", "is_not", "at_least"])
    def test_one_field_may_be_compared_with_600_figures(self, comparator: str) -> None:
        controls = tuple(control(Predicate("fact", comparator, n), name=f"a.n{n}") for n in range(600))
        for value in (0, 299, 599, 600):
            facts: Facts = {"fact": value}
            assert durable_outcomes(controls, facts) == plain_outcomes(controls, facts)

    def test_more_than_250_fields_may_be_compared(self) -> None:
        controls = tuple(control(Predicate(f"f{n}", "is", n), name=f"a.n{n}") for n in range(600))
        facts: Facts = {f"f{n}": n for n in range(1_000)}
        assert set(durable_outcomes(controls, facts).values()) == {"satisfied"}

    def test_a_conjunction_may_be_so_long_and_no_longer(self) -> None:
        def long(tests: int) -> Condition:
            return AllOf(tuple(Predicate(f"f{n}", "is", True) for n in range(tests)))

        facts: Facts = {f"f{n}": True for n in range(56)}
        assert judge(long(55), facts) == "satisfied"
        assert judge(long(55), {**facts, "f7": False}) == "breached"
        with pytest.raises(EngineError, match="a conjunction has 56 tests; at most 55 are safe"):
            durable_outcomes((control(long(56)),), facts)

    def test_a_condition_may_have_64_conjunctions_and_no_more(self) -> None:
        def wide(parts: int) -> Condition:
            return AllOf(
                tuple(AnyOf((Predicate(f"a{n}", "is", True), Predicate(f"b{n}", "is", True))) for n in range(parts))
            )

        assert judge(wide(6), {f"b{n}": True for n in range(6)}) == "satisfied"
        with pytest.raises(EngineError, match="128 conjunctions; at most 64 are compiled"):
            durable_outcomes((control(wide(7)),), {})
        with pytest.raises(EngineError, match="128 conjunctions"):
            rule_compiler.check_compilable(wide(7))

    def test_width_counts_each_dated_value_as_a_figure_of_its_own(self) -> None:
        """Two limits that are the same today may differ on another day, and an amount makes two tests of each."""

        def wide(parts: int) -> Condition:
            limits = (("at_least", "law.low"), ("more_than", "law.low"), ("at_least", "law.high"))
            groups = (
                AnyOf(tuple(Predicate("a", comparator, ValueRef(value)) for comparator, value in limits))
                for _ in range(parts)
            )
            return AllOf(
                tuple(AnyOf((*group.conditions, Predicate(f"b{n}", "is", True))) for n, group in enumerate(groups))
            )

        rule_compiler.check_compilable(wide(2))
        with pytest.raises(EngineError, match="at most 64 are compiled"):
            rule_compiler.check_compilable(wide(3))

    def test_the_width_of_flags_is_not_remembered_for_numbers(self) -> None:
        """Python holds 1 equal to True, so a narrow condition of flags could answer for a wide one of numbers."""

        def wide(figure: int) -> Condition:
            twice = [
                AnyOf((Predicate(f"f{n}", "is", figure), Predicate(f"f{n}", "is_not", type(figure)(0))))
                for n in range(7)
            ]
            return AllOf(tuple(twice))

        rule_compiler.check_compilable(wide(True))
        with pytest.raises(EngineError, match="at most 64 are compiled"):
            rule_compiler.check_compilable(wide(1))


class TestOutcomes:
    @pytest.mark.parametrize("applies", [True, False, None])
    @pytest.mark.parametrize("requires", [True, False, None])
    def test_each_of_the_nine_combinations(self, applies: bool | None, requires: bool | None) -> None:
        facts: Facts = {name: value for name, value in (("a", applies), ("r", requires)) if value is not None}
        outcome = judge(Predicate("r", "is", operand=True), facts, applies=Predicate("a", "is", operand=True))
        if applies is False:
            assert outcome == "not_applicable"
        elif applies is None or requires is None:
            assert outcome == "undetermined"
        else:
            assert outcome == ("satisfied" if requires else "breached")

    @pytest.mark.parametrize("empty", [AllOf(()), AnyOf(())])
    def test_groups_without_conditions(self, empty: Condition) -> None:
        judge(empty, {})
        judge(ALWAYS, {}, applies=empty)

    def test_several_true_branches_give_one_outcome(self) -> None:
        assert (
            judge(AnyOf(tuple(Predicate(f"f{n}", "is", True) for n in range(20))), {f"f{n}": True for n in range(20)})
            == "satisfied"
        )

    def test_a_contradiction_is_breached_and_not_both(self) -> None:
        both = AllOf((Predicate("fact", "is", 1), Predicate("fact", "is_not", 1)))
        assert [judge(both, facts) for facts in ({"fact": 1}, {"fact": 2}, {})] == [
            "breached",
            "breached",
            "undetermined",
        ]


class TestSessions:
    """One session, and one fact at a time: no case affects another."""

    def test_no_thread_is_started(self) -> None:
        before = set(threading.enumerate())
        for number in range(20):
            judge(Predicate("fact", "is", number), {"fact": number})
        assert set(threading.enumerate()) == before

    def test_no_fact_is_left_for_the_next_case(self) -> None:
        both = AllOf((Predicate("a", "known"), Predicate("b", "known")))
        for _ in range(50):
            assert judge(both, {"a": 1}) == "breached"
            assert judge(both, {"b": 1}) == "breached"
        assert judge(both, {"a": 1, "b": 1}) == "satisfied"

    def test_more_than_1024_cases_are_judged(self) -> None:
        for number in range(2_500):
            outcomes = durable_outcomes(
                (control(Predicate("fact", "at_least", 1_250)),), {"fact": number, "case": f"C-{number}"}
            )
            assert outcomes["a.b"] == ("satisfied" if number >= 1_250 else "breached")

    def test_memory_stays_flat(self) -> None:
        controls = tuple(control(Predicate(f"f{n}", "at_least", n), name=f"a.n{n}") for n in range(60))

        def judge_many() -> None:
            for number in range(500):
                durable_outcomes(controls, {f"f{n}": number for n in range(60)})

        judge_many()
        gc.collect()
        before = resident_megabytes()
        tracemalloc.start()
        start, _ = tracemalloc.get_traced_memory()
        judge_many()
        judge_many()
        gc.collect()
        end, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert end - start < 100_000
        assert resident_megabytes() - before < 8  # a session for each would take 2,000

    def test_two_threads_judge_correctly_at_the_same_time(self) -> None:
        controls = tuple(control(Predicate(f"f{n}", "at_least", n * 10), name=f"a.n{n}") for n in range(40))

        def judge_many(seed: int) -> int:
            wrong = 0
            for number in range(500):
                facts: Facts = {f"f{n}": (number * 7 + n * seed) % 400 for n in range(40)}
                wrong += durable_outcomes(controls, facts) != plain_outcomes(controls, facts)
            return wrong

        with ThreadPoolExecutor(2) as pool:
            assert list(pool.map(judge_many, (3, 11))) == [0, 0]

    def test_threads_may_compile_the_same_controls_at_the_same_time(self) -> None:
        controls = [tuple(control(Predicate(f"g{n}", "is", m), name=f"a.n{n}") for n in range(10)) for m in range(20)]
        with ThreadPoolExecutor(4) as pool:
            outcomes = list(
                pool.map(lambda m: durable_outcomes(controls[m % 20], {f"g{n}": m % 20 for n in range(10)}), range(200))
            )
        assert all(set(of_controls.values()) == {"satisfied"} for of_controls in outcomes)


def record_definitions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The definitions of all rulesets that are created from here on."""
    definitions: list[str] = []
    create = durable_rules_engine.create_ruleset

    def record(name: str, definition: str) -> int:
        definitions.append(definition)
        handle: int = create(name, definition)
        return handle

    monkeypatch.setattr(durable_rules_engine, "create_ruleset", record)
    return definitions


class TestDefinitions:
    def test_a_ruleset_is_compiled_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        definitions = record_definitions(monkeypatch)
        for number in range(20):
            durable_outcomes((control(Predicate("compiled.once", "is", 5)),), {"compiled.once": number})
        assert len(definitions) == 1

    def test_values_unresolved_for_different_reasons_share_one_ruleset(self, monkeypatch: pytest.MonkeyPatch) -> None:
        definitions = record_definitions(monkeypatch)
        for day in range(20):
            right = UnresolvedValue("shared.limit", reason=f"shared.limit on 2017-01-{day:02}, not set")
            unresolved = control(Predicate("fact", "at_least", right), applies=Predicate("shared.applies", "known"))
            assert durable_outcomes((unresolved,), {"fact": 5, "shared.applies": 1}) == {"a.b": "undetermined"}
        assert len(definitions) == 1

    def test_compiling_changes_no_condition(self) -> None:
        resolved = control(AnyOf((Predicate("fact", "one_of", ("a", "b")), Predicate("other", "within", (1, 2)))))
        before = copy.deepcopy(resolved)
        durable_outcomes((resolved,), {"fact": "a"})
        durable_outcomes((resolved, control(Predicate("fact", "is", "a"), name="a.c")), {"fact": "a"})
        assert resolved == before
        assert hash(resolved) == hash(before)

    def test_one_control_may_be_judged_alone_and_among_others(self) -> None:
        first, second = control(Predicate("fact", "is", 1)), control(Predicate("fact", "is", 2), name="a.c")
        assert durable_outcomes((first,), {"fact": 1}) == {"a.b": "satisfied"}
        assert durable_outcomes((first, second), {"fact": 1}) == {"a.b": "satisfied", "a.c": "breached"}
        assert durable_outcomes((second, first), {"fact": 2}) == {"a.b": "breached", "a.c": "satisfied"}


@pytest.fixture
def fresh() -> Iterable[None]:
    """Compile every ruleset anew, before this test and after it."""
    durable_adapter._RULESETS.clear()
    yield
    durable_adapter._RULESETS.clear()


@pytest.mark.usefixtures("fresh")
class TestFailures:
    """Whatever fails, there is no outcome, and the gate stays shut."""

    def judge_one(self) -> None:
        durable_outcomes((control(Predicate("fact", "is", 1)),), {"fact": 1})

    def test_a_ruleset_that_does_not_run_is_detected(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(durable_adapter._Shard, "_run_agenda", lambda _shard, _state: iter(()))
        with pytest.raises(EngineError, match="did not run one of its rulesets"):
            self.judge_one()

    def test_one_of_several_rulesets_that_does_not_run_is_detected(self, monkeypatch: pytest.MonkeyPatch) -> None:
        controls = tuple(control(Predicate("fact", "is", n), name=f"a.n{n}") for n in range(100))
        durable_outcomes(controls, {"fact": 1})
        real, calls = durable_adapter._Shard._run_agenda, iter(range(100))
        monkeypatch.setattr(
            durable_adapter._Shard, "_run_agenda", lambda shard, state: list(real(shard, state)) if next(calls) else []
        )
        with pytest.raises(EngineError, match="did not run"):
            durable_outcomes(controls, {"fact": 1})

    def test_rules_that_contradict_each_other_give_no_outcome(self, monkeypatch: pytest.MonkeyPatch) -> None:
        run_agenda = durable_adapter._Shard._run_agenda

        def run_and_contradict(shard: durable_adapter._Shard, state: int) -> list[str]:
            run_agenda(shard, state)  # a session whose agenda was never read cannot be freed safely
            return ["~~~~", "0000", "0001"]

        monkeypatch.setattr(durable_adapter._Shard, "_run_agenda", run_and_contradict)
        with pytest.raises(EngineError, match=r"both that a condition of a\.b holds and not"):
            durable_outcomes((control(Predicate("fact", "is", 1), applies=Predicate("other", "is", 1)),), {"fact": 1})

    @pytest.mark.parametrize(
        "step", ["assert_fact", "start_action_for_state", "complete_and_start_action", "retract_fact", "create_ruleset"]
    )
    @pytest.mark.parametrize(
        "failure", [durable_rules_engine.error("error code: 303"), MemoryError("no more sessions")]
    )
    def test_an_error_of_the_library_becomes_an_engine_error(
        self, monkeypatch: pytest.MonkeyPatch, step: str, failure: Exception
    ) -> None:
        def fail(*_given: object) -> None:
            raise failure

        monkeypatch.setattr(durable_rules_engine, step, fail)
        with pytest.raises(EngineError, match="durable-rules failed"):
            self.judge_one()

    @pytest.mark.parametrize("code", [1, 2, 3])
    def test_a_fact_that_the_library_did_not_take_is_an_engine_error(
        self, monkeypatch: pytest.MonkeyPatch, code: int
    ) -> None:
        monkeypatch.setattr(durable_rules_engine, "assert_fact", lambda *_given: (code, 0))
        with pytest.raises(EngineError, match=rf"did not take the facts \(code {code}\)"):
            self.judge_one()

    def test_after_a_failure_the_next_case_is_judged_correctly(self, monkeypatch: pytest.MonkeyPatch) -> None:
        both = control(AllOf((Predicate("a", "known"), Predicate("b", "known"))))
        durable_outcomes((both,), {"a": 1})
        real = durable_rules_engine.complete_and_start_action

        def fail(*_given: object) -> None:
            raise durable_rules_engine.error("once")

        monkeypatch.setattr(durable_rules_engine, "complete_and_start_action", fail)
        with pytest.raises(EngineError):
            durable_outcomes((both,), {"a": 1})
        monkeypatch.setattr(durable_rules_engine, "complete_and_start_action", real)
        for facts in ({"b": 1}, {"a": 1, "b": 1}, {}):
            assert durable_outcomes((both,), facts) == {"a.b": plain_outcome(both, facts)}

    def test_an_engine_error_advises_the_officer(self) -> None:
        assert EngineError("x").advice().startswith("The gate stays closed.")


class TestLibrary:
    """Faults of the library that the adapter avoids, as measured; a new version that mends one fails here."""

    @pytest.mark.parametrize("comparator", ["is", "$neq", "$gt", "$gte", "$lt", "$lte"])
    def test_every_comparison_with_a_missing_field_is_true(self, comparator: str) -> None:
        test = {"a": {"$m": "b"}} if comparator == "is" else {comparator: {"a": {"$m": "b"}}}
        assert self.fires(test, {"a": 1})
        assert not self.fires({"$and": [{"$ex": {"b": 1}}, test]}, {"a": 1})

    def test_64_true_tests_may_follow_one_test_and_no_more(self) -> None:
        for count, fails in ((64, False), (65, True)):
            tests = {str(n): {"all": [{"m": {"$and": [{"s": 1}, {f"f{n}": 1}]}}]} for n in range(count)}
            handle = durable_rules_engine.create_ruleset("probe", orjson.dumps(tests).decode())
            message = orjson.dumps({"s": 1, "id": "x", **{f"f{n}": 1 for n in range(count)}}).decode()
            with pytest.raises(durable_rules_engine.error, match="303") if fails else nullcontext():
                durable_rules_engine.assert_fact(handle, message)

    def test_a_number_is_not_above_a_missing_text(self) -> None:
        assert not self.fires({"$gt": {"a": 5}}, {"b": "x"})

    def fires(self, test: dict[str, Any], message: dict[str, Any]) -> bool:
        rules = {"~": {"all": [{"m": {"$and": [{"s": 1}]}}]}, "0001": {"all": [{"m": test}]}}
        shard = object.__new__(durable_adapter._Shard)
        shard._handle = durable_rules_engine.create_ruleset("probe", orjson.dumps(rules).decode())
        facts = orjson.dumps({"s": 1, "id": "x", **message}).decode()
        _, state = durable_rules_engine.assert_fact(shard._handle, facts)
        return "0001" in shard._run_agenda(state)
