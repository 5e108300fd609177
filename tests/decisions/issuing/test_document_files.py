"""Documents on disk: whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from decisions.errors import DocumentError
from decisions.issuing import document_files
from decisions.issuing.jobs import RenderJob
from rules.errors import InputError


def write(path: Path, data: bytes) -> None:
    with document_files.staged_write(path, data):
        pass


def test_a_document_is_written_with_the_folders_it_needs(tmp_path: Path) -> None:
    path = tmp_path / "2018" / "april" / "decision.pdf"
    write(path, b"words")
    assert document_files.read_document(path) == b"words"
    assert [each.name for each in path.parent.iterdir()] == ["decision.pdf"]


@pytest.mark.parametrize(("part", "modes"), [(1, (0o644, 0o755)), (2, (0o600, 0o700))])
def test_only_its_owner_can_read_a_document_of_part_2(tmp_path: Path, part: int, modes: tuple[int, int]) -> None:
    before = os.umask(0o022)
    path = tmp_path / "new" / "decision.pdf"
    try:
        with document_files.writer_of(RenderJob("A-1", "decision", part, "pdf"), path)(b"words"):
            pass
    finally:
        os.umask(before)
    assert tuple(stat.S_IMODE(each.stat().st_mode) for each in (path, path.parent)) == modes


def test_a_document_is_whole_on_disk_but_not_in_its_place_while_the_block_runs(tmp_path: Path) -> None:
    with document_files.staged_write(tmp_path / "decision.pdf", b"words"):
        (temporary,) = tmp_path.iterdir()
        assert (temporary.name.startswith("."), temporary.read_bytes()) == (True, b"words")
    assert [each.name for each in tmp_path.iterdir()] == ["decision.pdf"]


def test_a_document_is_not_put_in_its_place_if_the_block_fails(tmp_path: Path) -> None:
    path = tmp_path / "decision.pdf"
    path.write_bytes(b"older")
    with pytest.raises(InputError, match="no officer"), document_files.staged_write(path, b"newer"):
        raise InputError("no officer")
    assert path.read_bytes() == b"older"
    assert [each.name for each in tmp_path.iterdir()] == ["decision.pdf"]


def test_the_document_and_then_its_name_are_on_disk_before_the_write_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[bool] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(Path(f"/proc/self/fd/{descriptor}").is_dir()))
    with document_files.staged_write(tmp_path / "decision.pdf", b"words"):
        assert synced == [False]
    assert synced == [False, True]


def test_a_document_replaces_an_older_one(tmp_path: Path) -> None:
    path = tmp_path / "decision.pdf"
    path.write_bytes(b"an older and longer one")
    write(path, b"new")
    assert path.read_bytes() == b"new"


def test_a_folder_in_the_way_is_reported_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "decision.pdf").mkdir()
    with pytest.raises(DocumentError, match=r"decision\.pdf could not be written") as refused:
        write(tmp_path / "decision.pdf", b"words")
    assert "-o" in refused.value.advice()
    assert [each.name for each in tmp_path.iterdir()] == ["decision.pdf"]


def test_a_file_where_a_folder_is_needed_is_reported(tmp_path: Path) -> None:
    (tmp_path / "2018").write_bytes(b"a file")
    with pytest.raises(DocumentError, match="could not be written"):
        write(tmp_path / "2018" / "decision.pdf", b"words")
    assert (tmp_path / "2018").read_bytes() == b"a file"


def test_a_disk_that_fills_leaves_the_older_document_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "decision.pdf"
    path.write_bytes(b"older")
    write_bytes = Path.write_bytes

    def write_half(path: Path, data: bytes) -> int:
        write_bytes(path, data[:2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", write_half)
    with pytest.raises(DocumentError, match="No space left on device"):
        write(path, b"newer")
    assert path.read_bytes() == b"older"
    assert [each.name for each in tmp_path.iterdir()] == ["decision.pdf"]


def test_a_missing_document_is_reported(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"none\.pdf could not be read: No such file"):
        document_files.read_document(tmp_path / "none.pdf")


def test_a_file_larger_than_any_document_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "film.pdf"
    path.write_bytes(b"12345678")
    monkeypatch.setattr(document_files, "MAX_BYTES", 8)
    assert document_files.read_document(path) == b"12345678"
    monkeypatch.setattr(document_files, "MAX_BYTES", 7)
    with pytest.raises(DocumentError, match="larger than any document"):
        document_files.read_document(path)


def test_a_name_that_is_too_long_for_the_disk_is_reported(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="could not be written: File name too long"):
        document_files.refuse_overwrite(tmp_path / ("x" * 300), lambda _: True)
