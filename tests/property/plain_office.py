"""A plain model of an office: who holds which role on which day, what acts recorded, and what may be done next.

It is written as a clerk would note it on paper, and shares nothing with the house but the declared actions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from rules.packs.flow_schema import Action
from rules.packs.scheme import Scheme

DONE, REFUSED, NOT_ENTITLED, WRONG_INPUT = "done", "refused", "not entitled", "wrong input"
BACKDATING = 3
APPOINTS, CORRECTS = "clerk", "clerk"
CORRECTED_AT = ("board", "done")
TASKS = ("finance_check", "legal_check", "risk_check")
APART = {("author", "chair"), ("chair", "author")}


@dataclass
class Post:
    """A role from a first day to a last one (None: without end)."""

    role: str
    first: date
    last: date | None = None

    def has(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)

    def end(self, last: date) -> None:
        self.last = min(last, self.last or last)


@dataclass
class StandIn:
    """The right to act in the roles of another (none named: in all of them) between days."""

    principal: str
    roles: tuple[str, ...]
    term: Post


class Seat(NamedTuple):
    """The role in which somebody acts, and for whom."""

    role: str
    acts_for: str = ""


@dataclass
class PlainOffice:
    """Who holds what, by name."""

    founder: str
    posts: dict[str, list[Post]] = field(default_factory=dict)
    stand_ins: dict[str, list[StandIn]] = field(default_factory=dict)

    def seat(self, name: str, roles: tuple[str, ...], day: date) -> Seat | None:
        """Return the first of some roles that somebody holds on a day; an own one goes first."""
        own = [post.role for post in self.posts.get(name, []) if post.has(day)]
        others = [
            Seat(post.role, stand_in.principal)
            for stand_in in self.stand_ins.get(name, [])
            for post in self.posts.get(stand_in.principal, [])
            if stand_in.term.has(day) and post.has(day) and (not stand_in.roles or post.role in stand_in.roles)
        ]
        seats = [Seat(role) for role in roles if role in own]
        return next(iter(seats + [seat for role in roles for seat in others if seat.role == role]), None)

    def knows(self, name: str) -> bool:
        """Return whether somebody was ever appointed, or stands in for somebody who was."""
        principals = [s.principal for s in self.stand_ins.get(name, [])]
        return bool(self.posts.get(name)) or any(self.posts.get(principal) for principal in principals)

    def holds_in_term(self, name: str, roles: list[str], term: Post) -> bool:
        """Whether somebody holds one of some roles (none named: any) on a day of a term."""
        days = [term.first + timedelta(n) for n in range(((term.last or term.first) - term.first).days + 1)]
        posts = [post for post in self.posts[name] if not roles or post.role in roles]
        return any(post.has(day) for post in posts for day in days)

    def may_change(self, by: str, officer: str, day: date, *also: str) -> bool:
        """Return whether somebody may appoint, end or deputise an officer."""
        if by in also:
            return True
        return by != officer and (by == self.founder or self.seat(by, (APPOINTS,), day) is not None)

    @staticmethod
    def is_too_early(first: date, today: date, reason: str) -> bool:
        return not reason and first < today - timedelta(days=BACKDATING)

    def leave(self, name: str, last: date) -> None:
        for post in [*self.posts.get(name, []), *(stand_in.term for stand_in in self.stand_ins.get(name, []))]:
            post.end(last)


@dataclass
class Noted:
    """What one act recorded, at which stage, by whom; what is void does not count."""

    action: str
    stage: str
    facts: dict[str, Any]
    by: str
    seat: Seat
    moved: bool
    counts: bool = True
    is_act: bool = True


@dataclass
class PlainCase:
    """A case as a list of what was done."""

    scheme: Scheme
    stage: str = "draft"
    last_on: date = date.min
    title: str = ""
    notes: list[Noted] = field(default_factory=list)
    corrections: list[tuple[str, str, str]] = field(default_factory=list)

    def value(self, address: str) -> Any:  # noqa: ANN401 - facts are of any type
        """Return the latest value of a fact that counts; None if there is none."""
        values = [note.facts[address] for note in self.notes if note.counts and address in note.facts]
        return values[-1] if values else None

    def recorded(self) -> dict[str, Any]:
        """Return every fact that an act recorded, with its value or None."""
        return {address: self.value(address) for note in self.notes for address in note.facts}

    def rounds(self, stage: str) -> int:
        """Return how many times the case has come to a stage."""
        return sum(note.moved and self.came_to(note) == stage for note in self.notes)

    def came_to(self, note: Noted) -> str:
        return "draft" if note.action == "open" else self.scheme.action(note.action).leads_to(note.stage)

    def blocks(self, name: str, seat: Seat, action_name: str) -> bool:
        """Return whether a rule of the authority forbids an act to somebody who is entitled to it."""
        action = self.scheme.action(action_name)
        signed = [task for task in TASKS if self.value(f"{task}.outcome") == "signed"]
        sent = max((place for place, note in enumerate(self.notes) if note.moved), default=0)
        votes = [self.value(address) for address in self.recorded() if address.startswith("vote:")]
        return any(
            [
                action_name == "to-board" and len(signed) < 2,
                action.gate == "sign"
                and any(self.value(f"{task}.by") == name for task in signed if task != action.task),
                action_name == "recall"
                and (self.notes[sent].by != name or any(note.is_act for note in self.notes[sent + 1 :])),
                action_name == "defer" and self.rounds("board") > 2,
                action_name == "approve" and votes.count("for") <= votes.count("against"),
                self.is_kept_apart(name, seat),
            ]
        )

    def is_kept_apart(self, name: str, seat: Seat) -> bool:
        """Return whether one of the two persons who act took part before, in a role that must be another's."""
        persons = {name, seat.acts_for} - {""}
        return any(
            (seat.role, note.seat.role) in APART and not persons.isdisjoint({note.by, note.seat.acts_for})
            for note in self.notes
        )

    def follow(self, action_name: str, stated: dict[str, Any], name: str, seat: Seat, on: date) -> None:
        """Note an act that was done."""
        action = self.scheme.action(action_name)
        if action.reopens is not None:
            stages = list(self.scheme.declaration.stages)
            for note in self.notes:
                note.counts = note.counts and stages.index(note.stage) < stages.index(action.reopens)
        facts = {**stated, **self.scheme.set_facts[action_name], **dict.fromkeys(action.dates, on)}
        facts |= self._outcome(action, name, seat, on)
        self.notes.append(Noted(action_name, self.stage, facts, name, seat, action.to is not None))
        self.stage, self.last_on = action.leads_to(self.stage), on

    def _outcome(self, action: Action, name: str, seat: Seat, on: date) -> dict[str, Any]:
        if not action.outcome:
            return {}
        under = action.task or self.stage
        values = {"outcome": action.outcome, "on": on, "by": name, "role": seat.role}
        return {f"{under}.{fact}": value for fact, value in values.items()}

    def says(self, address: str) -> str:
        """Return what the case says of a fact by now, corrections included."""
        corrected = [now for fact, now, _ in self.corrections if fact == address]
        stated = self.title if address == "title" else self.value(address)
        return corrected[-1] if corrected else stated or "Not stated"
