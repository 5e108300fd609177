"""Cases that the controls of a gate cannot tell apart share a judgement, and give the findings of their own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from rules.judging import shared_judgements
from rules.judging.findings import Finding
from rules.judging.judge import judge_evidence
from rules.judging.rulebook import Rulebook
from rules.judging.shared_judgements import MAX_JUDGEMENTS, judge_one, judge_shared
from rules.language import derived_facts
from rules.language.derivation_context import DerivedFact
from rules.language.law import Law
from rules.packs.library import Library
from rules.values.evidence import Evidence
from rules.values.facts import FactValue
from rules.values.money import Money, Vat
from tests.decisions.cases import shipped_scheme

ON = date(2018, 4, 16)
PUBLIC: dict[str, FactValue] = {
    "act.on": ON,
    "title": "Vans for the north",
    "author": "Jo Green",
    "cost.total": Money(100_00, Vat.EXCLUDED),
    "exemption:s43.section": "s43",
}
EXEMPT: dict[str, FactValue] = {"exemption:s43.rationale": "Prices are still being agreed."}


@pytest.fixture
def rulebook() -> Rulebook:
    """Return a rulebook that has judged nothing yet."""
    rulebook = Library.load([]).scheme("mopac").rulebook
    rulebook.judgements.clear()
    rulebook.judgements_of_derived.clear()
    rulebook.derivations.clear()
    return rulebook


def find_directly(rulebook: Rulebook, gate: str, public: Mapping[str, FactValue]) -> list[Finding]:
    return list(judge_evidence(rulebook, gate, Evidence.from_parts(public, EXEMPT)).findings)


@pytest.mark.parametrize("gate", ["submit", "decide"])
def test_cases_that_differ_in_a_text_share_verdicts_and_show_their_own_words(
    rulebook: Rulebook, gate: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = judge_shared(rulebook, gate, PUBLIC, EXEMPT, None)
    assert list(first.findings) == find_directly(rulebook, gate, PUBLIC)
    other = {**PUBLIC, "title": "Vans for the south"}
    expected = find_directly(rulebook, gate, other)
    monkeypatch.setattr(shared_judgements, "derive_evidence", lambda *_: pytest.fail("derived again"))
    again = judge_shared(rulebook, gate, other, EXEMPT, None)
    assert again.verdicts is first.verdicts
    assert list(again.findings) == expected


def test_what_rests_on_no_text_is_derived_once_for_cases_that_differ_in_texts(
    rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def facts_with(summary: str) -> dict[str, FactValue]:
        return {**PUBLIC, "executive_summary": summary}

    judge_shared(rulebook, "submit", facts_with("Vans are bought."), EXEMPT, None)
    derived: list[str] = []
    add = derived_facts.add_derived_facts

    def note(evidence: Evidence, derived_facts: tuple[DerivedFact, ...], law: Law) -> Evidence:
        derived.extend(each.name for each in derived_facts)
        return add(evidence, derived_facts, law)

    monkeypatch.setattr(shared_judgements, "add_derived_facts", note)
    again = judge_shared(rulebook, "submit", facts_with("The vans are bought bought."), EXEMPT, None)
    assert list(again.findings) == find_directly(rulebook, "submit", facts_with("The vans are bought bought."))
    rules = rulebook.gate_rules("submit")
    assert derived == [each.name for each in rules.derived_from_texts]
    assert rules.derived_without_texts
    assert {*derived}.isdisjoint(each.name for each in rules.derived_without_texts)


def test_an_act_is_judged_alike_without_looking_for_others(rulebook: Rulebook) -> None:
    for public in (PUBLIC, {**PUBLIC, "title": "Vans for the south"}):
        judged = judge_one(rulebook, "submit", public, EXEMPT)
        assert list(judged.findings) == find_directly(rulebook, "submit", public)
    assert not rulebook.judgements_of_derived
    assert len(rulebook.judgements) == 1


TEXTS = [
    "The board approves the vans. They cost £40 and £60.",
    "The board approves the vans. Funding is in place.",
    "The the board approves the vans.",
    "The board board approves the vans, see paragraph 4.9.\n4.1 They cost £5,00.",
    "This is exempt from publication. The work is at risk; spend at risk was agreed.",
]


@pytest.mark.parametrize("asked", [None, frozenset({"title", "recommendations.stated", "consistency.missing_verb"})])
@pytest.mark.parametrize("gate", ["audit", "submit"])
def test_each_of_many_texts_gives_the_findings_of_its_own(
    rulebook: Rulebook, gate: str, asked: frozenset[str] | None
) -> None:
    cases = [
        {**PUBLIC, "executive_summary": text, "title": title, "recommendation:1.text": other, "decided_on": ON}
        for text in TEXTS for title in ("Vans", "Vans at risk") for other in TEXTS[:2]
    ]  # fmt: skip
    for facts in cases:
        evidence = Evidence.from_parts(facts, EXEMPT, asked)
        direct = judge_evidence(rulebook, gate, evidence)
        shared = judge_shared(rulebook, gate, facts, EXEMPT, asked)
        assert list(shared.verdicts) == list(direct.verdicts)
        assert list(shared.findings) == list(direct.findings)


def test_cases_that_differ_in_a_searched_text_are_judged_once_by_what_was_found(
    rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def facts_with(title: str) -> dict[str, FactValue]:
        return {**PUBLIC, "executive_summary": f"{title} are bought bought.", "title": title}

    first = judge_shared(rulebook, "audit", facts_with("Vans"), EXEMPT, None)
    assert "bought bought" in str(first.findings)
    monkeypatch.setattr(shared_judgements, "judge_derived", lambda *_: pytest.fail("judged again"))
    again = judge_shared(rulebook, "audit", facts_with("Lorries"), EXEMPT, None)
    assert again.verdicts is first.verdicts
    assert "Lorries are bought bought" in str(again.findings)
    assert "Vans" not in str(again.findings)
    with pytest.raises(pytest.fail.Exception, match="judged again"):
        judge_shared(rulebook, "audit", {**facts_with("Vans"), "executive_summary": "Vans are bought."}, EXEMPT, None)


@pytest.mark.parametrize(
    "changed",
    [
        {"act.on": date(2013, 1, 1)},
        {"cost.total": Money(100_00, Vat.INCLUDED)},
        {"exemption:s43.section": "s40"},
        {"urgent": True},
    ],
)
def test_cases_that_differ_in_what_is_compared_are_judged_apart(
    rulebook: Rulebook, changed: dict[str, FactValue]
) -> None:
    judge_shared(rulebook, "submit", PUBLIC, EXEMPT, None)
    other = {**PUBLIC, **changed}
    assert list(judge_shared(rulebook, "submit", other, EXEMPT, None).findings) == find_directly(
        rulebook, "submit", other
    )
    assert len(rulebook.judgements) == 2


def test_a_fact_of_part_2_is_never_taken_for_one_of_part_1(rulebook: Rulebook) -> None:
    open_case = {**PUBLIC, **EXEMPT}
    judge_shared(rulebook, "submit", open_case, {}, None)
    found = judge_shared(rulebook, "submit", PUBLIC, EXEMPT, None)
    assert list(found.findings) == find_directly(rulebook, "submit", PUBLIC)
    assert "Prices are still" not in str(found.findings)


def test_what_a_source_asks_for_makes_a_difference(rulebook: Rulebook) -> None:
    everything = judge_shared(rulebook, "submit", PUBLIC, {}, None)
    nothing = judge_shared(rulebook, "submit", PUBLIC, {}, frozenset())
    assert nothing.verdicts != everything.verdicts


def test_a_rulebook_keeps_no_more_than_its_bound(rulebook: Rulebook) -> None:
    for day in range(MAX_JUDGEMENTS + 10):
        judge_shared(rulebook, "support", {"act.on": date.fromordinal(ON.toordinal() + day)}, {}, None)
    assert len(rulebook.judgements) == len(rulebook.judgements_of_derived) == MAX_JUDGEMENTS


def test_a_finding_alone_is_the_one_among_all(rulebook: Rulebook) -> None:
    judged = judge_shared(rulebook, "submit", PUBLIC, EXEMPT, None)
    assert [judged.finding_at(place) for place in range(len(judged.verdicts))] == list(judged.findings)


def test_the_facts_of_which_only_presence_counts_are_those_that_no_control_compares() -> None:
    rules = shipped_scheme().rulebook.gate_rules("submit")
    assert "title" in rules.presence_facts
    assert "act.on" not in rules.presence_facts
    assert rules.is_presence_address["title"]
    assert not rules.is_presence_address["exemption:s43.section"]
    assert rules.is_relevant_address["exemption:s43.section"]
    assert not rules.is_relevant_address["no.such_fact"]
