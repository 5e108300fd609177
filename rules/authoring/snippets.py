"""Pieces of YAML files by the keys that they show, taken as they are written, comments and all.

They come from files that are read and proved like any other, so that no example in the manual can be wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from textwrap import dedent
from typing import Any, NamedTuple

from rules.authoring.file_kinds import kind_of_file
from rules.authoring.json_schema import Schema, file_schema
from rules.packs.letterhead_schema import is_image
from rules.reading.yaml_reader import KeyPath, YamlFile, read_yaml

MAX_LINES = 14
"""How many lines of a piece are shown; the rest is cut off where a part of it ends."""
CUT_MARK = "# …"
_LIST_MARK = re.compile(r"^(\s*)- ")


class Snippet(NamedTuple):
    """A piece of a file: which file, and its lines without their common indentation."""

    file: str
    text: str


class _Use(NamedTuple):
    """One use of a key: the definition that it belongs to, and its place in a file."""

    definition: str
    key: str
    path: KeyPath


@dataclass(frozen=True)
class ExampleSource:
    """One example file as it is written."""

    source: YamlFile
    lines: tuple[str, ...]

    @classmethod
    def read(cls, name: str, data: bytes) -> ExampleSource:
        """Read a file of the example."""
        return cls(read_yaml(data, name), tuple(data.decode().splitlines()))

    def snippet(self, path: KeyPath) -> Snippet:
        """Return the lines of what is at a place, with its key, or of what is around it where they share a line."""
        while len(path) > 1 and not self._begins_line(path):
            path = path[:-1]
        start = self.source.lines[path] - 1
        after = [line for place, line in self.source.lines.items() if place[: len(path)] != path and line - 1 > start]
        lines = list(self.lines[start : min(after, default=len(self.lines) + 1) - 1])
        lines[0] = _LIST_MARK.sub(r"\1  ", lines[0])
        return Snippet(self.source.name, _shorten(dedent("\n".join(_without_trailing_notes(lines)))))

    def _begins_line(self, path: KeyPath) -> bool:
        """Whether the key at a place is the first thing on its line, so that the lines of it are its own."""
        line = self.lines[self.source.lines[path] - 1].lstrip()
        if not isinstance(path[-1], str):
            return line.startswith("- ")
        return re.match(rf"(- )*\"?{re.escape(path[-1])}\"?:", line) is not None


class ExampleIndex:
    """The first use of each key in some example files, by the definition that the key belongs to."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        packs = {name: data for name, data in files.items() if not is_image(name)}
        self.sources = {name: ExampleSource.read(name, data) for name, data in packs.items()}
        self._first: dict[tuple[str, str], Snippet] = {}
        for name, example in self.sources.items():
            kind = kind_of_file(name, example.source.data)
            schema = file_schema(kind)
            for use in _uses(example.source.data, schema, schema["$defs"], kind.model.__name__, ()):
                self._first.setdefault((use.definition, use.key), example.snippet(use.path))

    def snippet(self, definition: str, key: str) -> Snippet:
        """Return the first use of a key; raises `KeyError` where the example has none."""
        return self._first[definition, key]


def _uses(data: Any, node: Schema, definitions: Schema, name: str, path: KeyPath) -> Iterator[_Use]:  # noqa: ANN401
    """Return each key in some data that a schema names, with the definition that has it."""
    if "$ref" in node:
        name = node["$ref"].rpartition("/")[2]
        node = definitions[name]
    if alternatives := node.get("anyOf"):
        suited = (each for each in alternatives if isinstance(data, dict) is _is_object(each, definitions))
        for each in suited:
            yield from _uses(data, each, definitions, name, path)
    elif isinstance(data, list):
        for place, item in enumerate(data):
            yield from _uses(item, node.get("items", {}), definitions, name, (*path, place))
    elif isinstance(data, dict):
        for key, inner in data.items():
            if key in node.get("properties", {}):
                yield _Use(name, key, (*path, key))
            yield from _uses(inner, _schema_of_key(node, key), definitions, name, (*path, key))


def _schema_of_key(node: Schema, key: str) -> Schema:
    named: Schema = node.get("properties", {})
    patterned: Schema = next(iter(node.get("patternProperties", {}).values()), {})
    found: Schema | bool = named.get(key) or node.get("additionalProperties") or patterned
    return {} if isinstance(found, bool) else found  # `true` lets any value stand there


def _is_object(node: Schema, definitions: Schema) -> bool:
    resolved = definitions[node["$ref"].rpartition("/")[2]] if "$ref" in node else node
    return resolved.get("type") == "object" or ("anyOf" in resolved and resolved is not node)


def _without_trailing_notes(lines: list[str]) -> list[str]:
    """Return lines without blank ones and comments at their end, which belong to what follows."""
    while len(lines) > 1 and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
        lines = lines[:-1]
    return lines


def _shorten(text: str) -> str:
    """Return a text of YAML cut after the last whole part that there is room for."""
    lines = text.splitlines()
    if len(lines) <= MAX_LINES:
        return text
    for depth in sorted({_indentation(line) for line in lines[1:] if line.strip()}):
        ends = [place for place, line in enumerate(lines) if line.strip() and _indentation(line) <= depth and place > 1]
        fitting = [place for place in ends if place <= MAX_LINES]
        if fitting:
            kept = _without_trailing_notes(lines[: fitting[-1]])
            return "\n".join([*kept, f"{' ' * depth}{CUT_MARK}"])
    return "\n".join(lines[:MAX_LINES])


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip())
