"""Looking things up in the law: names, days, bases, what ends, and conditions in plain words."""

from __future__ import annotations

from datetime import date

import pytest

from rules.errors import InputError, NotInForce
from rules.lawbook import (
    Entry,
    by_basis,
    endings,
    entries,
    find,
    in_words,
    standing_on,
    when_it_applies,
)
from rules.library import Library
from rules.pack import Setting
from rules.rulebook import Rulebook


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.of([])


@pytest.fixture(scope="module")
def found(library: Library) -> list[Entry]:
    return list(entries(library.parts()))


@pytest.fixture(scope="module")
def rulebook(library: Library) -> Rulebook:
    return library.scheme("mopac").rulebook


def test_everything_that_a_scheme_is_judged_by_is_there_once(found: list[Entry], rulebook: Rulebook) -> None:
    ids = [entry.id for entry in found]
    assert len(ids) == len(set(ids))
    assert {entry.id for entry in found if entry.kind == "control"} == rulebook.controls.keys()
    assert {entry.id for entry in found if entry.kind == "value"} == rulebook.law.values.keys()


def test_every_row_and_control_rests_on_a_basis(found: list[Entry]) -> None:
    cited = sum(len(entry.citations) for entry in found)
    assert sum(by_basis(found).values()) == cited > 40
    assert list(by_basis(found)) == ["read", "secondary", "unverified"]


def test_a_name_that_is_not_there_gets_the_nearest(found: list[Entry]) -> None:
    with pytest.raises(InputError) as refused:
        find(found, "procurement.treshold")
    assert refused.value.advice() == "Did you mean procurement.threshold?"


class TestDays:
    @pytest.mark.parametrize("day", [date(2018, 1, 1), date(2019, 12, 31)])
    def test_a_row_stands_on_its_first_and_its_last_day(self, found: list[Entry], day: date) -> None:
        (entry,) = standing_on(find(found, "procurement.threshold"), day)
        assert len(entry.rows_on(day)) == 1

    def test_before_its_first_day_it_is_not_in_force(self, found: list[Entry]) -> None:
        with pytest.raises(NotInForce, match="first in force on 2018-01-01"):
            standing_on(find(found, "procurement.threshold"), date(2017, 12, 31))

    def test_after_its_last_day_it_is_not_either(self, found: list[Entry]) -> None:
        with pytest.raises(NotInForce, match="last in force on 2019-12-31"):
            standing_on(find(found, "procurement.threshold"), date(2020, 1, 1))

    def test_a_control_stands_between_its_days(self, found: list[Entry]) -> None:
        (entry,) = find(found, "procurement.route_stated")
        assert [entry.stands_on(day) for day in (date(2015, 2, 25), date(2015, 2, 26))] == [False, True]
        assert [entry.stands_on(day) for day in (date(2025, 2, 23), date(2025, 2, 24))] == [True, False]

    def test_of_several_packs_those_count_that_stand_on_the_day(self, found: list[Entry]) -> None:
        (entry,) = find(found, "consent.limit")
        later = entry.declared.model_copy(
            update={"history": (entry.rows_on(None)[0].model_copy(update={"first": date(2020, 1, 1)}),)}
        )
        both = [entry, Entry("consent.limit", entry.part, later)]
        assert standing_on(both, date(2019, 12, 31)) == [entry]
        assert standing_on(both, date(2020, 1, 1)) == both


def test_what_an_authority_sets_is_an_entry_of_its_own(found: list[Entry]) -> None:
    (entry,) = find(found, "consent.limit")
    row = entry.rows_on(None)[0].model_copy(update={"first": date(2021, 4, 1)})
    own = entry.part.pack.model_copy(
        update={
            "pack": "own-figures",
            "values": {},
            "controls": {},
            "sets": {"consent.limit": Setting.model_construct(history=(row,))},
        }
    )
    part = type(entry.part)(entry.part.source, own)
    both = [one for one in entries([entry.part, part]) if one.id == "consent.limit"]
    assert [(one.pack, one.first) for one in both] == [
        ("mopac-rules", date(2016, 10, 17)),
        ("own-figures", date(2021, 4, 1)),
    ]


class TestEndings:
    def test_a_value_ends_where_no_row_follows_for_the_same_choices(self, found: list[Entry]) -> None:
        ends = list(endings(found))
        assert [(one.last, one.id, one.whom) for one in ends if one.id == "procurement.threshold"] == [
            (date(2019, 12, 31), "procurement.threshold", "sub_central, goods_services")
        ]

    def test_what_is_open_does_not_end(self, found: list[Entry]) -> None:
        assert "consent.limit" not in {one.id for one in endings(found)}

    def test_a_row_that_follows_is_the_one_that_counts(self, found: list[Entry]) -> None:
        (entry,) = find(found, "procurement.threshold")
        (row,) = entry.rows_on(None)
        after = row.model_copy(update={"first": date(2020, 1, 1), "last": date(2021, 12, 31)})
        both = entry.declared.model_copy(update={"history": (row, after)})
        ends = list(endings([Entry(entry.id, entry.part, both)]))
        assert [one.last for one in ends] == [date(2021, 12, 31)]

    def test_a_table_of_bank_holidays_ends_with_its_last_year(self, library: Library) -> None:
        assert [(one.id, one.last) for one in library.last_days()] == [("england-and-wales", date(2027, 12, 31))]


class TestWords:
    def test_a_condition_is_said_test_by_test_below_what_joins_them(self, rulebook: Rulebook) -> None:
        control = rulebook.controls["procurement.route_stated"]
        assert list(in_words(when_it_applies(control), rulebook.facts)) == [
            "all of these:",
            "– contract_kind is not No contract is awarded",
            "– estimated_value reaches procurement.threshold",
        ]

    def test_the_days_in_force_are_no_part_of_when_it_applies(self, rulebook: Rulebook) -> None:
        for control in rulebook.controls.values():
            said = " ".join(in_words(when_it_applies(control), rulebook.facts))
            assert str(control.declared.in_force.first.year) not in said

    def test_a_control_without_a_condition_says_nothing(self, rulebook: Rulebook) -> None:
        assert list(in_words(when_it_applies(rulebook.controls["deferral.complete"]), rulebook.facts)) == []
