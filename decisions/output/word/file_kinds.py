"""Recognise files that are no Word file that assent can read, and say how to make one of them.

Messages continue the name of the file ("is not a Word file but a PDF"), and repeat no word of its text.
"""

from __future__ import annotations

from collections.abc import Iterable

from rules.errors import InputError

SAVE_ADVICE = "Save it in Word as .docx."
LOST_MARKS_ADVICE = (
    "Google Docs and Pages remove what assent reads a file by: edit in Word, Word Online or LibreOffice."
)
_LEGACY_SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
"""The first bytes of a Compound File: an Office file of before 2007, or an encrypted one."""
_ENCRYPTED_STREAM, _LEGACY_STREAM = (name.encode("utf-16-le") for name in ("EncryptedPackage", "WordDocument"))
_OPEN_DOCUMENT_ADVICE = "Open it in LibreOffice or Word, and save it as Word (.docx)."
_SIGNATURES = (
    (b"{\\rtf", "is not a Word file but rich text (.rtf)", SAVE_ADVICE),
    (b"%PDF", "is not a Word file but a PDF", "Make a Word file with: assent document render CASE KIND --to docx"),
    (b"<!doctype html", "is not a Word file but a web page", SAVE_ADVICE),
    (b"<html", "is not a Word file but a web page", SAVE_ADVICE),
    (b"mime-version:", "is not a Word file but a web page in one file (.mht)", SAVE_ADVICE),
)
_ZIP_MARKS = (
    ("mimetype", "is not a Word file but one of LibreOffice (.odt) or another program", _OPEN_DOCUMENT_ADVICE),
    ("index/document.iwa", "is not a Word file but one of Pages", "In Pages: File, Export To, Word; then check it."),
    ("xl/workbook.xml", "is not a Word file but an Excel workbook", "Give the Word file of the case."),
    ("ppt/presentation.xml", "is not a Word file but a PowerPoint file", "Give the Word file of the case."),
)


def refuse_other_kinds(data: bytes) -> None:
    """Raise `InputError` for a file of another kind that its first bytes show."""
    if data.startswith(_LEGACY_SIGNATURE):
        raise _legacy_file_error(data)
    start = data[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for signature, message, advice in _SIGNATURES:
        if start.startswith(signature.lower()):
            raise InputError(message, advice)
    if start.startswith(b"<?xml"):
        is_flat_package = b"schemas.microsoft.com/office/2006/xmlpackage" in data[:2000].lower()
        raise InputError("is not a Word file but XML" + ", as Word saves it on demand" * is_flat_package, SAVE_ADVICE)


def _legacy_file_error(data: bytes) -> InputError:
    if _ENCRYPTED_STREAM in data:
        advice = "In Word: File, Info, Protect Document, Encrypt with Password, and empty the box; then save."
        return InputError("is protected by a password", advice)
    if _LEGACY_STREAM in data:
        return InputError("is in the format of before 2007 (.doc)", SAVE_ADVICE)
    return InputError(
        "is protected by a password, or in the format of before 2007", "Save it as .docx, without a password."
    )


def refuse_other_packages(names: Iterable[str]) -> None:
    """Raise `InputError` for a zip archive whose entries are those of another kind of file."""
    lowered = {name.lower() for name in names}
    for mark, message, advice in _ZIP_MARKS:
        if mark in lowered:
            raise InputError(message, advice)
