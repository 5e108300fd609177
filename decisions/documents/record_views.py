"""A case's record as a document may read it: two types, so that no code can ask a public record for Part 2.

- A `PublicRecord` is made from the public part of a case alone, which is read without opening the tables of Part 2.
- An `ExemptRecord` knows both parts, and serves Part 2 documents and the checks of Part 1 only.
- A record gives the same answers on any day: it has no clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from decisions.documents import wording
from rules.language.conditions import Truth, evaluate
from rules.language.derivation_context import DerivedFact
from rules.language.derived_facts import add_derived_facts
from rules.language.schema_types import RawCondition
from rules.packs.document_schema import VisibilityCondition, parse_visibility_condition
from rules.packs.scheme import Scheme
from rules.values.evidence import Evidence
from rules.values.facts import CASE, DAY_OF_ACT, FactValue, address_of, key_of_subject
from workflow.cases.case import Case, ExemptFacts, RecordedAct
from workflow.cases.events import NOTHING_WITHHELD, AlreadyPublic, Withheld
from workflow.cases.withheld_names import name_hidden, names_all

_OFFICER_SUFFIX = ".by"
_OUTCOME_SUFFIX = ".outcome"
"""How the facts end that hold who did the act of a stage or task."""


@dataclass(frozen=True, slots=True)
class _BaseRecord:
    """What both records offer."""

    case: Case
    head: str
    scheme: Scheme
    evidence: Evidence

    def value(self, fact: str, subject: str = CASE) -> FactValue | None:
        """Return a fact, or None if this record does not know it."""
        return self.evidence.facts_of(subject).get(fact)

    def format_fact(self, fact: str, subject: str = CASE) -> str:
        """Return a fact in words, or an empty text if it is not known; a flag is "Yes" or "No"."""
        value = self.value(fact, subject)
        if value is None:
            return ""
        if deputy_act := self._act_of_deputy(fact):
            return deputy_act.by
        words = self.scheme.fact_declaration(fact).format_value(value)
        return words[:1].upper() + words[1:] if isinstance(value, bool) else words

    def format_line(self, fact: str, subject: str = CASE, default: str = "") -> str:
        """Return a fact in words on one line, whatever line breaks its text has, or the default."""
        return " ".join(self.format_fact(fact, subject).split()) or default

    @property
    def withheld(self) -> Withheld:
        """What this record says that Part 2 holds, by name."""
        return NOTHING_WITHHELD

    def is_withheld(self, fact: str, subject: str = CASE) -> bool:
        """Whether this record does not know a fact, and says that Part 2 holds it."""
        is_named = address_of(fact, key_of_subject(subject)) in self.withheld.names
        return is_named and self.value(fact, subject) is None

    def may_be_withheld(self, fact: str) -> bool:
        """Whether a fact may stand in Part 2 because the record was made before entries, or these forms, asked that."""
        is_settled = names_all(self.withheld, self.scheme)
        return not is_settled and (self.scheme.may_be_stated(fact) or self.is_derived(fact))

    def words_for_unknown(self, fact: str, words: str, subject: str = CASE) -> str:
        """Return the words that stand for a fact that this record does not know; `words` if nobody stated it."""
        if self.is_withheld(fact, subject):
            return self.scheme.declaration.withheld_as
        return wording.NOT_IN_PART_1 if self.may_be_withheld(fact) else words

    def words_for_none(self, kind: str, where: RawCondition, words: str) -> str:
        """Return the words for a list that has nothing of a kind; `words` if nobody named any.

        Part 2 may name some. Whether they meet a condition of the list is for Part 2 alone to say.
        """
        is_withheld = name_hidden(kind) in self.withheld.names
        if is_withheld and where is None:
            return self.scheme.declaration.withheld_as
        is_open = is_withheld or (words and not names_all(self.withheld, self.scheme))
        return wording.NONE_NAMED if is_open else words

    def editable_address(self, fact: str, subject: str = CASE) -> str:
        """Return the address at which a paper states a fact in this part; empty if none does."""
        address = self.scheme.rulebook.facts.address_of(fact, key_of_subject(subject))
        return address if self.scheme.may_be_stated(address) and not self.is_withheld(fact, subject) else ""

    def acts_with_outcome(self, prefix: str) -> tuple[RecordedAct, ...]:
        """Return every recorded act on the outcome of a stage or task, in order; none for an imported case."""
        return tuple(act for act in self.case.acts if f"{prefix}.outcome" in act.facts)

    def format_of_act(self, act: RecordedAct, fact: str) -> str:
        """Return what an act recorded of a fact, in words on one line; empty if it did not record it."""
        value = act.facts.get(fact)
        if value is not None and act.acts_for and fact.endswith(_OFFICER_SUFFIX):
            return act.by
        return "" if value is None else " ".join(self.scheme.format_fact(fact, value).split())

    def format_overrides(self, act: RecordedAct) -> str:
        """Return the checks that an act overrode, each with the reason; empty if there are none."""
        controls = self.scheme.rulebook.controls
        named = {
            controls[name].declaration.requirement.rstrip(".") if name in controls else name: reason
            for name, reason in act.overrides.items()
        }
        return "; ".join(f"{wording.OVERRIDDEN} ({check}): {reason}" for check, reason in named.items())

    def _act_of_deputy(self, fact: str) -> RecordedAct | None:
        """Return the act by whose officer a fact such as `decision.by` counts, if that officer was a deputy."""
        if not fact.endswith(_OFFICER_SUFFIX):
            return None
        recorded = (act for act in reversed(self.case.acts) if fact in act.facts and fact not in act.voided)
        latest = next(recorded, None)
        return latest if latest and latest.acts_for else None

    def holds(self, when: VisibilityCondition) -> Truth:
        """Return whether a template's condition holds; None if the record does not know enough."""
        condition, _ = parse_visibility_condition(when, self.scheme.rulebook.facts)
        return evaluate(condition, self.evidence.facts_of(CASE))

    def role_label(self, role: str) -> str:
        """Return what a capacity is called; one that the scheme does not know any more by its name."""
        declared = self.scheme.declaration.roles.get(role)
        return declared.label if declared else role

    @property
    def final_stage_label(self) -> str:
        """The label of the last stage if the case has ended there; empty while it is on its way."""
        stage = self.case.stage
        return self.scheme.stage_label(stage) if self.scheme.has_ended_at(stage) else ""

    @property
    def is_draft(self) -> bool:
        """Whether the paper is with its author, who can still change it."""
        return self.case.stage == self.scheme.first_stage

    def is_awaited(self, fact: str) -> bool:
        """Whether somebody may still give a fact: the author of a draft, or an officer whose act is to come."""
        return not self.final_stage_label and (self.is_draft or not self.scheme.may_be_stated(fact))

    def is_derived(self, fact: str) -> bool:
        """Whether rules work a fact out, so that nobody states it."""
        return any(fact == derived.name for derived in self.scheme.rulebook.derived_facts)

    @property
    def closing_act(self) -> RecordedAct | None:
        """The act that ended the case without any outcome, such as a withdrawal; None if there is no such act."""
        moves = [act for act in self.case.acts if act.entered]
        if not self.final_stage_label or not moves or any(fact.endswith(_OUTCOME_SUFFIX) for fact in moves[-1].facts):
            return None
        return moves[-1]

    def subjects(self, kind: str) -> Iterator[str]:
        """Yield the subjects of a kind that this record knows, such as "exemption:s43"."""
        return self.evidence.subjects_of_kind(kind)

    def selected_subjects(self, kind: str, where: RawCondition) -> Iterator[str]:
        """Yield the subjects of a kind for which a condition holds; all of them if it is None."""
        if where is None:
            yield from self.subjects(kind)
            return
        condition, _ = parse_visibility_condition(where, self.scheme.rulebook.facts)
        for subject in self.subjects(kind):
            if evaluate(condition, self.evidence.facts_of(subject)) is True:
                yield subject


class PublicRecord(_BaseRecord):
    """Part 1 of a case, and of Part 2 the names of facts alone: those that the public entries call withheld."""

    @property
    def withheld(self) -> Withheld:
        """What the public entries call withheld."""
        return self.case.withheld


@dataclass(frozen=True, slots=True)
class ExemptRecord(_BaseRecord):
    """Both parts of a case, for those who may read Part 2, with the words of Part 1 confirmed as already public."""

    already_public: tuple[AlreadyPublic, ...] = ()


CaseRecord: TypeAlias = PublicRecord | ExemptRecord


def build_public_record(
    case: Case, head: str, scheme: Scheme, derived: Sequence[DerivedFact] | None = None
) -> PublicRecord:
    """Build the public record of a case from its public part, with some derived facts (None: all)."""
    return PublicRecord(case, head, scheme, _gather_evidence(case, scheme, {}, derived))


def build_exempt_record(
    case: Case, exempt_facts: ExemptFacts, head: str, scheme: Scheme, derived: Sequence[DerivedFact] | None = None
) -> ExemptRecord:
    """Build the record of both parts of a case, with some derived facts and those that they hang on (None: all)."""
    evidence = _gather_evidence(case, scheme, exempt_facts.facts, derived)
    return ExemptRecord(case, head, scheme, evidence, exempt_facts.already_public)


def _gather_evidence(
    case: Case, scheme: Scheme, exempt: Mapping[str, FactValue], derived: Sequence[DerivedFact] | None = None
) -> Evidence:
    # The day of the last act stands for "today", so that one version of a case always gives the same document.
    public = {**scheme.authority_facts, DAY_OF_ACT: case.last_on, **case.facts}
    derived_facts = scheme.rulebook.derived_facts if derived is None else tuple(derived)
    return add_derived_facts(Evidence.from_parts(public, exempt), derived_facts, scheme.rulebook.law)
