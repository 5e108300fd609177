"""The law as a book to look things up in: every value and control of every pack, with its days and its citations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple, TypeAlias, get_args

from rules.errors import InputError, NotInForce
from rules.judging.rulebook import Control
from rules.language.conditions import AllOf, Condition, Predicate, describe_expected
from rules.language.dated_values import DatedFigure, DatedValue, KnownGap
from rules.language.pack_schema import ControlDeclaration
from rules.packs.linker import PackFile
from rules.values.calendar import Calendar
from rules.values.citation import Basis, Citation
from rules.values.facts import FactDeclaration
from rules.values.suggestions import did_you_mean
from rules.values.text import quote

EntryKind: TypeAlias = Literal["value", "control"]
ENTRY_KINDS: tuple[EntryKind, ...] = get_args(EntryKind)
BASES: tuple[Basis, ...] = get_args(Basis)


class CatalogueEntry(NamedTuple):
    """One value or control as one pack declares it, or as one sets or cites what another declares.

    `home` is the pack that declares a value which `part` sets.
    """

    id: str
    pack_file: PackFile
    declaration: DatedValue | ControlDeclaration
    declared_in: PackFile | None = None

    @property
    def kind(self) -> EntryKind:
        """Which of the two it is."""
        return "value" if isinstance(self.declaration, DatedValue) else "control"

    @property
    def pack(self) -> str:
        """The name of its pack."""
        return self.pack_file.pack.pack

    @property
    def file(self) -> str:
        """The file of its pack."""
        return self.pack_file.source.name

    @property
    def label(self) -> str:
        """What it is, in a line: a value's label, or what a control requires."""
        return self.declaration.label if isinstance(self.declaration, DatedValue) else self.declaration.requirement

    @property
    def citations(self) -> tuple[Citation, ...]:
        """What it rests on: one citation for each row of a value, one for a control."""
        if isinstance(self.declaration, DatedValue):
            return tuple(row.citation for row in self.declaration.history)
        return (self.declaration.citation,)

    @property
    def first_day(self) -> date | None:
        """The first day on which any of it is in force; None where it is not set."""
        return min((period.first for period in self._periods()), default=None)

    @property
    def last_day(self) -> date | None:
        """The last day on which any of it is in force; None where there is none."""
        ends = [period.last for period in self._periods()]
        known = [end for end in ends if end is not None]
        return max(known) if known and len(known) == len(ends) else None

    def _periods(self) -> Sequence[Any]:
        return self.declaration.history if isinstance(self.declaration, DatedValue) else (self.declaration.in_force,)

    def rows_on(self, day: date | None) -> tuple[DatedFigure, ...]:
        """The rows of a value that are in force on a day, or all of them; none for a control."""
        history = self.declaration.history if isinstance(self.declaration, DatedValue) else ()
        return tuple(row for row in history if day is None or row.covers(day))

    def known_gaps_on(self, day: date | None) -> tuple[KnownGap, ...]:
        """The days for which no figure of a value could be found, if a day is among them; none for a control."""
        not_found = self.declaration.not_found if isinstance(self.declaration, DatedValue) else ()
        return tuple(hole for hole in not_found if day is None or hole.covers(day))

    def is_in_force(self, day: date) -> bool:
        """Whether any of it is in force on a day."""
        return any(period.first <= day and (period.last is None or day <= period.last) for period in self._periods())


def catalogue_entries(pack_files: Iterable[PackFile]) -> Iterator[CatalogueEntry]:
    """Everything that some packs declare, set or cite, values first, in the order of their files."""
    known = tuple(pack_files)
    values = {name: (part, value) for part in known for name, value in part.pack.values.items()}
    controls = {name: control for part in known for name, control in part.pack.controls.items() if part.pack.practice}
    for part in known:
        yield from (CatalogueEntry(name, part, value) for name, value in part.pack.values.items())
        yield from _setting_entries(part, values)
        yield from (CatalogueEntry(name, part, control) for name, control in part.pack.controls.items())
        yield from _citing_entries(part, controls)


def _setting_entries(
    pack_file: PackFile, values: Mapping[str, tuple[PackFile, DatedValue]]
) -> Iterator[CatalogueEntry]:
    for name, setting in pack_file.pack.sets.items():
        if name in values:
            home, value = values[name]
            yield CatalogueEntry(
                name, pack_file, value.model_copy(update={"history": setting.history, "not_found": ()}), home
            )


def _citing_entries(pack_file: PackFile, controls: Mapping[str, ControlDeclaration]) -> Iterator[CatalogueEntry]:
    for name, citing in pack_file.pack.cites.items():
        if name in controls:
            yield CatalogueEntry(name, pack_file, citing.apply_to_control(controls[name]))


def overriding_entries(
    entry: CatalogueEntry, entries: Iterable[CatalogueEntry], schemes_using: Callable[[str], Iterable[str]]
) -> list[CatalogueEntry]:
    """What is set in the place of a declared value, where every scheme that takes its pack has it set; else nothing.

    `taking` names the schemes that take a file.
    """
    setting = [
        one
        for one in entries
        if one.declared_in is entry.pack_file and one.id == entry.id and list(schemes_using(one.file))
    ]
    theirs = {scheme for one in setting for scheme in schemes_using(one.file)}
    return setting if set(schemes_using(entry.file)) <= theirs else []


def find_entries(entries: Sequence[CatalogueEntry], name: str, kind: EntryKind | None = None) -> list[CatalogueEntry]:
    """The entries of a name and kind, of which several packs may each have one.

    Raises `InputError` with the nearest name, or where the name is one of the other kind.
    """
    named = [entry for entry in entries if entry.id == name]
    asked = [entry for entry in named if kind in (None, entry.kind)]
    if named and not asked:
        raise InputError(f"{name} is a {named[0].kind}, not a {kind}", f"See: assent law show {name}")
    if not asked:
        raise _unknown_name_error(name, (entry.id for entry in entries if kind in (None, entry.kind)), kind)
    return asked


def _unknown_name_error(name: str, known_names: Iterable[str], kind: EntryKind | None) -> InputError:
    what, listed = (kind, f"assent law list --kind {kind}") if kind else ("value or control", "assent law list")
    near = did_you_mean(name, dict.fromkeys(known_names)) or f"All are listed by: {listed}"
    return InputError(f"{quote(name, 120)} is no {what} that is known here", near)


def entries_in_force(entries: Sequence[CatalogueEntry], day: date | None) -> list[CatalogueEntry]:
    """Those of some entries of one name that are in force on a day; raises `NotInForce` where none is."""
    standing = [entry for entry in entries if day is None or entry.is_in_force(day)]
    if day is not None and not standing:
        raise NotInForce(entries[0].id, day, *_days_in_force(entries))
    return standing


def _days_in_force(entries: Iterable[CatalogueEntry]) -> tuple[date | None, date | None]:
    """The first and the last day on which any of some entries is in force, as far as they have such days."""
    first, last = zip(*((entry.first_day, entry.last_day) for entry in entries), strict=True)
    return min(filter(None, first), default=None), max(filter(None, last), default=None)


def count_by_basis(entries: Iterable[CatalogueEntry]) -> Mapping[Basis, int]:
    """How many citations of some entries rest on each basis."""
    counted = Counter(citation.basis for entry in entries for citation in entry.citations)
    return {basis: counted[basis] for basis in BASES}


class Expiry(NamedTuple):
    """Something dated that ends, and that nothing follows."""

    last_day: date
    kind: str
    id: str
    applies_to: str
    source: str
    citation: Citation


def find_expiries(entries: Iterable[CatalogueEntry]) -> Iterator[Expiry]:
    """For each choice of each value, its last day where nothing follows on it."""
    for entry in entries:
        if isinstance(entry.declaration, DatedValue):
            latest = {tuple(row.choices.items()): row for row in entry.declaration.history}
            for row in latest.values():
                if row.last is not None:
                    whom = ", ".join(row.choices.values())
                    yield Expiry(row.last, "value", entry.id, whom, entry.pack, row.citation)


def calendar_endings(calendars: Iterable[tuple[str, Calendar, Citation]]) -> Iterator[Expiry]:
    """The last day of each table of bank holidays, given with its file and its citation."""
    for file, calendar, citation in calendars:
        yield Expiry(date(calendar.last_year, 12, 31), "days", calendar.division, "", file, citation)


def applicability_condition(control: Control) -> Condition:
    """When a control applies, beside its days in force: what its pack says under `when` and `except`."""
    if not isinstance(control.applies, AllOf):
        return control.applies
    days = 1 + (control.declaration.in_force.last is not None)
    return AllOf(control.applies.conditions[days:])


def condition_lines(condition: Condition, facts: Mapping[str, FactDeclaration], depth: int = 0) -> Iterator[str]:
    """A condition in plain words, a line for each test; those that belong together stand below what joins them."""
    indent = "– " * depth
    if isinstance(condition, Predicate):
        yield f"{indent}{condition.fact} {describe_expected(condition, facts, {})}"
    elif len(condition.conditions) == 1:
        yield from condition_lines(condition.conditions[0], facts, depth)
    elif condition.conditions:
        yield f"{indent}{'all' if isinstance(condition, AllOf) else 'any'} of these:"
        for part in condition.conditions:
            yield from condition_lines(part, facts, depth + 1)
