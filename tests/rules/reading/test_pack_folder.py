from __future__ import annotations

import os
from pathlib import Path

import pytest

from rules.errors import InputError, PackError
from rules.packs.library import Library
from rules.reading import pack_folder as folders
from rules.reading.pack_folder import read_pack_files

PACK = b"pack: our-limits\ntitle: Our limits\n"


def put(folder: Path, *names: str, data: bytes = PACK) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def refused(folder: Path) -> list[str]:
    with pytest.raises(PackError) as caught:
        read_pack_files(folder)
    return [str(fault) for fault in caught.value.faults]


class TestWhatIsRead:
    def test_packs_are_named_by_their_places(self, tmp_path: Path) -> None:
        put(tmp_path, "law/a.yaml", "days/b.yaml", "schemes/x/c.yaml", "law/notes.txt", "papers/case.yaml", "top.yaml")
        assert sorted(read_pack_files(tmp_path)) == ["days/b.yaml", "law/a.yaml", "schemes/x/c.yaml"]

    def test_links_to_files_are_followed(self, tmp_path: Path) -> None:
        put(tmp_path, "elsewhere/a.yaml", "law/b.yaml")
        (tmp_path / "law" / "a.yaml").symlink_to(tmp_path / "elsewhere" / "a.yaml")
        assert read_pack_files(tmp_path)["law/a.yaml"] == PACK


class TestRefusals:
    def test_what_is_no_file_is_refused_by_its_name_and_is_not_opened(self, tmp_path: Path) -> None:
        put(tmp_path, "law/sound.yaml")
        law = tmp_path / "law"
        (law / "folder.yaml").mkdir()
        os.mkfifo(law / "pipe.yaml")
        (law / "endless.yaml").symlink_to("/dev/zero")
        (law / "nowhere.yaml").symlink_to("gone")
        (law / "round.yaml").symlink_to("round.yaml")
        names = ("endless", "folder", "nowhere", "pipe", "round")
        assert refused(tmp_path) == [
            f"law/{name}.yaml: is no ordinary file, or a link that leads nowhere" for name in names
        ]

    def test_a_file_that_is_too_large_is_refused_before_it_is_read(self, tmp_path: Path) -> None:
        put(tmp_path, "law/large.yaml")
        os.truncate(tmp_path / "law" / "large.yaml", 1 << 40)
        assert refused(tmp_path) == ["law/large.yaml: has 1,099,511,627,776 bytes; at most 512,000 are read"]

    def test_a_file_that_may_not_be_read_is_named(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        put(tmp_path, "law/a.yaml")

        def forbidden(_: Path) -> bytes:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "read_bytes", forbidden)
        assert refused(tmp_path) == ["law/a.yaml: could not be read: Permission denied"]

    @pytest.mark.parametrize("name", [b"\xff.yaml", b"a\nb.yaml", b"\x1b[31m.yaml"])
    def test_a_name_that_cannot_be_printed_is_refused(self, tmp_path: Path, name: bytes) -> None:
        put(tmp_path, "law/" + os.fsdecode(name))
        (told,) = refused(tmp_path)
        assert told.endswith("has a name that cannot be printed; give it another")
        assert told.isprintable()

    @pytest.mark.parametrize(
        ("name", "told"),
        [
            ("laws/a.yaml", "lies in laws/, where no packs are looked for. Did you mean law?"),
            ("Law/a.yaml", "lies in Law/, where no packs are looked for. Did you mean law?"),
            ("scheme/a.yaml", "lies in scheme/, where no packs are looked for. Did you mean schemes?"),
            ("schemes/a.yaml", "does not lie in the folder of its authority, as schemes/<authority>/NAME.yaml"),
            ("law/a.yml", "is not read: the name of a pack's file ends in .yaml"),
        ],
    )
    def test_what_was_meant_to_count_is_not_passed_over(self, tmp_path: Path, name: str, told: str) -> None:
        put(tmp_path, "law/sound.yaml", name)
        assert refused(tmp_path) == [f"{name}: {told}"]

    def test_no_more_files_are_read_than_any_authority_has(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put(tmp_path, "law/a.yaml", "law/b.yaml", "law/c.yaml")
        monkeypatch.setattr(folders, "MAX_FILES", 2)
        with pytest.raises(InputError, match="holds 3 files of packs; at most 2 are read"):
            read_pack_files(tmp_path)

    def test_a_folder_without_packs_is_refused(self, tmp_path: Path) -> None:
        put(tmp_path, "papers/case.yaml")
        for folder in (tmp_path, tmp_path / "gone"):
            with pytest.raises(InputError):
                Library.load([folder])


BROKEN = b"pack: ["
HOLED = b"""pack: fees
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
OVERLAPS = "overlaps the row from 2018-04-01, or stands out of order"


class TestSoundness:
    """A folder with any fault is refused whole, also for a file that no scheme takes."""

    def faults(self, folder: Path) -> list[str]:
        with pytest.raises(PackError) as caught:
            Library.load([folder])
        return [str(fault) for fault in caught.value.faults]

    def test_every_fault_of_every_file_is_told_at_once(self, tmp_path: Path) -> None:
        put(tmp_path, "law/broken.yaml", data=BROKEN)
        put(tmp_path, "law/fees.yaml", data=HOLED)
        put(tmp_path, "law/fees.examples.yaml", data=b"examples: []\n")
        put(tmp_path, "days/moon.yaml", data=b"division: moon\n")
        put(tmp_path, "schemes/mopac/ours.yaml", data=PACK + b"nonsense: 1\n")
        put(tmp_path, "schemes/new/rules.yaml")
        told = self.faults(tmp_path)
        assert {fault.partition(":")[0] for fault in told} == {
            "days/moon.yaml",
            "law/broken.yaml",
            "law/fees.examples.yaml",
            "law/fees.yaml",
            "schemes/mopac/ours.yaml",
            "schemes/new/rules.yaml",
        }
        assert [fault for fault in told if fault.startswith("law/fees.yaml")] == [
            "law/fees.yaml:10: values.fees.limit.history.1.from: leaves a gap after 2018-12-31",
            "law/fees.yaml:10: values.fees.limit.history.1.is: is not of kind count",
            f"law/fees.yaml:15: sets.claim.limit.history.1.from: {OVERLAPS}",
        ]

    def test_a_fault_between_the_packs_of_a_scheme_is_told_once(self, tmp_path: Path) -> None:
        put(tmp_path, "schemes/mopac/ours.yaml", data=PACK + b"sets:\n  claim.limits: {history: []}\n")
        put(tmp_path, "schemes/gla/ours.yaml", data=HOLED)
        told = self.faults(tmp_path)
        assert len(told) == len(set(told))
        assert [fault for fault in told if "mopac" in fault] == [
            "schemes/mopac/ours.yaml:4: sets.claim.limits.history: must have at least 1; it has 0"
        ]
        assert any("schemes/gla/ours.yaml" in fault and "nobody declares" in fault for fault in told)

    def test_of_a_pack_that_no_scheme_takes_the_facts_may_be_declared_elsewhere(self, tmp_path: Path) -> None:
        put(tmp_path, "law/fees.yaml", data=PACK + b"values:\n  a.b: {kind: count, label: Fees, by: [payer.kind]}\n")
        library = Library.load([tmp_path])
        assert library.unused_files() == ["law/fees.yaml"]

    def test_what_a_scheme_takes_is_not_among_what_none_does(self, tmp_path: Path) -> None:
        put(tmp_path, "schemes/mopac/ours.yaml")
        put(tmp_path, "law/foia-2000.yaml", data=Library.load([]).files["law/foia-2000.yaml"])
        assert Library.load([tmp_path]).unused_files() == []

    def test_the_shipped_packs_are_not_read_to_find_a_scheme(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("rules.packs.library.standalone_faults", lambda *_: pytest.fail("they were read"))
        assert Library.load([]).faults == ()
