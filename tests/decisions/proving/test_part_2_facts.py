"""A form of Part 1 that names a confidential fact as withheld is warned of, also in a shared block."""

from __future__ import annotations

import pytest

from decisions.proving.part_2_facts import published_secret_warnings
from decisions.proving.walk_proof import load_walks
from rules.authoring.data_files import read_manual_example
from rules.errors import Fault
from rules.packs.library import Library
from tests.rules.manual_packs import HEAD, SHARED

OWN_BLOCK = "      - heading: Who acted\n        acts: [advice, declaration, certificate, decision, publication]\n"
PRINTED = "exemption.reason: Reason"


def warnings(block: str, shared: str = "") -> list[Fault]:
    """The warnings of the example authority with one more block in a form of Part 1."""
    files = dict(read_manual_example())
    files[HEAD] = files[HEAD].replace(OWN_BLOCK.encode(), f"{block}{OWN_BLOCK}".encode(), 1)
    files[SHARED] += shared.encode()
    library = Library(files)
    walks, faults = load_walks(library, "example")
    assert not faults
    return list(published_secret_warnings(library, "example", [walk.walk for walk in walks]))


def test_a_sound_authority_is_not_warned() -> None:
    assert not warnings("")


@pytest.mark.parametrize(
    ("block", "shared", "file"),
    [
        (f"      - details_of: exemption\n        details: {{{PRINTED}}}\n", "", HEAD),
        ("      - shared: reasons\n", f"  reasons:\n    details_of: exemption\n    details: {{{PRINTED}}}\n", SHARED),
    ],
    ids=["own block", "shared block"],
)
def test_a_secret_that_a_form_names_is_warned_of_where_it_stands(block: str, shared: str, file: str) -> None:
    [warning] = warnings(block, shared)
    assert warning.file == file
    assert "prints exemption.reason in Part 1" in warning.message
    assert "add `withheld: [exemption.reason]`" in warning.message


def test_a_form_that_lists_the_secret_as_withheld_is_not_warned() -> None:
    block = f"      - details_of: exemption\n        details: {{{PRINTED}}}\n"
    assert not warnings(f"{block}        withheld: [exemption.reason]\n")
