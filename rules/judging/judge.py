"""Judging: every control of a gate against the evidence, by both evaluators, with the trace for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from rules.errors import EngineError
from rules.judging import durable_adapter
from rules.judging.durable_adapter import SettledControl
from rules.judging.findings import Finding, Seen, Verdict
from rules.judging.rulebook import Control, Docket, Rulebook
from rules.language.conditions import FactRef, Settled, Term, Unsettled, ValueRef, deciding, expected, missing, truth
from rules.language.derived_facts import DerivedFact, complete
from rules.language.pack_schema import Outcome
from rules.values.evidence import IN_PART_2, Evidence
from rules.values.facts import CASE, SUBJECTS, Facts, FactValue, address, subject_of

KINDS = (CASE, *SUBJECTS)
_SHOWN = 80


@dataclass(frozen=True)
class Judged:
    """What the controls of a gate say of the evidence: every verdict, and in full (on asking) every finding."""

    rulebook: Rulebook
    evidence: Evidence
    said: list[tuple[Verdict, _Heard]]

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The outcome of each control on each subject."""
        return tuple([verdict for verdict, _ in self.said])

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """The verdicts with their traces.

        Exempt facts were weighed, but what they are is not said: the trace shows `IN_PART_2` in their place.
        """
        hidden, of = self.evidence.all_hidden(), self.evidence.of
        traces = {
            subject: _Trace(self.rulebook, self.evidence, subject, of(subject), hidden.get(subject, hidden[CASE]))
            for subject in dict.fromkeys(verdict.subject for verdict, _ in self.said)
        }
        return tuple([traces[verdict.subject].finding(verdict, heard) for verdict, heard in self.said])


def judged(rulebook: Rulebook, gate: str | None, evidence: Evidence) -> Judged:
    """What the controls of a gate say, or all controls where no gate is named.

    Raises `EngineError` where the two evaluators disagree.
    """
    hearing = rulebook.at_gate(gate)
    whole = complete(evidence, hearing.derived, rulebook.law)
    heard = [(kind, hearing.dockets[kind]) for kind in KINDS if kind in hearing.dockets]
    return Judged(rulebook, whole, [one for kind, docket in heard for one in _of_kind(rulebook, docket, whole, kind)])


@dataclass
class _Heard:
    """What both evaluators say of one control on subjects that are alike, whose facts in common are among `facts`.

    Nobody changes one; it is not frozen, as a verdict is not.
    """

    control: Control
    settled: SettledControl
    outcome: Outcome
    facts: Facts
    told: dict[frozenset[str], tuple[Seen, ...]] = field(default_factory=dict)

    def seen_with(self, hidden: frozenset[str], tell: Callable[[Term], Seen]) -> tuple[Seen, ...]:
        """What the deciding tests saw, as `tell` has it of one subject of which some facts are hidden.

        It is the same of all that are alike and hide the same, but for facts of which only was asked if they are known.
        """
        if hidden in self.told:
            return self.told[hidden]
        seen = tuple([tell(term) for term in self.decisive])
        if not any(term.word in ("known", "not_known") for term in self.decisive):
            self.told[hidden] = seen
        return seen

    @cached_property
    def decisive(self) -> tuple[Term, ...]:
        """The tests that gave the outcome: of `when` where the control may not apply, else of `requires`."""
        if self.outcome == "not_applicable":
            return deciding(self.settled.applies, self.facts)
        if self.outcome != "undetermined":
            return deciding(self.settled.requires, self.facts)
        sides = (self.settled.applies, self.settled.requires)
        unknown = (side for side in sides if truth(side, self.facts) is None)
        return tuple(dict.fromkeys(term for side in unknown for term in deciding(side, self.facts)))


def _of_kind(rulebook: Rulebook, docket: Docket, evidence: Evidence, kind: str) -> Iterator[tuple[Verdict, _Heard]]:
    """The verdicts on each subject of a kind, in order; subjects alike in all that is asked are judged once."""
    found: dict[object, list[_Heard]] = {}
    for subject in evidence.named(kind):
        alike = () if kind == CASE else docket.likeness(evidence.subjects[subject])
        if alike not in found:
            found[alike] = list(_of_subject(rulebook, docket, subject, evidence.of(subject)))
        for heard in found[alike]:
            yield Verdict(heard.control.id, subject, heard.outcome, heard.control.declared.severity), heard


def _of_subject(rulebook: Rulebook, docket: Docket, subject: str, facts: Facts) -> Iterator[_Heard]:
    """The outcome of each control on one subject, as both evaluators have it."""
    dated = {control.id: rulebook.settled(control, facts) for control in docket.dated}
    second = durable_adapter.outcomes(docket.undated, facts) | durable_adapter.outcomes(tuple(dated.values()), facts)
    for control in docket.controls:
        settled = dated[control.id] if control.is_dated else control.undated
        outcome = plain_outcome(settled, facts)
        if second[control.id] != outcome:
            told = f"{outcome} or {second[control.id]}"
            raise EngineError(f"the evaluators disagree about {control.id} of {subject}: {told}")
        yield _Heard(control, settled, outcome, facts)


def plain_outcome(control: SettledControl, facts: Facts) -> Outcome:
    """The outcome of one control by the plain evaluator, which is the definition."""
    applies = control.applies.holds_of(facts)
    if applies is False:
        return "not_applicable"
    holds = control.requires.holds_of(facts)
    if applies is None or holds is None:
        return "undetermined"
    return "satisfied" if holds else "breached"


@dataclass(frozen=True, slots=True)
class _Trace:
    """Says of one subject what its controls saw, without a word of what is exempt (`hidden`)."""

    rulebook: Rulebook
    evidence: Evidence
    subject: str
    facts: Facts
    hidden: frozenset[str]

    def finding(self, verdict: Verdict, heard: _Heard) -> Finding:
        """A verdict in full, with the tests that gave its outcome."""
        lacking = self._lacking(heard.decisive) if verdict.outcome == "undetermined" else ()
        declared, said = heard.control.declared, (verdict.control, verdict.subject, verdict.outcome, verdict.severity)
        seen = heard.seen_with(self.hidden, self._seen)
        cure = self._cure(heard.control, lacking)
        return Finding(*said, declared.requirement, seen, lacking, declared.citation, declared.wrong, cure)

    def _seen(self, term: Term) -> Seen:
        return Seen(term.fact, self._expected(term), self._actual(term.fact))

    def _lacking(self, decisive: tuple[Term, ...]) -> tuple[str, ...]:
        """What would settle a control that some tests leave undetermined."""
        return tuple(dict.fromkeys(wanted for term in decisive for wanted in self._missing(term)))

    def _cure(self, control: Control, lacking: tuple[str, ...]) -> str:
        """What to do: for a control that nobody can tell, first to state what is missing.

        A fact that is worked out is never to be stated; what it rests on is to be looked at. Nor is one that an act
        records.
        """
        if not lacking:
            return control.declared.cure.replace("{subject}", self.subject)
        unset = [what for what in lacking if what.partition(" ")[0] in self.rulebook.law.values]
        if unset:
            return f"Have the law brought up to date: nobody can tell without {', '.join(unset)}."
        return " ".join(self._brought_to_light(lacking, self.subject.partition(":")[2]))

    def _brought_to_light(self, lacking: tuple[str, ...], key: str) -> Iterator[str]:
        """How each fact that is missing comes to be known: one sentence for those to state, one for each other."""
        stuck = {fact.name: self._stuck(fact, key) for fact in self.rulebook.derived if fact.name in lacking}
        recorded = [fact for fact in lacking if fact in self.rulebook.given]
        if stated := [address(fact, key) for fact in lacking if fact not in {*stuck, *recorded}]:
            yield f"State {', '.join(stated)}."
        yield from stuck.values()
        yield from (f"{fact} is recorded by the act itself: nobody states it." for fact in recorded)

    def _stuck(self, derived: DerivedFact, key: str) -> str:
        """That a fact cannot be worked out although all that it rests on is known, and what that is."""
        own = subject_of(derived.name)
        inputs = dict.fromkeys(address(fact, key) if subject_of(fact) == own else fact for fact in derived.inputs)
        look = f": look at {', '.join(inputs)}" if inputs else ""
        return f"Nobody can work out {address(derived.name, key)}{look}."

    def _actual(self, fact: str) -> str | None:
        """What a fact is, in words; None while it is not known."""
        value = self.facts.get(fact)
        if value is None or fact in self.hidden:
            return None if value is None else IN_PART_2
        is_text = self.rulebook.facts[fact].kind == "text"
        return _shortened(str(value)) if is_text else _said(self.rulebook, fact, value)

    def _expected(self, term: Term) -> str:
        """What a test asks. A figure that an exempt fact picked is left out, as it would tell that fact."""
        right = term.right
        if isinstance(right, FactRef):
            return _asked(self.rulebook, term, None if right.fact in self.hidden else self.facts.get(right.fact))
        if isinstance(right, Settled) and not self.hidden.isdisjoint(right.picked_by):
            return _asked(self.rulebook, Term(term.fact, term.word, ValueRef(right.value)), None)
        return _asked(self.rulebook, term, None)

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
        for needed in derived.inputs:
            if needed not in self.facts and subject_of(needed) != derived.among:
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


@lru_cache(maxsize=4096)
def _said(rulebook: Rulebook, fact: str, value: FactValue) -> str:
    """A value in words: the case's own are told of each of its subjects."""
    return rulebook.facts[fact].say(value)


@lru_cache(maxsize=4096)
def _asked(rulebook: Rulebook, term: Term, beside: FactValue | None) -> str:
    """What a test asks, beside another fact where it asks of one that is known."""
    facts = {term.right.fact: beside} if isinstance(term.right, FactRef) and beside is not None else {}
    return expected(term, rulebook.facts, facts)
