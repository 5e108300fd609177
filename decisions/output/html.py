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
from decisions.documents.view import MOST_TEXTS, Block, Boxed, Document, Field, Heading, texts_in
from decisions.errors import DocumentError
from rules.values.calendar import spoken
from rules.values.passages import amounts, pieces
from rules.values.text import unprintable_in

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
LONGEST_IN_COLUMN = 300
LONGEST_WORD = 2_000
"""How many characters may follow each other without a space: to break a longer run costs its square in time."""

MOST_TO_BREAK = 10 * LONGEST_WORD**2
"""What the squares of all long words of a document may come to: a quarter of a minute's work."""

_LONG = re.compile(r"\S{200,}")


def html(document: Document) -> str:
    """The page for a document; raises `DocumentError` for what cannot be a page.

    Those are headings that skip a level, characters that cannot be printed, words that no line can hold, and documents
    that would take minutes to set.
    """
    refuse_unfit(document)
    return _environment().get_template("document.html").render(document=document, style=style())


def refuse_unfit(document: Document) -> None:
    """Raise `DocumentError` for what no document may have, in whatever form it is made; `html` says what that is."""
    _refuse_skipped_levels(document.blocks)
    texts = list(filter(None, texts_in(document)))
    _refuse_endless(len(texts), document)
    _refuse_endless_words([len(word) for text in texts for word in _LONG.findall(text)], document.of)
    for text in texts:
        if found := unprintable_in(text):
            raise DocumentError(
                f"{document.of}: its text holds {found}, which does not print",
                "Amend the paper: take the character out of the case's text.",
            )


@cache
def stylesheet() -> str:
    """The style sheet of every document, as it is shipped."""
    return (TEMPLATES / "print.css").read_text(encoding="utf-8")


@cache
def style() -> Markup:
    """Return the style elements of a standalone page; `decisions.output.pdf` takes them off again."""
    wide = (TEMPLATES / "wide.css").read_text(encoding="utf-8")
    both = f'<style>\n{stylesheet()}</style>\n<style media="screen and (min-width: 40rem)">\n{wide}</style>'
    return Markup(both)  # noqa: S704  # our own files, nothing of a case is in them


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    """The one template environment: sandboxed, escaping, strict about what is undefined."""
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["kind"] = _kind
    environment.filters["lengthy"] = _lengthy
    environment.filters["pieces"] = pieces
    environment.filters["amounts"] = amounts
    environment.filters["classes"] = table_layout.classes
    environment.globals["longest"] = LONGEST_IN_COLUMN
    environment.filters["spoken"] = spoken
    return environment


def _kind(block: Block) -> str:
    """The name of the macro that prints a block: "paragraph" for a Paragraph."""
    return type(block).__name__.lower()


def _lengthy(items: tuple[Field, ...]) -> bool:
    """Whether one of some values is too long for a column beside its label."""
    return any(len(item.value) > LONGEST_IN_COLUMN for item in items)


def _refuse_endless(texts: int, document: Document) -> None:
    if texts > MOST_TEXTS:
        raise DocumentError(
            f"{document.of}: its {document.kind} would have {texts:,} paragraphs, items and cells; "
            f"at most {MOST_TEXTS:,} are set",
            "Amend the paper: make its texts shorter.",
        )


def _refuse_endless_words(lengths: list[int], case: str) -> None:
    """Raise `DocumentError` for words so long that to break them would take minutes: no address or name is."""
    advice = "Amend the paper: put spaces or line breaks into that text."
    if max(lengths, default=0) > LONGEST_WORD:
        raise DocumentError(
            f"{case}: its text goes on for more than {LONGEST_WORD:,} characters without a space", advice
        )
    if sum(length**2 for length in lengths) > MOST_TO_BREAK:
        raise DocumentError(f"{case}: its text has {len(lengths):,} words that would take minutes to break", advice)


def _refuse_skipped_levels(blocks: tuple[Block, ...]) -> None:
    """Raise `DocumentError` where headings skip a level: who moves by headings would be lost (PDF/UA-1, 7.4.2)."""
    above = 1
    for block in blocks:
        if isinstance(block, Boxed):
            above = 2
        elif isinstance(block, Heading):
            if block.level not in range(2, min(above + 1, 6) + 1):
                raise DocumentError(f'heading "{block.text}" is of level {block.level} below one of level {above}')
            above = block.level
