"""Types of keys in plain words, from a JSON Schema."""

from __future__ import annotations

from collections.abc import Callable

from rules.authoring.json_schema import Schema

_TYPE_NAMES = {"string": "text", "boolean": "`true` or `false`", "integer": "whole number"}


def describe_type(node: Schema, link: Callable[[str], str]) -> str:
    """Return what may stand under a key; `link` gives the words for a definition."""
    if "$ref" in node:
        return link(node["$ref"].rpartition("/")[2])
    if "enum" in node:
        return _any_of([f"`{choice}`" for choice in node["enum"]])
    if "anyOf" in node:
        return _any_of(list(dict.fromkeys(describe_type(part, link) for part in node["anyOf"])))
    if node.get("type") == "array":
        return f"list of {describe_type(node['items'], link)}"
    return f"{describe_type(_content_of(node), link)}, by name" if node.get("type") == "object" else _scalar_name(node)


def _scalar_name(node: Schema) -> str:
    if node.get("format") == "date":
        return "day"
    if "minimum" in node and "maximum" in node:
        return f"whole number from {node['minimum']} to {node['maximum']}"
    return _TYPE_NAMES.get(node.get("type", ""), "value of the fact's kind")


def _content_of(node: Schema) -> Schema:
    patterned: Schema = next(iter(node.get("patternProperties", {}).values()), {})
    declared = node.get("additionalProperties")
    return declared if isinstance(declared, dict) and declared else patterned


def _any_of(words: list[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last
