"""The facts that the documents of a case show, in the order in which they show them.

Only what a paper may state is listed. A block whose condition does not hold, or is not known yet, shows nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rules.language.conditions import evaluate, facts_in
from rules.language.derived_facts import add_derived_facts
from rules.packs.document_schema import BlockSpec, DocumentTemplate, VisibilityCondition, parse_visibility_condition
from rules.packs.scheme import Scheme
from rules.values.evidence import Evidence
from rules.values.facts import Facts


class ShownFact(NamedTuple):
    """A fact, the heading under which a document first shows it, and the part of that document."""

    fact: str
    section: str
    part: int


def list_shown_facts(scheme: Scheme, evidence: Evidence) -> dict[str, ShownFact]:
    """Return each fact that a paper may state and a document shows, by name, in order; public documents come first."""
    rulebook = scheme.rulebook
    facts = add_derived_facts(evidence, rulebook.derived_facts, rulebook.law).case_facts
    shown: dict[str, ShownFact] = {}
    for template in sorted(scheme.declaration.documents, key=lambda template: template.part):
        if _is_visible(template.when, scheme, facts):
            for fact, section in _facts_of_document(template, scheme, facts):
                if fact in rulebook.facts and scheme.may_be_stated(fact):
                    shown.setdefault(fact, ShownFact(fact, section, template.part))
    return shown


def _facts_of_document(template: DocumentTemplate, scheme: Scheme, facts: Facts) -> Iterator[tuple[str, str]]:
    yield template.title, ""
    section = ""
    for block in template.blocks:
        if _is_visible(block.when, scheme, facts):
            section = block.heading or section
            yield from ((fact, section) for fact in _facts_of_block(block, scheme))


def _facts_of_block(block: BlockSpec, scheme: Scheme) -> Iterator[str]:
    yield from block.labelled_facts()
    if block.text:
        yield block.text
    if block.where is not None:
        yield from facts_in(parse_visibility_condition(block.where, scheme.rulebook.facts)[0])
    yield from block.subject_facts()


def _is_visible(when: VisibilityCondition, scheme: Scheme, facts: Facts) -> bool:
    if not when:
        return True
    condition, _ = parse_visibility_condition(when, scheme.rulebook.facts)
    return evaluate(condition, facts) is True
