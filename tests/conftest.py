from __future__ import annotations

from collections.abc import Iterator
from weakref import WeakSet

import pytest

from workflow.store import SqliteStore

_MADE: WeakSet[SqliteStore] = WeakSet()


@pytest.fixture(scope="session", autouse=True)
def _stores_are_noted() -> Iterator[None]:
    begin = SqliteStore.__init__

    def noted(self: SqliteStore, *given: object, **named: object) -> None:
        begin(self, *given, **named)  # type: ignore[arg-type]
        _MADE.add(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SqliteStore, "__init__", noted)
        yield


@pytest.fixture(autouse=True)
def _stores_are_let_go() -> Iterator[None]:
    """Closes every store after each test: from Python 3.13 on, one that is left open is told of as an error.

    A store that several tests share opens itself again.
    """
    yield
    for store in list(_MADE):
        store.close()
