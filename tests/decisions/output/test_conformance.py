"""Every document of every shipped scheme keeps PDF/A-2a and PDF/UA-1, and a PDF that does not is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from decisions.errors import DocumentError
from decisions.issuing.issue import issue_document
from decisions.issuing.issued_files import documents_by_template
from decisions.issuing.jobs import RenderJob
from decisions.output import conformance, pdf
from decisions.output.conformance import PROFILES, refuse_nonconforming
from tests.decisions import sample
from tests.decisions.cases import document_pdf
from tests.decisions.fixed_services import services_at
from tests.decisions.output import verapdf
from tests.decisions.stories import ALL_DOCUMENTS, STORIES, StoryDocuments, run_story
from tests.plain_run import only_long
from workflow.services.commands import Request

CASE = "MOPAC-2018-1"


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> StoryDocuments:
    return StoryDocuments(tmp_path_factory.mktemp("stories"))


@pytest.mark.parametrize(
    ("scheme", "kind", "part"),
    [*ALL_DOCUMENTS[::3], *only_long(*ALL_DOCUMENTS[1::3], *ALL_DOCUMENTS[2::3])],
)
def test_verapdf_finds_nothing_in_any_kind_of_document(
    stories: StoryDocuments, scheme: str, kind: str, part: int
) -> None:
    """VeraPDF itself knows more rules than the validator that checks each document before it is issued."""
    data = stories.render(scheme, kind, part, "pdf")
    assert {profile: verapdf.failed_clauses(data, profile) for profile in PROFILES} == {"2a": [], "ua1": []}


def test_verapdf_has_every_rule_and_finds_a_fault() -> None:
    assert {profile: verapdf.rule_count(profile) for profile in PROFILES} == {"2a": 153, "ua1": 106}
    assert "7.2-2" in verapdf.failed_clauses(document_pdf(sample.decided_document()).replace(b"/Lang", b"/Lxng"), "ua1")


class TestRefuseNonconforming:
    @pytest.mark.parametrize(
        ("original", "replacement", "message"),
        [
            (b"/Lang", b"/Lxng", "PDF/UA-1 PDFUA1-"),
            (b"pdfaid:part", b"pdfaid:pxrt", "PDF/A-2a "),
            (b"pdfuaid:part", b"pdfuaid:pxrt", "PDF/UA-1 "),
            (b"/Marked true", b"/Marked null", "PDF/UA-1 "),
            (b"/OutputIntents", b"/OutputXntents", "PDF/A-2a "),
        ],
    )
    def test_a_pdf_that_does_not_keep_a_standard_is_refused_with_the_clause(
        self, original: bytes, replacement: bytes, message: str
    ) -> None:
        sound = document_pdf(sample.decided_document())
        assert original in sound
        refuse_nonconforming(sound, CASE)
        with pytest.raises(DocumentError, match=message) as refused:
            refuse_nonconforming(sound.replace(original, replacement), CASE)
        assert refused.value.exit_code == 8
        assert CASE in str(refused.value)

    @pytest.mark.parametrize("data", [b"", b"%PDF-1.7 nonsense", b"<!doctype html>"])
    def test_a_file_that_cannot_be_read_is_refused(self, data: bytes) -> None:
        with pytest.raises(DocumentError, match="could not be read"):
            refuse_nonconforming(data, CASE)

    def test_no_word_of_the_document_is_in_the_refusal(self) -> None:
        damaged = document_pdf(sample.decided_document()).replace(b"/Lang", b"/Lxng")
        with pytest.raises(DocumentError) as refused:
            refuse_nonconforming(damaged, CASE)
        message = f"{refused.value} {refused.value.advice()}"
        assert not {word for word in sample.decided_document().title.split() if len(word) > 4 and word in message}

    def test_rendering_a_file_fails_if_its_pdf_does_not_conform(self, monkeypatch: pytest.MonkeyPatch) -> None:
        render_pdf = pdf.render_pdf
        monkeypatch.setattr(pdf, "render_pdf", lambda *args: render_pdf(*args).replace(b"/Lang", b"/Lxng"))
        with pytest.raises(DocumentError, match="does not keep"):
            pdf.render_file(sample.decided_document(), "pdf")
        assert pdf.render_file(sample.decided_document(), "html").startswith(b"<!")

    def test_many_clauses_are_counted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        clauses = [f"C-{number}" for number in range(4)]
        monkeypatch.setattr(conformance, "_failed_clauses", lambda _, profile: clauses if profile else [])
        with pytest.raises(DocumentError, match=r"PDF/UA-1 C-0, and 3 more$"):
            refuse_nonconforming(b"", CASE)


def test_a_document_that_does_not_conform_is_neither_written_nor_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = services_at(tmp_path / "assent.db")
    case, _ = run_story(services, STORIES["mopac"])
    monkeypatch.setattr(conformance, "_failed_clauses", lambda *_: ["6.1.7.1"])
    with pytest.raises(DocumentError, match=r"6\.1\.7\.1"):
        issue_document(services, RenderJob(case, "decision-form", 1, "pdf"), Request(""), pdf.render_file)
    assert all(not issued for _, issued in documents_by_template(services, case))
    services.store.close()
