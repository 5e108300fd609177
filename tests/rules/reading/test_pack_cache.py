"""Parsed pack files come back from the cache as they were read, and nothing forged is ever used."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

import pytest

from rules.errors import FileError, PackError
from rules.packs.library import Library
from rules.reading import pack_cache, yaml_reader
from rules.reading.pack_cache import PackCache
from rules.reading.yaml_reader import read_pack_yaml

PACKS = Library.load([]).files
FILE, TEXT = "law/a.yaml", b"pack: a\nfrom: 2018-01-01\nrows:\n  - {to: 2019-12-31, is: '2020-01-01', n: 3, f: true}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "cache"


def cached_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*"))


class TestHits:
    @pytest.mark.parametrize("file", sorted(PACKS))
    def test_every_shipped_file_comes_back_as_it_was_read(self, folder: Path, file: str) -> None:
        parsed = read_pack_yaml(PACKS[file], file)
        PackCache(folder).read(PACKS[file], file)
        cached = PackCache(folder).read(PACKS[file], file)
        assert cached is not parsed
        assert (cached.name, cached.data, cached.faults) == (parsed.name, parsed.data, ())
        assert dict(cached.lines) == dict(parsed.lines)

    def test_days_stay_days_and_text_that_looks_like_one_stays_text(self, folder: Path) -> None:
        PackCache(folder).read(TEXT, FILE)
        assert repr(PackCache(folder).read(TEXT, FILE).data) == repr(read_pack_yaml(TEXT, FILE).data)

    def test_a_scheme_built_from_the_cache_is_the_same(self, folder: Path) -> None:
        first, again = (Library.load([], folder).bundle("mopac") for _ in range(2))
        assert first.digest == again.digest == Library.load([]).bundle("mopac").digest
        assert [part.pack for part in again.pack_files()] == [
            part.pack for part in Library.load([]).bundle("mopac").pack_files()
        ]


class TestMisses:
    def test_a_changed_file_is_parsed_again(self, folder: Path) -> None:
        PackCache(folder).read(TEXT, FILE)
        assert PackCache(folder).read(TEXT.replace(b"n: 3", b"n: 4"), FILE).data["rows"][0]["n"] == 4
        assert len(cached_files(folder)) == 2

    def test_the_same_text_under_another_name_is_cached_separately(self, folder: Path) -> None:
        PackCache(folder).read(TEXT, FILE)
        assert PackCache(folder).read(TEXT, "law/b.yaml").name == "law/b.yaml"
        assert len(cached_files(folder)) == 2

    def test_a_file_that_other_code_parsed_is_parsed_again(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        PackCache(folder).read(TEXT, FILE)
        monkeypatch.setattr(yaml_reader, "YAML_VERSION", "0")
        PackCache(folder).read(TEXT, FILE)
        assert len(cached_files(folder)) == 2

    @pytest.mark.parametrize("damage", [b"", b"{}", b"\n", b"\xff\xfe"])
    def test_a_damaged_file_is_parsed_and_cached_again(self, folder: Path, damage: bytes) -> None:
        PackCache(folder).read(TEXT, FILE)
        (cache_file,) = cached_files(folder)
        intact = cache_file.read_bytes()
        cache_file.write_bytes(damage)
        assert PackCache(folder).read(TEXT, FILE).data == read_pack_yaml(TEXT, FILE).data
        assert cache_file.read_bytes() == intact

    def test_a_change_in_a_cached_file_is_noticed(self, folder: Path) -> None:
        PackCache(folder).read(TEXT, FILE)
        (cache_file,) = cached_files(folder)
        cache_file.write_bytes(cache_file.read_bytes().replace(b'"n":3', b'"n":9'))
        assert PackCache(folder).read(TEXT, FILE).data["rows"][0]["n"] == 3


def forge(cache_file: Path, text: bytes) -> None:
    """Replace a cached file by another text with a valid checksum."""
    cache_file.write_bytes(sha256(text).hexdigest().encode() + b"\n" + text)


FORGED = b'{"data": {"pack": "a", "rows": [{"n": 9}]}, "days": []}'


class TestForgedFiles:
    @pytest.fixture
    def cache_file(self, folder: Path) -> Path:
        """Return a cached file that was replaced by a forged one."""
        PackCache(folder).read(TEXT, FILE)
        (cache_file,) = cached_files(folder)
        forge(cache_file, FORGED)
        assert read_number(folder) == 9  # our own account is trusted
        return cache_file

    def test_nobody_else_may_write_to_the_cache(self, folder: Path) -> None:
        PackCache(folder).read(TEXT, FILE)
        assert folder.stat().st_mode & 0o777 == 0o700
        assert [path.stat().st_mode & 0o777 for path in cached_files(folder)] == [0o600]

    @pytest.mark.parametrize("mode", [0o660, 0o602])
    def test_a_file_that_others_may_write_to_is_not_used(self, folder: Path, cache_file: Path, mode: int) -> None:
        cache_file.chmod(mode)
        assert read_number(folder) == 3

    @pytest.mark.parametrize("mode", [0o770, 0o777, 0o1777])
    def test_a_folder_that_others_may_write_to_is_neither_read_nor_written(
        self, folder: Path, cache_file: Path, mode: int
    ) -> None:
        folder.chmod(mode)
        assert read_number(folder) == 3
        cache_file.unlink()
        assert read_number(folder) == 3
        assert cached_files(folder) == []

    @pytest.mark.usefixtures("cache_file")
    def test_a_file_of_another_account_is_not_used(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
        assert read_number(folder) == 3

    def test_no_link_is_followed_and_no_pipe_blocks(self, folder: Path, cache_file: Path) -> None:
        cache_file.rename(folder.parent / "forged.json")
        cache_file.symlink_to(folder.parent / "forged.json")
        assert read_number(folder) == 3
        cache_file.unlink()
        os.mkfifo(cache_file)
        assert read_number(folder) == 3

    @pytest.mark.parametrize("text", [b"{}", b'{"data": 5, "days": [["x"]]}', b'{"data": [], "days": 1}', b"not JSON"])
    def test_forged_data_of_another_shape_is_parsed_again(self, folder: Path, cache_file: Path, text: bytes) -> None:
        forge(cache_file, text)
        assert read_number(folder) == 3


def read_number(folder: Path) -> int:
    number: int = PackCache(folder).read(TEXT, FILE).data["rows"][0]["n"]
    return number


class TestFaults:
    def test_a_file_with_faults_is_never_cached(self, folder: Path) -> None:
        for text in (b"pack: a\nb: yes\n", b"pack: a\npack: b\n"):
            assert PackCache(folder).read(text, FILE).faults == read_pack_yaml(text, FILE).faults != ()
        with pytest.raises(FileError):
            PackCache(folder).read(b"- a", FILE)
        assert cached_files(folder) == []

    def test_a_fault_found_after_reading_has_its_line(self, tmp_path: Path, folder: Path) -> None:
        pack = PACKS["law/vat.yaml"].replace(b"controls:", b"control:") + b"\nextra: 1\n"
        (tmp_path / "law").mkdir()
        (tmp_path / "law" / "vat.yaml").write_bytes(pack)
        faults = []
        for _ in range(2):
            with pytest.raises(PackError) as refused:
                Library.load([tmp_path], folder).scheme("mopac")
            faults.append([fault for fault in refused.value.faults if fault.key == "extra"])
        assert faults[0] == faults[1]
        assert faults[0][0].line == pack.count(b"\n")


class TestCacheFolder:
    def test_a_cache_that_cannot_be_written_is_not_needed(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("no folder")
        source = PackCache(tmp_path / "file" / "cache").read(TEXT, FILE)
        assert source.data == read_pack_yaml(TEXT, FILE).data

    def test_a_file_left_by_a_killed_process_is_removed(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pack_cache, "MAX_CACHED_FILES", 2)
        PackCache(folder).read(TEXT, FILE)
        (folder / "half.4711").touch()
        os.utime(folder / "half.4711", ns=(0, 0))
        PackCache(folder).read(b"number: 1", FILE)
        assert [path.suffix for path in cached_files(folder)] == [".json", ".json"]

    def test_the_oldest_files_are_removed_first(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pack_cache, "MAX_CACHED_FILES", 3)
        for number in range(5):
            PackCache(folder).read(b"number: %d" % number, FILE)
            newest = max(cached_files(folder), key=lambda path: path.stat().st_mtime_ns)
            os.utime(newest, ns=(number, number))
        assert len(cached_files(folder)) == 3
        PackCache(folder).read(b"number: 4", FILE)
        assert len(cached_files(folder)) == 3
