"""Officers keep a role under its old and its new name; a case keeps its acts under the names of today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache

import pytest

from rules.packs.pinned_flow import pin_flow
from rules.packs.renamed_names import NameMap
from rules.packs.scheme import Scheme
from rules.values.facts import FactValue
from tests.workflow.changed_schemes import HEAD, library_with, renamed_board
from tests.workflow.walk import shipped_library
from workflow.cases.appointments import Appointment, Capacity, Term
from workflow.cases.case import Case, ExemptFacts, FullCase
from workflow.cases.events import ActContext, Attribution, FactChanges, Migrate
from workflow.cases.migration import build_migration_event, find_obstacles, has_old_names
from workflow.cases.officers import Officer, carry_over_roles
from workflow.cases.records import evolve_full_case
from workflow.history.serialization import serialize_event

DAY = date(2018, 5, 1)


def old() -> Scheme:
    return shipped_library().scheme("mopac")


def new() -> Scheme:
    return renamed_board().scheme("mopac")


@cache
def pinned() -> Scheme:
    return pin_flow(shipped_library().bundle("mopac"), renamed_board().bundle("mopac")).bundle.scheme()


def officer_with(role: str, scheme: str = "mopac", term: Term | None = None) -> Officer:
    return Officer("a-lee", "A Lee", (Appointment(role, scheme, term or Term()),))


def case_with(facts: dict[str, FactValue], stage: str = "iab", exempt: dict[str, FactValue] | None = None) -> FullCase:
    return FullCase(Case("M-1", "mopac", 1, stage, DAY, facts, rounds={stage: 1}), ExemptFacts(exempt or {}))


class TestOfficers:
    @pytest.mark.parametrize(
        ("held", "scheme", "asked"),
        [("pib_chair", new, "portfolio_chair"), ("portfolio_chair", pinned, "pib_chair"), ("dmpc", new, "dmpc")],
    )
    def test_a_renamed_role_is_held_under_either_name(
        self, held: str, scheme: Callable[[], Scheme], asked: str
    ) -> None:
        capacity = carry_over_roles(officer_with(held), scheme()).find_capacity([asked], DAY, "mopac")
        assert capacity is not None
        assert capacity.role == asked

    @pytest.mark.parametrize(
        "officer",
        [officer_with("pib_chair", "gla"), officer_with("pib_chair", term=Term(last=date(2018, 4, 30)))],
    )
    def test_a_new_name_gives_neither_another_authority_nor_other_days(self, officer: Officer) -> None:
        assert carry_over_roles(officer, new()).find_capacity(["portfolio_chair"], DAY, "mopac") is None

    def test_without_a_renamed_role_nothing_changes(self) -> None:
        officer = officer_with("pib_chair")
        assert carry_over_roles(officer, old()) is officer


class TestObstacles:
    @pytest.mark.parametrize(
        ("facts", "exempt", "reason"),
        [
            ({"old.note": "x"}, {}, "old.note is recorded, and nobody declares it"),
            ({"title": True}, {}, "title is recorded, and title is a text now"),
            (
                {"pib.outcome": "waved_on"},
                {},
                "pib.outcome is recorded, and portfolio.outcome cannot be waved_on any more",
            ),
            ({"pib.on": DAY, "portfolio.on": DAY}, {}, "2 facts would become portfolio.on"),
            ({}, {"price.secret": "x"}, "1 of the facts in Part 2 is declared no longer, or otherwise"),
            ({}, {"price.secret": "x", "other": "y"}, "2 of the facts in Part 2 are declared no longer, or otherwise"),
        ],
    )
    def test_what_cannot_be_kept_is_named_and_nothing_of_part_2(
        self, facts: dict[str, FactValue], exempt: dict[str, FactValue], reason: str
    ) -> None:
        assert list(find_obstacles(case_with(facts, exempt=exempt), new())) == [reason]

    @pytest.mark.parametrize(
        ("facts", "stage", "is_old"),
        [({}, "iab", False), ({}, "pib", True), ({"pib.on": DAY}, "iab", True), ({"title": "T"}, "iab", False)],
    )
    def test_a_case_with_a_name_of_an_earlier_flow_is_known(
        self, facts: dict[str, FactValue], stage: str, is_old: bool
    ) -> None:
        assert has_old_names(case_with(facts, stage), new()) is is_old


def test_what_a_correction_corrects_is_named_as_today() -> None:
    names = NameMap({"facts": {"price": "cost"}})
    assert names.rename_facts({"correction:1.of": "price", "correction:1.now": "price"}) == {
        "correction:1.of": "cost", "correction:1.now": "price",
    }  # fmt: skip


def test_a_renamed_fact_of_part_2_stays_in_part_2() -> None:
    scheme = library_with({}, {HEAD: "\nrenamed:\n  facts: {old.secret: author}\n"}).scheme("mopac")
    full_case, act_context = case_with({"title": "T"}, exempt={"old.secret": "Okapi"}), ActContext(DAY, "salt")
    attribution = Attribution("A Lee", Capacity("author"), "mopac", act_context)
    event = build_migration_event(full_case, Migrate("digest", "Renamed"), scheme, attribution)
    assert event.public == FactChanges()
    assert event.exempt == FactChanges({"author": "Okapi"}, frozenset(["old.secret"]))
    entry = serialize_event(event, None, "packs", {}, act_context)
    assert "Okapi" not in entry.body
    assert evolve_full_case(full_case, event).exempt_part.facts == {"author": "Okapi"}
