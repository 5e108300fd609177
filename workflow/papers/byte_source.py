"""The bytes of a file, read once from its beginning: in blocks or in lines, with a look at what comes first.

Invariants:
- No more than a block and one line is held.
- A byte order mark of UTF-8 is no part of the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

MAX_LINE_BYTES = 16_000_000
_BLOCK = 65_536
_UTF_8_MARK = b"\xef\xbb\xbf"
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")


class ByteStream(Protocol):
    """An open file."""

    def read(self, size: int = -1, /) -> bytes:
        """Return up to `size` bytes, or none at the end."""
        ...


class ByteSource:
    """An open file that is read once; it has a `read` of its own, as libraries expect of a file."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self._held = self._fill(b"", len(_UTF_8_MARK))
        self.is_utf_16 = self._held.startswith(_UTF_16_MARKS)
        self._held = self._held.removeprefix(_UTF_8_MARK)

    def _fill(self, held: bytes, size: int) -> bytes:
        """Return held bytes and what follows, until there are `size` or the file ends."""
        while len(held) < size and (block := self._stream.read(_BLOCK)):
            held += block
        return held

    def peek(self, size: int = 4096) -> bytes:
        """Return the bytes that come next, without reading them."""
        self._held = self._fill(self._held, size)
        return self._held[:size]

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes, or all that are left."""
        if size < 0:
            held, self._held = self._held, b""
            return held + self._stream.read()
        if not self._held:
            return self._stream.read(size)
        held, self._held = self._held[:size], self._held[size:]
        return held

    def lines(self) -> Iterator[bytes | None]:
        """Yield the lines with their ends; None in the place of a line that is too long to be read."""
        start, too_long = 0, False
        while True:
            end = self._held.find(b"\n", start)
            if end >= 0:
                yield None if too_long else self._held[start : end + 1]
                start, too_long = end + 1, False
                continue
            rest = self._held[start:]
            too_long = too_long or len(rest) > MAX_LINE_BYTES
            block = self._stream.read(_BLOCK)
            self._held, start = (b"" if too_long else rest) + block, 0
            if not block:
                break
        if self._held or too_long:
            held, self._held = self._held, b""
            yield None if too_long else held
