"""The life of a case: `decide` turns a command into an event, or raises `Refusal` with the ruling against it.

`decide` is pure, and so is `workflow.cases.records.evolve`, which applies the event to the case. Both follow the rules
of the event's format, so that the entries of older ledgers can be done again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from rules.errors import EngineError, InputError
from rules.judging.findings import Ruling
from rules.packs import workflow_facts
from rules.packs.corrections_schema import CORRECT
from rules.packs.flow_schema import AMEND
from rules.packs.scheme import Scheme
from rules.values.facts import Facts, FactValue
from rules.values.suggestions import did_you_mean
from rules.values.text import quote
from workflow.cases import format_1
from workflow.cases.act_ruling import (
    ActingOfficer,
    add_unstated_facts,
    facts_of_progress,
    facts_recorded_by,
    make_act_ruling,
)
from workflow.cases.case import IMPORTED_ON, Case, ExemptFacts, FullCase
from workflow.cases.corrections import find_correction_changes, require_correction_rules
from workflow.cases.events import (
    FIRST_FORMAT,
    Act,
    ActContext,
    Amend,
    Attribution,
    Command,
    Correct,
    Event,
    FactChanges,
    Import,
    Migrate,
    Open,
    RecordReview,
)
from workflow.cases.migration import build_migration_event
from workflow.cases.officers import Officer, carry_over_roles, describe_roles
from workflow.cases.overrides import refuse_unless_overridden
from workflow.cases.records import find_voided
from workflow.cases.requested_facts import refuse_changed_decision, refuse_empty_act, refuse_unrequested_facts
from workflow.cases.review import IN_BOTH_PARTS, find_review_changes
from workflow.cases.ruling import GateCheck, make_ruling
from workflow.cases.scheme_end import refuse_out_of_force
from workflow.cases.separation import separation_facts_of_act
from workflow.cases.withheld_names import find_withheld
from workflow.errors import NotEntitled, Refusal

OPENING_FACTS = ("opened.by", "opened.on")
NOT_STATED_IN_PAPER = "is not stated in a paper: an act records it, the scheme gives it, or it is derived"
NOT_RECORDED_BY_ACT = "is not recorded by an act: a paper states it, the scheme gives it, or it is derived"


@dataclass(frozen=True, slots=True)
class AcceptedEvent:
    """An event that may happen, and the ruling that allows it (None: no gate stands before it)."""

    event: Event
    ruling: Ruling | None


def decide(
    full_case: FullCase | None, command: Command, scheme: Scheme, officer: Officer, act_context: ActContext
) -> AcceptedEvent:
    """Return the event that a command leads to.

    `full_case` is None for a command that opens or imports a case. Raises `Refusal` if a rule forbids the command,
    `NotEntitled` if the officer may not give it, `NotInForce` if the scheme is not in force on the day and
    the case was not decided under it, and `InputError` if the command does not fit the case.
    """
    officer.require_authority(scheme.id, "act")
    officer = carry_over_roles(officer, scheme)
    if act_context.entry_format == FIRST_FORMAT:
        officer = officer.without_terms()  # the days of appointments bind later formats only
    refuse_out_of_force(full_case.case if full_case else None, command, scheme, act_context.on)
    accepted = _decide_unnamed(full_case, command, scheme, officer, act_context)
    withheld = find_withheld(full_case, accepted.event, scheme) if act_context.names_withheld else None
    return accepted if withheld is None else replace(accepted, event=replace(accepted.event, withheld=withheld))


def _decide_unnamed(
    full_case: FullCase | None, command: Command, scheme: Scheme, officer: Officer, act_context: ActContext
) -> AcceptedEvent:
    """Return the event that a command leads to, which does not yet name what Part 2 withholds."""
    if isinstance(command, Open):
        return _decide_open(command, scheme, officer, act_context)
    if isinstance(command, Import):
        return _decide_import(command, scheme, officer, act_context)
    if full_case is None:
        raise InputError("there is no case to act on")
    if early := explain_too_early(full_case.case, act_context.on):
        raise InputError(early, "Acts are recorded in order. Give the day of the act with --on.")
    return _DECIDERS[type(command)](full_case, command, scheme, officer, act_context)


def explain_too_early(case: Case, on: date) -> str:
    """Return why a day is too early to record an act on a case; an empty text if it is not."""
    if on >= case.last_on:
        return ""
    return f"{on.isoformat()} is before the last act on {case.id}, of {case.last_on.isoformat()}"


def _attribute(
    officer: Officer, roles: tuple[str, ...], description: str, scheme: Scheme, act_context: ActContext
) -> Attribution:
    """Return who acts, in the first of some roles that is held on the day; raise `NotEntitled` if there is none."""
    on = act_context.on
    capacity = officer.find_capacity(roles, on, scheme.id)
    if capacity is None:
        held = officer.describe_appointments(roles, scheme.id)
        outside = f" on {on.isoformat()} (appointed {held})" if held else ""
        raise NotEntitled(officer.name, f"{description}{outside}", describe_roles(roles, scheme))
    return Attribution(officer.name, capacity, scheme.id, act_context)


def _decide_open(command: Open, scheme: Scheme, officer: Officer, act_context: ActContext) -> AcceptedEvent:
    attribution = _attribute(officer, scheme.declaration.paper.open, "open a case", scheme, act_context)
    _refuse_unstatable(scheme, command)
    opening_facts: Facts = dict(zip(OPENING_FACTS, (officer.name, act_context.on), strict=True))
    event = Event(
        kind="opened",
        case=command.case,
        action="open",
        stage=scheme.first_stage,
        public=FactChanges({**command.public, **opening_facts}),
        exempt=FactChanges(command.exempt),
        round=1,
        **attribution.event_fields(),
    )
    return AcceptedEvent(event, None)


def _decide_import(command: Import, scheme: Scheme, officer: Officer, act_context: ActContext) -> AcceptedEvent:
    """Accept a case that was decided elsewhere; it passes no gate, because the import decides nothing."""
    attribution = _attribute(officer, scheme.declaration.paper.open, "open a case", scheme, act_context)
    _refuse_unstatable(scheme, command)
    if command.stage not in scheme.declaration.stages:
        raise InputError(
            f"{quote(command.stage, 120)} is not a stage", did_you_mean(command.stage, scheme.declaration.stages)
        )
    for address in command.recorded:
        if scheme.rulebook.facts.split_address(address)[0] not in scheme.act_recorded_facts:
            raise InputError(f"{address} {NOT_RECORDED_BY_ACT}")
    opened_by, opened_on = OPENING_FACTS
    import_facts: Facts = {opened_by: officer.name, opened_on: act_context.on, IMPORTED_ON: act_context.on}
    event = Event(
        kind="entered",
        case=command.case,
        action="enter",
        stage=command.stage,
        public=FactChanges({**command.public, **command.recorded, **import_facts}),
        exempt=FactChanges(command.exempt),
        round=1,
        source=command.source,
        **attribution.event_fields(),
    )
    return AcceptedEvent(event, None)


def _decide_review(
    full_case: FullCase, command: RecordReview, scheme: Scheme, officer: Officer, act_context: ActContext
) -> AcceptedEvent:
    case, review = full_case.case, scheme.review_action(command.outcome)
    public, exempt = find_review_changes(command, full_case, scheme, act_context.on)
    reviewed_case = FullCase(case, ExemptFacts(exempt.apply_to(full_case.exempt_part.facts)))
    facts = public.apply_to(case.facts) | _facts_of_officer(case, scheme, officer, review.who, act_context.on)
    gate_check = GateCheck(case.id, command.outcome, review.gate)
    ruling = _make_ruling(gate_check, reviewed_case, facts, scheme, act_context)
    attribution = _attribute(officer, review.who, f"record {command.outcome} of a review", scheme, act_context)
    if not ruling.is_open:
        raise Refusal(ruling)
    event = Event(
        kind="reviewed",
        case=case.id,
        action=command.outcome,
        stage=case.stage,
        public=public,
        exempt=exempt,
        round=case.round,
        **attribution.event_fields(),
    )
    return AcceptedEvent(event, ruling)


def _decide_correction(
    full_case: FullCase, command: Correct, scheme: Scheme, officer: Officer, act_context: ActContext
) -> AcceptedEvent:
    case, rules = full_case.case, require_correction_rules(scheme)
    public, exempt = find_correction_changes(command, full_case, scheme, officer.name, act_context.on)
    corrected_case = FullCase(case, ExemptFacts(exempt.apply_to(full_case.exempt_part.facts)))
    stage = case.stage if case.stage in rules.stages else rules.stages[0]
    facts = public.apply_to(case.facts) | _facts_of_officer(case, scheme, officer, rules.who, act_context.on)
    facts[workflow_facts.ACT_STAGE] = stage
    ruling = _make_ruling(GateCheck(case.id, CORRECT, rules.gate), corrected_case, facts, scheme, act_context)
    if case.stage not in rules.stages and ruling.is_open:
        raise EngineError(f"the rules would let {CORRECT} happen at the stage {case.stage}")
    if case.stage not in rules.stages:  # as for an action, refused for that whoever tries it
        raise Refusal(ruling)
    attribution = _attribute(officer, rules.who, "correct a case", scheme, act_context)
    if not ruling.is_open:
        raise Refusal(ruling)
    event = Event(
        kind="corrected",
        case=case.id,
        action=CORRECT,
        stage=case.stage,
        public=public,
        exempt=exempt,
        round=case.round,
        **attribution.event_fields(),
    )
    return AcceptedEvent(event, ruling)


def _decide_amend(
    full_case: FullCase, command: Amend, scheme: Scheme, officer: Officer, act_context: ActContext
) -> AcceptedEvent:
    case, exempt_addresses = full_case.case, frozenset(full_case.exempt_part.facts)
    ruling = _judge_amendment(full_case, scheme, officer, act_context)
    attribution = _attribute(officer, scheme.declaration.paper.amend, "amend the paper", scheme, act_context)
    if not ruling.is_open:
        raise Refusal(ruling)
    _refuse_unstatable(scheme, command, command.removed)
    _refuse_removing_absent(command, case.id, exempt_addresses | frozenset(case.facts))
    # A fact stands in one part only: stating it in one removes it from the other.
    event = Event(
        kind="amended",
        case=case.id,
        action=AMEND,
        stage=case.stage,
        public=FactChanges(command.public, (command.removed | frozenset(command.exempt)) & frozenset(case.facts)),
        exempt=FactChanges(command.exempt, (command.removed | frozenset(command.public)) & exempt_addresses),
        round=case.round,
        **attribution.event_fields(),
    )
    return AcceptedEvent(event, ruling)


def _judge_amendment(full_case: FullCase, scheme: Scheme, officer: Officer, act_context: ActContext) -> Ruling:
    """Return the ruling on whether the paper can be amended now."""
    facts = {**full_case.case.facts, workflow_facts.ACT_BY: officer.name}
    return _make_ruling(GateCheck(full_case.case.id, AMEND, AMEND), full_case, facts, scheme, act_context)


def _decide_act(
    full_case: FullCase, command: Act, scheme: Scheme, officer: Officer, act_context: ActContext
) -> AcceptedEvent:
    action, case = scheme.action(command.action), full_case.case
    refuse_unrequested_facts(
        command,
        scheme,
        officer,
        case.stage,
        lambda: _judge_amendment(full_case, scheme, officer, act_context).is_open,
    )
    ruling = make_act_ruling(full_case, command, scheme, act_context, officer)
    if not action.can_be_done_at(case.stage):
        if ruling.is_open:
            raise EngineError(f"the rules would let {command.action} happen at the stage {case.stage}")
        raise Refusal(ruling)
    # The ruling comes first, so that an act at the wrong stage is refused for that, whoever tries it.
    attribution = _attribute(officer, action.who, command.action, scheme, act_context)
    refuse_unless_overridden(ruling, command.overrides, scheme, officer, act_context.on)
    refuse_empty_act(command, action)
    stage = action.leads_to(case.stage)
    recorded = facts_recorded_by(
        command.action, scheme, case.stage, ActingOfficer(officer.name, attribution.capacity.role), act_context.on
    )
    voids, removed = find_voided(case, action, scheme)
    refuse_changed_decision(command, case, scheme, voids)
    if act_context.entry_format == FIRST_FORMAT:
        removed = format_1.find_removed_facts(case, action, scheme)
    event = Event(
        kind="acted",
        case=case.id,
        action=command.action,
        stage=stage,
        public=FactChanges({**command.stated, **recorded}, removed),
        exempt=FactChanges(),
        round=case.round if action.to is None else case.rounds.get(stage, 0) + 1,
        voids=voids,
        overrides=command.overrides,
        **attribution.event_fields(),
    )
    return AcceptedEvent(event, ruling)


def _facts_of_officer(
    case: Case, scheme: Scheme, officer: Officer, roles: tuple[str, ...], on: date
) -> dict[str, FactValue]:
    """Return what is known of who acts: the name, the role that entitles on the day, and breaches of separations."""
    capacity = officer.find_capacity(roles, on, scheme.id)
    role = {workflow_facts.ACT_ROLE: capacity.role} if capacity else {}
    return {
        workflow_facts.ACT_BY: officer.name,
        **role,
        **separation_facts_of_act(case, scheme, officer.name, capacity),
    }


def _make_ruling(
    gate_check: GateCheck, full_case: FullCase, facts: Facts, scheme: Scheme, act_context: ActContext
) -> Ruling:
    exempt = full_case.exempt_part.facts
    progress = {**facts_of_progress(full_case.case), workflow_facts.LATE_BY: act_context.late_by}
    public = add_unstated_facts(
        {**facts, **progress, **act_context.linked}, exempt, full_case.case.stage, act_context.on, scheme
    )
    gate_check = gate_check._replace(among_many=act_context.is_replayed)
    return make_ruling(gate_check, public, exempt, scheme.rulebook, act_context.salt)


def _refuse_unstatable(scheme: Scheme, command: Open | Import | Amend, removed: frozenset[str] = frozenset()) -> None:
    for address in (*command.public, *command.exempt, *sorted(removed)):
        if scheme.rulebook.facts.split_address(address)[0] in scheme.unstatable_facts:
            raise InputError(f"{address} {NOT_STATED_IN_PAPER}")
    for address in sorted(command.public.keys() & command.exempt.keys()):
        raise InputError(f"{address} {IN_BOTH_PARTS}")


def _refuse_removing_absent(command: Amend, case_id: str, stated_addresses: frozenset[str]) -> None:
    for address in sorted(command.removed - stated_addresses):
        raise InputError(f"{address} is not stated in {case_id}, so it cannot be taken out")


def _decide_migration(
    full_case: FullCase, command: Migrate, scheme: Scheme, officer: Officer, act_context: ActContext
) -> AcceptedEvent:
    """Accept the move of a case to another flow; it passes no gate, because it decides nothing."""
    roles = scheme.declaration.paper.may_migrate
    attribution = _attribute(officer, roles, "move a case to a changed scheme", scheme, act_context)
    return AcceptedEvent(build_migration_event(full_case, command, scheme, attribution), None)


_DECIDERS: Mapping[type[Command], Callable[[FullCase, Any, Scheme, Officer, ActContext], AcceptedEvent]] = {
    Amend: _decide_amend,
    Act: _decide_act,
    Correct: _decide_correction,
    Migrate: _decide_migration,
    RecordReview: _decide_review,
}
"""What decides each command on a case that is open."""
