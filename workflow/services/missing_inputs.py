"""What an act waits for, where nothing shuts its gate but what whoever does it states with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rules.judging.findings import Finding, Ruling


def find_missing_inputs(
    ruling: Ruling, requested_facts: Sequence[str], facts_by_control: Mapping[str, Iterable[str]]
) -> tuple[str, ...]:
    """The facts for which alone an act waits, of those that it `asks` for; `looked_at` has what each control looks at.

    None where the gate is open, or where anything shuts it that they would not settle.
    """
    against = [finding for finding in ruling.findings if finding.blocks_gate]
    if not all(facts and facts <= set(requested_facts) for facts in map(_find_resolving_facts, against)):
        return ()
    # A control may say for one fact alone that it is not met, and look at another that is not stated yet as well.
    wanted = [_find_resolving_facts(finding).union(facts_by_control.get(finding.control, ())) for finding in against]
    return tuple(fact for fact in requested_facts if any(fact in facts for facts in wanted))


def _find_resolving_facts(finding: Finding) -> set[str]:
    """The facts that would settle a finding; none of one that is breached by a fact which is known."""
    if finding.outcome == "undetermined":
        return set(finding.missing)
    return (
        {seen.fact for seen in finding.observed_facts}
        if all(seen.actual is None for seen in finding.observed_facts)
        else set()
    )
