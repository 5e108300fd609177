"""Move a case to the flow of other packs: what it records, what prevents it, and how the case reads afterwards.

Invariants:
- A migration is an event. It changes names alone: no value but that of a renamed outcome or role, no day, no officer.
- Nothing recorded is lost: a case whose stage, open task or recorded fact has no counterpart stays where it is.
- What prevents a migration never names a fact of Part 2.
- Acts keep their order and their versions; their stages, actions and facts take the names of the new flow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from rules.errors import InputError
from rules.language.dated_values import figure_has_kind
from rules.packs.renamed_names import NameMap
from rules.packs.scheme import Scheme
from rules.values.facts import FactValue, split_address
from workflow.cases.case import Case, FullCase, RecordedAct
from workflow.cases.events import Attribution, Event, FactChanges, Migrate, Migration

MIGRATE = "migrate"
"""The name under which the ledger records the act."""


def build_migration_event(full_case: FullCase, command: Migrate, scheme: Scheme, attribution: Attribution) -> Event:
    """Return the event that moves a case to the flow of a scheme; raise `InputError` with all that prevents it."""
    if obstacles := tuple(find_obstacles(full_case, scheme)):
        raise InputError(
            f"{full_case.case.id} cannot be moved to the changed scheme: {'; '.join(obstacles)}",
            "Say in the scheme, under renamed, what the old names lead to. Nothing was recorded.",
        )
    names, case = NameMap.of_scheme(scheme.declaration), full_case.case
    renamed = _rename_case(case, names)
    return Event(
        kind="migrated",
        case=case.id,
        action=MIGRATE,
        stage=renamed.stage,
        public=_find_renamed_facts(case.facts, names),
        exempt=_find_renamed_facts(full_case.exempt_part.facts, names),
        round=renamed.round,
        migration=Migration(command.left, command.reason, names),
        **attribution.event_fields(),
    )


def apply_names(case: Case, event: Event) -> Case:
    """Return a case with the names that a migration gives to its stages and acts; other events change no name."""
    return _rename_case(case, event.migration.names) if event.migration else case


def has_old_names(full_case: FullCase, scheme: Scheme) -> bool:
    """Return whether a case has a stage that a scheme does not know, or a name that it had once."""
    names, case, exempt = NameMap.of_scheme(scheme.declaration), full_case.case, full_case.exempt_part.facts
    has_old_facts = any(names.rename_facts(facts) != facts for facts in (case.facts, exempt))
    return case.stage not in scheme.declaration.stages or has_old_facts


def find_obstacles(full_case: FullCase, scheme: Scheme) -> Iterator[str]:
    """Yield why a case cannot be moved to the flow of a scheme, as far as the case alone shows it."""
    names, case = NameMap.of_scheme(scheme.declaration), full_case.case
    stage = names.of("stages", case.stage)
    if stage not in scheme.declaration.stages:
        yield f"the stage {case.stage} has no counterpart"
    for old, new in ((address, names.address(address)) for address in case.facts):
        if message := _why_not_kept(new, names.value(new, case.facts[old]), scheme):
            yield f"{old} is recorded, and {message}"
    exempt = full_case.exempt_part.facts
    of_exempt = ((names.address(address), value) for address, value in exempt.items())
    if lost := sum(bool(_why_not_kept(new, names.value(new, value), scheme)) for new, value in of_exempt):
        yield f"{lost} of the facts in Part 2 {'is' if lost == 1 else 'are'} declared no longer, or otherwise"
    for new, count in Counter(map(names.address, case.facts)).items():
        if count > 1:
            yield f"{count} facts would become {new}"
    if len(set(map(names.address, exempt))) < len(exempt):
        yield "several facts in Part 2 would become one"


def find_obstacles_of_flow(case: Case, left: Scheme, scheme: Scheme) -> Iterator[str]:
    """Yield why a case cannot be moved from one flow to another, as far as comparing the two shows it."""
    names = NameMap.of_scheme(scheme.declaration)
    stage = names.of("stages", case.stage)
    if case.stage not in left.declaration.stages or stage not in scheme.declaration.stages:
        return
    tasks = scheme.declaration.stages[stage].tasks
    for name, task in left.declaration.stages[case.stage].tasks.items():
        is_open = case.facts.get(f"{name}.outcome") not in task.done
        if is_open and names.of("tasks", name) not in tasks:
            yield f"the task {name} is open, and the stage {stage} has no such task"
    has_ended, will_have_ended = left.has_ended_at(case.stage), scheme.has_ended_at(stage)
    if has_ended != will_have_ended:
        was, is_now = ("an end", "is not") if has_ended else ("no end", "is")
        yield f"the stage {case.stage} is {was}, and {stage} {is_now}"


def _why_not_kept(address: str, value: FactValue, scheme: Scheme) -> str:
    """Return why a scheme cannot keep a fact with a value; empty if it can."""
    facts = scheme.rulebook.facts
    if split_address(address)[0] not in facts:
        return "nobody declares it"
    try:
        declared = facts[facts.split_address(address)[0]]
    except InputError as error:
        return error.message
    if not figure_has_kind(declared.kind, value):
        return f"{address} is a {declared.kind} now"
    return "" if not declared.choices or value in declared.choices else f"{address} cannot be {value} any more"


def _find_renamed_facts(facts: Mapping[str, FactValue], names: NameMap) -> FactChanges:
    """Return the facts of one part that change their address or value."""
    renamed = names.rename_facts(facts)
    stated = {address: value for address, value in renamed.items() if facts.get(address) != value}
    return FactChanges(stated, frozenset(facts.keys() - renamed.keys()))


def _rename_case(case: Case, names: NameMap) -> Case:
    """Return a case whose stages and acts have new names; its facts are renamed by the event."""
    rounds: dict[str, int] = {}
    for stage, count in case.rounds.items():
        new = names.of("stages", stage)
        rounds[new] = max(count, rounds.get(new, 0))
    acts = tuple(_rename_act(act, names) for act in case.acts)
    return replace(case, stage=names.of("stages", case.stage), acts=acts, rounds=rounds)


def _rename_act(act: RecordedAct, names: NameMap) -> RecordedAct:
    return replace(
        act,
        action=names.of("actions", act.action),
        stage=names.of("stages", act.stage),
        capacity=names.of("roles", act.capacity),
        facts=names.rename_facts(act.facts),
        voided=frozenset(map(names.address, act.voided)),
    )
