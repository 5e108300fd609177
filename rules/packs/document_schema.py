"""A scheme's document templates: each is a list of blocks in the order in which they are printed.

A template names facts by their names and never has logic beyond `when`. Every fault has its place in the template, so
that a scheme is refused before anybody asks for a document that cannot be made.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Annotated, Any, TypeAlias

from pydantic import Field, WithJsonSchema, model_validator

from rules.language.condition_parser import ConditionParser
from rules.language.conditions import Condition, facts_in
from rules.language.schema_types import Flag, Identifier, RawCondition
from rules.packs.corrections_schema import correction_fact_faults
from rules.packs.earlier_blocks import write_as_today
from rules.reading.pydantic_messages import LONG_NAME_PATTERN
from rules.reading.yaml_reader import LocatedFault, YamlFile
from rules.values.citation import Declaration
from rules.values.fact_table import FactTable
from rules.values.facts import CASE
from rules.values.suggestions import describe_unknown, did_you_mean

_FactLabels: TypeAlias = dict[str, str]
PUBLIC_PART = 1
VisibilityCondition: TypeAlias = Annotated[str | dict[str, Any], WithJsonSchema({"x-definition": "Visibility"})]
"""When a document is made or a block shown: the name of a flag, or a condition; always, if empty."""


class PointList(Declaration, title="Points"):
    """A numbered list of all things of one kind: 1a and 1b stand below the one numbered 1."""

    of: Identifier = Field(description="The kind of thing, such as `recommendation`: a point for each of them.")
    text: str = Field(description="The text fact that is printed.")
    verb: str = Field(default="", description="A fact that is printed before the text, such as what a body is to do.")
    number: str = Field(default="", description="The fact of kind `count` by which they are numbered and in order.")
    letter: str = Field(default="", description="The text fact with the letter within a number.")

    def facts(self) -> tuple[str, ...]:
        """Return every fact of each of the things that it names."""
        return tuple(filter(None, (self.number, self.letter, self.verb, self.text)))


class BlockSpec(Declaration, title="Block"):
    """One block of a document as a scheme writes it; its keys decide what it shows.

    `shared`: the block of a shared file that stands here. `heading`: a heading (`level` 2 or 3). `words`: fixed
    wording. `text`: the prose of a fact, with numbered paragraphs if `numbered` gives the number of the section.
    `points`: a numbered list of things of one kind. `fields`: facts with their labels. `details_of`: things of one
    kind, each with the facts in `details`. `table_of`: a table of things of one kind, such as the votes of members,
    with a column for each fact in `columns`. `where` selects the things of these three. `statements`: a declaration,
    each fact beside its wording. `signature`: the stage whose officer signs, in `capacity`, once its outcome is
    `outcome`, with its `words` and `fields` above the name; after another outcome the fact `reason` says why.
    `boxed`: facts to see at a glance. `acts`: what was done at some stages, by whom, in which capacity and when.
    `corrections`: what was corrected after the decision.

    `when` shows a block only if a flag is true or a condition holds. In Part 1, a fact that Part 2 holds is called
    withheld, by the words of the scheme (`withheld_as`). A fact that somebody may still give is shown by the words of
    `unstated`, or by those of `unstated_as` for some facts of the block. What nobody had to give is left out: a fact
    that the paper did not state when it was sent, one that no act can record any more, and one that hangs on a flag
    (`hangs_on`) that is false. Words in `unstated_as` for a fact of the paper are always shown.
    """

    shared: str = Field(
        default="", description="A block of a shared file, which stands here; keys beside it replace its own."
    )
    heading: str = Field(default="", description="A heading above the block.")
    level: int = Field(default=2, ge=2, le=3, description="The level of the heading: 2, or 3 for one below it.")
    words: tuple[str, ...] = Field(default=(), description="Fixed wording, a paragraph each.")
    text: str = Field(default="", description="The text fact that is printed, with its paragraphs, lists and tables.")
    numbered: str = Field(default="", description="The number of the section: paragraphs of `text` are 2.1, 2.2 …")
    points: PointList | None = Field(
        default=None, description="A numbered list of things of one kind, such as recommendations."
    )
    fields: _FactLabels = Field(default_factory=dict, description="Facts, each with its label, one below the other.")
    details_of: str = Field(
        default="", description="A kind of thing, such as `exemption`: the facts in `details` are printed for each."
    )
    details: _FactLabels = Field(
        default_factory=dict, description="Facts of each of the things of `details_of`, with their labels."
    )
    statements: _FactLabels = Field(
        default_factory=dict, description="A declaration: flags or choices, each with the statement that it confirms."
    )
    caption: str = Field(default="", description="The caption of the table of `statements`.")
    acts: tuple[str, ...] = Field(
        default=(), description="Stages: what was done at each, by whom, in which capacity and when."
    )
    table_of: str = Field(
        default="", description="A kind of thing, such as `condition`: a table with a row for each of them."
    )
    columns: _FactLabels = Field(
        default_factory=dict, description="The columns of `table_of`: facts of each of the things, with their labels."
    )
    where: RawCondition = Field(
        default=None, description="Which things of `points`, `details_of` or `table_of` are printed. Left out, all are."
    )
    corrections: Flag = Field(
        default=False, description="`true` for the corrections of the case. Without one, the block is not shown."
    )
    signature: str = Field(default="", description="The stage whose officer signs here.")
    capacity: str = Field(default="", description="The capacity printed below a `signature`.")
    outcome: str = Field(default="", description="The outcome of the stage that counts as signing.")
    reason: str = Field(default="", description="The fact that gives the reason where the outcome was another.")
    boxed: _FactLabels = Field(
        default_factory=dict, description="Facts, each with its label, in a box to be seen at a glance."
    )
    when: VisibilityCondition = Field(
        default="", description="When the block is shown: a flag fact, or a condition. Left out, always."
    )
    unstated: str = Field(default="Not recorded", min_length=1, description="The words for a fact that is not known.")
    unstated_as: _FactLabels = Field(
        default_factory=dict, description="Other words for some facts of the block that are not known."
    )
    hangs_on: str = Field(default="", description="A flag fact: where it is false, what is not known is left out.")
    withheld: tuple[str, ...] = Field(
        default=(),
        description="Facts of the block that a paper may keep in Part 2, and of which the public may know that. "
        "`scheme check` warns of others that a walk keeps there.",
    )

    _write_as_today = model_validator(mode="before")(write_as_today)

    def has_words_for(self, fact: str) -> bool:
        """Whether the scheme itself gives the words for a fact that is not known."""
        return fact in self.unstated_as or self.unstated != type(self).model_fields["unstated"].default

    def facts(self) -> Iterator[str]:
        """Yield every fact of the case that the block names."""
        single = (self.text, self.reason, self.hangs_on)
        yield from filter(None, [*single, *self.labelled_facts()])

    def labelled_facts(self) -> Iterator[str]:
        """Yield every fact of the case beside a label or a statement."""
        yield from (*self.fields, *self.statements, *self.boxed)

    def subject_facts(self) -> Iterator[str]:
        """Yield every fact of things of one kind that the block prints."""
        yield from (*self.details, *self.columns, *(self.points.facts() if self.points else ()))

    def subject_kinds(self) -> dict[str, tuple[str, ...]]:
        """Return the kinds of thing that the block prints, each with its facts there."""
        listed = [(self.details_of, tuple(self.details)), (self.table_of, tuple(self.columns))]
        points = [(self.points.of, self.points.facts())] if self.points else []
        return {kind: facts for kind, facts in (*points, *listed) if kind}


class DocumentTemplate(Declaration, title="Document"):
    """One document of a scheme in one part, with its blocks in order.

    `title` and `reference` name facts; the marking is fixed (`marking`) or a fact (`marking_of`). The document is a
    draft until the stage `decided_at` has an outcome. If `when` is false for a case, the document is not made.
    """

    kind: str = Field(pattern=LONG_NAME_PATTERN, description="The name that `assent document render` takes.")
    part: int = Field(ge=1, le=2, description="1 for the public document, 2 for the confidential one.")
    name: str = Field(description="What the document is called.")
    title: str = Field(description="The fact that is printed as its title.")
    subtitle: str = Field(default="", description="The line below the title.")
    marking: str = Field(default="", description="The marking on every page. Give this or `marking_of`.")
    marking_of: str = Field(default="", description="The fact that is printed as the marking.")
    reference: str = Field(
        default="", description="The fact that is printed as its reference. Left out, the number of the case."
    )
    decided_at: str = Field(description="The stage that decides: until it has an outcome, the document is a draft.")
    when: VisibilityCondition = Field(
        default="", description="When there is such a document: a flag fact, or a condition. Left out, always."
    )
    blocks: tuple[BlockSpec, ...] = Field(min_length=1, description="What it shows, in order.")


def parse_visibility_condition(
    when: VisibilityCondition | RawCondition, facts: FactTable
) -> tuple[Condition, list[str]]:
    """Return the condition that a `when` states, and its faults; it may not use dated values."""
    parser = ConditionParser(YamlFile("", {}, {}), facts, {})
    condition = parser.parse({when: {"is": True}} if isinstance(when, str) else when, ())
    return condition, [fault.message for fault in parser.faults]


def document_template_faults(templates: tuple[DocumentTemplate, ...], facts: FactTable) -> Iterator[LocatedFault]:
    """Yield every fault that would keep a document from being made."""
    seen: set[tuple[str, int]] = set()
    for place, template in enumerate(templates):
        if (template.kind, template.part) in seen:
            yield (place, "kind"), f"there are two forms for {template.kind} Part {template.part}"
        seen.add((template.kind, template.part))
        yield from (((place, *at), message) for at, message in _template_faults(template, facts))


def who_acted_faults(templates: tuple[DocumentTemplate, ...], facts: FactTable) -> Iterator[LocatedFault]:
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


def late_reference_faults(
    templates: tuple[DocumentTemplate, ...], stages: Sequence[str], asked_at: Mapping[str, Collection[str]]
) -> Iterator[LocatedFault]:
    """Yield a fault for each document whose reference is given only after its decision: it would bear a later number.

    `asked_at` has the stages at which acts ask for each fact. Packs with such a reference can still be read.
    """
    for place, template in enumerate(templates):
        requested = [stages.index(stage) for stage in asked_at.get(template.reference, ()) if stage in stages]
        if requested and template.decided_at in stages and min(requested) > stages.index(template.decided_at):
            message = (
                f"{template.reference} is given after {template.decided_at}: leave the reference out, or name another"
            )
            yield (place, "reference"), message


def _stages_before(stage: str, facts: FactTable) -> Iterator[str]:
    """Yield the stages with an outcome that stand before one, in the order of the scheme."""
    for name in facts:
        earlier, _, recorded = name.partition(".")
        if earlier == stage:
            return
        if recorded == "outcome" and f"{earlier}.role" in facts:
            yield earlier


def _template_faults(template: DocumentTemplate, facts: FactTable) -> Iterator[LocatedFault]:
    if f"{template.decided_at}.outcome" not in facts:
        yield ("decided_at",), f"{template.decided_at} is not a stage that has an outcome"
    if bool(template.marking) is bool(template.marking_of):
        yield ("marking",), "must be given as marking or as marking_of, one of the two"
    yield from (((), message) for message in _head_faults(template, facts))
    for place, block in enumerate(template.blocks):
        yield from ((("blocks", place), message) for message in _block_faults(block, facts))
    yield from _heading_level_faults(template.blocks)


def _head_faults(template: DocumentTemplate, facts: FactTable) -> Iterator[str]:
    for fact in filter(None, [template.title, template.reference, template.marking_of]):
        yield from _undeclared_fact_faults(fact, CASE, facts)
    yield from _visibility_faults(template.when, facts)


def _visibility_faults(when: VisibilityCondition, facts: FactTable) -> Iterator[str]:
    """Yield the faults of a `when`: a flag or a condition over facts of the case."""
    if isinstance(when, str):
        if when:
            yield from _undeclared_fact_faults(when, CASE, facts)
            yield from _non_flag_faults(when, facts)
        return
    condition, messages = parse_visibility_condition(when, facts)
    yield from messages
    for fact in facts_in(condition):
        yield from _undeclared_fact_faults(fact, CASE, facts)


def _heading_level_faults(blocks: tuple[BlockSpec, ...]) -> Iterator[LocatedFault]:
    """Yield a fault for each heading more than one level below the heading before it."""
    above = 1
    for place, block in enumerate(blocks):
        if not block.heading:
            continue
        if block.level > above + 1:
            message = f"{block.heading!r} is of level {block.level} below a heading of level {above}"
            yield ("blocks", place, "level"), message
        # A heading that may be hidden cannot carry the levels below it.
        above = min(above, block.level) if block.when or block.corrections else block.level


def _block_faults(block: BlockSpec, facts: FactTable) -> Iterator[str]:
    for fact in block.facts():
        yield from _undeclared_fact_faults(fact, CASE, facts)
    yield from _subject_faults(block, facts)
    yield from _visibility_faults(block.when, facts)
    yield from _non_flag_faults(block.hangs_on, facts)
    for fact in block.statements:
        if fact in facts and facts[fact].kind not in ("flag", "choice"):
            yield f"{fact} is neither a flag nor a choice, so it cannot confirm a statement"
    shown = [block.text, *block.labelled_facts(), *block.subject_facts()]
    for fact in (*block.unstated_as, *block.withheld):
        if fact not in shown:
            yield f"{fact} is not shown in this block, so it is never unstated here"
    yield from _signature_faults(block, facts)
    if block.corrections:
        yield from correction_fact_faults(facts)
    for stage in block.acts:
        if f"{stage}.outcome" not in facts:
            yield f"{stage} is not a stage that has an outcome"


def _subject_faults(block: BlockSpec, facts: FactTable) -> Iterator[str]:
    """Yield the faults of what a block prints of things of one kind."""
    for of, of_each in (("table_of", "columns"), ("details_of", "details")):
        if bool(getattr(block, of)) is not bool(getattr(block, of_each)):
            yield f"{of} and {of_each} belong together: give both, or neither"
    kinds = block.subject_kinds()
    if block.where is not None and len(kinds) != 1:
        yield "where selects things of one kind: give it with points, details_of or table_of"
    for kind, printed in kinds.items():
        if kind not in facts.subject_kinds:
            yield describe_unknown(kind, "kind of subject", facts.subject_kinds)
            continue
        if block.where is not None:
            condition, messages = parse_visibility_condition(block.where, facts)
            yield from (f"where: {message}" for message in messages)
            selecting: tuple[str, ...] = facts_in(condition)
        else:
            selecting = ()
        for fact in (*printed, *selecting):
            yield from _undeclared_fact_faults(fact, kind, facts)


def _signature_faults(block: BlockSpec, facts: FactTable) -> Iterator[str]:
    if not block.signature:
        return
    outcome_fact = f"{block.signature}.outcome"
    if outcome_fact not in facts:
        yield f"{block.signature} is not a stage that has an outcome"
    elif block.outcome not in facts[outcome_fact].choices:
        yield f"{block.outcome or 'nothing'} is not an outcome of {block.signature}"
    if not block.capacity:
        yield f"the signature of {block.signature} names no capacity"


def _non_flag_faults(fact: str, facts: FactTable) -> Iterator[str]:
    if fact in facts and facts[fact].kind != "flag":
        yield f"{fact} is not a flag, so nothing can hang on it"


def _undeclared_fact_faults(fact: str, subject: str, facts: FactTable) -> Iterator[str]:
    if fact not in facts:
        yield f"{fact} is a fact that nobody declares. {did_you_mean(fact, facts)}".strip()
    elif facts.subject_kind_of(fact) not in (CASE, subject):
        yield f"{fact} is a fact of each {facts.subject_kind_of(fact)}, and cannot stand here"
