"""A heading inside a document."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 2 is a main heading (the title of the document is level 1), 3 the one below it."""

    text: str
    level: int = 2
