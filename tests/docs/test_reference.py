"""The reference in docs/ is what the code says, whole, and every example in it is sound."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from rules.authoring import meanings
from rules.authoring.data_files import MANUAL_FOLDER
from rules.authoring.file_kinds import FILE_KINDS
from rules.authoring.json_schema import file_schema
from rules.authoring.reference import EXAMPLE_SCHEME
from rules.language.condition_parser import _GROUPS
from rules.language.condition_words import CONDITION_WORDS, GROUP_MEANINGS
from rules.language.conditions import OPPOSITE
from rules.language.derivation_schema import DERIVATION_FUNCTIONS
from rules.language.schema_types import Outcome
from rules.packs.library import Library
from rules.reading.yaml_reader import read_yaml
from rules.values.calendar import _CALENDAR_KEYS
from rules.values.facts import FactKind
from rules.values.units import Unit
from tests.docs.reference_pages import FOLDER, current_pages
from tests.rules.authoring.proofs import proof_faults

NAMES = sorted(path.name for path in FOLDER.glob("*.md"))
YAML_BLOCK = re.compile(r'^```yaml title="([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#]+)(?:#([^)]+))?\)")
CUT = re.compile(r"^ *# …$", re.MULTILINE)


def slug(heading: str) -> str:
    """Return the anchor that a heading gets."""
    return re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-")


@pytest.mark.parametrize("name", NAMES)
def test_a_page_in_the_tree_is_as_the_code_has_it(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == current_pages().get(name), "run: make reference"


def test_there_is_no_other_page() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(current_pages())


def test_the_authority_of_the_examples_is_sound() -> None:
    assert proof_faults(Library.load([MANUAL_FOLDER]), EXAMPLE_SCHEME) == ()


@pytest.mark.parametrize("name", NAMES)
def test_an_example_that_is_not_cut_is_yaml_that_is_read(name: str) -> None:
    for file, text in YAML_BLOCK.findall(current_pages()[name]):
        if not CUT.search(text):
            read_yaml(text, file)


def test_each_key_of_each_kind_of_file_is_described() -> None:
    text = "\n".join(current_pages().values())
    for kind in FILE_KINDS.values():
        schema = file_schema(kind)
        models = [
            schema,
            *(node for name, node in schema["$defs"].items() if name not in ("Facts", "Condition", "Test")),
        ]
        for model in models:
            for key in model.get("properties", {}):
                heading = f"## `{key}`\n" if key in DERIVATION_FUNCTIONS else f"### {model['title']}: `{key}`\n"
                assert heading in text, (kind.name, model["title"], key)


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("conditions.md", [*GROUP_MEANINGS, *(entry.word for entry in CONDITION_WORDS)]),
        ("derived-facts.md", DERIVATION_FUNCTIONS),
        ("gates.md", list(Library.load([MANUAL_FOLDER]).scheme(EXAMPLE_SCHEME).rulebook.vocabulary.gates)),
    ],
)
def test_each_word_has_its_section(page: str, words: list[str]) -> None:
    assert [word for word in words if f"# `{word}`\n" not in current_pages()[page]] == []


def test_no_word_is_without_its_meaning() -> None:
    assert tuple(meanings.FACT_KIND_MEANINGS) == get_args(FactKind)
    assert tuple(meanings.UNIT_MEANINGS) == get_args(Unit)
    assert tuple(meanings.OUTCOME_MEANINGS) == get_args(Outcome)
    assert GROUP_MEANINGS.keys() == _GROUPS.keys()


def test_the_words_are_those_that_conditions_know() -> None:
    """`outside` and `not_known` are the opposites of two words, and are written with none and with known: false."""
    assert {entry.word for entry in CONDITION_WORDS} == OPPOSITE.keys() - {"outside", "not_known"}


def test_a_file_of_days_has_the_keys_that_are_read() -> None:
    assert file_schema(FILE_KINDS["days"])["properties"].keys() == _CALENDAR_KEYS


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name: str) -> None:
    for file, anchor in LINK.findall(current_pages()[name]):
        if file not in current_pages():
            assert (FOLDER / file).exists(), file
        elif anchor:
            headings = re.findall(r"^#+ (.+)$", current_pages()[file], re.MULTILINE)
            assert anchor in map(slug, headings), (file, anchor)
