"""What other law would have said: every recorded ruling given again under changed packs, or by the law of another day.

A ruling is given again on what was known when it was given: the case as its entries had made it, with the facts that
the ruling itself weighed. Nothing is recorded, and what cannot be judged is named, never passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cache
from typing import NamedTuple

from rules.errors import InputError, PackError
from rules.judging.findings import Finding, Ruling
from rules.judging.rulebook import Rulebook
from rules.language.dated_values import fits
from rules.packs.bundle import Bundle
from rules.packs.scheme import AMEND, Scheme
from rules.values.calendar import parse_day
from rules.values.citation import Citation
from rules.values.facts import DAY_OF_ACT, Facts, FactValue, split_address
from rules.values.text import quoted
from workflow.cases.case import Matter
from workflow.cases.events import Act, Moment
from workflow.cases.life import evolved, facts_before, ruling_on
from workflow.cases.review import look_told_by, looked_at
from workflow.cases.ruling import Question, ruled
from workflow.history.record import CASE_EVENTS, REFUSED, as_readable, body_of, case_of_refusals, event_of, ruling_of
from workflow.ledger.canonical_json import decode, held_by_value
from workflow.ledger.entries import Entry, ExemptText
from workflow.ledger.ports import Library, Store

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_INSTANT = re.compile(_DAY.pattern + "[T ]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What is asked: by which packs, by the law of which day (none: the days that governed), and as known when.

    Of what was recorded later than `known_at` nothing is looked at. What has not been done yet is judged by the
    packs of the `present` and by those asked about, as if done on the day `today`.
    """

    packs: Library
    present: Library
    today: date
    on: date | None = None
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Turned:
    """A finding that comes out otherwise. An outcome is None where the control is not heard at the gate.

    `entry` is that of the ruling, and 0 for an act that is still to be done. `clause` is that of the control as it is
    read now, or where it is gone as it was.
    """

    case: str
    entry: int
    on: str
    action: str
    gate: str
    control: str
    subject: str
    before: str | None
    after: str | None
    clause: Citation | None
    was_open: bool
    is_open: bool
    blocked_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A ruling that was not given again, or given without something that it rested on, and why."""

    case: str
    entry: int
    action: str
    why: str


@dataclass(slots=True)
class Impact:
    """What came out: how many rulings of how many cases were given again, what turned, and what could not be judged."""

    rulings: int = 0
    cases: set[str] = field(default_factory=set)
    turned: list[Turned] = field(default_factory=list)
    unjudged: list[Unjudged] = field(default_factory=list)


Watch = Callable[[Sequence[Entry]], Iterable[Entry]]


def impact(store: Store, asked: Inquiry, watch: Watch = iter) -> Impact:
    """Give every ruling of the store again, as asked, and ask about what every case may do next.

    `watch` is handed the entries, and hands them on one by one.
    """
    with store.ledger() as (entries, texts, _):
        known = [entry for entry in entries if _was_known(entry, asked.known_at)]
        exempt = {text.position: text for text in texts}
    again = _Again(asked, exempt, cache(store.bundle))
    for entry in watch(known):
        again.take(entry)
    again.look_ahead()
    return again.found


def last_instant(typed: str) -> datetime:
    """The instant that somebody typed, in UTC where no offset is given; of a day, its end. Raises `InputError`."""
    if _DAY.fullmatch(typed):
        return datetime.combine(parse_day(typed), time.max, UTC)
    try:
        found = datetime.fromisoformat(typed) if _INSTANT.match(typed) else None
    except ValueError:
        found = None
    if found is None:
        raise InputError(f"{quoted(typed)} is neither a day nor an instant", "Write 2018-04-16, or 2018-04-16T12:00Z.")
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def governing_days(rulebook: Rulebook) -> frozenset[str]:
    """The facts whose day decides which law applies: of an act its own day, and whatever a rule is `governed_by`."""
    controls = (control.declared.governed_by for control in rulebook.controls.values())
    return frozenset([DAY_OF_ACT, *controls, *(derived.governed_by for derived in rulebook.derived)])


def as_on(facts: Facts, on: date, rulebook: Rulebook) -> dict[str, FactValue]:
    """The facts with every governing day that is known replaced by one day; all other days stay as they are."""
    days = governing_days(rulebook)
    return {where: on if split_address(where)[0] in days else value for where, value in facts.items()}


def _was_known(entry: Entry, at: datetime | None) -> bool:
    with as_readable(entry):
        return at is None or datetime.fromisoformat(entry.recorded_at) <= at


class _Before(NamedTuple):
    """A ruling as it was: on which case, by which entry (0: by none), on what day, and what the gate came to."""

    case: str
    entry: int
    on: date
    action: str
    outcomes: Mapping[tuple[str, str], str]
    was_open: bool
    rulebook: Rulebook


@dataclass(slots=True)
class _Again:
    """Goes through the entries: builds up each case, and gives each of its rulings again.

    `bundle` gives the packs of a digest, where they are kept and whole.
    """

    asked: Inquiry
    exempt: Mapping[int, ExemptText]
    bundle: Callable[[str], Bundle | None]
    found: Impact = field(default_factory=Impact)
    cases: dict[str, Matter] = field(default_factory=dict)

    def take(self, entry: Entry) -> None:
        """Give the ruling of an entry again, if it has one, and take what it says of its case."""
        text = self.exempt.get(entry.position)
        if entry.kind == REFUSED:
            with as_readable(entry):
                stated = decode(body_of(entry)["stated"])
                withheld = decode(body_of(text).get("stated", {})) if text else {}
            self._recorded(entry, case_of_refusals(entry.stream), stated, withheld)
        elif entry.kind in CASE_EVENTS:
            event = event_of(entry, text)
            if entry.ruling:
                acted = {**event.public.stated, "act.role": event.capacity}
                self._recorded(entry, entry.stream, {} if event.kind == "amended" else acted, event.exempt.stated)
            self.cases[entry.stream] = evolved(self.cases.get(entry.stream), event)

    def look_ahead(self) -> None:
        """Ask about each act that a case may do next, by the packs of the present and by those asked about."""
        day = min(self.asked.today, self.asked.known_at.date()) if self.asked.known_at else self.asked.today
        for name, matter in self.cases.items():
            moment = Moment(max(day, matter.case.last_on), "")
            try:
                scheme = self.asked.present.scheme(matter.case.scheme)
            except InputError as error:
                self.found.unjudged.append(Unjudged(name, 0, "", str(error)))
                continue
            for action in scheme.actions_at(matter.case.stage):
                self._next(matter, Act(action), scheme, moment)

    def _next(self, matter: Matter, act: Act, scheme: Scheme, moment: Moment) -> None:
        now = ruling_on(matter, act, scheme, moment)
        outcomes = {(finding.control, finding.subject): finding.outcome for finding in now.findings}
        before = _Before(matter.case.id, 0, moment.on, act.action, outcomes, now.is_open, scheme.rulebook)
        self._judge(before, scheme.id, lambda there: facts_before(matter, act, there, moment))

    def _recorded(self, entry: Entry, case: str, stated: Facts, withheld: Facts) -> None:
        """Give a recorded ruling again; `stated` and `withheld` are what the act itself adds to what was known."""
        with as_readable(entry):
            receipt, matter = ruling_of(entry), self.cases[case]
            action, packs, weighed = str(receipt["action"]), str(receipt["packs"]), held_by_value(receipt["facts"])
            outcomes = {(str(one["control"]), str(one["subject"])): str(one["outcome"]) for one in receipt["findings"]}
            day = date.fromisoformat(entry.on)
        bundle = self.bundle(packs)
        if bundle is None:
            why = f"its packs {packs[:12]} are no longer in the store, so it is shown and not judged"
            self.found.unjudged.append(Unjudged(case, entry.position, action, why))
            return
        scheme = bundle.scheme()
        own = {where: weighed[where] for where in weighed.keys() - scheme.given.keys()}
        act: Facts = {DAY_OF_ACT: day, "act.by": entry.officer, **stated, **own}
        if action in scheme.text.reviews:
            matter = looked_at(look_told_by(action, stated, withheld, scheme), matter, scheme, day)
        before = _Before(case, entry.position, day, action, outcomes, entry.kind != REFUSED, scheme.rulebook)
        self._judge(before, scheme.id, lambda there: _known(matter, action, act, there))

    def _judge(self, before: _Before, name: str, known: Callable[[Scheme], tuple[Facts, Facts]]) -> None:
        try:
            scheme = self.asked.packs.scheme(name)
            after = self._ruling(before, scheme, *known(scheme))
        except PackError:  # of packs with faults nobody can say what they would change
            raise
        except InputError as error:  # a scheme or an action that is not there, or not in force
            self.found.unjudged.append(Unjudged(before.case, before.entry, before.action, str(error)))
            return
        self.found.rulings += 1
        self.found.cases.add(before.case)
        self.found.turned += _differences(before, after, scheme)

    def _ruling(self, before: _Before, scheme: Scheme, public: Facts, exempt: Facts) -> Ruling:
        """The ruling as it would be; raises `InputError` where the scheme has no such act, or is not in force."""
        gate, on = _gate(before.action, scheme), self.asked.on
        if on:
            scheme.refuse_out_of_force(on)
            public, exempt = (
                as_on(_look_on(before, facts, on, scheme), on, scheme.rulebook) for facts in (public, exempt)
            )
        kept = self._fitting(before, public, scheme), self._fitting(before, exempt, scheme)
        return ruled(Question(before.case, before.action, gate), *kept, scheme.rulebook, "")

    def _fitting(self, before: _Before, facts: Facts, scheme: Scheme) -> dict[str, FactValue]:
        """The facts that the packs still know; one of which they ask another kind of value is left out, and named."""
        declared, kept = scheme.rulebook.facts, dict[str, FactValue]()
        for where, value in facts.items():
            fact = split_address(where)[0]
            if fact not in declared:
                continue
            choices = declared[fact].choices
            if fits(declared[fact].kind, value) and (not choices or value in choices):
                kept[where] = value
            else:
                self._left_out(before, fact)
        return kept

    def _left_out(self, before: _Before, fact: str) -> None:
        why = f"{fact} is stated in a way that is no longer taken; judged without it"
        named = Unjudged(before.case, before.entry, before.action, why)
        if named not in self.found.unjudged:
            self.found.unjudged.append(named)


def _known(matter: Matter, action: str, act: Facts, scheme: Scheme) -> tuple[dict[str, FactValue], Facts]:
    """What was known of an act: the case as it stood, and what the ruling on the act weighed or the act stated."""
    asks = () if action == AMEND or action in scheme.text.reviews else scheme.action(action).asks
    case = {where: value for where, value in matter.case.facts.items() if where not in asks}
    exempt = matter.confidential.facts
    stands: Facts = {"case.stage": matter.case.stage, "case.withholds": bool(exempt)}
    return {**case, **stands, **act, **scheme.given}, exempt


def _gate(action: str, scheme: Scheme) -> str:
    """The gate at which an act stands; raises `InputError` where the scheme has no such act."""
    if action == AMEND:
        return AMEND
    return (scheme.review(action) if action in scheme.text.reviews else scheme.action(action)).gate


def _look_on(before: _Before, facts: Facts, on: date, scheme: Scheme) -> Facts:
    """The facts with the day that a review records of itself replaced by another, as the day of the act is."""
    kept = scheme.review(before.action).dates if before.action in scheme.text.reviews else ""
    return {
        where: on if value == before.on and split_address(where)[0] == kept else value for where, value in facts.items()
    }


def _differences(before: _Before, after: Ruling, scheme: Scheme) -> Iterator[Turned]:
    """The findings that differ, in the order of the packs; a control that newly does not apply is no difference."""
    now = {(finding.control, finding.subject): finding for finding in after.findings}
    for control, subject in dict.fromkeys([*before.outcomes, *now]):
        was, finding = before.outcomes.get((control, subject)), now.get((control, subject))
        outcome = finding.outcome if finding else None
        if was == outcome or {was, outcome} == {None, "not_applicable"}:
            continue
        yield Turned(
            case=before.case,
            entry=before.entry,
            on=before.on.isoformat(),
            action=after.action,
            gate=after.gate,
            control=control,
            subject=subject,
            before=was,
            after=outcome,
            clause=_clause(control, finding, scheme.rulebook, before.rulebook),
            was_open=before.was_open,
            is_open=after.is_open,
            blocked_by=after.blocked_by(),
        )


def _clause(control: str, finding: Finding | None, *rulebooks: Rulebook) -> Citation | None:
    """The clause that a finding rests on now; where there is none any more, the one it rested on."""
    known = (rulebook.controls[control] for rulebook in rulebooks if control in rulebook.controls)
    return finding.citation if finding else next((one.declared.citation for one in known), None)
