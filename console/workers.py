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
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing import forkserver, resource_tracker
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, NoReturn, TypeAlias, Union

from console.session import Session
from decisions.errors import NotOfCase
from rules.errors import Error

if TYPE_CHECKING:
    from decisions.issuing.issue import Commission, Made
    from workflow.services.commands import Desk

IMPORTED_FIRST = [
    "decisions.issuing.issue",
    "decisions.output.pdf",
    "workflow.adapters.sqlite",
    "rules.packs.library",
    "weasyprint",
    "page",
]
"""What takes long to import, and opens nothing by being imported."""
ABANDONED = 1
_SAFE_PATH = "PYTHONSAFEPATH"
_AGAIN = (
    "Run the command again: it goes on with what is missing. If that does not help, ask for fewer at once: --jobs 1"
)


@dataclass(frozen=True, slots=True)
class Unmade:
    """Why there is no document, in the words of an error, as plain data that passes from process to process."""

    why: str
    advice: str
    exit_code: int

    @classmethod
    def by(cls, error: Error) -> Unmade:
        """The reason that an error gives."""
        return cls(str(error), error.advice(), error.exit_code)


Outcome: TypeAlias = Union["Made", Unmade, None]
"""What comes of a commission; None where the case has no such document."""


@dataclass(frozen=True, slots=True)
class _Premises:
    """Where a press finds what it prints: the store, and the packs."""

    store: Path
    packs: tuple[Path, ...]
    shelf: Path | None


def warm_up(jobs: int | None) -> int:
    """How many documents to make at once: as many as asked for, else as many as there are cores.

    Where that is more than one, what presses need begins to be imported, while this process does other things.
    """
    at_once = jobs or len(os.sched_getaffinity(0))
    if at_once > 1:
        _begin()
    return at_once


def _begin() -> None:
    """Start the process from which the others are forked."""
    os.environ[_SAFE_PATH] = "1"  # or it would import a package of the current folder that is called as one of ours
    forkserver.set_forkserver_preload(IMPORTED_FIRST)
    with _uninterrupted():
        forkserver.ensure_running()


@contextmanager
def presses(session: Session, wanted: Sequence[Commission], jobs: int) -> Iterator[Iterator[Outcome]]:
    """What comes of each commission, in their order: made here one by one, or in several processes (`jobs`).

    With the block all of them end; what is not made by then is not made.
    """
    if jobs == 1:
        yield (outcome(session.desk, one) for one in wanted)
        return
    _begin()
    premises = _Premises(session.store.path.absolute(), tuple(map(Path.absolute, session.packs)), session.shelf)
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("forkserver"), initializer=_leave_with_parent)
    coming: deque[Future[Outcome]] = deque()
    try:
        with _uninterrupted():
            coming.extend(_sent(pool, premises, one) for one in wanted)
        yield (_come(coming.popleft()) for _ in wanted)  # and nothing holds what has been handed on
    finally:
        if not all(one.done() for one in coming):  # we were stopped; what they are making, nobody waits for
            for process in multiprocessing.active_children():
                process.terminate()
        pool.shutdown(cancel_futures=True)


def outcome(desk: Desk, wanted: Commission) -> Outcome:
    """What comes of one commission."""
    from decisions.issuing import issue
    from decisions.output import pdf

    try:
        return issue.make(desk, wanted, pdf.press)
    except NotOfCase:
        return None
    except Error as error:
        return Unmade.by(error)


def _sent(pool: ProcessPoolExecutor, premises: _Premises, wanted: Commission) -> Future[Outcome]:
    try:
        return pool.submit(_outcome_at, premises, wanted)
    except (BrokenProcessPool, OSError) as error:
        lost: Future[Outcome] = Future()
        lost.set_exception(error)
        return lost


def _come(coming: Future[Outcome]) -> Outcome:
    try:
        return coming.result()
    except (BrokenProcessPool, OSError):
        return Unmade("a process that makes documents could not be started, or was killed", _AGAIN, Error.exit_code)


def _outcome_at(premises: _Premises, wanted: Commission) -> Outcome:
    return outcome(_desk_at(premises), wanted)


@cache
def _desk_at(premises: _Premises) -> Desk:
    """The desk of a process that makes documents, once for each."""
    here = Session(str(premises.store), premises.packs, _unasked, _unasked, _unasked, premises.shelf)
    return here.desk


def _unasked() -> NoReturn:
    raise NotImplementedError("who makes documents records nothing, and needs neither clock nor chance")


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Start processes that do not hear Ctrl-C, which a terminal sends to all of them: we tell them to stop."""
    resource_tracker.ensure_running()  # it would undo what follows
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _leave_with_parent() -> None:
    """Have this process end when the one that started it is gone, even if that was killed."""
    Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(ABANDONED)
