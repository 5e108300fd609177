"""Derived facts as packs declare them: of which kind they are, what they rest on, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from rules.language import derived_amounts, derived_text
from rules.language import derived_facts as functions
from rules.language.conditions import Condition
from rules.language.dated_values import Value
from rules.language.derived_facts import Function
from rules.language.pack_schema import Choose, Derived, Mentions
from rules.reading.yaml_reader import Path
from rules.values.calendar import MAX_PERIOD
from rules.values.facts import CASE, FactDeclaration, Kind, subject_of
from rules.values.units import Unit, in_words

Declared: TypeAlias = Mapping[str, FactDeclaration]
Values: TypeAlias = Mapping[str, Value]
Conditions: TypeAlias = tuple[Condition, ...]

_KINDS: dict[str, Kind] = {
    "working_days": "count",
    "count": "count",
    "is_working_day": "flag",
    "end_of_years": "day",
    "day_off": "text",
    "choose": "choice",
    "sum": "count",
    "mentions": "text",
    "numbering_gap": "text",
    "percent_of": "count",
    "together": "money",
    "on_basis": "money",
    "portion": "money",
}


def rests_its_kind_on(fact: Derived) -> tuple[str, ...]:
    """The facts whose kind a derived fact takes over."""
    return (fact.counterpart.take,) if fact.counterpart else fact.sum[:1]


def declaration(fact: Derived, facts: Declared, values: Values) -> FactDeclaration:
    """A derived fact as a declared one: of the kind that its function gives, or that it takes over from another."""
    kind: Kind = _KINDS.get(fact.functions()[0], "flag")
    choices = fact.choices
    unit: Unit | None = "percent" if fact.percent_of else None
    for source in rests_its_kind_on(fact):
        if source in facts:
            kind, choices, unit = facts[source].kind, facts[source].choices, facts[source].unit
    for value in fact.look_up:
        if value in values:
            kind, unit = values[value].kind, values[value].unit
    return FactDeclaration(kind=kind, label=fact.label, choices=choices, unit=unit)


def plain_inputs(fact: Derived) -> tuple[str, ...]:
    """The facts that a declaration names outside its conditions."""
    (name,) = fact.functions()
    return tuple(filter(None, _NAMED[name](getattr(fact, name)))) if name in _NAMED else ()


_NAMED: Mapping[str, Callable[[Any], tuple[str, ...]]] = {
    "sum": lambda names: names,
    "working_days": lambda between: (between.first, between.last),
    "is_working_day": lambda day: (day,),
    "day_off": lambda day: (day,),
    "end_of_years": lambda after: (after.day,),
    "counterpart": lambda other: (other.take, other.same),
    "count": lambda count: (count.same, count.to),
    "mentions": lambda mentions: mentions.facts,
    "numbering_gap": lambda gap: (gap.number, gap.letter),
    "percent_of": lambda share: (share.part, share.whole),
    "together": lambda parts: (parts.own, parts.take),
    "on_basis": lambda basis: (basis.amount,),
    "portion": lambda portion: (portion.amount,),
}


def looked_up(fact: Derived) -> tuple[str, ...]:
    """The dated values that a declaration names outside its conditions."""
    if fact.on_basis:
        return (fact.on_basis.value, fact.on_basis.rate)
    if fact.portion:
        return (fact.portion.percent,)
    return fact.end_of_years.years if fact.end_of_years else fact.look_up


def among(fact: Derived) -> str:
    """The kind of subjects that a function looks round among, or nothing."""
    if fact.count:
        return fact.count.of
    if fact.numbering_gap:
        return subject_of(fact.numbering_gap.number)
    if fact.together:
        return subject_of(fact.together.take)
    return subject_of(fact.counterpart.take) if fact.counterpart else ""


def conditions_in(fact: Derived) -> Iterator[tuple[Path, object]]:
    """The conditions of a declaration as written, each with its place in it."""
    if fact.count and fact.count.where is not None:
        yield ("count", "where"), fact.count.where
    if fact.counterpart:
        yield ("counterpart", "where"), fact.counterpart.where
    if fact.numbering_gap:
        yield ("numbering_gap", "where"), fact.numbering_gap.where
    for place, line in enumerate(fact.choose.lines if fact.choose else ()):
        yield ("choose", "lines", place, "when"), line.when


def function(fact: Derived, conditions: Conditions) -> Function:
    """The one function of a derived fact; the conditions are those of `conditions_in`, read."""
    (name,) = fact.functions()
    return _FUNCTIONS[name](getattr(fact, name), conditions)


def _choose(choose: Choose, conditions: Conditions) -> Function:
    chosen = (line.then for line in choose.lines)
    return functions.choose(tuple(zip(conditions, chosen, strict=True)), choose.otherwise)


def _mentions(mentions: Mentions, _: Conditions) -> Function:
    return derived_text.Mentioned(mentions.facts, mentions.any_of, mentions.alone)


_FUNCTIONS: Mapping[str, Callable[[Any, Conditions], Function]] = {
    "sum": lambda names, _: functions.sum_of(names),
    "working_days": lambda between, _: functions.working_days(between.first, between.last),
    "is_working_day": lambda day, _: functions.is_working_day(day),
    "day_off": lambda day, _: functions.day_off(day),
    "end_of_years": lambda after, _: functions.end_of_years(after.day, after.years),
    "count": lambda count, conditions: functions.count(count.of, *conditions, same=count.same, to=count.to),
    "counterpart": lambda other, conditions: functions.counterpart(other.take, other.same, *conditions),
    "look_up": lambda values, _: functions.look_up(values),
    "choose": _choose,
    "mentions": _mentions,
    "numbering_gap": lambda gap, conditions: derived_text.numbering_gap(gap.number, gap.letter, *conditions),
    "percent_of": lambda share, _: functions.percent_of(share.part, share.whole),
    "together": lambda parts, _: derived_amounts.with_those_of(parts.own, parts.take),
    "on_basis": lambda basis, _: derived_amounts.on_basis_of(basis.amount, basis.value, basis.rate),
    "portion": lambda portion, _: derived_amounts.portion(portion.amount, portion.percent),
}


def faults(
    name: str, fact: Derived, inputs: Iterable[str], facts: Declared, values: Values
) -> Iterator[tuple[Path, str]]:
    """What is wrong with a declaration, each with its place in it. `inputs` are all the facts that it looks at."""
    for needed in plain_inputs(fact):
        if needed not in facts:
            yield (), f"{needed} is a fact that nobody declares"
    for value in looked_up(fact):
        if value not in values:
            yield (), f"{value} is a value that nobody declares"
    yield from _scope_faults(name, fact, inputs)
    yield from _place_faults(name, fact)
    yield from _numbering_faults(fact)
    yield from _pair_faults(name, fact, facts)
    yield from _sum_faults(fact, facts)
    yield from _kind_faults(fact, facts)
    yield from _governing_faults(fact, facts)
    yield from _choice_faults(fact, facts[name], values)
    yield from _look_up_faults(fact, values)
    yield from _years_faults(fact, values)
    yield from _figure_faults(fact, values)


def _figure_faults(fact: Derived, values: Values) -> Iterator[tuple[Path, str]]:
    """Whether the dated values that an amount is worked out by are of the kinds that it takes."""
    (name,) = fact.functions()
    kinds = ("money", "count") if fact.on_basis else ("count",) if fact.portion else ()
    for value, kind in zip(looked_up(fact), kinds, strict=False):
        if value in values and values[value].kind != kind:
            yield (name,), f"{value} is of kind {values[value].kind}, not {kind}"
    for value, unit in _shares(fact):
        if value in values and values[value].unit not in (None, unit):  # packs that are kept from before say none
            yield (name,), f"{value} is {in_words(values[value].unit)}, not {in_words(unit)}"


def _shares(fact: Derived) -> Iterator[tuple[str, Unit]]:
    """The dated value that says which share of an amount is meant, and in what."""
    if fact.on_basis:
        yield fact.on_basis.rate, "tenths_of_a_percent"
    if fact.portion:
        yield fact.portion.percent, "percent"


def _scope_faults(name: str, fact: Derived, inputs: Iterable[str]) -> Iterator[tuple[Path, str]]:
    seen = {CASE, among(fact) or subject_of(name)}
    for needed in inputs:
        if fact.count and needed == fact.count.same:
            continue  # the subject's own
        if subject_of(needed) not in seen:
            yield (), f"{needed} is a fact of each {subject_of(needed)}, which {name} cannot look at"


def _place_faults(name: str, fact: Derived) -> Iterator[tuple[Path, str]]:
    """Whether a function that looks round among subjects stands where it may."""
    own = subject_of(name)
    if fact.together and (own != CASE or among(fact) == CASE):
        yield ("together",), "is of the case, and of an amount of each subject of one kind"
    if fact.counterpart and {own, subject_of(fact.counterpart.same)} != {among(fact)}:
        yield ("counterpart",), f"{name} and what it takes must be facts of one kind of subject"
    if own != CASE and (fact.numbering_gap or (fact.count and not fact.count.same)):
        yield (fact.functions()[0],), "is a fact of the case, and its name may not begin with a kind of subject"


def _numbering_faults(fact: Derived) -> Iterator[tuple[Path, str]]:
    """Whether what is numbered and what is lettered are one kind of subject."""
    if fact.numbering_gap and not among(fact) == subject_of(fact.numbering_gap.letter) != CASE:
        yield ("numbering_gap",), "must be of the number and the letter of one kind of subject"


def _pair_faults(name: str, fact: Derived, facts: Declared) -> Iterator[tuple[Path, str]]:
    """Whether each subject can be paired with those that it counts, by facts of one kind."""
    if not fact.count or not fact.count.same:
        return
    same, to = fact.count.same, fact.count.to
    if subject_of(same) != subject_of(name) or subject_of(to) != fact.count.of:
        yield ("count",), f"must pair a fact of what {name} is told of with a fact of each {fact.count.of}"
    if same in facts and to in facts and facts[same].kind != facts[to].kind:
        yield ("count",), f"{same} is of kind {facts[same].kind}, and {to} of kind {facts[to].kind}"


def _sum_faults(fact: Derived, facts: Declared) -> Iterator[tuple[Path, str]]:
    kinds = {facts[needed].kind for needed in fact.sum if needed in facts}
    if len(kinds) > 1 or not kinds <= {"money", "count"}:
        yield ("sum",), "must be of facts that are all of kind money, or all of kind count"


_OF_ONE_KIND: Mapping[str, Kind] = {
    "working_days": "day",
    "end_of_years": "day",
    "is_working_day": "day",
    "day_off": "day",
    "mentions": "text",
    "percent_of": "count",
    "together": "money",
    "on_basis": "money",
    "portion": "money",
}


def _kind_faults(fact: Derived, facts: Declared) -> Iterator[tuple[Path, str]]:
    """Whether a function that is of facts of certain kinds is given such."""
    (name,) = fact.functions()
    wanted = dict.fromkeys(plain_inputs(fact), _OF_ONE_KIND[name]) if name in _OF_ONE_KIND else {}
    if fact.numbering_gap:
        wanted = {fact.numbering_gap.number: "count", fact.numbering_gap.letter: "text"}
    for needed, kind in wanted.items():
        if needed in facts and facts[needed].kind != kind:
            yield (name,), f"{needed} is of kind {facts[needed].kind}, not {kind}"


def _governing_faults(fact: Derived, facts: Declared) -> Iterator[tuple[Path, str]]:
    if looked_up(fact) and not is_day(fact.governed_by, facts):
        yield ("governed_by",), f"{fact.governed_by} is not a declared fact of kind day"


def is_day(name: str, facts: Declared) -> bool:
    """Whether a fact is declared, of kind day, so that the law can be that of the day."""
    return name in facts and facts[name].kind == "day"


def _choice_faults(fact: Derived, declared: FactDeclaration, values: Values) -> Iterator[tuple[Path, str]]:
    if not declared.has_fitting_choices:
        yield ("choices",), "belong to facts of kind choice, and to each of them"
        return
    for choice in dict.fromkeys(_choices_made(fact, declared, values)):
        if choice not in declared.choices:
            yield ("choices",), f"{choice} can be the outcome, but is not one of them"


def _choices_made(fact: Derived, declared: FactDeclaration, values: Values) -> list[str]:
    """The choices that a derived fact of kind choice can come to by its own function."""
    if fact.choose:
        return [*(line.then for line in fact.choose.lines), fact.choose.otherwise]
    if declared.kind != "choice":
        return []
    return [str(row.figure) for value in fact.look_up if value in values for row in values[value].history]


def _look_up_faults(fact: Derived, values: Values) -> Iterator[tuple[Path, str]]:
    """Whether several values of which the first that is set counts are all of one kind, and in one unit."""
    if len({(values[value].kind, values[value].unit) for value in fact.look_up if value in values}) > 1:
        yield ("look_up",), "must be of values that are all of one kind and unit"


def _years_faults(fact: Derived, values: Values) -> Iterator[tuple[Path, str]]:
    several = fact.end_of_years.years if fact.end_of_years else ()
    for row in (row for value in several if value in values for row in values[value].history):
        if type(row.figure) is not int or not 1 <= row.figure <= MAX_PERIOD:
            yield ("end_of_years", "years"), f"{row.figure} is not a number of years from 1 to {MAX_PERIOD}"
