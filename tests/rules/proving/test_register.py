"""The flat register of the law: a row for each row of a value and for each control."""

from __future__ import annotations

import pytest

from rules.packs.library import Library
from rules.proving.catalogue import CatalogueEntry, catalogue_entries
from rules.proving.catalogue_views import NOT_SET
from rules.proving.register import REGISTER_HEADS, make_register


@pytest.fixture(scope="module")
def entries() -> list[CatalogueEntry]:
    return list(catalogue_entries(Library.load([]).pack_files))


def test_every_citation_of_the_law_has_one_row(entries: list[CatalogueEntry]) -> None:
    rows = list(make_register(entries))
    assert len([row for row in rows if row.citation]) == sum(len(entry.citations) for entry in entries)
    unset = [row for row in rows if row.citation is None]
    assert unset
    assert {row.figure for row in unset} == {NOT_SET}


def test_an_amount_has_its_pence_basis_operator_and_days(entries: list[CatalogueEntry]) -> None:
    rows = [row.as_json() for row in make_register(entries) if row.id == "procurement.threshold"]
    [row] = [
        row for row in rows if row["from"] == "2018-01-01" and "sub_central" in row["for"] and "goods" in row["for"]
    ]
    assert (row["pence"], row["vat"], row["operator"], row["to"]) == (18_130_200, "ex", "at least", "2019-12-31")
    assert row["figure"] == "£181,302 excluding VAT"


def test_a_control_has_its_severity_gates_and_governing_day(entries: list[CatalogueEntry]) -> None:
    [row] = [row.as_json() for row in make_register(entries) if row.id == "procurement.route_stated"]
    assert row["severity"] in ("blocking", "warning")
    assert row["gates"]
    assert row["figure"] == ""
    assert row["pence"] is None


def test_the_columns_of_the_csv_are_the_keys_of_the_json(entries: list[CatalogueEntry]) -> None:
    keys = next(make_register(entries)).as_json()
    assert [head.lower().replace(" ", "_") for head in REGISTER_HEADS] == list(keys)
