"""Versions of the language that packs are written in, each with the models that read its files.

Invariants:
- A file says its version under `language`; a file that does not say it is of version 1.
- Packs kept in ledgers are read by their own version for ever, so a version is never removed. A key may be added to one
  if the files that do not have it mean what they meant before; any other change needs a new version.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from rules.errors import PackError
from rules.language.pack_schema import Pack
from rules.language.vocabulary import GateDeclaration, SubjectKindDeclaration
from rules.packs import language_1
from rules.packs.scheme_schema import SchemeDeclaration
from rules.reading.yaml_reader import YamlFile

FIRST_VERSION = 1
KEYS_OF_VERSION_2 = ("gates", "subjects", "outcomes", "decision_day")


class LanguageVersion(NamedTuple):
    """The models of one version, and the words that its files may use without declaring them."""

    pack: type[Pack]
    scheme_head: type[SchemeDeclaration]
    gates: Mapping[str, GateDeclaration]
    subject_kinds: Mapping[str, SubjectKindDeclaration]
    decision_day: str


LANGUAGE_VERSIONS: Mapping[int, LanguageVersion] = {
    FIRST_VERSION: LanguageVersion(
        Pack, SchemeDeclaration, language_1.GATES, language_1.SUBJECT_KINDS, language_1.DECISION_DAY
    ),
    2: LanguageVersion(Pack, SchemeDeclaration, {}, {}, ""),
}


def find_language_version(source: YamlFile) -> LanguageVersion:
    """The version that a file is written in; raises `PackError` for one that this assent does not read."""
    stated = source.data.get("language", FIRST_VERSION)
    if type(stated) is not int or stated not in LANGUAGE_VERSIONS:  # a flag is an int to isinstance
        known = ", ".join(map(str, LANGUAGE_VERSIONS))
        message = f"must be a version of the pack language that this assent reads: {known}"
        raise PackError(source.merge_faults([source.fault_at(("language",), message)]))
    too_new = [key for key in KEYS_OF_VERSION_2 if key in source.data and stated == FIRST_VERSION]
    if too_new:
        message = "is a key of language 2: write `language: 2` in the file, and declare the words that it uses"
        raise PackError([source.fault_at((key,), message) for key in too_new])
    return LANGUAGE_VERSIONS[stated]
