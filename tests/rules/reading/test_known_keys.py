"""The keys that a model knows at a place, for suggestions."""

from __future__ import annotations

import pytest

from rules.language.pack_schema import Pack
from rules.packs.scheme_schema import SchemeDeclaration
from rules.reading.known_keys import known_keys


@pytest.mark.parametrize(
    ("path", "key"),
    [
        (("contrls",), "controls"),
        (("controls", "a.b", "requirment"), "requirement"),
        (("controls", "a.b", "citation", "provison"), "provision"),
        (("values", "a.b", "history", 0, "opertor"), "operator"),
        (("derived", "a.b", "choose", "lines", 1, "whn"), "when"),
    ],
)
def test_the_keys_of_the_model_at_a_place_are_known(path: tuple[str | int, ...], key: str) -> None:
    assert key in known_keys(Pack, path)


def test_keys_are_known_as_yaml_writes_them() -> None:
    assert "from" in known_keys(Pack, ("controls", "a.b", "in_force", "form"))
    assert "stage" in known_keys(SchemeDeclaration, ("actions", "submit", "stag"))


def test_a_model_that_may_be_written_as_a_name_has_its_keys() -> None:
    assert "leaves_out" in known_keys(SchemeDeclaration, ("packs", 0, "leave_out"))


def test_where_no_model_is_no_key_is_known() -> None:
    assert known_keys(Pack, ("title", "more")) == []
