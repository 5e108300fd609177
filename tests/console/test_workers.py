"""Documents made in several processes come as they are made in one, and in their order."""

from __future__ import annotations

import os
import signal
from datetime import UTC, date, datetime

import pytest

from console import workers
from console.session import Session
from console.workers import Outcome, Unmade
from decisions.issuing.issue import Commission, Made, Order
from tests.decisions.cases import FORM, REPORT
from tests.decisions.conftest import Tale, desk, tale  # noqa: F401
from workflow.adapters.sqlite import SqliteStore
from workflow.services.commands import Desk

NOW = datetime(2018, 5, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def session(desk: Desk) -> Session:
    assert isinstance(desk.store, SqliteStore)
    return Session(str(desk.store.path), (), lambda: NOW, lambda: date(2018, 5, 1), lambda: "5a" * 16)


def commissions(case: str) -> list[Commission]:
    orders = [Order(FORM, 1, "html"), Order(REPORT, 2, "html"), Order(REPORT, 1, "html"), Order(FORM, 2, "html")]
    return [Commission(case, order) for order in orders]


def come(session: Session, wanted: list[Commission], jobs: int) -> list[Outcome]:
    with workers.presses(session, wanted, jobs) as coming:
        return list(coming)


def test_what_comes_is_the_same_for_any_number_of_processes(session: Session, tale: Tale) -> None:
    wanted = [*commissions(tale.case), Commission("MOPAC-2018-9", Order(FORM, 1, "html"))]
    alone = come(session, wanted, 1)
    assert come(session, wanted, 2) == alone
    form, none, report, confidential, unknown = alone
    assert all(isinstance(made, Made) for made in (form, report, confidential))
    assert isinstance(none, Unmade)
    assert none.why == "mopac has no Part 2 of iab-report"
    assert isinstance(unknown, Unmade)
    assert (unknown.why, unknown.exit_code) == ("'MOPAC-2018-9' is not a case that is known here", 2)


def test_an_unforeseen_error_in_a_process_is_the_same_one_here(
    session: Session, tale: Tale, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_outcome_at", fail)
    with pytest.raises(ZeroDivisionError):
        come(session, commissions(tale.case), 2)


def test_a_process_that_is_killed_is_told_with_what_to_do(
    session: Session, tale: Tale, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_outcome_at", die)
    for outcome in come(session, commissions(tale.case), 2):
        assert isinstance(outcome, Unmade)
        assert outcome.why == "a process that makes documents could not be started, or was killed"
        assert "--jobs 1" in outcome.advice
        assert outcome.exit_code == 1


def fail(*_: object) -> Outcome:
    raise ZeroDivisionError


def die(*_: object) -> Outcome:
    os.kill(os.getpid(), signal.SIGKILL)
    return None
