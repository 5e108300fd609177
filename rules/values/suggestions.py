"""Suggest the name that somebody meant to type.

Case does not matter. A name without end is not compared, so that bad input costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from operator import itemgetter

MAX_LISTED_NAMES = 30
MAX_NAME_LENGTH = 80
MAX_SUGGESTED_NAMES = 3


def closest(name: str, known: Iterable[str]) -> str:
    """Return the known name closest to a mistyped one, or ""."""
    if len(name) > MAX_NAME_LENGTH:
        return ""
    # Reversed, so that the first of two names that differ in case alone is kept.
    by_folded_name = {known_name.casefold(): known_name for known_name in reversed(list(known))}
    matches = get_close_matches(name.casefold(), by_folded_name, n=1, cutoff=0.6)
    return by_folded_name[matches[0]] if matches else ""


def describe_unknown(name: str, noun: str, known: Iterable[str]) -> str:
    """Describe a name that is not known: the closest known name, and the list of all."""
    names = list(known)
    suggestion = closest(name, names)
    question = f" Did you mean {suggestion}?" if suggestion else ""
    listed = f" There are: {', '.join(names)}." if 0 < len(names) <= MAX_LISTED_NAMES else ""
    return f"{name[:MAX_NAME_LENGTH]} is not a {noun}.{question}{listed}"


def describe_undeclared(name: str, noun: str, declared: Iterable[str]) -> str:
    """Describe a name that no pack declares, with the closest one that is declared."""
    near = closest(name, declared)
    suggestion = f". Did you mean {near}?" if near else ""
    return f"{name} is a {noun} that nobody declares{suggestion}"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Suggest the closest known name, or all of a few."""
    names = list(known)
    if suggestion := closest(name, names):
        return f"Did you mean {suggestion}?"
    return f"There are: {', '.join(names)}." if 0 < len(names) <= MAX_LISTED_NAMES else ""


def names_with_words(typed: str, labels: Mapping[str, str]) -> list[str]:
    """Return the few names that have every typed word in them or in their label, the closest first.

    `value` gives `estimated_value`. Of names equally close, the first come first.
    """
    words = _words_of(typed[:MAX_NAME_LENGTH])
    found = []
    for name, label in labels.items():
        name_words = _words_of(name)
        if words and words <= name_words | _words_of(label):
            found.append((-len(words & name_words), len(name_words), name))
    return [name for *_, name in sorted(found, key=itemgetter(0, 1))[:MAX_SUGGESTED_NAMES]]


def _words_of(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", text.casefold()))
