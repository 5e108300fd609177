"""Whatever stands in Part 2, and whether anything does, Part 1 is the same to the byte (DESIGN, sections 1 and 6)."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
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
from rules.values.facts import address_of, subject_kind_of
from tests.decisions.cases import DECIDED_FACTS, DOCUMENTS, PAPER_FILE, shipped_scheme
from tests.decisions.sample import LEDGER_HEAD
from tests.leakage.test_documents import CASE, opened
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


def statable(kind: str) -> list[str]:
    """The facts of a kind of subject that a paper may state, and the public part of the shipped one does not."""
    found = [fact for fact in shipped_scheme().rulebook.facts if subject_kind_of(fact) == kind]
    return sorted(
        fact for fact in found if fact not in public() and shipped_scheme().may_be_stated(address_of(fact, "k"))
    )


@cache
def public() -> dict[str, Any]:
    """The public part of the shipped paper, as its YAML states it."""
    return dict(yaml.safe_load(PAPER_FILE.read_text(encoding="utf-8"))["public"])


CASE_FACTS, EXEMPTION_FACTS = statable(CASE_KIND), statable("exemption")


@st.composite
def exempt_parts(draw: st.DrawFn) -> dict[str, Any]:
    """An exempt part: any facts that a paper may state and the public part does not, with any values they may have."""
    stated = draw(facts_of(CASE_FACTS))
    key = draw(st.sampled_from(["only-here", *public()["exemption"]]))
    own = draw(facts_of(EXEMPTION_FACTS))
    known = public()["exemption"].get(key, {})
    added = {fact.partition(".")[2]: value for fact, value in own.items() if fact.partition(".")[2] not in known}
    return {**stated, "exemption": {key: added}} if added else stated


@st.composite
def facts_of(draw: st.DrawFn, facts: list[str]) -> dict[str, Any]:
    """Some facts, each with a value that it may have."""
    return {fact: draw(value_of(fact)) for fact in sorted(draw(st.sets(st.sampled_from(facts))))}


def value_of(fact: str) -> st.SearchStrategy[Any]:
    declared = shipped_scheme().fact_declaration(fact)
    return st.sampled_from(sorted(declared.choices)) if declared.choices else VALUES[declared.kind]


def views(exempt: dict[str, Any]) -> list[Document]:
    """Every document of Part 1 of the case, opened on a paper with an exempt part, and then decided."""
    text = yaml.safe_dump({"public": public(), "exempt": exempt}, allow_unicode=True).encode()
    with tempfile.TemporaryDirectory() as folder:
        services = opened(Path(folder) / "assent.db", text)
        case, _ = queries.load_public_case(services, CASE)
    decided = type(case)(
        case.id, case.scheme, case.version, "publication", case.last_on, {**case.facts, **DECIDED_FACTS}
    )
    return [
        build_document(
            shipped_scheme().document_template(kind, 1), build_public_record(decided, LEDGER_HEAD, shipped_scheme())
        )
        for kind in KINDS
    ]


@cache
def without() -> list[Document]:
    """The same of a paper without an exempt part."""
    return views({})


@cache
def files(to: str) -> list[bytes]:
    return [render_file(view, to) for view in without()]


@given(exempt_parts())
@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
def test_change_anything_in_part_2_and_no_byte_of_part_1_changes(exempt: dict[str, Any]) -> None:
    made = views(exempt)
    assert made == without()
    for to in ("html", "docx"):
        assert [render_file(view, to) for view in made] == files(to)


@pytest.mark.long
@pytest.mark.parametrize("to", OUTPUT_FORMATS)
@given(exempt_parts())
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_nor_does_any_of_any_file(to: str, exempt: dict[str, Any]) -> None:
    assert [render_file(view, to) for view in views(exempt)] == files(to)


def test_there_is_much_that_part_2_may_state() -> None:
    assert len(CASE_FACTS) > 30
    assert len(EXEMPTION_FACTS) > 8
