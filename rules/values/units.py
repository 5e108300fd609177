"""Units of whole numbers that are not plain counts.

Figures are never fractions: a share of 17.5% is held as 175 tenths of a percent. Numbers in different units are never
compared.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

Unit: TypeAlias = Literal["percent", "tenths_of_a_percent"]
UNIT_NEEDS_COUNT = "is only for what is of kind count"
_TENTHS = 10


def format_in_unit(unit: Unit | None, number: int) -> str:
    """Format a whole number as people read it: `20%`, `17.5%`."""
    if unit is None:
        return str(number)
    whole, tenths = divmod(number, _TENTHS) if unit == "tenths_of_a_percent" else (number, 0)
    return f"{whole}.{tenths}%" if tenths else f"{whole}%"


def describe_unit(unit: Unit | None) -> str:
    """Return the words for a unit in an error message."""
    return "a plain number" if unit is None else f"in {unit.replace('_', ' ')}"
