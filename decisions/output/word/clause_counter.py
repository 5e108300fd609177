"""Which numbers of a document Word may count by itself, so that they move along when somebody adds a clause."""

from __future__ import annotations

import re
from dataclasses import dataclass

CLAUSE_LIST_ID = 1
"""The list of `numbering.xml` by which sections and their clauses are numbered."""

_SECTION_HEADING = re.compile(r"([1-9][0-9]{0,3})\. (.+)", re.DOTALL)


@dataclass
class ClauseCounter:
    """How far Word has counted: the section, and the clause in it. Other numbers than its own stay text."""

    section: int = 0
    clause: int = 0

    def advance_section(self, text: str) -> str:
        """What is left of a heading ("2. Issues") when its number is counted by Word; empty where it cannot be."""
        found = _SECTION_HEADING.fullmatch(text)
        if not found or int(found[1]) != self.section + 1:
            return ""
        self.section, self.clause = self.section + 1, 0
        return found[2]

    def advance_clause(self, number: str) -> bool:
        """Whether the number of a clause ("2.1.") is the one that Word comes to."""
        if not self.section or number != f"{self.section}.{self.clause + 1}.":
            return False
        self.clause += 1
        return True
