"""A Word file as a zip package of parts, found by their relationships: programs name parts as they like.

- Packing gives the same bytes each time: fixed order, no time stamps, no compression.
- Reading is bounded, and refuses entities, encryption, duplicate names, unusual names and unusual packing.
- A relationship is known by the last word of its type, which is the same in both editions of the format. A target
  outside the package is never followed.
- Messages of `InputError` continue the name of the file ("is not a Word file"), and repeat no word of its text.
"""

from __future__ import annotations

import io
import posixpath
import re
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from lxml import etree

from decisions.output.word.file_kinds import SAVE_ADVICE, refuse_other_kinds, refuse_other_packages
from rules.errors import InputError

Element: TypeAlias = Any
"""An element of lxml, which has no type hints."""

CONTENT_TYPES, PACKAGE_RELATIONSHIPS = "[Content_Types].xml", "_rels/.rels"
MAIN_DOCUMENT, PROPERTIES = "word/document.xml", "docProps/custom.xml"
"""What assent calls the main part and the part of custom properties of the files that it makes."""
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
OWN_PREFIX = "assent:"
"""How the names of our properties and the tags of our content controls begin."""
_PROPERTIES_NAMESPACE = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VALUE_TYPES_NAMESPACE = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_USER_PROPERTIES_ID, _FIRST_PROPERTY_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}", 2
"""The format's identifier of user-defined properties, and the first number that one may have."""
_PROPERTY_KINDS = ("custom-properties", "customProperties")
"""The relationship to the custom properties, in the two editions of the format."""
MAX_PARTS = 500
MAX_UNPACKED_BYTES = 32 * 1024 * 1024
MAX_ELEMENTS = 100_000
"""The most elements of XML in a file, some 300 pages: each costs memory and time, though it takes few bytes."""
_ENCRYPTED_FLAG = 1
_UNUSUAL_NAME = re.compile(r"^/|\\|\x00|(?:^|/)\.\.(?:/|$)|^[A-Za-z]:")
_ZIP_ERRORS = (BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError, ValueError, zlib.error)
_STRICT_NAMESPACE = re.compile(r"^(\{?)http://purl\.oclc\.org/ooxml/(\w+)/(\w+)")
_TRANSITIONAL_NAMESPACE = r"\1http://schemas.openxmlformats.org/\2/2006/\3"


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
    refuse_other_kinds(data)
    try:
        with ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            _refuse_unsafe_entries(entries)
            refuse_other_packages(entry.filename for entry in entries)
            parts = {entry.filename: package.read(entry) for entry in entries if not entry.is_dir()}
    except _ZIP_ERRORS as error:
        raise InputError("is not a Word file, or a damaged one", SAVE_ADVICE) from error
    if not {CONTENT_TYPES, PACKAGE_RELATIONSHIPS} <= parts.keys():
        raise InputError("is not a Word file", SAVE_ADVICE)
    _refuse_many_elements(parts)
    return parts


def _refuse_many_elements(parts: Mapping[str, bytes]) -> None:
    # Each element ends in one of these two ways, and bytes that are no XML hold few of them by chance.
    count = sum(part.count(b"</") + part.count(b"/>") for part in parts.values())
    if count > MAX_ELEMENTS:
        message = f"has {count:,} elements (paragraphs, runs, cells), and assent reads at most {MAX_ELEMENTS:,}"
        raise InputError(message, "Copy what is needed to a new file: some programs leave thousands behind.")


def _refuse_unsafe_entries(entries: list[ZipInfo]) -> None:
    if len(entries) > MAX_PARTS or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise InputError("is larger, once unpacked, than any document that assent makes")
    if len({entry.filename.casefold() for entry in entries}) < len(entries):
        raise InputError("holds two parts of one name", "Save it again in Word.")
    if any(_UNUSUAL_NAME.search(entry.orig_filename) for entry in entries):
        raise InputError("holds a part whose name no Word file has", "Save it again in Word.")
    if not all(map(_is_plain_entry, entries)):
        raise InputError("is packed in a way that no Word file is", "Save it again in Word.")


def _is_plain_entry(entry: ZipInfo) -> bool:
    return not entry.flag_bits & _ENCRYPTED_FLAG and entry.compress_type in (ZIP_STORED, ZIP_DEFLATED)


def parse_part(part: bytes, *, with_comments: bool = True) -> Element:
    """Return the XML of a part, in the namespaces of the transitional edition of the format.

    Comments of XML can cut a word in two, so a reader leaves them out. Raises `InputError` if the part is not XML, or
    declares a document type or entities.
    """
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=not with_comments,
        remove_pis=not with_comments,
    )
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise InputError("declares entities, which no Word file does")
    try:
        root = etree.fromstring(part, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InputError("is a damaged Word file: a part of it is no XML", "Save it again in Word.") from error
    if b"http://purl.oclc.org/ooxml/" in part:
        _rename_strict_elements(root)
    return root


def _rename_strict_elements(root: Element) -> None:
    """Give the elements and attributes of the strict edition the names that they have in the transitional one."""
    for element in root.iter(etree.Element):
        element.tag = _STRICT_NAMESPACE.sub(_TRANSITIONAL_NAMESPACE, element.tag)
        for name, value in element.attrib.items():
            if _STRICT_NAMESPACE.match(name):
                del element.attrib[name]
                element.set(_STRICT_NAMESPACE.sub(_TRANSITIONAL_NAMESPACE, name), value)


def related_parts(parts: Mapping[str, bytes], source: str, *kinds: str) -> list[str]:
    """Return the names of the parts that a part refers to by some kinds of relationship, such as "styles".

    The empty `source` is the package itself.
    """
    return list(dict.fromkeys(name for kind, name in _relationships(parts, source) if kind in kinds))


def _relationships(parts: Mapping[str, bytes], source: str) -> Iterator[tuple[str, str]]:
    """Yield the kind and the target of each relationship of a part to another part that there is."""
    folder, name = posixpath.split(source)
    relationships = posixpath.join(folder, "_rels", f"{name}.rels")
    spelt = {each.casefold(): each for each in parts}
    if relationships.casefold() not in spelt:
        return
    for element in parse_part(parts[spelt[relationships.casefold()]]).iter("{*}Relationship"):
        target = posixpath.normpath(posixpath.join("/", folder, element.get("Target", ""))).lstrip("/").casefold()
        if element.get("TargetMode") != "External" and target in spelt:
            yield element.get("Type", "").rpartition("/")[2], spelt[target]


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
    values = {
        element.get("name", ""): "".join(element.itertext()).strip()
        for name in related_parts(parts, "", *_PROPERTY_KINDS)
        for element in parse_part(parts[name]).iter("{*}property")
    }
    return {name.removeprefix(OWN_PREFIX): value for name, value in values.items() if name.startswith(OWN_PREFIX)}
