"""Leakage: counterfactuals show neither a value of Part 2 nor a boundary that gives it away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from rules.counterfactual.search import change_as_json, format_change
from rules.values.facts import FactValue, format_value
from rules.values.money import Money
from tests.leakage.test_record import KEY, MARKS, SCHEME, leaks
from tests.plain_run import only_long
from tests.workflow.walk import AUTHOR, CASE_ID, TODAY, new_services, paper_bytes, request_by, shipped_library
from workflow.cases.paper import read_paper
from workflow.services import act_queries, commands
from workflow.services.commands import Request
from workflow.services.counterfactuals import find_turning_changes
from workflow.services.impact import ImpactQuery, assess_impact

ON = date(2018, 4, 30)
REAL = read_paper(paper_bytes(), "p", SCHEME)
ORDERED = sorted(
    SCHEME.rulebook.facts.address_of(name, "s43" if name.startswith("exemption.") else "pib-1")
    for name, declared in SCHEME.rulebook.facts.items()
    if declared.kind in ("money", "day") and SCHEME.may_be_stated(SCHEME.rulebook.facts.address_of(name, "s43"))
)


def all_changes_shown(path: Path, public: dict[str, FactValue], exempt: dict[str, FactValue], *actions: str) -> str:
    """Return every change that would turn a finding on some actions of a case, as JSON and as text."""
    services = new_services(path)
    commands.open_case(services, "mopac", public, exempt, request_by(AUTHOR, "2018-03-07"))
    shown: list[object] = []
    for action in actions:
        act = act_queries.build_hypothetical_act(services, CASE_ID, action, {}, Request("", ON))
        for finding, changes in find_turning_changes(act, act.ruling, all_findings=True).items():
            shown += [finding, *((change_as_json(one), format_change(one, SCHEME.rulebook.facts)) for one in changes)]
    services.store.close()
    return repr(shown)


def spellings_near(value: FactValue) -> Iterator[str]:
    """Yield each way to write a value, and the values next to it."""
    for step in (-1, 0, 1):
        if isinstance(value, Money):
            yield str(Money(value.pence + step, value.vat)).split()[0]
        elif isinstance(value, date):
            near = value + timedelta(days=step)
            yield from (near.isoformat(), format_value(near))


@pytest.mark.parametrize("action", ["approve", *only_long("submit", "publish")])
def test_no_change_shows_a_mark_of_part_2(tmp_path: Path, action: str) -> None:
    text = all_changes_shown(tmp_path / "a.db", {}, dict(MARKS), action)
    assert "'part_2': True" in text
    assert leaks(text) == []


def test_every_kind_of_ordered_fact_is_tried() -> None:
    assert {"estimated_value", "required_by", "exemption:s43.review_on"} <= set(ORDERED)


FEW = ("estimated_value", "required_by")


@pytest.mark.parametrize("address", [*FEW, *only_long(*(address for address in ORDERED if address not in FEW))])
def test_the_value_of_one_exempt_fact_cannot_be_derived_from_changes(tmp_path: Path, address: str) -> None:
    value = MARKS[address] if address in MARKS else MARKS[address.replace("pib-1", KEY)]
    public = {fact: known for fact, known in REAL.public.items() if fact != address}
    exempt = {fact: known for fact, known in REAL.exempt.items() if fact != address} | {address: value}
    text = all_changes_shown(tmp_path / "a.db", public, exempt, "approve")
    assert [mark for mark in spellings_near(value) if mark in text] == []


def test_subjects_that_only_part_2_names_are_neither_named_nor_counted(tmp_path: Path) -> None:
    texts = []
    for number in (1, 3):
        exempt = dict(REAL.exempt)
        for place in range(number):
            exempt |= {f"exemption:{KEY}{place}.section": "s43", f"recommendation:{KEY}{place}.body": "pib"}
        texts.append(all_changes_shown(tmp_path / f"{number}.db", dict(REAL.public), exempt, "submit"))
    assert leaks(texts[0]) == []
    assert texts[0] == texts[1]


def test_the_impact_of_other_law_shows_no_mark(tmp_path: Path) -> None:
    services = new_services(tmp_path / "a.db")
    commands.open_case(services, "mopac", {}, MARKS, request_by(AUTHOR, "2018-03-07"))
    for on in (date(2016, 1, 1), date(2019, 12, 31), date(2025, 2, 24)):
        found = assess_impact(services.store, ImpactQuery(shipped_library(), shipped_library(), TODAY, on))
        assert found.changed_findings or found.unjudged or on.year == 2019
        assert leaks(repr([found.changed_findings, found.unjudged])) == []
    services.store.close()
