"""Whether a scheme holds together: its stages, actions, reviews, diary and documents, and what its packs declare."""

from __future__ import annotations

from collections.abc import Iterator

from rules.errors import Fault, InputError, PackError
from rules.judging.diary import DiaryDay, diary_from
from rules.judging.rulebook import Rulebook
from rules.language.condition_parser import Grammar
from rules.packs.document_schema import form_faults
from rules.packs.scheme import AMEND, AUDIT, STARTS_WITH, Action, Review, Scheme, SchemeText, facts_given, kept_by_acts
from rules.reading.yaml_reader import Path, Source
from rules.values.facts import CASE, SUBJECTS, FactValue, subject_of

_TAKEN = ("case", "act", "opened", "entered", "audit")
"""What the names of facts begin with that the workflow gives; no stage may be called so."""
_ORDER = "case.stage is {fact: act.stage}"
_RESERVED = ("open", "enter", AMEND)
"""What is done to papers; no action or outcome of a review may be called so."""


def scheme_from(source: Source, text: SchemeText, rulebook: Rulebook) -> Scheme:
    """The scheme, if its stages, actions and documents hold together; raises `PackError` with every fault."""
    checker = _Checker(source, text, rulebook)
    given = checker.given()
    recorded = {*given, *facts_given(text), *(fact.name for fact in rulebook.derived), *kept_by_acts(text)}
    diary = checker.diary()
    faults = [*checker.faults, *checker.check()]
    if faults:
        raise PackError(faults)
    return Scheme(text, rulebook, given, frozenset(recorded), diary)


class _Checker:
    """Looks for stages that cannot be reached or left, gates without controls, and names that nobody declares."""

    def __init__(self, source: Source, text: SchemeText, rulebook: Rulebook) -> None:
        self.source, self.text, self.rulebook = source, text, rulebook
        self.faults: list[Fault] = []

    def given(self) -> dict[str, FactValue]:
        """The facts that are the same for every case of the authority."""
        values = {}
        for name, given in self.text.given.items():
            try:
                values[name] = self.rulebook.facts[name].accept(given.value)
            except KeyError:
                self.faults.append(self._fault(("given", name), "is a fact that nobody declares"))
            except InputError as error:
                self.faults.append(self._fault(("given", name), error.message))
        return values

    def diary(self) -> dict[str, DiaryDay]:
        """Every kind of day that needs somebody: those of the packs, and the scheme's own."""
        grammar = Grammar(self.source, self.rulebook.facts, self.rulebook.law.values)
        found = {**self.rulebook.diary, **diary_from(grammar, self.text.diary, self.rulebook.diary)}
        self.faults += grammar.faults
        for kind, roles in self.text.owners.items():
            self.faults += self._roles(("owners", kind), roles)
            if kind not in found:
                self.faults.append(self._fault(("owners", kind), "is a kind of day that no diary declares"))
        return found

    def check(self) -> Iterator[Fault]:
        """Every fault of the scheme's structure."""
        yield from self._stages()
        for name, action in self.text.actions.items():
            yield from self._action(("actions", name), action)
        for what, roles in (("open", self.text.paper.open), ("amend", self.text.paper.amend)):
            yield from self._roles(("paper", what), roles)
        for name, review in self.text.reviews.items():
            yield from self._review(("reviews", name), review)
        yield from self._gates()
        yield from self._unheard()
        for name in _RESERVED:
            for key, names in (("actions", self.text.actions), ("reviews", self.text.reviews)):
                if name in names:
                    yield self._fault((key, name), "is what is done to papers; choose another name")
        for at, message in form_faults(self.text.documents, self.rulebook.facts):
            yield self._fault(("documents", *at), message)

    def _gates(self) -> Iterator[Fault]:
        """Whether every gate can be shut, and is shut to acts out of their order."""
        in_order = {action.gate for action in self.text.actions.values()}
        for gate in self._passed():
            blocking = [c for c in self.rulebook.heard_at(gate) if c.declared.severity == "blocking"]
            if not blocking:
                yield self._fault(("actions",), f"the gate {gate} has no blocking control, so it could never be shut")
            elif gate in in_order and not any(control.keeps_order for control in blocking):
                message = f"at the gate {gate} no control asks that {_ORDER}, so stages could be skipped"
                yield self._fault(("actions",), message)

    def _unheard(self) -> Iterator[Fault]:
        passed = {*self._passed(), AUDIT}
        for control in self.rulebook.controls.values():
            if passed.isdisjoint(control.declared.gates):
                yield self._fault(("actions",), f"{control.id} is heard at no gate that an action passes")

    def _passed(self) -> tuple[str, ...]:
        """The gates that something done to a case passes."""
        acts = [action.gate for action in self.text.actions.values()]
        return (AMEND, *dict.fromkeys([*acts, *(review.gate for review in self.text.reviews.values())]))

    def _stages(self) -> Iterator[Fault]:
        if next(iter(self.text.stages)) != STARTS_WITH:
            yield self._fault(("stages",), f"must begin with {STARTS_WITH}")
        for name in self.text.stages:
            if name in (*SUBJECTS, *_TAKEN):
                yield self._fault(("stages", name), "is a name that facts use; choose another")
        yield from self._moves()

    def _moves(self) -> Iterator[Fault]:
        """Whether every stage can be reached and left, but for the last ones, from which nothing may lead on."""
        moves = [(action.stage, action.to) for action in self.text.actions.values()]
        ends = self.text.last_stages()
        stages = self.text.stages
        wrong = {
            f"cannot be reached from {STARTS_WITH}": stages.keys() - _reached({STARTS_WITH}, moves),
            "leads to no last stage": stages.keys() - _reached(ends, [(to, stage) for stage, to in moves]),
            "is a last stage, but an action leads on from it": ends & {stage for stage, _ in moves},
        }
        for message, names in wrong.items():
            yield from (self._fault(("stages", name), message) for name in names)

    def _action(self, at: Path, action: Action) -> Iterator[Fault]:
        for key, stage in (("stage", action.stage), ("to", action.to)):
            if stage not in self.text.stages:
                yield self._fault((*at, key), f"{stage} is not a stage")
        if action.gate == AUDIT:
            yield self._fault((*at, "gate"), f"{AUDIT} is an auditor's look at a case, which no action passes")
        yield from self._roles((*at, "who"), action.who)
        yield from self._facts((*at, "asks"), action.asks)
        yield from self._facts((*at, "dates"), action.dates)
        days = {name for name, fact in self.rulebook.facts.items() if fact.kind == "day"}
        for name in action.dates:
            if name in self.rulebook.facts.keys() - days:
                yield self._fault((*at, "dates"), f"{name} is not a day")

    def _review(self, at: Path, review: Review) -> Iterator[Fault]:
        yield from self._roles((*at, "who"), review.who)
        if review.gate == AUDIT:
            yield self._fault((*at, "gate"), f"{AUDIT} is an auditor's look at a case, which nothing passes")
        named = [("kept_in", review.kept_in), ("dates", review.dates), *(("asks", fact) for fact in review.asks)]
        for key, fact in named:
            if message := self._unstatable(fact, review.of):
                yield self._fault((*at, key), message)
            elif key == "kept_in" and review.outcome not in self.rulebook.facts[fact].choices:
                yield self._fault((*at, "outcome"), f"{review.outcome} is not a choice of {fact}")
            elif key == "dates" and self.rulebook.facts[fact].kind != "day":
                yield self._fault((*at, key), f"{fact} is not a day")

    def _facts(self, at: Path, names: tuple[str, ...]) -> Iterator[Fault]:
        yield from (self._fault(at, message) for message in map(self._unstatable, names) if message)

    def _unstatable(self, fact: str, of: str = CASE) -> str:
        """Why a fact cannot be stated of the case, or of each subject of a kind, or recorded so; or nothing."""
        if fact not in self.rulebook.facts:
            return f"{fact} is a fact that nobody declares"
        if fact in {derived.name for derived in self.rulebook.derived}:
            return f"{fact} is derived from others"
        if subject_of(fact) == of:
            return ""
        told, wanted = ("the case" if kind == CASE else f"each {kind}" for kind in (subject_of(fact), of))
        return f"{fact} is told of {told}, and not of {wanted}"

    def _roles(self, at: Path, roles: tuple[str, ...]) -> Iterator[Fault]:
        for role in roles:
            if role not in self.text.roles:
                yield self._fault(at, f"{role} is not a role")

    def _fault(self, at: Path, message: str) -> Fault:
        return self.source.fault(at, message)


def _reached(start: set[str], moves: list[tuple[str, str]]) -> set[str]:
    reached = set(start)
    grown = True
    while grown:
        more = {to for here, to in moves if here in reached} - reached
        reached |= more
        grown = bool(more)
    return reached
