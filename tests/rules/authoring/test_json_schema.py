"""The JSON Schemas accept each file that is shipped, and refuse mistakes that reading refuses."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import pytest
import yaml
from jsonschema import Draft7Validator

from rules.authoring.file_kinds import FILE_KINDS, FileKind, file_kind, kind_of_file
from rules.authoring.json_schema import file_schema, format_schema
from rules.errors import InputError
from rules.packs.letterhead_schema import is_image
from rules.packs.library import SHIPPED_FOLDER, Library
from rules.reading.pack_folder import read_pack_files
from rules.reading.yaml_reader import read_yaml
from tests.rules.authoring.proofs import proof_faults

FOLDERS = {"shipped": SHIPPED_FOLDER, "manual": SHIPPED_FOLDER / "manual"}
FILES = {
    f"{place}: {name}": data
    for place, folder in FOLDERS.items()
    for name, data in read_pack_files(folder).items()
    if not is_image(name)
}


@cache
def validator(kind: FileKind) -> Draft7Validator:
    return Draft7Validator(file_schema(kind))


def as_editors_see(data: Any) -> Any:  # noqa: ANN401 - any of what YAML gives
    """Return a file's data as JSON has it: a day is text."""
    if isinstance(data, dict):
        return {key: as_editors_see(part) for key, part in data.items()}
    if isinstance(data, list):
        return [as_editors_see(part) for part in data]
    return data.isoformat() if isinstance(data, date) else data


def complaints(kind: FileKind, data: object) -> Iterator[str]:
    """Return what a schema says against some data, each with its place."""
    for error in validator(kind).iter_errors(as_editors_see(data)):
        yield f"{'.'.join(map(str, error.absolute_path))}: {error.message}"


@pytest.mark.parametrize("kind", FILE_KINDS.values(), ids=FILE_KINDS)
def test_each_schema_is_one(kind: FileKind) -> None:
    Draft7Validator.check_schema(file_schema(kind))
    assert format_schema(file_schema(kind)).startswith('{\n  "$schema": "http://json-schema.org/draft-07/schema#"')


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_shipped_is_accepted(name: str) -> None:
    path = name.partition(": ")[2]
    data = read_yaml(FILES[name], path).data
    assert list(complaints(kind_of_file(path, data), data)) == []


@pytest.mark.parametrize("kind", FILE_KINDS.values(), ids=FILE_KINDS)
def test_each_key_has_a_description(kind: FileKind) -> None:
    schema = file_schema(kind)
    models = {kind.name: schema, **schema["$defs"]}
    bare = [
        f"{model}.{key}"
        for model, node in models.items()
        for key, inner in node.get("properties", {}).items()
        if model != "Facts" and not inner.get("description")
    ]
    assert bare == []


def test_a_kind_that_there_is_not_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError) as refused:
        file_kind("pakc")
    assert refused.value.advice() == "Did you mean pack?"


class Mistake(NamedTuple):
    """A file of the manual's example with one thing wrong in it."""

    path: str
    kind: FileKind
    data: dict[str, Any]


@cache
def manual_file(path: str) -> dict[str, Any]:
    return dict(read_yaml(FILES[f"manual: {path}"], path).data)


def changed(path: str, *steps: str | int, to: object = None) -> Mistake:
    """Return a file with one thing changed, or taken out where nothing is put in its place."""
    data = deepcopy(manual_file(path))
    kind = kind_of_file(path, data)
    around: Any = data
    for step in steps[:-1]:
        around = around[step]
    if to is None:
        del around[steps[-1]]
    else:
        around[steps[-1]] = to
    return Mistake(path, kind, data)


PACK, SCHEME, EXAMPLES, DAYS = (
    "law/parks-act.yaml",
    "schemes/example/scheme.yaml",
    "schemes/example/examples.yaml",
    "days/example.yaml",
)
CONTROL = ("controls", "consultation.held")
MISTAKES = {
    "a key that nobody knows": changed(PACK, "facs", to={}),
    "no name": changed(PACK, "pack"),
    "a name in capitals": changed(PACK, "pack", to="ParksAct"),
    "a kind that there is not": changed(PACK, "facts", "title", "kind", to="string"),
    "a choice without choices": changed(PACK, "facts", "work", "choices"),
    "choices of a text": changed(PACK, "facts", "title", "choices", to={"a": "A"}),
    "a unit of a text": changed(PACK, "facts", "title", "unit", to="percent"),
    "a fact with a capital": changed(PACK, "facts", "Title", to={"kind": "text", "label": "Title"}),
    "a fact called all": changed(PACK, "facts", "all", to={"kind": "text", "label": "All"}),
    "a label that is a number": changed(PACK, "facts", "title", "label", to=12),
    "a row without its first day": changed(PACK, "values", "parks.limit", "history", 0, "from"),
    "a row from no day": changed(PACK, "values", "parks.limit", "history", 0, "from", to="April 2020"),
    "an operator that there is not": changed(PACK, "values", "parks.limit", "history", 0, "operator", to="over"),
    "a basis that there is not": changed(PACK, *CONTROL, "citation", "basis", to="guessed"),
    "a citation without its provision": changed(PACK, *CONTROL, "citation", "provision"),
    "a control without a citation": changed(PACK, *CONTROL, "citation"),
    "a control without a gate": changed(PACK, *CONTROL, "gates", to=[]),
    "a gate of two words": changed(PACK, *CONTROL, "gates", to=["approve it"]),
    "a severity that there is not": changed(PACK, *CONTROL, "severity", to="fatal"),
    "a word that there is not": changed(PACK, *CONTROL, "requires", to={"consulted": {"equals": True}}),
    "a condition of two facts": changed(
        PACK, *CONTROL, "requires", to={"consulted": {"is": True}, "urgent": {"is": True}}
    ),
    "a test of two words": changed(PACK, *CONTROL, "requires", to={"visits": {"at_least": 1, "at_most": 5}}),
    "a test without a word": changed(PACK, *CONTROL, "requires", to={"consulted": True}),
    "a group that is no list": changed(PACK, *CONTROL, "requires", to={"all": {"consulted": {"is": True}}}),
    "an empty group": changed(PACK, *CONTROL, "requires", to={"any": []}),
    "one_of without a list": changed(PACK, *CONTROL, "requires", to={"work": {"one_of": "building"}}),
    "within without its end": changed(PACK, *CONTROL, "requires", to={"visits": {"within": [1]}}),
    "known as text": changed(PACK, *CONTROL, "requires", to={"consulted": {"known": "yes"}}),
    "reaches without a dated value": changed(PACK, *CONTROL, "when", to={"cost": {"reaches": "£5 ex VAT"}}),
    "a right side of neither fact nor value": changed(PACK, *CONTROL, "when", to={"cost": {"is": {"other": "visits"}}}),
    "two functions": changed(PACK, "derived", "visits.all", "look_up", to="parks.limit"),
    "no function": changed(PACK, "derived", "visits.all", "sum"),
    "same without as": changed(PACK, "derived", "exemption.same_section", "count", "as"),
    "a kind of day with a dot": changed(PACK, "diary", "part.2", to={}),
    "no stages": changed(SCHEME, "stages"),
    "two stages": changed(SCHEME, "stages", to={"draft": {"label": "Draft"}, "done": {"label": "Done", "last": True}}),
    "a role with a hyphen": changed(SCHEME, "roles", "vice-chair", to={"label": "Vice-chair"}),
    "an action without a gate": changed(SCHEME, "actions", "submit", "gate"),
    "a number without a number": changed(SCHEME, "numbering", "case", to="EPA-{year}"),
    "last as text": changed(SCHEME, "stages", "closed", "last", to="yes"),
    "a third part": changed(SCHEME, "documents", 0, "part", to=3),
    "two markings": changed(SCHEME, "documents", 0, "marking_of", to="title"),
    "no blocks": changed(SCHEME, "documents", 0, "blocks", to=[]),
    "a block that there is not": changed(SCHEME, "documents", 0, "blocks", 0, to={"header": "Decision"}),
    "a heading of level 4": changed(SCHEME, "documents", 0, "blocks", 0, "level", to=4),
    "a given fact without a citation": changed(SCHEME, "given", "discount", "citation"),
    "a citation of a scheme without its instrument": changed(SCHEME, "citation", "instrument"),
    "an example without an outcome": changed(EXAMPLES, "examples", 0, "then"),
    "an outcome that there is not": changed(EXAMPLES, "examples", 0, "then", "paper.complete", to="passed"),
    "a fact that is a list": changed(EXAMPLES, "shared", "title", to=["A", "B"]),
    "a recommendation without a key": changed(EXAMPLES, "shared", "recommendation", to={"number": 1}),
    "no examples": changed(EXAMPLES, "examples", to=[]),
    "days without their years": changed(DAYS, "covers"),
    "a holiday without a name": changed(DAYS, "holidays", 0, "name"),
    "a holiday without its day": changed(DAYS, "holidays", 0, "day", to="New Year"),
}


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_refused(mistake: Mistake) -> None:
    assert list(complaints(mistake.kind, mistake.data))


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_what_a_schema_refuses_is_refused_when_it_is_read(mistake: Mistake) -> None:
    own = {**read_pack_files(FOLDERS["manual"]), mistake.path: yaml.safe_dump(mistake.data).encode()}
    library = Library(own, extra_files=dict.fromkeys(own, 1))
    assert library.faults or proof_faults(library, "example")
