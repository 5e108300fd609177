"""The catalogue of the law: every value and control of every pack, with its days and citations.

An entry shows what one pack declares, or sets or cites of another pack; entries are never merged. Nothing before its
first day or after its last is shown as in force.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple, TypeAlias, get_args

from rules.errors import InputError, NotInForce
from rules.judging.rulebook import Control
from rules.language.condition_phrases import describe_expected
from rules.language.conditions import AllOf, Condition, Predicate
from rules.language.dated_values import DatedFigure, DatedValue, KnownGap
from rules.language.pack_schema import ControlDeclaration
from rules.language.staged_schema import StagedLaw
from rules.packs.authority_overrides import is_policy_of_others
from rules.packs.coverage_controls import PREFIX
from rules.packs.pack_file import PackFile
from rules.values.calendar import Calendar
from rules.values.citation import SIGNED_OFF, Basis, Citation
from rules.values.facts import FactDeclaration
from rules.values.suggestions import did_you_mean
from rules.values.text import quote

EntryKind: TypeAlias = Literal["value", "control"]
ENTRY_KINDS: tuple[EntryKind, ...] = get_args(EntryKind)
CHECKS: tuple[str, ...] = (SIGNED_OFF, *get_args(Basis))
"""How well a citation was checked, the best first."""


class CatalogueEntry(NamedTuple):
    """One value or control as one pack declares, sets or cites it.

    `declared_in` is the pack that declares a value which `pack_file` sets.
    """

    id: str
    pack_file: PackFile
    declaration: DatedValue | ControlDeclaration
    declared_in: PackFile | None = None

    @property
    def kind(self) -> EntryKind:
        """Whether it is a value or a control."""
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
        """A value's label, or what a control requires."""
        return self.declaration.label if isinstance(self.declaration, DatedValue) else self.declaration.requirement

    @property
    def citations(self) -> tuple[Citation, ...]:
        """One citation for each row of a value, or the one of a control."""
        if isinstance(self.declaration, DatedValue):
            return tuple(row.citation for row in self.declaration.history)
        return (self.declaration.citation,)

    @property
    def blocks_only_where_cited(self) -> bool:
        """Whether it is a blocking control that only warns where no authority has it as a rule of its own."""
        declared = self.declaration
        if isinstance(declared, DatedValue) or declared.severity != "blocking":
            return False
        return is_policy_of_others(self.pack_file, declared)

    @property
    def first_day(self) -> date | None:
        """The first day on which any of it is in force; None if it is not set."""
        return min((period.first for period in self._periods()), default=None)

    @property
    def last_day(self) -> date | None:
        """The last day on which any of it is in force; None if it does not end."""
        last_days = [period.last for period in self._periods()]
        known = [day for day in last_days if day is not None]
        return max(known) if known and len(known) == len(last_days) else None

    def _periods(self) -> Sequence[Any]:
        return self.declaration.history if isinstance(self.declaration, DatedValue) else (self.declaration.in_force,)

    def rows_on(self, day: date | None) -> tuple[DatedFigure, ...]:
        """Return the rows of a value in force on a day, or all without a day; none for a control."""
        history = self.declaration.history if isinstance(self.declaration, DatedValue) else ()
        return tuple(row for row in history if day is None or row.covers(day))

    def known_gaps_on(self, day: date | None) -> tuple[KnownGap, ...]:
        """Return the known gaps of a value that cover a day, or all without a day; none for a control."""
        gaps = self.declaration.not_found if isinstance(self.declaration, DatedValue) else ()
        return tuple(gap for gap in gaps if day is None or gap.covers(day))

    def is_in_force(self, day: date) -> bool:
        """Whether any of it is in force on a day."""
        return any(period.first <= day and (period.last is None or day <= period.last) for period in self._periods())


def catalogue_entries(pack_files: Iterable[PackFile]) -> Iterator[CatalogueEntry]:
    """Yield everything that some packs declare, set or cite, values first, in the order of their files."""
    known = tuple(pack_files)
    values = {name: (file, value) for file in known for name, value in file.pack.values.items()}
    controls = {
        name: control
        for file in known
        for name, control in file.pack.controls.items()
        if file.pack.may_be_cited_otherwise(name)
    }
    for file in known:
        yield from (CatalogueEntry(name, file, value) for name, value in file.pack.values.items())
        yield from _setting_entries(file, values)
        yield from (CatalogueEntry(name, file, control) for name, control in file.pack.controls.items())
        yield from _citing_entries(file, controls)


def _setting_entries(
    pack_file: PackFile, values: Mapping[str, tuple[PackFile, DatedValue]]
) -> Iterator[CatalogueEntry]:
    for name, setting in pack_file.pack.sets.items():
        if name in values:
            declared_in, value = values[name]
            with_setting = value.model_copy(update={"history": setting.history, "not_found": ()})
            yield CatalogueEntry(name, pack_file, with_setting, declared_in)


def _citing_entries(pack_file: PackFile, controls: Mapping[str, ControlDeclaration]) -> Iterator[CatalogueEntry]:
    for name, citing in pack_file.pack.cites.items():
        if name in controls:
            yield CatalogueEntry(name, pack_file, citing.apply_to_control(controls[name]))


def overriding_entries(
    entry: CatalogueEntry, entries: Iterable[CatalogueEntry], schemes_using: Callable[[str], Iterable[str]]
) -> list[CatalogueEntry]:
    """Return the settings of a declared value, if every scheme that takes its pack sets it; else nothing.

    `schemes_using` names the schemes that take a file.
    """
    settings = [
        other
        for other in entries
        if other.declared_in is entry.pack_file and other.id == entry.id and list(schemes_using(other.file))
    ]
    setting_schemes = {scheme for setting in settings for scheme in schemes_using(setting.file)}
    return settings if set(schemes_using(entry.file)) <= setting_schemes else []


def find_entries(entries: Sequence[CatalogueEntry], name: str, kind: EntryKind | None = None) -> list[CatalogueEntry]:
    """Return the entries of a name and kind; several packs may each have one.

    Raises `InputError` with the nearest name, or if the name belongs to the other kind.
    """
    named = [entry for entry in entries if entry.id == name]
    found = [entry for entry in named if kind in (None, entry.kind)]
    if named and not found:
        raise InputError(f"{name} is a {named[0].kind}, not a {kind}", f"See: assent law show {name}")
    if not found:
        raise _unknown_name_error(name, (entry.id for entry in entries if kind in (None, entry.kind)), kind)
    return found


def _unknown_name_error(name: str, known_names: Iterable[str], kind: EntryKind | None) -> InputError:
    sought, command = (kind, f"assent law list --kind {kind}") if kind else ("value or control", "assent law list")
    advice = did_you_mean(name, dict.fromkeys(known_names)) or f"All are listed by: {command}"
    if name.startswith(PREFIX):
        advice = "It stands for law that is not held. All of it is listed by: assent law coverage --status not_held"
    return InputError(f"{quote(name, 120)} is no {sought} that is known here", advice)


def entries_in_force(entries: Sequence[CatalogueEntry], day: date | None) -> list[CatalogueEntry]:
    """Return the entries of one name that are in force on a day; raises `NotInForce` if none is."""
    in_force = [entry for entry in entries if day is None or entry.is_in_force(day)]
    if day is not None and not in_force:
        raise NotInForce(entries[0].id, day, *_days_in_force(entries))
    return in_force


def _days_in_force(entries: Iterable[CatalogueEntry]) -> tuple[date | None, date | None]:
    """Return the first and last day on which any of some entries is in force, if they have such days."""
    first, last = zip(*((entry.first_day, entry.last_day) for entry in entries), strict=True)
    return min(filter(None, first), default=None), max(filter(None, last), default=None)


def count_by_basis(entries: Iterable[CatalogueEntry]) -> Mapping[str, int]:
    """Count the citations of some entries by how well they were checked, the best first."""
    counts = Counter(citation.checked_by for entry in entries for citation in entry.citations)
    return {basis: counts[basis] for basis in CHECKS}


class Expiry(NamedTuple):
    """Something dated that ends and is followed by nothing."""

    last_day: date
    kind: str
    id: str
    applies_to: str
    source: str
    citation: Citation


def find_expiries(entries: Iterable[CatalogueEntry]) -> Iterator[Expiry]:
    """Yield the end of each value for each of its choices, if nothing follows it."""
    for entry in entries:
        if isinstance(entry.declaration, DatedValue):
            latest = {tuple(row.choices.items()): row for row in entry.declaration.history}
            for row in latest.values():
                if row.last is not None:
                    choices = ", ".join(row.choices.values())
                    yield Expiry(row.last, "value", entry.id, choices, entry.pack, row.citation)


ANNOUNCED_DAYS = "days that were announced"
"""What of a table of bank holidays ends before the table does: its later years are listed by rule."""


def calendar_endings(calendars: Iterable[tuple[str, Calendar, Citation]]) -> Iterator[Expiry]:
    """Yield the end of each table of bank holidays, given with its file and citation, and of what was announced."""
    for file, calendar, citation in calendars:
        if calendar.last_announced_year < calendar.last_year:
            last_day = date(calendar.last_announced_year, 12, 31)
            yield Expiry(last_day, "days", calendar.division, ANNOUNCED_DAYS, file, citation)
        yield Expiry(date(calendar.last_year, 12, 31), "days", calendar.division, "", file, citation)


class StagedRow(NamedTuple):
    """One stage of law that is announced or comes into force in stages, with the pack that has it."""

    name: str
    pack: str
    law: StagedLaw
    on: date

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        law = self.law
        return {
            "from": law.first.isoformat() if law.first else None,
            "state": law.state_on(self.on),
            "status": law.status,
            "held": law.held,
            "id": self.name,
            "pack": self.pack,
            "about": law.about,
            "citation": law.citation.as_json(),
            "note": law.citation.note,
        }


def list_staged_law(pack_files: Iterable[PackFile], on: date, until: date | None = None) -> list[StagedRow]:
    """Return the stages of law as they are on a day, those in force last and by their days.

    With `until`, only those that are in force by then.
    """
    rows = [StagedRow(name, file.pack.pack, law, on) for file in pack_files for name, law in file.pack.staged.items()]
    chosen = (row for row in rows if until is None or (row.law.first is not None and row.law.first <= until))
    return sorted(chosen, key=lambda row: (row.law.state_on(on) == "in force", row.law.first or date.max, row.name))


def applicability_condition(control: Control) -> Condition:
    """Return when a control applies on its days in force: what its pack writes under `when` and `except`."""
    if not isinstance(control.applies, AllOf):
        return control.applies
    # The linker puts the tests of the days in force first: one for the first day, one for a last day.
    day_tests = 1 + (control.declaration.in_force.last is not None)
    return AllOf(control.applies.conditions[day_tests:])


def condition_lines(condition: Condition, facts: Mapping[str, FactDeclaration], depth: int = 0) -> Iterator[str]:
    """Yield a condition in plain words, one line for each test, indented below the word that joins them."""
    indent = "– " * depth
    if isinstance(condition, Predicate):
        yield f"{indent}{condition.fact} {describe_expected(condition, facts, {})}"
    elif len(condition.conditions) == 1:
        yield from condition_lines(condition.conditions[0], facts, depth)
    elif condition.conditions:
        yield f"{indent}{'all' if isinstance(condition, AllOf) else 'any'} of these:"
        for part in condition.conditions:
            yield from condition_lines(part, facts, depth + 1)
