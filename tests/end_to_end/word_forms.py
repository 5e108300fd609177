"""Fills in a Word form as Word would: the answer takes the place of the prompt in each content control."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lxml import etree

_MAIN_PART = "word/document.xml"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def fill_form(path: Path, answers: Mapping[str, str]) -> set[str]:
    """Write answers into the boxes of a form by the address in their tags; return the addresses without a box."""
    with zipfile.ZipFile(path) as form:
        parts = {name: form.read(name) for name in form.namelist()}
    root = etree.fromstring(parts[_MAIN_PART])
    filled = set()
    for control in root.iter(_name("sdt")):
        tag = control.find(f"{_name('sdtPr')}/{_name('tag')}")
        address = "" if tag is None else tag.get(_name("val")).removeprefix("assent:")
        if address in answers:
            _fill(control, answers[address])
            filled.add(address)
    parts[_MAIN_PART] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as form:
        for name, data in parts.items():
            form.writestr(name, data)
    return answers.keys() - filled


def _fill(control: Any, answer: str) -> None:  # noqa: ANN401 - lxml has no types
    """Put an answer into a control; each line of a longer text is a paragraph of its own where it may have several."""
    properties, content = control.find(_name("sdtPr")), control.find(_name("sdtContent"))
    for mark in properties.findall(_name("showingPlcHdr")):
        properties.remove(mark)
    has_paragraphs = content.find(_name("p")) is not None
    for child in list(content):
        content.remove(child)
    for line in answer.split("\n") if has_paragraphs else [answer]:
        holder = etree.SubElement(content, _name("p")) if has_paragraphs else content
        text = etree.SubElement(etree.SubElement(holder, _name("r")), _name("t"))
        text.text = line
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def _name(local: str) -> str:
    return f"{{{_WORD}}}{local}"
