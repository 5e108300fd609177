"""What a new authority is called, whatever name is given."""

from __future__ import annotations

import json
import re
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.authoring.data_files import read_starter_templates
from rules.authoring.starter import (
    FALLBACK_SCHEME,
    MAX_NAME_LENGTH,
    MAX_SCHEME_LENGTH,
    MAX_SHORT_LENGTH,
    AuthorityNames,
    Starter,
    build_starter,
    choose_names,
)
from rules.errors import InputError
from rules.packs.bundle import Bundle
from rules.packs.library import Library
from rules.packs.scheme_schema import Numbering
from rules.reading.pydantic_messages import SHORT_NAME_PATTERN
from rules.reading.yaml_reader import read_yaml


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


def test_a_short_name_keeps_the_letters_below_its_accents_in_case_numbers() -> None:
    assert AuthorityNames("zurich", "Zürich", "Zürich").case_prefix == "Zurich"


@pytest.mark.parametrize("short", ["£", "–", "日本"])
def test_a_short_name_without_letters_leaves_case_numbers_to_the_scheme(short: str) -> None:
    assert AuthorityNames("wexcombe-council", "Wexcombe Council", short).case_prefix == "WEXCOMBE-COUNCIL"


@pytest.mark.parametrize(
    ("name", "scheme"),
    [
        ("a" * MAX_SCHEME_LENGTH, "a" * MAX_SCHEME_LENGTH),
        ("a" * (MAX_SCHEME_LENGTH + 1), "a" * MAX_SCHEME_LENGTH),
        ("twelveletter ninechars", "twelveletter"),
        ("elevenchars ninechars", "elevenchars-ninechars"),
        ("-- Wexcombe --", "wexcombe"),
        ("42nd Street", "nd-street"),
    ],
)
def test_a_long_name_is_cut_between_words_if_it_has_any(name: str, scheme: str) -> None:
    assert choose_names(name, "", "packs", ()).scheme == scheme


def test_names_may_be_as_long_as_they_are_said_to_be() -> None:
    longest = "W" * (MAX_NAME_LENGTH - 1) + "x"
    names = choose_names(longest, "S" * MAX_SHORT_LENGTH, "packs", ())
    assert (names.name, names.short) == (longest, "S" * MAX_SHORT_LENGTH)
    for given_names, option in (((longest + "x", ""), "--name"), (("W x", "S" * (MAX_SHORT_LENGTH + 1)), "--short")):
        with pytest.raises(InputError, match=rf"^{option} has \d+ characters; at most \d+ are taken$"):
            choose_names(*given_names, "packs", ())


def test_space_around_and_inside_a_name_is_made_single() -> None:
    assert choose_names("  Wexcombe \t Council\n", " W  C ", "packs", ()).short == "W C"
    assert choose_names("  Wexcombe \n Council ", "", "packs", ()).name == "Wexcombe Council"


@pytest.mark.parametrize(("option", "names"), [("--name", ("\x07", "")), ("--short", ("Wexcombe", "\u202e"))])
def test_a_name_that_cannot_be_printed_is_refused_with_its_option(option: str, names: tuple[str, str]) -> None:
    with pytest.raises(InputError, match=f"^{option}: .*cannot be printed"):
        choose_names(*names, "packs", ())


@cache
def templates() -> dict[str, str]:
    return read_starter_templates()


def starter_of(name: str, short: str = "") -> Starter:
    return build_starter(choose_names(name, short, "packs", ()), templates())


def scheme_head(starter: Starter) -> dict[str, object]:
    file = f"schemes/{starter.names.scheme}/scheme.yaml"
    return read_yaml(starter.files[file], file).data


HOSTILE = [
    "No",
    "on",
    "True",
    "null",
    "yes",
    "Off",
    "$scheme ${name}",
    'a" b: {c',
    "a\\b 'c'",
    "#x y",
    "- ab",
    "{year}{n}",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_yaml_or_a_template_would_read_otherwise_is_kept_as_it_is(name: str) -> None:
    starter = starter_of(name, name)
    head = scheme_head(starter)
    assert (head["scheme"], head["name"], head["short"]) == (starter.names.scheme, starter.names.name, name)


@given(st.text(min_size=1, max_size=30), st.text(max_size=20))
def test_whatever_names_are_taken_the_head_has_them_and_its_numbers_can_be_given(name: str, short: str) -> None:
    try:
        starter = starter_of(name, short)
    except InputError:
        return
    head = scheme_head(starter)
    assert (head["scheme"], head["name"], head["short"]) == (
        starter.names.scheme, starter.names.name, starter.names.short,
    )  # fmt: skip
    assert Numbering.model_validate(head["numbering"])
    assert re.fullmatch(SHORT_NAME_PATTERN, starter.names.scheme)


@pytest.mark.parametrize("name", ["null", "Elevenchars Ninechars"])
def test_a_starter_of_any_name_makes_a_scheme(name: str) -> None:
    starter, shipped = starter_of(name), Library.load([])
    own = {file: text.encode() for file, text in starter.files.items() if file.startswith(("law/", "schemes/"))}
    library = Library({**shipped.files, **own})
    assert library.faults == ()
    bundle = library.bundle(starter.names.scheme)
    assert isinstance(bundle, Bundle)
    assert bundle.scheme().declaration.name == starter.names.name


def test_the_json_form_names_the_files_in_the_order_in_which_they_are_written() -> None:
    starter = starter_of("Wexcombe Council", "WC")
    form = starter.as_json()
    assert json.loads(json.dumps(form)) == form
    assert form["files"] == list(starter.files)
    assert form["files"][:3] == [
        "law/wexcombe-council-law.yaml",
        "law/wexcombe-council-law.examples.yaml",
        "schemes/wexcombe-council/scheme.yaml",
    ]


def test_each_template_is_used_and_each_file_ends_with_a_line_break() -> None:
    starter = starter_of("Wexcombe")
    assert len([file for file in starter.files if file.endswith(".yaml")]) == len(templates())
    assert all(text.endswith("\n") and not text.endswith("\n\n") for text in starter.files.values())
