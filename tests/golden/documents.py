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
from decisions.output.pdf import pdf
from tests.decisions.cases import DOCUMENTS, OPENED, case, view

KEPT = Path(__file__).with_name("documents")
RENEW = "python -m tests.golden.documents"
DECIDED = tuple(f"{kind}-part-{part}" for kind, part in DOCUMENTS)
NAMES = (*DECIDED, "draft-decision-form-part-1")


def document(name: str) -> Document:
    """One of the documents that are kept: of the decided case, or of the case when it was opened."""
    of = case("draft", OPENED) if name.startswith("draft-") else None
    kind, _, part = name.removeprefix("draft-").partition("-part-")
    return view(kind, int(part), of)


def made(name: str) -> Iterator[tuple[str, str]]:
    """The files of one document: what they are called and what stands in them."""
    view_ = document(name)
    page = html.html(view_)
    yield f"{name}.html", page.replace(html.style(), "")
    pages = PdfReader(io.BytesIO(pdf(page, view_))).pages
    yield f"{name}.txt", "".join(f"--- page {n}\n{p.extract_text()}\n" for n, p in enumerate(pages, start=1))


def renew() -> None:
    """Write all of them anew."""
    KEPT.mkdir(exist_ok=True)
    for name in NAMES:
        for file, text in made(name):
            (KEPT / file).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    renew()
