"""What officers type as they know it: read on the command line and in papers, and kept in one form."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.end_to_end.conftest import isolate_environment, run_assent, run_or_fail

PAPER = """public:
  Title: New radios
  author: Ada Author
  matter.kind: award
  matter.novel: no
  estimated value: £40k
  required_by: 31/05/2024
  deferral.asked: N
  exemption:
    S43: {section: Commercial interests, limb: Trade secret}
"""


@pytest.fixture(autouse=True)
def _store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fresh store with an author and a chair, and a paper beside it."""
    isolate_environment(monkeypatch, tmp_path)
    (tmp_path / "paper.yaml").write_text(PAPER, encoding="utf-8")
    run_or_fail("init", "--founder", "Fay Founder", "--on", "2 January 2024")
    founder = ("--as", "fay founder", "--on", "2/1/2024")
    run_or_fail("officer", "add", "Ada Author", "--role", "Report author", "--scheme", "MOPAC", *founder)
    run_or_fail("officer", "add", "Pat Chair", "--role", "PIB-Chair", *founder, "--from", "3rd January 2024")


def test_a_case_is_opened_and_amended_as_officers_write() -> None:
    run_or_fail("case", "open", "paper.yaml", "--scheme", "Mopac", "--as", "ADA_AUTHOR", "--on", "4 March 2024")
    run_or_fail(
        "case", "amend", "mopac 2024 1", "--as", "Ada Author", "--on", "5 Mar 2024", "--set", "Matter novel=Yes",
        "--set", "procurement_commenced_on=12 February 2024", "--unset", "Decision needed by",
        "--set-exempt", "report.financial=Dear.",
    )  # fmt: skip
    shown = json.loads(run_or_fail("case", "show", "MOPAC-2024-1", "--format", "json").stdout)
    kept = {key: shown["facts"][key] for key in ("matter.novel", "procurement_commenced_on", "deferral.asked")}
    assert kept == {"matter.novel": True, "procurement_commenced_on": {"day": "2024-02-12"}, "deferral.asked": False}
    assert "required_by" not in shown["facts"]
    assert shown["facts"]["exemption:s43.limb"] == "trade_secret"
    officers = json.loads(run_or_fail("officer", "list", "--format", "json").stdout)["officers"]
    assert {one["name"]: one["roles"] for one in officers}["Pat Chair"] == ["pib_chair"]


def test_actions_are_found_by_their_labels_and_answers_asked_together() -> None:
    run_or_fail("case", "open", "paper.yaml", "--scheme", "mopac", "--as", "ada-author", "--on", "4 March 2024")
    explained = json.loads(run_or_fail("case", "explain", "MOPAC-2024-1", "Submit", "--format", "json").stdout)
    assert explained["action"] == "submit"
    result = run_assent(
        "case", "act", "MOPAC-2024-1", "SUBMIT", "--as", "ada-author", "--on", "2024-03-05", "--set", "title=A",
        "--set", "author=B",
    )  # fmt: skip
    assert result.exit_code == 2
    assert "2 answers do not belong to submit" in result.stderr
    assert "assent case amend CASE --set author=…" in result.stderr
