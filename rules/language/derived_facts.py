"""Derive facts from others, by a closed set of functions, in dependency order.

- A derived fact is unknown while an input that it needs is unknown.
- A derived fact that rests on an exempt fact, or on subjects that may be exempt, is exempt.
- What somebody states in the place of a derived fact does not count.
- Of a case that was decided elsewhere, a derived fact that rests on what its source does not carry is unknown, or known
  within bounds: see `rules.language.partial_derivation`. A source can ask for a derived fact by its name: then it shows
  every subject that the fact looks at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rules.language.conditions import Condition
from rules.language.derivation_context import DerivationContext, DerivationFunction, DerivedFact, Matches
from rules.language.law import Law
from rules.language.partial_derivation import derive_partly, is_answered
from rules.values.bounds import ENDING, plain_name
from rules.values.evidence import Evidence
from rules.values.facts import CASE, Facts, FactValue, kind_of_subject
from rules.values.money import Money, sum_money


def add_derived_facts(evidence: Evidence, derived_facts: tuple[DerivedFact, ...], law: Law) -> Evidence:
    """Return new evidence with every derived fact that can be computed.

    `derived_facts` must be in dependency order.
    """
    if not derived_facts and not evidence.subjects:
        return evidence  # small gates derive nothing, and a copy would take as long as judging a control
    state = _DerivationState.from_evidence(evidence, frozenset(derived.name for derived in derived_facts))
    if evidence.asked is None:
        asked = None
        _derive_from_own_record(state, derived_facts, law)
    else:
        asked = _derive_from_source(state, derived_facts, law, evidence.asked)
    state.hand_down()
    return Evidence(state.case_facts, state.subjects, frozenset(state.exempt), state.subjects_by_kind, asked)


def facts_resting_on(derived_facts: tuple[DerivedFact, ...], names: Iterable[str]) -> tuple[DerivedFact, ...]:
    """Return those of some derived facts that rest on facts of some names, themselves or through others, in order."""
    changed, found = set(names), list[DerivedFact]()
    for derived in derived_facts:
        if not changed.isdisjoint(derived.inputs):
            changed.add(derived.name)
            found.append(derived)
    return tuple(found)


def derive_again(
    completed: Evidence,
    changes: Mapping[tuple[str, str], FactValue | None],
    derived_facts: tuple[DerivedFact, ...],
    again: tuple[DerivedFact, ...],
    law: Law,
) -> Evidence:
    """Return what `add_derived_facts` gives after some changes, from what it gave before them.

    Args: `changes` are new values by subject and stated fact (None: no value); they add no subject and take none away.
    `again` are those of `derived_facts` whose value may differ: `facts_resting_on` finds them. The evidence is that of
    our own record.
    """
    state = _DerivationState.from_completed(completed, frozenset(derived.name for derived in derived_facts))
    state.take_out(again)
    state.change(changes)
    _derive_from_own_record(state, again, law)
    state.hand_down()
    return Evidence(state.case_facts, state.subjects, frozenset(state.exempt), state.subjects_by_kind)


def _derive_from_own_record(state: _DerivationState, derived_facts: tuple[DerivedFact, ...], law: Law) -> None:
    """Add what can be derived of a record that asks for everything."""
    match_cache: dict[tuple[int, str], Matches] = {}
    text_cache: dict[tuple[str, tuple[str, ...]], tuple[tuple[str, str], ...]] = {}
    contexts: dict[tuple[str, str], DerivationContext] = {}
    for derived in derived_facts:
        subjects = state.subjects_by_kind.get(derived.subject_kind)
        if not subjects:
            continue
        looks_at_subjects = derived.subject_kind != CASE or bool(derived.related_kind)
        if looks_at_subjects:
            state.hand_down_what_is_read(derived)
        selects = (derived.governed_by, derived.related_kind)
        context = contexts.get(selects)
        if context is None:
            context = DerivationContext(state.subjects_by_kind, law, *selects, match_cache, text_cache=text_cache)
            contexts[selects] = context
        uses_exempt_input = state.may_use_exempt_input(derived)
        searches_exempt = looks_at_subjects and state.searches_exempt_subjects(derived)
        compute, name = derived.compute, derived.name
        for subject, facts in subjects.items():
            value = compute(context, facts)
            if value is not None:
                state.add_value(subject, name, value, facts)
                if searches_exempt or uses_exempt_input:
                    state.mark_if_exempt(subject, derived, searches_exempt=searches_exempt)


def _derive_from_source(
    state: _DerivationState, derived_facts: tuple[DerivedFact, ...], law: Law, asked_by_source: frozenset[str]
) -> frozenset[str]:
    """Add what can be derived of a case decided elsewhere, and return what its source answers."""
    match_cache: dict[tuple[int, str], Matches] = {}
    text_cache: dict[tuple[str, tuple[str, ...]], tuple[tuple[str, str], ...]] = {}
    asked = set(asked_by_source.difference(each.name for each in derived_facts))
    for derived in derived_facts:
        state.hand_down_what_is_read(derived)
        searches_exempt = state.searches_exempt_subjects(derived)
        may_be_exempt = searches_exempt or state.may_use_exempt_input(derived)
        shown = {*asked, derived.related_kind} if derived.name in asked_by_source else asked
        context = DerivationContext(
            state.subjects_by_kind, law, derived.governed_by, derived.related_kind, match_cache, shown, text_cache
        )
        for subject, facts in state.subjects_by_kind.get(derived.subject_kind, {}).items():
            if values := derive_partly(derived, context, facts):
                for name, value in values.items():
                    state.add_value(subject, name, value, facts)
                state.hand_down()  # bounds have other names than the inputs of a derived fact
                if may_be_exempt:
                    state.mark_if_exempt(subject, derived, searches_exempt=searches_exempt)
        if is_answered(derived, state.subjects_by_kind, shown):
            asked.add(derived.name)
    return frozenset(asked)


@dataclass(frozen=True, slots=True)
class _DerivationState:
    """What is known while facts are derived; changed in place.

    `subjects_by_kind` has the facts of each subject together with those of its case. `exempt_names` are the facts that
    are exempt for any subject. `kinds_with_exempt_subject` are the kinds with a subject that is wholly exempt. Facts of
    the case are handed down to its subjects of a kind together, before a fact is derived that reads them there.
    """

    case_facts: dict[str, FactValue]
    subjects: dict[str, dict[str, FactValue]]
    exempt: set[tuple[str, str]]
    exempt_names: set[str]
    kinds_with_exempt_subject: frozenset[str]
    subjects_by_kind: dict[str, dict[str, dict[str, FactValue]]]
    to_hand_down: dict[str, dict[str, FactValue]]

    @classmethod
    def from_evidence(cls, evidence: Evidence, derived_names: frozenset[str]) -> _DerivationState:
        """Copy the evidence without stated values of derived facts."""
        case_facts = _without_names(evidence.case_facts, derived_names)
        subjects = {
            subject: _without_names(evidence.subjects[subject], derived_names) for subject in sorted(evidence.subjects)
        }
        subjects_by_kind: dict[str, dict[str, dict[str, FactValue]]] = {CASE: {CASE: case_facts}}
        for subject, facts in subjects.items():
            subjects_by_kind.setdefault(kind_of_subject(subject), {})[subject] = {**case_facts, **facts}
        hidden_kinds = frozenset(map(kind_of_subject, evidence.hidden_subjects()))
        exempt = {(subject, fact) for subject, fact in evidence.exempt if fact not in derived_names}
        to_hand_down: dict[str, dict[str, FactValue]] = {kind: {} for kind in subjects_by_kind if kind != CASE}
        exempt_names = {fact for _, fact in exempt}
        return cls(case_facts, subjects, exempt, exempt_names, hidden_kinds, subjects_by_kind, to_hand_down)

    @classmethod
    def from_completed(cls, completed: Evidence, derived_names: frozenset[str]) -> _DerivationState:
        """Copy evidence that has its derived facts."""
        case_facts = dict(completed.case_facts)
        subjects = {subject: dict(completed.subjects[subject]) for subject in sorted(completed.subjects)}
        subjects_by_kind: dict[str, dict[str, dict[str, FactValue]]] = {CASE: {CASE: case_facts}}
        for subject in subjects:
            subjects_by_kind.setdefault(kind_of_subject(subject), {})[subject] = dict(completed.facts_of(subject))
        exempt = set(completed.exempt)
        hidden = frozenset(kind_of_subject(name) for name in completed.hidden_subjects(besides=derived_names))
        to_hand_down: dict[str, dict[str, FactValue]] = {kind: {} for kind in subjects_by_kind if kind != CASE}
        return cls(case_facts, subjects, exempt, {fact for _, fact in exempt}, hidden, subjects_by_kind, to_hand_down)

    def take_out(self, derived_facts: Iterable[DerivedFact]) -> None:
        """Take out some derived facts, and what was marked of them."""
        names = frozenset(derived.name for derived in derived_facts)
        holders = [self.case_facts, *self.subjects.values()]
        holders += [facts for kind, those in self.subjects_by_kind.items() if kind != CASE for facts in those.values()]
        for facts in holders if names else ():
            for name in names.intersection(facts):
                del facts[name]
        if not self.exempt_names.isdisjoint(names):
            self.exempt.difference_update([mark for mark in self.exempt if mark[1] in names])
            self.exempt_names.difference_update(names)

    def change(self, changes: Mapping[tuple[str, str], FactValue | None]) -> None:
        """Give stated facts other values, or none."""
        for (subject, fact), value in changes.items():
            if subject == CASE:
                holders = [facts for those in self.subjects_by_kind.values() for facts in those.values()]
            else:
                holders = [self.subjects[subject], self.subjects_by_kind[kind_of_subject(subject)][subject]]
            for facts in holders:
                if value is None:
                    facts.pop(fact, None)
                else:
                    facts[fact] = value

    def add_value(self, subject: str, name: str, value: FactValue, facts: dict[str, FactValue]) -> None:
        """Add a fact, or a bound of it, to its subject, or to all if the case's; `facts` are those of the subject."""
        facts[name] = value
        if subject != CASE:
            self.subjects[subject][name] = value
        else:
            for pending in self.to_hand_down.values():
                pending[name] = value

    def hand_down_what_is_read(self, derived: DerivedFact) -> None:
        """Give subjects the facts of the case that a derived fact may read of them."""
        for kind in {derived.subject_kind, derived.related_kind}:
            pending = self.to_hand_down.get(kind)
            if pending and not pending.keys().isdisjoint(derived.inputs):
                self._hand_down_to(kind, pending)

    def hand_down(self) -> None:
        """Give all subjects the facts of the case that were derived since the last time."""
        for kind, pending in self.to_hand_down.items():
            self._hand_down_to(kind, pending)

    def _hand_down_to(self, kind: str, pending: dict[str, FactValue]) -> None:
        for facts in self.subjects_by_kind[kind].values() if pending else ():
            facts.update(pending)
        pending.clear()

    def mark_if_exempt(self, subject: str, derived: DerivedFact, *, searches_exempt: bool) -> None:
        """Mark a derived fact as exempt if an input or a subject that it looks at is."""
        if searches_exempt or self._uses_exempt_input(subject, derived):
            self.exempt.add((subject, derived.name))
            self.exempt_names.add(derived.name)

    def searches_exempt_subjects(self, derived: DerivedFact) -> bool:
        """Return whether a function looks at a subject that is exempt in an input, or as a whole."""
        if derived.related_kind not in self.subjects_by_kind:
            return False
        if derived.related_kind in self.kinds_with_exempt_subject:
            return True
        subjects = (subject for subject, fact in self.exempt if fact in derived.inputs)
        return self.may_use_exempt_input(derived) and any(
            kind_of_subject(subject) in (CASE, derived.related_kind) for subject in subjects
        )

    def may_use_exempt_input(self, derived: DerivedFact) -> bool:
        """Return whether an input is exempt for any subject: a quick test."""
        return not self.exempt_names.isdisjoint(derived.inputs)

    def _uses_exempt_input(self, subject: str, derived: DerivedFact) -> bool:
        """Return whether an input is exempt for a subject or the case."""
        return any((subject, fact) in self.exempt or (CASE, fact) in self.exempt for fact in derived.inputs)


def _without_names(facts: Facts, names: frozenset[str]) -> dict[str, FactValue]:
    return {
        fact: value
        for fact, value in facts.items()
        if fact not in names and (ENDING not in fact or plain_name(fact) not in names)
    }


def sum_of(names: tuple[str, ...]) -> DerivationFunction:
    """Add counts, or amounts on one VAT basis."""

    def compute(_: DerivationContext, facts: Facts) -> FactValue | None:
        values = [facts[name] for name in names if name in facts]
        return _sum(values) if len(values) == len(names) else None

    return compute


def _sum(values: list[FactValue]) -> FactValue | None:
    amounts = [value for value in values if isinstance(value, Money)]
    return sum_money(amounts) if amounts else sum(int(value) for value in values if isinstance(value, int))


def percent_of(part: str, whole: str) -> DerivationFunction:
    """Compute one count as a percentage of another, to the nearest whole number; a half rounds up."""

    def compute(_: DerivationContext, facts: Facts) -> FactValue | None:
        numerator, denominator = facts.get(part), facts.get(whole)
        if not isinstance(numerator, int) or not isinstance(denominator, int) or denominator == 0:
            return None
        return (200 * numerator + denominator) // (2 * denominator)  # doubled, so that a half rounds up

    return compute


def share_of(whole: str, parts_value: str, divisor_value: str) -> DerivationFunction:
    """Compute so many parts of a count, rounded up; both numbers are dated values.

    Two thirds of 10 are 7: a count reaches this number exactly if it is no less than two thirds of the whole.
    """

    def compute(context: DerivationContext, facts: Facts) -> FactValue | None:
        count = facts.get(whole)
        parts, divisor = (context.figure_in_force(value, facts) for value in (parts_value, divisor_value))
        if not isinstance(count, int) or not isinstance(parts, int) or not isinstance(divisor, int) or divisor < 1:
            return None
        return -(-count * parts // divisor)

    return compute


def look_up(values: tuple[str, ...]) -> DerivationFunction:
    """Look up a dated value in force for the subject; of several, the first that is set for it."""
    return lambda context, facts: context.first_figure_in_force(values, facts)


def count_subjects(
    condition: Condition | None = None, *, own_fact: str = "", paired_fact: str = ""
) -> DerivationFunction:
    """Count the related subjects for which a condition holds.

    The count is unknown while the condition is unknown for one of them. With `own_fact`, a subject counts only those
    whose `paired_fact` has the value of its own `own_fact`.
    """

    def compute(context: DerivationContext, facts: Facts) -> FactValue | None:
        if own_fact:
            return _count_sharing(context.matching(paired_fact, condition), facts.get(own_fact))
        subjects = context.related_subjects()
        if condition is None:
            return len(subjects)
        truths = list(map(context.evaluator(condition), subjects))
        return None if None in truths else truths.count(True)

    return compute


def _count_sharing(matches: Matches, shared: FactValue | None) -> FactValue | None:
    """Count the matches that share a value; unknown while another subject may be one more."""
    if shared is None:
        return None if matches else 0
    sharing = matches.get(shared, ())
    has_possible_match = None in matches or any(holds is None for _, holds in sharing)
    return None if has_possible_match else len(sharing)


def counterpart(wanted_fact: str, shared_fact: str, condition: Condition) -> DerivationFunction:
    """Take a fact of the one matching other subject.

    It matches if it shares a fact with this one and meets the condition. The result is unknown if several match, or if
    it is unknown whether one does.
    """

    def compute(context: DerivationContext, facts: Facts) -> FactValue | None:
        shared = facts.get(shared_fact)
        sharing = context.matching(shared_fact, condition).get(shared, ()) if shared is not None else ()
        others = [(other_facts, holds) for other_facts, holds in sharing if other_facts is not facts]
        only_other, holds = others[0] if len(others) == 1 else ({}, False)
        return only_other.get(wanted_fact) if holds else None

    return compute
