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
from rules.packs.bundle import (
    EXAMPLES_SUFFIX,
    BaseScheme,
    Bundle,
    SourceReader,
    parse_pack_files,
    read_calendar,
    read_scheme_head,
)
from rules.packs.file_validation import standalone_faults
from rules.packs.linker import PackFile
from rules.packs.scheme import Scheme
from rules.reading.pack_cache import PackCache
from rules.reading.pack_folder import read_pack_files
from rules.reading.yaml_reader import read_pack_yaml
from rules.values.calendar import Calendar
from rules.values.citation import Citation
from rules.values.suggestions import did_you_mean
from rules.values.text import quote

SHIPPED_FOLDER = Path(__file__).parents[1] / "data"


class Library:
    """Files of packs by their names inside their folders, such as `schemes/<authority>/rules.yaml`.

    `further` has the files that further folders give, each with the folder in which one of its name stands first: 1 is
    the first further folder, and 0 what is shipped, whose files such a folder may have its own in the place of.
    """

    def __init__(
        self,
        files: Mapping[str, bytes],
        read_source: SourceReader = read_pack_yaml,
        extra_files: Mapping[str, int] | None = None,
    ) -> None:
        self.files = dict(files)
        self.extra_files = dict(extra_files or {})
        self._read_source = read_source
        self._bundles: dict[str, Bundle] = {}

    @classmethod
    def load(cls, folders: Iterable[Path], cache_folder: Path | None = None) -> Library:
        """The packs shipped with assent and those of further folders, if these are sound.

        Raises `InputError` for a folder without any, and `PackError` with every fault of every file of the folders,
        also of one that no scheme takes. What was read is kept on a shelf, where a folder for one is given.
        """
        library = cls.load_unchecked(folders, cache_folder)
        if library.faults:
            raise PackError(library.faults)
        return library

    @classmethod
    def load_unchecked(cls, folders: Iterable[Path], cache_folder: Path | None = None) -> Library:
        """The same, whatever its files say: `faults` tells what is wrong in them."""
        files, further = read_pack_files(SHIPPED_FOLDER), dict[str, int]()
        for place, folder in enumerate(folders, start=1):
            own = read_pack_files(folder)
            further |= {file: 0 if file in files else place for file in own if file not in further}
            files |= own
        return cls(
            files, lru_cache(maxsize=64)(PackCache(cache_folder).read) if cache_folder else read_pack_yaml, further
        )

    @cached_property
    def faults(self) -> tuple[Fault, ...]:
        """What is wrong with the files of further folders: with each by itself, and with the schemes that take it.

        Those that are shipped are read when they are wanted, and are proved by the tests.
        """
        if not self.extra_files:
            return ()
        found = list(
            standalone_faults({file: self.files[file] for file in sorted(self.extra_files)}, self._read_source)
        )
        for name in self.schemes():
            try:
                if self.extra_files.keys() & self.bundle(name).files.keys():
                    self.scheme(name)
            except FileError as error:
                found += error.faults
        return tuple(found)

    def unused_files(self) -> list[str]:
        """The files of further folders that are part of no scheme, and so judge nothing."""
        packs = (file for file in sorted(self.extra_files) if not file.endswith(EXAMPLES_SUFFIX))
        return [file for file in packs if not self.schemes_using(file)]

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
                raise InputError(f"{quote(name, 120)} is not a scheme that is known here", advice.strip())
            self._bundles[name] = self._gather_bundle(name)
        return self._bundles[name]

    def _gather_bundle(self, name: str) -> Bundle:
        own = self._scheme_files(name, examples=False)
        head, text = read_scheme_head(own, self._read_source)
        wanted = {f"law/{pack}.yaml": ("packs",) for pack in text.packs} | {f"days/{text.calendar}.yaml": ("calendar",)}
        faults = [head.fault_at(at, f"{file} is not there") for file, at in wanted.items() if file not in self.files]
        if text.scheme != name:  # its cases would be opened under it, and then judged by the scheme of that name
            faults.append(head.fault_at(("scheme",), f"must be {name}, as its folder is called"))
        if faults:
            raise PackError(faults)
        return Bundle({**own, **{file: self.files[file] for file in wanted}}, self._read_source)

    def _scheme_files(self, name: str, *, examples: bool) -> dict[str, bytes]:
        """The files in a scheme's own folder: its examples, or all the others."""
        own = {file: data for file, data in self.files.items() if file.startswith(f"schemes/{name}/")}
        return {file: data for file, data in own.items() if file.endswith(EXAMPLES_SUFFIX) is examples}

    def example_files(self, name: str) -> dict[str, bytes]:
        """The files of worked examples that prove a scheme and its packs."""
        packs = [file.removesuffix(".yaml") for file in self.bundle(name).files if file.startswith("law/")]
        wanted = {f"{pack}.{EXAMPLES_SUFFIX}" for pack in packs}
        wanted |= self._scheme_files(name, examples=True).keys()
        return {file: data for file, data in self.files.items() if file in wanted}

    def base_scheme(self, name: str) -> BaseScheme:
        """A scheme as its examples know it: without what packs of later folders than their own set or cite."""
        files = self.example_files(name)
        return BaseScheme(
            self._scheme_before_folder(name, 0),
            {file: self._scheme_before_folder(name, self.extra_files.get(file, 0)) for file in files},
        )

    def _scheme_before_folder(self, name: str, folder_number: int) -> Scheme:
        """A scheme without what the packs of later folders than the one at a place set or cite."""
        parts = self.bundle(name).pack_files() if self.extra_files else ()
        later = (
            part
            for part in parts
            if part.overrides_others and self.extra_files.get(part.source.name, 0) > folder_number
        )
        return self.bundle(name).scheme(frozenset(part.source.name for part in later))

    @cached_property
    def pack_files(self) -> tuple[PackFile, ...]:
        """Every pack that there is, of law and of schemes, each once; raises `PackError` with every fault."""
        law = {file: data for file, data in self.files.items() if file.startswith("law/")}
        law = {file: data for file, data in law.items() if not file.endswith(EXAMPLES_SUFFIX)}
        own = [part for name in self.schemes() for part in self.bundle(name).pack_files()]
        return (*parse_pack_files(law, self._read_source), *(part for part in own if part.source.name not in law))

    def schemes_using(self, file: str) -> list[str]:
        """The names of the schemes that a file of a pack is part of."""
        return [name for name in self.schemes() if file in self.bundle(name).files]

    def calendars(self) -> Iterator[tuple[str, Calendar, Citation]]:
        """Each table of bank holidays, with its file and where it comes from."""
        for file, data in self.files.items():
            if file.startswith("days/"):
                source, calendar = read_calendar(file, data, self._read_source)
                yield file, calendar, Citation.model_validate(source.data["citation"])
