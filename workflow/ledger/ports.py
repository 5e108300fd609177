"""What the workflow asks of the edges: a store to keep the record in, a library of packs, and a clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from rules.packs.bundle import Bundle
from rules.packs.scheme import Scheme
from workflow.ledger.entries import Entry, ExemptText, UnsealedEntry


class CaseSummary(NamedTuple):
    """A case in a list: its number, title, scheme, stage and version, and its first and last business day."""

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


class ReadTransaction(Protocol):
    """What can be read from the record at one moment. `exempt` is asked for by name and by nothing public."""

    def entries_without_rulings(self, stream: str) -> Sequence[Entry]:
        """The entries of a stream, in order, without their rulings, which are long: those are read for verification."""

    def sealed_entries(self, stream: str) -> Sequence[Entry]:
        """The entries of a stream, in order, with all that their seals are over."""

    def exempt_texts(self, stream: str) -> Sequence[ExemptText]:
        """The Part 2 texts of a stream, in order."""

    def entries_of_kind(self, kind: str) -> Sequence[Entry]:
        """The entries of one kind in all streams, in order."""

    def stream_version(self, stream: str) -> int:
        """The version at which a stream stands; 0 where it has no entry."""

    def head(self) -> tuple[int, str]:
        """The position and seal of the last entry; 0 and `GENESIS` where there is none."""

    def case_summaries(self) -> Sequence[CaseSummary]:
        """Every case, oldest first."""

    def has_case(self, case_id: str) -> bool:
        """Whether there is a case of exactly this number."""


class WriteTransaction(ReadTransaction, Protocol):
    """One transaction: what is read in it stays true until it is committed."""

    def append(self, unsealed: UnsealedEntry, expected_version: int) -> Entry:
        """Seal a draft as the next entry of its stream; raises `Conflict` where the stream has moved on."""

    def save_bundle(self, bundle: Bundle) -> None:
        """Keep the packs that rulings name, so that they can be judged again."""

    def update_summary(self, summary: CaseSummary) -> None:
        """Bring the list of cases up to date."""


class Store(Protocol):
    """A store of the record: made once, then read and appended to in transactions."""

    @property
    def location(self) -> str:
        """The place of the store as its user named it, for messages."""

    @property
    def absolute_url(self) -> str:
        """The address by which another process opens the same store."""

    def file_paths(self) -> Sequence[Path]:
        """Return the files on this machine that no document may overwrite."""

    def exists(self) -> bool:
        """Return whether the store was made already."""

    def create(self) -> None:
        """Make a new, empty store; raise `StoreError` if there is one already."""

    def close(self) -> None:
        """Release files and connections; the store can be used again afterwards."""

    def read_transaction(self) -> AbstractContextManager[ReadTransaction]:
        """A consistent view of the record."""

    def write_transaction(self) -> AbstractContextManager[WriteTransaction]:
        """A transaction that is committed when the block ends well, and leaves nothing otherwise."""

    def read_ledger(
        self,
    ) -> AbstractContextManager[tuple[Sequence[Entry], Sequence[ExemptText], Sequence[CaseSummary]]]:
        """Every entry, every Part 2 text and the list of cases at one moment, for verification."""

    def load_bundle(self, digest: str) -> Bundle | None:
        """The packs of a digest, where they are kept and whole."""

    def pack_digests(self) -> Sequence[str]:
        """The digests under which packs are kept, whole or not."""


class SchemeLibrary(Protocol):
    """Where schemes are found."""

    def scheme(self, name: str) -> Scheme:
        """A scheme by its name; raises `InputError` where there is none, `PackError` where it has faults."""

    def schemes(self) -> Sequence[str]:
        """The names of all schemes."""

    def bundle(self, name: str) -> Bundle:
        """The files that a scheme is put together from."""


@dataclass(frozen=True, slots=True)
class Clock:
    """What the workflow may know of the surroundings: the business day, and fresh salt. The store tells the instant."""

    business_day: Callable[[], date]
    new_salt: Callable[[], str]
