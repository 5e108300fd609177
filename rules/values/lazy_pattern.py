"""Regular expressions that are compiled on first use.

Most commands search no text, and compiling the patterns of all modules would take a tenth of the start of each.
"""

from __future__ import annotations

import re
from typing import Any, cast


class _LazyPattern:
    """Stands for a compiled pattern, and has the same attributes and methods."""

    def __init__(self, pattern: str, flags: int) -> None:
        self._source = (pattern, flags)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a pattern has under a name
        """Compile the pattern, and keep its attribute: it is looked up here once."""
        found = getattr(re.compile(*self._source), name)
        setattr(self, name, found)
        return found


def compile_lazily(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return a pattern that is compiled when it is first used; a malformed one fails then."""
    return cast("re.Pattern[str]", _LazyPattern(pattern, flags))
