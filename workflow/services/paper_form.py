"""The layout of a paper as a form: its parts, their blocks, and a field for each answer that can be given in it.

Invariants:
- Every question of the plan has one field; so has what each answer leads to, with the answer on which it depends, and
  whatever a document may show.
- A field of Part 2 is one whose answer Part 2 states already, or that only confidential documents show. What a control
  reads about the case itself stays in Part 1 all the same: it is needed also where nothing is confidential.
- A blank block for one more thing of a kind states nothing by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain, count
from typing import NamedTuple

from rules.authoring.shown_facts import PossibleFact, list_long_facts, list_possible_facts, may_have_part_2
from rules.packs.scheme import Scheme
from rules.values.facts import (
    CASE,
    FactDeclaration,
    Facts,
    FactValue,
    address_of,
    key_of_subject,
    kind_of_subject,
    split_address,
    subject_of_address,
)
from workflow.services.paper_branches import Branches, Condition, FollowUp, find_branches
from workflow.services.paper_drafts import PaperDraft
from workflow.services.paper_questions import PaperPlan, Question, Reason, plan_paper

_MAX_DEPTH = 3
"""How many answers may lead to one another for a form to ask for what the last of them needs."""
_SPARE_BLOCKS = 2
"""How many blank blocks a form has for further things of each kind."""


@dataclass(frozen=True, slots=True)
class FormField:
    """One field: the address and number of its question, how it is declared, and the answer that is known already.

    `is_long` is set for a text with paragraphs of its own. `condition` gives the answers on which alone it is needed.
    `waits_for` is the address of the fact on which its choices depend, if that is not stated yet. It `may_be_needed`
    if a control reads it that needs it for some answers.
    """

    address: str
    declaration: FactDeclaration
    question: Question
    part: int = 1
    number: int = 0
    value: FactValue | None = None
    is_long: bool = False
    condition: Condition | None = None
    follow_ups: tuple[FollowUp, ...] = ()
    waits_for: str = ""
    may_be_needed: bool = False

    @property
    def label(self) -> str:
        """The number and the label of the question."""
        return f"{self.number}. {self.declaration.label}"

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why it is asked."""
        return self.question.reasons


@dataclass(frozen=True, slots=True)
class FormBlock:
    """Some fields below one heading: those of a section of the paper, or of one thing such as a recommendation.

    `is_spare` is set for a blank block; `about` says what a thing of its kind is.
    """

    heading: str
    fields: tuple[FormField, ...]
    subject: str = CASE
    about: str = ""
    is_spare: bool = False


@dataclass(frozen=True, slots=True)
class PaperForm:
    """A form: the blocks of each part, and what each thing that the plan added is, by address.

    If it `has_part_2`, any answer can be given as a confidential one, but for `head_facts`: a title, and what decides
    which documents there are.
    """

    scheme: Scheme
    on: date
    blocks: Mapping[int, tuple[FormBlock, ...]]
    given: Facts
    has_part_2: bool
    head_facts: frozenset[str] = frozenset()

    def fields(self, part: int) -> tuple[FormField, ...]:
        """Return the fields of one part, in order."""
        return tuple(each for block in self.blocks.get(part, ()) for each in block.fields)

    @property
    def numbers(self) -> dict[str, FormField]:
        """Every field by its address."""
        return {each.address: each for part in self.blocks for each in self.fields(part)}


def make_paper_form(draft: PaperDraft) -> PaperForm:
    """Return the form of a paper with the plan of its questions."""
    return _FormBuilder(draft).build()


def name_fields(scheme: Scheme, addresses: Sequence[str]) -> dict[str, str]:
    """Return the name of each field of a form by its address, from the addresses in the order of their numbers.

    A field is named as in `12. Estimated value`, or `40. Recommendation 1: Text`. A fact that the scheme does not know
    has its address for a label.
    """
    declared, subjects = scheme.rulebook.facts, name_subjects(scheme, addresses)
    names: dict[str, str] = {}
    for number, address in enumerate(addresses, 1):
        fact, subject = split_address(address)[0], subject_of_address(address)
        label = declared[fact].label if fact in declared else address
        names[address] = f"{number}. {subjects[subject]}: {label}" if subject != CASE else f"{number}. {label}"
    return names


def name_subjects(scheme: Scheme, addresses: Iterable[str]) -> dict[str, str]:
    """Return what a form calls each thing of which it has a field, counted by its kind: `Recommendation 2`."""
    labels, counts = scheme.rulebook.vocabulary.subject_kinds, Counter[str]()
    names: dict[str, str] = {}
    for subject in dict.fromkeys(map(subject_of_address, addresses)):
        kind = kind_of_subject(subject)
        counts[kind] += 1
        names[subject] = f"{labels[kind].label if kind in labels else kind} {counts[kind]}"
    return names


class _Planned(NamedTuple):
    question: Question
    condition: Condition | None = None
    follow_ups: tuple[FollowUp, ...] = ()


@dataclass(slots=True)
class _Questions:
    """The questions of a paper with those to which their answers lead; a further one stands behind its parent."""

    scheme: Scheme
    on: date
    planned: dict[str, _Planned] = field(default_factory=dict)

    def add_plan(self, plan: PaperPlan, branches: Branches) -> None:
        for question in plan.questions:
            self.planned[question.address] = _Planned(question, branches.conditions.get(question.address))
        self._add_follow_ups(plan, branches, 1)

    def _add_follow_ups(self, plan: PaperPlan, branches: Branches, depth: int) -> None:
        for parent, follow_ups in branches.follow_ups.items():
            self.planned[parent] = self.planned[parent]._replace(follow_ups=follow_ups)
            for answer, questions in follow_ups:
                new = {each.address: each for each in questions if each.address not in self.planned}
                for question in reversed(questions):
                    self._add_question(question, parent, answer)
                tried = [each for each in new.values() if each.declaration.kind in ("flag", "choice")]
                if tried and depth < _MAX_DEPTH:
                    further = plan_paper(self.scheme, plan.answer({parent: answer}), self.on)
                    among = {each.address for each in tried}
                    self._add_follow_ups(further, find_branches(self.scheme, further, self.on, among), depth + 1)

    def _add_question(self, question: Question, parent: str, answer: FactValue) -> None:
        """Add a question behind the one whose answer leads to it; several answers may lead to one question."""
        known = self.planned.get(question.address)
        if known and known.condition and known.condition.address == parent:
            answers = dict.fromkeys((*known.condition.answers, answer))
            self.planned[question.address] = known._replace(condition=Condition(parent, tuple(answers)))
        elif known and known.question.need == "optional" and known.condition is None:
            self.planned[question.address] = _Planned(question, Condition(parent, (answer,)), known.follow_ups)
        elif known is None:
            entries = list(self.planned.items())
            place = next(place for place, (address, _) in enumerate(entries) if address == parent) + 1
            entries.insert(place, (question.address, _Planned(question, Condition(parent, (answer,)))))
            self.planned = dict(entries)


class _FormBuilder:
    """Builds one form from the plan of its questions."""

    def __init__(self, draft: PaperDraft) -> None:
        self._scheme, self._plan = draft.scheme, draft.plan
        self._declared = draft.scheme.rulebook.facts
        questions = _Questions(draft.scheme, draft.on)
        questions.add_plan(draft.plan, draft.branches)
        self._planned, self._on = questions.planned, draft.on
        self._stated = draft.plan.answer({})
        everything = {**self._stated.exempt, **self._stated.public}
        self._has_part_2 = draft.plan.has_part_2 or may_have_part_2(draft.scheme, everything)
        self._possible = list_possible_facts(draft.scheme, everything)
        self._shown_order = {fact: place for place, fact in enumerate(self._possible)}
        self._judged = draft.scheme.rulebook.gate_rules(None).relevant_facts
        self._long_facts = list_long_facts(draft.scheme)

    def build(self) -> PaperForm:
        """Return the form, its fields numbered through."""
        addresses = list(dict.fromkeys((*self._in_order(), *self._possible_of_case())))
        subjects = dict.fromkeys(map(subject_of_address, addresses))
        addresses += chain.from_iterable(map(self._addresses_of, subjects))
        fields = [self._field(address) for address in dict.fromkeys(addresses)]
        spares = list(self._spare_subjects(set(subjects)))
        further = [self._field(address) for subject in spares for address in self._addresses_of(subject)]
        in_parts = sorted((*fields, *further), key=lambda each: each.part)
        names = name_subjects(self._scheme, (each.address for each in in_parts))
        numbers = count(1)
        blocks = {
            part: tuple(
                replace(block, fields=tuple(replace(each, number=next(numbers)) for each in block.fields))
                for block in (*self._blocks(fields, part, names), *self._spares(further, part, names))
            )
            for part in ((1, 2) if self._has_part_2 else (1,))
        }
        given = {
            address_of(fact, key_of_subject(subject)): value
            for subject, facts in self._plan.added.items()
            for fact, value in facts.items()
        }
        head = frozenset(fact for fact, place in self._plan.shown.items() if not place.section)
        return PaperForm(self._scheme, self._on, blocks, given, self._has_part_2, head)

    def _in_order(self) -> Iterator[str]:
        """Yield what is stated and asked, in the order of the paper; what an answer leads to comes behind it."""
        behind: dict[str, list[str]] = {}
        planned = self._plan.list_addresses()
        parent = ""
        for address in self._planned:
            if address in planned:
                parent = address
            else:
                behind.setdefault(parent, []).append(address)
        for address in planned:
            yield address
            yield from behind.get(address, ())

    def _possible_of_case(self) -> Iterator[str]:
        return (fact for fact in self._possible if self._declared.subject_kind_of(fact) == CASE)

    def _addresses_of(self, subject: str) -> list[str]:
        """Return every address of a thing for which a form has a field; none of the case."""
        kind, _, key = subject.partition(":")
        return [] if subject == CASE else [address_of(fact, key) for fact in self._facts_of_kind(kind)]

    def _field(self, address: str) -> FormField:
        fact, _ = split_address(address)
        declaration = self._declared[fact]
        place = self._possible.get(fact, PossibleFact("", 1))
        stated = {**self._stated.exempt, **self._stated.public}
        value = stated.get(address)
        is_exempt = address in self._stated.exempt or (
            address not in self._stated.public and self._is_confidential(fact, place.part)
        )
        planned = self._planned.get(address) or self._plan_optional(address, place, is_exempt=is_exempt)
        limiting = self._declared.limiting_address(fact, key_of_subject(subject_of_address(address)))
        known = stated.get(limiting)
        is_long = declaration.kind == "text" and (fact in self._long_facts or "\n" in str(value or ""))
        return FormField(
            address,
            self._declared.limit_choices(fact, known),
            planned.question,
            2 if is_exempt and self._has_part_2 else 1,
            value=value,
            is_long=is_long,
            condition=planned.condition,
            follow_ups=planned.follow_ups,
            waits_for=limiting if known is None else "",
            may_be_needed=fact in self._judged and address not in self._planned and ":" not in address,
        )

    def _plan_optional(self, address: str, place: PossibleFact, *, is_exempt: bool) -> _Planned:
        """Return the plan of a question that only a document asks."""
        fact, _ = split_address(address)
        # A public answer stands under no heading of a confidential document.
        section = place.section if is_exempt or place.part == 1 else ""
        question = Question(address, self._declared[fact], "optional", section=section)
        return _Planned(question, self._condition_of(fact, place))

    def _is_confidential(self, fact: str, part: int) -> bool:
        """Whether only confidential documents show a fact, and no paper without a Part 2 needs it."""
        return part != 1 and (fact not in self._judged or self._declared.subject_kind_of(fact) != CASE)

    def _condition_of(self, fact: str, place: PossibleFact) -> Condition | None:
        """Return on which answer it hangs whether a fact is shown; not where a paper without a Part 2 may need it."""
        is_hanging = place.decided_by in self._planned and (place.part == 1 or self._is_confidential(fact, place.part))
        return Condition(place.decided_by, place.answers) if is_hanging else None

    def _blocks(self, fields: list[FormField], part: int, names: Mapping[str, str]) -> Iterator[FormBlock]:
        """Yield the fields of one part by section, then by the thing to which they belong."""
        by_heading: dict[tuple[str, str], list[FormField]] = {}
        for each in sorted(fields, key=self._place_of):
            subject = subject_of_address(each.address)
            if each.part == part:
                by_heading.setdefault((subject, self._section_of(each)), []).append(each)
        for (subject, section), of_block in by_heading.items():
            known = [self._scheme.format_fact(*fact) for fact in self._plan.added.get(subject, {}).items()]
            name = f"{names[subject]} ({', '.join(known)})" if known else names[subject]
            yield FormBlock(section if subject == CASE else name, tuple(of_block), subject, self._about(subject))

    def _section_of(self, form_field: FormField) -> str:
        if ":" in form_field.address:
            return ""
        place = self._plan.shown.get(form_field.address)
        return (place.section if place else "") or form_field.question.section

    def _place_of(self, form_field: FormField) -> tuple[int, bool, int]:
        """Return the place of a field: those of the case in their order, then kind by kind.

        Of one thing, what is known comes first, then what documents show, in their order.
        """
        fact, subject = split_address(form_field.address)[0], subject_of_address(form_field.address)
        if subject == CASE:
            return 0, False, 0
        kind = self._declared.subject_kinds.index(kind_of_subject(subject)) + 1
        return kind, form_field.value is None, self._shown_order.get(fact, len(self._shown_order))

    def _about(self, subject: str) -> str:
        return "" if subject == CASE else self._scheme.rulebook.vocabulary.subject_kinds[kind_of_subject(subject)].about

    def _spare_subjects(self, used: set[str]) -> Iterator[str]:
        """Yield a subject for each blank block, kind by kind."""
        for kind in self._declared.subject_kinds:
            if self._facts_of_kind(kind):
                free = (f"{kind}:{kind}-{number}" for number in count(1))
                spare = (subject for subject in free if subject not in used)
                yield from (next(spare) for _ in range(_SPARE_BLOCKS))

    def _facts_of_kind(self, kind: str) -> list[str]:
        """Return the facts of a blank block: those that documents show or that are asked for; else all of the kind."""
        of_kind = [
            fact
            for fact in self._declared
            if self._declared.subject_kind_of(fact) == kind and self._scheme.may_be_stated(fact)
        ]
        named = {split_address(address)[0] for address in (*self._planned, *self._stated.public, *self._stated.exempt)}
        wanted = {*self._possible, *named}
        return [fact for fact in of_kind if fact in wanted] or of_kind

    def _spares(self, fields: list[FormField], part: int, names: Mapping[str, str]) -> Iterator[FormBlock]:
        by_subject: dict[str, list[FormField]] = {}
        for each in fields:
            if each.part == part:
                by_subject.setdefault(subject_of_address(each.address), []).append(each)
        for subject, of_block in by_subject.items():
            yield FormBlock(names[subject], tuple(of_block), subject, self._about(subject), is_spare=True)
