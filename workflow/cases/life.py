"""The life of a case: what an officer may do (`decide`), and what that makes of the case (`evolve`).

Both are pure. `decide` gives an event and the ruling that let it happen, or raises a `Refusal` with the ruling
that did not. Facts that an act asks for are stated with the act; what stood there before does not count.
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
from workflow.cases.case import IMPORTED_ON, Case, ExemptFacts, FullCase
from workflow.cases.events import Act, ActContext, Amend, Command, Event, FactChanges, Import, Open, RecordReview
from workflow.cases.officers import Officer
from workflow.cases.review import IN_BOTH_PARTS, find_review_changes
from workflow.cases.ruling import GateCheck, make_ruling
from workflow.errors import NotEntitled, Refusal

OPENING_FACTS = ("opened.by", "opened.on")
NOT_STATED_IN_PAPER = "is not stated in a paper: it is recorded by an act, given by the scheme or derived"
NOT_RECORDED_BY_ACT = "is not recorded by an act, so it is stated in the paper, derived or given"


@dataclass(frozen=True, slots=True)
class AcceptedEvent:
    """An event that may happen, and the ruling that let it (none where no gate stands before it)."""

    event: Event
    ruling: Ruling | None


def decide(
    full_case: FullCase | None, command: Command, scheme: Scheme, officer: Officer, act_context: ActContext
) -> AcceptedEvent:
    """What becomes of a command; raises `Refusal`, `NotEntitled`, or `InputError` for what cannot be meant."""
    if not officer.acts_for(scheme.id):
        raise NotEntitled(
            officer.name, f"act under {scheme.id}", [f"its own officers, and not those of {officer.scheme}"]
        )
    scheme.refuse_out_of_force(act_context.on)
    if isinstance(command, Open):
        return _decide_open(command, scheme, officer, act_context)
    if isinstance(command, Import):
        return _decide_import(command, scheme, officer, act_context)
    if full_case is None:
        raise InputError("there is no case to act on")
    case = full_case.case
    if early := explain_too_early(case, act_context.on):
        raise InputError(early, "Give the day on which it really happened with --on; acts are recorded in their order.")
    if isinstance(command, Amend):
        return _decide_amend(full_case, command, scheme, officer, act_context)
    if isinstance(command, RecordReview):
        return _decide_review(full_case, command, scheme, officer, act_context)
    return _decide_act(full_case, command, scheme, officer, act_context)


def explain_too_early(case: Case, on: date) -> str:
    """Why nothing can be recorded on a case for a day before its last act; empty for any other day."""
    if on >= case.last_on:
        return ""
    return f"{on.isoformat()} is before the last act on {case.id}, of {case.last_on.isoformat()}"


def evolve(case: Case | None, event: Event) -> Case:
    """The case after an event."""
    before: Facts = case.facts if case else {}
    version = case.version + 1 if case else 1
    return Case(event.case, event.scheme, version, event.stage, event.on, event.public.apply_to(before))


def evolve_exempt_part(exempt_part: ExemptFacts, event: Event) -> ExemptFacts:
    """Part 2 after an event."""
    return ExemptFacts(event.exempt.apply_to(exempt_part.facts))


def evolve_full_case(full_case: FullCase | None, event: Event) -> FullCase:
    """Both parts of a case after an event."""
    case, confidential = (full_case.case, full_case.exempt_part) if full_case else (None, ExemptFacts({}))
    return FullCase(evolve(case, event), evolve_exempt_part(confidential, event))


def make_act_ruling(
    full_case: FullCase, act: Act, scheme: Scheme, act_context: ActContext, officer: Officer | None = None
) -> Ruling:
    """What the rules say of an act on a case, without doing it.

    Where no officer is named, the act is taken to be done by one who may do it. An officer who may not do it acts
    in no capacity, and the ruling says so.
    """
    question = GateCheck(full_case.case.id, act.action, scheme.action(act.action).gate)
    return make_ruling(
        question, *facts_before(full_case, act, scheme, act_context, officer), scheme.rulebook, act_context.salt
    )


def facts_before(
    full_case: FullCase, act: Act, scheme: Scheme, act_context: ActContext, officer: Officer | None = None
) -> tuple[dict[str, FactValue], Facts]:
    """The facts, public and exempt, by which an act is judged, as `ruling_on` judges it."""
    action = scheme.action(act.action)
    role = officer.find_capacity(action.who) if officer else action.who[0]
    facts = (
        _facts_not_requested(full_case.case, action)
        | dict(act.stated)
        | _facts_recorded_by(action, officer, role, act_context.on)
    )
    attempt: dict[str, FactValue | None] = {"act.role": role, "act.by": officer.name if officer else None}
    known = {fact: value for fact, value in attempt.items() if value is not None}
    return _facts_of_both_parts(full_case, {**facts, **known, "act.stage": action.stage}, scheme, act_context)


def add_unstated_facts(public: Facts, exempt: Facts, stage: str, on: date, scheme: Scheme) -> dict[str, FactValue]:
    """Public facts with those that nobody states: what the scheme gives, where the case stands, and on which day."""
    unstated: Facts = {"case.stage": stage, "case.withholds": bool(exempt), DAY_OF_ACT: on}
    return {**scheme.authority_facts, **public, **unstated}


def facts_dated_by_action(action: Action) -> tuple[str, ...]:
    """The facts that take the day of an act when it is done."""
    return (*action.dates, *([f"{action.stage}.on"] if action.outcome else []))


def _require_capacity(officer: Officer, roles: tuple[str, ...], description: str, scheme: Scheme) -> str:
    """The capacity in which an officer does something that is for some roles; raises `NotEntitled`."""
    role = officer.find_capacity(roles)
    if role is None:
        raise NotEntitled(
            officer.name, description, [f"{scheme.declaration.roles[held].label} ({held})" for held in roles]
        )
    return role


def _decide_open(command: Open, scheme: Scheme, officer: Officer, act_context: ActContext) -> AcceptedEvent:
    role = _require_capacity(officer, scheme.declaration.paper.open, "open a case", scheme)
    _refuse_unstatable(scheme, command)
    public = FactChanges({**command.public, **dict(zip(OPENING_FACTS, (officer.name, act_context.on), strict=True))})
    exempt = FactChanges(command.exempt)
    event = Event(
        "opened", command.case, scheme.id, "open", officer.name, role, act_context.on, FIRST_STAGE, public, exempt
    )
    return AcceptedEvent(event, None)


def _decide_import(command: Import, scheme: Scheme, officer: Officer, act_context: ActContext) -> AcceptedEvent:
    """What was decided elsewhere comes into the record as it was: no gate is passed, since nothing is decided by it."""
    role = _require_capacity(officer, scheme.declaration.paper.open, "open a case", scheme)
    _refuse_unstatable(scheme, command)
    if command.stage not in scheme.declaration.stages:
        raise InputError(
            f"{quote(command.stage, 120)} is not a stage", did_you_mean(command.stage, scheme.declaration.stages)
        )
    for where in command.recorded:
        if split_address(where)[0] not in scheme.act_recorded_facts:
            raise InputError(f"{where} {NOT_RECORDED_BY_ACT}")
    by, on = OPENING_FACTS
    entered: dict[str, FactValue] = {by: officer.name, on: act_context.on, IMPORTED_ON: act_context.on}
    public = FactChanges({**command.public, **command.recorded, **entered})
    exempt = FactChanges(command.exempt)
    event = Event(
        "entered", command.case, scheme.id, "enter", officer.name, role, act_context.on, command.stage, public, exempt
    )
    return AcceptedEvent(event, None)


def _decide_review(
    full_case: FullCase, command: RecordReview, scheme: Scheme, officer: Officer, act_context: ActContext
) -> AcceptedEvent:
    case, review = full_case.case, scheme.review_action(command.outcome)
    public, exempt = find_review_changes(command, full_case, scheme, act_context.on)
    role = officer.find_capacity(review.who)
    after = FullCase(case, ExemptFacts(exempt.apply_to(full_case.exempt_part.facts)))
    facts = public.apply_to(case.facts) | {"act.by": officer.name}
    if role is not None:
        facts["act.role"] = role
    ruling = _make_ruling(GateCheck(case.id, command.outcome, review.gate), after, facts, scheme, act_context)
    entitled = _require_capacity(officer, review.who, f"record {command.outcome} of a review", scheme)
    if not ruling.is_open:
        raise Refusal(ruling)
    event = Event(
        "reviewed",
        case.id,
        scheme.id,
        command.outcome,
        officer.name,
        entitled,
        act_context.on,
        case.stage,
        public,
        exempt,
    )
    return AcceptedEvent(event, ruling)


def _decide_amend(
    full_case: FullCase, command: Amend, scheme: Scheme, officer: Officer, act_context: ActContext
) -> AcceptedEvent:
    case, known = full_case.case, frozenset(full_case.exempt_part.facts)
    facts = {**case.facts, "act.by": officer.name}
    ruling = _make_ruling(GateCheck(case.id, AMEND, AMEND), full_case, facts, scheme, act_context)
    role = _require_capacity(officer, scheme.declaration.paper.amend, "amend the paper", scheme)
    if not ruling.is_open:
        raise Refusal(ruling)
    _refuse_unstatable(scheme, command, command.removed)
    _refuse_removing_absent(command, case.id, known | frozenset(case.facts))
    # A fact stands in one part only: stating it in one takes it out of the other.
    public = FactChanges(command.public, (command.removed | frozenset(command.exempt)) & frozenset(case.facts))
    exempt = FactChanges(command.exempt, (command.removed | frozenset(command.public)) & known)
    event = Event("amended", case.id, scheme.id, AMEND, officer.name, role, act_context.on, case.stage, public, exempt)
    return AcceptedEvent(event, ruling)


def _decide_act(
    full_case: FullCase, command: Act, scheme: Scheme, officer: Officer, act_context: ActContext
) -> AcceptedEvent:
    action, case = scheme.action(command.action), full_case.case
    for fact in command.stated:
        if fact not in action.asks:
            raise InputError(
                f"{command.action} does not ask for {fact!r}", _advise_unrequested_fact(scheme, action, fact)
            )
    ruling = make_act_ruling(full_case, command, scheme, act_context, officer)
    if case.stage != action.stage:
        if ruling.is_open:
            raise EngineError(f"the rules would let {command.action} happen at the stage {case.stage}")
        raise Refusal(ruling)
    role = _require_capacity(officer, action.who, command.action, scheme)
    if not ruling.is_open:
        raise Refusal(ruling)
    stated = {**command.stated, **_facts_recorded_by(action, officer, role, act_context.on)}
    removed = _facts_undone_by(scheme, action) & frozenset(case.facts)
    public = FactChanges(stated, removed | (frozenset(action.asks) & frozenset(case.facts)))
    event = Event(
        "acted",
        case.id,
        scheme.id,
        command.action,
        officer.name,
        role,
        act_context.on,
        action.to,
        public,
        FactChanges(),
    )
    return AcceptedEvent(event, ruling)


def _advise_unrequested_fact(scheme: Scheme, action: Action, fact: str) -> str:
    """What to do with a fact that an act does not ask for."""
    if is_address(fact) and split_address(fact)[0] in scheme.rulebook.facts and scheme.may_be_stated(fact):
        return f"It belongs to the paper: assent case amend CASE --set {fact}=…"
    listed = f"It asks for {', '.join(action.asks)}." if action.asks else "It asks for nothing."
    return did_you_mean(fact, action.asks) or listed


def _facts_not_requested(case: Case, action: Action) -> dict[str, FactValue]:
    """The facts of the case, less those that the act asks for anew."""
    return {where: value for where, value in case.facts.items() if where not in action.asks}


def _facts_recorded_by(action: Action, officer: Officer | None, role: str | None, on: date) -> dict[str, FactValue]:
    """What an act records by itself: its stage's outcome, day, officer and capacity, and the days it sets."""
    dates: dict[str, FactValue] = dict.fromkeys(action.dates, on)
    if not action.outcome:
        return dates
    said = (action.outcome, on, officer.name if officer else None, role)
    recorded = zip(STAGE_FACTS, said, strict=True)
    return dates | {f"{action.stage}.{fact}": value for fact, value in recorded if value is not None}


def _facts_undone_by(scheme: Scheme, action: Action) -> frozenset[str]:
    """What was recorded at the stage that an act leads to, and at later ones: all that is to be done again."""
    undone: set[str] = set()
    for other in scheme.declaration.actions.values():
        if scheme.stage_index(other.stage) >= scheme.stage_index(action.to):
            undone |= {*other.asks, *other.dates, *(f"{other.stage}.{fact}" for fact in STAGE_FACTS)}
    return frozenset(undone)


def _make_ruling(
    gate_check: GateCheck, full_case: FullCase, facts: Facts, scheme: Scheme, act_context: ActContext
) -> Ruling:
    return make_ruling(
        gate_check, *_facts_of_both_parts(full_case, facts, scheme, act_context), scheme.rulebook, act_context.salt
    )


def _facts_of_both_parts(
    full_case: FullCase, facts: Facts, scheme: Scheme, act_context: ActContext
) -> tuple[dict[str, FactValue], Facts]:
    """Public facts with those that nobody states, and beside them the exempt ones."""
    exempt = full_case.exempt_part.facts
    return add_unstated_facts(facts, exempt, full_case.case.stage, act_context.on, scheme), exempt


def _refuse_unstatable(scheme: Scheme, command: Open | Import | Amend, removed: frozenset[str] = frozenset()) -> None:
    for where in (*command.public, *command.exempt, *sorted(removed)):
        if not scheme.may_be_stated(where):
            raise InputError(f"{where} {NOT_STATED_IN_PAPER}")
    for where in sorted(command.public.keys() & command.exempt.keys()):
        raise InputError(f"{where} {IN_BOTH_PARTS}")


def _refuse_removing_absent(command: Amend, case_id: str, stated_addresses: frozenset[str]) -> None:
    for where in sorted(command.removed - stated_addresses):
        raise InputError(f"{where} is not stated in {case_id}, so it cannot be taken out")
