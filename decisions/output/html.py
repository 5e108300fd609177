"""A document's view as one accessible HTML page: semantic, self-contained, and without script.

The text of a case is data. It passes through a sandboxed environment that escapes everything it prints, so that no
markup, template syntax or style of an author's can become part of the page.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from decisions.documents import table_layout
from decisions.documents.view import MAX_TEXTS, Block, Document, Field, Heading, SummaryBox, texts_in
from decisions.errors import DocumentError
from rules.values.calendar import long_date
from rules.values.passages import amount_columns, split_at_notes
from rules.values.text import first_unprintable

TEMPLATE_FOLDER = Path(__file__).resolve().parents[2] / "templates"
MAX_COLUMN_VALUE_LENGTH = 300
MAX_WORD_LENGTH = 2_000
"""How many characters may follow each other without a space: to break a longer run costs its square in time."""

MAX_BREAKING_COST = 10 * MAX_WORD_LENGTH**2
"""What the squares of all long words of a document may come to: a quarter of a minute's work."""

_LONG_WORD = re.compile(r"\S{200,}")


def render_html(document: Document) -> str:
    """The page for a document; raises `DocumentError` for what cannot be a page.

    Those are headings that skip a level, characters that cannot be printed, words that no line can hold, and documents
    that would take minutes to set.
    """
    refuse_unprintable(document)
    return _template_environment().get_template("document.html").render(document=document, style=style_elements())


def refuse_unprintable(document: Document) -> None:
    """Raise `DocumentError` for what no document may have, in whatever form it is made; `html` says what that is."""
    _refuse_skipped_levels(document.blocks)
    texts = list(filter(None, texts_in(document)))
    _refuse_too_many_texts(len(texts), document)
    _refuse_long_words([len(word) for text in texts for word in _LONG_WORD.findall(text)], document.display_name)
    for text in texts:
        if found := first_unprintable(text):
            raise DocumentError(
                f"{document.display_name}: its text holds {found}, which does not print",
                "Amend the paper: take the character out of the case's text.",
            )


@cache
def load_stylesheet() -> str:
    """The style sheet of every document, as it is shipped."""
    return (TEMPLATE_FOLDER / "print.css").read_text(encoding="utf-8")


@cache
def style_elements() -> Markup:
    """Return the style elements of a standalone page; `decisions.output.pdf` takes them off again."""
    wide = (TEMPLATE_FOLDER / "wide.css").read_text(encoding="utf-8")
    both = f'<style>\n{load_stylesheet()}</style>\n<style media="screen and (min-width: 40rem)">\n{wide}</style>'
    return Markup(both)  # noqa: S704  # our own files, nothing of a case is in them


@cache
def _template_environment() -> ImmutableSandboxedEnvironment:
    """The one template environment: sandboxed, escaping, strict about what is undefined."""
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(TEMPLATE_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["kind"] = _macro_name
    environment.filters["lengthy"] = _has_long_value
    environment.filters["pieces"] = split_at_notes
    environment.filters["amounts"] = amount_columns
    environment.filters["classes"] = table_layout.css_classes
    environment.globals["longest"] = MAX_COLUMN_VALUE_LENGTH
    environment.filters["spoken"] = long_date
    return environment


def _macro_name(block: Block) -> str:
    """The name of the macro that prints a block: "paragraph" for a Paragraph."""
    return type(block).__name__.lower()


def _has_long_value(items: tuple[Field, ...]) -> bool:
    """Whether one of some values is too long for a column beside its label."""
    return any(len(item.value) > MAX_COLUMN_VALUE_LENGTH for item in items)


def _refuse_too_many_texts(text_count: int, document: Document) -> None:
    if text_count > MAX_TEXTS:
        raise DocumentError(
            f"{document.display_name}: its {document.kind} would have {text_count:,} paragraphs, items and cells; "
            f"at most {MAX_TEXTS:,} are set",
            "Amend the paper: make its texts shorter.",
        )


def _refuse_long_words(lengths: list[int], document_name: str) -> None:
    """Raise `DocumentError` for words so long that to break them would take minutes: no address or name is."""
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
    """Raise `DocumentError` where headings skip a level: who moves by headings would be lost (PDF/UA-1, 7.4.2)."""
    above = 1
    for block in blocks:
        if isinstance(block, SummaryBox):
            above = 2
        elif isinstance(block, Heading):
            if block.level not in range(2, min(above + 1, 6) + 1):
                raise DocumentError(f'heading "{block.text}" is of level {block.level} below one of level {above}')
            above = block.level
