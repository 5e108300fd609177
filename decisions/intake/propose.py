"""Propose the facts of a published file by the rules of its form. Nothing is guessed, and no model is asked.

Invariants:
- Every proposed value is one that its fact can have, with the place and the words that it was taken from.
- The same file and packs give the same proposal.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from itertools import dropwhile

from decisions.intake.fields import TITLE, FieldReader
from decisions.intake.figures import FoundAmount, find_amounts, words_before
from decisions.intake.lists import read_items
from decisions.intake.outline import Outline, Section, make_outline
from decisions.intake.proposal import Amount, FormChoice, Proposal, ProposalBuilder
from decisions.intake.references import find_references
from decisions.intake.source_text import Block, Problem, SourceText, quote_words
from decisions.intake.wording import find_first, find_phrase, split_marker, starts_with
from rules.packs.form_reading import FormReading, ReferenceForm, Statement
from rules.values.facts import address_of

_TICK = re.compile(r"[√✓✔☑☒]|(?:^|\s)(?:[xXvV]|yes)\s*$", re.IGNORECASE)
"""A tick in a row. A scan reads `v` or `x` for one, which counts at the end of a row alone."""
_TICK_LENGTH = len("yes")
_SECTION_NUMBER = re.compile(r"\s{0,2}(?P<number>[0-9]{1,2})(?P<letter>[aA])?(?![0-9])")
_AND_NUMBER = re.compile(r"\s{0,2}(?:,|and|&|or)\s{1,2}(?=[0-9]{1,2}(?![0-9]))")
_NO_HEADING = "the form has no heading for it"
_EXEMPTION_BLOCKS = 8
"""How many paragraphs after the words that lead in the exemptions are searched for sections."""


def propose_facts(source: SourceText, choice: FormChoice, data: bytes, file_name: str) -> Proposal:
    """Return what a file states by the rules of a form. `data` are its bytes, for the digest."""
    outline = make_outline(source.blocks, choice.reading)
    builder = ProposalBuilder(choice.scheme)
    builder.problems += [*source.problems, *outline.problems]
    FieldReader(outline, choice, builder).read()
    _FormWalk(outline, choice.reading, builder).read()
    amounts = tuple(_read_amounts(outline, choice.reading, builder, choice.references))
    return Proposal(
        file_name,
        hashlib.sha256(data).hexdigest(),
        choice,
        tuple(builder.facts.values()),
        amounts,
        tuple(dict.fromkeys(builder.problems)),
    )


class _FormWalk:
    """Reads sections, recommendations, statements and exemptions of one file."""

    def __init__(self, outline: Outline, reading: FormReading, builder: ProposalBuilder) -> None:
        self._outline, self._reading, self._builder = outline, reading, builder

    def read(self) -> None:
        """Propose all of them."""
        self._read_sections()
        self._read_recommendations()
        self._read_statements()
        self._read_exemptions()

    def _read_sections(self) -> None:
        for fact, spec in self._reading.sections.items():
            section, check = self._outline.find(spec.headings), ""
            blocks = self._own_blocks(section) if section else []
            if not blocks and spec.opens:
                blocks, check = self._opening_blocks(), _NO_HEADING
            if blocks:
                text = "\n\n".join(block.text for block in blocks)
                self._builder.state(fact, text, blocks[0].place, blocks[0].text, check)

    def _own_blocks(self, section: Section) -> list[Block]:
        """Return the blocks of a section up to one that is numbered for another: its own heading was lost."""
        number = split_marker(section.heading.text).label if section.heading else ""
        for index, block in enumerate(section.blocks):
            marked = split_marker(block.text)
            if number and marked.kind == "dotted" and marked.label.partition(".")[0] != number:
                reason = f"{marked.label} stands below the heading {number}: a heading is missing, and this is not read"
                self._builder.problems.append(Problem(block.place, reason, quote_words(block.text)))
                return section.blocks[:index]
        return section.blocks

    def _opening_blocks(self) -> list[Block]:
        """Return the paragraphs below the labels of a file and above its first heading."""
        blocks = self._outline.opening(self._reading)
        labels = [label for each in self._reading.facts.values() for label in each.labels]
        labels += self._reading.decided_by.labels if self._reading.decided_by else ()
        last = max((index for index, block in enumerate(blocks) if starts_with(block.text, labels)), default=-1)
        texts = [block for block in blocks[last + 1 :] if not block.level and not self._is_title(block)]
        return list(dropwhile(lambda block: block.text.endswith(":"), texts))  # labels that the form does not know

    def _is_title(self, block: Block) -> bool:
        """Whether a block says the title again, as pages do."""
        title = self._builder.facts.get(TITLE)
        found = find_phrase(block.text, str(title.value)) if title else None
        return found is not None and found.end == len(block.text)

    def _read_recommendations(self) -> None:
        for count, item in enumerate(read_items(self._outline, self._reading), 1):
            facts = {"body": item.body, "number": str(item.number), "letter": item.letter, "verb": item.verb}
            for name, value in {**facts, "text": item.text}.items():
                if value:
                    check = item.check if name in ("number", "letter") else ""
                    address = address_of(f"recommendation.{name}", f"r{count}")
                    self._builder.state(address, value, item.place, item.words, check)

    def _read_statements(self) -> None:
        for fact, statements in self._reading.statements.items():
            found = (place for statement in statements if (place := self._find_statement(statement)))
            if first := next(found, None):
                statement, block, check = first
                value = self._builder.scheme.rulebook.facts[fact].coerce(statement.value)
                self._builder.propose(fact, value, block.place, block.text, check)

    def _find_statement(self, statement: Statement) -> tuple[Statement, Block, str] | None:
        for section in self._outline.sections:
            if section.is_under(statement.under):
                for index, block in enumerate(section.blocks):
                    found = find_first(block.text, statement.says)
                    if found and (not statement.ticked or _is_ticked(section, index)):
                        return statement, block, "" if found.is_exact else "some of its words may be misread"
        return None

    def _read_exemptions(self) -> None:
        spec = self._reading.exemptions
        if spec is None:
            return
        for section in self._outline.sections:
            for index, block in enumerate(section.blocks):
                if found := find_first(block.text, spec.leads):
                    self._read_sections_of_law(block, found.end)
                    for follower in section.blocks[index + 1 : index + 1 + _EXEMPTION_BLOCKS]:
                        if not starts_with(follower.text, spec.sections):
                            break
                        self._read_sections_of_law(follower, 0)

    def _read_sections_of_law(self, block: Block, start: int) -> None:
        spec = self._reading.exemptions
        at = start
        while spec and (found := find_first(block.text, spec.sections, at)):
            at = found.end
            while match := _SECTION_NUMBER.match(block.text, at):
                code = f"s{match['number']}{(match['letter'] or '').lower()}"
                self._builder.state(address_of(spec.fact, code), code, block.place, block.text)
                at = match.end()
                joined = _AND_NUMBER.match(block.text, at)
                at = joined.end() if joined else at
                if not joined:
                    break


def _is_ticked(section: Section, index: int) -> bool:
    """Whether a row ends with a tick, or the next one is a tick alone."""
    following = section.blocks[index + 1].text if index + 1 < len(section.blocks) else ""
    is_tick_alone = len(following) <= _TICK_LENGTH and bool(_TICK.match(following))
    return is_tick_alone or bool(_TICK.search(section.blocks[index].text))


def _read_amounts(
    outline: Outline, reading: FormReading, builder: ProposalBuilder, references: tuple[ReferenceForm, ...]
) -> Iterator[Amount]:
    """Yield the amounts of a file; propose those that the form has words for."""
    listed: dict[str, list[tuple[Amount, Block]]] = {}
    phrases = tuple(phrase for group in reading.amounts.values() for phrase in group)
    for block in _amount_blocks(outline, builder):
        for found in find_amounts(block.text):
            amount = _make_amount(found, block, phrases, builder)
            if amount is None:
                continue
            yield amount
            if _cites_another(block.text, found.start, builder, references):
                continue
            for fact, group in reading.amounts.items():
                if amount.of in group:
                    listed.setdefault(fact, []).append((amount, block))
    for fact, amounts in listed.items():
        values = {amount.value for amount, _ in amounts}
        first, block = amounts[0]
        others = ", ".join(sorted(amount.words for amount, _ in amounts if amount.value != first.value)[:3])
        check = "" if len(values) == 1 else f"other amounts stand after such words: {others}"
        builder.propose(fact, first.value, first.place, block.text, check or "it may not be the whole value")


def _cites_another(text: str, at: int, builder: ProposalBuilder, references: tuple[ReferenceForm, ...]) -> bool:
    """Whether a sentence names another decision, so that its amounts may be that one's."""
    start = max(text.rfind(". ", 0, at), text.rfind("\n", 0, at)) + 1
    stop = text.find(". ", at)
    own = {str(fact.value) for fact in builder.facts.values()}
    cited = find_references(text[start : stop if stop >= 0 else len(text)], references)
    return any(reference.written not in own for reference in cited)


def _make_amount(found: FoundAmount, block: Block, phrases: tuple[str, ...], builder: ProposalBuilder) -> Amount | None:
    if found.value is None:
        builder.problems.append(Problem(block.place, found.reason, found.words))
        return None
    return Amount(found.value, block.place, found.words, words_before(block.text, found, phrases))


def _amount_blocks(outline: Outline, builder: ProposalBuilder) -> Iterator[Block]:
    """Yield the recommendations, then all other text of the file."""
    places = {fact.place for address, fact in builder.facts.items() if address.startswith("recommendation:")}
    blocks = [block for _, block in outline.blocks()]
    yield from (block for block in blocks if block.place in places)
    yield from (block for block in blocks if block.place not in places)
