"""The kinds of file that an authority is written in, each with the model that reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rules.authoring.days_schema import DaysFile
from rules.errors import InputError
from rules.language.pack_schema import Pack
from rules.packs.bundle import EXAMPLES_SUFFIX, SHARED_FOLDER
from rules.packs.example_schema import ExampleFile
from rules.packs.readings_schema import READINGS_FOLDER, ReadText
from rules.packs.scheme_schema import SchemeDeclaration, is_scheme_head
from rules.packs.shared_parts import SharedParts
from rules.values.citation import Declaration
from rules.values.suggestions import did_you_mean
from rules.values.text import quote

MODELINE = "# yaml-language-server: $schema="
"""How the first line of a YAML file begins that names its schema to editors; a path or address follows."""


@dataclass(frozen=True, slots=True)
class FileKind:
    """One kind of file: its name, where such files are, what they hold, and the model of the whole file."""

    name: str
    location: str
    summary: str
    model: type[Declaration]

    @property
    def schema_file(self) -> str:
        """The name of the file that holds its JSON Schema."""
        return f"{self.name}.schema.json"

    def as_json(self) -> dict[str, str]:
        """The form that other programs read."""
        return {
            "kind": self.name, "files": self.location, "holds": self.summary, "schema_file": self.schema_file,
        }  # fmt: skip


FILE_KINDS: Mapping[str, FileKind] = {
    kind.name: kind
    for kind in (
        FileKind(
            "pack",
            "law/NAME.yaml, schemes/SCHEME/NAME.yaml",
            "Facts, dated values, derived facts and controls: of a law, or of an authority's own rules.",
            Pack,
        ),
        FileKind(
            "scheme",
            "schemes/SCHEME/scheme.yaml",
            "An authority's stages, actions, roles, numbering and documents.",
            SchemeDeclaration,
        ),
        FileKind(
            "examples",
            f"law/NAME.{EXAMPLES_SUFFIX}, schemes/SCHEME/{EXAMPLES_SUFFIX}",
            "Worked examples that prove controls: facts in, outcomes out.",
            ExampleFile,
        ),
        FileKind(
            "shared",
            "shared/NAME.yaml",
            "Reviews and blocks of documents that several authorities share.",
            SharedParts,
        ),
        FileKind("days", "days/NAME.yaml", "The bank holidays by which working days are counted.", DaysFile),
        FileKind(
            "readings",
            "readings/NAME.yaml",
            "What was read of the law: the words that citations turn on, and the digest of each passage.",
            ReadText,
        ),
    )
}


def file_kind(name: str) -> FileKind:
    """Return a kind of file by its name; raises `InputError` with the nearest one."""
    if name not in FILE_KINDS:
        raise InputError(f"{quote(name, 120)} is not a kind of file", did_you_mean(name, FILE_KINDS))
    return FILE_KINDS[name]


def kind_of_file(path: str, data: Mapping[str, object]) -> FileKind:
    """Return the kind of a pack's file, by its path inside the folder of packs and by its content."""
    if path.endswith(EXAMPLES_SUFFIX):
        return FILE_KINDS["examples"]
    if path.startswith("days/"):
        return FILE_KINDS["days"]
    for folder, kind in ((SHARED_FOLDER, "shared"), (READINGS_FOLDER, "readings")):
        if path.startswith(folder):
            return FILE_KINDS[kind]
    return FILE_KINDS["scheme" if is_scheme_head(data) else "pack"]
