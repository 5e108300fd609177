"""The record of releases: which packs each release shipped."""

from datetime import date

import pytest

from rules.errors import PackError
from rules.packs.library import SHIPPED_FOLDER, Library
from rules.packs.releases import RELEASES_FILE, Release, parse_releases
from tests.house.releases import add_release, shipped_digests

SHIPPED = (SHIPPED_FOLDER / RELEASES_FILE).read_text(encoding="utf-8")
DIGEST = "0123456789abcdef" * 4


def test_a_release_is_added_beside_earlier_ones_and_keeps_the_comment() -> None:
    first = add_release(SHIPPED, "1.0.0", date(2027, 1, 4), {"mopac": DIGEST})
    second = add_release(first, "1.1.0rc1", date(2027, 2, 1), {"lfc": "f" * 64, "gla": DIGEST})
    assert parse_releases(second.encode()) == {
        **parse_releases(SHIPPED.encode()),
        "1.0.0": Release(on=date(2027, 1, 4), packs={"mopac": DIGEST}),
        "1.1.0rc1": Release(on=date(2027, 2, 1), packs={"gla": DIGEST, "lfc": "f" * 64}),
    }
    assert second.startswith("# Which packs each release shipped")


def test_a_release_is_recorded_once() -> None:
    once = add_release(SHIPPED, "1.0.0", date(2027, 1, 4), {"mopac": DIGEST})
    with pytest.raises(ValueError, match="recorded already, as released on 2027-01-04"):
        add_release(once, "1.0.0", date(2027, 1, 5), {"mopac": DIGEST})


def test_the_digests_of_a_release_are_those_by_which_cases_are_judged() -> None:
    library = Library.load([])
    assert shipped_digests() == {name: library.bundle(name).digest for name in library.schemes()}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('releases: {"one": {on: 2027-01-04, packs: {}}}', "releases.one"),
        ('releases: {"1.0": {on: 2027-01-04, packs: {mopac: "abc"}}}', "packs.mopac"),
        ('releases: {"1.0": {packs: {}}}', "on"),
        ('releases: {"1.0": {on: 2027-01-04, packs: {}, note: x}}', "note"),
        ("other: {}", "other"),
    ],
)
def test_a_record_that_is_wrong_is_refused_with_the_place(text: str, key: str) -> None:
    with pytest.raises(PackError) as refused:
        parse_releases(text.encode())
    assert any(key in fault.key for fault in refused.value.faults)
