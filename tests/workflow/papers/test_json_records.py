"""JSON is read record by record: objects, lists, packages and lines."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflow.papers.readers import source_of
from workflow.papers.byte_source import ByteSource
from workflow.papers.json_records import MAX_DEPTH, read_json, read_json_lines
from workflow.papers.records import Record, UnreadRow, as_typed


def data_of(content: bytes) -> list[Any]:
    return [one.data if isinstance(one, Record) else one.reason for one in read_json(source_of(content), "f")]


@pytest.mark.parametrize(
    "content",
    [
        b'{"a": 1} {"a": 2}',
        b'[{"a": 1}, {"a": 2}]',
        b'{"uri": "x", "releases": [{"a": 1}, {"a": 2}], "version": "1.1"}',
        b'{"records": [{"a": 1}], "releases": [{"a": 2}]}',
    ],
    ids=["one after another", "list", "releases", "records and releases"],
)
def test_every_shape_gives_the_same_records(content: bytes) -> None:
    assert data_of(content) == [{"a": "1"}, {"a": "2"}]


def test_a_record_keeps_its_own_releases() -> None:
    assert data_of(b'{"ocid": "o", "releases": [{"a": 1}]}') == [{"ocid": "o", "releases": [{"a": "1"}]}]


@pytest.mark.parametrize(
    ("value", "typed"),
    [
        (b"575000", "575000"),
        (b"575000.5", "575000.50"),
        (b"1e6", "1000000"),
        (b"0.125", "0.125"),
        (b"null", ""),
        (b"true", True),
        (b'{"pence": 18130250, "vat": "ex"}', "181302.50 ex VAT"),
        (b'{"pence": 100, "vat": "unstated"}', "1"),
        (b'{"day": "2018-04-16"}', "2018-04-16"),
    ],
)
def test_values_are_as_an_officer_types_them(value: bytes, typed: object) -> None:
    assert data_of(b'{"a": ' + value + b"}") == [{"a": typed}]
    lines = list(read_json_lines(source_of(b'{"a": ' + value + b"}\n"), "f"))
    assert lines == [Record(1, {"a": typed})]


def test_what_is_no_object_is_reported_in_its_place() -> None:
    assert data_of(b'[{"a": 1}, 7, [1], {"a": 2}]') == [
        {"a": "1"}, "is not an object with keys", "is not an object with keys", {"a": "2"},
    ]  # fmt: skip
    assert data_of(b'{"a": 1, "a": 2}') == ["has a key twice: state each once"]
    assert data_of(b'[{"a": {"b": 1, "b": 2}}, {"a": 3}]')[1] == {"a": "3"}


def test_a_file_that_stops_being_json_is_read_up_to_there() -> None:
    results = list(read_json(source_of(b'[{"a": 1}, {"a": SECRET'), "f"))
    assert results[0] == Record(1, {"a": "1"})
    assert results[1] == UnreadRow("f", 2, None, "is not JSON from here on. The rest of the file was not read")


def test_in_a_file_of_lines_only_the_wrong_line_is_lost() -> None:
    content = b'{"a": 1}\n\nnonsense\n{"a": NaN}\n\xff\n[1]\n{"a": 1, "a": 2}\n{"a": 2}'
    results = list(read_json_lines(source_of(content), "f"))
    assert [one.row for one in results] == [1, 3, 4, 5, 6, 7, 8]
    assert [isinstance(one, Record) for one in results] == [True, False, False, False, False, False, True]


def test_a_record_that_is_too_deep_is_passed_over() -> None:
    deep = b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1)
    results = data_of(b'[{"a": ' + deep + b'}, {"a": 1}]')
    assert "levels deep" in results[0]
    assert results[1] == {"a": "1"}
    assert list(read_json_lines(source_of(b'{"a":' + b"[" * 100_000 + b"\n"), "f")) == [
        UnreadRow("f", 1, None, "is not JSON")
    ]


def test_a_list_is_not_read_ahead() -> None:
    class Endless(io.RawIOBase):
        def __init__(self) -> None:
            self.blocks = 0

        def read(self, size: int = -1, /) -> bytes:
            self.blocks += 1
            assert self.blocks < 20
            assert size != -1
            return b"[" if self.blocks == 1 else b'{"a": 1},' * 2_000

    records: Iterator[Record | UnreadRow] = read_json(ByteSource(Endless()), "f")
    assert [next(records).row for _ in range(3)] == [1, 2, 3]


@given(st.binary(max_size=120))
def test_no_bytes_stop_the_reader(content: bytes) -> None:
    list(read_json(source_of(content), "f"))
    list(read_json_lines(source_of(content), "f"))


_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)


@given(
    st.lists(
        st.dictionaries(st.text(max_size=6).filter(lambda key: key not in ("releases", "records")), _json, max_size=4),
        max_size=4,
    )
)
def test_both_readers_read_the_same(items: list[dict[str, Any]]) -> None:
    as_list = data_of(json.dumps(items).encode())
    lines = "".join(f"{json.dumps(item)}\n" for item in items).encode()
    as_lines = [one.data if isinstance(one, Record) else one.reason for one in read_json_lines(source_of(lines), "f")]
    typed = [as_typed(item) for item in items]
    assert as_list == as_lines == [one if isinstance(one, dict) else "is not an object with keys" for one in typed]
