"""Reads the YAML that the wheel carries for authors: the starter authority, and the example of the manual."""

from __future__ import annotations

from rules.packs.library import SHIPPED_FOLDER
from rules.reading.pack_folder import read_pack_files

STARTER_FOLDER = SHIPPED_FOLDER / "starter"
MANUAL_FOLDER = SHIPPED_FOLDER / "manual"


def read_starter_templates() -> dict[str, str]:
    """Return the files of the starter by name, with their placeholders."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(STARTER_FOLDER.glob("*.yaml"))}


def read_manual_example() -> dict[str, bytes]:
    """Return the packs of the authority in the manual's examples."""
    return read_pack_files(MANUAL_FOLDER)
