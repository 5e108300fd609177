"""The diary rules of a pack or a scheme: which facts are days that need an officer, and while what holds.

A rule looks at facts alone, never at a dated value, so that the diary is the same whatever law is in force.
Faults are collected with their place in the file; nothing is raised here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rules.language.condition_parser import ConditionParser
from rules.language.conditions import AllOf, Condition, facts_in, values_in
from rules.language.pack_schema import DiaryDeclaration
from rules.reading.yaml_reader import KeyPath, LocatedFault
from rules.values.facts import CASE
from rules.values.suggestions import describe_undeclared

DIARY_KIND_PATTERN = re.compile(r"[a-z][a-z0-9_]{2,39}", re.ASCII)


@dataclass(frozen=True, slots=True)
class DiaryRule:
    """One kind of day that needs an officer while `when` holds, or is unknown, for its subject."""

    kind: str
    declaration: DiaryDeclaration
    when: Condition

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that the rule reads."""
        owner = (self.declaration.owner,) if self.declaration.owner else ()
        return (self.declaration.day, *owner, *facts_in(self.when))


def parse_diary(
    grammar: ConditionParser, declarations: Mapping[str, DiaryDeclaration], other_rules: Mapping[str, DiaryRule]
) -> dict[str, DiaryRule]:
    """Parse the diary rules of one file; faults are added to `grammar.faults`.

    `other_rules` are those of the files read before it.
    """
    rules = {}
    for kind, declaration in declarations.items():
        path: KeyPath = ("diary", kind)
        faults_before = len(grammar.faults)
        when = grammar.parse(declaration.when, (*path, "when"))
        # A condition with faults would raise more of them below, all for one mistake.
        rules[kind] = DiaryRule(kind, declaration, when if len(grammar.faults) == faults_before else AllOf(()))
        grammar.faults += [
            grammar.source.fault_at((*path, *key), message)
            for key, message in _find_diary_rule_faults(grammar, rules[kind])
        ]
        if kind in other_rules:
            grammar.faults.append(grammar.source.fault_at(path, "is declared more than once"))
    return rules


def _find_diary_rule_faults(grammar: ConditionParser, rule: DiaryRule) -> Iterator[LocatedFault]:
    """The faults of one rule, each with its place below the rule's key."""
    declared, fact = rule.declaration, grammar.facts.get(rule.declaration.day)
    kind_of = grammar.facts.subject_kind_of
    if not DIARY_KIND_PATTERN.fullmatch(rule.kind):
        yield (), "is not a name such as part_2_review: small letters, digits and _"
    if fact is None:
        yield ("day",), describe_undeclared(declared.day, "fact", grammar.facts)
    elif fact.kind != "day":
        yield ("day",), f"{declared.day} is not a day"
    if declared.owner and declared.owner not in grammar.facts:
        yield ("owner",), f"{declared.owner} is a fact that nobody declares"
    for name in dict.fromkeys(rule.facts):
        if name in grammar.facts and kind_of(name) not in (CASE, declared.of):
            yield (), f"{name} is a fact of each {kind_of(name)}, and the day is of each {declared.of}"
    if kind_of(declared.day) != declared.of:
        yield ("of",), f"is {declared.of}, but {declared.day} is a fact of each {kind_of(declared.day)}"
    if values_in(rule.when):
        yield ("when",), "names a dated value; write it with facts alone"
