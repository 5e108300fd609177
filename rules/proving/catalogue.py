"""The law as a book to look things up in: every value and control of every pack, with its days and its citations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple, TypeAlias, get_args

from rules.errors import InputError, NotInForce
from rules.judging.rulebook import Control
from rules.language.conditions import All, Condition, Term, expected
from rules.language.dated_values import Hole, Row, Value
from rules.language.pack_schema import ControlDeclaration
from rules.packs.linker import Part
from rules.values.calendar import Calendar
from rules.values.citation import Basis, Citation
from rules.values.facts import FactDeclaration
from rules.values.suggestions import did_you_mean
from rules.values.text import quoted

Kind: TypeAlias = Literal["value", "control"]
KINDS: tuple[Kind, ...] = get_args(Kind)
BASES: tuple[Basis, ...] = get_args(Basis)


class Entry(NamedTuple):
    """One value or control as one pack declares it, or as one sets or cites what another declares.

    `home` is the pack that declares a value which `part` sets.
    """

    id: str
    part: Part
    declared: Value | ControlDeclaration
    home: Part | None = None

    @property
    def kind(self) -> Kind:
        """Which of the two it is."""
        return "value" if isinstance(self.declared, Value) else "control"

    @property
    def pack(self) -> str:
        """The name of its pack."""
        return self.part.pack.pack

    @property
    def file(self) -> str:
        """The file of its pack."""
        return self.part.source.name

    @property
    def label(self) -> str:
        """What it is, in a line: a value's label, or what a control requires."""
        return self.declared.label if isinstance(self.declared, Value) else self.declared.requirement

    @property
    def citations(self) -> tuple[Citation, ...]:
        """What it rests on: one citation for each row of a value, one for a control."""
        if isinstance(self.declared, Value):
            return tuple(row.citation for row in self.declared.history)
        return (self.declared.citation,)

    @property
    def first(self) -> date | None:
        """The first day on which any of it is in force; None where it is not set."""
        return min((period.first for period in self._periods()), default=None)

    @property
    def last(self) -> date | None:
        """The last day on which any of it is in force; None where there is none."""
        ends = [period.last for period in self._periods()]
        known = [end for end in ends if end is not None]
        return max(known) if known and len(known) == len(ends) else None

    def _periods(self) -> Sequence[Any]:
        return self.declared.history if isinstance(self.declared, Value) else (self.declared.in_force,)

    def rows_on(self, day: date | None) -> tuple[Row, ...]:
        """The rows of a value that are in force on a day, or all of them; none for a control."""
        history = self.declared.history if isinstance(self.declared, Value) else ()
        return tuple(row for row in history if day is None or row.covers(day))

    def holes_on(self, day: date | None) -> tuple[Hole, ...]:
        """The days for which no figure of a value could be found, if a day is among them; none for a control."""
        not_found = self.declared.not_found if isinstance(self.declared, Value) else ()
        return tuple(hole for hole in not_found if day is None or hole.covers(day))

    def stands_on(self, day: date) -> bool:
        """Whether any of it is in force on a day."""
        return any(period.first <= day and (period.last is None or day <= period.last) for period in self._periods())


def entries(parts: Iterable[Part]) -> Iterator[Entry]:
    """Everything that some packs declare, set or cite, values first, in the order of their files."""
    known = tuple(parts)
    values = {name: (part, value) for part in known for name, value in part.pack.values.items()}
    controls = {name: control for part in known for name, control in part.pack.controls.items() if part.pack.practice}
    for part in known:
        yield from (Entry(name, part, value) for name, value in part.pack.values.items())
        yield from _set_by(part, values)
        yield from (Entry(name, part, control) for name, control in part.pack.controls.items())
        yield from _cited_by(part, controls)


def _set_by(part: Part, values: Mapping[str, tuple[Part, Value]]) -> Iterator[Entry]:
    for name, setting in part.pack.sets.items():
        if name in values:
            home, value = values[name]
            yield Entry(name, part, value.model_copy(update={"history": setting.history, "not_found": ()}), home)


def _cited_by(part: Part, controls: Mapping[str, ControlDeclaration]) -> Iterator[Entry]:
    for name, citing in part.pack.cites.items():
        if name in controls:
            yield Entry(name, part, citing.of_control(controls[name]))


def set_over(entry: Entry, found: Iterable[Entry], taking: Callable[[str], Iterable[str]]) -> list[Entry]:
    """What is set in the place of a declared value, where every scheme that takes its pack has it set; else nothing.

    `taking` names the schemes that take a file.
    """
    setting = [one for one in found if one.home is entry.part and one.id == entry.id and list(taking(one.file))]
    theirs = {scheme for one in setting for scheme in taking(one.file)}
    return setting if set(taking(entry.file)) <= theirs else []


def find(found: Sequence[Entry], name: str, kind: Kind | None = None) -> list[Entry]:
    """The entries of a name and kind, of which several packs may each have one.

    Raises `InputError` with the nearest name, or where the name is one of the other kind.
    """
    named = [entry for entry in found if entry.id == name]
    asked = [entry for entry in named if kind in (None, entry.kind)]
    if named and not asked:
        raise InputError(f"{name} is a {named[0].kind}, not a {kind}", f"See: assent law show {name}")
    if not asked:
        raise _unknown(name, (entry.id for entry in found if kind in (None, entry.kind)), kind)
    return asked


def _unknown(name: str, known: Iterable[str], kind: Kind | None) -> InputError:
    what, listed = (kind, f"assent law list --kind {kind}") if kind else ("value or control", "assent law list")
    near = did_you_mean(name, dict.fromkeys(known)) or f"All are listed by: {listed}"
    return InputError(f"{quoted(name, 120)} is no {what} that is known here", near)


def standing_on(found: Sequence[Entry], day: date | None) -> list[Entry]:
    """Those of some entries of one name that are in force on a day; raises `NotInForce` where none is."""
    standing = [entry for entry in found if day is None or entry.stands_on(day)]
    if day is not None and not standing:
        raise NotInForce(found[0].id, day, *_span(found))
    return standing


def _span(found: Iterable[Entry]) -> tuple[date | None, date | None]:
    """The first and the last day on which any of some entries is in force, as far as they have such days."""
    first, last = zip(*((entry.first, entry.last) for entry in found), strict=True)
    return min(filter(None, first), default=None), max(filter(None, last), default=None)


def by_basis(found: Iterable[Entry]) -> Mapping[Basis, int]:
    """How many citations of some entries rest on each basis."""
    counted = Counter(citation.basis for entry in found for citation in entry.citations)
    return {basis: counted[basis] for basis in BASES}


class Ending(NamedTuple):
    """Something dated that ends, and that nothing follows."""

    last: date
    kind: str
    id: str
    whom: str
    source: str
    citation: Citation


def endings(found: Iterable[Entry]) -> Iterator[Ending]:
    """For each choice of each value, its last day where nothing follows on it."""
    for entry in found:
        if isinstance(entry.declared, Value):
            latest = {tuple(row.choices.items()): row for row in entry.declared.history}
            for row in latest.values():
                if row.last is not None:
                    whom = ", ".join(row.choices.values())
                    yield Ending(row.last, "value", entry.id, whom, entry.pack, row.citation)


def calendar_endings(calendars: Iterable[tuple[str, Calendar, Citation]]) -> Iterator[Ending]:
    """The last day of each table of bank holidays, given with its file and its citation."""
    for file, calendar, citation in calendars:
        yield Ending(date(calendar.last_year, 12, 31), "days", calendar.division, "", file, citation)


def when_it_applies(control: Control) -> Condition:
    """When a control applies, beside its days in force: what its pack says under `when` and `except`."""
    if not isinstance(control.applies, All):
        return control.applies
    days = 1 + (control.declared.in_force.last is not None)
    return All(control.applies.parts[days:])


def in_words(condition: Condition, facts: Mapping[str, FactDeclaration], depth: int = 0) -> Iterator[str]:
    """A condition in plain words, a line for each test; those that belong together stand below what joins them."""
    indent = "– " * depth
    if isinstance(condition, Term):
        yield f"{indent}{condition.fact} {expected(condition, facts, {})}"
    elif len(condition.parts) == 1:
        yield from in_words(condition.parts[0], facts, depth)
    elif condition.parts:
        yield f"{indent}{'all' if isinstance(condition, All) else 'any'} of these:"
        for part in condition.parts:
            yield from in_words(part, facts, depth + 1)
