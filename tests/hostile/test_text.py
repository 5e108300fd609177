"""Texts that would do harm if they were read as anything but text, in every text of the case, in every document."""

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

from decisions.errors import DocumentError
from decisions.output import html
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
def texts() -> tuple[str, ...]:
    """Every text that somebody types into the case: in the paper, with an act, as an officer's name."""
    reason = {
        **CERTIFIED_FACTS,
        **act_facts("dmpc", "rejected", CERTIFIED_FACTS["iab.on"], "D"),  # type: ignore[arg-type]
        "send_back.reason": "r",
    }
    known = {
        **shipped_paper().public,
        **shipped_paper().exempt,
        **DECIDED_FACTS,
        **reason,
        "interests.recorded": "x",
        "deferral.reason": "y",
    }
    return tuple(where for where in known if shipped_scheme().fact_declaration(split_address(where)[0]).kind == "text")


def filled(text: str, outcome: str = "approved") -> tuple[Case, dict[str, FactValue]]:
    """The case with one text in every place for one, public and exempt."""
    given: dict[str, FactValue] = {where: text for where in texts() if not where.endswith(".letter")}
    public = {
        **shipped_paper().public,
        **DECIDED_FACTS,
        "dmpc.outcome": outcome,
        "interests.declared": "recorded",
        "deferral.asked": True,
    }
    exempt = {where: given.get(where, value) for where, value in shipped_paper().exempt.items()}
    stage = "publication" if outcome == "approved" else "closed"
    hidden = shipped_paper().exempt.keys()
    return case_at(stage, {**public, **{w: t for w, t in given.items() if w not in hidden}}, {}), exempt


@cache
def harmless(kind: str, part: int, outcome: str) -> tuple[list[tuple[str, ...]], int]:
    """The elements of a document of a harmless text, and how often the text stands in it."""
    seen = Page(document_html(kind, part, *filled("word.", outcome)))
    return seen.elements, sum(text.count("word.") for text in seen.texts)


def test_there_are_enough_of_them() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 120
    assert len(texts()) > 60


class TestPages:
    @pytest.mark.parametrize("text", PAYLOADS, ids=lambda text: text[:30])
    @pytest.mark.parametrize(("kind", "part"), DOCUMENTS)
    def test_every_text_stands_as_text_in_the_same_elements(self, kind: str, part: int, text: str) -> None:
        for outcome in ("approved", "rejected") if (kind, part) == DOCUMENTS[0] else ("approved",):
            elements, times = harmless(kind, part, outcome)
            made = document_html(kind, part, *filled(text, outcome))
            seen = Page(made)
            # A lead-in stays with what follows it: a text that ends in a colon has one class more, and nothing else.
            assert [e[0] for e in seen.elements] == [e[0] for e in elements]
            assert {name for e in seen.elements for name in e[1:]} <= {n for e in elements for n in e[1:]} | {"class"}
            whole = " ".join(text.split())
            assert sum(said.count(whole) for said in seen.texts) >= times
            assert len(made) < 60_000 + 8 * len(text) * len(texts())

    @pytest.mark.parametrize("text", TEMPLATES)
    def test_no_template_in_it_is_worked_out(self, text: str) -> None:
        for kind, part in DOCUMENTS:
            made = document_html(kind, part, *filled(text))
            assert "50337" not in made
            assert "root:" not in made

    @pytest.mark.parametrize("where", texts())
    def test_each_text_alone_is_escaped(self, where: str) -> None:
        payload = "</p><script>alert('x')</script>"
        of, exempt = filled("word.")
        changed = {**of.facts, where: payload} if where not in exempt else dict(of.facts)
        hidden = {**exempt, where: payload} if where in exempt else exempt
        if where.endswith(".letter"):
            changed[where] = "<b>x</b>"
        for kind, part in DOCUMENTS:
            seen = Page(document_html(kind, part, case_at(of.stage, changed, {}), hidden))
            assert seen.elements == harmless(kind, part, "approved")[0]

    def test_a_page_asks_for_nothing_whatever_stands_in_it(self) -> None:
        for text in (*MARKUP, *ADDRESSES):
            for kind, part in DOCUMENTS:
                attributes = Page(document_html(kind, part, *filled(text))).attributes
                assert not {"href", "src", "style", "action", "data", "srcdoc"} & {n.split(".")[1] for n in attributes}


class TestPrint:
    @pytest.mark.parametrize(
        "text",
        [pytest.param(text, marks=[pytest.mark.long] * bool(place % 9)) for place, text in enumerate(PAYLOADS)],
        ids=lambda text: text[:30],
    )
    def test_nothing_is_fetched_and_nothing_active_is_made(self, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_: Any) -> None:  # noqa: ANN401  # any address
            raise AssertionError("something was fetched")

        monkeypatch.setattr(socket.socket, "connect", refuse)
        for kind, part in DOCUMENTS:
            of, exempt = filled(text)
            data = document_pdf(document_view(kind, part, of, exempt))
            reader = PdfReader(io.BytesIO(data))
            told = " ".join(repr(reader.get_object(n)) for n in range(1, int(str(reader.trailer["/Size"]))))
            assert not re.search(r"'/(JS|JavaScript|Launch|URI|EmbeddedFile|OpenAction|AA|SubmitForm)'", told)

    @pytest.mark.parametrize(
        "field", ["interests.recorded", "deferral.reason", "decision.reference", "executive_summary"]
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
        said = "".join(each.extract_text(visitor_text=note) for each in reader.pages)
        assert said.count("ENDMARK") == (1 if field != "decision.reference" else said.count("ENDMARK")) >= 1
        assert 40 < min(places) <= max(places) < 842


class TestWhatIsRefused:
    @pytest.mark.parametrize("text", REFUSED, ids=ascii)
    def test_a_character_that_does_not_print_never_enters_the_case(self, text: str) -> None:
        with pytest.raises(
            InputError, match=r"U\+[0-9A-F]{4,6} \(.*\) in line 1, column \d+ of the text cannot be printed"
        ):
            clean_text(f"approved {text}")

    @pytest.mark.parametrize("text", [text for text in REFUSED if not re.search(r"\s", text)], ids=ascii)
    @pytest.mark.parametrize(("kind", "part"), DOCUMENTS)
    def test_nor_does_it_leave_it_if_it_stands_in_the_record(self, kind: str, part: int, text: str) -> None:
        with pytest.raises(DocumentError, match="which does not print"):
            document_html(kind, part, *filled(text))

    def test_every_payload_is_one_that_the_record_takes(self) -> None:
        assert [text for text in PAYLOADS if clean_text(text) != unicodedata.normalize("NFC", text).strip()] == []

    @pytest.mark.parametrize(("kind", "part"), DOCUMENTS)
    def test_a_word_without_an_end_is_refused_before_it_is_set(self, kind: str, part: int) -> None:
        with pytest.raises(DocumentError, match="more than 2,000 characters without a space") as refused:
            document_html(kind, part, *filled("w" * (html.MAX_WORD_LENGTH + 1)))
        assert "www" not in str(refused.value)

    def test_the_longest_words_are_set_and_more_of_them_than_a_page_takes_are_refused(self) -> None:
        longest = f"{'w' * html.MAX_WORD_LENGTH} "
        document_html("decision-form", 1, case_at("publication", {**DECIDED_FACTS, "form.financial": longest * 10}))
        with pytest.raises(DocumentError, match="its text has 11 words that would take minutes to break"):
            document_html("decision-form", 1, case_at("publication", {**DECIDED_FACTS, "form.financial": longest * 11}))

    def test_a_letter_that_is_none_is_refused(self) -> None:
        made = case_at("publication", {**DECIDED_FACTS, "recommendation:dmpc-1a.letter": "w" * 13})
        with pytest.raises(DocumentError, match="the letter of recommendation:dmpc-1a has 13 characters"):
            document_html("decision-form", 1, made)

    def test_the_longest_text_that_a_fact_may_have_is_bounded(self) -> None:
        clean_text("w" * MAX_TEXT_BYTES)
        with pytest.raises(InputError, match="longer than 60,000 bytes"):
            clean_text("w" * (MAX_TEXT_BYTES + 1))


LARGEST = {
    "words": "a " * (MAX_TEXT_BYTES // 2),
    "long words": f"{'w' * html.MAX_WORD_LENGTH} " * (html.MAX_BREAKING_COST // html.MAX_WORD_LENGTH**2),
    "marks": ("a" + "\u0301" * MAX_COMBINING_MARKS + " ") * (MAX_TEXT_BYTES // (2 * MAX_COMBINING_MARKS + 2)),
    "paragraphs": "a\n\n" * MAX_PIECES,
    "items": "- a\n" * MAX_PIECES,
    "parts": "- a\n" + "  1. a\n" * (MAX_PIECES - 1),
    "cells": ("|a" * MAX_COLUMNS + "|\n") * (MAX_ROWS + 1),
    "notes": "".join(f"a[^{n}] " for n in range(1_000)) + "".join(f"\n[^{n}]: b" for n in range(1_000)),
    "nested": f"{'<div>' * 390} " * 10,
}


SETS = """
import re, signal, sys
from pathlib import Path
from tests.decisions.cases import DECIDED_FACTS, case_at, document_pdf, document_view
from tests.hostile.test_text import LARGEST
from rules.values.facts import clean_text

def peak():  # of this process alone: getrusage would give that of the one which started it, if it was larger
    return int(re.search(r"VmHWM:\\s+([0-9]+) kB", Path("/proc/self/status").read_text())[1])

def of(text):
    case = case_at("publication", {**DECIDED_FACTS, "form.financial": clean_text(text)})
    document_pdf(document_view("decision-form", 1, case))

of("Warm.")
before = peak()
signal.setitimer(signal.ITIMER_VIRTUAL, float(sys.argv[2]))  # which ends the process when so much work is done
of(LARGEST[sys.argv[1]])
print(peak() - before)
"""


def grown(name: str, seconds: float) -> int:
    """By how many kilobytes a process of its own grows to set a text; fails where it has to work longer."""
    done = subprocess.run(
        [sys.executable, "-c", SETS, name, str(seconds)], cwd=HOUSE, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"not done in {seconds} seconds of work: {done.returncode} {done.stderr}"
    return int(done.stdout)


class TestTheLargest:
    @pytest.mark.parametrize("name", ["words", "items"])
    def test_the_largest_text_that_is_taken_is_set_in_bounded_time_and_memory(self, name: str) -> None:
        assert 0 < grown(name, 60) < 200_000

    @pytest.mark.long
    @pytest.mark.parametrize("name", [name for name in LARGEST if name not in ("words", "items")])
    def test_so_is_every_other_kind_of_it(self, name: str) -> None:
        assert 0 < grown(name, 60) < 200_000

    def test_more_work_than_that_would_be_noticed(self) -> None:
        with pytest.raises(AssertionError, match=f"not done in 0.2 seconds of work: -{signal.SIGVTALRM}"):
            grown("items", 0.2)

    def test_a_document_that_would_take_minutes_is_refused_at_once(self) -> None:
        many = "a\n\n" * MAX_PIECES
        texts = ("introduction", "issues", "financial", "legal")
        made = case_at("publication", {**DECIDED_FACTS, **{f"form.{name}": many for name in texts}})
        with pytest.raises(
            DocumentError, match=r"would have \d+,\d+ paragraphs, items and cells; at most 6,000 are set"
        ):
            document_html("decision-form", 1, made)
