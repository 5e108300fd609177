"""Wrong versions of the law, each with one thing changed, and whether the worked examples notice.

What a mutant changes: a control (left out, its requirement turned round, one of its tests left out, turned round,
or moved by a shade, a day or a number), a dated value (by a penny, a day, a year, its operator), a fact that is
worked out, or what is looked for in a text. It is caught where the outcome of an example that asks about it differs.
The plain evaluator judges alone, as each mutant would cost durable-rules a ruleset that is never given back; that
both agree is tested elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from rules.judging.judge import plain_outcome
from rules.judging.rulebook import Control, Rulebook
from rules.language.conditions import AllOf, AnyOf, Condition, Predicate, negate
from rules.language.dated_values import DatedFigure, DatedValue
from rules.language.derived_facts import DerivationContext, DerivedFact, add_derived_facts
from rules.language.derived_text import PhraseFinder
from rules.language.law import Law
from rules.proving.example_run import ExampleRun, Expectation
from rules.proving.rulebook_index import RulebookIndex
from rules.values.evidence import Evidence
from rules.values.facts import Facts, FactValue
from rules.values.money import Money, Vat

_NEARBY_OPERATORS = {"at_least": "more_than", "at_most": "less_than", "on_or_before": "before", "on_or_after": "after"}
_NEARBY_OPERATORS |= {there: here for here, there in _NEARBY_OPERATORS.items()}
_SAMPLE_VALUES: Mapping[str, FactValue] = {
    "count": 1, "flag": True, "day": date(2018, 4, 16), "choice": "a", "text": "a", "money": Money(1, Vat.UNSTATED),
}  # fmt: skip


class Mutant(NamedTuple):
    """One wrong version of the law: what is wrong in it, and whether an example notices."""

    name: str
    caught: bool


@dataclass(frozen=True, slots=True)
class MutationScore:
    """How many wrong versions the examples caught, and which they missed; those that mean the same do not count."""

    caught: int
    missed: tuple[str, ...]
    not_equivalent: tuple[str, ...]

    @property
    def total(self) -> int:
        """How many there are to be caught."""
        return self.caught + len(self.missed)

    def __str__(self) -> str:
        return f"mutants caught: {self.caught} of {self.total}"


def score_mutants(results: Iterable[Mutant], equivalent_names: Iterable[str]) -> MutationScore:
    """The score; `not_equivalent` names those said to mean the same that are caught after all, or are no mutants."""
    mutants = list(results)
    same = set(equivalent_names)
    missed = {mutant.name for mutant in mutants if not mutant.caught}
    caught = sum(mutant.caught and mutant.name not in same for mutant in mutants)
    return MutationScore(caught, tuple(sorted(missed - same)), tuple(sorted(same - missed)))


def run_mutants(rulebook: Rulebook, runs: Sequence[ExampleRun]) -> Iterator[Mutant]:
    """Every wrong version of a rulebook, as the examples judge it."""
    ground = RulebookIndex(rulebook)
    jury = _MutantTester(ground, _examples_by_control(runs))
    for control in rulebook.controls.values():
        yield Mutant(f"{control.id}: left out", control.id in jury.examples_by_control)
        for how, changed in _control_mutants(control):
            yield Mutant(how, jury.catches_control(changed))
    for name, value in rulebook.law.values.items():
        for how, other in _value_mutants(ground, name, value):
            yield Mutant(how, jury.catches_value(name, other))
    for fact in rulebook.derived_facts:
        for how, wrong in _derived_mutants(fact, rulebook.facts[fact.name].kind):
            yield Mutant(how, jury.catches_derived(wrong))


def _examples_by_control(runs: Iterable[ExampleRun]) -> dict[str, list[tuple[ExampleRun, Expectation]]]:
    """By control, the examples that ask about it."""
    found: dict[str, list[tuple[ExampleRun, Expectation]]] = {}
    for example in runs:
        for asked in example.expectations:
            found.setdefault(asked.control, []).append((example, asked))
    return found


@dataclass(frozen=True, slots=True)
class _MutantTester:
    """The examples, and how they judge what is wrong."""

    index: RulebookIndex
    examples_by_control: Mapping[str, Sequence[tuple[ExampleRun, Expectation]]]

    def catches_control(
        self,
        control: Control,
        law: Law | None = None,
        evidence_of: Callable[[ExampleRun], Evidence] = lambda one: one.evidence,
    ) -> bool:
        """Whether an example of a control comes out otherwise under some law and with what is known then."""
        book = replace(self.index.rulebook, law=law) if law else self.index.rulebook
        for example, asked in self.examples_by_control.get(control.id, ()):
            facts = evidence_of(example).facts_of(asked.subject)
            if plain_outcome(book.resolve_control(control, facts), facts) != asked.outcome:
                return True
        return False

    def catches_value(self, name: str, value: DatedValue) -> bool:
        """Whether the examples notice that a dated value is another."""
        law = replace(self.index.rulebook.law, values={**self.index.rulebook.law.values, name: value})
        resting = {control.id: control for control, _ in self.index.controls_using(name)}
        return any(self._catches_under_law(control, law, name) for control in resting.values())

    def _catches_under_law(self, control: Control, law: Law, value_name: str) -> bool:
        behind = self.index.derived_dependencies[control.id]
        again = _facts_to_recompute(behind, {fact.name: fact for fact in behind if value_name in fact.values})
        return self.catches_control(
            control, law, lambda example: add_derived_facts(example.evidence, again, law) if again else example.evidence
        )

    def catches_derived(self, wrong: DerivedFact) -> bool:
        """Whether the examples notice that a derived fact is worked out otherwise."""
        law = self.index.rulebook.law
        for name, behind in self.index.derived_dependencies.items():
            again = _facts_to_recompute(behind, {wrong.name: wrong})
            if again and self._catches_with_derived(name, again, law):
                return True
        return False

    def _catches_with_derived(self, control_id: str, recomputed: tuple[DerivedFact, ...], law: Law) -> bool:
        return self.catches_control(
            self.index.rulebook.controls[control_id],
            evidence_of=lambda example: add_derived_facts(example.evidence, recomputed, law),
        )


def _facts_to_recompute(
    derived_facts: Iterable[DerivedFact], changed: Mapping[str, DerivedFact]
) -> tuple[DerivedFact, ...]:
    """The derived facts that are to be worked out again: those that are changed, and all that rest on them in turn."""
    names, found = set(changed), list[DerivedFact]()
    for fact in derived_facts:
        if fact.name in names or not names.isdisjoint(fact.inputs):
            names.add(fact.name)
            found.append(changed.get(fact.name, fact))
    return tuple(found)


def small_changes(value: FactValue) -> Iterator[tuple[str, FactValue]]:
    """A figure, day, number, flag or code, changed by as little as it can be."""
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
    named = _describe_condition(term)
    yield f"{named}: turned round", negate(term)
    if term.comparator in _NEARBY_OPERATORS:
        yield (
            f"{named}: {_NEARBY_OPERATORS[term.comparator]}",
            Predicate(term.fact, _NEARBY_OPERATORS[term.comparator], term.operand),
        )
    if isinstance(term.operand, tuple):
        for choice in term.operand:
            others = tuple(other for other in term.operand if other != choice)
            yield f"{named}: without {choice}", Predicate(term.fact, term.comparator, others)
    elif isinstance(term.operand, (date, int)) and not isinstance(term.operand, bool):
        for how, right in small_changes(term.operand):
            yield f"{named}: {how}", Predicate(term.fact, term.comparator, right)


def _condition_mutants(condition: Condition) -> Iterator[tuple[str, Condition]]:
    """A condition with one thing changed in it."""
    if isinstance(condition, Predicate):
        yield from _term_mutants(condition)
        return
    parts, kind = condition.conditions, type(condition)
    for place, part in enumerate(parts):
        before, after = parts[:place], parts[place + 1 :]
        yield from ((how, kind((*before, other, *after))) for how, other in _condition_mutants(part))
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
    """A control with its requirement turned round, or with one thing changed in its conditions."""
    yield f"{control.id} requires the opposite", replace(control, requires=negate(control.requires))
    for how, requires in _condition_mutants(control.requires):
        yield f"{control.id} requires {how}", replace(control, requires=requires)
    for how, applies in _condition_mutants(control.applies):
        yield f"{control.id} when {how}", replace(control, applies=applies)


def _value_mutants(index: RulebookIndex, name: str, value: DatedValue) -> Iterator[tuple[str, DatedValue]]:
    """A dated value without one of its rows, or with a figure, day or operator of one changed.

    A row begun a day sooner, or ended a day later, is left out where no control asks on that day for its choices, and
    one begun sooner where the row before it still stands, and comes first: such a one means the same.
    """
    for place, row in enumerate(value.history):
        before, after = value.history[:place], value.history[place + 1 :]
        again = any(other.choices == row.choices for other in before)
        whose = _describe_row(name, row, is_later_row=again)
        yield f"{whose}: left out", _with_history(value, (*before, *after))
        for how, other in _row_mutants(row):
            if not _is_equivalent_row(index, name, row, other, is_later_row=again):
                yield f"{whose}: {how}", _with_history(value, (*before, other, *after))


def _with_history(value: DatedValue, history: tuple[DatedFigure, ...]) -> DatedValue:
    """A value with another history, made anew: a copy would keep what the first has worked out of its rows."""
    return DatedValue.model_construct(
        kind=value.kind, label=value.label, about=value.about, by=value.by, history=history
    )


def _describe_row(name: str, row: DatedFigure, *, is_later_row: bool) -> str:
    """A row by its choices, and by its first day where it is not the first for those."""
    whose = f"{name} of {', '.join(row.choices.values())}" if row.choices else name
    return f"{whose} from {row.first}" if is_later_row else whose


def _is_equivalent_row(
    index: RulebookIndex, name: str, row: DatedFigure, mutated_row: DatedFigure, *, is_later_row: bool
) -> bool:
    if mutated_row.first < row.first:
        return is_later_row or not index.may_be_used_on(name, mutated_row.first, row)
    if row.last is not None and mutated_row.last is not None and mutated_row.last > row.last:
        return not index.may_be_used_on(name, mutated_row.last, row)
    return False


def _row_mutants(row: DatedFigure) -> Iterator[tuple[str, DatedFigure]]:
    yield from (
        (f"figure {how}", row.model_copy(update={"figure": figure})) for how, figure in small_changes(row.figure)
    )
    yield from (
        (f"first day {how}", row.model_copy(update={"first": first})) for how, first in small_changes(row.first)
    )
    if row.last is not None:
        yield from ((f"last day {how}", row.model_copy(update={"last": last})) for how, last in small_changes(row.last))
    if row.operator is not None:
        yield (
            f"operator {_NEARBY_OPERATORS[row.operator]}",
            row.model_copy(update={"operator": _NEARBY_OPERATORS[row.operator]}),
        )


def _derived_mutants(fact: DerivedFact, kind: str) -> Iterator[tuple[str, DerivedFact]]:
    """A fact that is never worked out, or worked out as something next to it, or from less than the whole text."""
    yield f"{fact.name}: left out", replace(fact, compute=lambda *_: None)
    if isinstance(fact.compute, PhraseFinder):
        for how, shorter in _wording_mutants(fact.compute):
            yield f"{fact.name}: without {how}", replace(fact, compute=shorter)
    for place, (how, _) in enumerate(small_changes(_SAMPLE_VALUES[kind])):

        def wrongly(scene: DerivationContext, facts: Facts, place: int = place) -> FactValue | None:
            right = fact.compute(scene, facts)
            return None if right is None else list(small_changes(right))[place][1]

        yield f"{fact.name}: {how}", replace(fact, compute=wrongly)


def _wording_mutants(original: PhraseFinder) -> Iterator[tuple[str, PhraseFinder]]:
    """One text, or one phrase, left out of what is looked for in a paper."""
    for fact in original.facts:
        yield fact, replace(original, facts=tuple(other for other in original.facts if other != fact))
    for phrases in original.any_of:
        yield (
            " … ".join(phrases),
            replace(original, any_of=tuple(other for other in original.any_of if other != phrases)),
        )
