"""The port through which proofs read packs, so that they never touch the disk themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from rules.errors import Fault
from rules.packs.bundle import BaseScheme, Bundle
from rules.packs.pack_file import PackFile
from rules.packs.readings import Readings
from rules.packs.scheme import Scheme


class PackLibrary(Protocol):
    """What proofs need of the packs that were read; `rules.packs.library` has it."""

    @property
    def files(self) -> Mapping[str, bytes]:
        """Every file by its name inside its folder, such as `law/foia-2000.yaml`."""

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The faults of the files of further folders."""

    @property
    def pack_files(self) -> tuple[PackFile, ...]:
        """Every pack of law and of schemes, each once."""

    @property
    def readings(self) -> Readings:
        """What was read of the law; raises `PackError` with every fault."""

    def schemes(self) -> list[str]:
        """Return the names of the schemes."""

    def scheme(self, name: str) -> Scheme:
        """Return a scheme with its packs; raises `PackError` with every fault, `InputError` if it is unknown."""

    def bundle(self, name: str) -> Bundle:
        """Return the files that make a scheme."""

    def example_files(self, name: str) -> Mapping[str, bytes]:
        """Return the worked examples of a scheme and its packs."""

    def base_scheme(self, name: str) -> BaseScheme:
        """Return a scheme without what further folders set or cite in it."""

    def unused_files(self) -> Sequence[str]:
        """Return the packs of further folders that no scheme takes."""

    def schemes_using(self, file: str) -> list[str]:
        """Return the names of the schemes that take a file."""
