"""Kinds of files of papers, by the ending of a name, or by the first characters where no ending says."""

from __future__ import annotations

from typing import Final

YAML: Final = "yaml"
JSON: Final = "json"
JSON_LINES: Final = "jsonl"
CSV: Final = "csv"
INPUT_KINDS: Final = (YAML, JSON, JSON_LINES, CSV)
KIND_BY_ENDING: Final = {
    ".yaml": YAML, ".yml": YAML, ".json": JSON, ".jsonl": JSON_LINES, ".ndjson": JSON_LINES, ".csv": CSV, ".tsv": CSV,
}  # fmt: skip
_BRACKETS = (b"{", b"[")
_DELIMITERS = (b",", b";", b"\t", b"|")


def find_kind(beginning: bytes) -> str:
    """Return the kind of a file by its first line."""
    first = beginning.lstrip()
    if first.startswith(_BRACKETS):
        return JSON
    line = first.partition(b"\n")[0]
    is_mapping = b": " in line or line.rstrip().endswith(b":")
    return CSV if not is_mapping and any(mark in line for mark in _DELIMITERS) else YAML
