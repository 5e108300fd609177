"""Which provisions of each instrument the packs hold, and what of the law that they cite no row of coverage names.

Invariants:
- A provision that a control or value cites is held, at least in part.
- What is not held has a source to read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from rules.language.coverage_schema import CoverageRow, CoverageStatus
from rules.language.provisions import identify_instruments, split_provisions
from rules.packs.coverage_controls import name_control
from rules.packs.pack_file import PackFile
from rules.proving.catalogue import CatalogueEntry, catalogue_entries
from rules.proving.pack_library import PackLibrary
from rules.proving.reading_coverage import citations_by_pack
from rules.values.citation import Citation

HOLDING: tuple[CoverageStatus, ...] = ("held", "partly")


class CoveredProvisions(NamedTuple):
    """One row of coverage, with the controls and values that cite its provisions."""

    pack: str
    name: str
    row: CoverageRow
    cited_by: tuple[str, ...]

    @property
    def control(self) -> str:
        """The control that says of a case that this is not held; empty without one."""
        return name_control(self.pack, self.name) if self.row.when is not None else ""

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read; it is also one row of the CSV."""
        row = self.row
        return {
            "instrument": row.citation.instrument,
            "provisions": ", ".join(row.provisions),
            "status": row.status,
            "about": row.about,
            "lacks": row.lacks,
            "control": self.control,
            "cited_by": list(self.cited_by),
            "pack": self.pack,
            "link": row.citation.link,
            "basis": row.citation.checked_by,
        }


class UncoveredProvision(NamedTuple):
    """A provision that something cites and that no row of its instrument's coverage says to be held."""

    instrument: str
    provision: str
    cited_by: str


def list_coverage(pack_files: Iterable[PackFile]) -> list[CoveredProvisions]:
    """Return every row of coverage, in the order of files and rows."""
    files = tuple(pack_files)
    citing = _citing_entries(files)
    return [
        CoveredProvisions(file.pack.pack, name, row, tuple(_cited_by(row, citing)))
        for file in files
        for name, row in file.pack.coverage.items()
    ]


def find_uncovered(pack_files: Iterable[PackFile]) -> list[UncoveredProvision]:
    """Return the provisions that something cites and no row says to be held, of instruments that have coverage."""
    files = tuple(pack_files)
    rows = [row for file in files for row in file.pack.coverage.values()]
    covered = {number for row in rows for number in identify_instruments(row.citation.instrument)}
    held = {unit for row in rows if row.status in HOLDING for unit in _units_of_row(row)}
    return [
        UncoveredProvision(instrument, provision, entry)
        for (instrument, provision), entries in _citing_entries(files).items()
        if instrument in covered and (instrument, provision) not in held
        for entry in entries
    ]


def find_instruments_without_coverage(library: PackLibrary) -> list[str]:
    """Return the instruments that a pack or the head of a scheme cites as law and that have no row of coverage."""
    rows = [row for file in library.pack_files for row in file.pack.coverage.values()]
    covered = {name for row in rows for name in _names(row.citation)}
    cited = (placed.citation for _, placed in citations_by_pack(library))
    return sorted({one.instrument for one in cited if one.kind == "law" and covered.isdisjoint(_names(one))})


def find_unused_instruments(pack_files: Iterable[PackFile], used: Iterable[PackFile]) -> tuple[str, ...]:
    """Return the instruments of national packs that no pack of a scheme covers or cites as law."""
    of_scheme = tuple(used)
    rows = [row for file in pack_files if not file.is_of_scheme for row in file.pack.coverage.values()]
    named = {name for file in of_scheme for row in file.pack.coverage.values() for name in _names(row.citation)}
    named |= {instrument for instrument, _ in _citing_entries(of_scheme)}
    return tuple(dict.fromkeys(row.citation.instrument for row in rows if named.isdisjoint(_names(row.citation))))


def _names(cited: Citation) -> tuple[str, ...]:
    """Return the numbers of the instruments that are cited; the name where none has a number."""
    return identify_instruments(cited.instrument) or (cited.instrument,)


def _law_of(entry: CatalogueEntry) -> Iterator[Citation]:
    yield from (cited for cited in entry.citations if cited.kind == "law" and identify_instruments(cited.instrument))


def _citing_entries(files: tuple[PackFile, ...]) -> Mapping[tuple[str, str], list[str]]:
    """Return the controls and values that cite each provision of each instrument."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for entry in catalogue_entries(files):
        for cited in _law_of(entry):
            for unit in _units_of_citation(cited):
                found.setdefault(unit, {})[entry.id] = None
    return {unit: list(entries) for unit, entries in found.items()}


def _units_of_citation(cited: Citation) -> Iterator[tuple[str, str]]:
    """Yield the provisions of a citation, each with its instrument; of several instruments the one that has such."""
    instruments = identify_instruments(cited.instrument)
    for provision in split_provisions(cited.provision):
        fitting = [each for each in instruments if _may_have(each, provision)] if len(instruments) > 1 else instruments
        if len(fitting) == 1:
            yield fitting[0], provision


def _may_have(instrument: str, provision: str) -> bool:
    """Whether an Act has a section, or another instrument a regulation or article."""
    is_act = " c. " in instrument
    return provision.startswith("s.") if is_act else provision.startswith(("reg ", "art "))


def _units_of_row(row: CoverageRow) -> Iterator[tuple[str, str]]:
    for instrument in identify_instruments(row.citation.instrument):
        for provision in row.provisions:
            yield from ((instrument, unit) for unit in split_provisions(provision))


def _cited_by(row: CoverageRow, citing: Mapping[tuple[str, str], list[str]]) -> Iterator[str]:
    yield from dict.fromkeys(entry for unit in _units_of_row(row) for entry in citing.get(unit, ()))
