"""A scheme that was linked with its packs and found sound: what commands and documents ask of it.

Invariants:
- A paper can state every declared fact but those that acts record, rules derive or the scheme gives.
- A name that the scheme does not know any more is shown and marked; it is never a fault.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rules.errors import InputError, NotInForce
from rules.judging.diary import DiaryRule
from rules.judging.rulebook import Rulebook
from rules.language.schema_types import Period
from rules.language.source_schema import SourceKind, expand_asks
from rules.packs.document_schema import DocumentTemplate
from rules.packs.fact_suggestions import suggest_fact
from rules.packs.flow_schema import Action, ReviewAction, Role, Stage
from rules.packs.published_forms import forms_in_use
from rules.packs.scheme_schema import SchemeDeclaration
from rules.values.facts import (
    CASE,
    FactDeclaration,
    FactValue,
    format_value,
    key_of_subject,
    kind_of_subject,
    split_address,
)
from rules.values.names import find_meant, find_meant_name
from rules.values.png import Png
from rules.values.suggestions import did_you_mean

_HOW_TO_LIST_FACTS = "See those of a case with: assent case show CASE, of a rule with: assent law explain CONTROL"
OFFICER_RULES = ("appointments", "separation", "overrides")
"""The keys of a scheme on its officers: who appoints, which roles are apart, and who may override a control."""
NO_LONGER_DECLARED = "(no longer declared)"
"""What stands beside a name in a case that the packs do not know any more."""


@dataclass(frozen=True, slots=True, eq=False)
class Scheme:
    """A scheme that was linked with its packs and found sound; schemes are compared by identity.

    `decision_day` names the fact that is the day of decision; it is empty if the scheme has none.
    """

    declaration: SchemeDeclaration
    rulebook: Rulebook
    authority_facts: Mapping[str, FactValue]
    unstatable_facts: frozenset[str]
    diary_rules: Mapping[str, DiaryRule]
    set_facts: Mapping[str, Mapping[str, FactValue]]
    """The facts that each action sets, with their values, by the name of the action."""
    decision_day: str
    logo: Png | None = None
    """The picture of its letterhead."""

    @property
    def id(self) -> str:
        """The name of the scheme on the command line."""
        return self.declaration.scheme

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read: roles, stages, actions, rules on officers, packs' digest and controls."""
        keys = {"scheme", "name", "short", "about", "roles", "stages", "actions", *OFFICER_RULES}
        shown = self.declaration.model_dump(mode="json", include=keys, by_alias=True)
        return {**shown, "packs": self.rulebook.digest, "controls": list(self.rulebook.controls)} | {
            "gates": {name: gate.label for name, gate in self.rulebook.vocabulary.gates.items()},
            "subjects": {name: kind.label for name, kind in self.rulebook.vocabulary.subject_kinds.items()},
            "leaves_out": self.declaration.left_out,
        }

    def find_action(self, typed: str) -> str:
        """The action that is meant, as `Submit` means `submit`; what was typed if none is."""
        return self._find_labelled(typed, self.declaration.actions)

    def find_review_outcome(self, typed: str) -> str:
        """The outcome of a review that is meant; what was typed if none is."""
        return self._find_labelled(typed, self.declaration.reviews)

    def find_stage(self, typed: str) -> str:
        """The stage that is meant; what was typed if none is."""
        return self._find_labelled(typed, self.declaration.stages)

    def find_role(self, typed: str) -> str:
        """The role that is meant, as `Board chair` means `board_chair`; what was typed if none is."""
        return self._find_labelled(typed, self.declaration.roles)

    @staticmethod
    def _find_labelled(typed: str, declared: Mapping[str, Action | ReviewAction | Stage | Role]) -> str:
        return find_meant(typed, {name: each.label for name, each in declared.items()}) or typed

    def action(self, name: str) -> Action:
        """One action by its name; raises `InputError` with the closest name."""
        if name not in self.declaration.actions:
            raise InputError(f"{name!r} is not an action of {self.id}", did_you_mean(name, self.declaration.actions))
        return self.declaration.actions[name]

    def review_action(self, name: str) -> ReviewAction:
        """One outcome of a review by its name; raises `InputError` with the closest name."""
        if name not in self.declaration.reviews:
            raise InputError(
                f"{name!r} is not an outcome of a review in {self.id}", did_you_mean(name, self.declaration.reviews)
            )
        return self.declaration.reviews[name]

    def actions_at(self, stage: str) -> dict[str, Action]:
        """The actions of a stage, in the order of the scheme."""
        return {name: action for name, action in self.declaration.actions.items() if action.can_be_done_at(stage)}

    @property
    def first_stage(self) -> str:
        """The stage at which a case is opened."""
        return next(iter(self.declaration.stages))

    def stage_index(self, stage: str) -> int:
        """The place of a stage in the order of stages; 0 is the first."""
        return list(self.declaration.stages).index(stage)

    def document_template(self, kind: str, part: int) -> DocumentTemplate:
        """The form of one part of a document, in any letters; raises `InputError` with the closest kind."""
        kinds = list(dict.fromkeys(template.kind for template in self.declaration.documents))
        meant = find_meant_name(kind, kinds)
        for template in self.declaration.documents:
            if (template.kind, template.part) == (meant, part):
                return template
        if meant:
            raise InputError(f"{self.id} has no Part {part} of {meant}")
        raise InputError(f"{kind!r} is not a document of {self.id}", did_you_mean(kind, kinds))

    def refuse_out_of_force(self, day: date) -> None:
        """Raise `NotInForce` for a day outside the scheme's life."""
        period = self.declaration.in_force
        if day < period.first or (period.last is not None and day > period.last):
            raise NotInForce(f"the scheme of {self.id}", day, period.first, period.last)

    def may_be_stated(self, address: str) -> bool:
        """Whether a paper may state the fact at an address."""
        return split_address(address)[0] not in self.unstatable_facts

    @property
    def act_recorded_facts(self) -> frozenset[str]:
        """The facts that acts and reviews record."""
        return self.declaration.facts_recorded_by_acts()

    @property
    def act_day_facts(self) -> frozenset[str]:
        """The facts that record the day of an act or review."""
        of_outcomes = {f"{prefix}.on" for act in self.declaration.actions.values() for prefix in act.prefixes()}
        dated = {fact for act in self.declaration.actions.values() for fact in act.dates}
        return frozenset(of_outcomes | dated | {review.dates for review in self.declaration.reviews.values()})

    def stage_label(self, stage: str) -> str:
        """The label of a stage; a stage that the scheme does not know any more is shown by its name."""
        declared = self.declaration.stages.get(stage)
        return declared.label if declared else f"{stage} {NO_LONGER_DECLARED}"

    def asked_by(self, source: str, form: str, days: Period | None) -> frozenset[str] | None:
        """The facts and kinds of subject that a kind of source asks for in a published form; None for every one.

        Without a form it is what all forms of the kind ask for that were in use on the days of decision. If these are
        not known, or no form is known for some of them, no form counts.
        """
        facts, kinds = self.rulebook.facts, self.rulebook.facts.subject_kinds
        of_kind = expand_asks(self.rulebook.sources.get(source, SourceKind()).asks, facts, kinds)
        forms = self.declaration.published_forms
        of_source = [each for each in forms.values() if each.source == source]
        used = [forms[form]] if form in forms else forms_in_use(of_source, days)
        of_forms = [asked for each in used if (asked := expand_asks(each.asks, facts, kinds)) is not None]
        return of_kind if of_kind is None else of_kind.union(frozenset.intersection(*of_forms) if of_forms else ())

    def has_ended_at(self, stage: str) -> bool:
        """Whether a stage is a last one."""
        return stage in self.declaration.last_stages()

    def format_fact(self, address: str, value: FactValue) -> str:
        """A value at an address, in words, also of a fact that the scheme does not know any more."""
        return self.describe_value(split_address(address)[0], value)

    def describe_value(self, fact: str, value: FactValue) -> str:
        """A value of a fact, in words, also of a fact that the scheme does not know any more."""
        declared = self.rulebook.facts.get(fact)
        return declared.format_value(value) if declared else format_value(value)

    def is_text(self, fact: str, value: FactValue) -> bool:
        """Whether a value is a text in an officer's own words, and not the code of a choice."""
        declared = self.rulebook.facts.get(fact)
        return declared.kind == "text" if declared else isinstance(value, str)

    def name_fact(self, address: str) -> str:
        """An address as it is listed: marked if the scheme does not know its fact any more."""
        known = split_address(address)[0] in self.rulebook.facts
        return address if known else f"{address} {NO_LONGER_DECLARED}"

    def name_subject(self, subject: str) -> str:
        """The name of a subject: `Exemption s43`, or nothing for the case. An undeclared kind stays as it is."""
        kinds, kind = self.rulebook.vocabulary.subject_kinds, kind_of_subject(subject)
        label = kinds[kind].label if kind in kinds else kind
        return "" if subject == CASE else f"{label} {key_of_subject(subject)}".strip()

    def fact_declaration(self, fact: str) -> FactDeclaration:
        """The declaration of a fact; raises `InputError` with the closest name."""
        if fact not in self.rulebook.facts:
            advice = self.suggest_fact(fact) or _HOW_TO_LIST_FACTS
            raise InputError(f"{fact!r} is not a fact that is known here", advice)
        return self.rulebook.facts[fact]

    def suggest_fact(self, typed: str) -> str:
        """A question with the facts that a name may mean; an empty text if none is near."""
        return suggest_fact(typed, self.stated_facts(), self.declaration)

    def stated_facts(self) -> dict[str, FactDeclaration]:
        """The facts that a paper states or an act records, those of the case first; others are never typed."""
        facts, recorded = self.rulebook.facts, self.act_recorded_facts
        stated = [name for name in facts if name in recorded or name not in self.unstatable_facts]
        return {name: facts[name] for name in sorted(stated, key=lambda name: facts.subject_kind_of(name) != CASE)}
