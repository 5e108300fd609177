"""A scheme's documents: each a form, written as blocks in the order in which they are printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from pydantic import Field

from rules.language.condition_parser import ConditionParser
from rules.language.conditions import Condition, facts_in
from rules.reading.pydantic_messages import LONG_NAME_PATTERN
from rules.reading.yaml_reader import KeyPath, YamlFile
from rules.values.citation import Declaration
from rules.values.facts import CASE, FactDeclaration, subject_kind_of
from rules.values.suggestions import did_you_mean

RECOMMENDATION_BODY = "recommendation.body"
RECOMMENDATION_FACTS = tuple(f"recommendation.{fact}" for fact in ("body", "number", "letter", "verb", "text"))
"""The facts of recommendations by which a form finds those to one body, puts them in order and prints them."""

_LocatedProblem: TypeAlias = tuple[KeyPath, str]
_FactLabels: TypeAlias = dict[str, str]
VisibilityCondition: TypeAlias = str | dict[str, Any]
"""When a form is made or a block shown: the name of a flag that is to be true, or a condition; always, where empty."""


class BlockSpec(Declaration):
    """One block of a document as a scheme writes it; which keys are given decides what it shows.

    `heading`: a heading (`level` 2 or 3). `words`: fixed wording of the form. `text`: the prose of a fact, its
    paragraphs numbered where `numbered` gives the section's number. `recommendations`: those of one body.
    `fields`: facts with their labels. `exemptions`: those claimed, each with the facts named. `statements`: a
    declaration, each fact beside its wording. `signature`: the stage whose officer signs, in `capacity`, once its
    outcome is `outcome`, with its `words` and `fields` above the name; after another outcome `reason` tells why.
    `boxed`: facts to be seen at a glance. `acts`: what was done at some stages, by whom, in which capacity and when.

    `when` shows a block only where a flag is true, or a condition holds. A fact that is not known is shown in the words
    of `unstated`, those of `unstated_as` for some facts of the block, or as not applicable where the flag `hangs_on` is
    false.
    """

    heading: str = ""
    level: int = Field(default=2, ge=2, le=3)
    words: tuple[str, ...] = ()
    text: str = ""
    numbered: str = ""
    recommendations: str = ""
    fields: _FactLabels = Field(default_factory=dict)
    exemptions: _FactLabels = Field(default_factory=dict)
    statements: _FactLabels = Field(default_factory=dict)
    caption: str = ""
    acts: tuple[str, ...] = ()
    signature: str = ""
    capacity: str = ""
    outcome: str = ""
    reason: str = ""
    boxed: _FactLabels = Field(default_factory=dict)
    when: VisibilityCondition = ""
    unstated: str = Field(default="Not recorded", min_length=1)
    unstated_as: _FactLabels = Field(default_factory=dict)
    hangs_on: str = ""

    def facts(self) -> Iterator[str]:
        """Every fact that the block names and that is told of the case."""
        single = (self.text, self.reason, self.hangs_on)
        yield from filter(None, [*single, *self.labelled_facts()])

    def labelled_facts(self) -> Iterator[str]:
        """Every fact that stands beside a label or a statement, and is told of the case."""
        yield from (*self.fields, *self.statements, *self.boxed)


class DocumentTemplate(Declaration):
    """One document of a scheme in one part, and its blocks in order.

    `title` and `reference` name facts; the marking is the form's own (`marking`) or a fact's (`marking_of`). The
    document is a draft until the stage `decided_at` has an outcome. Of a case where `when` is false, none is made.
    """

    kind: str = Field(pattern=LONG_NAME_PATTERN)
    part: int = Field(ge=1, le=2)
    name: str
    title: str
    subtitle: str = ""
    marking: str = ""
    marking_of: str = ""
    reference: str
    decided_at: str
    when: VisibilityCondition = ""
    blocks: tuple[BlockSpec, ...] = Field(min_length=1)


def parse_visibility_condition(
    when: VisibilityCondition, facts: Mapping[str, FactDeclaration]
) -> tuple[Condition, list[str]]:
    """The condition that a `when` states, and what is wrong with it; no dated value has a place in it."""
    grammar = ConditionParser(YamlFile("", {}, {}), facts, {})
    read = grammar.parse({when: {"is": True}} if isinstance(when, str) else when, ())
    return read, [fault.message for fault in grammar.faults]


def document_template_faults(
    templates: tuple[DocumentTemplate, ...], facts: Mapping[str, FactDeclaration]
) -> Iterator[_LocatedProblem]:
    """What keeps forms from being made into documents: the place of each fault among them, and what it is."""
    made: set[tuple[str, int]] = set()
    for place, form in enumerate(templates):
        if (form.kind, form.part) in made:
            yield (place, "kind"), f"there are two forms for {form.kind} Part {form.part}"
        made.add((form.kind, form.part))
        yield from (((place, *at), message) for at, message in _template_faults(form, facts))


def who_acted_faults(
    templates: tuple[DocumentTemplate, ...], facts: Mapping[str, FactDeclaration]
) -> Iterator[_LocatedProblem]:
    """Yield a fault for each document that does not say who acted up to its decision, with what to write.

    Packs without such a block can still be read, because ledgers hold some; `scheme check` refuses them.
    """
    for place, template in enumerate(templates):
        listed = {stage for block in template.blocks if not block.when for stage in block.acts}
        if template.decided_at not in listed:
            stages = ", ".join((*_stages_before(template.decided_at, facts), template.decided_at))
            message = (
                f"{template.kind} Part {template.part} does not say who decided. Add a block without when,"
                f" such as: {{heading: Who acted, acts: [{stages}]}}"
            )
            yield (place, "blocks"), message


def _stages_before(stage: str, facts: Mapping[str, FactDeclaration]) -> Iterator[str]:
    """Yield the stages with an outcome that stand before one, in the order of the scheme."""
    for name in facts:
        earlier, _, recorded = name.partition(".")
        if earlier == stage:
            return
        if recorded == "outcome" and f"{earlier}.role" in facts:
            yield earlier


def _template_faults(template: DocumentTemplate, facts: Mapping[str, FactDeclaration]) -> Iterator[_LocatedProblem]:
    if f"{template.decided_at}.outcome" not in facts:
        yield ("decided_at",), f"{template.decided_at} is not a stage that has an outcome"
    if bool(template.marking) is bool(template.marking_of):
        yield ("marking",), "must be given as marking or as marking_of, one of the two"
    yield from (((), message) for message in _head_faults(template, facts))
    for place, block in enumerate(template.blocks):
        yield from ((("blocks", place), message) for message in _block_faults(block, facts))
    yield from _heading_level_faults(template.blocks)


def _head_faults(template: DocumentTemplate, facts: Mapping[str, FactDeclaration]) -> Iterator[str]:
    for fact in filter(None, [template.title, template.reference, template.marking_of]):
        yield from _undeclared_fact_faults(fact, CASE, facts)
    yield from _visibility_faults(template.when, facts)


def _visibility_faults(when: VisibilityCondition, facts: Mapping[str, FactDeclaration]) -> Iterator[str]:
    """What keeps a document or block from being shown by a flag or a condition of facts of the case."""
    if isinstance(when, str):
        if when:
            yield from _undeclared_fact_faults(when, CASE, facts)
            yield from _non_flag_faults(when, facts)
        return
    condition, messages = parse_visibility_condition(when, facts)
    yield from messages
    for fact in facts_in(condition):
        yield from _undeclared_fact_faults(fact, CASE, facts)


def _heading_level_faults(blocks: tuple[BlockSpec, ...]) -> Iterator[_LocatedProblem]:
    """A fault for each heading that stands more than one level below the heading above it."""
    above = 1
    for place, block in enumerate(blocks):
        if not block.heading:
            continue
        if block.level > above + 1:
            message = f"{block.heading!r} is of level {block.level} below a heading of level {above}"
            yield ("blocks", place, "level"), message
        # What is below a heading that may not be shown must not need it.
        above = min(above, block.level) if block.when else block.level


def _block_faults(block: BlockSpec, facts: Mapping[str, FactDeclaration]) -> Iterator[str]:
    for fact in block.facts():
        yield from _undeclared_fact_faults(fact, CASE, facts)
    for fact in block.exemptions:
        yield from _undeclared_fact_faults(fact, "exemption", facts)
    yield from _recommendation_faults(block.recommendations, facts)
    yield from _visibility_faults(block.when, facts)
    yield from _non_flag_faults(block.hangs_on, facts)
    for fact in block.statements:
        if fact in facts and facts[fact].kind not in ("flag", "choice"):
            yield f"{fact} is neither a flag nor a choice, so it cannot confirm a statement"
    shown = [*block.labelled_facts(), *block.exemptions]
    yield from (
        f"{fact} is not shown in this block, so it is never unstated here"
        for fact in block.unstated_as
        if fact not in shown
    )
    yield from _signature_faults(block, facts)
    yield from (
        f"{stage} is not a stage that has an outcome" for stage in block.acts if f"{stage}.outcome" not in facts
    )


def _recommendation_faults(body: str, facts: Mapping[str, FactDeclaration]) -> Iterator[str]:
    if not body:
        return
    missing = [fact for fact in RECOMMENDATION_FACTS if fact not in facts]
    yield from (f"{fact} is a fact that nobody declares, and recommendations are printed by it" for fact in missing)
    if RECOMMENDATION_BODY in facts and body not in facts[RECOMMENDATION_BODY].choices:
        choices = ", ".join(facts[RECOMMENDATION_BODY].choices)
        yield f"{body} is not a choice of {RECOMMENDATION_BODY}; there are {choices}"


def _signature_faults(block: BlockSpec, facts: Mapping[str, FactDeclaration]) -> Iterator[str]:
    if not block.signature:
        return
    recorded = f"{block.signature}.outcome"
    if recorded not in facts:
        yield f"{block.signature} is not a stage that has an outcome"
    elif block.outcome not in facts[recorded].choices:
        yield f"{block.outcome or 'nothing'} is not an outcome of {block.signature}"
    if not block.capacity:
        yield f"the signature of {block.signature} names no capacity"


def _non_flag_faults(fact: str, facts: Mapping[str, FactDeclaration]) -> Iterator[str]:
    if fact in facts and facts[fact].kind != "flag":
        yield f"{fact} is not a flag, so nothing can hang on it"


def _undeclared_fact_faults(fact: str, subject: str, facts: Mapping[str, FactDeclaration]) -> Iterator[str]:
    if fact not in facts:
        yield f"{fact} is a fact that nobody declares. {did_you_mean(fact, facts)}".strip()
    elif subject_kind_of(fact) not in (CASE, subject):
        yield f"{fact} is told of each {subject_kind_of(fact)}, and cannot stand here"
