"""The controls that are generated from keys of a scheme's head: separation of duties, and late recording."""

from __future__ import annotations

from rules.judging.rulebook import Control
from rules.language.pack_schema import Pack
from rules.packs.late_recording import late_recording_controls
from rules.packs.pack_file import PackFile
from rules.packs.scheme_schema import SchemeDeclaration
from rules.packs.separation import separation_controls
from rules.reading.yaml_reader import YamlFile


def generated_controls(declaration: SchemeDeclaration) -> dict[str, Control]:
    """Every control that is generated from the head of a scheme, by name."""
    return {**separation_controls(declaration), **late_recording_controls(declaration)}


def generated_pack(head: YamlFile, declaration: SchemeDeclaration) -> PackFile | None:
    """The generated controls of a scheme as a pack, for those who read what packs declare; None without any."""
    controls = {name: control.declaration for name, control in generated_controls(declaration).items()}
    title = f"Officers of {declaration.short}"
    return PackFile(head, Pack(pack=declaration.scheme, title=title, controls=controls)) if controls else None
