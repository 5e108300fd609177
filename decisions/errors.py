"""What can go wrong while a decision becomes a document."""

from __future__ import annotations

from rules.errors import Error, InputError


class DocumentError(Error):
    """A document could not be made as it must be; nothing has been written."""

    exit_code = 8


class NoSuchDocument(InputError):
    """A case has no such document, and says so itself: no Part 2, for one."""


class NotVerified(Error):
    """A file is not a document of this store, or not as it was issued."""

    exit_code = 7
