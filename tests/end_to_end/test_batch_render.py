"""`document render --all`: every document of every case, whole and recorded, or not there."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rules.packs.library import Library
from tests.decisions.fixed_services import services_at
from tests.decisions.stories import DAY_AFTER_STORIES, STORIES, run_story
from tests.end_to_end.conftest import PAPER, CapturedStream, RunAssent
from tests.workflow.walk import two_authorities
from workflow.services import commands as at_desk
from workflow.services.commands import Request, Revision

ALL = ("document", "render", "--all", "-o", "out", "--to", "html")
JSON = ("--format", "json")
ASSENT = [sys.executable, "-m", "cli"]
AUTHOR = Request("aimee-reed", date(2018, 3, 7))
CASES = ["MOPAC-2018-2", "MOPAC-2018-1", "MOPAC-2018-3"]
FORM, REPORT = "decision-form", "iab-report"
KINDS = [form.kind for form in Library.load([]).scheme("mopac").declaration.documents if form.part == 1]
DRAFT, DECIDED, WITHOUT_PART_2 = CASES
MADE = [(case, kind, 1) for case in CASES for kind in KINDS if case == DECIDED or kind != "decision-notice"]
"""Every document of Part 1 that there is: a draft has no notice of its decision."""
PATIENCE = 60.0
"""Seconds after which a test gives up: nothing is measured."""


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a decided case, a draft, and a draft that has no Part 2."""
    store = tmp_path_factory.mktemp("filled") / "assent.db"
    desk = services_at(store, DAY_AFTER_STORIES)
    run_story(desk, STORIES["mopac"])
    paper = at_desk.open_case_from_paper(desk, "mopac", PAPER.read_bytes(), PAPER.name, AUTHOR)
    at_desk.amend_paper(desk, paper.case, Revision({"part_2.exists": "false"}, {}), AUTHOR)
    desk.store.close()
    return store


@pytest.fixture
def office(assent: RunAssent, filled: Path, tmp_path: Path) -> RunAssent:
    """The command line, with that store for its own."""
    shutil.copy(filled, tmp_path / "assent.db")
    return assent


def made(said: Any) -> list[tuple[str, str, int]]:  # noqa: ANN401 - JSON is of any shape
    return [(one["case"], one["kind"], one["part"]) for one in said["documents"]]


def states(said: Any) -> set[str]:  # noqa: ANN401 - JSON is of any shape
    return {one["state"] for one in said["documents"]}


def entries(office: RunAssent) -> int:
    said = office("ledger", "verify")
    assert said.exit_code == 0, said.stderr
    return int(said.stdout.split()[0])


def files(folder: Path = Path("out")) -> dict[str, bytes]:
    """Everything in the folder, hidden files too."""
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}


class TestWhatIsMade:
    def test_every_document_of_every_case_is_made_as_it_is_made_alone(self, office: RunAssent) -> None:
        said = office(*ALL, *JSON, "--jobs", "1").json
        assert said["failed"] == []
        assert made(said) == MADE
        for one in said["documents"]:
            alone = office("document", "render", one["case"], one["kind"], "--to", "html", "--format", "json")
            assert alone.json.items() <= {**one, "path": alone.json["path"]}.items()
            assert Path(one["path"]) == Path("out") / alone.json["path"]
            assert Path(one["path"]).read_bytes() == Path(alone.json["path"]).read_bytes()
            assert office("document", "verify", one["path"]).exit_code == 0
        assert len(files()) == len(said["documents"])

    def test_the_number_of_processes_changes_nothing(self, office: RunAssent, filled: Path) -> None:
        words = ("document", "render", "--all", "--kind", FORM, *JSON)
        alone = office(*words, "-o", "alone", "--jobs", "1").json
        shutil.copy(filled, "assent.db")
        together = office(*words, "-o", "together", "--jobs", "2").json
        assert made(together) == made(alone)
        assert files(Path("together")) == files(Path("alone"))
        assert all(data.startswith(b"%PDF") for data in files(Path("together")).values())

    def test_part_2_is_made_only_where_it_is_asked_for_and_only_of_cases_that_have_one(self, office: RunAssent) -> None:
        said = office(*ALL, *JSON, "--jobs", "1", "--part", "2").json
        assert said["failed"] == []
        assert made(said) == [(case, FORM, 2) for case in CASES if case != WITHOUT_PART_2]
        assert office("document", "render", WITHOUT_PART_2, FORM, "--part", "2", "--to", "html").exit_code == 2

    def test_documents_of_one_kind_are_made_of_those_cases_whose_scheme_has_it(self, office: RunAssent) -> None:
        said = office(*ALL, *JSON, "--jobs", "1", "--kind", REPORT).json
        assert made(said) == [(case, REPORT, 1) for case in CASES]
        wrong = office(*ALL, "--kind", "iab-raport")
        assert (wrong.exit_code, "Did you mean iab-report?" in wrong.stderr) == (2, True)

    def test_an_empty_store_has_none(self, assent: RunAssent) -> None:
        assert assent("init").exit_code == 0
        said = assent(*ALL)
        assert (said.exit_code, said.stdout) == (0, "There are no documents.\n")

    def test_they_are_listed_as_a_table_and_as_csv(self, office: RunAssent) -> None:
        told = office(*ALL, *JSON, "--jobs", "1").json["documents"]
        shown = office(*ALL, "--jobs", "1")
        assert shown.stdout.splitlines()[0].split() == ["Case", "Version", "Kind", "Part", "State", "Path"]
        assert len(shown.stdout.splitlines()) == 1 + len(told)
        listed = office(*ALL, "--jobs", "1", "--format", "csv").stdout.splitlines()
        assert listed[0] == "Case,Version,Kind,Part,To,SHA256,Head,Path,State"
        assert told[0]["sha256"] in listed[1]


class TestASecondRun:
    def test_it_leaves_what_is_there_and_records_nothing(self, office: RunAssent) -> None:
        first = office(*ALL, *JSON, "--jobs", "1").json
        before, count = files(), entries(office)
        again = office(*ALL, *JSON, "--jobs", "1").json
        assert (states(first), states(again)) == ({"written"}, {"unchanged"})
        assert made(again) == made(first)
        forced = office(*ALL, *JSON, "--jobs", "1", "--force").json
        assert states(forced) == {"written"}
        assert (files(), entries(office)) == (before, count)

    def test_it_makes_those_anew_whose_case_has_moved_on(self, office: RunAssent) -> None:
        office(*ALL, "--jobs", "1")
        _amend(DRAFT, {"title": "Another title"})
        again = office(*ALL, *JSON, "--jobs", "1").json
        assert {one["case"] for one in again["documents"] if one["state"] == "written"} == {DRAFT}
        assert {one["version"] for one in again["documents"] if one["case"] == DRAFT} == {3}

    def test_it_makes_those_anew_that_were_taken_away(self, office: RunAssent) -> None:
        first = office(*ALL, *JSON, "--jobs", "1").json
        count = entries(office)
        before = files()
        Path(first["documents"][1]["path"]).unlink()
        again = office(*ALL, *JSON, "--jobs", "1").json
        assert [one["state"] == "written" for one in again["documents"]].index(True) == 1
        assert (files(), entries(office)) == (before, count)


class TestWhatCannotBeMade:
    def test_it_is_named_and_does_not_stop_the_others(self, office: RunAssent) -> None:
        _amend(DRAFT, {"executive_summary": "All of it comes to £2,450,000 in the end."})
        said = office(*ALL, *JSON, "--jobs", "2")
        assert said.exit_code == 8
        lost = [(DRAFT, FORM, 1), (DRAFT, "pib-paper", 1)]  # both print the summary
        assert made(said.json) == [one for one in MADE if one not in lost]
        assert [(one["case"], one["kind"], one["part"]) for one in said.json["failed"]] == lost
        why = f"{DRAFT}: the document would give away an exempt amount"
        assert {one["why"] for one in said.json["failed"]} == {why}
        shown = office(*ALL, "--jobs", "1")
        assert (shown.exit_code, f"assent: {DRAFT} {FORM} Part 1: {why}\n" in shown.stderr) == (8, True)
        assert not [name for name in files() if name.startswith(f"{DRAFT}-{FORM}")]

    @pytest.mark.parametrize("kind", ["", REPORT])
    def test_nor_does_a_case_whose_scheme_is_not_known_here(self, office: RunAssent, kind: str) -> None:
        desk = replace(services_at(Path("assent.db"), DAY_AFTER_STORIES), library=two_authorities())
        with closing(desk.store):
            at_desk.add_officer(desk, "Another Author", "elsewhere", ["author"], Request(""))
            other = at_desk.open_case(
                desk, "elsewhere", {"title": "One"}, {}, Request("another-author", DAY_AFTER_STORIES)
            ).case
        said = office(*ALL, *JSON, "--jobs", "1", *(["--kind", kind] if kind else []))
        assert said.exit_code == 2
        assert made(said.json) == [one for one in MADE if kind in ("", one[1])]
        (lost,) = said.json["failed"]
        assert (lost["case"], lost["kind"], lost["part"]) == (other, kind or "documents", 1)
        assert lost["why"] == "'elsewhere' is not a scheme that is known here"

    def test_what_is_no_document_of_this_store_keeps_its_place(self, office: RunAssent) -> None:
        first = office(*ALL, *JSON, "--jobs", "1").json
        there = Path(first["documents"][0]["path"])
        there.write_bytes(b"something else")
        said = office(*ALL, *JSON, "--jobs", "1")
        assert said.exit_code == 8
        assert [one["why"] for one in said.json["failed"]] == [
            f"{there} is there already, and is no document of this store"
        ]
        assert states(said.json) == {"unchanged"}
        assert there.read_bytes() == b"something else"
        assert states(office(*ALL, *JSON, "--jobs", "1", "--force").json) == {"written"}
        assert there.read_bytes() != b"something else"

    @pytest.mark.parametrize(
        ("words", "code", "told"),
        [
            (("--as", "nobody"), 2, "'nobody' is not an officer"),
            (("--on", "2011-01-01"), 2, "is before the last act on"),
        ],
    )
    def test_who_asks_and_for_which_day_is_looked_at_for_each(
        self, office: RunAssent, words: tuple[str, ...], code: int, told: str
    ) -> None:
        count = entries(office)
        said = office(*ALL, *JSON, "--jobs", "1", *words)
        assert (said.exit_code, said.json["documents"], files(), entries(office)) == (code, [], {}, count)
        assert all(told in one["why"] for one in said.json["failed"])

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (("--all",), "--all needs a folder"),
            (("--all", "-o", "assent.db"), "--all needs a folder"),
            (("--all", "-o", ""), "is empty; it is where to write"),
            (("--all", "CASE", "-o", "out"), "--all is for every case"),
            (("--all", "-o", "out", "--expect-version", "3"), "--all is for every case"),
            (("--all", "-o", "out", "--jobs", "0"), "0 is not in the range"),
            (("CASE",), "say which document: CASE and KIND, or --all"),
            (("CASE", FORM, "--jobs", "2"), "--kind and --jobs go with --all"),
            (("CASE", FORM, "-o", "."), ". is a folder"),
        ],
    )
    def test_what_does_not_go_together_is_refused(self, office: RunAssent, words: tuple[str, ...], told: str) -> None:
        said = office("document", "render", *words)
        assert (said.exit_code, told in said.stderr) == (2, True), said.stderr
        assert not Path("out").exists()


def test_a_link_that_leads_nowhere_is_no_folder(office: RunAssent) -> None:
    Path("out").symlink_to("nowhere")
    said = office(*ALL)
    assert (said.exit_code, "--all needs a folder" in said.stderr) == (2, True)


def test_how_far_it_is_is_shown_on_a_terminal_only(office: RunAssent, monkeypatch: pytest.MonkeyPatch) -> None:
    quiet = office(*ALL, "--jobs", "1")
    monkeypatch.setattr(CapturedStream, "isatty", lambda _: True)
    assert "Making documents" not in quiet.stderr
    assert "Making documents" in office(*ALL, "--jobs", "1").stderr


KILLED = """
import os, signal, sys
from pathlib import Path
import cli
from decisions.issuing import document_files
from workflow.services import issued_documents

def killed_at(nth, work, concerns=lambda *given: True, first=lambda *given: None):
    left = [nth]
    def done(*given, **named):
        left[0] -= concerns(*given)
        if not left[0] and concerns(*given):
            first(*given)
            os.kill(os.getpid(), signal.SIGKILL)
        return work(*given, **named)
    return done

unfinished = lambda path, *given: path.suffix == ".part"
half = lambda path, data: os.write(os.open(path, os.O_CREAT | os.O_WRONLY), data[:100])
moment = sys.argv[1]
if moment == "writing":
    Path.write_bytes = killed_at(3, Path.write_bytes, unfinished, half)
elif moment == "recording":
    issued_documents.record_document_issue = killed_at(3, issued_documents.record_document_issue)
else:
    Path.replace = killed_at(3, Path.replace, unfinished)
cli.main(sys.argv[2:])
"""


@pytest.mark.usefixtures("office")
def test_a_package_in_the_current_folder_is_not_taken_for_one_of_ours() -> None:
    for name in ("decisions", "multiprocessing"):
        Path(name).mkdir()
        (Path(name) / "__init__.py").write_text("raise SystemExit('this is not ours')")
    command = [str(Path(sys.executable).with_name("assent")), *ALL, *JSON, "--jobs", "2"]
    done = subprocess.run(command, check=False, capture_output=True, timeout=PATIENCE)
    assert (done.returncode, done.stderr, len(files())) == (0, b"", len(MADE))


class TestKilled:
    """What SIGKILL leaves, whenever it comes: documents that are whole and recorded, and no others by their names."""

    @pytest.mark.parametrize(("moment", "recorded"), [("writing", 2), ("recording", 2), ("placing", 3)])
    def test_between_two_steps_of_one_document(self, office: RunAssent, moment: str, recorded: int) -> None:
        count = entries(office)
        done = subprocess.run(
            [sys.executable, "-c", KILLED, moment, *ALL, "--jobs", "1"], check=False, capture_output=True
        )
        assert done.returncode == -signal.SIGKILL, done.stderr
        left = [name for name in files() if name.endswith(".part")]
        assert (len(left), len(files()) - len(left), entries(office) - count) == (1, 2, recorded)
        _finished(office, written_before=2)

    @pytest.mark.parametrize("seen", [0, 2])
    def test_at_any_moment_and_with_many_processes(self, office: RunAssent, seen: int) -> None:
        with _running("--jobs", "2") as run:
            _wait(lambda: _begun() > seen or run.poll() is not None)
            run.kill()
            run.wait(PATIENCE)
            _wait(lambda: not _any_left(run))  # those that it started are gone as well
        _finished(office, written_before=None)

    def test_ctrl_c_stops_all_of_it_and_leaves_nothing_half_done(self, office: RunAssent) -> None:
        with _running("--jobs", "2") as run:
            _wait(lambda: _begun() > 0 or run.poll() is not None)
            os.killpg(run.pid, signal.SIGINT)
            _, err = run.communicate(timeout=PATIENCE)
            _wait(lambda: not _any_left(run))
        if run.returncode:  # it can have been done by then
            assert (run.returncode, err.strip()) == (130, b"Stopped; nothing more is recorded.")
        assert not [name for name in files() if name.endswith(".part")]
        _finished(office, written_before=None)


def _running(*words: str) -> subprocess.Popen[bytes]:
    """All documents being made, in a group of processes of its own."""
    command = [*ASSENT, *ALL, *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)


def _begun() -> int:
    """How many files there are while they are being made: none is opened, as it may be gone by then."""
    folder = Path("out")
    return len(list(folder.iterdir())) if folder.exists() else 0


def _wait(until: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not until():
        assert time.monotonic() < deadline, "it does not come"
        time.sleep(0.002)


def _any_left(run: subprocess.Popen[bytes]) -> bool:
    with suppress(ProcessLookupError):
        os.killpg(run.pid, 0)
        return True
    return False


def _finished(office: RunAssent, written_before: int | None) -> None:
    """Check that every document there is known, and that a second run makes the others, each recorded once."""
    there = [name for name in files() if not name.startswith(".")]
    assert [name for name in there if office("document", "verify", f"out/{name}").exit_code != 0] == []
    again = office(*ALL, *JSON, "--jobs", "1").json
    assert again["failed"] == []
    kept = [one for one in again["documents"] if one["state"] == "unchanged"]
    assert sorted(Path(one["path"]).name for one in kept) == sorted(there)
    assert written_before is None or len(there) == written_before
    assert sorted(files()) == sorted(Path(one["path"]).name for one in again["documents"])
    listed = [one for case in CASES for one in office("document", "list", case, *JSON).json["documents"]]
    assert sum(len(one["issued"]) for one in listed) == len(again["documents"])
    assert entries(office) > len(again["documents"])


def _amend(case: str, changed: dict[str, str]) -> None:
    """Change facts of Part 1 of a draft."""
    desk = services_at(Path("assent.db"), DAY_AFTER_STORIES)
    with closing(desk.store):
        at_desk.amend_paper(desk, case, Revision(changed, {}), AUTHOR)
