"""What is installed is locked with its digests, and its licences are listed and let anybody use assent."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.licences import CONSTRAINTS, PAGE, ROOT, licence_page, licences

UV = Path(sys.executable).with_name("uv")
EXPORT = ("export", "--locked", "--no-emit-project", "--no-header", "--no-annotate", "--quiet", "--offline")
OPEN = re.compile(r"\b(MIT|BSD|Apache|PSF|MPL|LGPL|Mozilla Public License)\b")


@pytest.mark.skipif(not UV.exists(), reason="needs uv, which make setup installs beside Python")
@pytest.mark.parametrize(
    ("file", "chosen"),
    [
        (CONSTRAINTS, ("--no-dev", "--all-extras")),
        (ROOT / ".ci" / "installer.txt", ("--only-group", "installer")),
    ],
)
def test_the_file_says_what_the_lock_says(file: Path, chosen: tuple[str, ...]) -> None:
    exported = subprocess.run([UV, *EXPORT, *chosen], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert file.read_text(encoding="utf-8") == exported


def test_every_version_has_digests() -> None:
    entries = re.split(r"\n(?=\S)", CONSTRAINTS.read_text(encoding="utf-8"))
    assert all(re.match(r"\S+==\S+", entry) and "--hash=sha256:" in entry for entry in entries)


def test_the_page_of_licences_is_true() -> None:
    assert PAGE.read_text(encoding="utf-8") == licence_page()


def test_each_package_has_a_licence_that_lets_anybody_use_assent() -> None:
    assert [each for each in licences() if not OPEN.search(each.licence)] == []
