"""What anybody may ask of the record: where cases stand, what may be done next and why not. Nothing is recorded."""

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
    """An action of the stage at which a case stands: who may do it, and what the rules say of it now.

    `awaits` names the facts for which alone it waits, of those that it asks for.
    """

    action: str
    label: str
    roles: tuple[str, ...]
    asks: tuple[str, ...]
    ruling: Ruling
    missing_inputs: tuple[str, ...]


def list_next_actions(services: Services, case_id: str, on: date | None = None) -> tuple[Case, tuple[NextAction, ...]]:
    """A case, and each action of its stage with what the rules say of it now.

    Raises `NotInForce` for a day on which its scheme is not, as an act does; at its last stage nothing is left to do.
    """
    with services.store.read_transaction() as record:
        file = load_snapshot(record, find_case_id(record, case_id))
    scheme = services.library.scheme(file.case.scheme)
    moment = services.new_act_context(on)
    actions = scheme.actions_at(file.case.stage)
    if actions:
        scheme.refuse_out_of_force(moment.on)
    found = tuple(_assess_next_action(file, scheme, key, action, moment) for key, action in actions.items())
    return file.case, found


def build_hypothetical_act(
    services: Services, case_id: str, action: str | None, supposed_facts: Mapping[str, str], on: date | None = None
) -> HypotheticalAct:
    """An action to ask about, as if it were done now; without an action, the first of the stage.

    What is `supposed` takes the place of what the case states, and is not recorded. Raises `NotInForce` for a day on
    which the scheme is not, as an act does.
    """
    with services.store.read_transaction() as record:
        file = load_snapshot(record, find_case_id(record, case_id))
    scheme = services.library.scheme(file.case.scheme)
    moment = services.new_act_context(on)
    scheme.refuse_out_of_force(moment.on)
    chosen = next(iter(scheme.actions_at(file.case.stage)), None) if action is None else action
    if chosen is None:
        raise InputError(f"{file.case.id} is at its last stage: there is nothing left to do")
    given = parse_typed_facts(scheme, file, supposed_facts)
    asked_for = {where: value for where, value in given.items() if where in scheme.action(chosen).asks}
    for where in given.keys() - asked_for.keys():
        if not scheme.may_be_stated(where):
            raise InputError(
                f"{where} cannot be supposed: it is derived, recorded by an act or given by the scheme",
                "Suppose what it rests on.",
            )
    case = replace(file.case, facts={**file.case.facts, **given})
    return HypotheticalAct(FullCase(case, file.exempt_part), Act(chosen, asked_for), scheme, moment)


def load_public_case(services: Services, case_id: str) -> tuple[Case, str]:
    """The public part of a case and its head. Nothing of Part 2 is read."""
    with services.store.read_transaction() as record:
        return rebuild_public_case(record.entries_without_rulings(find_case_id(record, case_id)))


def load_case_snapshot(services: Services, case_id: str) -> CaseSnapshot:
    """Both parts of a case and its head."""
    with services.store.read_transaction() as record:
        return load_snapshot(record, find_case_id(record, case_id))


def load_scheme_for_case(services: Services, case_id: str) -> tuple[Scheme | None, str]:
    """The scheme to read a case by, as `workflow.history.scheme_version` finds it, and what must be known of that."""
    with services.store.read_transaction() as record:
        case, _ = rebuild_public_case(record.entries_without_rulings(find_case_id(record, case_id)))
        return find_scheme_version(case.id, case.scheme, record, services.library, services.store)


def describe_case_pack_change(services: Services, case_id: str) -> str:
    """A warning if the law or the flow changed after the last act on a case; empty if neither did."""
    with services.store.read_transaction() as record:
        last = record.entries_without_rulings(find_case_id(record, case_id))[-1]
        return describe_pack_change(last, services.library, services.store)


def list_case_entries(services: Services, case_id: str) -> tuple[Entry, ...]:
    """What happened on a case and what was refused, in the order of recording."""
    with services.store.read_transaction() as record:
        case = find_case_id(record, case_id)
        entries = [*record.entries_without_rulings(case), *record.entries_without_rulings(refusals_stream(case))]
    return tuple(sorted(entries, key=lambda entry: entry.position))


def list_officers(services: Services) -> tuple[Officer, ...]:
    """Every officer, by name."""
    with services.store.read_transaction() as record:
        return load_officers(record)


def list_cases(services: Services) -> Sequence[CaseSummary]:
    """Every case."""
    with services.store.read_transaction() as record:
        return record.case_summaries()


def _assess_next_action(
    snapshot: CaseSnapshot, scheme: Scheme, action_id: str, action: Action, act_context: ActContext
) -> NextAction:
    ruling = make_act_ruling(snapshot.full_case, Act(action_id), scheme, act_context)
    looked_at = {name: scheme.rulebook.controls[name].facts for name in ruling.blocking_controls()}
    return NextAction(
        action_id, action.label, action.who, action.asks, ruling, find_missing_inputs(ruling, action.asks, looked_at)
    )
