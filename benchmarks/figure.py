"""A figure: what was measured, beside a floor or a peer that was measured in the same run, and its target."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Literal

HEADS = ("Name", "Measured", "Floor or peer", "Ratio", "Target", "Met")


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure is to keep to: its ratio to the floor or peer, or where `of` says so what was measured itself."""

    word: Literal["at most", "at least"]
    bound: float
    of: Literal["ratio", "measured"] = "ratio"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: what each round gave for ours and for the floor or peer, in one unit.

    `beside` says what the floor or peer is.
    """

    name: str
    ours: Sequence[float]
    theirs: Sequence[float]
    unit: str
    beside: str
    target: Target | None = None

    @property
    def measured(self) -> float:
        """What ours gave, as the median of the rounds."""
        return median(self.ours)

    @property
    def floor(self) -> float:
        """What the floor or peer gave, as the median of the rounds."""
        return median(self.theirs)

    @property
    def ratio(self) -> float:
        """Ours over the floor or peer: the median of the ratios of the rounds, as each round has its own weather."""
        return median(ours / theirs for ours, theirs in zip(self.ours, self.theirs, strict=True))

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where the figure is only to be seen."""
        if self.target is None:
            return None
        judged = self.ratio if self.target.of == "ratio" else self.measured
        return judged <= self.target.bound if self.target.word == "at most" else judged >= self.target.bound

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read."""
        target = self.target and {"of": self.target.of, self.target.word.replace(" ", "_"): self.target.bound}
        return {
            "name": self.name,
            "measured": self.measured,
            "floor": self.floor,
            "unit": self.unit,
            "beside": self.beside,
            "ratio": self.ratio,
            "target": target,
            "met": self.met,
        }

    def row(self) -> tuple[str, ...]:
        """The form that people read."""
        said = ""
        if self.target:
            unit = f" {self.unit}" if self.target.of == "measured" else ""
            said = f"{self.target.word} {self.target.bound:g}{unit}"
        met = {True: "yes", False: "NO", None: ""}[self.met]
        beside = f"{self.floor:,.3g} {self.unit}: {self.beside}"
        return (self.name, f"{self.measured:,.3g} {self.unit}", beside, f"{self.ratio:.2f}", said, met)


def table(figures: Iterable[Figure]) -> str:
    """The figures as a table."""
    rows = [HEADS, *(figure.row() for figure in figures)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADS))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)
