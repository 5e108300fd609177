"""Judge facts by the shipped packs, and return the findings by control."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeAlias

import pytest

from rules.judging.findings import Finding
from rules.packs.library import Library
from rules.packs.scheme import Scheme
from rules.packs.stated_facts import AsTyped, parse_stated_facts
from rules.reading.yaml_reader import YamlFile
from rules.values.evidence import Evidence
from tests.gate_findings import gate_findings

JudgeFacts: TypeAlias = Callable[..., dict[str, Finding]]


@pytest.fixture(scope="session")
def scheme() -> Scheme:
    return Library.load([]).scheme("mopac")


@pytest.fixture
def judge(scheme: Scheme) -> JudgeFacts:
    """Return a function that judges facts, stated as officers write them, on a day and gives the findings by control.

    Each control has at most one subject here. Without `with_authority_facts`, facts of the authority are unknown.
    """

    def judge_facts(
        facts: dict[str, Any], on: str = "2018-04-16", with_authority_facts: bool = True
    ) -> dict[str, Finding]:
        stated, faults = parse_stated_facts(
            YamlFile("facts.yaml", facts, {}), (), facts, scheme.rulebook.facts, AsTyped(scheme.suggest_fact)
        )
        assert not faults
        authority_facts = scheme.authority_facts if with_authority_facts else {}
        evidence = Evidence.from_parts({**authority_facts, "act.on": date.fromisoformat(on), **stated}, {})
        return {finding.control: finding for finding in gate_findings(scheme.rulebook, None, evidence)}

    return judge_facts
