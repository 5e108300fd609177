"""Cases that name other cases: one decision on several matters, a matter in parts, or a decision that replaces another.

A pack marks these facts with `names_case`, and what is read of the other case with `from_case`.

Invariants:
- A fact that names a case names one of the same store by its exact number, which was open by then, and never itself.
- Facts of the case itself, such as the decision that it replaces, never lead from one case to the next and back.
- What is read of another case is its public part, as it stood on the day of the act. A link in Part 2 is never
  followed, since what is read through it would show where it leads.
- A number of no case, as texts can be that were stated before their fact named cases, is passed over.
- No message repeats a number that Part 2 states.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from rules.errors import InputError
from rules.packs.scheme import Scheme
from rules.packs.workflow_facts import CASE_STAGE
from rules.values.facts import Facts, FactValue, address_of, split_address
from workflow.cases.act_ruling import facts_of_progress
from workflow.cases.case import Case
from workflow.cases.events import Act, ActContext, Amend, Command, Correct, Import, Open, RecordReview
from workflow.history.serialization import CASE_EVENT_KINDS, NamedBy, deserialize_link, links_stream, serialize_link
from workflow.history.snapshots import find_case_id, rebuild_public_case
from workflow.ledger.entries import Entry
from workflow.ledger.ports import ReadTransaction, WriteTransaction

EntriesOf: TypeAlias = Callable[[str], Sequence[Entry]]
"""A function that returns the entries of a case by its number; none for a case that is not there."""
RecordOf: TypeAlias = Callable[[str], Facts]
"""A function that returns the public record of a case by its number: its facts, and where it stands."""
_MAX_RECORDS = 256
"""How many public records of other cases are kept for the next question."""
_MAX_CHAIN = 1_000
"""The longest chain of cases that is followed. It ends long before, since no case in it stands there twice."""


class LinkedCase(NamedTuple):
    """A case that another one names: in which fact, and where it stands."""

    fact: str
    case: str
    title: str
    stage: str

    def as_json(self) -> dict[str, str]:
        """Return the form that other programs read."""
        return self._asdict()


def refuse_wrong_links(transaction: ReadTransaction, scheme: Scheme, command: Command, case_id: str, on: date) -> None:
    """Raise `InputError` if a command names a case that is not there, not open yet, or the case itself."""
    public, exempt = _stated_facts(command)
    for address, number in named_cases(public, scheme):
        _refuse_own_number(address, number, case_id)
        try:
            known = find_case_id(transaction, number)
        except InputError as error:
            raise InputError(f"{address}: {error}", error.advice()) from None
        if known != number:
            raise InputError(f"{address}: the number is {known}", f"Write --set {address}={known}.")
        _refuse_later(transaction, address, number, number, on)
        _refuse_circle(transaction, address, number, case_id)
    for address, number in named_cases(exempt, scheme):
        _refuse_own_number(address, number, case_id)
        if not transaction.has_case(number):
            raise InputError(f"{address}: there is no case of this number", "Give it letter for letter.")
        _refuse_later(transaction, address, number, "that case", on)


def find_linked_cases(transaction: ReadTransaction, case: Case, scheme: Scheme | None) -> tuple[LinkedCase, ...]:
    """Return the cases that the public part of a case names; none without its scheme."""
    named = named_cases(case.facts, scheme) if scheme else []
    linked = ((address, _load_public_case(transaction, number)) for address, number in named)
    return tuple(_describe(other, address) for address, other in linked if other)


def find_naming_cases(transaction: ReadTransaction, case_id: str) -> tuple[LinkedCase, ...]:
    """Return the cases whose public part names a case, in the order in which they came to name it."""
    entries = transaction.entries_without_rulings(links_stream(case_id))
    recorded = dict.fromkeys(map(deserialize_link, entries))
    naming = ((by, _load_public_case(transaction, by.case)) for by in recorded)
    return tuple(_describe(case, by.fact) for by, case in naming if case and case.facts.get(by.fact) == case_id)


def record_links(transaction: WriteTransaction, before: Case | None, after: Case, scheme: Scheme, by: str) -> None:
    """Record of each case that an event newly names which case names it; `by` is the officer of the event."""
    earlier: Facts = before.facts if before else {}
    for address, number in named_cases(after.facts, scheme):
        if earlier.get(address) != number and transaction.has_case(number):
            unsealed = serialize_link(number, NamedBy(after.id, address), after.last_on, by)
            transaction.append(unsealed, transaction.stream_version(unsealed.stream))


def add_linked_facts(
    record_of: RecordOf, act_context: ActContext, scheme: Scheme, case: Case, command: Command
) -> ActContext:
    """Return the context of a command with what it reads of linked cases; their records are as of its day."""
    linked = read_linked_facts(record_of, scheme, facts_with(command, case, scheme))
    return replace(act_context, linked=linked) if linked else act_context


def facts_with(command: Command, case: Case, scheme: Scheme) -> Facts:
    """Return the public facts by which a command is judged: those of the case, and what is stated with it."""
    if not scheme.rulebook.linked_facts:
        return {}
    asks = scheme.action(command.action).asks if isinstance(command, Act) else ()
    kept = {address: value for address, value in case.facts.items() if address not in asks}
    stated = command.stated if isinstance(command, Act) else command.public if isinstance(command, RecordReview) else {}
    return {**kept, **stated}


def read_linked_facts(record_of: RecordOf, scheme: Scheme, public: Facts) -> dict[str, FactValue]:
    """Return what a case may know of those that its public facts name, by address."""
    linked_facts = scheme.rulebook.linked_facts
    read: dict[str, FactValue] = {}
    for address, number in named_cases(public, scheme) if linked_facts else ():
        link, key = split_address(address)
        for name, source in linked_facts.items():
            value = record_of(number).get(source.fact) if source.link == link else None
            if value is not None and scheme.rulebook.facts[name].fits(value):
                read[address_of(name, key)] = value
    return read


def records_on(entries_of: EntriesOf, on: date) -> RecordOf:
    """Return what gives the public record of a case as it stood on a day; it is empty before the case was opened.

    It is empty too for a text that is the name of another stream, such as `officers`.
    """

    @lru_cache(maxsize=_MAX_RECORDS)
    def record_of(number: str) -> Facts:
        events = (entry for entry in entries_of(number) if entry.kind in CASE_EVENT_KINDS)
        until = [entry for entry in events if date.fromisoformat(entry.on) <= on]
        return public_record(rebuild_public_case(until)[0]) if until else {}

    return record_of


def public_record(case: Case) -> Facts:
    """Return the public facts of a case, and where it stands."""
    return {**case.facts, **facts_of_progress(case), CASE_STAGE: case.stage}


def named_cases(facts: Facts, scheme: Scheme) -> list[tuple[str, str]]:
    """Return the addresses of facts that name a case, each with the number."""
    is_link = scheme.rulebook.is_link_address
    return [(address, str(value)) for address, value in facts.items() if is_link[address]]


def _stated_facts(command: Command) -> tuple[Mapping[str, FactValue], Mapping[str, FactValue]]:
    """Return the facts that a command states in Part 1 and in Part 2."""
    if isinstance(command, (Open, Amend, RecordReview)):
        return command.public, command.exempt
    if isinstance(command, Import):
        return {**command.public, **command.recorded}, command.exempt
    if isinstance(command, Correct):
        return ({}, command.values) if command.in_part_2 else (command.values, {})
    return (command.stated, {}) if isinstance(command, Act) else ({}, {})


def _describe(case: Case, fact: str) -> LinkedCase:
    return LinkedCase(fact, case.id, case.title, case.stage)


def _load_public_case(transaction: ReadTransaction, number: str) -> Case | None:
    """Return the public part of a case; None if there is no case of exactly this number."""
    return rebuild_public_case(transaction.entries_without_rulings(number))[0] if transaction.has_case(number) else None


def _refuse_own_number(address: str, number: str, case_id: str) -> None:
    if number == case_id:
        raise InputError(f"{address} names the case itself", "Name another case.")


def _refuse_later(transaction: ReadTransaction, address: str, number: str, shown: str, on: date) -> None:
    """Raise `InputError` for a case that was opened after the day of the command; it is `shown` in the message."""
    first = transaction.entries_without_rulings(number)[0]
    if date.fromisoformat(first.on) > on:
        message = f"{address}: {shown} was not open yet on {on.isoformat()}"
        raise InputError(message, "Give the day on which it is named, with --on.")


def _refuse_circle(transaction: ReadTransaction, address: str, number: str, case_id: str) -> None:
    """Raise `InputError` if a fact of the case itself leads from the case that it names back to its own."""
    if ":" in address:  # things in a case, such as cases decided together, may name each other
        return
    chain = [number]
    while len(chain) < _MAX_CHAIN and (case := _load_public_case(transaction, chain[-1])):
        named = case.facts.get(address)
        if named is None:
            return
        chain.append(str(named))
        if named == case_id:
            way = " → ".join((case_id, *chain))
            raise InputError(f"{address} would lead in a circle: {way}", "Correct the case that is wrong first.")
