"""The JSON Schema of each kind of file, by which an editor completes and checks YAML as it is typed.

A schema is made of the models, so that it accepts whatever `assent` accepts as to form. It knows a single file only:
whether a fact is declared, and whether its kind suits a word, is for `assent scheme check`. It is written for draft 7,
which is what editors of YAML support.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeAlias

from rules.authoring.file_kinds import FileKind
from rules.judging.diary import DIARY_KIND_PATTERN
from rules.language.condition_parser import MAX_ITEMS
from rules.language.condition_words import CONDITION_WORDS, GROUP_MEANINGS, RightSide
from rules.language.day_schema import DAY_COUNT_NAMES
from rules.language.derivation_schema import DERIVATION_FUNCTIONS
from rules.packs.declared_words import CONDITION_GROUPS
from rules.values.facts import FACT_NAME, SUBJECT_KEY

Schema: TypeAlias = dict[str, Any]
DRAFT = "http://json-schema.org/draft-07/schema#"
DAY_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_LITERAL: Schema = {"type": ["string", "integer", "boolean"]}
_FACT_NAME_FORM: Schema = {"pattern": f"^({FACT_NAME.pattern})$"}
_NEW_FACT_NAME: Schema = {**_FACT_NAME_FORM, "not": {"enum": sorted(CONDITION_GROUPS)}}
_PLACEHOLDER = "x-definition"
"""The key by which the models mark what their types alone do not describe: the name of a shared definition."""


def file_schema(kind: FileKind) -> Schema:
    """Return the JSON Schema of a kind of file."""
    schema: Schema = _tidy(kind.model.model_json_schema(by_alias=True))
    definitions: Schema = {name: _with_rules(name, node) for name, node in schema.pop("$defs", {}).items()}
    root = _with_rules(kind.model.__name__, schema)
    if kind.name == "pack":  # a pack's own instrument stands for that of its citations
        for name in ("Citation", "CitationOverride"):
            definitions[name]["required"].remove("instrument")
    return {"$schema": DRAFT, "title": root.pop("title"), **root, "$defs": {**definitions, **_SHARED_DEFINITIONS}}


def format_schema(schema: Mapping[str, Any]) -> str:
    """Return a schema as the text of its file."""
    return f"{json.dumps(schema, indent=2, ensure_ascii=False)}\n"


def first_line(docstring: str) -> str:
    """Return the first paragraph of a docstring on one line; the rest is for whoever changes the model."""
    return " ".join(docstring.partition("\n\n")[0].split())


def _tidy(node: Any) -> Any:  # noqa: ANN401 - any of what JSON gives
    """Return a part of pydantic's schema in the form that editors show best, without what YAML files never hold."""
    if isinstance(node, list):
        return [_tidy(part) for part in node]
    if not isinstance(node, dict):
        return node
    if _PLACEHOLDER in node:
        return {**_description_of(node), "$ref": f"#/$defs/{node[_PLACEHOLDER]}"}
    tidy = {key: _tidy(part) for key, part in _without_null(node).items()}
    if "properties" in tidy:
        tidy["description"] = first_line(tidy.get("description", ""))
    elif isinstance(tidy.get("title"), str):
        del tidy["title"]  # pydantic repeats the key
    if tidy.get("format") == "date":
        tidy["pattern"] = DAY_PATTERN
    if "patternProperties" in tidy:
        tidy["additionalProperties"] = False
    return tidy


def _description_of(node: Schema) -> Schema:
    return {"description": node["description"]} if "description" in node else {}


def _without_null(node: Schema) -> Schema:
    """Return a node without the alternative of no value: a key without a value is left out instead."""
    kept = {key: part for key, part in node.items() if not (key == "default" and part in (None, "", [], {}))}
    alternatives = [part for part in kept.get("anyOf", ()) if part != {"type": "null"}]
    if len(alternatives) == 1:
        del kept["anyOf"]
        return {**alternatives[0], **kept}
    return {**kept, "anyOf": alternatives} if alternatives else kept


def _with_rules(model: str, node: Schema) -> Schema:
    """Return a model's schema with what its validators ask beside the types of its keys."""
    return {**node, **_RULES.get(model, {}), "properties": _named_properties(node["properties"])}


def _named_properties(properties: Schema) -> Schema:
    """Return the keys of a model, those that hold things by name with the pattern of the names."""
    return {
        key: {**node, "propertyNames": _NAME_RULES[key]} if key in _NAME_RULES and _holds_models(node) else node
        for key, node in properties.items()
    }


def _holds_models(node: Schema) -> bool:
    values = node.get("additionalProperties")
    return isinstance(values, dict) and "$ref" in values


_NAME_RULES: Mapping[str, Schema] = {
    "facts": _NEW_FACT_NAME,
    "values": _NEW_FACT_NAME,
    "derived": _NEW_FACT_NAME,
    "controls": _FACT_NAME_FORM,
    "sets": _FACT_NAME_FORM,
    "given": _FACT_NAME_FORM,
    "diary": {"pattern": f"^({DIARY_KIND_PATTERN.pattern})$"},
}


def _required(*keys: str) -> Schema:
    return {"required": list(keys)}


def _exactly_one(*keys: str) -> Schema:
    return {"oneOf": [_required(key) for key in keys]}


def _when_kind(kind: str, then: Schema, otherwise: Schema) -> Schema:
    return {"if": {"properties": {"kind": {"const": kind}}}, "then": then, "else": otherwise}


def _absent(*keys: str) -> Schema:
    return {"not": {"anyOf": [_required(key) for key in keys]}}


_UNIT_NEEDS_COUNT = _when_kind("count", {}, _absent("unit"))
_RULES: Mapping[str, Schema] = {
    "FactDeclaration": {
        "allOf": [
            _when_kind("choice", _exactly_one("choices", "choices_of"), _absent("choices", "choices_of", "choices_by")),
            _UNIT_NEEDS_COUNT,
        ]
    },
    "DatedValue": _UNIT_NEEDS_COUNT,
    "DerivedDeclaration": _exactly_one(*DERIVATION_FUNCTIONS),
    "DayAway": _exactly_one(*DAY_COUNT_NAMES),
    "DayNumber": _exactly_one("value", "fact"),
    "SubjectCount": {"dependencies": {"same": ["as"], "as": ["same"]}},
    "DocumentTemplate": _exactly_one("marking", "marking_of"),
    "BlockSpec": {
        "minProperties": 1,
        "dependencies": {
            "signature": ["capacity", "outcome"],
            "details_of": ["details"],
            "details": ["details_of"],
        },
    },
}


def _closed_object(**properties: Schema) -> Schema:
    """An object that has exactly one of some keys, and no other."""
    return {"type": "object", "properties": properties, "additionalProperties": False, **_exactly_one(*properties)}


_TEXT: Schema = {"type": "string"}
_RIGHT_SIDES: Mapping[RightSide, Schema] = {
    "operand": {"anyOf": [_LITERAL, _closed_object(fact=_TEXT, value=_TEXT)]},
    "list": {"type": "array", "items": _LITERAL, "minItems": 1, "maxItems": MAX_ITEMS},
    "range": {"type": "array", "items": _LITERAL, "minItems": 2, "maxItems": 2},
    "dated value": _closed_object(value=_TEXT),
    "flag": {"type": "boolean"},
}


def _condition_definition() -> Schema:
    groups = {
        name: {
            "description": meaning,
            "type": "array",
            "items": {"$ref": "#/$defs/Condition"},
            "minItems": 1,
            "maxItems": MAX_ITEMS,
        }
        for name, meaning in GROUP_MEANINGS.items()
    }  # fmt: skip
    return {
        "title": "Condition",
        "description": "all, any or none of several conditions, or one fact with a word and its right side.",
        "type": "object",
        "properties": groups,
        "additionalProperties": {"$ref": "#/$defs/Test"},
        "propertyNames": _FACT_NAME_FORM,
        "minProperties": 1,
        "maxProperties": 1,
    }


def _test_definition() -> Schema:
    words = {
        entry.word: {
            "description": f"{entry.meaning} For: {', '.join(entry.kinds)}.",
            **_RIGHT_SIDES[entry.right_side],
        }
        for entry in CONDITION_WORDS
    }
    return {
        "title": "Test",
        "description": "One word and its right side, such as {at_least: 5}.",
        "type": "object",
        "properties": words,
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }


def _facts_definition() -> Schema:
    facts_of_one = {"type": "object", "additionalProperties": _LITERAL, "minProperties": 1}
    several = {
        "type": "object",
        "additionalProperties": facts_of_one,
        "propertyNames": {"pattern": f"^({SUBJECT_KEY.pattern})$"},
        "minProperties": 1,
    }
    return {
        "title": "Facts",
        "description": "Facts of the case by name; those of its exemptions and so on by kind and key.",
        "type": "object",
        "additionalProperties": {"anyOf": [_LITERAL, several]},
        "propertyNames": _FACT_NAME_FORM,
    }


_SHARED_DEFINITIONS: Schema = {
    "Condition": _condition_definition(),
    "Test": _test_definition(),
    "Visibility": {
        "description": "The name of a fact of kind flag, or a condition.",
        "anyOf": [{"type": "string"}, {"$ref": "#/$defs/Condition"}],
    },
    "Facts": _facts_definition(),
}
