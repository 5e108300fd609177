"""Validation of a scheme: its stages, actions, reviews, diary and documents against what its packs declare.

All faults of a scheme are found at once, each with its file, line and key. A scheme that passes has no stage without a
way in and out, no gate that could never be shut, and no name that nobody declares.
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.errors import Fault, InputError, PackError
from rules.judging.diary import DiaryRule, parse_diary
from rules.judging.rulebook import Rulebook
from rules.language.condition_parser import ConditionParser
from rules.packs.declared_words import (
    RESERVED_PREFIXES,
    unknown_diary_kind_faults,
    unknown_gate_faults,
    unknown_kind_faults,
)
from rules.packs.document_schema import document_template_faults
from rules.packs.language_versions import LANGUAGE_VERSIONS
from rules.packs.scheme import (
    AMEND,
    AUDIT,
    Action,
    ReviewAction,
    Scheme,
    SchemeDeclaration,
    facts_recorded_by_acts,
    workflow_fact_declarations,
)
from rules.reading.yaml_reader import KeyPath, YamlFile
from rules.values.facts import CASE, FactValue
from rules.values.suggestions import describe_unknown, did_you_mean

_STAGE_ORDER_CONDITION = "case.stage is {fact: act.stage}"
_RESERVED_ACTION_NAMES = ("open", "enter", AMEND)
"""Commands on papers; no action or outcome of a review may have such a name."""


def build_scheme(source: YamlFile, declaration: SchemeDeclaration, rulebook: Rulebook) -> Scheme:
    """Return the scheme of a head and its rulebook; raises `PackError` with every fault."""
    validator = _SchemeValidator(source, declaration, rulebook)
    authority_facts = validator.authority_facts()
    unstatable = {
        *authority_facts,
        *workflow_fact_declarations(declaration),
        *(fact.name for fact in rulebook.derived_facts),
        *facts_recorded_by_acts(declaration),
    }
    diary_rules = validator.diary_rules()
    faults = [*validator.faults, *validator.structure_faults()]
    if faults:
        raise PackError(faults)
    decision_day = declaration.decision_day or LANGUAGE_VERSIONS[declaration.language].decision_day
    return Scheme(declaration, rulebook, authority_facts, frozenset(unstatable), diary_rules, decision_day)


class _SchemeValidator:
    """Finds stages that cannot be reached or left, gates without controls, and names that nobody declares."""

    def __init__(self, source: YamlFile, declaration: SchemeDeclaration, rulebook: Rulebook) -> None:
        self.source, self.declaration, self.rulebook = source, declaration, rulebook
        self.vocabulary = rulebook.vocabulary
        self.faults: list[Fault] = []

    def authority_facts(self) -> dict[str, FactValue]:
        """Return the facts that are the same for every case of the authority."""
        values = {}
        for name, given in self.declaration.given.items():
            try:
                values[name] = self.rulebook.facts[name].coerce(given.value)
            except KeyError:
                self.faults.append(self._fault(("given", name), "is a fact that nobody declares"))
            except InputError as error:
                self.faults.append(self._fault(("given", name), error.message))
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
        yield from self._stage_faults()
        yield from self._decision_day_faults()
        for name, action in self.declaration.actions.items():
            yield from self._action_faults(("actions", name), action)
        for key, roles in (("open", self.declaration.paper.open), ("amend", self.declaration.paper.amend)):
            yield from self._role_faults(("paper", key), roles)
        for name, review in self.declaration.reviews.items():
            yield from self._review_faults(("reviews", name), review)
        yield from self._gate_faults()
        yield from self._unused_control_faults()
        for name in _RESERVED_ACTION_NAMES:
            for key, names in (("actions", self.declaration.actions), ("reviews", self.declaration.reviews)):
                if name in names:
                    yield self._fault((key, name), "is what is done to papers; choose another name")
        for at, message in document_template_faults(self.declaration.documents, self.rulebook.facts):
            yield self._fault(("documents", *at), message)

    def _gate_faults(self) -> Iterator[Fault]:
        """Yield a fault for each gate that could never be shut, or would let acts pass out of order."""
        action_gates = {action.gate for action in self.declaration.actions.values()}
        for gate in self._gates_in_use():
            blocking = [c for c in self.rulebook.controls_at_gate(gate) if c.declaration.severity == "blocking"]
            if not blocking:
                yield self._fault(("actions",), f"the gate {gate} has no blocking control, so it could never be shut")
            elif gate in action_gates and not any(control.enforces_stage_order for control in blocking):
                message = f"at the gate {gate} no control requires {_STAGE_ORDER_CONDITION}, so stages could be skipped"
                yield self._fault(("actions",), message)

    def _unused_control_faults(self) -> Iterator[Fault]:
        used = {*self._gates_in_use(), AUDIT}
        for control in self.rulebook.controls.values():
            if used.isdisjoint(control.declaration.gates):
                yield self._fault(("actions",), f"{control.id} guards no gate that an action passes")

    def _gates_in_use(self) -> tuple[str, ...]:
        """The gates that amendments, actions and reviews pass."""
        actions = [action.gate for action in self.declaration.actions.values()]
        reviews = [review.gate for review in self.declaration.reviews.values()]
        return (AMEND, *dict.fromkeys([*actions, *reviews]))

    def _stage_faults(self) -> Iterator[Fault]:
        for name in self.declaration.stages:
            if name in (*self.vocabulary.subject_kinds, *RESERVED_PREFIXES):
                yield self._fault(("stages", name), "is a name that facts use; choose another")
        yield from self._transition_faults()

    def _transition_faults(self) -> Iterator[Fault]:
        """Yield a fault for each stage without a way in or out, and for each last stage with a way out."""
        first = self.declaration.first_stage
        moves = [(action.stage, action.to) for action in self.declaration.actions.values()]
        back = [(to, stage) for stage, to in moves]
        ends = self.declaration.last_stages()
        stages = self.declaration.stages
        faulty = {
            f"cannot be reached from {first}": stages.keys() - _reachable_stages({first}, moves),
            "leads to no last stage": stages.keys() - _reachable_stages(ends, back),
            "is a last stage, but an action leads on from it": ends & {stage for stage, _ in moves},
        }
        for message, names in faulty.items():
            yield from (self._fault(("stages", name), message) for name in names)

    def _action_faults(self, at: KeyPath, action: Action) -> Iterator[Fault]:
        for key, stage in (("stage", action.stage), ("to", action.to)):
            if stage not in self.declaration.stages:
                yield self._fault((*at, key), describe_unknown(stage, "stage", self.declaration.stages))
        yield from self._outcome_faults(at, action)
        yield from unknown_gate_faults(self.source, (*at, "gate"), action.gate, self.vocabulary)
        if action.gate == AUDIT:
            yield self._fault((*at, "gate"), f"{AUDIT} is an auditor's look at a case, which no action passes")
        yield from self._role_faults((*at, "who"), action.who)
        yield from self._recorded_fact_faults((*at, "asks"), action.asks)
        yield from self._recorded_fact_faults((*at, "dates"), action.dates)
        days = {name for name, fact in self.rulebook.facts.items() if fact.kind == "day"}
        for name in action.dates:
            if name in self.rulebook.facts.keys() - days:
                yield self._fault((*at, "dates"), f"{name} is not a day")

    def _outcome_faults(self, at: KeyPath, action: Action) -> Iterator[Fault]:
        """Yield a fault for an outcome that a scheme with a list of outcomes does not declare."""
        outcomes = self.declaration.outcomes
        if action.outcome and outcomes and action.outcome not in outcomes:
            yield self._fault((*at, "outcome"), describe_unknown(action.outcome, "declared outcome", outcomes))

    def _decision_day_faults(self) -> Iterator[Fault]:
        """Yield a fault if what the scheme calls its day of decision is not a day of the case."""
        name = self.declaration.decision_day
        fact = self.rulebook.facts.get(name)
        if name and fact is None:
            message = f"{name} is a fact that nobody declares. {did_you_mean(name, self.rulebook.facts)}"
            yield self._fault(("decision_day",), message.strip())
        elif fact is not None and (fact.kind != "day" or self.rulebook.facts.subject_kind_of(name) != CASE):
            yield self._fault(("decision_day",), f"{name} is not a day of the case")

    def _review_faults(self, at: KeyPath, review: ReviewAction) -> Iterator[Fault]:
        yield from self._role_faults((*at, "who"), review.who)
        yield from unknown_gate_faults(self.source, (*at, "gate"), review.gate, self.vocabulary)
        yield from unknown_kind_faults(self.source, (*at, "of"), review.of, self.vocabulary)
        if review.gate == AUDIT:
            yield self._fault((*at, "gate"), f"{AUDIT} is an auditor's look at a case, which nothing passes")
        facts = [("kept_in", review.kept_in), ("dates", review.dates), *(("asks", fact) for fact in review.asks)]
        for key, fact in facts:
            if message := self._why_not_recordable(fact, review.of):
                yield self._fault((*at, key), message)
            elif key == "kept_in" and review.outcome not in self.rulebook.facts[fact].choices:
                message = describe_unknown(review.outcome, f"choice of {fact}", self.rulebook.facts[fact].choices)
                yield self._fault((*at, "outcome"), message)
            elif key == "dates" and self.rulebook.facts[fact].kind != "day":
                yield self._fault((*at, key), f"{fact} is not a day")

    def _recorded_fact_faults(self, at: KeyPath, names: tuple[str, ...]) -> Iterator[Fault]:
        yield from (self._fault(at, message) for message in map(self._why_not_recordable, names) if message)

    def _why_not_recordable(self, fact: str, subject_kind: str = CASE) -> str:
        """Return why an act cannot record a fact of a kind of subject; empty if it can."""
        if fact not in self.rulebook.facts:
            return f"{fact} is a fact that nobody declares"
        if fact in {derived.name for derived in self.rulebook.derived_facts}:
            return f"{fact} is derived from others"
        fact_kind = self.rulebook.facts.subject_kind_of(fact)
        if fact_kind == subject_kind:
            return ""
        declared, expected = ("the case" if kind == CASE else f"each {kind}" for kind in (fact_kind, subject_kind))
        return f"{fact} is a fact of {declared}, not of {expected}"

    def _role_faults(self, at: KeyPath, roles: tuple[str, ...]) -> Iterator[Fault]:
        for role in roles:
            if role not in self.declaration.roles:
                yield self._fault(at, describe_unknown(role, "role", self.declaration.roles))

    def _fault(self, at: KeyPath, message: str) -> Fault:
        return self.source.fault_at(at, message)


def _reachable_stages(start: set[str], transitions: list[tuple[str, str]]) -> set[str]:
    reached = set(start)
    while more := {to for stage, to in transitions if stage in reached} - reached:
        reached |= more
    return reached
