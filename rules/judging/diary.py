"""The diary of a pack or a scheme: which facts are days that need somebody, and until when they do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rules.language.condition_parser import Grammar
from rules.language.conditions import All, Condition, facts_in, values_in
from rules.language.pack_schema import DiaryDeclaration
from rules.reading.yaml_reader import Path
from rules.values.facts import CASE, subject_of

KIND = re.compile(r"[a-z][a-z0-9_]{2,39}", re.ASCII)


@dataclass(frozen=True, slots=True)
class DiaryDay:
    """One kind of day that needs somebody; it does while `when` holds of its subject, or nobody can tell."""

    kind: str
    declared: DiaryDeclaration
    when: Condition

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that it rests on."""
        return (self.declared.day, *facts_in(self.when))


def diary_from(
    grammar: Grammar, declared: Mapping[str, DiaryDeclaration], known: Mapping[str, DiaryDay]
) -> dict[str, DiaryDay]:
    """The days that one file declares, beside those `known` from others; faults are left with the grammar."""
    found = {}
    for kind, day in declared.items():
        at: Path = ("diary", kind)
        before = len(grammar.faults)
        when = grammar.condition(day.when, (*at, "when"))
        found[kind] = DiaryDay(kind, day, when if len(grammar.faults) == before else All(()))
        grammar.faults += [grammar.source.fault((*at, *place), said) for place, said in _faults(grammar, found[kind])]
        if kind in known:
            grammar.faults.append(grammar.source.fault(at, "is declared more than once"))
    return found


def _faults(grammar: Grammar, day: DiaryDay) -> Iterator[tuple[Path, str]]:
    """What is wrong with one kind of day, each with its place below it."""
    declared, fact = day.declared, grammar.facts.get(day.declared.day)
    if not KIND.fullmatch(day.kind):
        yield (), "is not a name such as part_2_review: small letters, digits and _"
    if fact is None:
        yield ("day",), f"{declared.day} is a fact that nobody declares"
    elif fact.kind != "day":
        yield ("day",), f"{declared.day} is not a day"
    for name in dict.fromkeys(day.facts):
        if name in grammar.facts and subject_of(name) not in (CASE, declared.of):
            yield (), f"{name} is a fact of each {subject_of(name)}, and the day is of each {declared.of}"
    if subject_of(declared.day) != declared.of:
        yield ("of",), f"is {declared.of}, but {declared.day} is told of each {subject_of(declared.day)}"
    if values_in(day.when):
        yield ("when",), "rests on a dated value; a day stands in the diary by its facts alone"
