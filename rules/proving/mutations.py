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
from rules.language.conditions import All, Any_, Condition, Term, negate
from rules.language.dated_values import Row, Value
from rules.language.derived_facts import DerivedFact, Scene, complete
from rules.language.derived_text import Mentioned
from rules.language.law import Law
from rules.proving.boundaries import Ground
from rules.proving.example_run import Expectation, Shown
from rules.values.evidence import Evidence
from rules.values.facts import Facts, FactValue
from rules.values.money import Money, Vat

_SHADES = {"at_least": "more_than", "at_most": "less_than", "on_or_before": "before", "on_or_after": "after"}
_SHADES |= {there: here for here, there in _SHADES.items()}
_SAMPLES: Mapping[str, FactValue] = {
    "count": 1, "flag": True, "day": date(2018, 4, 16), "choice": "a", "text": "a", "money": Money(1, Vat.UNSTATED),
}  # fmt: skip


class Mutant(NamedTuple):
    """One wrong version of the law: what is wrong in it, and whether an example notices."""

    name: str
    caught: bool


@dataclass(frozen=True, slots=True)
class Score:
    """How many wrong versions the examples caught, and which they missed; those that mean the same do not count."""

    caught: int
    missed: tuple[str, ...]
    not_equivalent: tuple[str, ...]

    @property
    def made(self) -> int:
        """How many there are to be caught."""
        return self.caught + len(self.missed)

    def __str__(self) -> str:
        return f"mutants caught: {self.caught} of {self.made}"


def score(found: Iterable[Mutant], equivalent: Iterable[str]) -> Score:
    """The score; `not_equivalent` names those said to mean the same that are caught after all, or are no mutants."""
    mutants = list(found)
    same = set(equivalent)
    missed = {mutant.name for mutant in mutants if not mutant.caught}
    caught = sum(mutant.caught and mutant.name not in same for mutant in mutants)
    return Score(caught, tuple(sorted(missed - same)), tuple(sorted(same - missed)))


def mutants(rulebook: Rulebook, shown: Sequence[Shown]) -> Iterator[Mutant]:
    """Every wrong version of a rulebook, as the examples judge it."""
    ground = Ground(rulebook)
    jury = _Jury(ground, _asking(shown))
    for control in rulebook.controls.values():
        yield Mutant(f"{control.id}: left out", control.id in jury.asking)
        for how, changed in _control_mutants(control):
            yield Mutant(how, jury.differs(changed))
    for name, value in rulebook.law.values.items():
        for how, other in _value_mutants(ground, name, value):
            yield Mutant(how, jury.catches_value(name, other))
    for fact in rulebook.derived:
        for how, wrong in _derived_mutants(fact, rulebook.facts[fact.name].kind):
            yield Mutant(how, jury.catches_derived(wrong))


def _asking(shown: Iterable[Shown]) -> dict[str, list[tuple[Shown, Expectation]]]:
    """By control, the examples that ask about it."""
    found: dict[str, list[tuple[Shown, Expectation]]] = {}
    for example in shown:
        for asked in example.asked:
            found.setdefault(asked.control, []).append((example, asked))
    return found


@dataclass(frozen=True, slots=True)
class _Jury:
    """The examples, and how they judge what is wrong."""

    ground: Ground
    asking: Mapping[str, Sequence[tuple[Shown, Expectation]]]

    def differs(
        self, control: Control, law: Law | None = None, known: Callable[[Shown], Evidence] = lambda one: one.whole
    ) -> bool:
        """Whether an example of a control comes out otherwise under some law and with what is known then."""
        book = replace(self.ground.rulebook, law=law) if law else self.ground.rulebook
        for example, asked in self.asking.get(control.id, ()):
            facts = known(example).of(asked.subject)
            if plain_outcome(book.settled(control, facts), facts) != asked.outcome:
                return True
        return False

    def catches_value(self, name: str, value: Value) -> bool:
        """Whether the examples notice that a dated value is another."""
        law = replace(self.ground.rulebook.law, values={**self.ground.rulebook.law.values, name: value})
        resting = {control.id: control for control, _ in self.ground.resting_on(name)}
        return any(self._differs_under(control, law, name) for control in resting.values())

    def _differs_under(self, control: Control, law: Law, name: str) -> bool:
        behind = self.ground.behind[control.id]
        again = _following(behind, {fact.name: fact for fact in behind if name in fact.values})
        return self.differs(
            control, law, lambda example: complete(example.whole, again, law) if again else example.whole
        )

    def catches_derived(self, wrong: DerivedFact) -> bool:
        """Whether the examples notice that a derived fact is worked out otherwise."""
        law = self.ground.rulebook.law
        for name, behind in self.ground.behind.items():
            again = _following(behind, {wrong.name: wrong})
            if again and self._differs_with(name, again, law):
                return True
        return False

    def _differs_with(self, name: str, again: tuple[DerivedFact, ...], law: Law) -> bool:
        return self.differs(
            self.ground.rulebook.controls[name], known=lambda example: complete(example.whole, again, law)
        )


def _following(behind: Iterable[DerivedFact], changed: Mapping[str, DerivedFact]) -> tuple[DerivedFact, ...]:
    """The derived facts that are to be worked out again: those that are changed, and all that rest on them in turn."""
    names, found = set(changed), list[DerivedFact]()
    for fact in behind:
        if fact.name in names or not names.isdisjoint(fact.inputs):
            names.add(fact.name)
            found.append(changed.get(fact.name, fact))
    return tuple(found)


def shifted(value: FactValue) -> Iterator[tuple[str, FactValue]]:
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


def _term_mutants(term: Term) -> Iterator[tuple[str, Condition]]:
    named = _said(term)
    yield f"{named}: turned round", negate(term)
    if term.word in _SHADES:
        yield f"{named}: {_SHADES[term.word]}", Term(term.fact, _SHADES[term.word], term.right)
    if isinstance(term.right, tuple):
        for choice in term.right:
            others = tuple(other for other in term.right if other != choice)
            yield f"{named}: without {choice}", Term(term.fact, term.word, others)
    elif isinstance(term.right, (date, int)) and not isinstance(term.right, bool):
        for how, right in shifted(term.right):
            yield f"{named}: {how}", Term(term.fact, term.word, right)


def _condition_mutants(condition: Condition) -> Iterator[tuple[str, Condition]]:
    """A condition with one thing changed in it."""
    if isinstance(condition, Term):
        yield from _term_mutants(condition)
        return
    parts, kind = condition.parts, type(condition)
    for place, part in enumerate(parts):
        before, after = parts[:place], parts[place + 1 :]
        yield from ((how, kind((*before, other, *after))) for how, other in _condition_mutants(part))
        if len(parts) > 1:
            yield f"{_said(part)}: left out", kind((*before, *after))
    if len(parts) > 1:
        yield f"{_said(condition)}: all and any changed over", (Any_ if kind is All else All)(parts)


def _said(condition: Condition) -> str:
    if isinstance(condition, Term):
        return f"{condition.fact} {condition.word} {condition.right}"
    return f"{'all' if isinstance(condition, All) else 'any'}({', '.join(map(_said, condition.parts))})"


def _control_mutants(control: Control) -> Iterator[tuple[str, Control]]:
    """A control with its requirement turned round, or with one thing changed in its conditions."""
    yield f"{control.id} requires the opposite", replace(control, requires=negate(control.requires))
    for how, requires in _condition_mutants(control.requires):
        yield f"{control.id} requires {how}", replace(control, requires=requires)
    for how, applies in _condition_mutants(control.applies):
        yield f"{control.id} when {how}", replace(control, applies=applies)


def _value_mutants(ground: Ground, name: str, value: Value) -> Iterator[tuple[str, Value]]:
    """A dated value without one of its rows, or with a figure, day or operator of one changed.

    A row begun a day sooner, or ended a day later, is left out where no control asks on that day for its choices, and
    one begun sooner where the row before it still stands, and comes first: such a one means the same.
    """
    for place, row in enumerate(value.history):
        before, after = value.history[:place], value.history[place + 1 :]
        again = any(other.choices == row.choices for other in before)
        whose = _whose(name, row, again=again)
        yield f"{whose}: left out", _with(value, (*before, *after))
        for how, other in _row_mutants(row):
            if not _means_the_same(ground, name, row, other, again=again):
                yield f"{whose}: {how}", _with(value, (*before, other, *after))


def _with(value: Value, history: tuple[Row, ...]) -> Value:
    """A value with another history, made anew: a copy would keep what the first has worked out of its rows."""
    return Value.model_construct(kind=value.kind, label=value.label, about=value.about, by=value.by, history=history)


def _whose(name: str, row: Row, *, again: bool) -> str:
    """A row by its choices, and by its first day where it is not the first for those."""
    whose = f"{name} of {', '.join(row.choices.values())}" if row.choices else name
    return f"{whose} from {row.first}" if again else whose


def _means_the_same(ground: Ground, name: str, row: Row, other: Row, *, again: bool) -> bool:
    if other.first < row.first:
        return again or not ground.is_live(name, other.first, row)
    if row.last is not None and other.last is not None and other.last > row.last:
        return not ground.is_live(name, other.last, row)
    return False


def _row_mutants(row: Row) -> Iterator[tuple[str, Row]]:
    yield from ((f"figure {how}", row.model_copy(update={"figure": figure})) for how, figure in shifted(row.figure))
    yield from ((f"first day {how}", row.model_copy(update={"first": first})) for how, first in shifted(row.first))
    if row.last is not None:
        yield from ((f"last day {how}", row.model_copy(update={"last": last})) for how, last in shifted(row.last))
    if row.operator is not None:
        yield f"operator {_SHADES[row.operator]}", row.model_copy(update={"operator": _SHADES[row.operator]})


def _derived_mutants(fact: DerivedFact, kind: str) -> Iterator[tuple[str, DerivedFact]]:
    """A fact that is never worked out, or worked out as something next to it, or from less than the whole text."""
    yield f"{fact.name}: left out", replace(fact, work_out=lambda *_: None)
    if isinstance(fact.work_out, Mentioned):
        for how, shorter in _wording_mutants(fact.work_out):
            yield f"{fact.name}: without {how}", replace(fact, work_out=shorter)
    for place, (how, _) in enumerate(shifted(_SAMPLES[kind])):

        def wrongly(scene: Scene, facts: Facts, place: int = place) -> FactValue | None:
            right = fact.work_out(scene, facts)
            return None if right is None else list(shifted(right))[place][1]

        yield f"{fact.name}: {how}", replace(fact, work_out=wrongly)


def _wording_mutants(whole: Mentioned) -> Iterator[tuple[str, Mentioned]]:
    """One text, or one phrase, left out of what is looked for in a paper."""
    for fact in whole.facts:
        yield fact, replace(whole, facts=tuple(other for other in whole.facts if other != fact))
    for phrases in whole.any_of:
        yield " … ".join(phrases), replace(whole, any_of=tuple(other for other in whole.any_of if other != phrases))
