"""The facts that `assent scheme facts` lists are those that papers and acts take, each in the parts that it names."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from rules.authoring.fact_catalogue import FactEntry, list_facts
from rules.errors import FileError
from rules.packs.scheme import Scheme
from rules.values.facts import CASE, FactDeclaration
from tests.schemes.conftest import shipped_library
from workflow.cases.paper import Paper, read_paper

SCHEMES = ("gla", "lfc", "mopac")
STATED_VALUES = {"money": "£5.00 ex VAT", "count": 7, "flag": True, "text": "Some words."}
PART_NAMES = {1: "public", 2: "exempt"}


def state_value(declaration: FactDeclaration) -> str:
    """Return a value of a fact as YAML writes it."""
    if declaration.kind == "day":
        return "2019-05-01"  # JSON has no days
    value = next(iter(declaration.choices)) if declaration.choices else STATED_VALUES[declaration.kind]
    return json.dumps(value, ensure_ascii=False)


def paper_stating(fact: str, declaration: FactDeclaration, part: int) -> bytes:
    """Return a paper that states one fact in one of its parts."""
    name, value = fact, state_value(declaration)
    if shipped_library().scheme("mopac").rulebook.facts.subject_kind_of(fact) != CASE:
        kind, _, name = fact.partition(".")
        name, value = kind, f"{{one: {{{name}: {value}}}}}"
    text = f"public: {{{name}: {value}}}" if part == 1 else f"public: {{}}\nexempt: {{{name}: {value}}}"
    return text.encode()


def paper_is_taken(fact: str, scheme: Scheme, part: int) -> bool:
    """Whether a paper may state a fact in a part; a refusal names the place of the fact."""
    try:
        paper: Paper = read_paper(paper_stating(fact, scheme.rulebook.facts[fact], part), "paper.yaml", scheme)
    except FileError as error:
        [fault] = error.faults
        assert fault.key.startswith(PART_NAMES[part])
        return False
    stated, other = (paper.public, paper.exempt) if part == 1 else (paper.exempt, paper.public)
    assert len(stated) == 1
    assert not other
    return True


@pytest.fixture(params=SCHEMES)
def any_scheme(request: pytest.FixtureRequest) -> Scheme:
    return shipped_library().scheme(request.param)


def entries_by_fact(scheme: Scheme) -> dict[str, FactEntry]:
    return {entry.fact: entry for entry in list_facts(scheme)}


def test_a_paper_may_state_exactly_the_facts_that_are_listed_as_stated_by_papers(any_scheme: Scheme) -> None:
    listed = {
        (fact, part)
        for fact, entry in entries_by_fact(any_scheme).items()
        for part in entry.parts
        if entry.stated_by == "paper"
    }
    taken = {
        (fact, part) for fact in any_scheme.rulebook.facts for part in (1, 2) if paper_is_taken(fact, any_scheme, part)
    }
    assert taken == listed


def test_the_facts_listed_as_stated_by_acts_are_those_that_acts_and_reviews_record(any_scheme: Scheme) -> None:
    listed = {fact for fact, entry in entries_by_fact(any_scheme).items() if entry.stated_by == "act"}
    assert listed == any_scheme.act_recorded_facts
    assert listed


def recorders_of(fact: str, scheme: Scheme) -> Iterator[str]:
    """Return the acts and reviews that ask for a fact, date it, or record it as the outcome of their stage."""
    for name, action in scheme.declaration.actions.items():
        stage, _, recorded = fact.partition(".")
        of_outcome = bool(action.outcome) and stage == action.stages[0] and recorded in ("outcome", "on", "by", "role")
        if fact in (*action.asks, *action.dates) or of_outcome:
            yield name
    for name, review in scheme.declaration.reviews.items():
        if fact in (review.kept_in, review.dates):
            yield name


def test_each_fact_names_the_acts_that_record_it(any_scheme: Scheme) -> None:
    for fact, entry in entries_by_fact(any_scheme).items():
        assert entry.recorded_by == tuple(recorders_of(fact, any_scheme)), fact


def test_what_acts_record_of_the_case_is_public_and_every_other_fact_may_be_confidential(any_scheme: Scheme) -> None:
    for fact, entry in entries_by_fact(any_scheme).items():
        is_public = entry.stated_by == "act" and entry.subject_kind == CASE
        assert entry.parts == ((1,) if is_public else (1, 2)), fact


def test_the_facts_of_the_case_come_first_and_each_group_is_in_order(any_scheme: Scheme) -> None:
    facts = [entry.fact for entry in list_facts(any_scheme)]
    kind_of = any_scheme.rulebook.facts.subject_kind_of
    of_case = [fact for fact in facts if kind_of(fact) == CASE]
    of_subjects = [fact for fact in facts if kind_of(fact) != CASE]
    assert facts == [*sorted(of_case), *sorted(of_subjects)]
    assert of_case
    assert of_subjects


def test_the_controls_and_gates_of_a_fact_belong_together(any_scheme: Scheme) -> None:
    controls = any_scheme.rulebook.controls
    for entry in list_facts(any_scheme):
        assert set(entry.gates) == {gate for name in entry.controls for gate in controls[name].declaration.gates}
        assert len(set(entry.gates)) == len(entry.gates)
    listed = {name for entry in list_facts(any_scheme) for name in entry.controls}
    directly = {name for name, control in controls.items() if control.facts & entries_by_fact(any_scheme).keys()}
    assert directly <= listed


def test_a_listed_document_is_one_of_the_scheme_and_names_no_fact_twice(any_scheme: Scheme) -> None:
    templates = {(template.kind, template.part) for template in any_scheme.declaration.documents}
    shown = [entry.documents for entry in list_facts(any_scheme)]
    assert {document for documents in shown for document in documents} == templates
    assert all(len(set(documents)) == len(documents) for documents in shown)


def test_the_json_form_of_each_entry_is_plain_data(any_scheme: Scheme) -> None:
    forms = [entry.as_json() for entry in list_facts(any_scheme)]
    assert json.loads(json.dumps(forms)) == forms
    assert len({tuple(form) for form in forms}) == 1  # the same keys in the same order
