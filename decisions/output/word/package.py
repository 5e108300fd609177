"""A Word file as a package: its parts by name, read within bounds, and packed to the same bytes each time."""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping
from typing import Any, TypeAlias
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from lxml import etree

from rules.errors import InputError

Element: TypeAlias = Any
"""An element of lxml, which tells no types."""

TYPES = "[Content_Types].xml"
MAIN, STYLES, NUMBERING, PROPERTIES = (
    "word/document.xml", "word/styles.xml", "word/numbering.xml", "docProps/custom.xml",
)  # fmt: skip
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
OURS = "assent:"
"""What the names of our properties and the tags of our content controls begin with."""
_PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VALUES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_OF_USERS, _FIRST = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}", 2
"""The format's own number for properties that users name, and the first number that one of them may have."""
MAX_PARTS = 500
MAX_UNPACKED = 32 * 1024 * 1024
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = 1
_BROKEN = (BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError, ValueError, zlib.error)


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The package of some parts. They are stored as they are: to compress them is not the same on every machine."""
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_STORED) as package:
        for name in (TYPES, *sorted(parts.keys() - {TYPES})):
            place = ZipInfo(name)  # of 1980, as long as nobody says otherwise
            place.create_system = 0  # else it tells on what machine it was made
            package.writestr(place, parts[name])
    return made.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    """The parts of a package by name; raises `InputError` for what is no Word file, or larger than any of ours."""
    if data.startswith(_OLE):
        raise InputError(
            "is protected by a password, or in the format of before 2007", "Save it as .docx, without a password."
        )
    try:
        with ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            _refuse_unfit(entries)
            parts = {entry.filename: package.read(entry) for entry in entries if not entry.is_dir()}
    except _BROKEN as error:
        raise InputError("is not a Word file, or a damaged one", "Save it in Word as .docx.") from error
    if not {TYPES, MAIN} <= parts.keys():
        raise InputError("is not a Word file", "Save it in Word as .docx.")
    return parts


def _refuse_unfit(entries: list[ZipInfo]) -> None:
    if len(entries) > MAX_PARTS or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise InputError("is larger, once unpacked, than any document that assent makes")
    if len({entry.filename for entry in entries}) < len(entries):
        raise InputError("holds two parts of one name", "Save it again in Word.")
    if not all(map(_is_packed_plainly, entries)):
        raise InputError("is packed in a way that no Word file is", "Save it again in Word.")


def _is_packed_plainly(entry: ZipInfo) -> bool:
    return not entry.flag_bits & _ENCRYPTED and entry.compress_type in (ZIP_STORED, ZIP_DEFLATED)


def parsed(part: bytes) -> Element:
    """The XML of a part; raises `InputError` for what is none, and for any that declares a type or entities."""
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise InputError("declares entities, which no Word file does")
    try:
        root = etree.fromstring(part, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InputError("is a damaged Word file: a part of it is no XML", "Save it again in Word.") from error
    return root


def properties(said: Mapping[str, object]) -> bytes:
    """The part by which a file says of itself what nobody reads in its text, under names of ours."""
    root = etree.Element(f"{{{_PROPERTIES}}}Properties", nsmap={None: _PROPERTIES, "vt": _VALUES})
    for number, (name, value) in enumerate(said.items(), start=_FIRST):
        each = etree.SubElement(root, f"{{{_PROPERTIES}}}property")
        each.attrib.update({"fmtid": _OF_USERS, "pid": str(number), "name": f"{OURS}{name}"})
        etree.SubElement(each, f"{{{_VALUES}}}lpwstr").text = str(value)
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return made


def properties_of(parts: Mapping[str, bytes]) -> dict[str, str]:
    """What a file says of itself under names of ours; nothing where it is of another make."""
    if PROPERTIES not in parts:
        return {}
    said = {
        each.get("name", ""): "".join(each.itertext()).strip() for each in parsed(parts[PROPERTIES]).iter("{*}property")
    }
    return {name.removeprefix(OURS): value for name, value in said.items() if name.startswith(OURS)}
