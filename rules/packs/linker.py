"""Putting packs together: what each declares is gathered, and its conditions are read against the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple, TypeVar

from rules.errors import EngineError, Fault, PackError
from rules.judging.diary import DiaryDay, diary_from
from rules.judging.durable_adapter import compilable
from rules.judging.rulebook import Control, Rulebook
from rules.language.condition_parser import Grammar
from rules.language.conditions import All, Condition, Term, facts_in, negate, values_in
from rules.language.dated_values import Value
from rules.language.derived_declarations import (
    among,
    conditions_in,
    declaration,
    faults,
    function,
    is_day,
    looked_up,
    plain_inputs,
    rests_its_kind_on,
)
from rules.language.derived_facts import DerivedFact
from rules.language.law import Law
from rules.language.pack_schema import Citing, ControlDeclaration, Derived, Pack
from rules.reading.yaml_reader import Path, Source
from rules.values.calendar import Calendar
from rules.values.facts import CASE, NAME, SUBJECTS, FactDeclaration, subject_of
from rules.values.suggestions import did_you_mean
from rules.values.units import ONLY_OF_COUNTS

T = TypeVar("T")
RESERVED = frozenset(["all", "any", "none", *SUBJECTS])  # what a condition or a paper means otherwise


@dataclass(frozen=True, slots=True)
class Part:
    """One pack as read, with the file it came from."""

    source: Source
    pack: Pack

    @property
    def sets_others(self) -> bool:
        """Whether it sets or cites something that may be declared elsewhere."""
        return bool(self.pack.sets or self.pack.cites)

    def without_what_it_sets(self) -> Part:
        """The same pack as if it set and cited nothing."""
        return Part(self.source, self.pack.model_copy(update={"sets": {}, "cites": {}}))


def put_together(
    parts: Iterable[Part], given: Mapping[str, FactDeclaration], calendar: Calendar, digest: str
) -> Rulebook:
    """The rulebook of some packs and of the facts that the workflow gives; raises `PackError` with every fault."""
    joiner = _Joiner(tuple(parts), dict(given), calendar, frozenset(given))
    rulebook = joiner.join(digest)
    if joiner.faults:
        raise PackError(joiner.faults)
    return rulebook


class _Declared(NamedTuple):
    """One derived fact as a pack declares it."""

    part: Part
    name: str
    fact: Derived


@dataclass(slots=True)
class _Joiner:
    """Gathers what the packs declare, then reads conditions against it; keeps going past faults to list them all."""

    parts: tuple[Part, ...]
    facts: dict[str, FactDeclaration]
    calendar: Calendar
    given: frozenset[str]
    values: dict[str, Value] = field(default_factory=dict)
    set_by: dict[str, Part] = field(default_factory=dict)
    cited: dict[str, Citing] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def join(self, digest: str) -> Rulebook:
        self._check_names_of_packs()
        for part in self.parts:
            self._declare(part)
        for part in self.parts:
            self._set(part)
            self._cite(part)
            self._share_choices(part)
        self._declare_derived()
        for part in self.parts:
            self._check_values(part)
        derived = {fact.name: fact for part in self.parts for fact in self._derivations(part)}
        controls = {control.id: control for part in self.parts for control in self._controls(part)}
        law = Law(self.values, self.calendar)
        return Rulebook(digest, self.facts, law, self._in_order(derived), controls, self._diary(), self.given)

    def _diary(self) -> dict[str, DiaryDay]:
        found: dict[str, DiaryDay] = {}
        for part in self.parts:
            grammar = Grammar(part.source, self.facts, self.values)
            cited = self._cited(part)
            days = {kind: cited[kind].of_day(day) if kind in cited else day for kind, day in part.pack.diary.items()}
            found |= diary_from(grammar, days, found)
            self.faults += grammar.faults
        return found

    def _check_names_of_packs(self) -> None:
        first: dict[str, Part] = {}
        for part in self.parts:
            other = first.setdefault(part.pack.pack, part)
            if other is not part:
                self._fault(part, ("pack",), f"is the name of the pack in {other.source.name}, too")

    def _declare(self, part: Part) -> None:
        for name, fact in part.pack.facts.items():
            at = ("facts", name)
            if not fact.choices_of and not fact.has_fitting_choices:
                self._fault(part, (*at, "choices"), "belong to facts of kind choice, and to each of them")
            if not fact.has_fitting_unit:
                self._fault(part, (*at, "unit"), ONLY_OF_COUNTS)
            self._new(part, self.facts, name, fact, at)
        for name, value in part.pack.values.items():
            self._new(part, self.values, name, value, ("values", name))
        self._check_names_of_controls(part)

    def _set(self, part: Part) -> None:
        """Give values the histories that an authority sets: those that have none, or none that anybody verified."""
        for name, setting in part.pack.sets.items():
            value = self.values.get(name)
            if value is None:
                near = did_you_mean(name, self.values)
                self._fault(part, ("sets", name), f"is a value that nobody declares. {near}".strip())
            elif self.set_by.setdefault(name, part) is not part:
                self._fault(part, ("sets", name), f"is set more than once, first in {self.set_by[name].source.name}")
            elif not value.may_be_set:
                self._fault(
                    part, ("sets", name), "is set already, by a source that was read or told of, and cannot be set here"
                )
            else:
                self.values[name] = value.model_copy(update={"history": setting.history, "not_found": ()})

    def _cite(self, part: Part) -> None:
        """Take up the citations that an authority gives to what a pack of practice declares."""
        for name, citing in part.pack.cites.items():
            at, why = self._uncitable(name, citing)
            if why:
                self._fault(part, ("cites", name, *at), why)
            else:
                self.cited[name] = citing

    def _uncitable(self, name: str, citing: Citing) -> tuple[Path, str]:
        """Why a control or a kind of day may not be cited so, and at which key of the citation; nothing if it may."""
        homes = [part.pack for part in self.parts if name in part.pack.citable]
        law = [home.pack for home in homes if not home.practice]
        if not homes:
            near = did_you_mean(name, (known for part in self.parts for known in part.pack.citable))
            return (), f"is a control or a kind of day that nobody declares. {near}".strip()
        if law:
            return (), f"is declared by {law[0]}, which is no pack of practice, and cannot be cited otherwise"
        if name in self.cited:
            return (), f"is cited more than once, {self._first_cited(name)}"
        return _beyond(homes[0].controls.get(name), citing)

    def _first_cited(self, name: str) -> str:
        """Where a control is cited first, and what can be done about it, be that in a file that is shipped."""
        first = next(part.source.name for part in self.parts if name in part.pack.cites)
        return f"first in {first}: take one out (a folder's own file stands in the place of a shipped one of its name)"

    def _cited(self, part: Part) -> Mapping[str, Citing]:
        """The citations that take the place of a pack's own: none but those of a pack of practice."""
        return self.cited if part.pack.practice else {}

    def _share_choices(self, part: Part) -> None:
        """Give each fact that declares `choices_of` another the choices of that one."""
        for name, fact in part.pack.facts.items():
            if not fact.choices_of:
                continue
            other = self.facts.get(fact.choices_of)
            is_lent = other is not None and bool(other.choices) and not other.choices_of
            if other is None or not is_lent or fact.kind != "choice" or fact.choices:
                self._fault(part, ("facts", name, "choices_of"), "must be another fact that has choices of its own")
            else:
                self.facts[name] = fact.model_copy(update={"choices": other.choices})

    def _check_names_of_controls(self, part: Part) -> None:
        ids = Counter(control for other in self.parts for control in other.pack.controls)
        for name in part.pack.controls:
            if not NAME.fullmatch(name):
                self._fault(part, ("controls", name), "is not a name such as procurement.route_stated")
            if ids[name] > 1:
                self._fault(part, ("controls", name), "is declared more than once")

    def _declare_derived(self) -> None:
        """Declare each derived fact after the one whose kind it takes; those that wait for each other, together."""
        waiting = [_Declared(part, name, fact) for part in self.parts for name, fact in part.pack.derived.items()]
        while waiting:
            ready = self._of_known_kind(waiting)
            for part, name, fact in ready:
                self._new(part, self.facts, name, declaration(fact, self.facts, self.values), ("derived", name))
            waiting = [one for one in waiting if one not in ready]

    def _of_known_kind(self, waiting: list[_Declared]) -> list[_Declared]:
        """Those whose kind can be told by now; all, where it can be of none."""
        return [one for one in waiting if self.facts.keys() >= set(rests_its_kind_on(one.fact))] or waiting

    def _new(self, part: Part, known: dict[str, T], name: str, declared: T, at: Path) -> None:
        if not NAME.fullmatch(name) or name in RESERVED:
            self._fault(part, at, "is not a name such as exemption.section: small letters, digits, _ and one dot")
        if name in known:
            self._fault(part, at, "is declared more than once")
        known[name] = declared

    def _check_values(self, part: Part) -> None:
        for name, value in part.pack.values.items():
            self._check_value(part, ("values", name), value)
        for name in part.pack.sets.keys() & self.values.keys():
            self._check_value(part, ("sets", name), self.values[name])

    def _check_value(self, part: Part, at: Path, value: Value) -> None:
        for place, message in value.faults():
            self._fault(part, (*at, *place), message)
        for fact in value.by:
            self._check_picking(part, at, value, fact)

    def _check_picking(self, part: Part, at: Path, value: Value, fact: str) -> None:
        """Whether a fact that a value depends on is a choice, and each row of the value for one of those there are."""
        if fact not in self.facts or self.facts[fact].kind != "choice":
            self._fault(part, (*at, "by"), f"{fact} is not a declared fact of kind choice")
            return
        given = {row.choices.get(fact, "") for row in value.history}
        for choice in sorted(given - self.facts[fact].choices.keys()):
            self._fault(part, (*at, "history"), f"{choice} is not a choice of {fact}")

    def _derivations(self, part: Part) -> Iterator[DerivedFact]:
        grammar = Grammar(part.source, self.facts, self.values)
        for name, fact in part.pack.derived.items():
            at = ("derived", name)
            conditions = tuple(grammar.condition(raw, (*at, *where)) for where, raw in conditions_in(fact))
            inputs = (*plain_inputs(fact), *facts_in(*conditions), *self._picking(fact, conditions))
            yield DerivedFact(
                name=name,
                inputs=tuple(dict.fromkeys(inputs)),
                governed_by=fact.governed_by,
                work_out=function(fact, conditions),
                among=among(fact),
                conditions=conditions,
                values=(*looked_up(fact), *values_in(*conditions)),
            )
            for where, message in faults(name, fact, dict.fromkeys(inputs), self.facts, self.values):
                self._fault(part, (*at, *where), message)
        self.faults += grammar.faults

    def _picking(self, fact: Derived, conditions: Iterable[Condition]) -> Iterator[str]:
        """The facts that pick the dated values which a derived fact rests on."""
        for value in (*looked_up(fact), *values_in(*conditions)):
            if value in self.values:
                yield from (*self.values[value].by, fact.governed_by)

    def _in_order(self, derived: dict[str, DerivedFact]) -> tuple[DerivedFact, ...]:
        graph = {name: [needed for needed in fact.inputs if needed in derived] for name, fact in derived.items()}
        try:
            return tuple(derived[name] for name in TopologicalSorter(graph).static_order())
        except CycleError as error:
            self._cycle_fault(error.args[1])
            return ()

    def _cycle_fault(self, cycle: list[str]) -> None:
        part = next(part for part in self.parts if cycle[0] in part.pack.derived)
        self._fault(part, ("derived", cycle[0]), f"rests on itself: {' <- '.join(cycle)}")

    def _controls(self, part: Part) -> Iterator[Control]:
        grammar = Grammar(part.source, self.facts, self.values)
        cited = self._cited(part)
        for name, own in part.pack.controls.items():
            at = ("controls", name)
            declared = cited[name].of_control(own) if name in cited else own
            applies = list(_in_force(declared))
            if declared.when is not None:
                applies.append(grammar.condition(declared.when, (*at, "when")))
            if declared.unless is not None:
                applies.append(negate(grammar.condition(declared.unless, (*at, "except"))))
            control = Control(
                name, declared, All(tuple(applies)), grammar.condition(declared.requires, (*at, "requires"))
            )
            self._check_control(part, control, at)
            yield control
        self.faults += grammar.faults

    def _check_control(self, part: Part, control: Control, at: Path) -> None:
        self._check_days(part, control.declared, at)
        self._check_scope(part, control, at)
        for key, condition in (("when", control.applies), ("requires", control.requires)):
            try:
                compilable(condition)
            except EngineError as error:
                self._fault(part, (*at, key), error.message)

    def _check_days(self, part: Part, declared: ControlDeclaration, at: Path) -> None:
        """Whether a day governs the control, and the first on which it is in force is not after the last."""
        if not is_day(declared.governed_by, self.facts):
            self._fault(part, (*at, "governed_by"), f"{declared.governed_by} is not a declared fact of kind day")
        if declared.in_force.last is not None and declared.in_force.last < declared.in_force.first:
            self._fault(part, (*at, "in_force", "to"), "is before the first day")

    def _check_scope(self, part: Part, control: Control, at: Path) -> None:
        """Whether every fact that the control rests on is told of its subject or of the case."""
        own = control.declared.of
        picking = [fact for value in control.values for fact in self.values[value].by]
        for fact in dict.fromkeys((*control.facts, *picking)):
            if subject_of(fact) not in (CASE, own):
                self._fault(part, at, f"{fact} is a fact of each {subject_of(fact)}, and the control is of each {own}")

    def _fault(self, part: Part, at: Path, message: str) -> None:
        self.faults.append(part.source.fault(at, message))


def _in_force(declared: ControlDeclaration) -> Iterator[Condition]:
    """A control applies from its first day to its last, by the day that governs it."""
    yield Term(declared.governed_by, "on_or_after", declared.in_force.first)
    if declared.in_force.last is not None:
        yield Term(declared.governed_by, "on_or_before", declared.in_force.last)


def _beyond(control: ControlDeclaration | None, citing: Citing) -> tuple[Path, str]:
    """What is wrong with a citation for days on which the control is not in force where it is declared."""
    if citing.in_force is None or (control and control.in_force.holds(citing.in_force)):
        return (), ""
    return ("in_force",), "must be days on which the control is in force where it is declared"
