"""Appointments: which role somebody holds, between which days, by whose authority, and for whom.

Invariants:
- An act needs a role that is held on its business day; a day outside the appointment gives no capacity.
- A deputy holds a role only while the person whose role it is holds it too.
- Both days of a term count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class Term:
    """The days of an appointment, both included; None leaves that side open."""

    first: date | None = None
    last: date | None = None

    def includes(self, day: date) -> bool:
        """Return whether a day is in the term."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    @property
    def is_empty(self) -> bool:
        """Whether no day is in the term: its last day is before its first."""
        return bool(self.first and self.last and self.last < self.first)

    def ended_on(self, last: date) -> Term:
        """Return the term with a last day; an earlier last day stays."""
        return Term(self.first, min(last, self.last or last))

    def overlap(self, other: Term) -> Term:
        """Return the days that both terms have; the result includes no day if there are none."""
        firsts = [day for day in (self.first, other.first) if day]
        lasts = [day for day in (self.last, other.last) if day]
        return Term(max(firsts, default=None), min(lasts, default=None))

    def describe(self) -> str:
        """Return the days in words: `from 2018-03-01 to 2018-06-30`."""
        if self.first and self.last and self.is_empty:
            return f"on no day: it ended on {self.last.isoformat()}, before it began on {self.first.isoformat()}"
        first = f"from {self.first.isoformat()}" if self.first else ""
        last = f"to {self.last.isoformat()}" if self.last else ""
        return " ".join(filter(None, (first, last))) or "with no first or last day"

    def as_json(self) -> dict[str, str | None]:
        """Return the form that other programs read."""
        return {
            "from": self.first.isoformat() if self.first else None,
            "to": self.last.isoformat() if self.last else None,
        }


@dataclass(frozen=True, slots=True)
class Appointment:
    """One role that somebody holds under a scheme (empty: every scheme that has the role) in a term.

    `acts_for` names the person whose role a deputy exercises. `appointed_by` is empty for an appointment that was made
    before anybody could appoint. `reason` says why the appointment begins before it was recorded, and `end_reason` why
    it ends before that was.
    """

    role: str
    scheme: str
    term: Term = Term()
    instrument: str = ""
    appointed_by: str = ""
    reason: str = ""
    acts_for: str = ""
    may_delegate: bool = False
    end_reason: str = ""

    def is_under(self, scheme_id: str) -> bool:
        """Return whether the appointment counts under a scheme."""
        return self.scheme in ("", scheme_id)

    def ended_on(self, last: date, reason: str = "") -> Appointment:
        """Return the appointment with a last day, and why it is recorded late; an earlier last day stays."""
        term = self.term.ended_on(last)
        return self if term == self.term else replace(self, term=term, end_reason=reason)

    def describe(self) -> str:
        """Return the role and its days in words: `author from 2018-03-01`, `chair for B Lee from 2018-03-01`."""
        of = f"{self.role} for {self.acts_for}" if self.acts_for else self.role
        return f"{of} {self.term.describe()}"

    def describe_with_reasons(self) -> str:
        """Return the role and its days in words, with why its beginning or its end was recorded late."""
        began = f"begin recorded late: {self.reason}" if self.reason else ""
        ended = f"end recorded late: {self.end_reason}" if self.end_reason else ""
        reasons = "; ".join(filter(None, (began, ended)))
        return f"{self.describe()} ({reasons})" if reasons else self.describe()

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        return {
            "role": self.role,
            "scheme": self.scheme or "any",
            **self.term.as_json(),
            "instrument": self.instrument,
            "appointed_by": self.appointed_by,
            "founding": not self.appointed_by,
            "reason": self.reason,
            "end_reason": self.end_reason,
            "for": self.acts_for,
        }


class Capacity(NamedTuple):
    """The role in which somebody acts; a deputy acts for somebody, under an instrument."""

    role: str
    acts_for: str = ""
    under: str = ""


@dataclass(frozen=True, slots=True)
class Deputyship:
    """The right to exercise roles of another officer (none named: all of them) under a scheme, in a term.

    The roles pass on to a further deputy only if `may_delegate`.
    """

    principal_id: str
    scheme: str
    roles: tuple[str, ...]
    term: Term
    instrument: str = ""
    appointed_by: str = ""
    may_delegate: bool = False
    reason: str = ""
    end_reason: str = ""

    def ended_on(self, last: date, reason: str = "") -> Deputyship:
        """Return the deputyship with a last day, and why it is recorded late; an earlier last day stays."""
        term = self.term.ended_on(last)
        return self if term == self.term else replace(self, term=term, end_reason=reason)

    def covers(self, appointment: Appointment) -> bool:
        """Return whether the deputy may exercise an appointment of the principal."""
        is_same_scheme = not self.scheme or appointment.is_under(self.scheme)
        return is_same_scheme and (not self.roles or appointment.role in self.roles)

    def take_over(self, appointment: Appointment, principal_name: str) -> Appointment:
        """Return an appointment of the principal as the deputy holds it."""
        term = appointment.term.overlap(self.term)
        return Appointment(
            role=appointment.role,
            scheme=appointment.scheme or self.scheme,
            term=term,
            instrument=self.instrument,
            appointed_by=self.appointed_by,
            reason=self.reason,
            acts_for=appointment.acts_for or principal_name,
            may_delegate=self.may_delegate,
            end_reason=self.end_reason if term.last == self.term.last else appointment.end_reason,
        )


def find_capacity(
    appointments: Iterable[Appointment], roles: Iterable[str], on: date, scheme_id: str
) -> Capacity | None:
    """Return the first of some roles that is held on a day under a scheme, or None.

    Roles of one's own come before those that are held for somebody else.
    """
    in_force = [held for held in appointments if held.is_under(scheme_id) and held.term.includes(on)]
    wanted = tuple(roles)
    for is_deputy in (False, True):
        for role in wanted:
            for held in in_force:
                if held.role == role and bool(held.acts_for) is is_deputy:
                    return Capacity(role, held.acts_for, held.instrument if is_deputy else "")
    return None


def appointments_to(appointments: Iterable[Appointment], roles: Iterable[str], scheme_id: str) -> Iterator[Appointment]:
    """Yield the appointments to any of some roles under a scheme, whatever their days."""
    wanted = frozenset(roles)
    return (held for held in appointments if held.is_under(scheme_id) and held.role in wanted)
