"""A published form names facts, values, stages, verbs and readings that its scheme has; each mistake is told."""

from __future__ import annotations

import pytest

from tests.rules.manual_packs import HEAD, manual_faults


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("    stage: published\n    reference", "    stage: publishd\n    reference", "publishd is not a stage"),
        ("reference: decision.reference\n    title", "reference: decision.ref\n    title", "decision.ref is a fact"),
        ("decided_on: {labels", "decided_onn: {labels", "decided_onn is a fact"),
        ("summary: {headings", "summry: {headings", "summry is a fact"),
        ("name: decision.by", "name: decision.who", "decision.who is a fact"),
        ("posts: {chair:", "posts: {chairs:", "is not one of"),
        ("shows: {decision.outcome: approved}", "shows: {decision.outcome: agreed}", "is not one of"),
        ("shows: {work: planting}", "shows: {work: plant}", "is not one of"),
        ("shows: {work: planting}", "shows: {wrk: planting}", "wrk is a fact"),
        ("verbs: {approve:", "verbs: {agree:", "is not one of"),
        ("- body: committee", "- body: council", "is not one of"),
        ("is: taken, ticked", "is: took, ticked", "is not one of"),
        ("amounts: {cost:", "amounts: {costs:", "costs is a fact"),
        ("fact: exemption.section}", "fact: exemption.sections}", "exemption.sections is a fact"),
        ("reading: register_page", "reading: register_pages", "register_pages is not a reading"),
        ('    references:\n      - {written: "EPA {year} {number}", shows: {work: planting}}\n', "", "no references"),
    ],
)
def test_each_name_that_the_scheme_lacks_is_told(right: str, wrong: str, message: str) -> None:
    faults = manual_faults((HEAD, right, wrong))
    assert [fault for fault in faults if message in fault.message and fault.line > 1]


def test_a_pattern_is_no_part_of_a_reference() -> None:
    faults = manual_faults((HEAD, '"EPA {year} {number}"', '"EPA (a+)+"'))
    assert any("written" in fault.key for fault in faults)
