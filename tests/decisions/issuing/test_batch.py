"""A batch makes each document of each case once, names what it cannot make, and finds what it made before."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from decisions.issuing.batch import (
    ANY_KIND,
    STATE_UNCHANGED,
    STATE_WRITTEN,
    BatchRun,
    RenderBatch,
    RenderedDocument,
    UnrenderedDocument,
)
from decisions.issuing.jobs import RenderJob
from decisions.issuing.workers import WorkerServices
from rules.errors import InputError
from rules.packs.library import Library
from tests.decisions.cases import DECISION_FORM, IAB_REPORT
from tests.decisions.conftest import FinishedStory
from tests.decisions.issuing.test_workers import open_store
from workflow.services import verification
from workflow.services.commands import Request, Services

Result = RenderedDocument | UnrenderedDocument


def batch_to(folder: Path, kind: str = "", part: int = 1, *, replace_existing: bool = False) -> RenderBatch:
    return RenderBatch(kind, part, "html", folder, replace_existing)


def run(services: Services, batch: RenderBatch, request: Request | None = None) -> list[Result]:
    worker_services = WorkerServices(open_store, services.store.absolute_url, (), None)
    return list(BatchRun(services, worker_services, batch, request or Request("")).run(1, _no_progress))


def _no_progress(jobs: Sequence[RenderJob]) -> Sequence[RenderJob]:
    return jobs


def without_scheme(services: Services, scheme: str = "mopac") -> Services:
    """Return the services with a library that has not the scheme of the case."""
    assert isinstance(services.library, Library)
    files = {file: data for file, data in services.library.files.items() if not file.startswith(f"schemes/{scheme}/")}
    return replace(services, library=Library(files))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "out"


class TestJobs:
    def test_there_is_one_for_each_document_of_a_part_in_the_order_of_the_scheme(
        self, services: Services, finished: FinishedStory, folder: Path
    ) -> None:
        templates = services.library.scheme("mopac").declaration.documents
        for part in (1, 2):
            jobs = batch_to(folder, part=part).render_jobs(services)
            assert jobs == [
                RenderJob(finished.case, template.kind, part, "html") for template in templates if template.part == part
            ]

    def test_of_one_kind_there_is_one_for_each_case(
        self, services: Services, finished: FinishedStory, folder: Path
    ) -> None:
        jobs = batch_to(folder, IAB_REPORT).render_jobs(services)
        assert jobs == [RenderJob(finished.case, IAB_REPORT, 1, "html")]
        assert batch_to(folder).output_path(jobs[0]) == folder / f"{finished.case}-iab-report-part-1.html"

    def test_a_kind_that_has_no_such_part_has_no_job(self, services: Services, folder: Path) -> None:
        assert batch_to(folder, IAB_REPORT, part=2).render_jobs(services) == []

    def test_a_misspelt_kind_is_refused_with_the_nearest(self, services: Services, folder: Path) -> None:
        with pytest.raises(InputError, match="'iab-reprot' is not a document of any case here") as refused:
            batch_to(folder, "iab-reprot").render_jobs(services)
        assert refused.value.advice() == "Did you mean iab-report?"

    @pytest.mark.parametrize(
        ("kind", "part", "expected"), [("", 1, ANY_KIND), ("", 2, ANY_KIND), ("anything", 2, "anything")]
    )
    def test_a_case_of_an_unknown_scheme_has_one_job_that_will_say_why(
        self, services: Services, finished: FinishedStory, folder: Path, kind: str, part: int, expected: str
    ) -> None:
        jobs = batch_to(folder, kind, part).render_jobs(without_scheme(services))
        assert jobs == [RenderJob(finished.case, expected, part, "html")]


class TestRuns:
    def test_each_document_is_written_and_recorded_and_the_next_run_leaves_all_as_it_is(
        self, services: Services, folder: Path
    ) -> None:
        first = run(services, batch_to(folder))
        entries = verification.ledger_head(services).position
        contents = {path.name: path.read_bytes() for path in folder.iterdir()}
        second = run(services, batch_to(folder))
        assert {result.state for result in first if isinstance(result, RenderedDocument)} == {STATE_WRITTEN}
        assert {result.state for result in second if isinstance(result, RenderedDocument)} == {STATE_UNCHANGED}
        assert [result.as_json()["path"] for result in second] == [result.as_json()["path"] for result in first]
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == contents
        assert verification.ledger_head(services).position == entries

    def test_with_replace_existing_it_makes_the_same_bytes_and_no_second_entry(
        self, services: Services, folder: Path
    ) -> None:
        [first] = run(services, batch_to(folder, IAB_REPORT))
        entries = verification.ledger_head(services).position
        [again] = run(services, batch_to(folder, IAB_REPORT, replace_existing=True))
        assert isinstance(again, RenderedDocument)
        assert again == first
        assert verification.ledger_head(services).position == entries

    def test_a_foreign_file_is_kept_and_named_and_stops_no_other(self, services: Services, folder: Path) -> None:
        [first, *others] = batch_to(folder).render_jobs(services)
        path = batch_to(folder).output_path(first)
        folder.mkdir()
        path.write_bytes(b"Mine.")
        failed, *rest = run(services, batch_to(folder))
        assert isinstance(failed, UnrenderedDocument)
        assert failed.failure.reason == f"{path} is there already, and is no document of this store"
        assert path.read_bytes() == b"Mine."
        assert len(rest) == len(others)
        assert all(isinstance(result, RenderedDocument) for result in rest)

    def test_a_case_of_an_unknown_scheme_is_named_and_nothing_is_written(
        self, services: Services, finished: FinishedStory, folder: Path
    ) -> None:
        [result] = run(without_scheme(services), batch_to(folder))
        assert isinstance(result, UnrenderedDocument)
        assert result.as_json() == {
            "case": finished.case, "kind": ANY_KIND, "part": 1,
            "why": "'mopac' is not a scheme that is known here",
            "advice": "There are: board, council, gla, lfc. For any other, give its folder: assent --packs FOLDER ...",
        }  # fmt: skip
        assert not folder.exists()

    def test_an_officer_who_is_not_known_is_refused_for_each_document(self, services: Services, folder: Path) -> None:
        results = run(services, batch_to(folder), Request("nobody"))
        assert all(isinstance(result, UnrenderedDocument) for result in results)
        assert not folder.exists() or list(folder.iterdir()) == []


class TestJson:
    def test_each_result_is_plain_data(self, services: Services, folder: Path) -> None:
        folder.mkdir()
        batch_to(folder).output_path(batch_to(folder).render_jobs(services)[0]).write_bytes(b"Mine.")
        results = run(services, batch_to(folder))
        assert {type(result) for result in results} == {RenderedDocument, UnrenderedDocument}
        for result in results:
            assert json.loads(json.dumps(result.as_json())) == result.as_json()

    def test_a_document_names_its_case_its_bytes_its_place_and_what_it_gives_away(
        self, services: Services, finished: FinishedStory, folder: Path
    ) -> None:
        [result] = run(services, batch_to(folder, DECISION_FORM))
        form = result.as_json()
        assert [*form] == [
            "case", "version", "kind", "part", "to", "sha256", "head", "path", "state", "gives_away",
        ]  # fmt: skip
        assert (form["case"], form["kind"], form["part"], form["to"]) == (finished.case, DECISION_FORM, 1, "html")
        assert form["gives_away"] == []
