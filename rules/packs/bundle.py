"""Bundles: exactly the files that make one scheme, named by a digest.

Invariants:
- The digest covers the name and every byte of every file. It is the content address by which rulings name packs and
  ledgers keep them, so the method of computing it never changes.
- A bundle is read without anything but its own files, so one kept in a ledger can be judged by years later.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from rules.errors import Fault, FileError, InputError, PackError
from rules.judging.rulebook import Control
from rules.packs.declared_words import WordSource
from rules.packs.generated_controls import generated_controls
from rules.packs.language_versions import find_language_version
from rules.packs.letterhead_schema import is_image, load_logo
from rules.packs.linker import link_packs
from rules.packs.pack_file import OWN_FOLDER, PackFile
from rules.packs.pack_mapping import rename_for_use
from rules.packs.pack_use import PackUse
from rules.packs.scheme import Scheme
from rules.packs.scheme_schema import SchemeDeclaration, is_scheme_head
from rules.packs.shared_parts import SharedFile, SharedParts, resolve_shared_parts
from rules.packs.validation import build_scheme
from rules.packs.workflow_facts import workflow_fact_declarations
from rules.reading.yaml_reader import YamlFile, read_pack_yaml
from rules.values.calendar import Calendar, parse_calendar
from rules.values.png import Png

MAX_KEPT_SCHEMES = 48
"""Of ever-new pack versions a process keeps only the last ones used: each scheme takes about 2 MiB."""
SHARED_FOLDER = "shared/"
EXAMPLES_SUFFIX = "examples.yaml"
"""The ending of the names of files that prove packs and are no part of them."""
SourceReader: TypeAlias = Callable[[bytes, str], YamlFile]
"""How the bytes of a file become data: read strictly, or taken from a cache of files read before."""


class BaseScheme(NamedTuple):
    """A scheme without the values and citations that later folders set, for the examples written without them.

    `scheme` has none of them; `scheme_by_file` has, for each file of examples, those of its own folder and earlier
    ones. So a figure that an authority sets does not make older examples wrong.
    """

    scheme: Scheme
    scheme_by_file: Mapping[str, Scheme]


class ParsedBundle(NamedTuple):
    """The files of a bundle as declarations, not yet linked."""

    head: YamlFile
    declaration: SchemeDeclaration
    pack_files: tuple[PackFile, ...]
    calendar_source: YamlFile
    calendar: Calendar


class Bundle:
    """The files of one scheme by name; two bundles are equal if their digests are."""

    def __init__(self, files: Mapping[str, bytes], read_source: SourceReader = read_pack_yaml) -> None:
        self.files = dict(sorted(files.items()))
        self.read_source = read_source
        whole = hashlib.sha256(b"assent packs 1\n")
        for file, data in self.files.items():
            whole.update(f"{file} {hashlib.sha256(data).hexdigest()}\n".encode())
        self.digest = whole.hexdigest()

    @property
    def own_files(self) -> dict[str, bytes]:
        """The packs in the folder of the authority, without the law, what authorities share, and pictures."""
        return {file: data for file, data in self.files.items() if file.startswith(OWN_FOLDER) and not is_image(file)}

    @property
    def images(self) -> dict[str, bytes]:
        """The pictures in the folder of the authority."""
        return {file: data for file, data in self.files.items() if is_image(file)}

    def scheme(self, without_overrides_of: frozenset[str] = frozenset()) -> Scheme:
        """The scheme of the files, without what the packs in some of them set or cite for others."""
        return _assemble_scheme(self, without_overrides_of)

    def head(self) -> tuple[YamlFile, SchemeDeclaration]:
        """The head of the scheme with the parts that it shares written out; raises `PackError` with every fault."""
        head, declaration = read_scheme_head(self.own_files, self.read_source)
        shared = [self._read_shared(file, data) for file, data in self.files.items() if file.startswith(SHARED_FOLDER)]
        return resolve_shared_parts(head, declaration, shared)

    def parse(self) -> ParsedBundle:
        """The declarations in the files; raises `PackError` with every fault of the head, the packs or the calendar."""
        head, declaration = self.head()
        others = ("days/", SHARED_FOLDER)
        packs = {file: data for file, data in self.files.items() if file != head.name and not file.startswith(others)}
        packs = {file: data for file, data in packs.items() if not is_image(file)}
        pack_files = tuple(parse_pack_files(packs, self.read_source, declaration.packs))
        days = f"days/{declaration.calendar}.yaml"
        if days not in self.files:
            raise PackError([head.fault_at(("calendar",), f"{days} is not there")])
        return ParsedBundle(head, declaration, pack_files, *read_calendar(days, self.files[days], self.read_source))

    def _read_shared(self, file: str, data: bytes) -> SharedFile:
        return read_shared_file(file, data, self.read_source)

    def pack_files(self) -> list[PackFile]:
        """The packs among the files, without the scheme's head; raises `PackError` with every fault."""
        return list(self.parse().pack_files)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Bundle) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)


def read_scheme_head(files: Mapping[str, bytes], read_source: SourceReader) -> tuple[YamlFile, SchemeDeclaration]:
    """The head among a scheme's files; raises `PackError` if there is none, or with its faults."""
    for file, data in files.items():
        source = read_source(data, file)
        if is_scheme_head(source.data):
            if source.faults:
                raise PackError(source.faults)
            declaration, faults = source.validate(find_language_version(source).scheme_head)
            if declaration is None:
                raise PackError(faults)
            return source, declaration
    raise PackError([Fault(min(files, default="schemes/"), 0, "", "no file of the scheme has the key scheme")])


@lru_cache(maxsize=MAX_KEPT_SCHEMES)
def _assemble_scheme(bundle: Bundle, without_overrides_of: frozenset[str]) -> Scheme:
    parsed = bundle.parse()
    pack_files = [
        pack_file.without_overrides() if pack_file.source.name in without_overrides_of else pack_file
        for pack_file in parsed.pack_files
    ]
    head = WordSource(parsed.head, parsed.declaration)
    workflow_facts = workflow_fact_declarations(parsed.declaration)
    rulebook = link_packs(pack_files, workflow_facts, parsed.calendar, bundle.digest, head)
    generated = generated_controls(parsed.declaration)
    _refuse_generated_names(pack_files, generated)
    controls = {**rulebook.controls, **generated}
    scheme = build_scheme(parsed.head, parsed.declaration, replace(rulebook, controls=controls))
    return replace(scheme, logo=_load_logo(parsed, bundle))


def _load_logo(parsed: ParsedBundle, bundle: Bundle) -> Png | None:
    """The picture of the letterhead; raises `PackError` with what is wrong with it."""
    folder = parsed.head.name.rpartition("/")[0]
    try:
        return load_logo(parsed.declaration.letterhead, folder, bundle.images)
    except InputError as error:
        message = f"{error.message}. {error.advice()}".strip()
        raise PackError([parsed.head.fault_at(("letterhead", "logo"), message)]) from None


def _refuse_generated_names(pack_files: Sequence[PackFile], generated: Mapping[str, Control]) -> None:
    """Raise `PackError` for each control of a pack that a generated one would silently take the place of."""
    message = "is a control that the head of the scheme declares by another key: choose another name"
    faults = [
        pack_file.source.fault_at(("controls", name), message)
        for pack_file in pack_files
        for name in pack_file.pack.controls
        if name in generated
    ]
    if faults:
        raise PackError(faults)


def parse_pack_files(
    files: Mapping[str, bytes], read_source: SourceReader, uses: Sequence[PackUse] = ()
) -> list[PackFile]:
    """The packs in some files, as a scheme uses them; raises `PackError` with the faults of all of them."""
    use_by_file = {use.file: use for use in uses}
    pack_files: list[PackFile] = []
    faults: list[Fault] = []
    for file, data in files.items():
        try:
            source = rename_for_use(read_source(data, file), uses)
            version = find_language_version(source)
        except FileError as error:  # one file that cannot be read must not hide the faults of the others
            faults += error.faults
            continue
        pack, pack_faults = source.validate(version.pack)
        faults += source.merge_faults(pack_faults)
        if pack is not None:
            use = use_by_file.get(file)
            pack_files.append(PackFile(source, use.without_left_out(pack) if use else pack))
    if faults:
        raise PackError(faults)
    return pack_files


def read_shared_file(file: str, data: bytes, read_source: SourceReader) -> SharedFile:
    """A shared file as read, and the parts in it; raises `PackError` with every fault."""
    source = read_source(data, file)
    find_language_version(source)
    parts, faults = source.validate(SharedParts)
    name = file.removeprefix(SHARED_FOLDER).removesuffix(".yaml")
    if parts is not None and parts.shared != name:
        faults.append(source.fault_at(("shared",), f"must be {name}, as its file is called"))
    if parts is None or faults or source.faults:
        raise PackError(source.merge_faults(faults))
    return SharedFile(source, parts)


def read_calendar(file: str, data: bytes, read_source: SourceReader) -> tuple[YamlFile, Calendar]:
    """A file of days as read, and the calendar in it; raises `PackError` with every fault."""
    source = read_source(data, file)
    if source.faults:
        raise PackError(source.faults)
    try:
        return source, parse_calendar(source.data)
    except InputError as error:
        raise PackError([source.fault_at((), error.message)]) from None
