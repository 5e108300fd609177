"""The catalogue of the law: names, days, bases, endings, and conditions in plain words."""

from __future__ import annotations

from datetime import date

import pytest

from rules.errors import InputError, NotInForce
from rules.judging.rulebook import Rulebook
from rules.language.conditions import Predicate, predicates_in
from rules.packs.library import Library
from rules.packs.pack_file import PackFile
from rules.proving.catalogue import (
    CatalogueEntry,
    applicability_condition,
    calendar_endings,
    catalogue_entries,
    condition_lines,
    count_by_basis,
    entries_in_force,
    find_entries,
    find_expiries,
)
from tests.rules.pack_builders import make_pack_file


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.load([])


@pytest.fixture(scope="module")
def found(library: Library) -> list[CatalogueEntry]:
    return list(catalogue_entries(library.pack_files))


@pytest.fixture(scope="module")
def rulebook(library: Library) -> Rulebook:
    return library.scheme("mopac").rulebook


def test_the_catalogue_has_every_control_and_value_of_a_scheme(found: list[CatalogueEntry], rulebook: Rulebook) -> None:
    assert {entry.id for entry in found if entry.kind == "control"} >= {
        name for name, control in rulebook.controls.items() if control.is_held
    }
    assert {entry.id for entry in found if entry.kind == "value"} >= rulebook.law.values.keys()


def test_every_row_and_control_has_a_basis(found: list[CatalogueEntry]) -> None:
    cited = sum(len(entry.citations) for entry in found)
    assert sum(count_by_basis(found).values()) == cited > 40
    assert list(count_by_basis(found)) == ["signed_off", "read", "secondary", "unverified"]


def test_an_unknown_name_gets_the_nearest_as_a_suggestion(found: list[CatalogueEntry]) -> None:
    with pytest.raises(InputError) as refused:
        find_entries(found, "procurement.treshold")
    assert refused.value.advice() == "Did you mean procurement.threshold?"


def part_with(history: str, pack: str = "fees") -> PackFile:
    """A pack of one value with some history."""
    head = f"pack: {pack}\ntitle: Fees\ninstrument: The Fees Regulations\n"
    return make_pack_file(f"{head}values:\n  fee.limit: {{kind: money, label: Limit, history: [{history}]}}\n")


def row(first: str, last: str = "") -> str:
    to = f", to: {last}" if last else ""
    return f"{{from: {first}{to}, is: £5 ex VAT, citation: {{provision: s 1, basis: read}}}}"


ENDED = part_with(row("2018-01-01", "2019-12-31"))
OPEN = part_with(f"{row('2018-01-01', '2019-12-31')}, {row('2020-01-01')}", "open-fees")


class TestDays:
    @pytest.mark.parametrize("day", [date(2018, 1, 1), date(2019, 12, 31)])
    def test_a_row_is_in_force_on_its_first_and_last_day(self, day: date) -> None:
        (entry,) = entries_in_force(list(catalogue_entries([ENDED])), day)
        assert len(entry.rows_on(day)) == 1

    def test_nothing_is_in_force_before_its_first_day(self) -> None:
        with pytest.raises(NotInForce, match="first in force on 2018-01-01"):
            entries_in_force(list(catalogue_entries([ENDED])), date(2017, 12, 31))

    def test_nothing_is_in_force_after_its_last_day(self) -> None:
        with pytest.raises(NotInForce, match="last in force on 2019-12-31"):
            entries_in_force(list(catalogue_entries([ENDED])), date(2020, 1, 1))

    def test_a_control_is_in_force_between_its_days(self, found: list[CatalogueEntry]) -> None:
        (entry,) = find_entries(found, "procurement.route_stated")
        assert [entry.is_in_force(day) for day in (date(2015, 2, 25), date(2015, 2, 26))] == [False, True]
        assert [entry.is_in_force(day) for day in (date(2025, 2, 23), date(2025, 2, 24))] == [True, False]

    def test_only_packs_in_force_on_the_day_count(self) -> None:
        both = list(catalogue_entries([ENDED, OPEN]))
        assert entries_in_force(both, date(2019, 12, 31)) == both
        assert [entry.pack for entry in entries_in_force(both, date(2020, 1, 1))] == ["open-fees"]


def test_a_setting_of_an_authority_is_an_entry_of_its_own() -> None:
    head = "pack: own\ntitle: Own figures\ninstrument: The scheme\n"
    own = make_pack_file(f"{head}sets:\n  fee.limit: {{history: [{row('2021-04-01')}]}}\n")
    found = [(one.pack, one.first_day) for one in catalogue_entries([ENDED, own])]
    assert found == [("fees", date(2018, 1, 1)), ("own", date(2021, 4, 1))]


def test_a_citation_by_an_authority_is_an_entry_of_its_own(library: Library) -> None:
    found = {
        one.pack: one
        for one in find_entries(list(catalogue_entries(library.pack_files)), "decision.reference_assigned")
    }
    assert {pack: one.first_day for pack, one in found.items()} == {
        "decision-practice": date(2012, 1, 16),
        "gla-rules": date(2017, 4, 24),
        "lfc-rules": date(2018, 4, 1),
        "mopac-rules": date(2016, 7, 1),
    }
    assert len({one.citations for one in found.values()}) == len(found)
    assert len({one.label for one in found.values()}) == 1


class TestEndings:
    def test_a_value_ends_if_no_row_follows_for_the_same_choices(self) -> None:
        assert [(one.last_day, one.id, one.source) for one in find_expiries(catalogue_entries([ENDED]))] == [
            (date(2019, 12, 31), "fee.limit", "fees")
        ]

    def test_a_value_without_a_last_day_does_not_end(self) -> None:
        assert list(find_expiries(catalogue_entries([OPEN]))) == []

    def test_the_last_row_decides_when_a_value_ends(self) -> None:
        both = part_with(f"{row('2018-01-01', '2019-12-31')}, {row('2020-01-01', '2021-12-31')}")
        assert [one.last_day for one in find_expiries(catalogue_entries([both]))] == [date(2021, 12, 31)]

    def test_a_table_of_bank_holidays_ends_with_its_last_year(self, library: Library) -> None:
        assert ("england-and-wales", date(2037, 12, 31)) in [
            (one.id, one.last_day) for one in calendar_endings(library.calendars())
        ]


class TestWords:
    def test_a_condition_is_described_test_by_test_below_the_word_that_joins_them(self, rulebook: Rulebook) -> None:
        control = rulebook.controls["procurement.route_stated"]
        assert list(condition_lines(applicability_condition(control), rulebook.facts)) == [
            "all of these:",
            "– all of these:",
            "– – buyer is not Utility",
            "– – contract_kind is one of Goods or services, Works",
            "– – procurement.value reaches procurement.threshold",
            "– all of these:",
            "– – procurement.exempted is not Yes: the contract is exempted",
            "– – procurement.small_lots is not This lot and all small lots together are within both limits",
        ]

    def test_the_days_in_force_are_not_described(self, rulebook: Rulebook) -> None:
        for control in rulebook.controls.values():
            declared = control.declaration
            day_test = Predicate(declared.governed_by, "on_or_after", declared.in_force.first)
            assert day_test in predicates_in(control.applies)
            assert day_test not in predicates_in(applicability_condition(control))

    def test_a_control_without_a_condition_is_described_by_no_line(self, rulebook: Rulebook) -> None:
        assert (
            list(condition_lines(applicability_condition(rulebook.controls["deferral.complete"]), rulebook.facts)) == []
        )
