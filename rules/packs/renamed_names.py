"""Names that a scheme had once: whether what its head says of them is right, and how they lead to those of today.

Invariants:
- An old name leads to one name of today, directly: a name that the scheme still has is not an old one.
- A name without an entry stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from rules.packs.corrections_schema import CORRECTED_FACT
from rules.packs.flow_schema import STAGE_FACTS
from rules.packs.renamed_schema import RenamedNames
from rules.packs.scheme_schema import SchemeDeclaration
from rules.reading.yaml_reader import LocatedFault
from rules.values.facts import FactDeclaration, FactValue, address_of, split_address
from rules.values.suggestions import did_you_mean

_KIND_OF_NAME = {
    "stages": "a stage", "tasks": "a task", "roles": "a role", "actions": "an action", "outcomes": "an outcome",
    "facts": "a fact that is declared",
}  # fmt: skip


def renamed_faults(
    declaration: SchemeDeclaration, facts: Mapping[str, FactDeclaration], unrecordable: frozenset[str]
) -> Iterator[LocatedFault]:
    """Yield a fault for each old name that is still in use, and for each new one that is not; with its place.

    `unrecordable` are the facts that no case keeps, such as derived ones.
    """
    names = {**_names_of_today(declaration), "facts": facts.keys()}
    for key, known in names.items():
        for old, new in getattr(declaration.renamed, key).items():
            at = ("renamed", key, old)
            if old in known:
                yield at, f"is still {_KIND_OF_NAME[key]}, so it has not been renamed: take this line out"
            if new not in known:
                advice = did_you_mean(new, known)
                yield at, f"{new} is not {_KIND_OF_NAME[key]}. {advice}".rstrip()
            elif key == "facts" and new in unrecordable:
                message = f"{new} is derived or given, or read from a linked case, so it cannot keep what was recorded"
                yield at, message


def _names_of_today(declaration: SchemeDeclaration) -> dict[str, set[str]]:
    """Return the names of each kind that the head of a scheme declares."""
    outcomes = {action.outcome for action in declaration.actions.values() if action.outcome}
    return {
        "stages": {*declaration.stages},
        "tasks": {*declaration.tasks()},
        "roles": {*declaration.roles},
        "actions": {*declaration.actions, *declaration.reviews},
        "outcomes": outcomes | {review.outcome for review in declaration.reviews.values()},
    }


class NameMap(NamedTuple):
    """What old names lead to: for each kind of name, as `RenamedNames` has it.

    `outcome_facts` and `role_facts` are the facts of today that keep outcomes and roles, if any of these was renamed.
    """

    names: Mapping[str, Mapping[str, str]]
    outcome_facts: tuple[str, ...] = ()
    role_facts: tuple[str, ...] = ()

    @classmethod
    def of_scheme(cls, declaration: SchemeDeclaration) -> NameMap:
        """Return the map that the head of a scheme declares."""
        renamed, prefixes = declaration.renamed, (*declaration.stages, *declaration.tasks())
        kept_in = (review.kept_in for review in declaration.reviews.values())
        outcome_facts = dict.fromkeys((*(f"{prefix}.outcome" for prefix in prefixes), *kept_in))
        role_facts = tuple(f"{prefix}.role" for prefix in prefixes)
        names = {key: dict(getattr(renamed, key)) for key in RenamedNames.model_fields}
        return cls(
            {key: renames for key, renames in names.items() if renames},
            tuple(outcome_facts) if renamed.outcomes else (),
            role_facts if renamed.roles else (),
        )

    def as_json(self) -> dict[str, Any]:
        """Return the map as the ledger keeps it."""
        facts = {"outcome_facts": list(self.outcome_facts), "role_facts": list(self.role_facts)}
        return {**{key: dict(renames) for key, renames in self.names.items()}, **facts}

    @classmethod
    def from_json(cls, parts: Mapping[str, Any]) -> NameMap:
        """Return the map that the ledger keeps; raises `TypeError`, `AttributeError` or `KeyError` if it is none."""
        names = {key: {str(old): str(new) for old, new in parts[key].items()} for key in _KIND_OF_NAME if key in parts}
        return cls(names, tuple(map(str, parts["outcome_facts"])), tuple(map(str, parts["role_facts"])))

    def of(self, kind: str, name: str) -> str:
        """Return the name of today for a name of a kind, such as `stages`."""
        return self.names.get(kind, {}).get(name, name)

    def address(self, address: str) -> str:
        """Return the address of today for an address."""
        fact, key = split_address(address)
        prefix, _, rest = fact.partition(".")
        renamed = self.of("facts", fact)
        if renamed == fact and rest in STAGE_FACTS and not key:
            renamed = f"{self.of('tasks', self.of('stages', prefix))}.{rest}"
        return address if renamed == fact else address_of(renamed, key)

    def value(self, new_address: str, value: FactValue) -> FactValue:
        """Return a value with the outcome or role of today in place of an old one; `new_address` says of what."""
        fact, _ = split_address(new_address)
        if not isinstance(value, str):
            return value
        if fact == CORRECTED_FACT:  # its value is an address itself
            return self.address(value)
        if fact in self.outcome_facts:
            return self.of("outcomes", value)
        return self.of("roles", value) if fact in self.role_facts else value

    def rename_facts(self, facts: Mapping[str, FactValue]) -> dict[str, FactValue]:
        """Return facts with the addresses, outcomes and roles of today."""
        addresses = {address: self.address(address) for address in facts}
        return {addresses[address]: self.value(addresses[address], value) for address, value in facts.items()}
