"""Validation of a scheme: its flow, gates, roles, diary and documents against what its packs declare.

All faults of a scheme are found at once, each with its file, line and key. A scheme that passes has no stage without a
way in and out, no gate that could never be shut, and no name that nobody declares.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rules.errors import Fault, InputError, PackError
from rules.judging.diary import DiaryRule, parse_diary
from rules.judging.rulebook import Control, Rulebook
from rules.language.condition_parser import ConditionParser
from rules.packs.corrections_schema import CORRECT
from rules.packs.declared_words import WordSource, unknown_diary_kind_faults, unknown_role_faults
from rules.packs.document_schema import document_template_faults
from rules.packs.flow_schema import AMEND, AUDIT_GATES
from rules.packs.flow_validation import flow_structure_faults
from rules.packs.language_versions import LANGUAGE_VERSIONS
from rules.packs.renamed_names import renamed_faults
from rules.packs.scheme import Scheme
from rules.packs.scheme_schema import SchemeDeclaration
from rules.packs.source_kinds import source_faults
from rules.packs.workflow_facts import SEPARATION_PREFIX, workflow_fact_declarations
from rules.reading.time_zones import load_time_zone
from rules.reading.yaml_reader import KeyPath, YamlFile
from rules.values.facts import CASE, FactDeclaration, FactValue, subject_of_address
from rules.values.suggestions import describe_unknown, did_you_mean

_STAGE_ORDER_CONDITION = "case.stage is {fact: act.stage}"
_RESERVED_ACTION_NAMES = ("open", "enter", AMEND)
"""Commands on papers; no action or outcome of a review may have such a name."""


def build_scheme(source: YamlFile, declaration: SchemeDeclaration, rulebook: Rulebook) -> Scheme:
    """Return the scheme of a head and its rulebook; raises `PackError` with every fault."""
    validator = _SchemeValidator(source, declaration, rulebook)
    authority_facts = validator.authority_facts()
    diary_rules = validator.diary_rules()
    set_facts = validator.set_facts()
    faults = [*validator.faults, *validator.structure_faults()]
    if faults:
        raise PackError(faults)
    decision_day = declaration.decision_day or LANGUAGE_VERSIONS[declaration.language].decision_day
    return Scheme(declaration, rulebook, authority_facts, validator.unstatable, diary_rules, set_facts, decision_day)


class _SchemeValidator:
    """Finds gates without controls, and names that nobody declares outside the flow."""

    def __init__(self, source: YamlFile, declaration: SchemeDeclaration, rulebook: Rulebook) -> None:
        self.source, self.declaration, self.rulebook = source, declaration, rulebook
        self.vocabulary = rulebook.vocabulary
        self.faults: list[Fault] = []
        self.unstatable = frozenset(
            {
                *declaration.given,
                *workflow_fact_declarations(declaration),
                *(fact.name for fact in rulebook.derived_facts),
                *rulebook.linked_facts,
                *declaration.facts_recorded_by_acts(),
            }
        )

    def authority_facts(self) -> dict[str, FactValue]:
        """Return the facts that are the same for every case of the authority."""
        values = {}
        for name, given in self.declaration.given.items():
            try:
                values[name] = self._declared_case_fact(name).coerce(given.value)
            except InputError as error:
                self.faults.append(self._fault(("given", name), f"{error.message}. {error.advice()}".strip(". ")))
        return values

    def _declared_case_fact(self, name: str) -> FactDeclaration:
        """Return the declaration of a fact of the case; raise `InputError` if a scheme cannot give it."""
        facts = self.rulebook.facts
        kind = subject_of_address(name).partition(":")[0] if ":" in name else facts.subject_kind_of(name)
        if kind != CASE:
            advice = "a scheme gives what is the same for every case, and so facts of the case alone"
            raise InputError(f"belongs to each {kind} of one case: {advice}")
        if name not in facts:
            raise InputError(f"is a fact that nobody declares. {did_you_mean(name, facts)}".strip())
        if facts[name].from_case:
            raise InputError("is read from a linked case, so a scheme cannot give it")
        return facts[name]

    def set_facts(self) -> dict[str, dict[str, FactValue]]:
        """Return the facts that each action sets, with their values."""
        actions = self.declaration.actions.items()
        return {name: self._coerce_values(("actions", name, "sets"), action.sets) for name, action in actions}

    def _coerce_values(self, at: KeyPath, raw: Mapping[str, object]) -> dict[str, FactValue]:
        """Return values of declared facts by name, and note a fault for each that does not fit."""
        values = {}
        for name, value in raw.items():
            try:
                values[name] = self.rulebook.facts[name].coerce(value)
            except KeyError:
                self.faults.append(self._fault((*at, name), "is a fact that nobody declares"))
            except InputError as error:
                self.faults.append(self._fault((*at, name), error.message))
        return values

    def diary_rules(self) -> dict[str, DiaryRule]:
        """Return the rules of the diary: those of the packs and the scheme's own."""
        parser = ConditionParser(self.source, self.rulebook.facts, self.rulebook.law.values)
        own = parse_diary(parser, self.declaration.diary, self.rulebook.diary_rules)
        rules = {**self.rulebook.diary_rules, **own}
        self.faults += parser.faults
        self.faults += unknown_diary_kind_faults(self.source, self.declaration.diary, self.vocabulary)
        for kind, roles in self.declaration.owners.items():
            self.faults += self._role_faults(("owners", kind), roles)
            if kind not in rules:
                self.faults.append(self._fault(("owners", kind), "is a kind of day that no diary declares"))
        return rules

    def structure_faults(self) -> Iterator[Fault]:
        """Yield every fault of the scheme's structure."""
        yield from flow_structure_faults(self.source, self.declaration, self.rulebook)
        yield from self._decision_day_faults()
        yield from self._time_zone_faults()
        yield from self._permission_faults()
        yield from self._paper_fact_faults()
        if self.vocabulary.gates.keys() >= set(self._gates_in_use()):  # else what guards a misspelt gate seems unused
            yield from self._gate_faults()
            yield from self._unused_control_faults()
        yield from self._reserved_name_faults()
        for name, fact in self.declaration.also_called.items():
            if fact not in self.rulebook.facts:
                yield self._fault(("also_called", name), describe_unknown(fact, "fact", self.rulebook.facts))
        yield from source_faults(WordSource(self.source, self.declaration), self.rulebook.sources, self.rulebook.facts)
        for at, message in document_template_faults(self.declaration.documents, self.rulebook.facts):
            yield self._fault(("documents", *at), message)
        derived = (fact.name for fact in self.rulebook.derived_facts)
        unrecordable = {*self.declaration.given, *derived, *self.rulebook.linked_facts}
        for at, message in renamed_faults(self.declaration, self.rulebook.facts, frozenset(unrecordable)):
            yield self._fault(at, message)

    def _permission_faults(self) -> Iterator[Fault]:
        """Yield a fault for each role that nobody declares, where roles are named outside actions."""
        for key in ("open", "amend", "migrate"):
            yield from self._role_faults(("paper", key), getattr(self.declaration.paper, key))
        if self.declaration.appointments:
            yield from self._role_faults(("appointments", "who"), self.declaration.appointments.who)
        for name, separation in self.declaration.separation.items():
            yield from self._role_faults(("separation", name), separation.roles())
        yield from self._override_faults()

    def _paper_fact_faults(self) -> Iterator[Fault]:
        """Yield a fault if the kind or the value of a case is no such fact of a paper."""
        if self.declaration.flow_of:  # an earlier flow may name a fact that the rules of today do not have
            return
        paper, facts = self.declaration.paper, self.rulebook.facts
        for key, name, kind in (("kind", paper.kind, "choice"), ("value", paper.value, "money")):
            if name and name not in facts:
                message = f"{name} is a fact that nobody declares. {did_you_mean(name, facts)}"
                yield self._fault(("paper", key), message.strip())
            elif name and (facts[name].kind != kind or facts.subject_kind_of(name) != CASE):
                yield self._fault(("paper", key), f"{name} is not a fact of the case of kind {kind}")
            elif name in self.unstatable:
                yield self._fault(("paper", key), f"{name} is not stated by a paper")

    def _reserved_name_faults(self) -> Iterator[Fault]:
        """Yield a fault for each action or review that is called like a command on papers."""
        reserved = (*_RESERVED_ACTION_NAMES, *([CORRECT] if self.declaration.corrections else []))
        for name in reserved:
            for key, names in (("actions", self.declaration.actions), ("reviews", self.declaration.reviews)):
                if name in names:
                    yield self._fault((key, name), "is what is done to papers; choose another name")

    def _gate_faults(self) -> Iterator[Fault]:
        """Yield a fault for each gate that could never be shut, or would let acts pass out of order."""
        action_gates = {action.gate for action in self.declaration.actions.values()}
        if self.declaration.corrections:
            action_gates.add(self.declaration.corrections.gate)
        for gate in self._gates_in_use():
            declared = (control for control in self.rulebook.controls_at_gate(gate) if not control.is_generated)
            blocking = [control for control in declared if control.declaration.severity == "blocking"]
            if not blocking:
                yield self._fault(("actions",), f"the gate {gate} has no blocking control, so it could never be shut")
            elif gate in action_gates and not any(control.enforces_stage_order for control in blocking):
                message = f"at the gate {gate} no control requires {_STAGE_ORDER_CONDITION}, so stages could be skipped"
                yield self._fault(("actions",), message)

    def _override_faults(self) -> Iterator[Fault]:
        """Yield a fault for each override of what cannot be overridden."""
        for name, override in self.declaration.overrides.items():
            at = ("overrides", name)
            yield from self._role_faults((*at, "who"), override.who)
            control = self.rulebook.controls.get(name)
            if control is None:
                yield self._fault(
                    at, f"is a control that nobody declares. {did_you_mean(name, self.rulebook.controls)}"
                )
            elif control.declaration.severity != "blocking":
                yield self._fault(at, "only warns, so there is nothing to override")
            elif control.enforces_stage_order:
                yield self._fault(at, "keeps the order of stages, which nobody may override")
            elif apart := self._roles_kept_apart(name).intersection(override.who):
                listed = ", ".join(sorted(apart))
                yield self._fault((*at, "who"), f"must not name roles that the separation keeps apart: {listed}")

    def _roles_kept_apart(self, control: str) -> frozenset[str]:
        """Return the roles that a control keeps apart; none if it is no separation of duties."""
        if not control.startswith(SEPARATION_PREFIX):
            return frozenset()
        separation = self.declaration.separation.get(control.removeprefix(SEPARATION_PREFIX))
        return frozenset(separation.roles()) if separation else frozenset()

    def _unused_control_faults(self) -> Iterator[Fault]:
        if self.declaration.flow_of:  # a rule of today may guard a gate that an earlier flow does not have
            return
        used = {*self._gates_in_use(), *AUDIT_GATES}
        for control in self.rulebook.controls.values():
            if used.isdisjoint(control.declaration.gates):
                yield self._fault(("actions",), _describe_unused(control))

    def _gates_in_use(self) -> tuple[str, ...]:
        """The gates that amendments, actions, reviews and corrections pass."""
        return (AMEND, *self.declaration.gates_of_acts())

    def _time_zone_faults(self) -> Iterator[Fault]:
        try:
            if self.declaration.time_zone:
                load_time_zone(self.declaration.time_zone)
        except InputError as error:
            yield self._fault(("time_zone",), f"{error.message}. {error.advice()}")

    def _decision_day_faults(self) -> Iterator[Fault]:
        """Yield a fault if what the scheme calls its day of decision is not a day of the case."""
        name = self.declaration.decision_day
        fact = self.rulebook.facts.get(name)
        if name and fact is None:
            message = f"{name} is a fact that nobody declares. {did_you_mean(name, self.rulebook.facts)}"
            yield self._fault(("decision_day",), message.strip())
        elif fact is not None and (fact.kind != "day" or self.rulebook.facts.subject_kind_of(name) != CASE):
            yield self._fault(("decision_day",), f"{name} is not a day of the case")

    def _role_faults(self, at: KeyPath, roles: tuple[str, ...]) -> Iterator[Fault]:
        return unknown_role_faults(self.source, at, roles, self.declaration.roles)

    def _fault(self, at: KeyPath, message: str) -> Fault:
        return self.source.fault_at(at, message)


def _describe_unused(control: Control) -> str:
    gates, leave_out = " or ".join(control.declaration.gates), f"`leaves_out: {{{control.id}: REASON}}`"
    return f"{control.id} guards no gate that an action passes: add an action with gate {gates}, or write {leave_out}"
