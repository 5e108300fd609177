"""What an auditor must know about the officers of a case: what they overrode, and who appointed them from when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from workflow.cases.appointments import Appointment
from workflow.cases.events import FIRST_FORMAT, Event
from workflow.cases.officers import Officer, find_lookalikes


@dataclass(slots=True)
class OfficerWarnings:
    """The officers of a case and the appointments by which they acted, as its acts come one by one."""

    names: dict[str, None] = field(default_factory=dict)
    founding: dict[str, None] = field(default_factory=dict)
    backdated: dict[tuple[str, Appointment], None] = field(default_factory=dict)
    outside: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    overrides: list[str] = field(default_factory=list)

    def take(self, officer: Officer, event: Event, officer_now: Officer) -> None:
        """Take the next event, its officer as the records before it make him, and as all records make him."""
        self.names[officer.name] = None
        self.overrides += [
            f"{event.action} of {event.on.isoformat()} was done by {officer.name} in spite of {control}: {reason}"
            for control, reason in event.overrides.items()
        ]
        if event.late_by:
            self.late.append(f"{event.action} of {event.on.isoformat()} was recorded {event.late_by:,} days later")
        if ended := describe_act_after_end(event, officer, officer_now):
            self.outside.append(ended)
        self._take_appointment(officer, event)

    def _take_appointment(self, officer: Officer, event: Event) -> None:
        """Take the appointment under which an officer did what an event records."""
        in_force = next(_appointments_for(event, officer), None)
        if in_force is None:
            self._take_act_outside(officer, event)
        elif not in_force.appointed_by:
            self.founding[officer.name] = None
        elif in_force.reason:
            self.backdated[officer.name, in_force] = None

    def _take_act_outside(self, officer: Officer, event: Event) -> None:
        """Take an act outside every appointment, which only entries of format 1 can record."""
        if event.entry_format == FIRST_FORMAT:
            days = officer.describe_appointments([event.capacity], event.scheme) or "none as such"
            self.outside.append(
                f"{officer.name} did {event.action} as {event.capacity} on {event.on.isoformat()}, outside the "
                f"appointment ({days}); it was recorded before appointments had days"
            )

    def describe(self) -> Iterator[str]:
        """Yield each warning, in words."""
        yield from self.overrides
        yield from self.outside
        if self.founding:
            yield f"nobody is recorded as having appointed {', '.join(self.founding)}"
        for name, appointment in self.backdated:
            yield f"the appointment of {name} as {appointment.describe()} was recorded late: {appointment.reason}"
        names = list(self.names)
        for place, name in enumerate(names):
            if others := find_lookalikes(name, names[place + 1 :]):
                yield f"{name} and {', '.join(others)} look like one person under two names"
        if self.late:
            yield "; ".join(self.late)


def describe_act_after_end(event: Event, then: Officer, now: Officer) -> str:
    """Return a warning of an act whose appointment an end that was recorded later leaves out; empty if none does.

    `then` is its officer as the records before the act make him, and `now` as all records make him.
    """
    held = next(_appointments_for(event, then), None)
    if event.entry_format == FIRST_FORMAT or held is None or any(_appointments_for(event, now)):
        return ""
    ended = next(each for each in now.appointments if _is_same(each, held))
    return (
        f"{event.action} of {event.on.isoformat()} by {event.officer} came after the end of the appointment, which was "
        f"recorded later: {ended.describe_with_reasons()}"
    )


def _appointments_for(event: Event, officer: Officer) -> Iterator[Appointment]:
    """Yield the appointments of an officer under which what an event records could be done on its day."""
    for held in officer.appointments:
        is_of_role = held.role == event.capacity and held.is_under(event.scheme)
        if is_of_role and held.acts_for == event.acts_for and held.term.includes(event.on):
            yield held


def _is_same(ended: Appointment, held: Appointment) -> bool:
    """Return whether one appointment is another after its end."""
    return replace(ended, term=held.term, end_reason=held.end_reason) == held and ended.term.first == held.term.first
