"""Nothing of Part 2 comes out in Part 1: canaries in every exempt field, sought in all that Part 1 leaves behind."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import yaml
from pypdf import PdfReader
from pypdf.generic import StreamObject

import cli
from decisions.documents.build import build_document
from decisions.documents.record_views import build_public_record
from decisions.documents.view import Document
from decisions.issuing.issue import issue_document
from decisions.issuing.jobs import OUTPUT_FORMATS, RenderJob
from decisions.output import html
from decisions.output.pdf import render_file, render_pdf
from tests.decisions import cases
from tests.decisions.cases import (
    DECISION_FORM,
    DECISION_NOTICE,
    DOCUMENTS,
    IAB_REPORT,
    PAPER_FILE,
    decided_case,
    shipped_paper,
    shipped_scheme,
)
from tests.decisions.fixed_services import services_at
from tests.decisions.sample import LEDGER_HEAD
from workflow.adapters.ledger_session import LedgerSession
from workflow.services import commands, queries
from workflow.services.commands import Request, Services

CASE = "MOPAC-2018-1"
PART_1 = tuple(each for each in DOCUMENTS if each[1] == 1 and each[0] != DECISION_NOTICE)
"""The documents of Part 1 that a case has before it is decided."""

CANARIES: dict[str, tuple[Any, str]] = {
    "estimated_value": ("£7,318,642.17 ex VAT", "7,318,642.17"),
    "contract_kind": ("light_touch", "Social and other specific services"),
    "procurement_route": ("innovation_partnership", "Innovation partnership"),
    "modification_ground": ("reg_72_1_d", "Regulation 72(1)(d)"),
    "modification.original_value": ("£8,264,193.75 ex VAT", "8,264,193.75"),
    "modification.increase": ("£2,153,078.64 ex VAT", "2,153,078.64"),
    "procurement_commenced_on": (date(2017, 11, 23), "23 November 2017"),
    "confidential.business_case": ("Canary-Auk of the business case.", "Canary-Auk"),
    "confidential.financial": ("Canary-Bulbul of the finances.", "Canary-Bulbul"),
    "confidential.real_estate": ("Canary-Curlew of the estate.", "Canary-Curlew"),
    "exemption.s43.limb": ("trade_secret", "Subsection (1): a trade secret"),
    "exemption.s43.prejudice": ("would", "Disclosure would prejudice"),
    "exemption.s43.whose_interest": ("Canary-Dotterel Limited", "Canary-Dotterel"),
    "exemption.s43.rationale": ("Canary-Egret of the rationale.", "Canary-Egret"),
    "exemption.s43.public_interest": ("withhold", "The public interest in withholding outweighs"),
    "exemption.s43.public_interest_reasons": ("Canary-Fulmar of the test.", "Canary-Fulmar"),
    "exemption.secret.section": ("s43", ""),
    "exemption.secret.whose_interest": ("Canary-Gannet plc", "Canary-Gannet"),
    "exemption.secret.review_on": (date(2021, 5, 19), "19 May 2021"),
}
"""What stands in Part 2 by its place in the paper, and the words by which a reader would know it."""

WORDS = {place: words for place, (_, words) in CANARIES.items() if words}
CODES = (
    "light_touch", "innovation_partnership", "reg_72_1_d", "trade_secret", "2017-11-23", "2021-05-19", "731864217",
    "826419375", "215307864",
)  # fmt: skip
"""The same as programs write it."""


def nested(places: dict[str, Any]) -> dict[str, Any]:
    """Facts by place as a paper states them."""
    stated: dict[str, Any] = {}
    for place, value in places.items():
        if place.startswith("exemption."):
            _, key, fact = place.split(".")
            stated.setdefault("exemption", {}).setdefault(key, {})[fact] = value
        else:
            stated[place] = value
    return stated


def with_canaries(**changes: Any) -> bytes:  # noqa: ANN401  # what YAML can state
    """The shipped paper with canaries for its Part 2, and changes in that part; two underscores stand for a dot."""
    read = yaml.safe_load(PAPER_FILE.read_text(encoding="utf-8"))
    places = {place: value for place, (value, _) in CANARIES.items()}
    places |= {name.replace("__", "."): value for name, value in changes.items()}
    return yaml.safe_dump({"public": read["public"], "exempt": nested(places)}, allow_unicode=True).encode()


def opened(path: Path, text: bytes) -> Services:
    """A desk at which a case was opened on a paper."""
    services = services_at(path)
    commands.add_officer(services, "Rosa Lee", "mopac", ["author"], Request("", date(2018, 3, 1)))
    commands.open_case_from_paper(services, "mopac", text, "paper.yaml", Request("rosa-lee", date(2018, 3, 7)))
    return services


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Services:
    return opened(tmp_path_factory.mktemp("leakage") / "assent.db", with_canaries())


def everything(data: bytes) -> str:
    """All that a file tells: its bytes, and what stands in them packed or written otherwise.

    Of a PDF each object, each stream unpacked, and the text on its pages; of a Word file each part, with its tags and
    without.
    """
    told = [data.decode("latin-1"), data.decode("utf-8", "replace")]
    if data.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(data))
        told += [page.extract_text() for page in reader.pages]
        told += [str(reader.metadata), str(reader.outline), str(reader.named_destinations), str(reader.attachments)]
        told += list(of_objects(reader))
    if data.startswith(b"PK"):
        told += list(of_parts(data))
    return " ".join(" ".join(told).split())


def of_objects(reader: PdfReader) -> Iterator[str]:
    for number in range(1, int(str(reader.trailer["/Size"]))):
        found: Any = reader.get_object(number)
        yield repr(found)
        if isinstance(found, StreamObject):
            unpacked = found.get_data()
            yield unpacked.decode("latin-1")
            yield unpacked.decode("utf-16-be", "replace")


def of_parts(data: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for entry in package.infolist():
            written = package.read(entry).decode()
            yield f"{entry.filename} {entry.comment!r} {entry.extra!r} {written}"
            yield unescape(re.sub(r"<[^>]*>", "", written))


def leaked(told: str) -> list[str]:
    """The canaries that stand in some text, in whatever way a file may write them."""
    return [
        words
        for words in (*WORDS.values(), *CODES, "Canary", "canary")
        if any(
            written in told
            for written in (words, words.encode().hex(), words.encode().hex().upper(), words.encode("utf-16-be").hex())
        )
    ]


class TestDocuments:
    @pytest.mark.parametrize("to", OUTPUT_FORMATS)
    @pytest.mark.parametrize(("kind", "part"), PART_1)
    def test_no_canary_is_in_part_1(self, services: Services, kind: str, part: int, to: str) -> None:
        _, data, _ = issue_document(services, RenderJob(CASE, kind, part, to), Request(""), render_file)
        assert leaked(everything(data)) == []

    @pytest.mark.parametrize("to", OUTPUT_FORMATS)
    def test_each_canary_is_in_part_2_so_that_this_test_can_see(self, services: Services, to: str) -> None:
        _, data, _ = issue_document(services, RenderJob(CASE, DECISION_FORM, 2, to), Request(""), render_file)
        told = everything(data)
        assert [place for place, words in WORDS.items() if words not in told] == []

    def test_a_canary_in_a_stream_in_the_metadata_or_in_the_outline_is_seen(self) -> None:
        made = cases.document_view(DECISION_FORM, 1, decided_case(title="Canary-Heron"))
        data = render_pdf(html.render_html(made), made)
        assert b"Canary-Heron" in data, "in the information"
        reader = PdfReader(io.BytesIO(data))
        assert "Canary-Heron" in str(reader.outline)
        assert any("Canary-Heron" in told for told in of_objects(reader))
        assert leaked(everything(data)) == ["Canary"]

    def test_part_1_is_made_without_reading_the_part_2_of_the_case(
        self, services: Services, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        read, made = LedgerSession.exempt_texts, list[bytes]()

        def guarded(book: LedgerSession, name: str) -> Any:  # noqa: ANN401  # as the method gives it
            assert made or not name.startswith(CASE), "Part 2 was opened"
            return read(book, name)

        def watched(view: Document, to: str) -> bytes:
            made.append(render_file(view, to))
            return made[-1]

        monkeypatch.setattr(LedgerSession, "exempt_texts", guarded)
        for kind, part in PART_1:
            made.clear()
            issue_document(services, RenderJob(CASE, kind, part, "html"), Request(""), watched)
        made.clear()
        with pytest.raises(AssertionError, match="Part 2 was opened"):
            issue_document(services, RenderJob(CASE, DECISION_FORM, 2, "html"), Request(""), watched)


class TestIndependence:
    """The head seals Part 2's digest, so it tells two records apart; at one head and version Part 1 is one file."""

    @staticmethod
    def part_1(services: Services, kind: str) -> Document:
        case, _ = queries.load_public_case(services, CASE)
        return build_document(
            shipped_scheme().document_template(kind, 1), build_public_record(case, LEDGER_HEAD, shipped_scheme())
        )

    @pytest.mark.parametrize(
        ("place", "value"),
        [
            ("estimated_value", "£1.00 inc VAT"),
            ("contract_kind", "works"),
            ("procurement_commenced_on", date(2016, 1, 1)),
            ("confidential.business_case", "Another text, " * 200),
            ("exemption.s43.limb", "commercial_interests"),
            ("exemption.s43.public_interest", "disclose"),
            ("exemption.secret.review_on", date(2040, 1, 1)),
            ("exemption.third.whose_interest", "A third party"),
        ],
    )
    def test_a_change_in_part_2_changes_no_byte_of_part_1(
        self, services: Services, tmp_path: Path, place: str, value: object
    ) -> None:
        other = opened(tmp_path / "other.db", with_canaries(**{place.replace(".", "__"): value}))
        assert queries.load_public_case(other, CASE)[1] != queries.load_public_case(services, CASE)[1], (
            "the head seals Part 2"
        )
        for kind, _ in PART_1:
            one, two = self.part_1(services, kind), self.part_1(other, kind)
            assert one == two
            assert html.render_html(one) == html.render_html(two)
            if place == "estimated_value":
                assert render_pdf(html.render_html(one), one) == render_pdf(html.render_html(two), two)

    def test_no_part_2_at_all_changes_no_byte_either(self, services: Services, tmp_path: Path) -> None:
        read = yaml.safe_load(PAPER_FILE.read_text(encoding="utf-8"))
        other = opened(tmp_path / "other.db", yaml.safe_dump({"public": read["public"]}, allow_unicode=True).encode())
        assert all(self.part_1(services, kind) == self.part_1(other, kind) for kind, _ in PART_1)

    def test_every_text_that_is_moved_to_part_2_is_gone_from_part_1_the_title_too(self, tmp_path: Path) -> None:
        texts = [
            w for w in shipped_paper().public if ":" not in w and shipped_scheme().fact_declaration(w).kind == "text"
        ]
        assert len(texts) > 18
        moved = {where: f"Canary-{place}" for place, where in enumerate(texts)}
        public = {w: v for w, v in yaml.safe_load(PAPER_FILE.read_text("utf-8"))["public"].items() if w not in moved}
        stated = {"public": public, "exempt": nested(moved)}
        services = opened(tmp_path / "assent.db", yaml.safe_dump(stated, allow_unicode=True).encode())
        for kind, part in PART_1:
            _, data, _ = issue_document(services, RenderJob(CASE, kind, part, "html"), Request(""), render_file)
            assert leaked(everything(data)) == []
            assert f"<h1>{CASE}</h1>".encode() in data


Run = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command line in a folder with a store in which the case is opened; gives all that it prints."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASSENT_STORE", "assent.db")
    opened(tmp_path / "assent.db", with_canaries())

    def run_(*words: str) -> str:
        with pytest.raises(SystemExit):
            cli.main(list(words))
        printed = capsys.readouterr()
        return printed.out + printed.err

    return run_


class TestTheCommandLine:
    @pytest.mark.parametrize("form", ["table", "json", "csv"])
    def test_the_list_of_documents_holds_no_canary(self, run: Run, form: str) -> None:
        run("document", "render", CASE, DECISION_FORM, "--part", "2", "--to", "html")
        told = run("document", "list", CASE, "--format", form)
        assert "html of version 1" in told
        assert leaked(told) == []

    @pytest.mark.parametrize("part", ["1", "2"])
    @pytest.mark.parametrize("form", ["table", "json"])
    def test_neither_receipts_nor_names_of_files_hold_one(self, run: Run, tmp_path: Path, part: str, form: str) -> None:
        told = run("document", "render", CASE, DECISION_FORM, "--part", part, "--to", "html", "--format", form)
        assert f"{CASE}-decision-form-part-{part}.html" in told
        assert leaked(told) == []
        assert leaked(" ".join(path.name for path in tmp_path.iterdir())) == []

    @pytest.mark.parametrize(
        "words",
        [
            ("document", "render", CASE, "decision-from"),
            ("document", "render", CASE, IAB_REPORT, "--part", "2"),
            ("document", "render", CASE, DECISION_FORM, "--part", "2", "--to", "html", "-o", "missing\0name"),
            ("document", "render", CASE, DECISION_FORM, "--part", "2", "--to", "html", "-o", "assent.db/x.html"),
            ("document", "render", CASE, DECISION_FORM, "--part", "2", "--as", "nobody"),
            ("document", "verify", "altered.html"),
        ],
    )
    def test_no_error_holds_one(self, run: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
        run("document", "render", CASE, DECISION_FORM, "--part", "2", "--to", "html")
        made = (tmp_path / f"{CASE}-decision-form-part-2.html").read_bytes()
        (tmp_path / "altered.html").write_bytes(made.replace(b"Canary-Egret", b"Canary-Eagle"))
        told = run(*words)
        assert "assent: " in told
        assert leaked(told) == []

    def test_a_character_without_a_glyph_in_part_2_is_named_without_the_words_round_it(
        self, run: Run, tmp_path: Path
    ) -> None:
        paper = tmp_path / "paper.yaml"
        paper.write_bytes(with_canaries(confidential__financial="Canary-Bulbul 日"))
        told = run("case", "open", str(paper), "--scheme", "mopac", "--as", "rosa-lee", "--on", "2018-03-07")
        assert "confidential.financial: U+65E5" in told
        assert leaked(told) == []


def test_the_canaries_fill_every_field_of_the_shipped_part_2() -> None:
    shipped = {where.replace(":", ".") for where in shipped_paper().exempt}
    assert shipped <= set(CANARIES)
    assert set(DOCUMENTS) == {(form.kind, form.part) for form in shipped_scheme().declaration.documents}
