"""Nothing of Part 2 gets into Part 1: no canary is in any document, message or file name of Part 1."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from pypdf import PdfReader

import cli
from decisions.documents.build import build_document
from decisions.documents.record_views import build_public_record
from decisions.documents.view import Document
from decisions.issuing.issue import issue_document
from decisions.issuing.jobs import OUTPUT_FORMATS, RenderJob
from decisions.output import html
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
from tests.decisions.sample import LEDGER_HEAD
from tests.leakage.canaries import (
    CANARIES,
    CASE,
    WORDS,
    decode_file,
    find_canaries,
    nest_exemptions,
    open_case,
    pdf_objects,
    with_canaries,
)
from tests.rendered_documents import render_once
from workflow.adapters.ledger_session import LedgerSession
from workflow.services import queries
from workflow.services.commands import Request, Services

PART_1 = tuple(each for each in DOCUMENTS if each[1] == 1 and each[0] != DECISION_NOTICE)
"""The documents of Part 1 that a case has before it is decided."""


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Services:
    return open_case(tmp_path_factory.mktemp("leakage") / "assent.db", with_canaries())


class TestDocuments:
    @pytest.mark.parametrize("to", OUTPUT_FORMATS)
    @pytest.mark.parametrize(("kind", "part"), PART_1)
    def test_no_canary_is_in_part_1(self, services: Services, kind: str, part: int, to: str) -> None:
        _, data, _ = issue_document(services, RenderJob(CASE, kind, part, to), Request(""), render_once)
        assert find_canaries(decode_file(data)) == []

    @pytest.mark.parametrize("to", OUTPUT_FORMATS)
    def test_each_canary_is_found_in_part_2(self, services: Services, to: str) -> None:
        _, data, _ = issue_document(services, RenderJob(CASE, DECISION_FORM, 2, to), Request(""), render_once)
        text = decode_file(data)
        assert [path for path, words in WORDS.items() if words not in text] == []

    def test_a_canary_in_a_stream_in_the_metadata_or_in_the_outline_is_found(self) -> None:
        data = cases.document_pdf(cases.document_view(DECISION_FORM, 1, decided_case(title="Canary-Heron")))
        assert b"Canary-Heron" in data, "the document information is not compressed"
        reader = PdfReader(io.BytesIO(data))
        assert "Canary-Heron" in str(reader.outline)
        assert any("Canary-Heron" in text for text in pdf_objects(reader))
        assert find_canaries(decode_file(data)) == ["Canary"]

    def test_part_1_is_rendered_before_part_2_is_read(
        self, services: Services, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        exempt_texts, rendered = LedgerSession.exempt_texts, list[bytes]()

        def guard_part_2(session: LedgerSession, name: str) -> Any:  # noqa: ANN401  # as the method returns it
            assert rendered or not name.startswith(CASE), "Part 2 was opened"
            return exempt_texts(session, name)

        def render(view: Document, output_format: str) -> bytes:
            rendered.append(render_once(view, output_format))
            return rendered[-1]

        monkeypatch.setattr(LedgerSession, "exempt_texts", guard_part_2)
        for kind, part in PART_1:
            rendered.clear()
            issue_document(services, RenderJob(CASE, kind, part, "html"), Request(""), render)
        rendered.clear()
        with pytest.raises(AssertionError, match="Part 2 was opened"):
            issue_document(services, RenderJob(CASE, DECISION_FORM, 2, "html"), Request(""), render)


class TestIndependence:
    """At one head and version Part 1 is the same file, whatever is in Part 2. (The head seals a digest of Part 2.)"""

    @staticmethod
    def part_1(services: Services, kind: str) -> Document:
        case, _ = queries.load_public_case(services, CASE)
        return build_document(
            shipped_scheme().document_template(kind, 1), build_public_record(case, LEDGER_HEAD, shipped_scheme())
        )

    @pytest.mark.parametrize(
        ("path", "value"),
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
        self, services: Services, tmp_path: Path, path: str, value: object
    ) -> None:
        other = open_case(tmp_path / "other.db", with_canaries(**{path.replace(".", "__"): value}))
        assert queries.load_public_case(other, CASE)[1] != queries.load_public_case(services, CASE)[1], (
            "the head seals Part 2"
        )
        for kind, _ in PART_1:
            view, other_view = self.part_1(services, kind), self.part_1(other, kind)
            assert view == other_view
            assert html.render_html(view) == html.render_html(other_view)
            if path == "estimated_value" and kind == DECISION_FORM:
                assert cases.document_pdf(view) == cases.document_pdf(other_view)

    def test_a_paper_without_part_2_gives_the_same_part_1(self, services: Services, tmp_path: Path) -> None:
        public = yaml.safe_load(PAPER_FILE.read_text(encoding="utf-8"))["public"]
        other = open_case(tmp_path / "other.db", yaml.safe_dump({"public": public}, allow_unicode=True).encode())
        assert all(self.part_1(services, kind) == self.part_1(other, kind) for kind, _ in PART_1)

    def test_every_text_moved_to_part_2_even_the_title_is_gone_from_part_1(self, tmp_path: Path) -> None:
        texts = [
            w for w in shipped_paper().public if ":" not in w and shipped_scheme().fact_declaration(w).kind == "text"
        ]
        assert len(texts) > 18
        moved = {fact: f"Canary-{number}" for number, fact in enumerate(texts)}
        public = {w: v for w, v in yaml.safe_load(PAPER_FILE.read_text("utf-8"))["public"].items() if w not in moved}
        stated = {"public": public, "exempt": nest_exemptions(moved)}
        services = open_case(tmp_path / "assent.db", yaml.safe_dump(stated, allow_unicode=True).encode())
        for kind, part in PART_1:
            _, data, _ = issue_document(services, RenderJob(CASE, kind, part, "html"), Request(""), render_once)
            assert find_canaries(decode_file(data)) == []
            assert f"<h1>{CASE}</h1>".encode() in data


Run = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs a command on a store with the case, and returns all that it prints."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASSENT_STORE", "assent.db")
    open_case(tmp_path / "assent.db", with_canaries())

    def run_command(*words: str) -> str:
        with pytest.raises(SystemExit):
            cli.main(list(words))
        printed = capsys.readouterr()
        return printed.out + printed.err

    return run_command


class TestTheCommandLine:
    @pytest.mark.parametrize("output_format", ["table", "json", "csv"])
    def test_the_list_of_documents_holds_no_canary(self, run: Run, output_format: str) -> None:
        run("document", "render", CASE, DECISION_FORM, "--part", "2", "--to", "html")
        printed = run("document", "list", CASE, "--format", output_format)
        assert "html of version 1" in printed
        assert find_canaries(printed) == []

    @pytest.mark.parametrize("part", ["1", "2"])
    @pytest.mark.parametrize("output_format", ["table", "json"])
    def test_no_receipt_and_no_file_name_holds_a_canary(
        self, run: Run, tmp_path: Path, part: str, output_format: str
    ) -> None:
        printed = run(
            "document", "render", CASE, DECISION_FORM, "--part", part, "--to", "html", "--format", output_format
        )
        assert f"{CASE}-decision-form-part-{part}.html" in printed
        assert find_canaries(printed) == []
        assert find_canaries(" ".join(path.name for path in tmp_path.iterdir())) == []

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
    def test_no_error_holds_a_canary(self, run: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
        run("document", "render", CASE, DECISION_FORM, "--part", "2", "--to", "html")
        data = (tmp_path / f"{CASE}-decision-form-part-2.html").read_bytes()
        (tmp_path / "altered.html").write_bytes(data.replace(b"Canary-Egret", b"Canary-Eagle"))
        printed = run(*words)
        assert "assent: " in printed
        assert find_canaries(printed) == []

    def test_a_character_of_part_2_without_a_glyph_is_named_without_its_text(self, run: Run, tmp_path: Path) -> None:
        paper = tmp_path / "paper.yaml"
        paper.write_bytes(with_canaries(confidential__financial="Canary-Bulbul 日"))
        printed = run("case", "open", str(paper), "--scheme", "mopac", "--as", "rosa-lee", "--on", "2018-03-07")
        assert "confidential.financial: U+65E5" in printed
        assert find_canaries(printed) == []


def test_the_canaries_fill_every_field_of_the_shipped_part_2() -> None:
    shipped = {address.replace(":", ".") for address in shipped_paper().exempt}
    assert shipped <= set(CANARIES)
    assert set(DOCUMENTS) == {(template.kind, template.part) for template in shipped_scheme().declaration.documents}
