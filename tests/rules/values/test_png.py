"""A logo is a picture of bounded size that every program draws alike, and nothing but its pixels is kept."""

from __future__ import annotations

import io
import zlib

import pytest
from PIL import Image, PngImagePlugin

from rules.errors import InputError
from rules.values.png import MAX_PNG_BYTES, MAX_PNG_HEIGHT, MAX_PNG_WIDTH, parse_png


def png(mode: str = "RGB", size: tuple[int, int] = (3, 2), **options: object) -> bytes:
    """Return a picture of one colour."""
    data = io.BytesIO()
    Image.new(mode, size).save(data, "PNG", **options)
    return data.getvalue()


def with_header(data: bytes, **bytes_at: int) -> bytes:
    """Return a picture with other bytes in its header, such as `at_24` for its depth, and the right checksum."""
    header = bytearray(data[12:29])
    for name, value in bytes_at.items():
        header[int(name.removeprefix("at_")) - 12] = value
    return data[:12] + bytes(header) + zlib.crc32(header).to_bytes(4, "big") + data[33:]


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "P"])
def test_grey_colours_and_palettes_are_read_and_draw_as_before(mode: str) -> None:
    picture = parse_png(png(mode, (11, 2)))
    assert (picture.width, picture.height) == (11, 2)
    before, after = (Image.open(io.BytesIO(data)).convert("RGB") for data in (png(mode, (11, 2)), picture.data))
    assert before.tobytes() == after.tobytes()


def test_what_is_not_drawn_is_left_out() -> None:
    note = PngImagePlugin.PngInfo()
    note.add_text("Author", "Jane Roe, 12 Example Street")
    data = png(pnginfo=note, dpi=(72, 72))
    assert b"Jane Roe" in data
    assert b"Jane Roe" not in parse_png(data).data
    assert parse_png(data) == parse_png(png())


@pytest.mark.parametrize("size", [(MAX_PNG_WIDTH, 1), (1, MAX_PNG_HEIGHT)])
def test_a_picture_of_the_greatest_size_is_read(size: tuple[int, int]) -> None:
    assert parse_png(png("L", size))[:2] == size


@pytest.mark.parametrize("size", [(MAX_PNG_WIDTH + 1, 1), (1, MAX_PNG_HEIGHT + 1)])
def test_a_larger_one_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(InputError, match=r"at most 2,000 by 1,000 are allowed"):
        parse_png(png("L", size))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"GIF89a", "is not a PNG picture"),
        (b"<svg/>", "is not a PNG picture"),
        (png("RGBA"), "not every program draws"),
        (png("LA"), "not every program draws"),
        (png("I;16"), "not every program draws"),
        (with_header(png(), at_28=1), "not every program draws"),
        (png("P", bits=8, transparency=0), "has transparent parts"),
        (png()[:-1], "is a damaged"),
        (png()[:20], "is a damaged"),
        (png()[:8], "is a damaged"),
        (png().replace(b"IDAT", b"IDAX"), "is a damaged"),
        (with_header(png(), at_23=9), "is a damaged"),
        (with_header(png("L"), at_25=3), "is a damaged"),
        (png() + b"x" * MAX_PNG_BYTES, "a picture may have 200,000"),
    ],
)
def test_any_other_file_is_refused_with_the_reason(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message) as refused:
        parse_png(data)
    assert refused.value.advice()


def test_pixels_that_unpack_to_more_than_the_size_are_refused_without_unpacking_them() -> None:
    bomb = zlib.compress(b"\0" * 50_000_000)
    chunk = b"IDAT" + bomb
    data = png("L", (4, 4))
    start, end = data.index(b"IDAT") - 4, data.index(b"IEND") - 4
    packed = len(bomb).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big")
    with pytest.raises(InputError, match="is a damaged"):
        parse_png(data[:start] + packed + data[end:])
