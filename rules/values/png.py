"""Pictures in the format PNG, checked before anything draws them.

- A picture is bounded in bytes and in pixels, so that no file can take a machine's memory.
- Only what every program draws alike is accepted: at most 8 bits for each colour, no interlacing, no transparency.
- What is kept of a file is its pixels: comments, cameras and places that it names are left out.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import NamedTuple

from rules.errors import InputError

MAX_PNG_BYTES = 200_000
MAX_PNG_WIDTH, MAX_PNG_HEIGHT = 2_000, 1_000
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_BITS_BY_COLOUR_TYPE = {0: (1, 2, 4, 8), 2: (8,), 3: (1, 2, 4, 8)}
"""The bits that each colour of a pixel may have: in grey, in red, green and blue, and as an entry of a palette."""
_COLOURS_BY_COLOUR_TYPE = {0: 1, 2: 3, 3: 1}
_PALETTE_TYPE, _MAX_PALETTE_BYTES = 3, 3 * 256
_HEADER_LENGTH, _CHECKSUM_LENGTH, _BITS_OF_BYTE = 13, 4, 8
_ADVICE = "Save it as PNG with 8 bits, without transparency and without interlacing."


class Png(NamedTuple):
    """A checked picture: its width and height in pixels, and a file that holds nothing but these."""

    width: int
    height: int
    data: bytes


def parse_png(data: bytes) -> Png:
    """Return a picture without anything but its pixels; raises `InputError` with what to write instead."""
    if len(data) > MAX_PNG_BYTES:
        raise InputError(f"has {len(data):,} bytes; a picture may have {MAX_PNG_BYTES:,}", "Make it smaller.")
    if not data.startswith(_SIGNATURE):
        raise InputError("is not a PNG picture", _ADVICE)
    chunks = list(_read_chunks(data))
    if [kind for kind, _ in chunks[:1] + chunks[-1:]] != [b"IHDR", b"IEND"] or len(chunks[0][1]) != _HEADER_LENGTH:
        raise _damaged()
    if any(kind == b"tRNS" for kind, _ in chunks):
        raise InputError("has transparent parts", _ADVICE)
    header = chunks[0][1]
    width, height, bits = _read_header(header)
    pixels = b"".join(content for kind, content in chunks if kind == b"IDAT")
    _refuse_wrong_length(pixels, height * (1 + -(-width * bits // _BITS_OF_BYTE)))  # each row has one more byte
    kept = [(b"IHDR", header), *_read_palette(header, chunks), (b"IDAT", pixels), (b"IEND", b"")]
    return Png(width, height, _SIGNATURE + b"".join(_write_chunk(kind, content) for kind, content in kept))


def _damaged() -> InputError:
    return InputError("is a damaged PNG picture", "Save it again.")


def _read_palette(header: bytes, chunks: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return the palette of a picture that has one."""
    if header[9] != _PALETTE_TYPE:
        return []
    palettes = [chunk for chunk in chunks if chunk[0] == b"PLTE"]
    if len(palettes) != 1 or not 0 < len(palettes[0][1]) <= _MAX_PALETTE_BYTES:
        raise _damaged()
    return palettes


def _read_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the kind and the content of each part of a file."""
    at = len(_SIGNATURE)
    while at < len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        content, checksum = data[at + 8 : at + 8 + length], data[at + 8 + length : at + 12 + length]
        if len(checksum) < _CHECKSUM_LENGTH or zlib.crc32(kind + content) != int.from_bytes(checksum, "big"):
            raise _damaged()
        yield kind, content
        at += 12 + length


def _read_header(header: bytes) -> tuple[int, int, int]:
    """Return width, height and the bits of a pixel."""
    width, height = int.from_bytes(header[:4], "big"), int.from_bytes(header[4:8], "big")
    depth, colour_type, *methods = header[8:]
    if not (0 < width <= MAX_PNG_WIDTH and 0 < height <= MAX_PNG_HEIGHT):
        limits = f"{MAX_PNG_WIDTH:,} by {MAX_PNG_HEIGHT:,}"
        raise InputError(f"has {width:,} by {height:,} pixels; at most {limits} are allowed", "Make it smaller.")
    if depth not in _BITS_BY_COLOUR_TYPE.get(colour_type, ()) or any(methods):
        raise InputError("is a PNG picture of a kind that not every program draws", _ADVICE)
    return width, height, depth * _COLOURS_BY_COLOUR_TYPE[colour_type]


def _refuse_wrong_length(pixels: bytes, expected: int) -> None:
    """Raise `InputError` unless the pixels unpack to just the size that the header gives."""
    unpacker = zlib.decompressobj()
    try:
        unpacked = unpacker.decompress(pixels, expected + 1)
    except zlib.error:
        unpacked = b""
    if len(unpacked) != expected or not unpacker.eof:
        raise _damaged()


def _write_chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content).to_bytes(4, "big")
    return len(content).to_bytes(4, "big") + kind + content + checksum
