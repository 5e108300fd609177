"""One measured figure beside a floor or a peer from the same run, and its target.

Ratios are compared within a round, because both sides then share the load of the machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Literal

_SMALL_RATIO = 0.1
HEADS = ("Name", "Measured", "Floor or peer", "Ratio", "Target", "Met")


@dataclass(frozen=True, slots=True)
class MeasurementTarget:
    """A bound on a figure: on its ratio to the floor or peer, or on the measured value itself."""

    comparison: Literal["at most", "at least"]
    bound: float
    applies_to: Literal["ratio", "measured"] = "ratio"


@dataclass(frozen=True, slots=True)
class Measurement:
    """One line of the table: the samples of assent and of the floor or peer by round, in one unit.

    `peer` describes the floor or peer.
    """

    name: str
    samples: Sequence[float]
    peer_samples: Sequence[float]
    unit: str
    peer: str
    target: MeasurementTarget | None = None

    @property
    def measured(self) -> float:
        """The median of our samples."""
        return median(self.samples)

    @property
    def peer_median(self) -> float:
        """The median of the samples of the floor or peer."""
        return median(self.peer_samples)

    @property
    def ratio(self) -> float:
        """The median over the rounds of ours divided by the floor or peer."""
        return median(ours / theirs for ours, theirs in zip(self.samples, self.peer_samples, strict=True))

    @property
    def is_met(self) -> bool | None:
        """Whether the target is met; None without a target."""
        if self.target is None:
            return None
        value = self.ratio if self.target.applies_to == "ratio" else self.measured
        return value <= self.target.bound if self.target.comparison == "at most" else value >= self.target.bound

    def as_json(self) -> dict[str, Any]:
        """Return the figure for other programs."""
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
        """Return the cells of the figure's row."""
        target = ""
        if self.target:
            unit = f" {self.unit}" if self.target.applies_to == "measured" else ""
            target = f"{self.target.comparison} {self.target.bound:g}{unit}"
        met = {True: "yes", False: "NO", None: ""}[self.is_met]
        beside = f"{self.peer_median:,.3g} {self.unit}: {self.peer}"
        return (self.name, f"{self.measured:,.3g} {self.unit}", beside, _format_ratio(self.ratio), target, met)


def _format_ratio(ratio: float) -> str:
    """Return a ratio with two decimals, or with two figures if it is small."""
    return f"{ratio:.2f}" if ratio >= _SMALL_RATIO else f"{ratio:.2g}"


def format_table(measurements: Iterable[Measurement]) -> str:
    """Return the figures as a table."""
    rows = [HEADS, *(figure.row() for figure in measurements)]
    widths = [max(len(row[index]) for row in rows) for index in range(len(HEADS))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)
