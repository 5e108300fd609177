"""The smallest change of one fact that turns a finding, checked against every value of a small range."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rules.counterfactual.search import change_as_json, find_nearest_changes, format_change
from rules.counterfactual.trial import CounterfactualContext, FactChange
from rules.judging.rulebook import Rulebook
from rules.values.evidence import Evidence
from rules.values.facts import FactValue
from rules.values.money import Money, Vat
from tests.gate_findings import gate_findings
from tests.rules.pack_builders import control_yaml, ex_vat, inc_vat, small_rulebook

DERIVED = """
derived:
  days.late: {label: Days late, working_days: {from: due, to: done}}
  due.working: {label: Is a working day, is_working_day: due}
  both: {label: Both numbers, sum: [number, other]}
  together: {label: Value and budget, sum: [value, budget]}
  end: {label: End of the years, end_of_years: {day: done, years: years}}
  boards: {label: To the board, count: {of: recommendation, where: {recommendation.body: {is: board}}}}
  dear: {label: Dear ones, count: {of: recommendation, where: {recommendation.cost: {at_least: £50 ex VAT}}}}
  kind:
    label: What kind
    choices: {small: Small, large: Large}
    choose: {lines: [{when: {number: {more_than: 7}}, then: large}], otherwise: small}
"""
LAWS = {
    "limit": "requires: {value: {falls_short_of: {value: limit}}}",
    "governed": "requires: {value: {reaches: {value: limit}}}\ngoverned_by: due",
    "by_colour": "requires: {number: {falls_short_of: {value: limit.by_colour}}}",
    "band": "requires: {number: {within: [3, 9]}}",
    "other_fact": "requires: {number: {more_than: {fact: other}}}",
    "days": "requires: {due: {before: {fact: done}}}",
    "late": "requires: {days.late: {at_most: 3}}",
    "working": "requires: {all: [{due.working: {is: true}}, {due: {after: 2018-03-29}}]}",
    "sum": "requires: {both: {at_most: 12}}",
    "sum_of_money": "requires: {together: {at_most: £600 ex VAT}}",
    "end": "requires: {end: {on_or_before: 2038-12-31}}",
    "boards": "requires: {boards: {is: 1}}",
    "dear": "requires: {dear: {at_least: 1}}",
    "kind": "requires: {kind: {is: large}}",
    "flags": "when: {urgent: {is: true}}\nrequires: {agreed: {is: true}}",
    "except": "requires: {colour: {one_of: [red, green]}}\nexcept: {number: {less_than: 4}}",
    "reason": "when: {colour: {is: red}}\nrequires: {reason: {known: true}}",
    "nothing": "requires: {reason: {known: false}}",
    "mixed": "requires: {any: [{number: {at_least: 20}}, {all: [{number: {at_most: 5}}, {urgent: {is: true}}]}]}",
}
RULES = small_rulebook(
    DERIVED, "controls:\n" + "".join(control_yaml(f"law.{name}", body) for name, body in LAWS.items())
)
MARGIN = 14
"""Days tried on either side of those in cases: the nearest change may lie there."""
DAYS = [date(2018, 3, 1) + timedelta(days=step) for step in range(-70 - MARGIN, 50 + MARGIN)]
RANGES: Mapping[str, list[FactValue]] = {
    "number": list(range(31)),
    "other": list(range(31)),
    "due": list(DAYS),
    "done": list(DAYS),
    "urgent": [True, False],
    "agreed": [True, False],
    "colour": ["red", "green", "blue"],
    "reason": ["…"],
    "value": [Money(pence, Vat.EXCLUDED) for pence in range(49_980, 50_020)],
    "budget": [Money(pence, Vat.EXCLUDED) for pence in range(9_980, 10_020)],
    "recommendation:a.body": ["board", "mayor"],
    "recommendation:b.body": ["board", "mayor"],
    "recommendation:a.cost": [Money(pence, Vat.EXCLUDED) for pence in range(4_980, 5_020)],
    "recommendation:b.cost": [Money(pence, Vat.EXCLUDED) for pence in range(4_980, 5_020)],
}
TURNING_OUTCOMES = {"breached": ("satisfied", "not_applicable"), "undetermined": ("satisfied", "not_applicable")}
Facts = dict[str, FactValue]


def make_context(rules: Rulebook, public: Facts, exempt: Facts | None = None) -> CounterfactualContext:
    """A case in which everything but the day of the act may be supposed otherwise."""
    evidence = Evidence.from_parts({"act.on": date(2018, 4, 16), **public}, exempt or {})
    derived = {fact.name for fact in rules.derived_facts}
    return CounterfactualContext(
        rules, evidence, lambda address, value: {address: value}, lambda fact: fact not in {"act.on", *derived}, {}
    )


def outcome(name: str, facts: Facts, rules: Rulebook = RULES) -> str | None:
    """The outcome by both evaluators, without the search."""
    findings = gate_findings(rules, None, Evidence.from_parts({"act.on": date(2018, 4, 16), **facts}, {}))
    return next((finding.outcome for finding in findings if finding.control == f"law.{name}"), None)


def turns(name: str, facts: Facts, change: FactChange, rules: Rulebook = RULES) -> bool:
    """Whether a change gives its stated outcome, and that outcome turns the finding.

    Every value is tried for a change to any value.
    """
    others = {address: value for address, value in facts.items() if address != change.address}
    values = RANGES[change.address] if change.new_value is None and change.kind == "state" else [change.new_value]
    changed = [others if value is None else {**others, change.address: value} for value in values]
    outcomes = {outcome(name, changed_facts, rules) for changed_facts in changed}
    return outcomes == {change.outcome} and outcomes <= {
        *TURNING_OUTCOMES.get(str(outcome(name, facts, rules)), ("breached",))
    }


def distance(left: FactValue, right: FactValue) -> int:
    """How far two values of one kind lie apart."""
    if isinstance(left, Money) and isinstance(right, Money):
        return abs(left.pence - right.pence)
    if isinstance(left, date) and isinstance(right, date):
        return abs((left - right).days)
    assert isinstance(left, int)
    assert isinstance(right, int)
    return abs(left - right)


def nearest_by_trying_all(name: str, facts: Facts, address: str) -> set[FactValue]:
    """The values in the range of a fact that turn the finding: the nearest, or every choice."""
    turning_outcomes = TURNING_OUTCOMES.get(str(outcome(name, facts)), ("breached",))
    others = [value for value in RANGES[address] if value != facts[address]]
    turning = [value for value in others if outcome(name, {**facts, address: value}) in turning_outcomes]
    if not turning or isinstance(facts[address], (bool, str)):
        return set(turning)
    shortest = min(distance(value, facts[address]) for value in turning)
    return {value for value in turning if distance(value, facts[address]) == shortest}


@st.composite
def cases(draw: st.DrawFn) -> Facts:
    """A case in which most facts are known."""
    facts: Facts = {}
    for address, values in RANGES.items():
        if draw(st.integers(0, 9)):
            facts[address] = draw(st.sampled_from(values[MARGIN:-MARGIN] if values == DAYS else values))
    return facts


def changes_for(name: str, facts: Facts) -> tuple[FactChange, ...]:
    """The changes that the search finds for a control."""
    return find_nearest_changes(make_context(RULES, facts), f"law.{name}", "case")


@pytest.mark.parametrize("name", LAWS)
@settings(max_examples=8)
@given(facts=cases())
def test_every_change_found_turns_the_finding(name: str, facts: Facts) -> None:
    for change in changes_for(name, facts):
        assert turns(name, facts, change), change


@pytest.mark.parametrize("name", LAWS)
@settings(max_examples=2)
@given(facts=cases())
@example(facts={"due": date(2018, 4, 19)})  # two days before a Saturday beyond the days of cases
def test_no_smaller_change_of_the_same_fact_turns_it(name: str, facts: Facts) -> None:
    """Every value in each fact's range is tried; a value beyond it is nearest only where none in it turns."""
    found: dict[str, set[Any]] = {}
    for change in changes_for(name, facts):
        if change.kind in ("shift", "choose"):
            found.setdefault(change.address, set()).add(change.new_value)
    for address in RULES.rules_for_controls(RULES.controls[f"law.{name}"]).relevant_facts & facts.keys():
        if address not in RANGES:
            continue
        found_in_range = {value for value in found.get(address, set()) if value in RANGES[address]}
        assert found_in_range == nearest_by_trying_all(name, facts, address), address


def test_a_change_to_a_penny_below_the_limit_has_its_distance() -> None:
    [change] = changes_for("limit", {"value": ex_vat(512)})
    assert (change.new_value, change.outcome) == (Money(49_999, Vat.EXCLUDED), "satisfied")
    assert format_change(change, RULES.facts) == "value £499.99 excluding VAT (£12.01 below what is stated) → satisfied"
    assert change_as_json(change) == {
        "fact": "value",
        "how": "shift",
        "from": "£512 excluding VAT",
        "to": "£499.99 excluding VAT",
        "difference": "£12.01 below what is stated",
        "outcome": "satisfied",
        "part_2": False,
    }


class TestEachKindOfFact:
    """The changes of each kind of fact, in the words that an officer reads."""

    @pytest.mark.parametrize(
        ("name", "facts", "words"),
        [
            ("days", {"due": date(2018, 3, 14), "done": date(2018, 3, 10)},
             ["done 15 March 2018 (5 days later than what is stated) → satisfied",
              "due 9 March 2018 (5 days earlier than what is stated) → satisfied"]),
            ("working", {"due": date(2018, 3, 30)},
             ["due 2 April 2018 (3 days later than what is stated) → satisfied"]),
            ("late", {"due": date(2018, 3, 26), "done": date(2018, 4, 3)},
             ["done 1 April 2018 (2 days earlier than what is stated) → satisfied",
              "due 28 March 2018 (2 days later than what is stated) → satisfied"]),
            ("sum", {"number": 9, "other": 10},
             ["other 3 (7 below what is stated) → satisfied", "number 2 (7 below what is stated) → satisfied"]),
            ("end", {"done": date(2019, 7, 1)},
             ["done 31 December 2018 (182 days earlier than what is stated) → satisfied"]),
            ("kind", {"number": 7}, ["number 8 (1 above what is stated) → satisfied"]),
            ("flags", {"urgent": True, "agreed": False}, ["agreed yes → satisfied", "urgent no → not applicable"]),
            ("except", {"colour": "blue", "number": 5},
             ["number 3 (2 below what is stated) → not applicable", "colour Red → satisfied",
              "colour Green → satisfied"]),
            ("reason", {"colour": "red"},
             ["reason stated → satisfied", "colour Green → not applicable", "colour Blue → not applicable"]),
            ("nothing", {"reason": "Because."}, ["reason taken out → satisfied"]),
            ("boards", {"recommendation:a.body": "board", "recommendation:b.body": "board"},
             ["recommendation:a.body Mayor → satisfied", "recommendation:b.body Mayor → satisfied",
              "recommendation:a.body taken out → satisfied", "recommendation:b.body taken out → satisfied"]),
        ],
    )  # fmt: skip
    def test_turning_changes_are_formatted(self, name: str, facts: Facts, words: list[str]) -> None:
        lines = [format_change(change, RULES.facts) for change in changes_for(name, facts)]
        assert sorted(lines) == sorted(words)

    def test_an_unknown_fact_is_stated(self) -> None:
        lines = [format_change(change, RULES.facts) for change in changes_for("days", {"due": date(2018, 3, 14)})]
        assert lines == [
            "done stated as 15 March 2018 → satisfied",
        ]

    def test_two_equally_near_values_are_both_found(self) -> None:
        shifts = [change.new_value for change in changes_for("band", {"number": 6}) if change.kind == "shift"]
        assert shifts == [2, 10]

    def test_an_amount_on_another_basis_is_restated(self) -> None:
        [change] = changes_for("limit", {"value": inc_vat(480)})
        assert (change.kind, change.new_value, change.outcome) == ("restate", ex_vat(480), "satisfied")

    def test_the_governing_day_is_tried_at_each_change_of_the_law(self) -> None:
        found = changes_for("governed", {"value": ex_vat(500), "due": date(2019, 5, 1)})
        assert [(change.address, change.new_value) for change in found] == [
            ("value", Money(60_001, Vat.EXCLUDED)),
            ("due", date(2018, 12, 31)),
        ]


class TestPart2:
    """A change of a finding that depends on Part 2 shows no value, of whatever fact."""

    def test_only_the_name_of_an_exempt_fact_is_shown(self) -> None:
        changes = find_nearest_changes(make_context(RULES, {}, {"value": ex_vat(512)}), "law.limit", "case")
        assert changes == (FactChange("value", "choose", is_redacted=True),)
        [line] = [format_change(change, RULES.facts) for change in changes]
        assert line == "value: another value would turn it (the finding hangs on what is held in Part 2)"
        assert change_as_json(changes[0]) == {
            "fact": "value", "how": None, "from": None, "to": None, "difference": "", "outcome": None, "part_2": True,
        }  # fmt: skip

    def test_a_public_fact_does_not_reveal_the_exempt_one_beside_it(self) -> None:
        changes = find_nearest_changes(make_context(RULES, {"number": 3}, {"other": 17}), "law.other_fact", "case")
        assert {change.address for change in changes} == {"number", "other"}
        assert all(change.is_redacted and change.new_value is None and change.old_value is None for change in changes)

    def test_a_public_part_of_a_sum_does_not_reveal_the_exempt_part(self) -> None:
        changes = find_nearest_changes(make_context(RULES, {"number": 9}, {"other": 10}), "law.sum", "case")
        assert [(change.address, change.new_value, change.is_redacted) for change in changes] == [
            ("number", None, True),
            ("other", None, True),
        ]

    def test_a_subject_that_only_part_2_knows_is_not_named(self) -> None:
        public: Facts = {"recommendation:a.body": "mayor"}
        exempt: Facts = {"recommendation:zebra.body": "mayor"}
        changes = find_nearest_changes(make_context(RULES, public, exempt), "law.boards", "case")
        assert {change.address for change in changes} == {"recommendation:a.body"}
        shown = "\n".join(f"{format_change(change, RULES.facts)}{change_as_json(change)}" for change in changes)
        assert "zebra" not in shown
        assert "board" not in shown.replace("boards", "")
