"""The documents of the Smarter Working case are, word for word, the golden ones that somebody looked at."""

from __future__ import annotations

import difflib

import pytest

from tests.golden.documents import DOCUMENT_NAMES, GOLDEN_FOLDER, UPDATE_COMMAND, golden_files


@pytest.mark.parametrize("name", DOCUMENT_NAMES)
def test_a_document_equals_its_golden_copy(name: str) -> None:
    for file, text in golden_files(name):
        golden = (GOLDEN_FOLDER / file).read_text(encoding="utf-8")
        changes = difflib.unified_diff(golden.splitlines(), text.splitlines(), f"golden/{file}", f"now/{file}")
        # Spaces are not compared: where a line breaks depends on the text layout library of the machine.
        assert "".join(text.split()) == "".join(golden.split()), "\n".join(
            [*changes, f"If that is intended: {UPDATE_COMMAND}"]
        )


def test_there_are_no_other_golden_files() -> None:
    expected = {f"{name}.{to}" for name in DOCUMENT_NAMES for to in ("html", "txt")}
    assert {path.name for path in GOLDEN_FOLDER.iterdir()} == expected | {"decision-form-part-1.png"}
