"""The rules of entries of format 1, by which ledgers recorded before format 2 are replayed.

Nothing new is recorded by them. In format 1 an act removed every fact that any action at its target stage or at a later
one could record, and every fact that it asks for itself, though nothing was reopened.
"""

from __future__ import annotations

from rules.packs.flow_schema import STAGE_FACTS, Action
from rules.packs.scheme import Scheme
from workflow.cases.case import Case


def find_removed_facts(case: Case, action: Action, scheme: Scheme) -> frozenset[str]:
    """Return the addresses of the facts that an act of format 1 removes from a case."""
    target = scheme.stage_index(action.leads_to(case.stage))
    removed: set[str] = set(action.asks)
    for other in scheme.declaration.actions.values():
        for stage in other.stages:
            if scheme.stage_index(stage) >= target:
                removed |= {*other.asks, *other.dates, *(f"{stage}.{fact}" for fact in STAGE_FACTS)}
    return frozenset(removed) & frozenset(case.facts)
