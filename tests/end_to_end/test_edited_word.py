"""`assent case amend --from`: what was edited in Word is shown, and recorded when somebody says so."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from decisions.output.word.package import read_parts
from tests.decisions.output.word.office_programs import edit_part, resave_by_word, save_package
from tests.end_to_end.conftest import CapturedStream, CommandResult, RunAssent

CASE = "MOPAC-2018-1"
BY = ("--as", "author", "--on", "2018-03-07")
SHORT = ("Money is limited.", "Money is short.")
SECRET = ("Illustrative text: capital", "Canary-Heron: capital")


@pytest.fixture
def draft(sound: RunAssent, tmp_path: Path) -> Path:
    """A draft that somebody edited in Word."""
    return made(sound, tmp_path / "edited.docx", SHORT)


def made(assent: RunAssent, place: Path, *changes: tuple[str, str], part: int = 1) -> Path:
    drawn = place.with_name("draft.docx")
    said = assent("document", "render", CASE, "decision-form", "--part", part, "-o", drawn)
    assert said.exit_code == 0, said.stderr
    place.write_bytes(resave_by_word(edit_part(drawn.read_bytes(), *changes)))
    return place


def version(assent: RunAssent) -> int:
    found: int = assent("case", "show", CASE, "--format", "json").json["version"]
    return found


def at_a_terminal(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    monkeypatch.setattr(CapturedStream, "isatty", lambda _: True)
    monkeypatch.setattr(sys, "stdin", CapturedStream(answer))


class TestWithoutATerminal:
    def test_it_is_shown_and_nothing_is_recorded(self, sound: RunAssent, draft: Path) -> None:
        said = sound("case", "amend", CASE, *BY, "--from", draft)
        assert said.exit_code == 0
        assert "executive_summary  Executive summary" in said.stdout
        assert re.search(r"^  -  .*Money is limited\.", said.stdout, re.MULTILINE | re.DOTALL)
        assert "Nothing is recorded. To record it, say --yes." in said.stderr
        assert version(sound) == 2

    def test_with_yes_it_is_recorded_with_the_receipt_of_any_amendment(self, sound: RunAssent, draft: Path) -> None:
        said = sound("case", "amend", CASE, *BY, "--from", draft, "--yes")
        assert (said.exit_code, said.stderr) == (0, "")
        assert re.search(r"^version +3\nevent +amend\nseal +[0-9a-f]{64}$", said.stdout, re.MULTILINE)
        facts = sound("case", "show", CASE, "--format", "json").json["facts"]
        assert "Money is short." in str(facts["executive_summary"])

    def test_json_tells_the_same_alone(self, sound: RunAssent, draft: Path) -> None:
        shown = sound("case", "amend", CASE, *BY, "--from", draft, "--format", "json")
        assert (shown.json["recorded"], shown.json["version"], shown.json["elsewhere"]) == (False, 2, [])
        [change] = shown.json["changes"]
        assert change["fact"] == "executive_summary"
        assert change["after"] == change["before"].replace(*SHORT)
        done = sound("case", "amend", CASE, *BY, "--from", draft, "--yes", "--format", "json").json
        assert {"case", "version", "event", "seal"} <= done.keys()
        assert (done["recorded"], done["version"], done["changes"]) == (True, 3, [change])

    def test_what_says_the_same_is_not_recorded(self, sound: RunAssent, tmp_path: Path) -> None:
        same = made(sound, tmp_path / "same.docx")
        said = sound("case", "amend", CASE, *BY, "--from", same, "--yes")
        assert "It says what the paper says; there is nothing to record." in said.stdout
        assert version(sound) == 2

    def test_what_is_changed_elsewhere_is_told(self, sound: RunAssent, tmp_path: Path) -> None:
        other = made(sound, tmp_path / "other.docx", SHORT, ("Request for a decision", "Plea for a decision"))
        said = sound("case", "amend", CASE, *BY, "--from", other, "--yes")
        assert "Changed outside the texts that can be read back; nothing is recorded of this:" in said.stdout
        assert said.exit_code == 0


class TestAtATerminal:
    @pytest.mark.parametrize(("answer", "recorded"), [("y\n", 3), ("n\n", 2), ("\n", 2)])
    def test_somebody_is_asked(
        self, sound: RunAssent, draft: Path, monkeypatch: pytest.MonkeyPatch, answer: str, recorded: int
    ) -> None:
        at_a_terminal(monkeypatch, answer)
        said = sound("case", "amend", CASE, *BY, "--from", draft)
        assert said.exit_code == 0
        assert "Record this?" in said.stderr
        assert ("Nothing is recorded." in said.stderr) is (recorded == 2)
        monkeypatch.undo()
        assert str(recorded) in sound("--store", draft.parent / "assent.db", "case", "list", "--format", "csv").stdout

    def test_nobody_is_asked_who_said_yes(self, sound: RunAssent, draft: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        at_a_terminal(monkeypatch, "")
        assert "Record this?" not in sound("case", "amend", CASE, *BY, "--from", draft, "--yes").stderr


class TestRefusals:
    def test_somebody_acted_first(self, sound: RunAssent, draft: Path) -> None:
        assert sound("case", "amend", CASE, *BY, "--set", "form.legal=None.").exit_code == 0
        said = sound("case", "amend", CASE, *BY, "--from", draft, "--yes")
        assert (said.exit_code, said.stdout) == (5, "")
        assert "is at version 3, not 2: somebody acted first" in said.stderr

    def test_a_case_that_was_submitted_is_refused_as_any_amendment_is(self, sound: RunAssent, tmp_path: Path) -> None:
        assert sound("case", "act", CASE, "submit", *BY).exit_code == 0
        late = made(sound, tmp_path / "late.docx", SHORT)
        said = sound("case", "amend", CASE, *BY, "--from", late, "--yes")
        assert said.exit_code == 3
        assert "paper.amended_in_draft" in said.stderr

    @pytest.mark.parametrize(
        ("data", "told"),
        [
            (b"plain text", "bad.docx is not a Word file, or a damaged one\nSave it in Word as .docx."),
            (b"", "bad.docx is not a Word file"),
        ],
    )
    def test_a_file_that_is_none_is_named_with_the_cure(
        self, sound: RunAssent, tmp_path: Path, data: bytes, told: str
    ) -> None:
        (tmp_path / "bad.docx").write_bytes(data)
        said = sound("case", "amend", CASE, *BY, "--from", tmp_path / "bad.docx")
        assert (said.exit_code, said.stdout) == (2, "")
        assert told in said.stderr

    def test_a_case_that_is_mistyped_is_not_said_of_the_file(self, sound: RunAssent, draft: Path) -> None:
        said = sound("case", "amend", "MOPAC-2018-7", *BY, "--from", draft)
        assert said.exit_code == 2
        assert said.stderr.startswith("assent: 'MOPAC-2018-7' is not a case that is known here\n")

    def test_it_does_not_go_with_other_changes(self, sound: RunAssent, draft: Path) -> None:
        said = sound("case", "amend", CASE, *BY, "--from", draft, "--set", "title=x")
        assert said.exit_code == 2
        assert "--from was given with other changes" in said.stderr

    def test_a_file_that_is_too_large_is_not_read(self, sound: RunAssent, draft: Path) -> None:
        draft.write_bytes(draft.read_bytes() + bytes(8_000_000))
        said = sound("case", "amend", CASE, *BY, "--from", draft)
        assert said.exit_code == 2
        assert "a Word file may have 8,000,000" in said.stderr


class TestPart2:
    def test_what_is_edited_in_part_2_is_recorded_there_alone(self, sound: RunAssent, tmp_path: Path) -> None:
        hidden = made(sound, tmp_path / "hidden.docx", SECRET, part=2)
        said = sound("case", "amend", CASE, *BY, "--from", hidden, "--yes", "--format", "json")
        assert said.json["part"] == 2
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
    def test_no_error_says_a_word_of_it(self, sound: RunAssent, tmp_path: Path, spoilt: tuple[str, str]) -> None:
        drawn = tmp_path / "draft.docx"
        assert sound("document", "render", CASE, "decision-form", "--part", "2", "-o", drawn).exit_code == 0
        hidden = tmp_path / "hidden.docx"
        hidden.write_bytes(edit_part(edit_part(drawn.read_bytes(), SECRET), spoilt))
        said: CommandResult = sound("case", "amend", CASE, *BY, "--from", hidden, "--yes")
        assert said.exit_code == 2
        assert "Canary" not in said.stdout + said.stderr
        assert "capital" not in said.stdout + said.stderr


def test_a_draft_saved_again_by_word_is_told_to_be_altered(sound: RunAssent, tmp_path: Path) -> None:
    drawn = tmp_path / "draft.docx"
    assert sound("document", "render", CASE, "decision-form", "-o", drawn).exit_code == 0
    assert sound("document", "verify", drawn).exit_code == 0
    drawn.write_bytes(save_package(read_parts(drawn.read_bytes())))
    said = sound("document", "verify", drawn)
    assert said.exit_code == 7
    assert "carries the imprint of assent" in said.stderr
