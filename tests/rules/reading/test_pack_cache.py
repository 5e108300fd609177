from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

import pytest

from rules.errors import FileError, PackError
from rules.packs.library import Library
from rules.reading import pack_cache as shelves
from rules.reading import yaml_reader
from rules.reading.pack_cache import PackCache
from rules.reading.yaml_reader import read_pack_yaml

PACKS = Library.load([]).files
FILE, TEXT = "law/a.yaml", b"pack: a\nfrom: 2018-01-01\nrows:\n  - {to: 2019-12-31, is: '2020-01-01', n: 3, f: true}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "shelf"


def kept(folder: Path) -> list[Path]:
    return sorted(folder.glob("*"))


class TestTheSame:
    @pytest.mark.parametrize("file", sorted(PACKS))
    def test_every_file_that_is_shipped_comes_back_as_it_was_read(self, folder: Path, file: str) -> None:
        before = read_pack_yaml(PACKS[file], file)
        PackCache(folder).read(PACKS[file], file)
        after = PackCache(folder).read(PACKS[file], file)
        assert after is not before
        assert (after.name, after.data, after.faults) == (before.name, before.data, ())
        assert dict(after.lines) == dict(before.lines)

    def test_days_stay_days_and_what_only_looks_like_one_stays_text(self, folder: Path) -> None:
        PackCache(folder).read(TEXT, FILE)
        assert repr(PackCache(folder).read(TEXT, FILE).data) == repr(read_pack_yaml(TEXT, FILE).data)

    def test_a_scheme_from_the_shelf_is_the_scheme(self, folder: Path) -> None:
        first, again = (Library.load([], folder).bundle("mopac") for _ in range(2))
        assert first.digest == again.digest == Library.load([]).bundle("mopac").digest
        assert [part.pack for part in again.pack_files()] == [
            part.pack for part in Library.load([]).bundle("mopac").pack_files()
        ]


class TestWhatIsNotTaken:
    def test_a_file_that_was_changed_is_read_anew(self, folder: Path) -> None:
        PackCache(folder).read(TEXT, FILE)
        assert PackCache(folder).read(TEXT.replace(b"n: 3", b"n: 4"), FILE).data["rows"][0]["n"] == 4
        assert len(kept(folder)) == 2

    def test_the_same_text_under_another_name_is_another_file(self, folder: Path) -> None:
        PackCache(folder).read(TEXT, FILE)
        assert PackCache(folder).read(TEXT, "law/b.yaml").name == "law/b.yaml"
        assert len(kept(folder)) == 2

    def test_what_other_code_read_is_read_anew(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        PackCache(folder).read(TEXT, FILE)
        monkeypatch.setattr(yaml_reader, "YAML_VERSION", "0")
        PackCache(folder).read(TEXT, FILE)
        assert len(kept(folder)) == 2

    @pytest.mark.parametrize("damage", [b"", b"{}", b"\n", b"\xff\xfe"])
    def test_what_was_damaged_is_read_anew_and_mended(self, folder: Path, damage: bytes) -> None:
        PackCache(folder).read(TEXT, FILE)
        (place,) = kept(folder)
        whole = place.read_bytes()
        place.write_bytes(damage)
        assert PackCache(folder).read(TEXT, FILE).data == read_pack_yaml(TEXT, FILE).data
        assert place.read_bytes() == whole

    def test_a_change_in_what_is_kept_is_seen(self, folder: Path) -> None:
        PackCache(folder).read(TEXT, FILE)
        (place,) = kept(folder)
        place.write_bytes(place.read_bytes().replace(b'"n":3', b'"n":9'))
        assert PackCache(folder).read(TEXT, FILE).data["rows"][0]["n"] == 3


def forged(place: Path, text: bytes) -> None:
    """Put something else at a place of the shelf, whole by its own digest."""
    place.write_bytes(sha256(text).hexdigest().encode() + b"\n" + text)


FOREIGN = b'{"data": {"pack": "a", "rows": [{"n": 9}]}, "days": []}'


class TestWhatOthersCouldHavePutThere:
    @pytest.fixture
    def place(self, folder: Path) -> Path:
        """A place of the shelf at which a foreign reading stands."""
        PackCache(folder).read(TEXT, FILE)
        (place,) = kept(folder)
        forged(place, FOREIGN)
        assert read_number(folder) == 9  # to our own hand it is open, as all else of ours is
        return place

    def test_nobody_else_may_write_to_a_shelf(self, folder: Path) -> None:
        PackCache(folder).read(TEXT, FILE)
        assert folder.stat().st_mode & 0o777 == 0o700
        assert [place.stat().st_mode & 0o777 for place in kept(folder)] == [0o600]

    @pytest.mark.parametrize("mode", [0o660, 0o602])
    def test_a_file_that_others_may_write_to_is_not_taken(self, folder: Path, place: Path, mode: int) -> None:
        place.chmod(mode)
        assert read_number(folder) == 3

    @pytest.mark.parametrize("mode", [0o770, 0o777, 0o1777])
    def test_a_folder_that_others_may_write_to_is_neither_read_nor_filled(
        self, folder: Path, place: Path, mode: int
    ) -> None:
        folder.chmod(mode)
        assert read_number(folder) == 3
        place.unlink()
        assert read_number(folder) == 3
        assert kept(folder) == []

    @pytest.mark.usefixtures("place")
    def test_what_belongs_to_somebody_else_is_not_taken(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
        assert read_number(folder) == 3

    def test_no_link_is_followed_and_no_pipe_waited_for(self, folder: Path, place: Path) -> None:
        place.rename(folder.parent / "foreign.json")
        place.symlink_to(folder.parent / "foreign.json")
        assert read_number(folder) == 3
        place.unlink()
        os.mkfifo(place)
        assert read_number(folder) == 3

    @pytest.mark.parametrize("text", [b"{}", b'{"data": 5, "days": [["x"]]}', b'{"data": [], "days": 1}', b"not JSON"])
    def test_what_is_whole_and_yet_no_reading_is_read_anew(self, folder: Path, place: Path, text: bytes) -> None:
        forged(place, text)
        assert read_number(folder) == 3


def read_number(folder: Path) -> int:
    found: int = PackCache(folder).read(TEXT, FILE).data["rows"][0]["n"]
    return found


class TestFaults:
    def test_a_file_with_faults_is_never_kept(self, folder: Path) -> None:
        for text in (b"pack: a\nb: yes\n", b"pack: a\npack: b\n"):
            assert PackCache(folder).read(text, FILE).faults == read_pack_yaml(text, FILE).faults != ()
        with pytest.raises(FileError):
            PackCache(folder).read(b"- a", FILE)
        assert kept(folder) == []

    def test_a_fault_that_is_seen_later_has_its_line(self, tmp_path: Path, folder: Path) -> None:
        pack = PACKS["law/vat.yaml"].replace(b"controls:", b"control:") + b"\nextra: 1\n"
        (tmp_path / "law").mkdir()
        (tmp_path / "law" / "vat.yaml").write_bytes(pack)
        told = []
        for _ in range(2):
            with pytest.raises(PackError) as refused:
                Library.load([tmp_path], folder).scheme("mopac")
            told.append([fault for fault in refused.value.faults if fault.key == "extra"])
        assert told[0] == told[1]
        assert told[0][0].line == pack.count(b"\n")


class TestTheFolder:
    def test_a_shelf_that_cannot_be_written_is_done_without(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("no folder")
        found = PackCache(tmp_path / "file" / "shelf").read(TEXT, FILE)
        assert found.data == read_pack_yaml(TEXT, FILE).data

    def test_what_a_process_that_was_killed_has_left_goes_too(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(shelves, "MAX_CACHED_FILES", 2)
        PackCache(folder).read(TEXT, FILE)
        (folder / "half.4711").touch()
        os.utime(folder / "half.4711", ns=(0, 0))
        PackCache(folder).read(b"number: 1", FILE)
        assert [place.suffix for place in kept(folder)] == [".json", ".json"]

    def test_the_oldest_go_first(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(shelves, "MAX_CACHED_FILES", 3)
        for number in range(5):
            PackCache(folder).read(b"number: %d" % number, FILE)
            newest = max(kept(folder), key=lambda place: place.stat().st_mtime_ns)
            os.utime(newest, ns=(number, number))
        assert len(kept(folder)) == 3
        PackCache(folder).read(b"number: 4", FILE)
        assert len(kept(folder)) == 3
