"""Canonical JSON: one spelling for every record, so that equal records have equal digests.

Invariants:
- Keys are sorted, there are no spaces, and only plain data is taken. What is written here is sealed in ledgers, so the
  spelling of a value never changes.
- Facts keep their kind: `{"pence": 18130200, "vat": "ex"}`, `{"day": "2018-04-16"}`; whole numbers, flags and text
  stand as they are.
- Each digest is made for a named purpose, so that a digest of one thing cannot be passed off as that of another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson

from rules.values.facts import FactValue
from rules.values.money import Money, parse_vat

_JSON_OPTIONS = (
    orjson.OPT_SORT_KEYS
    | orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
    | orjson.OPT_PASSTHROUGH_SUBCLASS
)
MAX_INLINE_TEXT = 200
"""The longest text that a receipt holds by value, in characters. Of a longer one it holds the digest."""


def to_canonical_json(data: object) -> str:
    """The canonical JSON text of plain data; raises `TypeError` for anything else."""
    return orjson.dumps(data, option=_JSON_OPTIONS).decode()


def json_fragment(text: str) -> object:
    """A text that is canonical JSON already, to stand as it is within plain data."""
    return orjson.Fragment(text)


def parse_json(text: str) -> Any:  # noqa: ANN401 - whatever the text holds
    """The plain data of a JSON text; raises `ValueError` if it is not JSON."""
    return orjson.loads(text)


def sha256_for(purpose: str, text: str) -> str:
    """The SHA-256 of a text for a named purpose, as 64 hexadecimal figures."""
    return hashlib.sha256(f"assent {purpose} 1\n{text}".encode()).hexdigest()


def sha256_of_plain_data(purpose: str, data: object) -> str:
    """The digest of plain data as canonical JSON, for a named purpose; raises `TypeError` for anything else."""
    digest = hashlib.sha256(f"assent {purpose} 1\n".encode())
    digest.update(orjson.dumps(data, option=_JSON_OPTIONS))
    return digest.hexdigest()


def serialize_facts(facts: Mapping[str, FactValue]) -> dict[str, Any]:
    """Facts as plain data."""
    return {name: _serialize_value(value) for name, value in facts.items()}


def deserialize_facts(data: Mapping[str, Any]) -> dict[str, FactValue]:
    """The facts that `serialize_facts` made into plain data."""
    return {name: plain if type(plain) is str else _deserialize_value(plain) for name, plain in data.items()}


def serialize_receipt_facts(facts: Mapping[str, FactValue]) -> dict[str, Any]:
    """Facts as a receipt holds them: by value, and long texts by digest."""
    return {
        name: value
        if (kind := value.__class__) is bool
        or kind is int
        or (isinstance(value, str) and len(value) <= MAX_INLINE_TEXT)
        else _serialize_receipt_value(value)
        for name, value in facts.items()
    }


def deserialize_inline_facts(receipt_facts: Mapping[str, Any]) -> dict[str, FactValue]:
    """The facts that a receipt holds by value; those held by digest are left out."""
    return deserialize_facts(
        {name: data for name, data in receipt_facts.items() if not (isinstance(data, dict) and "text" in data)}
    )


def long_text_digest(text: str) -> str:
    """The digest by which a receipt holds a long text."""
    return sha256_for("text", text)


def _serialize_receipt_value(value: FactValue) -> object:
    if isinstance(value, str):
        return value if len(value) <= MAX_INLINE_TEXT else {"text": long_text_digest(value)}
    return _serialize_value(value)


def exempt_fact_digests(facts: Mapping[str, FactValue], salt: str) -> dict[str, str]:
    """A digest of each exempt fact. The salt, kept with Part 2, prevents guessing a fact from its digest."""
    return {
        name: sha256_for("exempt fact", to_canonical_json([salt, name, _serialize_value(value)]))
        for name, value in facts.items()
    }


def combined_exempt_digest(facts: Mapping[str, FactValue], salt: str) -> str:
    """One digest of several exempt facts, which shows neither their names nor their number."""
    return sha256_for("exempt facts", to_canonical_json([salt, serialize_facts(facts)]))


def _serialize_value(value: FactValue) -> object:
    if isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, Money):
        return {"pence": value.pence, "vat": value.vat.code}
    if not isinstance(value, date):  # such as NaN, which orjson would write as null
        raise TypeError(f"{value!r:.40} is no fact")
    return {"day": value.isoformat()}


def _deserialize_value(data: object) -> FactValue:
    if isinstance(data, (str, bool, int)):
        return data
    if not isinstance(data, dict):
        raise TypeError(f"{data!r:.40} is no fact")
    return date.fromisoformat(data["day"]) if "day" in data else Money(data["pence"], parse_vat(data["vat"]))
