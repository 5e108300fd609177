"""Record which packs a release ships: `.venv/bin/python -m tests.house.releases`, when the release is made.

A version is recorded once. Its packs cannot be changed afterwards, because stores keep them by their digest.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from rules.packs.library import SHIPPED_FOLDER, Library
from rules.packs.releases import RELEASES_FILE, Release, parse_releases

ROOT = Path(__file__).parents[2]


def add_release(record: str, version: str, on: date, packs: Mapping[str, str]) -> str:
    """Return the text of a record with one more release; raise `ValueError` for a version that it has."""
    known = parse_releases(record.encode())
    if version in known:
        message = f"{version} is recorded already, as released on {known[version].on.isoformat()}"
        raise ValueError(message)
    comment = "".join(line for line in record.splitlines(keepends=True) if line.startswith("#"))
    return (
        comment
        + "releases:\n"
        + "".join(
            f'  "{name}":\n    on: {release.on.isoformat()}\n    packs:\n'
            + "".join(f'      {scheme}: "{digest}"\n' for scheme, digest in sorted(release.packs.items()))
            for name, release in {**known, version: Release(on=on, packs=dict(packs))}.items()
        )
    )


def shipped_digests() -> dict[str, str]:
    """Return the digest of the packs of each scheme that is shipped."""
    library = Library.load([])
    return {name: library.bundle(name).digest for name in library.schemes()}


def main() -> None:
    """Add the version of pyproject.toml, released today, to the record."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    file = SHIPPED_FOLDER / RELEASES_FILE
    try:
        text = add_release(file.read_text(encoding="utf-8"), version, datetime.now(UTC).date(), shipped_digests())
    except ValueError as error:
        sys.exit(f"{error}.")
    file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
