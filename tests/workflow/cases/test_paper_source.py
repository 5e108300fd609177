"""A paper says what its facts were taken from; without a word it was a web page."""

from __future__ import annotations

from datetime import date

import pytest

from rules.errors import FileError
from tests.workflow.walk import shipped_library
from workflow.cases.paper import ImportedPaper, is_imported_paper, read_imported_paper
from workflow.cases.paper_source import PaperSource

PAPER = "scheme: mopac\nstage: published\npublic: {}\n"


def read(more: str, *, allow_bounds: bool = False) -> ImportedPaper:
    load = shipped_library().scheme_as_typed
    return read_imported_paper((PAPER + more).encode(), "p.yaml", load, allow_bounds=allow_bounds)


def test_a_paper_without_a_source_is_a_web_page() -> None:
    assert read("").source == PaperSource("web_page")


def test_a_kind_is_enough() -> None:
    assert read("source: signed_form\n").source == PaperSource("signed_form")
    assert read("source: own_record\n").source.is_own_record


def test_a_source_gives_its_address_its_digest_and_the_day_it_was_read() -> None:
    digest = "0" * 64
    source = read(
        f"source: {{kind: web_page, address: https://example.org/pcd-1, sha256: '{digest}', read_on: 2026-11-30}}\n"
    ).source
    assert source == PaperSource("web_page", "https://example.org/pcd-1", digest, date(2026, 11, 30))
    assert source.as_json() == {
        "kind": "web_page", "address": "https://example.org/pcd-1", "sha256": digest, "read_on": "2026-11-30",
    }  # fmt: skip


def test_a_source_lists_what_nobody_has_settled() -> None:
    source = read("source: {kind: web_page, unsettled: [title, recommendation:r1.text]}\n").source
    assert source.unsettled == ("title", "recommendation:r1.text")
    assert PaperSource.from_json(source.as_json()) == source


@pytest.mark.parametrize(
    ("source", "key", "words"),
    [
        ("web_pag", "source", "web_pag is not a kind of source. Did you mean web_page?"),
        ("[web_page]", "source", "must be a kind of source such as web_page"),
        ("{kind: web_page, sha: x}", "source.sha", "is not a key of a source"),
        ("{kind: web_page, sha256: abc}", "source.sha256", "must be a SHA-256 digest"),
        ("{kind: web_page, read_on: soon}", "source.read_on", "'soon' is not a day"),
        ("{kind: web_page, unsettled: title}", "source.unsettled", "must be a list of facts"),
        ("{kind: web_page, unsettled: [titel]}", "source.unsettled.0", "titel is not a fact that is known here"),
        ("{kind: web_page, unsettled: ['a b']}", "source.unsettled.0", "must be a fact, such as title"),
        ("{kind: web_page, form: nothing}", "source.form", "nothing is not a published form of the scheme"),
    ],
)
def test_a_faulty_source_is_refused_at_its_line(source: str, key: str, words: str) -> None:
    with pytest.raises(FileError) as refused:
        read(f"source: {source}\n")
    [fault] = refused.value.faults
    assert (fault.line, fault.key) == (4, key)
    assert words in fault.message


def test_a_file_with_a_source_is_an_imported_paper() -> None:
    assert is_imported_paper(b"public: {}\nsource: web_page\n", "p.yaml")


class TestBoundsInAPaper:
    BOUNDED = "recorded: {decided_on: before 24 February 2025}\n"

    def test_an_audit_takes_days_and_amounts_by_their_bounds(self) -> None:
        recorded = read(self.BOUNDED, allow_bounds=True).recorded
        assert recorded["decided_on..high"] == date(2025, 2, 23)
        assert "decided_on" not in recorded

    @pytest.mark.parametrize("more", ["", "source: own_record\n"])
    def test_what_is_entered_in_a_store_and_our_own_record_have_no_bounds(self, more: str) -> None:
        with pytest.raises(FileError, match=r"recorded\.decided_on: 'before 24 February 2025' is not a day"):
            read(self.BOUNDED + more, allow_bounds=bool(more))

    def test_a_bound_of_what_no_act_records_is_refused_like_a_value(self) -> None:
        with pytest.raises(FileError, match=r"recorded\.required_by: is not recorded by an act"):
            read("recorded: {required_by: before 24 February 2025}\n", allow_bounds=True)
