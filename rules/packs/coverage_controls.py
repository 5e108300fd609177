"""The controls of what the packs do not hold: each row of coverage with `when` becomes one.

Invariants:
- Its outcome is `not_held` where `when` is true on its days in force, `not_applicable` where it is false, and
  `undetermined` where it hangs on a fact that is missing. It is never satisfied, so it never opens a gate.
- It only warns, and says what to read.
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.judging.rulebook import Control, in_force_conditions
from rules.language.condition_parser import ConditionParser
from rules.language.conditions import AllOf, negate
from rules.language.coverage_schema import CoverageRow
from rules.language.pack_schema import ControlDeclaration
from rules.packs.pack_file import PackFile

PREFIX = "not_held."


def name_control(pack: str, row: str) -> str:
    """Return the name of the control of a row of coverage."""
    return f"{PREFIX}{pack.replace('-', '_')}_{row}"


def parse_coverage(pack_file: PackFile, parser: ConditionParser) -> Iterator[tuple[str, Control]]:
    """Yield the name and control of each row of a pack's coverage that may ask something of a case."""
    for name, row in pack_file.pack.coverage.items():
        if row.when is None:
            continue
        declared = _declare(row)
        when = parser.parse(row.when, ("coverage", name, "when"))
        applies = AllOf((*in_force_conditions(declared), when))
        control = name_control(pack_file.pack.pack, name)
        origin = {"is_generated": True, "is_of_scheme": pack_file.is_of_scheme, "is_held": False}
        yield name, Control(control, declared, applies, negate(when), **origin)


def _declare(row: CoverageRow) -> ControlDeclaration:
    cited = row.citation
    return ControlDeclaration.model_validate(
        {
            "of": row.of,
            "requirement": row.about,
            "wrong": f"No rule is held here for {', '.join(row.provisions)}. {row.lacks}".strip(),
            "cure": f"Read {cited.provision} of {cited.instrument}. If you are not sure what it asks, ask a lawyer.",
            "requires": {"none": [row.when]},
            "severity": "warning",
            "gates": row.gates,
            "governed_by": row.governed_by,
            "in_force": row.in_force,
            "citation": cited,
        }
    )
