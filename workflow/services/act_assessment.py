"""An act judged before it is done: for one officer, or for each role that may do it.

Roles can differ: a Director may approve what the Mayor need not. An act is open if somebody who may do it can do it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rules.judging.findings import Ruling
from rules.packs.scheme import Scheme
from workflow.cases.act_ruling import ActingOfficer, make_act_ruling, make_rulings_by_role
from workflow.cases.case import FullCase
from workflow.cases.events import Act, ActContext
from workflow.cases.officers import Officer, carry_over_roles
from workflow.services.open_points import OpenPoints, sort_open_points


@dataclass(frozen=True, slots=True)
class RoleAssessment:
    """The ruling on an act if an officer in one role does it, and what stands against the act.

    `actor` is the officer in that role, or somebody whose name is not known.
    """

    role: str
    actor: Officer | ActingOfficer
    ruling: Ruling
    points: OpenPoints

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        return {
            "role": self.role,
            "open": self.ruling.is_open,
            "blocked_by": list(self.ruling.blocking_controls()),
            "awaits": list(self.points.awaits),
        }


@dataclass(frozen=True, slots=True)
class ActAssessment:
    """The rulings on an act by role, and the one that stands for them all.

    `ruling` is that of the role with the fewest controls in its way. With an officer, `roles` has the one role in which
    the officer would act; none if the officer is not entitled.
    """

    ruling: Ruling
    points: OpenPoints
    roles: tuple[RoleAssessment, ...]
    officer: Officer | None = None

    @property
    def is_open(self) -> bool:
        """Return whether somebody who may do the act can do it now."""
        return any(assessment.ruling.is_open for assessment in self.roles)

    @property
    def actor(self) -> Officer | ActingOfficer:
        """Return the officer, or who acts in the ruling that stands for all."""
        return self.officer or next(found.actor for found in self.roles if found.ruling is self.ruling)

    @property
    def roles_differ(self) -> bool:
        """Return whether it matters which of the roles acts."""
        states = {(found.ruling.is_open, found.ruling.blocking_controls()) for found in self.roles}
        return len(states) > 1

    def roles_as_json(self) -> dict[str, Any]:
        """Return the roles, and the officer if one was named, as other programs read them."""
        roles = {"roles": [assessment.as_json() for assessment in self.roles]}
        return {**roles, "officer": self.officer.id, "entitled": bool(self.roles)} if self.officer else roles


def assess_act(
    full_case: FullCase, act: Act, scheme: Scheme, act_context: ActContext, officer: Officer | None = None
) -> ActAssessment:
    """Judge an act for an officer; without one, for each role that may do it."""
    if officer is not None:
        officer = carry_over_roles(officer, scheme)
        ruling = make_act_ruling(full_case, act, scheme, act_context, officer)
        capacity = officer.find_capacity(scheme.action(act.action).who, act_context.on, scheme.id)
        points = sort_open_points(ruling, scheme)
        own_role = [RoleAssessment(capacity.role, officer, ruling, points)] if capacity else []
        return ActAssessment(ruling, points, tuple(own_role), officer)
    judged = make_rulings_by_role(full_case, act, scheme, act_context)
    roles = tuple(
        RoleAssessment(role, actor, ruling, sort_open_points(ruling, scheme))
        for role, (actor, ruling) in judged.items()
    )
    best = min(roles, key=lambda found: (not found.ruling.is_open, len(found.ruling.blocking_controls())))
    return ActAssessment(best.ruling, best.points, roles)
