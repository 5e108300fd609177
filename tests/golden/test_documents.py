"""The documents of the Smarter Working case are, word for word, those that were looked at and kept."""

from __future__ import annotations

import difflib

import pytest

from tests.golden.documents import KEPT, NAMES, RENEW, made


@pytest.mark.parametrize("name", NAMES)
def test_a_document_is_as_it_was_kept(name: str) -> None:
    for file, text in made(name):
        kept = (KEPT / file).read_text(encoding="utf-8")
        changes = difflib.unified_diff(kept.splitlines(), text.splitlines(), f"kept/{file}", f"now/{file}", lineterm="")
        # Where a line breaks is for the library of the machine that sets it; where a page breaks, we looked at.
        assert "".join(text.split()) == "".join(kept.split()), "\n".join([*changes, f"If that is meant: {RENEW}"])


def test_nothing_else_is_kept() -> None:
    kept = {f"{name}.{to}" for name in NAMES for to in ("html", "txt")}
    assert {path.name for path in KEPT.iterdir()} == kept | {"decision-form-part-1.png"}
