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
from workflow.adapters.case_numbers import fold_case_number, folded_case_number, numbers_one_off
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


_MANY_NUMBERS = 40
"""How many numbers on each side of a mistyped one are looked at."""


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
_SELECT_ENTRIES_AFTER = f"SELECT {_ENTRY_COLUMNS} FROM ledger WHERE position > ? ORDER BY position"
_SELECT_EXEMPT_AFTER = f"SELECT {_EXEMPT_COLUMNS} FROM exempt WHERE position > ? ORDER BY position"
_SELECT_STREAM = f"SELECT {_ENTRY_COLUMNS} FROM ledger WHERE stream = ? ORDER BY version"
# Rulings are most of the bytes of a ledger, and loading a case does not need them.
_SELECT_STREAM_WITHOUT_RULINGS = _SELECT_STREAM.replace('"ruling"', "''")
_SELECT_BY_STREAM = f"SELECT {_ENTRY_COLUMNS} FROM ledger ORDER BY stream, version"
for _long in ("ruling", "exempt", "previous", "seal"):  # the last three stand behind the ruling in a row
    _SELECT_BY_STREAM = _SELECT_BY_STREAM.replace(f'"{_long}"', "''")
_SELECT_POSITION = "SELECT position FROM ledger WHERE seal = ?"
_SELECT_VERSION_AT = "SELECT max(version) FROM ledger WHERE stream = ? AND position <= ?"
_SELECT_STREAMS = (f"SELECT {_ENTRY_COLUMNS} FROM ledger WHERE stream >= ? AND stream < ? ORDER BY position").replace(
    '"ruling"', "''"
)
_SELECT_EXEMPT_OF_STREAM = f"SELECT {_EXEMPT_COLUMNS} FROM exempt WHERE stream = ? ORDER BY version"
_SELECT_HEAD = "SELECT position, seal FROM ledger WHERE kind != ? ORDER BY position DESC LIMIT 1"
_SELECT_STREAM_VERSION = "SELECT version FROM ledger WHERE stream = ? ORDER BY version DESC LIMIT 1"
_SELECT_HEAD_AND_VERSION = (
    "SELECT position, seal, recorded_at, (SELECT max(version) FROM ledger WHERE stream = ?) "
    "FROM ledger ORDER BY position DESC LIMIT 1"
)
_SELECT_CASES = f'SELECT {_CASE_COLUMNS} FROM case_view ORDER BY opened_on, length("case"), "case"'
_SELECT_CASES_AFTER = 'SELECT "case" FROM case_view WHERE last_on > ? ORDER BY opened_on, length("case"), "case"'
_SELECT_CASES_BY_NUMBER = f'SELECT {_CASE_COLUMNS} FROM case_view ORDER BY "case"'
_SELECT_CASE = f'SELECT {_CASE_COLUMNS} FROM case_view WHERE "case" = ?'
_SELECT_CASE_ID = 'SELECT "case" FROM case_view WHERE "case" = ?'
# The expression of the index, character for character: SQLite uses an index for no other.
_FOLDED = folded_case_number('"case"')
_SELECT_CASES_FOLDED = f'SELECT "case" FROM case_view WHERE {_FOLDED} = ? ORDER BY "case" LIMIT {_MANY_NUMBERS}'
_SELECT_CASES_FROM = f'SELECT "case" FROM case_view WHERE {_FOLDED} >= ? ORDER BY {_FOLDED} LIMIT {_MANY_NUMBERS}'
_SELECT_CASES_UP_TO = f'SELECT "case" FROM case_view WHERE {_FOLDED} < ? ORDER BY {_FOLDED} DESC LIMIT {_MANY_NUMBERS}'
_COUNT_CASES = "SELECT count(*) FROM case_view WHERE scheme = ?"
_SELECT_ANY_CASE_ID = 'SELECT "case" FROM case_view LIMIT 1'
_SELECT_SAVED_DIGEST = "SELECT digest FROM pack WHERE digest = ? LIMIT 1"
_SELECT_PACK_FILES = "SELECT file, data FROM pack WHERE digest = ?"
_SELECT_PACK_DIGESTS = "SELECT DISTINCT digest FROM pack ORDER BY digest"
_INSERT_ENTRY, _INSERT_EXEMPT, _INSERT_PACK_FILE = _insert("ledger"), _insert("exempt"), _insert("pack")
_UPSERT_SUMMARY = _insert_or_update("case_view", "case")


class LedgerSession:
    """The ledger inside one transaction. `saved_digests` are packs that the store is known to keep.

    `stream` runs a statement whose rows are never all held at once; without it, the connection never holds them all.
    """

    def __init__(
        self,
        connection: SqlConnection,
        now: Callable[[], datetime],
        saved_digests: set[str],
        stream: Callable[[str, Sequence[object]], Iterable[SqlRow]] | None = None,
    ) -> None:
        self._connection, self._now, self._saved_digests = connection, now, saved_digests
        self._stream = stream or connection.execute

    def entries_without_rulings(self, stream: str) -> Sequence[Entry]:
        """The entries of a stream in order, with empty rulings."""
        return list(map(Entry._make, self._connection.execute(_SELECT_STREAM_WITHOUT_RULINGS, (stream,))))

    def sealed_entries(self, stream: str) -> Sequence[Entry]:
        """The entries of a stream in order, complete."""
        return list(map(Entry._make, self._connection.execute(_SELECT_STREAM, (stream,))))

    def entries_of_streams(self, prefix: str) -> Sequence[Entry]:
        """The entries of all streams whose names begin with a text, as recorded, without their rulings."""
        after_all = prefix[:-1] + chr(ord(prefix[-1]) + 1)
        return list(map(Entry._make, self._connection.execute(_SELECT_STREAMS, (prefix, after_all))))

    def exempt_texts(self, stream: str) -> Sequence[ExemptText]:
        """The Part 2 texts of a stream in order."""
        return list(map(ExemptText._make, self._connection.execute(_SELECT_EXEMPT_OF_STREAM, (stream,))))

    def case_summaries(self) -> Iterator[CaseSummary]:
        """Every case, oldest first; cases of one day by their numbers."""
        return map(_read_summary, self._stream(_SELECT_CASES, ()))

    def cases_after(self, day: date) -> Sequence[str]:
        """The numbers of the cases whose last business day is after a day, oldest first."""
        return [number for (number,) in self._connection.execute(_SELECT_CASES_AFTER, (day.isoformat(),))]

    def has_case(self, case_id: str) -> bool:
        """Whether there is a case of exactly this number."""
        return self._connection.execute(_SELECT_CASE_ID, (case_id,)).fetchone() is not None

    def find_case(self, case_id: str) -> str:
        """The number of a case, in whatever letters it is given; empty if there is none."""
        alike = self._connection.execute(_SELECT_CASES_FOLDED, (fold_case_number(case_id),))
        return next((str(number) for (number,) in alike if str(number).lower() == case_id.lower()), "")

    def similar_cases(self, typed: str) -> Sequence[str]:
        """Numbers that differ in one sign, or stand next to what was typed in the order of numbers."""
        folded = fold_case_number(typed)
        one_off = sorted({folded, *numbers_one_off(folded)})
        any_of = f'SELECT "case" FROM case_view WHERE {_FOLDED} IN ({", ".join("?" * len(one_off))})'
        found = [number for (number,) in self._connection.execute(any_of, one_off)]
        for statement in (_SELECT_CASES_FROM, _SELECT_CASES_UP_TO):
            found += [number for (number,) in self._connection.execute(statement, (folded,))]
        return sorted(dict.fromkeys(map(str, found)))

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
        if text := unsealed.exempt_text(entry):
            self._connection.execute(_INSERT_EXEMPT, text)
        return entry

    def _find_position(self, stream: str) -> tuple[int, str, str, int]:
        """The position, seal and instant of the last entry of all, and the version of the last of a stream."""
        last = self._connection.execute(_SELECT_HEAD_AND_VERSION, (stream,)).fetchone()
        return (last[0], last[1], str(last[2]), last[3] or 0) if last else (0, GENESIS, "", 0)

    def read_entries(self, after: int = 0) -> Iterator[Entry]:
        """Every entry after a position, complete, in order."""
        return map(Entry._make, self._stream(_SELECT_ENTRIES_AFTER, (after,)))

    def read_exempt_texts(self, after: int = 0) -> Iterator[ExemptText]:
        """Every Part 2 text after a position, in order."""
        return map(ExemptText._make, self._stream(_SELECT_EXEMPT_AFTER, (after,)))

    def read_entries_by_stream(self, kinds: Sequence[str]) -> Iterator[Entry]:
        """Every entry of some kinds, by stream and version, with nothing after its body."""
        entries = map(Entry._make, self._stream(_SELECT_BY_STREAM, ()))
        return (entry for entry in entries if entry.kind in kinds)

    def read_summaries(self) -> Iterator[CaseSummary]:
        """The list of cases by their numbers."""
        return map(_read_summary, self._stream(_SELECT_CASES_BY_NUMBER, ()))

    def find_summary(self, case_id: str) -> CaseSummary | None:
        """The row of a case in the list of cases; None if it has none."""
        row = self._connection.execute(_SELECT_CASE, (case_id,)).fetchone()
        return _read_summary(row) if row else None

    def position_of_seal(self, seal: str) -> int:
        """The position of the entry with a seal; 0 if there is none."""
        row = self._connection.execute(_SELECT_POSITION, (seal,)).fetchone()
        return int(row[0]) if row else 0

    def version_at(self, stream: str, position: int) -> int:
        """The version of the last entry of a stream up to a position; 0 if it has none."""
        row = self._connection.execute(_SELECT_VERSION_AT, (stream, position)).fetchone()
        return int(row[0] or 0) if row else 0

    def restore(self, entries: Iterable[Entry], texts: Iterable[ExemptText]) -> None:
        """Take over the entries and the Part 2 texts of another store, with their seals."""
        self._connection.executemany(_INSERT_ENTRY, entries)
        self._connection.executemany(_INSERT_EXEMPT, texts)

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
