"""The files that one scheme is put together from, named by a digest, and the scheme that they make."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple, TypeAlias

from rules.errors import Fault, FileError, InputError, PackError
from rules.language.pack_schema import Pack
from rules.packs.linker import Part, put_together
from rules.packs.scheme import Scheme, SchemeText, facts_given, reads_as_scheme
from rules.packs.validation import scheme_from
from rules.reading.yaml_reader import Source, read_through
from rules.values.calendar import Calendar, calendar_from

EXAMPLES = "examples.yaml"
"""How the name of a file ends that proves packs, and is no part of them."""
Read: TypeAlias = Callable[[bytes, str], Source]
"""How the bytes of a file become what it says: strictly, or from a shelf of what was so read before."""


class Older(NamedTuple):
    """A scheme as it was before an authority set or cited anything in a folder of its own: older examples prove that.

    `bare` is the scheme without all that is set or cited so; `known` has, by file of examples, the scheme for which
    they were written. So a figure that an authority sets does not make examples wrong that were written without it.
    """

    bare: Scheme
    known: Mapping[str, Scheme]


class Bundle:
    """Exactly the files that make one scheme; `digest` names them, so that a ruling can be judged by them again."""

    def __init__(self, files: Mapping[str, bytes], read: Read = read_through) -> None:
        self.files = dict(sorted(files.items()))
        self.read = read
        whole = hashlib.sha256(b"assent packs 1\n")
        for file, data in self.files.items():
            whole.update(f"{file} {hashlib.sha256(data).hexdigest()}\n".encode())
        self.digest = whole.hexdigest()

    def scheme(self, without: frozenset[str] = frozenset()) -> Scheme:
        """The scheme that the files make; without what the packs in some of them set or cite of others."""
        return _assembled(self, without)

    def parts(self) -> list[Part]:
        """The packs among the files, without the scheme's head; raises `PackError` with the faults of them all."""
        others = {file: data for file, data in self.files.items() if not file.startswith("days/")}
        rules = {file: data for file, data in others.items() if not reads_as_scheme(self.read(data, file).data)}
        return parts_in(rules, self.read)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Bundle) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)


def head_of(files: Mapping[str, bytes], read: Read) -> tuple[Source, SchemeText]:
    """The head of a scheme among its files; raises `PackError` where it has faults or is not there."""
    for file, data in files.items():
        source = read(data, file)
        if reads_as_scheme(source.data):
            if source.faults:
                raise PackError(source.faults)
            text, faults = source.validate(SchemeText)
            if text is None:
                raise PackError(faults)
            return source, text
    raise PackError([Fault(min(files, default="schemes/"), 0, "", "no file of the scheme has the key scheme")])


@cache
def _assembled(bundle: Bundle, without: frozenset[str]) -> Scheme:
    own = {file: data for file, data in bundle.files.items() if file.startswith("schemes/")}
    head, text = head_of(own, bundle.read)
    packs = [file for file in bundle.files if file != head.name and not file.startswith("days/")]
    parts = [
        part.without_what_it_sets() if part.source.name in without else part
        for part in parts_in({file: bundle.files[file] for file in packs}, bundle.read)
    ]
    days = f"days/{text.calendar}.yaml"
    _, calendar = calendar_in(days, bundle.files[days], bundle.read)
    rulebook = put_together(parts, facts_given(text), calendar, bundle.digest)
    return scheme_from(head, text, rulebook)


def parts_in(files: Mapping[str, bytes], read: Read) -> list[Part]:
    """The packs in some files; raises `PackError` with the faults of them all."""
    parts: list[Part] = []
    faults: list[Fault] = []
    for file, data in files.items():
        try:
            source = read(data, file)
        except FileError as error:  # one file that cannot be read does not hide what is wrong in the others
            faults += error.faults
            continue
        pack, found = source.validate(Pack)
        faults += source.and_further(found)
        if pack is not None:
            parts.append(Part(source, pack))
    if faults:
        raise PackError(faults)
    return parts


def calendar_in(file: str, data: bytes, read: Read) -> tuple[Source, Calendar]:
    """The calendar in a file of days, and the file as read; raises `PackError` with every fault."""
    source = read(data, file)
    if source.faults:
        raise PackError(source.faults)
    try:
        return source, calendar_from(source.data)
    except InputError as error:
        raise PackError([source.fault((), error.message)]) from None
