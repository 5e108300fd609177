"""Queries: where cases stand, what may be done next, and why something may not.

Invariants:
- Nothing is recorded.
- Each query reads one moment of the ledger, so what it returns holds together.
- `load_public_case` and the queries built on it never read Part 2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rules.errors import InputError
from rules.judging.findings import Ruling
from rules.packs.scheme import Action, Scheme
from workflow.cases.case import Case, FullCase
from workflow.cases.events import Act, ActContext
from workflow.cases.life import make_act_ruling
from workflow.cases.officers import Officer
from workflow.history.officer_records import load_officers
from workflow.history.scheme_version import describe_pack_change, find_scheme_version
from workflow.history.serialization import refusals_stream
from workflow.history.snapshots import CaseSnapshot, find_case_id, load_snapshot, rebuild_public_case
from workflow.ledger.entries import Entry
from workflow.ledger.ports import CaseSummary
from workflow.services.commands import Services
from workflow.services.counterfactuals import HypotheticalAct
from workflow.services.missing_inputs import find_missing_inputs
from workflow.services.typed_facts import parse_typed_facts


@dataclass(frozen=True, slots=True)
class NextAction:
    """An action at the stage of a case, with the roles that may do it and its ruling as of now.

    `missing_inputs` are facts that the action asks for and whose absence alone keeps its gate shut.
    """

    action: str
    label: str
    roles: tuple[str, ...]
    asks: tuple[str, ...]
    ruling: Ruling
    missing_inputs: tuple[str, ...]


def list_next_actions(services: Services, case_id: str, on: date | None = None) -> tuple[Case, tuple[NextAction, ...]]:
    """A case, and each action of its stage with its ruling; no actions at a last stage.

    Raises `NotInForce` for a day on which its scheme is not in force, as an act does.
    """
    with services.store.read_transaction() as transaction:
        snapshot = load_snapshot(transaction, find_case_id(transaction, case_id))
    scheme = services.library.scheme(snapshot.case.scheme)
    act_context = services.new_act_context(on)
    actions = scheme.actions_at(snapshot.case.stage)
    if actions:
        scheme.refuse_out_of_force(act_context.on)
    return snapshot.case, tuple(
        _assess_next_action(snapshot, scheme, name, action, act_context) for name, action in actions.items()
    )


def build_hypothetical_act(
    services: Services, case_id: str, action: str | None, supposed_facts: Mapping[str, str], on: date | None = None
) -> HypotheticalAct:
    """An action on a case as if it were done now; without a name, the first action of the stage.

    `supposed_facts` replace those of the case; nothing is recorded. Raises `NotInForce` for a day on which the scheme
    is not in force, as an act does.
    """
    with services.store.read_transaction() as transaction:
        snapshot = load_snapshot(transaction, find_case_id(transaction, case_id))
    scheme = services.library.scheme(snapshot.case.scheme)
    act_context = services.new_act_context(on)
    scheme.refuse_out_of_force(act_context.on)
    chosen = next(iter(scheme.actions_at(snapshot.case.stage)), None) if action is None else action
    if chosen is None:
        raise InputError(f"{snapshot.case.id} is at its last stage: there is nothing left to do")
    supposed = parse_typed_facts(scheme, snapshot, supposed_facts)
    inputs = {where: value for where, value in supposed.items() if where in scheme.action(chosen).asks}
    for where in supposed.keys() - inputs.keys():
        if not scheme.may_be_stated(where):
            raise InputError(
                f"{where} cannot be supposed: it is derived, recorded by an act or given by the scheme",
                "Suppose the facts that it rests on instead.",
            )
    case = replace(snapshot.case, facts={**snapshot.case.facts, **supposed})
    return HypotheticalAct(FullCase(case, snapshot.exempt_part), Act(chosen, inputs), scheme, act_context)


def load_public_case(services: Services, case_id: str) -> tuple[Case, str]:
    """The public part of a case and its head, without reading Part 2."""
    with services.store.read_transaction() as transaction:
        return rebuild_public_case(transaction.entries_without_rulings(find_case_id(transaction, case_id)))


def load_case_snapshot(services: Services, case_id: str) -> CaseSnapshot:
    """Both parts of a case and its head."""
    with services.store.read_transaction() as transaction:
        return load_snapshot(transaction, find_case_id(transaction, case_id))


def load_scheme_for_case(services: Services, case_id: str) -> tuple[Scheme | None, str]:
    """The scheme to read a case by, and a warning if it is not today's (`workflow.history.scheme_version`)."""
    with services.store.read_transaction() as transaction:
        case, _ = rebuild_public_case(transaction.entries_without_rulings(find_case_id(transaction, case_id)))
        return find_scheme_version(case.id, case.scheme, transaction, services.library, services.store)


def describe_case_pack_change(services: Services, case_id: str) -> str:
    """A warning if the law or the flow changed after the last act on a case; empty if neither did."""
    with services.store.read_transaction() as transaction:
        last = transaction.entries_without_rulings(find_case_id(transaction, case_id))[-1]
        return describe_pack_change(last, services.library, services.store)


def list_case_entries(services: Services, case_id: str) -> tuple[Entry, ...]:
    """The events and refusals on a case, in the order of recording."""
    with services.store.read_transaction() as transaction:
        case = find_case_id(transaction, case_id)
        events = transaction.entries_without_rulings(case)
        refusals = transaction.entries_without_rulings(refusals_stream(case))
    return tuple(sorted([*events, *refusals], key=lambda entry: entry.position))


def list_officers(services: Services) -> tuple[Officer, ...]:
    """Every officer, in the order of their names."""
    with services.store.read_transaction() as transaction:
        return load_officers(transaction)


def list_cases(services: Services) -> Sequence[CaseSummary]:
    """Every case, oldest first."""
    with services.store.read_transaction() as transaction:
        return transaction.case_summaries()


def _assess_next_action(
    snapshot: CaseSnapshot, scheme: Scheme, action_id: str, action: Action, act_context: ActContext
) -> NextAction:
    ruling = make_act_ruling(snapshot.full_case, Act(action_id), scheme, act_context)
    facts_by_control = {name: scheme.rulebook.controls[name].facts for name in ruling.blocking_controls()}
    missing_inputs = find_missing_inputs(ruling, action.asks, facts_by_control)
    return NextAction(action_id, action.label, action.who, action.asks, ruling, missing_inputs)
