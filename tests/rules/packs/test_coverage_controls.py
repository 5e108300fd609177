"""What the packs do not hold: its outcome, what it does at a gate, and which rows are refused."""

from datetime import date

import pytest

from rules.judging import durable_adapter
from rules.judging.findings import Finding, Ruling
from rules.judging.judge import judge_evidence, plain_outcome
from rules.judging.rulebook import Rulebook
from rules.language.conditions import AllOf
from rules.values.evidence import Evidence
from rules.values.facts import FactValue
from tests.rules.pack_builders import FACTS_YAML, PACK_HEADER, controls_yaml, pack_faults, small_rulebook

NAME = "not_held.small_paint"
ROW = """coverage:
  paint:
    provisions: [ss.4 to 6]
    about: Red things have rules of their own.
    status: not_held
    when: {colour: {is: red}}
    gates: [submit]
    in_force: {from: 2018-01-01, to: 2018-12-31}
    citation: {provision: ss.4 to 6, basis: read}
"""
HELD = controls_yaml(a_b="requires: {urgent: {is: true}}")


def finding(facts: dict[str, FactValue], row: str = ROW, on: date = date(2018, 4, 16)) -> Finding:
    rules = small_rulebook(row)
    judged = judge_evidence(rules, "submit", Evidence({"act.on": on, **facts}))
    return {found.control: found for found in judged.findings}[NAME]


def ruling(rules: Rulebook, facts: dict[str, FactValue]) -> Ruling:
    judged = judge_evidence(rules, "submit", Evidence({"act.on": date(2018, 4, 16), **facts}))
    return Ruling("C", "submit", "submit", "d", {}, {}, judged)


class TestOutcome:
    @pytest.mark.parametrize(
        ("facts", "outcome"),
        [({"colour": "red"}, "not_held"), ({"colour": "green"}, "not_applicable"), ({}, "undetermined")],
    )
    def test_it_follows_from_when(self, facts: dict[str, FactValue], outcome: str) -> None:
        assert finding(facts).outcome == outcome

    @pytest.mark.parametrize(
        ("day", "outcome"),
        [
            (date(2017, 12, 31), "not_applicable"),
            (date(2018, 1, 1), "not_held"),
            (date(2018, 12, 31), "not_held"),
            (date(2019, 1, 1), "not_applicable"),
        ],
    )
    def test_it_is_judged_on_its_days_in_force(self, day: date, outcome: str) -> None:
        assert finding({"colour": "red"}, on=day).outcome == outcome

    def test_each_evaluator_gives_it_by_itself(self) -> None:
        control = small_rulebook(ROW).controls[NAME].as_resolved
        for facts, outcome in (({"colour": "red"}, "not_held"), ({"colour": "blue"}, "not_applicable")):
            known: dict[str, FactValue] = {"act.on": date(2018, 4, 16), **facts}
            assert plain_outcome(control, known) == outcome
            assert durable_adapter.durable_outcomes((control,), known) == {NAME: outcome}

    def test_an_unknown_day_leaves_it_undetermined(self) -> None:
        rules = small_rulebook(ROW.replace("    gates", "    governed_by: due\n    gates"))
        judged = judge_evidence(rules, "submit", Evidence({"act.on": date(2018, 4, 16), "colour": "red"}))
        assert [(found.outcome, found.missing) for found in judged.findings] == [("undetermined", ("due",))]

    def test_a_dated_figure_can_decide_it(self) -> None:
        row = ROW.replace("{colour: {is: red}}", "{value: {reaches: {value: limit}}}")
        rules = small_rulebook(row)
        assert rules.controls[NAME].is_dated
        assert not rules.resolve_control(rules.controls[NAME], {"act.on": date(2018, 4, 16)}).is_held

    def test_it_is_looked_at_of_each_of_a_kind_of_thing(self) -> None:
        row = ROW.replace("{colour: {is: red}}", "{exemption.section: {is: s43}}").replace(
            "    gates", "    of: exemption\n    gates"
        )
        subjects = {"exemption:a": {"exemption.section": "s43"}, "exemption:b": {"exemption.section": "s40"}}
        evidence = Evidence({"act.on": date(2018, 4, 16)}, subjects)
        found = judge_evidence(small_rulebook(row), "submit", evidence).findings
        assert {each.subject: each.outcome for each in found} == {
            "exemption:a": "not_held",
            "exemption:b": "not_applicable",
        }


class TestAtAGate:
    def test_it_warns_and_says_what_to_read(self) -> None:
        found = finding({"colour": "red"})
        assert (found.severity, found.blocks_gate, found.supports_opening, found.needs_attention) == (
            "warning",
            False,
            False,
            True,
        )
        told = found.as_json()
        assert told["outcome"] == "not_held"
        assert told["requirement"] == "Red things have rules of their own."
        assert told["wrong"] == "No rule is held here for ss.4 to 6."
        assert told["cure"].startswith("Read ss.4 to 6 of The Small Act 2018.")
        assert [(fact["fact"], fact["actual"]) for fact in told["facts"]] == [
            ("act.on", "16 April 2018"),
            ("act.on", "16 April 2018"),
            ("colour", "Red"),
        ]

    def test_a_gate_without_anything_satisfied_stays_shut(self) -> None:
        assert not ruling(small_rulebook(ROW), {"colour": "red"}).is_open

    def test_it_shuts_no_gate_that_something_else_opens(self) -> None:
        rules = small_rulebook(HELD, ROW)
        assert ruling(rules, {"colour": "red", "urgent": True}).is_open
        assert not ruling(rules, {"colour": "red", "urgent": False}).is_open

    def test_what_is_held_in_part_says_what_it_lacks(self) -> None:
        row = ROW.replace("status: not_held", "status: partly\n    lacks: What paint is red.")
        assert finding({"colour": "red"}, row).wrong == "No rule is held here for ss.4 to 6. What paint is red."

    def test_a_row_without_when_is_no_control(self) -> None:
        held = "{provisions: [s.1], about: The first., status: held, citation: {provision: s.1, basis: read}}"
        assert small_rulebook(f"coverage:\n  paint: {held}\n").controls == {}


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("old", "new", "words"),
        [
            ("status: not_held", "status: held", "is held, so it has neither `when` nor `lacks`"),
            ("status: not_held", "status: not_for_us", "is not_for_us, so it has neither"),
            ("status: not_held", "status: partly", "is held in part, so `lacks` must say what is not judged"),
            ("    when: {colour: {is: red}}\n", "", "is not held, so `when` must say"),
            ("    gates: [submit]\n", "", "needs `gates` and `in_force` with `when`"),
            ("ss.4 to 6]", "the paint]", "names no provision, such as `s.12`"),
            ("{is: red}", "{is: rot}", "'rot' is not one of red"),
            ("gates: [submit]", "gates: [fly]", "fly is not a gate"),
            ("status: not_held", "status: unsure", "must be 'held', 'partly', 'not_held' or 'not_for_us'"),
        ],
    )
    def test_a_row_that_says_too_little_or_too_much(self, old: str, new: str, words: str) -> None:
        assert old in ROW
        faults = pack_faults(PACK_HEADER + FACTS_YAML + ROW.replace(old, new, 1))
        assert any(words in fault.message and fault.key.startswith("coverage.paint") for fault in faults), faults


def test_the_condition_of_what_is_not_held_is_no_requirement() -> None:
    control = small_rulebook(ROW).controls[NAME]
    assert isinstance(control.applies, AllOf)
    assert (control.is_held, control.is_generated) == (False, True)
