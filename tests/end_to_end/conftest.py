from __future__ import annotations

import io
import json
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import cli
from tests.prepared_stores import merge_pending_writes, remove_store, store_files

PAPER = Path(__file__).parents[2] / "decisions" / "examples" / "smarter-working.yaml"
STORE = Path("assent.db")


@dataclass(frozen=True)
class CommandResult:
    """The exit code and output of one command."""

    exit_code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - JSON is of any shape
        return json.loads(self.stdout)


RunAssent = Callable[..., CommandResult]


class CapturedStream(io.StringIO):
    """A stream that collects output. A test can patch `isatty` to make it a terminal."""


def run_assent(*arguments: object) -> CommandResult:
    """Run one command in this process and return its result."""
    out, err = CapturedStream(), CapturedStream()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as left:
        cli.main([str(word) for word in arguments])
    assert "Traceback" not in err.getvalue()
    return CommandResult(int(left.value.code or 0), out.getvalue(), err.getvalue())


def run_or_fail(*arguments: object) -> CommandResult:
    """Run one command, which must succeed."""
    result = run_assent(*arguments)
    assert result.exit_code == 0, result.stderr
    return result


def isolate_environment(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Run commands in a folder, without the settings of the environment that started the tests."""
    monkeypatch.chdir(folder)
    monkeypatch.delenv("ASSENT_STORE", raising=False)
    monkeypatch.delenv("ASSENT_DEBUG", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def assent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunAssent:
    """The command line in an empty folder."""
    isolate_environment(monkeypatch, tmp_path)
    return run_assent


class PreparedFolders:
    """Folders as some commands left them: the first test to begin with one runs the commands, others get a copy.

    Only files that lie in the folder itself are kept.
    """

    def __init__(self) -> None:
        self._files: dict[str, dict[str, bytes]] = {}

    def begin(self, name: str, prepare: Callable[[], object]) -> None:
        """Fill the current folder by `prepare`, or with a copy of what it made before."""
        if name in self._files:
            remove_store(STORE)
            for file, data in self._files[name].items():
                Path(file).write_bytes(data)
                Path(file).chmod(0o600)  # or each command would warn that others can read the store
            return
        prepare()
        merge_pending_writes(STORE)
        beside = store_files(STORE)[1:]
        self._files[name] = {path.name: path.read_bytes() for path in Path().iterdir() if path not in beside}


@pytest.fixture(scope="session")
def prepared() -> PreparedFolders:
    return PreparedFolders()


@pytest.fixture
def office(assent: RunAssent, prepared: PreparedFolders) -> RunAssent:
    """A store with an officer in each role of the scheme."""
    prepared.begin("office", make_office)
    return assent


@pytest.fixture
def opened(assent: RunAssent, prepared: PreparedFolders) -> RunAssent:
    """The same with the Smarter Working case opened; its public-interest test is still missing."""
    prepared.begin("opened", open_case)
    return assent


@pytest.fixture
def sound(assent: RunAssent, prepared: PreparedFolders) -> RunAssent:
    """The same with the public-interest test recorded, so that the case can be submitted."""
    prepared.begin("sound", make_case_sound)
    return assent


def make_office() -> None:
    run_or_fail("init")
    for role in run_or_fail("scheme", "show", "mopac", "--format", "json").json["roles"]:
        run_or_fail("officer", "add", role, "--role", role, "--scheme", "mopac", "--on", "2018-03-01")


def open_case() -> None:
    make_office()
    run_or_fail("case", "open", PAPER, "--scheme", "mopac", "--as", "author", "--on", "2018-03-07")


def make_case_sound() -> None:
    open_case()
    run_or_fail(
        *("case", "amend", "MOPAC-2018-1", "--as", "author", "--on", "2018-03-07"),
        *("--set-exempt", "exemption:s43.public_interest=withhold"),
        *("--set-exempt", "exemption:s43.public_interest_reasons=Prices are still being agreed."),
    )
