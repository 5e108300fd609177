"""Entries of the facts of a scheme are selected by name, and a name that is none is explained."""

from __future__ import annotations

from functools import cache

import pytest

from rules.authoring.fact_catalogue import FactEntry, list_facts, select_facts
from rules.errors import InputError
from rules.packs.library import Library
from rules.packs.scheme import Scheme
from tests.rules.manual_packs import manual_scheme


@cache
def scheme() -> Scheme:
    return Library.load([]).scheme("lfc")


@cache
def entries() -> tuple[FactEntry, ...]:
    return list_facts(scheme())


def refusal(name: str) -> InputError:
    with pytest.raises(InputError) as refused:
        select_facts(entries(), [name], scheme())
    return refused.value


def test_entries_are_selected_in_the_order_of_the_names() -> None:
    names = ["title", "estimated_value", "title"]
    assert [entry.fact for entry in select_facts(entries(), names, scheme())] == names


def test_no_names_select_nothing() -> None:
    assert select_facts(entries(), [], scheme()) == ()


@pytest.mark.parametrize("name", ["act.on", "case.stage", "decision.approver"])
def test_a_fact_that_assent_records_itself_is_not_stated_by_anybody(name: str) -> None:
    assert str(refusal(name)) == (
        f"{name} is not stated by a paper or an act: it is worked out or recorded by assent itself"
    )


def test_a_fact_that_the_scheme_gives_is_named_as_given() -> None:
    (name, *_) = scheme().authority_facts
    assert str(refusal(name)) == f"{name} is not stated by a paper or an act: it is given by the scheme"


def test_a_name_like_no_other_is_answered_with_the_command_that_lists_all() -> None:
    refused = refusal("zzzzzzzz")
    assert str(refused) == "'zzzzzzzz' is not a fact of lfc"
    assert refused.advice() == "All are listed by: assent scheme facts lfc"


def test_the_address_of_a_subject_is_answered_with_the_fact() -> None:
    assert refusal("exemption:s43.section").advice() == "Did you mean exemption.section?"


@pytest.mark.parametrize("name", ["x" * 10_000, "\x1b[31mtitle", "title\n"])
def test_a_hostile_name_is_printed_short_and_without_control_characters(name: str) -> None:
    message = str(refusal(name))
    assert len(message) < 200
    assert message.isprintable()


def test_an_entry_names_its_documents_with_their_parts() -> None:
    [entry] = select_facts(entries(), ["estimated_value"], scheme())
    assert entry.document_names == [f"{kind} Part {part}" for kind, part in entry.documents] == ["decision Part 2"]


def test_the_choices_of_an_entry_are_a_copy_that_may_be_changed() -> None:
    [entry] = select_facts(entries(), ["exemption.section"], scheme())
    entry.as_json()["choices"].clear()
    assert entry.as_json()["choices"] == dict(entry.declaration.choices)
    assert entry.as_json()["choices"]


PUBLIC, CONFIDENTIAL = ("decision", 1), ("decision", 2)


@pytest.mark.parametrize(
    ("fact", "documents"),
    [
        ("title", [PUBLIC, CONFIDENTIAL]),
        ("decision.reference", [PUBLIC, CONFIDENTIAL]),  # the reference of both, and in the box of one
        ("confidential.marking", [CONFIDENTIAL]),
        ("decision.outcome", [PUBLIC, CONFIDENTIAL]),  # by decided_at
        ("summary", [PUBLIC]),  # text
        ("recommendation.letter", [PUBLIC]),
        ("visits", [PUBLIC]),  # fields
        ("urgent", [PUBLIC]),  # hangs_on
        ("checked", [PUBLIC]),  # statements
        ("send_back.reason", [PUBLIC]),  # the reason of another outcome
        ("interests", [PUBLIC]),  # fields of a signature
        ("part_2.exists", [PUBLIC, CONFIDENTIAL]),  # when, of a block and of a document
        ("exemption.reason", [CONFIDENTIAL]),
        ("declaration.role", [PUBLIC, CONFIDENTIAL]),  # acts
        ("publication.by", [PUBLIC]),
        ("work", []),
    ],
)
def test_a_fact_is_listed_with_the_documents_that_show_it_or_are_shown_by_it(
    fact: str, documents: list[tuple[str, int]]
) -> None:
    [entry] = select_facts(list_facts(manual_scheme()), [fact], manual_scheme())
    assert list(entry.documents) == documents
