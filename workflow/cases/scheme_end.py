"""The last day of a scheme: what may still be done to a case after it.

Invariants:
- A case that was decided under a scheme, or that has ended, outlives the scheme: it can be published, corrected and
  reviewed, and what arises later can be recorded. Its own rules still say how.
- A case that was decided elsewhere can be entered after the last day, too: that decides nothing.
- Nothing else is done on a day outside the scheme's life: no decision is made, and none is reopened to be made again.
"""

from __future__ import annotations

from datetime import date

from rules.packs.scheme import Scheme
from workflow.cases.case import Case
from workflow.cases.events import Act, Amend, Command, Import


def refuse_out_of_force(case: Case | None, command: Command, scheme: Scheme, on: date) -> None:
    """Raise `NotInForce` for a command outside the scheme's life, unless it follows a decision made under it.

    `case` is None for a command that opens or imports one.
    """
    if not (_enters_decision(command, scheme, on) if case is None else outlives_scheme(case, command, scheme)):
        scheme.refuse_out_of_force(on)


def _enters_decision(command: Command, scheme: Scheme, on: date) -> bool:
    """Return whether a command after the scheme's last day imports a case that was decided by then."""
    last = scheme.declaration.in_force.last
    if not isinstance(command, Import) or last is None or on <= last:
        return False
    return scheme.decision_day in {**command.public, **command.recorded} or scheme.has_ended_at(command.stage)


def outlives_scheme(case: Case, command: Command, scheme: Scheme) -> bool:
    """Return whether a command may come after the scheme's last day."""
    if isinstance(command, Amend) or (isinstance(command, Act) and scheme.action(command.action).reopens):
        return False
    return scheme.decision_day in case.facts or scheme.has_ended_at(case.stage)
