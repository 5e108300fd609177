"""What the shipped packs say of some facts, by the control that says it."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeAlias

import pytest

from rules.judging.findings import Finding
from rules.packs.library import Library
from rules.packs.scheme import Scheme
from rules.packs.stated_facts import parse_stated_facts
from rules.reading.yaml_reader import YamlFile
from rules.values.evidence import Evidence
from tests.gate_findings import gate_findings

JudgeFacts: TypeAlias = Callable[..., dict[str, Finding]]


@pytest.fixture(scope="session")
def scheme() -> Scheme:
    return Library.load([]).scheme("mopac")


@pytest.fixture
def judged(scheme: Scheme) -> JudgeFacts:
    """Judge facts as a paper states them, on a day; the findings by control, each of its one subject."""

    def judge_facts(facts: dict[str, Any], on: str = "2018-04-16", given: bool = True) -> dict[str, Finding]:
        stated, faults = parse_stated_facts(YamlFile("facts of the test", facts, {}), (), facts, scheme.rulebook.facts)
        assert not faults
        whole = {**(scheme.authority_facts if given else {}), "act.on": date.fromisoformat(on), **stated}
        return {
            finding.control: finding for finding in gate_findings(scheme.rulebook, None, Evidence.from_parts(whole, {}))
        }

    return judge_facts
