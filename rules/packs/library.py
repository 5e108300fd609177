"""The library: finds the files of packs and schemes, and puts a scheme together from them.

A folder of packs holds `law/*.yaml`, `days/*.yaml` and `schemes/<authority>/*.yaml`. A file in a later folder
takes the place of the one with the same name before it. Files whose name ends in `examples.yaml` prove the
packs and are no part of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path

from rules.errors import Fault, FileError, InputError, PackError
from rules.packs.bundle import EXAMPLES, Bundle, Older, Read, calendar_in, head_of, parts_in
from rules.packs.linker import Part
from rules.packs.pack_files import faults_alone
from rules.packs.scheme import Scheme
from rules.reading.pack_cache import Shelf
from rules.reading.pack_folder import files_in
from rules.reading.yaml_reader import read_through
from rules.values.calendar import Calendar
from rules.values.citation import Citation
from rules.values.suggestions import did_you_mean
from rules.values.text import quoted

SHIPPED = Path(__file__).parents[1] / "data"


class Library:
    """Files of packs by their names inside their folders, such as `schemes/<authority>/rules.yaml`.

    `further` has the files that further folders give, each with the folder in which one of its name stands first: 1 is
    the first further folder, and 0 what is shipped, whose files such a folder may have its own in the place of.
    """

    def __init__(
        self, files: Mapping[str, bytes], read: Read = read_through, further: Mapping[str, int] | None = None
    ) -> None:
        self.files = dict(files)
        self.further = dict(further or {})
        self._read = read
        self._bundles: dict[str, Bundle] = {}

    @classmethod
    def of(cls, folders: Iterable[Path], shelf: Path | None = None) -> Library:
        """The packs shipped with assent and those of further folders, if these are sound.

        Raises `InputError` for a folder without any, and `PackError` with every fault of every file of the folders,
        also of one that no scheme takes. What was read is kept on a shelf, where a folder for one is given.
        """
        library = cls.unchecked(folders, shelf)
        if library.faults:
            raise PackError(library.faults)
        return library

    @classmethod
    def unchecked(cls, folders: Iterable[Path], shelf: Path | None = None) -> Library:
        """The same, whatever its files say: `faults` tells what is wrong in them."""
        files, further = files_in(SHIPPED), dict[str, int]()
        for place, folder in enumerate(folders, start=1):
            own = files_in(folder)
            further |= {file: 0 if file in files else place for file in own if file not in further}
            files |= own
        return cls(files, lru_cache(maxsize=64)(Shelf(shelf).read) if shelf else read_through, further)

    @cached_property
    def faults(self) -> tuple[Fault, ...]:
        """What is wrong with the files of further folders: with each by itself, and with the schemes that take it.

        Those that are shipped are read when they are wanted, and are proved by the tests.
        """
        if not self.further:
            return ()
        found = list(faults_alone({file: self.files[file] for file in sorted(self.further)}, self._read))
        for name in self.schemes():
            try:
                if self.further.keys() & self.bundle(name).files.keys():
                    self.scheme(name)
            except FileError as error:
                found += error.faults
        return tuple(found)

    def untaken(self) -> list[str]:
        """The files of further folders that are part of no scheme, and so judge nothing."""
        packs = (file for file in sorted(self.further) if not file.endswith(EXAMPLES))
        return [file for file in packs if not self.taking(file)]

    def schemes(self) -> list[str]:
        """The names of the schemes that there are."""
        return sorted({name.split("/")[1] for name in self.files if name.startswith("schemes/")})

    def scheme(self, name: str) -> Scheme:
        """A scheme with all packs that apply to it; raises `PackError` with every fault, `InputError` for no such."""
        return self.bundle(name).scheme()

    def bundle(self, name: str) -> Bundle:
        """The files that a scheme is put together from."""
        if name not in self._bundles:
            if name not in self.schemes():
                advice = f"{did_you_mean(name, self.schemes())} The folder of another is given with --packs."
                raise InputError(f"{quoted(name, 120)} is not a scheme that is known here", advice.strip())
            self._bundles[name] = self._gathered(name)
        return self._bundles[name]

    def _gathered(self, name: str) -> Bundle:
        own = self._of_scheme(name, examples=False)
        head, text = head_of(own, self._read)
        wanted = {f"law/{pack}.yaml": ("packs",) for pack in text.packs} | {f"days/{text.calendar}.yaml": ("calendar",)}
        faults = [head.fault(at, f"{file} is not there") for file, at in wanted.items() if file not in self.files]
        if text.scheme != name:  # its cases would be opened under it, and then judged by the scheme of that name
            faults.append(head.fault(("scheme",), f"must be {name}, as its folder is called"))
        if faults:
            raise PackError(faults)
        return Bundle({**own, **{file: self.files[file] for file in wanted}}, self._read)

    def _of_scheme(self, name: str, *, examples: bool) -> dict[str, bytes]:
        """The files in a scheme's own folder: its examples, or all the others."""
        own = {file: data for file, data in self.files.items() if file.startswith(f"schemes/{name}/")}
        return {file: data for file, data in own.items() if file.endswith(EXAMPLES) is examples}

    def examples(self, name: str) -> dict[str, bytes]:
        """The files of worked examples that prove a scheme and its packs."""
        packs = [file.removesuffix(".yaml") for file in self.bundle(name).files if file.startswith("law/")]
        wanted = {f"{pack}.{EXAMPLES}" for pack in packs}
        wanted |= self._of_scheme(name, examples=True).keys()
        return {file: data for file, data in self.files.items() if file in wanted}

    def older(self, name: str) -> Older:
        """A scheme as its examples know it: without what packs of later folders than their own set or cite."""
        files = self.examples(name)
        return Older(self._before(name, 0), {file: self._before(name, self.further.get(file, 0)) for file in files})

    def _before(self, name: str, place: int) -> Scheme:
        """A scheme without what the packs of later folders than the one at a place set or cite."""
        parts = self.bundle(name).parts() if self.further else ()
        later = (part for part in parts if part.sets_others and self.further.get(part.source.name, 0) > place)
        return self.bundle(name).scheme(frozenset(part.source.name for part in later))

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Every pack that there is, of law and of schemes, each once; raises `PackError` with every fault."""
        law = {file: data for file, data in self.files.items() if file.startswith("law/")}
        law = {file: data for file, data in law.items() if not file.endswith(EXAMPLES)}
        own = [part for name in self.schemes() for part in self.bundle(name).parts()]
        return (*parts_in(law, self._read), *(part for part in own if part.source.name not in law))

    def taking(self, file: str) -> list[str]:
        """The names of the schemes that a file of a pack is part of."""
        return [name for name in self.schemes() if file in self.bundle(name).files]

    def calendars(self) -> Iterator[tuple[str, Calendar, Citation]]:
        """Each table of bank holidays, with its file and where it comes from."""
        for file, data in self.files.items():
            if file.startswith("days/"):
                source, calendar = calendar_in(file, data, self._read)
                yield file, calendar, Citation.model_validate(source.data["citation"])
