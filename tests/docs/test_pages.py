"""Every command in README and docs prints what the page shows."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, Command, agrees, page_files, read_steps, run_page, shortened
from tests.end_to_end.conftest import isolate_environment
from tests.plain_run import in_turn

README = ROOT / "README.md"
PAGES = page_files()
MAX_README_LINES = 200


@pytest.mark.parametrize("page", in_turn(PAGES, keep=7), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_prints_what_the_page_shows(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    isolate_environment(monkeypatch, tmp_path)
    for command, printed in run_page(page, tmp_path):
        assert agrees(printed, command.shown), f"$ {command.line}\n{printed}\n\nThe page shows:\n{command.shown}"


def test_the_readme_shows_a_case_and_a_day_at_the_desk() -> None:
    commands = [step for step in read_steps(README) if isinstance(step, Command)]
    assert len(commands) >= 10


def test_the_readme_fits_two_hundred_lines() -> None:
    assert len(README.read_text(encoding="utf-8").splitlines()) <= MAX_README_LINES


@pytest.mark.parametrize(
    ("printed", "shown", "same"),
    [
        ("a\nb", "a\nb", True),
        ("a\nb", "a", False),
        ("a\nb\nc", "a\n[...]", True),
        ("a\nb\nc", "[...]\nc", True),
        ("a\nb\nc", "a\n[...]\nc", True),
        ("a\nc", "a\n[...]\nc", True),
        ("a\nb\nc", "a\n[...]\nd", False),
        ("ab\nc", "a\n[...]\nc", False),
    ],
)
def test_an_omission_stands_for_whole_lines(printed: str, shown: str, same: bool) -> None:
    assert agrees(printed, shown) is same


def test_an_update_keeps_the_omission() -> None:
    assert shortened("1\n2\n3\n4", "a\n[...]\nb") == "1\n[...]\n4"


def test_every_link_between_pages_leads_somewhere() -> None:
    pages = [README, *ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    links = [
        (page, link.partition("#")[0])
        for page in pages
        for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
        if not re.match(r"[a-z]+:|#", link)
    ]
    assert links
    assert [f"{page.relative_to(ROOT)}: {link}" for page, link in links if not (page.parent / link).exists()] == []


def test_the_explanation_of_dependencies_names_each_and_why() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    text = (ROOT / "docs" / "developers" / "dependencies.md").read_text(encoding="utf-8").casefold()
    names = [re.split(r"[=><]", dependency)[0].strip().casefold() for dependency in project["dependencies"]]
    assert [name for name in names if name not in text] == []


def test_every_decision_record_is_listed() -> None:
    folder = ROOT / "docs" / "adr"
    listed = re.findall(r"\]\((\S+\.md)\)", (folder / "index.md").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(path.name for path in folder.glob("*.md") if path.name != "index.md")
