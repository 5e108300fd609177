"""A scheme's letterhead: a picture in its folder, which must be there and fit to print, and words for what it shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules.authoring.data_files import MANUAL_FOLDER
from rules.errors import PackError
from rules.packs.bundle import Bundle
from rules.packs.digests import compute_digests
from rules.packs.library import Library
from rules.packs.pinned_flow import pin_flow
from tests.rules.manual_packs import HEAD, manual_bundle, manual_faults, manual_files, manual_scheme

LOGO = "schemes/example/tree.png"


def without(file: str) -> dict[str, bytes]:
    return {name: data for name, data in manual_files().items() if name != file}


def test_the_picture_belongs_to_the_scheme() -> None:
    logo = manual_scheme().logo
    assert logo
    assert (logo.width, logo.height) == (220, 260)


def test_a_scheme_without_a_letterhead_has_no_picture() -> None:
    head = manual_files()[HEAD].decode()
    start, end = head.index("letterhead:"), head.index("packs:")
    assert Bundle({**without(LOGO), HEAD: (head[:start] + head[end:]).encode()}).scheme().logo is None


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        ("logo: tree.png", "logo: oak.png", "letterhead.logo", "schemes/example/oak.png is not there"),
        ("logo: tree.png", "logo: ../tree.png", "letterhead.logo", ""),
        ("logo: tree.png", "logo: tree.svg", "letterhead.logo", ""),
        ("  alt: A tree above two waves, the mark of the Example Parks Authority\n", "", "letterhead.alt", ""),
        ("height_mm: 16", "height_mm: 36", "letterhead.height_mm", ""),
    ],
)
def test_a_letterhead_that_cannot_be_printed_is_refused_with_its_line(
    old: str, new: str, key: str, message: str
) -> None:
    (fault,) = manual_faults((HEAD, old, new))
    assert (fault.file, fault.key) == (HEAD, key)
    assert fault.line > 0
    assert message in fault.message


def test_a_picture_that_may_not_be_used_is_refused() -> None:
    with pytest.raises(PackError) as refused:
        Bundle({**without(LOGO), LOGO: b"<svg/>"}).scheme()
    assert [fault.key for fault in refused.value.faults] == ["letterhead.logo"]
    assert "is not a PNG picture" in refused.value.faults[0].message


def test_a_folder_with_a_picture_that_may_not_be_used_is_refused(tmp_path: Path) -> None:
    own = tmp_path / "schemes" / "example"
    own.mkdir(parents=True)
    for name in ("law", "days", "shared"):
        (tmp_path / name).symlink_to(MANUAL_FOLDER / name)
    for path in (MANUAL_FOLDER / "schemes" / "example").iterdir():
        (own / path.name).write_bytes(path.read_bytes())
    assert Library.load([tmp_path]).scheme("example").logo
    (own / "spare.png").write_bytes(b"not a picture")
    with pytest.raises(PackError) as refused:
        Library.load([tmp_path])
    assert [fault.file for fault in refused.value.faults] == ["schemes/example/spare.png"]


def test_another_picture_changes_the_layout_and_nothing_else() -> None:
    own, other = manual_bundle(), Bundle({**manual_files(), LOGO: manual_files()[LOGO] + b""})
    assert own == other
    changed = Bundle({**manual_files(), LOGO: Path(__file__).read_bytes()})
    before, after = compute_digests(own), compute_digests(changed)
    assert before.changed_aspects(after) == ("layout",)


def test_a_case_that_keeps_its_flow_is_printed_under_the_letterhead_of_today() -> None:
    head = manual_files()[HEAD].decode()
    start, end = head.index("letterhead:"), head.index("packs:")
    kept = Bundle({**without(LOGO), HEAD: (head[:start] + head[end:]).encode()})
    pinned = pin_flow(kept, manual_bundle()).bundle
    assert pinned.scheme().logo == manual_scheme().logo


def test_a_kept_flow_with_a_letterhead_can_be_read_where_today_has_none() -> None:
    head = manual_files()[HEAD].decode()
    start, end = head.index("letterhead:"), head.index("packs:")
    today = Bundle({**without(LOGO), HEAD: (head[:start] + head[end:]).encode()})
    assert pin_flow(manual_bundle(), today).bundle.scheme().logo is None
