"""The ports of the workflow: a store that keeps the ledger, a library of packs, and a clock.

Invariants:
- The workflow knows no database, disk or clock but through these. An adapter for another store implements `Store` with
  its transactions, and nothing else changes.
- What a transaction reads is one moment of the ledger; what a write transaction read is still true when it commits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from rules.packs.bundle import Bundle
from rules.packs.national_law import NationalLaw
from rules.packs.pack_file import PackFile
from rules.packs.scheme import Scheme
from workflow.ledger.entries import Entry, ExemptText, UnsealedEntry


class CaseSummary(NamedTuple):
    """A case in the list of cases, with its first and last business day."""

    case: str
    title: str
    scheme: str
    stage: str
    version: int
    opened_on: date
    last_on: date

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        return {
            "case": self.case,
            "scheme": self.scheme,
            "stage": self.stage,
            "version": self.version,
            "last_act": self.last_on.isoformat(),
            "title": self.title,
        }


class SchemaUpgrade(NamedTuple):
    """The versions of the schema of a store, before and after an upgrade."""

    before: int
    after: int


class ReadTransaction(Protocol):
    """The ledger at one moment. Part 2 is read by `exempt_texts` alone, which nothing public calls."""

    def entries_without_rulings(self, stream: str) -> Sequence[Entry]:
        """The entries of a stream in order, with empty rulings: these are long, and few callers need them."""

    def sealed_entries(self, stream: str) -> Sequence[Entry]:
        """The entries of a stream in order, complete, so that their seals can be checked."""

    def exempt_texts(self, stream: str) -> Sequence[ExemptText]:
        """The Part 2 texts of a stream in order."""

    def entries_of_streams(self, prefix: str) -> Sequence[Entry]:
        """The entries of all streams whose names begin with a text, as recorded, without their rulings."""

    def stream_version(self, stream: str) -> int:
        """The version of the last entry of a stream; 0 if it has none."""

    def head(self, *, without_kind: str = "") -> tuple[int, str]:
        """The position and seal of the last entry, of any kind but one; 0 and `GENESIS` if there is none."""

    def case_summaries(self) -> Iterator[CaseSummary]:
        """Every case, oldest first; each is read when it is taken."""

    def cases_after(self, day: date) -> Sequence[str]:
        """The numbers of the cases whose last business day is after a day."""

    def has_case(self, case_id: str) -> bool:
        """Whether there is a case of exactly this number, letter for letter."""

    def find_case(self, case_id: str) -> str:
        """The number of a case, in whatever letters it is given; empty if there is none."""

    def similar_cases(self, typed: str) -> Sequence[str]:
        """Numbers of cases that somebody could mean by a text; a few, however many cases there are."""

    def count_cases(self, scheme: str) -> int:
        """How many cases a scheme has."""

    def has_cases(self) -> bool:
        """Whether there is any case."""


class LedgerReader(ReadTransaction, Protocol):
    """The whole ledger at one moment. Each row is read when it is taken, so memory does not grow with the store."""

    def read_entries(self, after: int = 0) -> Iterator[Entry]:
        """Every entry after a position, complete, in order."""

    def read_exempt_texts(self, after: int = 0) -> Iterator[ExemptText]:
        """Every Part 2 text after a position, in order."""

    def read_entries_by_stream(self, kinds: Sequence[str]) -> Iterator[Entry]:
        """Every entry of some kinds, by stream and version, with nothing after its body."""

    def read_summaries(self) -> Iterator[CaseSummary]:
        """The list of cases by their numbers."""

    def find_summary(self, case_id: str) -> CaseSummary | None:
        """The row of a case in the list of cases; None if it has none."""

    def position_of_seal(self, seal: str) -> int:
        """The position of the entry with a seal; 0 if there is none."""

    def version_at(self, stream: str, position: int) -> int:
        """The version of the last entry of a stream up to a position; 0 if it has none."""


class WriteTransaction(ReadTransaction, Protocol):
    """A transaction with the write lock: what it reads stays true until it is committed."""

    def append(self, unsealed: UnsealedEntry, expected_version: int) -> Entry:
        """Seal an entry as the next of its stream; raises `Conflict` if the stream is at another version."""

    def save_bundle(self, bundle: Bundle) -> None:
        """Keep the packs of rulings, to judge these again."""

    def update_summary(self, summary: CaseSummary) -> None:
        """Replace a case's row in the list of cases."""

    def restore(self, entries: Iterable[Entry], texts: Iterable[ExemptText]) -> None:
        """Take over the entries and the Part 2 texts of another store, with their seals, into an empty one."""


class PackStore(Protocol):
    """The packs by which rulings were made."""

    def load_bundle(self, digest: str) -> Bundle | None:
        """The packs of a digest; none if they are not kept, or were altered."""


class Store(PackStore, Protocol):
    """A store of the ledger: created once, then read and appended to in transactions."""

    @property
    def location(self) -> str:
        """The place of the store as the user typed it, for messages."""

    @property
    def absolute_url(self) -> str:
        """The address by which a process in another folder opens the same store."""

    def file_paths(self) -> Sequence[Path]:
        """Return the files on this machine that no document may overwrite."""

    def exists(self) -> bool:
        """Return whether the store was made already."""

    def create(self, record_first: Callable[[Store], object] | None = None) -> None:
        """Make a new store; raise `StoreError` if there is one already.

        `record_first` is given the store before anybody can see it, to record its first entries: the store appears with
        them, or not at all.
        """

    def upgrade(self) -> SchemaUpgrade:
        """Bring a store that an earlier version made up to the current schema, without changing an entry."""

    def close(self) -> None:
        """Release files and connections; the store can be used again afterwards."""

    def read_transaction(self) -> AbstractContextManager[ReadTransaction]:
        """A transaction that sees the ledger at one moment."""

    def write_transaction(self) -> AbstractContextManager[WriteTransaction]:
        """A transaction that commits when its block ends, and rolls back if the block raises."""

    def read_ledger(self, *, check_everything: bool = True) -> AbstractContextManager[LedgerReader]:
        """The whole ledger at one moment, in tables and indexes that are as assent makes them.

        `check_everything` also has the database look for damage in everything that it holds.
        """

    def pack_digests(self) -> Sequence[str]:
        """The digests under which packs are kept, altered or not."""


class SchemeLibrary(Protocol):
    """The schemes that cases can be opened under."""

    def scheme(self, name: str) -> Scheme:
        """A scheme by its name; raises `InputError` for an unknown name, `PackError` for faults."""

    def schemes(self) -> Sequence[str]:
        """The names of all schemes."""

    def scheme_as_typed(self, typed: str) -> Scheme:
        """The scheme that somebody means by a name; raises as `scheme` does."""

    def bundle(self, name: str) -> Bundle:
        """The files that make a scheme."""

    @property
    def pack_files(self) -> tuple[PackFile, ...]:
        """Every pack of law and of schemes, each once; raises `PackError` for faults."""

    @property
    def time_zone(self) -> str:
        """The time zone of all schemes; empty if they have several or none."""

    @property
    def national_law(self) -> NationalLaw:
        """The law that judges papers without a scheme; raises `PackError` for faults."""


class PacksReadOnce:
    """The packs of a store, each read once."""

    def __init__(self, store: PackStore) -> None:
        self._store = store
        self._bundles: dict[str, Bundle | None] = {}

    def load_bundle(self, digest: str) -> Bundle | None:
        """The packs of a digest; none if they are not kept, or were altered."""
        if digest not in self._bundles:
            self._bundles[digest] = self._store.load_bundle(digest)
        return self._bundles[digest]


@dataclass(frozen=True, slots=True)
class Clock:
    """The business day, and fresh salt. The store has the instant of recording, since it gives the order too.

    `day_in` takes the name of a time zone, and gives the machine's day for an empty one.
    """

    day_in: Callable[[str], date]
    new_salt: Callable[[], str]
