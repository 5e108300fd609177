"""The record inside one transaction: what is asked of the tables, and what is put into them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, func, insert, literal_column, select

from rules.packs.bundle import Bundle
from workflow.adapters.tables import CaseRow, ExemptRow, LedgerRow, PackRow
from workflow.errors import Conflict, LedgerBroken
from workflow.ledger.entries import GENESIS, Draft, Entry, ExemptText, seal
from workflow.ledger.ports import Overview

_ledger, _exempt, _pack = LedgerRow.__table__, ExemptRow.__table__, PackRow.__table__  # type: ignore[attr-defined]
_case = CaseRow.__table__  # type: ignore[attr-defined]

# Of all that is read, rulings are most, and to load a case nobody needs them.
_BRIEF = [literal_column("''") if column is _ledger.c.ruling else column for column in _ledger.c]
_ALL = select(_ledger).order_by(_ledger.c.position)
_EXEMPT = select(_exempt).order_by(_exempt.c.position)
_OF_STREAM = select(*_BRIEF).where(_ledger.c.stream == bindparam("name")).order_by(_ledger.c.version)
_SEALED = select(_ledger).where(_ledger.c.stream == bindparam("name")).order_by(_ledger.c.version)
_OF_KIND = select(_ledger).where(_ledger.c.kind == bindparam("kind")).order_by(_ledger.c.position)
_EXEMPT_OF = select(_exempt).where(_exempt.c.stream == bindparam("name")).order_by(_exempt.c.version)
_LAST = select(_ledger.c.position, _ledger.c.seal).order_by(_ledger.c.position.desc()).limit(1)
_LAST_OF = (
    select(_ledger.c.version).where(_ledger.c.stream == bindparam("name")).order_by(_ledger.c.version.desc()).limit(1)
)
_NEXT = (
    select(
        _ledger.c.position,
        _ledger.c.seal,
        select(func.max(_ledger.c.version)).where(_ledger.c.stream == bindparam("name")).scalar_subquery(),
    )
    .order_by(_ledger.c.position.desc())
    .limit(1)
)
_KNOWN = select(_case.c.case).where(_case.c.case == bindparam("name"))
_KEPT = select(_pack.c.digest).where(_pack.c.digest == bindparam("digest")).limit(1)
_FILES = select(_pack.c.file, _pack.c.data).where(_pack.c.digest == bindparam("digest"))
_DIGESTS = select(_pack.c.digest).distinct().order_by(_pack.c.digest)
_ENTER, _WITHHOLD, _KEEP = insert(_ledger), insert(_exempt), insert(_pack)
_SHOW = insert(_case).prefix_with("OR REPLACE")


class Book:
    """The record inside one transaction."""

    def __init__(self, connection: Connection, now: Callable[[], datetime], kept: set[str]) -> None:
        self._connection, self._now, self._kept = connection, now, kept

    def stream(self, name: str) -> Sequence[Entry]:
        """The entries of a stream, in order, without their rulings."""
        return [Entry(*row) for row in self._connection.execute(_OF_STREAM, {"name": name})]

    def sealed(self, name: str) -> Sequence[Entry]:
        """The entries of a stream, in order, with all that their seals are over."""
        return [Entry(*row) for row in self._connection.execute(_SEALED, {"name": name})]

    def of_kind(self, kind: str) -> Sequence[Entry]:
        """The entries of one kind in all streams, in order."""
        return [Entry(*row) for row in self._connection.execute(_OF_KIND, {"kind": kind})]

    def exempt(self, name: str) -> Sequence[ExemptText]:
        """The Part 2 texts of a stream, in order."""
        return [ExemptText(*row) for row in self._connection.execute(_EXEMPT_OF, {"name": name})]

    def cases(self) -> Sequence[Overview]:
        """Every case, oldest first; those of one day by their numbers."""
        rows = self._connection.execute(
            select(_case).order_by(_case.c.opened_on, func.length(_case.c.case), _case.c.case)
        )
        return [_overview(row) for row in rows]

    def knows(self, case: str) -> bool:
        """Whether there is a case of exactly this number."""
        return self._connection.execute(_KNOWN, {"name": case}).first() is not None

    def version(self, name: str) -> int:
        """The version at which a stream stands; 0 where it has no entry."""
        return self._connection.execute(_LAST_OF, {"name": name}).scalar_one_or_none() or 0

    def head(self) -> tuple[int, str]:
        """The position and seal of the last entry; 0 and `GENESIS` where there is none."""
        last = self._connection.execute(_LAST).one_or_none()
        return (last.position, last.seal) if last else (0, GENESIS)

    def append(self, draft: Draft, expected_version: int) -> Entry:
        """Seal a draft as the next entry of its stream; raises `Conflict` where the stream has moved on."""
        position, previous, version = self._next(draft.stream)
        if version != expected_version:
            raise Conflict(draft.stream, expected_version, version)
        recorded_at = self._now().isoformat(timespec="microseconds")
        entry = seal(draft, position + 1, version + 1, recorded_at, previous)
        self._connection.execute(_ENTER, _row(_ledger, entry))
        if draft.exempt:
            text = ExemptText(entry.position, entry.stream, entry.version, draft.salt, draft.exempt)
            self._connection.execute(_WITHHOLD, _row(_exempt, text))
        return entry

    def _next(self, stream: str) -> tuple[int, str, int]:
        """The position and seal of the last entry, and the version at which a stream stands."""
        last = self._connection.execute(_NEXT, {"name": stream}).one_or_none()
        return (last[0], last[1], last[2] or 0) if last else (0, GENESIS, 0)

    def whole(self) -> tuple[Sequence[Entry], Sequence[ExemptText], Sequence[Overview]]:
        """Every entry and every Part 2 text, in order, and the list of cases."""
        entries = [Entry(*row) for row in self._connection.execute(_ALL)]
        return entries, [ExemptText(*row) for row in self._connection.execute(_EXEMPT)], self.cases()

    def packs(self) -> Sequence[str]:
        """The digests under which packs are kept, whole or not."""
        return list(self._connection.execute(_DIGESTS).scalars())

    def bundle(self, digest: str) -> Bundle | None:
        """The packs of a digest, where they are kept and whole."""
        rows = self._connection.execute(_FILES, {"digest": digest})
        bundle = Bundle({str(file): data if isinstance(data, bytes) else b"" for file, data in rows})
        return bundle if bundle.digest == digest else None

    def keep(self, bundle: Bundle) -> None:
        """Keep the packs that rulings name, so that they can be judged again."""
        if bundle.digest in self._kept:
            return
        if self._connection.execute(_KEPT, {"digest": bundle.digest}).first():
            self._kept.add(bundle.digest)  # only once it was found to be kept: what is written now may be undone
            return
        rows = [{"digest": bundle.digest, "file": file, "data": data} for file, data in bundle.files.items()]
        self._connection.execute(_KEEP, rows)

    def show_case(self, shown: Overview) -> None:
        """Bring the list of cases up to date."""
        days = {"opened_on": shown.opened_on.isoformat(), "last_on": shown.last_on.isoformat()}
        self._connection.execute(_SHOW, {**_row(_case, shown), **days})


def _overview(row: Iterable[Any]) -> Overview:
    """A row of the list of cases; raises `LedgerBroken` for one that holds what nothing of ours writes there."""
    *texts, version, opened, last = row
    case, title, scheme, stage = texts
    try:
        shown = Overview(case, title, scheme, stage, version, date.fromisoformat(opened), date.fromisoformat(last))
    except (TypeError, ValueError):
        raise LedgerBroken([f"{case!s:.100}: the list of cases has no day where one should be"]) from None
    if not all(isinstance(text, str) for text in texts):
        raise LedgerBroken([f"{case!s:.100}: the list of cases has no text where some should be"])
    return shown


def _row(table: Table, values: tuple[Any, ...]) -> Mapping[str, Any]:
    return dict(zip(table.c.keys(), values, strict=True))
