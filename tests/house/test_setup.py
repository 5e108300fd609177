"""The set-up gives the same house to everybody, from places that everybody can reach."""

import ast
import importlib
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "uv.lock").read_text(encoding="utf-8")


def roots(path: Path) -> set[str]:
    """The first word of each module that a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(str(node.module).partition(".")[0])
    return found


def normal(name: str) -> str:
    """A distribution's name as the index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


ONLY_BOUNDED = {"pandas", "sqlglot"}
"""What Ibis and Spark import and we do not; its version is bounded for them."""
INSTALLED_BY_TEST_ALL = {"pyspark"}
"""What is too large for every set-up."""


def needed() -> set[str]:
    """The distributions that assent says it needs, those of its extras included."""
    names = {normal(re.split(r"[^\w.-]", line)[0]) for line in metadata.requires("assent") or []}
    return names - ONLY_BOUNDED - {"assent"}


def test_durable_rules_can_be_imported() -> None:
    """On Python 3.13 it installs without a word and fails here, unless it was built with our flag."""
    assert importlib.import_module("durable.engine").Host


def test_the_lock_names_no_place_but_the_public_index() -> None:
    hosts = set(re.findall(r"\w+://([^/\"]+)", LOCK))
    assert hosts == {"pypi.org", "files.pythonhosted.org"}


def test_the_lock_names_no_folder_of_the_machine_that_made_it() -> None:
    paths = re.findall(r'(?:path|directory|editable|virtual) = "([^"]+)"', LOCK)
    assert paths == ["."]


def test_every_locked_file_has_its_hash() -> None:
    files = re.findall(r"\{ url = .*", LOCK)
    assert files
    assert [line for line in files if 'hash = "sha256:' not in line] == []


def test_what_runs_here_is_what_is_locked() -> None:
    # One library can be locked in several versions, each for some versions of Python.
    locked = {(package["name"], package["version"]) for package in tomllib.loads(LOCK)["package"]}
    running = {name: metadata.version(name) for name in needed() - INSTALLED_BY_TEST_ALL}
    assert running
    assert set(running.items()) <= locked


def test_what_the_code_imports_is_what_assent_says_it_needs() -> None:
    """Neither more (it would be there by luck) nor less (it would be installed for nothing)."""
    ours = {"cli", "console", "decisions", "rules", "workflow"}
    files = [ROOT / "cli.py", *(path for top in ours for path in (ROOT / top).rglob("*.py"))]
    imported = set().union(*map(roots, files)) - ours - sys.stdlib_module_names
    imported |= {"tzdata"}  # zoneinfo reads it where the machine has no time zones
    distributions = metadata.packages_distributions()
    assert {normal(distributions.get(name, [name])[0]) for name in imported} == needed()
