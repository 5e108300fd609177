from __future__ import annotations

from collections.abc import Iterator

import pytest

from workflow.store import SqliteStore


@pytest.fixture(autouse=True)
def _stores_are_let_go(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Closes every store that a test opened: from Python 3.13 on, one that is left open is told of as an error."""
    opened: list[SqliteStore] = []
    begin = SqliteStore.__init__

    def noted(self: SqliteStore, *given: object, **named: object) -> None:
        begin(self, *given, **named)  # type: ignore[arg-type]
        opened.append(self)

    monkeypatch.setattr(SqliteStore, "__init__", noted)
    yield
    for store in opened:
        store.close()
