"""Whether a scheme holds together: its stages, actions, reviews, diary and documents, and what its packs declare."""

from __future__ import annotations

from collections.abc import Iterator

from rules.errors import Fault, InputError, PackError
from rules.judging.diary import DiaryRule, parse_diary
from rules.judging.rulebook import Rulebook
from rules.language.condition_parser import ConditionParser
from rules.packs.document_schema import document_template_faults
from rules.packs.scheme import (
    AMEND,
    AUDIT,
    FIRST_STAGE,
    Action,
    ReviewAction,
    Scheme,
    SchemeDeclaration,
    facts_recorded_by_acts,
    workflow_fact_declarations,
)
from rules.reading.yaml_reader import KeyPath, YamlFile
from rules.values.facts import CASE, SUBJECT_KINDS, FactValue, subject_kind_of

_RESERVED_STAGE_NAMES = ("case", "act", "opened", "entered", "audit")
"""What the names of facts begin with that the workflow gives; no stage may be called so."""
_STAGE_ORDER_CONDITION = "case.stage is {fact: act.stage}"
_RESERVED_ACTION_NAMES = ("open", "enter", AMEND)
"""What is done to papers; no action or outcome of a review may be called so."""


def build_scheme(source: YamlFile, declaration: SchemeDeclaration, rulebook: Rulebook) -> Scheme:
    """The scheme, if its stages, actions and documents hold together; raises `PackError` with every fault."""
    checker = _SchemeValidator(source, declaration, rulebook)
    given = checker.authority_facts()
    recorded = {
        *given,
        *workflow_fact_declarations(declaration),
        *(fact.name for fact in rulebook.derived_facts),
        *facts_recorded_by_acts(declaration),
    }
    diary = checker.diary_rules()
    faults = [*checker.faults, *checker.structure_faults()]
    if faults:
        raise PackError(faults)
    return Scheme(declaration, rulebook, given, frozenset(recorded), diary)


class _SchemeValidator:
    """Looks for stages that cannot be reached or left, gates without controls, and names that nobody declares."""

    def __init__(self, source: YamlFile, declaration: SchemeDeclaration, rulebook: Rulebook) -> None:
        self.source, self.declaration, self.rulebook = source, declaration, rulebook
        self.faults: list[Fault] = []

    def authority_facts(self) -> dict[str, FactValue]:
        """The facts that are the same for every case of the authority."""
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
        """Every kind of day that needs somebody: those of the packs, and the scheme's own."""
        grammar = ConditionParser(self.source, self.rulebook.facts, self.rulebook.law.values)
        found = {**self.rulebook.diary_rules, **parse_diary(grammar, self.declaration.diary, self.rulebook.diary_rules)}
        self.faults += grammar.faults
        for kind, roles in self.declaration.owners.items():
            self.faults += self._role_faults(("owners", kind), roles)
            if kind not in found:
                self.faults.append(self._fault(("owners", kind), "is a kind of day that no diary declares"))
        return found

    def structure_faults(self) -> Iterator[Fault]:
        """Every fault of the scheme's structure."""
        yield from self._stage_faults()
        for name, action in self.declaration.actions.items():
            yield from self._action_faults(("actions", name), action)
        for what, roles in (("open", self.declaration.paper.open), ("amend", self.declaration.paper.amend)):
            yield from self._role_faults(("paper", what), roles)
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
        """Whether every gate can be shut, and is shut to acts out of their order."""
        in_order = {action.gate for action in self.declaration.actions.values()}
        for gate in self._gates_in_use():
            blocking = [c for c in self.rulebook.controls_at_gate(gate) if c.declaration.severity == "blocking"]
            if not blocking:
                yield self._fault(("actions",), f"the gate {gate} has no blocking control, so it could never be shut")
            elif gate in in_order and not any(control.enforces_stage_order for control in blocking):
                message = (
                    f"at the gate {gate} no control asks that {_STAGE_ORDER_CONDITION}, so stages could be skipped"
                )
                yield self._fault(("actions",), message)

    def _unused_control_faults(self) -> Iterator[Fault]:
        passed = {*self._gates_in_use(), AUDIT}
        for control in self.rulebook.controls.values():
            if passed.isdisjoint(control.declaration.gates):
                yield self._fault(("actions",), f"{control.id} is heard at no gate that an action passes")

    def _gates_in_use(self) -> tuple[str, ...]:
        """The gates that something done to a case passes."""
        acts = [action.gate for action in self.declaration.actions.values()]
        return (AMEND, *dict.fromkeys([*acts, *(review.gate for review in self.declaration.reviews.values())]))

    def _stage_faults(self) -> Iterator[Fault]:
        if next(iter(self.declaration.stages)) != FIRST_STAGE:
            yield self._fault(("stages",), f"must begin with {FIRST_STAGE}")
        for name in self.declaration.stages:
            if name in (*SUBJECT_KINDS, *_RESERVED_STAGE_NAMES):
                yield self._fault(("stages", name), "is a name that facts use; choose another")
        yield from self._transition_faults()

    def _transition_faults(self) -> Iterator[Fault]:
        """Whether every stage can be reached and left, but for the last ones, from which nothing may lead on."""
        moves = [(action.stage, action.to) for action in self.declaration.actions.values()]
        ends = self.declaration.last_stages()
        stages = self.declaration.stages
        wrong = {
            f"cannot be reached from {FIRST_STAGE}": stages.keys() - _reachable_stages({FIRST_STAGE}, moves),
            "leads to no last stage": stages.keys() - _reachable_stages(ends, [(to, stage) for stage, to in moves]),
            "is a last stage, but an action leads on from it": ends & {stage for stage, _ in moves},
        }
        for message, names in wrong.items():
            yield from (self._fault(("stages", name), message) for name in names)

    def _action_faults(self, at: KeyPath, action: Action) -> Iterator[Fault]:
        for key, stage in (("stage", action.stage), ("to", action.to)):
            if stage not in self.declaration.stages:
                yield self._fault((*at, key), f"{stage} is not a stage")
        if action.gate == AUDIT:
            yield self._fault((*at, "gate"), f"{AUDIT} is an auditor's look at a case, which no action passes")
        yield from self._role_faults((*at, "who"), action.who)
        yield from self._recorded_fact_faults((*at, "asks"), action.asks)
        yield from self._recorded_fact_faults((*at, "dates"), action.dates)
        days = {name for name, fact in self.rulebook.facts.items() if fact.kind == "day"}
        for name in action.dates:
            if name in self.rulebook.facts.keys() - days:
                yield self._fault((*at, "dates"), f"{name} is not a day")

    def _review_faults(self, at: KeyPath, review: ReviewAction) -> Iterator[Fault]:
        yield from self._role_faults((*at, "who"), review.who)
        if review.gate == AUDIT:
            yield self._fault((*at, "gate"), f"{AUDIT} is an auditor's look at a case, which nothing passes")
        named = [("kept_in", review.kept_in), ("dates", review.dates), *(("asks", fact) for fact in review.asks)]
        for key, fact in named:
            if message := self._why_not_recordable(fact, review.of):
                yield self._fault((*at, key), message)
            elif key == "kept_in" and review.outcome not in self.rulebook.facts[fact].choices:
                yield self._fault((*at, "outcome"), f"{review.outcome} is not a choice of {fact}")
            elif key == "dates" and self.rulebook.facts[fact].kind != "day":
                yield self._fault((*at, key), f"{fact} is not a day")

    def _recorded_fact_faults(self, at: KeyPath, names: tuple[str, ...]) -> Iterator[Fault]:
        yield from (self._fault(at, message) for message in map(self._why_not_recordable, names) if message)

    def _why_not_recordable(self, fact: str, subject_kind: str = CASE) -> str:
        """Why a fact cannot be stated of the case, or of each subject of a kind, or recorded so; or nothing."""
        if fact not in self.rulebook.facts:
            return f"{fact} is a fact that nobody declares"
        if fact in {derived.name for derived in self.rulebook.derived_facts}:
            return f"{fact} is derived from others"
        if subject_kind_of(fact) == subject_kind:
            return ""
        told, wanted = (
            "the case" if kind == CASE else f"each {kind}" for kind in (subject_kind_of(fact), subject_kind)
        )
        return f"{fact} is told of {told}, and not of {wanted}"

    def _role_faults(self, at: KeyPath, roles: tuple[str, ...]) -> Iterator[Fault]:
        for role in roles:
            if role not in self.declaration.roles:
                yield self._fault(at, f"{role} is not a role")

    def _fault(self, at: KeyPath, message: str) -> Fault:
        return self.source.fault_at(at, message)


def _reachable_stages(start: set[str], transitions: list[tuple[str, str]]) -> set[str]:
    reached = set(start)
    grown = True
    while grown:
        more = {to for here, to in transitions if here in reached} - reached
        reached |= more
        grown = bool(more)
    return reached
