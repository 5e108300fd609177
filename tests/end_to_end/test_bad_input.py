"""Bad input gets a clear error that names the place, exit code 2, and nothing is written."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from rules.packs.library import SHIPPED_FOLDER
from tests.docs.pages import run_shell
from tests.end_to_end.conftest import PAPER, RunAssent
from tests.plain_run import only_long

CASE = "MOPAC-2018-1"
EXEMPT = "exemption:s43.public_interest"
OPEN = ("--scheme", "mopac", "--as", "author", "--on", "2018-03-07")


def write_paper(text: str) -> Path:
    Path("paper.yaml").write_text(text)
    return Path("paper.yaml")


@pytest.mark.parametrize(
    ("paper", "place"),
    [
        ("public: {title: x\n", "paper.yaml:2"),
        ("public:\n  title: x\n  title: y\n", "paper.yaml:3: public.title: is given twice"),
        ("public:\n  titel: x\n", "paper.yaml:2: public.titel"),
        ("public:\n  required_by: 2018-02-30\n", "paper.yaml:2: public.required_by: 2018-02-30 is not a day"),
        ("public:\n  required_by: soon\n", "paper.yaml:2: public.required_by"),
        ("public: {}\nexempt:\n  estimated_value: £500,00 ex VAT\n", "paper.yaml:3: exempt.estimated_value"),
        ("public: {}\nexempt:\n  estimated_value: NaN\n", "paper.yaml:3: exempt.estimated_value"),
        ("public: {}\nexempt:\n  estimated_value: -5 ex VAT\n", "paper.yaml:3: exempt.estimated_value"),
        ("public: {}\nexempt:\n  estimated_value: £1.4\n", "must be an amount, such as £1.4m"),
        ("public: {}\nexempt:\n  estimated_value: 500000.5\n", "paper.yaml:3: exempt.estimated_value"),
        ("public:\n  deferral.asked: perhaps\n", "Write yes or no"),
        ("public:\n  pib.outcome: supported\n", "paper.yaml:2: public.pib.outcome: is not stated in a paper"),
        ("public:\n  decided_on: 2018-04-16\n", "paper.yaml:2: public.decided_on: is not stated in a paper"),
        ("secret: {}\n", "paper.yaml:1: secret: is not a key of a paper"),
        ("- title\n", "must be a mapping"),
        ("", "is empty"),
        ("public: {title: &a x, author: *a}\n", "aliases are not allowed"),
        ("public: {title: !!python/object:os.system x}\n", "tags"),
        ("public:\n  exemption: {s43: {section: s99}}\n", "paper.yaml:2: public.exemption.s43.section"),
        ("public:\n  exemption: {'bad key!': {section: s43}}\n", "paper.yaml:2"),
        ("public: " + "[" * 5_000 + "\n", "is nested more than 16 levels deep"),
        ("public: {title: '" + "x" * 600_000 + "'}\n", "bytes"),
    ],
)
def test_a_faulty_paper_is_refused_with_its_place_and_nothing_is_written(
    office: RunAssent, paper: str, place: str
) -> None:
    before = office("ledger", "head").stdout
    result = office("case", "open", write_paper(paper), *OPEN)
    assert result.exit_code == 2, result.stderr
    assert place in result.stderr
    assert office("ledger", "head").stdout == before


def test_every_fault_of_a_paper_is_listed_at_once(office: RunAssent) -> None:
    result = office(
        "case", "open", write_paper("public:\n  titel: x\n  required_by: 2018-02-30\n  deferral.asked: 5\n"), *OPEN
    )
    assert re.findall(r"paper\.yaml:(\d+)", result.stderr) == ["2", "3", "4"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("case", "show", "MOPAC-2018-9"), "is not a case that is known here"),
        (("case", "show", "MOPAC-2018-2"), "Did you mean MOPAC-2018-1?"),
        (("case", "next", CASE, "--on", "2018-02-30"), "assent: --on: 2018-02-30 is not a day"),
        (("case", "next", CASE, "--on", ""), "assent: --on: '' is not a day"),
        (("review", "due", "--by", "30/3"), "assent: --by: '30/3' is not a day"),
        (("audit", CASE, "--as-of", ""), "assent: --as-of: '' is not a day"),
        (("law", "calendar", "--by", "2018-02-30", "--on", "2018-02-28"), "assent: --by: 2018-02-30 is not a day"),
        (("case", "next", CASE, "--on", "07/03/18"), "Write the year in four figures"),
        (("case", "next", CASE, "--on", "2199-01-01"), "has not come"),
        (("case", "act", CASE, "submt", "--as", "author"), "Did you mean submit?"),
        (("case", "explain", CASE, ""), "'' is not an action of mopac"),
        (("officer", "add", "Rosa Lee", "--role", ""), "no scheme has the role ''"),
        (("officer", "add", "Rosa Lee", "--role", "author", "--scheme", ""), "'' is not a scheme that is known here"),
        (("officer", "add", "Rosa Lee", "--role", "author", "--as", ""), "--as is empty"),
        (("document", "render", CASE, "decision-form", "--to", "html", "--as", " "), "--as is empty"),
        (("case", "act", CASE, "submit", "--as", ""), "--as is empty"),
        (("case", "act", CASE, "submit", "--as", "auhtor"), "Did you mean author?"),
        (("case", "act", CASE, "submit", "--as", "author", "--on", "2018-03-06"), "before the last act"),
        (("case", "act", CASE, "submit", "--as", "author", "--set", "title=x"), "does not ask for 'title'"),
        (("case", "act", CASE, "withdraw", "--as", "author", "--set", "send_back.raeson=x"), "send_back.reason"),
        (("case", "act", CASE, "withdraw", "--as", "author", "--set", "send_back.reason"), "is not FACT=VALUE"),
        (("case", "amend", CASE, "--as", "author"), "you did not say what to change"),
        (("case", "amend", CASE, "--as", "author", "--set", "required_by=2018-02-30"), "2018-02-30 is not a day"),
        (("case", "amend", CASE, "--as", "author", "--set", "deferral.asked=perhaps"), "neither yes nor no"),
        (("case", "amend", CASE, "--as", "author", "--set", "pib.outcome=supported"), "is not stated in a paper"),
        (("case", "amend", CASE, "--as", "author", "--set", "a=1", "--set", "a=2"), "--set gives a twice"),
        (("case", "amend", CASE, "--as", "author", "--unset", "deferral.until"), "cannot be taken out"),
        (
            ("case", "amend", CASE, "--as", "author", "--set-exempt", "estimated_value=£5.5"),
            "must be an amount, such as £1.4m",
        ),
        (("case", "open", PAPER, "--scheme", "mopca", "--as", "author"), "Did you mean mopac?"),
        (("case", "explain", CASE, "submit", "--what-if", "requird_by=2018-03-29"), "Did you mean required_by?"),
        (("officer", "add", "X", "--role", "authr", "--scheme", "mopac"), "Did you mean author?"),
        (("officer", "add", "author", "--role", "author", "--scheme", "mopac"), "already"),
        (("officer", "add", "…", "--role", "author", "--scheme", "mopac"), "is not a name"),
        (("document", "render", CASE, "decison-form"), "Did you mean decision-form?"),
        (("document", "render", CASE, "iab-report", "--part", "2"), "no Part 2"),
        (("scheme", "show", "mopc"), "Did you mean mopac?"),
        (("officer", "add", " ", "--role", "author", "--scheme", "mopac"), "needs a name"),
        (("case", "act", CASE, "submit"), "Missing option '--as'.\nTo see what you can give: assent officer list"),
        (("case", "amend", CASE, "--set", "title=x"), "Missing option '--as'"),
        (("case", "open", PAPER, "--scheme", "mopac"), "Missing option '--as'"),
        (("review", "record", CASE, "--of", "exemption:s43", "--outcome", "extend"), "Missing option '--as'"),
        (("case", "show", CASE, "--part", "two"), "is not a valid whole number"),
        (("case", "act", CASE, "submit", "--as", "author", "--expect-version", "1.5"), "is not a valid whole number"),
        (("csae", "list"), "assent: there is no command 'csae'\nDid you mean case?"),
        (("case", "lst"), "assent: there is no command 'case lst'\nDid you mean list?"),
        (("law", "shw"), "assent: there is no command 'law shw'\nDid you mean show?"),
        (("next", CASE), "assent: there is no command 'next'\nDid you mean assent case next?"),
        (("case", "render", CASE), "assent: there is no command 'case render'\nDid you mean assent document render?"),
        (("list",), "assent: there is no command 'list'\nThere are: demo, init"),
        (("case", "new"), "Missing option '--scheme'.\nTo see what you can give: assent scheme list"),
        (("case", "list", "--store", "x.db"), "Put it before the command: assent --store … case list"),
        (("ledger", "head", "--packs", "x"), "Put it before the command: assent --packs … ledger head"),
        (("case", "list", "--formt", "csv"), "Did you mean '--format'?\nSee: assent case list --help"),
        (("case", "open", PAPER, "--scheme", "mopac", "--as", "author", "--expect-version", "5"), "has no version yet"),
        (
            ("case", "act", CASE, "withdraw", "--as", "author", "--set", "a=1", "--set", "send_back.reason:\x1bNo"),
            "value 2 of --set is not FACT=VALUE\nWrite: --set FACT='the value'",
        ),
        (("case", "explain", CASE, "--what-if", "required_by"), "value 1 of --what-if is not FACT=VALUE"),
    ],
)
def test_a_typing_mistake_is_refused_with_advice_and_nothing_is_written(
    opened: RunAssent, words: tuple[object, ...], message: str
) -> None:
    before = opened("ledger", "head").stdout
    result = opened(*words)
    assert result.exit_code == 2, result.stderr
    assert message in result.stderr
    assert opened("ledger", "head").stdout == before


COMMANDS_WITH_A_FILE = [
    ("case", "open", "FILE", *OPEN),
    ("case", "amend", CASE, "FILE", "--as", "author"),
    ("case", "amend", CASE, "--from", "FILE", "--as", "author"),
    ("document", "verify", "FILE"),
]


@pytest.mark.parametrize("words", COMMANDS_WITH_A_FILE)
@pytest.mark.parametrize(
    ("path", "message"),
    [("gone.yaml", "gone.yaml could not be read: No such file or directory"), (".", ". is a folder, not a file")],
)
def test_a_missing_file_gets_the_same_message_from_every_command(
    opened: RunAssent, words: tuple[str, ...], path: str, message: str
) -> None:
    result = opened(*(path if word == "FILE" else word for word in words))
    assert result.exit_code == 2
    assert result.stderr == f"assent: {message}\nCheck the file name and the folder you are in.\n"


@pytest.mark.parametrize("step", ["stat", "read_bytes"], ids=["folder without permission", "file without permission"])
def test_a_file_without_read_permission_is_reported(
    opened: RunAssent, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    write_paper("x")
    original = getattr(Path, step)

    def deny(path: Path, **options: bool) -> object:  # root may read any file
        if path.name == "paper.yaml":
            raise PermissionError(13, "Permission denied")
        return original(path, **options)

    monkeypatch.setattr(Path, step, deny)
    for words in (*COMMANDS_WITH_A_FILE, ("audit", "FILE")):
        result = opened(*("paper.yaml" if word == "FILE" else word for word in words))
        assert (result.exit_code, result.stderr.splitlines()[0]) == (
            2,
            "assent: you do not have permission to read paper.yaml",
        )


def test_a_named_file_is_examined_once(opened: RunAssent, monkeypatch: pytest.MonkeyPatch) -> None:
    examined = []
    stat = Path.stat

    def count(path: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        examined.append(path.name)
        return stat(path, follow_symlinks=follow_symlinks)

    write_paper("x")
    monkeypatch.setattr(Path, "stat", count)
    for words in COMMANDS_WITH_A_FILE:
        examined.clear()
        opened(*("paper.yaml" if word == "FILE" else word for word in words))
        assert examined.count("paper.yaml") == 1, words


@pytest.mark.parametrize("words", [(CASE, "decision-form", "--to", "html"), ("--all", "--jobs", "1")])
def test_an_output_folder_without_permission_is_reported(
    sound: RunAssent, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    stat = os.stat

    def deny(path: str | Path, **options: bool) -> os.stat_result:  # root may look anywhere
        if "closed" in str(path):
            raise PermissionError(13, "Permission denied")
        return stat(path, **options)

    for name in ("stat", "lstat"):
        monkeypatch.setattr(os, name, deny)
    result = sound("document", "render", *words, "-o", "closed/x.html")
    assert result.exit_code == 8
    assert "could not be written: Permission denied\nChoose another place with -o." in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("document", "render", CASE, "decision-form", "--to", "html"),
        ("document", "render", "--all", "--jobs", "1"),
        ("audit", "--all", "--format", "html"),
    ],
)
def test_a_document_cannot_be_written_to_standard_output(
    opened: RunAssent, tmp_path: Path, words: tuple[str, ...]
) -> None:
    result = opened(*words, "-o", "-")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "cannot be written to standard output" in result.stderr
    assert "Name a file or folder with -o" in result.stderr
    assert not (tmp_path / "-").exists()


@pytest.mark.parametrize(
    ("head", "message"),
    [
        (
            "scheme: mopca\nstage: published\n",
            "'mopca' is not a scheme that is known here. Did you mean mopac?",
        ),
        ("scheme: mopac\nstage: publshed\n", "paper.yaml:2: stage: 'publshed' is not a stage of mopac. Did you mean"),
        ("scheme: mopac\nstage: [draft]\n", "paper.yaml:2: stage: \"['draft']\" is not a stage of mopac"),
        ("scheme: mopac\n", "has no key stage"),
    ],
)
@pytest.mark.parametrize("words", [("audit",), ("case", "open", "--as", "author")])
def test_an_imported_paper_must_name_a_known_scheme_and_stage(
    office: RunAssent, head: str, message: str, words: tuple[str, ...]
) -> None:
    result = office(*words, write_paper(f"{head}public:\n  title: x\n"))
    assert result.exit_code == 2
    assert message in result.stderr


def test_a_submitted_paper_cannot_be_amended(sound: RunAssent) -> None:
    assert sound("case", "act", CASE, "submit", "--as", "author", "--on", "2018-03-07").exit_code == 0
    result = sound("case", "amend", CASE, "--as", "author", "--set", "title=Other")
    assert result.exit_code == 3
    assert "paper.amended_in_draft" in result.stderr


@pytest.mark.parametrize("kind", ["missing", "text", "empty", "folder", "other"])
def test_a_file_that_is_not_a_store_is_reported(assent: RunAssent, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "some.db"
    if kind == "text":
        path.write_text("not a database, but long enough to look at " * 10)
    elif kind == "empty":
        path.touch()
    elif kind == "folder":
        path.mkdir()
    elif kind == "other":
        with closing(sqlite3.connect(path)) as other, other:
            other.execute("CREATE TABLE ledger (seal TEXT)")
    result = assent("--store", path, "case", "list")
    assert result.exit_code == 8, result.stderr
    assert "some.db" in result.stderr
    assert kind != "missing" or not path.exists()


def test_an_unsupported_kind_of_store_is_refused(assent: RunAssent) -> None:
    result = assent("--store", "mysql://somewhere/x", "init")
    assert result.exit_code == 8
    assert "not supported" in result.stderr


def test_a_database_that_is_not_there_is_named_without_its_password(assent: RunAssent) -> None:
    result = assent("--store", "postgresql://me:hidden-word@database.invalid/x", "init")
    assert result.exit_code == 8
    assert "could not be used as a store" in result.stderr
    assert "hidden-word" not in result.stderr


@pytest.mark.parametrize("address", ["", " ", "sqlite:///"])
def test_an_empty_store_address_is_refused(assent: RunAssent, address: str) -> None:
    result = assent("--store", address, "init")
    assert result.exit_code == 8
    assert "the address of the store is empty" in result.stderr


@pytest.mark.parametrize(
    "address",
    ["sqlite://x.db", "sqlite:x.db", "SQLITE:///x.db", "file:x.db?mode=rwc", ":memory:", "sqlite:///:memory:"],
)
def test_a_mistyped_store_address_creates_no_file(assent: RunAssent, tmp_path: Path, address: str) -> None:
    result = assent("--store", address, "init")
    assert result.exit_code == 8
    assert f"{address} is not the address of a store" in result.stderr
    assert "Write a file's name, sqlite:///FILE, or postgresql://ACCOUNT@HOST/DATABASE." in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_init_does_not_replace_a_store(assent: RunAssent) -> None:
    assert assent("init").exit_code == 0
    assert assent("init").exit_code == 8


def test_a_document_that_cannot_be_written_is_reported(opened: RunAssent, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    result = opened("document", "render", CASE, "decision-form", "--to", "html", "-o", tmp_path / "file" / "a.html")
    assert result.exit_code == 8
    assert "could not be written" in result.stderr


def test_the_demo_refuses_a_folder_that_is_not_empty(assent: RunAssent, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "work.txt").write_text("kept")
    assert assent("demo", "mine").exit_code == 2
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["work.txt"]


def test_the_demo_reports_a_folder_without_write_permission(assent: RunAssent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.demo.os.access", lambda *_: False)  # root may write anywhere
    result = assent("demo", "closed")
    assert (result.exit_code, result.stdout) == (8, "")
    assert result.stderr.startswith(
        "assent: closed cannot be written to: no permission, or the disk is read-only\nChoose a"
    )
    assert list(Path("closed").iterdir()) == []


def test_the_demo_reports_a_folder_that_cannot_be_made(assent: RunAssent, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept")
    result = assent("demo", "file/inner")
    assert result.exit_code == 8
    assert "assent: file/inner could not be made: Not a directory\nChoose a folder you can write to" in result.stderr


def test_an_internal_fault_reveals_nothing_of_the_case(opened: RunAssent, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("£2,450,000 ex VAT")

    monkeypatch.setattr("workflow.services.queries.load_case_snapshot", fail)
    result = opened("case", "show", CASE, "--part", "2")
    assert result.exit_code == 1
    assert "RuntimeError" in result.stderr
    assert "2,450,000" not in result.stderr


def test_faulty_packs_are_refused_whole_with_every_place(assent: RunAssent, tmp_path: Path) -> None:
    folder = tmp_path / "mine" / "schemes" / "mopac"
    folder.mkdir(parents=True)
    (folder / "extra.yaml").write_text("pack: extra\ntitle: Extra\nfacts:\n  a: {kind: colour, label: A}\n  B: 1\n")
    result = assent("--packs", tmp_path / "mine", "scheme", "show", "mopac")
    assert result.exit_code == 2
    assert "extra.yaml:4: facts.a.kind" in result.stderr
    assert "extra.yaml:5: facts.B" in result.stderr


def test_a_refusal_exits_with_its_code_even_if_stderr_is_closed(opened: RunAssent) -> None:
    before = opened("ledger", "head").stdout
    command = [sys.executable, "-m", "cli", "case", "act", CASE, "submit", "--as", "author", "--on", "2018-03-07"]
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.run(command, stderr=writer, stdout=subprocess.DEVNULL, check=False)
    os.close(writer)
    assert process.returncode == 3
    assert opened("ledger", "head").stdout != before


def test_a_reader_that_closes_the_pipe_ends_the_command_quietly(sound: RunAssent) -> None:
    assert sound("ledger", "verify").exit_code == 0
    result = run_shell(f"{sys.executable} -m cli case show {CASE} | head -n 1", Path.cwd())
    assert result.startswith("case")
    assert "Traceback" not in result


def test_a_document_never_replaces_the_store(opened: RunAssent, tmp_path: Path) -> None:
    for path in ("assent.db", "assent.db-wal", tmp_path / "assent.db"):
        result = opened("document", "render", CASE, "decision-form", "--to", "html", "-o", path, "--force")
        assert result.exit_code == 2, path
    Path("link.html").symlink_to("assent.db")
    result = opened("document", "render", CASE, "decision-form", "-o", "link.html", "--force")
    assert result.exit_code == 2
    assert opened("ledger", "verify").exit_code == 0


def test_a_document_replaces_an_earlier_document_only(opened: RunAssent) -> None:
    render = ("document", "render", CASE, "decision-form", "--to", "html", "-o", "a.html")
    assert opened(*render).exit_code == 0
    assert opened(*render).exit_code == 0
    Path("a.html").write_text("my notes")
    result = opened(*render)
    assert (result.exit_code, Path("a.html").read_text()) == (8, "my notes")
    assert "--force" in result.stderr
    assert opened(*render, "--force").exit_code == 0
    os.mkfifo("pipe.html")
    assert opened("document", "render", CASE, "decision-form", "-o", "pipe.html").exit_code == 8


@pytest.mark.parametrize("words", [("-o", "a.odt"), ("--to", "html", "-o", "a.pdf"), ("--to", "pdf", "-o", "a.html")])
def test_a_document_needs_the_file_ending_of_its_format(opened: RunAssent, words: tuple[str, ...]) -> None:
    assert opened("document", "render", CASE, "decision-form", *words).exit_code == 2


def test_only_regular_files_are_read(opened: RunAssent) -> None:
    os.mkfifo("pipe")
    for words in (*COMMANDS_WITH_A_FILE, ("audit", "FILE")):
        for path in (os.devnull, "/dev/zero", "pipe"):
            result = opened(*(path if word == "FILE" else word for word in words))
            assert (result.exit_code, result.stderr.splitlines()[0]) == (2, f"assent: {path} is not a regular file")


@pytest.mark.parametrize("head", ["", "0123456789abcdef", "g" * 64])
def test_an_incomplete_head_is_refused(opened: RunAssent, head: str) -> None:
    assert opened("ledger", "verify", "--against", head).exit_code == 2


def test_a_head_may_have_capitals_and_spaces_around_it(opened: RunAssent) -> None:
    head = opened("ledger", "head").stdout.strip()
    assert opened("ledger", "verify", "--against", f" {head.upper()} ").exit_code == 0


@pytest.mark.parametrize(
    "typed",
    [
        ("my secret price 5m",),
        ("my secret price=5m",),
        ("my secret price=5m", "my secret price=6m"),
        ("exemption:s43.my secret price=5m",),
    ],
)
def test_a_mistyped_value_for_part_2_is_not_repeated(opened: RunAssent, typed: tuple[str, ...]) -> None:
    result = opened(
        "case", "amend", CASE, "--as", "author", *(word for pair in typed for word in ("--set-exempt", pair))
    )
    assert result.exit_code == 2
    assert "secret" not in result.stderr


def test_a_wrong_value_for_part_2_is_counted_and_not_quoted(opened: RunAssent) -> None:
    words = ("--set-exempt", f"{EXEMPT}=withhold", "--set-exempt", "my secret price")
    result = opened("case", "amend", CASE, "--as", "author", *words)
    assert "value 2 of --set-exempt is not FACT=VALUE\nWrite: --set-exempt FACT='the value'" in result.stderr
    assert "secret" not in result.stderr


def test_making_a_public_fact_confidential_warns_that_the_ledger_keeps_it(opened: RunAssent) -> None:
    result = opened(
        "case", "amend", CASE, "--as", "author", "--on", "2018-03-08", "--set-exempt", "required_by=2018-03-29"
    )
    assert result.exit_code == 0
    assert "required_by was public (Part 1) before" in result.stderr


def test_a_whole_paper_that_makes_a_fact_confidential_gets_the_same_warning_once(opened: RunAssent) -> None:
    new_paper = (
        PAPER.read_text()
        .replace("  required_by: 2018-03-30\n", "")
        .replace("\nexempt:\n", "\nexempt:\n  required_by: 2018-03-30\n")
    )
    result = opened("case", "amend", CASE, write_paper(new_paper), "--as", "author", "--on", "2018-03-07")
    assert result.exit_code == 0, result.stderr
    warning = "required_by was public (Part 1) before. The ledger still holds its public value.\n"
    assert result.stderr.count(warning) == 1
    again = opened("case", "amend", CASE, write_paper(new_paper), "--as", "author", "--on", "2018-03-07")
    assert (again.exit_code, result.stderr.removesuffix(warning)) == (0, again.stderr)


def test_a_formula_is_escaped_in_csv(opened: RunAssent) -> None:
    formula = "=cmd|' /C calc'!A0"
    assert (
        opened("case", "amend", CASE, "--as", "author", "--on", "2018-03-08", "--set", f"title={formula}").exit_code
        == 0
    )
    assert f",'{formula}" in opened("case", "list", "--format", "csv").stdout
    assert opened("case", "list", "--format", "json").json["cases"][0]["title"] == formula


FOIA, SCHEME_HEAD = "law/foia-2000.yaml", "schemes/mopac/scheme.yaml"
NEW_DOCUMENT = """documents:
  - {kind: memo, part: 1, name: A memo, title: title, marking: OFFICIAL, reference: decision.reference,
     decided_at: dmpc, blocks: [{heading: A memo}]}
"""


def submit_under_changed_packs(assent: RunAssent, folder: Path, file: str, old: str, new: str) -> None:
    """Send the case on under the shipped packs with one thing changed in one file."""
    text = (SHIPPED_FOLDER / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).parent.mkdir(parents=True)
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    act = ("case", "act", CASE, "submit", "--as", "author", "--on", "2018-03-07")
    assert assent("--packs", folder, *act).exit_code == 0


@pytest.mark.parametrize(
    ("file", "old", "new", "aspect"),
    [
        (FOIA, "basis: secondary", "basis: unverified", "law"),
        (SCHEME_HEAD, "deferral_ends: [governance]", "deferral_ends: [author]", "flow"),
    ],
    ids=["law", "flow"],
)
def test_rulings_by_law_or_flow_that_is_not_shipped_are_named(
    sound: RunAssent, tmp_path: Path, file: str, old: str, new: str, aspect: str
) -> None:
    assert sound("ledger", "verify", "--format", "json").json["packs_not_shipped"] == []
    submit_under_changed_packs(sound, tmp_path / "mine", file, old, new)
    output = sound("ledger", "verify", "--replay").stdout
    assert "packs that are not part of this version" in output
    assert f"They differ in {aspect}." in output
    report = sound("ledger", "verify", "--format", "json").json
    [packs] = report["packs_not_shipped"]
    assert report["packs_differ_in"] == {packs: [aspect]}
    assert f"the {aspect} changed after its last act, on 2018-03-07" in sound("case", "next", CASE).stderr


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (FOIA, "pack: ", "# A comment.\npack: "),
        (FOIA, "\n    wrong: ", "\n    wrong: In other words, "),
        (FOIA, "    label: ", "    label: New "),
        (SCHEME_HEAD, "documents:\n", NEW_DOCUMENT),
    ],
    ids=["comment", "finding", "label", "document"],
)
def test_rulings_by_packs_that_differ_in_layout_alone_are_not_named(
    sound: RunAssent, tmp_path: Path, file: str, old: str, new: str
) -> None:
    submit_under_changed_packs(sound, tmp_path / "mine", file, old, new)
    assert "packs" not in sound("ledger", "verify", "--replay").stdout
    report = sound("ledger", "verify", "--format", "json").json
    assert (len(report["packs"]), report["packs_not_shipped"], report["packs_differ_in"]) == (2, [], {})
    assert sound("case", "next", CASE).stderr == ""
    assert "judged by those" not in sound("audit", CASE).stdout


@pytest.mark.parametrize(
    ("instruction", "code", "output"),
    [
        ("bash_source", 0, "complete"),
        ("fish_source", 0, "complete"),
        ("bash", 2, "Write bash_source, zsh_source or fish_source."),
        ("tcsh_source", 2, "Write bash_source, zsh_source or fish_source."),
    ],
)
@pytest.mark.usefixtures("assent")
def test_unknown_completion_instructions_are_refused_with_the_known_ones(
    instruction: str, code: int, output: str
) -> None:
    result = run_shell(f"_ASSENT_COMPLETE={instruction} {sys.executable} -m cli; echo code $?", Path.cwd())
    assert f"code {code}" in result
    assert output in result


def test_output_to_a_full_disk_exits_with_8(sound: RunAssent) -> None:
    assert sound("ledger", "verify").exit_code == 0
    result = run_shell(f"{sys.executable} -m cli case list > /dev/full; echo code $?", Path.cwd())
    assert "could not be printed" in result
    assert "code 8" in result


@pytest.mark.parametrize(
    ("closed", "code"),
    [(">&-", 8), ("<&- >&- 2>&-", 8), ("2>&-", 0), *only_long(("<&- >&-", 8), ("<&-", 0), ("2> /dev/full", 0))],
)
def test_a_closed_stream_is_not_reported_as_an_internal_fault(sound: RunAssent, closed: str, code: int) -> None:
    assert sound("ledger", "verify").exit_code == 0
    result = run_shell(f"({sys.executable} -m cli case list {closed}); echo code $?", Path.cwd())
    assert f"code {code}" in result
    assert "went wrong inside assent" not in result


def test_warnings_that_cannot_be_printed_exit_with_8(sound: RunAssent) -> None:
    result = run_shell(f"{sys.executable} -m cli audit {CASE} 2> /dev/full; echo code $?", Path.cwd())
    assert sound("ledger", "verify").exit_code == 0
    assert "code 8" in result


def test_a_pipe_that_closes_early_exits_with_0(sound: RunAssent) -> None:
    assert sound("ledger", "verify").exit_code == 0
    result = run_shell(f"({sys.executable} -m cli case show {CASE} --part 2; echo code $? >&2) | head -n 1", Path.cwd())
    assert "code 0" in result


def test_a_character_that_the_terminal_lacks_is_a_question_mark(opened: RunAssent) -> None:
    assert opened("ledger", "verify").exit_code == 0
    result = run_shell(
        f"PYTHONIOENCODING=latin-1 {sys.executable} -m cli case explain {CASE} --all --on 2018-03-07", Path.cwd()
    )
    assert "? stages.in_order" in result


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("encoding", ["ascii", *only_long("latin-1", "utf-8")])
def test_json_holds_the_same_text_in_every_output_encoding(encoding: str) -> None:
    result = run_shell(f"PYTHONIOENCODING={encoding} {sys.executable} -m cli case list --format json", Path.cwd())
    assert json.loads(result)["cases"][0]["title"] == "Smarter Working – Business Justification Paper"


def test_the_help_starts_with_examples_on_lines_of_their_own(assent: RunAssent) -> None:
    lines = [line.strip() for line in assent("--help").stdout.splitlines()]
    assert "Begin with:" in lines
    assert any(line.startswith("assent demo ") for line in lines)


@pytest.mark.parametrize("words", [("next", CASE), ("explain", CASE, "submit"), ("explain", CASE)])
def test_a_day_before_the_scheme_is_in_force_is_refused(opened: RunAssent, words: tuple[str, ...]) -> None:
    result = opened("case", *words, "--on", "2012-01-15")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "the scheme of mopac is not in force on 2012-01-15: it is first in force on 2012-01-16" in result.stderr


@pytest.mark.parametrize("words", [("next", CASE), ("explain", CASE, "submit")])
def test_a_day_before_the_last_act_gets_a_warning(opened: RunAssent, words: tuple[str, ...]) -> None:
    early = opened("case", *words, "--on", "2018-03-06", "--format", "json")
    assert early.exit_code == 0
    assert early.json
    assert "Warning: 2018-03-06 is before the last act on MOPAC-2018-1, of 2018-03-07" in early.stderr
    assert opened("case", *words, "--on", "2018-03-07").stderr == ""


@pytest.mark.parametrize(
    "words",
    [
        ("amend", CASE, "--set-exempt", f"{EXEMPT}=a", "SECRET"),
        ("amend", CASE, "--set-exempt", f"{EXEMPT}=a", "SECRET", "SECRET"),
        ("amend", CASE, "--set-exempt", f"{EXEMPT}=a", "-SECRET", "b"),
        ("amend", CASE, "--set-exempt", f"{EXEMPT}=a", "--SECRET"),
        ("amend", CASE, "--set-exempt", f"{EXEMPT}=a", "--secret-SECRET"),
        ("amend", CASE, f"--set-exempt={EXEMPT}=a", "SECRET"),
        ("amend", "--set-exempt", f"{EXEMPT}=a", "SECRET"),
        ("amend", CASE, "--set-exempt", f"{EXEMPT}=a", "--set-exempt", "title=b", "SECRET", "c"),
        ("amend", CASE, f"{EXEMPT}=SECRET"),
        ("amend", "--set-exempt", f"{EXEMPT}=a", f"SECRET{'x' * 200}"),
        ("amend", "--set-exempt", f"{EXEMPT}=a", 'SECRET\'s "price"'),
        ("amend", "--set-exempt", f"{EXEMPT}=a", "SECRET\tprice"),
        ("correct", CASE, "--set-exempt", f"{EXEMPT}=a", "--reason", "The", "SECRET", "price"),
        ("correct", CASE, "--reason", "The", "SECRET", "--set-exempt", f"{EXEMPT}=a"),
        ("correct", CASE, f"--set-exempt={EXEMPT}=a", "--reason=The", "SECRET"),
    ],
)
def test_unquoted_words_for_part_2_are_not_repeated(opened: RunAssent, words: tuple[str, ...]) -> None:
    result = opened("case", *words, "--as", "author", "--on", "2018-03-07")
    assert (result.exit_code, "SECRET" in result.stderr + result.stdout) == (2, False), result.stderr
    assert "quotes" in result.stderr or "--set-exempt" in result.stderr


def test_a_wrong_case_after_a_value_for_part_2_is_reported_without_its_name(opened: RunAssent) -> None:
    result = opened("case", "amend", "--as", "author", "--set-exempt", f"{EXEMPT}=withhold", "MOPAC-2018-9")
    assert (result.exit_code, "MOPAC-2018-9" in result.stderr) == (2, False)
    assert result.stderr.startswith("assent: '…' is not a case that is known here\n")
    assert "The text after --set-exempt is not repeated" in result.stderr


def test_other_mistakes_beside_a_value_for_part_2_are_still_reported(opened: RunAssent) -> None:
    result = opened("case", "amend", CASE, "--set-exempt", f"{EXEMPT}=withhold", "--as", "nobody")
    assert "'nobody' is not an officer" in result.stderr


NOT_UTF_8 = "\udcff"
"""How Python reads the byte 0xff of an argument. It replaces X below."""
COMMANDS_WITH_X = [
    *((*words, "--on", "2018-03-07") for words in (("case", "next", "X"), ("case", "explain", "X"))),
    *(("case", verb, "X") for verb in ("show", "history")),
    ("case", "explain", CASE, "X"),
    ("case", "explain", CASE, "submit", "--what-if", "title=X"),
    ("case", "explain", CASE, "submit", "--what-if", "X=1"),
    ("case", "next", CASE, "--on", "X"),
    ("case", "act", "X", "submit", "--as", "author"),
    ("case", "act", CASE, "X", "--as", "author"),
    ("case", "act", CASE, "submit", "--as", "X"),
    ("case", "act", CASE, "submit", "--as", "author", "--on", "X"),
    ("case", "act", CASE, "submit", "--as", "author", "--expect-version", "X"),
    ("case", "act", CASE, "withdraw", "--as", "author", "--set", "send_back.reason=X"),
    ("case", "amend", CASE, "--as", "author", "--set", "title=X"),
    ("case", "amend", CASE, "--as", "author", "--set", "X=title"),
    ("case", "amend", CASE, "--as", "author", "--set-exempt", "title=X"),
    ("case", "amend", CASE, "--as", "author", "--unset", "X"),
    ("case", "amend", "X", "--as", "author", "--set", "title=a"),
    ("case", "open", PAPER, "--scheme", "X", "--as", "author"),
    ("case", "open", PAPER, "--scheme", "mopac", "--as", "X"),
    ("case", "list", "--format", "X"),
    ("officer", "add", "X", "--role", "author"),
    ("officer", "add", "Rosa Lee", "--role", "X"),
    ("officer", "add", "Rosa Lee", "--role", "author", "--scheme", "X"),
    ("officer", "add", "Rosa Lee", "--role", "author", "--as", "X"),
    ("document", "list", "X"),
    ("document", "render", "X", "decision-form", "--to", "html"),
    ("document", "render", CASE, "X", "--to", "html"),
    ("document", "render", CASE, "decision-form", "--to", "X"),
    ("document", "render", "--all", "--kind", "X", "-o", "out"),
    ("document", "verify", "X"),
    ("review", "due", "--by", "X"),
    ("review", "record", "X", "--of", "exemption:s43", "--outcome", "extend", "--as", "governance"),
    ("review", "record", CASE, "--of", "X", "--outcome", "extend", "--as", "governance"),
    ("review", "record", CASE, "--of", "exemption:s43", "--outcome", "X", "--as", "governance"),
    ("audit", "X"),
    ("audit", CASE, "X"),
    ("audit", "X.yaml"),
    ("audit", "--all", "--as-of", "X"),
    ("law", "list", "--pack", "X"),
    ("law", "show", "X"),
    ("law", "explain", "X"),
    ("law", "calendar", "--by", "X"),
    ("law", "impact", "--on", "2018-03-07", "--known-at", "X"),
    ("scheme", "show", "X"),
    ("scheme", "diagram", "X"),
    ("scheme", "check", "X"),
    ("ledger", "verify", "--against", "X"),
    ("X",),
    ("case", "X"),
    ("--X",),
    ("case", "list", "--X"),
    ("--packs", "X", "case", "list"),
]


def test_bytes_that_are_not_utf_8_exit_with_2_and_nothing_is_written(opened: RunAssent) -> None:
    before = opened("ledger", "head").stdout
    for words in COMMANDS_WITH_X:
        result = opened(*(str(word).replace("X", NOT_UTF_8) for word in words))
        assert (result.exit_code, result.stdout) == (2, ""), words
        assert result.stderr.startswith("assent: "), words
        assert NOT_UTF_8 not in result.stderr, words
    assert opened("ledger", "head").stdout == before


@pytest.mark.parametrize("words", [("case", "show", "X"), ("audit", "X"), ("document", "list", "X")])
def test_a_case_that_is_not_utf_8_is_named_by_its_place_in_the_command(
    opened: RunAssent, words: tuple[str, ...]
) -> None:
    result = opened(*(word.replace("X", NOT_UTF_8) for word in words))
    assert "CASE" in result.stderr
    assert "has characters that are not UTF-8\nType it again." in result.stderr


def test_file_names_may_have_bytes_that_are_not_utf_8(sound: RunAssent) -> None:
    os.rename(b"assent.db", b"\xff.db")  # noqa: PTH104 - a path of bytes
    office = ("--store", f"{NOT_UTF_8}.db")
    assert sound(*office, "case", "show", CASE).exit_code == 0
    render = (
        "document",
        "render",
        CASE,
        "decision-form",
        "--to",
        "html",
        "-o",
        f"{NOT_UTF_8}.html",
        "--format",
        "json",
    )
    assert sound(*office, *render).exit_code == 0
    assert sound(*office, "document", "verify", f"{NOT_UTF_8}.html").exit_code == 0


INTERRUPTED = """
import os, signal, sys, time
import cli
from workflow.services import queries

signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job starts with it ignored

def interrupt(services):
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(60)  # the signal ends the sleep
    return ()

queries.list_cases = interrupt
cli.main(sys.argv[1:])
"""


@pytest.mark.usefixtures("opened")
def test_ctrl_c_stops_a_plain_command_with_130() -> None:
    process = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, "case", "list"], check=False, capture_output=True, text=True
    )
    assert (process.returncode, process.stdout) == (130, "")
    assert process.stderr.strip() == "Stopped. Nothing more was recorded."
