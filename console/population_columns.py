"""Columns of files as facts: what people write in a register is read as a paper would be, and nothing is guessed.

Invariants:
- A value that cannot be read as its fact is a problem of its row, with the column and the reason; it is never dropped.
- An amount without a VAT basis is as stated. A number without a currency sign is in pounds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import ibis

from rules.values.calendar import FIRST_YEAR, LAST_YEAR
from rules.values.facts import MAX_COUNT, MAX_TEXT_BYTES, FactDeclaration
from rules.values.money import MAX_PENCE, VAT_WORDS, Vat

Column: TypeAlias = Any  # an Ibis value: the library has no types
_AMOUNT = r"^(-|minus )?£? ?(0|[1-9][0-9]{0,2}(?:,[0-9]{3})+|[1-9][0-9]*)(?:\.([0-9]{2}))?(?: +([a-z ]+))?$"
_COUNT = "^(0|[1-9][0-9]{0,14}|[1-9][0-9]{0,2}(,[0-9]{3}){1,4})$"
_UK_DAY = "^([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})$"
_BASES = {
    **{code: code for code in (vat.code for vat in Vat)},
    **{f"{words} vat": vat.code for words, vat in VAT_WORDS.items()},
    **{words: vat.code for words, vat in VAT_WORDS.items()},
    "net": Vat.EXCLUDED.code,
    "gross": Vat.INCLUDED.code,
    "as stated": Vat.UNSTATED.code,
}
REASONS = {
    "day": "is not a day such as 2018-04-16 or 16/04/2018",
    "flag": "is neither yes nor no",
    "count": "is not a whole number",
    "choice": "is not one of the choices",
    "text": "is longer than a text may be",
    "money": "is not an amount such as £181,302.00 ex VAT",
}
"""What is wrong with a value that cannot be read, by the kind of its fact."""


def as_text(column: Column) -> Column:
    """Return a column as trimmed text; NULL where it is empty."""
    return column.cast("string").strip().nullif("")


def is_written(column: Column) -> Column:
    """In which rows a column has a value."""
    return (as_text(column) if column.type().is_string() else column).notnull()


def read_column(declaration: FactDeclaration, column: Column) -> Column:
    """Return a column as values of a fact that is no amount; NULL where it cannot be read."""
    return _READERS[declaration.kind](declaration, column)


def _read_day(_: FactDeclaration, column: Column) -> Column:
    if column.type().is_date() or column.type().is_timestamp():
        day = column.cast("date")
    else:
        day = as_text(column).re_replace(_UK_DAY, r"\3-\2-\1").try_cast("date")
    return ibis.cases(((day.year() >= FIRST_YEAR) & (day.year() <= LAST_YEAR), day))


def _read_flag(_: FactDeclaration, column: Column) -> Column:
    if column.type().is_boolean():
        return column
    text = as_text(column).lower()
    return ibis.cases(
        (text.isin(["yes", "y", "true"]), ibis.literal(True)),  # noqa: FBT003 - a column
        (text.isin(["no", "n", "false"]), ibis.literal(False)),  # noqa: FBT003 - a column
    )


def _read_count(_: FactDeclaration, column: Column) -> Column:
    if column.type().is_integer():
        number = column.cast("int64")
    else:
        text = as_text(column)
        number = ibis.cases((text.re_search(_COUNT), text.replace(",", ""))).try_cast("int64")
    return ibis.cases(((number >= 0) & (number < MAX_COUNT), number))


def _read_choice(declaration: FactDeclaration, column: Column) -> Column:
    text = as_text(column).lower()
    codes = {label.casefold(): code for code, label in declaration.choices.items()}
    codes |= {code: code for code in declaration.choices}
    return ibis.cases(*((text == words, ibis.literal(code)) for words, code in codes.items()))


def _read_text(_: FactDeclaration, column: Column) -> Column:
    text = as_text(column)
    return ibis.cases((text.length() <= MAX_TEXT_BYTES, text))


_READERS: Mapping[str, Callable[[FactDeclaration, Column], Column]] = {
    "day": _read_day,
    "flag": _read_flag,
    "count": _read_count,
    "choice": _read_choice,
    "text": _read_text,
}


def read_amount(declaration: FactDeclaration, column: Column, vat: Column | None) -> tuple[Column, Column]:
    """Return a column as pence and VAT bases; both are NULL where the amount or its basis cannot be read."""
    if column.type().is_numeric():
        scaled = column.cast("decimal(38, 4)") * 100
        pence = ibis.cases((scaled.round() == scaled, scaled.round().cast("int64")))
        written: Column = ibis.null("string")
    else:
        text = as_text(column).lower()
        whole = text.re_extract(_AMOUNT, 2).replace(",", "").nullif("").try_cast("int64")
        pennies = ibis.coalesce(text.re_extract(_AMOUNT, 3).nullif("").try_cast("int64"), 0)
        sign = ibis.cases((text.re_extract(_AMOUNT, 1) != "", -1), else_=1)
        pence = (whole * 100 + pennies) * sign
        written = text.re_extract(_AMOUNT, 4).strip().nullif("")
    lowest = -MAX_PENCE if declaration.negative else 0
    stated = written if vat is None else ibis.coalesce(as_text(vat).lower(), written)
    basis = ibis.cases(
        (stated.isnull(), ibis.literal(Vat.UNSTATED.code)),
        *((stated == words, ibis.literal(code)) for words, code in _BASES.items()),
    )
    is_sound = (pence >= lowest) & (pence <= MAX_PENCE) & basis.notnull()
    return ibis.cases((is_sound, pence.cast("int64"))), ibis.cases((is_sound, basis))
