"""`document render --all`: every document of every case is either whole and recorded, or not there."""

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
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from rules.packs.library import Library
from tests.decisions.fixed_services import services_at
from tests.decisions.stories import DAY_AFTER_STORIES, STORIES, run_story
from tests.end_to_end.conftest import PAPER, CapturedStream, RunAssent
from tests.plain_run import only_long
from tests.workflow.walk import two_authorities
from workflow.adapters.sqlite import SqliteStore
from workflow.services import commands, officer_commands
from workflow.services.commands import Request, Revision

ALL = ("document", "render", "--all", "-o", "out", "--to", "html")
JSON = ("--format", "json")
ASSENT = [sys.executable, "-m", "cli"]
AUTHOR = Request("aimee-reed", date(2018, 3, 7))
CASES = ["MOPAC-2018-2", "MOPAC-2018-1", "MOPAC-2018-3"]
FORM, REPORT = "decision-form", "iab-report"
KINDS = [form.kind for form in Library.load([]).scheme("mopac").declaration.documents if form.part == 1]
DRAFT, DECIDED, WITHOUT_PART_2 = CASES
ALL_DOCUMENTS = [(case, kind, 1) for case in CASES for kind in KINDS if case == DECIDED or kind != "decision-notice"]
"""Every document of Part 1. A draft has no notice of its decision."""
TIMEOUT = 60.0
"""Seconds after which a test gives up."""


@pytest.fixture(scope="session")
def stories_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a decided case, a draft, and a draft that has no Part 2."""
    store = tmp_path_factory.mktemp("stories_store") / "assent.db"
    services = services_at(store, DAY_AFTER_STORIES)
    run_story(services, STORIES["mopac"])
    paper = commands.open_case_from_paper(services, "mopac", PAPER.read_bytes(), PAPER.name, AUTHOR)
    commands.amend_paper(services, paper.case, Revision({"part_2.exists": "false"}, {}), AUTHOR)
    services.store.close()
    return store


@pytest.fixture
def office(assent: RunAssent, stories_store: Path, tmp_path: Path) -> RunAssent:
    """The command line with a copy of that store."""
    shutil.copy(stories_store, tmp_path / "assent.db")
    return assent


def document_keys(result: Any) -> list[tuple[str, str, int]]:  # noqa: ANN401 - JSON is of any shape
    return [(document["case"], document["kind"], document["part"]) for document in result["documents"]]


def states(result: Any) -> set[str]:  # noqa: ANN401 - JSON is of any shape
    return {document["state"] for document in result["documents"]}


def entries(office: RunAssent) -> int:
    result = office("ledger", "verify")
    assert result.exit_code == 0, result.stderr
    return int(result.stdout.split()[0])


def files(folder: Path = Path("out")) -> dict[str, bytes]:
    """Return the files in a folder by name, hidden files too."""
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}


class TestFirstRun:
    def test_each_document_has_the_same_bytes_as_when_made_alone(self, office: RunAssent) -> None:
        result = office(*ALL, *JSON, "--jobs", "1").json
        assert result["failed"] == []
        assert document_keys(result) == ALL_DOCUMENTS
        for document in result["documents"]:
            alone = office("document", "render", document["case"], document["kind"], "--to", "html", "--format", "json")
            assert alone.json.items() <= {**document, "path": alone.json["path"]}.items()
            assert Path(document["path"]) == Path("out") / alone.json["path"]
            assert Path(document["path"]).read_bytes() == Path(alone.json["path"]).read_bytes()
            assert office("document", "verify", document["path"]).exit_code == 0
        assert len(files()) == len(result["documents"])

    @pytest.mark.long  # test_workers shows it for one case
    def test_the_number_of_processes_changes_nothing(self, office: RunAssent, stories_store: Path) -> None:
        words = ("document", "render", "--all", "--kind", FORM, *JSON)
        alone = office(*words, "-o", "alone", "--jobs", "1").json
        shutil.copy(stories_store, "assent.db")
        together = office(*words, "-o", "together", "--jobs", "2").json
        assert document_keys(together) == document_keys(alone)
        assert files(Path("together")) == files(Path("alone"))
        assert all(data.startswith(b"%PDF") for data in files(Path("together")).values())

    def test_part_2_is_made_on_request_and_only_for_cases_that_have_one(self, office: RunAssent) -> None:
        result = office(*ALL, *JSON, "--jobs", "1", "--part", "2").json
        assert result["failed"] == []
        assert document_keys(result) == [(case, FORM, 2) for case in CASES if case != WITHOUT_PART_2]
        assert office("document", "render", WITHOUT_PART_2, FORM, "--part", "2", "--to", "html").exit_code == 2

    def test_one_kind_is_made_for_every_case_whose_scheme_has_it(self, office: RunAssent) -> None:
        result = office(*ALL, *JSON, "--jobs", "1", "--kind", REPORT).json
        assert document_keys(result) == [(case, REPORT, 1) for case in CASES]
        wrong = office(*ALL, "--kind", "iab-raport")
        assert (wrong.exit_code, "Did you mean iab-report?" in wrong.stderr) == (2, True)

    def test_an_empty_store_has_no_documents(self, assent: RunAssent) -> None:
        assert assent("init").exit_code == 0
        result = assent(*ALL)
        assert (result.exit_code, result.stdout) == (0, "No documents found.\n")

    def test_documents_are_listed_as_a_table_and_as_csv(self, office: RunAssent) -> None:
        documents = office(*ALL, *JSON, "--jobs", "1").json["documents"]
        shown = office(*ALL, "--jobs", "1")
        assert shown.stdout.splitlines()[0].split() == ["Case", "Version", "Kind", "Part", "State", "Path"]
        assert len(shown.stdout.splitlines()) == 1 + len(documents)
        listed = office(*ALL, "--jobs", "1", "--format", "csv").stdout.splitlines()
        assert listed[0] == "Case,Version,Kind,Part,To,SHA256,Head,Path,State"
        assert documents[0]["sha256"] in listed[1]


class TestSecondRun:
    def test_it_leaves_existing_documents_alone_and_records_nothing(self, office: RunAssent) -> None:
        first = office(*ALL, *JSON, "--jobs", "1").json
        before, count = files(), entries(office)
        again = office(*ALL, *JSON, "--jobs", "1").json
        assert (states(first), states(again)) == ({"written"}, {"unchanged"})
        assert document_keys(again) == document_keys(first)
        forced = office(*ALL, *JSON, "--jobs", "1", "--force").json
        assert states(forced) == {"written"}
        assert (files(), entries(office)) == (before, count)

    def test_it_makes_the_documents_of_changed_cases_again(self, office: RunAssent) -> None:
        office(*ALL, "--jobs", "1")
        _amend(DRAFT, {"title": "Another title"})
        again = office(*ALL, *JSON, "--jobs", "1").json
        assert {document["case"] for document in again["documents"] if document["state"] == "written"} == {DRAFT}
        assert {document["version"] for document in again["documents"] if document["case"] == DRAFT} == {3}

    def test_it_makes_deleted_documents_again(self, office: RunAssent) -> None:
        first = office(*ALL, *JSON, "--jobs", "1").json
        count = entries(office)
        before = files()
        Path(first["documents"][1]["path"]).unlink()
        again = office(*ALL, *JSON, "--jobs", "1").json
        assert [document["state"] == "written" for document in again["documents"]].index(True) == 1
        assert (files(), entries(office)) == (before, count)


class TestFailures:
    def test_a_document_that_leaks_is_named_and_the_others_are_made(self, office: RunAssent) -> None:
        _amend(DRAFT, {"executive_summary": "All of it comes to £2,450,000 in the end."})
        result = office(*ALL, *JSON, "--jobs", "2")
        assert result.exit_code == 8
        failed = [(DRAFT, FORM, 1), (DRAFT, "pib-paper", 1)]  # both contain the summary
        assert document_keys(result.json) == [document for document in ALL_DOCUMENTS if document not in failed]
        assert [(document["case"], document["kind"], document["part"]) for document in result.json["failed"]] == failed
        says = "Part 1, Executive summary, says “£2,450,000”"
        why = f"{DRAFT}: {says}, which is confidential in Part 2 as the estimated value"
        assert {document["why"] for document in result.json["failed"]} == {why}
        shown = office(*ALL, "--jobs", "1")
        assert (shown.exit_code, f"assent: {DRAFT} {FORM} Part 1: {why}\n" in shown.stderr) == (8, True)
        assert not [name for name in files() if name.startswith(f"{DRAFT}-{FORM}")]

    @pytest.mark.parametrize("kind", ["", REPORT])
    def test_a_case_with_an_unknown_scheme_is_named_and_the_others_are_made(self, office: RunAssent, kind: str) -> None:
        services = replace(services_at(Path("assent.db"), DAY_AFTER_STORIES), library=two_authorities())
        with closing(services.store):
            officer_commands.add_officer(
                services,
                "Another Author",
                officer_commands.RoleAppointment("elsewhere", ("author",)),
                Request("r-lawrence"),
            )
            other = commands.open_case(
                services, "elsewhere", {"title": "One"}, {}, Request("another-author", DAY_AFTER_STORIES)
            ).case
        result = office(*ALL, *JSON, "--jobs", "1", *(["--kind", kind] if kind else []))
        assert result.exit_code == 2
        assert document_keys(result.json) == [document for document in ALL_DOCUMENTS if kind in ("", document[1])]
        (failed,) = result.json["failed"]
        assert (failed["case"], failed["kind"], failed["part"]) == (other, kind or "documents", 1)
        assert failed["why"] == "'elsewhere' is not a scheme that is known here"

    def test_a_file_that_is_not_a_document_of_this_store_is_kept(self, office: RunAssent) -> None:
        first = office(*ALL, *JSON, "--jobs", "1").json
        path = Path(first["documents"][0]["path"])
        path.write_bytes(b"something else")
        result = office(*ALL, *JSON, "--jobs", "1")
        assert result.exit_code == 8
        assert [document["why"] for document in result.json["failed"]] == [
            f"{path} is there already, and is no document of this store"
        ]
        assert states(result.json) == {"unchanged"}
        assert path.read_bytes() == b"something else"
        assert states(office(*ALL, *JSON, "--jobs", "1", "--force").json) == {"written"}
        assert path.read_bytes() != b"something else"

    @pytest.mark.parametrize(
        ("words", "code", "message"),
        [
            (("--as", "nobody"), 2, "'nobody' is not an officer"),
            (("--on", "2011-01-01"), 2, "is before the last act on"),
        ],
    )
    def test_officer_and_day_are_checked_for_each_document(
        self, office: RunAssent, words: tuple[str, ...], code: int, message: str
    ) -> None:
        count = entries(office)
        result = office(*ALL, *JSON, "--jobs", "1", *words)
        assert (result.exit_code, result.json["documents"], files(), entries(office)) == (code, [], {}, count)
        assert all(message in document["why"] for document in result.json["failed"])

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            (("--all",), "--all needs a folder"),
            (("--all", "-o", "assent.db"), "--all needs a folder"),
            (("--all", "-o", ""), "it is empty. Give the name of a file or folder to write to"),
            (("--all", "CASE", "-o", "out"), "--all makes documents for every case"),
            (("--all", "-o", "out", "--expect-version", "3"), "--all makes documents for every case"),
            (("--all", "-o", "out", "--jobs", "0"), "0 is not in the range"),
            (("CASE",), "name a document: CASE and KIND, or --all"),
            (("CASE", FORM, "--jobs", "2"), "--kind and --jobs need --all"),
            (("CASE", FORM, "-o", "."), ". is a folder"),
        ],
    )
    def test_options_that_do_not_go_together_are_refused(
        self, office: RunAssent, words: tuple[str, ...], message: str
    ) -> None:
        result = office("document", "render", *words)
        assert (result.exit_code, message in result.stderr) == (2, True), result.stderr
        assert not Path("out").exists()


def test_a_broken_link_is_not_a_folder(office: RunAssent) -> None:
    Path("out").symlink_to("nowhere")
    result = office(*ALL)
    assert (result.exit_code, "--all needs a folder" in result.stderr) == (2, True)


def test_progress_is_shown_on_a_terminal_only(office: RunAssent, monkeypatch: pytest.MonkeyPatch) -> None:
    quiet = office(*ALL, "--jobs", "1")
    monkeypatch.setattr(CapturedStream, "isatty", lambda _: True)
    assert "Making documents" not in quiet.stderr
    assert "Making documents" in office(*ALL, "--jobs", "1").stderr


KILL_SCRIPT = """
import os, signal, sys
from pathlib import Path
import cli
from decisions.issuing import document_files
from workflow.services import issued_documents

def kill_at(nth, function, counts=lambda *args: True, before=lambda *args: None):
    calls_left = [nth]
    def wrapper(*args, **kwargs):
        calls_left[0] -= counts(*args)
        if not calls_left[0] and counts(*args):
            before(*args)
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **kwargs)
    return wrapper

is_partial = lambda path, *args: path.suffix == ".part"
write_half = lambda path, data: os.write(os.open(path, os.O_CREAT | os.O_WRONLY), data[:100])
moment = sys.argv[1]
if moment == "writing":
    Path.write_bytes = kill_at(3, Path.write_bytes, is_partial, write_half)
elif moment == "recording":
    issued_documents.record_document_issue = kill_at(3, issued_documents.record_document_issue)
else:
    Path.replace = kill_at(3, Path.replace, is_partial)
cli.main(sys.argv[2:])
"""


@pytest.mark.long
@pytest.mark.usefixtures("office")
def test_a_package_in_the_current_folder_is_not_imported() -> None:
    for name in ("decisions", "multiprocessing"):
        Path(name).mkdir()
        (Path(name) / "__init__.py").write_text("raise SystemExit('this is not ours')")
    command = [str(Path(sys.executable).with_name("assent")), *ALL, *JSON, "--jobs", "2"]
    process = subprocess.run(command, check=False, capture_output=True, timeout=TIMEOUT)
    assert (process.returncode, process.stderr, len(files())) == (0, b"", len(ALL_DOCUMENTS))


class TestKilled:
    """Whenever SIGKILL comes, it leaves whole, recorded documents, and nothing else under their names."""

    @pytest.mark.parametrize(("moment", "recorded"), [("recording", 2), *only_long(("writing", 2), ("placing", 3))])
    def test_killed_between_two_steps_of_one_document(self, office: RunAssent, moment: str, recorded: int) -> None:
        count = entries(office)
        process = subprocess.run(
            [sys.executable, "-c", KILL_SCRIPT, moment, *ALL, "--jobs", "1"], check=False, capture_output=True
        )
        assert process.returncode == -signal.SIGKILL, process.stderr
        left = [name for name in files() if name.endswith(".part")]
        assert (len(left), len(files()) - len(left), entries(office) - count) == (1, 2, recorded)
        _check_complete(office, written_before=2)

    @pytest.mark.long
    @pytest.mark.parametrize("files_before", [0, 2])
    def test_killed_at_any_moment_with_many_processes(self, office: RunAssent, files_before: int) -> None:
        with _running("--jobs", "2") as run:
            _wait(lambda: _count_files() > files_before or run.poll() is not None)
            run.kill()
            run.wait(TIMEOUT)
            _wait(lambda: not _is_group_alive(run))  # its workers are gone too
        _check_complete(office, written_before=None)

    @pytest.mark.long
    def test_ctrl_c_stops_all_workers_and_leaves_no_partial_file(self, office: RunAssent) -> None:
        with _running("--jobs", "2") as run:
            _wait(lambda: _count_files() > 0 or run.poll() is not None)
            os.killpg(run.pid, signal.SIGINT)
            _, err = run.communicate(timeout=TIMEOUT)
            _wait(lambda: not _is_group_alive(run))
        if run.returncode:  # it may have finished before the signal
            assert (run.returncode, err.strip()) == (130, b"Stopped. Nothing more was recorded.")
        assert not [name for name in files() if name.endswith(".part")]
        _check_complete(office, written_before=None)


def _running(*words: str) -> subprocess.Popen[bytes]:
    """Start rendering all documents, in a process group of its own."""
    command = [*ASSENT, *ALL, *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)


def _count_files() -> int:
    """Count the files so far. None is opened, because it may be gone by then."""
    folder = Path("out")
    return len(list(folder.iterdir())) if folder.exists() else 0


def _wait(until: Callable[[], bool]) -> None:
    deadline = time.monotonic() + TIMEOUT
    while not until():
        assert time.monotonic() < deadline, "timed out"
        time.sleep(0.002)


def _is_group_alive(run: subprocess.Popen[bytes]) -> bool:
    with suppress(ProcessLookupError):
        os.killpg(run.pid, 0)
        return True
    return False


def _check_complete(office: RunAssent, written_before: int | None) -> None:
    """Check that every file verifies, and that a second run makes the missing ones, each recorded once."""
    present = [name for name in files() if not name.startswith(".")]
    assert [name for name in present if office("document", "verify", f"out/{name}").exit_code != 0] == []
    again = office(*ALL, *JSON, "--jobs", "1").json
    assert again["failed"] == []
    unchanged = [document for document in again["documents"] if document["state"] == "unchanged"]
    assert sorted(Path(document["path"]).name for document in unchanged) == sorted(present)
    assert written_before is None or len(present) == written_before
    assert sorted(files()) == sorted(Path(document["path"]).name for document in again["documents"])
    listed = [document for case in CASES for document in office("document", "list", case, *JSON).json["documents"]]
    assert sum(len(document["issued"]) for document in listed) == len(again["documents"])
    assert entries(office) > len(again["documents"])


def _amend(case: str, changed: dict[str, str]) -> None:
    """Change public facts of a draft."""
    store = SqliteStore("assent.db", lambda: datetime.now(UTC))  # the commands before and after use this clock
    services = replace(services_at(Path("assent.db"), DAY_AFTER_STORIES), store=store)
    with closing(services.store):
        commands.amend_paper(services, case, Revision(changed, {}), AUTHOR)
