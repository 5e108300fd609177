"""Packs for a case that runs under an earlier flow: that flow, with the law of today.

Invariants:
- The head of the scheme is made of two: what decides how a case moves is the kept head's, all else is today's.
- What is made is an ordinary bundle. It is kept with the rulings that it gives, so these can be judged again by it.
- Packs that do not fit the kept flow are never forced on it: then the authority's own packs are the kept ones, and if
  the law of today does not fit either, all packs are. `PinnedPacks.rules` says which.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from rules.errors import FileError
from rules.packs.bundle import SHARED_FOLDER, Bundle
from rules.packs.digests import PLACEMENTS, Aspect, Named, stated_keys
from rules.packs.language_versions import FIRST_VERSION, KEYS_OF_VERSION_2
from rules.packs.scheme_schema import SchemeDeclaration
from rules.reading.yaml_reader import YamlFile
from rules.values.citation import Declaration

_OWN_RULES = ("given", "diary")
"""The keys with rules of the authority's own."""
_WORDS = ("gates", "subjects")
"""The keys that declare words for packs, so that both heads have a say."""
_OF_TODAY_IF_THEY_FIT = (
    "documents", "corrections", "separation", "overrides", "appointments", "late_recording", "time_zone",
    "sources", "published_forms", "form_readings",
)  # fmt: skip
"""The keys of today that stand in a head unless they name what the kept flow does not have."""
_KEYS_MADE_APART = frozenset(["owners", "renamed", "shared", *_WORDS, *_OF_TODAY_IF_THEY_FIT])
_LINE_SEPARATORS = {"\u2028": "\\u2028", "\u2029": "\\u2029"}
"""YAML ends a line at these; JSON does not."""


class RuleSource(StrEnum):
    """Whose rules judge a case: all of today, the law of today with the authority's kept rules, or all as kept."""

    TODAY = "today"
    OWN_KEPT = "own_kept"
    KEPT = "kept"


class PinnedPacks(NamedTuple):
    """The packs by which a case runs under an earlier flow, and where their rules come from."""

    bundle: Bundle
    rules: RuleSource


class _Head(NamedTuple):
    """The head of a scheme: its file, as data, and as declared."""

    file: str
    data: Mapping[str, Any]
    declaration: SchemeDeclaration


class _Heads(NamedTuple):
    """The kept head of a scheme and today's, and the digest of the kept packs."""

    kept: _Head
    today: _Head
    kept_digest: str


@lru_cache(maxsize=16)
def pin_flow(kept: Bundle, today: Bundle) -> PinnedPacks:
    """Return the packs with the flow of kept ones and the law of today's; raises `FileError` for a faulty head."""
    readable = Bundle(kept.files, today.read_source)
    heads = _Heads(_read_head(readable), _read_head(today), kept.digest)
    for rules, files in _packs_to_try(kept, today, heads):
        bundle = _link_with_rest_of_today(files, today, heads, rules)
        if bundle is not None:
            return PinnedPacks(bundle, rules)
    return PinnedPacks(readable, RuleSource.KEPT)


def _read_head(bundle: Bundle) -> _Head:
    """Return the head of a bundle; what it shares with other schemes is written out, so that it needs no other file."""
    source, declaration = bundle.head()
    if not declaration.shared:
        return _Head(source.name, source.data, declaration)
    written = {key: _as_data(getattr(declaration, key)) for key in ("reviews", "documents")}
    return _Head(source.name, {**source.data, **written}, declaration)


def _packs_to_try(kept: Bundle, today: Bundle, heads: _Heads) -> Iterator[tuple[RuleSource, dict[str, bytes]]]:
    """Yield the packs to link with the kept flow, without its head, the best first."""
    packs = {file: data for file, data in today.files.items() if file not in today.images}
    of_today = {file: data for file, data in packs.items() if not file.startswith(SHARED_FOLDER)}
    yield RuleSource.TODAY, {file: data for file, data in of_today.items() if file != heads.today.file}
    own = {file: data for file, data in kept.own_files.items() if file != heads.kept.file}
    law = {file: data for file, data in of_today.items() if file not in today.own_files}
    yield RuleSource.OWN_KEPT, {**law, **own}


def _link_with_rest_of_today(
    packs: Mapping[str, bytes], today: Bundle, heads: _Heads, rules: RuleSource
) -> Bundle | None:
    """Return the packs with a head that fits them; None if nothing does.

    Of the keys that do not decide how a case moves, those of today that do not fit the flow are the kept ones.
    """
    file = (heads.today if rules is RuleSource.TODAY else heads.kept).file
    head = _merge_heads(heads, rules)
    head |= _merge_owners(head, packs, today, heads) | _merge_renamed(packs, today, heads)
    of_today = set(_OF_TODAY_IF_THEY_FIT)
    while True:
        chosen = {key: (heads.today if key in of_today else heads.kept).data for key in _OF_TODAY_IF_THEY_FIT}
        rest = {key: data[key] for key, data in chosen.items() if key in data}
        bundle = Bundle({**packs, file: _write_yaml({**head, **rest}), **today.images}, today.read_source)
        try:
            bundle.scheme()
        except FileError as error:
            faulty = {fault.key.partition(".")[0] for fault in error.faults}
            if not faulty <= of_today:
                return None
            of_today -= faulty
        else:
            return bundle


def _merge_heads(heads: _Heads, rules: RuleSource) -> dict[str, Any]:
    """Return the keys of both heads that decide how a case moves or is judged: those of the flow from the kept one."""
    kept, today = heads.kept.data, heads.today.data
    of_kept = {*_flow_keys(heads), *(_OWN_RULES if rules is RuleSource.OWN_KEPT else ())}
    merged = {key: value for key, value in today.items() if key not in of_kept | _KEYS_MADE_APART}
    merged |= {key: value for key, value in kept.items() if key in of_kept}
    merged |= {key: {**today.get(key, {}), **kept.get(key, {})} for key in _WORDS if key in kept or key in today}
    if heads.kept.declaration.language == FIRST_VERSION:
        # The words of this language are fixed, and a file of it cannot declare others.
        merged = {key: value for key, value in merged.items() if key not in KEYS_OF_VERSION_2}
    merged["flow_of"] = kept.get("flow_of", heads.kept_digest)
    return {**merged, "packs": _merge_packs(heads)}


def _merge_packs(heads: _Heads) -> list[Any]:
    """Return how packs apply: those of today, with the stages that the kept head names for them."""
    stages = {use.pack: dict(use.stages) for use in heads.kept.declaration.packs}
    merged: list[Any] = []
    for raw in heads.today.data.get("packs", []):
        use = {"pack": raw} if isinstance(raw, str) else dict(raw)
        use.pop("stages", None)
        own = stages.get(use["pack"], {})
        merged.append({**use, "stages": own} if own else use)
    return merged


def _flow_keys(heads: _Heads) -> set[str]:
    """Return the keys of heads that belong to the flow, and those that name roles or clauses of it."""
    placements = {**PLACEMENTS[type(heads.kept.declaration)], **PLACEMENTS[type(heads.today.declaration)]}
    aspects = {key: place.names if isinstance(place, Named) else place for key, place in placements.items()}
    of_rest = (Aspect.LAW, Aspect.LAYOUT)
    return {key for key, aspect in aspects.items() if aspect not in of_rest and key not in _KEYS_MADE_APART}


def _merge_renamed(packs: Mapping[str, bytes], today: Bundle, heads: _Heads) -> dict[str, Any]:
    """Return the old names that lead to the kept flow, and the roles of today that lead back to it.

    So an officer who was appointed under the name of today can act under the kept flow.
    """
    kept, of_today = heads.kept.declaration, heads.today.declaration.renamed
    renamed = kept.renamed.model_dump(exclude={"facts"})
    for old, new in of_today.roles.items():
        if old in kept.roles and new not in kept.roles:
            renamed["roles"].setdefault(new, old)
    declared = {fact for file, data in packs.items() for fact in _names_in(today.read_source(data, file), "facts")}
    renamed["facts"] = {old: new for old, new in kept.renamed.facts.items() if new in declared and old not in declared}
    names = {key: renames for key, renames in renamed.items() if renames}
    return {"renamed": names} if names else {}


def _names_in(source: YamlFile, key: str) -> set[str]:
    """Return the names under a key of a file that may have faults."""
    named = source.data.get(key, {})
    return set(named) if isinstance(named, dict) else set()


def _merge_owners(head: Mapping[str, Any], packs: Mapping[str, bytes], today: Bundle, heads: _Heads) -> dict[str, Any]:
    """Return the owners of the days that packs and head declare: today's, or the kept ones of roles that are gone."""
    declared = {kind for file, data in packs.items() for kind in _names_in(today.read_source(data, file), "diary")}
    declared |= {*head.get("diary", {})}
    kept, roles = heads.kept.declaration.owners, heads.kept.declaration.roles
    of_today = {kind: who for kind, who in heads.today.declaration.owners.items() if roles.keys() >= set(who)}
    owners = {kind: list(who) for kind, who in {**kept, **of_today}.items() if kind in declared}
    return {"owners": owners} if owners else {}


def _as_data(value: object) -> object:
    """Return declarations as their YAML gives them, without keys that have their defaults."""
    if isinstance(value, Declaration):
        return {key: _as_data(inner) for key, inner in stated_keys(value)}
    if isinstance(value, Mapping):
        return {key: _as_data(inner) for key, inner in value.items()}
    return [_as_data(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def _write_yaml(data: Mapping[str, Any]) -> bytes:
    """Return a head as YAML, one line for each key: the strict reader gives the same data for it."""
    return "".join(f"{_format_node(key)}: {_format_node(value)}\n" for key, value in data.items()).encode()


def _format_node(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_format_node(key)}: {_format_node(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_format_node, value)) + "]"
    if isinstance(value, date):
        return value.isoformat()
    text = json.dumps(value, ensure_ascii=False)
    return "".join(_LINE_SEPARATORS.get(letter, letter) for letter in text)
