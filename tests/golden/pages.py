"""Draw every page of every document of the shipped stories as a picture, to look at:

    make pages        or        .venv/bin/python -m tests.golden.pages [FOLDER]

It writes FOLDER/<scheme>-<kind>-part-<part>-<page>.png, and the picture of a first page in the README.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
import pypdfium2

from tests.decisions.stories import ALL_DOCUMENTS, StoryDocuments

README_PICTURE = Path(__file__).with_name("documents") / "decision-form-part-1.png"
README_SCALE, FULL_SCALE = 0.9, 1.5
"""How many pixels a point has in the README's picture, and in those to look at."""


def story_documents() -> Iterator[tuple[str, bytes]]:
    """Yield the name and the PDF of each document."""
    with tempfile.TemporaryDirectory() as folder:
        stories = StoryDocuments(Path(folder))
        for scheme, kind, part in ALL_DOCUMENTS:
            yield f"{scheme}-{kind}-part-{part}", stories.render(scheme, kind, part, "pdf")


def render_pages(data: bytes, scale: float) -> Iterator[pypdfium2.PdfBitmap]:
    """Yield the pages of a PDF as pictures; `scale` is pixels for each point."""
    with pypdfium2.PdfDocument(data) as pdf:
        for page in pdf:
            yield page.render(scale=scale)


def main(folder: Path) -> None:
    """Draw all pages into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in story_documents():
        pages = list(render_pages(data, FULL_SCALE))
        for number, picture in enumerate(pages, start=1):
            picture.to_pil().save(folder / f"{name}-{number}.png", optimize=True)
        click.echo(f"{name}: {len(pages)} pages")
        if name == "mopac-decision-form-part-1":
            next(render_pages(data, README_SCALE)).to_pil().convert("P", colors=32).save(README_PICTURE, optimize=True)
    click.echo(f"Look at {folder}.")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "out/pages"))
