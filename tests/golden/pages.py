"""Every page of every document of the shipped stories as a picture, for anybody to look at:

    make pages        or        .venv/bin/python -m tests.golden.pages [FOLDER]

It leaves FOLDER/<scheme>-<kind>-part-<part>-<page>.png, and the first page that the README shows.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click
import pypdfium2

from decisions.issuing import Order, issue
from decisions.pdf import press
from rules.library import Library
from tests.decisions.desks import desk_at
from tests.decisions.test_conformance import MADE, STORIES, both
from workflow import desk as at_desk
from workflow.desk import Asked

SHOWN = Path(__file__).with_name("documents") / "decision-form-part-1.png"
AS_SHOWN, SHARP = 0.9, 1.5
"""How many dots a point has: in the README's picture, and in those to look at."""


def documents() -> Iterator[tuple[str, bytes]]:
    """Each document by its name, as a PDF."""
    for scheme in Library.of([]).schemes():
        with tempfile.TemporaryDirectory() as folder:
            desk = desk_at(Path(folder) / "assent.db", date(2018, 12, 31))
            decided, draft = both(desk, STORIES[scheme])
            public, _ = at_desk.public_record(desk, decided)
            for kind, part in [(kind, part) for of, kind, part in MADE if of == scheme]:
                case = draft if part == 2 and public.facts["part_2.exists"] is False else decided
                _, data = issue(desk, case, Order(kind, part, "pdf"), Asked(""), press)
                yield f"{scheme}-{kind}-part-{part}", data
            desk.store.close()  # type: ignore[attr-defined]


def draw(data: bytes, sharpness: float) -> Iterator[pypdfium2.PdfBitmap]:
    """The pages of a PDF as pictures, each point of it so many dots."""
    with pypdfium2.PdfDocument(data) as pdf:
        for page in pdf:
            yield page.render(scale=sharpness)


def main(folder: Path) -> None:
    """Draw all of them, and say where they are."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in documents():
        pages = list(draw(data, SHARP))
        for number, picture in enumerate(pages, start=1):
            picture.to_pil().save(folder / f"{name}-{number}.png", optimize=True)
        click.echo(f"{name}: {len(pages)} pages")
        if name == "mopac-decision-form-part-1":
            next(draw(data, AS_SHOWN)).to_pil().convert("P", colors=32).save(SHOWN, optimize=True)
    click.echo(f"Look at {folder}.")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "out/pages"))
