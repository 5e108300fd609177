"""One finding on trial: what is known, what may be supposed instead, and the outcome that would follow.

A change turns a finding that is breached or undetermined where it gives `satisfied` or `not_applicable`; it turns any
other finding where it gives `breached`. Suppositions are judged by the plain evaluator alone, since no gate opens by
one, and nothing here changes the evidence it was given.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal, TypeAlias

from rules.counterfactual.breakpoints import Breakpoints, find_breakpoints
from rules.judging.judge import plain_outcome
from rules.judging.rulebook import Control, GateRules, Rulebook
from rules.language.derived_facts import add_derived_facts
from rules.language.schema_types import Outcome
from rules.values.evidence import Evidence
from rules.values.facts import (
    CASE,
    FactKind,
    FactValue,
    key_of_subject,
    kind_of_subject,
    split_address,
    subject_of_address,
)
from rules.values.money import Money

ChangeKind: TypeAlias = Literal["state", "shift", "choose", "restate", "take_out"]
"""`state` an unknown fact, `shift` an amount, a count or a day, `choose` another flag, choice or text, `restate` an
amount on another VAT basis, `take_out` a stated fact."""
_UNMET_OUTCOMES: tuple[Outcome, ...] = ("breached", "undetermined")
_CURED_OUTCOMES: frozenset[Outcome] = frozenset(["satisfied", "not_applicable"])
_BREACHED_OUTCOMES: frozenset[Outcome] = frozenset(["breached"])


@dataclass(frozen=True, slots=True)
class FactChange:
    """Another value of one fact, and the outcome that it gives.

    `new_value` is None where any value gives it, and for `take_out`. A change `is_redacted` where the finding depends
    on Part 2: it has no values then, of whatever fact, because a boundary could reveal an exempt one.
    """

    address: str
    kind: ChangeKind
    old_value: FactValue | None = None
    new_value: FactValue | None = None
    outcome: Outcome | None = None
    is_redacted: bool = False

    @property
    def distance(self) -> int:
        """How far a shift goes, in pence, days or units; negative where it goes down."""
        return to_number(self.new_value) - to_number(self.old_value) if self.kind == "shift" else 0


SupposedValues: TypeAlias = Mapping[str, FactValue | None]
"""Supposed values by address; None supposes that the fact is unknown."""


@dataclass(frozen=True, slots=True)
class CounterfactualContext:
    """What is known, and what may be supposed instead.

    `implied_values` gives all that changes with the fact at one address, itself included; nothing where the value is
    impossible. `is_stated` is whether a paper or an act states a fact. `recorded_from` names, for a fact that an act
    records, the stated fact that it copies. `evidence_cache` is shared by a control's findings on several subjects, and
    emptied for the next control.
    """

    rulebook: Rulebook
    evidence: Evidence
    implied_values: Callable[[str, FactValue | None], SupposedValues]
    is_stated: Callable[[str], bool]
    recorded_from: Mapping[str, str]
    evidence_cache: dict[tuple[str, str, FactValue | None], Evidence | None] = field(default_factory=dict)


def to_number(value: FactValue | None) -> int:
    """A value as a number: an amount in pence, a day as its ordinal, a count as it is."""
    if isinstance(value, Money):
        return value.pence
    return value.toordinal() if isinstance(value, date) else int(value or 0)


def _select_facts(facts: Mapping[str, FactValue], names: Collection[str]) -> dict[str, FactValue]:
    return {fact: value for fact, value in facts.items() if fact in names}


def _with_fact(facts: Mapping[str, FactValue], fact: str, value: FactValue | None) -> dict[str, FactValue]:
    others = {name: known for name, known in facts.items() if name != fact}
    return others if value is None else others | {fact: value}


@dataclass(frozen=True)
class Trial:
    """The finding of one control on one subject, judged again under suppositions."""

    context: CounterfactualContext
    control: Control
    subject: str

    @cached_property
    def relevant_rules(self) -> GateRules:
        """The control, and all that it depends on."""
        return self.context.rulebook.rules_for_controls(self.control)

    @cached_property
    def breakpoints(self) -> Breakpoints:
        """The breakpoints of each fact that the finding depends on."""
        return find_breakpoints(
            self.context.rulebook, self.control, self.relevant_rules, self.subject, self._completed_evidence
        )

    @cached_property
    def turning_outcomes(self) -> frozenset[Outcome]:
        """The outcomes that turn the finding."""
        return _CURED_OUTCOMES if self._judge(self._completed_evidence) in _UNMET_OUTCOMES else _BREACHED_OUTCOMES

    @cached_property
    def _relevant_evidence(self) -> Evidence:
        # The evidence is completed again for each supposition: all of it would take too long.
        evidence, relevant_facts = self.context.evidence, self.relevant_rules.relevant_facts
        kinds = {*self.relevant_rules.subject_kinds, kind_of_subject(self.subject)}
        subjects = {
            subject: _select_facts(facts, relevant_facts)
            for subject, facts in evidence.subjects.items()
            if kind_of_subject(subject) in kinds
        }
        return Evidence(_select_facts(evidence.case_facts, relevant_facts), subjects, evidence.exempt)

    @cached_property
    def _completed_evidence(self) -> Evidence:
        return self._add_derived_facts(self._relevant_evidence)

    def suppose(self, address: str, value: FactValue | None) -> Evidence | None:
        """The relevant evidence with another value at an address, derived facts included; None where impossible."""
        cache, key = self.context.evidence_cache, (self.control.id, address, value)
        if key not in cache:
            if cache and next(iter(cache))[0] != self.control.id:
                cache.clear()  # what is supposed for every control takes hundreds of megabytes
            changes = self.context.implied_values(address, value)
            cache[key] = self._add_derived_facts(self._apply_changes(changes)) if changes else None
        return cache[key]

    def _apply_changes(self, changes: SupposedValues) -> Evidence:
        case_facts, subjects = dict(self._relevant_evidence.case_facts), dict(self._relevant_evidence.subjects)
        for address, value in changes.items():
            fact, subject = split_address(address)[0], subject_of_address(address)
            if subject == CASE:
                case_facts = _with_fact(case_facts, fact, value)
            elif value is None and self.context.evidence.subjects[subject].keys() == {fact}:
                # A subject is known by its facts: without the only one there is no such subject.
                del subjects[subject]
            else:
                subjects[subject] = _with_fact(subjects[subject], fact, value)
        return Evidence(case_facts, subjects, self._relevant_evidence.exempt)

    def _add_derived_facts(self, evidence: Evidence) -> Evidence:
        return add_derived_facts(evidence, self.relevant_rules.derived_facts, self.context.rulebook.law)

    def _judge(self, evidence: Evidence) -> Outcome | None:
        """The outcome by the plain evaluator; None where there is no such subject."""
        if self.subject != CASE and self.subject not in evidence.subjects:
            return None
        facts = evidence.facts_of(self.subject)
        return plain_outcome(self.context.rulebook.resolve_control(self.control, facts), facts)

    def turning_changes(
        self, address: str, kind: ChangeKind, values: Iterable[FactValue | None]
    ) -> Iterator[FactChange]:
        """Those changes, of an address to some values, that turn the finding."""
        for value in values:
            supposed = self.suppose(address, value)
            outcome = self._judge(supposed) if supposed else None
            if outcome in self.turning_outcomes:
                yield FactChange(address, kind, self.known_value(address), value, outcome)

    def known_value(self, address: str) -> FactValue | None:
        """The known value at an address, if any."""
        return self.context.evidence.facts_of(subject_of_address(address)).get(split_address(address)[0])

    def fact_kind(self, fact: str) -> FactKind:
        """The declared kind of a fact."""
        return self.context.rulebook.facts[fact].kind

    def statable_addresses(self) -> list[str]:
        """The addresses of the stated facts that the finding depends on, directly or not."""
        names = dict.fromkeys(
            self.context.recorded_from.get(fact, fact) for fact in sorted(self.relevant_rules.relevant_facts)
        )
        return [
            self.context.rulebook.facts.address_of(fact, key_of_subject(subject))
            for fact in filter(self.context.is_stated, names)
            for subject in self.relevant_subjects(fact)
        ]

    def relevant_subjects(self, fact: str) -> Iterable[str]:
        """The subjects whose fact can matter: the finding's own, or all of a kind that a derived fact compares."""
        kind = self.context.rulebook.facts.subject_kind_of(fact)
        is_own = kind == kind_of_subject(self.subject) and kind not in self._compared_kinds
        return [self.subject] if is_own else self.context.evidence.subjects_of_kind(kind)

    @cached_property
    def _compared_kinds(self) -> frozenset[str]:
        return frozenset(derived.related_kind for derived in self.relevant_rules.derived_facts) - {""}

    @cached_property
    def rests_on_part_2(self) -> bool:
        """Whether the finding depends on anything held in Part 2, even the existence of a subject."""
        evidence, relevant_facts = self.context.evidence, self.relevant_rules.relevant_facts
        subjects = {self.subject}.union(*map(evidence.subjects_of_kind, self._compared_kinds))
        if any(subject != CASE and evidence.is_wholly_exempt(subject) for subject in subjects):
            return True
        return any(fact in relevant_facts for subject, fact in evidence.exempt if subject in {CASE, *subjects})
