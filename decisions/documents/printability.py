"""Refuse a document that no output format can render, before it is rendered.

Messages name the case, never words of its text.
"""

from __future__ import annotations

import re

from decisions.documents.blocks.heading import Heading
from decisions.documents.blocks.registry import Block
from decisions.documents.blocks.summary_box import SummaryBox
from decisions.documents.view import MAX_TEXTS, Document, texts_in
from decisions.errors import DocumentError
from rules.values.font_coverage import find_missing_glyph
from rules.values.text import first_unprintable

MAX_WORD_LENGTH = 2_000
"""The longest word, in characters. Breaking a word costs the square of its length in time."""

MAX_BREAKING_COST = 10 * MAX_WORD_LENGTH**2
"""The greatest sum of the squares of all long words: about 15 seconds of work."""

_CHARACTER_ADVICE = "Amend the paper: write it with characters that the fonts of the documents have."
_LONG_WORD = re.compile(r"\S{200,}")


def refuse_unprintable(document: Document) -> None:
    """Raise `DocumentError` for a document that no output format can render.

    Refused are headings that skip a level, characters that do not print or that no font has, words too long to break,
    and documents that would take minutes to lay out. Messages name the case, never words of its text.
    """
    _refuse_skipped_levels(document.blocks)
    texts = list(filter(None, texts_in(document)))
    _refuse_too_many_texts(len(texts), document)
    _refuse_long_words([len(word) for text in texts for word in _LONG_WORD.findall(text)], document.display_name)
    for text in dict.fromkeys(texts):
        _refuse_unprintable_characters(text, document.display_name)


def _refuse_unprintable_characters(text: str, document_name: str) -> None:
    if character := first_unprintable(text):
        raise DocumentError(f"{document_name}: its text holds {character}, which does not print", _CHARACTER_ADVICE)
    position = find_missing_glyph(text)
    if position is not None:
        character = text[position]
        raise DocumentError(f'{document_name}: no font has "{character}" (U+{ord(character):04X})', _CHARACTER_ADVICE)


def _refuse_too_many_texts(text_count: int, document: Document) -> None:
    if text_count > MAX_TEXTS:
        raise DocumentError(
            f"{document.display_name}: its {document.kind} would have {text_count:,} paragraphs, items and cells; "
            f"at most {MAX_TEXTS:,} are set",
            "Amend the paper: make its texts shorter.",
        )


def _refuse_long_words(lengths: list[int], document_name: str) -> None:
    """Raise `DocumentError` for words that would take minutes to break; no name or address is so long."""
    advice = "Amend the paper: put spaces or line breaks into that text."
    if max(lengths, default=0) > MAX_WORD_LENGTH:
        raise DocumentError(
            f"{document_name}: its text goes on for more than {MAX_WORD_LENGTH:,} characters without a space", advice
        )
    if sum(length**2 for length in lengths) > MAX_BREAKING_COST:
        raise DocumentError(
            f"{document_name}: its text has {len(lengths):,} words that would take minutes to break", advice
        )


def _refuse_skipped_levels(blocks: tuple[Block, ...]) -> None:
    """Raise `DocumentError` if headings skip a level: readers who move by headings would get lost (PDF/UA-1, 7.4.2)."""
    above = 1
    for block in blocks:
        if isinstance(block, SummaryBox):
            above = 2
        elif isinstance(block, Heading):
            if block.level not in range(2, min(above + 1, 6) + 1):
                raise DocumentError(f'heading "{block.text}" is of level {block.level} below one of level {above}')
            above = block.level
