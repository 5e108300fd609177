"""What a new authority is called, whatever name is given."""

from __future__ import annotations

import re

import pytest

from rules.authoring.starter import FALLBACK_SCHEME, choose_names
from rules.errors import InputError
from rules.packs.scheme import Numbering
from rules.reading.pydantic_messages import SHORT_NAME_PATTERN


@pytest.mark.parametrize(
    ("name", "folder", "scheme", "shown", "short"),
    [
        ("wexcombe", "packs", "wexcombe", "Wexcombe", "Wexcombe"),
        ("wexcombe-parks", "packs", "wexcombe-parks", "Wexcombe Parks", "WP"),
        ("Wexcombe Council", "packs", "wexcombe-council", "Wexcombe Council", "WC"),
        (
            "Borough Council of Little Wexcombe",
            "packs",
            "borough-council-of",
            "Borough Council of Little Wexcombe",
            "BCLW",
        ),
        ("Zürich", "packs", "zurich", "Zürich", "Zürich"),
        ("3 Rivers", "packs", "rivers", "3 Rivers", "3 Rivers"),
        ("", "wexcombe", "wexcombe", "Wexcombe", "Wexcombe"),
        ("", "2026", FALLBACK_SCHEME, "Our Authority", "OA"),
    ],
)
def test_each_name_is_made_of_what_was_given(name: str, folder: str, scheme: str, shown: str, short: str) -> None:
    names = choose_names(name, "", folder, ())
    assert (names.scheme, names.name, names.short) == (scheme, shown, short)
    assert re.fullmatch(SHORT_NAME_PATTERN, names.scheme)
    assert Numbering(case=f"{names.case_prefix}-{{year}}-{{number}}")


def test_a_short_name_that_is_given_is_taken() -> None:
    assert choose_names("Wexcombe Council", "W. C.", "packs", ()).case_prefix == "WC"


@pytest.mark.parametrize("name", ["x", "!!", "1"])
def test_a_name_that_gives_none_for_the_command_line_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="gives no name for the command line"):
        choose_names(name, "", "packs", ())


def test_a_scheme_that_there_is_already_is_not_written_again() -> None:
    with pytest.raises(InputError, match="there is a scheme wexcombe already"):
        choose_names("", "", "wexcombe", ["wexcombe"])
