"""The third reading agrees: column findings equal those of both evaluators, on any pack, facts and subjects."""

from collections import Counter
from dataclasses import replace
from random import Random
from types import ModuleType

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.columns import cells, day_columns, related_columns, text_columns, truths
from rules.columns.scopes import Scope
from rules.values.evidence import Evidence
from tests.plain_run import only_long
from tests.property.agreement import _parse_fact, random_valid_pack
from tests.property.random_populations import random_population
from tests.rules.columns.populations import column_outcomes, differences, duckdb_engine, plain_outcomes

OUTCOMES = {"satisfied", "breached", "not_applicable", "undetermined"}


class TestAgreement:
    @settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.randoms(use_true_random=False))
    def test_columns_agree_on_random_conditions(self, random: Random) -> None:
        pack, rulebook = random_valid_pack(random)
        cases = {f"c{number}": Evidence({name: _parse_fact(rulebook.facts[name], raw)
                                         for name, raw in pack.random_facts().items()})
                 for number in range(25)}  # fmt: skip
        assert differences(duckdb_engine(), rulebook, cases) == []

    def test_columns_agree_on_subjects_and_every_derived_fact(self) -> None:
        assert set(compare_populations(seed=20241128, packs=3, cases=40)) == OUTCOMES

    @settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.randoms(use_true_random=False))
    def test_columns_agree_on_law_that_is_not_held(self, random: Random) -> None:
        pack, held = random_valid_pack(random)
        controls = {name: replace(control, is_held=random.random() < 0.3) for name, control in held.controls.items()}
        rulebook = replace(held, controls=controls)
        cases = {f"c{number}": Evidence({name: _parse_fact(rulebook.facts[name], raw)
                                         for name, raw in pack.random_facts().items()})
                 for number in range(25)}  # fmt: skip
        assert differences(duckdb_engine(), rulebook, cases) == []

    @pytest.mark.long
    def test_columns_agree_on_many_random_populations(self) -> None:
        for seed in range(8):
            compare_populations(seed, packs=12, cases=60)

    @pytest.mark.very_long
    def test_columns_agree_on_still_more_random_populations(self) -> None:
        for seed in range(8):
            compare_populations(seed, packs=25, cases=60)


class TestWhatASourceDoesNotCarry:
    """Where a source does not ask for a fact, columns are never surer than the plain evaluator."""

    def test_columns_are_never_surer(self) -> None:
        found = compare_sources(seed=20250228, packs=3, cases=40)
        assert found["undetermined", "undetermined"]
        assert {plain for plain, columns in found if columns == plain} >= {"satisfied", "breached", "not_applicable"}

    @pytest.mark.long
    @pytest.mark.parametrize("seed", range(4))
    def test_columns_are_never_surer_on_some_random_populations(self, seed: int) -> None:
        compare_sources(seed, packs=5, cases=30)

    @pytest.mark.very_long
    @pytest.mark.parametrize("seed", range(8))
    def test_columns_are_never_surer_on_many_random_populations(self, seed: int) -> None:
        compare_sources(seed, packs=25, cases=60)

    def test_a_reading_that_takes_all_facts_as_asked_for_is_found(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Scope, "is_asked", lambda *_: True)
        with pytest.raises(AssertionError):
            compare_sources(seed=3, packs=6, cases=40)


class TestTheComparison:
    """A fault put into the columns is found, so that agreement means something."""

    @pytest.mark.parametrize(
        ("module", "name", "broken"),
        [
            (cells, "_OPERATORS", {**cells._OPERATORS, "at_least": cells._OPERATORS["more_than"]}),
            *only_long(
                (cells, "proof_as_stated", lambda *_: ""),
                (day_columns, "valid_day", lambda day: cells.Cell(day + 1)),
                (related_columns, "_condition_of", lambda *_: truths.as_column(True)),
                (text_columns, "find_relevant", lambda _, texts: np.zeros(len(texts), bool)),
                (text_columns._Groups, "states", lambda _, cases: cases * 0),
            ),
        ],
    )
    def test_a_fault_is_found(
        self, monkeypatch: pytest.MonkeyPatch, module: ModuleType | type, name: str, broken: object
    ) -> None:
        monkeypatch.setattr(module, name, broken)
        with pytest.raises(AssertionError):
            compare_populations(seed=3, packs=6, cases=40)


def compare_populations(seed: int, packs: int, cases: int) -> Counter[str]:
    """Compare random populations, and count the outcomes; fails where the readings differ."""
    random = Random(seed)  # noqa: S311 - tests, not secrets
    outcomes: Counter[str] = Counter()
    for _ in range(packs):
        pack, rulebook = random_population(random)
        population = pack.random_cases(rulebook, cases)
        found = differences(duckdb_engine(), rulebook, population)
        assert found == [], f"{found[:3]} of {pack.pack_data()} with {population[found[0][0][0]]}"
        outcomes.update(plain_outcomes(rulebook, population).values())
    return outcomes


def compare_sources(seed: int, packs: int, cases: int) -> Counter[tuple[str, str]]:
    """Compare random populations whose source asks for some facts; count pairs of the plain outcome and the columns'.

    Fails where columns find an outcome that the plain evaluator does not.
    """
    random = Random(seed)  # noqa: S311 - tests, not secrets
    pairs: Counter[tuple[str, str]] = Counter()
    for _ in range(packs):
        pack, rulebook = random_population(random)
        known = [name for name in (*rulebook.facts, *rulebook.facts.subject_kinds) if name not in pack.derived]
        asked = frozenset({"act.on", *random.sample(known, random.randint(0, len(known)))})
        population = {
            name: replace(evidence, asked=asked) for name, evidence in pack.random_cases(rulebook, cases).items()
        }
        plain, columns = plain_outcomes(rulebook, population), column_outcomes(duckdb_engine(), rulebook, population)
        assert plain.keys() == columns.keys()
        surer = [key for key in plain if columns[key] not in (plain[key], "undetermined")]
        assert surer == [], f"{surer[:3]} of {pack.pack_data()} with {population[surer[0][0]]}"
        pairs.update((plain[key], columns[key]) for key in plain)
    return pairs
