"""One finding on trial: what is known, what may be supposed instead, and the outcome that this would give."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal, TypeAlias

from rules.counterfactual.breakpoints import Cuts, cuts_of
from rules.judging.durable_adapter import SettledControl
from rules.judging.judge import plain_outcome
from rules.judging.rulebook import Control, Hearing, Rulebook
from rules.language.derived_facts import complete
from rules.language.pack_schema import Outcome
from rules.values.evidence import Evidence
from rules.values.facts import CASE, FactValue, Kind, address, kind_of, split_address, subject_of
from rules.values.money import Money

How: TypeAlias = Literal["state", "shift", "choose", "restate", "take_out"]
"""`state` what is not known, `shift` an amount, a count or a day, `choose` otherwise, `restate` an amount on another
VAT basis, `take_out` what is stated."""
_OPEN: tuple[Outcome, ...] = ("breached", "undetermined")
_CURED: frozenset[Outcome] = frozenset(["satisfied", "not_applicable"])
_MISSED: frozenset[Outcome] = frozenset(["breached"])


@dataclass(frozen=True, slots=True)
class Change:
    """Another value of one fact, and the outcome that it gives. `to` is None for any value, or, to take out, for none.

    Of a finding that rests on Part 2 no value is kept, of whatever fact (`is_secret`): a boundary could tell it.
    """

    where: str
    how: How
    before: FactValue | None = None
    to: FactValue | None = None
    outcome: Outcome | None = None
    is_secret: bool = False

    @property
    def distance(self) -> int:
        """How far a shift goes: in pence, in days, in number; below zero where it goes down."""
        return number(self.to) - number(self.before) if self.how == "shift" else 0


Supposed: TypeAlias = Mapping[str, FactValue | None]
"""Values by address that are supposed instead of what is known; None: the fact is not known."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known, and what may be supposed instead.

    `with_it` tells all that changes where the fact at one address does, itself among it, or nothing where it cannot be
    so. `is_stated` tells of a fact's name whether somebody states it. `recorded` names, for a fact that an act
    records, the stated one that it is recorded from. `memory` keeps what was supposed, since the findings of a control
    on its several subjects ask for the same.
    """

    rulebook: Rulebook
    evidence: Evidence
    with_it: Callable[[str, FactValue | None], Supposed]
    is_stated: Callable[[str], bool]
    recorded: Mapping[str, str]
    memory: dict[tuple[str, str, FactValue | None], Evidence | None] = field(default_factory=dict)


def number(value: FactValue | None) -> int:
    """Where a value stands on its scale: an amount by its pence, a day by its ordinal, a count by itself."""
    if isinstance(value, Money):
        return value.pence
    return value.toordinal() if isinstance(value, date) else int(value or 0)


def place_of(where: str) -> str:
    """The subject that an address is of."""
    return where.partition(".")[0] if split_address(where)[1] else CASE


def _only(facts: Mapping[str, FactValue], names: Collection[str]) -> dict[str, FactValue]:
    return {fact: value for fact, value in facts.items() if fact in names}


def _set(facts: Mapping[str, FactValue], fact: str, value: FactValue | None) -> dict[str, FactValue]:
    others = {name: known for name, known in facts.items() if name != fact}
    return others if value is None else others | {fact: value}


@dataclass(frozen=True)
class Trial:
    """The finding of one control on one subject, judged again under suppositions."""

    situation: Situation
    control: Control
    subject: str

    @cached_property
    def hearing(self) -> Hearing:
        """What the finding rests on."""
        return self.situation.rulebook.hearing_of(self.control)

    @cached_property
    def cuts(self) -> Cuts:
        """The values that cut each fact on which the finding rests."""
        return cuts_of(self.situation.rulebook, self.control, self.hearing, self.subject, self._whole)

    @cached_property
    def wanted(self) -> frozenset[Outcome]:
        """The outcomes that would turn it."""
        return _CURED if self._outcome(self._whole) in _OPEN else _MISSED

    @cached_property
    def _known(self) -> Evidence:
        """Of what is known, what matters here: to judge by all of it again and again would take long."""
        heard, kinds, whole = self.hearing.facts, {*self.hearing.kinds, kind_of(self.subject)}, self.situation.evidence
        subjects = {place: _only(facts, heard) for place, facts in whole.subjects.items() if kind_of(place) in kinds}
        return Evidence(_only(whole.own, heard), subjects, whole.exempt)

    @cached_property
    def _whole(self) -> Evidence:
        return self._worked_out(self._known)

    def suppose(self, where: str, value: FactValue | None) -> Evidence | None:
        """What matters here and all that is worked out, with another value at an address; nothing if that cannot be."""
        memory, asked = self.situation.memory, (self.control.id, where, value)
        if asked not in memory:
            changes = self.situation.with_it(where, value)
            memory[asked] = self._worked_out(self._changed(changes)) if changes else None
        return memory[asked]

    def _changed(self, changes: Supposed) -> Evidence:
        own, subjects = dict(self._known.own), dict(self._known.subjects)
        for where, value in changes.items():
            fact, place = split_address(where)[0], place_of(where)
            if place == CASE:
                own = _set(own, fact, value)
            elif value is None and self.situation.evidence.subjects[place].keys() == {fact}:
                del subjects[place]  # nothing else is known of it
            else:
                subjects[place] = _set(subjects[place], fact, value)
        return Evidence(own, subjects, self._known.exempt)

    def _worked_out(self, evidence: Evidence) -> Evidence:
        return complete(evidence, self.hearing.derived, self.situation.rulebook.law)

    def _outcome(self, evidence: Evidence) -> Outcome | None:
        """The outcome by the plain evaluator; None where there is no such subject."""
        if self.subject != CASE and self.subject not in evidence.subjects:
            return None
        facts, settle = evidence.of(self.subject), self.situation.rulebook.law.settle
        conditions, day = (self.control.applies, self.control.requires), self.control.declared.governed_by
        settled = [settle(condition, facts, day) for condition in conditions]
        return plain_outcome(SettledControl(self.control.id, *settled), facts)

    def turning(self, where: str, how: How, values: Iterable[FactValue | None]) -> Iterator[Change]:
        """The changes to some values at an address that turn the finding."""
        for value in values:
            supposed = self.suppose(where, value)
            outcome = self._outcome(supposed) if supposed else None
            if outcome in self.wanted:
                yield Change(where, how, self.known(where), value, outcome)

    def known(self, where: str) -> FactValue | None:
        """What is known at an address."""
        return self.situation.evidence.of(place_of(where)).get(split_address(where)[0])

    def kind(self, fact: str) -> Kind:
        """Of which kind a fact is."""
        return self.situation.rulebook.facts[fact].kind

    def addresses(self) -> list[str]:
        """The addresses at which somebody states what the finding rests on, directly or not."""
        names = dict.fromkeys(self.situation.recorded.get(fact, fact) for fact in sorted(self.hearing.facts))
        stated = filter(self.situation.is_stated, names)
        return [address(fact, place.partition(":")[2]) for fact in stated for place in self.told_of(fact)]

    def told_of(self, fact: str) -> Iterable[str]:
        """The subjects of which a fact can matter: the finding's own, or all of a kind that is looked round among."""
        kind = subject_of(fact)
        is_own = kind == kind_of(self.subject) and kind not in self._among
        return [self.subject] if is_own else self.situation.evidence.named(kind)

    @cached_property
    def _among(self) -> frozenset[str]:
        return frozenset(derived.among for derived in self.hearing.derived) - {""}

    @cached_property
    def rests_on_part_2(self) -> bool:
        """Whether anything that the finding hangs on is held in Part 2, be it that there is such a subject."""
        evidence = self.situation.evidence
        mattering = [place for kind in sorted(self._among) for place in evidence.named(kind)] + [self.subject]
        if any(place != CASE and evidence.is_wholly_exempt(place) for place in mattering):
            return True
        return any(fact in self.hearing.facts for place, fact in evidence.exempt if place in (CASE, *mattering))
