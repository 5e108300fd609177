"""A declaration: statements that an officer confirms: the key `statements`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from decisions.documents import wording
from decisions.documents.blocks.fields import Field
from decisions.documents.record_views import CaseRecord
from rules.packs.document_schema import BlockSpec


@dataclass(frozen=True, slots=True)
class Statements:
    """A table of statements, each beside the word that confirms it, or the words for not yet."""

    caption: str
    heading: str
    confirmation: str
    rows: tuple[Field, ...]


def build_statements(spec: BlockSpec, record: CaseRecord) -> Iterator[Statements]:
    """Build the declaration of a block; none if the case ended before it was due."""
    if record.final_stage_label and all(record.value(fact) is None for fact in spec.statements):
        return
    rows = tuple(_build_row(spec, words, fact, record) for fact, words in spec.statements.items())
    yield Statements(spec.caption, wording.STATEMENT, wording.CONFIRMATION, rows)


def _build_row(spec: BlockSpec, words: str, fact: str, record: CaseRecord) -> Field:
    """Return one statement. A flag is confirmed if it is true; a choice if one was made, which is added in full."""
    value = record.value(fact)
    is_confirmed = value is True or isinstance(value, str)
    if record.scheme.fact_declaration(fact).kind == "choice":
        words = f"{words} {record.format_line(fact) or record.words_for_unknown(fact, spec.unstated)}."
    placeholder = wording.NOT_CONFIRMED if record.final_stage_label else wording.NOT_YET_CONFIRMED
    return Field(words, wording.CONFIRMED if is_confirmed else "", record.words_for_unknown(fact, placeholder))
