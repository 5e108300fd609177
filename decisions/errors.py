"""Errors of making, issuing and verifying documents."""

from __future__ import annotations

from rules.errors import Error, InputError


class DocumentError(Error):
    """A document could not be made, read or written. Nothing was recorded of it."""

    exit_code = 8


class NoSuchDocument(InputError):
    """A case has no such document by its own facts: for example, its paper says that there is no Part 2."""


class NotVerified(Error):
    """A file is not a document of this store, or was altered after it was issued."""

    exit_code = 7
