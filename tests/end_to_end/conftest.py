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

PAPER = Path(__file__).parents[2] / "decisions" / "examples" / "smarter-working.yaml"


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


@pytest.fixture
def office(assent: RunAssent) -> RunAssent:
    """A store with an officer in each role of the scheme."""
    assert assent("init").exit_code == 0
    scheme = assent("scheme", "show", "mopac", "--format", "json").json
    for role in scheme["roles"]:
        assert assent("officer", "add", role, "--role", role, "--scheme", "mopac", "--on", "2018-03-01").exit_code == 0
    return assent


@pytest.fixture
def opened(office: RunAssent) -> RunAssent:
    """The same with the Smarter Working case opened; its public-interest test is still missing."""
    result = office("case", "open", PAPER, "--scheme", "mopac", "--as", "author", "--on", "2018-03-07")
    assert result.exit_code == 0, result.stderr
    return office


@pytest.fixture
def sound(opened: RunAssent) -> RunAssent:
    """The same with the public-interest test recorded, so that the case can be submitted."""
    result = opened(
        *("case", "amend", "MOPAC-2018-1", "--as", "author", "--on", "2018-03-07"),
        *("--set-exempt", "exemption:s43.public_interest=withhold"),
        *("--set-exempt", "exemption:s43.public_interest_reasons=Prices are still being agreed."),
    )
    assert result.exit_code == 0, result.stderr
    return opened
