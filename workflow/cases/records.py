"""`evolve` applies an event to a case: what acts record, by stage and round, and what of it still counts.

Invariants:
- What an act records stays. Of a fact that was recorded several times, the latest value that is not void counts.
- Only an action that reopens a stage voids: all that was recorded at that stage and at later ones, before it. What
  belongs to an earlier stage, as a notice that was given does, stays.
- What is void stays in `Case.acts`, with the event that voided it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from rules.packs.flow_schema import Action
from rules.packs.scheme import Scheme
from rules.values.facts import FactValue, split_address
from workflow.cases.case import Case, ExemptFacts, FullCase, RecordedAct
from workflow.cases.events import CURRENT_FORMAT, Event
from workflow.cases.migration import apply_names


def evolve(case: Case | None, event: Event) -> Case:
    """Return the case after an event (None: not yet opened)."""
    if case is None:
        case = Case(event.case, event.scheme, 0, event.stage, event.on, {})
    case = apply_names(case, event)
    version = case.version + 1
    rounds = {**case.rounds, event.stage: _round_after(case, event)}
    act = RecordedAct(
        version=version,
        kind=event.kind,
        action=event.action,
        stage=case.stage,
        round=case.rounds.get(case.stage, 1),
        officer=event.officer,
        capacity=event.capacity,
        on=event.on,
        facts=event.public.stated if event.kind in ("acted", "corrected") else {},
        entered=rounds != case.rounds,
        acts_for=event.acts_for,
        under=event.under,
        overrides=event.overrides,
        late_by=event.late_by,
        entry_format=event.entry_format,
    )
    acts, facts = _void_acts(case, event, version)
    facts = event.public.apply_to(facts)
    return Case(
        event.case,
        event.scheme,
        version,
        event.stage,
        event.on,
        facts,
        (*acts, act),
        rounds,
        event.source or case.source,
        event.withheld or case.withheld,
    )


def evolve_full_case(full_case: FullCase | None, event: Event) -> FullCase:
    """Return both parts of a case after an event; None is a case not yet opened."""
    case, exempt_part = (full_case.case, full_case.exempt_part) if full_case else (None, ExemptFacts({}))
    if event.exempt.stated or event.exempt.removed or event.already_public:
        facts = event.exempt.apply_to(exempt_part.facts)
        exempt_part = ExemptFacts(facts, (*exempt_part.already_public, *event.already_public))
    return FullCase(evolve(case, event), exempt_part)


def find_voided(case: Case, action: Action, scheme: Scheme) -> tuple[tuple[int, ...], frozenset[str]]:
    """Return what an action voids by reopening a stage: versions of acts, and addresses that no act here recorded.

    The addresses are those of an imported case, whose acts were done elsewhere: each is taken to be recorded at the
    latest stage that can record it.
    """
    if action.reopens is None:
        return (), frozenset()
    first = scheme.stage_index(action.reopens)
    reopened = [stage for stage in scheme.declaration.stages if scheme.stage_index(stage) >= first]
    versions = tuple(act.version for act in case.acts if _can_be_voided(act, reopened, scheme))
    recorded_here = {address for act in case.acts for address in act.facts}
    recordable = _facts_recordable_at(reopened, scheme)
    imported = case.facts.keys() - recorded_here
    return versions, frozenset(address for address in imported if split_address(address)[0] in recordable)


def _can_be_voided(act: RecordedAct, stages: Sequence[str], scheme: Scheme) -> bool:
    """Return whether an act recorded something of one of some stages that still counts; corrections always stay."""
    if act.kind != "acted" or not act.facts or act.is_void:
        return False
    action = scheme.declaration.actions.get(act.action)
    return (action.stage_of_record(act.stage) if action else act.stage) in stages


def _facts_recordable_at(stages: Sequence[str], scheme: Scheme) -> set[str]:
    """Return the facts of some stages that actions can record there."""
    return {
        fact
        for stage in stages
        for action in scheme.actions_at(stage).values()
        if action.stage_of_record(stage) in stages
        for fact in action.recorded_facts_at(stage)
    }


def _round_after(case: Case, event: Event) -> int:
    """Return how many times the case has come to its stage after an event."""
    if event.round:
        return event.round
    current = case.rounds.get(event.stage, 0)
    return current + 1 if event.kind in ("opened", "entered", "acted") else max(current, 1)


def _void_acts(case: Case, event: Event, version: int) -> tuple[tuple[RecordedAct, ...], Mapping[str, FactValue]]:
    """Return the acts of a case with those that an event voids marked, and the facts that still count."""
    voids = _addresses_voided_by(case, event)
    if not voids:
        return case.acts, case.facts
    acts = tuple(
        replace(act, voided=act.voided | voids[act.version], voided_by=version) if act.version in voids else act
        for act in case.acts
    )
    void = frozenset[str]().union(*voids.values())
    facts = {address: value for address, value in case.facts.items() if address not in void}
    return acts, {**facts, **latest_recorded_facts(acts, void)}


def _addresses_voided_by(case: Case, event: Event) -> dict[int, frozenset[str]]:
    """Return the addresses that an event voids, by the version of the act that recorded them."""
    removes = event.entry_format < CURRENT_FORMAT and event.kind == "acted" and bool(event.public.removed)
    if not event.voids and not removes:
        return {}
    voids = {act.version: frozenset(act.facts) for act in case.acts if act.version in event.voids}
    if removes:
        voids = {act.version: event.public.removed.intersection(act.facts) for act in case.acts}
    return {version: addresses for version, addresses in voids.items() if addresses}


def latest_recorded_facts(acts: Iterable[RecordedAct], addresses: frozenset[str]) -> dict[str, FactValue]:
    """Return the latest value that counts of each of some facts; those without one are left out."""
    latest: dict[str, FactValue] = {}
    for act in acts:
        counted = addresses.intersection(act.facts) - act.voided
        latest.update({address: act.facts[address] for address in counted})
    return latest
