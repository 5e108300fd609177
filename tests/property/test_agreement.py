"""The two evaluators agree with each other, and with a naive reading of the raw data, on any pack."""

from collections import Counter
from random import Random
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.errors import EngineError
from rules.judging import durable_adapter, rule_compiler
from rules.judging.rule_compiler import Column, Conjunction, LeafTest
from tests.property.agreement import compare_evaluators, compare_many, random_valid_pack

OUTCOMES = {"satisfied", "breached", "not_applicable", "undetermined"}


class TestAgreement:
    @settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
    @given(st.randoms(use_true_random=False))
    def test_three_readings_of_a_pack_agree(self, random: Random) -> None:
        pack, rules = random_valid_pack(random)
        for _ in range(5):
            compare_evaluators(pack, rules, pack.random_facts())

    def test_4_000_random_packs_and_facts_agree(self) -> None:
        assert set(compare_many(seed=20180416, pack_count=80, fact_sets=50)) == OUTCOMES

    @pytest.mark.long
    def test_100_000_random_packs_and_facts_agree(self) -> None:
        outcomes: Counter[str] = Counter()
        for seed in range(10):
            outcomes.update(compare_many(seed, pack_count=200, fact_sets=50))
        assert set(outcomes) == OUTCOMES


class TestTheComparison:
    """A fault put into the adapter is found, so that agreement means something."""

    @staticmethod
    def _compare_unguarded(left: Column, operator: str, right: Column) -> Conjunction:
        return (LeafTest(left, operator, right),)

    @pytest.mark.parametrize(
        ("module", "name", "broken"),
        [
            (rule_compiler, "_compare_columns", _compare_unguarded),
            (durable_adapter, "_DURABLE_OPERATORS", {**durable_adapter._DURABLE_OPERATORS, "at_least": "$gt"}),
            (durable_adapter, "_DURABLE_OPERATORS", {**durable_adapter._DURABLE_OPERATORS, "before": "$lte"}),
            (durable_adapter, "_DURABLE_OPERATORS", {**durable_adapter._DURABLE_OPERATORS, "not_known": "$ex"}),
            (rule_compiler, "to_durable_value", lambda value: str(value)[:5]),
        ],
    )
    def test_a_fault_is_found(
        self, monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str, broken: object
    ) -> None:
        forget_compiled_rules()
        monkeypatch.setattr(module, name, broken)
        with pytest.raises((AssertionError, EngineError)):
            compare_some()
        forget_compiled_rules()


def forget_compiled_rules() -> None:
    """Forget every compiled rule, so that the next is compiled again."""
    durable_adapter._RULESETS.clear()
    durable_adapter._plan_judgement.cache_clear()
    durable_adapter._define_shards.cache_clear()
    rule_compiler.compile_control.cache_clear()


def compare_some() -> None:
    """Compare some packs, the same each time."""
    random = Random(1)  # noqa: S311 - tests, not secrets
    for _ in range(60):
        pack, rules = random_valid_pack(random)
        for _ in range(10):
            compare_evaluators(pack, rules, pack.random_facts())
