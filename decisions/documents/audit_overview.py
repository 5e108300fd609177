"""The overview of an audit of several cases: the trend by year of decision, and which case breaches what.

- The trend is a picture with its numbers in a table below, so that nobody needs to see the picture.
- The matrix has the cases with most breaches, and the rules that most cases breach; its columns are numbered as the
  breaches are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from decisions.documents.audit_breaches import Breach
from decisions.documents.blocks.bar_chart import Bar, BarChart
from decisions.documents.blocks.heading import Heading
from decisions.documents.blocks.registry import Block
from rules.values.passages import Cell, Paragraph, Table
from workflow.services.audit_totals import AuditTotals, BreachedControl, YearTotals

MAX_MATRIX_CASES, MAX_MATRIX_CONTROLS = 20, 10
_MARKS = {"blocking": "B", "warning": "W"}


class CaseLine(NamedTuple):
    """A case of the matrix and the controls that it breaches."""

    name: str
    breached: frozenset[BreachedControl]

    def rank(self) -> tuple[int, int, str]:
        """The order of the matrix: most breaches of rules that block first, then most of all."""
        blocking = sum(control.severity == "blocking" for control in self.breached)
        return -blocking, -len(self.breached), self.name


def build_year_trend(years: Mapping[int | None, YearTotals]) -> Iterator[Block]:
    """Yield the cases with breaches by year of decision; nothing if all were decided in one year."""
    dated = sorted((year, totals) for year, totals in years.items() if year is not None)
    if len(dated) < 2:  # noqa: PLR2004  # one year is no trend
        return
    yield Heading("Cases with breaches, by year of decision")
    yield BarChart(
        tuple(Bar(str(year), totals.with_breaches, totals.cases) for year, totals in dated), "cases with breaches"
    )
    rows = [(str(year), totals) for year, totals in dated]
    rows += [("No day known", years[None])] if None in years else []
    heads = ("Year", "Cases", "With breaches", "Breaches")
    yield Table(
        tuple(map(Cell, heads)),
        tuple(
            tuple(map(Cell, (name, f"{each.cases:,}", f"{each.with_breaches:,}", f"{each.breaches:,}")))
            for name, each in rows
        ),
    )


def build_case_matrix(
    lines: Sequence[CaseLine], numbered: Sequence[tuple[BreachedControl, Breach]], totals: AuditTotals
) -> Iterator[Block]:
    """Yield a table of the cases with breaches against the rules that they breach."""
    breaching = sorted((line for line in lines if line.breached), key=CaseLine.rank)[:MAX_MATRIX_CASES]
    if not breaching:
        return
    numbers = {control: number for number, (control, _) in enumerate(numbered, start=1)}
    most = sorted(numbers, key=lambda control: -totals.breaches[control])[:MAX_MATRIX_CONTROLS]
    columns = sorted(most, key=numbers.__getitem__)
    yield Heading("Which case breaches what")
    left_out = totals.with_breaches - len(breaching)
    more = f" The {left_out:,} other cases have fewer breaches." if left_out else ""
    fewer = " Only the rules that most cases breach have a column." if len(columns) < len(numbers) else ""
    yield Paragraph(
        f"B is a breach of a rule that blocks, W of one that warns. Rules are numbered as above.{fewer}{more}"
    )
    yield Table(
        tuple(map(Cell, ("Case", *(str(numbers[control]) for control in columns), "All"))),
        tuple(
            tuple(
                map(
                    Cell,
                    (
                        line.name,
                        *(_MARKS[control.severity] if control in line.breached else "–" for control in columns),
                        f"{len(line.breached):,}",
                    ),
                )
            )
            for line in breaching
        ),
    )
