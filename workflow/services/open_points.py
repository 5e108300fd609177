"""Obstacles to an act, sorted for the officer: answers to give, then what is wrong, then what comes later.

Invariants:
- Every finding that blocks is in one of the groups, or waits for answers that an earlier finding asks for already.
- An answer is requested where it can be given: in the paper or with the act. What another act records comes later.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from rules.judging.findings import Finding, Ruling
from rules.language.conditions import facts_in
from rules.packs.scheme import Scheme
from rules.values.evidence import IN_PART_2
from rules.values.facts import CASE, FactDeclaration, address_of, is_address, key_of_subject, split_address


class MissingAnswer(NamedTuple):
    """A fact that nobody stated yet: its address, its declaration, and the actions that record it.

    Without `recorded_by`, the paper states it.
    """

    address: str
    declaration: FactDeclaration
    recorded_by: tuple[str, ...]


class AnswersFor(NamedTuple):
    """A finding with the answers that it waits for, without those that an earlier finding waits for."""

    finding: Finding
    answers: tuple[MissingAnswer, ...]


@dataclass(frozen=True, slots=True)
class OpenPoints:
    """The findings against an act.

    `missing` wait for answers that the officer can give now, `later` for what other acts record. Of `wrong`, something
    that is known must change. `optional` and `warnings` are the same of findings that do not block. `asks` are
    the facts that the act takes.
    """

    missing: tuple[AnswersFor, ...]
    wrong: tuple[Finding, ...]
    later: tuple[AnswersFor, ...]
    optional: tuple[AnswersFor, ...]
    warnings: tuple[Finding, ...]
    asks: tuple[str, ...] = ()

    @property
    def awaits(self) -> tuple[str, ...]:
        """The facts for which alone the act waits, in the order in which it asks for them; none if it is open.

        None either if anything else is in the way: something wrong, an answer of the paper, or an earlier act.
        """
        needed = {_fact_of(answer.address) for answer in self.missing_answers}
        is_ready = not self.wrong and not self.later and needed <= set(self.asks)
        return tuple(fact for fact in self.asks if fact in needed) if is_ready else ()

    @property
    def missing_answers(self) -> tuple[MissingAnswer, ...]:
        """The answers that can be given now."""
        return tuple(answer for group in self.missing for answer in group.answers)


def sort_open_points(ruling: Ruling, scheme: Scheme) -> OpenPoints:
    """Return what stands against the act of a ruling, each finding in one group."""
    sorter = _Sorter(scheme, ruling)
    against = [finding for finding in ruling.findings if finding.needs_attention]
    # Blocking findings first, so that no answer that one of them waits for is called optional.
    for finding in sorted(against, key=lambda found: (not found.blocks_gate, found.outcome != "breached")):
        sorter.add(finding)
    return OpenPoints(
        tuple(sorter.missing),
        tuple(sorter.wrong),
        tuple(sorter.later),
        tuple(sorter.optional),
        tuple(sorter.warnings),
        sorter.asks,
    )


def find_lacking_facts(finding: Finding, scheme: Scheme) -> tuple[str, ...]:
    """Return the addresses of the facts that a finding lacks."""
    key, facts = key_of_subject(finding.subject), scheme.rulebook.facts
    unknown = (observed.fact for observed in finding.observed_facts if observed.actual is None)
    addresses = (facts.address_of(fact, key) if fact in facts else fact for fact in (*finding.missing, *unknown))
    return tuple(dict.fromkeys(addresses))


class _Sorter:
    """Sorts findings into groups; each answer is noted once, for the first finding that waits for it."""

    def __init__(self, scheme: Scheme, ruling: Ruling) -> None:
        self.missing: list[AnswersFor] = []
        self.wrong: list[Finding] = []
        self.later: list[AnswersFor] = []
        self.optional: list[AnswersFor] = []
        self.warnings: list[Finding] = []
        self._scheme = scheme
        self.asks = scheme.action(ruling.action).asks if ruling.action in scheme.declaration.actions else ()
        self._known = ruling.public_facts
        self._recorded_by = scheme.declaration.recorders_by_fact()
        self._seen: set[str] = set()

    def add(self, finding: Finding) -> None:
        """Put a finding into its group; what is not held waits for no answer."""
        if finding.outcome == "not_held":
            self.warnings.append(finding)
            return
        lacking = (*find_lacking_facts(finding, self._scheme), *self._find_untold(finding))
        answers = list(filter(None, map(self._find_answer, dict.fromkeys(lacking))))
        if not answers:
            (self.wrong if finding.blocks_gate else self.warnings).append(finding)
            return
        now = list(filter(self._can_be_given_now, answers))
        new = tuple(answer for answer in now or answers if answer.address not in self._seen)
        self._seen |= {answer.address for answer in new}
        if new and (now or finding.blocks_gate):
            self._choose_group(finding, is_for_now=bool(now)).append(AnswersFor(finding, new))

    def _find_untold(self, finding: Finding) -> Iterator[str]:
        """Yield what an act must state besides for a control that is breached, which shows one reason for that."""
        if finding.outcome == "breached" and finding.subject == CASE:
            read = set(facts_in(self._scheme.rulebook.controls[finding.control].requires))
            yield from (fact for fact in self.asks if fact in read and fact not in self._known)

    def _choose_group(self, finding: Finding, *, is_for_now: bool) -> list[AnswersFor]:
        if not finding.blocks_gate:
            return self.optional
        return self.missing if is_for_now else self.later

    def _can_be_given_now(self, answer: MissingAnswer) -> bool:
        """Whether the paper states an answer, or the act takes it."""
        return not answer.recorded_by or _fact_of(answer.address) in self.asks

    def _find_answer(self, address: str) -> MissingAnswer | None:
        """Return the answer at an address; None if nobody states it."""
        fact = _fact_of(address)
        recorded_by = self._recorded_by.get(fact, ())
        if fact not in self._scheme.rulebook.facts or not (recorded_by or self._scheme.may_be_stated(fact)):
            return None
        return MissingAnswer(address, self._scheme.rulebook.facts[fact], recorded_by)


def _fact_of(address: str) -> str:
    if is_address(address):
        return split_address(address)[0]
    # A subject that Part 2 alone names has no address: `exemption:held in Part 2.limb`.
    kind, _, fact = address.partition(f":{IN_PART_2}.")
    return address_of(f"{kind}.{fact}") if fact else address
