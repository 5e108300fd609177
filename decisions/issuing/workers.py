"""Render documents in several processes at once, since WeasyPrint can use only one thread of a process.

- Workers read the store and record nothing; the process that started them records what they made.
- Workers are forked from a server that has imported modules and opened nothing (`forkserver`), so that no connection
  to the store is ever shared between two processes.
- Workers ignore Ctrl-C and end with the process that started them, even if that was killed.
- Results come in the order of the jobs, and do not depend on the number of workers.

This is an edge. It sets PYTHONSAFEPATH for this process and those that it starts.
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
    from decisions.issuing.issue import PreparedDocument
    from decisions.issuing.jobs import RenderJob
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
"""Modules that take long to import. None of them may open a file or connection when it is imported."""
EXIT_PARENT_GONE = 1
_SAFE_PATH_VARIABLE = "PYTHONSAFEPATH"
_RETRY_ADVICE = "Run the command again: it makes the missing documents. If that does not help, add --jobs 1"


@dataclass(frozen=True, slots=True)
class RenderFailure:
    """An error as plain data, which a worker can send to the process that started it."""

    reason: str
    advice: str
    exit_code: int

    @classmethod
    def from_error(cls, error: Error) -> RenderFailure:
        """Return the failure that an error describes."""
        return cls(str(error), error.advice(), error.exit_code)


RenderOutcome: TypeAlias = Union["PreparedDocument", RenderFailure, None]
"""The result of a job; None if the case has no such document."""


@dataclass(frozen=True, slots=True)
class WorkerServices:
    """How a worker opens the store and reads the packs: plain data, since it is sent to the worker.

    `open_store` must be a function of a module, because only its name is sent; `store_url` and `pack_folders` are
    absolute.
    """

    open_store: Callable[[str], Store]
    store_url: str
    pack_folders: tuple[Path, ...]
    pack_cache: Path | None


def prepare_workers(requested_workers: int | None) -> int:
    """Return the number of workers: as requested, or one a core.

    If there are several, their modules begin to be imported in the background.
    """
    worker_count = requested_workers or len(os.sched_getaffinity(0))
    if worker_count > 1:
        _start_fork_server()
    return worker_count


def _start_fork_server() -> None:
    """Start the process from which workers are forked, unless it runs already."""
    # Without this, a package in the current folder with the name of one of ours would be imported instead.
    os.environ[_SAFE_PATH_VARIABLE] = "1"
    forkserver.set_forkserver_preload(PRELOADED_MODULES)
    with _interrupts_blocked():
        forkserver.ensure_running()


@contextmanager
def render_in_workers(
    services: Services, worker_services: WorkerServices, render_jobs: Sequence[RenderJob], worker_count: int
) -> Iterator[Iterator[RenderOutcome]]:
    """Yield an iterator over the outcome of each job, in order; with one worker, render in this process.

    All workers end with the block. Jobs that are not done by then are dropped.
    """
    if worker_count == 1:
        yield (run_render_job(services, job) for job in render_jobs)
        return
    _start_fork_server()
    pool = ProcessPoolExecutor(worker_count, multiprocessing.get_context("forkserver"), initializer=_exit_with_parent)
    pending: deque[Future[RenderOutcome]] = deque()
    try:
        with _interrupts_blocked():
            pending.extend(_submit_job(pool, worker_services, job) for job in render_jobs)
        yield (_job_outcome(pending.popleft()) for _ in render_jobs)  # popped, so that its bytes can be freed
    finally:
        if not all(future.done() for future in pending):  # we were stopped: do not wait for work nobody will use
            for process in multiprocessing.active_children():
                process.terminate()
        pool.shutdown(cancel_futures=True)


def run_render_job(services: Services, job: RenderJob) -> RenderOutcome:
    """Render one document in this process."""
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
        failed: Future[RenderOutcome] = Future()
        failed.set_exception(error)
        return failed


def _job_outcome(future: Future[RenderOutcome]) -> RenderOutcome:
    try:
        return future.result()
    except (BrokenProcessPool, OSError):
        reason = "a process that makes documents could not be started, or was killed"
        return RenderFailure(reason, _RETRY_ADVICE, Error.exit_code)


def _run_job_in_worker(worker_services: WorkerServices, job: RenderJob) -> RenderOutcome:
    return run_render_job(_services_for(worker_services), job)


@cache
def _services_for(worker_services: WorkerServices) -> Services:
    """Return the services of a worker process, opened once for each."""
    from decisions.safety.publication import PublicationSearch
    from rules.packs.library import Library
    from workflow.ledger.ports import Clock
    from workflow.services.commands import Services

    store = worker_services.open_store(worker_services.store_url)
    library = Library.load(worker_services.pack_folders, worker_services.pack_cache)
    return Services(store, library, Clock(_unavailable_in_worker, _unavailable_in_worker), PublicationSearch())


def _unavailable_in_worker(_: str = "") -> NoReturn:
    raise NotImplementedError("a worker records nothing, so it needs neither a clock nor random numbers")


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """Block Ctrl-C for processes started in the block: a terminal sends it to all, and we stop them ourselves."""
    resource_tracker.ensure_running()  # else it would be started later, and would unblock the signal
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _exit_with_parent() -> None:
    """Make this worker end when the process that started it is gone, even if that was killed."""
    Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(EXIT_PARENT_GONE)
