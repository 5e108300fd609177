"""The kind of a file is known by its place and content, and each kind says where its schema is."""

from __future__ import annotations

import json

import pytest

from rules.authoring.file_kinds import FILE_KINDS, MODELINE, file_kind, kind_of_file
from rules.errors import InputError


@pytest.mark.parametrize(
    ("path", "data", "kind"),
    [
        ("law/foia.yaml", {"pack": "foia"}, "pack"),
        ("schemes/gla/rules.yaml", {"pack": "gla-rules"}, "pack"),
        ("schemes/gla/scheme.yaml", {"scheme": "gla"}, "scheme"),
        ("schemes/gla/head.yaml", {"scheme": "gla"}, "scheme"),  # the content counts, not the name
        ("law/foia.examples.yaml", {"scheme": "gla"}, "examples"),
        ("schemes/gla/examples.yaml", {}, "examples"),
        ("days/england.yaml", {"scheme": "gla"}, "days"),
        ("readings/foia.yaml", {"pack": "foia"}, "readings"),
        ("law/days/england.yaml", {}, "pack"),
        ("empty.yaml", {}, "pack"),
    ],
)
def test_a_file_is_of_the_kind_that_its_place_and_content_make_it(
    path: str, data: dict[str, object], kind: str
) -> None:
    assert kind_of_file(path, data).name == kind


@pytest.mark.parametrize("name", FILE_KINDS)
def test_a_kind_is_found_by_its_name_and_has_a_plain_json_form(name: str) -> None:
    form = file_kind(name).as_json()
    assert json.loads(json.dumps(form)) == form
    assert (form["kind"], form["schema_file"]) == (name, f"{name}.schema.json")


@pytest.mark.parametrize("name", ["", "x" * 5_000, "Pack\x00"])
def test_a_name_that_is_no_kind_is_refused_on_one_short_line(name: str) -> None:
    with pytest.raises(InputError, match=r"is not a kind of file$") as refused:
        file_kind(name)
    assert len(str(refused.value)) < 200
    assert str(refused.value).isprintable()


def test_the_line_that_names_a_schema_is_a_comment_for_yaml() -> None:
    assert MODELINE.startswith("# ")
    assert MODELINE.endswith("$schema=")
