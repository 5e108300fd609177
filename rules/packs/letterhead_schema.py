"""A scheme's letterhead: a logo from a picture in its folder, and lines such as an address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, StringConstraints

from rules.errors import InputError
from rules.reading.pydantic_messages import PICTURE_PATTERN
from rules.values.citation import Declaration
from rules.values.png import Png, parse_png

IMAGE_SUFFIX = ".png"


class Letterhead(Declaration, title="Letterhead"):
    """What stands above the authority's name on the first page of each document.

    The logo is a PNG picture in the folder of the scheme: at most 200 kB and 2,000 by 1,000 pixels, with 8 bits, and
    neither transparent nor interlaced. `alt` says in words what it shows, for readers who do not see it. Use only a
    logo that the authority may use.
    """

    logo: str = Field(pattern=PICTURE_PATTERN, description="The picture: a file beside `scheme.yaml`.")
    alt: str = Field(min_length=3, max_length=200, description="What the logo shows, in words.")
    height_mm: int = Field(default=18, ge=8, le=35, description="How high it is printed, in millimetres.")
    lines: tuple[Annotated[str, StringConstraints(min_length=1, max_length=80)], ...] = Field(
        default=(), max_length=5, description="Lines beside it, such as an address: at most five."
    )


def is_image(file: str) -> bool:
    """Whether a file of packs is a picture."""
    return file.endswith(IMAGE_SUFFIX)


def load_logo(letterhead: Letterhead | None, folder: str, files: Mapping[str, bytes]) -> Png | None:
    """Return the picture that a letterhead names; raises `InputError` if it is not there or may not be used."""
    if letterhead is None:
        return None
    name = f"{folder}/{letterhead.logo}"
    if name not in files:
        raise InputError(f"{name} is not there", "Put the picture into the folder of the scheme.")
    try:
        return parse_png(files[name])
    except InputError as error:
        raise InputError(f"{name} {error.message}", error.advice()) from None
