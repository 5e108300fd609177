"""The smallest change of one fact that turns a finding: the cure that is nearest, or how near the miss was.

A finding that is breached, or that nobody can tell, turns where it becomes satisfied or does not apply any more; any
other where it becomes breached. Each fact that a paper or an act states is tried at the cuts of its scale
(`rules.counterfactual.breakpoints`) and judged by the plain evaluator, with everything that is worked out from it. Only
one fact is changed at a time; what acts have recorded and what is worked out change through what they rest on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any

from rules.counterfactual.ordered_facts import ORDERED_KINDS, OrderedFactSearch, any_value_change
from rules.counterfactual.trial import ChangeKind, CounterfactualContext, FactChange, Trial, subject_at, to_number
from rules.values.evidence import IN_PART_2
from rules.values.facts import CASE, FactDeclaration, FactValue, kind_of_subject, split_address
from rules.values.money import Money

ANY_OTHER_TEXT = "…"
"""What stands for a text that is none of those known."""
_KIND_ORDER: tuple[ChangeKind, ...] = ("state", "shift", "choose", "restate", "take_out")
_DAYS_PER_YEAR = 365


def find_nearest_changes(context: CounterfactualContext, control: str, subject: str) -> tuple[FactChange, ...]:
    """Every smallest change of one fact that turns the finding of a control on a subject, the nearest first.

    A fact of another subject that only Part 2 knows is not named: whether one change turns the finding would tell how
    many such subjects there are.
    """
    trial = Trial(context, context.rulebook.controls[control], subject)
    spoken = (
        where
        for where in trial.statable_addresses()
        if subject_at(where) == subject or not _is_of_exempt_subject(context, where)
    )
    found = (_changes_at(trial, where) for where in spoken)
    if trial.rests_on_part_2:  # that one change of a fact turns it is all that is said
        said = [_redact(context, change) for changes in found for change in islice(changes, 1)]
    else:
        said = [change for changes in found for change in changes]
    return tuple(sorted(dict.fromkeys(said), key=_sort_key))


def _changes_at(trial: Trial, address: str) -> Iterator[FactChange]:
    """The changes at one address that turn the finding."""
    known, fact = trial.known_value(address), split_address(address)[0]
    if trial.fact_kind(fact) not in ORDERED_KINDS:
        yield from _choice_changes(trial, address)
    elif known is None:
        yield from OrderedFactSearch(trial, address).stating_changes()
    else:
        yield from OrderedFactSearch(trial, address).nearest_shifts(known)
    if known is not None:
        yield from trial.turning_changes(address, "take_out", [None])


def _choice_changes(trial: Trial, address: str) -> list[FactChange]:
    """Every choice or flag that turns it, or a text that does; one change for all, where whatever is stated would."""
    known = trial.known_value(address)
    fact = split_address(address)[0]
    others = [value for value in _candidate_values(trial, fact) if value != known]
    turning = list(trial.turning_changes(address, "state" if known is None else "choose", others))
    any_will_do = any_value_change(turning, len(others)) if known is None else None
    # Of texts there is no end; one that would do stands for them.
    return [any_will_do] if any_will_do else turning[:1] if trial.fact_kind(fact) == "text" else turning


def _candidate_values(trial: Trial, fact: str) -> list[FactValue]:
    declared = trial.context.rulebook.facts[fact]
    if declared.kind == "flag":
        return [True, False]
    texts = sorted(value for value in trial.breakpoints.get(fact, ()) if isinstance(value, str))
    return list(declared.choices) if declared.kind == "choice" else [ANY_OTHER_TEXT, *texts]


def _redact(context: CounterfactualContext, change: FactChange) -> FactChange:
    """The change without its values, and without the name of a subject that only Part 2 knows."""
    place = subject_at(change.address)
    name = f"{kind_of_subject(place)}:{IN_PART_2}" if _is_of_exempt_subject(context, change.address) else place
    return FactChange(
        change.address.replace(place, name, 1) if place != CASE else change.address, "choose", is_redacted=True
    )


def _is_of_exempt_subject(context: CounterfactualContext, address: str) -> bool:
    """Whether a fact is told of a subject that only Part 2 knows."""
    place = subject_at(address)
    return place != CASE and context.evidence.is_wholly_exempt(place)


def _sort_key(change: FactChange) -> tuple[int, float, str]:
    if change.is_redacted:  # its place in the order may tell nothing either
        return len(_KIND_ORDER), 0, change.address
    scale = (
        _DAYS_PER_YEAR
        if isinstance(change.old_value, date)
        else max(to_number(change.old_value), 1)
        if change.distance
        else 1
    )
    return _KIND_ORDER.index(change.kind), abs(change.distance) / scale, change.address


def change_as_json(change: FactChange) -> dict[str, Any]:
    """The form that other programs read; values as they would be typed. Of what hangs on Part 2 no value is in it."""
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
    """One line: `estimated_value £181,301.99 excluding VAT (£0.01 below what is stated) → not applicable`."""
    if change.is_redacted:
        return f"{change.address}: another value would turn it (the finding hangs on what is {IN_PART_2})"
    fact = declarations[split_address(change.address)[0]]
    to = (
        ""
        if change.new_value is None
        else "another text"
        if change.new_value == ANY_OTHER_TEXT
        else fact.format_value(change.new_value)
    )
    done = {"state": "stated as" if to else "stated", "take_out": "taken out"}.get(change.kind, "")
    difference = f"({_format_difference(change)})" if change.distance else ""
    words = [change.address, done, to, difference, "→", str(change.outcome).replace("_", " ")]
    return " ".join(filter(None, words))


def _format_typed_value(value: FactValue | None) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else value.isoformat() if isinstance(value, date) else str(value)


def _format_difference(change: FactChange) -> str:
    """How far a shift goes, in words."""
    away, goes_down = abs(change.distance), change.distance < 0
    if not away:
        return ""
    if isinstance(change.new_value, date):
        unit = "day" if away == 1 else "days"
        return f"{away:,} {unit} {'earlier' if goes_down else 'later'} than what is stated"
    way = "below" if goes_down else "above"
    counted = f"£{away // 100:,}.{away % 100:02d}" if isinstance(change.new_value, Money) else f"{away:,}"
    return f"{counted} {way} what is stated"
