"""Files of packs, each by itself: what is wrong in one, whatever other packs there are and whoever takes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rules.errors import Fault, FileError
from rules.language.dated_values import order_faults
from rules.packs.bundle import EXAMPLES, Read, calendar_in, parts_in
from rules.packs.example_schema import ExampleFile
from rules.packs.linker import Part
from rules.packs.scheme import reads_as_scheme
from rules.reading.yaml_reader import read


def faults_alone(files: Mapping[str, bytes], read_pack: Read) -> Iterator[Fault]:
    """What is wrong in each of some files, as far as it can be told without the others.

    That is its form and the order of its dated rows. Who declares the facts that it asks can be told of a scheme only.
    """
    for file, data in files.items():
        try:
            yield from _faults(file, data, read_pack)
        except FileError as error:  # what is wrong in one file does not hide what is wrong in the next
            yield from error.faults


def _faults(file: str, data: bytes, read_pack: Read) -> Iterable[Fault]:
    if file.endswith(EXAMPLES):
        source = read(data, file)
        return source.validate(ExampleFile)[1]
    if file.startswith("days/"):
        calendar_in(file, data, read_pack)
        return ()
    if file.startswith("schemes/") and reads_as_scheme(read_pack(data, file).data):
        return ()  # the head of a scheme, which is told of together with the scheme
    return [fault for part in parts_in({file: data}, read_pack) for fault in _rows(part)]


def _rows(part: Part) -> Iterator[Fault]:
    """What is wrong with the dated rows of a pack; of what it sets, the order alone: another declares what that is."""
    for name, value in part.pack.values.items():
        yield from (part.source.fault(("values", name, *at), message) for at, message in value.faults())
    for name, setting in part.pack.sets.items():
        yield from (part.source.fault(("sets", name, *at), message) for at, message in order_faults(setting.history))
