"""Blocks of packs that ledgers keep from before kinds of subject were declared read as they did."""

from __future__ import annotations

import pytest

from rules.packs.document_schema import BlockSpec

POINTS = {
    "of": "recommendation",
    "number": "recommendation.number",
    "letter": "recommendation.letter",
    "verb": "recommendation.verb",
    "text": "recommendation.text",
}


@pytest.mark.parametrize(
    ("earlier", "today"),
    [
        (
            {"exemptions": {"exemption.section": "Section"}, "unstated": "Not stated"},
            {"details_of": "exemption", "details": {"exemption.section": "Section"}, "unstated": "Not stated"},
        ),
        (
            {"heading": "Recommendations", "recommendations": "board"},
            {"heading": "Recommendations", "points": POINTS, "where": {"recommendation.body": {"is": "board"}}},
        ),
        ({"recommendations": "", "text": "summary"}, {"text": "summary"}),
    ],
    ids=["exemptions", "recommendations", "no body"],
)
def test_an_earlier_key_means_what_it_meant(earlier: dict[str, object], today: dict[str, object]) -> None:
    assert BlockSpec.model_validate(earlier) == BlockSpec.model_validate(today)


def test_what_was_read_is_not_changed() -> None:
    raw = {"exemptions": {"exemption.section": "Section"}}
    BlockSpec.model_validate(raw)
    assert raw == {"exemptions": {"exemption.section": "Section"}}
