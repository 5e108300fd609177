"""The pages in docs/reference, as the code has them now. `python -m tests.docs.reference_pages` writes them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import cli
from console.command_reference import command_page
from rules.authoring.data_files import MANUAL_FOLDER, read_manual_example
from rules.authoring.reference import EXAMPLE_SCHEME, reference_pages
from rules.packs.library import Library

FOLDER = Path(__file__).parents[2] / "docs" / "reference"


@cache
def current_pages() -> dict[str, str]:
    """Return every page by its file name."""
    example = Library.load([MANUAL_FOLDER]).scheme(EXAMPLE_SCHEME)
    pages = reference_pages(read_manual_example(), example)
    return {**pages, "commands.md": command_page(cli.assent, "assent")}


def main() -> None:
    """Write the pages, and take away those that there are no more."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    pages = current_pages()
    for path in FOLDER.glob("*.md"):
        if path.name not in pages:
            path.unlink()
    for name, text in pages.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
