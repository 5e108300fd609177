"""The last look at a public file: what of Part 2 stands in it is found, wherever it hides, and nobody gets it."""

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
from decisions.output.pdf import render_file
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
from tests.leakage.test_documents import CASE, CODES, WORDS, opened, with_canaries
from workflow.services import commands, queries
from workflow.services.commands import Request, Revision, Services

HELD = "The Kingfisher prices were £7,318,642.17 in all"
SECRETS = ExemptPatterns(
    frozenset({("kingfisher", "prices", "were", "7_318_642")}),
    frozenset({("7_318_642", "17")}),
    frozenset({"kingfisher"}),
)


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Services:
    return opened(tmp_path_factory.mktemp("disclosure") / "assent.db", with_canaries())


def secrets_at(services: Services) -> ExemptPatterns:
    file = queries.load_case_snapshot(services, CASE)
    whole = build_exempt_record(file.case, file.exempt_part, file.head, shipped_scheme())
    return build_exempt_patterns(whole, build_public_record(file.case, file.head, shipped_scheme()))


@cache
def sound() -> bytes:
    """A PDF in which nothing is told, with every letter that would be needed to tell it."""
    return document_pdf(only(Heading("Prices"), Paragraph(HELD[::-1])))


def planted(change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """A sound PDF with something put into it."""
    with pikepdf.open(io.BytesIO(sound())) as pdf:
        change(pdf)
        made = io.BytesIO()
        pdf.save(made)
    return made.getvalue()


def told(data: bytes, to: str = "pdf") -> list[str]:
    return SECRETS.find_disclosures(extract_text(data, to))


def spelt(pdf: pikepdf.Pdf) -> bytes:
    """The secret in the glyphs of the document's own fonts, as a page would have it."""
    for font in pdf.objects:
        if isinstance(font, pikepdf.Dictionary) and "/ToUnicode" in font:
            numbers = glyphs_of(font["/ToUnicode"].read_bytes())
            if set(HELD) <= numbers.keys():
                shown = "> 30 <".join(f"{numbers[letter]:04x}" for letter in HELD)
                return f"BT /F1 12 Tf [<{shown}>] TJ ET".encode()
    raise AssertionError("no font of the document has all letters of the secret")


def glyphs_of(to_unicode: bytes) -> dict[str, int]:
    from decisions.output.extraction import _parse_glyph_map

    return {letter: number for number, letter in _parse_glyph_map(to_unicode).items()}


PLACES: dict[str, Callable[[pikepdf.Pdf], object]] = {
    "the title": lambda pdf: pdf.docinfo.__setitem__("/Title", HELD),
    "the metadata": lambda pdf: pdf.Root.Metadata.write(
        pdf.Root.Metadata.read_bytes().replace(sample.decided_document().title.encode(), HELD.encode())
    ),
    "a bookmark": lambda pdf: pdf.Root.Outlines.First.__setitem__("/Title", pikepdf.String(HELD)),
    "an alternative text": lambda pdf: pdf.Root.StructTreeRoot.__setitem__("/Alt", pikepdf.String(HELD)),
    "the target of a link": lambda pdf: pdf.pages[0].__setitem__(
        "/Annots", pikepdf.Array([pikepdf.Dictionary(A=pikepdf.Dictionary(URI=pikepdf.String(f"https://x/{HELD}")))])
    ),
    "an attachment": lambda pdf: pdf.attachments.__setitem__("notes.txt", HELD.encode()),
    "the name of an attachment": lambda pdf: pdf.attachments.__setitem__(f"{HELD}.txt", b"nothing"),
    "an object that nothing refers to": lambda pdf: pdf.make_indirect(pikepdf.Dictionary(X=pikepdf.String(HELD))),
    "a stream that nothing refers to": lambda pdf: pdf.make_stream(HELD.encode()),
    "the trailer": lambda pdf: pdf.trailer.__setitem__("/X", pikepdf.String(HELD)),
    "a page, behind all else": lambda pdf: pdf.pages[-1].contents_add(spelt(pdf)),
    "a stream of glyphs that no page shows": lambda pdf: pdf.make_stream(spelt(pdf)),
    "a form that no page shows": lambda pdf: pdf.make_stream(spelt(pdf), {"/Type": pikepdf.Name.XObject}),
}


class TestEveryPlace:
    def test_a_sound_document_tells_nothing(self) -> None:
        assert told(sound()) == told(planted(lambda _: None)) == []

    @pytest.mark.parametrize("place", PLACES)
    def test_what_is_put_there_is_found(self, place: str) -> None:
        data = planted(lambda pdf: keep_all(pdf, PLACES[place]))
        assert "a run of words of Part 2" in told(data)
        assert "an exempt amount" in told(data)

    def test_a_document_that_carries_an_earlier_one_is_refused(self) -> None:
        for data in (sound() + sound(), sound() + HELD.encode(), sound().replace(b"%%EOF", b"%%OFF")):
            with pytest.raises(DocumentError, match="goes on after its end, or carries an earlier version"):
                told(data)

    def test_what_only_looks_like_the_end_of_a_file_is_no_end(self) -> None:
        assert told(document_pdf(only(Heading("startxref 9 %%EOF"), Paragraph("%%EOF startxref")))) == []

    def test_a_document_that_cannot_be_read_throughout_is_refused(self) -> None:
        with pytest.raises(DocumentError, match="could not be read"):
            told(b"%PDF-1.7\nstartxref\n9\n%%EOF\n")

    @pytest.mark.parametrize(
        "page",
        [f"<p>{HELD}</p>", f'<p title="{HELD}">x</p>', f"<!-- {HELD} -->", f"<p hidden>{HELD}</p>",
         "<p>The <b>Kingfisher</b> prices were &pound;7,318,642.17</p>"],
    )  # fmt: skip
    def test_in_a_page_too(self, page: str) -> None:
        assert told(f"<!doctype html><body>{page}</body>".encode(), "html")
        assert told(b"<!doctype html><body><p>The prices were let.</p></body>", "html") == []


def keep_all(pdf: pikepdf.Pdf, change: Callable[[pikepdf.Pdf], object]) -> None:
    """Put something in; where nothing refers to it, let the trailer do, as else it would not be saved."""
    made = change(pdf)
    if isinstance(made, pikepdf.Object):
        pdf.trailer["/Kept"] = made


def ways() -> Iterator[str]:
    yield from WORDS.values()
    yield from CODES
    yield from ("£7318642.17", "2017-11-23", "Notes of CANARY-AUK, of the   business case")


class TestEverySecret:
    @pytest.mark.parametrize("written", list(ways()))
    def test_each_canary_is_known_however_it_is_written(self, services: Services, written: str) -> None:
        assert secrets_at(services).find_disclosures([TextPiece(f"It says: {written}.")])

    @pytest.mark.parametrize(
        "written",
        ["£2,450,000", "£2450000", "£2 450 000", "£2.45m", "£2.450m", "2.45 million", "£2,450k", "450K",
         "£0.45m", "450 thousand", "£450,000.00", "£1.3bn", "£1.30 billion", "£1,300m"],
    )  # fmt: skip
    def test_an_amount_is_known_in_thousands_millions_and_billions(self, tmp_path: Path, written: str) -> None:
        amounts = {"estimated_value": "£2,450,000 ex VAT", "modification__original_value": "£450,000 ex VAT",
                   "modification__increase": "£1,300,000,000 ex VAT"}  # fmt: skip
        services = opened(tmp_path / "assent.db", with_canaries(**amounts))
        assert secrets_at(services).find_disclosures([TextPiece(f"It says: {written}.")]) == ["an exempt amount"]

    @pytest.mark.parametrize(
        "written", ["£1,500,000", "£2,500,000,000", "£12,500.00", "1,500k", "500,000,000", "£0.5k"]
    )
    def test_a_part_of_another_number_is_none(self, tmp_path: Path, written: str) -> None:
        amounts = {"estimated_value": "£500,000 ex VAT", "modification__increase": "£2,500 ex VAT"}
        services = opened(tmp_path / "assent.db", with_canaries(**amounts))
        assert secrets_at(services).find_disclosures([TextPiece(f"It says: {written}.")]) == []

    def test_words_are_known_without_the_mark_of_a_note_that_stands_among_them(self, tmp_path: Path) -> None:
        text = "The Canary[^1]heron sum[^1] of the settlement.\n\n[^1]: Said."
        services = opened(tmp_path / "assent.db", with_canaries(confidential__financial=text))
        for written in ("the settled sum of the settlement", "canaryheron", "sum 1 of the settlement"):
            assert secrets_at(services).find_disclosures([TextPiece(written)])

    def test_what_part_1_states_is_no_secret(self, services: Services) -> None:
        public, _ = queries.load_public_case(services, CASE)
        assert secrets_at(services).find_disclosures([TextPiece(str(value)) for value in public.facts.values()]) == []

    def test_the_words_of_programs_are_not_taken_for_those_of_part_2(self, services: Services) -> None:
        assert secrets_at(services).find_disclosures([TextPiece("dotterel", is_prose=False)]) == []
        assert secrets_at(services).find_disclosures([TextPiece("dotterel")]) == ["a word of Part 2"]


class TestNobodyGetsIt:
    @pytest.mark.parametrize("to", ["pdf", "html"])
    def test_a_document_that_would_tell_is_neither_given_nor_recorded(self, services: Services, to: str) -> None:
        def careless(view: Document, wanted: str) -> bytes:
            made = render_file(view, wanted)
            if wanted == "html":
                return made.replace(b"</main>", b"<p>Canary-Egret of the rationale.</p></main>")
            with pikepdf.open(io.BytesIO(made)) as pdf:
                pdf.docinfo["/Subject"] = "Canary-Egret of the rationale."
                again = io.BytesIO()
                pdf.save(again)
            return again.getvalue()

        with pytest.raises(DocumentError, match=CASE) as refused:
            issue_document(services, RenderJob(CASE, DECISION_FORM, 1, to), Request(""), careless)
        assert "Egret" not in f"{refused.value} {refused.value.advice()}"
        assert all(not made for form, made in documents_by_template(services, CASE) if form.part == 1)

    def test_an_exempt_amount_in_the_prose_of_part_1_is_told_to_the_officer(self, tmp_path: Path) -> None:
        services = opened(tmp_path / "assent.db", with_canaries())
        slip = Revision({"executive_summary": "All of it comes to £7,318,642.17 in the end."}, {})
        commands.amend_paper(services, CASE, slip, Request("rosa-lee", date(2018, 3, 7)))
        with pytest.raises(DocumentError, match="would tell an exempt amount") as refused:
            issue_document(services, RenderJob(CASE, DECISION_FORM, 1, "pdf"), Request(""), render_file)
        assert "amend it" in refused.value.advice()
        assert "7,318" not in f"{refused.value} {refused.value.advice()}"

    @pytest.mark.parametrize("to", OUTPUT_FORMATS)
    def test_an_exempt_amount_is_told_of_too_where_the_page_breaks_it_into_lines(self, tmp_path: Path, to: str) -> None:
        services = opened(tmp_path / "assent.db", with_canaries())
        rows = [["Responsibilities"] * 8, [*["Responsibilities"] * 7, "£7,318,642.17 in all"]]
        slip = "\n".join(f"| {' | '.join(cells)} |" for cells in rows)
        revision = Revision({"form.financial": slip}, {})
        commands.amend_paper(services, CASE, revision, Request("rosa-lee", date(2018, 3, 7)))
        with pytest.raises(DocumentError, match="would tell an exempt amount"):
            issue_document(services, RenderJob(CASE, DECISION_FORM, 1, to), Request(""), render_file)

    def test_nothing_sought_is_nothing_found(self) -> None:
        refuse_leak(ExemptPatterns(frozenset(), frozenset(), frozenset()), [TextPiece(HELD)], CASE)


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


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("to", OUTPUT_FORMATS)
@pytest.mark.parametrize("kind", [DECISION_FORM, IAB_REPORT])
def test_no_word_of_a_public_document_is_ever_taken_for_one_of_part_2(state: str, to: str, kind: str) -> None:
    """Whatever Part 2 says: all words of Part 1 come from the case, the scheme and the forms, and are known to."""
    public = build_public_record(STATES[state], sample.LEDGER_HEAD, shipped_scheme())
    data = render_file(build_document(shipped_scheme().document_template(kind, 1), public), to)
    spoken = {word for piece in extract_text(data, to) if piece.is_prose for word in split_words(piece.text)}
    known = build_public_patterns(public).words | set(split_words(f"{public.case.id} {sample.LEDGER_HEAD}"))
    assert {word for word in spoken - known if len(word) >= MIN_WORD_LETTERS and word.isalpha()} == set()
