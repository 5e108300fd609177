"""Render a document as one accessible HTML page.

- The page is semantic and self-contained: no script, nothing fetched.
- The text of a case is data. A sandboxed Jinja environment escapes everything it prints, so that no markup, template
  syntax or style of an author's can become part of the page.
- A document that could not be printed, or would take minutes to, is refused before it is rendered, in every format.
"""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from decisions.documents import table_layout
from decisions.documents.blocks.fields import Field
from decisions.documents.blocks.registry import BLOCK_KINDS, Block
from decisions.documents.printability import refuse_unprintable
from decisions.documents.view import Document
from rules.values.calendar import long_date
from rules.values.passages import amount_columns, split_at_notes

TEMPLATE_FOLDER = Path(__file__).resolve().parents[2] / "templates"
END_ANCHOR = "end"
"""The name of the last thing on a page, by which its place is found."""
MAX_COLUMN_VALUE_LENGTH = 300
"""How many characters a value may have to stand in a column beside its label; a longer one stands below it."""


def render_html(document: Document) -> str:
    """Return the page of a document; raise `DocumentError` as `refuse_unprintable` does."""
    refuse_unprintable(document)
    return _template_environment().get_template("document.html").render(document=document, style=style_elements())


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
    environment.filters["svg_data_uri"] = _svg_data_uri
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


def _svg_data_uri(picture: str) -> str:
    """Return an address that holds a drawing itself."""
    return f"data:image/svg+xml;base64,{b64encode(picture.encode()).decode('ascii')}"


def _has_long_value(items: tuple[Field, ...]) -> bool:
    """Whether a value is too long for a column beside its label."""
    return any(len(item.value) > MAX_COLUMN_VALUE_LENGTH for item in items)
