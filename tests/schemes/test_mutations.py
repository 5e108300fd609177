"""Do the examples notice when the law is written wrongly? Each mutant is the shipped scheme with one thing changed.

What a mutant changes: a control (left out, its requirement turned round, one of its tests left out, turned round,
or moved by a shade, a day or a number), a dated value (by a penny, a day, a year, its operator) or a fact that is
worked out. It is caught where an example's outcome then differs. Both evaluators agree, which is tested elsewhere;
here the plain one judges alone, as each mutant would cost durable-rules a ruleset that is never given back.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from rules import engine
from rules.conditions import All, Any_, Condition, Term, negate
from rules.dated import Row, Value
from rules.derived import DerivedFact, Scene
from rules.engine import SettledControl
from rules.examples import ExampleFile, Proof, WorkedExample, _Prover
from rules.facts import FactValue
from rules.judging import plain_outcome
from rules.library import Library
from rules.money import Money
from rules.pack import Outcome
from rules.reading import Source, read
from rules.rulebook import Control
from rules.scheme import Scheme

# Mutants that mean the same as what they were made of, each with the reason.
_BEGINS_WITH = "the controls that rest on it begin on that very day"
_FOR_THE_TRACE = (
    "the test before it settles the outcome; it is there so that the trace tells how late, or which holiday"
)
EQUIVALENT: Mapping[str, str] = {
    "foia.nature of s43: first day -1 day": _BEGINS_WITH,
    "foia.basis of trade_secret: first day -1 day": _BEGINS_WITH,
    "foia.basis of commercial_interests: first day -1 day": _BEGINS_WITH,
    "foia.basis of trade_secret: figure another": "the controls ask only whether the basis is prejudice",
    "foia.lapse_years of s43: first day -1 day": _BEGINS_WITH,
    "consent.limit: first day -1 day": _BEGINS_WITH,
    "level.mayor_above: first day -1 day": _BEGINS_WITH,
    "level.director_above: first day -1 day": _BEGINS_WITH,
    "level.assistant_director_above: first day -1 day": _BEGINS_WITH,
    "publication.days: first day -1 day": _BEGINS_WITH,
    "prior_approval.limit: first day -1 day": _BEGINS_WITH,
    "decision.in_time requires decision.working_days_late at_most 0: +1": _FOR_THE_TRACE,
    "decision.working_days_late: -1": _FOR_THE_TRACE,
    "decision.required_by_working_day requires required_by.day_off not_known True: left out": _FOR_THE_TRACE,
    "required_by.day_off: another": _FOR_THE_TRACE,
    "required_by.day_off: left out": _FOR_THE_TRACE,
}

SHADES = {"at_least": "more_than", "at_most": "less_than", "on_or_before": "before", "on_or_after": "after"}
SHADES |= {there: here for here, there in SHADES.items()}


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


def term_mutants(term: Term) -> Iterator[tuple[str, Condition]]:
    named = f"{term.fact} {term.word} {term.right}"
    yield f"{named}: turned round", negate(term)
    if term.word in SHADES:
        yield f"{named}: {SHADES[term.word]}", replace(term, word=SHADES[term.word])
    if isinstance(term.right, tuple):
        for choice in term.right:
            yield f"{named}: without {choice}", replace(term, right=tuple(c for c in term.right if c != choice))
    elif isinstance(term.right, (date, int)) and not isinstance(term.right, bool):
        for how, right in shifted(term.right):
            yield f"{named}: {how}", replace(term, right=right)


def condition_mutants(condition: Condition) -> Iterator[tuple[str, Condition]]:
    """A condition with one thing changed in it."""
    if isinstance(condition, Term):
        yield from term_mutants(condition)
        return
    parts, kind = condition.parts, type(condition)
    for place, part in enumerate(parts):
        before, after = parts[:place], parts[place + 1 :]
        yield from ((how, kind((*before, other, *after))) for how, other in condition_mutants(part))
        if len(parts) > 1:
            yield f"{said(part)}: left out", kind((*before, *after))
    if len(parts) > 1:
        yield f"{said(condition)}: all and any changed over", (Any_ if kind is All else All)(parts)


def said(condition: Condition) -> str:
    if isinstance(condition, Term):
        return f"{condition.fact} {condition.word} {condition.right}"
    return f"{'all' if isinstance(condition, All) else 'any'}({', '.join(map(said, condition.parts))})"


def control_mutants(control: Control) -> Iterator[tuple[str, Control]]:
    yield f"{control.id} requires the opposite", replace(control, requires=negate(control.requires))
    for how, requires in condition_mutants(control.requires):
        yield f"{control.id} requires {how}", replace(control, requires=requires)
    for how, applies in condition_mutants(control.applies):
        yield f"{control.id} when {how}", replace(control, applies=applies)


def row_mutants(row: Row) -> Iterator[tuple[str, Row]]:
    yield from ((f"figure {how}", row.model_copy(update={"figure": figure})) for how, figure in shifted(row.figure))
    yield from ((f"first day {how}", row.model_copy(update={"first": first})) for how, first in shifted(row.first))
    if row.last is not None:
        yield from ((f"last day {how}", row.model_copy(update={"last": last})) for how, last in shifted(row.last))
    if row.operator is not None:
        yield f"operator {SHADES[row.operator]}", row.model_copy(update={"operator": SHADES[row.operator]})


def value_mutants(name: str, value: Value) -> Iterator[tuple[str, Value]]:
    for place, row in enumerate(value.history):
        before, after = value.history[:place], value.history[place + 1 :]
        whose = f"{name} of {', '.join(row.choices.values())}" if row.choices else name
        yield f"{whose}: left out", value.model_copy(update={"history": before + after})
        for how, other in row_mutants(row):
            yield f"{whose}: {how}", value.model_copy(update={"history": (*before, other, *after)})


def derived_mutants(fact: DerivedFact, kind: str) -> Iterator[tuple[str, tuple[DerivedFact, ...]]]:
    """A fact that is never worked out, or worked out as something next to it."""
    yield f"{fact.name}: left out", ()
    for place, (how, _) in enumerate(shifted(_SAMPLES[kind])):

        def wrongly(scene: Scene, place: int = place) -> FactValue | None:
            right = fact.work_out(scene)
            return None if right is None else list(shifted(right))[place][1]

        yield f"{fact.name}: {how}", (replace(fact, work_out=wrongly),)


_SAMPLES: Mapping[str, FactValue] = {"count": 1, "flag": True, "day": date(2018, 4, 16), "choice": "a", "text": "a"}


def mutants_of_the_law(scheme: Scheme, own: frozenset[str]) -> Iterator[tuple[str, Scheme]]:
    """The scheme, each time with one of some dated values or worked-out facts wrong in it."""
    book = scheme.rulebook
    for name in book.law.values.keys() & own:
        for how, other in value_mutants(name, book.law.values[name]):
            law = replace(book.law, values={**book.law.values, name: other})
            yield how, replace(scheme, rulebook=replace(book, law=law))
    for place, fact in enumerate(book.derived):
        for how, others in derived_mutants(fact, book.facts[fact.name].kind) if fact.name in own else ():
            derived = (*book.derived[:place], *others, *book.derived[place + 1 :])
            yield how, replace(scheme, rulebook=replace(book, derived=derived))


def plainly(controls: tuple[SettledControl, ...], facts: Mapping[str, FactValue]) -> dict[str, Outcome]:
    return {control.id: plain_outcome(control, facts) for control in controls}


class Examples:
    """The shipped examples, and how they judge a mutant."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        sources = [read(data, name) for name, data in files.items()]
        self.read = [(source, ExampleFile.model_validate(source.data)) for source in sources]

    def of(self, control: str) -> list[tuple[Source, ExampleFile]]:
        """The examples that ask about one control, and what they say of that one."""
        return [
            (source, file.model_copy(update={"examples": kept}))
            for source, file in self.read
            if (kept := tuple(only for example in file.examples for only in asking(example, control)))
        ]

    def catch(self, scheme: Scheme) -> bool:
        return any(self.differs(scheme, source, file) for source, file in self.read)

    @staticmethod
    def differs(scheme: Scheme, source: Source, file: ExampleFile) -> bool:
        proof = Proof()
        _Prover(scheme, source, proof).run(file)
        return bool(proof.faults)


def asking(example: WorkedExample, control: str) -> Iterator[WorkedExample]:
    then = {asked: outcome for asked, outcome in example.then.items() if asked.partition("@")[0] == control}
    if then:
        yield example.model_copy(update={"then": then})


def caught(scheme: Scheme, examples: Examples, own: frozenset[str]) -> Iterator[tuple[str, bool]]:
    """Each mutant of some controls, values and worked-out facts, and whether the examples catch it."""
    book = scheme.rulebook
    for name in book.controls.keys() & own:
        control, asked = book.controls[name], examples.of(name)
        yield f"{name}: left out", bool(asked)
        for how, changed in control_mutants(control):
            mutant = replace(scheme, rulebook=replace(book, controls={name: changed}))
            yield how, any(examples.differs(mutant, source, file) for source, file in asked)
    for how, mutant in mutants_of_the_law(scheme, own):
        yield how, examples.catch(mutant)


def proved_with(library: Library, name: str) -> frozenset[str]:
    """What is declared in a scheme's packs that none of the schemes before it has: each pack is proved once."""
    before = {file for other in library.schemes() if other < name for file in library.bundle(other).files}
    declared = [read(data, file).data for file, data in library.bundle(name).files.items() if file not in before]
    return frozenset(one for pack in declared for key in ("controls", "values", "derived") for one in pack.get(key, ()))


@pytest.mark.long
@pytest.mark.parametrize("name", Library.of([]).schemes())
def test_the_examples_notice_every_wrong_control_value_and_worked_out_fact(
    name: str, library: Library, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(engine, "outcomes", plainly)
    scheme, examples = library.scheme(name), Examples(library.examples(name))
    assert not examples.catch(scheme)
    found = list(caught(scheme, examples, proved_with(library, name)))
    missed = sorted(mutant for mutant, is_caught in found if not is_caught)
    equivalent = sorted(mutant for mutant, _ in found if mutant in EQUIVALENT)
    made = len(found) - len(equivalent)
    wanting = [mutant for mutant in missed if mutant not in equivalent]
    with capsys.disabled():
        sys.stdout.write(f"\nmutants of the law of {name} caught by its examples: {made - len(wanting)} of {made}\n")
    assert wanting == []
    assert missed == equivalent, "a mutant on the list of equivalents is caught after all: strike it out"


def test_every_equivalent_is_a_mutant_of_something_that_is_declared(library: Library) -> None:
    declared = frozenset[str]().union(*(proved_with(library, name) for name in library.schemes()))
    strange = [mutant for mutant in EQUIVALENT if mutant.replace(":", " ").split()[0] not in declared]
    assert strange == []


def test_every_control_value_and_worked_out_fact_of_every_scheme_is_proved_with_some_scheme(library: Library) -> None:
    proved = frozenset[str]().union(*(proved_with(library, name) for name in library.schemes()))
    for name in library.schemes():
        book = library.scheme(name).rulebook
        assert {*book.controls, *book.law.values, *(fact.name for fact in book.derived)} <= proved
