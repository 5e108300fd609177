"""Files named on the command line: read within limits, never from a pipe, and written whole where nothing stands."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from console.files import is_folder, path_exists, printable_name, read_bytes, refuse_wrong_suffix
from console.written_files import refuse_used_folder, write_text_files
from decisions.errors import DocumentError
from rules.errors import InputError


class TestReading:
    def test_a_file_of_just_the_limit_is_read_and_one_byte_more_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "paper.yaml"
        path.write_bytes(b"x" * 1_500)
        assert len(read_bytes(path, 1_500)) == 1_500
        with pytest.raises(InputError, match=r"is too large: 1,500 bytes. The limit for a draft is 1,499 bytes"):
            read_bytes(path, 1_499, "a draft")

    def test_a_pipe_is_never_opened(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(InputError, match="is not a regular file") as refused:
            read_bytes(tmp_path / "pipe")
        assert refused.value.advice() == "Save its content to a file, and give that file's name."

    @pytest.mark.parametrize(
        ("name", "message"), [("", "is a folder, not a file"), ("none", "could not be read: No such")]
    )
    def test_what_is_no_file_is_named_with_advice(self, tmp_path: Path, name: str, message: str) -> None:
        with pytest.raises(InputError, match=message) as refused:
            read_bytes(tmp_path / name)
        assert refused.value.advice() == "Check the file name and the folder you are in."

    def test_a_file_that_we_may_not_read_is_answered_with_whom_to_ask(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(_: Path) -> bytes:
            raise PermissionError(13, "Permission denied")

        (tmp_path / "paper.yaml").write_bytes(b"")
        monkeypatch.setattr(Path, "read_bytes", refuse)  # root may read everything
        with pytest.raises(InputError, match="you do not have permission to read") as refused:
            read_bytes(tmp_path / "paper.yaml")
        assert "Ask its owner" in refused.value.advice()

    def test_a_name_with_control_characters_is_printed_without_them(self, tmp_path: Path) -> None:
        with pytest.raises(InputError) as refused:
            read_bytes(tmp_path / "\x1b[31mred.yaml")
        assert "\x1b" not in str(refused.value)
        assert printable_name(Path("a/\x07b.yaml")) == "?b.yaml"

    def test_a_broken_link_is_there_and_is_no_folder(self, tmp_path: Path) -> None:
        link = tmp_path / "link"
        link.symlink_to(tmp_path / "none")
        assert path_exists(link)
        assert not is_folder(link)
        assert is_folder(tmp_path)


class TestSuffixes:
    @pytest.mark.parametrize("name", ["a", "a.pdf", "a.PDF", "a.b.pdf", ".pdf"])
    def test_a_right_ending_or_none_is_taken(self, name: str) -> None:
        refuse_wrong_suffix(Path(name), ["pdf", "html"])

    @pytest.mark.parametrize(
        ("formats", "advice"), [(["pdf"], "Use .pdf."), (["html", "pdf", "docx"], "Use .html, .pdf or .docx.")]
    )
    def test_another_ending_is_refused_with_those_that_there_are(self, formats: list[str], advice: str) -> None:
        with pytest.raises(InputError, match=r"a\.txt has the wrong ending for this document") as refused:
            refuse_wrong_suffix(Path("a.txt"), formats)
        assert refused.value.advice() == advice


class TestWriting:
    def test_each_file_is_written_with_the_folders_it_needs(self, tmp_path: Path) -> None:
        write_text_files(tmp_path / "new", {"a.txt": "Ä\n", "b/c/d.txt": ""})
        assert (tmp_path / "new" / "a.txt").read_bytes() == b"\xc3\x84\n"
        assert (tmp_path / "new" / "b" / "c" / "d.txt").read_bytes() == b""

    def test_a_file_that_cannot_be_written_is_named_and_leaves_no_half(self, tmp_path: Path) -> None:
        (tmp_path / "b").write_text("In the way.")
        with pytest.raises(DocumentError, match=r"b/c\.txt could not be written"):
            write_text_files(tmp_path, {"a.txt": "One.", "b/c.txt": "Two."})
        assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "b"]

    def test_a_folder_that_is_new_or_empty_will_do(self, tmp_path: Path) -> None:
        refuse_used_folder(tmp_path)
        refuse_used_folder(tmp_path / "none")

    @pytest.mark.parametrize("content", ["file", ".hidden"])
    def test_a_folder_that_holds_anything_is_refused(self, tmp_path: Path, content: str) -> None:
        (tmp_path / content).write_text("")
        with pytest.raises(InputError, match="is not empty") as refused:
            refuse_used_folder(tmp_path)
        assert refused.value.advice() == "Name a new folder, or an empty one."

    @pytest.mark.parametrize("kind", ["file", "broken link"])
    def test_what_is_no_folder_cannot_be_looked_into(self, tmp_path: Path, kind: str) -> None:
        place = tmp_path / "place"
        if kind == "file":
            place.write_text("")
        else:
            place.symlink_to(tmp_path / "none")
        with pytest.raises(DocumentError, match="could not be read"):
            refuse_used_folder(place)
