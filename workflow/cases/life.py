"""The life of a case: `decide` turns a command into an event, `evolve` applies the event to the case.

Both are pure. `decide` returns an event with the ruling that allows it, or raises `Refusal` with the ruling against it.
The facts that an act asks for must be stated with the act: what an earlier act stated does not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rules.errors import EngineError, InputError
from rules.judging.findings import Ruling
from rules.packs.scheme import AMEND, FIRST_STAGE, STAGE_FACTS, Action, Scheme
from rules.values.facts import DAY_OF_ACT, Facts, FactValue, is_address, split_address
from rules.values.suggestions import did_you_mean
from rules.values.text import quote
from workflow.cases.appointments import Capacity
from workflow.cases.case import IMPORTED_ON, Case, ExemptFacts, FullCase
from workflow.cases.events import Act, ActContext, Amend, Command, Event, FactChanges, Import, Open, RecordReview
from workflow.cases.officers import Officer
from workflow.cases.review import IN_BOTH_PARTS, find_review_changes
from workflow.cases.ruling import GateCheck, make_ruling
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
    `NotEntitled` if the officer may not give it, `NotInForce` if the scheme is not in force on the day, and
    `InputError` if the command does not fit the case.
    """
    officer.require_authority(scheme.id, "act")
    scheme.refuse_out_of_force(act_context.on)
    if isinstance(command, Open):
        return _decide_open(command, scheme, officer, act_context)
    if isinstance(command, Import):
        return _decide_import(command, scheme, officer, act_context)
    if full_case is None:
        raise InputError("there is no case to act on")
    if early := explain_too_early(full_case.case, act_context.on):
        raise InputError(early, "Acts are recorded in order. Give the day of the act with --on.")
    if isinstance(command, Amend):
        return _decide_amend(full_case, command, scheme, officer, act_context)
    if isinstance(command, RecordReview):
        return _decide_review(full_case, command, scheme, officer, act_context)
    return _decide_act(full_case, command, scheme, officer, act_context)


def explain_too_early(case: Case, on: date) -> str:
    """Return why a day is too early to record an act on a case; an empty text if it is not."""
    if on >= case.last_on:
        return ""
    return f"{on.isoformat()} is before the last act on {case.id}, of {case.last_on.isoformat()}"


def evolve(case: Case | None, event: Event) -> Case:
    """Return the case after an event (None: not yet opened)."""
    facts: Facts = case.facts if case else {}
    version = case.version + 1 if case else 1
    return Case(event.case, event.scheme, version, event.stage, event.on, event.public.apply_to(facts))


def evolve_exempt_part(exempt_part: ExemptFacts, event: Event) -> ExemptFacts:
    """Return Part 2 after an event."""
    return ExemptFacts(event.exempt.apply_to(exempt_part.facts))


def evolve_full_case(full_case: FullCase | None, event: Event) -> FullCase:
    """Return both parts of a case after an event; None is a case not yet opened."""
    case, exempt_part = (full_case.case, full_case.exempt_part) if full_case else (None, ExemptFacts({}))
    return FullCase(evolve(case, event), evolve_exempt_part(exempt_part, event))


def make_act_ruling(
    full_case: FullCase, act: Act, scheme: Scheme, act_context: ActContext, officer: Officer | None = None
) -> Ruling:
    """Return the ruling on an act, without doing it.

    Without an officer, the ruling assumes one who is entitled. An officer who is not entitled acts in no capacity, and
    the ruling says so.
    """
    gate_check = GateCheck(full_case.case.id, act.action, scheme.action(act.action).gate)
    public, exempt = facts_before(full_case, act, scheme, act_context, officer)
    return make_ruling(gate_check, public, exempt, scheme.rulebook, act_context.salt)


def facts_before(
    full_case: FullCase, act: Act, scheme: Scheme, act_context: ActContext, officer: Officer | None = None
) -> tuple[dict[str, FactValue], Facts]:
    """Return the public and the exempt facts that decide on an act, as `make_act_ruling` takes them."""
    action = scheme.action(act.action)
    role: str | None = action.who[0]
    if officer:
        capacity = officer.find_capacity(action.who, act_context.on, scheme.id)
        role = capacity.role if capacity else None
    facts = {
        **_facts_not_requested(full_case.case, action),
        **act.stated,
        **_facts_recorded_by(action, officer, role, act_context.on),
    }
    actor: dict[str, FactValue | None] = {"act.role": role, "act.by": officer.name if officer else None}
    known_actor = {fact: value for fact, value in actor.items() if value is not None}
    return _facts_of_both_parts(full_case, {**facts, **known_actor, "act.stage": action.stage}, scheme, act_context)


def add_unstated_facts(public: Facts, exempt: Facts, stage: str, on: date, scheme: Scheme) -> dict[str, FactValue]:
    """Return public facts with those that nobody states: the scheme's own, the stage, and the day of the act."""
    unstated: Facts = {"case.stage": stage, "case.withholds": bool(exempt), DAY_OF_ACT: on}
    return {**scheme.authority_facts, **public, **unstated}


def facts_dated_by_action(action: Action) -> tuple[str, ...]:
    """Return the facts that an action sets to its own day."""
    return (*action.dates, *([f"{action.stage}.on"] if action.outcome else []))


def _require_capacity(officer: Officer, roles: tuple[str, ...], description: str, scheme: Scheme, on: date) -> Capacity:
    """Return the first of some roles that an officer holds on a day; raise `NotEntitled` if there is none."""
    capacity = officer.find_capacity(roles, on, scheme.id)
    if capacity is None:
        entitled = [f"{scheme.declaration.roles[role].label} ({role})" for role in roles]
        held = officer.describe_appointments(roles, scheme.id)
        outside = f" on {on.isoformat()} (appointed {held})" if held else ""
        raise NotEntitled(officer.name, f"{description}{outside}", entitled)
    return capacity


def _decide_open(command: Open, scheme: Scheme, officer: Officer, act_context: ActContext) -> AcceptedEvent:
    capacity = _require_capacity(officer, scheme.declaration.paper.open, "open a case", scheme, act_context.on)
    _refuse_unstatable(scheme, command)
    opening_facts: Facts = dict(zip(OPENING_FACTS, (officer.name, act_context.on), strict=True))
    event = Event(
        kind="opened",
        case=command.case,
        scheme=scheme.id,
        action="open",
        officer=officer.name,
        capacity=capacity.role,
        acts_for=capacity.acts_for,
        under=capacity.under,
        on=act_context.on,
        stage=FIRST_STAGE,
        public=FactChanges({**command.public, **opening_facts}),
        exempt=FactChanges(command.exempt),
    )
    return AcceptedEvent(event, None)


def _decide_import(command: Import, scheme: Scheme, officer: Officer, act_context: ActContext) -> AcceptedEvent:
    """Accept a case that was decided elsewhere; it passes no gate, because the import decides nothing."""
    capacity = _require_capacity(officer, scheme.declaration.paper.open, "open a case", scheme, act_context.on)
    _refuse_unstatable(scheme, command)
    if command.stage not in scheme.declaration.stages:
        raise InputError(
            f"{quote(command.stage, 120)} is not a stage", did_you_mean(command.stage, scheme.declaration.stages)
        )
    for address in command.recorded:
        if split_address(address)[0] not in scheme.act_recorded_facts:
            raise InputError(f"{address} {NOT_RECORDED_BY_ACT}")
    opened_by, opened_on = OPENING_FACTS
    import_facts: Facts = {opened_by: officer.name, opened_on: act_context.on, IMPORTED_ON: act_context.on}
    event = Event(
        kind="entered",
        case=command.case,
        scheme=scheme.id,
        action="enter",
        officer=officer.name,
        capacity=capacity.role,
        acts_for=capacity.acts_for,
        under=capacity.under,
        on=act_context.on,
        stage=command.stage,
        public=FactChanges({**command.public, **command.recorded, **import_facts}),
        exempt=FactChanges(command.exempt),
    )
    return AcceptedEvent(event, None)


def _decide_review(
    full_case: FullCase, command: RecordReview, scheme: Scheme, officer: Officer, act_context: ActContext
) -> AcceptedEvent:
    case, review = full_case.case, scheme.review_action(command.outcome)
    public, exempt = find_review_changes(command, full_case, scheme, act_context.on)
    reviewed_case = FullCase(case, ExemptFacts(exempt.apply_to(full_case.exempt_part.facts)))
    facts = public.apply_to(case.facts) | {"act.by": officer.name}
    if held := officer.find_capacity(review.who, act_context.on, scheme.id):
        facts["act.role"] = held.role
    gate_check = GateCheck(case.id, command.outcome, review.gate)
    ruling = _make_ruling(gate_check, reviewed_case, facts, scheme, act_context)
    capacity = _require_capacity(officer, review.who, f"record {command.outcome} of a review", scheme, act_context.on)
    if not ruling.is_open:
        raise Refusal(ruling)
    event = Event(
        kind="reviewed",
        case=case.id,
        scheme=scheme.id,
        action=command.outcome,
        officer=officer.name,
        capacity=capacity.role,
        acts_for=capacity.acts_for,
        under=capacity.under,
        on=act_context.on,
        stage=case.stage,
        public=public,
        exempt=exempt,
    )
    return AcceptedEvent(event, ruling)


def _decide_amend(
    full_case: FullCase, command: Amend, scheme: Scheme, officer: Officer, act_context: ActContext
) -> AcceptedEvent:
    case, exempt_addresses = full_case.case, frozenset(full_case.exempt_part.facts)
    facts = {**case.facts, "act.by": officer.name}
    ruling = _make_ruling(GateCheck(case.id, AMEND, AMEND), full_case, facts, scheme, act_context)
    capacity = _require_capacity(officer, scheme.declaration.paper.amend, "amend the paper", scheme, act_context.on)
    if not ruling.is_open:
        raise Refusal(ruling)
    _refuse_unstatable(scheme, command, command.removed)
    _refuse_removing_absent(command, case.id, exempt_addresses | frozenset(case.facts))
    # A fact stands in one part only: stating it in one removes it from the other.
    event = Event(
        kind="amended",
        case=case.id,
        scheme=scheme.id,
        action=AMEND,
        officer=officer.name,
        capacity=capacity.role,
        acts_for=capacity.acts_for,
        under=capacity.under,
        on=act_context.on,
        stage=case.stage,
        public=FactChanges(command.public, (command.removed | frozenset(command.exempt)) & frozenset(case.facts)),
        exempt=FactChanges(command.exempt, (command.removed | frozenset(command.public)) & exempt_addresses),
    )
    return AcceptedEvent(event, ruling)


def _decide_act(
    full_case: FullCase, command: Act, scheme: Scheme, officer: Officer, act_context: ActContext
) -> AcceptedEvent:
    action, case = scheme.action(command.action), full_case.case
    for fact in command.stated:
        if fact not in action.asks:
            advice = _advise_unrequested_fact(scheme, action, fact)
            raise InputError(f"{command.action} does not ask for {fact!r}", advice)
    ruling = make_act_ruling(full_case, command, scheme, act_context, officer)
    if case.stage != action.stage:
        if ruling.is_open:
            raise EngineError(f"the rules would let {command.action} happen at the stage {case.stage}")
        raise Refusal(ruling)
    # The ruling comes first, so that an act at the wrong stage is refused for that, whoever tries it.
    capacity = _require_capacity(officer, action.who, command.action, scheme, act_context.on)
    if not ruling.is_open:
        raise Refusal(ruling)
    removed = (_facts_undone_by(scheme, action) | frozenset(action.asks)) & frozenset(case.facts)
    event = Event(
        kind="acted",
        case=case.id,
        scheme=scheme.id,
        action=command.action,
        officer=officer.name,
        capacity=capacity.role,
        acts_for=capacity.acts_for,
        under=capacity.under,
        on=act_context.on,
        stage=action.to,
        public=FactChanges(
            {**command.stated, **_facts_recorded_by(action, officer, capacity.role, act_context.on)}, removed
        ),
        exempt=FactChanges(),
    )
    return AcceptedEvent(event, ruling)


def _advise_unrequested_fact(scheme: Scheme, action: Action, fact: str) -> str:
    """Return what to do with a fact that an act does not ask for."""
    if is_address(fact) and split_address(fact)[0] in scheme.rulebook.facts and scheme.may_be_stated(fact):
        return f"It belongs to the paper: assent case amend CASE --set {fact}=…"
    listed = f"It asks for {', '.join(action.asks)}." if action.asks else "It asks for nothing."
    return did_you_mean(fact, action.asks) or listed


def _facts_not_requested(case: Case, action: Action) -> dict[str, FactValue]:
    """Return the public facts of a case, without those that an action asks for anew."""
    return {address: value for address, value in case.facts.items() if address not in action.asks}


def _facts_recorded_by(action: Action, officer: Officer | None, role: str | None, on: date) -> dict[str, FactValue]:
    """Return what an act records by itself: the days it sets, and its stage's outcome, day, officer and capacity."""
    dates: dict[str, FactValue] = dict.fromkeys(action.dates, on)
    if not action.outcome:
        return dates
    values = (action.outcome, on, officer.name if officer else None, role)
    recorded = zip(STAGE_FACTS, values, strict=True)
    return dates | {f"{action.stage}.{fact}": value for fact, value in recorded if value is not None}


def _facts_undone_by(scheme: Scheme, action: Action) -> frozenset[str]:
    """Return the facts recorded at the stage that an action leads to, and at later stages.

    A case that goes back must pass those stages again, so what was recorded there no longer counts.
    """
    undone: set[str] = set()
    for other in scheme.declaration.actions.values():
        if scheme.stage_index(other.stage) >= scheme.stage_index(action.to):
            undone |= {*other.asks, *other.dates, *(f"{other.stage}.{fact}" for fact in STAGE_FACTS)}
    return frozenset(undone)


def _make_ruling(
    gate_check: GateCheck, full_case: FullCase, facts: Facts, scheme: Scheme, act_context: ActContext
) -> Ruling:
    public, exempt = _facts_of_both_parts(full_case, facts, scheme, act_context)
    return make_ruling(gate_check, public, exempt, scheme.rulebook, act_context.salt)


def _facts_of_both_parts(
    full_case: FullCase, facts: Facts, scheme: Scheme, act_context: ActContext
) -> tuple[dict[str, FactValue], Facts]:
    """Return public facts with those that nobody states, and the exempt facts."""
    exempt = full_case.exempt_part.facts
    return add_unstated_facts(facts, exempt, full_case.case.stage, act_context.on, scheme), exempt


def _refuse_unstatable(scheme: Scheme, command: Open | Import | Amend, removed: frozenset[str] = frozenset()) -> None:
    for address in (*command.public, *command.exempt, *sorted(removed)):
        if not scheme.may_be_stated(address):
            raise InputError(f"{address} {NOT_STATED_IN_PAPER}")
    for address in sorted(command.public.keys() & command.exempt.keys()):
        raise InputError(f"{address} {IN_BOTH_PARTS}")


def _refuse_removing_absent(command: Amend, case_id: str, stated_addresses: frozenset[str]) -> None:
    for address in sorted(command.removed - stated_addresses):
        raise InputError(f"{address} is not stated in {case_id}, so it cannot be taken out")
