"""The files that one scheme is put together from, named by a digest, and the scheme that they make."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from rules.errors import Fault, FileError, InputError, PackError
from rules.language.pack_schema import Pack
from rules.packs.linker import PackFile, link_packs
from rules.packs.scheme import Scheme, SchemeDeclaration, is_scheme_head, workflow_fact_declarations
from rules.packs.validation import build_scheme
from rules.reading.yaml_reader import YamlFile, read_pack_yaml
from rules.values.calendar import Calendar, parse_calendar

MAX_KEPT_SCHEMES = 48
"""Of ever-new pack versions a process keeps only the last ones used: each scheme takes about 2 MiB."""
EXAMPLES_SUFFIX = "examples.yaml"
"""How the name of a file ends that proves packs, and is no part of them."""
SourceReader: TypeAlias = Callable[[bytes, str], YamlFile]
"""How the bytes of a file become what it says: strictly, or from a shelf of what was so read before."""


class BaseScheme(NamedTuple):
    """A scheme as it was before an authority set or cited anything in a folder of its own: older examples prove that.

    `bare` is the scheme without all that is set or cited so; `known` has, by file of examples, the scheme for which
    they were written. So a figure that an authority sets does not make examples wrong that were written without it.
    """

    scheme: Scheme
    scheme_by_file: Mapping[str, Scheme]


class Bundle:
    """Exactly the files that make one scheme; `digest` names them, so that a ruling can be judged by them again."""

    def __init__(self, files: Mapping[str, bytes], read_source: SourceReader = read_pack_yaml) -> None:
        self.files = dict(sorted(files.items()))
        self.read_source = read_source
        whole = hashlib.sha256(b"assent packs 1\n")
        for file, data in self.files.items():
            whole.update(f"{file} {hashlib.sha256(data).hexdigest()}\n".encode())
        self.digest = whole.hexdigest()

    def scheme(self, without_overrides_of: frozenset[str] = frozenset()) -> Scheme:
        """The scheme that the files make; without what the packs in some of them set or cite of others."""
        return _assemble_scheme(self, without_overrides_of)

    def pack_files(self) -> list[PackFile]:
        """The packs among the files, without the scheme's head; raises `PackError` with the faults of them all."""
        others = {file: data for file, data in self.files.items() if not file.startswith("days/")}
        rules = {file: data for file, data in others.items() if not is_scheme_head(self.read_source(data, file).data)}
        return parse_pack_files(rules, self.read_source)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Bundle) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)


def read_scheme_head(files: Mapping[str, bytes], read_source: SourceReader) -> tuple[YamlFile, SchemeDeclaration]:
    """The head of a scheme among its files; raises `PackError` where it has faults or is not there."""
    for file, data in files.items():
        source = read_source(data, file)
        if is_scheme_head(source.data):
            if source.faults:
                raise PackError(source.faults)
            text, faults = source.validate(SchemeDeclaration)
            if text is None:
                raise PackError(faults)
            return source, text
    raise PackError([Fault(min(files, default="schemes/"), 0, "", "no file of the scheme has the key scheme")])


@lru_cache(maxsize=MAX_KEPT_SCHEMES)
def _assemble_scheme(bundle: Bundle, without_overrides_of: frozenset[str]) -> Scheme:
    own = {file: data for file, data in bundle.files.items() if file.startswith("schemes/")}
    head, text = read_scheme_head(own, bundle.read_source)
    packs = [file for file in bundle.files if file != head.name and not file.startswith("days/")]
    parts = [
        part.without_overrides() if part.source.name in without_overrides_of else part
        for part in parse_pack_files({file: bundle.files[file] for file in packs}, bundle.read_source)
    ]
    days = f"days/{text.calendar}.yaml"
    _, calendar = read_calendar(days, bundle.files[days], bundle.read_source)
    rulebook = link_packs(parts, workflow_fact_declarations(text), calendar, bundle.digest)
    return build_scheme(head, text, rulebook)


def parse_pack_files(files: Mapping[str, bytes], read_source: SourceReader) -> list[PackFile]:
    """The packs in some files; raises `PackError` with the faults of them all."""
    parts: list[PackFile] = []
    faults: list[Fault] = []
    for file, data in files.items():
        try:
            source = read_source(data, file)
        except FileError as error:  # one file that cannot be read does not hide what is wrong in the others
            faults += error.faults
            continue
        pack, found = source.validate(Pack)
        faults += source.merge_faults(found)
        if pack is not None:
            parts.append(PackFile(source, pack))
    if faults:
        raise PackError(faults)
    return parts


def read_calendar(file: str, data: bytes, read_source: SourceReader) -> tuple[YamlFile, Calendar]:
    """The calendar in a file of days, and the file as read; raises `PackError` with every fault."""
    source = read_source(data, file)
    if source.faults:
        raise PackError(source.faults)
    try:
        return source, parse_calendar(source.data)
    except InputError as error:
        raise PackError([source.fault_at((), error.message)]) from None
