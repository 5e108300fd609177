"""What Part 2 holds is called withheld wherever a form of Part 1 prints it, and no value of it is given away.

A table: each fact that a paper may state and a form of Part 1 prints, for every shipped authority.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from typing import NamedTuple

import pytest

from decisions.documents import wording
from decisions.documents.blocks.fields import Fields
from decisions.documents.build import build_document
from decisions.documents.record_views import build_public_record
from decisions.documents.view import texts_in
from rules.packs.document_schema import BlockSpec, DocumentTemplate
from rules.packs.scheme import Scheme
from rules.values.facts import CASE, FactValue
from rules.values.money import Money, Vat
from tests.workflow.walk import shipped_library
from workflow.cases.case import Case, ExemptFacts, FullCase
from workflow.cases.events import UNNAMED, Event, EventKind, FactChanges, Withheld
from workflow.cases.withheld_names import find_withheld, name_hidden

SCHEMES = ("mopac", "gla", "lfc", "council", "board")
ON = date(2024, 3, 4)
KEY = "k1"
VALUES: dict[str, FactValue] = {
    "text": "Okapi Narwhal", "money": Money(98_765_432_00, Vat.EXCLUDED), "count": 765_432_100, "flag": True,
    "day": date(2031, 7, 1),
}  # fmt: skip


class Printed(NamedTuple):
    """A fact, and a block of a form of Part 1 that prints it."""

    scheme: str
    template: DocumentTemplate
    block: BlockSpec
    fact: str

    @property
    def name(self) -> str:
        return f"{self.scheme} {self.template.kind} {self.block.heading or self.block.when} {self.fact}"

    @property
    def address(self) -> str:
        facts = scheme_of(self.scheme).rulebook.facts
        return facts.address_of(self.fact, "" if facts.subject_kind_of(self.fact) == CASE else KEY)


@cache
def scheme_of(name: str) -> Scheme:
    return shipped_library().scheme(name)


def printed_facts() -> Iterator[Printed]:
    for name in SCHEMES:
        scheme = scheme_of(name)
        for template in scheme.declaration.documents:
            for block in template.blocks if template.part == 1 else ():
                for fact in filter(None, (block.text, *block.labelled_facts(), *block.subject_facts())):
                    printed = Printed(name, template, block, fact)
                    if scheme.may_be_stated(printed.address):
                        yield printed


PRINTED = list(printed_facts())
IDS = [printed.name for printed in PRINTED]


def value_of(printed: Printed) -> FactValue:
    declared = scheme_of(printed.scheme).fact_declaration(printed.fact)
    return next(iter(declared.choices)) if declared.choices else VALUES[declared.kind]


def public_facts(printed: Printed) -> dict[str, FactValue]:
    """Return a fact of the same subject that Part 1 states, so that the subject is known there."""
    facts, kind = scheme_of(printed.scheme).rulebook.facts, printed.address.partition(":")[0]
    if printed.address == printed.fact:
        return {}
    other = next(f for f in facts if facts.subject_kind_of(f) == kind and f not in printed.block.subject_facts())
    return {facts.address_of(other, KEY): VALUES["text"]}


def words_of(printed: Printed, *, withholds: bool, stage: int = 0) -> list[str]:
    """Return the texts of the one block in Part 1, of a case that was opened with the fact in Part 2 or nowhere."""
    scheme = scheme_of(printed.scheme)
    case = open_case(scheme, public_facts(printed), {printed.address: value_of(printed)} if withholds else {})
    block = printed.block.model_copy(update={"when": "", "where": None})
    template = printed.template.model_copy(update={"when": "", "blocks": (block,), "title": "opened.by"})
    at = replace(case, stage=list(scheme.declaration.stages)[stage])
    return list(texts_in(build_document(template, build_public_record(at, "head", scheme)).blocks))


def open_case(scheme: Scheme, public: dict[str, FactValue], exempt: dict[str, FactValue]) -> Case:
    """Return the public part of a case that was opened with some facts in each part."""
    facts: dict[str, FactValue] = {"opened.by": "A Lee", "opened.on": ON, **public}
    event = Event(
        "opened",
        "C-1",
        scheme.id,
        "open",
        "A Lee",
        "author",
        ON,
        scheme.first_stage,
        FactChanges(facts),
        FactChanges(exempt),
    )
    withheld = find_withheld(None, event, scheme)
    return Case("C-1", scheme.id, 1, scheme.first_stage, ON, facts, withheld=withheld or Withheld())


def test_the_table_has_every_authority_and_many_facts() -> None:
    assert {printed.scheme for printed in PRINTED} == set(SCHEMES)
    assert len(PRINTED) > 120


@pytest.mark.parametrize("stage", [0, 1], ids=["draft", "sent"])
@pytest.mark.parametrize("printed", PRINTED, ids=IDS)
def test_a_fact_in_part_2_is_called_withheld_and_one_that_nobody_stated_is_not(printed: Printed, stage: int) -> None:
    words = scheme_of(printed.scheme).declaration.withheld_as
    shown = words_of(printed, withholds=True, stage=stage)
    is_order = printed.block.points and printed.fact != printed.block.points.text
    assert is_order or any(words in text for text in shown), shown  # a number or a letter only puts points in order
    assert not any(words in text for text in words_of(printed, withholds=False, stage=stage))
    assert not any(mark in text for text in shown for mark in ("Okapi", "987", "765", "2031"))


@pytest.mark.parametrize("scheme_name", SCHEMES)
class TestNames:
    def test_a_fact_that_no_form_of_part_1_prints_is_not_named(self, scheme_name: str) -> None:
        scheme = scheme_of(scheme_name)
        printed = {printed.fact for printed in PRINTED if printed.scheme == scheme_name}
        facts, derived = scheme.rulebook.facts, {each.name for each in scheme.rulebook.derived_facts}
        others: dict[str, FactValue] = {
            fact: next(iter(declared.choices)) if declared.choices else VALUES[declared.kind]
            for fact, declared in facts.items()
            if facts.subject_kind_of(fact) == CASE and fact not in printed and scheme.may_be_stated(fact)
        }
        assert len(others) > 3
        assert open_case(scheme, {}, others).withheld.names <= derived

    def test_a_subject_that_only_part_2_names_is_given_by_its_kind(self, scheme_name: str) -> None:
        scheme = scheme_of(scheme_name)
        kinds = {
            printed.address.partition(":")[0]: printed
            for printed in PRINTED
            if printed.scheme == scheme_name and printed.address != printed.fact
        }
        for kind, printed in kinds.items():
            withheld = open_case(scheme, {}, {printed.address: value_of(printed)}).withheld
            assert withheld.names == frozenset({name_hidden(kind)})


def event_of(kind: EventKind, public: dict[str, FactValue], exempt: dict[str, FactValue]) -> Event:
    scheme = scheme_of("mopac")
    return Event(
        kind,
        "C-1",
        "mopac",
        "x",
        "A Lee",
        "author",
        ON,
        scheme.first_stage,
        FactChanges(public),
        FactChanges(exempt),
    )


class TestEvents:
    EXEMPT = ExemptFacts({"required_by": ON, "confidential.financial": "Dear."})

    def before(self) -> Withheld:
        """Return what is withheld as the opening named it."""
        return open_case(scheme_of("mopac"), {}, dict(self.EXEMPT.facts)).withheld

    def named_after(self, kind: EventKind, withheld: Withheld, **public: FactValue) -> Withheld | None:
        case = Case("C-1", "mopac", 1, "draft", ON, {}, withheld=withheld)
        return find_withheld(FullCase(case, self.EXEMPT), event_of(kind, public, {}), scheme_of("mopac"))

    def test_the_opening_names_what_a_form_of_part_1_prints(self) -> None:
        assert self.before().names == frozenset({"required_by"})

    def test_an_act_names_nothing_while_nothing_changes(self) -> None:
        assert self.named_after("acted", self.before()) is None

    @pytest.mark.parametrize("other", [UNNAMED, Withheld(frozenset({"required_by"}), "other forms")])
    def test_the_next_act_of_a_case_named_under_other_forms_or_not_at_all_names_what_is_withheld(
        self, other: Withheld
    ) -> None:
        assert self.named_after("acted", other) == self.before()

    def test_what_an_amendment_publishes_is_withheld_no_more(self) -> None:
        after = self.named_after("amended", self.before(), required_by=ON)
        assert after is not None
        assert not after.names

    def test_each_amendment_of_a_case_with_a_part_2_names_all_again(self) -> None:
        assert self.named_after("amended", self.before()) == self.before()

    def test_an_amendment_that_empties_part_2_says_that_nothing_is_withheld_under_any_form(self) -> None:
        emptied = replace(event_of("amended", {}, {}), exempt=FactChanges({}, frozenset(self.EXEMPT.facts)))
        case = Case("C-1", "mopac", 1, "draft", ON, {}, withheld=self.before())
        assert find_withheld(FullCase(case, self.EXEMPT), emptied, scheme_of("mopac")) == Withheld()


def test_a_form_that_prints_more_than_those_of_the_record_does_not_call_it_not_set() -> None:
    scheme = scheme_of("mopac")
    case = open_case(scheme, {"exemption:k1.section": "s43"}, {"exemption:k1.review_on": ON, "budget.current_year": 1})
    template = scheme.document_template("decision-form", 1)
    [block] = [each for each in template.blocks if each.details_of == "exemption"]
    one_block = template.model_copy(update={"when": "", "blocks": (block.model_copy(update={"when": ""}),)})

    def words_under(withheld: Withheld) -> list[str]:
        sent = replace(case, withheld=withheld, stage=list(scheme.declaration.stages)[1])
        record = build_public_record(sent, "head", scheme)
        [fields] = [each for each in build_document(one_block, record).blocks if isinstance(each, Fields)]
        return [field.placeholder for field in fields.items if not field.value]

    assert words_under(case.withheld) == ["Not set", "Withheld (see Part 2)"]
    assert words_under(replace(case.withheld, forms="fewer")) == [wording.NOT_IN_PART_1, "Withheld (see Part 2)"]


@pytest.mark.parametrize("stage", [0, 1], ids=["draft", "sent"])
def test_a_list_for_one_body_does_not_say_which_body_a_withheld_point_is_for(stage: int) -> None:
    scheme = scheme_of("mopac")
    lists = [
        Printed("mopac", template, block, "recommendation.text")
        for template in scheme.declaration.documents
        for block in template.blocks
        if template.part == 1 and block.points
    ]
    for printed in lists:
        case = open_case(scheme, {}, {"recommendation:x.text": "Okapi", "recommendation:x.body": "pib"})
        template = printed.template.model_copy(update={"when": "", "blocks": (printed.block,), "title": "opened.by"})
        record = build_public_record(replace(case, stage=list(scheme.declaration.stages)[stage]), "head", scheme)
        assert f"{wording.NONE_NAMED}." in texts_in(build_document(template, record).blocks)
    assert len({str(printed.block.where) for printed in lists}) > 2


def test_a_marking_in_part_2_is_called_withheld() -> None:
    scheme = scheme_of("lfc")
    template = next(each for each in scheme.declaration.documents if each.part == 1 and each.marking_of)
    bare = template.model_copy(update={"when": "", "blocks": template.blocks[:1]})
    secret: dict[str, FactValue] = {template.marking_of: "OFFICIAL-SENSITIVE"}
    cases = [open_case(scheme, {}, exempt) for exempt in ({}, secret)]
    markings = [build_document(bare, build_public_record(case, "head", scheme)).marking for case in cases]
    assert markings == [wording.MARKING_NOT_STATED, scheme.declaration.withheld_as]
