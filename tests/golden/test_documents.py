"""The documents of the Smarter Working case are, word for word, those that were looked at and kept."""

from __future__ import annotations

import difflib

import pytest

from tests.golden.documents import DOCUMENT_NAMES, GOLDEN_FOLDER, UPDATE_COMMAND, golden_files


@pytest.mark.parametrize("name", DOCUMENT_NAMES)
def test_a_document_is_as_it_was_kept(name: str) -> None:
    for file, text in golden_files(name):
        kept = (GOLDEN_FOLDER / file).read_text(encoding="utf-8")
        changes = difflib.unified_diff(kept.splitlines(), text.splitlines(), f"kept/{file}", f"now/{file}", lineterm="")
        # Where a line breaks is for the library of the machine that sets it; where a page breaks, we looked at.
        assert "".join(text.split()) == "".join(kept.split()), "\n".join(
            [*changes, f"If that is meant: {UPDATE_COMMAND}"]
        )


def test_nothing_else_is_kept() -> None:
    kept = {f"{name}.{to}" for name in DOCUMENT_NAMES for to in ("html", "txt")}
    assert {path.name for path in GOLDEN_FOLDER.iterdir()} == kept | {"decision-form-part-1.png"}
