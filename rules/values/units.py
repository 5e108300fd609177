"""Units: in what a whole number counts, where it is not said as it stands."""

from __future__ import annotations

from typing import Literal, TypeAlias

Unit: TypeAlias = Literal["percent", "tenths_of_a_percent"]
"""A share is held as a whole number, since no figure here is a fraction: 17.5% as 175 tenths of a percent."""
UNIT_NEEDS_COUNT = "belongs to what is of kind count"
_TENTHS = 10


def format_in_unit(unit: Unit | None, number: int) -> str:
    """A whole number as people read it: `20%`, `17.5%`."""
    if unit is None:
        return str(number)
    whole, tenths = divmod(number, _TENTHS) if unit == "tenths_of_a_percent" else (number, 0)
    return f"{whole}.{tenths}%" if tenths else f"{whole}%"


def describe_unit(unit: Unit | None) -> str:
    """A unit as a message names it."""
    return "a plain number" if unit is None else f"in {unit.replace('_', ' ')}"
