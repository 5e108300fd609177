"""Numbers of cases are found however they are typed, without reading all of them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import InputError
from workflow.adapters.case_numbers import fold_case_number, folded_case_number, numbers_one_off
from workflow.adapters.sqlite import SqliteStore
from workflow.history.snapshots import find_case_id
from workflow.ledger.ports import CaseSummary

MANY = 3_000
NUMBERS = st.text("ABCxyz0189-_ /.:", max_size=20)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> SqliteStore:
    store = SqliteStore(str(tmp_path_factory.mktemp("large") / "assent.db"), lambda: datetime.now(UTC))
    store.create()
    day = date(2018, 3, 7)
    with store.write_transaction() as transaction:
        for number in range(1, MANY + 1):
            summary = CaseSummary(f"MOPAC-2018-{number}", "Title", "mopac", "draft", 1, day, day)
            transaction.update_summary(summary)
    return store


@given(NUMBERS)
def test_the_index_and_what_is_typed_leave_out_the_same_signs(number: str) -> None:
    with closing(sqlite3.connect(":memory:")) as raw:
        [(folded,)] = raw.execute(f"SELECT {folded_case_number('?')}", (number,))
    assert folded == fold_case_number(number)


@given(st.text("ab1", min_size=1, max_size=6), st.data())
def test_each_single_mistake_is_tried(meant: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(meant) - 1))
    before, after = meant[:place], meant[place:]
    mistakes = {before + after[1:], before + "q" + after, before + "q" + after[1:], before + after[:1] + after}
    for typed in mistakes:
        assert meant in numbers_one_off(typed)
    swapped = before + after[1:2] + after[:1] + after[2:]
    assert swapped == meant or meant in numbers_one_off(swapped)


def test_a_text_without_end_is_not_tried() -> None:
    assert list(numbers_one_off("a" * 10_000)) == []
    assert len(fold_case_number("a" * 10_000)) < 100


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("MOPAC-2018-7", "MOPAC-2018-7"),
        ("mopac-2018-7", "MOPAC-2018-7"),
        ("Mopac 2018 2999", "MOPAC-2018-2999"),
        ("mopac/2018/12", "MOPAC-2018-12"),
        ("MOPAC–2018–12", "MOPAC-2018-12"),
    ],
)
def test_a_number_is_found_in_other_letters_and_with_other_signs(large: SqliteStore, typed: str, meant: str) -> None:
    with large.read_transaction() as transaction:
        assert find_case_id(transaction, typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("MOPAC-2081-777", "MOPAC-2018-777"), ("MPAC-2018-777", "MOPAC-2018-777"), ("MOPAC-2018-3001", "MOPAC-2018-301")],
)
def test_the_closest_of_very_many_is_suggested(large: SqliteStore, typed: str, meant: str) -> None:
    with large.read_transaction() as transaction, pytest.raises(InputError) as error:
        find_case_id(transaction, typed)
    assert f"Did you mean {meant}" in error.value.advice()


def test_few_numbers_are_looked_at_however_many_there_are(large: SqliteStore) -> None:
    with large.read_transaction() as transaction:
        assert 0 < len(transaction.similar_cases("MOPAC-2018-15")) < MANY / 10
        assert transaction.similar_cases("") == sorted(transaction.similar_cases(""))


def test_of_a_few_cases_all_are_listed(tmp_path: Path) -> None:
    store = SqliteStore(str(tmp_path / "assent.db"), lambda: datetime.now(UTC))
    store.create()
    day = date(2018, 3, 7)
    with store.write_transaction() as transaction:
        for case in ("A-1", "B-1"):
            transaction.update_summary(CaseSummary(case, "Title", "mopac", "draft", 1, day, day))
    with store.read_transaction() as transaction, pytest.raises(InputError) as error:
        find_case_id(transaction, "zzzzzzzz")
    assert error.value.advice() == "There are: A-1, B-1."
