"""Findings and rulings: the outcomes of controls on a case, as officers read them and the ledger keeps them.

A gate opens only where a blocking control is satisfied and none is breached or undetermined: silence keeps it shut.
The JSON forms here are read by other programs and stored in ledgers; their keys never change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple, Protocol, TypeAlias

from rules.language.schema_types import Outcome, Severity
from rules.values.citation import Citation

_KEEP_SHUT: frozenset[Outcome] = frozenset(("breached", "undetermined"))
"""The outcomes of a blocking control that keep a gate shut."""
_EXPECTED_ANSWERS = {"is known": "an answer", "is not stated": "no answer"}


class ObservedFact(NamedTuple):
    """One fact as a control saw it: the expected value, and the actual one (None: not known)."""

    fact: str
    expected: str
    actual: str | None

    @property
    def answer(self) -> str:
        """The actual value for people, who need not know it yet: `£5.00`."""
        return "not answered yet" if self.actual is None else self.actual

    @property
    def expected_answer(self) -> str:
        """The expected value for people: `at least £5.00`, `an answer`."""
        return _EXPECTED_ANSWERS.get(self.expected, self.expected.removeprefix("is "))

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read."""
        return {"fact": self.fact, "expected": self.expected, "actual": self.actual}


ControlOutcome: TypeAlias = tuple[str, Outcome, Severity]
"""The name of a control, its outcome, and its severity."""


class SubjectOutcomes(NamedTuple):
    """The outcome of each control on one subject; subjects that are judged alike share one list of outcomes."""

    subject: str
    outcomes: Sequence[ControlOutcome]

    def as_verdicts(self) -> Iterator[Verdict]:
        """Yield the verdict of each control."""
        for control, outcome, severity in self.outcomes:
            yield Verdict(control, self.subject, outcome, severity)


@dataclass(slots=True)
class Verdict:
    """The outcome of one control on one subject: what opens or shuts a gate, and what a ruling keeps.

    The rest of a finding follows from the packs and the facts, which the ruling names.
    """

    # Never changed, and yet not frozen: hundreds are made for every case, and freezing takes longer than judging.

    control: str
    subject: str
    outcome: Outcome
    severity: Severity

    @property
    def is_breached_or_undetermined(self) -> bool:
        """Whether the control is breached or undetermined."""
        return self.outcome in _KEEP_SHUT

    @property
    def needs_attention(self) -> bool:
        """Whether somebody must look at it: breached, undetermined, or law that the packs do not hold."""
        return self.is_breached_or_undetermined or self.outcome == "not_held"

    @property
    def blocks_gate(self) -> bool:
        """Whether it keeps a gate shut: blocking, and breached or undetermined."""
        return self.severity == "blocking" and self.is_breached_or_undetermined

    @property
    def supports_opening(self) -> bool:
        """Whether it lets a gate open: blocking, and satisfied."""
        return self.severity == "blocking" and self.outcome == "satisfied"

    def as_receipt(self) -> dict[str, Any]:
        """The JSON form that a ruling keeps."""
        return {
            "control": self.control,
            "subject": self.subject,
            "outcome": self.outcome,
            "severity": self.severity,
        }


@dataclass(slots=True)
class Finding(Verdict):
    """A verdict with the facts that gave it; `missing` names the facts that would settle an undetermined one.

    Those of them that are `not_carried` cannot be known from the source of a case that was decided elsewhere.
    """

    requirement: str
    observed_facts: tuple[ObservedFact, ...]
    missing: tuple[str, ...]
    citation: Citation
    wrong: str
    cure: str
    not_carried: tuple[str, ...] = ()

    @property
    def needs_other_source(self) -> bool:
        """Whether it is undetermined for want of what the source of the case does not carry."""
        return self.outcome == "undetermined" and bool(self.not_carried)

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read."""
        not_carried = {"not_carried": list(self.not_carried)} if self.not_carried else {}
        return {
            **self.as_receipt(),
            "facts": [observed.as_json() for observed in self.observed_facts],
            "missing": list(self.missing),
            **not_carried,
            "requirement": self.requirement,
            "citation": self.citation.as_json(),
            "wrong": self.wrong if self.needs_attention else "",
            "cure": self.cure if self.needs_attention else "",
        }


class DeferredFinding(Verdict):
    """A verdict whose finding is built when it is read: an audit of many cases shows few of their findings."""

    __slots__ = ("_source",)

    def __init__(self, judgement: Judgement, place: int, verdict: Verdict) -> None:
        super().__init__(verdict.control, verdict.subject, verdict.outcome, verdict.severity)
        self._source: Finding | tuple[Judgement, int] = (judgement, place)

    def build(self) -> Finding:
        """Return the finding; once it is built, the facts of its case can be freed."""
        if not isinstance(self._source, Finding):
            judgement, place = self._source
            self._source = judgement.finding_at(place)
        return self._source


def outcomes_by_subject(verdicts: Iterable[Verdict]) -> tuple[SubjectOutcomes, ...]:
    """Return the outcomes of verdicts on each subject, in their order."""
    subjects = groupby(verdicts, key=attrgetter("subject"))
    return tuple(
        SubjectOutcomes(subject, [(one.control, one.outcome, one.severity) for one in of_subject])
        for subject, of_subject in subjects
    )


def distinct_lists(by_subject: Iterable[SubjectOutcomes]) -> Iterable[Sequence[ControlOutcome]]:
    """Return each list of outcomes once, however many subjects share it."""
    return {id(outcomes): outcomes for _, outcomes in by_subject}.values()


class Judgement(Protocol):
    """The outcomes of a gate's controls on some evidence."""

    @property
    def by_subject(self) -> Sequence[SubjectOutcomes]:
        """The outcomes on each subject: an act needs no more, and a verdict of each takes as long as judging."""

    @property
    def verdicts(self) -> Sequence[Verdict]:
        """The verdict of each control on each subject, in the order of `by_subject`."""

    @property
    def findings(self) -> Sequence[Finding]:
        """The verdicts with their facts, worked out on first use."""

    def finding_at(self, place: int) -> Finding:
        """One verdict with its facts, without working out the others."""


@dataclass(frozen=True)
class Ruling:
    """The findings of one gate at one moment: a receipt that can be judged again.

    `packs_digest` names the packs used. `public_facts` is the public evidence by address. `exempt_digests` has the
    digests of the exempt evidence, so that the same evidence can be recognised but not read.
    """

    case: str
    action: str
    gate: str
    packs_digest: str
    public_facts: Mapping[str, Any]
    exempt_digests: Mapping[str, str]
    judgement: Judgement

    @property
    def findings(self) -> Sequence[Finding]:
        """The finding of each control on each subject."""
        return self.judgement.findings

    @property
    def is_open(self) -> bool:
        """Whether the gate opens; some blocking control must be satisfied."""
        lists = distinct_lists(self.judgement.by_subject)
        outcomes = {outcome for one in lists for _, outcome, severity in one if severity == "blocking"}
        return "satisfied" in outcomes and outcomes.isdisjoint(_KEEP_SHUT)

    def blocking_controls(self) -> tuple[str, ...]:
        """The controls that keep the gate shut."""
        return self._blocking_controls

    @cached_property
    def _blocking_controls(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys([verdict.control for verdict in self.judgement.verdicts if verdict.blocks_gate]))

    def as_receipt(self) -> dict[str, Any]:
        """The JSON form that the ledger keeps."""
        return {**self.receipt_head(), "findings": [verdict.as_receipt() for verdict in self.judgement.verdicts]}

    def receipt_head(self) -> dict[str, Any]:
        """The receipt without its findings."""
        return {
            "case": self.case,
            "action": self.action,
            "gate": self.gate,
            "packs": self.packs_digest,
            "facts": dict(self.public_facts),
            "exempt": dict(self.exempt_digests),
        }
