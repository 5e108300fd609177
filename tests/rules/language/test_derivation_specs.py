"""Each function of derived facts rests on exactly what its row names: dependency order and exemption trust that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

import pytest
from pydantic import BaseModel

from rules.judging.rulebook import Rulebook
from rules.language.conditions import UnresolvedValue, values_in
from rules.language.dated_values import DatedFigure
from rules.language.derivation_context import DerivationContext, DerivedFact
from rules.language.derivation_schema import DERIVATION_FUNCTIONS, DerivedDeclaration
from rules.language.derivation_specs import FUNCTION_SPECS
from rules.language.derived_facts import add_derived_facts
from rules.language.law import Law
from rules.values.bounds import plain_name
from rules.values.evidence import Evidence
from rules.values.facts import CASE, FactDeclaration, Facts, FactValue, kind_of_subject
from rules.values.money import Money, Vat
from tests.rules.pack_builders import FACTS_YAML, VALUES_YAML, small_rulebook

MORE_VALUES = """\
  vat.rate:
    kind: count
    label: Rate of VAT
    unit: tenths_of_a_percent
    history: [{from: 2000-01-01, is: 200, citation: {provision: s 1, basis: read}}]
  share:
    kind: count
    label: Share
    unit: percent
    history: [{from: 2000-01-01, is: 50, citation: {provision: s 1, basis: read}}]
"""
EVERY_FUNCTION = """
derived:
  d.sum: {label: Dd, sum: [number, other]}
  d.calendar_days: {label: Dd, calendar_days: {from: due, to: done}}
  d.clear_days: {label: Dd, clear_days: {from: due, to: done}}
  d.working_days: {label: Dd, working_days: {from: due, to: done}}
  d.clear_working_days: {label: Dd, clear_working_days: {from: due, to: done}}
  d.day_after: {label: Dd, day_after: {day: due, clear_working_days: {value: limit.by_colour}}}
  d.day_before: {label: Dd, day_before: {day: due, calendar_days: {fact: number}}}
  d.is_working_day: {label: Dd, is_working_day: due}
  d.day_off: {label: Dd, day_off: due}
  d.end_of_years: {label: Dd, end_of_years: {day: due, years: [limit.by_colour, years]}}
  d.count: {label: Dd, count: {of: exemption, where: {exemption.section: {is: s43}}}}
  recommendation.counted:
    label: Dd
    count: {of: exemption, same: recommendation.matter, as: exemption.reason, where: {exemption.until: {known: true}}}
  recommendation.counterpart:
    label: Dd
    counterpart:
      take: recommendation.verb
      same: recommendation.matter
      where: {recommendation.cost: {reaches: {value: limit}}}
  d.look_up: {label: Dd, look_up: limit.by_colour}
  d.choose:
    label: Dd
    choices: {yes: 'Yes', no: 'No'}
    choose: {lines: [{when: {value: {reaches: {value: limit}}}, then: 'yes'}], otherwise: 'no'}
  d.mentions: {label: Dd, mentions: {in: [reason, comment], any_of: [[one, two], three]}}
  d.numbering_gap:
    label: Dd
    numbering_gap:
      number: recommendation.number
      letter: recommendation.letter
      where: {recommendation.body: {is: board}}
  d.percent_of: {label: Dd, percent_of: {part: number, whole: other}}
  d.share_of: {label: Dd, share_of: {of: number, parts: years, divided_by: limit.by_colour}}
  d.together: {label: Dd, together: {own: value, with: recommendation.cost}}
  d.on_basis: {label: Dd, on_basis: {amount: budget, value: limit, rate: vat.rate}}
  d.portion: {label: Dd, portion: {of: value, percent: share}}
  d.malformed_amount: {label: Dd, malformed_amount: {in: [reason], each: [recommendation.matter]}}
  d.amount_above: {label: Dd, amount_above: {in: [reason], each: [recommendation.matter], value: limit}}
  d.amounts_apart:
    label: Dd
    amounts_apart: {in: [reason], each: [recommendation.matter], beside: [comment], percent: 1}
  d.amount_not_explained:
    label: Dd
    amount_not_explained:
      in: [reason]
      each: [recommendation.matter]
      beside: [comment]
      where: {recommendation.body: {is: board}}
  d.parts_off_total: {label: Dd, parts_off_total: {in: [reason]}}
  d.words_apart:
    label: Dd
    words_apart: {in: [reason], beside_each: [recommendation.matter], pairs: [{one: [a], other: [b]}]}
  d.counts_apart: {label: Dd, counts_apart: {in: [reason], beside: [comment], nouns: [a]}}
  d.periods_apart: {label: Dd, periods_apart: {in: [reason], beside_each: [recommendation.matter]}}
  d.repeated_words: {label: Dd, repeated_words: {each: [recommendation.matter]}}
  d.broken_words: {label: Dd, broken_words: {each: [recommendation.matter]}}
  d.impossible_days: {label: Dd, impossible_days: {each: [recommendation.matter]}}
  d.dangling_number: {label: Dd, dangling_number: {in: [reason, comment]}}
  d.other_reference: {label: Dd, other_reference: {in: [reason], reference: comment}}
  d.amount_before: {label: Dd, amount_before: {in: [reason], each: [recommendation.matter], words: [is small]}}
  d.day_in_text: {label: Dd, day_in_text: {in: [reason], each: [recommendation.matter], after: [ends]}}
  recommendation.opening_verb:
    label: Dd
    choices: {decides: Decides, item: An item, missing: Missing}
    opening_verb:
      of: recommendation.matter
      stated: recommendation.verb
      number: recommendation.number
      letter: recommendation.letter
      verbs: {decides: [approve, note]}
      item: item
      otherwise: missing
"""
MORE_FACTS = """\
  recommendation.number: {kind: count, label: Number}
  recommendation.letter: {kind: text, label: Letter}
"""


class RecordingFacts(dict[str, FactValue]):
    """Facts that record which of them were looked up; to look up the bounds of one is to look it up."""

    def __init__(self, facts: Facts, read: set[str]) -> None:
        super().__init__(facts)
        self.read = read

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 - as a dict has it
        self.read.add(plain_name(name))
        return super().get(name, default)

    def __getitem__(self, name: str) -> FactValue:
        self.read.add(plain_name(name))
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self.read.add(plain_name(str(name)))
        return super().__contains__(name)


@dataclass(frozen=True, slots=True, eq=False)
class RecordingLaw(Law):
    """Law that records which dated values were looked up."""

    read: set[str] = field(default_factory=set)

    def figure_in_force(self, name: str, facts: Facts, governed_by: str) -> DatedFigure | UnresolvedValue:
        self.read.add(name)
        return super(RecordingLaw, self).figure_in_force(name, facts, governed_by)


def random_value(random: Random, declaration: FactDeclaration) -> FactValue:
    choices: dict[str, list[FactValue]] = {
        "money": [Money(pence, vat) for pence in (0, 49_999, 50_000, 10**9) for vat in Vat],
        "count": [0, 1, 2, 3],
        "flag": [True, False],
        "day": [date(2018, 3, 30), date(2019, 5, 1), date(2030, 1, 1)],
        "choice": list(declaration.choices),
        "text": ["one and two", "three", "a", "b"],
    }
    return random.choice(choices[declaration.kind])


def random_evidence(seed: int, rulebook: Rulebook) -> Evidence:
    """Some facts of a case and of two subjects of each kind; about half are missing."""
    random = Random(seed)  # noqa: S311 - the same evidence at each run
    by_kind: dict[str, list[str]] = {}
    for name in rulebook.facts:
        by_kind.setdefault(rulebook.facts.subject_kind_of(name), []).append(name)

    def some(kind: str) -> dict[str, FactValue]:
        names = [name for name in by_kind.get(kind, ()) if random.random() < 0.6]
        return {name: random_value(random, rulebook.facts[name]) for name in names}

    kinds = [kind for kind in by_kind if kind != CASE]
    subjects = {f"{kind}:{key}": some(kind) for kind in kinds for key in ("a", "b")}
    return Evidence(some(CASE), subjects)


def reads_of(derived: DerivedFact, evidence: Evidence, law: Law) -> tuple[set[str], set[str]]:
    """Return the facts and the dated values that a function looks up for every subject."""
    facts_read: set[str] = set()
    recording_law = RecordingLaw(law.values, law.calendar)
    by_kind: dict[str, dict[str, Facts]] = {CASE: {CASE: RecordingFacts(evidence.case_facts, facts_read)}}
    for subject in evidence.subjects:
        recorded = RecordingFacts(evidence.facts_of(subject), facts_read)
        by_kind.setdefault(kind_of_subject(subject), {})[subject] = recorded
    for facts in by_kind.get(derived.subject_kind, {}).values():
        derived.compute(DerivationContext(by_kind, recording_law, derived.governed_by, derived.related_kind), facts)
    return facts_read, recording_law.read


@pytest.fixture(scope="module")
def every_function() -> Rulebook:
    return small_rulebook(EVERY_FUNCTION, facts=FACTS_YAML + MORE_FACTS, values=VALUES_YAML + MORE_VALUES)


def test_the_pack_of_these_tests_uses_each_function(every_function: Rulebook) -> None:
    functions = {derived.name.partition(".")[2] for derived in every_function.derived_facts}
    assert functions - {"counted"} == set(DERIVATION_FUNCTIONS)


@pytest.mark.parametrize("seed", range(40))
def test_a_function_looks_up_no_fact_or_value_that_its_row_does_not_name(every_function: Rulebook, seed: int) -> None:
    law = every_function.law
    evidence = random_evidence(seed, every_function)
    for derived in every_function.derived_facts:
        facts, values = reads_of(derived, evidence, law)
        dated = {*derived.values, *values_in(*derived.conditions)}
        selectors = (
            {derived.governed_by, *(fact for value in dated for fact in law.values[value].by)} if dated else set()
        )
        assert facts <= {*derived.inputs, *selectors}, derived.name
        assert selectors <= set(derived.inputs), derived.name
        assert values <= dated, derived.name


def test_each_named_fact_is_looked_up_for_some_evidence(every_function: Rulebook) -> None:
    evidences = [random_evidence(seed, every_function) for seed in range(120)]
    for derived in every_function.derived_facts:
        read: set[str] = set()
        for evidence in evidences:
            read |= reads_of(derived, evidence, every_function.law)[0]
        assert read == set(derived.inputs), derived.name


@pytest.mark.parametrize("seed", range(20))
def test_a_value_that_is_derived_is_of_the_declared_kind(every_function: Rulebook, seed: int) -> None:
    types = {"money": Money, "count": int, "flag": bool, "day": date, "choice": str, "text": str}
    evidence = add_derived_facts(
        random_evidence(seed, every_function), every_function.derived_facts, every_function.law
    )
    for derived in every_function.derived_facts:
        declaration = every_function.facts[derived.name]
        for subject in evidence.subjects_of_kind(derived.subject_kind):
            value = evidence.facts_of(subject).get(derived.name)
            if value is not None:
                assert type(value) is types[declaration.kind], derived.name
                assert not declaration.choices or value in declaration.choices


class TestRowsAndSchema:
    def test_the_rows_are_the_keys_of_the_schema_in_its_order(self) -> None:
        keys = [name for name in DerivedDeclaration.model_fields if name not in ("label", "choices", "governed_by")]
        assert list(FUNCTION_SPECS) == keys == list(DERIVATION_FUNCTIONS)

    @pytest.mark.parametrize("name", DERIVATION_FUNCTIONS)
    def test_a_function_with_a_condition_in_the_schema_has_it_in_its_row(self, name: str) -> None:
        arguments = _stand_in_arguments(name)
        models = [*_models_below(arguments)] if isinstance(arguments, BaseModel) else []
        raw = [getattr(model, key) for model in models for key in ("where", "when") if key in type(model).model_fields]
        assert [condition for _, condition in FUNCTION_SPECS[name].conditions(arguments)] == raw

    @pytest.mark.parametrize("name", DERIVATION_FUNCTIONS)
    def test_each_name_in_the_arguments_is_an_input_a_value_or_a_choice(self, name: str) -> None:
        spec, arguments = FUNCTION_SPECS[name], _stand_in_arguments(name)
        named = {*spec.inputs(arguments), *spec.values(arguments), *spec.kind_sources(arguments)}
        named |= set(spec.outcomes(arguments, {})) if name == "choose" else set()
        assert named == {text for text in _texts_below(arguments) if text.startswith("name.")}


STAND_INS: dict[str, object] = {
    "sum": ["name.a", "name.b"],
    "calendar_days": {"from": "name.a", "to": "name.b"},
    "clear_days": {"from": "name.a", "to": "name.b"},
    "working_days": {"from": "name.a", "to": "name.b"},
    "clear_working_days": {"from": "name.a", "to": "name.b"},
    "day_after": {"day": "name.a", "clear_days": {"value": "name.b"}},
    "day_before": {"day": "name.a", "working_days": {"fact": "name.b"}},
    "is_working_day": "name.a",
    "day_off": "name.a",
    "end_of_years": {"day": "name.a", "years": ["name.b", "name.c"]},
    "count": {"of": "exemption", "same": "name.a", "as": "name.b", "where": {"x": {"is": 1}}},
    "counterpart": {"take": "name.a", "same": "name.b", "where": {"x": {"is": 1}}},
    "look_up": ["name.a", "name.b"],
    "choose": {
        "lines": [{"when": {"x": {"is": 1}}, "then": "name.a"}, {"when": {"x": {"is": 2}}, "then": "name.b"}],
        "otherwise": "name.c",
    },
    "mentions": {
        "in": ["name.a", "name.b"], "each": ["name.c"], "any_of": ["words"], "unless": ["others"], "beside": ["name.d"],
        "unless_amount": ["name.e"], "unless_stated": ["name.f"],
    },
    "numbering_gap": {"number": "name.a", "letter": "name.b", "where": {"x": {"is": 1}}},
    "percent_of": {"part": "name.a", "whole": "name.b"},
    "share_of": {"of": "name.a", "parts": "name.b", "divided_by": "name.c"},
    "together": {"own": "name.a", "with": "name.b"},
    "on_basis": {"amount": "name.a", "value": "name.b", "rate": "name.c"},
    "portion": {"of": "name.a", "percent": "name.b"},
    "malformed_amount": {"in": ["name.a"], "each": ["name.b"]},
    "amount_above": {"in": ["name.a"], "each": ["name.b"], "value": "name.c"},
    "amount_before": {"in": ["name.a"], "each": ["name.b"], "words": ["is small"]},
    "amounts_apart": {
        "in": ["name.a"], "each": ["name.b"], "beside": ["name.c"], "beside_each": ["name.d"], "percent": 1,
    },
    "amount_not_explained": {
        "in": ["name.a"], "each": ["name.b"], "beside": ["name.c"], "beside_each": ["name.d"],
        "where": {"x": {"is": 1}},
    },
    "parts_off_total": {"in": ["name.a"], "each": ["name.b"]},
    "words_apart": {
        "in": ["name.a"], "each": ["name.b"], "beside": ["name.c"], "beside_each": ["name.d"],
        "pairs": [{"one": ["a"], "other": ["b"]}],
    },
    "counts_apart": {
        "in": ["name.a"], "each": ["name.b"], "beside": ["name.c"], "beside_each": ["name.d"], "nouns": ["a"],
    },
    "periods_apart": {"in": ["name.a"], "each": ["name.b"], "beside": ["name.c"], "beside_each": ["name.d"]},
    "repeated_words": {"in": ["name.a"], "each": ["name.b"]},
    "broken_words": {"in": ["name.a"], "each": ["name.b"]},
    "impossible_days": {"in": ["name.a"], "each": ["name.b"]},
    "dangling_number": {"in": ["name.a"], "each": ["name.b"]},
    "other_reference": {"in": ["name.a"], "each": ["name.b"], "reference": "name.c"},
    "day_in_text": {"in": ["name.a"], "each": ["name.b"], "after": ["on"]},
    "opening_verb": {
        "of": "name.a", "stated": "name.b", "number": "name.c", "letter": "name.d",
        "verbs": {"a": ["b"]}, "item": "c", "otherwise": "d",
    },
}  # fmt: skip


def _stand_in_arguments(name: str) -> Any:  # noqa: ANN401 - of any function
    return getattr(DerivedDeclaration.model_validate({"label": "A fact", name: STAND_INS[name]}), name)


def _models_below(model: BaseModel) -> Iterator[BaseModel]:
    yield model
    for value in vars(model).values():
        for inner in value if isinstance(value, tuple) else (value,):
            if isinstance(inner, BaseModel):
                yield from _models_below(inner)


def _texts_below(arguments: object) -> Iterator[str]:
    if isinstance(arguments, str):
        yield arguments
    elif isinstance(arguments, tuple):
        for inner in arguments:
            yield from _texts_below(inner)
    elif isinstance(arguments, BaseModel):
        yield from _texts_below(tuple(vars(arguments).values()))
