"""The facts that an action waits for, if nothing else keeps its gate shut."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rules.judging.findings import Finding, Ruling


def find_missing_inputs(
    ruling: Ruling, requested_facts: Sequence[str], facts_by_control: Mapping[str, Iterable[str]]
) -> tuple[str, ...]:
    """Return the facts for which alone an action waits, in the order in which it asks for them.

    `requested_facts` are those that the action asks for, `facts_by_control` the facts that each control reads. None are
    returned if the gate is open, or if a control would block it whatever the officer answers.
    """
    blocking = [finding for finding in ruling.findings if finding.blocks_gate]
    if not all(facts and facts <= set(requested_facts) for facts in map(_find_resolving_facts, blocking)):
        return ()
    # A control may report one unstated fact and read another: the officer needs to state both.
    missing = [_find_resolving_facts(finding).union(facts_by_control.get(finding.control, ())) for finding in blocking]
    return tuple(fact for fact in requested_facts if any(fact in facts for facts in missing))


def _find_resolving_facts(finding: Finding) -> set[str]:
    """Return the facts that would settle a finding; none if a known fact breaches it."""
    if finding.outcome == "undetermined":
        return set(finding.missing)
    if any(observed.actual is not None for observed in finding.observed_facts):
        return set()
    return {observed.fact for observed in finding.observed_facts}
