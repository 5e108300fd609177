"""Rules of the house that the linters cannot put: no authority in code, no clock, no disk, no façades."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(
    [
        ROOT / "cli.py",
        *(path for top in ("rules", "workflow", "decisions", "console") for path in (ROOT / top).rglob("*.py")),
    ]
)
CODE = sorted([*SHIPPED, *(ROOT / "benchmarks").rglob("*.py"), *(ROOT / "templates").glob("*.*")])

AUTHORITY = re.compile(
    r"(?<![a-z])(mopac|dmpc|pib|iab|gla|london|lfc|met(ropolitan)?[ _-]police)(?![a-z])", re.IGNORECASE
)

CLOCK = {"now", "today", "utcnow"}
DISK = {"iterdir", "mkdir", "read_bytes", "read_text", "unlink", "write_bytes", "write_text"}
BUILTINS = {"__import__", "eval", "exec", "input", "open", "print"}
EDGES = (
    "cli",
    "rules.reading.atomic_files",
    "rules.reading.pack_folder",
    "rules.packs.library",
    "rules.authoring.data_files",
    "rules.reading.pack_cache",
    "workflow.adapters.sqlite",
    "decisions.issuing.document_files",
    "decisions.output.pdf",
    "decisions.output.html",
    "decisions.output.word.writer",
    "decisions.output.word.forms.form_writer",
    "decisions.issuing.paper_forms",
    "decisions.issuing.batch",
    "decisions.issuing.workers",
    "console.",
)


def module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def is_edge(path: Path) -> bool:
    return any(module(path) == edge or (edge.endswith(".") and module(path).startswith(edge)) for edge in EDGES)


def calls(source: str) -> Iterator[tuple[str, int]]:
    """Each call in it: `name` of a plain name, `.name` of an attribute; and its line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id, node.lineno
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield f".{node.func.attr}", node.lineno


def imports(source: str) -> Iterator[tuple[str, int]]:
    """Each name that it imports, of a module or in one, in full; and its line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def places(paths: list[Path], unwanted: set[str]) -> list[str]:
    found = ((path, line, name) for path in paths for name, line in calls(path.read_text(encoding="utf-8")))
    return [f"{path.relative_to(ROOT)}:{line}: {name}()" for path, line, name in found if name in unwanted]


def test_the_shipped_code_is_found() -> None:
    assert {module(path).split(".")[0] for path in SHIPPED} == {"cli", "rules", "workflow", "decisions", "console"}
    assert any(is_edge(path) for path in SHIPPED)


def test_a_call_is_seen_however_it_is_written() -> None:
    assert list(calls("datetime.datetime.now(UTC)\nwith open(x) as f: f()")) == [
        (".now", 1),
        ("open", 2),
        ("f", 2),
    ]


def test_no_authority_is_named_in_code() -> None:
    named = (
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in CODE
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if AUTHORITY.search(line)
    )
    assert list(named) == []


@pytest.mark.parametrize(
    "text", ["mopac", "GLA", "pib.outcome", "gla_scheme", "the Met Police", "Europe/London", "DMPC's"]
)
def test_an_authority_is_known_when_it_is_seen(text: str) -> None:
    assert AUTHORITY.search(text)


@pytest.mark.parametrize("text", ["England", "glad", "a metropolitan borough", "single"])
def test_another_word_is_no_authority(text: str) -> None:
    assert not AUTHORITY.search(text)


def test_only_the_command_line_reads_the_clock() -> None:
    assert places([path for path in SHIPPED if module(path) != "cli"], {f".{name}" for name in CLOCK}) == []


def test_only_the_edges_touch_the_disk_or_the_terminal() -> None:
    unwanted = BUILTINS | {f".{name}" for name in DISK}
    assert places([path for path in SHIPPED if not is_edge(path)], unwanted) == []


def test_what_is_pure_imports_no_edge() -> None:
    """Only an edge may hold an edge; what is pure is handed what was read."""
    edges = tuple(edge.rstrip(".") for edge in EDGES)
    held = (
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in SHIPPED
        if not is_edge(path)
        for name, line in imports(path.read_text(encoding="utf-8"))
        if any(f"{name}.".startswith(f"{edge}.") for edge in edges)
    )
    assert list(held) == []


def test_an_import_is_seen_however_it_is_written() -> None:
    source = "import a.b as x\ndef f():\n    from a import b\n    from a.b import c"
    assert list(imports(source)) == [("a.b", 1), ("a.b", 3), ("a.b.c", 4)]


def test_modules_are_imported_and_not_facades() -> None:
    packages = [path for path in SHIPPED if path.name == "__init__.py"]
    assert packages
    assert [module(path) for path in packages if path.read_text(encoding="utf-8").strip()] == []


def test_no_imports_lead_in_a_circle() -> None:
    """Neither do late ones, inside functions: each module can be read without the modules that need it."""
    names = {module(path) for path in SHIPPED}
    graph = {
        module(path): {
            found
            for name, _ in imports(path.read_text(encoding="utf-8"))
            for found in (name, name.rpartition(".")[0])
            if found in names
        }
        for path in SHIPPED
    }
    TopologicalSorter(graph).prepare()  # raises `CycleError` with the circle


def test_every_folder_of_code_is_a_package() -> None:
    """A folder of tests without an __init__.py would let two test modules of one name hide each other."""
    tests = (ROOT / "tests").rglob("*.py")
    folders = {path.parent for path in [*SHIPPED, *tests]} - {ROOT}
    assert [str(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_imports_run_one_way() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
