"""Possible acts on a case: each action of its stage as it is judged now, and one action as if it were done.

Nothing is recorded. Rulings read Part 2, and show of it only what rulings may show.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from rules.errors import InputError, NotInForce
from rules.judging.findings import Ruling
from rules.values.facts import split_address
from workflow.cases.case import Case, FullCase
from workflow.cases.events import Act
from workflow.cases.publication import Disclosure
from workflow.cases.scheme_end import outlives_scheme, refuse_out_of_force
from workflow.history.officer_records import find_officer
from workflow.history.snapshots import find_case_id, load_snapshot
from workflow.services.act_assessment import ActAssessment, assess_act
from workflow.services.commands import Request, Services
from workflow.services.counterfactuals import HypotheticalAct
from workflow.services.linked_cases import add_linked_facts, records_on
from workflow.services.publication_gate import PublicationGate
from workflow.services.typed_facts import parse_typed_facts


@dataclass(frozen=True, slots=True)
class NextAction:
    """An action of the stage at which a case stands: who may do it, and how it is judged now.

    `gives_away` are the words of Part 1 for which it would be refused; only an officer who holds both parts may see
    them.
    """

    action: str
    label: str
    roles: tuple[str, ...]
    asks: tuple[str, ...]
    assessment: ActAssessment
    gives_away: tuple[Disclosure, ...] = ()

    @property
    def ruling(self) -> Ruling:
        """Return the ruling on it now: that of the role with the fewest controls in its way."""
        return self.assessment.ruling

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        return {
            "action": self.action,
            "label": self.label,
            "who": list(self.roles),
            "asks": list(self.asks),
            "open": self.assessment.is_open and not self.gives_away,
            "blocked_by": list(self.ruling.blocking_controls()),
            "awaits": list(self.assessment.points.awaits),
            "gives_away_part_2": bool(self.gives_away),
            **self.assessment.roles_as_json(),
        }


class NextActions(NamedTuple):
    """A case, and the actions of the stage at which it stands."""

    case: Case
    actions: tuple[NextAction, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        return {
            "case": self.case.id,
            "version": self.case.version,
            "stage": self.case.stage,
            "actions": [action.as_json() for action in self.actions],
            "entered_after_the_fact": self.case.imported_on is not None,
        }


def list_next_actions(
    services: Services, case_id: str, on: date | None = None, officer: str | None = None
) -> NextActions:
    """Return a case and each action of its stage, judged now for an officer; none at a last stage.

    `officer` is an id or a name as typed; without it, each action is judged for each role that may do it.

    Raises `NotInForce`, as an act does, for a day on which the scheme is not in force, unless the case was decided.
    """
    with services.store.read_transaction() as transaction:
        snapshot = load_snapshot(transaction, find_case_id(transaction, case_id))
        judged_officer = find_officer(transaction, officer) if officer is not None else None
        scheme = services.find_case_scheme(snapshot).scheme
        act_context = services.new_act_context(on, scheme)
        actions = scheme.actions_at(snapshot.case.stage)
        record_of = records_on(transaction.entries_without_rulings, act_context.on)
        contexts = {
            name: add_linked_facts(record_of, act_context, scheme, snapshot.case, Act(name)) for name in actions
        }
    try:
        scheme.refuse_out_of_force(act_context.on)
    except NotInForce:
        later = {name: actions[name] for name in actions if outlives_scheme(snapshot.case, Act(name), scheme)}
        if actions and not later and not scheme.has_ended_at(snapshot.case.stage):
            raise
        actions = later
    gives_away = PublicationGate(services.check_publication).preview_actions(snapshot.full_case, actions, scheme)
    next_actions = (
        NextAction(
            name,
            action.label,
            action.who,
            action.asks,
            assess_act(snapshot.full_case, Act(name), scheme, contexts[name], judged_officer),
            gives_away[name],
        )
        for name, action in actions.items()
    )
    return NextActions(snapshot.case, tuple(next_actions))


def build_hypothetical_act(
    services: Services,
    case_id: str,
    action: str | None,
    supposed_facts: Mapping[str, str],
    request: Request,
) -> HypotheticalAct:
    """Return an action to explain, as if an officer did it now; by default the first of the stage.

    `supposed_facts` are typed facts that replace those of the case. Without an officer, the action is judged for each
    role that may do it. Raises `NotInForce`, as an act does, for a day on which the scheme is not in force, and
    `InputError` for a fact that an officer cannot state.
    """
    with services.store.read_transaction() as transaction:
        snapshot = load_snapshot(transaction, find_case_id(transaction, case_id))
        judged_officer = find_officer(transaction, request.officer) if request.officer else None
    scheme = services.find_case_scheme(snapshot).scheme
    act_context = services.new_act_context(request.on, scheme)
    chosen_action = (
        next(iter(scheme.actions_at(snapshot.case.stage)), None) if action is None else scheme.find_action(action)
    )
    if chosen_action is None:
        scheme.refuse_out_of_force(act_context.on)
    else:
        refuse_out_of_force(snapshot.case, Act(chosen_action), scheme, act_context.on)
    if chosen_action is None and snapshot.case.stage not in scheme.declaration.stages:
        raise InputError(
            f"{snapshot.case.id} is at {scheme.stage_label(snapshot.case.stage)}: no action of the scheme starts there",
            f"To move it to a stage of today: assent case migrate {snapshot.case.id} --to today --dry-run",
        )
    if chosen_action is None:
        raise InputError(f"{snapshot.case.id} is at its last stage: there is nothing left to do")
    supposed = parse_typed_facts(scheme, snapshot, supposed_facts)
    requested = scheme.action(chosen_action).asks
    stated_with_act = {address: value for address, value in supposed.items() if split_address(address)[0] in requested}
    for address in supposed.keys() - stated_with_act.keys():
        if not scheme.may_be_stated(address):
            raise InputError(
                f"{address} cannot be supposed: it is derived, recorded by an act or given by the scheme",
                "Suppose the facts that it is derived from.",
            )
    case = replace(snapshot.case, facts={**snapshot.case.facts, **supposed})
    full_case, act = FullCase(case, snapshot.exempt_part), Act(chosen_action, stated_with_act)
    with services.store.read_transaction() as transaction:
        record_of = records_on(transaction.entries_without_rulings, act_context.on)
        act_context = add_linked_facts(record_of, act_context, scheme, case, act)
    assessment = assess_act(full_case, act, scheme, act_context, judged_officer)
    return HypotheticalAct(full_case, act, scheme, act_context, assessment)


def find_words_given_away(services: Services, hypothetical: HypotheticalAct) -> tuple[Disclosure, ...]:
    """Return the words of Part 1 for which an act would be refused; only who holds both parts may see them."""
    gate = PublicationGate(services.check_publication)
    return gate.preview_act(hypothetical.full_case, hypothetical.act, hypothetical.scheme)
