"""Find the name that somebody meant: in any case, with spaces, hyphens or underscores, or by its label.

Invariants:
- A name that is typed exactly is always found.
- Text that could mean two names means none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping

from rules.values.suggestions import MAX_NAME_LENGTH

_PARTS_OF_LABEL = re.compile(r" [–-] |: ")
"""The signs that divide a label such as `Section 43 – Commercial interests`."""
MAX_LABEL_LENGTH = 2 * MAX_NAME_LENGTH


def find_meant(typed: str, labels: Mapping[str, str]) -> str:
    """Return the name among `labels` that is meant; an empty text if none or several are.

    `labels` gives the label of each name. `Board chair`, `board-chair` and `BOARD_CHAIR` all mean `board_chair`.
    """
    if typed in labels:
        return typed
    folded = fold_name(typed) if len(typed) <= MAX_LABEL_LENGTH else ""
    if not folded:
        return ""
    for find_forms in _FORMS:
        meant = [name for name, label in labels.items() if folded in map(fold_name, find_forms(name, label))]
        if meant:
            return meant[0] if len(meant) == 1 else ""
    return ""


def find_meant_name(typed: str, names: Iterable[str]) -> str:
    """Return the one of some names without labels that is meant, or ""."""
    return find_meant(typed, dict.fromkeys(names, ""))


def fold_name(name: str) -> str:
    """Return a name without what does not tell names apart: case, spaces, hyphens and other marks."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", name).casefold()))


_FORMS: tuple[Callable[[str, str], Iterable[str]], ...] = (
    lambda name, _: (name,),
    lambda _, label: (label,),
    lambda _, label: _PARTS_OF_LABEL.split(label),
)
"""The forms of a name that are tried, each only if no name is meant by the one before."""
