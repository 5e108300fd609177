"""Facts that come too late, and facts that one act takes from another."""

from __future__ import annotations

from rules.packs.scheme import Scheme
from rules.proving.fact_supply import FactSupply
from tests.rules.manual_packs import HEAD, LAW, PRACTICE, manual_bundle, manual_scheme

DECLARED = "        - checked: {is: true}\n"


def late_needs(scheme: Scheme) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(need.control.id, need.fact, need.actions) for need in FactSupply(scheme).late_needs()]


def changed(*changes: tuple[str, str, str]) -> FactSupply:
    return FactSupply(manual_bundle(*changes).scheme())


def test_nothing_comes_too_late_in_the_manual() -> None:
    assert late_needs(manual_scheme()) == []
    assert list(FactSupply(manual_scheme()).facts_of_several_stages()) == []


def test_a_fact_of_the_paper_that_only_a_later_gate_needs_comes_too_late() -> None:
    supply = changed((PRACTICE, DECLARED, DECLARED + "        - visits: {known: true}\n"))
    assert late_needs(supply.scheme) == [("declaration.made", "visits", ("declare", "certify"))]


def test_a_fact_that_another_fact_is_worked_out_from_comes_too_late_as_well() -> None:
    supply = changed((PRACTICE, DECLARED, DECLARED + "        - visits.all: {at_least: 1}\n"))
    assert [fact for _, fact, _ in late_needs(supply.scheme)] == ["local_visits", "visits"]


def test_a_fact_that_an_act_asks_for_does_not_come_too_late() -> None:
    supply = changed(
        (PRACTICE, DECLARED, DECLARED + "        - visits: {known: true}\n"),
        (HEAD, "    asks: [checked, advice]", "    asks: [checked, advice, visits]"),
    )
    assert late_needs(supply.scheme) == []


def test_a_fact_that_the_gate_of_the_paper_needs_too_does_not_come_too_late() -> None:
    supply = changed(
        (LAW, "    gates: [submit, decide]\n    governed_by: act.on", "    gates: [decide]\n    governed_by: act.on")
    )
    assert [fact for _, fact, _ in late_needs(supply.scheme)] == ["consulted", "urgent"], "the cost is asked at submit"


def test_a_paper_that_can_be_changed_later_takes_facts_later() -> None:
    supply = changed(
        (PRACTICE, DECLARED, DECLARED + "        - visits: {known: true}\n"),
        (PRACTICE, "      case.stage: {is: writing}\n", "      case.stage: {one_of: [writing, declaration]}\n"),
    )
    assert late_needs(supply.scheme) == []


def test_a_fact_that_two_acts_on_the_way_ask_for_is_named_with_both() -> None:
    supply = changed((HEAD, "    asks: [checked, advice]", "    asks: [checked, advice, interests]"))
    assert list(supply.facts_of_several_stages()) == [("interests", ("declare", "decide"))]
