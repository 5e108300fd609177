"""The HTML page of a document: its structure, its words, and that no text of a case becomes markup."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest

from decisions.documents.blocks.fields import Field, Fields
from decisions.documents.blocks.heading import Heading
from decisions.documents.view import Document
from decisions.errors import DocumentError
from decisions.output.html import load_stylesheet, render_html
from rules.values.passages import Item, Listing, Paragraph, split_at_notes
from tests.decisions import sample

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</style><style>*{display:none}</style>",
    "</title><h1>Refused</h1>",
    "</p></main></body></html>",
    "<!-- ", "--> <!DOCTYPE html>", "<![CDATA[ x ]]>",
    '" onload="alert(1)', "' style='display:none", '"><svg onload=alert(1)>',
    "{{ 7 * 7 }}", "{% for x in ().__class__.__mro__ %}x{% endfor %}", "{# gone #}", "${7*7}", "#{7*7}", "<%= 7 %>",
    "{{ document.__class__ }}", "{{ style }}",
    "javascript:alert(1)", "file:///etc/passwd", "http://localhost:1/x.png", "data:text/html,<b>x</b>",
    '<a href="javascript:alert(1)">here</a>', '<link rel="stylesheet" href="http://localhost:1/x.css">',
    '<link rel="attachment" href="file:///etc/passwd">', '<iframe src="file:///etc/passwd"></iframe>',
    '<meta http-equiv="refresh" content="0;url=http://localhost:1/">', '<base href="http://localhost:1/">',
    "@import url(http://localhost:1/x.css);", "url(file:///etc/passwd)", "@page { @top-left { content: none } }",
    "&lt;b&gt; &amp; &#x202e; &nbsp;", "\\0000 \\\\", ")/JS (app.alert(1)) (", "<rdf:RDF/>", "]]>", "$namespace",
    "<" * 300, "[" * 300,
)  # fmt: skip
"""Texts that would do harm if they were treated as anything but text."""


def with_text(document: Document, text: str) -> Document:
    """Return the document with one text in every field that has words."""

    def replace_texts(value: Any) -> Any:  # noqa: ANN401  # any field of any block
        if isinstance(value, str):
            return text if value else value
        if isinstance(value, tuple):
            return tuple(replace_texts(each) for each in value)
        if is_dataclass(value) and not isinstance(value, type):
            return replace(value, **{f.name: replace_texts(getattr(value, f.name)) for f in fields(value)})
        return value

    result: Document = replace_texts(document)
    return replace(result, language=document.language)


class Page(HTMLParser):
    """A page as a browser parses it: its elements with the names of their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, ...]] = []
        self.attributes: dict[str, list[str]] = {}
        self.texts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, *(name for name, _ in attrs)))
        for name, value in attrs:
            self.attributes.setdefault(f"{tag}.{name}", []).append(value or "")

    def handle_endtag(self, tag: str) -> None:
        self.elements.append((f"/{tag}",))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append(" ".join(data.split()))

    def tags(self) -> list[str]:
        return [element[0] for element in self.elements]


def only(*blocks: Any) -> Document:  # noqa: ANN401  # any blocks
    """Return the sample document with these blocks only."""
    return replace(sample.decided_document(), blocks=blocks)


class TestStructure:
    def test_the_page_has_its_language_and_its_title(self) -> None:
        page = Page(render_html(sample.decided_document()))
        assert page.attributes["html.lang"] == ["en-GB"]
        title = page.texts[page.texts.index(stylesheet_text()) + 2]  # after the style sheet for wide screens
        assert title == (
            "APS 2018/361: Working Anywhere: more tablets for front-line units – Request for decision (Part 1)"
        )

    def test_the_page_has_one_title_one_main_element_and_no_script(self) -> None:
        tags = Page(render_html(sample.decided_document())).tags()
        assert (tags.count("h1"), tags.count("main"), tags.count("title")) == (1, 1, 1)
        assert not {"script", "link", "img", "iframe", "form", "object"} & set(tags)

    def test_headings_skip_no_level(self) -> None:
        levels = [
            int(tag[1])
            for tag in Page(render_html(sample.decided_document())).tags()
            if tag in {"h1", "h2", "h3", "h4"}
        ]
        assert levels[0] == 1
        assert all(below <= above + 1 for above, below in pairwise(levels))

    @pytest.mark.parametrize("levels", [(3,), (2, 4), (1,), (2, 3, 5), (0,)])
    def test_a_heading_that_skips_a_level_is_refused(self, levels: tuple[int, ...]) -> None:
        with pytest.raises(DocumentError, match="is of level"):
            render_html(only(*(Heading(f"Heading {level}", level) for level in levels)))

    def test_a_list_item_holds_text_marks_of_notes_and_at_most_one_list(self) -> None:
        inside: list[str] = []
        for tag in Page(render_html(sample.decided_document())).tags():
            if tag == "/li":
                while inside.pop() != "li":
                    pass
            elif tag == "li" or (inside and not tag.startswith("/")):
                inside.append(tag)
                assert tag in {"li", "ol", "span", "strong", "a"}

    def test_the_declaration_has_a_caption_and_all_table_headers_have_a_scope(self) -> None:
        page = Page(render_html(sample.decided_document()))
        assert page.tags().count("caption") == 1
        assert page.attributes["table.class"] == ["columns whole short", "statements"]
        assert page.attributes["th.scope"] == ["col", "col", "col", "col", "col", "row", "row", "row", "row"]

    def test_columns_of_amounts_are_aligned_to_the_right(self) -> None:
        page = render_html(sample.decided_document())
        assert '<th scope="col">Year</th><th scope="col" class="amount">Posts</th>' in page
        assert '<td class="amount">£81,000.00</td>' in page
        assert '<td class="amount">–</td>' in page

    def test_the_mark_of_a_note_links_to_the_note(self) -> None:
        page = Page(render_html(sample.decided_document()))
        assert page.attributes["a.href"] == ["#note-1", "#note-2", "#note-1", "#note-2"]
        assert page.attributes["li.id"] == ["note-1", "note-2"]

    def test_the_words_stand_in_the_order_of_the_blocks(self) -> None:
        texts = " ".join(Page(render_html(sample.decided_document())).texts)
        paragraphs = [block for block in sample.decided_document().blocks if isinstance(block, Paragraph)]
        places = [texts.index(str(next(iter(split_at_notes(paragraph))))) for paragraph in paragraphs]
        assert places == sorted(places)

    def test_the_imprint_is_printed_at_the_end_and_kept_in_the_head(self) -> None:
        page = render_html(sample.decided_document())
        assert f'<meta name="assent:head" content="{sample.LEDGER_HEAD}">' in page
        assert '<meta name="assent:case" content="APS-2018-361">' in page
        assert '<meta name="assent:version" content="14">' in page
        assert " ".join(Page(page).texts).endswith(
            f"Case APS-2018-361, version 14, Part 1. Sealed in the record as {sample.LEDGER_HEAD} OFFICIAL – PUBLIC"
        )


class TestWords:
    def test_a_field_without_a_value_shows_its_placeholder(self) -> None:
        assert '<dd class="nothing">Not recorded</dd>' in render_html(only(Fields((Field("Reason", ""),))))

    def test_an_unsigned_form_says_so_and_has_lines_to_sign(self) -> None:
        page = render_html(sample.decided_document())
        assert page.count("Signature (not yet signed)") == 1
        assert page.count('<dd class="rule"></dd>') == 3, "each form keeps a line for ink, and an open one for the date"

    def test_a_signature_shows_name_capacity_and_day(self) -> None:
        texts = Page(render_html(sample.decided_document())).texts
        done = texts.index("Approved by")
        assert texts[done : done + 8] == [
            "Approved by", "Rhiannon Wyn-Ŵyth", "(as recorded)", "Capacity", "Deputy Commissioner for Public Safety",
            "Date", "16 April 2018", "Signature",
        ]  # fmt: skip
        assert "Signed" not in texts

    def test_items_keep_the_letters_of_the_record(self) -> None:
        part = Item("the rest", "(iv)", "Note")
        texts = Page(render_html(only(Listing((Item("Go on", "7A.", subitems=(part,)),))))).texts
        assert texts[texts.index("7A.") :][:5] == ["7A.", "Go on", "(iv)", "Note", "the rest"]

    def test_a_draft_has_its_status_and_no_reference(self) -> None:
        texts = Page(render_html(sample.draft_document())).texts
        assert texts[texts.index("Status") + 1] == "Draft"
        assert texts[texts.index("Reference") + 1] == "Not yet given"
        assert "Draft" not in Page(render_html(sample.decided_document())).texts


class TestHostileText:
    @pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:40])
    def test_hostile_text_gives_the_same_elements_as_harmless_text(self, text: str) -> None:
        harmless, hostile = (Page(render_html(with_text(sample.decided_document(), words))) for words in ("word", text))
        assert hostile.elements == harmless.elements
        assert " ".join(text.split()) in hostile.texts

    def test_no_attribute_holds_a_web_address_of_the_author(self) -> None:
        attributes = Page(render_html(with_text(sample.decided_document(), "javascript:alert(1)"))).attributes
        assert not {"src", "style", "onload"} & {name.split(".")[1] for name in attributes}
        assert all(address.startswith("#note-") for address in attributes["a.href"])

    @pytest.mark.parametrize("character", ["\x07", "\r", "\u202e", "\u200b", "\ue000"])
    def test_a_character_that_does_not_print_is_refused_in_every_field(self, character: str) -> None:
        with pytest.raises(DocumentError, match="which does not print") as refused:
            render_html(only(Paragraph(f"approved{character}")))
        assert "Amend the paper" in refused.value.advice()

    def test_the_style_sheet_asks_for_nothing_outside_itself(self) -> None:
        assert not any(word in load_stylesheet() for word in ("url(", "@import", "http", "opacity", "</"))


def stylesheet_text() -> str:
    """Return the style sheet as the parser of the page gives it."""
    return " ".join(load_stylesheet().split())
