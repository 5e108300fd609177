"""A starter authority: a small, sound set of packs to be changed into an authority's own.

The files are templates with the authority's names as placeholders. Whatever the names are, the result is valid YAML.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from string import Template
from typing import Any

from rules.authoring.file_kinds import FILE_KINDS
from rules.authoring.json_schema import file_schema, format_schema
from rules.errors import InputError
from rules.reading.pydantic_messages import SHORT_NAME_PATTERN
from rules.values.facts import clean_text
from rules.values.text import quote

MAX_NAME_LENGTH, MAX_SHORT_LENGTH, MAX_SCHEME_LENGTH = 100, 20, 21
FALLBACK_SCHEME = "our-authority"
PAPER_FILE = "example-paper.yaml"
SCHEMA_FOLDER = "editor"
_TARGETS: Mapping[str, str] = {
    "law.yaml": "law/{scheme}-law.yaml",
    "law.examples.yaml": "law/{scheme}-law.examples.yaml",
    "scheme.yaml": "schemes/{scheme}/scheme.yaml",
    "rules.yaml": "schemes/{scheme}/rules.yaml",
    "examples.yaml": "schemes/{scheme}/examples.yaml",
    "paper.yaml": PAPER_FILE,
}
"""Where each template goes in the new folder."""


@dataclass(frozen=True, slots=True)
class AuthorityNames:
    """What a new authority is called: on the command line, in documents, and in short."""

    scheme: str
    name: str
    short: str

    @property
    def case_prefix(self) -> str:
        """How the numbers of its cases begin."""
        return re.sub(r"[^A-Za-z0-9]", "", _without_accents(self.short)) or self.scheme.upper()


@dataclass(frozen=True, slots=True)
class Starter:
    """The files of a starter authority, by their paths inside its folder."""

    names: AuthorityNames
    files: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read."""
        names = self.names
        return {"scheme": names.scheme, "name": names.name, "short": names.short, "files": list(self.files)}


def choose_names(name: str, short: str, folder_name: str, taken: Collection[str]) -> AuthorityNames:
    """Return what a new authority is called; raises `InputError` for names that cannot be used.

    `name` may be a name in full (`Wexcombe Council`) or one for the command line (`wexcombe`); left empty, the folder's
    name stands for it. `taken` are the schemes that there are.
    """
    full = _single_line(name, "--name", MAX_NAME_LENGTH) if name else ""
    scheme = _scheme_name(full or folder_name)
    if not scheme and full:
        raise InputError(
            f"--name {quote(full)} gives no name for the command line", "It needs two letters from a to z, or more."
        )
    scheme = scheme or FALLBACK_SCHEME
    if scheme in taken:
        raise InputError(f"there is a scheme {scheme} already", "Choose another name with --name.")
    is_written_out = bool(full) and not re.fullmatch(SHORT_NAME_PATTERN, full)
    shown = full if is_written_out else scheme.replace("-", " ").title()
    abbreviation = _single_line(short, "--short", MAX_SHORT_LENGTH) if short else _abbreviate(shown)
    return AuthorityNames(scheme, shown, abbreviation)


def build_starter(names: AuthorityNames, templates: Mapping[str, str]) -> Starter:
    """Return the files of a new authority: its packs, a paper to try them with, and the schemas for editors."""
    # JSON's quoted text is YAML's, so that no name can break out of its place.
    values = {
        "scheme": names.scheme,
        "name": json.dumps(names.name, ensure_ascii=False),
        "short": json.dumps(names.short, ensure_ascii=False),
        "prefix": names.case_prefix,
    }
    files = {
        target.format(scheme=names.scheme): Template(templates[source]).substitute(values)
        for source, target in _TARGETS.items()
    }
    schemas = {f"{SCHEMA_FOLDER}/{kind.schema_file}": format_schema(file_schema(kind)) for kind in FILE_KINDS.values()}
    return Starter(names, {**files, **schemas})


def _single_line(text: str, option: str, max_length: int) -> str:
    """Return a name as it may stand in files and documents; raises `InputError` that names the option."""
    try:
        cleaned = " ".join(clean_text(text).split())
    except InputError as error:
        raise InputError(f"{option}: {error}", error.advice()) from None
    if len(cleaned) > max_length:
        raise InputError(f"{option} has {len(cleaned)} characters; at most {max_length} are taken")
    return cleaned


def _scheme_name(text: str) -> str:
    """Return a name for the command line made of a text: `wexcombe-council`; empty where it has no letters."""
    plain = _without_accents(text).lower()
    words = re.sub(r"^[^a-z]+", "", re.sub(r"[^a-z0-9]+", "-", plain)).strip("-")
    if len(words) > MAX_SCHEME_LENGTH:
        words = words[: MAX_SCHEME_LENGTH + 1].rpartition("-")[0] or words[:MAX_SCHEME_LENGTH]
    return words if re.fullmatch(SHORT_NAME_PATTERN, words) else ""


def _without_accents(text: str) -> str:
    """Return a text in ASCII letters: `Zurich` for `Zürich`; what has no such letter is left out."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def _abbreviate(name: str) -> str:
    """Return the capitals of a name of several words, or the name itself where it is short enough."""
    capitals = "".join(word[0] for word in name.split() if word[0].isupper())
    return capitals if len(capitals) > 1 else name[:MAX_SHORT_LENGTH].strip()
