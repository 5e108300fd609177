"""Judging: every control of a gate against the evidence, by both evaluators, with the trace for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rules import engine
from rules.conditions import FactRef, Settled, Term, Truth, Unsettled, ValueRef, expected, missing, weigh
from rules.derived import DerivedFact, complete
from rules.engine import SettledControl
from rules.errors import EngineError
from rules.evidence import IN_PART_2, Evidence
from rules.facts import CASE, SUBJECTS, FactValue, address, subject_of
from rules.finding import Finding, Seen
from rules.pack import Outcome
from rules.rulebook import Control, Hearing, Rulebook

KINDS = (CASE, *SUBJECTS)
_SHOWN = 80


def judge(rulebook: Rulebook, gate: str | None, evidence: Evidence) -> tuple[Finding, ...]:
    """The findings of a gate, or of every control where no gate is named, in order of control and subject.

    Exempt facts are weighed, but what they are is not said: the trace shows `IN_PART_2` in their place.
    Raises `EngineError` where the two evaluators disagree.
    """
    hearing = rulebook.at_gate(gate)
    whole = complete(evidence, hearing.derived, rulebook.law)
    return tuple(finding for kind in KINDS for finding in _of_kind(rulebook, hearing, kind, whole))


def _of_kind(rulebook: Rulebook, hearing: Hearing, kind: str, evidence: Evidence) -> Iterator[Finding]:
    """The findings of the controls of one kind of subject, in order of subject."""
    concerned = hearing.concerning(kind)
    for subject in evidence.named(kind) if concerned else ():
        trace = _Trace(rulebook, evidence, subject, evidence.of(subject), evidence.hidden(subject))
        yield from _of_subject(trace, concerned)


def _of_subject(trace: _Trace, controls: tuple[Control, ...]) -> Iterator[Finding]:
    """The findings of some controls on one subject, each as both evaluators have it."""
    facts = trace.facts
    dated = {control.id: _settle(trace.rulebook, control, facts) for control in controls if control.is_dated}
    undated = tuple(control.undated for control in controls if not control.is_dated)
    second = engine.outcomes(undated, facts) | engine.outcomes(tuple(dated.values()), facts)
    for control in controls:
        outcome, decisive = _weighed(dated.get(control.id, control.undated), facts)
        if second[control.id] != outcome:
            told = f"{outcome} or {second[control.id]}"
            raise EngineError(f"the evaluators disagree about {control.id} of {trace.subject}: {told}")
        yield trace.finding(control, outcome, decisive)


def _settle(rulebook: Rulebook, control: Control, facts: Mapping[str, FactValue]) -> SettledControl:
    settle, day = rulebook.law.settle, control.declared.governed_by
    return SettledControl(control.id, settle(control.applies, facts, day), settle(control.requires, facts, day))


def plain_outcome(control: SettledControl, facts: Mapping[str, FactValue]) -> Outcome:
    """The outcome of one control by the plain evaluator, which is the definition."""
    return _weighed(control, facts)[0]


def _outcome(applies: Truth, holds: Truth) -> Outcome:
    if applies is False:
        return "not_applicable"
    if applies is None or holds is None:
        return "undetermined"
    return "satisfied" if holds else "breached"


def _weighed(control: SettledControl, facts: Mapping[str, FactValue]) -> tuple[Outcome, tuple[Term, ...]]:
    """The outcome, and the tests that gave it: of `when` where the control may not apply, else of `requires`."""
    applies, decisive = weigh(control.applies, facts)
    if applies is False:
        return "not_applicable", _each_once(decisive)
    holds, of_requires = weigh(control.requires, facts)
    if applies is True:
        decisive = of_requires
    elif holds is None:
        decisive += of_requires
    return _outcome(applies, holds), _each_once(decisive)


def _each_once(tests: tuple[Term, ...]) -> tuple[Term, ...]:
    return tuple(dict.fromkeys(tests)) if len(tests) > 1 else tests


@dataclass(frozen=True, slots=True)
class _Trace:
    """Says of one subject what its controls saw, without a word of what is exempt (`hidden`)."""

    rulebook: Rulebook
    evidence: Evidence
    subject: str
    facts: Mapping[str, FactValue]
    hidden: frozenset[str]

    def finding(self, control: Control, outcome: Outcome, decisive: tuple[Term, ...]) -> Finding:
        """The finding on one control, with the tests that gave its outcome."""
        lacking = self._lacking(decisive) if outcome == "undetermined" else ()
        return Finding(
            control=control.id,
            subject=self.subject,
            outcome=outcome,
            severity=control.declared.severity,
            requirement=control.declared.requirement,
            facts=tuple([self._seen(term) for term in decisive]),
            missing=lacking,
            citation=control.declared.citation,
            wrong=control.declared.wrong,
            cure=self._cure(control, lacking),
        )

    def _lacking(self, decisive: tuple[Term, ...]) -> tuple[str, ...]:
        """What would settle a control that some tests leave undetermined."""
        return tuple(dict.fromkeys(wanted for term in decisive for wanted in self._missing(term)))

    def _cure(self, control: Control, lacking: tuple[str, ...]) -> str:
        """What to do: for a control that nobody can tell, first to state what is missing.

        A fact that is worked out is never to be stated; what it rests on is to be looked at.
        """
        if not lacking:
            return control.declared.cure.replace("{subject}", self.subject)
        unset = [what for what in lacking if what.partition(" ")[0] in self.rulebook.law.values]
        if unset:
            return f"Have the law brought up to date: nobody can tell without {', '.join(unset)}."
        key = self.subject.partition(":")[2]
        stuck = {fact.name: self._stuck(fact, key) for fact in self.rulebook.derived if fact.name in lacking}
        stated = ", ".join(address(fact, key) for fact in lacking if fact not in stuck)
        return " ".join([f"State {stated}."] * bool(stated) + list(stuck.values()))

    def _stuck(self, derived: DerivedFact, key: str) -> str:
        """That a fact cannot be worked out although all that it rests on is known, and what that is."""
        own = subject_of(derived.name)
        inputs = dict.fromkeys(address(fact, key) if subject_of(fact) == own else fact for fact in derived.inputs)
        look = f": look at {', '.join(inputs)}" if inputs else ""
        return f"Nobody can work out {address(derived.name, key)}{look}."

    def _seen(self, term: Term) -> Seen:
        value = self.facts.get(term.fact)
        asked = self._expected(term)
        if value is None:
            return Seen(term.fact, asked, None)
        if term.fact in self.hidden:
            return Seen(term.fact, asked, IN_PART_2)
        declared = self.rulebook.facts[term.fact]
        said = declared.say(value)
        return Seen(term.fact, asked, _shortened(said) if declared.kind == "text" else said)

    def _expected(self, term: Term) -> str:
        """What a test asks. A figure that an exempt fact picked is left out, as it would tell that fact."""
        declared, right = self.rulebook.facts, term.right
        if isinstance(right, Settled) and not self.hidden.isdisjoint(right.picked_by):
            return expected(Term(term.fact, term.word, ValueRef(right.value)), declared, {})
        if isinstance(right, FactRef) and right.fact in self.hidden:
            return expected(term, declared, {})
        return expected(term, declared, self.facts)

    def _missing(self, term: Term) -> Iterator[str]:
        """What would settle a test, facts that are derived by what they want in their turn."""
        for wanted in missing(term, self.facts):
            if isinstance(term.right, Unsettled) and wanted == term.right.value:
                yield term.right.why if self.hidden.isdisjoint(term.right.picked_by) else wanted
            else:
                yield from self._wanted(wanted)

    def _wanted(self, fact: str) -> Iterator[str]:
        """What would make a fact known: itself, or the inputs it is worked out from that are not known."""
        derived = next((derived for derived in self.rulebook.derived if derived.name == fact), None)
        wanted = list(self._wanted_by(derived)) if derived else []
        yield from wanted or [fact]

    def _wanted_by(self, derived: DerivedFact) -> Iterator[str]:
        if derived.among:
            yield from self._wanted_among(derived.among, derived.inputs)
            return
        for needed in derived.inputs:
            if needed not in self.facts:
                yield from self._wanted(needed)

    def _wanted_among(self, kind: str, inputs: Iterable[str]) -> Iterator[str]:
        """The addresses of inputs that subjects of a kind do not state."""
        needed = [fact for fact in inputs if subject_of(fact) == kind]
        for other in self.evidence.named(kind):
            lacking = (fact for fact in needed if fact not in self.evidence.subjects[other])
            yield from (address(fact, other.partition(":")[2]) for fact in lacking)


def _shortened(words: str) -> str:
    """The beginning of a long text: a trace says which text was seen, it does not repeat it."""
    line = " ".join(words[: 4 * _SHOWN].split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1].rstrip() + "…"
