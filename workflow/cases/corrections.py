"""Corrections: what changes when an officer corrects a case that was decided.

Invariants:
- Nothing that was decided changes. A correction adds a subject of its own, in the part that holds what it corrects.
- A correction of a correction keeps the words of the earlier one.
- The keys of public corrections do not show how many Part 2 has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from rules.errors import InputError
from rules.packs.corrections_schema import (
    CORRECT_VALUE,
    CORRECTED_BY,
    CORRECTED_FACT,
    CORRECTED_ON,
    CORRECTION,
    EARLIER_VALUE,
    REASON,
    CorrectionRules,
)
from rules.packs.scheme import Scheme
from rules.values.facts import Facts, FactValue, address_of, key_of_subject, kind_of_subject, subject_of_address
from workflow.cases.case import FullCase
from workflow.cases.events import Correct, FactChanges

NOT_STATED = "Not stated"
"""What a correction says of a fact that the case did not state before."""
_EXEMPT_KEY = "part2-"


def require_correction_rules(scheme: Scheme) -> CorrectionRules:
    """Return who corrects cases of a scheme, and how; raise `InputError` if it declares no corrections."""
    rules = scheme.declaration.corrections
    if rules is None:
        raise InputError(
            f"{scheme.id} does not say who may correct a case",
            "Declare it in the scheme, such as: corrections: {who: [ROLE], gate: correct, stages: [STAGE]}",
        )
    return rules


def find_correction_changes(
    command: Correct, full_case: FullCase, scheme: Scheme, officer_name: str, on: date
) -> tuple[FactChanges, FactChanges]:
    """Return the changes that a correction makes to Part 1 and to Part 2.

    Raises `InputError` for a fact that nobody stated or recorded, and for one that the other part holds.
    """
    own, other = full_case.case.facts, full_case.exempt_part.facts
    if command.in_part_2:
        own, other = other, own
    recorded: dict[str, FactValue] = {}
    keys = _new_keys(own, in_part_2=command.in_part_2)
    for address, value in command.values.items():
        _refuse_uncorrectable(address, command, scheme, other)
        was = _current_words(address, own, scheme)
        if was == value and not command.in_part_2:  # the error would give away what Part 2 has
            raise InputError(f"{address} says that already", "Look at it with: assent case show CASE")
        of_correction: dict[str, FactValue] = {
            CORRECTED_FACT: address,
            EARLIER_VALUE: was,
            CORRECT_VALUE: value,
            CORRECTED_ON: on,
            CORRECTED_BY: officer_name,
        }
        if command.reason.strip():  # a blank one is none, so that a control can ask for it
            of_correction[REASON] = command.reason
        key = next(keys)
        recorded.update({address_of(fact, key): fact_value for fact, fact_value in of_correction.items()})
    changes, none = FactChanges(recorded), FactChanges()
    return (none, changes) if command.in_part_2 else (changes, none)


def rebuild_correction_command(public: Facts, exempt: Facts) -> Correct:
    """Return the command of a recorded correction, from the facts that it stated in each part.

    Raises `ValueError`, `KeyError` or `TypeError` if they are not those of a correction.
    """
    stated = exempt or public
    subjects = tuple(dict.fromkeys(map(subject_of_address, stated)))
    if not subjects:
        raise ValueError("no correction")

    def text(fact: str, subject: str) -> str:
        value = stated[address_of(fact, key_of_subject(subject))]
        if not isinstance(value, str):
            raise TypeError("no text")
        return value

    values = {text(CORRECTED_FACT, subject): text(CORRECT_VALUE, subject) for subject in subjects}
    return Correct(values, text(REASON, subjects[0]), in_part_2=bool(exempt))


def describe_corrections(facts: Facts) -> Iterator[str]:
    """Yield each correction that some facts record in one line: what it corrects, what is right, and why."""
    for subject in _corrections(facts):
        key = key_of_subject(subject)
        of, now, reason = (facts[address_of(fact, key)] for fact in (CORRECTED_FACT, CORRECT_VALUE, REASON))
        yield " ".join(f"{of}: {now} ({reason})".split())


def _refuse_uncorrectable(address: str, command: Correct, scheme: Scheme, other_part: Facts) -> None:
    fact, _ = scheme.rulebook.facts.split_address(address)
    is_recordable = fact in scheme.act_recorded_facts and kind_of_subject(address) != CORRECTION
    if not (scheme.may_be_stated(address) or is_recordable):
        raise InputError(
            f"{address} cannot be corrected: neither a paper states it nor an act records it",
            "Correct the facts that it comes from.",
        )
    if address in other_part:
        here, option = ("Part 2", "--set") if command.in_part_2 else ("Part 1", "--set-exempt")
        raise InputError(f"{address} does not stand in {here}", f"Correct it with {option}, in the part that has it.")


def _current_words(address: str, facts: Facts, scheme: Scheme) -> str:
    """Return what a part says of a fact by now: its last correction, or what was stated or recorded."""
    latest = ""
    for subject in _corrections(facts):
        key = key_of_subject(subject)
        if facts.get(address_of(CORRECTED_FACT, key)) == address:
            latest = str(facts[address_of(CORRECT_VALUE, key)])
    return latest or (scheme.format_fact(address, facts[address]) if address in facts else NOT_STATED)


def _corrections(facts: Mapping[str, FactValue]) -> list[str]:
    """Return the corrections of one part, in the order in which they were made."""
    subjects = dict.fromkeys(subject_of_address(address) for address in facts)
    made = [subject for subject in subjects if kind_of_subject(subject) == CORRECTION]
    return sorted(made, key=correction_number)


def correction_number(subject: str) -> tuple[bool, int]:
    """Return what puts corrections in order: those of Part 1 first, each part by number."""
    key = key_of_subject(subject)
    number = key.removeprefix(_EXEMPT_KEY)
    return key != number, int(number) if number.isdecimal() else 0


def _new_keys(facts: Mapping[str, FactValue], *, in_part_2: bool) -> Iterator[str]:
    number = max((correction_number(subject)[1] for subject in _corrections(facts)), default=0)
    while True:
        number += 1
        yield f"{_EXEMPT_KEY if in_part_2 else ''}{number}"
