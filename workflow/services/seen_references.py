"""References of the cases of one audit, so that a second case with the same one is found.

Invariants:
- A reference is compared without its spaces, signs and leading zeros, and only within one authority and fact.
- Only the name of the first case with each reference is held.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from rules.packs.scheme import Scheme
from rules.packs.workflow_facts import SAME_REFERENCE
from rules.values.facts import FactValue

_NOT_PART = re.compile(r"[\W_]+|(?<![0-9])0+(?=[0-9])")


@dataclass(slots=True)
class SeenReferences:
    """The first case with each reference, by authority, fact and reference."""

    first: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def note(self, scheme: Scheme, stated: Mapping[str, FactValue], case: str) -> dict[str, FactValue]:
        """Note the references of a case, and return the fact that says which earlier case has one of them."""
        for fact in scheme.rulebook.reference_facts:
            reference = stated.get(fact)
            if isinstance(reference, str):
                earlier = self.first.setdefault((scheme.id, fact, _NOT_PART.sub("", reference.casefold())), case)
                if earlier != case:
                    return {SAME_REFERENCE: f"{fact}: “{reference}”, as in {earlier}"}
        return {}
