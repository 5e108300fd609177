"""Documents made in several processes come as they are made in one, and in their order."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime

import pytest

from decisions.issuing import workers
from decisions.issuing.issue import PreparedDocument, RenderJob, RenderTarget
from decisions.issuing.workers import RenderFailure, RenderOutcome, WorkerServices
from tests.decisions.cases import DECISION_FORM, IAB_REPORT
from tests.decisions.conftest import FinishedStory
from workflow.adapters.sqlite import SqliteStore
from workflow.services.commands import Services

NOW = datetime(2018, 5, 1, 9, 0, tzinfo=UTC)


def open_store(url: str) -> SqliteStore:
    return SqliteStore(url, lambda: NOW)


def commissions(case: str) -> list[RenderJob]:
    orders = [
        RenderTarget(DECISION_FORM, 1, "html"),
        RenderTarget(IAB_REPORT, 2, "html"),
        RenderTarget(IAB_REPORT, 1, "html"),
        RenderTarget(DECISION_FORM, 2, "html"),
    ]
    return [RenderJob(case, order) for order in orders]


def come(desk: Services, wanted: list[RenderJob], jobs: int) -> list[RenderOutcome]:
    worker_services = WorkerServices(open_store, desk.store.absolute_url, (), None)
    with workers.render_in_workers(desk, worker_services, wanted, jobs) as coming:
        return list(coming)


def test_what_comes_is_the_same_for_any_number_of_processes(desk: Services, tale: FinishedStory) -> None:
    wanted = [*commissions(tale.case), RenderJob("MOPAC-2018-9", RenderTarget(DECISION_FORM, 1, "html"))]
    alone = come(desk, wanted, 1)
    assert come(desk, wanted, 2) == alone
    form, none, report, confidential, unknown = alone
    assert all(isinstance(made, PreparedDocument) for made in (form, report, confidential))
    assert isinstance(none, RenderFailure)
    assert none.reason == "mopac has no Part 2 of iab-report"
    assert isinstance(unknown, RenderFailure)
    assert (unknown.reason, unknown.exit_code) == ("'MOPAC-2018-9' is not a case that is known here", 2)


def test_an_unforeseen_error_in_a_process_is_the_same_one_here(
    desk: Services, tale: FinishedStory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_run_job_in_worker", fail)
    with pytest.raises(ZeroDivisionError):
        come(desk, commissions(tale.case), 2)


def test_a_process_that_is_killed_is_told_with_what_to_do(
    desk: Services, tale: FinishedStory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_run_job_in_worker", die)
    for outcome in come(desk, commissions(tale.case), 2):
        assert isinstance(outcome, RenderFailure)
        assert outcome.reason == "a process that makes documents could not be started, or was killed"
        assert "--jobs 1" in outcome.advice
        assert outcome.exit_code == 1


def fail(*_: object) -> RenderOutcome:
    raise ZeroDivisionError


def die(*_: object) -> RenderOutcome:
    os.kill(os.getpid(), signal.SIGKILL)
    return None
