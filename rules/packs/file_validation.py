"""Validate files of packs one by one, whatever other packs there are and whichever scheme uses them.

Only what a file shows by itself is checked: its form, and the order of its dated rows. Whether its facts are declared
can be checked only for a scheme as a whole, by the linker.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from rules.errors import Fault, FileError, InputError
from rules.language.dated_values import find_order_faults
from rules.packs.bundle import (
    EXAMPLES_SUFFIX,
    SHARED_FOLDER,
    SourceReader,
    parse_pack_files,
    read_calendar,
    read_shared_file,
)
from rules.packs.example_schema import ExampleFile
from rules.packs.letterhead_schema import is_image
from rules.packs.pack_file import PackFile
from rules.packs.readings import parse_readings_file
from rules.packs.readings_schema import READINGS_FOLDER
from rules.packs.scheme_schema import is_scheme_head
from rules.reading.yaml_reader import read_yaml
from rules.values.png import parse_png

_READERS_BY_FOLDER: Mapping[str, Callable[[str, bytes, SourceReader], object]] = {
    "days/": read_calendar,
    SHARED_FOLDER: read_shared_file,
    READINGS_FOLDER: parse_readings_file,
}


def standalone_faults(files: Mapping[str, bytes], read_source: SourceReader) -> Iterator[Fault]:
    """The faults of each of some files by itself."""
    for file, data in files.items():
        try:
            yield from _file_faults(file, data, read_source)
        except FileError as error:  # the faults of one file must not hide those of the next
            yield from error.faults


def _file_faults(file: str, data: bytes, read_source: SourceReader) -> Iterable[Fault]:
    if is_image(file):
        return _image_faults(file, data)
    if file.endswith(EXAMPLES_SUFFIX):
        source = read_yaml(data, file)
        return source.validate(ExampleFile)[1]
    for folder, read_file in _READERS_BY_FOLDER.items():
        if file.startswith(folder):
            read_file(file, data, read_source)
            return ()
    if file.startswith("schemes/") and is_scheme_head(read_source(data, file).data):
        return ()  # the head of a scheme is validated with the scheme
    pack_files = parse_pack_files({file: data}, read_source)
    return [fault for pack_file in pack_files for fault in _dated_row_faults(pack_file)]


def _image_faults(file: str, data: bytes) -> Iterator[Fault]:
    """The fault of a picture that may not be used."""
    try:
        parse_png(data)
    except InputError as error:
        yield Fault(file, 0, "", f"{error.message}. {error.advice()}".strip())


def _dated_row_faults(pack_file: PackFile) -> Iterator[Fault]:
    """The faults of a pack's dated rows; for values that another pack declares, of their order alone."""
    for name, value in pack_file.pack.values.items():
        yield from (pack_file.source.fault_at(("values", name, *at), message) for at, message in value.find_faults())
    for name, setting in pack_file.pack.sets.items():
        yield from (
            pack_file.source.fault_at(("sets", name, *at), message)
            for at, message in find_order_faults(setting.history)
        )
