"""The functions of derived facts as packs declare them, one row each.

A row says what a function takes, gives and rests on, how it is built, and what can be wrong with its arguments. Every
fact and dated value that a function rests on is named by its row or its conditions: dependency order, exemption and
counterfactuals all trust that. To add a function, add its key to `rules.language.derivation_schema`, its row here,
and the function itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from rules.language import (
    derived_amounts,
    derived_days,
    derived_figures,
    derived_odd_days,
    derived_slips,
    derived_text,
    derived_text_days,
    derived_wording,
)
from rules.language import derived_facts as functions
from rules.language.conditions import Condition
from rules.language.dated_values import DatedValue
from rules.language.day_schema import DAY_COUNT_NAMES, WORKING_DAY_COUNTS, DayAway, DayCount, DaysBetween
from rules.language.derivation_context import DerivationContext, DerivationFunction
from rules.language.derivation_schema import (
    ChoiceRules,
    Counterpart,
    EndOfYears,
    NumberingGap,
    ShareOf,
    SubjectCount,
    SubjectTotal,
)
from rules.language.derived_choices import ChoiceByLines
from rules.language.text_schema import (
    AmountBefore,
    OpeningVerb,
    PhraseSearch,
    SummarisedAmounts,
    TextArguments,
    TextSearch,
)
from rules.reading.yaml_reader import KeyPath, LocatedFault
from rules.values.calendar import MAX_PERIOD_DAYS, MAX_PERIOD_YEARS
from rules.values.fact_table import FactTable
from rules.values.facts import CASE, FactKind, Facts
from rules.values.units import Unit

DatedValues: TypeAlias = Mapping[str, DatedValue]
Conditions: TypeAlias = tuple[Condition, ...]
Names: TypeAlias = tuple[str, ...]
LocatedConditions: TypeAlias = tuple[tuple[KeyPath, object], ...]
"""Conditions as written, each with its path below the function's key."""
Faults: TypeAlias = Iterator[LocatedFault]


def _nothing(*_: Any) -> tuple[()]:  # noqa: ANN401 - the arguments of any function
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionSpec:
    """One function of derived facts.

    Each callable takes the arguments as declared, which stand under the function's key in the pack. `kind_sources` are
    facts whose kind the result takes over; `input_kind` is the kind that every input must have; `value_types` are the
    kind and unit of each dated value; `related_kind` is the kind of subjects that the function looks at beside its own;
    `outcomes` are the choices that the result can have. A function is `monotone` if its result never turns back while
    one input grows, so that the results at both ends of bounds are the bounds of the result. It `grows` if one more
    subject can only raise its result. It `is_evidence` if it quotes what is stated, which stands whatever
    else there is.
    """

    build: Callable[[Any, Conditions], DerivationFunction]
    result_kind: FactKind = "flag"
    result_unit: Unit | None = None
    kind_sources: Callable[[Any], Names] = _nothing
    inputs: Callable[[Any], Names] = _nothing
    input_kind: FactKind | None = None
    values: Callable[[Any], Names] = _nothing
    value_types: tuple[tuple[FactKind, Unit | None], ...] = ()
    related_kind: Callable[[Any, FactTable], str] = lambda *_: ""
    conditions: Callable[[Any], LocatedConditions] = _nothing
    outcomes: Callable[[Any, DatedValues], Names] = _nothing
    find_faults: Callable[[str, Any, FactTable, DatedValues], Iterable[LocatedFault]] = _nothing
    monotone: bool = False
    is_evidence: bool = False
    grows: Callable[[Any, FactTable], bool] = lambda *_: False


def kind_faults(path: KeyPath, name: str, kind: FactKind | None, declared: FactTable | DatedValues) -> Faults:
    """Yield a fault at a path if a declared fact or value is of another kind."""
    if name in declared and declared[name].kind != kind:
        yield path, f"{name} is of kind {declared[name].kind}, not {kind}"


def _sum_faults(_: str, names: Names, facts: FactTable, __: DatedValues) -> Faults:
    kinds = {facts[name].kind for name in names if name in facts}
    if len(kinds) > 1 or not kinds <= {"money", "count"}:
        yield (), "must name facts that are all of kind money, or all of kind count"


def _years_faults(_: str, period: EndOfYears, __: FactTable, values: DatedValues) -> Faults:
    for row in (row for value in period.years if value in values for row in values[value].history):
        if type(row.figure) is not int or not 1 <= row.figure <= MAX_PERIOD_YEARS:
            yield ("years",), f"{row.figure} is not a number of years from 1 to {MAX_PERIOD_YEARS}"


def _elsewhere_faults(counting: DayCount, counted: DaysBetween | DayAway) -> Faults:
    if counted.elsewhere and counting not in WORKING_DAY_COUNTS:
        yield ("elsewhere",), f"counts only for {' and '.join(WORKING_DAY_COUNTS)}"


def _day_away_faults(_: str, away: DayAway, facts: FactTable, values: DatedValues) -> Faults:
    number = away.number
    yield from _elsewhere_faults(away.counting, away)
    yield from kind_faults(("day",), away.day, "day", facts)
    yield from kind_faults((away.counting, "fact"), number.fact, "count", facts)
    for row in values[number.value].history if number.value in values else ():
        if type(row.figure) is not int or not 0 <= row.figure <= MAX_PERIOD_DAYS:
            yield (away.counting, "value"), f"{row.figure} is not a number of days from 0 to {MAX_PERIOD_DAYS}"


def _count_faults(name: str, count: SubjectCount, facts: FactTable, _: DatedValues) -> Faults:
    if not count.same:
        yield from _case_only_faults(name, facts)
        return
    same, counted = count.same, count.to
    kind_of = facts.subject_kind_of
    if kind_of(same) != kind_of(name) or kind_of(counted) != count.of:
        yield (), f"same must be a fact of the subject of {name}, and as a fact of each {count.of}"
    if same in facts and counted in facts and facts[same].kind != facts[counted].kind:
        yield (), f"{same} is of kind {facts[same].kind}, and {counted} of kind {facts[counted].kind}"


def _case_only_faults(name: str, facts: FactTable) -> Faults:
    if facts.subject_kind_of(name) != CASE:
        yield (), "gives a fact of the case, whose name must not begin with a kind of subject"


def _counterpart_faults(name: str, other: Counterpart, facts: FactTable, _: DatedValues) -> Faults:
    if len({*map(facts.subject_kind_of, (name, other.same, other.take))}) > 1:
        yield (), f"{name}, take and same must be facts of one kind of subject"


def _look_up_faults(_: str, names: Names, __: FactTable, values: DatedValues) -> Faults:
    if len({(values[name].kind, values[name].unit) for name in names if name in values}) > 1:
        yield (), "must name values of one kind and unit"


def _numbering_faults(name: str, gap: NumberingGap, facts: FactTable, _: DatedValues) -> Faults:
    yield from _case_only_faults(name, facts)
    if not facts.subject_kind_of(gap.number) == facts.subject_kind_of(gap.letter) != CASE:
        yield (), "number and letter must be facts of one kind of subject"
    yield from kind_faults((), gap.number, "count", facts)
    yield from kind_faults((), gap.letter, "text", facts)


def _share_faults(_: str, share: ShareOf, __: FactTable, values: DatedValues) -> Faults:
    for row in values[share.divided_by].history if share.divided_by in values else ():
        if type(row.figure) is int and row.figure < 1:
            yield ("divided_by",), f"{row.figure} is not a number of parts: it must be 1 or more"


def _together_faults(name: str, total: SubjectTotal, facts: FactTable, _: DatedValues) -> Faults:
    if facts.subject_kind_of(name) != CASE or facts.subject_kind_of(total.take) == CASE:
        yield (), "must be a fact of the case, with an amount of each subject of one kind"


def _build_choose(choose: ChoiceRules, conditions: Conditions) -> DerivationFunction:
    chosen = (line.then for line in choose.lines)
    return ChoiceByLines(tuple(zip(conditions, chosen, strict=True)), choose.otherwise)


def _build_mentions(search: PhraseSearch, _: Conditions) -> DerivationFunction:
    return derived_text.PhraseFinder(
        search.facts,
        search.any_of,
        search.alone,
        search.each,
        search.unless,
        search.beside,
        search.unless_amount,
        search.unless_stated,
        search.named_texts,
    )


def _subject_texts_kind(arguments: TextArguments, facts: FactTable) -> str:
    """Return the kind of the subjects whose texts a function looks at beside its own facts."""
    return next((facts.subject_kind_of(name) for name in arguments.subject_texts), "")


def _text_faults(_: str, arguments: TextArguments, facts: FactTable, __: DatedValues) -> Faults:
    kinds = {facts.subject_kind_of(name) for name in arguments.subject_texts if name in facts}
    if len(kinds) > 1 or CASE in kinds:
        yield ("each",), "must name facts of one kind of thing, such as recommendation.text"


def _finder(
    find: Callable[[DerivationContext, Facts, Names, Names], str],
) -> Callable[[TextSearch, Conditions], DerivationFunction]:
    """Return how to build a function that finds a place in texts, or an empty text."""
    return lambda search, _: lambda context, facts: find(context, facts, search.facts, search.each) or None


def _text_spec(build: Callable[[Any, Conditions], DerivationFunction], **more: Any) -> FunctionSpec:  # noqa: ANN401
    """Return the row of a function that quotes a place in texts."""
    return FunctionSpec(
        **{
            "build": build,
            "result_kind": "text",
            "inputs": lambda arguments: arguments.all_texts,
            "input_kind": "text",
            "related_kind": _subject_texts_kind,
            "find_faults": _text_faults,
            "is_evidence": True,
            **more,
        }
    )


def _before_faults(name: str, before: AmountBefore, facts: FactTable, values: DatedValues) -> Faults:
    if before.like:  # the words of a fact that has some were taken over
        yield ("like",), f"{before.like} is no derived fact of this file with mentions"
    else:
        yield from _text_faults(name, before, facts, values)


def _opening_verb_faults(name: str, opening: OpeningVerb, facts: FactTable, _: DatedValues) -> Faults:
    names = (name, opening.text, opening.stated, opening.number, opening.letter)
    if len({*map(facts.subject_kind_of, names)}) > 1:
        yield (), f"{name} and the facts that it names must be facts of one kind of subject"
    yield from kind_faults((), opening.text, "text", facts)
    yield from kind_faults((), opening.stated, "choice", facts)


def _where(arguments: SubjectCount | Counterpart | NumberingGap | SummarisedAmounts) -> LocatedConditions:
    return ((("where",), arguments.where),)


def _days_between_spec(counting: DayCount) -> FunctionSpec:
    return FunctionSpec(
        build=lambda period, _: derived_days.days_between(counting, period),
        result_kind="count",
        inputs=lambda period: (period.first, period.last),
        input_kind="day",
        find_faults=lambda _, period, *__: _elsewhere_faults(counting, period),
        monotone=True,
    )


def _day_away_spec(*, direction: Literal[1, -1]) -> FunctionSpec:
    return FunctionSpec(
        build=lambda away, _: derived_days.day_away(away, direction=direction),
        result_kind="day",
        inputs=lambda away: tuple(filter(None, (away.day, away.number.fact))),
        values=lambda away: tuple(filter(None, (away.number.value,))),
        value_types=(("count", None),),
        find_faults=_day_away_faults,
        monotone=True,
    )


FUNCTION_SPECS: Mapping[str, FunctionSpec] = {
    "sum": FunctionSpec(
        build=lambda names, _: functions.sum_of(names),
        result_kind="count",
        kind_sources=lambda names: names[:1],
        inputs=lambda names: names,
        find_faults=_sum_faults,
        monotone=True,
    ),
    **{name: _days_between_spec(name) for name in DAY_COUNT_NAMES},
    "day_after": _day_away_spec(direction=1),
    "day_before": _day_away_spec(direction=-1),
    "is_working_day": FunctionSpec(
        build=lambda day, _: derived_days.is_working_day(day),
        inputs=lambda day: (day,),
        input_kind="day",
    ),
    "day_off": FunctionSpec(
        build=lambda day, _: derived_days.day_off_reason(day),
        result_kind="text",
        inputs=lambda day: (day,),
        input_kind="day",
    ),
    "end_of_years": FunctionSpec(
        build=lambda period, _: derived_days.end_of_years(period.day, period.years),
        result_kind="day",
        inputs=lambda period: (period.day,),
        input_kind="day",
        values=lambda period: period.years,
        find_faults=_years_faults,
        monotone=True,
    ),
    "count": FunctionSpec(
        build=lambda count, conditions: functions.count_subjects(
            *conditions, own_fact=count.same, paired_fact=count.to
        ),
        result_kind="count",
        inputs=lambda count: (count.same, count.to),
        related_kind=lambda count, _: count.of,
        conditions=lambda count: () if count.where is None else _where(count),
        find_faults=_count_faults,
        grows=lambda *_: True,
    ),
    "counterpart": FunctionSpec(
        build=lambda other, conditions: functions.counterpart(other.take, other.same, *conditions),
        kind_sources=lambda other: (other.take,),
        inputs=lambda other: (other.take, other.same),
        related_kind=lambda other, facts: facts.subject_kind_of(other.take),
        conditions=_where,
        find_faults=_counterpart_faults,
    ),
    "look_up": FunctionSpec(
        build=lambda names, _: functions.look_up(names),
        values=lambda names: names,
        outcomes=lambda names, values: tuple(
            str(row.figure) for name in names if name in values for row in values[name].history
        ),
        find_faults=_look_up_faults,
        monotone=True,
    ),
    "choose": FunctionSpec(
        build=_build_choose,
        result_kind="choice",
        conditions=lambda choose: tuple(
            (("lines", index, "when"), line.when) for index, line in enumerate(choose.lines)
        ),
        outcomes=lambda choose, _: (*(line.then for line in choose.lines), choose.otherwise),
    ),
    "mentions": _text_spec(_build_mentions),
    "numbering_gap": FunctionSpec(
        build=lambda gap, conditions: derived_text.numbering_gap(gap.number, gap.letter, *conditions),
        result_kind="text",
        inputs=lambda gap: (gap.number, gap.letter),
        related_kind=lambda gap, facts: facts.subject_kind_of(gap.number),
        conditions=_where,
        find_faults=_numbering_faults,
    ),
    "percent_of": FunctionSpec(
        build=lambda share, _: functions.percent_of(share.part, share.whole),
        result_kind="count",
        result_unit="percent",
        inputs=lambda share: (share.part, share.whole),
        input_kind="count",
        monotone=True,
    ),
    "share_of": FunctionSpec(
        build=lambda share, _: functions.share_of(share.whole, share.parts, share.divided_by),
        result_kind="count",
        inputs=lambda share: (share.whole,),
        input_kind="count",
        values=lambda share: (share.parts, share.divided_by),
        value_types=(("count", None), ("count", None)),
        find_faults=_share_faults,
        monotone=True,
    ),
    "together": FunctionSpec(
        build=lambda total, _: derived_amounts.total_with_subjects(total.own, total.take),
        result_kind="money",
        inputs=lambda total: (total.own, total.take),
        input_kind="money",
        related_kind=lambda total, facts: facts.subject_kind_of(total.take),
        find_faults=_together_faults,
        grows=lambda total, facts: total.take in facts and not facts[total.take].negative,
        monotone=True,
    ),
    "on_basis": FunctionSpec(
        build=lambda basis, _: derived_amounts.on_vat_basis(basis.amount, basis.value, basis.rate),
        result_kind="money",
        inputs=lambda basis: (basis.amount,),
        input_kind="money",
        values=lambda basis: (basis.value, basis.rate),
        value_types=(("money", None), ("count", "tenths_of_a_percent")),
        monotone=True,
    ),
    "portion": FunctionSpec(
        build=lambda portion, _: derived_amounts.portion(portion.amount, portion.percent),
        result_kind="money",
        inputs=lambda portion: (portion.amount,),
        input_kind="money",
        values=lambda portion: (portion.percent,),
        value_types=(("count", "percent"),),
        monotone=True,
    ),
    "malformed_amount": _text_spec(_finder(derived_figures.malformed_amount)),
    "amount_above": _text_spec(
        lambda ceiling, _: derived_figures.amount_above(ceiling),
        values=lambda ceiling: (ceiling.value,),
        value_types=(("money", None),),
    ),
    "amount_before": _text_spec(
        lambda before, _: derived_figures.amount_before(before),
        result_kind="money",
        find_faults=_before_faults,
    ),
    "amounts_apart": _text_spec(lambda near, _: derived_figures.amounts_apart(near)),
    "amount_not_explained": _text_spec(
        lambda texts, conditions: derived_figures.amount_not_explained(texts, *conditions),
        conditions=lambda texts: () if texts.where is None else _where(texts),
    ),
    "parts_off_total": _text_spec(_finder(derived_figures.parts_off_total)),
    "words_apart": _text_spec(lambda words, _: derived_wording.words_apart(words)),
    "counts_apart": _text_spec(lambda counts, _: derived_wording.counts_apart(counts)),
    "periods_apart": _text_spec(lambda texts, _: derived_wording.periods_apart(texts)),
    "repeated_words": _text_spec(_finder(derived_wording.repeated_words)),
    "broken_words": _text_spec(_finder(derived_slips.broken_words)),
    "impossible_days": _text_spec(_finder(derived_odd_days.impossible_days)),
    "dangling_number": _text_spec(_finder(derived_wording.dangling_number)),
    "other_reference": _text_spec(
        lambda other, _: derived_wording.other_reference(other),
        inputs=lambda other: (*other.all_texts, other.reference),
    ),
    "day_in_text": _text_spec(lambda days, _: derived_text_days.day_in_text(days), result_kind="day"),
    "opening_verb": FunctionSpec(
        build=lambda opening, _: derived_wording.opening_verb(opening),
        result_kind="choice",
        inputs=lambda opening: (opening.text, opening.stated, opening.number, opening.letter),
        related_kind=lambda opening, facts: facts.subject_kind_of(opening.text),
        outcomes=lambda opening, _: (*opening.verbs, opening.item, opening.otherwise),
        find_faults=_opening_verb_faults,
        is_evidence=True,
    ),
}
