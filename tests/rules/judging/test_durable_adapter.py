"""The durable-rules adapter: it says what the plain evaluator says, and meets none of the library's hazards."""

import copy
import gc
import threading
import tracemalloc
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
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
from rules.language.pack_schema import Outcome
from rules.values.facts import FactValue
from rules.values.money import Money, Vat
from tests.rules.pack_builders import ex_vat, inc_vat

Facts: TypeAlias = Mapping[str, FactValue]
ALWAYS = AllOf(())
ON = date(2018, 4, 16)


def control(requires: Condition, applies: Condition = ALWAYS, name: str = "a.b") -> ResolvedControl:
    return ResolvedControl(name, applies, requires)


def asked(requires: Condition, facts: Facts, applies: Condition = ALWAYS) -> Outcome:
    """The outcome by durable-rules, which must be that of the plain evaluator."""
    one = control(requires, applies)
    found = durable_outcomes((one,), facts)
    assert found == {"a.b": plain_outcome(one, facts)}
    return found["a.b"]


def term(word: str, left: FactValue | None, right: Operand) -> Outcome:
    return asked(Predicate("fact", word, right), {} if left is None else {"fact": left})


def memory() -> float:
    """How many megabytes this process holds."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096 / 1e6


class TestWords:
    @pytest.mark.parametrize("word", ["is", "is_not", "at_least", "more_than", "at_most", "less_than"])
    @pytest.mark.parametrize(
        ("left", "right"),
        [(4, 5), (5, 5), (6, 5), (ex_vat(4), ex_vat(5)), (ex_vat(5), ex_vat(5)), (ex_vat(6), ex_vat(5)), (0, 0)],
    )
    def test_numbers_and_amounts(self, word: str, left: FactValue, right: FactValue) -> None:
        assert term(word, left, right) in ("satisfied", "breached")
        assert term(word, None, right) == "undetermined"

    @pytest.mark.parametrize("word", ["is", "is_not", "before", "on_or_before", "after", "on_or_after"])
    @pytest.mark.parametrize("left", [date(2018, 4, 15), ON, date(2018, 4, 17), date(1900, 1, 1), date(2200, 12, 31)])
    def test_days(self, word: str, left: date) -> None:
        assert term(word, left, ON) in ("satisfied", "breached")

    @pytest.mark.parametrize("word", ["is", "is_not"])
    @pytest.mark.parametrize("left", [True, False, None])
    @pytest.mark.parametrize("right", [True, False])
    def test_flags(self, word: str, left: bool | None, right: bool) -> None:
        assert term(word, left, right) == (
            "undetermined" if left is None else "satisfied" if (left is right) is (word == "is") else "breached"
        )

    @pytest.mark.parametrize("word", ["one_of", "none_of"])
    @pytest.mark.parametrize("left", ["red", "green", "blue", None])
    def test_choices(self, word: str, left: str | None) -> None:
        assert term(word, left, ("red", "green")) == (
            "undetermined" if left is None else "satisfied" if (left != "blue") is (word == "one_of") else "breached"
        )

    @pytest.mark.parametrize("word", ["within", "outside"])
    @pytest.mark.parametrize("left", [1, 2, 3, 4, 5, None])
    def test_bounds(self, word: str, left: int | None) -> None:
        term(word, left, (2, 4))

    @pytest.mark.parametrize("word", ["known", "not_known"])
    @pytest.mark.parametrize("left", [0, False, "x", ON, ex_vat(0), None])
    def test_presence_is_never_unknown(self, word: str, left: FactValue | None) -> None:
        assert term(word, left, right=True) == ("satisfied" if (left is not None) is (word == "known") else "breached")

    @pytest.mark.parametrize("left", [4, 5, 6, None])
    def test_settled_values(self, left: int | None) -> None:
        term("at_least", left, ResolvedValue(5, "limit"))

    @pytest.mark.parametrize("right", [ValueRef("limit"), UnresolvedValue("limit", ("day",))])
    def test_what_is_not_settled_is_unknown(self, right: Operand) -> None:
        assert term("at_least", 5, right) == "undetermined"


class TestTwoFacts:
    """Beside a column that is not there durable-rules finds every test true: it is asked whether it is there first."""

    PAIRS: tuple[tuple[FactValue, FactValue], ...] = ((1, 2), (2, 2), (3, 2))

    @pytest.mark.parametrize("word", ["is", "is_not", "at_least", "more_than", "at_most", "less_than"])
    @pytest.mark.parametrize(
        "pair",
        [
            *PAIRS,
            (ON, date(2018, 4, 17)),
            (ON, ON),
            ("red", "blue"),
            ("red", "red"),
            (True, False),
            (True, True),
            (False, False),
        ],
    )
    def test_each_is_told_from_the_other(self, word: str, pair: tuple[FactValue, FactValue]) -> None:
        if word in ("is", "is_not") or not isinstance(pair[0], (bool, str)):
            assert asked(Predicate("a", word, FactRef("b")), {"a": pair[0], "b": pair[1]}) in ("satisfied", "breached")

    @pytest.mark.parametrize("word", ["is", "is_not", "at_least", "more_than", "at_most", "less_than"])
    @pytest.mark.parametrize("facts", [{}, {"a": 1}, {"b": 1}])
    def test_without_one_of_them_it_is_unknown(self, word: str, facts: Facts) -> None:
        assert asked(Predicate("a", word, FactRef("b")), facts) == "undetermined"

    @pytest.mark.parametrize("word", ["is", "is_not", "at_least", "more_than", "at_most", "less_than"])
    def test_amounts_are_compared_on_one_basis(self, word: str) -> None:
        both = Predicate("a", word, FactRef("b", is_money=True))
        for facts in ({"a": ex_vat(1), "b": ex_vat(2)}, {"a": inc_vat(2), "b": inc_vat(2)}):
            assert asked(both, facts) in ("satisfied", "breached")
        for facts in ({"a": ex_vat(1), "b": inc_vat(2)}, {"a": ex_vat(1)}, {"b": inc_vat(1)}, {}):
            assert asked(both, facts) == "undetermined"

    def test_an_amount_as_stated_stands_beside_any(self) -> None:
        stated = Money(500, Vat.UNSTATED)
        both = Predicate("a", "at_least", FactRef("b", is_money=True))
        for other in (ex_vat(5), inc_vat(5), stated):
            assert asked(both, {"a": stated, "b": other}) == "satisfied"
            assert asked(both, {"a": other, "b": stated}) == "satisfied"


class TestVat:
    @pytest.mark.parametrize("left", [ex_vat(5), inc_vat(5), Money(500, Vat.UNSTATED)])
    @pytest.mark.parametrize("right", [ex_vat(5), inc_vat(5), Money(500, Vat.UNSTATED), ex_vat(6), inc_vat(4)])
    @pytest.mark.parametrize("word", ["is", "is_not", "at_least", "less_than"])
    def test_a_figure_is_compared_on_its_basis(self, left: Money, right: Money, word: str) -> None:
        outcome = term(word, left, ResolvedValue(right, "limit"))
        assert (outcome == "undetermined") is not left.is_comparable_with(right)


class TestNumbers:
    TOP = rule_compiler.MAX_NUMBER

    @pytest.mark.parametrize("word", ["is", "is_not", "at_least", "more_than", "at_most", "less_than"])
    @pytest.mark.parametrize("left", [TOP, TOP - 1, -TOP, -TOP + 1, 0, 2**53, 2**53 + 1])
    @pytest.mark.parametrize("right", [TOP, TOP - 1, -TOP, 2**53, 2**53 + 1])
    def test_no_figure_of_64_bits_is_lost(self, word: str, left: int, right: int) -> None:
        assert term(word, left, right) in ("satisfied", "breached")

    @pytest.mark.parametrize("number", [2**63, -(2**63), 2**64, 10**30])
    def test_what_is_beyond_64_bits_is_refused(self, number: int) -> None:
        with pytest.raises(EngineError, match="beyond 64 bits"):
            durable_outcomes((control(Predicate("fact", "is", number)),), {"fact": 1})
        with pytest.raises(EngineError, match="beyond 64 bits"):
            durable_outcomes((control(Predicate("fact", "is", 1)),), {"fact": number})

    @pytest.mark.parametrize("value", [1.5, float("nan"), float("inf"), None, b"x", [1], {"a": 1}, 1j])
    def test_what_is_no_typed_value_is_refused(self, value: object) -> None:
        with pytest.raises(EngineError, match="is not a value that can be judged"):
            durable_outcomes((control(Predicate("fact", "is", 1)),), {"fact": cast("FactValue", value)})

    def test_a_number_is_not_taken_for_the_flag_that_python_holds_it_equal_to(self) -> None:
        assert term("is", True, True) == "satisfied"
        assert term("is", 1, 1) == "satisfied"
        assert term("is", 2, 1) == "breached"
        assert term("one_of", 1, (1, 2)) == "satisfied"

    @given(st.integers(-(2**63) + 1, 2**63 - 1), st.sampled_from([-1, 0, 1]))
    def test_neighbours_are_told_apart(self, number: int, step: int) -> None:
        left = max(-self.TOP, min(self.TOP, number + step))
        assert (term("is", left, number) == "satisfied") is (left == number)


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
    def test_a_text_is_itself_and_no_other(self, text: str) -> None:
        assert term("is", text, text) == "satisfied"
        assert term("is_not", text, text) == "breached"
        for other in ("other", text + "x", text[:-1] + "y"):
            assert term("is", other, text) == "breached"
            assert term("is_not", other, text) == "satisfied"
        assert asked(Predicate("a", "is", FactRef("b")), {"a": text, "b": text}) == "satisfied"
        assert asked(Predicate("a", "is", FactRef("b")), {"a": text, "b": text + "x"}) == "breached"

    @pytest.mark.parametrize("text", ["5", "0", "true", ""])
    def test_a_text_is_no_number(self, text: str) -> None:
        assert term("is", text, "five") == "breached"

    @given(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    )
    def test_any_two_texts_are_told_apart(self, left: str, right: str) -> None:
        assert (term("is", left, right) == "satisfied") is (left == right)

    def test_half_a_character_keeps_the_gate_shut(self) -> None:
        with pytest.raises(EngineError):
            durable_outcomes((control(Predicate("fact", "is", "x")),), {"fact": "\ud800"})

    def test_texts_of_one_hash_are_told_apart(self) -> None:
        """durable-rules keeps names and ids by FNV-1 of 32 bits; these two have the same."""
        left, right = _collision()
        assert term("is", left, right) == "breached"
        assert term("is", left, left) == "satisfied"
        facts: Facts = {left: 1, right: 2}
        both = AllOf((Predicate(left, "is", 1), Predicate(right, "is", 2)))
        assert asked(both, facts) == "satisfied"


def _fnv(text: str) -> int:
    found = 0x811C9DC5
    for byte in text.encode():
        found = (found * 16777619 & 0xFFFFFFFF) ^ byte
    return found


def _collision() -> tuple[str, str]:
    seen: dict[int, str] = {}
    for number in range(10**6):
        text = f"k{number * 7919}"
        if seen.setdefault(_fnv(text), text) != text:
            return seen[_fnv(text)], text
    raise AssertionError("no two of these have one hash")


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
    def test_a_fact_may_be_called_anything(self, name: str) -> None:
        assert asked(Predicate(name, "is", 5), {name: 5, "id": 9, "sid": 9, "subject": 9}) == (
            "satisfied" if name not in ("id", "sid", "subject") else "breached"
        )
        assert asked(Predicate(name, "is", 5), {}) == "undetermined"

    def test_names_that_differ_by_a_dot_are_two(self) -> None:
        both = AllOf((Predicate("a.b", "is", 1), Predicate("a__b", "is", 2), Predicate("a_b", "is", 3)))
        assert asked(both, {"a.b": 1, "a__b": 2, "a_b": 3}) == "satisfied"

    def test_controls_may_be_called_anything(self) -> None:
        names = ["~", "0", '"', "a.b", "$m", "é", "x" * 300]
        several = tuple(control(Predicate("fact", "is", 1), name=name) for name in names)
        assert durable_outcomes(several, {"fact": 1}) == dict.fromkeys(names, "satisfied")


class TestCrowds:
    def test_no_controls_have_no_outcomes(self) -> None:
        assert durable_outcomes((), {"fact": 1}) == {}

    def test_more_than_65_tests_may_be_true_at_once(self) -> None:
        several = tuple(control(Predicate(f"f{n}", "is", True), name=f"a.n{n}") for n in range(200))
        facts: Facts = {f"f{n}": True for n in range(200)}
        assert set(durable_outcomes(several, facts).values()) == {"satisfied"}
        assert set(durable_outcomes(several, {}).values()) == {"undetermined"}

    def test_more_than_256_rules_may_hang_on_one_condition(self) -> None:
        shared = Predicate("fact", "is", True)
        several = tuple(
            control(Predicate(f"f{n % 200}", "at_least", n), applies=shared, name=f"a.n{n}") for n in range(400)
        )
        facts: Facts = {"fact": True} | {f"f{n}": 250 for n in range(200)}
        assert durable_outcomes(several, facts) == {one.id: plain_outcome(one, facts) for one in several}

    def test_300_controls_may_ask_the_same(self) -> None:
        several = tuple(control(Predicate("fact", "is", True), name=f"a.n{n}") for n in range(300))
        assert set(durable_outcomes(several, {"fact": False}).values()) == {"breached"}

    @pytest.mark.parametrize("word", ["is", "is_not", "at_least"])
    def test_600_figures_may_stand_beside_one_field(self, word: str) -> None:
        several = tuple(control(Predicate("fact", word, n), name=f"a.n{n}") for n in range(600))
        for value in (0, 299, 599, 600):
            facts: Facts = {"fact": value}
            assert durable_outcomes(several, facts) == {one.id: plain_outcome(one, facts) for one in several}

    def test_more_than_250_fields_may_be_asked_about(self) -> None:
        several = tuple(control(Predicate(f"f{n}", "is", n), name=f"a.n{n}") for n in range(600))
        facts: Facts = {f"f{n}": n for n in range(1_000)}
        assert set(durable_outcomes(several, facts).values()) == {"satisfied"}

    def test_a_conjunction_may_be_so_long_and_no_longer(self) -> None:
        def long(tests: int) -> Condition:
            return AllOf(tuple(Predicate(f"f{n}", "is", True) for n in range(tests)))

        facts: Facts = {f"f{n}": True for n in range(rule_compiler.MAX_SHARD_LEAVES)}
        assert asked(long(rule_compiler.MAX_SHARD_LEAVES - 1), facts) == "satisfied"
        assert asked(long(rule_compiler.MAX_SHARD_LEAVES - 1), {**facts, "f7": False}) == "breached"
        with pytest.raises(EngineError, match="a conjunction has 56 tests; at most 55 are safe"):
            durable_outcomes((control(long(rule_compiler.MAX_SHARD_LEAVES)),), facts)

    def test_a_condition_may_be_so_wide_and_no_wider(self) -> None:
        def wide(parts: int) -> Condition:
            return AllOf(
                tuple(AnyOf((Predicate(f"a{n}", "is", True), Predicate(f"b{n}", "is", True))) for n in range(parts))
            )

        assert asked(wide(6), {f"b{n}": True for n in range(6)}) == "satisfied"
        with pytest.raises(EngineError, match="128 conjunctions; at most 64 are compiled"):
            durable_outcomes((control(wide(7)),), {})
        with pytest.raises(EngineError, match="128 conjunctions"):
            rule_compiler.check_compilable(wide(7))

    def test_dated_values_are_as_wide_as_they_may_come_to_be(self) -> None:
        """Two limits may be the same today; none may be wider on the day when they differ."""

        def wide(parts: int) -> Condition:
            limits = (("at_least", "law.low"), ("more_than", "law.low"), ("at_least", "law.high"))
            apart = (
                AnyOf(tuple(Predicate("a", word, ValueRef(value)) for word, value in limits)) for _ in range(parts)
            )
            return AllOf(tuple(AnyOf((*one.conditions, Predicate(f"b{n}", "is", True))) for n, one in enumerate(apart)))

        rule_compiler.check_compilable(wide(3))
        with pytest.raises(EngineError, match="at most 64 are compiled"):
            rule_compiler.check_compilable(wide(4))

    def test_a_number_does_not_stand_for_a_flag_when_width_is_told(self) -> None:
        """To Python 1 is True: a narrow condition of flags must not answer for a wide one of numbers."""

        def wide(figure: int) -> Condition:
            twice = [
                AnyOf((Predicate(f"f{n}", "is", figure), Predicate(f"f{n}", "is_not", type(figure)(0))))
                for n in range(7)
            ]
            return AllOf(tuple(twice))

        rule_compiler.check_compilable(wide(True))
        with pytest.raises(EngineError, match="at most 64 are compiled"):
            rule_compiler.check_compilable(wide(1))

    def test_rulesets_are_no_more_crowded_than_is_safe(self) -> None:
        several = tuple(
            control(Predicate(f"f{n % 90}", "at_least", n), applies=Predicate("on", "known"), name=f"a.n{n}")
            for n in range(500)
        )
        rules = [conjunction for one in several for _, conjunction in rule_compiler.compile_control(one)]
        for conjunctions in durable_adapter._split_into_shards(rules):
            assert sum(map(len, conjunctions)) < rule_compiler.MAX_SHARD_LEAVES


class TestOutcomes:
    @pytest.mark.parametrize("applies", [True, False, None])
    @pytest.mark.parametrize("requires", [True, False, None])
    def test_each_of_the_nine(self, applies: bool | None, requires: bool | None) -> None:
        facts: Facts = {name: value for name, value in (("a", applies), ("r", requires)) if value is not None}
        found = asked(Predicate("r", "is", operand=True), facts, applies=Predicate("a", "is", operand=True))
        if applies is False:
            assert found == "not_applicable"
        elif applies is None or requires is None:
            assert found == "undetermined"
        else:
            assert found == ("satisfied" if requires else "breached")

    @pytest.mark.parametrize("empty", [AllOf(()), AnyOf(())])
    def test_joins_of_nothing(self, empty: Condition) -> None:
        asked(empty, {})
        asked(ALWAYS, {}, applies=empty)

    def test_several_branches_that_are_true_are_one_outcome(self) -> None:
        assert (
            asked(AnyOf(tuple(Predicate(f"f{n}", "is", True) for n in range(20))), {f"f{n}": True for n in range(20)})
            == "satisfied"
        )

    def test_a_contradiction_is_breached_and_not_both(self) -> None:
        both = AllOf((Predicate("fact", "is", 1), Predicate("fact", "is_not", 1)))
        assert [asked(both, facts) for facts in ({"fact": 1}, {"fact": 2}, {})] == [
            "breached",
            "breached",
            "undetermined",
        ]


class TestSessions:
    """One session, one fact at a time: what one case says is never another's."""

    def test_no_thread_is_started(self) -> None:
        before = set(threading.enumerate())
        for number in range(20):
            asked(Predicate("fact", "is", number), {"fact": number})
        assert set(threading.enumerate()) == before

    def test_no_fact_stays_behind(self) -> None:
        both = AllOf((Predicate("a", "known"), Predicate("b", "known")))
        for _ in range(50):
            assert asked(both, {"a": 1}) == "breached"
            assert asked(both, {"b": 1}) == "breached"
        assert asked(both, {"a": 1, "b": 1}) == "satisfied"

    def test_more_than_1024_cases_are_judged(self) -> None:
        for number in range(2_500):
            found = durable_outcomes(
                (control(Predicate("fact", "at_least", 1_250)),), {"fact": number, "case": f"C-{number}"}
            )
            assert found["a.b"] == ("satisfied" if number >= 1_250 else "breached")

    def test_memory_stays_flat(self) -> None:
        several = tuple(control(Predicate(f"f{n}", "at_least", n), name=f"a.n{n}") for n in range(60))

        def judge_many() -> None:
            for number in range(1_500):
                durable_outcomes(several, {f"f{n}": number for n in range(60)})

        judge_many()
        gc.collect()
        before = memory()
        tracemalloc.start()
        start, _ = tracemalloc.get_traced_memory()
        judge_many()
        judge_many()
        gc.collect()
        end, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert end - start < 100_000
        assert memory() - before < 8  # a session for each would have taken 2,000

    def test_two_threads_judge_at_once_and_both_are_right(self) -> None:
        several = tuple(control(Predicate(f"f{n}", "at_least", n * 10), name=f"a.n{n}") for n in range(40))

        def judge_many(seed: int) -> int:
            wrong = 0
            for number in range(500):
                facts: Facts = {f"f{n}": (number * 7 + n * seed) % 400 for n in range(40)}
                wrong += durable_outcomes(several, facts) != {one.id: plain_outcome(one, facts) for one in several}
            return wrong

        with ThreadPoolExecutor(2) as pool:
            assert list(pool.map(judge_many, (3, 11))) == [0, 0]

    def test_two_threads_may_compile_the_same_at_once(self) -> None:
        several = [tuple(control(Predicate(f"g{n}", "is", m), name=f"a.n{n}") for n in range(10)) for m in range(20)]
        with ThreadPoolExecutor(4) as pool:
            found = list(
                pool.map(lambda m: durable_outcomes(several[m % 20], {f"g{n}": m % 20 for n in range(10)}), range(200))
            )
        assert all(set(one.values()) == {"satisfied"} for one in found)


def counted(monkeypatch: pytest.MonkeyPatch, made: list[object]) -> None:
    """Note every ruleset that is made from here on."""
    real = durable_rules_engine.create_ruleset

    def noting(name: str, definition: str) -> int:
        made.append(definition)
        handle: int = real(name, definition)
        return handle

    monkeypatch.setattr(durable_rules_engine, "create_ruleset", noting)


class TestDefinitions:
    def test_a_ruleset_is_compiled_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        made: list[object] = []
        counted(monkeypatch, made)
        for number in range(20):
            durable_outcomes((control(Predicate("compiled.once", "is", 5)),), {"compiled.once": number})
        assert len(made) == 1

    def test_two_values_that_are_not_settled_for_their_own_reasons_share_one(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made: list[object] = []
        counted(monkeypatch, made)
        for day in range(20):
            right = UnresolvedValue("shared.limit", reason=f"shared.limit on 2017-01-{day:02}, not set")
            unresolved = control(Predicate("fact", "at_least", right), applies=Predicate("shared.applies", "known"))
            assert durable_outcomes((unresolved,), {"fact": 5, "shared.applies": 1}) == {"a.b": "undetermined"}
        assert len(made) == 1

    def test_conditions_are_left_as_they_were(self) -> None:
        one = control(AnyOf((Predicate("fact", "one_of", ("a", "b")), Predicate("other", "within", (1, 2)))))
        before = copy.deepcopy(one)
        durable_outcomes((one,), {"fact": "a"})
        durable_outcomes((one, control(Predicate("fact", "is", "a"), name="a.c")), {"fact": "a"})
        assert one == before
        assert hash(one) == hash(before)

    def test_one_control_may_be_asked_alone_and_among_others(self) -> None:
        first, second = control(Predicate("fact", "is", 1)), control(Predicate("fact", "is", 2), name="a.c")
        assert durable_outcomes((first,), {"fact": 1}) == {"a.b": "satisfied"}
        assert durable_outcomes((first, second), {"fact": 1}) == {"a.b": "satisfied", "a.c": "breached"}
        assert durable_outcomes((second, first), {"fact": 2}) == {"a.b": "breached", "a.c": "satisfied"}


@pytest.fixture
def fresh() -> Iterable[None]:
    """Rulesets that are broken in a test are used by no other."""
    durable_adapter._RULESETS.clear()
    yield
    durable_adapter._RULESETS.clear()


@pytest.mark.usefixtures("fresh")
class TestFailures:
    """Whatever goes wrong, there is no outcome: the gate stays shut."""

    def one(self) -> None:
        durable_outcomes((control(Predicate("fact", "is", 1)),), {"fact": 1})

    def test_a_ruleset_that_does_not_run_is_noticed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(durable_adapter._Shard, "_run_agenda", lambda _shard, _state: iter(()))
        with pytest.raises(EngineError, match="did not run one of its rulesets"):
            self.one()

    def test_one_of_several_that_does_not_run_is_noticed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        several = tuple(control(Predicate("fact", "is", n), name=f"a.n{n}") for n in range(100))
        durable_outcomes(several, {"fact": 1})
        real, calls = durable_adapter._Shard._run_agenda, iter(range(100))
        monkeypatch.setattr(
            durable_adapter._Shard, "_run_agenda", lambda shard, state: list(real(shard, state)) if next(calls) else []
        )
        with pytest.raises(EngineError, match="did not run"):
            durable_outcomes(several, {"fact": 1})

    def test_rules_that_contradict_each_other_give_no_outcome(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(durable_adapter._Shard, "_run_agenda", lambda _shard, _state: iter(["~", "0", "1"]))
        with pytest.raises(EngineError, match=r"both that a condition of a\.b holds and not"):
            durable_outcomes((control(Predicate("fact", "is", 1), applies=Predicate("other", "is", 1)),), {"fact": 1})

    @pytest.mark.parametrize(
        "step", ["assert_fact", "start_action_for_state", "complete_and_start_action", "retract_fact", "create_ruleset"]
    )
    @pytest.mark.parametrize(
        "failure", [durable_rules_engine.error("error code: 303"), MemoryError("no more sessions")]
    )
    def test_what_the_library_raises_is_an_engine_error(
        self, monkeypatch: pytest.MonkeyPatch, step: str, failure: Exception
    ) -> None:
        def fail(*_given: object) -> None:
            raise failure

        monkeypatch.setattr(durable_rules_engine, step, fail)
        with pytest.raises(EngineError, match="durable-rules failed"):
            self.one()

    @pytest.mark.parametrize("code", [1, 2, 3])
    def test_a_fact_that_was_not_taken_is_an_engine_error(self, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
        monkeypatch.setattr(durable_rules_engine, "assert_fact", lambda *_given: (code, 0))
        with pytest.raises(EngineError, match=rf"did not take the facts \(code {code}\)"):
            self.one()

    def test_after_a_failure_the_next_case_is_judged_rightly_or_not_at_all(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        both = control(AllOf((Predicate("a", "known"), Predicate("b", "known"))))
        real = durable_rules_engine.complete_and_start_action

        def fail(*_given: object) -> None:
            raise durable_rules_engine.error("once")

        monkeypatch.setattr(durable_rules_engine, "complete_and_start_action", fail)
        with pytest.raises(EngineError):
            durable_outcomes((both,), {"a": 1})
        monkeypatch.setattr(durable_rules_engine, "complete_and_start_action", real)
        for facts in ({"b": 1}, {"a": 1, "b": 1}, {}):
            try:
                assert durable_outcomes((both,), facts) == {"a.b": plain_outcome(both, facts)}
            except EngineError:
                continue

    def test_an_engine_error_says_what_it_means_for_the_officer(self) -> None:
        assert EngineError("x").advice().startswith("The gate stays shut.")


class TestLibrary:
    """What the adapter stands on, as it was measured: should a version change it, this says so."""

    @pytest.mark.parametrize("word", ["is", "$neq", "$gt", "$gte", "$lt", "$lte"])
    def test_beside_a_column_that_is_not_there_every_test_is_true(self, word: str) -> None:
        test = {"a": {"$m": "b"}} if word == "is" else {word: {"a": {"$m": "b"}}}
        assert self.fires(test, {"a": 1})
        assert not self.fires({"$and": [{"$ex": {"b": 1}}, test]}, {"a": 1})

    def test_text_against_number_is_not_to_be_relied_on(self) -> None:
        assert not self.fires({"$gt": {"a": 5}}, {"b": "x"})

    def fires(self, test: dict[str, Any], message: dict[str, Any]) -> bool:
        rules = {"~": {"all": [{"m": {"$and": [{"s": 1}]}}]}, "1": {"all": [{"m": test}]}}
        shard = object.__new__(durable_adapter._Shard)
        shard._handle = durable_rules_engine.create_ruleset("probe", orjson.dumps(rules).decode())
        facts = orjson.dumps({"s": 1, "id": "x", **message}).decode()
        _, state = durable_rules_engine.assert_fact(shard._handle, facts)
        return "1" in set(shard._run_agenda(state))
