"""Render every document of every case, with several processes, and write each recorded document to a folder.

- A document is recorded before its file is put in place: whenever a run is killed, each file it left is recorded.
- A run that was stopped can be run again: it makes the files that are missing, with the same bytes and without a
  second entry.
- A document that cannot be made is reported and stops no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from decisions.issuing import document_files, issue, issued_files
from decisions.issuing.issue import PreparedDocument
from decisions.issuing.issued_files import IssuedDocument
from decisions.issuing.jobs import RenderJob
from decisions.issuing.workers import RenderFailure, WorkerServices, render_in_workers
from rules.errors import Error, InputError
from rules.values.suggestions import did_you_mean
from workflow.ledger.ports import CaseSummary
from workflow.services import queries
from workflow.services.commands import Request, Services

STATE_WRITTEN, STATE_UNCHANGED = "written", "unchanged"
ANY_KIND = "documents"
"""The kind in a failure that stands for all documents of a case whose scheme cannot be read."""

Progress: TypeAlias = Callable[[Sequence[RenderJob]], Iterable[RenderJob]]
"""Yields the jobs one by one, and shows an officer how far the work has come."""


@dataclass(frozen=True, slots=True)
class RenderBatch:
    """Which documents to render, and the folder to write them to.

    An empty `kind` means every kind. With `replace_existing`, files that are already there are made again.
    """

    kind: str
    part: int
    output_format: str
    folder: Path
    replace_existing: bool

    def render_jobs(self, services: Services) -> list[RenderJob]:
        """Return a job for each document of each case, oldest first.

        Raises `InputError` if no scheme has documents of the kind.
        """
        documents = [
            (case.case, kind, part)
            for case in queries.list_cases(services)
            for kind, part in self._document_kinds(services, case)
        ]
        kinds = dict.fromkeys(kind for _, kind, _ in documents)
        if self.kind and self.kind not in kinds:
            raise InputError(f"{self.kind!r} is not a document of any case here", did_you_mean(self.kind, kinds))
        return [
            RenderJob(case, kind, part, self.output_format)
            for case, kind, part in documents
            if part == self.part and self.kind in ("", kind)
        ]

    def _document_kinds(self, services: Services, case: CaseSummary) -> list[tuple[str, int]]:
        """Return the kind and part of each document of a case's scheme.

        If the scheme's packs are not here, return what the batch asks for: the attempt then fails with a reason for
        each such case, and the other cases are still rendered.
        """
        if case.scheme in services.library.schemes():
            templates = queries.load_case_scheme(services, case.case).declaration.documents
            return [(template.kind, template.part) for template in templates]
        return [(self.kind or ANY_KIND, self.part)]

    def output_path(self, job: RenderJob) -> Path:
        """Return the path at which a document is written."""
        return self.folder / document_files.document_file_name(job)


class RenderedDocument(NamedTuple):
    """A document that is in its place, and whether this run wrote it (`STATE_WRITTEN`) or found it there."""

    issued: IssuedDocument
    path: Path
    state: str
    derivable_figures: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        own = {"path": str(self.path), "state": self.state, "gives_away": list(self.derivable_figures)}
        return {**self.issued.as_json(), **own}


class UnrenderedDocument(NamedTuple):
    """A document that was not made, and why."""

    job: RenderJob
    failure: RenderFailure

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        return {
            "case": self.job.case, "kind": self.job.kind, "part": self.job.part, "why": self.failure.reason,
            "advice": self.failure.advice,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class BatchRun:
    """One run over a batch: the services of this process, how workers open their own, and who asks."""

    services: Services
    worker_services: WorkerServices
    batch: RenderBatch
    request: Request

    def run(self, worker_count: int, progress: Progress) -> Iterator[RenderedDocument | UnrenderedDocument]:
        """Yield the result of each document, in order; leave out documents that a case does not have."""
        jobs = self.batch.render_jobs(self.services)
        issued_before = issued_files.issued_by_digest(self.services)
        settled = {job: result for job in jobs if (result := self._find_existing(job, issued_before))}
        missing = [job for job in jobs if job not in settled]
        worker_count = max(1, min(worker_count, len(missing)))
        with render_in_workers(self.services, self.worker_services, missing, worker_count) as outcomes:
            for job in progress(jobs):
                outcome = settled[job] if job in settled else next(outcomes)
                if outcome is not None:
                    yield self._deliver(job, outcome)

    def _find_existing(
        self, job: RenderJob, issued_before: Mapping[str, IssuedDocument]
    ) -> IssuedDocument | RenderFailure | None:
        """Return the document if it is already in its place, a failure if nothing may be written there, else None."""
        path = self.batch.output_path(job)
        try:
            document_files.refuse_output_path(
                path,
                self.services.store.file_paths(),
                lambda data: self.batch.replace_existing or issued_files.digest(data) in issued_before,
            )
            if self.batch.replace_existing or not path.exists():
                return None
            issued = issued_before.get(issued_files.digest(document_files.read_document(path)))
            return issued if issued and issued_files.is_current(self.services, issued, job) else None
        except Error as error:
            return RenderFailure.from_error(error)

    def _deliver(
        self, job: RenderJob, outcome: PreparedDocument | IssuedDocument | RenderFailure
    ) -> RenderedDocument | UnrenderedDocument:
        """Record a document and put it in its place, unless it is there already or could not be made."""
        if isinstance(outcome, RenderFailure):
            return UnrenderedDocument(job, outcome)
        path = self.batch.output_path(job)
        try:
            if isinstance(outcome, IssuedDocument):
                # It is recorded already; this checks that the officer may issue documents, as for every other one.
                issue.record_issued_document(self.services, outcome, self.request)
                return RenderedDocument(outcome, path, STATE_UNCHANGED)
            issue.record_and_write(self.services, outcome, self.request, document_files.writer_of(job, path))
            return RenderedDocument(outcome.issued, path, STATE_WRITTEN, outcome.derivable_facts)
        except Error as error:
            return UnrenderedDocument(job, RenderFailure.from_error(error))
