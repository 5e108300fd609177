"""The third reading agrees: column findings equal those of both evaluators, on any pack, facts and subjects."""

from collections import Counter
from random import Random
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.columns import cells, day_columns, related_columns, truths
from rules.values.evidence import Evidence
from tests.property.agreement import _parse_fact, random_valid_pack
from tests.property.random_populations import random_population
from tests.rules.columns.populations import differences, duckdb_engine, plain_outcomes

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

    @pytest.mark.long
    def test_columns_agree_on_many_random_populations(self) -> None:
        for seed in range(8):
            compare_populations(seed, packs=25, cases=60)


class TestTheComparison:
    """A fault put into the columns is found, so that agreement means something."""

    @pytest.mark.parametrize(
        ("module", "name", "broken"),
        [
            (cells, "_OPERATORS", {**cells._OPERATORS, "at_least": cells._OPERATORS["more_than"]}),
            (cells, "proof_as_stated", lambda *_: ""),
            (day_columns, "valid_day", lambda day: cells.Cell(day + 1)),
            (related_columns, "_condition_of", lambda *_: truths.as_column(True)),
        ],
    )
    def test_a_fault_is_found(
        self, monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str, broken: object
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
