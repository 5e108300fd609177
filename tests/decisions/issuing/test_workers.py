"""Documents rendered in several processes are the same, in the same order, as those rendered in one."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime

import pytest

from decisions.issuing import workers
from decisions.issuing.issue import PreparedDocument
from decisions.issuing.jobs import RenderJob
from decisions.issuing.workers import RenderFailure, RenderOutcome, WorkerServices
from tests.decisions.cases import DECISION_FORM, IAB_REPORT
from tests.decisions.conftest import FinishedStory
from workflow.adapters.sqlite import SqliteStore
from workflow.services.commands import Services

NOW = datetime(2018, 5, 1, 9, 0, tzinfo=UTC)


def open_store(url: str) -> SqliteStore:
    return SqliteStore(url, lambda: NOW)


def html_jobs(case: str) -> list[RenderJob]:
    documents = [(DECISION_FORM, 1), (IAB_REPORT, 2), (IAB_REPORT, 1), (DECISION_FORM, 2)]
    return [RenderJob(case, kind, part, "html") for kind, part in documents]


def render(services: Services, jobs: list[RenderJob], worker_count: int) -> list[RenderOutcome]:
    worker_services = WorkerServices(open_store, services.store.absolute_url, (), None)
    with workers.render_in_workers(services, worker_services, jobs, worker_count) as outcomes:
        return list(outcomes)


def test_outcomes_are_the_same_for_any_number_of_processes(services: Services, finished: FinishedStory) -> None:
    jobs = [*html_jobs(finished.case), RenderJob("MOPAC-2018-9", DECISION_FORM, 1, "html")]
    outcomes = render(services, jobs, 1)
    assert render(services, jobs, 2) == outcomes
    form, missing, report, confidential, unknown = outcomes
    assert all(isinstance(outcome, PreparedDocument) for outcome in (form, report, confidential))
    assert isinstance(missing, RenderFailure)
    assert missing.reason == "mopac has no Part 2 of iab-report"
    assert isinstance(unknown, RenderFailure)
    assert (unknown.reason, unknown.exit_code) == ("'MOPAC-2018-9' is not a case that is known here", 2)


def test_an_unforeseen_error_in_a_worker_is_raised_in_this_process(
    services: Services, finished: FinishedStory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_run_job_in_worker", fail)
    with pytest.raises(ZeroDivisionError):
        render(services, html_jobs(finished.case), 2)


def test_a_killed_worker_is_reported_with_what_to_do(
    services: Services, finished: FinishedStory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_run_job_in_worker", die)
    for outcome in render(services, html_jobs(finished.case), 2):
        assert isinstance(outcome, RenderFailure)
        assert outcome.reason == "a process that makes documents could not be started, or was killed"
        assert "--jobs 1" in outcome.advice
        assert outcome.exit_code == 1


def fail(*_: object) -> RenderOutcome:
    raise ZeroDivisionError


def die(*_: object) -> RenderOutcome:
    os.kill(os.getpid(), signal.SIGKILL)
    return None
