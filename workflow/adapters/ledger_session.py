"""The unit of work over SQL tables: reads and appends inside one transaction.

Invariants:
- Statements are SQLAlchemy Core, built once when the module is imported, since every command runs several of them.
- Nothing here commits or rolls back; the store does that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, func, insert, literal_column, select

from rules.packs.bundle import Bundle
from workflow.adapters.tables import CaseRow, ExemptRow, LedgerRow, PackRow
from workflow.errors import Conflict, LedgerBroken, StoreError
from workflow.ledger.entries import GENESIS, Entry, ExemptText, UnsealedEntry, seal_entry
from workflow.ledger.ports import CaseSummary

_ledger_table, _exempt_table, _pack_table = LedgerRow.__table__, ExemptRow.__table__, PackRow.__table__  # type: ignore[attr-defined]
_case_table = CaseRow.__table__  # type: ignore[attr-defined]

# Rulings are most of the bytes of a ledger, and loading a case does not need them.
_COLUMNS_WITHOUT_RULING = [
    literal_column("''") if column is _ledger_table.c.ruling else column for column in _ledger_table.c
]
_SELECT_ALL_ENTRIES = select(_ledger_table).order_by(_ledger_table.c.position)
_SELECT_ALL_EXEMPT = select(_exempt_table).order_by(_exempt_table.c.position)
_SELECT_STREAM_WITHOUT_RULINGS = (
    select(*_COLUMNS_WITHOUT_RULING)
    .where(_ledger_table.c.stream == bindparam("name"))
    .order_by(_ledger_table.c.version)
)
_SELECT_STREAM = (
    select(_ledger_table).where(_ledger_table.c.stream == bindparam("name")).order_by(_ledger_table.c.version)
)
_SELECT_KIND = select(_ledger_table).where(_ledger_table.c.kind == bindparam("kind")).order_by(_ledger_table.c.position)
_SELECT_EXEMPT_OF_STREAM = (
    select(_exempt_table).where(_exempt_table.c.stream == bindparam("name")).order_by(_exempt_table.c.version)
)
_SELECT_HEAD = (
    select(_ledger_table.c.position, _ledger_table.c.seal)
    .where(_ledger_table.c.kind != bindparam("kind"))
    .order_by(_ledger_table.c.position.desc())
    .limit(1)
)
_SELECT_STREAM_VERSION = (
    select(_ledger_table.c.version)
    .where(_ledger_table.c.stream == bindparam("name"))
    .order_by(_ledger_table.c.version.desc())
    .limit(1)
)
_SELECT_HEAD_AND_VERSION = (
    select(
        _ledger_table.c.position,
        _ledger_table.c.seal,
        _ledger_table.c.recorded_at,
        select(func.max(_ledger_table.c.version)).where(_ledger_table.c.stream == bindparam("name")).scalar_subquery(),
    )
    .order_by(_ledger_table.c.position.desc())
    .limit(1)
)
_SELECT_CASE_ID = select(_case_table.c.case).where(_case_table.c.case == bindparam("name"))
_SELECT_CASE_IN_ANY_LETTERS = select(_case_table.c.case).where(func.lower(_case_table.c.case) == bindparam("name"))
_COUNT_CASES = select(func.count()).select_from(_case_table).where(_case_table.c.scheme == bindparam("scheme"))
_SELECT_ANY_CASE_ID = select(_case_table.c.case).limit(1)
_SELECT_SAVED_DIGEST = select(_pack_table.c.digest).where(_pack_table.c.digest == bindparam("digest")).limit(1)
_SELECT_PACK_FILES = select(_pack_table.c.file, _pack_table.c.data).where(_pack_table.c.digest == bindparam("digest"))
_SELECT_PACK_DIGESTS = select(_pack_table.c.digest).distinct().order_by(_pack_table.c.digest)
_INSERT_ENTRY, _INSERT_EXEMPT, _INSERT_PACKS = insert(_ledger_table), insert(_exempt_table), insert(_pack_table)
_UPSERT_SUMMARY = insert(_case_table).prefix_with("OR REPLACE")


class LedgerSession:
    """The ledger inside one transaction. `saved_digests` are packs that the store is known to keep."""

    def __init__(self, connection: Connection, now: Callable[[], datetime], saved_digests: set[str]) -> None:
        self._connection, self._now, self._saved_digests = connection, now, saved_digests

    def entries_without_rulings(self, stream: str) -> Sequence[Entry]:
        """The entries of a stream in order, with empty rulings."""
        return [Entry(*row) for row in self._connection.execute(_SELECT_STREAM_WITHOUT_RULINGS, {"name": stream})]

    def sealed_entries(self, stream: str) -> Sequence[Entry]:
        """The entries of a stream in order, complete."""
        return [Entry(*row) for row in self._connection.execute(_SELECT_STREAM, {"name": stream})]

    def entries_of_kind(self, kind: str) -> Sequence[Entry]:
        """The entries of one kind in all streams, as recorded."""
        return [Entry(*row) for row in self._connection.execute(_SELECT_KIND, {"kind": kind})]

    def exempt_texts(self, stream: str) -> Sequence[ExemptText]:
        """The Part 2 texts of a stream in order."""
        return [ExemptText(*row) for row in self._connection.execute(_SELECT_EXEMPT_OF_STREAM, {"name": stream})]

    def case_summaries(self) -> Sequence[CaseSummary]:
        """Every case, oldest first; cases of one day by their numbers."""
        rows = self._connection.execute(
            select(_case_table).order_by(_case_table.c.opened_on, func.length(_case_table.c.case), _case_table.c.case)
        )
        return [_read_summary(row) for row in rows]

    def has_case(self, case_id: str) -> bool:
        """Whether there is a case of exactly this number."""
        return self._connection.execute(_SELECT_CASE_ID, {"name": case_id}).first() is not None

    def find_case(self, case_id: str) -> str:
        """The number of a case, in whatever letters it is given; empty if there is none."""
        rows = self._connection.execute(_SELECT_CASE_IN_ANY_LETTERS, {"name": case_id.lower()})
        return str(rows.scalars().first() or "")

    def count_cases(self, scheme: str) -> int:
        """How many cases a scheme has."""
        return int(self._connection.execute(_COUNT_CASES, {"scheme": scheme}).scalar_one())

    def has_cases(self) -> bool:
        """Whether there is any case."""
        return self._connection.execute(_SELECT_ANY_CASE_ID).first() is not None

    def stream_version(self, stream: str) -> int:
        """The version of the last entry of a stream; 0 if it has none."""
        return self._connection.execute(_SELECT_STREAM_VERSION, {"name": stream}).scalar_one_or_none() or 0

    def head(self, *, without_kind: str = "") -> tuple[int, str]:
        """The position and seal of the last entry, of any kind but one; 0 and `GENESIS` if there is none."""
        last = self._connection.execute(_SELECT_HEAD, {"kind": without_kind}).one_or_none()
        return (last.position, last.seal) if last else (0, GENESIS)

    def append(self, unsealed: UnsealedEntry, expected_version: int) -> Entry:
        """Seal an entry as the next of its stream.

        Raises `Conflict` if the stream is at another version, and `StoreError` if the machine's clock is behind the
        last entry.
        """
        position, previous, last_recorded_at, version = self._find_position(unsealed.stream)
        if version != expected_version:
            raise Conflict(unsealed.stream, expected_version, version)
        recorded_at = self._now().isoformat(timespec="microseconds")
        if recorded_at < last_recorded_at:
            raise StoreError(
                f"the clock of this machine is behind the last entry, which was recorded at {last_recorded_at:.19}",
                "Set the clock, then try again. Nothing was recorded.",
            )
        entry = seal_entry(unsealed, position + 1, version + 1, recorded_at, previous)
        self._connection.execute(_INSERT_ENTRY, _row_values(_ledger_table, entry))
        if unsealed.exempt:
            text = ExemptText(entry.position, entry.stream, entry.version, unsealed.salt, unsealed.exempt)
            self._connection.execute(_INSERT_EXEMPT, _row_values(_exempt_table, text))
        return entry

    def _find_position(self, stream: str) -> tuple[int, str, str, int]:
        """The position, seal and instant of the last entry of all, and the version of the last of a stream."""
        last = self._connection.execute(_SELECT_HEAD_AND_VERSION, {"name": stream}).one_or_none()
        return (last[0], last[1], str(last[2]), last[3] or 0) if last else (0, GENESIS, "", 0)

    def read_all(self) -> tuple[Sequence[Entry], Sequence[ExemptText], Sequence[CaseSummary]]:
        """Every entry and every Part 2 text in order, and the list of cases."""
        entries = [Entry(*row) for row in self._connection.execute(_SELECT_ALL_ENTRIES)]
        texts = [ExemptText(*row) for row in self._connection.execute(_SELECT_ALL_EXEMPT)]
        return entries, texts, self.case_summaries()

    def pack_digests(self) -> Sequence[str]:
        """The digests under which packs are kept, altered or not."""
        return list(self._connection.execute(_SELECT_PACK_DIGESTS).scalars())

    def load_bundle(self, digest: str) -> Bundle | None:
        """The packs of a digest; none if they are not kept, or were altered."""
        rows = self._connection.execute(_SELECT_PACK_FILES, {"digest": digest})
        bundle = Bundle({str(file): data if isinstance(data, bytes) else b"" for file, data in rows})
        return bundle if bundle.digest == digest else None

    def save_bundle(self, bundle: Bundle) -> None:
        """Keep the packs of rulings, to judge these again."""
        if bundle.digest in self._saved_digests:
            return
        if self._connection.execute(_SELECT_SAVED_DIGEST, {"digest": bundle.digest}).first():
            # Remember only packs that were found in the store: those written now may yet be rolled back.
            self._saved_digests.add(bundle.digest)
            return
        rows = [{"digest": bundle.digest, "file": file, "data": data} for file, data in bundle.files.items()]
        self._connection.execute(_INSERT_PACKS, rows)

    def update_summary(self, summary: CaseSummary) -> None:
        """Replace a case's row in the list of cases."""
        days = {"opened_on": summary.opened_on.isoformat(), "last_on": summary.last_on.isoformat()}
        self._connection.execute(_UPSERT_SUMMARY, {**_row_values(_case_table, summary), **days})


def _read_summary(row: Iterable[Any]) -> CaseSummary:
    """A row of the list of cases; raises `LedgerBroken` for values that assent does not write."""
    *texts, version, opened, last = row
    case, title, scheme, stage = texts
    try:
        summary = CaseSummary(case, title, scheme, stage, version, date.fromisoformat(opened), date.fromisoformat(last))
    except (TypeError, ValueError):
        raise LedgerBroken([f"{case!s:.100}: the list of cases has no day where one should be"]) from None
    if not all(isinstance(text, str) for text in texts):
        raise LedgerBroken([f"{case!s:.100}: the list of cases has no text where some should be"])
    return summary


def _row_values(table: Table, values: tuple[Any, ...]) -> Mapping[str, Any]:
    return dict(zip(table.c.keys(), values, strict=True))
