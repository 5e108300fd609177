"""The library: the files of packs and schemes, and the schemes that they make.

A folder of packs holds `law/*.yaml`, `days/*.yaml` and `schemes/<authority>/*.yaml`. Files whose name ends in
`examples.yaml` prove the packs, files under `readings/` say what was read of the law, and neither are part of them.

Invariants:
- A file in a later folder replaces the file of the same name in an earlier one, as a whole.
- A scheme is made of the files in its own folder, the packs that its head names and its calendar; of nothing else.
- Only `load` and `load_unchecked` read the disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
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
from rules.packs.generated_controls import generated_pack
from rules.packs.letterhead_schema import is_image
from rules.packs.national_law import (
    NationalLaw,
    calendar_of_national_law,
    find_national_packs,
    link_national_law,
)
from rules.packs.pack_file import PackFile
from rules.packs.readings import Readings, parse_readings_file
from rules.packs.readings_schema import READINGS_FOLDER
from rules.packs.scheme import Scheme
from rules.packs.scheme_schema import is_scheme_head
from rules.reading.pack_cache import PackCache
from rules.reading.pack_folder import read_pack_files
from rules.reading.yaml_reader import KeyPath, read_pack_yaml
from rules.values.calendar import Calendar
from rules.values.citation import Citation
from rules.values.names import find_meant_name
from rules.values.suggestions import did_you_mean
from rules.values.text import quote

SHIPPED_FOLDER = Path(__file__).parents[1] / "data"


class Library:
    """Files of packs by their names inside their folders, such as `schemes/<authority>/rules.yaml`.

    `extra_files` maps each file that further folders give to the number of the first folder with a file of that name:
    0 is the shipped folder, 1 the first further one.
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
        """The packs shipped with assent and those of further folders.

        Raises `InputError` for a folder without packs, and `PackError` with every fault of every file in the folders,
        also of files that no scheme uses. With a cache folder, files are read from there if they did not change.
        """
        library = cls.load_unchecked(folders, cache_folder)
        if library.faults:
            raise PackError(library.faults)
        return library

    @classmethod
    def load_unchecked(cls, folders: Iterable[Path], cache_folder: Path | None = None) -> Library:
        """The same, but faults are left in `faults` instead of raised."""
        files, extra_files = read_pack_files(SHIPPED_FOLDER), dict[str, int]()
        for number, folder in enumerate(folders, start=1):
            own = read_pack_files(folder)
            extra_files |= {file: 0 if file in files else number for file in own if file not in extra_files}
            files |= own
        read_source = lru_cache(maxsize=64)(PackCache(cache_folder).read) if cache_folder else read_pack_yaml
        return cls(files, read_source, extra_files)

    @cached_property
    def faults(self) -> tuple[Fault, ...]:
        """The faults of the files of further folders: of each by itself, and of the schemes that use them.

        Shipped files are not read for this: the tests prove them, and reading them would slow every command.
        """
        if not self.extra_files:
            return ()
        from rules.packs.file_validation import standalone_faults  # slow to import, and few commands need it

        extra = {file: self.files[file] for file in sorted(self.extra_files)}
        faults = list(standalone_faults(extra, self._read_source))
        for name in self.schemes():
            try:
                if self.extra_files.keys() & self.bundle(name).files.keys():
                    self.scheme(name)
            except FileError as error:
                faults += error.faults
        return tuple(faults)

    def unused_files(self) -> list[str]:
        """The files of further folders that no scheme uses, and that so judge nothing."""
        beside = (f"{READINGS_FOLDER}*", f"*{EXAMPLES_SUFFIX}")
        packs = (file for file in sorted(self.extra_files) if not any(fnmatchcase(file, each) for each in beside))
        return [file for file in packs if not self.schemes_using(file)]

    def schemes(self) -> list[str]:
        """The names of all schemes."""
        return sorted({name.split("/")[1] for name in self.files if name.startswith("schemes/") and not is_image(name)})

    def scheme_as_typed(self, typed: str) -> Scheme:
        """The scheme that is meant, as `Parks` means `parks`; raises as `scheme` does."""
        return self.scheme(find_meant_name(typed, self.schemes()) or typed)

    @cached_property
    def time_zone(self) -> str:
        """The time zone of all schemes; empty if they have several or none."""
        zones = {self._time_zone_of(name) for name in self.schemes()}
        return zones.pop() if len(zones) == 1 else ""

    def _time_zone_of(self, name: str) -> str:
        """The time zone that the head of a scheme states; empty for a head that cannot be read."""
        for file, data in self._scheme_files(name, examples=False).items():
            content = self._read_source(data, file).data
            if is_scheme_head(content):
                stated = content.get("time_zone", "")
                return stated if isinstance(stated, str) else ""
        return ""

    def scheme(self, name: str) -> Scheme:
        """A scheme with its packs; raises `InputError` for an unknown name, `PackError` with every fault."""
        return self.bundle(name).scheme()

    def bundle(self, name: str) -> Bundle:
        """The files that make a scheme; raises as `scheme` does for its head and for missing files."""
        if name not in self._bundles:
            if name not in self.schemes():
                advice = (
                    f"{did_you_mean(name, self.schemes())} For any other, give its folder: assent --packs FOLDER ..."
                )
                raise InputError(f"{quote(name, 120)} is not a scheme that is known here", advice.strip())
            self._bundles[name] = self._gather_bundle(name)
        return self._bundles[name]

    def _gather_bundle(self, name: str) -> Bundle:
        own = self._scheme_files(name, examples=False)
        head, declaration = read_scheme_head(own, self._read_source)
        needed: dict[str, KeyPath] = {use.file: ("packs", place) for place, use in enumerate(declaration.packs)}
        needed |= {f"shared/{use.file}.yaml": ("shared", place) for place, use in enumerate(declaration.shared)}
        needed[f"days/{declaration.calendar}.yaml"] = ("calendar",)
        faults = [
            head.fault_at(at, self._describe_missing(file)) for file, at in needed.items() if file not in self.files
        ]
        if declaration.scheme != name:  # cases would name the one scheme and be judged by the other
            faults.append(head.fault_at(("scheme",), f"must be {name}, as its folder is called"))
        if declaration.flow_of:
            faults.append(head.fault_at(("flow_of",), "is written by assent alone: take it out"))
        if faults:
            raise PackError(faults)
        logo = f"schemes/{name}/{declaration.letterhead.logo}" if declaration.letterhead else ""
        images = {logo: self.files[logo]} if logo in self.files else {}  # a missing one is a fault of the scheme
        return Bundle({**own, **{file: self.files[file] for file in needed}, **images}, self._read_source)

    def _describe_missing(self, file: str) -> str:
        """Say that a file is not there, with the closest name of those that are in its folder."""
        folder, _, name = file.removesuffix(".yaml").rpartition("/")
        others = (
            other for other in self.files if other.startswith(f"{folder}/") and not other.endswith(EXAMPLES_SUFFIX)
        )
        names = [other.removesuffix(".yaml").rpartition("/")[2] for other in others]
        return f"{file} is not there. {did_you_mean(name, names)}".strip()

    def _scheme_files(self, name: str, *, examples: bool) -> dict[str, bytes]:
        """The packs in a scheme's own folder: its examples, or all others."""
        own = {file: data for file, data in self.files.items() if file.startswith(f"schemes/{name}/")}
        packs = {file: data for file, data in own.items() if not is_image(file)}
        return {file: data for file, data in packs.items() if file.endswith(EXAMPLES_SUFFIX) is examples}

    def example_files(self, name: str) -> dict[str, bytes]:
        """The files of worked examples that prove a scheme and its packs."""
        packs = [file.removesuffix(".yaml") for file in self.bundle(name).files if file.startswith("law/")]
        examples = {f"{pack}.{EXAMPLES_SUFFIX}" for pack in packs}
        examples |= self._scheme_files(name, examples=True).keys()
        return {file: data for file, data in self.files.items() if file in examples}

    def base_scheme(self, name: str) -> BaseScheme:
        """A scheme as its examples were written for it: without what packs of later folders set or cite."""
        files = self.example_files(name)
        return BaseScheme(
            self._scheme_before_folder(name, 0),
            {file: self._scheme_before_folder(name, self.extra_files.get(file, 0)) for file in files},
        )

    def _scheme_before_folder(self, name: str, folder_number: int) -> Scheme:
        """A scheme without what the packs of folders after the one of a number set or cite."""
        pack_files = self.bundle(name).pack_files() if self.extra_files else ()
        later = (
            pack_file.source.name
            for pack_file in pack_files
            if pack_file.overrides_others and self.extra_files.get(pack_file.source.name, 0) > folder_number
        )
        return self.bundle(name).scheme(frozenset(later))

    @cached_property
    def pack_files(self) -> tuple[PackFile, ...]:
        """Every pack, of law and of schemes, each once; raises `PackError` with every fault."""
        law = {file: data for file, data in self.files.items() if file.startswith("law/")}
        law = {file: data for file, data in law.items() if not file.endswith(EXAMPLES_SUFFIX)}
        in_schemes = [pack_file for name in self.schemes() for pack_file in self.bundle(name).pack_files()]
        own = (pack_file for pack_file in in_schemes if pack_file.source.name not in law)
        heads = (self.bundle(name).parse() for name in self.schemes())
        generated = (generated_pack(parsed.head, parsed.declaration) for parsed in heads)
        return (*parse_pack_files(law, self._read_source), *own, *filter(None, generated))

    @cached_property
    def readings(self) -> Readings:
        """What was read of the law; raises `PackError` with every fault."""
        files = {file: data for file, data in self.files.items() if file.startswith(READINGS_FOLDER)}
        return Readings(parse_readings_file(file, data, self._read_source) for file, data in files.items())

    @cached_property
    def national_law(self) -> NationalLaw:
        """The law for papers that name no scheme; raises `PackError` with every fault."""
        law = {file: data for file, data in self.files.items() if file.startswith("law/")}
        law = {file: data for file, data in law.items() if not file.endswith(EXAMPLES_SUFFIX)}
        packs = find_national_packs(parse_pack_files(law, self._read_source))
        days = f"days/{calendar_of_national_law(packs)}.yaml"
        if days not in self.files:
            raise PackError([Fault(days, 0, "", "is not there, and a pack names it under without_scheme")])
        _, calendar = read_calendar(days, self.files[days], self._read_source)
        names = [days, *(each.source.name for each in packs)]
        return link_national_law(packs, calendar, {name: self.files[name] for name in names})

    def schemes_using(self, file: str) -> list[str]:
        """The names of the schemes that use a file."""
        return [name for name in self.schemes() if file in self.bundle(name).files]

    def calendars(self) -> Iterator[tuple[str, Calendar, Citation]]:
        """Each table of bank holidays, with its file and its citation."""
        for file, data in self.files.items():
            if file.startswith("days/"):
                source, calendar = read_calendar(file, data, self._read_source)
                yield file, calendar, Citation.model_validate(source.data["citation"])
