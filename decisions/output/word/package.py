"""A Word file as a zip package of parts.

- Packing gives the same bytes each time: fixed order, no time stamps, no compression.
- Reading is bounded, and refuses entities, encryption, duplicate names and unusual packing.
- Messages of `InputError` continue the name of the file ("is not a Word file"), and repeat no word of its text.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping
from typing import Any, TypeAlias
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from lxml import etree

from rules.errors import InputError

Element: TypeAlias = Any
"""An element of lxml, which has no type hints."""

CONTENT_TYPES = "[Content_Types].xml"
MAIN_DOCUMENT, STYLES, NUMBERING, PROPERTIES = (
    "word/document.xml", "word/styles.xml", "word/numbering.xml", "docProps/custom.xml",
)  # fmt: skip
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
OWN_PREFIX = "assent:"
"""How the names of our properties and the tags of our content controls begin."""
_PROPERTIES_NAMESPACE = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VALUE_TYPES_NAMESPACE = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_USER_PROPERTIES_ID, _FIRST_PROPERTY_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}", 2
"""The format's identifier of user-defined properties, and the first number that one may have."""
MAX_PARTS = 500
MAX_UNPACKED_BYTES = 32 * 1024 * 1024
_OLE_SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED_FLAG = 1
_ZIP_ERRORS = (BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError, ValueError, zlib.error)


def pack_parts(parts: Mapping[str, bytes]) -> bytes:
    """Return the package of some parts, uncompressed: compression differs between versions of zlib."""
    data = io.BytesIO()
    with ZipFile(data, "w", ZIP_STORED) as package:
        for name in (CONTENT_TYPES, *sorted(parts.keys() - {CONTENT_TYPES})):
            entry = ZipInfo(name)  # its default date is 1980-01-01
            entry.create_system = 0  # else the file would record the kind of machine
            package.writestr(entry, parts[name])
    return data.getvalue()


def read_parts(data: bytes) -> dict[str, bytes]:
    """Return the parts of a package by name; raise `InputError` for other files and for larger ones than ours."""
    if data.startswith(_OLE_SIGNATURE):
        raise InputError(
            "is protected by a password, or in the format of before 2007", "Save it as .docx, without a password."
        )
    try:
        with ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            _refuse_unsafe_entries(entries)
            parts = {entry.filename: package.read(entry) for entry in entries if not entry.is_dir()}
    except _ZIP_ERRORS as error:
        raise InputError("is not a Word file, or a damaged one", "Save it in Word as .docx.") from error
    if not {CONTENT_TYPES, MAIN_DOCUMENT} <= parts.keys():
        raise InputError("is not a Word file", "Save it in Word as .docx.")
    return parts


def _refuse_unsafe_entries(entries: list[ZipInfo]) -> None:
    if len(entries) > MAX_PARTS or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise InputError("is larger, once unpacked, than any document that assent makes")
    if len({entry.filename for entry in entries}) < len(entries):
        raise InputError("holds two parts of one name", "Save it again in Word.")
    if not all(map(_is_plain_entry, entries)):
        raise InputError("is packed in a way that no Word file is", "Save it again in Word.")


def _is_plain_entry(entry: ZipInfo) -> bool:
    return not entry.flag_bits & _ENCRYPTED_FLAG and entry.compress_type in (ZIP_STORED, ZIP_DEFLATED)


def parse_part(part: bytes) -> Element:
    """Return the XML of a part; raise `InputError` if it is not XML, or declares a document type or entities."""
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise InputError("declares entities, which no Word file does")
    try:
        root = etree.fromstring(part, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InputError("is a damaged Word file: a part of it is no XML", "Save it again in Word.") from error
    return root


def build_properties(values: Mapping[str, object]) -> bytes:
    """Return the part of custom properties, named with `OWN_PREFIX`."""
    root = etree.Element(
        f"{{{_PROPERTIES_NAMESPACE}}}Properties", nsmap={None: _PROPERTIES_NAMESPACE, "vt": _VALUE_TYPES_NAMESPACE}
    )
    for number, (name, value) in enumerate(values.items(), start=_FIRST_PROPERTY_ID):
        element = etree.SubElement(root, f"{{{_PROPERTIES_NAMESPACE}}}property")
        element.attrib.update({"fmtid": _USER_PROPERTIES_ID, "pid": str(number), "name": f"{OWN_PREFIX}{name}"})
        etree.SubElement(element, f"{{{_VALUE_TYPES_NAMESPACE}}}lpwstr").text = str(value)
    part: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return part


def read_properties(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return our custom properties without their prefix; empty for a file that assent did not make."""
    if PROPERTIES not in parts:
        return {}
    values = {
        element.get("name", ""): "".join(element.itertext()).strip()
        for element in parse_part(parts[PROPERTIES]).iter("{*}property")
    }
    return {name.removeprefix(OWN_PREFIX): value for name, value in values.items() if name.startswith(OWN_PREFIX)}
