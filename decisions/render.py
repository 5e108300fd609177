"""A document's view as one accessible HTML page: semantic, self-contained, and without script.

The text of a case is data. It passes through a sandboxed environment that escapes everything it prints, so that no
markup, template syntax or style of an author's can become part of the page.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from decisions.errors import DocumentError
from decisions.prose import unprintable_in
from decisions.view import Block, Boxed, Document, Heading

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"

# Not strftime: the names of months in it follow the locale of the machine.
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def html(document: Document) -> str:
    """The page for a document; raises DocumentError if its headings skip a level or a character cannot be printed."""
    _refuse_skipped_levels(document.blocks)
    page = _environment().get_template("document.html").render(document=document, style=style())
    if found := unprintable_in(page):
        raise DocumentError(
            f"{document.title}: the text of the case holds {found}, which does not print",
            "Amend the paper: take the character out of the case's text.",
        )
    return page


def long_date(day: date) -> str:
    """A day as documents print it: "7 March 2023"."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


@cache
def stylesheet() -> str:
    """The style sheet of every document, as it is shipped."""
    return (TEMPLATES / "print.css").read_text(encoding="utf-8")


@cache
def style() -> Markup:
    """The style element that a page carries, so that it reads well alone; `decisions.pdf` takes it off again."""
    return Markup(f"<style>\n{stylesheet()}</style>")  # noqa: S704  # our own file, nothing of a case is in it


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
    environment.filters["long_date"] = long_date
    return environment


def _kind(block: Block) -> str:
    """The name of the macro that prints a block: "paragraph" for a Paragraph."""
    return type(block).__name__.lower()


def _refuse_skipped_levels(blocks: tuple[Block, ...]) -> None:
    """Headings go down one level at a time, or a reader who moves by headings is lost (PDF/UA-1, 7.4.2)."""
    above = 1
    for block in blocks:
        if isinstance(block, Boxed):
            above = 2
        elif isinstance(block, Heading):
            if block.level not in range(2, min(above + 1, 6) + 1):
                raise DocumentError(f'heading "{block.text}" is of level {block.level} below one of level {above}')
            above = block.level
