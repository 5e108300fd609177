"""Judging: outcomes, the facts shown with them, what is missing, and that nothing shown reveals Part 2."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import EngineError
from rules.judging import durable_adapter
from rules.judging.findings import ObservedFact, Ruling
from rules.judging.judge import judge_evidence
from rules.judging.resolved_control import ResolvedControl
from rules.judging.rulebook import Rulebook
from rules.language.schema_types import Outcome
from rules.values.evidence import IN_PART_2, Evidence
from rules.values.facts import FactValue
from tests.gate_findings import gate_findings
from tests.rules.pack_builders import (
    controls_yaml,
    ex_vat,
    finding_outcomes,
    findings_by_control,
    inc_vat,
    small_rulebook,
)
from tests.rules.smarter_working import decision_evidence, mopac_scheme

Facts = dict[str, FactValue]
IN_TIME = date(2018, 4, 16)


def rulebook_with(body: str, derived: str = "") -> Rulebook:
    """A rulebook with one control, a.b."""
    return small_rulebook(derived, controls_yaml(a_b=body))


def outcome_of(body: str, facts: Facts, exempt: Facts | None = None, derived: str = "") -> Outcome:
    """The outcome of the control a.b."""
    return findings_by_control(rulebook_with(body, derived), facts, exempt)["a.b"].outcome


class TestOutcomes:
    WHEN = "when: {number: {at_least: 5}}\nrequires: {urgent: {is: true}}"
    EXCEPT = "except: {agreed: {is: true}}\nrequires: {urgent: {is: true}}"
    BOTH = "when: {number: {at_least: 5}}\nexcept: {agreed: {is: true}}\nrequires: {urgent: {is: true}}"

    @pytest.mark.parametrize(
        ("body", "facts", "outcome"),
        [
            (WHEN, {"number": 5, "urgent": True}, "satisfied"),
            (WHEN, {"number": 5, "urgent": False}, "breached"),
            (WHEN, {"number": 4, "urgent": False}, "not_applicable"),
            (WHEN, {"number": 4}, "not_applicable"),
            (WHEN, {"number": 5}, "undetermined"),
            (WHEN, {"urgent": True}, "undetermined"),
            (WHEN, {}, "undetermined"),
            (EXCEPT, {"agreed": True}, "not_applicable"),
            (EXCEPT, {"agreed": False, "urgent": False}, "breached"),
            (EXCEPT, {"agreed": False, "urgent": True}, "satisfied"),
            (EXCEPT, {"urgent": True}, "undetermined"),
            (BOTH, {"number": 5, "agreed": True}, "not_applicable"),
            (BOTH, {"number": 4}, "not_applicable"),
            (BOTH, {"agreed": True}, "not_applicable"),
            (BOTH, {"number": 5, "agreed": False, "urgent": True}, "satisfied"),
        ],
    )
    def test_when_except_and_requires(self, body: str, facts: Facts, outcome: Outcome) -> None:
        assert outcome_of(body, facts) == outcome

    @pytest.mark.parametrize(
        ("on", "outcome"),
        [
            (date(2017, 12, 31), "not_applicable"),
            (date(2018, 1, 1), "satisfied"),
            (date(2018, 12, 31), "satisfied"),
            (date(2019, 1, 1), "not_applicable"),
            (None, "undetermined"),
        ],
    )
    def test_a_control_applies_on_its_days_by_its_governing_day(self, on: date | None, outcome: Outcome) -> None:
        rules = rulebook_with("in_force: {from: 2018-01-01, to: 2018-12-31}\nrequires: {urgent: {is: true}}")
        assert findings_by_control(rules, {"urgent": True}, on=on)["a.b"].outcome == outcome

    def test_a_day_other_than_that_of_the_act_may_govern(self) -> None:
        body = "governed_by: due\nin_force: {from: 2018-01-01}\nrequires: {urgent: {is: true}}"
        assert outcome_of(body, {"urgent": True, "due": date(2017, 12, 31)}) == "not_applicable"
        assert outcome_of(body, {"urgent": True, "due": date(2018, 1, 1)}) == "satisfied"
        assert outcome_of(body, {"urgent": True}) == "undetermined"

    @pytest.mark.parametrize(
        ("value", "on", "outcome"),
        [
            (ex_vat(500), IN_TIME, "breached"),
            (ex_vat(499), IN_TIME, "not_applicable"),
            (inc_vat(900), IN_TIME, "undetermined"),
            (ex_vat(600), date(2019, 1, 1), "not_applicable"),
            (ex_vat(601), date(2019, 1, 1), "breached"),
        ],
    )
    def test_a_limit_has_the_figure_and_operator_of_its_day(self, value: FactValue, on: date, outcome: Outcome) -> None:
        rules = rulebook_with("when: {value: {reaches: {value: limit}}}\nrequires: {urgent: {is: true}}")
        assert findings_by_control(rules, {"value": value, "urgent": False}, on=on)["a.b"].outcome == outcome

    def test_each_subject_is_judged_by_its_own_facts(self) -> None:
        rules = rulebook_with("of: exemption\nrequires: {exemption.reason: {known: true}}")
        findings = findings_by_control(rules, {"exemption:a.reason": "x", "exemption:b.section": "s43"})
        assert {name: finding.outcome for name, finding in findings.items()} == {
            "a.b@exemption:a": "satisfied",
            "a.b@exemption:b": "breached",
        }

    def test_a_case_without_subjects_has_no_findings_on_them(self) -> None:
        assert (
            findings_by_control(rulebook_with("of: exemption\nrequires: {exemption.reason: {known: true}}"), {}) == {}
        )

    def test_a_gate_judges_only_its_own_controls(self) -> None:
        rules = small_rulebook(
            controls_yaml(
                a_b="gates: [submit]\nrequires: {urgent: {is: true}}",
                a_c="gates: [decide]\nrequires: {urgent: {is: true}}",
            )
        )
        evidence = Evidence.from_parts({"act.on": IN_TIME, "urgent": True}, {})
        assert [finding.control for finding in gate_findings(rules, "decide", evidence)] == ["a.c"]
        assert [finding.control for finding in gate_findings(rules, None, evidence)] == ["a.b", "a.c"]
        assert gate_findings(rules, "publish", evidence) == ()


class TestExplanation:
    def test_a_breach_shows_the_expected_and_the_actual_value(self) -> None:
        findings = findings_by_control(
            rulebook_with("requires: {all: [{urgent: {is: true}}, {number: {at_least: 5}}]}"),
            {"urgent": True, "number": 4},
        )
        assert findings["a.b"].observed_facts == (ObservedFact("number", "is at least 5", "4"),)
        assert findings["a.b"].missing == ()

    def test_a_satisfied_control_shows_the_fact_that_satisfies_it(self) -> None:
        findings = findings_by_control(
            rulebook_with("requires: {any: [{urgent: {is: true}}, {number: {at_least: 5}}]}"),
            {"urgent": True, "number": 4},
        )
        assert findings["a.b"].observed_facts == (ObservedFact("urgent", "is yes", "yes"),)

    def test_a_control_that_does_not_apply_shows_the_fact_that_decides_it(self) -> None:
        findings = findings_by_control(
            rulebook_with("when: {number: {at_least: 5}}\nrequires: {urgent: {is: true}}"), {"number": 4}
        )
        assert findings["a.b"].observed_facts == (ObservedFact("number", "is at least 5", "4"),)

    def test_missing_facts_of_when_and_requires_are_named_once(self) -> None:
        body = (
            "when: {number: {at_least: 5}}\nrequires: {all: [{urgent: {is: true}}, {number: {at_most: {fact: other}}}]}"
        )
        assert findings_by_control(rulebook_with(body), {})["a.b"].missing == ("number", "urgent", "other")

    def test_facts_that_could_not_change_the_outcome_are_not_missing(self) -> None:
        body = "when: {number: {at_least: 5}}\nrequires: {urgent: {is: true}}"
        assert findings_by_control(rulebook_with(body), {"urgent": True})["a.b"].missing == ("number",)
        assert findings_by_control(rulebook_with(body), {"number": 5})["a.b"].missing == ("urgent",)

    def test_a_limit_not_in_force_is_named_with_its_first_day(self) -> None:
        rules = rulebook_with("in_force: {from: 2010-01-01}\nrequires: {value: {reaches: {value: limit}}}")
        finding = findings_by_control(rules, {"value": ex_vat(500)}, on=date(2017, 12, 31))["a.b"]
        assert finding.missing == ("limit on 2017-12-31, first in force on 2018-01-01",)
        assert finding.observed_facts == (ObservedFact("value", "reaches limit", "£500 excluding VAT"),)
        assert finding.cure == (
            f"The rules hold no figure for this: {finding.missing[0]}. Change the answer or its day if it is wrong. "
            "Otherwise ask whoever maintains them to add it."
        )

    def test_the_cure_names_a_missing_fact_by_its_address(self) -> None:
        rules = rulebook_with("of: exemption\nrequires: {exemption.section: {is: s43}}")
        finding = findings_by_control(rules, {"exemption:a.reason": "x"})["a.b@exemption:a"]
        assert (finding.missing, finding.cure) == (("exemption.section",), "Give “Section” (exemption:a.section).")

    def test_a_missing_vat_basis_is_named(self) -> None:
        finding = findings_by_control(rulebook_with("requires: {value: {at_most: £5 ex VAT}}"), {"value": inc_vat(5)})[
            "a.b"
        ]
        assert finding.missing == ("value excluding VAT",)

    def test_the_inputs_of_a_derived_fact_are_missing(self) -> None:
        derived = (
            "derived:\n  total: {label: Total, sum: [number, other]}\n  more: {label: More, sum: [total, number]}\n"
        )
        rules = rulebook_with("requires: {more: {at_least: 5}}", derived)
        assert findings_by_control(rules, {})["a.b"].missing == ("number", "other")
        assert findings_by_control(rules, {"number": 1})["a.b"].missing == ("other",)

    def test_a_derived_fact_with_known_inputs_is_itself_missing(self) -> None:
        rules = rulebook_with(
            "requires: {late: {at_most: 5}}", "derived:\n  late: {label: Late, working_days: {from: due, to: done}}\n"
        )
        far: Facts = {"due": date(2030, 1, 1), "done": date(2030, 1, 2)}
        assert findings_by_control(rules, far)["a.b"].missing == ("late",)

    def test_the_missing_facts_of_counted_subjects_are_named_by_address(self) -> None:
        derived = "derived:\n  s43: {label: Under 43, count: {of: exemption, where: {exemption.section: {is: s43}}}}\n"
        rules = rulebook_with("requires: {s43: {at_least: 1}}", derived)
        finding = findings_by_control(rules, {"exemption:a.section": "s40", "exemption:b.reason": "x"})["a.b"]
        assert (finding.outcome, finding.missing) == ("undetermined", ("exemption:b.section",))

    def test_a_long_text_is_shortened(self) -> None:
        finding = findings_by_control(rulebook_with("requires: {reason: {known: true}}"), {"reason": "word " * 5_000})[
            "a.b"
        ]
        (observed,) = finding.observed_facts
        assert observed.actual is not None
        assert len(observed.actual) <= 80
        assert observed.actual.endswith("…")

    def test_a_choice_is_shown_by_its_label(self) -> None:
        assert findings_by_control(rulebook_with("requires: {colour: {is: red}}"), {"colour": "blue"})[
            "a.b"
        ].observed_facts == (ObservedFact("colour", "is Red", "Blue"),)

    def test_the_lines_of_a_text_are_joined(self) -> None:
        finding = findings_by_control(rulebook_with("requires: {reason: {is: x}}"), {"reason": "one\n\n two"})["a.b"]
        assert finding.observed_facts[0].actual == "one two"


class TestPart2:
    """Exempt facts decide findings, and no finding reveals them."""

    def shown(self, body: str, facts: Facts, exempt: Facts, derived: str = "") -> str:
        findings = findings_by_control(rulebook_with(body, derived), facts, exempt)
        return json.dumps([finding.as_json() for finding in findings.values()])

    def test_an_exempt_fact_is_judged_and_not_shown(self) -> None:
        finding = findings_by_control(
            rulebook_with("requires: {value: {at_least: £500 ex VAT}}"), {}, {"value": ex_vat(499)}
        )["a.b"]
        assert finding.outcome == "breached"
        assert finding.observed_facts == (ObservedFact("value", "is at least £500 excluding VAT", IN_PART_2),)

    def test_it_is_not_shown_beside_another_fact(self) -> None:
        shown = self.shown("requires: {number: {at_least: {fact: other}}}", {"number": 12}, {"other": 987654})
        assert "987654" not in shown
        assert "is at least other" in shown

    def test_it_is_not_shown_in_a_sum(self) -> None:
        derived = "derived:\n  total: {label: Total, sum: [number, other]}\n"
        shown = self.shown("requires: {total: {at_least: 5}}", {"number": 1}, {"other": 987654}, derived)
        assert "98765" not in shown
        assert IN_PART_2 in shown

    def test_a_figure_that_it_selected_is_not_shown(self) -> None:
        body = "requires: {number: {reaches: {value: limit.by_colour}}}"
        public = self.shown(body, {"number": 4, "colour": "green"}, {})
        assert "is at least 9 (limit.by_colour)" in public
        shown = self.shown(body, {"number": 4}, {"colour": "green"})
        assert "is at least limit.by_colour" in shown
        assert "9" not in shown.replace("cl 9", "")

    def test_a_day_without_a_figure_in_force_is_not_shown(self) -> None:
        body = "governed_by: due\nin_force: {from: 2010-01-01}\nrequires: {value: {reaches: {value: limit}}}"
        facts: Facts = {"value": ex_vat(500)}
        public = self.shown(body, {**facts, "due": date(2016, 5, 17)}, {})
        assert "2016-05-17" in public
        shown = self.shown(body, facts, {"due": date(2016, 5, 17)})
        assert "2016" not in shown
        assert '"missing": ["limit"]' in shown

    def test_a_choice_without_a_figure_is_not_shown(self) -> None:
        body = "requires: {number: {reaches: {value: limit.by_colour}}}"
        shown = self.shown(body, {"number": 4}, {"colour": "blue"})
        assert '"missing": ["limit.by_colour"]' in shown
        assert "not set" not in shown

    def test_its_vat_basis_is_not_shown(self) -> None:
        shown = self.shown(
            "requires: {value: {at_most: {fact: budget}}}", {"value": ex_vat(5)}, {"budget": inc_vat(987654)}
        )
        assert "including" not in shown
        assert "987" not in shown

    def test_the_number_of_wholly_exempt_subjects_is_not_shown(self) -> None:
        derived = "derived:\n  all: {label: All, count: {of: exemption}}\n".replace("all:", "claims:", 1)
        body = "requires: {claims: {at_most: 2}}"
        shown = self.shown(body, {}, {f"exemption:{key}.section": "s43" for key in "abcde"}, derived)
        assert IN_PART_2 in shown
        assert '"5"' not in shown

    def test_it_is_not_shown_by_a_counterpart(self) -> None:
        derived = """
derived:
  recommendation.before:
    label: Verb put to the board
    counterpart: {take: recommendation.verb, same: recommendation.matter, where: {recommendation.body: {is: board}}}
"""
        body = """
of: recommendation
when: {recommendation.body: {is: mayor}}
requires: {recommendation.verb: {is: {fact: recommendation.before}}}
"""
        public: Facts = {
            "recommendation:b.body": "board",
            "recommendation:b.matter": "m",
            "recommendation:m.body": "mayor",
            "recommendation:m.matter": "m",
            "recommendation:m.verb": "note",
        }
        assert "(Approve)" in self.shown(body, {**public, "recommendation:b.verb": "approve"}, {}, derived)
        assert "Approve" not in self.shown(body, public, {"recommendation:b.verb": "approve"}, derived)

    @given(st.integers(10**6 + 1, 10**9))  # a million is also a limit of the scheme, which findings cite
    def test_no_exempt_amount_is_ever_shown(self, pence: int) -> None:
        facts = decision_evidence()
        own = {**facts.case_facts, "estimated_value": ex_vat(pence)}
        findings = gate_findings(mopac_scheme().rulebook, None, Evidence(own, facts.subjects, facts.exempt))
        shown = json.dumps([finding.as_json() for finding in findings])
        assert f"{pence:,}" not in shown
        assert str(pence) not in shown


class TestRulings:
    def ruling(self, rules: Rulebook, facts: Facts, gate: str = "submit") -> Ruling:
        judgement = judge_evidence(rules, gate, Evidence.from_parts({"act.on": IN_TIME, **facts}, {}))
        return Ruling("C-1", "submit", gate, rules.digest, facts, {}, judgement)

    @pytest.mark.parametrize(("facts", "is_open"), [({"urgent": True}, True), ({"urgent": False}, False), ({}, False)])
    def test_a_gate_opens_where_every_blocking_control_is_satisfied(self, facts: Facts, is_open: bool) -> None:
        ruling = self.ruling(rulebook_with("requires: {urgent: {is: true}}"), facts)
        assert ruling.is_open is is_open
        assert ruling.blocking_controls() == (() if is_open else ("a.b",))

    @pytest.mark.parametrize("outcome", ["satisfied", "breached", "undetermined"])
    def test_a_warning_neither_shuts_a_gate_nor_opens_it_alone(self, outcome: Outcome) -> None:
        facts_by_outcome: dict[str, Facts] = {"satisfied": {"urgent": True}, "breached": {"urgent": False}}
        facts = facts_by_outcome.get(outcome, {})
        ruling = self.ruling(rulebook_with("severity: warning\nrequires: {urgent: {is: true}}"), facts)
        assert [finding.outcome for finding in ruling.findings] == [outcome]
        assert (ruling.is_open, ruling.blocking_controls()) == (False, ())
        both = controls_yaml(
            a_b="severity: warning\nrequires: {urgent: {is: true}}", a_c="requires: {agreed: {is: true}}"
        )
        assert self.ruling(small_rulebook(both), {**facts, "agreed": True}).is_open

    def test_a_gate_at_which_no_control_applies_stays_shut(self) -> None:
        rules = rulebook_with("requires: {urgent: {is: true}}")
        ruling = self.ruling(rules, {"urgent": True, "act.on": date(1999, 12, 31)})
        assert [finding.outcome for finding in ruling.findings] == ["not_applicable"]
        assert (ruling.is_open, ruling.blocking_controls()) == (False, ())

    def test_a_gate_without_controls_stays_shut(self) -> None:
        ruling = self.ruling(rulebook_with("requires: {urgent: {is: true}}"), {"urgent": True}, "publish")
        assert ruling.findings == ()
        assert not ruling.is_open

    def test_the_same_facts_give_the_same_bytes(self) -> None:
        first = json.dumps(
            [finding.as_json() for finding in gate_findings(mopac_scheme().rulebook, "decide", decision_evidence())]
        )
        second = json.dumps(
            [finding.as_json() for finding in gate_findings(mopac_scheme().rulebook, "decide", decision_evidence())]
        )
        assert first == second


class TestUnderivableFacts:
    def test_the_cure_never_asks_for_a_derived_fact(self) -> None:
        """No bank holidays are listed for 2038."""
        facts = decision_evidence()
        own = {**facts.case_facts, "required_by": date(2038, 1, 5)}
        findings = gate_findings(mopac_scheme().rulebook, "decide", Evidence(own, facts.subjects, facts.exempt))
        cure = next(f.cure for f in findings if f.control == "decision.required_by_working_day")
        assert cure == (
            "Nobody can work out “Is the decision needed by a working day?” (required_by.working_day). "
            "Check “Decision needed by” (required_by)."
        )

    def test_the_cure_asks_for_the_missing_input_of_a_derived_fact(self) -> None:
        facts = decision_evidence()
        own = {fact: value for fact, value in facts.case_facts.items() if fact != "decided_on"}
        findings = gate_findings(mopac_scheme().rulebook, "decide", Evidence(own, facts.subjects, facts.exempt))
        cure = next(f.cure for f in findings if f.control == "decision.in_time")
        assert cure == "Give “Day of the decision” (decided_on)."


class TestTwoEvaluators:
    def test_a_disagreement_is_an_error_and_gives_no_finding(self, monkeypatch: pytest.MonkeyPatch) -> None:
        rules = rulebook_with("requires: {urgent: {is: true}}")
        monkeypatch.setattr(
            durable_adapter,
            "durable_outcomes",
            lambda controls, _facts: dict.fromkeys((c.id for c in controls), "satisfied"),
        )
        with pytest.raises(EngineError, match=r"the evaluators disagree about a\.b of case: breached or satisfied"):
            findings_by_control(rules, {"urgent": False})

    def test_undetermined_against_not_applicable_is_a_disagreement(self, monkeypatch: pytest.MonkeyPatch) -> None:
        rules = rulebook_with("requires: {urgent: {is: true}}")
        monkeypatch.setattr(
            durable_adapter,
            "durable_outcomes",
            lambda controls, _facts: dict.fromkeys((c.id for c in controls), "not_applicable"),
        )
        with pytest.raises(EngineError):
            findings_by_control(rules, {})

    def test_both_judge_every_control_of_a_gate(self, monkeypatch: pytest.MonkeyPatch) -> None:
        judged: set[str] = set()
        real = durable_adapter.durable_outcomes

        def record(controls: tuple[ResolvedControl, ...], facts: Facts) -> dict[str, Outcome]:
            judged.update(control.id for control in controls)
            return real(controls, facts)

        monkeypatch.setattr(durable_adapter, "durable_outcomes", record)
        findings = gate_findings(mopac_scheme().rulebook, "decide", decision_evidence())
        assert judged == {finding.control for finding in findings}

    def test_subjects_with_the_same_relevant_facts_are_judged_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        rules = small_rulebook(controls_yaml(a_b="of: recommendation\nrequires: {recommendation.verb: {is: approve}}"))
        verbs = {"a": "approve", "b": "note", "c": "approve", "d": "note"}
        facts: Facts = {f"recommendation:{key}.verb": verb for key, verb in verbs.items()}
        facts |= {f"recommendation:{key}.matter": f"matter {key}" for key in verbs}
        judged: list[str] = []
        real = durable_adapter.durable_outcomes

        def record(controls: tuple[ResolvedControl, ...], facts: Facts) -> dict[str, Outcome]:
            judged.extend(control.id for control in controls)
            return real(controls, facts)

        monkeypatch.setattr(durable_adapter, "durable_outcomes", record)
        assert finding_outcomes(findings_by_control(rules, facts).values()) == [
            "satisfied",
            "breached",
            "satisfied",
            "breached",
        ]
        assert judged == ["a.b", "a.b"]


class TestSmarterWorking:
    def test_the_decision_gate_opens_with_the_warnings_of_the_real_case(self) -> None:
        findings = gate_findings(mopac_scheme().rulebook, "decide", decision_evidence())
        assert not any(finding.blocks_gate for finding in findings)
        warned = {finding.control for finding in findings if finding.outcome == "breached"}
        assert warned == {"decision.required_by_working_day", "decision.in_time", "recommendation.verbs_agree"}
        assert "undetermined" not in finding_outcomes(findings)

    def test_the_cure_never_asks_for_a_fact_that_an_act_records(self) -> None:
        finding = findings_by_control(rulebook_with("requires: {urgent: {is: true}}"), {}, on=None)["a.b"]
        assert finding.missing == ("act.on", "urgent")
        assert finding.cure == "Give “Urgent” (urgent). The act records “Day of the act” (act.on). You do not type it."
