"""How much each pack holds, on what basis its citations rest, and whose examples prove it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.proving.catalogue import CatalogueEntry, catalogue_entries, count_by_basis
from rules.proving.pack_library import PackLibrary


@dataclass(frozen=True, slots=True)
class PackSummary:
    """The counts of one pack; `proved_by` names the schemes that take it."""

    pack: str
    values: int
    rows: int
    controls: int
    citations: Mapping[str, int]
    proved_by: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read, with a count for each basis of a citation."""
        return {
            "pack": self.pack,
            "values": self.values,
            "rows": self.rows,
            "controls": self.controls,
            **self.citations,
            "proved_by": list(self.proved_by) or ["no scheme takes it"],
        }


def summarize_packs(library: PackLibrary) -> list[PackSummary]:
    """Return the counts of every pack of law and of schemes, in the order of their files."""
    entries: dict[str, list[CatalogueEntry]] = {}
    for entry in catalogue_entries(library.pack_files):
        entries.setdefault(entry.file, []).append(entry)
    return [
        _summarize(part.pack.pack, entries.get(part.source.name, []), library.schemes_using(part.source.name))
        for part in library.pack_files
    ]


def _summarize(pack: str, entries: list[CatalogueEntry], schemes: list[str]) -> PackSummary:
    values = [entry for entry in entries if entry.kind == "value"]
    rows = sum(len(entry.citations) for entry in values)
    controls = len(entries) - len(values)
    return PackSummary(pack, len(values), rows, controls, count_by_basis(entries), tuple(schemes))
