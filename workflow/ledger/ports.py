"""What the workflow asks of the edges: a store to keep the record in, a library of packs, and a clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol

from rules.packs.bundle import Bundle
from rules.packs.scheme import Scheme
from workflow.ledger.entries import Draft, Entry, ExemptText


class Overview(NamedTuple):
    """A case in a list: its number, title, scheme, stage and version, and its first and last business day."""

    case: str
    title: str
    scheme: str
    stage: str
    version: int
    opened_on: date
    last_on: date


class Reading(Protocol):
    """What can be read from the record at one moment. `exempt` is asked for by name and by nothing public."""

    def stream(self, name: str) -> Sequence[Entry]:
        """The entries of a stream, in order, without their rulings, which are long: those are read for verification."""

    def sealed(self, name: str) -> Sequence[Entry]:
        """The entries of a stream, in order, with all that their seals are over."""

    def exempt(self, name: str) -> Sequence[ExemptText]:
        """The Part 2 texts of a stream, in order."""

    def of_kind(self, kind: str) -> Sequence[Entry]:
        """The entries of one kind in all streams, in order."""

    def version(self, name: str) -> int:
        """The version at which a stream stands; 0 where it has no entry."""

    def head(self) -> tuple[int, str]:
        """The position and seal of the last entry; 0 and `GENESIS` where there is none."""

    def cases(self) -> Sequence[Overview]:
        """Every case, oldest first."""

    def knows(self, case: str) -> bool:
        """Whether there is a case of exactly this number."""


class Writing(Reading, Protocol):
    """One transaction: what is read in it stays true until it is committed."""

    def append(self, draft: Draft, expected_version: int) -> Entry:
        """Seal a draft as the next entry of its stream; raises `Conflict` where the stream has moved on."""

    def keep(self, bundle: Bundle) -> None:
        """Keep the packs that rulings name, so that they can be judged again."""

    def show_case(self, shown: Overview) -> None:
        """Bring the list of cases up to date."""


class Store(Protocol):
    """Where the record is kept."""

    def reading(self) -> AbstractContextManager[Reading]:
        """A consistent view of the record."""

    def writing(self) -> AbstractContextManager[Writing]:
        """A transaction that is committed when the block ends well, and leaves nothing otherwise."""

    def ledger(self) -> AbstractContextManager[tuple[Sequence[Entry], Sequence[ExemptText], Sequence[Overview]]]:
        """Every entry, every Part 2 text and the list of cases at one moment, for verification."""

    def bundle(self, digest: str) -> Bundle | None:
        """The packs of a digest, where they are kept and whole."""

    def packs(self) -> Sequence[str]:
        """The digests under which packs are kept, whole or not."""


class Library(Protocol):
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

    day: Callable[[], date]
    salt: Callable[[], str]
