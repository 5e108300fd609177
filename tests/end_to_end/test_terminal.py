"""What was typed, the name of a file, or a store that was altered never speaks to the terminal."""

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

CASE = "MOPAC-2018-1"
ORDER = "\x1b]0;owned\x07\x9b2J"
AMEND = ("case", "amend", CASE, "--as", "author")
OPEN = ("--scheme", "mopac", "--as", "author")


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CapturedStream, "isatty", lambda _: True)  # click lets orders through to a terminal only


def is_harmless(text: str) -> bool:
    """Whether a text gives a terminal no order but those for bold and coloured letters."""
    for style in ("\x1b[0m", "\x1b[1m", "\x1b[31m", "\x1b[32m"):
        text = text.replace(style, "")
    return text.replace("\n", "").isprintable()


@pytest.mark.parametrize(
    "words",
    [
        (ORDER,),
        ("case", ORDER),
        ("case", "show", CASE, ORDER),
        ("case", "show", ORDER),
        ("case", "list", "--format", ORDER),
        ("case", "list", f"--{ORDER}"),
        ("--store", ORDER, "case", "list"),
        ("--packs", ORDER, "case", "list"),
        ("law", "show", ORDER),
        (*AMEND, "--set", f"{ORDER}=1", "--set", f"{ORDER}=2"),
        (*AMEND, "--unset", ORDER),
        ("case", "open", f"{ORDER}.yaml", *OPEN),
        ("audit", f"{ORDER}.yaml"),
        ("document", "verify", f"{ORDER}.yaml"),
        ("document", "render", CASE, "decision-form", "-o", f"{ORDER}.yaml"),
    ],
)
def test_a_message_repeats_no_order_to_the_terminal(opened: RunAssent, words: tuple[str, ...]) -> None:
    Path(f"{ORDER}.yaml").write_text("public: {titel: x}\n")
    said = opened(*words)
    assert said.exit_code
    assert is_harmless(said.stdout + said.stderr), said.stderr


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("NO_COLOR", "0"), ("TERM", "dumb")])
def test_letters_are_plain_where_the_reader_asks_for_it(
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


def test_nor_does_an_answer(assent: RunAssent) -> None:
    for words in (("init",), ("doctor",)):
        said = assent("--store", f"{ORDER}.db", *words)
        assert is_harmless(said.stdout + said.stderr), said.stdout


def test_nor_does_a_store_that_was_altered(opened: RunAssent) -> None:
    with closing(sqlite3.connect("assent.db")) as store, store:
        store.execute("UPDATE case_view SET title = ?", (f"Title {ORDER}",))
        store.execute("UPDATE ledger SET officer = ?", (f"Officer {ORDER}",))
    for words in (("case", "list"), ("case", "history", CASE), ("ledger", "verify")):
        said = opened(*words)
        assert is_harmless(said.stdout + said.stderr), said.stdout


def test_a_file_that_is_verified_cannot_forge_a_line_by_its_name(office: RunAssent, tmp_path: Path) -> None:
    (tmp_path / "a\nhead  of another").write_text("x", encoding="utf-8")
    said = office("document", "verify", "a\nhead  of another")
    assert said.exit_code == 7
    assert "a?head  of another is not a document of assent" in said.stderr


def test_a_place_that_leads_back_to_itself_is_told_as_such(sound: RunAssent, tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    said = sound("document", "render", CASE, "decision-form", "--to", "html", "-o", "loop/x.html")
    assert said.exit_code == 8
    assert "loop/x.html could not be" in said.stderr


LISTED = [
    ("law", "list"),
    ("law", "calendar"),
    ("law", "check"),
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
    ("doctor",),
]


def plainly(text: str) -> str:
    return re.sub(r"\x1b\[\d*m", "", text)


@pytest.mark.parametrize("columns", [60, 80, 132])
def test_what_is_shown_fits_the_terminal_and_loses_no_word(
    opened: RunAssent, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    for words in LISTED:
        on_terminal = plainly(opened(*words).stdout)
        assert max(map(len, on_terminal.splitlines())) <= columns, words
        with monkeypatch.context() as elsewhere:
            elsewhere.setattr(CapturedStream, "isatty", lambda _: False)
            in_a_file = opened(*words).stdout
        pieces = "".join(on_terminal.split())
        lost = [word for word in in_a_file.splitlines()[-1].split() if word not in pieces and word != "–"]
        assert lost == [], words


@pytest.mark.parametrize("columns", [60, 80, 132])
def test_what_is_listed_stands_below_its_headings_however_narrow_the_terminal(
    opened: RunAssent, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    listed = plainly(opened("law", "list", "--kind", "value").stdout).splitlines()
    place = listed[0].index("From")
    days = {line[place : place + 10] for line in listed if line.startswith("foia.")}
    assert days == {"2005-01-01"}
    assert "From:" not in "".join(listed)


def test_a_terminal_that_is_too_narrow_to_read_on_is_taken_to_be_wider(
    opened: RunAssent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    narrow = opened("case", "list").stdout
    monkeypatch.setenv("COLUMNS", "60")
    assert opened("case", "list").stdout == narrow


def test_what_is_no_terminal_gets_every_row_in_its_columns(opened: RunAssent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CapturedStream, "isatty", lambda _: False)
    monkeypatch.setenv("COLUMNS", "80")
    head, *rows = opened("case", "history", CASE).stdout.splitlines()
    assert len(rows) == 1
    assert rows[0].index("opened") == head.index("Event")
    assert len(rows[0]) > 80


def test_the_width_is_that_of_a_real_terminal(office: RunAssent) -> None:
    """One command is run on a terminal of 80 columns of its own; nothing tells it the width but the terminal."""
    assert office("ledger", "head").exit_code == 0
    process, terminal = pty.fork()
    if not process:
        environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
        os.execve(sys.executable, [sys.executable, "-m", "cli", "scheme", "show", "mopac"], environment)  # noqa: S606
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    said = b""
    with suppress(OSError):  # the other end is closed
        while more := os.read(terminal, 65536):
            said += more
    os.close(terminal)
    assert os.waitpid(process, 0)[1] == 0
    lines = plainly(said.decode()).splitlines()
    assert "MPS Portfolio &  pib-support" in "\n".join(lines)
    assert 70 < max(map(len, lines)) <= 80
