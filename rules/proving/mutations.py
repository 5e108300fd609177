"""Mutants: wrong versions of the law, each with one thing changed, and whether the worked examples notice.

A mutant changes a control (it is left out, its requirement is negated, or one of its tests is left out, negated, or
moved to the nearest operator, day or number), a dated value (by a penny, a day or its operator), a derived fact, or the
phrases searched for in a text. An example catches it by another outcome of a control that it names. The names of
mutants stand in example files, so they stay as they are. The plain evaluator judges alone: a ruleset of durable-rules
for each mutant would never be freed, and other tests prove that both evaluators agree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple, TypeVar

from rules.judging.judge import plain_outcome
from rules.judging.rulebook import Control, Rulebook
from rules.language.conditions import AllOf, AnyOf, Condition, Predicate, negate
from rules.language.dated_values import DatedFigure, DatedValue
from rules.language.derivation_context import DerivationContext, DerivedFact
from rules.language.derived_facts import add_derived_facts
from rules.language.derived_text import PhraseFinder
from rules.language.law import Law
from rules.proving.example_run import ExampleRun, Expectation
from rules.proving.rulebook_index import RulebookIndex, index_rulebook
from rules.proving.value_lookups import ValueLookups
from rules.values.evidence import Evidence
from rules.values.facts import Facts, FactValue
from rules.values.money import Money, Vat

_NEARBY_OPERATORS = {"at_least": "more_than", "at_most": "less_than", "on_or_before": "before", "on_or_after": "after"}
_NEARBY_OPERATORS |= {there: here for here, there in _NEARBY_OPERATORS.items()}
_SAMPLE_VALUES: Mapping[str, FactValue] = {
    "count": 1, "flag": True, "day": date(2018, 4, 16), "choice": "a", "text": "a", "money": Money(1, Vat.UNSTATED),
}  # fmt: skip


class Mutant(NamedTuple):
    """One wrong version of the law, and whether an example notices."""

    name: str
    caught: bool


@dataclass(frozen=True, slots=True)
class MutationScore:
    """How many mutants the examples caught, and which they missed; equivalent ones do not count.

    `not_equivalent` names those called equivalent that are caught after all, or do not exist.
    """

    caught: int
    missed: tuple[str, ...]
    not_equivalent: tuple[str, ...]

    @property
    def total(self) -> int:
        """The number of mutants to be caught."""
        return self.caught + len(self.missed)

    def __str__(self) -> str:
        return f"mutants caught: {self.caught} of {self.total}"


def score_mutants(results: Iterable[Mutant], equivalent_names: Iterable[str]) -> MutationScore:
    """Return the score of some mutants; the equivalent ones mean the same as the right law."""
    mutants = list(results)
    equivalent = set(equivalent_names)
    missed = {mutant.name for mutant in mutants if not mutant.caught}
    caught = sum(mutant.caught and mutant.name not in equivalent for mutant in mutants)
    return MutationScore(caught, tuple(sorted(missed - equivalent)), tuple(sorted(equivalent - missed)))


def run_mutants(rulebook: Rulebook, runs: Sequence[ExampleRun]) -> Iterator[Mutant]:
    """Yield every mutant of a rulebook, as the examples judge it."""
    index = index_rulebook(rulebook)
    tester = _MutantTester(index, _examples_by_control(runs))
    for control in rulebook.controls.values():
        if control.is_generated:
            continue
        yield Mutant(f"{control.id}: left out", control.id in tester.examples_by_control)
        for name, changed_control in _tell_apart(_control_mutants(control)):
            yield Mutant(name, tester.catches_control(changed_control))
    for value_name, value in rulebook.law.values.items():
        lookups = ValueLookups.of(value_name, index, tester.examples_by_control)
        for name, changed_value in _value_mutants(index, value_name, value):
            yield Mutant(name, tester.catches_value(lookups, changed_value))
    for fact in rulebook.derived_facts:
        for name, changed_fact in _derived_mutants(fact, rulebook.facts[fact.name].kind):
            yield Mutant(name, tester.catches_derived(changed_fact))


Changed = TypeVar("Changed")


def _tell_apart(mutants: Iterable[tuple[str, Changed]]) -> Iterator[tuple[str, Changed]]:
    """Yield mutants with names of their own: a control may make the same test twice, in different places."""
    counts = Counter[str]()
    for name, changed in mutants:
        counts[name] += 1
        yield (name if counts[name] == 1 else f"{name} ({counts[name]})"), changed


def _examples_by_control(runs: Iterable[ExampleRun]) -> dict[str, list[tuple[ExampleRun, Expectation]]]:
    """Return the examples that name each control, each with what it expects."""
    found: dict[str, list[tuple[ExampleRun, Expectation]]] = {}
    for run in runs:
        for expectation in run.expectations:
            found.setdefault(expectation.control, []).append((run, expectation))
    return found


@dataclass(frozen=True, slots=True)
class _MutantTester:
    """Tests whether the examples notice a change."""

    index: RulebookIndex
    examples_by_control: Mapping[str, Sequence[tuple[ExampleRun, Expectation]]]

    def catches_control(
        self,
        control: Control,
        law: Law | None = None,
        evidence_of: Callable[[ExampleRun], Evidence] = lambda run: run.evidence,
        examples: Iterable[tuple[ExampleRun, Expectation]] | None = None,
    ) -> bool:
        """Whether an example of a control has another outcome by it, under some law and with some evidence.

        `examples` are those that can have another outcome (None: all of them).
        """
        rulebook = replace(self.index.rulebook, law=law) if law else self.index.rulebook
        for run, expectation in self.examples_by_control.get(control.id, ()) if examples is None else examples:
            facts = evidence_of(run).facts_of(expectation.subject)
            if plain_outcome(rulebook.resolve_control(control, facts), facts) != expectation.outcome:
                return True
        return False

    def catches_value(self, lookups: ValueLookups, value: DatedValue) -> bool:
        """Whether the examples notice another dated value in the place of one that they look up."""
        law = replace(self.index.rulebook.law, values={**self.index.rulebook.law.values, lookups.name: value})
        return any(self._catches_under_law(control, law, lookups) for control in lookups.by_control)

    def _catches_under_law(self, name: str, law: Law, lookups: ValueLookups) -> bool:
        behind = self.index.derived_dependencies[name]
        stale = _facts_to_recompute(behind, {fact.name: fact for fact in behind if lookups.name in fact.values})
        return self.catches_control(
            self.index.rulebook.controls[name],
            law,
            lambda run: add_derived_facts(run.evidence, stale, law) if stale else run.evidence,
            lookups.examples_of_other_figures(name, law.values[lookups.name]),
        )

    def catches_derived(self, wrong: DerivedFact) -> bool:
        """Whether the examples notice a derived fact that is computed wrongly."""
        for control, behind in self.index.derived_dependencies.items():
            stale = _facts_to_recompute(behind, {wrong.name: wrong})
            if stale and self._catches_with_derived(control, stale):
                return True
        return False

    def _catches_with_derived(self, control: str, recomputed: tuple[DerivedFact, ...]) -> bool:
        rulebook = self.index.rulebook
        return self.catches_control(
            rulebook.controls[control],
            evidence_of=lambda run: add_derived_facts(run.evidence, recomputed, rulebook.law),
        )


def _facts_to_recompute(
    derived_facts: Iterable[DerivedFact], changed: Mapping[str, DerivedFact]
) -> tuple[DerivedFact, ...]:
    """Return the changed derived facts and all that rest on them, in order of dependency."""
    stale, found = set(changed), list[DerivedFact]()
    for fact in derived_facts:
        if fact.name in stale or not stale.isdisjoint(fact.inputs):
            stale.add(fact.name)
            found.append(changed.get(fact.name, fact))
    return tuple(found)


def small_changes(value: FactValue) -> Iterator[tuple[str, FactValue]]:
    """Yield a figure, day, number, flag or code changed by as little as possible."""
    if isinstance(value, bool):
        yield "turned round", not value
        return
    if isinstance(value, str):
        yield "another", f"not_{value}"
        return
    for step in (-1, 1):
        if isinstance(value, Money):
            yield f"{step:+}p", Money(value.pence + step, value.vat)
        elif isinstance(value, date):
            yield f"{step:+} day", value + timedelta(step)
        else:
            yield f"{step:+}", value + step


def _term_mutants(term: Predicate) -> Iterator[tuple[str, Condition]]:
    label = _describe_condition(term)
    yield f"{label}: turned round", negate(term)
    if term.comparator in _NEARBY_OPERATORS:
        nearby = _NEARBY_OPERATORS[term.comparator]
        yield f"{label}: {nearby}", Predicate(term.fact, nearby, term.operand)
    if isinstance(term.operand, tuple):
        for choice in term.operand:
            others = tuple(other for other in term.operand if other != choice)
            yield f"{label}: without {choice}", Predicate(term.fact, term.comparator, others)
    elif isinstance(term.operand, (date, int)) and not isinstance(term.operand, bool):
        for change, operand in small_changes(term.operand):
            yield f"{label}: {change}", Predicate(term.fact, term.comparator, operand)


def _condition_mutants(condition: Condition) -> Iterator[tuple[str, Condition]]:
    """Yield a condition with one thing changed in it, in every way."""
    if isinstance(condition, Predicate):
        yield from _term_mutants(condition)
        return
    parts, kind = condition.conditions, type(condition)
    for place, part in enumerate(parts):
        before, after = parts[:place], parts[place + 1 :]
        yield from ((change, kind((*before, changed, *after))) for change, changed in _condition_mutants(part))
        if len(parts) > 1:
            yield f"{_describe_condition(part)}: left out", kind((*before, *after))
    if len(parts) > 1:
        yield f"{_describe_condition(condition)}: all and any changed over", (AnyOf if kind is AllOf else AllOf)(parts)


def _describe_condition(condition: Condition) -> str:
    if isinstance(condition, Predicate):
        return f"{condition.fact} {condition.comparator} {condition.operand}"
    parts = ", ".join(map(_describe_condition, condition.conditions))
    return f"{'all' if isinstance(condition, AllOf) else 'any'}({parts})"


def _control_mutants(control: Control) -> Iterator[tuple[str, Control]]:
    """Yield a control with its requirement negated, or with one thing changed in its conditions."""
    yield f"{control.id} requires the opposite", replace(control, requires=negate(control.requires))
    for change, requires in _condition_mutants(control.requires):
        yield f"{control.id} requires {change}", replace(control, requires=requires)
    for change, applies in _condition_mutants(control.applies):
        yield f"{control.id} when {change}", replace(control, applies=applies)


def _value_mutants(index: RulebookIndex, name: str, value: DatedValue) -> Iterator[tuple[str, DatedValue]]:
    """Yield a dated value without one of its rows, or with one figure, day or operator changed.

    Rows that begin a day earlier or end a day later are not tried where they mean the same: no control can use the
    value on that day, or the row before is still in force and comes first.
    """
    for place, row in enumerate(value.history):
        before, after = value.history[:place], value.history[place + 1 :]
        is_later_row = any(other.choices == row.choices for other in before)
        label = _describe_row(name, row, is_later_row=is_later_row)
        yield f"{label}: left out", _with_history(value, (*before, *after))
        for change, changed in _row_mutants(row):
            if not _is_equivalent_row(index, name, row, changed, is_later_row=is_later_row):
                yield f"{label}: {change}", _with_history(value, (*before, changed, *after))


def _with_history(value: DatedValue, history: tuple[DatedFigure, ...]) -> DatedValue:
    """Return a value with another history."""
    # Built anew, because a copy would keep what the first value has cached of its rows.
    return DatedValue.model_construct(
        kind=value.kind, label=value.label, about=value.about, by=value.by, history=history
    )


def _describe_row(name: str, row: DatedFigure, *, is_later_row: bool) -> str:
    """Describe a row by its choices, and by its first day if it is not the first for those."""
    label = f"{name} of {', '.join(row.choices.values())}" if row.choices else name
    return f"{label} from {row.first}" if is_later_row else label


def _is_equivalent_row(
    index: RulebookIndex, name: str, row: DatedFigure, mutated_row: DatedFigure, *, is_later_row: bool
) -> bool:
    if mutated_row.first < row.first:
        return is_later_row or not index.may_be_used_on(name, mutated_row.first, row)
    if row.last is not None and mutated_row.last is not None and mutated_row.last > row.last:
        return not index.may_be_used_on(name, mutated_row.last, row)
    return False


def _row_mutants(row: DatedFigure) -> Iterator[tuple[str, DatedFigure]]:
    for field, label in (("figure", "figure"), ("first", "first day"), ("last", "last day")):
        value = getattr(row, field)
        if value is not None:
            for change, changed in small_changes(value):
                yield f"{label} {change}", row.model_copy(update={field: changed})
    if row.operator is not None:
        nearby = _NEARBY_OPERATORS[row.operator]
        yield f"operator {nearby}", row.model_copy(update={"operator": nearby})


def _derived_mutants(fact: DerivedFact, kind: str) -> Iterator[tuple[str, DerivedFact]]:
    """Yield a derived fact that is never known, is a little off, or is found in less than the whole text."""
    yield f"{fact.name}: left out", replace(fact, compute=lambda *_: None)
    if isinstance(fact.compute, PhraseFinder):
        for left_out, finder in _phrase_mutants(fact.compute):
            yield f"{fact.name}: without {left_out}", replace(fact, compute=finder)
    for place, (change, _) in enumerate(small_changes(_SAMPLE_VALUES[kind])):

        def compute_wrongly(context: DerivationContext, facts: Facts, place: int = place) -> FactValue | None:
            right = fact.compute(context, facts)
            return None if right is None else list(small_changes(right))[place][1]

        yield f"{fact.name}: {change}", replace(fact, compute=compute_wrongly)


def _phrase_mutants(finder: PhraseFinder) -> Iterator[tuple[str, PhraseFinder]]:
    """Yield a search with one text or one phrase left out; texts that a pattern stands for differ by scheme."""
    for fact in finder.named:
        yield fact, replace(finder, facts=tuple(other for other in finder.facts if other != fact))
    for phrases in finder.any_of:
        fewer = tuple(other for other in finder.any_of if other != phrases)
        yield " … ".join(phrases), replace(finder, any_of=fewer)
