"""What anybody may ask of the record: where cases stand, what may be done next and why not. Nothing is recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rules.errors import InputError
from rules.judging.findings import Ruling
from rules.packs.scheme import Action, Scheme
from workflow.cases.case import Case, Matter
from workflow.cases.events import Act, Moment
from workflow.cases.life import ruling_on
from workflow.cases.officers import Officer
from workflow.history.record import File, case_named, file_of, officers_in, public_case, refusals_of
from workflow.history.scheme_version import changed_since, scheme_of
from workflow.ledger.entries import Entry
from workflow.ledger.ports import Overview
from workflow.services.commands import Desk
from workflow.services.counterfactuals import Supposition
from workflow.services.missing_inputs import awaited
from workflow.services.typed_facts import typed


@dataclass(frozen=True, slots=True)
class Step:
    """An action of the stage at which a case stands: who may do it, and what the rules say of it now.

    `awaits` names the facts for which alone it waits, of those that it asks for.
    """

    action: str
    label: str
    who: tuple[str, ...]
    asks: tuple[str, ...]
    ruling: Ruling
    awaits: tuple[str, ...]


def steps(desk: Desk, name: str, on: date | None = None) -> tuple[Case, tuple[Step, ...]]:
    """A case, and each action of its stage with what the rules say of it now.

    Raises `NotInForce` for a day on which its scheme is not, as an act does; at its last stage nothing is left to do.
    """
    with desk.store.reading() as record:
        file = file_of(record, case_named(record, name))
    scheme = desk.library.scheme(file.case.scheme)
    moment = desk.moment(on)
    actions = scheme.actions_at(file.case.stage)
    if actions:
        scheme.refuse_out_of_force(moment.on)
    found = tuple(_step(file, scheme, key, action, moment) for key, action in actions.items())
    return file.case, found


def suppose(
    desk: Desk, name: str, action: str | None, supposed: Mapping[str, str], on: date | None = None
) -> Supposition:
    """An action to ask about, as if it were done now; without an action, the first of the stage.

    What is `supposed` takes the place of what the case states, and is not recorded. Raises `NotInForce` for a day on
    which the scheme is not, as an act does.
    """
    with desk.store.reading() as record:
        file = file_of(record, case_named(record, name))
    scheme = desk.library.scheme(file.case.scheme)
    moment = desk.moment(on)
    scheme.refuse_out_of_force(moment.on)
    chosen = next(iter(scheme.actions_at(file.case.stage)), None) if action is None else action
    if chosen is None:
        raise InputError(f"{file.case.id} is at its last stage: there is nothing left to do")
    given = typed(scheme, file, supposed)
    asked_for = {where: value for where, value in given.items() if where in scheme.action(chosen).asks}
    for where in given.keys() - asked_for.keys():
        if not scheme.is_stated(where):
            raise InputError(
                f"{where} cannot be supposed: it is derived, recorded by an act or given by the scheme",
                "Suppose what it rests on.",
            )
    case = replace(file.case, facts={**file.case.facts, **given})
    return Supposition(Matter(case, file.confidential), Act(chosen, asked_for), scheme, moment)


def public_record(desk: Desk, name: str) -> tuple[Case, str]:
    """The public part of a case and its head. Nothing of Part 2 is read."""
    with desk.store.reading() as record:
        return public_case(record.stream(case_named(record, name)))


def whole_record(desk: Desk, name: str) -> File:
    """Both parts of a case and its head."""
    with desk.store.reading() as record:
        return file_of(record, case_named(record, name))


def read_by(desk: Desk, name: str) -> tuple[Scheme | None, str]:
    """The scheme to read a case by, as `workflow.history.scheme_version` finds it, and what must be known of that."""
    with desk.store.reading() as record:
        case, _ = public_case(record.stream(case_named(record, name)))
        return scheme_of(case.id, case.scheme, record, desk.library, desk.store)


def packs_changed(desk: Desk, name: str) -> str:
    """What must be known of a case that was left under other packs than those of today; nothing of another."""
    with desk.store.reading() as record:
        return changed_since(record.stream(case_named(record, name))[-1], desk.library)


def history(desk: Desk, name: str) -> tuple[Entry, ...]:
    """What happened on a case and what was refused, in the order of recording."""
    with desk.store.reading() as record:
        case = case_named(record, name)
        entries = [*record.stream(case), *record.stream(refusals_of(case))]
    return tuple(sorted(entries, key=lambda entry: entry.position))


def officers(desk: Desk) -> tuple[Officer, ...]:
    """Every officer, by name."""
    with desk.store.reading() as record:
        return officers_in(record)


def cases(desk: Desk) -> Sequence[Overview]:
    """Every case."""
    with desk.store.reading() as record:
        return record.cases()


def _step(file: File, scheme: Scheme, key: str, action: Action, moment: Moment) -> Step:
    ruling = ruling_on(file.matter, Act(key), scheme, moment)
    looked_at = {name: scheme.rulebook.controls[name].facts for name in ruling.blocked_by()}
    return Step(key, action.label, action.who, action.asks, ruling, awaited(ruling, action.asks, looked_at))
