"""The shipped packs, and the same with one thing changed."""

from collections.abc import Callable
from typing import TypeAlias

import pytest

from rules.errors import Fault, PackError
from rules.library import Library
from rules.scheme import Scheme

HEAD = "schemes/mopac/scheme.yaml"
RULES = "schemes/mopac/rules.yaml"
EXAMPLES = "schemes/mopac/examples.yaml"
PROCUREMENT = "law/public-contracts-2015.yaml"
THRESHOLDS = "law/procurement-thresholds.yaml"
FOIA = "law/foia-2000.yaml"
PRACTICE = "law/decision-practice.yaml"

Change: TypeAlias = tuple[str, str, str]
Altered: TypeAlias = Callable[..., Library]


@pytest.fixture(scope="session")
def library() -> Library:
    return Library.of([])


@pytest.fixture(scope="session")
def scheme(library: Library) -> Scheme:
    return library.scheme("mopac")


@pytest.fixture
def altered(library: Library) -> Altered:
    """The shipped library with some changes, each a file, the text that stands in it once, and what replaces it."""

    def alter(*changes: Change) -> Library:
        files = dict(library.files)
        for file, old, new in changes:
            text = files[file].decode()
            assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
            files[file] = text.replace(old, new).encode()
        return Library(files)

    return alter


def faults_of(library: Library) -> tuple[Fault, ...]:
    """What a scheme is refused for."""
    with pytest.raises(PackError) as refused:
        library.scheme("mopac")
    return refused.value.faults


def line_of(library: Library, file: str, text: str) -> int:
    """The line in which some text stands, which must be one."""
    lines = [n for n, line in enumerate(library.files[file].decode().splitlines(), start=1) if text in line]
    assert len(lines) == 1, f"{text!r} stands in the lines {lines} of {file}"
    return lines[0]
