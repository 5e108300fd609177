"""Units of whole numbers that are not plain counts.

Figures are never fractions: a share of 17.5% is held as 175 tenths of a percent. Numbers in different units are never
compared.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from rules.errors import InputError
from rules.values.text import quote

Unit: TypeAlias = Literal["percent", "tenths_of_a_percent"]
UNIT_NEEDS_COUNT = "is only for what is of kind count"
_TENTHS = 10
_SHARE = re.compile(r"(?P<whole>0|[1-9][0-9]{0,13})(?:\.(?P<tenths>[0-9]))? ?(?P<percent>%|per ?cent)?", re.IGNORECASE)


def format_in_unit(unit: Unit | None, number: int) -> str:
    """Format a whole number as people read it: `20%`, `17.5%`."""
    if unit is None:
        return str(number)
    whole, tenths = divmod(number, _TENTHS) if unit == "tenths_of_a_percent" else (number, 0)
    return f"{whole}.{tenths}%" if tenths else f"{whole}%"


def parse_in_unit(unit: Unit, text: str) -> int:
    """Parse a share as people write it: `20%`, `17.5 per cent`; a bare whole number is in the unit itself.

    Raises `InputError` that says what to write.
    """
    match = _SHARE.fullmatch(text.strip())
    if match is None or (match["tenths"] and unit == "percent"):
        example = "20%" if unit == "percent" else "17.5%"
        raise InputError(f"{quote(text)} is not a share of a hundred", f"Write it as {example}.")
    if unit == "percent":
        return int(match["whole"])
    if not match["percent"]:
        if match["tenths"]:
            raise InputError(f"{quote(text)} does not say that it is in percent", f"Write {text.strip()}%.")
        return int(match["whole"])
    return int(match["whole"]) * _TENTHS + int(match["tenths"] or 0)


def describe_unit(unit: Unit | None) -> str:
    """Return the words for a unit in an error message."""
    return "a plain number" if unit is None else f"in {unit.replace('_', ' ')}"
