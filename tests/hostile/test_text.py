"""Hostile texts in every text of a case stay text in every document, and are rendered in bounded time and memory."""

from __future__ import annotations

import io
import re
import signal
import socket
import subprocess
import sys
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from decisions.documents.printability import MAX_BREAKING_COST, MAX_WORD_LENGTH
from decisions.errors import DocumentError
from rules.errors import InputError
from rules.values.facts import MAX_TEXT_BYTES, FactValue, clean_text, split_address
from rules.values.prose_parser import MAX_COLUMNS, MAX_PIECES, MAX_ROWS
from rules.values.text import MAX_COMBINING_MARKS
from tests.decisions.cases import (
    CERTIFIED_FACTS,
    DECIDED_FACTS,
    DOCUMENTS,
    act_facts,
    case_at,
    document_html,
    document_pdf,
    document_view,
    shipped_paper,
    shipped_scheme,
)
from tests.decisions.output.test_html import Page
from tests.plain_run import in_turn, only_long
from workflow.cases.case import Case

HOUSE = Path(__file__).resolve().parents[2]
MARKUP = (
    "<script>alert(1)</script>", "<SCRIPT SRC=//x.example/x.js></SCRIPT>", "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<svg><script>alert&#40;1)</script></svg>",
    "<math><mi//xlink:href='javascript:alert(1)'>", "<iframe srcdoc='<script>alert(1)</script>'>", "<object data=x>",
    "<embed src=file:///etc/passwd>", "<video><source onerror=alert(1)>", "<details open ontoggle=alert(1)>",
    "<body onload=alert(1)>", "<input autofocus onfocus=alert(1)>", "<form action=//x.example><button>Approve</button>",
    "<marquee>Approved</marquee>", "<plaintext>", "<xmp>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><p>gone</p></template>", "<table><tr><td>Refused</table>", "</main></body></html>", "</p></dd></dl>",
    "</title><h1>Refused</h1>", "</style><style>*{display:none}</style>", "<style>@page{size:1px}</style>",
    "<link rel=stylesheet href=http://127.0.0.1:1/x.css>", "<link rel=attachment href=file:///etc/passwd>",
    "<meta http-equiv=refresh content='0;url=http://127.0.0.1:1/'>", "<base href=http://127.0.0.1:1/>",
    "<!-- all that follows", "--> <b>on</b>", "<![CDATA[ x ]]>", "<?xml version='1.0'?>", "<!DOCTYPE html>",
    "<!ENTITY x SYSTEM 'file:///etc/passwd'> &x;", "<rdf:RDF/>", "</x:xmpmeta>", "<?xpacket end='w'?>",
)  # fmt: skip
ATTRIBUTES = (
    '" onload="alert(1)', "' style='display:none", '"><svg onload=alert(1)>', "x` onerror=`alert(1)",
    '" data-status="Approved',
    "&quot; onload=&quot;alert(1)", "&lt;b&gt; &amp; &nbsp; &#x202e;", "&#60;script&#62;",
)  # fmt: skip
TEMPLATES = (
    "{{ 7191 * 7 }}", "{{ document.imprint.head }}", "{{ style }}", "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{% for x in range(999999999) %}x{% endfor %}", "{% include '/etc/passwd' %}", "{% raw %}", "{# gone #}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}", "${7191*7}", "#{7191*7}", "<%= 7191*7 %>", "$head",
    "$$ {namespace}",
    "%(head)s %s %n", "{0.__class__}", "__import__('os')",
)  # fmt: skip
ADDRESSES = (
    "javascript:alert(1)", "file:///etc/passwd", "http://127.0.0.1:1/x.png", "data:text/html,<b>x</b>",
    "\\\\host\\share",
    "../../etc/passwd", "url(http://127.0.0.1:1/x)", "@import url(http://127.0.0.1:1/x.css);", "expression(alert(1))",
    "content: attr(data-marking)", "position: fixed; inset: 0", "</span><span style='position:running(head)'>",
    "@page { @top-left { content: none } }", "string-set: marking 'PUBLIC'", "bookmark-label: 'Refused'",
    "-weasy-link: url(#x)", "url(data:image/svg+xml,<svg onload='alert(1)'/>)", "vbscript:msgbox(1)", "ftp://127.0.0.1:1/",
    "//127.0.0.1:1/x", "#note-1",
)  # fmt: skip
PRINTED = (
    ")/JS (app.alert(1)) (", "endstream endobj", "%%EOF", "/Launch /URI (http://127.0.0.1:1/)", "\\0000 \\\\ \\",
    "(((((",
    "'; DROP TABLE entry; --", "=cmd|'/c calc'!A0", "@SUM(1+1)", "; rm -rf /", "$(id) `id`", "| cat", "NaN", "null",
    "true",
    "Approved", "not yet signed", "OFFICIAL – PUBLIC", "1.1.", "a.", ":", "…", "<" * 500, "[" * 500, "{" * 500,
    "&" * 500, '"' * 500,
    "a\u0301\u0323" * 200, "Ŵ" * 300, f"{'<div>' * 39} " * 10, f"{'<b><i>' * 30} " * 10, f"{'{{' * 90} " * 10,
    "{% if 1 %}" * 60, f"{'((a)' * 40} " * 10, f"{'&lt;' * 40} " * 10,
    "word " * 4_000,
    "/Title (Refused) /Author (Nobody)", "<</Type/Catalog>>", "xmp:CreateDate='2000'",
    "\\u202e", "[1]", "^1",
)  # fmt: skip
PAYLOADS = (*MARKUP, *ATTRIBUTES, *TEMPLATES, *ADDRESSES, *PRINTED)
REFUSED = (
    "\x00", "\x07bell", "a\x1b[31mred", "\x7f", "line\rover", "\x85", "soft\u00adhyphen", "zero\u200bwidth",
    "\u202eevorppa",
    "\u2066isolate", "\ufeffmark", "\ue000", "\ud800", "\U000e0041tag", "\u2028", "a" + "\u0301" * 31, "\ufffe",
    "\u3164", "fe\ufe0f",
)  # fmt: skip


@cache
def text_addresses() -> tuple[str, ...]:
    """Return the addresses of all texts that officers type: in the paper, with an act, and as their names."""
    rejected = {
        **CERTIFIED_FACTS,
        **act_facts("dmpc", "rejected", CERTIFIED_FACTS["iab.on"], "D"),  # type: ignore[arg-type]
        "send_back.reason": "r",
    }
    facts = {
        **shipped_paper().public,
        **shipped_paper().exempt,
        **DECIDED_FACTS,
        **rejected,
        "interests.recorded": "x",
        "deferral.reason": "y",
    }
    declaration = shipped_scheme().fact_declaration
    return tuple(address for address in facts if declaration(split_address(address)[0]).kind == "text")


def case_filled_with(text: str, outcome: str = "approved") -> tuple[Case, dict[str, FactValue]]:
    """Return the public case and the exempt facts, with one text for every fact that is a text."""
    given: dict[str, FactValue] = {address: text for address in text_addresses() if not address.endswith(".letter")}
    public = {
        **shipped_paper().public,
        **DECIDED_FACTS,
        "dmpc.outcome": outcome,
        "interests.declared": "recorded",
        "deferral.asked": True,
    }
    exempt = {address: given.get(address, value) for address, value in shipped_paper().exempt.items()}
    stage = "publication" if outcome == "approved" else "closed"
    public_texts = {address: value for address, value in given.items() if address not in exempt}
    return case_at(stage, {**public, **public_texts}, {}), exempt


@cache
def harmless_page(kind: str, part: int, outcome: str) -> tuple[list[tuple[str, ...]], int]:
    """Return the elements of a document filled with a harmless text, and how often the text stands in it."""
    page = Page(document_html(kind, part, *case_filled_with("word.", outcome)))
    return page.elements, sum(text.count("word.") for text in page.texts)


def test_there_are_many_payloads_and_many_texts() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 120
    assert len(text_addresses()) > 60


class TestPages:
    @pytest.mark.parametrize("text", in_turn(PAYLOADS, keep=2), ids=lambda text: text[:30])
    @pytest.mark.parametrize(("kind", "part"), DOCUMENTS)
    def test_a_hostile_text_gives_the_same_elements_as_a_harmless_one(self, kind: str, part: int, text: str) -> None:
        for outcome in ("approved", "rejected") if (kind, part) == DOCUMENTS[0] else ("approved",):
            elements, times = harmless_page(kind, part, outcome)
            html_text = document_html(kind, part, *case_filled_with(text, outcome))
            page = Page(html_text)
            # A paragraph that ends in a colon has a class, so that it stays with what follows it.
            assert [e[0] for e in page.elements] == [e[0] for e in elements]
            assert {name for e in page.elements for name in e[1:]} <= {n for e in elements for n in e[1:]} | {"class"}
            normal_text = " ".join(text.split())
            assert sum(each.count(normal_text) for each in page.texts) >= times
            assert len(html_text) < 60_000 + 8 * len(text) * len(text_addresses())

    @pytest.mark.parametrize("text", TEMPLATES)
    def test_no_template_in_a_text_is_evaluated(self, text: str) -> None:
        for kind, part in DOCUMENTS:
            page = document_html(kind, part, *case_filled_with(text))
            assert "50337" not in page
            assert "root:" not in page

    @pytest.mark.parametrize("address", text_addresses())
    def test_each_text_alone_is_escaped(self, address: str) -> None:
        payload = "</p><script>alert('x')</script>"
        case, exempt = case_filled_with("word.")
        public = {**case.facts, address: payload} if address not in exempt else dict(case.facts)
        exempt = {**exempt, address: payload} if address in exempt else exempt
        if address.endswith(".letter"):
            public[address] = "<b>x</b>"
        for kind, part in DOCUMENTS:
            page = Page(document_html(kind, part, case_at(case.stage, public, {}), exempt))
            assert page.elements == harmless_page(kind, part, "approved")[0]

    def test_a_page_refers_to_nothing_outside_itself(self) -> None:
        for text in (*MARKUP, *ADDRESSES):
            for kind, part in DOCUMENTS:
                attributes = Page(document_html(kind, part, *case_filled_with(text))).attributes
                assert not {"href", "src", "style", "action", "data", "srcdoc"} & {n.split(".")[1] for n in attributes}


def active_objects(text: str, kind: str, part: int) -> list[str]:
    """Return what acts by itself, or leads elsewhere, in the PDF of a case filled with a text."""
    case, exempt = case_filled_with(clean_text(text))  # as the record takes it
    reader = PdfReader(io.BytesIO(document_pdf(document_view(kind, part, case, exempt))))
    objects = " ".join(repr(reader.get_object(n)) for n in range(1, int(str(reader.trailer["/Size"]))))
    return re.findall(r"'/(JS|JavaScript|Launch|URI|EmbeddedFile|OpenAction|AA|SubmitForm)'", objects)


class TestPdf:
    @pytest.fixture(autouse=True)
    def no_network(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: Any) -> None:  # noqa: ANN401  # any address
            raise AssertionError("something was fetched")

        monkeypatch.setattr(socket.socket, "connect", refuse)

    @pytest.mark.parametrize(
        ("text", "kind", "part"),
        [(text, *DOCUMENTS[place % len(DOCUMENTS)]) for place, text in enumerate(PAYLOADS[4::18])],
        ids=lambda value: str(value)[:30],
    )
    def test_nothing_is_fetched_and_nothing_active_is_in_the_pdf(self, text: str, kind: str, part: int) -> None:
        assert not active_objects(text, kind, part)

    @pytest.mark.very_long
    @pytest.mark.parametrize("text", PAYLOADS, ids=lambda text: text[:30])
    def test_nothing_active_is_in_the_pdf_of_any_document(self, text: str) -> None:
        for kind, part in DOCUMENTS:
            assert not active_objects(text, kind, part)

    @pytest.mark.parametrize(
        "field",
        ["decision.reference", "executive_summary", *only_long("interests.recorded", "deferral.reason")],
    )
    def test_a_long_text_is_printed_to_its_end_inside_the_page(self, field: str) -> None:
        changes: dict[str, FactValue] = {
            **DECIDED_FACTS, "interests.declared": "recorded", "deferral.asked": True,
            field: "word " * 3_000 + "ENDMARK",
        }  # fmt: skip
        places: list[float] = []

        def note(text: str, page_: list[float], matrix: list[float], *_: Any) -> None:  # noqa: ANN401  # font and size
            if text.strip():
                places.append(page_[5] + matrix[5] * page_[3])

        reader = PdfReader(io.BytesIO(document_pdf(document_view("decision-form", 1, case_at("publication", changes)))))
        printed = "".join(each.extract_text(visitor_text=note) for each in reader.pages)
        assert printed.count("ENDMARK") == (1 if field != "decision.reference" else printed.count("ENDMARK")) >= 1
        assert 40 < min(places) <= max(places) < 842


class TestRefusals:
    def test_a_character_that_does_not_print_is_refused_on_entry(self) -> None:
        for text in REFUSED:
            message = r"U\+[0-9A-F]{4,6} \(.*\) in line 1, column \d+ of the text cannot be printed"
            with pytest.raises(InputError, match=message):
                pytest.fail(f"{text!a} became {clean_text(f'approved {text}')!a}")

    @pytest.mark.parametrize(("kind", "part"), DOCUMENTS)
    def test_a_character_that_does_not_print_is_refused_in_a_document(self, kind: str, part: int) -> None:
        for text in (text for text in REFUSED if not re.search(r"\s", text)):
            with pytest.raises(DocumentError, match="which does not print"):
                pytest.fail(f"{text!a} stands in {document_html(kind, part, *case_filled_with(text))[:200]}")

    def test_every_payload_is_accepted_on_entry(self) -> None:
        assert [text for text in PAYLOADS if clean_text(text) != unicodedata.normalize("NFC", text).strip()] == []

    @pytest.mark.parametrize(("kind", "part"), DOCUMENTS)
    def test_an_endless_word_is_refused_before_it_is_rendered(self, kind: str, part: int) -> None:
        with pytest.raises(DocumentError, match="more than 2,000 characters without a space") as refused:
            document_html(kind, part, *case_filled_with("w" * (MAX_WORD_LENGTH + 1)))
        assert "www" not in str(refused.value)

    def test_ten_of_the_longest_words_are_rendered_and_eleven_are_refused(self) -> None:
        def render(count: int) -> str:
            facts: dict[str, FactValue] = {
                **DECIDED_FACTS,
                "form.financial": f"{'w' * MAX_WORD_LENGTH} " * count,
            }
            return document_html("decision-form", 1, case_at("publication", facts))

        assert render(10)
        with pytest.raises(DocumentError, match="its text has 11 words that would take minutes to break"):
            render(11)

    def test_a_letter_of_many_characters_is_refused(self) -> None:
        case = case_at("publication", {**DECIDED_FACTS, "recommendation:dmpc-1a.letter": "w" * 13})
        with pytest.raises(DocumentError, match="the letter of recommendation:dmpc-1a has 13 characters"):
            document_html("decision-form", 1, case)

    def test_the_longest_text_that_a_fact_may_have_is_bounded(self) -> None:
        clean_text("w" * MAX_TEXT_BYTES)
        with pytest.raises(InputError, match="longer than 60,000 bytes"):
            clean_text("w" * (MAX_TEXT_BYTES + 1))


LARGEST = {
    "words": "a " * (MAX_TEXT_BYTES // 2),
    "long words": f"{'w' * MAX_WORD_LENGTH} " * (MAX_BREAKING_COST // MAX_WORD_LENGTH**2),
    "marks": ("a" + "\u0301" * MAX_COMBINING_MARKS + " ") * (MAX_TEXT_BYTES // (2 * MAX_COMBINING_MARKS + 2)),
    "paragraphs": "a\n\n" * MAX_PIECES,
    "items": "- a\n" * MAX_PIECES,
    "parts": "- a\n" + "  1. a\n" * (MAX_PIECES - 1),
    "cells": ("|a" * MAX_COLUMNS + "|\n") * (MAX_ROWS + 1),
    "notes": "".join(f"a[^{n}] " for n in range(1_000)) + "".join(f"\n[^{n}]: b" for n in range(1_000)),
    "nested": f"{'<div>' * 390} " * 10,
}


RENDER_LARGEST = """
import re, signal, sys
from pathlib import Path
from tests.decisions.cases import DECIDED_FACTS, case_at, document_pdf, document_view
from tests.hostile.test_text import LARGEST
from tests.plain_run import in_turn, only_long
from rules.values.facts import clean_text

def peak():  # of this process alone: getrusage could give that of its parent
    return int(re.search(r"VmHWM:\\s+([0-9]+) kB", Path("/proc/self/status").read_text())[1])

def render(text):
    case = case_at("publication", {**DECIDED_FACTS, "form.financial": clean_text(text)})
    document_pdf(document_view("decision-form", 1, case))

render("Warm.")
before = peak()
signal.setitimer(signal.ITIMER_VIRTUAL, float(sys.argv[2]))  # ends the process after so much work
render(LARGEST[sys.argv[1]])
print(peak() - before)
"""


def memory_growth(name: str, seconds: float) -> int:
    """Return by how many kilobytes a process grows to render a text; fail if it works longer than `seconds`."""
    done = subprocess.run(
        [sys.executable, "-c", RENDER_LARGEST, name, str(seconds)],
        cwd=HOUSE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"not done in {seconds} seconds of work: {done.returncode} {done.stderr}"
    return int(done.stdout)


class TestLargestTexts:
    @pytest.mark.parametrize("name", ["words"])
    def test_the_largest_text_is_rendered_in_bounded_time_and_memory(self, name: str) -> None:
        assert 0 < memory_growth(name, 60) < 200_000

    @pytest.mark.long
    @pytest.mark.parametrize("name", [name for name in LARGEST if name != "words"])
    def test_the_largest_text_of_every_other_kind_is_too(self, name: str) -> None:
        assert 0 < memory_growth(name, 60) < 200_000

    @pytest.mark.long
    def test_too_much_work_would_be_noticed(self) -> None:
        with pytest.raises(AssertionError, match=f"not done in 0.2 seconds of work: -{signal.SIGVTALRM}"):
            memory_growth("items", 0.2)

    def test_a_document_that_would_take_minutes_is_refused_at_once(self) -> None:
        many = "a\n\n" * MAX_PIECES
        names = ("introduction", "issues", "financial", "legal")
        case = case_at("publication", {**DECIDED_FACTS, **{f"form.{name}": many for name in names}})
        with pytest.raises(
            DocumentError, match=r"would have \d+,\d+ paragraphs, items and cells; at most 6,000 are set"
        ):
            document_html("decision-form", 1, case)
