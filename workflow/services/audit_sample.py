"""Draw a sample of cases to audit, so that anybody can draw the same one again.

Invariants:
- A case is drawn if the SHA-256 of seed and name is among the lowest: neither their order nor who draws matters.
- The sample is drawn from a stream, of which no more than the sample itself is held.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from heapq import heappush, heappushpop
from typing import Any, TypeVar

Drawn = TypeVar("Drawn")


@dataclass(slots=True)
class Sample:
    """So many cases of a population, by a seed; `population` counts those that it was drawn from so far."""

    size: int
    seed: str
    population: int = 0

    def draw(self, cases: Iterable[Drawn], name_of: Callable[[Drawn], str]) -> list[Drawn]:
        """Return the cases that are drawn, in the order in which they came; all if there are no more than the size."""
        held: list[tuple[int, int, Drawn]] = []
        for case in cases:
            self.population += 1
            # The highest digest leaves first. Places differ, so no case is compared.
            entry = (-_digest(self.seed, name_of(case)), self.population, case)
            if len(held) < self.size:
                heappush(held, entry)
            else:
                heappushpop(held, entry)
        return [case for _, _, case in sorted(held, key=lambda entry: entry[1])]

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read."""
        return {"size": self.size, "seed": self.seed, "population": self.population}

    def describe(self) -> str:
        """The sample in words."""
        cases = "1 case" if self.population == 1 else f"{self.population:,} cases"
        return f"{min(self.size, self.population):,} of {cases}, drawn with the seed {self.seed}"


def _digest(seed: str, name: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}\n{name}".encode()).digest())
