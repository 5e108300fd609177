"""A small Word form, and what somebody may do to it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from decisions.documents.blocks.fields import Field, Fields
from decisions.documents.blocks.heading import Heading
from decisions.documents.blocks.prose import Notes
from decisions.documents.view import Document, EditableSpan
from decisions.output.pdf import render_file
from decisions.output.word.package import read_parts
from decisions.output.word.reader import EditedFile, read_edited_file
from rules.errors import InputError
from rules.values.passages import Paragraph
from rules.values.prose_parser import parse_prose
from rules.values.prose_writer import write_prose
from tests.decisions import sample
from tests.decisions.output.word.office_programs import edit_part, save_package

FACT, LINE = "form.issues", "exemption:s43.whose_interest"
TEXT = """The first clause, which cites[^1] a note and leads to:

- a bullet;
- another[^2]
  - with a part

a. a letter
  (i) and its part
b. the next

| Year | Cost |
| --- | --- |
| 2018/19 | £3 |
|  |  |
| Later |  |

| A | B |
| --- | --- |
| c | d |

The last.

[^1]: At the prices of 2018.
[^2]: Or so."""

NOTED = TEXT[TEXT.index("[^1]: ") :]


def document(text: str, numbered: str = "1") -> Document:
    """Return a document with one text, below words of the form and above a field."""
    passages, notes = parse_prose(text)
    numbers = iter(range(1, 100))
    blocks = [
        replace(p, number=f"{numbered}.{next(numbers)}.") if isinstance(p, Paragraph) and numbered else p
        for p in passages
    ]
    before = (Heading("Facts"), Heading(f"{numbered or 1}. Issues", 3), Paragraph("Words of the form."))
    after = (Paragraph("More words."), Fields((Field("Whose interest", "The supplier", fact=LINE),)))
    editable = EditableSpan(FACT, "Issues", len(before), len(before) + len(blocks))
    noted = (Heading("Notes"), Notes(notes)) if notes else ()
    return replace(sample.draft_document(), blocks=(*before, *blocks, *after, *noted), editable=(editable,))


@cache
def word_file(text: str = TEXT, numbered: str = "1") -> bytes:
    return render_file(document(text, numbered), "docx")


def texts_of(edited: EditedFile) -> list[str]:
    return [write_prose(passages, edited.notes) for passages in edited.passage_versions(FACT)]


def text_of(data: bytes) -> str:
    [text] = texts_of(read_edited_file(data))
    return text


def adding(words: str) -> bytes:
    """Return the file with some runs after its last words."""
    return edit_part(word_file(), ("The last.</w:t></w:r>", f"The last.</w:t></w:r>{words}"))


def with_block(block: str) -> bytes:
    """Return the file with a block below its last clause."""
    return edit_part(word_file(), ("The last.</w:t></w:r></w:p>", f"The last.</w:t></w:r></w:p>{block}"))


def with_entry(name: str, content: bytes = b"<x/>") -> bytes:
    return save_package(read_parts(word_file()), **{name: content})


def without(name: str) -> bytes:
    return save_package({each: content for each, content in read_parts(word_file()).items() if each != name})


STYLES, NUMBERING = "word/styles.xml", "word/numbering.xml"


def with_styles(data: bytes, *styles: str) -> bytes:
    """Return the file with more styles."""
    return edit_part(data, ("</w:styles>", "".join(styles) + "</w:styles>"), part=STYLES)


def styled_run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def with_parts(data: bytes, *relationships: tuple[str, str, str]) -> bytes:
    """Return the file with more parts, each given by its relationship, its name in `word/` and its XML."""
    parts = dict(read_parts(data))
    rels = "word/_rels/document.xml.rels"
    for number, (kind, name, content) in enumerate(relationships, 900):
        link = f'<Relationship Id="rId{number}" Type="{OFFICE}/relationships/{kind}" Target="{name}"/>'
        parts[rels] = parts[rels].replace(b"</Relationships>", f"{link}</Relationships>".encode())
        parts[f"word/{name}"] = content.encode()
    return save_package(parts)


OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
W_NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
COMPATIBILITY = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def refusal_of(data: bytes) -> str:
    """Return the message and advice with which a file is refused."""
    with pytest.raises(InputError) as refused:
        read_edited_file(data)
    return f"{refused.value}. {refused.value.advice()}"
