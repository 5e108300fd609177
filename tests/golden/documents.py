"""The documents that are kept for comparison: as HTML without its style, and as the text that a PDF gives.

After a change that is meant, look at the pages, then renew the kept ones and read what git says of the difference:

    .venv/bin/python -m tests.golden.documents
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from pypdf import PdfReader

from decisions.documents.view import Document
from decisions.output import html
from decisions.output.pdf import render_pdf
from tests.decisions.cases import DOCUMENTS, OPENED_FACTS, case_at, document_view

GOLDEN_FOLDER = Path(__file__).with_name("documents")
UPDATE_COMMAND = "python -m tests.golden.documents"
DECIDED_NAMES = tuple(f"{kind}-part-{part}" for kind, part in DOCUMENTS)
DOCUMENT_NAMES = (*DECIDED_NAMES, "draft-decision-form-part-1")


def golden_view(name: str) -> Document:
    """One of the documents that are kept: of the decided case, or of the case when it was opened."""
    of = case_at("draft", OPENED_FACTS) if name.startswith("draft-") else None
    kind, _, part = name.removeprefix("draft-").partition("-part-")
    return document_view(kind, int(part), of)


def golden_files(name: str) -> Iterator[tuple[str, str]]:
    """The files of one document: what they are called and what stands in them."""
    view_ = golden_view(name)
    page = html.render_html(view_)
    yield f"{name}.html", page.replace(html.style_elements(), "")
    pages = PdfReader(io.BytesIO(render_pdf(page, view_))).pages
    yield f"{name}.txt", "".join(f"--- page {n}\n{p.extract_text()}\n" for n, p in enumerate(pages, start=1))


def update_golden_files() -> None:
    """Write all of them anew."""
    GOLDEN_FOLDER.mkdir(exist_ok=True)
    for name in DOCUMENT_NAMES:
        for file, text in golden_files(name):
            (GOLDEN_FOLDER / file).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    update_golden_files()
