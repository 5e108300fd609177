"""Numbers of cases as somebody may type them: in other letters, with other signs in between, or with one mistake.

An index holds each number without case and signs, so that a number is found without reading all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from string import ascii_lowercase, digits

from rules.values.names import fold_name

_SIGNS = "- _/.:"
"""The signs between the parts of a number that the index leaves out."""
_LONGEST = 40
_LETTERS = ascii_lowercase + digits


def folded_case_number(column: str) -> str:
    """The expression of SQL for a number without case and signs; the index and each statement use the same."""
    folded = f"lower({column})"
    for sign in _SIGNS:
        folded = f"replace({folded}, '{sign}', '')"
    return folded


def fold_case_number(typed: str) -> str:
    """What the expression of SQL gives for a number that has no other signs; of a long text, for its beginning."""
    return fold_name(typed[: 2 * _LONGEST])


def numbers_one_off(folded: str) -> Iterator[str]:
    """Yield each text that differs by one letter or digit: one more, one less, another, or two that are swapped."""
    if len(folded) > _LONGEST:
        return
    for place in range(len(folded) + 1):
        before, after = folded[:place], folded[place:]
        yield before + after[1:]
        yield before + after[1:2] + after[:1] + after[2:]
        for letter in _LETTERS:
            yield before + letter + after
            yield before + letter + after[1:]
