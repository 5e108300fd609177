"""Read records from JSON: one object, a list, objects one after another or one a line, or a package of releases.

Invariants:
- A package is read item by item: its `releases` or `records`. Its other keys are not kept.
- A number is a text with its own digits, never a float. An object that has a key twice is not read.
- Where a file stops being JSON, the rest of it is not read, and that is reported. In a file of lines only that line is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

import ijson

from workflow.papers.byte_source import ByteSource
from workflow.papers.records import Record, UnreadRow, as_typed

PACKAGE_LISTS: Final = ("releases", "records")
"""The keys of a package whose items are records."""
MAX_VALUES = 200_000
MAX_DEPTH = 64
_NOT_JSON = "is not JSON from here on. The rest of the file was not read"
_NOT_AN_OBJECT = "is not an object with keys"
_TOO_LARGE = f"has more than {MAX_VALUES:,} values, or is nested more than {MAX_DEPTH} levels deep"
_DUPLICATE_KEY = "has a key twice: state each once"


def read_json(source: ByteSource, file: str) -> Iterator[Record | UnreadRow]:
    """Yield the records of a JSON file, numbered from 1."""
    row = 0
    try:
        for item in _read_items(source):
            row += 1
            yield Record(row, item) if isinstance(item, dict) else UnreadRow(file, row, None, item)
    except (ijson.JSONError, UnicodeDecodeError):  # its message repeats what stands there
        yield UnreadRow(file, row + 1, None, _NOT_JSON)


def read_json_lines(source: ByteSource, file: str) -> Iterator[Record | UnreadRow]:
    """Yield the records of a file with one JSON object a line, numbered by line."""
    for number, line in enumerate(source.lines(), start=1):
        if line is None:
            yield UnreadRow(file, number, None, "is too long to be read")
        elif line.strip():
            yield _read_line(line, number, file)


def _read_line(line: bytes, number: int, file: str) -> Record | UnreadRow:
    try:
        data = json.loads(
            line.decode(), object_pairs_hook=_refuse_duplicates, parse_float=Decimal, parse_constant=_refuse_constant
        )
    except UnicodeDecodeError:
        return UnreadRow(file, number, None, "is not UTF-8 text")
    except _DuplicateKeyError:
        return UnreadRow(file, number, None, _DUPLICATE_KEY)
    except (ValueError, RecursionError):
        return UnreadRow(file, number, None, "is not JSON")
    if not isinstance(data, dict):
        return UnreadRow(file, number, None, _NOT_AN_OBJECT)
    typed = as_typed(data)
    return Record(number, typed) if isinstance(typed, dict) else UnreadRow(file, number, None, _NOT_AN_OBJECT)


class _DuplicateKeyError(ValueError):
    """An object has a key twice."""


def _refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        raise _DuplicateKeyError
    return data


def _refuse_constant(_constant: str) -> None:
    raise ValueError


def _read_items(source: ByteSource) -> Iterator[dict[str, Any] | str]:
    """Yield each record as data, or what is wrong with it."""
    events = ijson.basic_parse(source, use_float=False, multiple_values=True)
    for event, value in events:
        if event == "start_array":
            yield from _read_list(events)
        elif event == "start_map":
            yield from _read_package(events)
        else:
            yield _describe(_Builder(events).build(event, value))


def _read_list(events: Iterator[tuple[str, Any]]) -> Iterator[dict[str, Any] | str]:
    for event, value in events:
        if event == "end_array":
            return
        builder = _Builder(events)
        yield _describe(builder.build(event, value), builder.fault)


def _read_package(events: Iterator[tuple[str, Any]]) -> Iterator[dict[str, Any] | str]:
    """Yield the items of a package, or the object itself if it is none."""
    builder, data, is_package = _Builder(events), dict[str, Any](), False
    for event, key in events:
        if event == "end_map":
            break
        event, value = next(events)  # noqa: PLW2901  # a key is followed by its value
        if key in PACKAGE_LISTS and event == "start_array" and "ocid" not in data:
            is_package = True
            yield from _read_list(events)
            continue
        builder.note_key(data, key)
        data[key] = builder.build(event, value)
    if not is_package:
        yield _describe(data, builder.fault)


def _describe(data: object, fault: str = "") -> dict[str, Any] | str:
    """Return the typed data of a record, or what is wrong with it."""
    typed = as_typed(data)
    return fault or (typed if isinstance(typed, dict) else _NOT_AN_OBJECT)


class _Builder:
    """Builds the values of one record from the events of the parser; `fault` says why it cannot be used."""

    def __init__(self, events: Iterator[tuple[str, Any]]) -> None:
        self.events = events
        self.fault = ""
        self.values = 0

    def note_key(self, data: dict[str, Any], key: str) -> None:
        """Note a key that an object has twice."""
        if key in data:
            self.fault = self.fault or _DUPLICATE_KEY

    def build(self, event: str, value: object, depth: int = 1) -> object:
        """Return the value that begins with an event; once there is a fault, it is read and not kept."""
        self.values += 1
        if self.values > MAX_VALUES or depth > MAX_DEPTH:
            self.fault = _TOO_LARGE
            self._skip(event)
            return None
        if event == "start_map":
            return self._build_mapping(depth)
        return self._build_list(depth) if event == "start_array" else value

    def _build_mapping(self, depth: int) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for event, key in self.events:
            if event == "end_map":
                break
            self.note_key(data, key)
            data[key] = self.build(*next(self.events), depth + 1)
        return data

    def _build_list(self, depth: int) -> list[Any]:
        items = []
        for event, value in self.events:
            if event == "end_array":
                break
            items.append(self.build(event, value, depth + 1))
        return items

    def _skip(self, event: str) -> None:
        """Read to the end of the value that begins with an event."""
        open_values = int(event.startswith("start_"))
        while open_values:
            event, _ = next(self.events)
            open_values += event.startswith("start_") - event.startswith("end_")
