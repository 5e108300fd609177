"""What is remembered, and shared among subjects that are alike, changes nothing of what is found.

The shipped case is taken apart at random: facts left out, changed, or moved into Part 2; subjects doubled under other
keys, whole or nearly, in either part. Each time everything is judged as it always is, after all that was judged before
it, and again with nothing remembered and nothing shared.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.judging import rulebook
from rules.judging.findings import Finding
from rules.judging.judge import judge_evidence
from rules.judging.rulebook import Rulebook, SubjectRules
from rules.values.evidence import IN_PART_2, Evidence
from rules.values.facts import SUBJECT_KINDS, FactValue
from rules.values.money import Money
from tests.rules.smarter_working import EXEMPT_FACTS, PUBLIC_FACTS, mopac_scheme, recommendation_facts

RULES = mopac_scheme().rulebook
GATES = (None, "submit", "decide", "publish", "audit")
WHOLE: dict[str, FactValue] = {**PUBLIC_FACTS, **recommendation_facts(), **EXEMPT_FACTS}

Parts = tuple[dict[str, FactValue], dict[str, FactValue]]


def changed(rules: Rulebook, fact: str, value: FactValue, chance: Random) -> FactValue:
    """Another value of the same kind, often one of those that limits lie near."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, date):
        return value + timedelta(chance.choice([-4000, -400, -1, 1, 400, 2500]))
    if isinstance(value, Money):
        return Money(chance.choice([100, 18_130_199, 18_130_200, 50_000_000, 10**9]), value.vat)
    if isinstance(value, int):
        return chance.choice([0, 1, 2, value + 1])
    choices = list(rules.facts[fact].choices)
    return chance.choice(choices) if choices else f"{value} {chance.choice(['Again.', 'Under section 43 of it.', 'x'])}"


def taken_apart(seed: int) -> Parts:
    """The facts of both parts of a case that is like the shipped one and not it."""
    chance, public, exempt = Random(seed), dict[str, FactValue](), dict[str, FactValue]()  # noqa: S311  # no secret hangs on it
    facts = dict(WHOLE)
    for subject in sorted({where.partition(".")[0] for where in WHOLE if where.partition(":")[0] in SUBJECT_KINDS}):
        if chance.random() < 0.3:
            own = {where: value for where, value in WHOLE.items() if where.startswith(f"{subject}.")}
            facts |= {where.replace(subject, f"{subject}-too", 1): value for where, value in own.items()}
    lose, alter, hide = (chance.choice([0.0, 0.03, 0.15]) for _ in range(3))
    wholly = {subject for subject in sorted({where.partition(".")[0] for where in facts}) if chance.random() < hide / 3}
    for where, value in facts.items():
        kind, colon, rest = where.partition(":")
        fact = f"{kind}.{rest.partition('.')[2]}" if colon and kind in SUBJECT_KINDS else where
        if chance.random() < lose:
            continue
        kept = changed(RULES, fact, value, chance) if chance.random() < alter else value
        is_exempt = where in EXEMPT_FACTS or chance.random() < hide or where.partition(".")[0] in wholly
        (exempt if is_exempt else public)[where] = kept
    return public, exempt


@contextmanager
def nothing_shared() -> Iterator[Rulebook]:
    """Judge every subject by itself, with nothing remembered of what was judged before."""
    rulebook._intern_control.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SubjectRules, "memo_key", lambda *_: object())
        yield replace(RULES, law=replace(RULES.law))  # with caches of their own


def findings(parts: Parts, gate: str | None, rules: Rulebook = RULES) -> tuple[Finding, ...]:
    return judge_evidence(rules, gate, Evidence.from_parts(*parts)).findings


@given(st.integers(0, 10**9), st.sampled_from(GATES))
def test_what_is_found_is_the_same_with_nothing_shared(seed: int, gate: str | None) -> None:
    parts = taken_apart(seed)
    found = findings(parts, gate)
    with nothing_shared() as fresh_rules:
        alone = findings(parts, gate, fresh_rules)
    assert found == alone
    assert [type(seen.actual) for one in found for seen in one.observed_facts] == [
        type(seen.actual) for one in alone for seen in one.observed_facts
    ]


@given(st.integers(0, 10**9))
def test_no_exempt_text_or_amount_is_in_any_finding(seed: int) -> None:
    """What is alike in what is asked may differ in what may be told."""
    public, exempt = taken_apart(seed)
    marked: dict[str, FactValue] = {}
    for number, (where, value) in enumerate(exempt.items()):
        is_text = isinstance(value, str) and " " in value
        marked[where] = f"okapi{number} {value}" if is_text else value
        if isinstance(value, Money):
            marked[where] = Money(777_000_000 + number * 1_357, value.vat)
    told = repr([(one.observed_facts, one.cure, one.missing) for one in findings((public, marked), None)])
    assert "okapi" not in told
    amounts = [str(value) for value in marked.values() if isinstance(value, Money)]
    assert not [amount for amount in amounts if amount.split(" ")[0] in told]


def test_the_cases_taken_apart_are_of_many_kinds() -> None:
    """Else the tests above would see little."""
    outcomes: dict[str, set[Any]] = {}
    hidden = 0
    for seed in range(60):
        for one in findings(taken_apart(seed), None):
            outcomes.setdefault(one.control, set()).add(one.outcome)
            hidden += any(seen.actual == IN_PART_2 for seen in one.observed_facts)
    assert sum(len(found) >= 3 for found in outcomes.values()) > len(outcomes) / 3
    assert hidden > 1_000
