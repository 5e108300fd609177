"""Judging: every control of a gate against the evidence, by both evaluators, with the trace for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from rules.errors import EngineError
from rules.judging import durable_adapter
from rules.judging.findings import Finding, ObservedFact, Verdict
from rules.judging.resolved_control import ResolvedControl
from rules.judging.rulebook import Control, Rulebook, SubjectRules
from rules.language.conditions import (
    FactRef,
    Predicate,
    ResolvedValue,
    UnresolvedValue,
    ValueRef,
    decisive_predicates,
    evaluate,
    missing_operands,
)
from rules.language.derived_facts import DerivedFact, add_derived_facts
from rules.language.pack_schema import Outcome
from rules.values.evidence import IN_PART_2, Evidence
from rules.values.facts import CASE, SUBJECT_KINDS, Facts, address_of, subject_kind_of

_ALL_KINDS = (CASE, *SUBJECT_KINDS)
_MAX_TEXT_LENGTH = 80


@dataclass(frozen=True)
class EvaluatedJudgement:
    """What the controls of a gate say of the evidence: every verdict, and in full (on asking) every finding."""

    rulebook: Rulebook
    evidence: Evidence
    results: list[tuple[Verdict, _ControlResult]]

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The outcome of each control on each subject."""
        return tuple([verdict for verdict, _ in self.results])

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """The verdicts with their traces.

        Exempt facts were weighed, but what they are is not said: the trace shows `IN_PART_2` in their place.
        """
        hidden, of = self.evidence.hidden_facts_by_subject(), self.evidence.facts_of
        traces = {
            subject: _Explainer(self.rulebook, self.evidence, subject, of(subject), hidden.get(subject, hidden[CASE]))
            for subject in dict.fromkeys(verdict.subject for verdict, _ in self.results)
        }
        return tuple([traces[verdict.subject].explain(verdict, heard) for verdict, heard in self.results])


def judge_evidence(rulebook: Rulebook, gate: str | None, evidence: Evidence) -> EvaluatedJudgement:
    """What the controls of a gate say, or all controls where no gate is named.

    Raises `EngineError` where the two evaluators disagree.
    """
    hearing = rulebook.gate_rules(gate)
    whole = add_derived_facts(evidence, hearing.derived_facts, rulebook.law)
    heard = [(kind, hearing.by_subject_kind[kind]) for kind in _ALL_KINDS if kind in hearing.by_subject_kind]
    return EvaluatedJudgement(
        rulebook, whole, [one for kind, docket in heard for one in _judge_kind(rulebook, docket, whole, kind)]
    )


@dataclass
class _ControlResult:
    """What both evaluators say of one control on subjects that are alike, whose facts in common are among `facts`.

    Nobody changes one; it is not frozen, as a verdict is not.
    """

    control: Control
    resolved: ResolvedControl
    outcome: Outcome
    facts: Facts
    observed_by_hidden: dict[frozenset[str], tuple[ObservedFact, ...]] = field(default_factory=dict)

    def observed_facts(
        self, hidden: frozenset[str], observe: Callable[[Predicate], ObservedFact]
    ) -> tuple[ObservedFact, ...]:
        """What the deciding tests saw, as `tell` has it of one subject of which some facts are hidden.

        It is the same of all that are alike and hide the same, but for facts of which only was asked if they are known.
        """
        if hidden in self.observed_by_hidden:
            return self.observed_by_hidden[hidden]
        seen = tuple([observe(term) for term in self.deciding_terms])
        if not any(term.comparator in ("known", "not_known") for term in self.deciding_terms):
            self.observed_by_hidden[hidden] = seen
        return seen

    @cached_property
    def deciding_terms(self) -> tuple[Predicate, ...]:
        """The tests that gave the outcome: of `when` where the control may not apply, else of `requires`."""
        if self.outcome == "not_applicable":
            return decisive_predicates(self.resolved.applies, self.facts)
        if self.outcome != "undetermined":
            return decisive_predicates(self.resolved.requires, self.facts)
        sides = (self.resolved.applies, self.resolved.requires)
        unknown = (side for side in sides if evaluate(side, self.facts) is None)
        return tuple(dict.fromkeys(term for side in unknown for term in decisive_predicates(side, self.facts)))


def _judge_kind(
    rulebook: Rulebook, subject_rules: SubjectRules, evidence: Evidence, kind: str
) -> Iterator[tuple[Verdict, _ControlResult]]:
    """The verdicts on each subject of a kind, in order; subjects alike in all that is asked are judged once."""
    found: dict[object, list[_ControlResult]] = {}
    for subject in evidence.subjects_of_kind(kind):
        alike = () if kind == CASE else subject_rules.memo_key(evidence.subjects[subject])
        if alike not in found:
            found[alike] = list(_judge_subject(rulebook, subject_rules, subject, evidence.facts_of(subject)))
        for heard in found[alike]:
            yield Verdict(heard.control.id, subject, heard.outcome, heard.control.declaration.severity), heard


def _judge_subject(
    rulebook: Rulebook, subject_rules: SubjectRules, subject: str, facts: Facts
) -> Iterator[_ControlResult]:
    """The outcome of each control on one subject, as both evaluators have it."""
    resolved = tuple(
        [
            rulebook.resolve_control(control, facts) if control.is_dated else control.as_resolved
            for control in subject_rules.controls
        ]
    )
    second = durable_adapter.durable_outcomes(resolved, facts)
    for control, settled in zip(subject_rules.controls, resolved, strict=True):
        outcome = plain_outcome(settled, facts)
        if second[control.id] != outcome:
            told = f"{outcome} or {second[control.id]}"
            raise EngineError(f"the evaluators disagree about {control.id} of {subject}: {told}")
        yield _ControlResult(control, settled, outcome, facts)


def plain_outcome(control: ResolvedControl, facts: Facts) -> Outcome:
    """The outcome of one control by the plain evaluator, which is the definition."""
    applies = control.applies.evaluate(facts)
    if applies is False:
        return "not_applicable"
    holds = control.requires.evaluate(facts)
    if applies is None or holds is None:
        return "undetermined"
    return "satisfied" if holds else "breached"


@dataclass(frozen=True, slots=True)
class _Explainer:
    """Says of one subject what its controls saw, without a word of what is exempt (`hidden`)."""

    rulebook: Rulebook
    evidence: Evidence
    subject: str
    facts: Facts
    hidden: frozenset[str]

    def explain(self, verdict: Verdict, result: _ControlResult) -> Finding:
        """A verdict in full, with the tests that gave its outcome."""
        lacking = self._missing_facts(result.deciding_terms) if verdict.outcome == "undetermined" else ()
        declared, said = (
            result.control.declaration,
            (verdict.control, verdict.subject, verdict.outcome, verdict.severity),
        )
        seen = result.observed_facts(self.hidden, self._observe)
        cure = self._format_cure(result.control, lacking)
        return Finding(*said, declared.requirement, seen, lacking, declared.citation, declared.wrong, cure)

    def _observe(self, term: Predicate) -> ObservedFact:
        return ObservedFact(term.fact, self._format_expected(term), self._format_actual(term.fact))

    def _missing_facts(self, deciding_terms: tuple[Predicate, ...]) -> tuple[str, ...]:
        """What would settle a control that some tests leave undetermined."""
        return tuple(dict.fromkeys(wanted for term in deciding_terms for wanted in self._missing_for_term(term)))

    def _format_cure(self, control: Control, missing_facts: tuple[str, ...]) -> str:
        """What to do: for a control that nobody can tell, first to state what is missing.

        A fact that is worked out is never to be stated; what it rests on is to be looked at. Nor is one that an act
        records.
        """
        if not missing_facts:
            return control.declaration.cure.replace("{subject}", self.subject)
        unset = [what for what in missing_facts if what.partition(" ")[0] in self.rulebook.law.values]
        if unset:
            return f"Have the law brought up to date: nobody can tell without {', '.join(unset)}."
        return " ".join(self._describe_missing_facts(missing_facts, self.subject.partition(":")[2]))

    def _describe_missing_facts(self, missing_facts: tuple[str, ...], subject_key: str) -> Iterator[str]:
        """How each fact that is missing comes to be known: one sentence for those to state, one for each other."""
        stuck = {
            fact.name: self._describe_underivable_fact(fact, subject_key)
            for fact in self.rulebook.derived_facts
            if fact.name in missing_facts
        }
        recorded = [fact for fact in missing_facts if fact in self.rulebook.workflow_facts]
        if stated := [address_of(fact, subject_key) for fact in missing_facts if fact not in {*stuck, *recorded}]:
            yield f"State {', '.join(stated)}."
        yield from stuck.values()
        yield from (f"{fact} is recorded by the act itself: nobody states it." for fact in recorded)

    def _describe_underivable_fact(self, derived: DerivedFact, subject_key: str) -> str:
        """That a fact cannot be worked out although all that it rests on is known, and what that is."""
        own = subject_kind_of(derived.name)
        inputs = dict.fromkeys(
            address_of(fact, subject_key) if subject_kind_of(fact) == own else fact for fact in derived.inputs
        )
        look = f": look at {', '.join(inputs)}" if inputs else ""
        return f"Nobody can work out {address_of(derived.name, subject_key)}{look}."

    def _format_actual(self, fact: str) -> str | None:
        """What a fact is, in words; None while it is not known."""
        value = self.facts.get(fact)
        if value is None or fact in self.hidden:
            return None if value is None else IN_PART_2
        is_text = self.rulebook.facts[fact].kind == "text"
        return _shorten(str(value)) if is_text else self.rulebook.format_fact_value(fact, value)

    def _format_expected(self, term: Predicate) -> str:
        """What a test asks. A figure that an exempt fact picked is left out, as it would tell that fact."""
        right = term.operand
        if isinstance(right, FactRef):
            return self.rulebook.describe_expected(
                term, None if right.fact in self.hidden else self.facts.get(right.fact)
            )
        if isinstance(right, ResolvedValue) and not self.hidden.isdisjoint(right.selected_by):
            return self.rulebook.describe_expected(
                Predicate(term.fact, term.comparator, ValueRef(right.value_name)), None
            )
        return self.rulebook.describe_expected(term, None)

    def _missing_for_term(self, term: Predicate) -> Iterator[str]:
        """What would settle a test, facts that are derived by what they want in their turn."""
        for wanted in missing_operands(term, self.facts):
            if isinstance(term.operand, UnresolvedValue) and wanted == term.operand.value_name:
                yield term.operand.reason if self.hidden.isdisjoint(term.operand.selected_by) else wanted
            else:
                yield from self._missing_inputs(wanted)

    def _missing_inputs(self, fact: str) -> Iterator[str]:
        """What would make a fact known: itself, or the inputs it is worked out from that are not known."""
        derived = next((derived for derived in self.rulebook.derived_facts if derived.name == fact), None)
        wanted = list(self._missing_inputs_of(derived)) if derived else []
        yield from wanted or [fact]

    def _missing_inputs_of(self, derived: DerivedFact) -> Iterator[str]:
        if derived.related_kind:
            yield from self._missing_among_subjects(derived.related_kind, derived.inputs)
        for needed in derived.inputs:
            if needed not in self.facts and subject_kind_of(needed) != derived.related_kind:
                yield from self._missing_inputs(needed)

    def _missing_among_subjects(self, kind: str, inputs: Iterable[str]) -> Iterator[str]:
        """The addresses of inputs that subjects of a kind do not state."""
        needed = [fact for fact in inputs if subject_kind_of(fact) == kind]
        for other in self.evidence.subjects_of_kind(kind):
            lacking = (fact for fact in needed if fact not in self.evidence.subjects[other])
            yield from (address_of(fact, other.partition(":")[2]) for fact in lacking)


def _shorten(text: str) -> str:
    """The beginning of a long text: a trace says which text was seen, it does not repeat it."""
    line = " ".join(text[: 4 * _MAX_TEXT_LENGTH].split())
    return line if len(line) <= _MAX_TEXT_LENGTH else line[: _MAX_TEXT_LENGTH - 1].rstrip() + "…"
