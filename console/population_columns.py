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


_FREE_CASE = ("choice", "flag", "money")
"""The kinds of facts whose values are read without regard to case."""


def as_text(column: Column) -> Column:
    """Return a column as trimmed text; NULL where it is empty."""
    return column.cast("string").strip().nullif("")


def as_written(declaration: FactDeclaration, column: Column) -> Column:
    """Return what a column says of a fact, as text or as it is where it has a type of its own; NULL where nothing."""
    kind = column.type()
    if kind.is_numeric() or kind.is_boolean() or kind.is_date() or kind.is_timestamp():
        return column
    text = as_text(column)
    return text.lower() if declaration.kind in _FREE_CASE else text


def parse(declaration: FactDeclaration, written: Column) -> Column:
    """Return what is written as a type of its fact, which is no amount; NULL where it cannot be."""
    return _PARSERS[declaration.kind](declaration, written)


def bound(declaration: FactDeclaration, parsed: Column) -> Column:
    """Return parsed values; NULL where a fact cannot have them."""
    if declaration.kind == "day":
        first, last = ibis.date(FIRST_YEAR, 1, 1), ibis.date(LAST_YEAR, 12, 31)
        return ibis.cases(((parsed >= first) & (parsed <= last), parsed))
    if declaration.kind == "count":
        return ibis.cases(((parsed >= 0) & (parsed < MAX_COUNT), parsed))
    return ibis.cases((parsed.length() <= MAX_TEXT_BYTES, parsed)) if declaration.kind == "text" else parsed


def _text(written: Column) -> Column:
    return written if written.type().is_string() else written.cast("string")


def _parse_day(_: FactDeclaration, written: Column) -> Column:
    if written.type().is_date() or written.type().is_timestamp():
        return written.cast("date")
    return _text(written).re_replace(_UK_DAY, r"\3-\2-\1").try_cast("date")


def _parse_flag(_: FactDeclaration, written: Column) -> Column:
    if written.type().is_boolean():
        return written
    return ibis.cases(
        (_text(written).isin(["yes", "y", "true"]), ibis.literal(True)),  # noqa: FBT003 - a column
        (_text(written).isin(["no", "n", "false"]), ibis.literal(False)),  # noqa: FBT003 - a column
    )


def _parse_count(_: FactDeclaration, written: Column) -> Column:
    if written.type().is_integer():
        return written.cast("int64")
    text = _text(written)
    return ibis.cases((text.re_search(_COUNT), text.replace(",", ""))).try_cast("int64")


def _parse_choice(declaration: FactDeclaration, written: Column) -> Column:
    text, codes = _text(written), list(declaration.choices)
    labels = {label.casefold(): code for code, label in declaration.choices.items()}
    return ibis.cases(
        (text.isin(codes), text),
        *((text == label, ibis.literal(code)) for label, code in labels.items() if label not in codes),
    )


def _parse_text(_: FactDeclaration, written: Column) -> Column:
    return _text(written)


_PARSERS: Mapping[str, Callable[[FactDeclaration, Column], Column]] = {
    "day": _parse_day,
    "flag": _parse_flag,
    "count": _parse_count,
    "choice": _parse_choice,
    "text": _parse_text,
}


def parse_amount(written: Column, vat: Column | None) -> tuple[Column, Column]:
    """Return an amount as pence, and the words for its VAT basis, which may stand in a column beside it."""
    pence, words = _parse_number(written) if written.type().is_numeric() else _parse_written_amount(_text(written))
    return pence, words if vat is None else ibis.coalesce(vat, words)


def _parse_number(number: Column) -> tuple[Column, Column]:
    scaled = number.cast("decimal(38, 4)") * 100
    pence = ibis.cases((scaled.round() == scaled, scaled.round().cast("int64")))
    kind = number.type()
    if kind.is_decimal() and kind.scale is not None and kind.scale <= _PENNY_DIGITS:
        # Arithmetic of 128 bits takes long, and floating point is exact for amounts of this size.
        quick = (number.cast("float64") * 100).round().cast("int64")
        pence = ibis.cases((number.abs() < _QUICK_BELOW, quick), else_=pence)
    return pence, ibis.null("string")


_PENNY_DIGITS, _QUICK_BELOW = 2, 10**12


def _parse_written_amount(text: Column) -> tuple[Column, Column]:
    whole = text.re_extract(_AMOUNT, 2).replace(",", "").nullif("").try_cast("int64")
    pennies = ibis.coalesce(text.re_extract(_AMOUNT, 3).nullif("").try_cast("int64"), 0)
    sign = ibis.cases((text.re_extract(_AMOUNT, 1) != "", -1), else_=1)
    return (whole * 100 + pennies) * sign, text.re_extract(_AMOUNT, 4).strip().nullif("")


def bound_amount(declaration: FactDeclaration, pence: Column, words: Column) -> tuple[Column, Column]:
    """Return pence and the code of the VAT basis; both are NULL where the amount or its basis cannot be read."""
    lowest = -MAX_PENCE if declaration.negative else 0
    codes = [vat.code for vat in Vat]
    basis = ibis.cases(
        (words.isnull(), ibis.literal(Vat.UNSTATED.code)),
        (words.isin(codes), words),
        *((words == other, ibis.literal(code)) for other, code in _BASES.items() if other not in codes),
    )
    is_sound = (pence >= lowest) & (pence <= MAX_PENCE) & basis.notnull()
    return ibis.cases((is_sound, pence.cast("int64"))), ibis.cases((is_sound, basis))
