"""Link packs: gather what each declares, then parse its conditions against the whole.

Invariants:
- A name is declared once among all packs of a scheme; a condition uses declared names only.
- Linking goes on after a fault, so that all faults of all packs are reported together.
- The order of packs does not decide what is declared: settings, citations and shared choices are applied only after
  every declaration is known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple, TypeVar

from rules.errors import EngineError, Fault, InputError, PackError
from rules.judging.diary import DiaryRule, parse_diary
from rules.judging.rule_compiler import check_compilable
from rules.judging.rulebook import Control, Rulebook, in_force_conditions
from rules.language.condition_parser import ConditionParser
from rules.language.conditions import AllOf, Condition, facts_in, negate, values_in
from rules.language.dated_values import DatedValue
from rules.language.derivation_context import DerivedFact
from rules.language.derivation_schema import DerivedDeclaration
from rules.language.derived_declarations import (
    build_function,
    derived_declaration,
    direct_inputs,
    direct_values,
    expand_texts,
    find_declaration_faults,
    grows_with_subjects,
    is_day_fact,
    is_evidence,
    is_monotone,
    kind_sources,
    raw_conditions,
    related_kind,
    take_over_words,
)
from rules.language.law import Law
from rules.language.pack_schema import CHOICE_PLACEHOLDER, CitationOverride, ControlDeclaration, Pack
from rules.language.vocabulary import Vocabulary
from rules.packs.authority_overrides import apply_settings, collect_citations, limit_policy
from rules.packs.coverage_controls import parse_coverage
from rules.packs.declared_words import CONDITION_GROUPS, WordSource, collect_vocabulary, unknown_word_faults
from rules.packs.dependent_choices import find_choices_by_faults, group_choices
from rules.packs.linked_facts import linked_fact_faults
from rules.packs.pack_file import PackFile
from rules.packs.pack_needs import find_unmet_needs, left_out_faults
from rules.packs.scheme_schema import SchemeDeclaration
from rules.packs.source_kinds import collect_sources, source_faults
from rules.reading.yaml_reader import KeyPath
from rules.values.calendar import Calendar
from rules.values.fact_table import FactTable
from rules.values.facts import CASE, CHOICES_NEED_KIND, FACT_NAME, FactDeclaration
from rules.values.units import UNIT_NEEDS_COUNT

T = TypeVar("T")


def link_packs(
    pack_files: Iterable[PackFile],
    workflow_facts: Mapping[str, FactDeclaration],
    calendar: Calendar,
    digest: str,
    head: WordSource | None = None,
) -> Rulebook:
    """The rulebook of some packs and the workflow's own facts; raises `PackError` with every fault.

    `head` is the head of the scheme, which may declare gates and kinds of subject as well.
    """
    packs = tuple(pack_files)
    of_packs = [WordSource(pack_file.source, pack_file.pack) for pack_file in packs]
    word_sources = [*of_packs, *([head] if head else [])]
    vocabulary, faults = collect_vocabulary(word_sources)
    facts = FactTable(workflow_facts, vocabulary.subject_kinds)
    accepted = _find_accepted_files(head.declaration) if head else frozenset[str]()
    linker = _Linker(packs, facts, vocabulary, calendar, frozenset(workflow_facts), accepted, faults=faults)
    rulebook = replace(linker.link(digest), sources=collect_sources(word_sources))
    linker.faults += (fault for pack in of_packs for fault in source_faults(pack, rulebook.sources, rulebook.facts))
    if head:
        linker.report_needs(head)
    if linker.faults:
        raise PackError(linker.faults)
    return rulebook


def _find_accepted_files(head: Pack | SchemeDeclaration) -> frozenset[str]:
    return frozenset() if isinstance(head, Pack) else frozenset(use.file for use in head.packs if use.as_cited)


class _DerivedDeclaration(NamedTuple):
    """One derived fact as a pack declares it."""

    pack_file: PackFile
    name: str
    derived: DerivedDeclaration


@dataclass(slots=True)
class _Linker:
    """What the packs have declared so far, and the faults found."""

    pack_files: tuple[PackFile, ...]
    facts: FactTable
    vocabulary: Vocabulary
    calendar: Calendar
    workflow_facts: frozenset[str]
    accepted_files: frozenset[str]
    """The packs whose sources the scheme gives as its own."""
    values: dict[str, DatedValue] = field(default_factory=dict)
    citations: dict[str, CitationOverride] = field(default_factory=dict)
    declared_in: dict[tuple[bool, str], str] = field(default_factory=dict)
    """The file that first declares each dated value (True) or fact (False), by name."""
    faults: list[Fault] = field(default_factory=list)

    def link(self, digest: str) -> Rulebook:
        self._check_pack_names()
        for pack_file in self.pack_files:
            self._declare_facts_and_values(pack_file)
        self.faults += apply_settings(self.pack_files, self.values)
        self.citations, citation_faults = collect_citations(self.pack_files)
        self.faults += citation_faults
        for pack_file in self.pack_files:
            self._share_choices(pack_file)
            self._check_usual_answers(pack_file)
        self._declare_derived()
        derived_names = frozenset(name for pack_file in self.pack_files for name in pack_file.pack.derived)
        for pack_file in self.pack_files:
            self.faults += linked_fact_faults(pack_file, self.facts, derived_names)
            self._check_presumptions(pack_file)
            self._check_values(pack_file)
            self.faults += unknown_word_faults(pack_file.source, pack_file.pack, self.vocabulary)
        for pack_file in self.pack_files:
            self._group_choices(pack_file)
        derived = {
            fact.name: fact
            for pack_file in self.pack_files
            for fact in self._link_derived_facts(pack_file, derived_names)
        }
        controls = {control.id: control for pack_file in self.pack_files for control in self._link_controls(pack_file)}
        law = Law(self.values, self.calendar)
        return Rulebook(
            digest,
            self.facts,
            law,
            self._dependency_order(derived),
            controls,
            self._link_diary(),
            self.workflow_facts,
            self.vocabulary,
        )

    def report_needs(self, head: WordSource) -> None:
        """Put one fault in the place of all those of a pack whose needs the scheme does not meet."""
        unmet = find_unmet_needs(self.pack_files, head, self.facts, self.vocabulary.gates)
        others = [fault for fault in self.faults if fault.file not in unmet]
        self.faults = [*unmet.values(), *others, *left_out_faults(self.pack_files, head)]

    def _link_diary(self) -> dict[str, DiaryRule]:
        rules: dict[str, DiaryRule] = {}
        for pack_file in self.pack_files:
            parser = ConditionParser(pack_file.source, self.facts, self.values)
            cited = self.citations
            days = {
                kind: cited[kind].apply_to_diary_day(day) if kind in cited else day
                for kind, day in pack_file.pack.diary.items()
            }
            rules |= parse_diary(parser, days, rules)
            self.faults += parser.faults
        return rules

    def _check_pack_names(self) -> None:
        first: dict[str, PackFile] = {}
        for pack_file in self.pack_files:
            other = first.setdefault(pack_file.pack.pack, pack_file)
            if other is not pack_file:
                self._add_fault(pack_file, ("pack",), f"is the name of the pack in {other.source.name}, too")

    def _declare_facts_and_values(self, pack_file: PackFile) -> None:
        for name, fact in pack_file.pack.facts.items():
            at = ("facts", name)
            if not fact.choices_of and not fact.has_valid_choices:
                self._add_fault(pack_file, (*at, "choices"), CHOICES_NEED_KIND)
            if not fact.has_valid_link:
                key = "names_case" if fact.names_case else "identifies"
                self._add_fault(pack_file, (*at, key), "is only for what is of kind text")
            if not fact.has_valid_sign:
                self._add_fault(pack_file, (*at, "negative"), "is only for what is of kind money")
            if not fact.has_valid_presumption:
                self._add_fault(pack_file, (*at, "presumed"), "is only for what is of kind day")
            if not fact.has_valid_unit:
                self._add_fault(pack_file, (*at, "unit"), UNIT_NEEDS_COUNT)
            self._declare_name(pack_file, self.facts, name, fact, at)
        for name, value in pack_file.pack.values.items():
            self._declare_name(pack_file, self.values, name, value, ("values", name))
        self._check_control_names(pack_file)

    def _share_choices(self, pack_file: PackFile) -> None:
        """Give each fact with `choices_of` the choices of the fact it names."""
        for name, fact in pack_file.pack.facts.items():
            if not fact.choices_of:
                continue
            other = self.facts.get(fact.choices_of)
            is_lent = other is not None and bool(other.choices) and not other.choices_of
            if other is None or not is_lent or fact.kind != "choice" or fact.choices:
                self._add_fault(
                    pack_file, ("facts", name, "choices_of"), "must be another fact that has choices of its own"
                )
            else:
                self.facts[name] = fact.model_copy(update={"choices": other.choices})

    def _check_usual_answers(self, pack_file: PackFile) -> None:
        for name, fact in pack_file.pack.facts.items():
            try:
                _ = self.facts.get(name, fact).usual_answer
            except InputError as error:
                self._add_fault(pack_file, ("facts", name, "usually"), str(error))

    def _group_choices(self, pack_file: PackFile) -> None:
        """Note for each fact with `choices_by` which of its choices belong to which choice of the other fact."""
        for name, fact in pack_file.pack.facts.items():
            if fact.choices_by is None:
                continue
            faults = find_choices_by_faults(name, fact.choices_by, self.facts, self.values)
            for key, message in faults:
                self._add_fault(pack_file, ("facts", name, "choices_by", key), message)
            if not faults:
                self.facts.choice_groups[name] = group_choices(name, self.facts, self.values[fact.choices_by.value])

    def _check_control_names(self, pack_file: PackFile) -> None:
        ids = Counter(control for other in self.pack_files for control in other.pack.controls)
        for name in pack_file.pack.controls:
            if not FACT_NAME.fullmatch(name):
                self._add_fault(pack_file, ("controls", name), "is not a name such as procurement.route_stated")
            if ids[name] > 1:
                self._add_fault(pack_file, ("controls", name), "is declared more than once")

    def _declare_derived(self) -> None:
        """Declare each derived fact after the facts whose kind it takes; those in a cycle last, together."""
        waiting = [
            _DerivedDeclaration(pack_file, name, fact)
            for pack_file in self.pack_files
            for name, fact in pack_file.pack.derived.items()
        ]
        while waiting:
            ready = self._with_known_kind(waiting)
            for pack_file, name, fact in ready:
                self._declare_name(
                    pack_file, self.facts, name, derived_declaration(fact, self.facts, self.values), ("derived", name)
                )
            waiting = [declaration for declaration in waiting if declaration not in ready]

    def _with_known_kind(self, waiting: list[_DerivedDeclaration]) -> list[_DerivedDeclaration]:
        """Those whose kind is known by now; all of them if none is, since they wait for each other."""
        ready = [each for each in waiting if self.facts.keys() >= set(kind_sources(each.derived))]
        return ready or waiting

    def _declare_name(self, pack_file: PackFile, registry: dict[str, T], name: str, item: T, at: KeyPath) -> None:
        if not FACT_NAME.fullmatch(name) or name in (*CONDITION_GROUPS, *self.vocabulary.subject_kinds):
            self._add_fault(
                pack_file, at, "is not a name such as exemption.section: small letters, digits, _ and one dot"
            )
        if name in registry:
            first = self.declared_in.get((at[0] == "values", name), "assent itself")
            message = f"is declared more than once: first by {first}. Leave it out here, or choose another name"
            self._add_fault(pack_file, at, message)
        self.declared_in.setdefault((at[0] == "values", name), pack_file.source.name)
        registry[name] = item

    def _check_presumptions(self, pack_file: PackFile) -> None:
        for name, fact in pack_file.pack.facts.items():
            if fact.presumed and not is_day_fact(fact.presumed.of, self.facts):
                message = f"{fact.presumed.of} is not a declared fact of kind day"
                self._add_fault(pack_file, ("facts", name, "presumed", "of"), message)

    def _check_values(self, pack_file: PackFile) -> None:
        for name, value in pack_file.pack.values.items():
            self._check_value(pack_file, ("values", name), value)
        for name in pack_file.pack.sets.keys() & self.values.keys():
            self._check_value(pack_file, ("sets", name), self.values[name])

    def _check_value(self, pack_file: PackFile, at: KeyPath, value: DatedValue) -> None:
        for place, message in value.find_faults():
            self._add_fault(pack_file, (*at, *place), message)
        for fact in value.by:
            self._check_selector_fact(pack_file, at, value, fact)

    def _check_selector_fact(self, pack_file: PackFile, at: KeyPath, value: DatedValue, fact: str) -> None:
        """Check that a fact on which a value depends is a choice, and that each row is for one of its choices."""
        if fact not in self.facts or self.facts[fact].kind != "choice":
            self._add_fault(pack_file, (*at, "by"), f"{fact} is not a declared fact of kind choice")
            return
        given = {row.choices.get(fact, "") for row in value.history}
        for choice in sorted(given - self.facts[fact].choices.keys()):
            self._add_fault(pack_file, (*at, "history"), f"{choice} is not a choice of {fact}")

    def _link_derived_facts(self, pack_file: PackFile, derived_names: frozenset[str]) -> Iterator[DerivedFact]:
        parser = ConditionParser(pack_file.source, self.facts, self.values)
        for name, declared in pack_file.pack.derived.items():
            fact = expand_texts(take_over_words(declared, pack_file.pack.derived), self.facts, derived_names)
            at = ("derived", name)
            conditions = tuple(parser.parse(raw, (*at, *where)) for where, raw in raw_conditions(fact))
            inputs = (*direct_inputs(fact), *facts_in(*conditions), *self._selector_facts(fact, conditions))
            yield DerivedFact(
                name=name,
                subject_kind=self.facts.subject_kind_of(name),
                inputs=tuple(dict.fromkeys(inputs)),
                governed_by=fact.governed_by,
                compute=build_function(fact, conditions),
                related_kind=related_kind(fact, self.facts),
                conditions=conditions,
                values=(*direct_values(fact), *values_in(*conditions)),
                is_monotone=is_monotone(fact),
                grows_with_subjects=grows_with_subjects(fact, self.facts),
                is_evidence=is_evidence(fact),
                declaration=fact,
            )
            for where, message in find_declaration_faults(name, fact, dict.fromkeys(inputs), self.facts, self.values):
                self._add_fault(pack_file, (*at, *where), message)
        self.faults += parser.faults

    def _selector_facts(self, fact: DerivedDeclaration, conditions: Iterable[Condition]) -> Iterator[str]:
        """The facts that select the row of each dated value that a derived fact uses."""
        for value in (*direct_values(fact), *values_in(*conditions)):
            if value in self.values:
                yield from (*self.values[value].by, fact.governed_by)

    def _dependency_order(self, derived: dict[str, DerivedFact]) -> tuple[DerivedFact, ...]:
        graph = {name: [needed for needed in fact.inputs if needed in derived] for name, fact in derived.items()}
        try:
            return tuple(derived[name] for name in TopologicalSorter(graph).static_order())
        except CycleError as error:
            self._add_cycle_fault(error.args[1])
            return ()

    def _add_cycle_fault(self, cycle: list[str]) -> None:
        pack_file = next(pack_file for pack_file in self.pack_files if cycle[0] in pack_file.pack.derived)
        self._add_fault(pack_file, ("derived", cycle[0]), f"rests on itself: {' <- '.join(cycle)}")

    def _link_controls(self, pack_file: PackFile) -> Iterator[Control]:
        parser = ConditionParser(pack_file.source, self.facts, self.values)
        cited, is_accepted = self.citations, pack_file.source.name in self.accepted_files
        for name, own in pack_file.pack.controls.items():
            at = ("controls", name)
            declared = cited[name].apply_to_control(own) if name in cited else own
            declared = limit_policy(pack_file, declared, has_own_source=is_accepted or name in cited)
            applies = list(in_force_conditions(declared))
            if declared.when is not None:
                applies.append(parser.parse(declared.when, (*at, "when")))
            if declared.unless is not None:
                applies.append(negate(parser.parse(declared.unless, (*at, "except"))))
            requires = parser.parse(declared.requires, (*at, "requires"))
            control = Control(name, declared, AllOf(tuple(applies)), requires, is_of_scheme=pack_file.is_of_scheme)
            self._check_control(pack_file, control, at)
            yield control
        for row, control in parse_coverage(pack_file, parser):
            self._check_control(pack_file, control, ("coverage", row))
            yield control
        self.faults += parser.faults

    def _check_control(self, pack_file: PackFile, control: Control, at: KeyPath) -> None:
        for match in CHOICE_PLACEHOLDER.finditer(control.declaration.cure):
            if match["fact"] not in self.facts or not self.facts[match["fact"]].choices:
                self._add_fault(pack_file, (*at, "cure"), f"{match['fact']} is not a declared fact of kind choice")
        self._check_control_days(pack_file, control.declaration, at)
        self._check_scope(pack_file, control, at)
        for key, condition in (("when", control.applies), ("requires", control.requires)):
            try:
                check_compilable(condition)
            except EngineError as error:
                self._add_fault(pack_file, (*at, key), error.message)

    def _check_control_days(self, pack_file: PackFile, control_declaration: ControlDeclaration, at: KeyPath) -> None:
        """Check that a fact of kind day governs the control, and that its days in force are in order."""
        if not is_day_fact(control_declaration.governed_by, self.facts):
            self._add_fault(
                pack_file, (*at, "governed_by"), f"{control_declaration.governed_by} is not a declared fact of kind day"
            )
        if (
            control_declaration.in_force.last is not None
            and control_declaration.in_force.last < control_declaration.in_force.first
        ):
            self._add_fault(pack_file, (*at, "in_force", "to"), "is before the first day")

    def _check_scope(self, pack_file: PackFile, control: Control, at: KeyPath) -> None:
        """Check that the control uses facts of its own kind of subject and of the case only."""
        own = control.declaration.of
        selectors = [fact for value in control.values for fact in self.values[value].by]
        for fact in dict.fromkeys((*control.facts, *selectors)):
            kind = self.facts.subject_kind_of(fact)
            if kind not in (CASE, own):
                self._add_fault(pack_file, at, f"{fact} is a fact of each {kind}, and the control is of each {own}")

    def _add_fault(self, pack_file: PackFile, at: KeyPath, message: str) -> None:
        self.faults.append(pack_file.source.fault_at(at, message))
