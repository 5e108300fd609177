"""The facts that the documents of a case show, in the order in which they show them.

Only what a paper may state is listed. A block whose condition does not hold, or is not known yet, shows nothing. The
title, and what decides which documents there are, come before all else and under no heading. What documents may show
once more is known is listed apart from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rules.language.conditions import evaluate, facts_in, predicates_in
from rules.language.derived_facts import add_derived_facts
from rules.language.schema_types import RawCondition
from rules.packs.document_schema import BlockSpec, DocumentTemplate, VisibilityCondition, parse_visibility_condition
from rules.packs.scheme import Scheme
from rules.values.evidence import Evidence
from rules.values.facts import Facts, FactValue


class ShownFact(NamedTuple):
    """A fact, the heading under which a document first shows it, the part of that document, and its name.

    `section` is empty for a title, and for a fact that decides whether a document is made.
    """

    fact: str
    section: str
    part: int
    document: str = ""


def list_shown_facts(scheme: Scheme, evidence: Evidence) -> dict[str, ShownFact]:
    """Return each fact that a paper may state and a document shows, by name, in order; public documents come first."""
    rulebook = scheme.rulebook
    facts = add_derived_facts(evidence, rulebook.derived_facts, rulebook.law).case_facts
    templates = sorted(scheme.declaration.documents, key=lambda template: template.part)
    listed = [
        *(ShownFact(template.title, "", template.part) for template in templates[:1]),
        *(ShownFact(fact, "", 1) for template in templates for fact in _facts_deciding(template.when, scheme)),
        *(
            ShownFact(fact, section, template.part, template.name)
            for template in templates
            if _is_visible(template.when, scheme, facts)
            for fact, section in _facts_of_document(template, scheme, facts)
        ),
    ]
    shown: dict[str, ShownFact] = {}
    for place in listed:
        if place.fact in rulebook.facts and scheme.may_be_stated(place.fact):
            shown.setdefault(place.fact, place)
    return shown


def list_long_facts(scheme: Scheme) -> frozenset[str]:
    """Return the facts that a document shows as a text with paragraphs of its own."""
    return frozenset(block.text for template in scheme.declaration.documents for block in template.blocks if block.text)


class PossibleFact(NamedTuple):
    """A fact that a document may show: the heading and the part, and the answers to another fact that decide it.

    `decided_by` is empty where the fact is always shown, or where it does not hang on one other fact of the paper.
    """

    section: str
    part: int
    decided_by: str = ""
    answers: tuple[FactValue, ...] = ()


def list_possible_facts(scheme: Scheme, stated: Facts) -> dict[str, PossibleFact]:
    """Return each fact that a paper may state and a document may show, whatever is not stated yet, by name.

    A public document comes before a confidential one, and a place where it is always shown before others.
    """
    listed = sorted(_possible_places(scheme, stated), key=lambda place: (place[1].part, bool(place[1].decided_by)))
    possible: dict[str, PossibleFact] = {}
    for fact, place in listed:
        if fact in scheme.rulebook.facts and scheme.may_be_stated(fact):
            possible.setdefault(fact, place)
    return possible


def _possible_places(scheme: Scheme, stated: Facts) -> Iterator[tuple[str, PossibleFact]]:
    for template in scheme.declaration.documents:
        section = ""
        for block in template.blocks:
            section = block.heading or section
            conditions = [when for when in (block.when, template.when) if when]
            if any(_holds(when, scheme, stated) is False for when in conditions):
                continue
            deciding, answers = next((_deciding_answers(when, scheme) for when in conditions), ("", ()))
            for fact in _facts_of_block(block, scheme):
                yield fact, PossibleFact(section, template.part, deciding, answers)


def _deciding_answers(when: VisibilityCondition, scheme: Scheme) -> tuple[str, tuple[FactValue, ...]]:
    """Return the one fact of a paper on which a condition depends, and its answers; nothing if it is not so simple."""
    predicates = list(predicates_in(parse_visibility_condition(when, scheme.rulebook.facts)[0]))
    for predicate in predicates if len(predicates) == 1 else ():
        if predicate.comparator in ("is", "one_of") and scheme.may_be_stated(predicate.fact):
            operand = predicate.operand if isinstance(predicate.operand, tuple) else (predicate.operand,)
            return predicate.fact, tuple(answer for answer in operand if isinstance(answer, (str, bool)))
    return "", ()


def may_have_part_2(scheme: Scheme, stated: Facts) -> bool:
    """Whether a confidential document may be made of a case, whatever is not stated yet."""
    return any(
        template.part != 1 and not (template.when and _holds(template.when, scheme, stated) is False)
        for template in scheme.declaration.documents
    )


def _facts_of_document(template: DocumentTemplate, scheme: Scheme, facts: Facts) -> Iterator[tuple[str, str]]:
    section = ""
    for block in template.blocks:
        if _is_visible(block.when, scheme, facts):
            section = block.heading or section
            yield from ((fact, section) for fact in _facts_of_block(block, scheme))


def _facts_of_block(block: BlockSpec, scheme: Scheme) -> Iterator[str]:
    yield from block.labelled_facts()
    if block.text:
        yield block.text
    yield from _facts_deciding(block.where, scheme)
    yield from block.subject_facts()


def _facts_deciding(when: VisibilityCondition | RawCondition, scheme: Scheme) -> Iterator[str]:
    if when:
        yield from facts_in(parse_visibility_condition(when, scheme.rulebook.facts)[0])


def _is_visible(when: VisibilityCondition, scheme: Scheme, facts: Facts) -> bool:
    return not when or _holds(when, scheme, facts) is True


def _holds(when: VisibilityCondition, scheme: Scheme, facts: Facts) -> bool | None:
    return evaluate(parse_visibility_condition(when, scheme.rulebook.facts)[0], facts)
