"""Facts that are read from linked cases: what can be wrong with their declarations.

Invariants:
- What is read is what the other case states in Part 1 or its acts record, and where it stands. Nothing that is derived
  there, or read from a third case, is read: so no reading leads on to another.
- Nobody states such a fact, and no act records it.
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.errors import Fault
from rules.packs.pack_file import PackFile
from rules.packs.workflow_facts import is_fact_of_act
from rules.reading.yaml_reader import KeyPath
from rules.values.fact_table import FactTable
from rules.values.facts import CASE, FactDeclaration, LinkedFact
from rules.values.suggestions import describe_undeclared


def linked_fact_faults(pack_file: PackFile, facts: FactTable, derived: frozenset[str]) -> Iterator[Fault]:
    """Yield what is wrong with the facts of a pack that are read from linked cases; `derived` are derived facts."""
    for name, declared in pack_file.pack.facts.items():
        if declared.from_case:
            for key, message in _faults_of(name, declared, declared.from_case, facts, derived):
                yield pack_file.source.fault_at(("facts", name, *key), message)


def _faults_of(
    name: str, declared: FactDeclaration, read: LinkedFact, facts: FactTable, derived: frozenset[str]
) -> Iterator[tuple[KeyPath, str]]:
    link, source = facts.get(read.link), facts.get(read.fact)
    if declared.names_case:
        yield ("names_case",), "is for facts that somebody states, and not for one that is read from another case"
    if link is None:
        yield ("from_case", "link"), describe_undeclared(read.link, "fact", facts)
    elif not link.names_case:
        yield ("from_case", "link"), f"{read.link} does not name a case: give it `names_case: true`"
    elif facts.subject_kind_of(read.link) != facts.subject_kind_of(name):
        of = facts.subject_kind_of(read.link)
        yield (
            ("from_case", "link"),
            f"{read.link} is a fact of each {of}, and {name} is not: give both to the same thing",
        )
    if source is None:
        yield ("from_case", "fact"), describe_undeclared(read.fact, "fact", facts)
    elif why := _why_unreadable(read.fact, source, facts, derived):
        yield ("from_case", "fact"), why
    elif source.kind != declared.kind:
        yield ("kind",), f"must be {source.kind}, as {read.fact} is"


def _why_unreadable(name: str, source: FactDeclaration, facts: FactTable, derived: frozenset[str]) -> str:
    """Return why a fact cannot be read from another case; an empty text if it can."""
    if facts.subject_kind_of(name) != CASE:
        return f"{name} is a fact of each {facts.subject_kind_of(name)} of a case: name a fact of the case"
    if source.from_case:
        return f"{name} is itself read from a linked case: name the fact that is read there"
    if name in derived:
        return f"{name} is derived: name a fact that is stated or recorded, and derive from it"
    return f"{name} is a fact of the act that is judged, and not of a case" if is_fact_of_act(name) else ""
