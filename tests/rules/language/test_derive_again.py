"""Deriving again what rests on changed facts gives what deriving everything gives, in either part."""

from __future__ import annotations

from random import Random

import pytest

from rules.language.derived_facts import add_derived_facts, derive_again, facts_resting_on
from rules.values.evidence import Evidence
from rules.values.facts import CASE, FactValue, split_address, subject_of_address
from tests.rules.smarter_working import EXEMPT_FACTS, PUBLIC_FACTS, mopac_scheme, recommendation_facts


def random_parts(random: Random) -> tuple[dict[str, FactValue], dict[str, FactValue]]:
    """The facts of the real case, some of them in Part 2, and at times all of a subject."""
    public, exempt = {**PUBLIC_FACTS, **recommendation_facts()}, dict(EXEMPT_FACTS)
    hidden = {subject_of_address(address) for address in random.sample(sorted(public), 9)} - {CASE}
    for address in [*public]:
        if subject_of_address(address) in hidden or random.random() < 0.05:
            exempt[address] = public.pop(address)
    return public, exempt


def random_value(random: Random, known: FactValue) -> FactValue | None:
    alike = [value for value in (*PUBLIC_FACTS.values(), *EXEMPT_FACTS.values()) if type(value) is type(known)]
    return random.choice([None, *alike])


@pytest.mark.parametrize("seed", range(24))
def test_deriving_again_gives_what_deriving_everything_gives(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - a test that can be run again
    rules, (public, exempt) = mopac_scheme().rulebook, random_parts(random)
    derived = rules.gate_rules(random.choice(["submit", "decide", "publish", None])).derived_facts
    before = Evidence.from_parts(public, exempt)
    completed = add_derived_facts(before, derived, rules.law)
    for address in random.sample([*public, *exempt], 5):
        subject, fact = subject_of_address(address), split_address(address)[0]
        facts = before.case_facts if subject == CASE else before.subjects[subject]
        value = random_value(random, facts[fact])
        if fact in rules.derived_by_name or (value is None and subject != CASE and len(facts) == 1):
            continue  # what stands in the place of a derived fact does not count, and no subject is taken away
        changed = {name: known for name, known in facts.items() if name != fact}
        changed |= {} if value is None else {fact: value}
        case_facts = changed if subject == CASE else before.case_facts
        subjects = before.subjects if subject == CASE else {**before.subjects, subject: changed}
        everything = add_derived_facts(Evidence(case_facts, subjects, before.exempt), derived, rules.law)
        again = facts_resting_on(derived, [fact])
        found = derive_again(completed, {(subject, fact): value}, derived, again, rules.law)
        assert found == everything
        assert found.subjects_by_kind == everything.subjects_by_kind
