"""What the shipped packs say of some facts, by the control that says it."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeAlias

import pytest

from rules.judging.findings import Finding
from rules.packs.library import Library
from rules.packs.scheme import Scheme
from rules.packs.stated_facts import facts_stated
from rules.reading.yaml_reader import Source
from rules.values.evidence import Evidence
from tests.judging import judge

Judged: TypeAlias = Callable[..., dict[str, Finding]]


@pytest.fixture(scope="session")
def scheme() -> Scheme:
    return Library.of([]).scheme("mopac")


@pytest.fixture
def judged(scheme: Scheme) -> Judged:
    """Judge facts as a paper states them, on a day; the findings by control, each of its one subject."""

    def judge_facts(facts: dict[str, Any], on: str = "2018-04-16", given: bool = True) -> dict[str, Finding]:
        stated, faults = facts_stated(Source("facts of the test", facts, {}), (), facts, scheme.rulebook.facts)
        assert not faults
        whole = {**(scheme.given if given else {}), "act.on": date.fromisoformat(on), **stated}
        return {finding.control: finding for finding in judge(scheme.rulebook, None, Evidence.gather(whole, {}))}

    return judge_facts
