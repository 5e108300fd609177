"""Records of a file: the data of one case each, with its place; or a row that could not be read, with the reason.

Invariants:
- Readers are generators. They hold one record at a time, so a file may be of any length.
- A row that cannot be read stops nothing. Its reason never repeats a value, which may be confidential.
- Single values are texts as an officer would type them, or flags.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

PENCE_DIGITS = 2


class UnreadRow(NamedTuple):
    """A row of a file, or a whole file, that could not be read as a case, and why."""

    file: str
    row: int | None
    column: str | None
    reason: str

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read."""
        return self._asdict()

    def describe(self) -> str:
        """The place and the reason, in words."""
        row = f", row {self.row}" if self.row is not None else ""
        return f"{self.file}{row}{f', {self.column}' if self.column else ''} could not be read: {self.reason}"


class PaperData(NamedTuple):
    """The data of a paper as a file would state them.

    `columns` has the column or place of each value, by its key in the data. `notes` say what was not understood.
    """

    data: dict[str, Any]
    columns: Mapping[str, str]
    name: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """The data of one case, and its row: the line of a file of lines, or the number of a document, item or row."""

    row: int | None
    data: dict[str, Any]


def as_typed(value: object) -> object:
    """Return a value of JSON as an officer would type it: whole numbers, amounts and days are texts, flags stay.

    Amounts and days in the JSON of assent, `{"pence": 5000, "vat": "ex"}` and `{"day": "2018-04-16"}`, are texts too.
    """
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format_number(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, dict):
        return _type_mapping(value)
    return [as_typed(item) for item in value] if isinstance(value, list) else value


def _type_mapping(value: dict[str, Any]) -> object:
    if value.keys() == {"day"}:
        return value["day"]
    if value.keys() == {"pence", "vat"} and type(value["pence"]) is int:
        amount = format_number(Decimal(value["pence"]).scaleb(-PENCE_DIGITS))
        return amount if value["vat"] == "unstated" else f"{amount} {value['vat']} VAT"
    return {key: as_typed(item) for key, item in value.items()}


def format_number(number: Decimal) -> str:
    """Return a number without an exponent: whole, or with two digits for pence, or as exact as it is."""
    if number == number.to_integral_value():
        return f"{number:.0f}"
    places = -int(number.normalize().as_tuple().exponent)
    return f"{number:.{max(places, PENCE_DIGITS)}f}"
