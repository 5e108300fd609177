"""Render a document as one accessible HTML page.

- The page is semantic and self-contained: no script, nothing fetched.
- The text of a case is data. A sandboxed Jinja environment escapes everything it prints, so that no markup, template
  syntax or style of an author's can become part of the page.
- A document that could not be printed, or would take minutes to, is refused before it is rendered, in every format.
"""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from decisions.documents import table_layout
from decisions.documents.blocks.fields import Field
from decisions.documents.blocks.heading import Heading
from decisions.documents.blocks.registry import BLOCK_KINDS, Block
from decisions.documents.blocks.summary_box import SummaryBox
from decisions.documents.view import MAX_TEXTS, Document, texts_in
from decisions.errors import DocumentError
from rules.values.calendar import long_date
from rules.values.passages import amount_columns, split_at_notes
from rules.values.text import first_unprintable

TEMPLATE_FOLDER = Path(__file__).resolve().parents[2] / "templates"
END_ANCHOR = "end"
"""The name of the last thing on a page, by which its place is found."""
MAX_COLUMN_VALUE_LENGTH = 300
"""How many characters a value may have to stand in a column beside its label; a longer one stands below it."""

MAX_WORD_LENGTH = 2_000
"""How many characters may follow each other without a space. Breaking a word costs the square of its length in time."""

MAX_BREAKING_COST = 10 * MAX_WORD_LENGTH**2
"""How large the sum of the squares of all long words may be: about 15 seconds of work."""

_LONG_WORD = re.compile(r"\S{200,}")


def render_html(document: Document) -> str:
    """Return the page of a document; raise `DocumentError` as `refuse_unprintable` does."""
    refuse_unprintable(document)
    return _template_environment().get_template("document.html").render(document=document, style=style_elements())


def refuse_unprintable(document: Document) -> None:
    """Raise `DocumentError` for a document that no output format can render.

    Refused are headings that skip a level, characters that do not print, words too long to break, and documents that
    would take minutes to lay out. Messages name the case, never words of its text.
    """
    _refuse_skipped_levels(document.blocks)
    texts = list(filter(None, texts_in(document)))
    _refuse_too_many_texts(len(texts), document)
    _refuse_long_words([len(word) for text in texts for word in _LONG_WORD.findall(text)], document.display_name)
    for text in texts:
        if character := first_unprintable(text):
            raise DocumentError(
                f"{document.display_name}: its text holds {character}, which does not print",
                "Amend the paper: take the character out of the case's text.",
            )


@cache
def load_stylesheet(name: str = "print.css") -> str:
    """Return a style sheet, by default that of every document."""
    return (TEMPLATE_FOLDER / name).read_text(encoding="utf-8")


@cache
def style_elements() -> Markup:
    """Return the style elements of a standalone page; `decisions.output.pdf` removes them again."""
    wide = load_stylesheet("wide.css")
    elements = f'<style>\n{load_stylesheet()}</style>\n<style media="screen and (min-width: 40rem)">\n{wide}</style>'
    return Markup(elements)  # noqa: S704  # our own files, nothing of a case is in them


@cache
def _template_environment() -> ImmutableSandboxedEnvironment:
    """Return the one template environment: sandboxed, escaping, and strict about undefined names."""
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(TEMPLATE_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["kind"] = _block_kind
    environment.filters["has_long_value"] = _has_long_value
    environment.filters["split_at_notes"] = split_at_notes
    environment.filters["amount_columns"] = amount_columns
    environment.filters["table_classes"] = table_layout.css_classes
    environment.filters["data_uri"] = _png_data_uri
    environment.filters["long_date"] = long_date
    environment.globals["end_anchor"] = END_ANCHOR
    environment.globals["max_column_value_length"] = MAX_COLUMN_VALUE_LENGTH
    return environment


def _block_kind(block: Block) -> str:
    """Return the kind of a block, which is the name of its macro in `blocks.html`."""
    return BLOCK_KINDS[type(block)]


def _png_data_uri(data: bytes) -> str:
    """Return an address that holds a picture itself, so that a page fetches nothing."""
    return f"data:image/png;base64,{b64encode(data).decode('ascii')}"


def _has_long_value(items: tuple[Field, ...]) -> bool:
    """Whether a value is too long for a column beside its label."""
    return any(len(item.value) > MAX_COLUMN_VALUE_LENGTH for item in items)


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
