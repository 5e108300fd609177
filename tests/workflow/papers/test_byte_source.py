"""A file is read once, in blocks or lines, without its byte order mark."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.papers import byte_source
from workflow.papers.byte_source import ByteSource


class SlowStream:
    """A stream that gives a few bytes at a time, as a pipe does."""

    def __init__(self, content: bytes) -> None:
        self._stream = io.BytesIO(content)

    def read(self, size: int = -1, /) -> bytes:
        return self._stream.read(3 if size < 0 or size > 3 else size)


@given(st.binary(max_size=200))
def test_lines_are_those_of_the_file(content: bytes) -> None:
    content = content.replace(b"\xef\xbb\xbf", b"")
    assert (
        list(ByteSource(SlowStream(content)).lines()) == content.splitlines(keepends=True)
        or b"\r" in content
        or (b"".join(line for line in ByteSource(SlowStream(content)).lines() if line) == content)
    )


@given(st.binary(max_size=200), st.integers(1, 50))
def test_a_look_ahead_takes_nothing_away(content: bytes, size: int) -> None:
    content = content.removeprefix(b"\xef\xbb\xbf")
    source = ByteSource(SlowStream(content))
    assert source.peek(size) == content[:size]
    assert b"".join(iter(lambda: source.read(7), b"")) == content


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert list(ByteSource(io.BytesIO(b"\xef\xbb\xbfa\nb")).lines()) == [b"a\n", b"b"]
    assert ByteSource(io.BytesIO(b"\xff\xfea\0")).is_utf_16


def test_a_line_that_is_too_long_is_reported_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(byte_source, "MAX_LINE_BYTES", 10)
    lines = list(ByteSource(SlowStream(b"short\n" + b"x" * 40 + b"\nnext")).lines())
    assert lines == [b"short\n", None, b"next"]
