"""Types of keys in plain words."""

from __future__ import annotations

from typing import Any

import pytest

from rules.authoring.file_kinds import FILE_KINDS
from rules.authoring.json_schema import file_schema
from rules.authoring.type_names import describe_type


@pytest.mark.parametrize(
    ("node", "words"),
    [
        ({"type": "string"}, "text"),
        ({"type": "boolean"}, "`true` or `false`"),
        ({"type": "integer"}, "whole number"),
        ({"type": "integer", "minimum": 1, "maximum": 2}, "whole number from 1 to 2"),
        ({"type": "integer", "minimum": 1}, "whole number"),
        ({"type": "string", "format": "date"}, "day"),
        ({}, "value of the fact's kind"),
        ({"enum": ["read"]}, "`read`"),
        ({"enum": ["a", "b"]}, "`a` or `b`"),
        ({"enum": ["a", "b", "c"]}, "`a`, `b` or `c`"),
        ({"$ref": "#/$defs/Citation"}, "<Citation>"),
        ({"type": "array", "items": {"$ref": "#/$defs/Holiday"}}, "list of <Holiday>"),
        ({"type": "array", "items": {"type": "array", "items": {"type": "string"}}}, "list of list of text"),
        ({"anyOf": [{"type": "string"}, {"$ref": "#/$defs/Condition"}]}, "text or <Condition>"),
        ({"anyOf": [{"type": "string"}, {"type": "string", "pattern": "x"}]}, "text"),
        ({"type": "object", "additionalProperties": {"type": "string"}}, "text, by name"),
        ({"type": "object", "patternProperties": {"^a$": {"$ref": "#/$defs/Role"}}}, "<Role>, by name"),
        ({"type": "object", "patternProperties": {"^a$": {"type": "integer"}}, "additionalProperties": False},
         "whole number, by name"),
    ],
)  # fmt: skip
def test_a_type_has_its_words(node: dict[str, Any], words: str) -> None:
    assert describe_type(node, lambda name: f"<{name}>") == words


@pytest.mark.parametrize("kind", FILE_KINDS)
def test_every_key_of_every_file_has_a_type_in_words_without_the_terms_of_schemas(kind: str) -> None:
    schema = file_schema(FILE_KINDS[kind])
    of_conditions = ("Facts", "Condition", "Test")  # the manual describes these by the words of conditions
    models = [model for name, model in schema["$defs"].items() if name not in of_conditions]
    for model in (schema, *models):
        for node in model.get("properties", {}).values():
            words = describe_type(node, lambda name: schema["$defs"][name].get("title", name))
            assert words
            assert not {"array", "object", "$ref", "string"} & set(words.split())
