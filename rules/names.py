"""Names that somebody mistyped, and the ones they may have meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

FEW = 30
LONGEST = 80


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Advice for a name that is not known: the nearest one, however its letters are typed, or all where there are few."""
    names = list(known)
    meant = {one.casefold(): one for one in reversed(names)}  # of two that differ in that alone, the first
    near = get_close_matches(name.casefold(), meant, n=1, cutoff=0.6) if len(name) <= LONGEST else []
    if near:
        return f"Did you mean {meant[near[0]]}?"
    return f"There are: {', '.join(names)}." if 0 < len(names) <= FEW else ""
