"""Cases that name other cases: one decision on several matters, or a matter in parts.

A pack says of which facts this holds, with `names_case`. A link is stated by one of the two cases and shown with it.

Invariants:
- A fact that names a case names one of the same store by its exact number, and never the case itself.
- No message repeats a number that Part 2 states.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from rules.errors import InputError
from rules.packs.scheme import Scheme
from rules.values.facts import FactValue, split_address
from workflow.cases.case import Case
from workflow.cases.events import Act, Amend, Command, Import, Open
from workflow.history.snapshots import find_case_id
from workflow.ledger.ports import ReadTransaction


class LinkedCase(NamedTuple):
    """A case that another one names: in which fact, and where it stands."""

    fact: str
    case: str
    title: str
    stage: str

    def as_json(self) -> dict[str, str]:
        """Return the form that other programs read."""
        return self._asdict()


def refuse_unknown_links(transaction: ReadTransaction, scheme: Scheme, command: Command, case_id: str) -> None:
    """Raise `InputError` if a command states a number that is not that of another case of the store."""
    public, exempt = _stated_facts(command)
    for address, number in _named_cases(public, scheme):
        try:
            known = find_case_id(transaction, number)
        except InputError as error:
            raise InputError(f"{address}: {error}", error.advice()) from None
        if known != number:
            raise InputError(f"{address}: the number is {known}", f"Write --set {address}={known}.")
        _refuse_own_number(address, number, case_id)
    for address, number in _named_cases(exempt, scheme):
        if not transaction.has_case(number):
            raise InputError(f"{address}: there is no case of this number", "Give it letter for letter.")
        _refuse_own_number(address, number, case_id)


def find_linked_cases(transaction: ReadTransaction, case: Case, scheme: Scheme | None) -> tuple[LinkedCase, ...]:
    """Return the cases that the public part of a case names; none without its scheme."""
    named = dict(_named_cases(case.facts, scheme)) if scheme else {}
    if not named:
        return ()
    summaries = {summary.case: summary for summary in transaction.case_summaries()}
    return tuple(
        LinkedCase(address, number, summaries[number].title, summaries[number].stage)
        for address, number in named.items()
        if number in summaries
    )


def _stated_facts(command: Command) -> tuple[Mapping[str, FactValue], Mapping[str, FactValue]]:
    """Return the facts that a command states in Part 1 and in Part 2."""
    if isinstance(command, (Open, Import, Amend)):
        return command.public, command.exempt
    return (command.stated, {}) if isinstance(command, Act) else ({}, {})


def _named_cases(facts: Mapping[str, FactValue], scheme: Scheme) -> list[tuple[str, str]]:
    """Return the addresses of facts that name a case, each with the number."""
    declared = scheme.rulebook.facts
    names = {fact for fact, declaration in declared.items() if declaration.names_case}
    return [(address, str(value)) for address, value in facts.items() if names and split_address(address)[0] in names]


def _refuse_own_number(address: str, number: str, case_id: str) -> None:
    if number == case_id:
        raise InputError(f"{address} names the case itself", "Name another case.")
