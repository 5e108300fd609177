"""`assent document render --all`: render every document of every case, and print the result."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click

from console import output
from console.output_formats import CSV, JSON
from console.session import Session
from decisions.issuing.batch import BatchRun, RenderBatch, RenderedDocument, UnrenderedDocument
from decisions.issuing.workers import WorkerServices
from workflow.services.commands import Request

TABLE_HEADS = ("Case", "Version", "Kind", "Part", "State", "Path")
CSV_HEADS = ("Case", "Version", "Kind", "Part", "To", "SHA256", "Head", "Path", "State")


def render_batch(session: Session, batch: RenderBatch, request: Request, worker_count: int, output_format: str) -> int:
    """Render a batch, print the result, and return the exit code of the first failure, or 0."""
    worker_services = WorkerServices(
        session.open_store,
        session.store.absolute_url,
        tuple(map(Path.absolute, session.pack_folders)),
        session.pack_cache,
    )
    run = BatchRun(session.services, worker_services, batch, request)
    results = list(run.run(worker_count, partial(output.with_progress, label="Making documents")))
    rendered = [result for result in results if isinstance(result, RenderedDocument)]
    failed = [result for result in results if isinstance(result, UnrenderedDocument)]
    _print_batch(rendered, failed, output_format)
    return failed[0].failure.exit_code if failed else 0


def _print_batch(
    rendered: Sequence[RenderedDocument], failed: Sequence[UnrenderedDocument], output_format: str
) -> None:
    if output_format == JSON:
        output.print_json(
            {"documents": [document.as_json() for document in rendered], "failed": [job.as_json() for job in failed]}
        )
        return
    heads = CSV_HEADS if output_format == CSV else TABLE_HEADS
    columns = [{key.casefold(): value for key, value in document.as_json().items()} for document in rendered]
    rows = [[values[head.casefold()] for head in heads] for values in columns]
    output.print_rows(heads, rows, output_format, "documents")
    for document in rendered:
        output.warn_of_derivable_figures(document.issued.case, document.issued.kind, document.derivable_figures)
    _print_failures(failed)


def _print_failures(failed: Sequence[UnrenderedDocument]) -> None:
    """Print why each missing document was not made, and each advice once."""
    for unrendered in failed:
        job, reason = unrendered.job, unrendered.failure.reason
        click.echo(f"assent: {job.case} {job.kind} Part {job.part}: {reason}", err=True)
    for advice in filter(None, dict.fromkeys(unrendered.failure.advice for unrendered in failed)):
        click.echo(advice, err=True)
