"""What differs between two versions of the same packs: values and controls, row by row and key by key.

Entries are compared by pack and id. A row of a value is known by its choices and its first day. The wording of a
condition counts as a change, because nobody can prove in general that two conditions mean the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel

from rules.language.dated_values import DatedFigure, DatedValue
from rules.proving.catalogue import CatalogueEntry

ChangeKind: TypeAlias = Literal["added", "removed", "changed"]
_Row: TypeAlias = tuple[tuple[tuple[str, str], ...], str]


@dataclass(frozen=True, slots=True)
class PackChange:
    """A value or control that was added, removed or changed; `details` say how, one line each."""

    id: str
    kind: str
    pack: str
    change: ChangeKind
    details: tuple[str, ...]
    clause: str

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        return {
            "id": self.id,
            "kind": self.kind,
            "pack": self.pack,
            "change": self.change,
            "details": list(self.details),
            "clause": self.clause,
        }


def compare_entries(before: Iterable[CatalogueEntry], after: Iterable[CatalogueEntry]) -> Iterator[PackChange]:
    """Yield each difference between two versions of some packs, in the order of pack and id."""
    old, new = _by_pack_and_id(before), _by_pack_and_id(after)
    for key in sorted(old.keys() | new.keys()):
        if key not in old:
            yield _describe_whole_entry(new[key], "added")
        elif key not in new:
            yield _describe_whole_entry(old[key], "removed")
        elif details := tuple(_find_differences(old[key], new[key])):
            yield _make_change(new[key], "changed", details)


def _by_pack_and_id(entries: Iterable[CatalogueEntry]) -> Mapping[tuple[str, str, str], CatalogueEntry]:
    return {(entry.pack, entry.kind, entry.id): entry for entry in entries}


def _make_change(entry: CatalogueEntry, change: ChangeKind, details: tuple[str, ...]) -> PackChange:
    # Each row of a value has a source of its own, which its detail names.
    clause = str(entry.citations[0]) if entry.kind == "control" else ""
    return PackChange(entry.id, entry.kind, entry.pack, change, details, clause)


def _describe_whole_entry(entry: CatalogueEntry, change: ChangeKind) -> PackChange:
    first, last = entry.first_day, entry.last_day
    period = (f"from {first.isoformat()}" + (f" to {last.isoformat()}" if last else ""),) if first else ()
    return _make_change(entry, change, (entry.label, *period))


def _find_differences(old: CatalogueEntry, new: CatalogueEntry) -> Iterator[str]:
    """Yield the differences of two versions of one entry, in words."""
    before, after = old.declaration, new.declaration
    if isinstance(before, DatedValue) and isinstance(after, DatedValue):
        yield from _find_row_differences(before, after)
        yield from _find_key_differences(before, after, but={"history"})
    else:
        yield from _find_key_differences(before, after, but=set())


def _find_row_differences(before: DatedValue, after: DatedValue) -> Iterator[str]:
    old, new = _by_row(before), _by_row(after)
    for key in sorted(old.keys() | new.keys(), key=lambda row: (row[1], row[0])):
        if key not in old:
            yield f"new row: {_describe_row(after, new[key])}, {new[key].citation}"
        elif key not in new:
            yield f"row removed: {_describe_row(before, old[key])}"
        elif old[key] != new[key]:
            then, now = _describe_row(before, old[key]), _describe_row(after, new[key])
            is_moved = then != now
            yield f"row changed: {now} (was {then})" if is_moved else f"source changed: {now}, {new[key].citation}"


def _by_row(value: DatedValue) -> dict[_Row, DatedFigure]:
    return {(tuple(sorted(row.choices.items())), row.first.isoformat()): row for row in value.history}


def _describe_row(value: DatedValue, row: DatedFigure) -> str:
    """Return the figure of a row with its operator, choices and days in force."""
    choices = f" for {', '.join(row.choices.values())}" if row.choices else ""
    operator = f"{row.operator.replace('_', ' ')} " if row.operator else ""
    last = f" to {row.last.isoformat()}" if row.last else ""
    return f"{operator}{value.format_figure(row.figure)}{choices} from {row.first.isoformat()}{last}"


def _find_key_differences(before: BaseModel, after: BaseModel, *, but: set[str]) -> Iterator[str]:
    """Yield the keys of a declaration whose content differs; short texts with what they were."""
    old = before.model_dump(mode="json", by_alias=True, exclude=but)
    new = after.model_dump(mode="json", by_alias=True, exclude=but)
    for key in dict.fromkeys([*old, *new]):
        then, now = old.get(key), new.get(key)
        if then != now:
            is_short = isinstance(then, str) and isinstance(now, str)
            yield f"{key}: {now} (was {then})" if is_short else f"{key} changed"
