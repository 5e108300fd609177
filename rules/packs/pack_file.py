"""A pack together with the file that it was read from, so that each fault can be given its place."""

from __future__ import annotations

from dataclasses import dataclass

from rules.language.pack_schema import Pack
from rules.reading.yaml_reader import YamlFile

OWN_FOLDER = "schemes/"
"""Where the files of authorities stand in a folder of packs."""


@dataclass(frozen=True, slots=True)
class PackFile:
    """One pack, with the file that it was read from."""

    source: YamlFile
    pack: Pack

    @property
    def is_of_scheme(self) -> bool:
        """Whether it is the authority's own, or a practice of its forms: the life of its scheme limits it."""
        return self.pack.practice or self.source.name.startswith(OWN_FOLDER)

    @property
    def overrides_others(self) -> bool:
        """Whether the pack sets a value or cites a control that another pack may declare."""
        return bool(self.pack.sets or self.pack.cites)

    def without_overrides(self) -> PackFile:
        """The pack without its settings and citations."""
        return PackFile(self.source, self.pack.model_copy(update={"sets": {}, "cites": {}}))
