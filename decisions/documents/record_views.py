"""The record as a document may know it: two types, so that Part 2 cannot be asked of a public one.

A `PublicRecord` is made from the public part of a case alone, read without opening the tables of Part 2. An
`ExemptRecord` knows both parts and serves Part 2 documents only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rules.language.conditions import Truth, evaluate
from rules.language.derived_facts import add_derived_facts
from rules.packs.document_schema import VisibilityCondition, parse_visibility_condition
from rules.packs.scheme import Scheme
from rules.values.evidence import Evidence
from rules.values.facts import CASE, DAY_OF_ACT, FactValue
from workflow.cases.case import Case, ExemptFacts


@dataclass(frozen=True, slots=True)
class _BaseRecord:
    """What both records can be asked."""

    case: Case
    head: str
    scheme: Scheme
    evidence: Evidence

    def value(self, fact: str, subject: str = CASE) -> FactValue | None:
        """A fact as it is known to this record, or None."""
        return self.evidence.facts_of(subject).get(fact)

    def format_fact(self, fact: str, subject: str = CASE) -> str:
        """A fact in words, with a capital letter at the start of a choice or flag; empty where it is not known."""
        value = self.value(fact, subject)
        if value is None:
            return ""
        words = self.scheme.fact_declaration(fact).format_value(value)
        return words[:1].upper() + words[1:] if isinstance(value, bool) else words

    def holds(self, when: VisibilityCondition) -> Truth:
        """Whether a form's condition for being shown holds of this record; None where the record cannot tell."""
        condition, _ = parse_visibility_condition(when, self.scheme.rulebook.facts)
        return evaluate(condition, self.evidence.facts_of(CASE))

    @property
    def final_stage_label(self) -> str:
        """The label of the last stage, once the case has come to rest there; empty while it is on its way."""
        stage = self.scheme.declaration.stages[self.case.stage]
        return stage.label if stage.last else ""

    def subjects(self, kind: str) -> Iterator[str]:
        """The subjects of a kind that this record knows."""
        return self.evidence.subjects_of_kind(kind)


class PublicRecord(_BaseRecord):
    """Part 1 of a case, and nothing else."""


class ExemptRecord(_BaseRecord):
    """Both parts of a case, for those who may read Part 2."""


def build_public_record(case: Case, head: str, scheme: Scheme) -> PublicRecord:
    """The public record of a case, from its public part."""
    return PublicRecord(case, head, scheme, _gather_evidence(case, scheme, {}))


def build_exempt_record(case: Case, exempt_facts: ExemptFacts, head: str, scheme: Scheme) -> ExemptRecord:
    """The whole record of a case."""
    return ExemptRecord(case, head, scheme, _gather_evidence(case, scheme, exempt_facts.facts))


def _gather_evidence(case: Case, scheme: Scheme, exempt: Mapping[str, FactValue]) -> Evidence:
    # What hangs on the day of an act is told as of the last one, so that a version always reads the same.
    public = {**scheme.authority_facts, DAY_OF_ACT: case.last_on, **case.facts}
    return add_derived_facts(Evidence.from_parts(public, exempt), scheme.rulebook.derived_facts, scheme.rulebook.law)
