"""Explains findings: the facts that gave a verdict, what is missing, and what the officer should do.

Exempt facts are judged like any other, but no explanation shows them or anything that they selected.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rules.judging.control_result import ControlResult
from rules.judging.findings import Finding, ObservedFact, Verdict
from rules.judging.rulebook import Control, Rulebook
from rules.language.condition_phrases import missing_operands
from rules.language.conditions import FactRef, Predicate, ResolvedValue, UnresolvedValue, ValueRef
from rules.language.derivation_context import DerivedFact
from rules.language.pack_schema import CHOICE_PLACEHOLDER
from rules.values.bounds import INFERRED, LOW, find_bounds, format_bounds, is_bound, plain_name, possible_names
from rules.values.evidence import IN_PART_2, Evidence
from rules.values.facts import Facts, is_address, key_of_subject, split_address
from rules.values.money import Money, Vat
from rules.values.text import list_alternatives

_MAX_TEXT_LENGTH = 80
MAX_QUOTES_LENGTH = 480  # several places of a paper, each with its words


@dataclass(frozen=True, slots=True)
class Explainer:
    """Explains the findings on one subject without showing its exempt facts (`hidden`)."""

    rulebook: Rulebook
    evidence: Evidence
    subject: str
    facts: Facts
    hidden: frozenset[str]

    def explain(self, verdict: Verdict, result: ControlResult) -> Finding:
        """The finding of a verdict."""
        declaration = result.control.declaration
        missing = self._missing_facts(result.deciding_predicates) if verdict.outcome == "undetermined" else ()
        return Finding(
            verdict.control,
            verdict.subject,
            verdict.outcome,
            verdict.severity,
            declaration.requirement,
            result.observed_facts(self.hidden, self._observe),
            missing,
            declaration.citation,
            declaration.wrong,
            self._format_cure(result.control, missing),
            tuple(filter(self._is_not_carried, missing)),
        )

    def _observe(self, predicate: Predicate) -> ObservedFact:
        plain = _without_bounds(predicate)
        return ObservedFact(plain.fact, self._format_expected(plain), self._format_actual(plain.fact))

    def _is_not_carried(self, missing: str) -> bool:
        """Whether the source of the case says nothing by its silence on a missing fact."""
        asked = self.evidence.asked
        if asked is None or not is_address(missing):
            return False
        fact = split_address(missing)[0]
        is_derived = fact in self.rulebook.derived_by_name
        has_stated_bounds = fact + LOW in self.facts and fact + INFERRED not in self.facts
        return fact in self.rulebook.facts and fact not in asked and (is_derived or not has_stated_bounds)

    def _missing_facts(self, deciding_predicates: tuple[Predicate, ...]) -> tuple[str, ...]:
        """The facts and figures that would settle an undetermined control."""
        return tuple(
            dict.fromkeys(
                missing for predicate in deciding_predicates for missing in self._missing_for_predicate(predicate)
            )
        )

    def _format_cure(self, control: Control, missing_facts: tuple[str, ...]) -> str:
        """What the officer should do: for an undetermined control, supply what is missing.

        A derived fact, or one that an act records, is never to be stated.
        """
        if not missing_facts:
            cure = control.declaration.cure.replace("{subject}", self.subject)
            return CHOICE_PLACEHOLDER.sub(lambda match: self._format_choices(match["fact"]), cure)
        unset = [missing for missing in missing_facts if missing.partition(" ")[0] in self.rulebook.law.values]
        if unset:
            advice = "Change the answer or its day if it is wrong. Otherwise ask whoever maintains them to add it."
            return f"The rules hold no figure for this: {', '.join(unset)}. {advice}"
        return " ".join(self._describe_missing_facts(missing_facts, key_of_subject(self.subject)))

    def _format_choices(self, fact: str) -> str:
        """The choices to choose from, or the command that lists them if they depend on an exempt fact."""
        declared = self.rulebook.facts
        limits = declared[fact].choices_by
        limiting = limits.fact if limits else ""
        if limiting in self.hidden or (limiting and limiting not in self.facts):
            belongs = f"choose one that belongs to {self._name_fact(limiting)}"
            return f"{belongs}; assent scheme facts SCHEME {fact} lists them"
        return declared.limit_choices(fact, self.facts.get(limiting)).choice_advice

    def _describe_missing_facts(self, missing_facts: tuple[str, ...], subject_key: str) -> Iterator[str]:
        """How each missing fact becomes known: one sentence for all to state, one for each other."""
        underivable = {
            fact.name: self._describe_underivable_fact(fact, subject_key)
            for fact in self.rulebook.derived_facts
            if fact.name in missing_facts
        }
        recorded = [fact for fact in missing_facts if fact in self.rulebook.workflow_facts]
        address_of = self.rulebook.facts.address_of
        unclear = [fact for fact in missing_facts if self._is_as_stated(fact)]
        others = {*underivable, *recorded, *unclear}
        to_state = [address_of(fact, subject_key) for fact in missing_facts if fact not in others]
        yield from self._describe_facts_to_state(to_state)
        if unclear:
            listed = " and ".join(self._name_fact(address_of(fact, subject_key)) for fact in unclear)
            yield f"Write ex VAT or inc VAT after {listed}: here it changes the answer."
        yield from underivable.values()
        yield from (f"The act records {self._name_fact(fact)}. You do not type it." for fact in recorded)

    def _describe_facts_to_state(self, addresses: Iterable[str]) -> Iterator[str]:
        """Say which questions to answer, and which other facts to give."""
        named = list(map(self._name_fact, addresses))
        if questions := [name for name in named if "?”" in name]:
            yield f"Answer {', '.join(questions)}."
        if others := [name for name in named if name not in questions]:
            yield f"Give {', '.join(others)}."

    def _name_fact(self, missing: str) -> str:
        """Return the label and the address of a fact, with any words after it: `“Title” (title)`."""
        address, space, more = missing.partition(" ")
        fact = split_address(address)[0] if is_address(address) else address
        declared = self.rulebook.facts
        return f"“{declared[fact].label}” ({address}){space}{more}" if fact in declared else missing

    def _describe_underivable_fact(self, derived: DerivedFact, subject_key: str) -> str:
        """Say that a fact cannot be derived although its inputs are known, and name them."""
        facts, kind = self.rulebook.facts, derived.subject_kind
        inputs = dict.fromkeys(
            facts.address_of(fact, subject_key) if facts.subject_kind_of(fact) == kind else fact
            for fact in derived.inputs
        )
        look = f" Check {', '.join(map(self._name_fact, inputs))}." if inputs else ""
        return f"Nobody can work out {self._name_fact(facts.address_of(derived.name, subject_key))}.{look}"

    def _format_actual(self, fact: str) -> str | None:
        """The value of a fact in words; None while it is unknown."""
        value = self.facts.get(fact)
        if self.evidence.asked is not None and (limits := self._format_limits(fact)):
            return IN_PART_2 if fact in self.hidden else limits
        if value is None or fact in self.hidden:
            return None if value is None else IN_PART_2
        is_text = self.rulebook.facts[fact].kind == "text"
        if not is_text:
            return self.rulebook.format_fact_value(fact, value)
        return shorten(str(value), MAX_QUOTES_LENGTH if self._quotes(fact) else _MAX_TEXT_LENGTH)

    def _format_limits(self, fact: str) -> str:
        """What a source tells of a fact without its value: its bounds, or the possible choices; empty if nothing."""
        if bounds := find_bounds(self.facts, fact):
            return format_bounds(bounds, self.rulebook.facts[fact])
        names = possible_names(self.facts, fact)
        return list_alternatives([self.rulebook.format_fact_value(fact, self.facts[name]) for name in names])

    def _quotes(self, fact: str) -> bool:
        """Whether a fact is derived and quotes places in texts, which are found by its words alone."""
        derived = self.rulebook.derived_by_name.get(fact)
        return derived is not None and derived.is_evidence

    def _format_expected(self, predicate: Predicate) -> str:
        """The expected value of a predicate, without a figure that an exempt fact selected and that would reveal it."""
        right = predicate.operand
        if isinstance(right, FactRef):
            return self.rulebook.describe_expected(
                predicate, None if right.fact in self.hidden else self.facts.get(right.fact)
            )
        if isinstance(right, ResolvedValue) and not self.hidden.isdisjoint(map(plain_name, right.selected_by)):
            return self.rulebook.describe_expected(
                Predicate(predicate.fact, predicate.comparator, ValueRef(right.value_name)), None
            )
        return self.rulebook.describe_expected(predicate, None)

    def _missing_for_predicate(self, predicate: Predicate) -> Iterator[str]:
        """What would settle a predicate; a derived fact is replaced by its missing inputs."""
        for missing in missing_operands(predicate, self.facts):
            if isinstance(predicate.operand, UnresolvedValue) and missing == predicate.operand.value_name:
                yield from self._missing_for_figure(predicate.operand)
            elif missing in self.rulebook.facts:
                yield from self._missing_inputs(missing)
            else:  # an amount whose VAT basis is another, or is not known
                unclear = [name for fact in predicate.fact_names() for name in self._amounts_as_stated_in(fact)]
                yield from unclear or [missing]

    def _missing_for_figure(self, figure: UnresolvedValue) -> Iterator[str]:
        """What would settle a figure that is not known: the day that it depends on, if nobody stated that exactly."""
        if not self.hidden.isdisjoint(figure.selected_by):
            yield figure.value_name
            return
        bounded = [fact for fact in figure.selected_by if fact + LOW in self.facts]
        yield from bounded or [figure.reason]

    def _missing_inputs(self, fact: str) -> Iterator[str]:
        """What would make a fact known: its missing inputs if it is derived, else the fact itself."""
        derived = self.rulebook.derived_by_name.get(fact)
        inputs = (self._missing_inputs_of(derived) or self._amounts_as_stated_in(fact)) if derived else []
        yield from inputs or [fact]

    def _amounts_as_stated_in(self, fact: str) -> list[str]:
        """The amounts without a VAT basis that a fact rests on: itself, or those below a derived one."""
        derived = self.rulebook.derived_by_name.get(fact)
        if derived is None:
            return [fact] if self._is_as_stated(fact) else []
        return list(dict.fromkeys(name for each in derived.inputs for name in self._amounts_as_stated_in(each)))

    def _is_as_stated(self, fact: str) -> bool:
        value = self.facts.get(fact)
        return isinstance(value, Money) and value.vat is Vat.UNSTATED

    def _missing_inputs_of(self, derived: DerivedFact) -> list[str]:
        missing: list[str] = []
        if derived.related_kind:
            missing += self._missing_among_subjects(derived.related_kind, derived.inputs)
        for fact in derived.inputs:
            if fact not in self.facts and self.rulebook.facts.subject_kind_of(fact) != derived.related_kind:
                missing += self._missing_inputs(fact)
        return missing

    def _missing_among_subjects(self, kind: str, inputs: Iterable[str]) -> Iterator[str]:
        """The addresses of inputs that are unknown for subjects of a kind."""
        declared = self.rulebook.facts
        own_facts = [fact for fact in inputs if declared.subject_kind_of(fact) == kind]
        for subject in self.evidence.subjects_of_kind(kind):
            missing = (fact for fact in own_facts if fact not in self.evidence.subjects[subject])
            yield from (declared.address_of(fact, key_of_subject(subject)) for fact in missing)


def _without_bounds(predicate: Predicate) -> Predicate:
    """The test of a fact in the place of one of its bounds."""
    operand = predicate.operand
    if not any(map(is_bound, predicate.fact_names())):
        return predicate
    if isinstance(operand, FactRef):
        operand = FactRef(plain_name(operand.fact), operand.is_money)
    return Predicate(plain_name(predicate.fact), predicate.comparator, operand)


def shorten(text: str, length: int) -> str:
    """The beginning of a long text on one line, enough to recognise it."""
    line = " ".join(text[: 4 * length].split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
