"""No argument, file name or altered store can send escape sequences to the terminal, and output fits its width."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import sqlite3
import struct
import sys
import termios
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.end_to_end.conftest import CapturedStream, RunAssent
from tests.plain_run import only_long

CASE = "MOPAC-2018-1"
ESCAPES = "\x1b]0;owned\x07\x9b2J"
AMEND = ("case", "amend", CASE, "--as", "author")
OPEN = ("--scheme", "mopac", "--as", "author")


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CapturedStream, "isatty", lambda _: True)  # click strips styles unless the output is a terminal


def has_no_escapes(text: str) -> bool:
    """Whether a text has no escape sequences but those for bold and coloured text."""
    for style in ("\x1b[0m", "\x1b[1m", "\x1b[31m", "\x1b[32m"):
        text = text.replace(style, "")
    return text.replace("\n", "").isprintable()


@pytest.mark.parametrize(
    "words",
    [
        (ESCAPES,),
        ("case", ESCAPES),
        ("case", "show", CASE, ESCAPES),
        ("case", "show", ESCAPES),
        ("case", "list", "--format", ESCAPES),
        ("case", "list", f"--{ESCAPES}"),
        ("--store", ESCAPES, "case", "list"),
        ("--packs", ESCAPES, "case", "list"),
        ("law", "show", ESCAPES),
        (*AMEND, "--set", f"{ESCAPES}=1", "--set", f"{ESCAPES}=2"),
        (*AMEND, "--unset", ESCAPES),
        ("case", "open", f"{ESCAPES}.yaml", *OPEN),
        ("audit", f"{ESCAPES}.yaml"),
        ("document", "verify", f"{ESCAPES}.yaml"),
        ("document", "render", CASE, "decision-form", "-o", f"{ESCAPES}.yaml"),
    ],
)
def test_a_message_repeats_no_escape_sequence(opened: RunAssent, words: tuple[str, ...]) -> None:
    Path(f"{ESCAPES}.yaml").write_text("public: {titel: x}\n")
    result = opened(*words)
    assert result.exit_code
    assert has_no_escapes(result.stdout + result.stderr), result.stderr


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("NO_COLOR", "0"), ("TERM", "dumb")])
def test_text_is_plain_with_no_color_or_a_dumb_terminal(
    opened: RunAssent, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    words = ("case", "explain", CASE, "submit", "--on", "2018-03-07")
    bold = opened(*words).stdout
    assert "\x1b[1m" in bold
    monkeypatch.setenv("NO_COLOR", "")
    assert opened(*words).stdout == bold
    monkeypatch.setenv(name, value)
    plain = opened(*words).stdout
    assert "\x1b" not in plain
    assert "foia.public_interest_test" in plain


def test_a_result_prints_no_escape_sequence_of_a_file_name(assent: RunAssent) -> None:
    for words in (("init",), ("doctor",)):
        result = assent("--store", f"{ESCAPES}.db", *words)
        assert has_no_escapes(result.stdout + result.stderr), result.stdout


def test_an_altered_store_prints_no_escape_sequence(opened: RunAssent) -> None:
    with closing(sqlite3.connect("assent.db")) as store, store:
        store.execute("UPDATE case_view SET title = ?", (f"Title {ESCAPES}",))
        store.execute("UPDATE ledger SET officer = ?", (f"Officer {ESCAPES}",))
    for words in (("case", "list"), ("case", "history", CASE), ("ledger", "verify")):
        result = opened(*words)
        assert has_no_escapes(result.stdout + result.stderr), result.stdout


def test_the_name_of_a_verified_file_cannot_forge_a_line(office: RunAssent, tmp_path: Path) -> None:
    (tmp_path / "a\nhead  of another").write_text("x", encoding="utf-8")
    result = office("document", "verify", "a\nhead  of another")
    assert result.exit_code == 7
    assert "a?head  of another is not a document of assent" in result.stderr


def test_a_link_to_itself_is_reported(sound: RunAssent, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    result = sound("document", "render", CASE, "decision-form", "--to", "html", "-o", "loop/x.html")
    assert result.exit_code == 8
    assert "loop/x.html could not be" in result.stderr


TABLE_COMMANDS = [
    ("law", "list"),
    ("law", "calendar"),
    ("scheme", "list"),
    ("scheme", "show", "mopac"),
    ("officer", "list"),
    ("case", "list"),
    ("case", "next", CASE, "--on", "2018-03-07"),
    ("case", "show", CASE, "--part", "2"),
    ("case", "history", CASE),
    ("case", "explain", CASE, "submit", "--on", "2018-03-07", "--all"),
    ("document", "list", CASE),
    ("review", "due", "--by", "2023-03-31"),
    ("audit", CASE, "--as-of", "2018-03-07"),
]
SLOW_TABLE_COMMANDS = [("law", "check"), ("doctor",)]
"""These are shown on the narrowest terminal alone, where most of a table has to be broken."""


def without_styles(text: str) -> str:
    return re.sub(r"\x1b\[\d*m", "", text)


@pytest.mark.parametrize("columns", only_long(60, 80, 132))
def test_output_fits_the_terminal_and_loses_no_word(
    opened: RunAssent, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    for words in [*TABLE_COMMANDS, *(SLOW_TABLE_COMMANDS if columns == 60 else [])]:
        on_terminal = without_styles(opened(*words).stdout)
        assert max(map(len, on_terminal.splitlines())) <= columns, words
        with monkeypatch.context() as elsewhere:
            elsewhere.setattr(CapturedStream, "isatty", lambda _: False)
            in_a_file = opened(*words).stdout
        pieces = "".join(on_terminal.split())
        lost = [word for word in in_a_file.splitlines()[-1].split() if word not in pieces and word != "–"]
        assert lost == [], words


@pytest.mark.parametrize("columns", [60, 80, 132])
def test_cells_stay_below_their_headings_on_narrow_terminals(
    opened: RunAssent, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    listed = without_styles(opened("law", "list", "--kind", "value").stdout).splitlines()
    below = 0 if "From" in listed[0] else 1  # a row that does not fit goes on in a second line
    place = listed[below].index("From")
    rows = [number for number, line in enumerate(listed) if line.startswith("foia.")]
    days = {listed[row + below][place : place + 10] for row in rows}
    assert days == {"2005-01-01"}
    assert "From:" not in "".join(listed)


def test_a_very_narrow_terminal_is_treated_as_60_columns(opened: RunAssent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    narrow = opened("case", "list").stdout
    monkeypatch.setenv("COLUMNS", "60")
    assert opened("case", "list").stdout == narrow


def test_without_a_terminal_every_row_keeps_its_columns(opened: RunAssent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CapturedStream, "isatty", lambda _: False)
    monkeypatch.setenv("COLUMNS", "80")
    head, *rows = opened("law", "list", "--kind", "value").stdout.splitlines()
    assert all(row.index("2005-01-01") == head.index("From") for row in rows if row.startswith("foia."))
    assert max(map(len, rows)) > 80


def test_without_a_terminal_the_history_has_what_was_recorded_below_its_row(
    opened: RunAssent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CapturedStream, "isatty", lambda _: False)
    head, below, row, recorded = opened("case", "history", CASE).stdout.splitlines()
    assert (below.strip(), row.index("opened")) == ("Recorded", head.index("Event"))
    assert (recorded.strip().startswith("recorded "), recorded.index("recorded")) == (True, below.index("Recorded"))


def test_the_width_of_a_real_terminal_is_used(office: RunAssent) -> None:
    """Run one command on a pseudo-terminal of 80 columns, without COLUMNS."""
    assert office("ledger", "head").exit_code == 0
    process, terminal = pty.fork()
    if not process:
        environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
        os.execve(sys.executable, [sys.executable, "-m", "cli", "scheme", "show", "mopac"], environment)  # noqa: S606
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    printed = b""
    with suppress(OSError):  # raised when the process ends and closes its side
        while more := os.read(terminal, 65536):
            printed += more
    os.close(terminal)
    assert os.waitpid(process, 0)[1] == 0
    lines = without_styles(printed.decode()).splitlines()
    assert "MPS Portfolio &  pib-support" in "\n".join(lines)
    assert 70 < max(map(len, lines)) <= 80
