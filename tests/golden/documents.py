"""Golden documents: HTML without its style sheet, and the text of the PDF, kept for comparison.

After an intended change, look at the pages (`make pages`), update the golden documents and read the difference in git:

    .venv/bin/python -m tests.golden.documents
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from pypdf import PdfReader

from decisions.documents.view import Document
from decisions.output import html
from tests.decisions.cases import DOCUMENTS, OPENED_FACTS, case_at, document_pdf, document_view

GOLDEN_FOLDER = Path(__file__).with_name("documents")
UPDATE_COMMAND = "python -m tests.golden.documents"
DECIDED_NAMES = tuple(f"{kind}-part-{part}" for kind, part in DOCUMENTS)
DOCUMENT_NAMES = (*DECIDED_NAMES, "draft-decision-form-part-1")


def golden_view(name: str) -> Document:
    """Return the view of a golden document, of the decided case or of the case when it was opened."""
    case = case_at("draft", OPENED_FACTS) if name.startswith("draft-") else None
    kind, _, part = name.removeprefix("draft-").partition("-part-")
    return document_view(kind, int(part), case)


def golden_files(name: str) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each file of a golden document."""
    view = golden_view(name)
    page = html.render_html(view)
    yield f"{name}.html", page.replace(html.style_elements(), "")
    pages = PdfReader(io.BytesIO(document_pdf(view))).pages
    yield f"{name}.txt", "".join(f"--- page {n}\n{p.extract_text()}\n" for n, p in enumerate(pages, start=1))


def update_golden_files() -> None:
    """Write every golden document again."""
    GOLDEN_FOLDER.mkdir(exist_ok=True)
    for name in DOCUMENT_NAMES:
        for file, text in golden_files(name):
            (GOLDEN_FOLDER / file).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    update_golden_files()
