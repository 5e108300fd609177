"""Documents rendered once for all tests of a process: the same view is the same file.

That it is, tests of the output formats prove with the renderers themselves.
"""

from __future__ import annotations

from functools import lru_cache

from decisions.documents.view import Document
from decisions.output import html, pdf

MAX_DOCUMENTS = 64
"""As many as one folder of tests shares; a file is 100 to 300 kilobytes."""


@lru_cache(maxsize=MAX_DOCUMENTS)
def render_once(document: Document, output_format: str) -> bytes:
    """Return the file of a document as `render_file` makes it."""
    return pdf.render_file(document, output_format)


@lru_cache(maxsize=MAX_DOCUMENTS)
def render_pdf_once(document: Document) -> bytes:
    """Return the PDF of a document, whether it keeps its standards or not."""
    return pdf.render_pdf(html.render_html(document), document)
