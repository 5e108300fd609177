"""Name the place of a fault in a Word file, by the label of a field and never by its words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rules.errors import InputError


@contextmanager
def naming_place(place: str) -> Iterator[None]:
    """Add the place to the message of an `InputError`."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{error.message}, in {place}", error.advice()) from error
