"""`assent document render --all`: render every document of every case, and print the result."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click

from console import output
from console.session import CSV, JSON, Session
from decisions.issuing.batch import BatchRun, RenderBatch, RenderedDocument, UnrenderedDocument
from decisions.issuing.workers import WorkerServices
from workflow.services.commands import Request

TABLE_HEADS = ("Case", "Version", "Kind", "Part", "State", "Path")
CSV_HEADS = ("Case", "Version", "Kind", "Part", "To", "SHA256", "Head", "Path", "State")


def render_batch(session: Session, batch: RenderBatch, request: Request, worker_count: int, output_format: str) -> int:
    """Render a batch, print the result, and return the exit code: that of the first failure, if any."""
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
            {"documents": [one.as_json() for one in rendered], "failed": [one.as_json() for one in failed]}
        )
        return
    heads = CSV_HEADS if output_format == CSV else TABLE_HEADS
    told = [{key.casefold(): value for key, value in one.as_json().items()} for one in rendered]
    output.print_rows(heads, [[one[head.casefold()] for head in heads] for one in told], output_format, "documents")
    for each in rendered:
        output.warn_of_derivable_figures(each.issued.case, each.issued.kind, each.derivable_figures)
    _print_failures(failed)


def _print_failures(failed: Sequence[UnrenderedDocument]) -> None:
    """Say of each document that there is not why, and once what to do about it."""
    for one in failed:
        job = one.job
        click.echo(f"assent: {job.case} {job.kind} Part {job.part}: {one.failure.reason}", err=True)
    for advice in filter(None, dict.fromkeys(one.failure.advice for one in failed)):
        click.echo(advice, err=True)
