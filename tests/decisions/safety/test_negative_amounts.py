"""A negative amount of Part 2 is not given away by its figures, whatever stands before them."""

from __future__ import annotations

from datetime import date

import pytest

from decisions.documents.blocks.fields import Fields, build_fields
from decisions.documents.record_views import build_exempt_record, build_public_record
from decisions.output.extraction import TextPiece
from decisions.safety.disclosure import build_exempt_patterns
from rules.packs.document_schema import BlockSpec
from rules.values.facts import FactValue
from rules.values.money import Money, Vat
from tests.rules.manual_packs import LAW, manual_bundle
from workflow.cases.case import Case, ExemptFacts

CUT = Money(-2_345_678_00, Vat.EXCLUDED)
SCHEME = manual_bundle(
    (LAW, "kind: money\n    label: Cost\n", "kind: money\n    negative: true\n    label: Cost\n")
).scheme()


def case_with(facts: dict[str, FactValue]) -> Case:
    return Case("EPA-2024-1", "example", 1, "draft", date(2024, 3, 8), facts)


@pytest.mark.parametrize("text", ["minus £2,345,678", "a cut of 2345678 pounds", "-£2,345,678.00", "(2,345,678)"])
def test_its_figures_are_found_however_the_sign_is_written(text: str) -> None:
    case = case_with({"title": "A pond"})
    exempt = build_exempt_record(case, ExemptFacts({"cost": CUT}), "head", SCHEME)
    patterns = build_exempt_patterns(exempt, build_public_record(case, "head", SCHEME))
    assert patterns.find_disclosures([TextPiece(text, is_prose=True)]) == ["an exempt amount"]


def test_a_document_says_minus() -> None:
    record = build_public_record(case_with({"cost": CUT}), "head", SCHEME)
    [fields] = build_fields(BlockSpec(fields={"cost": "Cost"}), record)
    assert isinstance(fields, Fields)
    assert [field.value for field in fields.items] == ["minus £2,345,678 excluding VAT"]
