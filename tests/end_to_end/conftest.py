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
class Said:
    """What one command came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - JSON is of any shape
        return json.loads(self.out)


Assent = Callable[..., Said]


class Stream(io.StringIO):
    """What a command writes to; a test may say that it is a terminal."""


def run(*words: object) -> Said:
    """One command, and what it came to."""
    out, err = Stream(), Stream()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as left:
        cli.main([str(word) for word in words])
    assert "Traceback" not in err.getvalue()
    return Said(int(left.value.code or 0), out.getvalue(), err.getvalue())


def settle(here: pytest.MonkeyPatch, folder: Path) -> None:
    """Have commands run in a folder, and read nothing of the environment in which the tests were started."""
    here.chdir(folder)
    here.delenv("ASSENT_STORE", raising=False)
    here.delenv("ASSENT_DEBUG", raising=False)
    here.delenv("NO_COLOR", raising=False)
    here.setenv("TERM", "xterm")
    here.setenv("COLUMNS", "100")


@pytest.fixture
def assent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Assent:
    """The command line, in a folder of its own."""
    settle(monkeypatch, tmp_path)
    return run


@pytest.fixture
def office(assent: Assent) -> Assent:
    """A store with an officer in each role of the scheme."""
    assert assent("init").code == 0
    scheme = assent("scheme", "show", "mopac", "--format", "json").json
    for role in scheme["roles"]:
        assert assent("officer", "add", role, "--role", role, "--scheme", "mopac", "--on", "2018-03-01").code == 0
    return assent


@pytest.fixture
def opened(office: Assent) -> Assent:
    """An office with the Smarter Working case opened and not yet sound."""
    said = office("case", "open", PAPER, "--scheme", "mopac", "--as", "author", "--on", "2018-03-07")
    assert said.code == 0, said.err
    return office


@pytest.fixture
def sound(opened: Assent) -> Assent:
    """The case with its public-interest test recorded."""
    said = opened(
        *("case", "amend", "MOPAC-2018-1", "--as", "author", "--on", "2018-03-07"),
        *("--set-exempt", "exemption:s43.public_interest=withhold"),
        *("--set-exempt", "exemption:s43.public_interest_reasons=Prices are still being agreed."),
    )
    assert said.code == 0, said.err
    return opened
