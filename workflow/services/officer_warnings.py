"""What an auditor must know about the officers of a case: what they overrode, and who appointed them from when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

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
    overrides: list[str] = field(default_factory=list)

    def take(self, officer: Officer, event: Event) -> None:
        """Take the next event, and its officer as the records before it make him."""
        self.names[officer.name] = None
        self.overrides += [
            f"{event.action} of {event.on.isoformat()} was done by {officer.name} in spite of {control}: {reason}"
            for control, reason in event.overrides.items()
        ]
        if event.late_by:
            self.outside.append(f"{event.action} of {event.on.isoformat()} was recorded {event.late_by} days later")
        self._take_appointment(officer, event)

    def _take_appointment(self, officer: Officer, event: Event) -> None:
        """Take the appointment under which an officer did what an event records."""
        held = [each for each in officer.appointments if each.role == event.capacity and each.is_under(event.scheme)]
        in_force = next((each for each in held if _covers(each, event)), None)
        if in_force is None:
            self._take_act_outside(officer, event, held)
        elif not in_force.appointed_by:
            self.founding[officer.name] = None
        elif in_force.reason:
            self.backdated[officer.name, in_force] = None

    def _take_act_outside(self, officer: Officer, event: Event, held: Sequence[Appointment]) -> None:
        """Take an act outside every appointment, which only entries of format 1 can record."""
        if event.entry_format == FIRST_FORMAT:
            days = "; ".join(each.describe() for each in held) or "none as such"
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


def _covers(appointment: Appointment, event: Event) -> bool:
    """Return whether what an event records was done under an appointment, on a day of its term."""
    return appointment.term.includes(event.on) and appointment.acts_for == event.acts_for
