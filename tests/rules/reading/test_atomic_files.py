"""A file is written beside its place and moved there: readers see the old file or the new one, never half of one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
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


STEPS = ("write_bytes", "fsync", "replace", "fsync of the folder")


def write_until(place: Path, failing_step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write as callers do that must outlive a power cut, with a disk that fails at one step."""

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    def take(step: str, action: Callable[[], object]) -> None:
        if step == failing_step:
            owner, name = (os, "fsync") if "fsync" in step else (Path, step)
            monkeypatch.setattr(owner, name, fail)
        action()

    with temporary_beside(place) as temporary:
        take("write_bytes", lambda: temporary.write_bytes(b"newer"))
        take("fsync", lambda: sync_to_disk(temporary))
        take("replace", lambda: temporary.replace(place))
        take("fsync of the folder", lambda: sync_to_disk(place.parent))


@pytest.mark.parametrize("step", STEPS)
def test_a_disk_that_fails_at_any_step_leaves_a_whole_file_and_nothing_else(
    place: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    with pytest.raises(OSError, match="No space left"):
        write_until(place, step, monkeypatch)
    monkeypatch.undo()
    assert place.read_bytes() == (b"newer" if step == STEPS[-1] else b"older")
    assert names(place.parent) == {place.name}


def test_a_leftover_of_another_user_that_still_runs_is_kept(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: int) -> None:
        raise PermissionError

    leftover = place.with_name(".decision.pdf.12345.part")
    leftover.write_bytes(b"")
    monkeypatch.setattr(os, "kill", refuse)
    with temporary_beside(place):
        pass
    assert names(place.parent) == {place.name, leftover.name}


def test_an_error_while_cleaning_up_does_not_hide_the_error_of_the_block(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    with pytest.raises(ZeroDivisionError), temporary_beside(place) as temporary:  # noqa: PT012 - in the block
        temporary.write_bytes(b"ne")
        monkeypatch.setattr(Path, "unlink", fail)
        raise ZeroDivisionError
