"""The table for a second reader: each figure and each way of counting days, with the examples that prove it.

A figure that is wrong in the same way in a pack and in its examples is found by no proof. Whoever reads this table
beside the sources finds it. Only sound schemes have one, so that each example comes out as it says.

Invariants:
- Every row of every dated value is listed, and every derived fact that counts days or names one.
- What no example shows is left empty, and is never made up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from rules.language.derivation_schema import DAY_FUNCTIONS, DerivedDeclaration
from rules.proving.boundaries import examples_beside_rows, sides_of_row
from rules.proving.example_run import ExampleRun
from rules.proving.pack_library import PackLibrary
from rules.proving.rulebook_index import index_rulebook
from rules.proving.scheme_proof import ProofReport
from rules.proving.scope import SchemeMaterial
from rules.values.facts import FactValue

FIGURE, DAY_FUNCTION = "figure", "days"


class ShownBy(NamedTuple):
    """What an example shows of an item, such as `at £150,000`, and the name of the example."""

    what: str
    example: str


class ReviewedItem(NamedTuple):
    """A figure or a way of counting days: what the pack says, its days, its source, and the examples that prove it."""

    kind: str
    name: str
    says: str
    first_day: str
    last_day: str
    citation: str
    basis: str
    examples: tuple[ShownBy, ...]

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read."""
        dated = {"from": self.first_day, "to": self.last_day}
        source = {"citation": self.citation, "basis": self.basis}
        examples = [shown._asdict() for shown in self.examples]
        return {"kind": self.kind, "name": self.name, "says": self.says, **dated, **source, "examples": examples}


def list_reviewed_items(library: PackLibrary, report: ProofReport) -> list[ReviewedItem]:
    """Return what a second reader compares with the sources, of every proved scheme, each item once."""
    items: dict[ReviewedItem, None] = {}
    for name, proof in report.proofs.items():
        material = SchemeMaterial.load(library, name)
        items |= dict.fromkeys(_figures(material, proof.examples.runs))
        items |= dict.fromkeys(_day_functions(material, proof.examples.runs))
    return list(items)


def _figures(material: SchemeMaterial, runs: Sequence[ExampleRun]) -> Iterator[ReviewedItem]:
    """Yield each row of each dated value, with the examples beside its figure and its days."""
    rulebook = material.scheme.rulebook
    shown = examples_beside_rows(material.base.scheme.rulebook, runs)
    for name, value in sorted(rulebook.law.values.items()):
        for row in value.history:
            choices = f" for {', '.join(row.choices.values())}" if row.choices else ""
            operator = f"{row.operator.replace('_', ' ')} " if row.operator else ""
            yield ReviewedItem(
                FIGURE,
                name,
                f"{operator}{value.format_figure(row.figure)}{choices}",
                row.first.isoformat(),
                row.last.isoformat() if row.last else "",
                f"{row.citation.instrument}, {row.citation.provision}",
                row.citation.checked_by,
                tuple(ShownBy(place, shown[side]) for place, side in sides_of_row(name, row) if side in shown),
            )


def _day_functions(material: SchemeMaterial, runs: Sequence[ExampleRun]) -> Iterator[ReviewedItem]:
    """Yield each derived fact that counts days or names one, with an example for each outcome that hangs on it."""
    for name, declared in sorted(material.derived_declarations().items()):
        if function := _describe_day_function(declared):
            yield ReviewedItem(DAY_FUNCTION, name, function, "", "", "", "", tuple(_proofs(name, material, runs)))


def _describe_day_function(declared: DerivedDeclaration) -> str:
    """Return a day function as the pack writes it; empty for any other function."""
    written = declared.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    for function in DAY_FUNCTIONS:
        if function in written:
            return f"{function}: {_write_flat(written[function])}"
    return ""


def _write_flat(written: Any) -> str:  # noqa: ANN401 - any piece of a pack
    """Return a piece of a pack on one line."""
    if isinstance(written, dict):
        return f"{{{', '.join(f'{key}: {_write_flat(inner)}' for key, inner in written.items())}}}"
    return str(written)


def _proofs(name: str, material: SchemeMaterial, runs: Iterable[ExampleRun]) -> Iterator[ShownBy]:
    """Yield the first example for each value of a derived fact with each outcome of a control that hangs on it."""
    dependencies = index_rulebook(material.base.scheme.rulebook).derived_dependencies
    hanging = {control for control, facts in dependencies.items() if name in {fact.name for fact in facts}}
    seen: set[tuple[FactValue | None, str, str]] = set()
    for run in runs:
        for expected in run.expectations:
            if expected.control in hanging and expected.outcome in ("satisfied", "breached"):
                facts = run.evidence.facts_of(expected.subject)
                proof = (facts.get(name), expected.control, expected.outcome)
                if name in facts and proof not in seen:
                    seen.add(proof)
                    yield ShownBy(f"{facts[name]}: {expected.control} {expected.outcome}", run.name)
