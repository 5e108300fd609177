"""Documents on disk: whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from decisions.errors import DocumentError
from decisions.issuing import document_files
from rules.errors import InputError


def put(path: Path, data: bytes) -> None:
    with document_files.staged_write(path, data):
        pass


def test_a_document_is_written_with_the_folders_it_needs(tmp_path: Path) -> None:
    place = tmp_path / "2018" / "april" / "decision.pdf"
    put(place, b"words")
    assert document_files.read_document(place) == b"words"
    assert [path.name for path in place.parent.iterdir()] == ["decision.pdf"]


def test_it_is_whole_on_disk_but_not_in_its_place_before_what_is_done_meanwhile_is_done(tmp_path: Path) -> None:
    place = tmp_path / "decision.pdf"
    with document_files.staged_write(place, b"words"):
        (beside,) = tmp_path.iterdir()
        assert (beside.name.startswith("."), beside.read_bytes()) == (True, b"words")
    assert [path.name for path in tmp_path.iterdir()] == ["decision.pdf"]


def test_it_is_not_put_in_its_place_where_what_is_done_meanwhile_fails(tmp_path: Path) -> None:
    place = tmp_path / "decision.pdf"
    place.write_bytes(b"older")
    with pytest.raises(InputError, match="no officer"), document_files.staged_write(place, b"newer"):
        raise InputError("no officer")
    assert place.read_bytes() == b"older"
    assert [path.name for path in tmp_path.iterdir()] == ["decision.pdf"]


def test_what_a_killed_process_left_is_taken_away_and_what_is_not_its_own_stays(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left = [f".decision.pdf.{number}.part" for number in (gone.pid, os.getpid(), 10**30)]
    kept = [f".decision.pdf.{os.getppid()}.part", f".report.pdf.{gone.pid}.part", ".decision.pdf.x.part", "a.part"]
    for name in left + kept:
        (tmp_path / name).write_bytes(b"")
    put(tmp_path / "decision.pdf", b"words")
    assert {path.name for path in tmp_path.iterdir()} == {"decision.pdf", *kept}


def test_a_document_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    place = tmp_path / "decision.pdf"
    place.write_bytes(b"an older and longer one")
    put(place, b"new")
    assert place.read_bytes() == b"new"


def test_a_folder_in_the_way_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "decision.pdf").mkdir()
    with pytest.raises(DocumentError, match=r"decision\.pdf could not be written") as refused:
        put(tmp_path / "decision.pdf", b"words")
    assert "-o" in refused.value.advice()
    assert [path.name for path in tmp_path.iterdir()] == ["decision.pdf"]


def test_a_file_where_a_folder_is_needed_is_told(tmp_path: Path) -> None:
    (tmp_path / "2018").write_bytes(b"a file")
    with pytest.raises(DocumentError, match="could not be written"):
        put(tmp_path / "2018" / "decision.pdf", b"words")
    assert (tmp_path / "2018").read_bytes() == b"a file"


def test_a_disk_that_fills_leaves_the_older_document_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "decision.pdf"
    place.write_bytes(b"older")
    written = Path.write_bytes

    def half(path: Path, data: bytes) -> int:
        written(path, data[:2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", half)
    with pytest.raises(DocumentError, match="No space left on device"):
        put(place, b"newer")
    assert place.read_bytes() == b"older"
    assert [path.name for path in tmp_path.iterdir()] == ["decision.pdf"]


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"none\.pdf could not be read: No such file"):
        document_files.read_document(tmp_path / "none.pdf")


def test_what_is_larger_than_any_document_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "film.pdf"
    place.write_bytes(b"12345678")
    monkeypatch.setattr(document_files, "MAX_BYTES", 8)
    assert document_files.read_document(place) == b"12345678"
    monkeypatch.setattr(document_files, "MAX_BYTES", 7)
    with pytest.raises(DocumentError, match="larger than any document"):
        document_files.read_document(place)


def test_a_name_that_no_disk_takes_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="could not be written: File name too long"):
        document_files.refuse_overwrite(tmp_path / ("x" * 300), lambda _: True)
