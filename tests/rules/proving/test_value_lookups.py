"""Only examples that look up another figure can notice a changed value; all the others are not judged again."""

from dataclasses import replace
from datetime import date

import pytest

from rules.judging.judge import plain_outcome
from rules.judging.rulebook import Rulebook
from rules.language.dated_values import DatedValue
from rules.language.derived_facts import add_derived_facts
from rules.proving.example_run import ExampleRun, Expectation
from rules.proving.mutations import run_mutants
from rules.proving.rulebook_index import index_rulebook
from rules.proving.value_lookups import ValueLookups
from rules.values.evidence import Evidence
from rules.values.facts import CASE, DAY_OF_ACT, FactValue
from tests.rules.pack_builders import controls_yaml, small_rulebook

VALUE = "limit.by_colour"
DERIVED = "derived:\n  number.limit: {label: The limit, look_up: limit.by_colour}\n"


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    """One control compares a fact with the value, and the other with a derived fact that has its figure."""
    bodies = {
        "a_direct": "requires: {number: {reaches: {value: limit.by_colour}}}",
        "a_derived": "requires: {number: {at_least: {fact: number.limit}}}",
    }
    return small_rulebook(controls_yaml(**bodies), DERIVED)


def run_of(rulebook: Rulebook, control: str, colour: str | None, number: int, on: date) -> ExampleRun:
    """An example of one control, which comes out as the rulebook says."""
    facts: dict[str, FactValue] = {"number": number, DAY_OF_ACT: on}
    if colour:
        facts["colour"] = colour
    evidence = add_derived_facts(Evidence(facts, {}), rulebook.derived_facts, rulebook.law)
    resolved = rulebook.resolve_control(rulebook.controls[control], evidence.case_facts)
    outcome = plain_outcome(resolved, evidence.case_facts)
    return ExampleRun(f"{colour} {number} {on}", "x.yaml", (Expectation(control, CASE, outcome),), evidence)


def runs_of(rulebook: Rulebook) -> list[ExampleRun]:
    """Examples of both controls, on both sides of each figure and day."""
    return [
        run_of(rulebook, control, colour, number, on)
        for control in rulebook.controls
        for colour in ("red", "green", "blue", None)
        for number in (4, 5, 8, 9)
        for on in (date(2017, 12, 31), date(2018, 1, 1))
    ]


def noticing(rulebook: Rulebook, control: str, changed: DatedValue) -> set[str]:
    """The examples that look up another figure in a changed value."""
    runs = runs_of(rulebook)
    examples = {
        name: [(run, run.expectations[0]) for run in runs if run.expectations[0].control == name]
        for name in rulebook.controls
    }
    lookups = ValueLookups.of(VALUE, index_rulebook(rulebook), examples)
    return {run.name for run, _ in lookups.examples_of_other_figures(control, changed)}


def with_row(rulebook: Rulebook, place: int, **update: object) -> DatedValue:
    """The value with one of its rows changed."""
    value = rulebook.law.values[VALUE]
    history = list(value.history)
    history[place] = history[place].model_copy(update=update)
    return value.model_copy(update={"history": tuple(history)})


@pytest.mark.parametrize("control", ["a.direct", "a.derived"])
class TestExamplesOfOtherFigures:
    def test_another_figure_is_noticed_by_its_choice_while_it_is_in_force(
        self, rulebook: Rulebook, control: str
    ) -> None:
        found = noticing(rulebook, control, with_row(rulebook, 0, figure=6))
        assert found == {f"red {number} 2018-01-01" for number in (4, 5, 8, 9)}

    def test_another_first_day_is_noticed_on_the_days_between(self, rulebook: Rulebook, control: str) -> None:
        found = noticing(rulebook, control, with_row(rulebook, 1, first=date(2017, 12, 31)))
        assert found == {f"green {number} 2017-12-31" for number in (4, 5, 8, 9)}

    def test_the_same_value_is_noticed_by_none(self, rulebook: Rulebook, control: str) -> None:
        assert noticing(rulebook, control, with_row(rulebook, 0, figure=5)) == set()


def test_the_mutants_are_those_that_all_examples_together_notice(
    rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = runs_of(rulebook)
    some = [run for run in runs if "9" not in run.name]
    found = [list(run_mutants(rulebook, given)) for given in (runs, some)]
    monkeypatch.setattr(
        ValueLookups,
        "examples_of_other_figures",
        lambda self, control, _: [(one.run, one.expectation) for one in self.by_control[control]],
    )
    assert found == [list(run_mutants(rulebook, given)) for given in (runs, some)]
    missed = {mutant.name for mutant in found[1] if mutant.name.startswith(VALUE) and not mutant.caught}
    assert any("green: figure" in name for name in missed)


def test_a_day_known_within_bounds_alone_may_notice_anything(rulebook: Rulebook) -> None:
    run = run_of(rulebook, "a.direct", "red", 5, date(2018, 1, 1))
    case_facts = {fact: value for fact, value in run.evidence.case_facts.items() if fact != DAY_OF_ACT}
    bounded = {**case_facts, f"{DAY_OF_ACT}..low": date(2017, 1, 1), f"{DAY_OF_ACT}..high": date(2019, 1, 1)}
    run = replace(run, evidence=Evidence(bounded, {}))
    lookups = ValueLookups.of(VALUE, index_rulebook(rulebook), {"a.direct": [(run, run.expectations[0])]})
    unchanged = rulebook.law.values[VALUE]
    assert list(lookups.examples_of_other_figures("a.direct", unchanged)) == [(run, run.expectations[0])]
