"""One finding on trial: what is known, what may be supposed instead, and the outcome that this would give."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal, TypeAlias

from rules.counterfactual.breakpoints import Breakpoints, find_breakpoints
from rules.judging.judge import plain_outcome
from rules.judging.resolved_control import ResolvedControl
from rules.judging.rulebook import Control, GateRules, Rulebook
from rules.language.derived_facts import add_derived_facts
from rules.language.pack_schema import Outcome
from rules.values.evidence import Evidence
from rules.values.facts import CASE, FactKind, FactValue, address_of, kind_of_subject, split_address, subject_kind_of
from rules.values.money import Money

ChangeKind: TypeAlias = Literal["state", "shift", "choose", "restate", "take_out"]
"""`state` what is not known, `shift` an amount, a count or a day, `choose` otherwise, `restate` an amount on another
VAT basis, `take_out` what is stated."""
_UNMET_OUTCOMES: tuple[Outcome, ...] = ("breached", "undetermined")
_CURED_OUTCOMES: frozenset[Outcome] = frozenset(["satisfied", "not_applicable"])
_BREACHED_OUTCOMES: frozenset[Outcome] = frozenset(["breached"])


@dataclass(frozen=True, slots=True)
class FactChange:
    """Another value of one fact, and the outcome that it gives. `to` is None for any value, or, to take out, for none.

    Of a finding that rests on Part 2 no value is kept, of whatever fact (`is_secret`): a boundary could tell it.
    """

    address: str
    kind: ChangeKind
    old_value: FactValue | None = None
    new_value: FactValue | None = None
    outcome: Outcome | None = None
    is_redacted: bool = False

    @property
    def distance(self) -> int:
        """How far a shift goes: in pence, in days, in number; below zero where it goes down."""
        return to_number(self.new_value) - to_number(self.old_value) if self.kind == "shift" else 0


SupposedValues: TypeAlias = Mapping[str, FactValue | None]
"""Values by address that are supposed instead of what is known; None: the fact is not known."""


@dataclass(frozen=True, slots=True)
class CounterfactualContext:
    """What is known, and what may be supposed instead.

    `with_it` tells all that changes where the fact at one address does, itself among it, or nothing where it cannot be
    so. `is_stated` tells of a fact's name whether somebody states it. `recorded` names, for a fact that an act
    records, the stated one that it is recorded from. `memory` keeps what was supposed, since the findings of a control
    on its several subjects ask for the same.
    """

    rulebook: Rulebook
    evidence: Evidence
    implied_values: Callable[[str, FactValue | None], SupposedValues]
    is_stated: Callable[[str], bool]
    recorded_from: Mapping[str, str]
    evidence_cache: dict[tuple[str, str, FactValue | None], Evidence | None] = field(default_factory=dict)


def to_number(value: FactValue | None) -> int:
    """Where a value stands on its scale: an amount by its pence, a day by its ordinal, a count by itself."""
    if isinstance(value, Money):
        return value.pence
    return value.toordinal() if isinstance(value, date) else int(value or 0)


def subject_at(address: str) -> str:
    """The subject that an address is of."""
    return address.partition(".")[0] if split_address(address)[1] else CASE


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
        """What the finding rests on."""
        return self.context.rulebook.rules_for_controls(self.control)

    @cached_property
    def breakpoints(self) -> Breakpoints:
        """The values that cut each fact on which the finding rests."""
        return find_breakpoints(
            self.context.rulebook, self.control, self.relevant_rules, self.subject, self._completed_evidence
        )

    @cached_property
    def turning_outcomes(self) -> frozenset[Outcome]:
        """The outcomes that would turn it."""
        return _CURED_OUTCOMES if self._judge(self._completed_evidence) in _UNMET_OUTCOMES else _BREACHED_OUTCOMES

    @cached_property
    def _relevant_evidence(self) -> Evidence:
        """Of what is known, what matters here: to judge by all of it again and again would take long."""
        heard, kinds, whole = (
            self.relevant_rules.relevant_facts,
            {*self.relevant_rules.subject_kinds, kind_of_subject(self.subject)},
            self.context.evidence,
        )
        subjects = {
            place: _select_facts(facts, heard)
            for place, facts in whole.subjects.items()
            if kind_of_subject(place) in kinds
        }
        return Evidence(_select_facts(whole.case_facts, heard), subjects, whole.exempt)

    @cached_property
    def _completed_evidence(self) -> Evidence:
        return self._add_derived_facts(self._relevant_evidence)

    def suppose(self, address: str, value: FactValue | None) -> Evidence | None:
        """What matters here and all that is worked out, with another value at an address; nothing if that cannot be."""
        memory, asked = self.context.evidence_cache, (self.control.id, address, value)
        if asked not in memory:
            changes = self.context.implied_values(address, value)
            memory[asked] = self._add_derived_facts(self._apply_changes(changes)) if changes else None
        return memory[asked]

    def _apply_changes(self, changes: SupposedValues) -> Evidence:
        own, subjects = dict(self._relevant_evidence.case_facts), dict(self._relevant_evidence.subjects)
        for where, value in changes.items():
            fact, place = split_address(where)[0], subject_at(where)
            if place == CASE:
                own = _with_fact(own, fact, value)
            elif value is None and self.context.evidence.subjects[place].keys() == {fact}:
                del subjects[place]  # nothing else is known of it
            else:
                subjects[place] = _with_fact(subjects[place], fact, value)
        return Evidence(own, subjects, self._relevant_evidence.exempt)

    def _add_derived_facts(self, evidence: Evidence) -> Evidence:
        return add_derived_facts(evidence, self.relevant_rules.derived_facts, self.context.rulebook.law)

    def _judge(self, evidence: Evidence) -> Outcome | None:
        """The outcome by the plain evaluator; None where there is no such subject."""
        if self.subject != CASE and self.subject not in evidence.subjects:
            return None
        facts, settle = evidence.facts_of(self.subject), self.context.rulebook.law.resolve
        conditions, day = (self.control.applies, self.control.requires), self.control.declaration.governed_by
        settled = [settle(condition, facts, day) for condition in conditions]
        return plain_outcome(ResolvedControl(self.control.id, *settled), facts)

    def turning_changes(
        self, address: str, kind: ChangeKind, values: Iterable[FactValue | None]
    ) -> Iterator[FactChange]:
        """The changes to some values at an address that turn the finding."""
        for value in values:
            supposed = self.suppose(address, value)
            outcome = self._judge(supposed) if supposed else None
            if outcome in self.turning_outcomes:
                yield FactChange(address, kind, self.known_value(address), value, outcome)

    def known_value(self, address: str) -> FactValue | None:
        """What is known at an address."""
        return self.context.evidence.facts_of(subject_at(address)).get(split_address(address)[0])

    def fact_kind(self, fact: str) -> FactKind:
        """Of which kind a fact is."""
        return self.context.rulebook.facts[fact].kind

    def statable_addresses(self) -> list[str]:
        """The addresses at which somebody states what the finding rests on, directly or not."""
        names = dict.fromkeys(
            self.context.recorded_from.get(fact, fact) for fact in sorted(self.relevant_rules.relevant_facts)
        )
        stated = filter(self.context.is_stated, names)
        return [address_of(fact, place.partition(":")[2]) for fact in stated for place in self.relevant_subjects(fact)]

    def relevant_subjects(self, fact: str) -> Iterable[str]:
        """The subjects of which a fact can matter: the finding's own, or all of a kind that is looked round among."""
        kind = subject_kind_of(fact)
        is_own = kind == kind_of_subject(self.subject) and kind not in self._compared_kinds
        return [self.subject] if is_own else self.context.evidence.subjects_of_kind(kind)

    @cached_property
    def _compared_kinds(self) -> frozenset[str]:
        return frozenset(derived.related_kind for derived in self.relevant_rules.derived_facts) - {""}

    @cached_property
    def rests_on_part_2(self) -> bool:
        """Whether anything that the finding hangs on is held in Part 2, be it that there is such a subject."""
        evidence = self.context.evidence
        mattering = [place for kind in sorted(self._compared_kinds) for place in evidence.subjects_of_kind(kind)] + [
            self.subject
        ]
        if any(place != CASE and evidence.is_wholly_exempt(place) for place in mattering):
            return True
        return any(
            fact in self.relevant_rules.relevant_facts for place, fact in evidence.exempt if place in (CASE, *mattering)
        )
