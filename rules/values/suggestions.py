"""Names that somebody mistyped, and the ones they may have meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

MAX_LISTED_NAMES = 30
MAX_NAME_LENGTH = 80


def closest(name: str, known: Iterable[str]) -> str:
    """The known name that a mistyped one may have meant, however its letters are typed; empty where none is near."""
    if len(name) > MAX_NAME_LENGTH:
        return ""
    meant = {one.casefold(): one for one in reversed(list(known))}  # of two that differ in that alone, the first
    near = get_close_matches(name.casefold(), meant, n=1, cutoff=0.6)
    return meant[near[0]] if near else ""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Advice for a name that is not known: the nearest one, or all where there are few."""
    names = list(known)
    if near := closest(name, names):
        return f"Did you mean {near}?"
    return f"There are: {', '.join(names)}." if 0 < len(names) <= MAX_LISTED_NAMES else ""
