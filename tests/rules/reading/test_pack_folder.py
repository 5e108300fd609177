"""Finding pack files in a folder, and refusing what is misplaced or cannot be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rules.errors import InputError, PackError
from rules.packs.library import Library
from rules.reading import pack_folder
from rules.reading.pack_folder import read_pack_files

PACK = b"pack: our-limits\ntitle: Our limits\n"


def write(folder: Path, *names: str, data: bytes = PACK) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def faults_of(folder: Path) -> list[str]:
    with pytest.raises(PackError) as caught:
        read_pack_files(folder)
    return [str(fault) for fault in caught.value.faults]


class TestReading:
    def test_packs_are_named_by_their_paths_in_the_folder(self, tmp_path: Path) -> None:
        write(
            tmp_path, "law/a.yaml", "days/b.yaml", "schemes/x/c.yaml", "law/notes.txt", "papers/case.yaml", "top.yaml"
        )
        assert sorted(read_pack_files(tmp_path)) == ["days/b.yaml", "law/a.yaml", "schemes/x/c.yaml"]

    def test_links_to_files_are_followed(self, tmp_path: Path) -> None:
        write(tmp_path, "elsewhere/a.yaml", "law/b.yaml")
        (tmp_path / "law" / "a.yaml").symlink_to(tmp_path / "elsewhere" / "a.yaml")
        assert read_pack_files(tmp_path)["law/a.yaml"] == PACK


class TestRefusals:
    def test_what_is_not_a_regular_file_is_refused_without_opening_it(self, tmp_path: Path) -> None:
        write(tmp_path, "law/sound.yaml")
        law = tmp_path / "law"
        (law / "folder.yaml").mkdir()
        os.mkfifo(law / "pipe.yaml")
        (law / "endless.yaml").symlink_to("/dev/zero")
        (law / "nowhere.yaml").symlink_to("gone")
        (law / "round.yaml").symlink_to("round.yaml")
        names = ("endless", "folder", "nowhere", "pipe", "round")
        assert faults_of(tmp_path) == [f"law/{name}.yaml: is not a regular file, or is a broken link" for name in names]

    def test_a_file_that_is_too_large_is_refused_without_reading_it(self, tmp_path: Path) -> None:
        write(tmp_path, "law/large.yaml")
        os.truncate(tmp_path / "law" / "large.yaml", 1 << 40)
        assert faults_of(tmp_path) == ["law/large.yaml: has 1,099,511,627,776 bytes; at most 512,000 are allowed"]

    def test_a_file_without_read_permission_is_refused(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write(tmp_path, "law/a.yaml")

        def forbidden(_: Path) -> bytes:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "read_bytes", forbidden)
        assert faults_of(tmp_path) == ["law/a.yaml: could not be read: Permission denied"]

    @pytest.mark.parametrize("name", [b"\xff.yaml", b"a\nb.yaml", b"\x1b[31m.yaml"])
    def test_a_name_that_cannot_be_printed_is_refused(self, tmp_path: Path, name: bytes) -> None:
        write(tmp_path, "law/" + os.fsdecode(name))
        (fault,) = faults_of(tmp_path)
        assert fault.endswith("has a name that cannot be printed; rename it")
        assert fault.isprintable()

    @pytest.mark.parametrize(
        ("name", "message"),
        [
            ("laws/a.yaml", "is in laws/, not a folder for packs. Did you mean law?"),
            ("Law/a.yaml", "is in Law/, not a folder for packs. Did you mean law?"),
            ("scheme/a.yaml", "is in scheme/, not a folder for packs. Did you mean schemes?"),
            ("schemes/a.yaml", "is not in the folder of an authority; move it to schemes/<authority>/NAME.yaml"),
            ("law/a.yml", "has a name that does not end in .yaml; rename it"),
        ],
    )
    def test_a_misplaced_pack_file_is_refused(self, tmp_path: Path, name: str, message: str) -> None:
        write(tmp_path, "law/sound.yaml", name)
        assert faults_of(tmp_path) == [f"{name}: {message}"]

    def test_the_number_of_files_is_bounded(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write(tmp_path, "law/a.yaml", "law/b.yaml", "law/c.yaml")
        monkeypatch.setattr(pack_folder, "MAX_FILES", 2)
        with pytest.raises(InputError, match="has 3 pack files; at most 2 are allowed"):
            read_pack_files(tmp_path)

    def test_a_folder_without_packs_is_refused(self, tmp_path: Path) -> None:
        write(tmp_path, "papers/case.yaml")
        for folder in (tmp_path, tmp_path / "gone"):
            with pytest.raises(InputError):
                Library.load([folder])


BROKEN = b"pack: ["
WITH_GAP = b"""pack: fees
title: Fees
instrument: Regulations on fees
values:
  fees.limit:
    kind: count
    label: Most that is charged
    history:
      - {from: 2018-01-01, to: 2018-12-31, is: 4, citation: {provision: section 1, basis: read}}
      - {from: 2019-02-01, is: true, citation: {provision: section 1, basis: read}}
sets:
  claim.limit:
    history:
      - {from: 2018-04-01, to: 2019-01-01, is: 4, citation: {provision: section 2, basis: read}}
      - {from: 2018-12-01, is: 5, citation: {provision: section 2, basis: read}}
"""
OVERLAPS = "overlaps the row from 2018-04-01, or is out of order"


class TestPackFaults:
    """A folder with any fault is refused as a whole, even for a file that no scheme uses."""

    def load_faults(self, folder: Path) -> list[str]:
        with pytest.raises(PackError) as caught:
            Library.load([folder])
        return [str(fault) for fault in caught.value.faults]

    def test_every_fault_of_every_file_is_reported_at_once(self, tmp_path: Path) -> None:
        write(tmp_path, "law/broken.yaml", data=BROKEN)
        write(tmp_path, "law/fees.yaml", data=WITH_GAP)
        write(tmp_path, "law/fees.examples.yaml", data=b"examples: []\n")
        write(tmp_path, "days/moon.yaml", data=b"division: moon\n")
        write(tmp_path, "schemes/mopac/ours.yaml", data=PACK + b"nonsense: 1\n")
        write(tmp_path, "schemes/new/rules.yaml")
        faults = self.load_faults(tmp_path)
        assert {fault.partition(":")[0] for fault in faults} == {
            "days/moon.yaml",
            "law/broken.yaml",
            "law/fees.examples.yaml",
            "law/fees.yaml",
            "schemes/mopac/ours.yaml",
            "schemes/new/rules.yaml",
        }
        assert [fault for fault in faults if fault.startswith("law/fees.yaml")] == [
            "law/fees.yaml:10: values.fees.limit.history.1.from: leaves a gap after 2018-12-31",
            "law/fees.yaml:10: values.fees.limit.history.1.is: is not of kind count",
            f"law/fees.yaml:15: sets.claim.limit.history.1.from: {OVERLAPS}",
        ]

    def test_a_fault_between_the_packs_of_a_scheme_is_reported_once(self, tmp_path: Path) -> None:
        write(tmp_path, "schemes/mopac/ours.yaml", data=PACK + b"sets:\n  claim.limits: {history: []}\n")
        write(tmp_path, "schemes/gla/ours.yaml", data=WITH_GAP)
        faults = self.load_faults(tmp_path)
        assert len(faults) == len(set(faults))
        assert [fault for fault in faults if "mopac" in fault] == [
            "schemes/mopac/ours.yaml:4: sets.claim.limits.history: must have at least 1; it has 0"
        ]
        assert any("schemes/gla/ours.yaml" in fault and "nobody declares" in fault for fault in faults)

    def test_a_pack_that_no_scheme_uses_may_need_facts_declared_elsewhere(self, tmp_path: Path) -> None:
        write(tmp_path, "law/fees.yaml", data=PACK + b"values:\n  a.b: {kind: count, label: Fees, by: [payer.kind]}\n")
        library = Library.load([tmp_path])
        assert library.unused_files() == ["law/fees.yaml"]

    def test_a_file_that_a_scheme_uses_is_not_listed_as_unused(self, tmp_path: Path) -> None:
        write(tmp_path, "schemes/mopac/ours.yaml")
        write(tmp_path, "law/foia-2000.yaml", data=Library.load([]).files["law/foia-2000.yaml"])
        assert Library.load([tmp_path]).unused_files() == []

    def test_the_shipped_packs_are_not_validated_to_find_a_scheme(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(
            "rules.packs.file_validation.standalone_faults", lambda *_: pytest.fail("they were validated")
        )
        assert Library.load([]).faults == ()
