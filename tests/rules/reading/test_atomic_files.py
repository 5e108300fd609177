"""A file is written beside its place and moved there: readers see the old file or the new one, never half of one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rules.reading.atomic_files import sync_to_disk, temporary_beside


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A place where an older file stands."""
    place = tmp_path / "decision.pdf"
    place.write_bytes(b"older")
    return place


def test_the_older_file_stays_until_the_new_one_is_moved_over_it(place: Path) -> None:
    with temporary_beside(place) as temporary:
        temporary.write_bytes(b"newer")
        assert place.read_bytes() == b"older"
        assert temporary.parent == place.parent
        temporary.replace(place)
    assert place.read_bytes() == b"newer"
    assert names(place.parent) == {place.name}


def write_half(place: Path) -> None:
    with temporary_beside(place) as temporary:
        temporary.write_bytes(b"ne")
        raise ZeroDivisionError


def test_a_block_that_fails_leaves_the_older_file_and_nothing_else(place: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        write_half(place)
    assert place.read_bytes() == b"older"
    assert names(place.parent) == {place.name}


def test_a_temporary_file_that_was_never_written_is_no_error(place: Path) -> None:
    with temporary_beside(place):
        pass
    assert names(place.parent) == {place.name}


def test_companions_are_removed_with_the_temporary_file(place: Path) -> None:
    with temporary_beside(place, ["-wal"]) as temporary:
        temporary.write_bytes(b"newer")
        temporary.with_name(f"{temporary.name}-wal").write_bytes(b"log")
    assert names(place.parent) == {place.name}


def test_leftovers_of_ended_processes_are_removed_and_other_files_stay(place: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    leftovers = [f".decision.pdf.{number}.part" for number in (ended.pid, os.getpid(), 10**30)]
    leftovers.append(f"{leftovers[0]}-wal")
    others = [f".decision.pdf.{os.getppid()}.part", f".report.pdf.{ended.pid}.part", ".decision.pdf.x.part", "a.part"]
    for name in leftovers + others:
        (place.parent / name).write_bytes(b"")
    with temporary_beside(place, ["-wal"]) as temporary:
        assert not temporary.exists()
    assert names(place.parent) == {place.name, *others}


def test_a_folder_that_is_not_there_is_an_error_of_the_disk(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), temporary_beside(tmp_path / "none" / "decision.pdf"):
        pass


def test_files_and_folders_can_be_synced(place: Path) -> None:
    sync_to_disk(place)
    sync_to_disk(place.parent)
    with pytest.raises(FileNotFoundError):
        sync_to_disk(place.with_name("none"))
