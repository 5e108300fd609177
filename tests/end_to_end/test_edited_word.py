"""`assent case amend --from`: what was edited in Word is shown, and recorded when somebody says so."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from decisions.output.word.package import parts_of
from tests.decisions.output.word.office import by_word, edited, saved
from tests.end_to_end.conftest import Assent, Said, Stream

CASE = "MOPAC-2018-1"
BY = ("--as", "author", "--on", "2018-03-07")
SHORT = ("Money is limited.", "Money is short.")
SECRET = ("Illustrative text: capital", "Canary-Heron: capital")


@pytest.fixture
def draft(sound: Assent, tmp_path: Path) -> Path:
    """A draft that somebody edited in Word."""
    return made(sound, tmp_path / "edited.docx", SHORT)


def made(assent: Assent, place: Path, *changes: tuple[str, str], part: int = 1) -> Path:
    drawn = place.with_name("draft.docx")
    said = assent("document", "render", CASE, "decision-form", "--part", part, "-o", drawn)
    assert said.code == 0, said.err
    place.write_bytes(by_word(edited(drawn.read_bytes(), *changes)))
    return place


def version(assent: Assent) -> int:
    found: int = assent("case", "show", CASE, "--format", "json").json["version"]
    return found


def at_a_terminal(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    monkeypatch.setattr(Stream, "isatty", lambda _: True)
    monkeypatch.setattr(sys, "stdin", Stream(answer))


class TestWithoutATerminal:
    def test_it_is_shown_and_nothing_is_recorded(self, sound: Assent, draft: Path) -> None:
        said = sound("case", "amend", CASE, *BY, "--from", draft)
        assert said.code == 0
        assert "executive_summary  Executive summary" in said.out
        assert re.search(r"^  -  .*Money is limited\.", said.out, re.MULTILINE | re.DOTALL)
        assert "Nothing is recorded. To record it, say --yes." in said.err
        assert version(sound) == 2

    def test_with_yes_it_is_recorded_with_the_receipt_of_any_amendment(self, sound: Assent, draft: Path) -> None:
        said = sound("case", "amend", CASE, *BY, "--from", draft, "--yes")
        assert (said.code, said.err) == (0, "")
        assert re.search(r"^version +3\nevent +amend\nseal +[0-9a-f]{64}$", said.out, re.MULTILINE)
        facts = sound("case", "show", CASE, "--format", "json").json["facts"]
        assert "Money is short." in str(facts["executive_summary"])

    def test_json_tells_the_same_alone(self, sound: Assent, draft: Path) -> None:
        shown = sound("case", "amend", CASE, *BY, "--from", draft, "--format", "json")
        assert (shown.json["recorded"], shown.json["version"], shown.json["elsewhere"]) == (False, 2, [])
        [change] = shown.json["changes"]
        assert change["fact"] == "executive_summary"
        assert change["after"] == change["before"].replace(*SHORT)
        done = sound("case", "amend", CASE, *BY, "--from", draft, "--yes", "--format", "json").json
        assert {"case", "version", "event", "seal"} <= done.keys()
        assert (done["recorded"], done["version"], done["changes"]) == (True, 3, [change])

    def test_what_says_the_same_is_not_recorded(self, sound: Assent, tmp_path: Path) -> None:
        same = made(sound, tmp_path / "same.docx")
        said = sound("case", "amend", CASE, *BY, "--from", same, "--yes")
        assert "It says what the paper says; there is nothing to record." in said.out
        assert version(sound) == 2

    def test_what_is_changed_elsewhere_is_told(self, sound: Assent, tmp_path: Path) -> None:
        other = made(sound, tmp_path / "other.docx", SHORT, ("Request for a decision", "Plea for a decision"))
        said = sound("case", "amend", CASE, *BY, "--from", other, "--yes")
        assert "Changed outside the texts that can be read back; nothing is recorded of this:" in said.out
        assert said.code == 0


class TestAtATerminal:
    @pytest.mark.parametrize(("answer", "recorded"), [("y\n", 3), ("n\n", 2), ("\n", 2)])
    def test_somebody_is_asked(
        self, sound: Assent, draft: Path, monkeypatch: pytest.MonkeyPatch, answer: str, recorded: int
    ) -> None:
        at_a_terminal(monkeypatch, answer)
        said = sound("case", "amend", CASE, *BY, "--from", draft)
        assert said.code == 0
        assert "Record this?" in said.err
        assert ("Nothing is recorded." in said.err) is (recorded == 2)
        monkeypatch.undo()
        assert str(recorded) in sound("--store", draft.parent / "assent.db", "case", "list", "--format", "csv").out

    def test_nobody_is_asked_who_said_yes(self, sound: Assent, draft: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        at_a_terminal(monkeypatch, "")
        assert "Record this?" not in sound("case", "amend", CASE, *BY, "--from", draft, "--yes").err


class TestRefusals:
    def test_somebody_acted_first(self, sound: Assent, draft: Path) -> None:
        assert sound("case", "amend", CASE, *BY, "--set", "form.legal=None.").code == 0
        said = sound("case", "amend", CASE, *BY, "--from", draft, "--yes")
        assert (said.code, said.out) == (5, "")
        assert "is at version 3, not 2: somebody acted first" in said.err

    def test_a_case_that_was_submitted_is_refused_as_any_amendment_is(self, sound: Assent, tmp_path: Path) -> None:
        assert sound("case", "act", CASE, "submit", *BY).code == 0
        late = made(sound, tmp_path / "late.docx", SHORT)
        said = sound("case", "amend", CASE, *BY, "--from", late, "--yes")
        assert said.code == 3
        assert "paper.amended_in_draft" in said.err

    @pytest.mark.parametrize(
        ("data", "told"),
        [
            (b"plain text", "bad.docx is not a Word file, or a damaged one\nSave it in Word as .docx."),
            (b"", "bad.docx is not a Word file"),
        ],
    )
    def test_a_file_that_is_none_is_named_with_the_cure(
        self, sound: Assent, tmp_path: Path, data: bytes, told: str
    ) -> None:
        (tmp_path / "bad.docx").write_bytes(data)
        said = sound("case", "amend", CASE, *BY, "--from", tmp_path / "bad.docx")
        assert (said.code, said.out) == (2, "")
        assert told in said.err

    def test_a_case_that_is_mistyped_is_not_said_of_the_file(self, sound: Assent, draft: Path) -> None:
        said = sound("case", "amend", "MOPAC-2018-7", *BY, "--from", draft)
        assert said.code == 2
        assert said.err.startswith("assent: 'MOPAC-2018-7' is not a case that is known here\n")

    def test_it_does_not_go_with_other_changes(self, sound: Assent, draft: Path) -> None:
        said = sound("case", "amend", CASE, *BY, "--from", draft, "--set", "title=x")
        assert said.code == 2
        assert "--from was given with other changes" in said.err

    def test_a_file_that_is_too_large_is_not_read(self, sound: Assent, draft: Path) -> None:
        draft.write_bytes(draft.read_bytes() + bytes(8_000_000))
        said = sound("case", "amend", CASE, *BY, "--from", draft)
        assert said.code == 2
        assert "a Word file may have 8,000,000" in said.err


class TestPart2:
    def test_what_is_edited_in_part_2_is_recorded_there_alone(self, sound: Assent, tmp_path: Path) -> None:
        hidden = made(sound, tmp_path / "hidden.docx", SECRET, part=2)
        said = sound("case", "amend", CASE, *BY, "--from", hidden, "--yes", "--format", "json")
        assert said.json["part"] == 2
        assert "Canary" not in sound("case", "show", CASE, "--format", "json").out
        assert "Canary" in sound("case", "show", CASE, "--part", "2", "--format", "json").out
        public = tmp_path / "public.docx"
        assert sound("document", "render", CASE, "decision-form", "-o", public).code == 0
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
    def test_no_error_says_a_word_of_it(self, sound: Assent, tmp_path: Path, spoilt: tuple[str, str]) -> None:
        drawn = tmp_path / "draft.docx"
        assert sound("document", "render", CASE, "decision-form", "--part", "2", "-o", drawn).code == 0
        hidden = tmp_path / "hidden.docx"
        hidden.write_bytes(edited(edited(drawn.read_bytes(), SECRET), spoilt))
        said: Said = sound("case", "amend", CASE, *BY, "--from", hidden, "--yes")
        assert said.code == 2
        assert "Canary" not in said.out + said.err
        assert "capital" not in said.out + said.err


def test_a_draft_saved_again_by_word_is_told_to_be_altered(sound: Assent, tmp_path: Path) -> None:
    drawn = tmp_path / "draft.docx"
    assert sound("document", "render", CASE, "decision-form", "-o", drawn).code == 0
    assert sound("document", "verify", drawn).code == 0
    drawn.write_bytes(saved(parts_of(drawn.read_bytes())))
    said = sound("document", "verify", drawn)
    assert said.code == 7
    assert "carries the imprint of assent" in said.err
