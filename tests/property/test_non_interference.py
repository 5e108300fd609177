"""Part 1 is the same to the byte whatever the values are that Part 2 contains.

It says which facts that it would print are withheld; nothing else of Part 2 changes it, not even that there is one.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from decisions.documents.build import build_document
from decisions.documents.record_views import build_public_record
from decisions.documents.view import Document
from decisions.issuing.jobs import OUTPUT_FORMATS
from decisions.output.pdf import render_file
from rules.values.facts import CASE as CASE_KIND
from tests.decisions.cases import DECIDED_FACTS, DOCUMENTS, PAPER_FILE, shipped_scheme
from tests.decisions.sample import LEDGER_HEAD
from tests.leakage.canaries import CASE, open_case
from workflow.services import queries

KINDS = [kind for kind, part in DOCUMENTS if part == 1]
TEXTS = st.sampled_from([
    "Ŵ", "£2,450,000", "{{ head }}", "<b>x</b>", "- a\n  b. c", "| a | b |\n| £5m | d |", "a[^1]\n\n[^1]: b",
    "w " * 500,
])  # fmt: skip
VALUES: Mapping[str, st.SearchStrategy[Any]] = {
    "money": st.integers(0, 10**12).map(lambda pence: f"£{pence // 100}.{pence % 100:02} ex VAT"),
    "count": st.integers(0, 10**6),
    "flag": st.booleans(),
    "day": st.dates(date(2010, 1, 1), date(2040, 1, 1)),
    "text": TEXTS,
}


def exempt_facts(kind: str) -> list[str]:
    """Return the facts of a kind of subject that Part 2 may state: those that Part 1 of the shipped paper does not."""
    declared = shipped_scheme().rulebook.facts
    facts = [fact for fact in declared if declared.subject_kind_of(fact) == kind]
    return sorted(
        fact
        for fact in facts
        if fact not in public_part() and shipped_scheme().may_be_stated(declared.address_of(fact, "k"))
    )


@cache
def public_part() -> dict[str, Any]:
    """Return the public part of the shipped paper, as its YAML states it."""
    return dict(yaml.safe_load(PAPER_FILE.read_text(encoding="utf-8"))["public"])


CASE_FACTS, EXEMPTION_FACTS = exempt_facts(CASE_KIND), exempt_facts("exemption")
PRINTED = {
    fact
    for template in shipped_scheme().declaration.documents
    for block in template.blocks
    if template.part == 1
    for fact in (block.text, *block.labelled_facts())
}
NEVER_PRINTED = [fact for fact in CASE_FACTS if fact not in PRINTED]


@st.composite
def exempt_parts(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """Draw two exempt parts: the same facts, any that a paper may state, with other values."""
    facts = sorted(draw(st.sets(st.sampled_from(CASE_FACTS))))
    key = draw(st.sampled_from(["only-here", *public_part()["exemption"]]))
    public_facts = public_part()["exemption"].get(key, {})
    of_exemption = [fact for fact in sorted(draw(st.sets(st.sampled_from(EXEMPTION_FACTS))))
                    if fact.partition(".")[2] not in public_facts]  # fmt: skip

    def with_values() -> dict[str, Any]:
        exemption = {fact.partition(".")[2]: draw(value_of(fact)) for fact in of_exemption}
        case = {fact: draw(value_of(fact)) for fact in facts}
        return {**case, "exemption": {key: exemption}} if exemption else case

    return with_values(), with_values()


def value_of(fact: str) -> st.SearchStrategy[Any]:
    declaration = shipped_scheme().fact_declaration(fact)
    return st.sampled_from(sorted(declaration.choices)) if declaration.choices else VALUES[declaration.kind]


def part_1_views(exempt: dict[str, Any]) -> list[Document]:
    """Return every Part 1 document of the decided case, opened from a paper with this exempt part."""
    paper = yaml.safe_dump({"public": public_part(), "exempt": exempt}, allow_unicode=True).encode()
    with tempfile.TemporaryDirectory() as folder:
        services = open_case(Path(folder) / "assent.db", paper)
        case, _ = queries.load_public_case(services, CASE)
    decided = replace(case, stage="publication", facts={**case.facts, **DECIDED_FACTS})
    return [
        build_document(
            shipped_scheme().document_template(kind, 1), build_public_record(decided, LEDGER_HEAD, shipped_scheme())
        )
        for kind in KINDS
    ]


@pytest.mark.parametrize(("to", "examples"), [("html", 10), ("docx", 2)])
def test_no_change_of_a_value_in_part_2_changes_a_byte_of_part_1(to: str, examples: int) -> None:
    @given(exempt_parts())
    @settings(max_examples=examples, suppress_health_check=[HealthCheck.too_slow])
    def compare(parts: tuple[dict[str, Any], dict[str, Any]]) -> None:
        views, others = map(part_1_views, parts)
        assert views == others
        assert [render_file(view, to) for view in views] == [render_file(view, to) for view in others]

    compare()


@pytest.mark.long
@pytest.mark.parametrize("to", OUTPUT_FORMATS)
@given(exempt_parts())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_no_change_of_a_value_in_part_2_changes_a_byte_of_any_file(
    to: str, parts: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    one, other = ([render_file(view, to) for view in part_1_views(part)] for part in parts)
    assert one == other


@given(st.sets(st.sampled_from(NEVER_PRINTED)), st.data())
@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
def test_what_no_form_of_part_1_prints_changes_nothing_whether_part_2_has_it_or_not(
    facts: set[str], data: st.DataObject
) -> None:
    assert part_1_views({fact: data.draw(value_of(fact)) for fact in sorted(facts)}) == views_without_part_2()


@cache
def views_without_part_2() -> list[Document]:
    """Return every Part 1 document of the case if its paper has no exempt part."""
    return part_1_views({})


def test_there_are_many_facts_that_part_2_may_state() -> None:
    assert len(CASE_FACTS) > 25
    assert len(EXEMPTION_FACTS) > 8
    assert len(NEVER_PRINTED) > 15
