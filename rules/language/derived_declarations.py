"""Derived facts as packs declare them: of which kind they are, what they rest on, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from rules.language import derived_amounts, derived_text
from rules.language import derived_facts as functions
from rules.language.conditions import Condition
from rules.language.dated_values import DatedValue
from rules.language.derived_facts import DerivationFunction
from rules.language.pack_schema import ChoiceRules, DerivedDeclaration, PhraseSearch
from rules.reading.yaml_reader import KeyPath
from rules.values.calendar import MAX_PERIOD_YEARS
from rules.values.facts import CASE, FactDeclaration, FactKind, subject_kind_of
from rules.values.units import Unit, describe_unit

FactDeclarations: TypeAlias = Mapping[str, FactDeclaration]
DatedValues: TypeAlias = Mapping[str, DatedValue]
Conditions: TypeAlias = tuple[Condition, ...]

_RESULT_KINDS: dict[str, FactKind] = {
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


def kind_sources(fact: DerivedDeclaration) -> tuple[str, ...]:
    """The facts whose kind a derived fact takes over."""
    return (fact.counterpart.take,) if fact.counterpart else fact.sum[:1]


def derived_declaration(fact: DerivedDeclaration, facts: FactDeclarations, values: DatedValues) -> FactDeclaration:
    """A derived fact as a declared one: of the kind that its function gives, or that it takes over from another."""
    kind: FactKind = _RESULT_KINDS.get(fact.function_names()[0], "flag")
    choices = fact.choices
    unit: Unit | None = "percent" if fact.percent_of else None
    for source in kind_sources(fact):
        if source in facts:
            kind, choices, unit = facts[source].kind, facts[source].choices, facts[source].unit
    for value in fact.look_up:
        if value in values:
            kind, unit = values[value].kind, values[value].unit
    return FactDeclaration(kind=kind, label=fact.label, choices=choices, unit=unit)


def direct_inputs(fact: DerivedDeclaration) -> tuple[str, ...]:
    """The facts that a declaration names outside its conditions."""
    (name,) = fact.function_names()
    return tuple(filter(None, _DIRECT_INPUTS[name](getattr(fact, name)))) if name in _DIRECT_INPUTS else ()


_DIRECT_INPUTS: Mapping[str, Callable[[Any], tuple[str, ...]]] = {
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


def direct_values(fact: DerivedDeclaration) -> tuple[str, ...]:
    """The dated values that a declaration names outside its conditions."""
    if fact.on_basis:
        return (fact.on_basis.value, fact.on_basis.rate)
    if fact.portion:
        return (fact.portion.percent,)
    return fact.end_of_years.years if fact.end_of_years else fact.look_up


def related_kind(fact: DerivedDeclaration) -> str:
    """The kind of subjects that a function looks round among, or nothing."""
    if fact.count:
        return fact.count.of
    if fact.numbering_gap:
        return subject_kind_of(fact.numbering_gap.number)
    if fact.together:
        return subject_kind_of(fact.together.take)
    return subject_kind_of(fact.counterpart.take) if fact.counterpart else ""


def raw_conditions(fact: DerivedDeclaration) -> Iterator[tuple[KeyPath, object]]:
    """The conditions of a declaration as written, each with its place in it."""
    if fact.count and fact.count.where is not None:
        yield ("count", "where"), fact.count.where
    if fact.counterpart:
        yield ("counterpart", "where"), fact.counterpart.where
    if fact.numbering_gap:
        yield ("numbering_gap", "where"), fact.numbering_gap.where
    for place, line in enumerate(fact.choose.lines if fact.choose else ()):
        yield ("choose", "lines", place, "when"), line.when


def build_function(fact: DerivedDeclaration, conditions: Conditions) -> DerivationFunction:
    """The one function of a derived fact; the conditions are those of `conditions_in`, read."""
    (name,) = fact.function_names()
    return _BUILDERS[name](getattr(fact, name), conditions)


def _build_choose(choose: ChoiceRules, conditions: Conditions) -> DerivationFunction:
    chosen = (line.then for line in choose.lines)
    return functions.choose_first(tuple(zip(conditions, chosen, strict=True)), choose.otherwise)


def _build_mentions(mentions: PhraseSearch, _: Conditions) -> DerivationFunction:
    return derived_text.PhraseFinder(mentions.facts, mentions.any_of, mentions.alone)


_BUILDERS: Mapping[str, Callable[[Any, Conditions], DerivationFunction]] = {
    "sum": lambda names, _: functions.sum_of(names),
    "working_days": lambda between, _: functions.working_days(between.first, between.last),
    "is_working_day": lambda day, _: functions.is_working_day(day),
    "day_off": lambda day, _: functions.day_off_reason(day),
    "end_of_years": lambda after, _: functions.end_of_years(after.day, after.years),
    "count": lambda count, conditions: functions.count_subjects(
        count.of, *conditions, own_fact=count.same, paired_fact=count.to
    ),
    "counterpart": lambda other, conditions: functions.counterpart(other.take, other.same, *conditions),
    "look_up": lambda values, _: functions.look_up(values),
    "choose": _build_choose,
    "mentions": _build_mentions,
    "numbering_gap": lambda gap, conditions: derived_text.numbering_gap(gap.number, gap.letter, *conditions),
    "percent_of": lambda share, _: functions.percent_of(share.part, share.whole),
    "together": lambda parts, _: derived_amounts.total_with_subjects(parts.own, parts.take),
    "on_basis": lambda basis, _: derived_amounts.on_vat_basis(basis.amount, basis.value, basis.rate),
    "portion": lambda portion, _: derived_amounts.portion(portion.amount, portion.percent),
}


def find_declaration_faults(
    name: str, fact: DerivedDeclaration, inputs: Iterable[str], facts: FactDeclarations, values: DatedValues
) -> Iterator[tuple[KeyPath, str]]:
    """What is wrong with a declaration, each with its place in it. `inputs` are all the facts that it looks at."""
    for needed in direct_inputs(fact):
        if needed not in facts:
            yield (), f"{needed} is a fact that nobody declares"
    for value in direct_values(fact):
        if value not in values:
            yield (), f"{value} is a value that nobody declares"
    yield from _scope_faults(name, fact, inputs)
    yield from _subject_faults(name, fact)
    yield from _numbering_faults(fact)
    yield from _pair_faults(name, fact, facts)
    yield from _sum_faults(fact, facts)
    yield from _kind_faults(fact, facts)
    yield from _governing_day_faults(fact, facts)
    yield from _choice_faults(fact, facts[name], values)
    yield from _look_up_faults(fact, values)
    yield from _years_faults(fact, values)
    yield from _figure_faults(fact, values)


def _figure_faults(fact: DerivedDeclaration, values: DatedValues) -> Iterator[tuple[KeyPath, str]]:
    """Whether the dated values that an amount is worked out by are of the kinds that it takes."""
    (name,) = fact.function_names()
    kinds = ("money", "count") if fact.on_basis else ("count",) if fact.portion else ()
    for value, kind in zip(direct_values(fact), kinds, strict=False):
        if value in values and values[value].kind != kind:
            yield (name,), f"{value} is of kind {values[value].kind}, not {kind}"
    for value, unit in _share_values(fact):
        if value in values and values[value].unit not in (None, unit):  # packs that are kept from before say none
            yield (name,), f"{value} is {describe_unit(values[value].unit)}, not {describe_unit(unit)}"


def _share_values(fact: DerivedDeclaration) -> Iterator[tuple[str, Unit]]:
    """The dated value that says which share of an amount is meant, and in what."""
    if fact.on_basis:
        yield fact.on_basis.rate, "tenths_of_a_percent"
    if fact.portion:
        yield fact.portion.percent, "percent"


def _scope_faults(name: str, fact: DerivedDeclaration, inputs: Iterable[str]) -> Iterator[tuple[KeyPath, str]]:
    seen = {CASE, related_kind(fact) or subject_kind_of(name)}
    for needed in inputs:
        if fact.count and needed == fact.count.same:
            continue  # the subject's own
        if subject_kind_of(needed) not in seen:
            yield (), f"{needed} is a fact of each {subject_kind_of(needed)}, which {name} cannot look at"


def _subject_faults(name: str, fact: DerivedDeclaration) -> Iterator[tuple[KeyPath, str]]:
    """Whether a function that looks round among subjects stands where it may."""
    own = subject_kind_of(name)
    if fact.together and (own != CASE or related_kind(fact) == CASE):
        yield ("together",), "is of the case, and of an amount of each subject of one kind"
    if fact.counterpart and {own, subject_kind_of(fact.counterpart.same)} != {related_kind(fact)}:
        yield ("counterpart",), f"{name} and what it takes must be facts of one kind of subject"
    if own != CASE and (fact.numbering_gap or (fact.count and not fact.count.same)):
        yield (fact.function_names()[0],), "is a fact of the case, and its name may not begin with a kind of subject"


def _numbering_faults(fact: DerivedDeclaration) -> Iterator[tuple[KeyPath, str]]:
    """Whether what is numbered and what is lettered are one kind of subject."""
    if fact.numbering_gap and not related_kind(fact) == subject_kind_of(fact.numbering_gap.letter) != CASE:
        yield ("numbering_gap",), "must be of the number and the letter of one kind of subject"


def _pair_faults(name: str, fact: DerivedDeclaration, facts: FactDeclarations) -> Iterator[tuple[KeyPath, str]]:
    """Whether each subject can be paired with those that it counts, by facts of one kind."""
    if not fact.count or not fact.count.same:
        return
    same, to = fact.count.same, fact.count.to
    if subject_kind_of(same) != subject_kind_of(name) or subject_kind_of(to) != fact.count.of:
        yield ("count",), f"must pair a fact of what {name} is told of with a fact of each {fact.count.of}"
    if same in facts and to in facts and facts[same].kind != facts[to].kind:
        yield ("count",), f"{same} is of kind {facts[same].kind}, and {to} of kind {facts[to].kind}"


def _sum_faults(fact: DerivedDeclaration, facts: FactDeclarations) -> Iterator[tuple[KeyPath, str]]:
    kinds = {facts[needed].kind for needed in fact.sum if needed in facts}
    if len(kinds) > 1 or not kinds <= {"money", "count"}:
        yield ("sum",), "must be of facts that are all of kind money, or all of kind count"


_INPUT_KINDS: Mapping[str, FactKind] = {
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


def _kind_faults(fact: DerivedDeclaration, facts: FactDeclarations) -> Iterator[tuple[KeyPath, str]]:
    """Whether a function that is of facts of certain kinds is given such."""
    (name,) = fact.function_names()
    wanted = dict.fromkeys(direct_inputs(fact), _INPUT_KINDS[name]) if name in _INPUT_KINDS else {}
    if fact.numbering_gap:
        wanted = {fact.numbering_gap.number: "count", fact.numbering_gap.letter: "text"}
    for needed, kind in wanted.items():
        if needed in facts and facts[needed].kind != kind:
            yield (name,), f"{needed} is of kind {facts[needed].kind}, not {kind}"


def _governing_day_faults(fact: DerivedDeclaration, facts: FactDeclarations) -> Iterator[tuple[KeyPath, str]]:
    if direct_values(fact) and not is_day_fact(fact.governed_by, facts):
        yield ("governed_by",), f"{fact.governed_by} is not a declared fact of kind day"


def is_day_fact(name: str, facts: FactDeclarations) -> bool:
    """Whether a fact is declared, of kind day, so that the law can be that of the day."""
    return name in facts and facts[name].kind == "day"


def _choice_faults(
    fact: DerivedDeclaration, declaration: FactDeclaration, values: DatedValues
) -> Iterator[tuple[KeyPath, str]]:
    if not declaration.has_valid_choices:
        yield ("choices",), "belong to facts of kind choice, and to each of them"
        return
    for choice in dict.fromkeys(_possible_choices(fact, declaration, values)):
        if choice not in declaration.choices:
            yield ("choices",), f"{choice} can be the outcome, but is not one of them"


def _possible_choices(fact: DerivedDeclaration, declaration: FactDeclaration, values: DatedValues) -> list[str]:
    """The choices that a derived fact of kind choice can come to by its own function."""
    if fact.choose:
        return [*(line.then for line in fact.choose.lines), fact.choose.otherwise]
    if declaration.kind != "choice":
        return []
    return [str(row.figure) for value in fact.look_up if value in values for row in values[value].history]


def _look_up_faults(fact: DerivedDeclaration, values: DatedValues) -> Iterator[tuple[KeyPath, str]]:
    """Whether several values of which the first that is set counts are all of one kind, and in one unit."""
    if len({(values[value].kind, values[value].unit) for value in fact.look_up if value in values}) > 1:
        yield ("look_up",), "must be of values that are all of one kind and unit"


def _years_faults(fact: DerivedDeclaration, values: DatedValues) -> Iterator[tuple[KeyPath, str]]:
    several = fact.end_of_years.years if fact.end_of_years else ()
    for row in (row for value in several if value in values for row in values[value].history):
        if type(row.figure) is not int or not 1 <= row.figure <= MAX_PERIOD_YEARS:
            yield ("end_of_years", "years"), f"{row.figure} is not a number of years from 1 to {MAX_PERIOD_YEARS}"
