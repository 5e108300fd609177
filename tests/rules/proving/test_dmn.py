"""The law as decision tables of DMN: every test case holds, and every figure is that of the packs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

import pytest
from lxml import etree

from rules.errors import NotInForce
from rules.packs.library import Library
from rules.proving.catalogue import catalogue_entries
from rules.proving.dmn import (
    DAY,
    MODEL,
    TESTS,
    DecisionTable,
    feel_name,
    find_tables,
    write_model,
    write_tests,
)
from rules.values.money import Money

LIBRARY = Library.load([])
TABLES = find_tables(catalogue_entries(LIBRARY.pack_files))
NAMES = {"d": MODEL, "t": TESTS}
DECISIONS = {
    found.get("name"): found for found in etree.fromstring(write_model(TABLES).encode()).findall("d:decision", NAMES)
}
CASES = etree.fromstring(write_tests(TABLES).encode()).findall("t:testCase", NAMES)
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"


class Case(NamedTuple):
    """One test case: the decision, its inputs, and what it gives by the name of the output; None for null."""

    decision: str
    inputs: Mapping[str, str]
    expected: Mapping[str, str] | None


def read_case(case: etree._Element) -> Case:
    inputs = {node.get("name", ""): node.findtext("t:value", "", NAMES) for node in case.findall("t:inputNode", NAMES)}
    result = case.find("t:resultNode", NAMES)
    assert result is not None
    value = result.find("t:expected/t:value", NAMES)
    components = result.findall("t:expected/t:component", NAMES)
    expected: Mapping[str, str] | None = {
        node.get("name", ""): node.findtext("t:value", "", NAMES) for node in components
    }
    if value is not None:
        expected = None if value.get(NIL) else {"figure": value.text or ""}
    return Case(result.get("name", ""), inputs, expected)


def decide(decision: etree._Element, inputs: Mapping[str, str]) -> dict[str, str] | None:
    """Evaluate a decision table by its XML alone; its hit policy allows one rule."""
    table = decision.find("d:decisionTable", NAMES)
    assert table is not None
    assert table.get("hitPolicy") == "UNIQUE"
    columns = [column.findtext("d:inputExpression/d:text", "", NAMES) for column in table.findall("d:input", NAMES)]
    outputs = [output.get("name") or "figure" for output in table.findall("d:output", NAMES)]
    hits = []
    for rule in table.findall("d:rule", NAMES):
        tests = [entry.findtext("d:text", "", NAMES) for entry in rule.findall("d:inputEntry", NAMES)]
        if all(holds(test, inputs[column]) for column, test in zip(columns, tests, strict=True)):
            figures = [entry.findtext("d:text", "", NAMES) for entry in rule.findall("d:outputEntry", NAMES)]
            hits.append(dict(zip(outputs, map(read_literal, figures), strict=True)))
    assert len(hits) <= 1
    return hits[0] if hits else None


def holds(test: str, value: str) -> bool:
    """Evaluate one of the three unary tests that the tables use."""
    days = [date.fromisoformat(day) for day in re.findall(r'date\("([0-9-]+)"\)', test)]
    if test.startswith(">= "):
        return date.fromisoformat(value) >= days[0]
    if days:
        return days[0] <= date.fromisoformat(value) <= days[1]
    return test in ("-", f'"{value}"')


def read_literal(text: str) -> str:
    quoted = re.fullmatch(r'(?:date\()?"(.*)"\)?', text)
    return quoted[1] if quoted else text


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_test_case_holds_in_the_table(table: DecisionTable) -> None:
    cases = [case for case in map(read_case, CASES) if case.decision == table.name]
    assert cases
    for case in cases:
        assert set(case.inputs) == set(table.inputs), case
        assert decide(DECISIONS[table.name], case.inputs) == case.expected, case


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_gives_the_figure_of_the_pack_on_each_day_beside_a_row(table: DecisionTable) -> None:
    for row in table.value.history:
        ends = [row.first, *([row.last] if row.last else [])]
        for day in {end + timedelta(days=shift) for end in ends for shift in (-1, 0, 1)}:
            try:
                figure = table.value.in_force_on(table.entry.id, day, row.choices).figure
            except NotInForce:
                figure = None
            inputs = {DAY: day.isoformat(), **{feel_name(fact): choice for fact, choice in row.choices.items()}}
            decided = decide(DECISIONS[table.name], inputs)
            assert (decided is None) == (figure is None)
            if decided is not None and isinstance(figure, Money):
                assert round(float(decided["figure"]) * 100) == figure.pence
                assert decided["vat"] == figure.vat.code


def test_each_value_with_rows_is_a_table() -> None:
    assert len(DECISIONS) == len(TABLES)
    assert {"procurement_threshold", "vat_rate", "subsidy_minimal_limit"} <= set(DECISIONS)


def test_each_row_names_its_source() -> None:
    for decision in DECISIONS.values():
        for rule in decision.findall("d:decisionTable/d:rule", NAMES):
            assert rule.findtext("d:annotationEntry/d:text", "", NAMES).strip()
