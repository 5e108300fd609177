"""What bad input gets: a clear error that names the place, exit code 2, and nothing written."""

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
from tests.end_to_end.conftest import PAPER, RunAssent
from tests.end_to_end.readme import run_shell

CASE = "MOPAC-2018-1"
EXEMPT = "exemption:s43.public_interest"
OPEN = ("--scheme", "mopac", "--as", "author", "--on", "2018-03-07")


def papered(text: str) -> Path:
    Path("paper.yaml").write_text(text)
    return Path("paper.yaml")


@pytest.mark.parametrize(
    ("paper", "place"),
    [
        ("public: {title: x\n", "paper.yaml:2"),
        ("public:\n  title: x\n  title: y\n", "paper.yaml:3: public.title: stands twice"),
        ("public:\n  titel: x\n", "paper.yaml:2: public.titel"),
        ("public:\n  required_by: 2018-02-30\n", "paper.yaml:2: public.required_by: 2018-02-30 is not a day"),
        ("public:\n  required_by: soon\n", "paper.yaml:2: public.required_by"),
        ("public: {}\nexempt:\n  estimated_value: £500,00 ex VAT\n", "paper.yaml:3: exempt.estimated_value"),
        ("public: {}\nexempt:\n  estimated_value: NaN\n", "paper.yaml:3: exempt.estimated_value"),
        ("public: {}\nexempt:\n  estimated_value: -5 ex VAT\n", "paper.yaml:3: exempt.estimated_value"),
        ("public: {}\nexempt:\n  estimated_value: £500,000\n", "is not an amount with its VAT basis"),
        ("public: {}\nexempt:\n  estimated_value: 500000\n", "paper.yaml:3: exempt.estimated_value"),
        ("public:\n  deferral.asked: yes\n", "write true or false"),
        ("public:\n  pib.outcome: supported\n", "paper.yaml:2: public.pib.outcome: is not stated in a paper"),
        ("public:\n  decided_on: 2018-04-16\n", "paper.yaml:2: public.decided_on: is not stated in a paper"),
        ("secret: {}\n", "paper.yaml:1: secret: is not a key of a paper"),
        ("- title\n", "must be a mapping"),
        ("", "must be a mapping"),
        ("public: {title: &a x, author: *a}\n", "aliases are not read"),
        ("public: {title: !!python/object:os.system x}\n", "tags"),
        ("public:\n  exemption: {s43: {section: s99}}\n", "paper.yaml:2: public.exemption.s43.section"),
        ("public:\n  exemption: {'bad key!': {section: s43}}\n", "paper.yaml:2"),
        ("public: " + "[" * 5_000 + "\n", "deeper than"),
        ("public: {title: '" + "x" * 600_000 + "'}\n", "bytes"),
    ],
)
def test_a_faulty_paper_is_refused_with_its_place_and_nothing_is_written(
    office: RunAssent, paper: str, place: str
) -> None:
    before = office("ledger", "head").stdout
    said = office("case", "open", papered(paper), *OPEN)
    assert said.exit_code == 2, said.stderr
    assert place in said.stderr
    assert office("ledger", "head").stdout == before


def test_every_fault_of_a_paper_is_told_at_once(office: RunAssent) -> None:
    said = office("case", "open", papered("public:\n  titel: x\n  required_by: 2018-02-30\n  author: 5\n"), *OPEN)
    assert re.findall(r"paper\.yaml:(\d+)", said.stderr) == ["2", "3", "4"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("case", "show", "MOPAC-2018-9"), "is not a case that is known here"),
        (("case", "show", "MOPAC-2018-2"), "Did you mean MOPAC-2018-1?"),
        (("case", "next", CASE, "--on", "2018-02-30"), "assent: --on: 2018-02-30 is not a day"),
        (("case", "next", CASE, "--on", ""), "assent: --on: '' is not a day"),
        (("review", "due", "--by", "30/3"), "assent: --by: '30/3' is not a day"),
        (("audit", CASE, "--as-of", ""), "assent: --as-of: '' is not a day"),
        (("law", "calendar", "--by", "2018-02-30", "--on", "2018-02-28"), "assent: --by: 2018-02-30 is not a day"),
        (("case", "next", CASE, "--on", "07/03/2018"), "is not a day"),
        (("case", "next", CASE, "--on", "2199-01-01"), "has not come"),
        (("case", "act", CASE, "submt", "--as", "author"), "Did you mean submit?"),
        (("case", "explain", CASE, ""), "'' is not an action of mopac"),
        (("officer", "add", "Rosa Lee", "--role", ""), "no scheme has the role ''"),
        (("officer", "add", "Rosa Lee", "--role", "author", "--scheme", ""), "'' is not a scheme that is known here"),
        (("officer", "add", "Rosa Lee", "--role", "author", "--as", ""), "--as names nobody"),
        (("document", "render", CASE, "decision-form", "--to", "html", "--as", " "), "--as names nobody"),
        (("case", "act", CASE, "submit", "--as", ""), "--as names nobody"),
        (("case", "act", CASE, "submit", "--as", "auhtor"), "Did you mean author?"),
        (("case", "act", CASE, "submit", "--as", "author", "--on", "2018-03-06"), "before the last act"),
        (("case", "act", CASE, "submit", "--as", "author", "--set", "title=x"), "does not ask for 'title'"),
        (("case", "act", CASE, "withdraw", "--as", "author", "--set", "send_back.raeson=x"), "send_back.reason"),
        (("case", "act", CASE, "withdraw", "--as", "author", "--set", "send_back.reason"), "is not FACT=VALUE"),
        (("case", "amend", CASE, "--as", "author"), "nothing was said to change"),
        (("case", "amend", CASE, "--as", "author", "--set", "required_by=2018-02-30"), "2018-02-30 is not a day"),
        (("case", "amend", CASE, "--as", "author", "--set", "deferral.asked=yes"), "neither true nor false"),
        (("case", "amend", CASE, "--as", "author", "--set", "pib.outcome=supported"), "is not stated in a paper"),
        (("case", "amend", CASE, "--as", "author", "--set", "a=1", "--set", "a=2"), "is given twice"),
        (("case", "amend", CASE, "--as", "author", "--unset", "deferral.until"), "cannot be taken out"),
        (
            ("case", "amend", CASE, "--as", "author", "--set-exempt", "estimated_value=£5"),
            "is not an amount with its VAT basis",
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
        (("case", "act", CASE, "submit"), "Missing option '--as'"),
        (("case", "amend", CASE, "--set", "title=x"), "Missing option '--as'"),
        (("case", "open", PAPER, "--scheme", "mopac"), "Missing option '--as'"),
        (("review", "record", CASE, "--of", "exemption:s43", "--outcome", "extend"), "Missing option '--as'"),
        (("case", "show", CASE, "--part", "two"), "is not a valid whole number"),
        (("case", "act", CASE, "submit", "--as", "author", "--expect-version", "1.5"), "is not a valid whole number"),
        (("csae", "list"), "assent: there is no command 'csae'\nDid you mean case?"),
        (("case", "lst"), "assent: there is no command 'case lst'\nDid you mean list?"),
        (("law", "shw"), "assent: there is no command 'law shw'\nDid you mean show?"),
        (("case", "list", "--store", "x.db"), "It stands before the noun: assent --store … case list"),
        (("ledger", "head", "--packs", "x"), "It stands before the noun: assent --packs … ledger head"),
        (("case", "list", "--formt", "csv"), "Did you mean '--format'?\nSee: assent case list --help"),
        (("case", "open", PAPER, "--scheme", "mopac", "--as", "author", "--expect-version", "5"), "has no version yet"),
        (
            ("case", "act", CASE, "withdraw", "--as", "author", "--set", "a=1", "--set", "send_back.reason:\x1bNo"),
            "answer 2 to --set is not FACT=VALUE\nWrite: --set FACT='what it is'",
        ),
        (("case", "explain", CASE, "--what-if", "required_by"), "answer 1 to --what-if is not FACT=VALUE"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_advice_and_nothing_is_written(
    opened: RunAssent, words: tuple[object, ...], told: str
) -> None:
    before = opened("ledger", "head").stdout
    said = opened(*words)
    assert said.exit_code == 2, said.stderr
    assert told in said.stderr
    assert opened("ledger", "head").stdout == before


READ = [
    ("case", "open", "PLACE", *OPEN),
    ("case", "amend", CASE, "PLACE", "--as", "author"),
    ("case", "amend", CASE, "--from", "PLACE", "--as", "author"),
    ("document", "verify", "PLACE"),
]


@pytest.mark.parametrize("words", READ)
@pytest.mark.parametrize(
    ("place", "told"),
    [("gone.yaml", "gone.yaml could not be read: No such file or directory"), (".", ". is a folder, and not a file")],
)
def test_a_file_that_is_not_there_is_told_in_one_way(
    opened: RunAssent, words: tuple[str, ...], place: str, told: str
) -> None:
    said = opened(*(place if word == "PLACE" else word for word in words))
    assert said.exit_code == 2
    assert (
        said.stderr == f"assent: {told}\nLook at the name of the file, and at the folder in which it is looked for.\n"
    )


@pytest.mark.parametrize("step", ["stat", "read_bytes"], ids=["its folder is closed", "it is closed"])
def test_a_file_that_may_not_be_read_is_told_as_such(
    opened: RunAssent, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    papered("x")
    done = getattr(Path, step)

    def closed(place: Path, **said: bool) -> object:  # whoever is root may read any
        if place.name == "paper.yaml":
            raise PermissionError(13, "Permission denied")
        return done(place, **said)

    monkeypatch.setattr(Path, step, closed)
    for words in (*READ, ("audit", "PLACE")):
        said = opened(*("paper.yaml" if word == "PLACE" else word for word in words))
        assert (said.exit_code, said.stderr.splitlines()[0]) == (2, "assent: paper.yaml could not be read: you may not")


def test_a_file_that_was_named_is_looked_at_once(opened: RunAssent, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = []
    look = Path.stat

    def counted(place: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        looked.append(place.name)
        return look(place, follow_symlinks=follow_symlinks)

    papered("x")
    monkeypatch.setattr(Path, "stat", counted)
    for words in READ:
        looked.clear()
        opened(*("paper.yaml" if word == "PLACE" else word for word in words))
        assert looked.count("paper.yaml") == 1, words


@pytest.mark.parametrize("words", [(CASE, "decision-form", "--to", "html"), ("--all", "--jobs", "1")])
def test_a_place_in_a_folder_that_is_closed_is_told_as_such(
    sound: RunAssent, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    look = os.stat

    def closed(place: str | Path, **said: bool) -> os.stat_result:  # whoever is root may look anywhere
        if "closed" in str(place):
            raise PermissionError(13, "Permission denied")
        return look(place, **said)

    for name in ("stat", "lstat"):
        monkeypatch.setattr(os, name, closed)
    said = sound("document", "render", *words, "-o", "closed/x.html")
    assert said.exit_code == 8
    assert "could not be written: Permission denied\nChoose another place with -o." in said.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("document", "render", CASE, "decision-form", "--to", "html"),
        ("document", "render", "--all", "--jobs", "1"),
        ("audit", "--all", "--format", "html"),
    ],
)
def test_no_document_is_called_as_standard_output_is(opened: RunAssent, tmp_path: Path, words: tuple[str, ...]) -> None:
    said = opened(*words, "-o", "-")
    assert (said.exit_code, said.stdout) == (2, "")
    assert "not written to standard output" in said.stderr
    assert "Name a file or a folder with -o" in said.stderr
    assert not (tmp_path / "-").exists()


@pytest.mark.parametrize(
    ("head", "told"),
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
def test_a_case_decided_elsewhere_names_a_scheme_and_a_stage_that_there_are(
    office: RunAssent, head: str, told: str, words: tuple[str, ...]
) -> None:
    said = office(*words, papered(f"{head}public:\n  title: x\n"))
    assert said.exit_code == 2
    assert told in said.stderr


def test_a_paper_is_not_amended_once_it_is_submitted(sound: RunAssent) -> None:
    assert sound("case", "act", CASE, "submit", "--as", "author", "--on", "2018-03-07").exit_code == 0
    said = sound("case", "amend", CASE, "--as", "author", "--set", "title=Other")
    assert said.exit_code == 3
    assert "paper.amended_in_draft" in said.stderr


@pytest.mark.parametrize("kind", ["missing", "text", "empty", "folder", "other"])
def test_a_store_that_is_no_store_is_told_as_such(assent: RunAssent, tmp_path: Path, kind: str) -> None:
    place = tmp_path / "some.db"
    if kind == "text":
        place.write_text("not a database, but long enough to look at " * 10)
    elif kind == "empty":
        place.touch()
    elif kind == "folder":
        place.mkdir()
    elif kind == "other":
        with closing(sqlite3.connect(place)) as other, other:
            other.execute("CREATE TABLE ledger (seal TEXT)")
    said = assent("--store", place, "case", "list")
    assert said.exit_code == 8, said.stderr
    assert "some.db" in said.stderr
    assert kind != "missing" or not place.exists()


def test_a_store_of_another_kind_is_not_pretended_to(assent: RunAssent) -> None:
    said = assent("--store", "postgresql://somewhere/x", "init")
    assert said.exit_code == 8
    assert "not supported" in said.stderr


@pytest.mark.parametrize("address", ["", " ", "sqlite:///"])
def test_a_store_without_a_name_is_not_looked_for(assent: RunAssent, address: str) -> None:
    said = assent("--store", address, "init")
    assert said.exit_code == 8
    assert "the address of the store is empty" in said.stderr


@pytest.mark.parametrize(
    "address",
    ["sqlite://x.db", "sqlite:x.db", "SQLITE:///x.db", "file:x.db?mode=rwc", ":memory:", "sqlite:///:memory:"],
)
def test_an_address_that_is_nearly_one_makes_no_file_of_that_name(
    assent: RunAssent, tmp_path: Path, address: str
) -> None:
    said = assent("--store", address, "init")
    assert said.exit_code == 8
    assert f"{address} is not the address of a store" in said.stderr
    assert "Write sqlite:///FILE, or a file's name." in said.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_store_is_not_made_over_another(assent: RunAssent) -> None:
    assert assent("init").exit_code == 0
    assert assent("init").exit_code == 8


def test_a_document_that_cannot_be_written_is_told_as_such(opened: RunAssent, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    said = opened("document", "render", CASE, "decision-form", "--to", "html", "-o", tmp_path / "file" / "a.html")
    assert said.exit_code == 8
    assert "could not be written" in said.stderr


def test_the_demo_does_not_run_over_what_is_there(assent: RunAssent, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "work.txt").write_text("kept")
    assert assent("demo", "mine").exit_code == 2
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["work.txt"]


def test_the_demo_says_where_nothing_can_be_written(assent: RunAssent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.demo.os.access", lambda *_: False)  # whoever is root may write anywhere
    said = assent("demo", "closed")
    assert (said.exit_code, said.stdout) == (8, "")
    assert said.stderr.startswith(
        "assent: closed could not be written to: you may not, or its disk takes nothing\nName a"
    )
    assert list(Path("closed").iterdir()) == []


def test_the_demo_says_where_no_folder_can_be_made(assent: RunAssent, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept")
    said = assent("demo", "file/inner")
    assert said.exit_code == 8
    assert "assent: file/inner could not be made: Not a directory\nName a folder where you may write" in said.stderr


def test_a_fault_in_assent_says_nothing_of_the_case(opened: RunAssent, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("£2,450,000 ex VAT")

    monkeypatch.setattr("workflow.services.queries.load_case_snapshot", broken)
    said = opened("case", "show", CASE, "--part", "2")
    assert said.exit_code == 1
    assert "RuntimeError" in said.stderr
    assert "2,450,000" not in said.stderr


def test_packs_with_faults_are_refused_whole_with_every_place(assent: RunAssent, tmp_path: Path) -> None:
    folder = tmp_path / "mine" / "schemes" / "mopac"
    folder.mkdir(parents=True)
    (folder / "extra.yaml").write_text("pack: extra\ntitle: Extra\nfacts:\n  a: {kind: colour, label: A}\n  B: 1\n")
    said = assent("--packs", tmp_path / "mine", "scheme", "show", "mopac")
    assert said.exit_code == 2
    assert "extra.yaml:4: facts.a.kind" in said.stderr
    assert "extra.yaml:5: facts.B" in said.stderr


def test_a_refusal_leaves_with_its_code_though_nobody_reads_it(opened: RunAssent) -> None:
    before = opened("ledger", "head").stdout
    act = [sys.executable, "-m", "cli", "case", "act", CASE, "submit", "--as", "author", "--on", "2018-03-07"]
    reader, writer = os.pipe()
    os.close(reader)
    left = subprocess.run(act, stderr=writer, stdout=subprocess.DEVNULL, check=False)
    os.close(writer)
    assert left.returncode == 3
    assert opened("ledger", "head").stdout != before


def test_a_reader_that_has_seen_enough_ends_the_command_quietly(sound: RunAssent) -> None:
    assert sound("ledger", "verify").exit_code == 0
    said = run_shell(f"{sys.executable} -m cli case show {CASE} | head -n 1", Path.cwd())
    assert said.startswith("case")
    assert "Traceback" not in said


def test_a_document_never_takes_the_place_of_the_store(opened: RunAssent, tmp_path: Path) -> None:
    for place in ("assent.db", "assent.db-wal", tmp_path / "assent.db"):
        said = opened("document", "render", CASE, "decision-form", "--to", "html", "-o", place, "--force")
        assert said.exit_code == 2, place
    Path("link.html").symlink_to("assent.db")
    said = opened("document", "render", CASE, "decision-form", "-o", "link.html", "--force")
    assert said.exit_code == 2
    assert opened("ledger", "verify").exit_code == 0


def test_a_document_takes_the_place_of_an_earlier_one_and_of_nothing_else(opened: RunAssent) -> None:
    render = ("document", "render", CASE, "decision-form", "--to", "html", "-o", "a.html")
    assert opened(*render).exit_code == 0
    assert opened(*render).exit_code == 0
    Path("a.html").write_text("my notes")
    said = opened(*render)
    assert (said.exit_code, Path("a.html").read_text()) == (8, "my notes")
    assert "--force" in said.stderr
    assert opened(*render, "--force").exit_code == 0
    os.mkfifo("pipe.html")
    assert opened("document", "render", CASE, "decision-form", "-o", "pipe.html").exit_code == 8


@pytest.mark.parametrize("words", [("-o", "a.odt"), ("--to", "html", "-o", "a.pdf"), ("--to", "pdf", "-o", "a.html")])
def test_a_document_is_not_named_as_what_it_is_not(opened: RunAssent, words: tuple[str, ...]) -> None:
    assert opened("document", "render", CASE, "decision-form", *words).exit_code == 2


def test_only_ordinary_files_are_read(opened: RunAssent) -> None:
    os.mkfifo("pipe")
    for words in (*READ, ("audit", "PLACE")):
        for place in (os.devnull, "/dev/zero", "pipe"):
            said = opened(*(place if word == "PLACE" else word for word in words))
            assert (said.exit_code, said.stderr.splitlines()[0]) == (2, f"assent: {place} is no ordinary file")


@pytest.mark.parametrize("head", ["", "0123456789abcdef", "g" * 64])
def test_what_is_no_head_proves_nothing(opened: RunAssent, head: str) -> None:
    assert opened("ledger", "verify", "--against", head).exit_code == 2


def test_a_head_is_known_however_it_is_typed(opened: RunAssent) -> None:
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
def test_what_was_typed_for_part_2_is_not_repeated(opened: RunAssent, typed: tuple[str, ...]) -> None:
    said = opened("case", "amend", CASE, "--as", "author", *(word for one in typed for word in ("--set-exempt", one)))
    assert said.exit_code == 2
    assert "secret" not in said.stderr


def test_which_answer_for_part_2_is_meant_is_counted_and_not_quoted(opened: RunAssent) -> None:
    words = ("--set-exempt", f"{EXEMPT}=withhold", "--set-exempt", "my secret price")
    said = opened("case", "amend", CASE, "--as", "author", *words)
    assert "answer 2 to --set-exempt is not FACT=VALUE\nWrite: --set-exempt FACT='what it is'" in said.stderr
    assert "secret" not in said.stderr


def test_an_officer_is_told_that_the_ledger_remembers_what_was_public(opened: RunAssent) -> None:
    said = opened(
        "case", "amend", CASE, "--as", "author", "--on", "2018-03-08", "--set-exempt", "required_by=2018-03-29"
    )
    assert said.exit_code == 0
    assert "required_by stood in Part 1 before" in said.stderr


def test_also_where_a_whole_paper_takes_it_to_part_2(opened: RunAssent) -> None:
    moved = (
        PAPER.read_text()
        .replace("  required_by: 2018-03-30\n", "")
        .replace("\nexempt:\n", "\nexempt:\n  required_by: 2018-03-30\n")
    )
    said = opened("case", "amend", CASE, papered(moved), "--as", "author", "--on", "2018-03-07")
    assert said.exit_code == 0, said.stderr
    assert said.stderr == "required_by stood in Part 1 before: the ledger keeps what was said of it there.\n"
    again = opened("case", "amend", CASE, papered(moved), "--as", "author", "--on", "2018-03-07")
    assert (again.exit_code, again.stderr) == (0, "")


def test_a_formula_is_text_in_a_spreadsheet(opened: RunAssent) -> None:
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
    verified = sound("ledger", "verify", "--replay").stdout
    assert "packs that are not those shipped" in verified
    assert f"They differ in {aspect}." in verified
    found = sound("ledger", "verify", "--format", "json").json
    [packs] = found["packs_not_shipped"]
    assert found["packs_differ_in"] == {packs: [aspect]}
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
    found = sound("ledger", "verify", "--format", "json").json
    assert (len(found["packs"]), found["packs_not_shipped"], found["packs_differ_in"]) == (2, [], {})
    assert sound("case", "next", CASE).stderr == ""
    assert "judged by those" not in sound("audit", CASE).stdout


@pytest.mark.parametrize(
    ("asked", "code", "told"),
    [
        ("bash_source", 0, "complete"),
        ("fish_source", 0, "complete"),
        ("bash", 2, "Write bash_source, zsh_source or fish_source."),
        ("tcsh_source", 2, "Write bash_source, zsh_source or fish_source."),
    ],
)
@pytest.mark.usefixtures("assent")
def test_completion_that_there_is_not_is_told_with_what_there_is(asked: str, code: int, told: str) -> None:
    said = run_shell(f"_ASSENT_COMPLETE={asked} {sys.executable} -m cli; echo code $?", Path.cwd())
    assert f"code {code}" in said
    assert told in said


def test_output_that_cannot_be_printed_is_told_as_such(sound: RunAssent) -> None:
    assert sound("ledger", "verify").exit_code == 0
    assert "could not be printed" in run_shell(
        f"{sys.executable} -m cli case list > /dev/full; echo code $?", Path.cwd()
    )
    assert "code 8" in run_shell(f"{sys.executable} -m cli case list > /dev/full; echo code $?", Path.cwd())


@pytest.mark.parametrize(
    ("closed", "code"), [(">&-", 8), ("<&- >&-", 8), ("<&- >&- 2>&-", 8), ("<&-", 0), ("2>&-", 0), ("2> /dev/full", 0)]
)
def test_a_stream_that_was_closed_is_no_fault_in_assent(sound: RunAssent, closed: str, code: int) -> None:
    assert sound("ledger", "verify").exit_code == 0
    said = run_shell(f"({sys.executable} -m cli case list {closed}); echo code $?", Path.cwd())
    assert f"code {code}" in said
    assert "fault" not in said


def test_what_cannot_be_said_beside_an_answer_is_no_fault_in_assent(sound: RunAssent) -> None:
    said = run_shell(f"{sys.executable} -m cli audit {CASE} 2> /dev/full; echo code $?", Path.cwd())
    assert sound("ledger", "verify").exit_code == 0
    assert "code 8" in said


def test_a_reader_that_goes_early_is_no_fault(sound: RunAssent) -> None:
    assert sound("ledger", "verify").exit_code == 0
    said = run_shell(f"({sys.executable} -m cli case show {CASE} --part 2; echo code $? >&2) | head -n 1", Path.cwd())
    assert "code 0" in said


def test_a_tick_that_the_terminal_lacks_is_a_question_mark(opened: RunAssent) -> None:
    assert opened("ledger", "verify").exit_code == 0
    said = run_shell(
        f"PYTHONIOENCODING=latin-1 {sys.executable} -m cli case explain {CASE} --on 2018-03-07", Path.cwd()
    )
    assert "? foia.public_interest_test" in said


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_json_says_the_same_whatever_the_terminal_can_print(encoding: str) -> None:
    said = run_shell(f"PYTHONIOENCODING={encoding} {sys.executable} -m cli case list --format json", Path.cwd())
    assert json.loads(said)["cases"][0]["title"] == "Smarter Working – Business Justification Paper"


def test_the_help_begins_with_examples_on_lines_of_their_own(assent: RunAssent) -> None:
    lines = [line.strip() for line in assent("--help").stdout.splitlines()]
    assert "Begin with:" in lines
    assert any(line.startswith("assent demo ") for line in lines)


@pytest.mark.parametrize("words", [("next", CASE), ("explain", CASE, "submit"), ("explain", CASE)])
def test_no_gate_is_called_open_for_a_day_on_which_the_scheme_is_not_in_force(
    opened: RunAssent, words: tuple[str, ...]
) -> None:
    said = opened("case", *words, "--on", "2012-01-15")
    assert (said.exit_code, said.stdout) == (2, "")
    assert "the scheme of mopac is not in force on 2012-01-15: it is first in force on 2012-01-16" in said.stderr


@pytest.mark.parametrize("words", [("next", CASE), ("explain", CASE, "submit")])
def test_who_asks_about_a_day_before_the_last_act_is_told_that_it_is_too_late_for_it(
    opened: RunAssent, words: tuple[str, ...]
) -> None:
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
    ],
)
def test_what_was_not_quoted_for_part_2_is_not_repeated(opened: RunAssent, words: tuple[str, ...]) -> None:
    said = opened("case", *words, "--as", "author", "--on", "2018-03-07")
    assert (said.exit_code, "SECRET" in said.stderr + said.stdout) == (2, False), said.stderr
    assert "quotes" in said.stderr or "--set-exempt" in said.stderr


def test_what_is_wrong_with_a_case_named_after_a_fact_for_part_2_is_told_without_its_name(opened: RunAssent) -> None:
    said = opened("case", "amend", "--as", "author", "--set-exempt", f"{EXEMPT}=withhold", "MOPAC-2018-9")
    assert (said.exit_code, "MOPAC-2018-9" in said.stderr) == (2, False)
    assert said.stderr.startswith("assent: '…' is not a case that is known here\n")
    assert "What stands after --set-exempt is not repeated" in said.stderr


def test_what_is_wrong_beside_a_fact_for_part_2_is_told_all_the_same(opened: RunAssent) -> None:
    said = opened("case", "amend", CASE, "--set-exempt", f"{EXEMPT}=withhold", "--as", "nobody")
    assert "'nobody' is not an officer" in said.stderr
