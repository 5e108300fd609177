"""The last check of a public file finds anything of Part 2 in it, wherever it is hidden, and stops the file."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pikepdf
import pytest

from decisions.documents.blocks.heading import Heading
from decisions.documents.build import build_document
from decisions.documents.record_views import build_exempt_record, build_public_record
from decisions.documents.view import Document
from decisions.errors import DocumentError
from decisions.issuing.issue import issue_document
from decisions.issuing.issued_files import documents_by_template
from decisions.issuing.jobs import OUTPUT_FORMATS, RenderJob
from decisions.output.extraction import TextPiece, extract_text
from decisions.safety.disclosure import (
    MIN_WORD_LETTERS,
    ExemptPatterns,
    build_exempt_patterns,
    build_public_patterns,
    refuse_leak,
    split_words,
)
from rules.values.passages import Paragraph
from tests.decisions import sample
from tests.decisions.cases import (
    CERTIFIED_FACTS,
    DECISION_FORM,
    IAB_REPORT,
    OPENED_FACTS,
    act_facts,
    case_at,
    decided_case,
    document_pdf,
    shipped_scheme,
)
from tests.decisions.output.test_html import only
from tests.leakage.canaries import CASE, CODES, LEAK, LEAK_PATTERNS, WORDS, open_case, with_canaries
from tests.plain_run import only_long
from tests.rendered_documents import render_once
from workflow.services import commands, queries
from workflow.services.commands import Request, Revision, Services


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Services:
    return open_case(tmp_path_factory.mktemp("disclosure") / "assent.db", with_canaries())


def patterns_of(services: Services) -> ExemptPatterns:
    snapshot = queries.load_case_snapshot(services, CASE)
    exempt_record = build_exempt_record(snapshot.case, snapshot.exempt_part, snapshot.head, shipped_scheme())
    return build_exempt_patterns(exempt_record, build_public_record(snapshot.case, snapshot.head, shipped_scheme()))


@cache
def harmless_pdf() -> bytes:
    """Return a PDF that gives nothing away, with fonts that have every letter of the secret text."""
    return document_pdf(only(Heading("Prices"), Paragraph(LEAK[::-1])))


def changed_pdf(change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """Return the harmless PDF with a change."""
    with pikepdf.open(io.BytesIO(harmless_pdf())) as pdf:
        change(pdf)
        saved = io.BytesIO()
        pdf.save(saved)
    return saved.getvalue()


def disclosures(data: bytes, output_format: str = "pdf") -> list[str]:
    return LEAK_PATTERNS.find_disclosures(extract_text(data, output_format))


def secret_in_glyphs(pdf: pikepdf.Pdf) -> bytes:
    """Return the secret text in the glyphs of the document's own fonts, as a page would show it."""
    for font in pdf.objects:
        if isinstance(font, pikepdf.Dictionary) and "/ToUnicode" in font:
            numbers = glyph_numbers(font["/ToUnicode"].read_bytes())
            if set(LEAK) <= numbers.keys():
                shown = "> 30 <".join(f"{numbers[letter]:04x}" for letter in LEAK)
                return f"BT /F1 12 Tf [<{shown}>] TJ ET".encode()
    raise AssertionError("no font of the document has all letters of the secret text")


def glyph_numbers(to_unicode: bytes) -> dict[str, int]:
    from decisions.output.extraction import _parse_glyph_map

    return {letter: number for number, letter in _parse_glyph_map(to_unicode).items()}


PLACES: dict[str, Callable[[pikepdf.Pdf], object]] = {
    "the title": lambda pdf: pdf.docinfo.__setitem__("/Title", LEAK),
    "the metadata": lambda pdf: pdf.Root.Metadata.write(
        pdf.Root.Metadata.read_bytes().replace(sample.decided_document().title.encode(), LEAK.encode())
    ),
    "a bookmark": lambda pdf: pdf.Root.Outlines.First.__setitem__("/Title", pikepdf.String(LEAK)),
    "an alternative text": lambda pdf: pdf.Root.StructTreeRoot.__setitem__("/Alt", pikepdf.String(LEAK)),
    "the target of a link": lambda pdf: pdf.pages[0].__setitem__(
        "/Annots",
        pikepdf.Array([pikepdf.Dictionary(A=pikepdf.Dictionary(URI=pikepdf.String(f"https://x/{LEAK}")))]),
    ),
    "an attachment": lambda pdf: pdf.attachments.__setitem__("notes.txt", LEAK.encode()),
    "the name of an attachment": lambda pdf: pdf.attachments.__setitem__(f"{LEAK}.txt", b"nothing"),
    "an object that nothing refers to": lambda pdf: pdf.make_indirect(pikepdf.Dictionary(X=pikepdf.String(LEAK))),
    "a stream that nothing refers to": lambda pdf: pdf.make_stream(LEAK.encode()),
    "the trailer": lambda pdf: pdf.trailer.__setitem__("/X", pikepdf.String(LEAK)),
    "a page, after everything else": lambda pdf: pdf.pages[-1].contents_add(secret_in_glyphs(pdf)),
    "a stream of glyphs that no page shows": lambda pdf: pdf.make_stream(secret_in_glyphs(pdf)),
    "a form that no page shows": lambda pdf: pdf.make_stream(secret_in_glyphs(pdf), {"/Type": pikepdf.Name.XObject}),
}


class TestEveryPlace:
    def test_a_harmless_document_gives_nothing_away(self) -> None:
        assert disclosures(harmless_pdf()) == disclosures(changed_pdf(lambda _: None)) == []

    @pytest.mark.parametrize("place", PLACES)
    def test_a_secret_in_this_place_is_found(self, place: str) -> None:
        data = changed_pdf(lambda pdf: keep_all(pdf, PLACES[place]))
        assert "a run of words of Part 2" in disclosures(data)
        assert "an exempt amount" in disclosures(data)

    def test_a_document_that_contains_an_earlier_version_is_refused(self) -> None:
        for data in (
            harmless_pdf() + harmless_pdf(),
            harmless_pdf() + LEAK.encode(),
            harmless_pdf().replace(b"%%EOF", b"%%OFF"),
        ):
            with pytest.raises(DocumentError, match="goes on after its end, or carries an earlier version"):
                disclosures(data)

    def test_text_that_looks_like_the_end_of_a_file_is_not_taken_for_it(self) -> None:
        assert disclosures(document_pdf(only(Heading("startxref 9 %%EOF"), Paragraph("%%EOF startxref")))) == []

    def test_a_document_that_cannot_be_read_completely_is_refused(self) -> None:
        with pytest.raises(DocumentError, match="could not be read"):
            disclosures(b"%PDF-1.7\nstartxref\n9\n%%EOF\n")

    @pytest.mark.parametrize(
        "page",
        [f"<p>{LEAK}</p>", f'<p title="{LEAK}">x</p>', f"<!-- {LEAK} -->", f"<p hidden>{LEAK}</p>",
         "<p>The <b>Kingfisher</b> prices were &pound;7,318,642.17</p>"],
    )  # fmt: skip
    def test_a_secret_anywhere_in_a_page_is_found(self, page: str) -> None:
        assert disclosures(f"<!doctype html><body>{page}</body>".encode(), "html")
        assert disclosures(b"<!doctype html><body><p>The prices were let.</p></body>", "html") == []


def keep_all(pdf: pikepdf.Pdf, change: Callable[[pikepdf.Pdf], object]) -> None:
    """Apply a change, and refer to a new object from the trailer: an object without references is not saved."""
    new_object = change(pdf)
    if isinstance(new_object, pikepdf.Object):
        pdf.trailer["/Kept"] = new_object


def written_canaries() -> Iterator[str]:
    """Yield each canary in each way of writing it."""
    yield from WORDS.values()
    yield from CODES
    yield from ("£7318642.17", "2017-11-23", "Notes of CANARY-AUK, of the   business case")


class TestPatterns:
    @pytest.mark.parametrize("written", list(written_canaries()))
    def test_each_canary_is_found_however_it_is_written(self, services: Services, written: str) -> None:
        assert patterns_of(services).find_disclosures([TextPiece(f"It says: {written}.")])

    @pytest.mark.parametrize(
        "written",
        ["£2,450,000", "£2450000", "£2 450 000", "£2.45m", "£2.450m", "2.45 million", "£2,450k", "450K",
         "£0.45m", "450 thousand", "£450,000.00", "£1.3bn", "£1.30 billion", "£1,300m"],
    )  # fmt: skip
    def test_an_amount_is_found_in_thousands_millions_and_billions(self, tmp_path: Path, written: str) -> None:
        amounts = {"estimated_value": "£2,450,000 ex VAT", "modification__original_value": "£450,000 ex VAT",
                   "modification__increase": "£1,300,000,000 ex VAT"}  # fmt: skip
        services = open_case(tmp_path / "assent.db", with_canaries(**amounts))
        assert patterns_of(services).find_disclosures([TextPiece(f"It says: {written}.")]) == ["an exempt amount"]

    @pytest.mark.parametrize(
        "written", ["£1,500,000", "£2,500,000,000", "£12,500.00", "1,500k", "500,000,000", "£0.5k"]
    )
    def test_an_amount_is_not_found_within_another_number(self, tmp_path: Path, written: str) -> None:
        amounts = {"estimated_value": "£500,000 ex VAT", "modification__increase": "£2,500 ex VAT"}
        services = open_case(tmp_path / "assent.db", with_canaries(**amounts))
        assert patterns_of(services).find_disclosures([TextPiece(f"It says: {written}.")]) == []

    def test_words_are_found_without_a_note_mark_between_them(self, tmp_path: Path) -> None:
        text = "The Canary[^1]heron sum[^1] of the settlement.\n\n[^1]: Said."
        services = open_case(tmp_path / "assent.db", with_canaries(confidential__financial=text))
        for written in ("the settled sum of the settlement", "canaryheron", "sum 1 of the settlement"):
            assert patterns_of(services).find_disclosures([TextPiece(written)])

    def test_a_fact_that_part_1_states_is_not_secret(self, services: Services) -> None:
        public, _ = queries.load_public_case(services, CASE)
        assert patterns_of(services).find_disclosures([TextPiece(str(value)) for value in public.facts.values()]) == []

    def test_a_single_word_counts_in_prose_only(self, services: Services) -> None:
        assert patterns_of(services).find_disclosures([TextPiece("dotterel", is_prose=False)]) == []
        assert patterns_of(services).find_disclosures([TextPiece("dotterel")]) == ["a word of Part 2"]


class TestRefusal:
    @pytest.mark.parametrize("to", ["pdf", "html"])
    def test_a_document_that_gives_something_away_is_neither_issued_nor_recorded(
        self, services: Services, to: str
    ) -> None:
        def render_with_secret(view: Document, output_format: str) -> bytes:
            data = render_once(view, output_format)
            if output_format == "html":
                return data.replace(b"</main>", b"<p>Canary-Egret of the rationale.</p></main>")
            with pikepdf.open(io.BytesIO(data)) as pdf:
                pdf.docinfo["/Subject"] = "Canary-Egret of the rationale."
                saved = io.BytesIO()
                pdf.save(saved)
            return saved.getvalue()

        with pytest.raises(DocumentError, match=CASE) as refused:
            issue_document(services, RenderJob(CASE, DECISION_FORM, 1, to), Request(""), render_with_secret)
        assert "Egret" not in f"{refused.value} {refused.value.advice()}"
        assert all(not issued for template, issued in documents_by_template(services, CASE) if template.part == 1)

    def test_an_exempt_amount_in_the_prose_of_part_1_is_refused_with_advice(self, tmp_path: Path) -> None:
        services = open_case(tmp_path / "assent.db", with_canaries())
        revision = Revision({"executive_summary": "All of it comes to £7,318,642.17 in the end."}, {})
        commands.amend_paper(services, CASE, revision, Request("rosa-lee", date(2018, 3, 7)))
        says = "Part 1, Executive summary, says “£7,318,642.17”, which is confidential in Part 2 as the estimated value"
        with pytest.raises(DocumentError) as refused:
            issue_document(services, RenderJob(CASE, DECISION_FORM, 1, "pdf"), Request(""), render_once)
        assert str(refused.value) == f"{CASE}: {says}"  # the words are those of Part 1
        assert "Say it in words that give nothing away" in refused.value.advice()

    @pytest.mark.parametrize("to", OUTPUT_FORMATS)
    def test_an_exempt_amount_that_the_page_breaks_into_lines_is_refused_too(self, tmp_path: Path, to: str) -> None:
        services = open_case(tmp_path / "assent.db", with_canaries())
        rows = [["Responsibilities"] * 8, [*["Responsibilities"] * 7, "£7,318,642.17 in all"]]
        table = "\n".join(f"| {' | '.join(cells)} |" for cells in rows)
        revision = Revision({"form.financial": table}, {})
        commands.amend_paper(services, CASE, revision, Request("rosa-lee", date(2018, 3, 7)))
        with pytest.raises(DocumentError, match="Part 1, Financial comments, says “£7,318,642"):
            issue_document(services, RenderJob(CASE, DECISION_FORM, 1, to), Request(""), render_once)

    def test_a_case_without_secrets_is_never_refused(self) -> None:
        refuse_leak(ExemptPatterns(frozenset(), frozenset(), frozenset()), [TextPiece(LEAK)], CASE)


STATES = {
    "draft": case_at("draft", OPENED_FACTS),
    "certified": case_at("dmpc", CERTIFIED_FACTS),
    "decided": decided_case(),
    "rejected": case_at(
        "closed", {**CERTIFIED_FACTS, **act_facts("dmpc", "rejected", date(2018, 4, 16), "Deputy Mayor")}
    ),
    "entered": replace(decided_case(), facts={**decided_case().facts, "entered.on": date(2018, 5, 1)}),
    "bare": replace(case_at("draft", {}), facts={"title": "Bare"}),
}


LOOKED_AT = [(kind, to, state) for kind in (DECISION_FORM, IAB_REPORT) for to in OUTPUT_FORMATS for state in STATES]
SLOW = [(kind, "pdf", state) for kind in (DECISION_FORM, IAB_REPORT) for state in STATES if state != "entered"]
"""A PDF has the words of the page, so one of each document is enough for the plain run."""


@pytest.mark.parametrize(
    ("kind", "to", "state"), [*(each for each in LOOKED_AT if each not in SLOW), *only_long(*SLOW)]
)
def test_no_word_of_a_public_document_is_mistaken_for_one_of_part_2(state: str, to: str, kind: str) -> None:
    """Every word of Part 1 comes from the case, the scheme or the fixed wording, all of which the check knows."""
    public = build_public_record(STATES[state], sample.LEDGER_HEAD, shipped_scheme())
    data = render_once(build_document(shipped_scheme().document_template(kind, 1), public), to)
    prose_words = {word for piece in extract_text(data, to) if piece.is_prose for word in split_words(piece.text)}
    known = build_public_patterns(public).words | set(split_words(f"{public.case.id} {sample.LEDGER_HEAD}"))
    assert {word for word in prose_words - known if len(word) >= MIN_WORD_LETTERS and word.isalpha()} == set()
