"""The unit of work over SQL tables: reads and appends inside one transaction.

Invariants:
- Statements are plain SQL for sqlite3, because every command runs several of them. Their columns are those of
  `workflow.adapters.tables`, in the same order: a test compares the two. See docs/adr/plain-sql-on-the-hot-path.md.
- Values are bound to a statement, never written into it.
- Nothing here commits or rolls back; the store does that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, Protocol, TypeAlias

from rules.packs.bundle import Bundle
from workflow.errors import Conflict, LedgerBroken, StoreError
from workflow.ledger.entries import GENESIS, Entry, ExemptText, UnsealedEntry, seal_entry
from workflow.ledger.ports import CaseSummary

SqlRow: TypeAlias = tuple[Any, ...]


class SqlRows(Protocol):
    """The rows that a statement gives."""

    def __iter__(self) -> Iterator[SqlRow]:
        """Yield the rows."""

    def fetchone(self) -> SqlRow | None:
        """Return the next row; None after the last."""


class SqlConnection(Protocol):
    """A plain connection to a database, inside a transaction."""

    def execute(self, statement: str, values: Sequence[object] = (), /) -> SqlRows:
        """Run a statement with its values."""

    def executemany(self, statement: str, rows: Iterable[Sequence[object]], /) -> object:
        """Run a statement once for each row of values."""


COLUMNS = {
    "ledger": Entry._fields,
    "exempt": ExemptText._fields,
    "pack": ("digest", "file", "data"),
    "case_view": CaseSummary._fields,
}
"""The columns of each table in their order."""


def _quote(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _insert(table: str) -> str:
    columns = COLUMNS[table]
    return f"INSERT INTO {table} ({_quote(columns)}) VALUES ({', '.join('?' * len(columns))})"


def _insert_or_update(table: str, key: str) -> str:
    changes = ", ".join(f'"{column}" = excluded."{column}"' for column in COLUMNS[table] if column != key)
    return f'{_insert(table)} ON CONFLICT ("{key}") DO UPDATE SET {changes}'


# The names are constants of this module, and every value is bound.
# ruff: noqa: S608
_ENTRY_COLUMNS, _EXEMPT_COLUMNS, _CASE_COLUMNS = (_quote(COLUMNS[name]) for name in ("ledger", "exempt", "case_view"))
_SELECT_ALL_ENTRIES = f"SELECT {_ENTRY_COLUMNS} FROM ledger ORDER BY position"
_SELECT_ALL_EXEMPT = f"SELECT {_EXEMPT_COLUMNS} FROM exempt ORDER BY position"
_SELECT_STREAM = f"SELECT {_ENTRY_COLUMNS} FROM ledger WHERE stream = ? ORDER BY version"
# Rulings are most of the bytes of a ledger, and loading a case does not need them.
_SELECT_STREAM_WITHOUT_RULINGS = _SELECT_STREAM.replace('"ruling"', "''")
_SELECT_KIND = f"SELECT {_ENTRY_COLUMNS} FROM ledger WHERE kind = ? ORDER BY position"
_SELECT_EXEMPT_OF_STREAM = f"SELECT {_EXEMPT_COLUMNS} FROM exempt WHERE stream = ? ORDER BY version"
_SELECT_HEAD = "SELECT position, seal FROM ledger WHERE kind != ? ORDER BY position DESC LIMIT 1"
_SELECT_STREAM_VERSION = "SELECT version FROM ledger WHERE stream = ? ORDER BY version DESC LIMIT 1"
_SELECT_HEAD_AND_VERSION = (
    "SELECT position, seal, recorded_at, (SELECT max(version) FROM ledger WHERE stream = ?) "
    "FROM ledger ORDER BY position DESC LIMIT 1"
)
_SELECT_CASES = f'SELECT {_CASE_COLUMNS} FROM case_view ORDER BY opened_on, length("case"), "case"'
_SELECT_CASE_ID = 'SELECT "case" FROM case_view WHERE "case" = ?'
_SELECT_CASE_IN_ANY_LETTERS = 'SELECT "case" FROM case_view WHERE lower("case") = ?'
_COUNT_CASES = "SELECT count(*) FROM case_view WHERE scheme = ?"
_SELECT_ANY_CASE_ID = 'SELECT "case" FROM case_view LIMIT 1'
_SELECT_SAVED_DIGEST = "SELECT digest FROM pack WHERE digest = ? LIMIT 1"
_SELECT_PACK_FILES = "SELECT file, data FROM pack WHERE digest = ?"
_SELECT_PACK_DIGESTS = "SELECT DISTINCT digest FROM pack ORDER BY digest"
_INSERT_ENTRY, _INSERT_EXEMPT, _INSERT_PACK_FILE = _insert("ledger"), _insert("exempt"), _insert("pack")
_UPSERT_SUMMARY = _insert_or_update("case_view", "case")


class LedgerSession:
    """The ledger inside one transaction. `saved_digests` are packs that the store is known to keep."""

    def __init__(self, connection: SqlConnection, now: Callable[[], datetime], saved_digests: set[str]) -> None:
        self._connection, self._now, self._saved_digests = connection, now, saved_digests

    def entries_without_rulings(self, stream: str) -> Sequence[Entry]:
        """The entries of a stream in order, with empty rulings."""
        return list(map(Entry._make, self._connection.execute(_SELECT_STREAM_WITHOUT_RULINGS, (stream,))))

    def sealed_entries(self, stream: str) -> Sequence[Entry]:
        """The entries of a stream in order, complete."""
        return list(map(Entry._make, self._connection.execute(_SELECT_STREAM, (stream,))))

    def entries_of_kind(self, kind: str) -> Sequence[Entry]:
        """The entries of one kind in all streams, as recorded."""
        return list(map(Entry._make, self._connection.execute(_SELECT_KIND, (kind,))))

    def exempt_texts(self, stream: str) -> Sequence[ExemptText]:
        """The Part 2 texts of a stream in order."""
        return list(map(ExemptText._make, self._connection.execute(_SELECT_EXEMPT_OF_STREAM, (stream,))))

    def case_summaries(self) -> Sequence[CaseSummary]:
        """Every case, oldest first; cases of one day by their numbers."""
        return list(map(_read_summary, self._connection.execute(_SELECT_CASES)))

    def has_case(self, case_id: str) -> bool:
        """Whether there is a case of exactly this number."""
        return self._connection.execute(_SELECT_CASE_ID, (case_id,)).fetchone() is not None

    def find_case(self, case_id: str) -> str:
        """The number of a case, in whatever letters it is given; empty if there is none."""
        row = self._connection.execute(_SELECT_CASE_IN_ANY_LETTERS, (case_id.lower(),)).fetchone()
        return str(row[0]) if row else ""

    def count_cases(self, scheme: str) -> int:
        """How many cases a scheme has."""
        row = self._connection.execute(_COUNT_CASES, (scheme,)).fetchone()
        return int(row[0]) if row else 0

    def has_cases(self) -> bool:
        """Whether there is any case."""
        return self._connection.execute(_SELECT_ANY_CASE_ID).fetchone() is not None

    def stream_version(self, stream: str) -> int:
        """The version of the last entry of a stream; 0 if it has none."""
        row = self._connection.execute(_SELECT_STREAM_VERSION, (stream,)).fetchone()
        return row[0] if row else 0

    def head(self, *, without_kind: str = "") -> tuple[int, str]:
        """The position and seal of the last entry, of any kind but one; 0 and `GENESIS` if there is none."""
        last = self._connection.execute(_SELECT_HEAD, (without_kind,)).fetchone()
        return (last[0], last[1]) if last else (0, GENESIS)

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
        self._connection.execute(_INSERT_ENTRY, entry)
        if unsealed.exempt:
            text = ExemptText(entry.position, entry.stream, entry.version, unsealed.salt, unsealed.exempt)
            self._connection.execute(_INSERT_EXEMPT, text)
        return entry

    def _find_position(self, stream: str) -> tuple[int, str, str, int]:
        """The position, seal and instant of the last entry of all, and the version of the last of a stream."""
        last = self._connection.execute(_SELECT_HEAD_AND_VERSION, (stream,)).fetchone()
        return (last[0], last[1], str(last[2]), last[3] or 0) if last else (0, GENESIS, "", 0)

    def read_all(self) -> tuple[Sequence[Entry], Sequence[ExemptText], Sequence[CaseSummary]]:
        """Every entry and every Part 2 text in order, and the list of cases."""
        entries = list(map(Entry._make, self._connection.execute(_SELECT_ALL_ENTRIES)))
        texts = list(map(ExemptText._make, self._connection.execute(_SELECT_ALL_EXEMPT)))
        return entries, texts, self.case_summaries()

    def pack_digests(self) -> Sequence[str]:
        """The digests under which packs are kept, altered or not."""
        return [digest for (digest,) in self._connection.execute(_SELECT_PACK_DIGESTS)]

    def load_bundle(self, digest: str) -> Bundle | None:
        """The packs of a digest; none if they are not kept, or were altered."""
        rows = self._connection.execute(_SELECT_PACK_FILES, (digest,))
        bundle = Bundle({str(file): data if isinstance(data, bytes) else b"" for file, data in rows})
        return bundle if bundle.digest == digest else None

    def save_bundle(self, bundle: Bundle) -> None:
        """Keep the packs of rulings, to judge these again."""
        if bundle.digest in self._saved_digests:
            return
        if self._connection.execute(_SELECT_SAVED_DIGEST, (bundle.digest,)).fetchone():
            # Remember only packs that were found in the store: those written now may yet be rolled back.
            self._saved_digests.add(bundle.digest)
            return
        rows = [(bundle.digest, file, data) for file, data in bundle.files.items()]
        self._connection.executemany(_INSERT_PACK_FILE, rows)

    def update_summary(self, summary: CaseSummary) -> None:
        """Replace a case's row in the list of cases."""
        *texts_and_version, opened_on, last_on = summary
        row = (*texts_and_version, opened_on.isoformat(), last_on.isoformat())
        self._connection.execute(_UPSERT_SUMMARY, row)


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
