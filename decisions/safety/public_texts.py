"""The texts of Part 1 of a case, whether or not a document prints them, and their places for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from decisions.safety.withheld_facts import name_subject
from rules.packs.scheme import Scheme
from rules.values.facts import CASE, FactValue, split_address
from rules.values.money import Money
from workflow.cases.case import Case, RecordedAct


class PublicText(NamedTuple):
    """A text of Part 1, at the address of its fact; the reason of an override has the name of the control."""

    address: str
    control: str
    words: str


def list_public_texts(case: Case, scheme: Scheme) -> Iterator[PublicText]:
    """Yield every text and amount that Part 1 states or records, also what counts no more: it stays in the record."""
    yield from _fact_texts(case.facts, scheme)
    yield from _texts_of_acts(case, case.acts, scheme)


def list_added_texts(before: Case, after: Case, scheme: Scheme) -> Iterator[PublicText]:
    """Yield the texts that a case has and an earlier one had not; nothing that the earlier one stated has changed."""
    new = {address: value for address, value in after.facts.items() if address not in before.facts}
    yield from _fact_texts(new, scheme)
    yield from _texts_of_acts(after, after.acts[len(before.acts) :], scheme)


def _texts_of_acts(case: Case, acts: Iterable[RecordedAct], scheme: Scheme) -> Iterator[PublicText]:
    """Yield what acts recorded that counts no more, and why they overrode controls."""
    for act in acts:
        earlier = {address: value for address, value in act.facts.items() if case.facts.get(address) != value}
        yield from _fact_texts(earlier, scheme)
        for control, reason in act.overrides.items():
            yield PublicText("", control, reason)


def _fact_texts(facts: Mapping[str, FactValue], scheme: Scheme) -> Iterator[PublicText]:
    is_text = scheme.is_text
    for address, value in facts.items():
        if isinstance(value, str):
            fact, _ = split_address(address)
            if is_text(fact, value):
                yield PublicText(address, "", value)  # nothing else describes a text
        elif isinstance(value, Money):
            yield PublicText(address, "", scheme.format_fact(address, value))


def describe_place(text: PublicText, scheme: Scheme) -> str:
    """Return the place of a text of Part 1 for people."""
    if text.control:
        return f"Part 1, reason for the override of {text.control}"
    fact, key = split_address(text.address)
    declared = scheme.rulebook.facts.get(fact)
    subject = f"{fact.partition('.')[0]}:{key}" if key else CASE
    return f"Part 1, {declared.label if declared else fact}{name_subject(subject, scheme)}"
