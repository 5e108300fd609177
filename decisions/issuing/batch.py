"""Render every document of every case, with several processes, and write each recorded document to a folder.

A document is recorded before its file is put in place. A run that was stopped can be run again: it makes the files
that are missing, with the same bytes and without a second entry.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from decisions.issuing import document_files, issue
from decisions.issuing.issue import IssuedDocument, PreparedDocument, RenderJob, RenderTarget
from decisions.issuing.workers import RenderFailure, WorkerServices, render_in_workers
from rules.errors import Error, InputError
from rules.values.suggestions import did_you_mean
from workflow.services import queries
from workflow.services.commands import Request, Services

STATE_WRITTEN, STATE_UNCHANGED = "written", "unchanged"
ANY_KIND = "documents"
Progress: TypeAlias = Callable[[Sequence[RenderJob]], Iterable[RenderJob]]
"""Hands on the jobs one by one, and shows somebody how far the work has come."""


@dataclass(frozen=True, slots=True)
class RenderBatch:
    """What is asked for: documents of a kind (empty: of every kind) and a part, in a form, and the folder for them.

    With `force` nothing is left as it is there.
    """

    kind: str
    part: int
    output_format: str
    folder: Path
    replace_existing: bool

    def render_jobs(self, services: Services) -> list[RenderJob]:
        """The documents to make: of every case, oldest first, one by each form of its scheme.

        Raises `InputError` for a kind that none of the schemes has.
        """
        forms = [
            (case.case, *form)
            for case in queries.list_cases(services)
            for form in self._document_kinds(services, case.scheme)
        ]
        kinds = dict.fromkeys(kind for _, kind, _ in forms)
        if self.kind and self.kind not in kinds:
            raise InputError(f"{self.kind!r} is not a document of any case here", did_you_mean(self.kind, kinds))
        return [
            RenderJob(case, RenderTarget(kind, part, self.output_format))
            for case, kind, part in forms
            if part == self.part and self.kind in ("", kind)
        ]

    def _document_kinds(self, services: Services, scheme: str) -> list[tuple[str, int]]:
        """The kind and part of each form of a scheme.

        Of one that is not known here nobody can tell them. What is asked for is tried all the same, so that its cases
        are named with why they have none, and do not stop the others.
        """
        if scheme in services.library.schemes():
            return [(form.kind, form.part) for form in services.library.scheme(scheme).declaration.documents]
        return [(self.kind or ANY_KIND, self.part)]

    def output_path(self, job: RenderJob) -> Path:
        """Where a document is put."""
        return self.folder / document_files.document_file_name(*job)


class RenderedDocument(NamedTuple):
    """A document that is in its place, and whether it was put there now."""

    issued: IssuedDocument
    path: Path
    state: str
    derivable_figures: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read."""
        own = {"path": str(self.path), "state": self.state, "gives_away": self.derivable_figures}
        return {**self.issued.as_json(), **own}


class UnrenderedDocument(NamedTuple):
    """A document that was not made, and why."""

    job: RenderJob
    failure: RenderFailure

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read."""
        case, order = self.job
        return {
            "case": case, "kind": order.kind, "part": order.part, "why": self.failure.reason,
            "advice": self.failure.advice,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class BatchRun:
    """One run over a batch: the services of this process, how workers open theirs, and who asks.

    Each document is recorded and then put in its place, so that every file of a run that was killed is recorded.
    """

    services: Services
    worker_services: WorkerServices
    batch: RenderBatch
    request: Request

    def run(self, worker_count: int, progress: Progress) -> Iterator[RenderedDocument | UnrenderedDocument]:
        """Yield the result of each document, in order; leave out kinds that a case does not have."""
        jobs = self.batch.render_jobs(self.services)
        issued_before = issue.issued_by_digest(self.services)
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
        """The document, where it is in its place already; or what is against putting it there."""
        place = self.batch.output_path(job)
        try:
            files = self.services.store.file_paths()
            document_files.refuse_output_path(
                place, files, lambda data: self.batch.replace_existing or _digest(data) in issued_before
            )
            if self.batch.replace_existing or not place.exists():
                return None
            found = issued_before.get(_digest(document_files.read_document(place)))
            return found if found and issue.is_current(self.services, found, job) else None
        except Error as error:
            return RenderFailure.from_error(error)

    def _deliver(
        self, job: RenderJob, result: PreparedDocument | IssuedDocument | RenderFailure
    ) -> RenderedDocument | UnrenderedDocument:
        if isinstance(result, RenderFailure):
            return UnrenderedDocument(job, result)
        place = self.batch.output_path(job)
        try:
            if isinstance(result, IssuedDocument):
                issue.record_issued_document(self.services, result, self.request)
                return RenderedDocument(result, place, STATE_UNCHANGED)
            issue.record_and_write(self.services, result, self.request, partial(document_files.staged_write, place))
            return RenderedDocument(result.issued, place, STATE_WRITTEN, result.derivable_facts)
        except Error as error:
            return UnrenderedDocument(job, RenderFailure.from_error(error))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
