"""Answers from files and from standard input, so that long and confidential ones stand on no command line."""

from __future__ import annotations

import io
import os
import subprocess
from pathlib import Path

import pytest

from tests.end_to_end.conftest import RunAssent, run_or_fail
from tests.end_to_end.pseudo_terminal import ASSENT

CASE = "MOPAC-2018-1"
AMEND = ("case", "amend", CASE, "--as", "author", "--on", "2018-03-07")
CONFIDENTIAL = "Zebra crossing prices are still being agreed."
RATIONALE = "exemption:s43.rationale"
ANSWER = Path("answer.txt")


def type_into(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    """Let a command read bytes from standard input."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))


def facts(part: int = 1) -> dict[str, str]:
    view = run_or_fail("case", "show", CASE, "--part", part, "--format", "json").json
    shown: dict[str, str] = {**view["facts"], **view.get("exempt", {})} if part > 1 else view["facts"]
    return shown


def test_a_long_text_is_taken_from_a_file_as_it_stands(opened: RunAssent) -> None:
    text = "\n\n".join(f'Paragraph {number}: with a colon, "quotes" and ½ a tab\t.' for number in range(200))
    ANSWER.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode() + b"\r\n")
    assert opened(*AMEND, "--file", f"form.legal={ANSWER}").exit_code == 0
    assert facts()["form.legal"] == text


def test_an_answer_for_part_2_from_a_file_or_standard_input_is_printed_nowhere(
    opened: RunAssent, monkeypatch: pytest.MonkeyPatch
) -> None:
    ANSWER.write_text(CONFIDENTIAL)
    type_into(monkeypatch, f"{CONFIDENTIAL} Again.\n".encode())
    for path in (ANSWER, "-"):
        result = opened(*AMEND, "--file-exempt", f"{RATIONALE}={path}")
        assert result.exit_code == 0
        assert "Zebra" not in result.stdout + result.stderr
        assert "others on this machine" not in result.stderr
    assert "Zebra" not in str(facts())
    assert f"{CONFIDENTIAL} Again." in opened("case", "show", CASE, "--part", "2").stdout.replace("\n", " ")


def test_an_answer_for_part_2_on_the_command_line_is_warned_of_once(opened: RunAssent) -> None:
    options = (
        "--set-exempt",
        f"{RATIONALE}={CONFIDENTIAL}",
        "--set-exempt",
        "exemption:s43.whose_interest=The supplier",
    )
    result = opened(*AMEND, *options)
    assert result.exit_code == 0
    assert result.stderr.count("Warning: others on this machine") == 1
    assert "--file-exempt FACT=FILE" in result.stderr
    assert "Zebra" not in result.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("case", "amend", CASE, "--as", "author"),
        ("case", "act", CASE, "submit", "--as", "author"),
        ("case", "correct", CASE, "--as", "author", "--reason", "A word."),
        ("case", "new", "--scheme", "mopac"),
        ("review", "record", CASE, "--of", "exemption:s43", "--outcome", "extend", "--as", "author"),
    ],
)
@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--file", "title=nothing.txt"), "nothing.txt could not be read"),
        (("--file", "title="), "--file names no file"),
        (("--file", "title"), "value 1 of --file is not FACT=VALUE"),
        (("--file", "title=latin.txt"), "latin.txt is not UTF-8 text"),
        (("--file", "title=huge.txt"), "huge.txt is too large"),
        (("--file", "title=latin.txt", "--set", "title=A"), "--set and --file give the same fact"),
        (("--file", "title=-", "--file", "author=-"), "standard input (-) can give one answer only"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_every_command(
    opened: RunAssent, command: tuple[str, ...], options: tuple[str, ...], message: str
) -> None:
    Path("latin.txt").write_bytes("Café".encode("latin-1"))
    Path("huge.txt").write_text("a" * 130_000)
    result = opened(*command, *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_no_error_repeats_a_confidential_answer_from_a_file(opened: RunAssent) -> None:
    ANSWER.write_text("Zebra")
    result = opened(*AMEND, "--file-exempt", f"estimated_value={ANSWER}")
    assert result.exit_code == 2
    assert "Zebra" not in result.stdout + result.stderr


def test_a_new_paper_keeps_confidential_answers_in_part_2(assent: RunAssent) -> None:
    ANSWER.write_text(CONFIDENTIAL)
    result = assent(
        *("case", "new", "--scheme", "mopac", "--on", "2024-03-04", "--set", "part_2.exists=yes", "-o", "p.yaml"),
        *("--file-exempt", f"confidential.financial={ANSWER}"),
    )
    assert result.exit_code == 0
    assert "Zebra" not in result.stdout + result.stderr
    assert CONFIDENTIAL in Path("p.yaml").read_text().partition("\nexempt:")[2]


def test_options_of_a_new_paper_are_completed() -> None:
    environment = {**os.environ, "_ASSENT_COMPLETE": "bash_complete"}
    environment |= {"COMP_WORDS": "assent case new --in", "COMP_CWORD": "3"}
    completed = subprocess.run([ASSENT], env=environment, check=False, capture_output=True, text=True)
    assert "--interview" in completed.stdout
