"""`assent case amend --from`: edits made in Word are shown, and recorded if that is agreed."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from decisions.output.word.package import read_parts
from tests.decisions.output.word.office_programs import edit_part, resave_by_word, save_package
from tests.decisions.output.word.word_forms import W_NAMESPACE, with_parts
from tests.end_to_end.conftest import CapturedStream, CommandResult, PreparedFolders, RunAssent

CASE = "MOPAC-2018-1"
BY_AUTHOR = ("--as", "author", "--on", "2018-03-07")
EDIT = ("Money is limited.", "Money is short.")
PART_2_EDIT = ("Illustrative text: capital", "Canary-Heron: capital")


@pytest.fixture
def draft(sound: RunAssent, prepared: PreparedFolders, tmp_path: Path) -> Path:
    """A draft edited in Word."""
    edited = tmp_path / "edited.docx"
    prepared.begin("edited draft", lambda: edited_draft(sound, edited, EDIT))
    return edited


def edited_draft(assent: RunAssent, path: Path, *changes: tuple[str, str], part: int = 1) -> Path:
    original = path.with_name("draft.docx")
    result = assent("document", "render", CASE, "decision-form", "--part", part, "-o", original)
    assert result.exit_code == 0, result.stderr
    path.write_bytes(resave_by_word(edit_part(original.read_bytes(), *changes)))
    return path


def version(assent: RunAssent) -> int:
    number: int = assent("case", "show", CASE, "--format", "json").json["version"]
    return number


def at_a_terminal(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    monkeypatch.setattr(CapturedStream, "isatty", lambda _: True)
    monkeypatch.setattr(sys, "stdin", CapturedStream(answer))


class TestWithoutATerminal:
    def test_changes_are_shown_and_not_recorded(self, sound: RunAssent, draft: Path) -> None:
        result = sound("case", "amend", CASE, *BY_AUTHOR, "--from", draft)
        assert result.exit_code == 0
        assert "executive_summary  Executive summary" in result.stdout
        assert re.search(r"^  -  .*Money is limited\.", result.stdout, re.MULTILINE | re.DOTALL)
        assert "Nothing was recorded. To record these changes, add --yes." in result.stderr
        assert version(sound) == 2

    def test_with_yes_the_changes_are_recorded_with_a_receipt(self, sound: RunAssent, draft: Path) -> None:
        result = sound("case", "amend", CASE, *BY_AUTHOR, "--from", draft, "--yes")
        assert (result.exit_code, result.stderr) == (0, "")
        assert re.search(r"^version +3\nevent +amend\nseal +[0-9a-f]{64}$", result.stdout, re.MULTILINE)
        facts = sound("case", "show", CASE, "--format", "json").json["facts"]
        assert "Money is short." in str(facts["executive_summary"])

    def test_json_holds_the_changes_and_whether_they_were_recorded(self, sound: RunAssent, draft: Path) -> None:
        shown = sound("case", "amend", CASE, *BY_AUTHOR, "--from", draft, "--format", "json")
        assert (shown.json["recorded"], shown.json["version"], shown.json["elsewhere"]) == (False, 2, [])
        [change] = shown.json["changes"]
        assert change["fact"] == "executive_summary"
        assert change["after"] == change["before"].replace(*EDIT)
        recorded_json = sound("case", "amend", CASE, *BY_AUTHOR, "--from", draft, "--yes", "--format", "json").json
        assert {"case", "version", "event", "seal"} <= recorded_json.keys()
        assert (recorded_json["recorded"], recorded_json["version"], recorded_json["changes"]) == (True, 3, [change])

    def test_a_file_without_changes_is_not_recorded(self, sound: RunAssent, tmp_path: Path) -> None:
        same = edited_draft(sound, tmp_path / "same.docx")
        result = sound("case", "amend", CASE, *BY_AUTHOR, "--from", same, "--yes")
        assert "The file has no changes to record." in result.stdout
        assert version(sound) == 2

    def test_changes_outside_the_editable_texts_are_listed(self, sound: RunAssent, tmp_path: Path) -> None:
        other = edited_draft(sound, tmp_path / "other.docx", EDIT, ("Request for a decision", "Plea for a decision"))
        result = sound("case", "amend", CASE, *BY_AUTHOR, "--from", other, "--yes")
        assert "These changes are outside the editable texts and are not recorded:" in result.stdout
        assert result.exit_code == 0


class TestAtATerminal:
    @pytest.mark.parametrize(("answer", "recorded"), [("y\n", 3), ("n\n", 2), ("\n", 2)])
    def test_the_officer_is_asked_before_recording(
        self, sound: RunAssent, draft: Path, monkeypatch: pytest.MonkeyPatch, answer: str, recorded: int
    ) -> None:
        at_a_terminal(monkeypatch, answer)
        result = sound("case", "amend", CASE, *BY_AUTHOR, "--from", draft)
        assert result.exit_code == 0
        assert "Record these changes?" in result.stderr
        assert ("Nothing was recorded." in result.stderr) is (recorded == 2)
        monkeypatch.undo()
        assert str(recorded) in sound("--store", draft.parent / "assent.db", "case", "list", "--format", "csv").stdout

    def test_with_yes_nobody_is_asked(self, sound: RunAssent, draft: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        at_a_terminal(monkeypatch, "")
        assert "Record these changes?" not in sound("case", "amend", CASE, *BY_AUTHOR, "--from", draft, "--yes").stderr


class TestRefusals:
    def test_a_file_made_from_an_older_version_is_refused(self, sound: RunAssent, draft: Path) -> None:
        assert sound("case", "amend", CASE, *BY_AUTHOR, "--set", "form.legal=None.").exit_code == 0
        result = sound("case", "amend", CASE, *BY_AUTHOR, "--from", draft, "--yes")
        assert (result.exit_code, result.stdout) == (5, "")
        assert "is at version 3, not 2: somebody acted first" in result.stderr

    def test_a_submitted_case_cannot_be_amended_from_a_file(self, sound: RunAssent, tmp_path: Path) -> None:
        assert sound("case", "act", CASE, "submit", *BY_AUTHOR).exit_code == 0
        late = edited_draft(sound, tmp_path / "late.docx", EDIT)
        result = sound("case", "amend", CASE, *BY_AUTHOR, "--from", late, "--yes")
        assert result.exit_code == 3
        assert "paper.amended_in_draft" in result.stderr

    @pytest.mark.parametrize(
        ("data", "message"),
        [
            (b"plain text", "bad.docx is not a Word file, or a damaged one\nSave it in Word as .docx."),
            (b"", "bad.docx is not a Word file"),
        ],
    )
    def test_a_file_that_is_not_a_word_file_is_refused_with_advice(
        self, sound: RunAssent, tmp_path: Path, data: bytes, message: str
    ) -> None:
        (tmp_path / "bad.docx").write_bytes(data)
        result = sound("case", "amend", CASE, *BY_AUTHOR, "--from", tmp_path / "bad.docx")
        assert (result.exit_code, result.stdout) == (2, "")
        assert message in result.stderr

    def test_a_mistyped_case_is_not_reported_as_a_fault_of_the_file(self, sound: RunAssent, draft: Path) -> None:
        result = sound("case", "amend", "MOPAC-2018-7", *BY_AUTHOR, "--from", draft)
        assert result.exit_code == 2
        assert result.stderr.startswith("assent: 'MOPAC-2018-7' is not a case that is known here\n")

    def test_from_cannot_be_combined_with_other_changes(self, sound: RunAssent, draft: Path) -> None:
        result = sound("case", "amend", CASE, *BY_AUTHOR, "--from", draft, "--set", "title=x")
        assert result.exit_code == 2
        assert "--from cannot be combined with other changes" in result.stderr

    def test_a_file_over_the_size_limit_is_not_read(self, sound: RunAssent, draft: Path) -> None:
        draft.write_bytes(draft.read_bytes() + bytes(8_000_000))
        result = sound("case", "amend", CASE, *BY_AUTHOR, "--from", draft)
        assert result.exit_code == 2
        assert "The limit for a Word file is 8,000,000 bytes" in result.stderr


class TestPart2:
    def test_edits_to_part_2_are_recorded_in_part_2_only(self, sound: RunAssent, tmp_path: Path) -> None:
        hidden = edited_draft(sound, tmp_path / "hidden.docx", PART_2_EDIT, part=2)
        result = sound("case", "amend", CASE, *BY_AUTHOR, "--from", hidden, "--yes", "--format", "json")
        assert result.json["part"] == 2
        assert "Canary" not in sound("case", "show", CASE, "--format", "json").stdout
        assert "Canary" in sound("case", "show", CASE, "--part", "2", "--format", "json").stdout
        public = tmp_path / "public.docx"
        assert sound("document", "render", CASE, "decision-form", "-o", public).exit_code == 0
        assert b"Canary" not in public.read_bytes()

    @pytest.mark.parametrize(
        "spoilt",
        [
            ("Heron", "Heron日"),
            ("<w:t>Canary-Heron", "<w:br/><w:t>[^none] Canary-Heron"),
            ("<w:r><w:t>Canary-Heron", '<w:ins w:id="9"><w:r><w:t>x</w:t></w:r></w:ins><w:r><w:t>Canary-Heron'),
            ("<w:r><w:t>Canary-Heron", "<w:r><w:rPr><w:vanish/></w:rPr><w:t>Canary-Heron"),
        ],
    )
    def test_no_error_repeats_a_word_of_part_2(self, sound: RunAssent, tmp_path: Path, spoilt: tuple[str, str]) -> None:
        original = tmp_path / "draft.docx"
        assert sound("document", "render", CASE, "decision-form", "--part", "2", "-o", original).exit_code == 0
        hidden = tmp_path / "hidden.docx"
        hidden.write_bytes(edit_part(edit_part(original.read_bytes(), PART_2_EDIT), spoilt))
        result: CommandResult = sound("case", "amend", CASE, *BY_AUTHOR, "--from", hidden, "--yes")
        assert result.exit_code == 2
        assert "Canary" not in result.stdout + result.stderr
        assert "capital" not in result.stdout + result.stderr


def test_a_draft_saved_again_by_word_fails_verification(sound: RunAssent, tmp_path: Path) -> None:
    original = tmp_path / "draft.docx"
    assert sound("document", "render", CASE, "decision-form", "-o", original).exit_code == 0
    assert sound("document", "verify", original).exit_code == 0
    original.write_bytes(save_package(read_parts(original.read_bytes())))
    result = sound("document", "verify", original)
    assert result.exit_code == 7
    assert "carries the imprint of assent" in result.stderr


class TestWhatIsNotRecorded:
    def test_a_changed_marking_and_a_comment_are_listed_by_their_place(self, sound: RunAssent, tmp_path: Path) -> None:
        original = edited_draft(sound, tmp_path / "other.docx", EDIT)
        marked = save_package(
            {
                name: content.replace(b"OFFICIAL", b"SECRET") if "header" in name else content
                for name, content in read_parts(original.read_bytes()).items()
            }
        )
        comment = '<w:comment w:id="1"><w:p><w:r><w:t>Why?</w:t></w:r></w:p></w:comment>'
        comments = f"<w:comments {W_NAMESPACE}>{comment}</w:comments>"
        original.write_bytes(with_parts(marked, ("comments", "comments.xml", comments)))
        shown = sound("case", "amend", CASE, *BY_AUTHOR, "--from", original)
        assert "These changes are outside the editable texts and are not recorded:" in shown.stdout
        assert re.search(r"^Comment\n +\+ +Why\?$", shown.stdout, re.MULTILINE)
        assert re.search(r"^Header\n +- +.*OFFICIAL.*\n(?:.*\n)* +\+ +.*SECRET", shown.stdout, re.MULTILINE)
        listed = sound("case", "amend", CASE, *BY_AUTHOR, "--from", original, "--format", "json").json
        assert {"place": "Comment", "change": "added", "text": "Why?"} in listed["not_recorded"]
        assert "+ Why?" in listed["elsewhere"]
        assert [change["fact"] for change in listed["changes"]] == ["executive_summary"]

    def test_a_refusal_names_the_field_and_the_paragraph(self, sound: RunAssent, tmp_path: Path) -> None:
        start = "<w:r><w:t>The Metropolitan Police Service wishes"
        hidden_run = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>Hidden.</w:t></w:r>"
        hidden = edited_draft(sound, tmp_path / "hidden.docx", (start, hidden_run + start))
        result = sound("case", "amend", CASE, *BY_AUTHOR, "--from", hidden, "--yes")
        assert (result.exit_code, result.stdout) == (2, "")
        assert "hidden.docx holds hidden text, in Executive summary, paragraph 1" in result.stderr
