"""A citation finds what was read for it; a passage is named by a digest that anybody can compute."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date

import pytest

from rules.errors import PackError
from rules.packs.readings import Readings, digest_passage, link_on, parse_readings_file
from rules.reading.yaml_reader import read_pack_yaml
from rules.values.citation import Citation

ACT = "Example Parks Act 2020"
DIGEST = "a" * 64
FILE = f"""
readings: parks-act
title: {ACT}
cited_as: [{ACT}, "{ACT}, as amended"]
link: https://www.legislation.gov.uk/ukpga/2020/99
read_on: 2026-12-01
version: 2026-04-07
passages:
  - of: s.4(1)
    at: section/4
    since: 2021-04-01
    digest: {DIGEST}
    words:
      s.4(1): not more than £10,000
      s.4: not more than £10,000
  - {{of: s.9, at: section/9, version: enacted, digest: {DIGEST}, words: {{s.9: must publish}}}}
not_read: {{s.9A: It is not in the text.}}
"""


def readings_of(*texts: str) -> Readings:
    """Return the readings of some files."""
    return Readings(
        parse_readings_file(f"readings/{_name(text)}.yaml", text.encode(), read_pack_yaml) for text in texts
    )


def _name(text: str) -> str:
    return text.split("readings: ", 1)[1].split("\n", 1)[0]


def cited(provision: str, instrument: str = ACT) -> Citation:
    return Citation(instrument=instrument, provision=provision, basis="read")


def test_a_citation_finds_its_reading_by_instrument_and_provision() -> None:
    reading = readings_of(FILE).find(cited("s.4(1)"))
    assert reading is not None
    assert reading.as_json() == {
        "words": "not more than £10,000",
        "passage": "s.4(1)",
        "on": "2026-12-01",
        "version": "2026-04-07",
        "since": "2021-04-01",
        "digest": DIGEST,
        "link": "https://www.legislation.gov.uk/ukpga/2020/99/section/4/2026-04-07",
    }


def test_one_passage_serves_each_name_of_the_instrument_and_each_provision() -> None:
    readings = readings_of(FILE)
    for instrument in (ACT, f"{ACT}, as amended"):
        assert [readings.find(cited(each, instrument)) is not None for each in ("s.4(1)", "s.4", "s.9")] == [True] * 3
    assert readings.find(cited("s.5")) is None
    assert readings.find(cited("s.4", "Another Act 2020")) is None


def test_a_passage_of_another_version_says_so() -> None:
    reading = readings_of(FILE).find(cited("s.9"))
    assert reading is not None
    assert (reading.version, reading.link) == (
        "enacted",
        "https://www.legislation.gov.uk/ukpga/2020/99/section/9/enacted",
    )


@pytest.mark.parametrize(
    ("instrument", "provision", "has_text"),
    [(ACT, "s.4", True), (ACT, "s.5", True), (ACT, "s.9A", False), ("Another Act 2020", "s.4", False)],
)
def test_text_is_at_hand_for_instruments_with_a_file_but_not_for_what_it_lists_as_missing(
    instrument: str, provision: str, has_text: bool
) -> None:
    assert readings_of(FILE).has_text(cited(provision, instrument)) is has_text


def test_white_space_is_no_part_of_a_digest() -> None:
    words = "not more than £10,000"
    assert digest_passage(" not more\n\n  than\t£10,000 ") == digest_passage(words)
    assert digest_passage(words) == hashlib.sha256(words.encode()).hexdigest()
    assert digest_passage(words) != digest_passage("not more than £10,001")


@pytest.mark.parametrize(
    ("link", "dated"),
    [
        ("https://www.legislation.gov.uk/ukpga/2000/36", "https://www.legislation.gov.uk/ukpga/2000/36/2011-01-19"),
        (
            "http://legislation.gov.uk/ukpga/2000/36/section/43/",
            "https://www.legislation.gov.uk/ukpga/2000/36/section/43/2011-01-19",
        ),
        ("https://www.legislation.gov.uk/ukpga/2000/36/section/43/2005-01-01", None),
        ("https://www.legislation.gov.uk/uksi/2011/3050/made", None),
        ("https://www.legislation.gov.uk/ukpga/2000/36/notes/division/4/2", None),
        ("https://www.legislation.gov.uk/uksi/2015/102/schedules/2021-08-16/data.html", None),
        ("https://example.org/ukpga/2000/36", None),
        ("", None),
    ],
)
def test_a_link_leads_to_the_law_as_it_stood_on_a_day(link: str, dated: str | None) -> None:
    assert link_on(link, date(2011, 1, 19)) == (dated or link)


def faults_of(texts: Iterable[str]) -> list[str]:
    with pytest.raises(PackError) as refused:
        readings_of(*texts)
    return [str(fault) for fault in refused.value.faults]


@pytest.mark.parametrize(
    ("mistake", "instead", "says"),
    [
        (f"digest: {DIGEST}\n", "digest: abc\n", "digest"),
        ("s.9: must publish", "s.4: must publish", "s.4 more than once"),
        ("s.9A: It is", "s.4: It is", "s.4 more than once"),
        ("version: enacted", "version: today", "version"),
        ("not more than £10,000\n      s.4:", "x" * 241 + "\n      s.4:", "words"),
        ("read_on: 2026-12-01", "read_on: yesterday", "read_on"),
    ],
)
def test_a_mistake_is_refused_with_its_place(mistake: str, instead: str, says: str) -> None:
    assert mistake in FILE
    faults = faults_of([FILE.replace(mistake, instead, 1)])
    assert any(says in fault for fault in faults), faults


def test_a_file_is_named_as_it_is_called() -> None:
    with pytest.raises(PackError, match="must be other, as its file is called"):
        parse_readings_file("readings/other.yaml", FILE.encode(), read_pack_yaml)


def test_no_provision_has_two_readings() -> None:
    again = FILE.replace("readings: parks-act", "readings: parks-act-2")
    assert any("has a reading in another file" in fault for fault in faults_of([FILE, again]))
