"""Canonical JSON: one spelling for every record, so that its digest means something.

Facts travel with their kind: `{"pence": 18130200, "vat": "ex"}`, `{"day": "2018-04-16"}`; whole numbers,
flags and text as they are.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from rules.facts import FactValue
from rules.money import Money, vat_of

_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def canonical(data: object) -> str:
    """The one JSON text of some plain data: keys sorted, no spaces, no NaN."""
    return _encode(data)


def digest(purpose: str, text: str) -> str:
    """SHA-256 of a text for a named purpose, as 64 hexadecimal figures."""
    return hashlib.sha256(f"assent {purpose} 1\n{text}".encode()).hexdigest()


def encode(facts: Mapping[str, FactValue]) -> dict[str, Any]:
    """Facts as plain data."""
    return {name: _plain(value) for name, value in facts.items()}


def decode(data: Mapping[str, Any]) -> dict[str, FactValue]:
    """Facts from plain data that `encode` made."""
    return {name: _value(plain) for name, plain in data.items()}


def exempt_digests(facts: Mapping[str, FactValue], salt: str) -> dict[str, str]:
    """A digest of each exempt fact. Without the salt, which is kept with Part 2, no fact can be guessed from it."""
    return {name: digest("exempt fact", canonical([salt, name, _plain(value)])) for name, value in facts.items()}


def exempt_digest_of_all(facts: Mapping[str, FactValue], salt: str) -> str:
    """One digest of some exempt facts together, which does not tell their names or how many there are."""
    return digest("exempt facts", canonical([salt, encode(facts)]))


def _plain(value: FactValue) -> object:
    if isinstance(value, Money):
        return {"pence": value.pence, "vat": value.vat.code}
    return {"day": value.isoformat()} if isinstance(value, date) else value


def _value(plain: object) -> FactValue:
    if isinstance(plain, (bool, int, str)):
        return plain
    if not isinstance(plain, dict):
        raise TypeError(f"{plain!r:.40} is no fact")
    return date.fromisoformat(plain["day"]) if "day" in plain else Money(plain["pence"], vat_of(plain["vat"]))
