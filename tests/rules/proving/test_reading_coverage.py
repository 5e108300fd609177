"""What was read at the source is counted pack by pack, and a claim without a reading is named."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from rules.packs.library import Library
from rules.packs.readings import link_on
from rules.proving.reading_coverage import citations_by_pack, count_readings, find_uncited, find_unread

LAW = b"""
language: 2
pack: grants-act
title: The Example Grants Act
instrument: Example Grants Act 2020
link: https://www.legislation.gov.uk/ukpga/2020/98
values:
  grants.limit:
    kind: count
    label: Limit
    history:
      - {from: 2020-01-01, to: 2020-12-31, is: 1, citation: {provision: s.1, basis: read}}
      - {from: 2021-01-01, to: 2021-12-31, is: 2, citation: {provision: s.2, basis: read}}
      - {from: 2022-01-01, to: 2022-12-31, is: 3, citation: {provision: s.3, basis: secondary}}
      - {from: 2023-01-01, to: 2023-12-31, is: 4, citation: {provision: s.3A, basis: read}}
      - {from: 2024-01-01, is: 5, citation: {instrument: Example Form, provision: box 1, basis: unverified}}
"""
READINGS = b"""
readings: grants-act
title: Example Grants Act 2020
cited_as: [Example Grants Act 2020]
link: https://www.legislation.gov.uk/ukpga/2020/98
read_on: 2026-12-01
version: enacted
passages:
  - of: ss.1 and 4
    digest: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
    words: {s.1: one, s.4: four}
not_read: {s.3A: It is not in the text.}
"""


@pytest.fixture(scope="module")
def library() -> Library:
    return Library({"law/grants-act.yaml": LAW, "readings/grants-act.yaml": READINGS})


def test_each_citation_counts_by_how_it_was_checked(library: Library) -> None:
    (count,) = count_readings(library)
    assert count.as_json() == {
        "pack": "grants-act",
        "citations": 5,
        "read": 3,
        "secondary": 1,
        "unverified": 1,
        "with_text": 3,
        "passages": 1,
        "share": "33 %",
        "without_text": ["Example Form", "Example Grants Act 2020"],
    }


def test_read_without_a_reading_is_named_with_its_place(library: Library) -> None:
    (fault,) = find_unread(library)
    assert (fault.file, fault.key) == ("law/grants-act.yaml", "values.grants.limit.history.1.citation")
    assert "s.2 of Example Grants Act 2020" in fault.message


def test_a_reading_that_nobody_cites_is_named_with_its_place(library: Library) -> None:
    (fault,) = find_uncited(library)
    assert (fault.file, fault.key) == ("readings/grants-act.yaml", "passages.0.words.s.4")


SHIPPED = Library.load([])


def test_each_shipped_citation_that_says_read_has_its_reading() -> None:
    """Where the text is at hand. Add a passage under `readings/`, or say that the source is secondary."""
    assert [str(fault) for fault in find_unread(SHIPPED)] == []


def test_each_shipped_reading_is_cited() -> None:
    assert [str(fault) for fault in find_uncited(SHIPPED)] == []


def test_nearly_all_that_can_be_read_was_read() -> None:
    counts = count_readings(SHIPPED)
    assert sum(count.passages for count in counts) >= 0.95 * sum(count.with_text for count in counts)


POINT_IN_TIME = re.compile(
    r"https://www\.legislation\.gov\.uk/[a-z]+/[0-9]{4}/[0-9]+(?:/(?![0-9]{4}-)[A-Za-z0-9-]+)*/"
    r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|made|enacted)"
)


def test_each_row_of_law_has_a_link_to_the_law_of_its_day() -> None:
    """Where the row is of UK legislation. What was read elsewhere says `secondary` or `unverified`."""
    day = date(2020, 2, 29)
    for name, placed in citations_by_pack(SHIPPED):
        citation = placed.citation
        if citation.kind != "law":
            continue
        if "legislation.gov.uk" in citation.link:
            assert POINT_IN_TIME.fullmatch(link_on(citation.link, day)), (name, citation.link)
        else:
            assert citation.basis != "read", (name, citation.provision)


UNFIT_HOSTS = re.compile(
    r"https?://[^/\s]*(?:docsbay|docslib|paperzz|corpowid|press|staging|cache|sitesb|theguardian|lavx)[^/\s]*/",
    re.IGNORECASE,
)
"""Copies on file-sharing, testing and caching hosts, and newspapers: nobody's source of law."""


@pytest.mark.parametrize("file", sorted(name for name in SHIPPED.files if name.endswith(".yaml")))
def test_no_source_stands_on_a_host_that_only_holds_copies(file: str) -> None:
    assert UNFIT_HOSTS.findall(SHIPPED.files[file].decode()) == []


@pytest.mark.parametrize("folder", ["decisions/examples", "docs", "templates"])
def test_nothing_else_that_is_shipped_links_to_such_a_host(folder: str) -> None:
    root = Path(__file__).parents[3] / folder
    files = [path for path in root.rglob("*") if path.suffix in (".md", ".yaml", ".html", ".json")]
    assert files
    assert [path.name for path in files if UNFIT_HOSTS.search(path.read_text("utf-8"))] == []
