"""The two evaluators agree with each other, and with a naive reading of the raw data, on whatever a pack may say."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.errors import EngineError
from rules.judging import durable_adapter, rule_compiler
from rules.judging.rule_compiler import Column, Conjunction, LeafTest
from tests.property.agreement import compare_evaluators, random_valid_pack

ROOT = Path(__file__).parents[2]
OUTCOMES = {"satisfied", "breached", "not_applicable", "undetermined"}


def compared_apart(seed: int, packs: int, facts: int) -> dict[str, Any]:
    """Compare in a process of its own, which gives back what durable-rules keeps."""
    program = [sys.executable, "-m", "tests.property.agreement", str(seed), str(packs), str(facts)]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4_000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


class TestAgreement:
    @settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
    @given(st.randoms(use_true_random=False))
    def test_three_readings_of_a_pack_agree(self, random: Random) -> None:
        pack, rules = random_valid_pack(random)
        for _ in range(5):
            compare_evaluators(pack, rules, pack.random_facts())

    def test_some_thousand_random_packs_and_facts_agree(self) -> None:
        found = compared_apart(seed=20180416, packs=80, facts=50)
        assert found["pairs"] == 4_000
        assert set(found["outcomes"]) == OUTCOMES

    @pytest.mark.long
    def test_100_000_random_packs_and_facts_agree(self, capsys: pytest.CaptureFixture[str]) -> None:
        pairs, megabytes = 0, 0
        told: Counter[str] = Counter()
        for seed in range(10):
            found = compared_apart(seed, packs=200, facts=50)
            pairs += found["pairs"]
            told.update(found["outcomes"])
            megabytes = max(megabytes, found["megabytes"])
        with capsys.disabled():
            print(f"\n{pairs:,} pairs of packs and facts agree: {dict(told)}; {megabytes:,} MB at most")  # noqa: T201
        assert pairs == 100_000
        assert set(told) == OUTCOMES


class TestTheComparison:
    """A fault put into durable-rules' half is found, so that agreement means something."""

    @staticmethod
    def _bare(left: Column, word: str, right: Column) -> Conjunction:
        return (LeafTest(left, word, right),)

    @pytest.mark.parametrize(
        ("module", "name", "broken"),
        [
            (rule_compiler, "_compare_columns", _bare),
            (durable_adapter, "_DURABLE_OPERATORS", {**durable_adapter._DURABLE_OPERATORS, "at_least": "$gt"}),
            (durable_adapter, "_DURABLE_OPERATORS", {**durable_adapter._DURABLE_OPERATORS, "before": "$lte"}),
            (durable_adapter, "_DURABLE_OPERATORS", {**durable_adapter._DURABLE_OPERATORS, "not_known": "$ex"}),
            (rule_compiler, "_to_durable_value", lambda value: str(value)[:5]),
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
    """Compile every rule again from here on."""
    durable_adapter._RULESETS.clear()
    durable_adapter._plan_judgement.cache_clear()
    durable_adapter._define_shards.cache_clear()
    rule_compiler.compile_control.cache_clear()


def compare_some() -> None:
    """Compare some packs, always the same ones."""
    random = Random(1)  # noqa: S311 - tests, not secrets
    for _ in range(60):
        pack, rules = random_valid_pack(random)
        for _ in range(10):
            compare_evaluators(pack, rules, pack.random_facts())
