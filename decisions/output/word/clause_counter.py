"""Decide which section and clause numbers Word may count, so that they change when somebody adds a clause.

Word counts a number only if it would come to the same one; any other number stays text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

CLAUSE_LIST_ID = 1
"""The list in `numbering.xml` that numbers sections and their clauses."""

_SECTION_HEADING = re.compile(r"([1-9][0-9]{0,3})\. (.+)", re.DOTALL)


@dataclass
class ClauseCounter:
    """How far Word has counted: the section, and the clause in it."""

    section: int = 0
    clause: int = 0

    def advance_section(self, text: str) -> str:
        """Return a heading without its number, "Issues" for "2. Issues"; empty if Word would not count that number."""
        match = _SECTION_HEADING.fullmatch(text)
        if not match or int(match[1]) != self.section + 1:
            return ""
        self.section, self.clause = self.section + 1, 0
        return match[2]

    def advance_clause(self, number: str) -> bool:
        """Count the next clause; return whether its number ("2.1.") is the one that Word comes to."""
        if not self.section or number != f"{self.section}.{self.clause + 1}.":
            return False
        self.clause += 1
        return True
