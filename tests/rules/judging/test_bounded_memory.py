"""A process that judges under ever-new packs stays within its bound, and judges correctly on it.

durable-rules frees nothing by itself. Unbounded, each test that measures memory here would take some 300 MB.
"""

import gc
import subprocess
import sys
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import pytest
from durable.engine import durable_rules_engine

from rules.errors import EngineError
from rules.judging import durable_adapter
from rules.judging.durable_adapter import durable_outcomes
from rules.judging.judge import judge_evidence, plain_outcome
from rules.judging.resolved_control import ResolvedControl
from rules.judging.rulebook import Rulebook
from rules.language.conditions import AllOf, Predicate, ResolvedValue
from rules.values.evidence import Evidence
from rules.values.facts import Facts
from tests.property.agreement import compare_evaluators, random_valid_pack
from tests.rules.judging.test_durable_adapter import record_definitions
from tests.rules.pack_builders import controls_yaml, small_rulebook

ROOT = Path(__file__).parents[3]
KIB = 1024
BOUND_KIB = 16 * KIB
COMPILED_KIB = 10 * BOUND_KIB
"""How much a test of the bound compiles: far more than may be kept."""


def resident_kib() -> int:
    """The memory that this process holds."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4


def limit_controls(figure: int, count: int = 30) -> tuple[ResolvedControl, ...]:
    """Controls that are compiled anew for each figure."""
    return tuple(
        ResolvedControl(f"a.n{n}", AllOf(()), Predicate(f"f{n}", "at_least", ResolvedValue(figure, "a.limit")))
        for n in range(count)
    )


def definitions_of(controls: tuple[ResolvedControl, ...]) -> set[durable_adapter._ShardDefinition]:
    """The rulesets that judge some controls."""
    return {shard.definition for shard in durable_adapter._Plan(controls)._shards}


def check_agreement(controls: tuple[ResolvedControl, ...], facts: Facts) -> None:
    """Judge some controls, and fail where the evaluators disagree."""
    assert durable_outcomes(controls, facts) == {control.id: plain_outcome(control, facts) for control in controls}


def many_definitions() -> list[durable_adapter._ShardDefinition]:
    """The rulesets of controls of several sizes, for many figures."""
    controls = (limit_controls(figure, count) for count in (1, 12, 50) for figure in range(40))
    return [definition for group in controls for definition in definitions_of(group)]


def judge_ever_new_figures(cache: durable_adapter._RulesetCache) -> None:
    """Judge controls whose figures change each time, until far more is compiled than may be kept."""
    compiled_kib = figure = 0
    while compiled_kib < COMPILED_KIB:
        controls = limit_controls(figure := figure + 1)
        check_agreement(controls, {f"f{n}": figure + n % 2 for n in range(30)})
        compiled_kib += sum(definition.kib for definition in definitions_of(controls))
        assert cache.kept_kib <= cache._max_kib


def judge_ever_new_packs(cache: durable_adapter._RulesetCache) -> None:
    """Judge by one version of a pack after another; each takes 2 MB of rulesets."""
    evidence = Evidence({"number": 1_000}, {})
    for version in range(60):
        bodies = {f"a_n{n}": f"requires: {{number: {{at_least: {version * 40 + n}}}}}" for n in range(40)}
        assert judge_evidence(small_rulebook(controls_yaml(**bodies)), "submit", evidence).findings
        assert cache.kept_kib <= cache._max_kib


def compile_many_rulesets(cache: durable_adapter._RulesetCache) -> None:
    """Compile and run many rulesets, and keep them all."""
    for definition in many_definitions():
        cache.fired_rules(definition, {})


def growth_kib(work: str, bound_kib: int) -> int:
    """By how much a new process grows that does some work with a bound; other tests leave memory in this one."""
    program = f"from {__name__} import grow; print(grow({work!r}, {bound_kib}))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def grow(work: str, bound_kib: int) -> int:
    """Do some work with a bound, and return by how many KiB this process has grown."""
    cache = durable_adapter._RulesetCache(bound_kib)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(durable_adapter, "_RULESETS", cache)
        # The first judgement loads the engine and its modules, which no bound of rulesets covers.
        check_agreement(limit_controls(0), {f"f{n}": n % 2 for n in range(30)})
        start_kib = resident_kib()
        globals()[work](cache)
        return resident_kib() - start_kib


@pytest.fixture
def small_cache(monkeypatch: pytest.MonkeyPatch) -> Iterator[durable_adapter._RulesetCache]:
    """A cache of rulesets with a small bound, for one test."""
    cache = durable_adapter._RulesetCache(BOUND_KIB)
    monkeypatch.setattr(durable_adapter, "_RULESETS", cache)
    yield cache
    cache.clear()


class TestTheBound:
    def test_memory_stays_bounded_under_ever_new_figures(self) -> None:
        assert growth_kib("judge_ever_new_figures", BOUND_KIB) < BOUND_KIB * 1.5

    def test_memory_stays_bounded_under_ever_new_packs(self) -> None:
        assert growth_kib("judge_ever_new_packs", BOUND_KIB) < BOUND_KIB * 2

    @pytest.mark.long
    def test_more_memory_than_that_would_be_noticed(self) -> None:
        """Without a bound, the same work takes several times as much."""
        assert growth_kib("judge_ever_new_figures", 2 * COMPILED_KIB) > BOUND_KIB * 3

    def test_no_ruleset_takes_more_than_estimated(self) -> None:
        taken_kib = growth_kib("compile_many_rulesets", COMPILED_KIB)
        assert taken_kib < sum(definition.kib for definition in many_definitions()) * 1.1

    def test_the_least_recently_used_ruleset_is_freed_first(self, small_cache: durable_adapter._RulesetCache) -> None:
        used, unused = limit_controls(1), limit_controls(2)
        check_agreement(used, {})
        check_agreement(unused, {})
        for figure in range(3, 60):
            check_agreement(limit_controls(figure), {})
            check_agreement(used, {})
        kept = small_cache._shards.keys()
        assert definitions_of(used) & kept == definitions_of(used)
        assert definitions_of(unused) & kept == definitions_of(limit_controls(1)) & definitions_of(limit_controls(2))


class TestJudgingOnTheBound:
    def test_the_evaluators_agree_where_each_ruleset_is_freed_before_the_next(
        self, small_cache: durable_adapter._RulesetCache
    ) -> None:
        small_cache._max_kib = 0
        random = Random(20180416)  # noqa: S311 - tests, not secrets
        for _ in range(25):
            pack, rules = random_valid_pack(random)
            for _ in range(4):
                compare_evaluators(pack, rules, pack.random_facts())
        assert len(small_cache._shards) == 1

    def test_threads_that_free_each_others_rulesets_judge_correctly(
        self, small_cache: durable_adapter._RulesetCache
    ) -> None:
        small_cache._max_kib = 0

        def judge_many(seed: int) -> None:
            for figure in range(100):
                check_agreement(limit_controls(figure), {f"f{n}": (figure * n + seed) % 100 for n in range(30)})

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(judge_many, (3, 11)))

    @pytest.mark.usefixtures("small_cache")
    def test_a_new_figure_compiles_only_the_rules_of_its_own_pack(self, monkeypatch: pytest.MonkeyPatch) -> None:
        stable = limit_controls(1)
        check_agreement(stable, {})
        definitions = record_definitions(monkeypatch)
        for figure in range(5):
            other = Predicate("fact", "at_least", ResolvedValue(figure, "b.limit"))
            check_agreement((*stable, ResolvedControl("b.c", AllOf(()), other)), {"fact": 2})
        assert len(definitions) == 5

    def test_a_ruleset_that_failed_is_freed_and_never_used_again(
        self, small_cache: durable_adapter._RulesetCache, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        controls = limit_controls(7)
        check_agreement(controls, {})
        kept_kib, failed = small_cache.kept_kib, list(small_cache._shards.values())
        real = durable_rules_engine.complete_and_start_action

        def fail(*_arguments: object) -> None:
            raise durable_rules_engine.error("once")

        monkeypatch.setattr(durable_rules_engine, "complete_and_start_action", fail)
        with pytest.raises(EngineError, match="once"):
            durable_outcomes(controls, {"f1": 7})
        assert small_cache.kept_kib < kept_kib
        monkeypatch.setattr(durable_rules_engine, "complete_and_start_action", real)
        check_agreement(controls, {"f1": 7})
        assert failed[0] not in small_cache._shards.values()

    @pytest.mark.parametrize("interruption", [KeyboardInterrupt, EngineError("x")])
    def test_a_ruleset_whose_judgement_was_interrupted_is_freed(
        self,
        small_cache: durable_adapter._RulesetCache,
        monkeypatch: pytest.MonkeyPatch,
        interruption: type[BaseException] | BaseException,
    ) -> None:
        controls = limit_controls(8, 2)
        check_agreement(controls, {})
        (first, *_) = small_cache._shards

        def interrupt(*_arguments: object) -> None:
            raise interruption

        with monkeypatch.context() as patch:
            patch.setattr(durable_rules_engine, "start_action_for_state", interrupt)
            with pytest.raises((KeyboardInterrupt, EngineError)):
                durable_outcomes(controls, {"f1": 9})
        assert first not in small_cache._shards
        assert small_cache.kept_kib == sum(definition.kib for definition in small_cache._shards)
        check_agreement(controls, {"f1": 9})


class TestRulebooks:
    def test_no_cache_keeps_an_unused_rulebook(self) -> None:
        rulebook = small_rulebook(controls_yaml(a_b="requires: {value: {reaches: {value: limit}}}"))
        judgement = judge_evidence(rulebook, "submit", Evidence({}, {}))
        assert judgement.findings
        kept: weakref.ref[Rulebook] = weakref.ref(rulebook)
        del rulebook, judgement
        gc.collect()
        assert kept() is None
