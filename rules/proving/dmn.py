"""The dated values of the law as decision tables of DMN 1.5, and their test cases in the form of the DMN TCK.

A value fits a table if it has rows: its inputs are the day that governs and the choices that pick its figure, and its
rows never overlap, so that the hit policy is `UNIQUE`. Controls do not fit: their truth is three-valued.

Invariants:
- A day on which no figure is in force has no row, so that a table gives null and never the nearest figure.
- Each row has a test on its first day, on its last, and on each day beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple
from xml.etree import ElementTree as ET

from rules.language.dated_values import DatedFigure, DatedValue
from rules.proving.catalogue import CatalogueEntry
from rules.values.facts import FactValue
from rules.values.money import Money

MODEL = "https://www.omg.org/spec/DMN/20230324/MODEL/"
TESTS = "http://www.omg.org/spec/DMN/20160719/testcase"
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
NAMESPACE = "urn:assent:law"
MODEL_FILE = "law.dmn"
DAY = "day"
"""The name of the input for the day that governs."""

_TYPES = {"money": "number", "count": "number", "flag": "boolean", "day": "date", "choice": "string"}
_XSD_TYPES = {"number": "xsd:decimal", "boolean": "xsd:boolean", "date": "xsd:date", "string": "xsd:string"}
_ONE_DAY = timedelta(days=1)


class DecisionTable(NamedTuple):
    """One value that fits a decision table, under a name that FEEL can read."""

    name: str
    entry: CatalogueEntry
    value: DatedValue

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of its inputs: the day, then the facts that pick the figure."""
        return (DAY, *map(feel_name, self.value.by))

    @property
    def outputs(self) -> tuple[str, ...]:
        """The names of its outputs: the figure, and for a limit its operator and the VAT basis of an amount."""
        is_money = self.value.kind == "money"
        return ("figure", *["operator"] * self.value.has_operators, *["vat"] * is_money)

    @property
    def type(self) -> str:
        """The FEEL type of the figure."""
        return _TYPES[self.value.kind]


def feel_name(name: str) -> str:
    """Return a name that FEEL reads as one word: `procurement.threshold` becomes `procurement_threshold`."""
    return name.replace(".", "_").replace("-", "_")


def find_tables(entries: Iterable[CatalogueEntry]) -> list[DecisionTable]:
    """Return the values with rows, each as a table; one that several packs set is named with its pack."""
    fitting = [
        (entry, entry.declaration)
        for entry in entries
        if isinstance(entry.declaration, DatedValue) and entry.declaration.history
    ]
    ids = [entry.id for entry, _ in fitting]
    return [
        DecisionTable(feel_name(entry.id if ids.count(entry.id) == 1 else f"{entry.id}_of_{entry.pack}"), entry, value)
        for entry, value in fitting
    ]


def write_model(tables: Iterable[DecisionTable]) -> str:
    """Return the tables as one DMN 1.5 model."""
    chosen = list(tables)
    root = ET.Element(
        "definitions",
        {"xmlns": MODEL, "id": "law", "name": "law", "namespace": NAMESPACE, "exporter": "assent"},
    )
    for name in dict.fromkeys(name for table in chosen for name in table.inputs):
        declared = ET.SubElement(root, "inputData", {"id": f"input_{name}", "name": name})
        ET.SubElement(declared, "variable", {"name": name, "typeRef": "date" if name == DAY else "string"})
    for table in chosen:
        _add_decision(root, table)
    return _format_xml(root)


def _add_decision(root: ET.Element, table: DecisionTable) -> None:
    decision = ET.SubElement(
        root, "decision", {"id": f"decision_{table.name}", "name": table.name, "label": table.value.label}
    )
    type_name = table.type if len(table.outputs) == 1 else "Any"
    ET.SubElement(decision, "variable", {"name": table.name, "typeRef": type_name})
    for name in table.inputs:
        required = ET.SubElement(decision, "informationRequirement", {"id": f"needs_{table.name}_{name}"})
        ET.SubElement(required, "requiredInput", {"href": f"#input_{name}"})
    rules = ET.SubElement(decision, "decisionTable", {"id": f"table_{table.name}", "hitPolicy": "UNIQUE"})
    for name in table.inputs:
        column = ET.SubElement(rules, "input", {"id": f"in_{table.name}_{name}", "label": name})
        type_ref = {"id": f"expr_{table.name}_{name}", "typeRef": "date" if name == DAY else "string"}
        _add_text(ET.SubElement(column, "inputExpression", type_ref), name)
    for name in table.outputs:
        named = {"name": name} if len(table.outputs) > 1 else {}
        type_ref = {"typeRef": table.type if name == "figure" else "string"}
        ET.SubElement(rules, "output", {"id": f"out_{table.name}_{name}", "label": name, **named, **type_ref})
    ET.SubElement(rules, "annotation", {"name": "source"})
    for place, row in enumerate(table.value.history):
        _add_rule(rules, table, row, f"{table.name}_{place}")


def _add_rule(rules: ET.Element, table: DecisionTable, row: DatedFigure, name: str) -> None:
    rule = ET.SubElement(rules, "rule", {"id": f"rule_{name}"})
    tests = (_days_test(row), *(_string(row.choices[fact]) if fact in row.choices else "-" for fact in table.value.by))
    for place, test in enumerate(tests):
        _add_text(ET.SubElement(rule, "inputEntry", {"id": f"when_{name}_{place}"}), test)
    for place, output in enumerate(_outputs_of(table, row)):
        text = _string(output) if place or table.type == "string" else _literal(output)
        _add_text(ET.SubElement(rule, "outputEntry", {"id": f"then_{name}_{place}"}), text)
    cited = row.citation
    _add_text(
        ET.SubElement(rule, "annotationEntry"),
        f"{cited.instrument}, {cited.provision} ({cited.checked_by}) {cited.link}",
    )


def _days_test(row: DatedFigure) -> str:
    """Return the days of a row as a FEEL unary test."""
    if row.last is None:
        return f">= {_literal(row.first)}"
    return f"[{_literal(row.first)}..{_literal(row.last)}]"


def _outputs_of(table: DecisionTable, row: DatedFigure) -> list[FactValue]:
    outputs = [row.figure]
    if table.value.has_operators:
        outputs.append(row.operator or "")
    if isinstance(row.figure, Money):
        outputs.append(row.figure.vat.code)
    return outputs


def _literal(value: FactValue) -> str:
    """Return a number, a flag or a day as FEEL writes it; an amount in pounds."""
    if isinstance(value, date):
        return f'date("{value.isoformat()}")'
    return _plain(value)


def _plain(value: FactValue) -> str:
    if isinstance(value, Money):
        pounds, pence = divmod(value.pence, 100)
        return f"{pounds}.{pence:02d}" if pence else str(pounds)
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else str(value)


def _string(value: FactValue) -> str:
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def write_tests(tables: Iterable[DecisionTable]) -> str:
    """Return test cases for the tables, in the form of the DMN TCK, to be run on the model `law.dmn`."""
    root = ET.Element(
        "testCases",
        {"xmlns": TESTS, "xmlns:xsi": _INSTANCE, "xmlns:xsd": "http://www.w3.org/2001/XMLSchema"},
    )
    _add(root, "modelName", MODEL_FILE)
    for table in tables:
        for number, (day, row) in enumerate(_tests_of(table.value)):
            _add_test(root, table, f"{table.name}_{number}", day, row)
    return _format_xml(root)


def _tests_of(value: DatedValue) -> Iterator[tuple[date, DatedFigure]]:
    """Yield each day to try with a row whose choices it is tried for: the days of its ends, and those beside them."""
    tried: set[tuple[date, tuple[tuple[str, str], ...]]] = set()
    for row in value.history:
        days = [row.first - _ONE_DAY, row.first, *([row.last, row.last + _ONE_DAY] if row.last else [])]
        for day in days:
            key = (day, tuple(sorted(row.choices.items())))
            if key not in tried:
                tried.add(key)
                yield day, row


def _add_test(root: ET.Element, table: DecisionTable, name: str, day: date, row: DatedFigure) -> None:
    case = ET.SubElement(root, "testCase", {"id": name})
    inputs = {DAY: ("xsd:date", day.isoformat())}
    inputs |= {feel_name(fact): ("xsd:string", choice) for fact, choice in row.choices.items()}
    for input_name, (type_name, text) in inputs.items():
        _add(ET.SubElement(case, "inputNode", {"name": input_name}), "value", text, {"xsi:type": type_name})
    result = ET.SubElement(case, "resultNode", {"name": table.name, "type": "decision"})
    expected = ET.SubElement(result, "expected")
    found = next((each for each in table.value.history if each.choices == row.choices and each.covers(day)), None)
    if found is None:
        ET.SubElement(expected, "value", {"xsi:nil": "true"})
        return
    types = [_XSD_TYPES[table.type], "xsd:string", "xsd:string"]
    outputs = zip(table.outputs, map(_plain, _outputs_of(table, found)), types, strict=False)
    for output, text, type_name in outputs:
        holder = expected if len(table.outputs) == 1 else ET.SubElement(expected, "component", {"name": output})
        _add(holder, "value", text, {"xsi:type": type_name})


def _add_text(parent: ET.Element, text: str) -> None:
    _add(parent, "text", text)


def _add(parent: ET.Element, name: str, text: str, attributes: dict[str, str] | None = None) -> None:
    ET.SubElement(parent, name, attributes or {}).text = text


def _format_xml(root: ET.Element) -> str:
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'
