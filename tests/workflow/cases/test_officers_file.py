"""Files of officers: names with their roles, refused with every fault at its line."""

from __future__ import annotations

import pytest

from rules.errors import FileError, InputError
from workflow.cases.officers_file import read_officers_file


def test_a_name_has_one_role_or_several() -> None:
    file = read_officers_file(b"Ada Author: author\nFay Ford: [finance, legal]\n'Lee: Lead': on\n", "office.yaml")
    assert file.roles == {"Ada Author": ("author",), "Fay Ford": ("finance", "legal"), "Lee: Lead": ("on",)}


def test_a_fault_of_an_officer_stands_at_the_line_of_the_name() -> None:
    file = read_officers_file(b"Ada Author: author\nFay Ford: [finance, legal]\n", "office.yaml")
    fault = file.fault_of("Fay Ford", InputError("'legal' is not a role of board", "Did you mean quality?"))
    assert str(fault) == "office.yaml:2: Fay Ford: 'legal' is not a role of board. Did you mean quality?"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("A:\nB: author\nC: {role: author}\nD: []\nE: [author, '']\n", [1, 3, 4, 5]),
        ("A: author\nA: clerk\n", [2]),
        ("- A\n", [1]),
        ("", [1]),
    ],
)
def test_every_wrong_line_is_named(text: str, lines: list[int]) -> None:
    with pytest.raises(FileError) as refused:
        read_officers_file(text.encode(), "office.yaml")
    assert [fault.line for fault in refused.value.faults] == lines
