"""The life of a case: what an officer may do (`decide`), and what that makes of the case (`evolve`).

Both are pure. `decide` gives an event and the ruling that let it happen, or raises a `Refusal` with the ruling
that did not. Facts that an act asks for are stated with the act; what stood there before does not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rules.errors import EngineError, InputError
from rules.judging.findings import Ruling
from rules.packs.scheme import AMEND, STAGE_FACTS, STARTS_WITH, Action, Scheme
from rules.values.facts import DAY_OF_ACT, Facts, FactValue, is_address, split_address
from rules.values.suggestions import did_you_mean
from rules.values.text import quoted
from workflow.cases.case import ENTERED_ON, Case, Confidential, Matter
from workflow.cases.events import Act, Amend, Changes, Command, Enter, Event, Look, Moment, Open
from workflow.cases.officers import Officer
from workflow.cases.review import IN_BOTH_PARTS, changed_by
from workflow.cases.ruling import Question, ruled
from workflow.errors import NotEntitled, Refusal

OPENED = ("opened.by", "opened.on")
NOT_STATED = "is not stated in a paper: it is recorded by an act, given by the scheme or derived"
NOT_RECORDED = "is not recorded by an act, so it is stated in the paper, derived or given"


@dataclass(frozen=True, slots=True)
class Decided:
    """An event that may happen, and the ruling that let it (none where no gate stands before it)."""

    event: Event
    ruling: Ruling | None


def decide(matter: Matter | None, command: Command, scheme: Scheme, officer: Officer, moment: Moment) -> Decided:
    """What becomes of a command; raises `Refusal`, `NotEntitled`, or `InputError` for what cannot be meant."""
    if not officer.acts_for(scheme.id):
        raise NotEntitled(
            officer.name, f"act under {scheme.id}", [f"its own officers, and not those of {officer.scheme}"]
        )
    scheme.refuse_out_of_force(moment.on)
    if isinstance(command, Open):
        return _open(command, scheme, officer, moment)
    if isinstance(command, Enter):
        return _enter(command, scheme, officer, moment)
    if matter is None:
        raise InputError("there is no case to act on")
    case = matter.case
    if early := too_early(case, moment.on):
        raise InputError(early, "Give the day on which it really happened with --on; acts are recorded in their order.")
    if isinstance(command, Amend):
        return _amend(matter, command, scheme, officer, moment)
    if isinstance(command, Look):
        return _look(matter, command, scheme, officer, moment)
    return _act(matter, command, scheme, officer, moment)


def too_early(case: Case, on: date) -> str:
    """Why nothing can be recorded on a case for a day before its last act; empty for any other day."""
    if on >= case.last_on:
        return ""
    return f"{on.isoformat()} is before the last act on {case.id}, of {case.last_on.isoformat()}"


def evolve(case: Case | None, event: Event) -> Case:
    """The case after an event."""
    before: Facts = case.facts if case else {}
    version = case.version + 1 if case else 1
    return Case(event.case, event.scheme, version, event.stage, event.on, event.public.applied_to(before))


def evolve_confidential(confidential: Confidential, event: Event) -> Confidential:
    """Part 2 after an event."""
    return Confidential(event.exempt.applied_to(confidential.facts))


def evolved(matter: Matter | None, event: Event) -> Matter:
    """Both parts of a case after an event."""
    case, confidential = (matter.case, matter.confidential) if matter else (None, Confidential({}))
    return Matter(evolve(case, event), evolve_confidential(confidential, event))


def ruling_on(matter: Matter, act: Act, scheme: Scheme, moment: Moment, officer: Officer | None = None) -> Ruling:
    """What the rules say of an act on a case, without doing it.

    Where no officer is named, the act is taken to be done by one who may do it. An officer who may not do it acts
    in no capacity, and the ruling says so.
    """
    question = Question(matter.case.id, act.action, scheme.action(act.action).gate)
    return ruled(question, *facts_before(matter, act, scheme, moment, officer), scheme.rulebook, moment.salt)


def facts_before(
    matter: Matter, act: Act, scheme: Scheme, moment: Moment, officer: Officer | None = None
) -> tuple[dict[str, FactValue], Facts]:
    """The facts, public and exempt, by which an act is judged, as `ruling_on` judges it."""
    action = scheme.action(act.action)
    role = officer.capacity(action.who) if officer else action.who[0]
    facts = _before(matter.case, action) | dict(act.stated) | _recorded(action, officer, role, moment.on)
    attempt: dict[str, FactValue | None] = {"act.role": role, "act.by": officer.name if officer else None}
    known = {fact: value for fact, value in attempt.items() if value is not None}
    return _in_both_parts(matter, {**facts, **known, "act.stage": action.stage}, scheme, moment)


def with_unstated(public: Facts, exempt: Facts, stage: str, on: date, scheme: Scheme) -> dict[str, FactValue]:
    """Public facts with those that nobody states: what the scheme gives, where the case stands, and on which day."""
    unstated: Facts = {"case.stage": stage, "case.withholds": bool(exempt), DAY_OF_ACT: on}
    return {**scheme.given, **public, **unstated}


def days_recorded(action: Action) -> tuple[str, ...]:
    """The facts that take the day of an act when it is done."""
    return (*action.dates, *([f"{action.stage}.on"] if action.outcome else []))


def _capacity(officer: Officer, who: tuple[str, ...], act: str, scheme: Scheme) -> str:
    """The capacity in which an officer does something that is for some roles; raises `NotEntitled`."""
    role = officer.capacity(who)
    if role is None:
        raise NotEntitled(officer.name, act, [f"{scheme.text.roles[held].label} ({held})" for held in who])
    return role


def _open(command: Open, scheme: Scheme, officer: Officer, moment: Moment) -> Decided:
    role = _capacity(officer, scheme.text.paper.open, "open a case", scheme)
    _refuse_unstatable(scheme, command)
    public = Changes({**command.public, **dict(zip(OPENED, (officer.name, moment.on), strict=True))})
    exempt = Changes(command.exempt)
    event = Event("opened", command.case, scheme.id, "open", officer.name, role, moment.on, STARTS_WITH, public, exempt)
    return Decided(event, None)


def _enter(command: Enter, scheme: Scheme, officer: Officer, moment: Moment) -> Decided:
    """What was decided elsewhere comes into the record as it was: no gate is passed, since nothing is decided by it."""
    role = _capacity(officer, scheme.text.paper.open, "open a case", scheme)
    _refuse_unstatable(scheme, command)
    if command.stage not in scheme.text.stages:
        raise InputError(
            f"{quoted(command.stage, 120)} is not a stage", did_you_mean(command.stage, scheme.text.stages)
        )
    for where in command.recorded:
        if split_address(where)[0] not in scheme.kept_by_acts:
            raise InputError(f"{where} {NOT_RECORDED}")
    by, on = OPENED
    entered: dict[str, FactValue] = {by: officer.name, on: moment.on, ENTERED_ON: moment.on}
    public = Changes({**command.public, **command.recorded, **entered})
    exempt = Changes(command.exempt)
    event = Event(
        "entered", command.case, scheme.id, "enter", officer.name, role, moment.on, command.stage, public, exempt
    )
    return Decided(event, None)


def _look(matter: Matter, command: Look, scheme: Scheme, officer: Officer, moment: Moment) -> Decided:
    case, review = matter.case, scheme.review(command.outcome)
    public, exempt = changed_by(command, matter, scheme, moment.on)
    role = officer.capacity(review.who)
    after = Matter(case, Confidential(exempt.applied_to(matter.confidential.facts)))
    facts = public.applied_to(case.facts) | {"act.by": officer.name}
    if role is not None:
        facts["act.role"] = role
    ruling = _judged(Question(case.id, command.outcome, review.gate), after, facts, scheme, moment)
    entitled = _capacity(officer, review.who, f"record {command.outcome} of a review", scheme)
    if not ruling.is_open:
        raise Refusal(ruling)
    event = Event(
        "reviewed", case.id, scheme.id, command.outcome, officer.name, entitled, moment.on, case.stage, public, exempt
    )
    return Decided(event, ruling)


def _amend(matter: Matter, command: Amend, scheme: Scheme, officer: Officer, moment: Moment) -> Decided:
    case, known = matter.case, frozenset(matter.confidential.facts)
    facts = {**case.facts, "act.by": officer.name}
    ruling = _judged(Question(case.id, AMEND, AMEND), matter, facts, scheme, moment)
    role = _capacity(officer, scheme.text.paper.amend, "amend the paper", scheme)
    if not ruling.is_open:
        raise Refusal(ruling)
    _refuse_unstatable(scheme, command, command.removed)
    _refuse_absent(command, case.id, known | frozenset(case.facts))
    # A fact stands in one part only: stating it in one takes it out of the other.
    public = Changes(command.public, (command.removed | frozenset(command.exempt)) & frozenset(case.facts))
    exempt = Changes(command.exempt, (command.removed | frozenset(command.public)) & known)
    event = Event("amended", case.id, scheme.id, AMEND, officer.name, role, moment.on, case.stage, public, exempt)
    return Decided(event, ruling)


def _act(matter: Matter, command: Act, scheme: Scheme, officer: Officer, moment: Moment) -> Decided:
    action, case = scheme.action(command.action), matter.case
    for fact in command.stated:
        if fact not in action.asks:
            raise InputError(f"{command.action} does not ask for {fact!r}", _asked_instead(scheme, action, fact))
    ruling = ruling_on(matter, command, scheme, moment, officer)
    if case.stage != action.stage:
        if ruling.is_open:
            raise EngineError(f"the rules would let {command.action} happen at the stage {case.stage}")
        raise Refusal(ruling)
    role = _capacity(officer, action.who, command.action, scheme)
    if not ruling.is_open:
        raise Refusal(ruling)
    stated = {**command.stated, **_recorded(action, officer, role, moment.on)}
    removed = _undone(scheme, action) & frozenset(case.facts)
    public = Changes(stated, removed | (frozenset(action.asks) & frozenset(case.facts)))
    event = Event(
        "acted", case.id, scheme.id, command.action, officer.name, role, moment.on, action.to, public, Changes()
    )
    return Decided(event, ruling)


def _asked_instead(scheme: Scheme, action: Action, fact: str) -> str:
    """What to do with a fact that an act does not ask for."""
    if is_address(fact) and split_address(fact)[0] in scheme.rulebook.facts and scheme.is_stated(fact):
        return f"It belongs to the paper: assent case amend CASE --set {fact}=…"
    listed = f"It asks for {', '.join(action.asks)}." if action.asks else "It asks for nothing."
    return did_you_mean(fact, action.asks) or listed


def _before(case: Case, action: Action) -> dict[str, FactValue]:
    """The facts of the case, less those that the act asks for anew."""
    return {where: value for where, value in case.facts.items() if where not in action.asks}


def _recorded(action: Action, officer: Officer | None, role: str | None, on: date) -> dict[str, FactValue]:
    """What an act records by itself: its stage's outcome, day, officer and capacity, and the days it sets."""
    dates: dict[str, FactValue] = dict.fromkeys(action.dates, on)
    if not action.outcome:
        return dates
    said = (action.outcome, on, officer.name if officer else None, role)
    recorded = zip(STAGE_FACTS, said, strict=True)
    return dates | {f"{action.stage}.{fact}": value for fact, value in recorded if value is not None}


def _undone(scheme: Scheme, action: Action) -> frozenset[str]:
    """What was recorded at the stage that an act leads to, and at later ones: all that is to be done again."""
    undone: set[str] = set()
    for other in scheme.text.actions.values():
        if scheme.place(other.stage) >= scheme.place(action.to):
            undone |= {*other.asks, *other.dates, *(f"{other.stage}.{fact}" for fact in STAGE_FACTS)}
    return frozenset(undone)


def _judged(question: Question, matter: Matter, facts: Facts, scheme: Scheme, moment: Moment) -> Ruling:
    return ruled(question, *_in_both_parts(matter, facts, scheme, moment), scheme.rulebook, moment.salt)


def _in_both_parts(matter: Matter, facts: Facts, scheme: Scheme, moment: Moment) -> tuple[dict[str, FactValue], Facts]:
    """Public facts with those that nobody states, and beside them the exempt ones."""
    exempt = matter.confidential.facts
    return with_unstated(facts, exempt, matter.case.stage, moment.on, scheme), exempt


def _refuse_unstatable(scheme: Scheme, paper: Open | Enter | Amend, removed: frozenset[str] = frozenset()) -> None:
    for where in (*paper.public, *paper.exempt, *sorted(removed)):
        if not scheme.is_stated(where):
            raise InputError(f"{where} {NOT_STATED}")
    for where in sorted(paper.public.keys() & paper.exempt.keys()):
        raise InputError(f"{where} {IN_BOTH_PARTS}")


def _refuse_absent(command: Amend, case: str, known: frozenset[str]) -> None:
    for where in sorted(command.removed - known):
        raise InputError(f"{where} is not stated in {case}, so it cannot be taken out")
