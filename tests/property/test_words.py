"""Every word of an author's text is in the document once and in order, whatever shape the text has."""

from __future__ import annotations

import io
import re
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from decisions.documents.blocks.heading import Heading
from decisions.documents.blocks.prose import Notes
from decisions.documents.view import Document
from decisions.output import html
from decisions.output.pdf import render_file
from decisions.output.word.package import MAIN_DOCUMENT, read_parts
from rules.values.prose_parser import parse_prose
from tests.decisions.output.test_html import only
from tests.decisions.output.word.office_programs import FOOTNOTES

_WORD = re.compile(r"q[0-9]+q")
_MARKS = ("", "", "- ", "• ", "– ", "·\u00a0 ", "1. ", "a) ", "(iv) ", "(B) ", "2.1. ", "7.\t", "| ", "[1] ")
_INDENTS = ("", "", "  ", "\t", "\u00a0\u00a0", "      ")
_ENDS = ("", "", " ", ":", ".", "\u00a0", " |")

LINES = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(_INDENTS), st.sampled_from(_MARKS), st.integers(0, 4), st.sampled_from(_ENDS)),
        st.integers(2, 8),
    ),
    max_size=14,
)
"""Lines of a text, each as indent, mark, number of words and ending; a number alone is a table of so many columns."""


def write_text(lines: list[tuple[str, str, int, str] | int], cited: set[int]) -> str:
    """A text of such lines, in which no word occurs twice; the words in `cited` have a note."""
    numbers, notes, text = count(1), list[int](), list[str]()

    def word() -> str:
        number = next(numbers)
        if number in cited:
            notes.append(number)
        return f"q{number}q" + f"[^{number}]" * (number in cited)

    for line in lines:
        if isinstance(line, int):
            rows = [f"| {' | '.join(word() for _ in range(line))} |" for _ in range(3)]
            text += ["", *rows, ""]
        else:
            indent, mark, words, end = line
            text.append(f"{indent}{mark}{' '.join(word() for _ in range(words))}{end}")
    text += [f"[^{number}]: q{next(numbers)}q and q{next(numbers)}q" for number in notes]
    return "\n".join(text)


def make_document(text: str) -> Document:
    passages, notes = parse_prose(text)
    return only(Heading("Text"), *passages, *((Heading("Notes"), Notes(notes)) if notes else ()))


def words_in(text: str) -> list[str]:
    return _WORD.findall(text)


def words_by_part(text: str) -> tuple[list[str], list[str]]:
    """The words of the running text, and those of its notes, in order."""
    flow, _, notes = text.partition("\n[^")
    return words_in(flow), words_in(notes)


def words_of_page(document: Document) -> list[str]:
    return words_in(re.sub(r"<[^<>]*>", " ", html.render_html(document).partition("<main")[2]))


class TestWords:
    @given(LINES, st.sets(st.integers(1, 30), max_size=3))
    def test_a_page_has_every_word(self, lines: list[tuple[str, str, int, str] | int], cited: set[int]) -> None:
        text = write_text(lines, cited)
        flow, notes = words_by_part(text)
        assert words_of_page(make_document(text)) == flow + notes

    @given(LINES, st.sets(st.integers(1, 30), max_size=3))
    @settings(max_examples=40)
    def test_a_word_file_has_every_word(self, lines: list[tuple[str, str, int, str] | int], cited: set[int]) -> None:
        text = write_text(lines, cited)
        parts = read_parts(render_file(make_document(text), "docx"))
        words = [words_in(re.sub(r"<[^<>]*>", "", parts[name].decode())) for name in (MAIN_DOCUMENT, FOOTNOTES)]
        assert words == list(words_by_part(text))

    @given(LINES, st.sets(st.integers(1, 30), max_size=3))
    @settings(max_examples=15)
    def test_a_pdf_has_every_word(self, lines: list[tuple[str, str, int, str] | int], cited: set[int]) -> None:
        text = write_text(lines, cited)
        flow, notes = words_by_part(text)
        pages = PdfReader(io.BytesIO(render_file(make_document(text), "pdf"))).pages
        assert words_in("\n".join(page.extract_text() for page in pages)) == flow + notes
