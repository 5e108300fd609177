"""Amounts below zero: stated, judged by both evaluators, recorded, and printed."""

from __future__ import annotations

from datetime import date

import pytest

from rules.errors import InputError, PackError
from rules.judging.judge import judge_evidence
from rules.packs.scheme import Scheme
from rules.values.evidence import Evidence
from rules.values.facts import FactDeclaration
from rules.values.money import Money, Vat
from tests.rules.manual_packs import LAW, RULES, manual_bundle, manual_faults
from workflow.cases.redacted_errors import redact_declaration
from workflow.ledger.canonical_json import deserialize_facts, parse_json, serialize_facts, to_canonical_json

ON = date(2024, 3, 8)
CONTROL = """controls:
  contract.cut_is_small:
    of: contract
    requirement: A change takes at most 500 pounds from a contract.
    wrong: The change takes more than 500 pounds from a contract.
    cure: State a smaller change in contract.change.
    requires: {contract.change: {at_least: "-£500 ex VAT"}}
    gates: [submit]
    in_force: {from: 2020-04-01}
    citation: {provision: order 15, basis: read}
"""


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return manual_bundle((RULES, "controls:\n", CONTROL)).scheme()


@pytest.mark.parametrize(
    ("pence", "outcome"),
    [(-50_001, "breached"), (-50_000, "satisfied"), (-49_999, "satisfied"), (0, "satisfied"), (1, "satisfied")],
)
def test_both_evaluators_judge_an_amount_below_zero(scheme: Scheme, pence: int, outcome: str) -> None:
    evidence = Evidence.from_parts({"contract:a.change": Money(pence, Vat.EXCLUDED), "act.on": ON}, {})
    verdicts = judge_evidence(scheme.rulebook, "submit", evidence).verdicts
    [found] = [verdict.outcome for verdict in verdicts if verdict.control == "contract.cut_is_small"]
    assert found == outcome


def test_amounts_on_another_vat_basis_are_not_compared_below_zero(scheme: Scheme) -> None:
    evidence = Evidence.from_parts({"contract:a.change": Money(-1, Vat.INCLUDED), "act.on": ON}, {})
    verdicts = judge_evidence(scheme.rulebook, "submit", evidence).verdicts
    assert [v.outcome for v in verdicts if v.control == "contract.cut_is_small"] == ["undetermined"]


def test_a_finding_says_minus(scheme: Scheme) -> None:
    evidence = Evidence.from_parts({"contract:a.change": Money(-60_000, Vat.EXCLUDED), "act.on": ON}, {})
    findings = judge_evidence(scheme.rulebook, "submit", evidence).findings
    [finding] = [each for each in findings if each.control == "contract.cut_is_small"]
    [observed] = finding.observed_facts
    assert (observed.actual, observed.expected) == (
        "minus £600 excluding VAT",
        "is at least minus £500 excluding VAT",
    )


def test_only_an_amount_that_may_be_negative_is_read_as_one() -> None:
    change = FactDeclaration(kind="money", label="Change", negative=True)
    assert change.parse("-£5 ex VAT") == change.coerce("minus £5 ex VAT") == Money(-500, Vat.EXCLUDED)
    with pytest.raises(InputError, match="negative"):
        FactDeclaration(kind="money", label="Cost").parse("-£5 ex VAT")
    with pytest.raises(InputError, match="add ex VAT or inc VAT"):
        change.coerce("-£5 as stated")


def test_an_error_about_part_2_does_not_repeat_a_negative_amount() -> None:
    declared = FactDeclaration(kind="money", label="Change", negative=True)
    redacted = redact_declaration(declared)
    assert redacted.parse("-£5 ex VAT") == Money(-500, Vat.EXCLUDED)
    with pytest.raises(InputError) as caught:
        redacted.parse("-£12,34 ex VAT")
    assert "12" not in f"{caught.value}{caught.value.advice()}"


def test_it_is_kept_in_the_ledger_as_whole_pence() -> None:
    facts = {"contract:a.change": Money(-500, Vat.INCLUDED)}
    text = to_canonical_json(serialize_facts(facts))
    assert text == '{"contract:a.change":{"pence":-500,"vat":"inc"}}'
    assert deserialize_facts(parse_json(text)) == facts


def test_a_fact_that_is_no_amount_cannot_be_negative() -> None:
    [fault] = manual_faults((LAW, "{kind: money, negative: true,", "{kind: count, negative: true,"))
    assert (fault.key, fault.message) == ("facts.contract.change.negative", "is only for what is of kind money")


def test_a_limit_in_a_pack_of_law_is_never_negative() -> None:
    with pytest.raises(PackError):
        manual_bundle((RULES, "is: £5,000 ex VAT", "is: -£5,000 ex VAT")).scheme()


def test_a_condition_on_a_fact_that_cannot_be_negative_has_no_negative_literal() -> None:
    changed = CONTROL.replace("contract.change:", "contract.value:")
    [fault] = manual_faults((RULES, "controls:\n", changed))
    assert "negative" in fault.message
