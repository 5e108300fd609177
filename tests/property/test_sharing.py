"""Caches, and results shared among subjects, change no finding.

The shipped case is varied at random: facts are left out, changed, or moved into Part 2; subjects are doubled under
other keys, in either part. Each case is judged with the caches of all cases before it, and again without caches or
sharing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.judging import rulebook
from rules.judging.findings import Finding
from rules.judging.judge import judge_evidence
from rules.judging.rulebook import Rulebook, SubjectRules
from rules.values.evidence import IN_PART_2, Evidence
from rules.values.facts import FactValue, split_address
from rules.values.money import Money
from tests.rules.smarter_working import EXEMPT_FACTS, PUBLIC_FACTS, mopac_scheme, recommendation_facts

RULES = mopac_scheme().rulebook
GATES = (None, "submit", "decide", "publish", "audit")
ALL_FACTS: dict[str, FactValue] = {**PUBLIC_FACTS, **recommendation_facts(), **EXEMPT_FACTS}

PublicAndExempt = tuple[dict[str, FactValue], dict[str, FactValue]]


def change_value(rules: Rulebook, fact: str, value: FactValue, random: Random) -> FactValue:
    """Another value of the same kind, often one near a limit."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, date):
        return value + timedelta(random.choice([-4000, -400, -1, 1, 400, 2500]))
    if isinstance(value, Money):
        return Money(random.choice([100, 18_130_199, 18_130_200, 50_000_000, 10**9]), value.vat)
    if isinstance(value, int):
        return random.choice([0, 1, 2, value + 1])
    choices = list(rules.facts[fact].choices)
    return random.choice(choices) if choices else f"{value} {random.choice(['Again.', 'Under section 43 of it.', 'x'])}"


def vary_case(seed: int) -> PublicAndExempt:
    """A variation of the shipped case: its public facts and its exempt ones."""
    random = Random(seed)  # noqa: S311 - tests, not secrets
    public, exempt = dict[str, FactValue](), dict[str, FactValue]()
    facts = dict(ALL_FACTS)
    for subject in sorted({address.partition(".")[0] for address in ALL_FACTS if ":" in address}):
        if random.random() < 0.3:
            own = {address: value for address, value in ALL_FACTS.items() if address.startswith(f"{subject}.")}
            facts |= {address.replace(subject, f"{subject}-too", 1): value for address, value in own.items()}
    lose, alter, hide = (random.choice([0.0, 0.03, 0.15]) for _ in range(3))
    subjects = sorted({address.partition(".")[0] for address in facts})
    wholly_exempt = {subject for subject in subjects if random.random() < hide / 3}
    for address, value in facts.items():
        fact = split_address(address)[0]
        if random.random() < lose:
            continue
        varied = change_value(RULES, fact, value, random) if random.random() < alter else value
        is_exempt = address in EXEMPT_FACTS or random.random() < hide or address.partition(".")[0] in wholly_exempt
        (exempt if is_exempt else public)[address] = varied
    return public, exempt


@contextmanager
def without_sharing() -> Iterator[Rulebook]:
    """A rulebook without cached results, under which each subject is judged by itself."""
    rulebook._intern_control.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SubjectRules, "memo_key", lambda *_: object())
        yield replace(RULES, law=replace(RULES.law))  # with caches of their own


def judge(parts: PublicAndExempt, gate: str | None, rules: Rulebook = RULES) -> tuple[Finding, ...]:
    """The findings on the facts of both parts."""
    return judge_evidence(rules, gate, Evidence.from_parts(*parts)).findings


@given(st.integers(0, 10**9), st.sampled_from(GATES))
@settings(max_examples=25)
def test_findings_are_the_same_without_sharing(seed: int, gate: str | None) -> None:
    compare_with_unshared(seed, gate)


@pytest.mark.long
@given(st.integers(0, 10**9), st.sampled_from(GATES))
def test_many_findings_are_the_same_without_sharing(seed: int, gate: str | None) -> None:
    compare_with_unshared(seed, gate)


def compare_with_unshared(seed: int, gate: str | None) -> None:
    """Judge a variation of the case with sharing and without; fails where a finding differs."""
    parts = vary_case(seed)
    shared = judge(parts, gate)
    with without_sharing() as fresh_rules:
        alone = judge(parts, gate, fresh_rules)
    assert shared == alone
    assert [type(observed.actual) for finding in shared for observed in finding.observed_facts] == [
        type(observed.actual) for finding in alone for observed in finding.observed_facts
    ]


@given(st.integers(0, 10**9))
@settings(max_examples=40)
def test_no_exempt_text_or_amount_is_in_any_finding(seed: int) -> None:
    look_for_exempt_marks(seed)


@pytest.mark.long
@given(st.integers(0, 10**9))
def test_no_exempt_text_or_amount_is_in_any_of_many_findings(seed: int) -> None:
    look_for_exempt_marks(seed)


def look_for_exempt_marks(seed: int) -> None:
    """Fail where a finding shows an exempt value: subjects with the same facts may differ in which are exempt."""
    public, exempt = vary_case(seed)
    marked: dict[str, FactValue] = {}
    for number, (address, value) in enumerate(exempt.items()):
        is_text = isinstance(value, str) and " " in value
        marked[address] = f"okapi{number} {value}" if is_text else value
        if isinstance(value, Money):
            marked[address] = Money(777_000_000 + number * 1_357, value.vat)
    findings = judge((public, marked), None)
    shown = repr([(finding.observed_facts, finding.cure, finding.missing) for finding in findings])
    assert "okapi" not in shown
    amounts = [str(value) for value in marked.values() if isinstance(value, Money)]
    assert not [amount for amount in amounts if amount.split(" ")[0] in shown]


def test_the_variations_are_of_many_kinds() -> None:
    """Otherwise the tests above would prove little."""
    outcomes: dict[str, set[Any]] = {}
    hidden = 0
    for seed in range(60):
        for finding in judge(vary_case(seed), None):
            outcomes.setdefault(finding.control, set()).add(finding.outcome)
            hidden += any(observed.actual == IN_PART_2 for observed in finding.observed_facts)
    touched = [of_control for of_control in outcomes.values() if of_control != {"not_applicable"}]
    assert sum(len(of_control) >= 3 for of_control in touched) > len(touched) / 3
    assert hidden > 1_000
