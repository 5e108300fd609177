"""Columns state facts by a mapping file, or by headers that are names or labels of facts."""

from __future__ import annotations

import pytest

from rules.errors import FileError
from rules.values.money import Money, Vat
from tests.workflow.papers.readers import mapping_of, papers_among, read_all, unread_among
from workflow.cases.paper import ImportedPaper
from workflow.papers.law_papers import LawPaper

HEADER = b"case,scheme,stage,source,Title,decided_on,Estimated value,exemption:s43.section\n"
ROW = "PCD 1,mopac,published,signed_form,Lamps,16/04/2018,£1.4m ex VAT,s43\n".encode()


def only_paper(content: bytes, mapping: str = "") -> ImportedPaper | LawPaper:
    results = read_all(content, "csv", mapping_of(mapping) if mapping else mapping_of("source: spreadsheet_row"))
    assert not unread_among(results), results
    return papers_among(results)[0].paper


def test_headers_may_be_names_labels_and_addresses() -> None:
    results = read_all(HEADER + ROW, "csv")
    (named,) = papers_among(results)
    assert not unread_among(results)
    assert isinstance(named.paper, ImportedPaper)
    assert (named.name, named.paper.scheme.id, named.paper.stage) == ("PCD 1", "mopac", "published")
    assert named.paper.source.kind == "signed_form"
    assert named.paper.paper.public["estimated_value"] == Money(140_000_000, Vat.EXCLUDED)
    assert named.paper.paper.public["exemption:s43.section"] == "s43"
    assert "decided_on" in named.paper.recorded  # an act records it


def test_a_mapping_file_says_what_columns_state() -> None:
    mapping = """
    source: register_row
    columns:
      Worth: {fact: estimated_value, vat: ex, unit: thousands}
      Type: {fact: contract_kind, choices: {Building: works, "Supplies & services": goods_services}}
      Name: title
    constants: {buyer: sub_central, procurement_commenced_on: 1 May 2024}
    ignore: [Notes]
    """
    paper = only_paper(b"name,WORTH,type,notes\nLamps,250,supplies & services,secret\n", mapping)
    assert isinstance(paper, LawPaper)
    assert paper.source.kind == "register_row"
    assert paper.facts["estimated_value"] == Money(25_000_000, Vat.EXCLUDED)
    assert (paper.facts["contract_kind"], paper.facts["title"]) == ("goods_services", "Lamps")
    assert paper.facts["buyer"] == "sub_central"
    assert "secret" not in str(paper)


@pytest.mark.parametrize(
    ("cell", "pence", "vat"),
    [("250", 25_000, Vat.EXCLUDED), ("£250 inc VAT", 25_000, Vat.INCLUDED), ("1,000.50", 100_050, Vat.EXCLUDED)],
)
def test_a_basis_in_the_cell_counts_before_that_of_the_mapping(cell: str, pence: int, vat: Vat) -> None:
    content = f'title,v\nLamps,"{cell}"\n'.encode()
    paper = only_paper(content, "columns: {v: {fact: estimated_value, vat: ex}}")
    assert isinstance(paper, LawPaper)
    assert paper.facts["estimated_value"] == Money(pence, vat)


def test_an_unknown_column_is_reported_once_and_the_rest_is_read() -> None:
    results = read_all(b"title,Notes,Estimated valu\nLamps,x,5\nPosts,y,6\n", "csv")
    assert [(row.row, row.column) for row in unread_among(results)] == [(1, "Notes"), (1, "Estimated valu")]
    assert "Did you mean estimated_value?" in unread_among(results)[1].reason
    assert len(papers_among(results)) == 2


def test_a_table_without_any_fact_has_no_cases() -> None:
    results = read_all(b"colour,size\nred,5\n", "csv")
    assert not papers_among(results)
    assert unread_among(results)[-1].reason == "states no fact that is known here"


def test_shifted_columns_are_named_with_their_reason() -> None:
    results = read_all(
        b'title,procurement_commenced_on,estimated_value\nLamps,250000,31/02/2019\nPosts,1/5/2024,"2,165,00"\n', "csv"
    )
    assert [(row.row, row.column) for row in unread_among(results)] == [
        (2, "estimated_value"), (2, "procurement_commenced_on"), (3, "estimated_value"),
    ]  # fmt: skip


def test_a_scheme_that_is_not_known_is_named_with_its_row() -> None:
    results = read_all(HEADER + ROW.replace(b"mopac", b"mopc") + ROW, "csv")
    assert [(row.row, row.column) for row in unread_among(results)] == [(2, "scheme")]
    assert "Did you mean mopac?" in unread_among(results)[0].reason
    assert len(papers_among(results)) == 1


def test_lines_of_json_are_rows_too() -> None:
    results = read_all(
        b'{"Title": "Lamps", "estimated_value": 250000.5}\n{"Titel": "x", "buyer": "central"}\n', "jsonl"
    )
    assert [row.column for row in unread_among(results)] == ["Titel"]
    assert papers_among(results)[0].paper.facts["estimated_value"] == Money(25_000_050, Vat.UNSTATED)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("columns: {a: {fact: title, vat: maybe}}", "columns.a.vat"),
        ("colums: {a: title}", "Did you mean columns?"),
        ("encoding: utf-99", "is not an encoding"),
        ("encoding: utf-16", "is not an encoding of single bytes"),
        ("delimiter: ab", "delimiter"),
    ],
)
def test_a_wrong_mapping_file_is_refused(text: str, reason: str) -> None:
    with pytest.raises(FileError) as caught:
        mapping_of(text)
    assert reason in str(caught.value)
