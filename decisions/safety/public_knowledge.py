"""Knowledge that needs no Part 2: what Part 1 states as facts, the law and the scheme, and who acts or writes.

What a rule reads in the prose of Part 1 is no fact that Part 1 states: prose would else make public what it gives away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import chain

from decisions.documents.record_views import PublicRecord
from decisions.safety.disclosure import scheme_texts
from decisions.safety.likenesses import PublicKnowledge, figure_values, join_words
from rules.language.derivation_context import DerivedFact
from rules.packs.scheme import Scheme
from rules.values.facts import FactValue, split_address
from rules.values.money import Money
from workflow.cases.case import Case

VAT_RATE = "vat.rate"
"""The dated value of the law that holds the rates of VAT, in tenths of a percent."""
MAX_WORDS_OF_NAME = 8
"""The most words of a text of Part 1 that can be the name or the post of somebody, and not prose."""
_SMALL_WORDS = ("and", "for", "of", "the", "&", "to")


def build_public_knowledge(record: PublicRecord) -> PublicKnowledge:
    """Return all that is public in a case.

    What rules derive adds figures and days, unless they were read in prose. Its texts and terms are no words of Part 1.
    """
    evidence, derived, read_in_prose = (
        record.evidence,
        _derived_names(record.scheme),
        _names_read_in_prose(record.scheme),
    )
    facts = chain(evidence.case_facts.items(), *(facts.items() for facts in evidence.subjects.values()))
    stated = [(fact, value) for fact, value in facts if fact not in read_in_prose]
    values = [value for fact, value in stated if not (isinstance(value, str) and fact in derived)]
    return _build_knowledge(values, record.case, record.scheme)


def build_stated_knowledge(case: Case, scheme: Scheme) -> PublicKnowledge:
    """Return what is public in a case but for the figures and days that rules derive."""
    derived = _derived_names(scheme)
    facts = {**scheme.authority_facts, **case.facts}
    values = [value for address, value in facts.items() if split_address(address)[0] not in derived]
    return _build_knowledge(values, case, scheme)


@lru_cache(maxsize=8)
def find_figure_facts(scheme: Scheme) -> tuple[DerivedFact, ...]:
    """Return the derived facts with figures and days that were not read in prose, and those that they hang on."""
    names = _derived_names(scheme) - _names_read_in_prose(scheme)
    kinds = {name: scheme.fact_declaration(name).kind for name in names}
    figures = frozenset(name for name, kind in kinds.items() if kind not in ("flag", "choice", "text"))
    return scheme.rulebook.derived_dependencies(figures)


@lru_cache(maxsize=8)
def _derived_names(scheme: Scheme) -> frozenset[str]:
    return frozenset(each.name for each in scheme.rulebook.derived_facts)


@lru_cache(maxsize=8)
def _names_read_in_prose(scheme: Scheme) -> frozenset[str]:
    """Return the derived facts that rules read in texts, and those that rest on them."""
    names: set[str] = set()
    for each in scheme.rulebook.derived_facts:  # in dependency order
        if each.is_evidence or not names.isdisjoint(each.inputs):
            names.add(each.name)
    return frozenset(names)


def _build_knowledge(values: Sequence[FactValue], case: Case, scheme: Scheme) -> PublicKnowledge:
    acted_on = [act.on for act in case.acts]
    days = {*acted_on, *(value for value in values if isinstance(value, date))}
    stated_days = [value for value in case.facts.values() if isinstance(value, date)]
    stated = frozenset(chain.from_iterable(map(figure_values, values)))
    return PublicKnowledge(
        stated | _law_figures(scheme, min(days, default=date.max), max(acted_on or stated_days, default=date.min)),
        frozenset(days),
        lambda: (_scheme_wording(scheme), join_words(_public_names(case, scheme))),
        [value for value in values if isinstance(value, str)],
    )


@lru_cache(maxsize=64)
def _law_figures(scheme: Scheme, first: date, last: date) -> frozenset[int]:
    """Return the amounts that the law and the scheme fixed between two days: everybody can read them there.

    A case names no law made after its last act; one without acts, none after the days that its paper states. A figure
    that is equal to a later one may tell an amount of Part 2.
    """
    rows = (row for value in scheme.rulebook.law.values.values() for row in value.history)
    in_force = (row for row in rows if row.first <= last and (row.last is None or first <= row.last))
    return frozenset(abs(row.figure.pence) for row in in_force if isinstance(row.figure, Money))


def vat_rates(scheme: Scheme, days: Iterable[date]) -> tuple[int, ...]:
    """Return the rates of VAT in tenths of a percent that were in force between the first and the last of some days.

    These are the days that a case states: a rate that ended before them cannot be in its amounts. There are no rates
    if the scheme's packs have none.
    """
    all_days = list(days)
    return _rates_between(scheme, min(all_days), max(all_days)) if all_days else ()


@lru_cache(maxsize=64)
def _rates_between(scheme: Scheme, first: date, last: date) -> tuple[int, ...]:
    declared = scheme.rulebook.law.values.get(VAT_RATE)
    rows = declared.history if declared else ()
    rates = {row.figure for row in rows if row.first <= last and (row.last is None or first <= row.last)}
    return tuple(sorted((rate for rate in rates if isinstance(rate, int) and rate), reverse=True))


@lru_cache(maxsize=8)
def _scheme_wording(scheme: Scheme) -> str:
    """Return the words of the scheme and of every control: papers repeat the terms of the law."""
    controls = (control.declaration for control in scheme.rulebook.controls.values())
    terms = chain.from_iterable((each.requirement, each.wrong, each.cure) for each in controls)
    return join_words((*scheme_texts(scheme), *terms))


def _public_names(case: Case, scheme: Scheme) -> Iterator[str]:
    """Yield who acted, and the short texts that Part 1 states of the case, but for the titles of documents."""
    yield from (name for act in case.acts for name in (act.officer, act.acts_for))
    titles = {template.title for template in scheme.declaration.documents}
    for address, value in case.facts.items():
        if isinstance(value, str) and ":" not in address and address not in titles:
            yield from [value] * (_is_name(value) and scheme.is_text(address, value))


def _is_name(text: str) -> bool:
    """Whether a text is a name or a post, such as `R Lawrence, Head of Estates`, and not a sentence."""
    words = text.split()
    if text.isupper() or text.endswith("."):
        return False
    return len(words) <= MAX_WORDS_OF_NAME and all(word[0].isupper() or word in _SMALL_WORDS for word in words)
