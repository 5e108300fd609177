"""The smallest change of one fact that turns a finding: the nearest cure, or how near the miss was.

Only facts that a paper or an act states are changed, one at a time; recorded and derived facts change with their
inputs. `rules.counterfactual.trial` says when a change turns a finding. Where a finding depends on Part 2, changes name
facts alone, and show no value or distance.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any

from rules.counterfactual.ordered_facts import ORDERED_KINDS, OrderedFactSearch, any_value_change
from rules.counterfactual.trial import ChangeKind, CounterfactualContext, FactChange, Trial, to_number
from rules.values.evidence import IN_PART_2
from rules.values.facts import CASE, FactDeclaration, FactValue, kind_of_subject, split_address, subject_of_address
from rules.values.money import Money

ANY_OTHER_TEXT = "…"
"""Stands for any text other than those that the rules name."""
_KIND_ORDER: tuple[ChangeKind, ...] = ("state", "shift", "choose", "restate", "take_out")
_DAYS_PER_YEAR = 365


def find_nearest_changes(context: CounterfactualContext, control: str, subject: str) -> tuple[FactChange, ...]:
    """The smallest changes of each fact that turn the finding of a control on a subject, nearest first.

    Facts of another subject that only Part 2 knows are left out: whether one change turns the finding would reveal how
    many such subjects there are.
    """
    trial = Trial(context, context.rulebook.controls[control], subject)
    changes_by_address = (
        _changes_at(trial, address)
        for address in trial.statable_addresses()
        if subject_of_address(address) == subject or not _is_of_exempt_subject(context, address)
    )
    if trial.rests_on_part_2:
        # How many values turn it could reveal an exempt one, so the first is all that is shown of a fact.
        found = [_redact(context, change) for changes in changes_by_address for change in islice(changes, 1)]
    else:
        found = [change for changes in changes_by_address for change in changes]
    return tuple(sorted(dict.fromkeys(found), key=_sort_key))


def _changes_at(trial: Trial, address: str) -> Iterator[FactChange]:
    """The changes at one address that turn the finding."""
    known_value, fact = trial.known_value(address), split_address(address)[0]
    if trial.fact_kind(fact) not in ORDERED_KINDS:
        yield from _choice_changes(trial, address)
    elif known_value is None:
        yield from OrderedFactSearch(trial, address).stating_changes()
    else:
        yield from OrderedFactSearch(trial, address).nearest_shifts(known_value)
    if known_value is not None:
        yield from trial.turning_changes(address, "take_out", [None])


def _choice_changes(trial: Trial, address: str) -> list[FactChange]:
    """The changes to each choice or flag that turns it; one for all where every value does."""
    known_value, fact = trial.known_value(address), split_address(address)[0]
    others = [value for value in _candidate_values(trial, fact) if value != known_value]
    turning = list(trial.turning_changes(address, "state" if known_value is None else "choose", others))
    any_value = any_value_change(turning, len(others)) if known_value is None else None
    if any_value:
        return [any_value]
    # There is no end of texts: one of those that turn it stands for all.
    return turning[:1] if trial.fact_kind(fact) == "text" else turning


def _candidate_values(trial: Trial, fact: str) -> list[FactValue]:
    declared = trial.context.rulebook.facts[fact]
    if declared.kind == "flag":
        return [True, False]
    texts = sorted(value for value in trial.breakpoints.get(fact, ()) if isinstance(value, str))
    return list(declared.choices) if declared.kind == "choice" else [ANY_OTHER_TEXT, *texts]


def _redact(context: CounterfactualContext, change: FactChange) -> FactChange:
    """The change without its values, and without the name of a subject that only Part 2 knows."""
    address = change.address
    if _is_of_exempt_subject(context, address):
        subject = subject_of_address(address)
        address = address.replace(subject, f"{kind_of_subject(subject)}:{IN_PART_2}", 1)
    return FactChange(address, "choose", is_redacted=True)


def _is_of_exempt_subject(context: CounterfactualContext, address: str) -> bool:
    """Whether an address belongs to a subject that only Part 2 knows."""
    subject = subject_of_address(address)
    return subject != CASE and context.evidence.is_wholly_exempt(subject)


def _sort_key(change: FactChange) -> tuple[int, float, str]:
    if change.is_redacted:
        # Its place in the order must not reveal its kind or distance either.
        return len(_KIND_ORDER), 0, change.address
    return _KIND_ORDER.index(change.kind), abs(change.distance) / _typical_size(change.old_value), change.address


def _typical_size(value: FactValue | None) -> int:
    """What a distance is measured against, so that days, counts and amounts can be put in one order."""
    if isinstance(value, date):
        return _DAYS_PER_YEAR
    return 1 if isinstance(value, str) else max(to_number(value), 1)


def change_as_json(change: FactChange) -> dict[str, Any]:
    """The JSON form of a change, with values as they would be typed; a redacted change has none."""
    return {
        "fact": change.address,
        "how": None if change.is_redacted else change.kind,
        "from": _format_typed_value(change.old_value),
        "to": _format_typed_value(change.new_value),
        "difference": _format_difference(change),
        "outcome": change.outcome,
        "part_2": change.is_redacted,
    }


def format_change(change: FactChange, declarations: Mapping[str, FactDeclaration]) -> str:
    """Format a change as one line: `value £499.99 excluding VAT (£12.01 below what is stated) → satisfied`."""
    if change.is_redacted:
        return f"{change.address}: another value would turn it (the finding hangs on what is {IN_PART_2})"
    declaration = declarations[split_address(change.address)[0]]
    new_value = (
        ""
        if change.new_value is None
        else "another text"
        if change.new_value == ANY_OTHER_TEXT
        else declaration.format_value(change.new_value)
    )
    verb = {"state": "stated as" if new_value else "stated", "take_out": "taken out"}.get(change.kind, "")
    difference = f"({_format_difference(change)})" if change.distance else ""
    words = [change.address, verb, new_value, difference, "→", str(change.outcome).replace("_", " ")]
    return " ".join(filter(None, words))


def _format_typed_value(value: FactValue | None) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else value.isoformat() if isinstance(value, date) else str(value)


def _format_difference(change: FactChange) -> str:
    """The distance of a shift in words: `5 days later than what is stated`; empty for other changes."""
    distance, goes_down = abs(change.distance), change.distance < 0
    if not distance:
        return ""
    if isinstance(change.new_value, date):
        unit = "day" if distance == 1 else "days"
        return f"{distance:,} {unit} {'earlier' if goes_down else 'later'} than what is stated"
    amount = f"£{distance // 100:,}.{distance % 100:02d}" if isinstance(change.new_value, Money) else f"{distance:,}"
    return f"{amount} {'below' if goes_down else 'above'} what is stated"
