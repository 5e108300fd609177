"""What a source seems to state, but nobody has settled: it is neither stated nor left empty.

Invariant: a fact that is stated is settled, whatever the list says, so that a person may confirm it and leave the list.
"""

from __future__ import annotations

from collections.abc import Collection

from rules.judging.rulebook import Rulebook
from rules.values.bounds import plain_name
from rules.values.facts import CASE, kind_of_subject, split_address, subject_of_address


def without_unsettled(
    asked: frozenset[str] | None, unsettled: Collection[str], stated: Collection[str], rulebook: Rulebook
) -> frozenset[str] | None:
    """Return what a source asks for without what is unsettled, and without what derives from it; None for everything.

    `unsettled` and `stated` are addresses. A subject of which nothing is stated leaves its kind unsettled too.
    """
    settled = {plain_name(address) for address in stated}
    open_addresses = [address for address in unsettled if address not in settled]
    if not open_addresses:
        return asked
    whole = asked if asked is not None else frozenset({*rulebook.facts, *rulebook.facts.subject_kinds})
    return whole - _lost_with(open_addresses, {subject_of_address(address) for address in settled}, rulebook)


def _lost_with(addresses: Collection[str], stated_subjects: Collection[str], rulebook: Rulebook) -> set[str]:
    """Return the facts and kinds of subject that nobody can tell while some addresses are unsettled."""
    subjects = {subject_of_address(address) for address in addresses} - {CASE, *stated_subjects}
    kinds = {kind_of_subject(subject) for subject in subjects}
    lost = kinds | {split_address(address)[0] for address in addresses}
    for derived in rulebook.derived_facts:
        if derived.related_kind in kinds or (not derived.is_evidence and not lost.isdisjoint(derived.inputs)):
            lost.add(derived.name)
    return lost
