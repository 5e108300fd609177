"""The page of licences in docs/developers, by what installed packages say.

`python -m tests.docs.licences` writes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import metadata
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
CONSTRAINTS = ROOT / "constraints.txt"
PAGE = ROOT / "docs" / "developers" / "licences.md"
_LARGE = ("pyspark", "py4j")
"""What only the extra for Spark brings: it is not installed for tests."""
_OSI_APPROVED = "License :: OSI Approved :: "
_HEAD = """# Licences

What running assent installs, with its extras, and the licence that each package states. Made by `make reference` from
the packages themselves; `make sbom` writes the bill of materials with versions and digests.

| package | licence |
|---|---|
"""


class Licensed(NamedTuple):
    """A package and the licence that it states; empty where it states none."""

    package: str
    licence: str


def constrained() -> Iterator[Requirement]:
    """Yield each package of constraints.txt that this Python and system need."""
    for line in CONSTRAINTS.read_text(encoding="utf-8").splitlines():
        if not line.startswith(" "):
            requirement = Requirement(line.removesuffix("\\").strip())
            if requirement.marker is None or requirement.marker.evaluate():
                yield requirement


def licences() -> list[Licensed]:
    """Return the licence of each package, by name."""
    names = dict.fromkeys(each.name for each in constrained() if each.name not in _LARGE)
    return [Licensed(name, _licence_of(name)) for name in names]


def _licence_of(package: str) -> str:
    stated = metadata(package)
    if "License-Expression" in stated:
        return str(stated["License-Expression"])
    classifiers = [each for each in stated.get_all("Classifier") or [] if each.startswith("License :: ")]
    shown = " or ".join(each.removeprefix(_OSI_APPROVED).removeprefix("License :: ") for each in classifiers)
    in_words = str(stated["License"]) if "License" in stated else ""
    return shown or next(iter(in_words.splitlines()), "")


def licence_page() -> str:
    """Return the page."""
    return _HEAD + "".join(f"| {package} | {licence} |\n" for package, licence in licences())


if __name__ == "__main__":
    PAGE.write_text(licence_page(), encoding="utf-8")
