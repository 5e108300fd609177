"""Several presses at once: documents made in processes of their own, which read the store and record nothing.

WeasyPrint prints in one thread of a process at a time. The processes come from one that has imported what they need
and opened nothing (`forkserver`), so that no connection to the store is ever in two of them.

This is an edge. It sets PYTHONSAFEPATH for the process and those that it starts.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing import forkserver, resource_tracker
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, NoReturn, TypeAlias, Union

from decisions.errors import NoSuchDocument
from rules.errors import Error

if TYPE_CHECKING:
    from decisions.issuing.issue import PreparedDocument, RenderJob
    from workflow.ledger.ports import Store
    from workflow.services.commands import Services

PRELOADED_MODULES = [
    "decisions.issuing.issue",
    "decisions.output.pdf",
    "workflow.adapters.sqlite",
    "rules.packs.library",
    "weasyprint",
    "page",
]
"""What takes long to import, and opens nothing by being imported."""
EXIT_PARENT_GONE = 1
_SAFE_PATH_VARIABLE = "PYTHONSAFEPATH"
_RETRY_ADVICE = (
    "Run the command again: it goes on with what is missing. If that does not help, ask for fewer at once: --jobs 1"
)


@dataclass(frozen=True, slots=True)
class RenderFailure:
    """Why there is no document, in the words of an error, as plain data that passes from process to process."""

    reason: str
    advice: str
    exit_code: int

    @classmethod
    def from_error(cls, error: Error) -> RenderFailure:
        """The reason that an error gives."""
        return cls(str(error), error.advice(), error.exit_code)


RenderOutcome: TypeAlias = Union["PreparedDocument", RenderFailure, None]
"""What comes of a commission; None where the case has no such document."""


@dataclass(frozen=True, slots=True)
class WorkerServices:
    """How a worker process opens the store and reads the packs. It is sent to the process, so it holds plain data.

    `open_store` is a function of a module, found there by name; `store_url` and `pack_folders` are absolute.
    """

    open_store: Callable[[str], Store]
    store_url: str
    pack_folders: tuple[Path, ...]
    pack_cache: Path | None


def prepare_workers(requested_workers: int | None) -> int:
    """How many documents to make at once: as many as asked for, else as many as there are cores.

    Where that is more than one, what presses need begins to be imported, while this process does other things.
    """
    at_once = requested_workers or len(os.sched_getaffinity(0))
    if at_once > 1:
        _start_fork_server()
    return at_once


def _start_fork_server() -> None:
    """Start the process from which the others are forked."""
    os.environ[_SAFE_PATH_VARIABLE] = (
        "1"  # or it would import a package of the current folder that is called as one of ours
    )
    forkserver.set_forkserver_preload(PRELOADED_MODULES)
    with _interrupts_blocked():
        forkserver.ensure_running()


@contextmanager
def render_in_workers(
    services: Services, worker_services: WorkerServices, render_jobs: Sequence[RenderJob], worker_count: int
) -> Iterator[Iterator[RenderOutcome]]:
    """What comes of each commission, in their order: made here one by one, or in several processes (`jobs`).

    With the block all of them end; what is not made by then is not made.
    """
    if worker_count == 1:
        yield (run_render_job(services, one) for one in render_jobs)
        return
    _start_fork_server()
    pool = ProcessPoolExecutor(worker_count, multiprocessing.get_context("forkserver"), initializer=_exit_with_parent)
    coming: deque[Future[RenderOutcome]] = deque()
    try:
        with _interrupts_blocked():
            coming.extend(_submit_job(pool, worker_services, one) for one in render_jobs)
        yield (_job_outcome(coming.popleft()) for _ in render_jobs)  # and nothing holds what has been handed on
    finally:
        if not all(one.done() for one in coming):  # we were stopped; what they are making, nobody waits for
            for process in multiprocessing.active_children():
                process.terminate()
        pool.shutdown(cancel_futures=True)


def run_render_job(services: Services, job: RenderJob) -> RenderOutcome:
    """What comes of one commission."""
    from decisions.issuing import issue
    from decisions.output import pdf

    try:
        return issue.prepare_document(services, job, pdf.render_file)
    except NoSuchDocument:
        return None
    except Error as error:
        return RenderFailure.from_error(error)


def _submit_job(pool: ProcessPoolExecutor, worker_services: WorkerServices, job: RenderJob) -> Future[RenderOutcome]:
    try:
        return pool.submit(_run_job_in_worker, worker_services, job)
    except (BrokenProcessPool, OSError) as error:
        lost: Future[RenderOutcome] = Future()
        lost.set_exception(error)
        return lost


def _job_outcome(future: Future[RenderOutcome]) -> RenderOutcome:
    try:
        return future.result()
    except (BrokenProcessPool, OSError):
        return RenderFailure(
            "a process that makes documents could not be started, or was killed", _RETRY_ADVICE, Error.exit_code
        )


def _run_job_in_worker(worker_services: WorkerServices, job: RenderJob) -> RenderOutcome:
    return run_render_job(_services_for(worker_services), job)


@cache
def _services_for(worker_services: WorkerServices) -> Services:
    """Return the services of a worker process, opened once for each."""
    from rules.packs.library import Library
    from workflow.ledger.ports import Clock
    from workflow.services.commands import Services

    store = worker_services.open_store(worker_services.store_url)
    library = Library.load(worker_services.pack_folders, worker_services.pack_cache)
    return Services(store, library, Clock(_unavailable_in_worker, _unavailable_in_worker))


def _unavailable_in_worker() -> NoReturn:
    raise NotImplementedError("who makes documents records nothing, and needs neither clock nor chance")


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Start processes that do not hear Ctrl-C, which a terminal sends to all of them: we tell them to stop."""
    resource_tracker.ensure_running()  # it would undo what follows
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _exit_with_parent() -> None:
    """Have this process end when the one that started it is gone, even if that was killed."""
    Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(EXIT_PARENT_GONE)
