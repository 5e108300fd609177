"""The record as a document may know it: two types, so that Part 2 cannot be asked of a public one.

A `PublicRecord` is made from the public part of a case alone, read without opening the tables of Part 2. An
`ExemptRecord` knows both parts and serves Part 2 documents only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rules.language.conditions import Truth, truth
from rules.language.derived_facts import complete
from rules.packs.document_schema import When, condition_of
from rules.packs.scheme import Scheme
from rules.values.evidence import Evidence
from rules.values.facts import CASE, DAY_OF_ACT, FactValue
from workflow.cases.case import Case, Confidential


@dataclass(frozen=True, slots=True)
class _Record:
    """What both records can be asked."""

    case: Case
    head: str
    scheme: Scheme
    evidence: Evidence

    def value(self, fact: str, subject: str = CASE) -> FactValue | None:
        """A fact as it is known to this record, or None."""
        return self.evidence.of(subject).get(fact)

    def said(self, fact: str, subject: str = CASE) -> str:
        """A fact in words, with a capital letter at the start of a choice or flag; empty where it is not known."""
        value = self.value(fact, subject)
        if value is None:
            return ""
        words = self.scheme.declared(fact).say(value)
        return words[:1].upper() + words[1:] if isinstance(value, bool) else words

    def holds(self, when: When) -> Truth:
        """Whether a form's condition for being shown holds of this record; None where the record cannot tell."""
        condition, _ = condition_of(when, self.scheme.rulebook.facts)
        return truth(condition, self.evidence.of(CASE))

    @property
    def end(self) -> str:
        """The label of the last stage, once the case has come to rest there; empty while it is on its way."""
        stage = self.scheme.text.stages[self.case.stage]
        return stage.label if stage.last else ""

    def subjects(self, kind: str) -> Iterator[str]:
        """The subjects of a kind that this record knows."""
        return self.evidence.named(kind)


class PublicRecord(_Record):
    """Part 1 of a case, and nothing else."""


class ExemptRecord(_Record):
    """Both parts of a case, for those who may read Part 2."""


def public_record(case: Case, head: str, scheme: Scheme) -> PublicRecord:
    """The public record of a case, from its public part."""
    return PublicRecord(case, head, scheme, _evidence(case, scheme, {}))


def exempt_record(case: Case, confidential: Confidential, head: str, scheme: Scheme) -> ExemptRecord:
    """The whole record of a case."""
    return ExemptRecord(case, head, scheme, _evidence(case, scheme, confidential.facts))


def _evidence(case: Case, scheme: Scheme, exempt: Mapping[str, FactValue]) -> Evidence:
    # What hangs on the day of an act is told as of the last one, so that a version always reads the same.
    public = {**scheme.given, DAY_OF_ACT: case.last_on, **case.facts}
    return complete(Evidence.gather(public, exempt), scheme.rulebook.derived, scheme.rulebook.law)
