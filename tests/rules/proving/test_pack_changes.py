"""What differs between two versions of the same packs, in words."""

from __future__ import annotations

from dataclasses import replace

from rules.packs.library import Library
from rules.packs.pack_file import PackFile
from rules.proving.catalogue import catalogue_entries
from rules.proving.pack_changes import PackChange, compare_entries
from tests.rules.pack_builders import make_pack_file

_PACK = """
language: 2
pack: fees
title: Fees
instrument: Fees Order
values:
  fee:
    kind: money
    label: Fee for a market
    history: [{rows}]
"""


def fees(rows: str) -> PackFile:
    """A pack of one value with some rows."""
    return make_pack_file(_PACK.replace("{rows}", rows), "law/fees.yaml")


def row(first: str, figure: str, source: str = "art 1") -> str:
    return (
        f'{{from: {first}, is: "{figure}", operator: at_least, '
        f"citation: {{instrument: Fees Order, provision: {source}, basis: read}}}}"
    )


def compare(before: PackFile | None, after: PackFile | None) -> list[PackChange]:
    old, new = (catalogue_entries([pack_file] if pack_file else []) for pack_file in (before, after))
    return list(compare_entries(old, new))


def test_equal_packs_have_no_change() -> None:
    entries = list(catalogue_entries(Library.load([]).pack_files))
    assert entries
    assert list(compare_entries(entries, entries)) == []


def test_a_new_row_is_named_with_its_figure_day_and_source() -> None:
    first, second = (
        row("2020-01-01", "£10 ex VAT").replace(", is:", ", to: 2021-12-31, is:", 1),
        row("2022-01-01", "£12 ex VAT"),
    )
    [change] = compare(fees(first), fees(f"{first}, {second}"))
    assert (change.id, change.kind, change.change) == ("fee", "value", "changed")
    assert change.details == ("new row: at least £12 excluding VAT from 2022-01-01, Fees Order, art 1",)
    [removed] = compare(fees(f"{first}, {second}"), fees(first))
    assert removed.details == ("row removed: at least £12 excluding VAT from 2022-01-01",)


def test_another_figure_says_what_it_was_and_another_source_is_told_apart() -> None:
    before = fees(row("2020-01-01", "£10 ex VAT"))
    [figure] = compare(before, fees(row("2020-01-01", "£10.01 ex VAT")))
    assert figure.details == (
        "row changed: at least £10.01 excluding VAT from 2020-01-01 (was at least £10 excluding VAT from 2020-01-01)",
    )
    [source] = compare(before, fees(row("2020-01-01", "£10 ex VAT", "art 2")))
    assert source.details == ("source changed: at least £10 excluding VAT from 2020-01-01, Fees Order, art 2",)


def test_what_is_there_only_before_or_only_after_is_named_whole() -> None:
    pack = fees(row("2020-01-01", "£10 ex VAT"))
    [added] = compare(None, pack)
    [removed] = compare(pack, None)
    assert (added.change, removed.change) == ("added", "removed")
    assert added.details == removed.details == ("Fee for a market", "from 2020-01-01")


def test_another_severity_of_a_control_is_named_with_its_clause() -> None:
    files = {pack_file.source.name: pack_file for pack_file in Library.load([]).pack_files}
    pack_file = files["law/procurement-thresholds.yaml"]
    name, control = next(iter(pack_file.pack.controls.items()))
    other = "warning" if control.severity == "blocking" else "blocking"
    controls = {**pack_file.pack.controls, name: control.model_copy(update={"severity": other})}
    changed = replace(pack_file, pack=pack_file.pack.model_copy(update={"controls": controls}))
    [change] = compare(pack_file, changed)
    assert change.details == (f"severity: {other} (was {control.severity})",)
    assert change.clause == str(control.citation)
