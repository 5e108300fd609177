"""A figure: what was measured, beside a floor or a peer that was measured in the same run, and its target."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Literal

HEADS = ("Name", "Measured", "Floor or peer", "Ratio", "Target", "Met")


@dataclass(frozen=True, slots=True)
class MeasurementTarget:
    """What a figure is to keep to: its ratio to the floor or peer, or where `of` says so what was measured itself."""

    comparison: Literal["at most", "at least"]
    bound: float
    applies_to: Literal["ratio", "measured"] = "ratio"


@dataclass(frozen=True, slots=True)
class Measurement:
    """One line of the table: what each round gave for ours and for the floor or peer, in one unit.

    `beside` says what the floor or peer is.
    """

    name: str
    samples: Sequence[float]
    peer_samples: Sequence[float]
    unit: str
    peer: str
    target: MeasurementTarget | None = None

    @property
    def measured(self) -> float:
        """What ours gave, as the median of the rounds."""
        return median(self.samples)

    @property
    def peer_median(self) -> float:
        """What the floor or peer gave, as the median of the rounds."""
        return median(self.peer_samples)

    @property
    def ratio(self) -> float:
        """Ours over the floor or peer: the median of the ratios of the rounds, as each round has its own weather."""
        return median(ours / theirs for ours, theirs in zip(self.samples, self.peer_samples, strict=True))

    @property
    def is_met(self) -> bool | None:
        """Whether the target is met; None where the figure is only to be seen."""
        if self.target is None:
            return None
        judged = self.ratio if self.target.applies_to == "ratio" else self.measured
        return judged <= self.target.bound if self.target.comparison == "at most" else judged >= self.target.bound

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read."""
        target = self.target and {
            "of": self.target.applies_to,
            self.target.comparison.replace(" ", "_"): self.target.bound,
        }
        return {
            "name": self.name,
            "measured": self.measured,
            "floor": self.peer_median,
            "unit": self.unit,
            "beside": self.peer,
            "ratio": self.ratio,
            "target": target,
            "met": self.is_met,
        }

    def row(self) -> tuple[str, ...]:
        """The form that people read."""
        said = ""
        if self.target:
            unit = f" {self.unit}" if self.target.applies_to == "measured" else ""
            said = f"{self.target.comparison} {self.target.bound:g}{unit}"
        met = {True: "yes", False: "NO", None: ""}[self.is_met]
        beside = f"{self.peer_median:,.3g} {self.unit}: {self.peer}"
        return (self.name, f"{self.measured:,.3g} {self.unit}", beside, f"{self.ratio:.2f}", said, met)


def format_table(measurements: Iterable[Measurement]) -> str:
    """The figures as a table."""
    rows = [HEADS, *(figure.row() for figure in measurements)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADS))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)
