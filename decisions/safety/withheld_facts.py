"""The facts of Part 2 as they are searched for in Part 1: their values, and their names for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import chain
from typing import NamedTuple, TypeAlias

from decisions.documents.record_views import ExemptRecord
from decisions.safety.public_knowledge import vat_rates
from decisions.safety.withheld_content import ExemptFact, WithheldContent
from rules.language.conditions import facts_in
from rules.language.derivation_context import DerivedFact
from rules.language.derived_declarations import direct_inputs
from rules.language.derived_facts import derive_again, facts_resting_on
from rules.packs.scheme import Scheme
from rules.values.bounds import is_bound
from rules.values.evidence import Evidence
from rules.values.facts import (
    CASE,
    DAY_OF_ACT,
    Facts,
    FactValue,
    address_of,
    key_of_subject,
    kind_of_subject,
    split_address,
    subject_of_address,
)
from workflow.cases.case import Case, FullCase

MakeContent: TypeAlias = Callable[[tuple[ExemptFact, ...], tuple[int, ...]], WithheldContent]
"""Makes the content of Part 2 from its facts and the rates of VAT, or finds it among those it has made."""
_NO_ARTICLE = ("the", "what", "who", "whose", "how", "why", "when", "where", "whether")
"""The first words of labels that need no article inside a sentence."""


class SearchedFor(NamedTuple):
    """What is searched for in Part 1, and the evidence of which its derived facts are part, which is Part 2 too."""

    content: WithheldContent
    evidence: Evidence


def gather_content(exempt_record: ExemptRecord, case: Case, make_content: MakeContent) -> SearchedFor:
    """Return what is searched for in Part 1; the record needs no more of the case than `narrow_to_inputs` leaves."""
    evidence, scheme = exempt_record.evidence, exempt_record.scheme
    facts = tuple(_exempt_facts(evidence, scheme))
    return SearchedFor(make_content(facts, _find_vat_rates(case, facts, scheme)), evidence)


def narrow_to_inputs(case: Case, derived_facts: tuple[DerivedFact, ...]) -> Case:
    """Return a case with the public facts that some derived facts rest on or look at, and no others."""
    inputs, kinds = _inputs_of_derived_facts(derived_facts)
    kept = {
        address: value
        for address, value in case.facts.items()
        if (kind_of_subject(address) in kinds if ":" in address else address in inputs)
    }
    return replace(case, facts=kept)


def add_to_content(
    known: SearchedFor, before: FullCase, after: FullCase, scheme: Scheme, make_content: MakeContent
) -> SearchedFor | None:
    """Return what is searched for in a case, if a quick look shows how it differs from what was; else None.

    It differs by what was added to Part 2, and by derived facts that rest on what was added to Part 1. `after` states
    for Part 1 all that `before` did, and may state more.
    """
    earlier, exempt = before.exempt_part.facts, after.exempt_part.facts
    derived_facts = find_derived_facts(scheme, exempt)
    if earlier is not exempt and (
        not earlier.items() <= exempt.items() or derived_facts != find_derived_facts(scheme, earlier)
    ):
        return None
    inputs, kinds = _inputs_of_derived_facts(derived_facts)
    added = set(map(_fact_and_kind, after.case.facts.keys() - before.case.facts.keys()))
    if any(kind in kinds or (kind != CASE and name in inputs) for name, kind in added):
        return None
    if _differ_by_day(derived_facts, scheme, before.case.last_on, after.case.last_on):
        return None
    withheld = exempt.keys() - earlier.keys() if earlier is not exempt else set()
    if withheld and not _rest_nothing_on(withheld, before, scheme):
        return None
    content, evidence = known
    facts = content.facts
    if again := _facts_resting_on(derived_facts, frozenset(name for name, _ in added if name in inputs)):
        resting = frozenset(derived.name for derived in again)
        facts_now = {**after.case.facts, DAY_OF_ACT: after.case.last_on, **exempt}
        changes = {(CASE, name): facts_now[name] for name in {DAY_OF_ACT, *inputs.intersection(dict(added))}}
        evidence = derive_again(evidence, changes, derived_facts, again, scheme.rulebook.law)
        others = (fact for fact in facts if _name_of(fact) not in resting)
        facts = (*others, *_exempt_facts(evidence, scheme, resting))
    if withheld:
        facts = (*facts, *_describe_exempt({address: exempt[address] for address in withheld}, scheme))
    if facts is not content.facts:
        facts = tuple(sorted(facts, key=lambda fact: _place_of(fact, scheme)))
    rates = _find_vat_rates(after.case, facts, scheme)
    if (facts, rates) != (content.facts, content.vat_rates):
        content = make_content(facts, rates)
    return SearchedFor(content, evidence)


_facts_resting_on = lru_cache(maxsize=64)(facts_resting_on)


def _rest_nothing_on(withheld: Iterable[str], before: FullCase, scheme: Scheme) -> bool:
    """Whether facts added to Part 2 are about subjects known before, and no derived fact is or rests on one of them."""
    known = {CASE, *map(subject_of_address, chain(before.case.facts, before.exempt_part.facts))}
    read = _names_of_derivations(scheme)
    return not any(
        subject_of_address(address) not in known or split_address(address)[0] in read or is_bound(address)
        for address in withheld
    )


@lru_cache(maxsize=8)
def _names_of_derivations(scheme: Scheme) -> frozenset[str]:
    """Return the names of derived facts, and of all that they rest on."""
    return frozenset(chain.from_iterable((each.name, *each.inputs) for each in scheme.rulebook.derived_facts))


def _place_of(fact: ExemptFact, scheme: Scheme) -> tuple[bool, str, str]:
    """Return what facts of Part 2 are sorted by, as `_exempt_facts` does."""
    name = _name_of(fact)
    return name in _derived_names(scheme), subject_of_address(fact.address), name


def _name_of(fact: ExemptFact) -> str:
    return split_address(fact.address)[0]


def _describe_exempt(exempt: Facts, scheme: Scheme) -> Iterator[ExemptFact]:
    """Yield what is searched for of facts that somebody stated for Part 2."""
    for address, value in exempt.items():
        if not isinstance(value, bool):
            yield _exempt_fact(subject_of_address(address), split_address(address)[0], value, scheme)


def _find_vat_rates(case: Case, facts: Iterable[ExemptFact], scheme: Scheme) -> tuple[int, ...]:
    """Return the rates of VAT on the days of both parts of a case."""
    days = {value for value in case.facts.values() if value.__class__ is date}
    return vat_rates(scheme, {case.last_on, *days, *(fact.value for fact in facts if isinstance(fact.value, date))})


@lru_cache(maxsize=64)
def _inputs_of_derived_facts(derived_facts: tuple[DerivedFact, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the facts that some derived facts rest on, and the kinds of subject that they look at."""
    inputs = frozenset(chain.from_iterable(derived.inputs for derived in derived_facts))
    kinds = frozenset(kind for derived in derived_facts for kind in (derived.subject_kind, derived.related_kind))
    return inputs, kinds - {CASE}


@lru_cache(maxsize=256)
def _differ_by_day(derived_facts: tuple[DerivedFact, ...], scheme: Scheme, before: date, after: date) -> bool:
    """Whether some derived facts may have other values on another day: by the day itself, or as the law changed."""
    if before == after:
        return False
    by_day = [derived for derived in derived_facts if DAY_OF_ACT in derived.inputs]
    for derived in by_day:
        read = direct_inputs(derived.declaration) if derived.declaration else (DAY_OF_ACT,)
        if DAY_OF_ACT in (*read, *facts_in(*derived.conditions)):
            return True
    values = chain.from_iterable(derived.values for derived in by_day)
    rows = chain.from_iterable(scheme.rulebook.law.values[name].history for name in values)
    return any(row.covers(before) != row.covers(after) for row in rows)


def _exempt_facts(evidence: Evidence, scheme: Scheme, names: frozenset[str] | None = None) -> Iterator[ExemptFact]:
    """Yield what is searched for of the exempt facts of some names (None: all)."""
    exempt = [(subject, fact) for subject, fact in evidence.exempt if names is None or fact in names]
    stated = [(subject, fact, evidence.facts_of(subject)[fact]) for subject, fact in sorted(exempt)]
    # Derived facts come last, so that an amount has the name of the fact that somebody stated. A derived choice is a
    # term of the law, such as the regime that governs a contract: Part 1 names such terms for other reasons too.
    derived = _derived_names(scheme)
    for subject, fact, value in sorted(stated, key=lambda one: one[1] in derived):
        if not (isinstance(value, bool) or (fact in derived and isinstance(value, str))):
            yield _exempt_fact(subject, fact, value, scheme)


@lru_cache(maxsize=8)
def _derived_names(scheme: Scheme) -> frozenset[str]:
    return frozenset(each.name for each in scheme.rulebook.derived_facts)


def find_derived_facts(scheme: Scheme, exempt: Iterable[str]) -> tuple[DerivedFact, ...]:
    """Return the derived facts that may be exempt and are searched for, given the exempt addresses of a case."""
    return _derived_facts_hanging_on(scheme, frozenset(map(_fact_and_kind, exempt)))


@lru_cache(maxsize=64)
def _derived_facts_hanging_on(scheme: Scheme, exempt: frozenset[tuple[str, str]]) -> tuple[DerivedFact, ...]:
    """Return the derived facts of which a value may be exempt and is searched for, and those that they hang on.

    `exempt` are the names of exempt facts with the kind of their subjects. Flags and terms are not searched for.
    """
    names, kinds = {name for name, _ in exempt}, {kind for _, kind in exempt} - {CASE}
    searched = set()
    for derived in scheme.rulebook.derived_facts:
        if not names.isdisjoint((derived.name, *derived.inputs)) or derived.related_kind in kinds:
            names.add(derived.name)
            if scheme.fact_declaration(derived.name).kind not in ("flag", "choice", "text"):
                searched.add(derived.name)
    return scheme.rulebook.derived_dependencies(frozenset(searched))


def _fact_and_kind(address: str) -> tuple[str, str]:
    return split_address(address)[0], kind_of_subject(subject_of_address(address))


def _exempt_fact(subject: str, fact: str, value: FactValue, scheme: Scheme) -> ExemptFact:
    address = address_of(fact, key_of_subject(subject))
    name = name_fact(fact, subject, scheme)
    if not isinstance(value, str):
        return ExemptFact(address, name, value)
    return ExemptFact(address, name, value, scheme.describe_value(fact, value), scheme.is_text(fact, value))


def name_fact(fact: str, subject: str, scheme: Scheme) -> str:
    """Return a fact's label inside a sentence, with its subject: `the rationale (exemption s43)`."""
    declared = scheme.rulebook.facts.get(fact)
    label = declared.label if declared else fact
    inside = label[:1].lower() + label[1:] if label[1:2].islower() else label
    article = "" if inside.split()[0] in _NO_ARTICLE else "the "
    return article + inside + name_subject(subject, scheme)


def name_subject(subject: str, scheme: Scheme) -> str:
    """Return a subject in brackets, to follow the label of its fact; nothing for the case."""
    name = scheme.name_subject(subject)
    return f" ({name.lower()})" if name else ""
