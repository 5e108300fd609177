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

from rules.counterfactual.ordered_facts import ORDERED, Scale, any_value
from rules.counterfactual.trial import Change, How, Situation, Trial, number, place_of
from rules.values.evidence import IN_PART_2
from rules.values.facts import CASE, FactDeclaration, FactValue, kind_of, split_address
from rules.values.money import Money

SOME_TEXT = "…"
"""What stands for a text that is none of those known."""
_ORDER: tuple[How, ...] = ("state", "shift", "choose", "restate", "take_out")
_YEAR = 365


def nearest(situation: Situation, control: str, subject: str) -> tuple[Change, ...]:
    """Every smallest change of one fact that turns the finding of a control on a subject, the nearest first.

    A fact of another subject that only Part 2 knows is not named: whether one change turns the finding would tell how
    many such subjects there are.
    """
    trial = Trial(situation, situation.rulebook.controls[control], subject)
    spoken = (where for where in trial.addresses() if place_of(where) == subject or not _is_unnamed(situation, where))
    found = (_of(trial, where) for where in spoken)
    if trial.rests_on_part_2:  # that one change of a fact turns it is all that is said
        said = [_veiled(situation, change) for changes in found for change in islice(changes, 1)]
    else:
        said = [change for changes in found for change in changes]
    return tuple(sorted(dict.fromkeys(said), key=_rank))


def _of(trial: Trial, where: str) -> Iterator[Change]:
    """The changes at one address that turn the finding."""
    known, fact = trial.known(where), split_address(where)[0]
    if trial.kind(fact) not in ORDERED:
        yield from _chosen(trial, where)
    elif known is None:
        yield from Scale(trial, where).stated()
    else:
        yield from Scale(trial, where).shifted(known)
    if known is not None:
        yield from trial.turning(where, "take_out", [None])


def _chosen(trial: Trial, where: str) -> list[Change]:
    """Every choice or flag that turns it, or a text that does; one change for all, where whatever is stated would."""
    known = trial.known(where)
    fact = split_address(where)[0]
    others = [value for value in _choices(trial, fact) if value != known]
    turning = list(trial.turning(where, "state" if known is None else "choose", others))
    any_will_do = any_value(turning, len(others)) if known is None else None
    # Of texts there is no end; one that would do stands for them.
    return [any_will_do] if any_will_do else turning[:1] if trial.kind(fact) == "text" else turning


def _choices(trial: Trial, fact: str) -> list[FactValue]:
    declared = trial.situation.rulebook.facts[fact]
    if declared.kind == "flag":
        return [True, False]
    texts = sorted(value for value in trial.cuts.get(fact, ()) if isinstance(value, str))
    return list(declared.choices) if declared.kind == "choice" else [SOME_TEXT, *texts]


def _veiled(situation: Situation, change: Change) -> Change:
    """The change without its values, and without the name of a subject that only Part 2 knows."""
    place = place_of(change.where)
    name = f"{kind_of(place)}:{IN_PART_2}" if _is_unnamed(situation, change.where) else place
    return Change(change.where.replace(place, name, 1) if place != CASE else change.where, "choose", is_secret=True)


def _is_unnamed(situation: Situation, where: str) -> bool:
    """Whether a fact is told of a subject that only Part 2 knows."""
    place = place_of(where)
    return place != CASE and situation.evidence.is_wholly_exempt(place)


def _rank(change: Change) -> tuple[int, float, str]:
    if change.is_secret:  # its place in the order may tell nothing either
        return len(_ORDER), 0, change.where
    scale = _YEAR if isinstance(change.before, date) else max(number(change.before), 1) if change.distance else 1
    return _ORDER.index(change.how), abs(change.distance) / scale, change.where


def as_json(change: Change) -> dict[str, Any]:
    """The form that other programs read; values as they would be typed. Of what hangs on Part 2 no value is in it."""
    return {
        "fact": change.where,
        "how": None if change.is_secret else change.how,
        "from": _typed(change.before),
        "to": _typed(change.to),
        "difference": _difference(change),
        "outcome": change.outcome,
        "part_2": change.is_secret,
    }


def in_words(change: Change, declared: Mapping[str, FactDeclaration]) -> str:
    """One line: `estimated_value £181,301.99 excluding VAT (£0.01 below what is stated) → not applicable`."""
    if change.is_secret:
        return f"{change.where}: another value would turn it (the finding hangs on what is {IN_PART_2})"
    fact = declared[split_address(change.where)[0]]
    to = "" if change.to is None else "another text" if change.to == SOME_TEXT else fact.say(change.to)
    done = {"state": "stated as" if to else "stated", "take_out": "taken out"}.get(change.how, "")
    difference = f"({_difference(change)})" if change.distance else ""
    words = [change.where, done, to, difference, "→", str(change.outcome).replace("_", " ")]
    return " ".join(filter(None, words))


def _typed(value: FactValue | None) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None else value.isoformat() if isinstance(value, date) else str(value)


def _difference(change: Change) -> str:
    """How far a shift goes, in words."""
    away, goes_down = abs(change.distance), change.distance < 0
    if not away:
        return ""
    if isinstance(change.to, date):
        unit = "day" if away == 1 else "days"
        return f"{away:,} {unit} {'earlier' if goes_down else 'later'} than what is stated"
    way = "below" if goes_down else "above"
    counted = f"£{away // 100:,}.{away % 100:02d}" if isinstance(change.to, Money) else f"{away:,}"
    return f"{counted} {way} what is stated"
