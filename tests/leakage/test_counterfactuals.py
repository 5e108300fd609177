"""What would turn a finding tells nothing of Part 2: neither a value, nor a boundary from which it could be read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from rules.counterfactual.search import change_as_json, format_change
from rules.values.facts import FactValue, address_of, format_value, subject_kind_of
from rules.values.money import Money
from tests.leakage.test_record import KEY, MARKS, SCHEME, leaks
from tests.workflow.walk import AUTHOR, CASE_ID, TODAY, new_services, paper_bytes, request_by, shipped_library
from workflow.cases.paper import read_paper
from workflow.services import commands as at_desk
from workflow.services import queries
from workflow.services.counterfactuals import find_turning_changes
from workflow.services.impact import ImpactQuery, assess_impact

ON = date(2018, 4, 30)
REAL = read_paper(paper_bytes(), "p", SCHEME)
ORDERED = sorted(
    address_of(name, "s43" if subject_kind_of(name) == "exemption" else "pib-1")
    for name, declared in SCHEME.rulebook.facts.items()
    if declared.kind in ("money", "day") and SCHEME.may_be_stated(address_of(name, "s43"))
)


def everything_said(path: Path, public: dict[str, FactValue], exempt: dict[str, FactValue], *actions: str) -> str:
    """All that is said of what would turn each finding, in both forms, on some acts of a case."""
    desk = new_services(path)
    at_desk.open_case(desk, "mopac", public, exempt, request_by(AUTHOR, "2018-03-07"))
    told: list[object] = []
    for action in actions:
        supposed = queries.build_hypothetical_act(desk, CASE_ID, action, {}, ON)
        for finding, changes in find_turning_changes(supposed, supposed.make_ruling(), all_findings=True).items():
            told += [finding, *((change_as_json(one), format_change(one, SCHEME.rulebook.facts)) for one in changes)]
    desk.store.close()
    return repr(told)


def spelt(value: FactValue) -> Iterator[str]:
    """How a value, or one that stands next to it, could be written."""
    for step in (-1, 0, 1):
        if isinstance(value, Money):
            yield str(Money(value.pence + step, value.vat)).split()[0]
        elif isinstance(value, date):
            near = value + timedelta(days=step)
            yield from (near.isoformat(), format_value(near))


def test_with_everything_in_part_2_no_mark_is_said(tmp_path: Path) -> None:
    text = everything_said(tmp_path / "a.db", {}, dict(MARKS), "submit", "approve", "publish")
    assert "'part_2': True" in text
    assert leaks(text) == []


def test_what_can_be_read_off_a_scale_is_tried() -> None:
    assert {"estimated_value", "required_by", "exemption:s43.review_on"} <= set(ORDERED)


FEW = ("estimated_value", "required_by", "exemption:s43.review_on", "procurement_commenced_on")


@pytest.mark.parametrize(
    "where", [where if where in FEW else pytest.param(where, marks=pytest.mark.long) for where in ORDERED]
)
def test_one_fact_in_part_2_cannot_be_read_off_the_others(tmp_path: Path, where: str) -> None:
    value = MARKS[where] if where in MARKS else MARKS[where.replace("pib-1", KEY)]
    public = {fact: known for fact, known in REAL.public.items() if fact != where}
    exempt = {fact: known for fact, known in REAL.exempt.items() if fact != where} | {where: value}
    text = everything_said(tmp_path / "a.db", public, exempt, "approve")
    assert [mark for mark in spelt(value) if mark in text] == []


def test_subjects_that_only_part_2_knows_are_neither_named_nor_counted(tmp_path: Path) -> None:
    said_of = []
    for many in (1, 3):
        exempt = dict(REAL.exempt)
        for place in range(many):
            exempt |= {f"exemption:{KEY}{place}.section": "s43", f"recommendation:{KEY}{place}.body": "pib"}
        said_of.append(everything_said(tmp_path / f"{many}.db", dict(REAL.public), exempt, "submit"))
    assert leaks(said_of[0]) == []
    assert said_of[0] == said_of[1]


def test_the_impact_of_other_law_tells_no_mark(tmp_path: Path) -> None:
    desk = new_services(tmp_path / "a.db")
    at_desk.open_case(desk, "mopac", {}, MARKS, request_by(AUTHOR, "2018-03-07"))
    for on in (date(2016, 1, 1), date(2019, 12, 31), date(2025, 2, 24)):
        found = assess_impact(desk.store, ImpactQuery(shipped_library(), shipped_library(), TODAY, on))
        assert found.changed_findings or found.unjudged or on.year == 2019
        assert leaks(repr([found.changed_findings, found.unjudged])) == []
    desk.store.close()
