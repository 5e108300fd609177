"""The diary of a pack or a scheme: which facts are days that need somebody, and until when they do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rules.language.condition_parser import ConditionParser
from rules.language.conditions import AllOf, Condition, facts_in, values_in
from rules.language.pack_schema import DiaryDeclaration
from rules.reading.yaml_reader import KeyPath
from rules.values.facts import CASE, subject_kind_of

DIARY_KIND_PATTERN = re.compile(r"[a-z][a-z0-9_]{2,39}", re.ASCII)


@dataclass(frozen=True, slots=True)
class DiaryRule:
    """One kind of day that needs somebody; it does while `when` holds of its subject, or nobody can tell."""

    kind: str
    declaration: DiaryDeclaration
    when: Condition

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that it rests on."""
        return (self.declaration.day, *facts_in(self.when))


def parse_diary(
    grammar: ConditionParser, declarations: Mapping[str, DiaryDeclaration], other_rules: Mapping[str, DiaryRule]
) -> dict[str, DiaryRule]:
    """The days that one file declares, beside those `known` from others; faults are left with the grammar."""
    found = {}
    for kind, day in declarations.items():
        at: KeyPath = ("diary", kind)
        before = len(grammar.faults)
        when = grammar.parse(day.when, (*at, "when"))
        found[kind] = DiaryRule(kind, day, when if len(grammar.faults) == before else AllOf(()))
        grammar.faults += [
            grammar.source.fault_at((*at, *place), said) for place, said in _diary_rule_faults(grammar, found[kind])
        ]
        if kind in other_rules:
            grammar.faults.append(grammar.source.fault_at(at, "is declared more than once"))
    return found


def _diary_rule_faults(grammar: ConditionParser, rule: DiaryRule) -> Iterator[tuple[KeyPath, str]]:
    """What is wrong with one kind of day, each with its place below it."""
    declared, fact = rule.declaration, grammar.facts.get(rule.declaration.day)
    if not DIARY_KIND_PATTERN.fullmatch(rule.kind):
        yield (), "is not a name such as part_2_review: small letters, digits and _"
    if fact is None:
        yield ("day",), f"{declared.day} is a fact that nobody declares"
    elif fact.kind != "day":
        yield ("day",), f"{declared.day} is not a day"
    for name in dict.fromkeys(rule.facts):
        if name in grammar.facts and subject_kind_of(name) not in (CASE, declared.of):
            yield (), f"{name} is a fact of each {subject_kind_of(name)}, and the day is of each {declared.of}"
    if subject_kind_of(declared.day) != declared.of:
        yield ("of",), f"is {declared.of}, but {declared.day} is told of each {subject_kind_of(declared.day)}"
    if values_in(rule.when):
        yield ("when",), "rests on a dated value; a day stands in the diary by its facts alone"
