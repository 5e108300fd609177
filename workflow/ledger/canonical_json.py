"""Canonical JSON: one spelling for every record, so that its digest means something.

Facts travel with their kind: `{"pence": 18130200, "vat": "ex"}`, `{"day": "2018-04-16"}`; whole numbers,
flags and text as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson

from rules.values.facts import FactValue
from rules.values.money import Money, vat_of

_PLAINLY = (
    orjson.OPT_SORT_KEYS
    | orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
    | orjson.OPT_PASSTHROUGH_SUBCLASS
)
LONG_TEXT = 200
"""Characters of a text that a receipt holds by value; a longer one stands in the ledger, and in receipts by digest."""


def canonical(data: object) -> str:
    """The one JSON text of some plain data: keys sorted, no spaces; raises `TypeError` for what is not plain."""
    return orjson.dumps(data, option=_PLAINLY).decode()


def plain(text: str) -> Any:  # noqa: ANN401 - whatever the text holds
    """The plain data of a JSON text; raises `ValueError` where it is none."""
    return orjson.loads(text)


def digest(purpose: str, text: str) -> str:
    """SHA-256 of a text for a named purpose, as 64 hexadecimal figures."""
    return hashlib.sha256(f"assent {purpose} 1\n{text}".encode()).hexdigest()


def encode(facts: Mapping[str, FactValue]) -> dict[str, Any]:
    """Facts as plain data."""
    return {name: _plain(value) for name, value in facts.items()}


def decode(data: Mapping[str, Any]) -> dict[str, FactValue]:
    """Facts from plain data that `encode` made."""
    return {name: plain if type(plain) is str else _value(plain) for name, plain in data.items()}


def receipt_of(facts: Mapping[str, FactValue]) -> dict[str, Any]:
    """Facts as a receipt holds them: by value, but long texts by the digest of theirs."""
    return {name: _received(value) for name, value in facts.items()}


def held_by_value(received: Mapping[str, Any]) -> dict[str, FactValue]:
    """The facts that a receipt holds by value; its long texts stand in the ledger."""
    return decode({name: told for name, told in received.items() if not (isinstance(told, dict) and "text" in told)})


def digest_of_text(text: str) -> str:
    """The digest by which a receipt holds a long text."""
    return digest("text", text)


def _received(value: FactValue) -> object:
    if isinstance(value, str):
        return value if len(value) <= LONG_TEXT else {"text": digest_of_text(value)}
    return _plain(value)


def exempt_digests(facts: Mapping[str, FactValue], salt: str) -> dict[str, str]:
    """A digest of each exempt fact. Without the salt, which is kept with Part 2, no fact can be guessed from it."""
    return {name: digest("exempt fact", canonical([salt, name, _plain(value)])) for name, value in facts.items()}


def exempt_digest_of_all(facts: Mapping[str, FactValue], salt: str) -> str:
    """One digest of some exempt facts together, which does not tell their names or how many there are."""
    return digest("exempt facts", canonical([salt, encode(facts)]))


def _plain(value: FactValue) -> object:
    if isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, Money):
        return {"pence": value.pence, "vat": value.vat.code}
    if not isinstance(value, date):  # such as a NaN, for which orjson has a spelling
        raise TypeError(f"{value!r:.40} is no fact")
    return {"day": value.isoformat()}


def _value(plain: object) -> FactValue:
    if isinstance(plain, (str, bool, int)):
        return plain
    if not isinstance(plain, dict):
        raise TypeError(f"{plain!r:.40} is no fact")
    return date.fromisoformat(plain["day"]) if "day" in plain else Money(plain["pence"], vat_of(plain["vat"]))
