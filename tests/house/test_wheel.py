"""What is installed is the whole product and nothing but the product, and needs no checkout beside it."""

import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PRODUCT: list[str] = PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        yield archive


@pytest.fixture(scope="module")
def contents(wheel: zipfile.ZipFile) -> set[str]:
    return {name for name in wheel.namelist() if ".dist-info/" not in name}


@pytest.fixture(scope="module")
def installed(wheel: zipfile.ZipFile, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    wheel.extractall(folder)
    return folder


def files_of(name: str) -> set[str]:
    """Each file of one part of the product, as it lies in the checkout."""
    top = ROOT / name
    files = [top] if top.is_file() else [path for path in top.rglob("*") if path.is_file()]
    return {str(path.relative_to(ROOT)) for path in files if "__pycache__" not in path.parts}


def run(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the installed product where nothing of the checkout is near."""
    program = "import sys, cli; assert sys.argv[1] in cli.__file__, cli.__file__; cli.main(sys.argv[2:])"
    return subprocess.run(
        [sys.executable, "-P", "-c", program, str(installed), *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(installed), "HOME": str(folder), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


@pytest.mark.parametrize("part", PRODUCT)
def test_every_file_of_the_product_is_in_the_wheel(part: str, contents: set[str]) -> None:
    files = files_of(part)
    assert files
    assert files <= contents


def test_nothing_else_is_in_the_wheel(contents: set[str]) -> None:
    assert contents == set().union(*map(files_of, PRODUCT))


@pytest.mark.parametrize(
    "pattern",
    [
        "rules/data/law/*.yaml",
        "rules/data/days/*.yaml",
        "rules/data/schemes/*/scheme.yaml",
        "rules/data/starter/*.yaml",
        "rules/data/manual/schemes/*/*.yaml",
        "decisions/examples/*.yaml",
        "templates/*.html",
        "templates/*.css",
        "templates/fonts/*.ttf",
        "templates/fonts/OFL.txt",
        "templates/fonts/fonts.conf",
    ],
)
def test_the_wheel_holds_what_the_product_reads_as_it_runs(pattern: str, contents: set[str]) -> None:
    assert any(Path(name).match(pattern) for name in contents)


def test_the_wheel_brings_the_command_and_the_licence(wheel: zipfile.ZipFile) -> None:
    (entry_points,) = (name for name in wheel.namelist() if name.endswith("/entry_points.txt"))
    assert "assent = cli:main" in wheel.read(entry_points).decode()
    assert any(name.endswith("/licenses/LICENSE") for name in wheel.namelist())


def test_the_wheel_finds_its_schemes_from_another_folder(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "scheme", "list")
    assert (done.returncode, done.stderr) == (0, "")
    assert "mopac" in done.stdout


@pytest.mark.long
def test_the_wheel_runs_the_demo_from_another_folder(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "demo", "out")
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "out").rglob("*.pdf"))) >= 3
