"""Column findings equal those of both evaluators on every worked example of the shipped schemes."""

import pytest

from rules.packs.library import Library
from rules.proving.examples import run_examples
from rules.proving.scope import SchemeMaterial
from rules.values.evidence import Evidence
from rules.values.facts import Facts
from tests.rules.columns.populations import differences, duckdb_engine


@pytest.mark.long
@pytest.mark.parametrize("name", Library.load([]).schemes())
def test_columns_agree_on_the_worked_examples_of_each_scheme(name: str) -> None:
    library = Library.load([])
    rulebook = library.scheme(name).rulebook
    derived = {fact.name for fact in rulebook.derived_facts}

    def as_stated(facts: Facts) -> Facts:
        return {fact: value for fact, value in facts.items() if fact not in derived}

    cases = {
        f"e{number}": Evidence(
            as_stated(run.evidence.case_facts),
            {subject: as_stated(facts) for subject, facts in run.evidence.subjects.items()},
        )
        for number, run in enumerate(run_examples(SchemeMaterial.load(library, name)).runs)
    }
    assert len(cases) > 50
    assert differences(duckdb_engine(), rulebook, cases) == []
