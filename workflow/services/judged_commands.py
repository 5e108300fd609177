"""Judge a command on the ledger of one moment, and record it only if all that it was judged on still stands.

Judging takes much longer than recording. While it holds no lock, officers of other cases do not wait for it.

Invariants:
- Under the write lock, every question that judging asked of the ledger is asked again, unless nothing at all was
  recorded since. If one has another answer, the command is judged again: what was judged on is what is appended to.
- So is a refusal: it is recorded for what the ledger says under the lock.
- After `MAX_ATTEMPTS` the officer is told to type the command again. A new case is then judged under the lock, because
  others who open cases are no reason to look at anything again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any, TypeAlias, TypeVar

from workflow.errors import Overtaken
from workflow.ledger.entries import Entry, ExemptText
from workflow.ledger.ports import CaseSummary, ReadTransaction, Store, WriteTransaction

MAX_ATTEMPTS = 5

Recorded = TypeVar("Recorded")
Record: TypeAlias = Callable[[WriteTransaction], Recorded]
"""Appends what was judged, and returns what the officer is told."""
Judge: TypeAlias = Callable[[ReadTransaction], Record[Recorded]]
"""Judges a command, and returns how to record it."""


def judge_and_record(store: Store, case_id: str, judge: Judge[Recorded]) -> Recorded:
    """Judge and record a command on a case; raise `Overtaken` if others keep changing what it is judged on."""
    for _ in range(MAX_ATTEMPTS):
        reads, record = _judge(store, judge)
        with store.write_transaction() as transaction:
            if reads.still_stand(transaction):
                return record(transaction)
    raise Overtaken(case_id, MAX_ATTEMPTS)


def judge_and_record_new(store: Store, judge: Judge[Recorded]) -> Recorded:
    """Judge and record a command that opens a case."""
    try:
        return judge_and_record(store, "", judge)
    except Overtaken:
        with store.write_transaction() as transaction:
            return judge(transaction)(transaction)


def _judge(store: Store, judge: Judge[Recorded]) -> tuple[WatchedReads, Record[Recorded]]:
    with store.read_transaction() as transaction:
        reads = WatchedReads(transaction)
        return reads, judge(reads)


class WatchedReads:
    """A read transaction that notes each question that it is asked, and the answer.

    Of a stream it notes the version: entries are only ever appended.
    """

    def __init__(self, transaction: ReadTransaction) -> None:
        self._transaction = transaction
        self._head = transaction.head()
        self._answers: dict[tuple[str, str | None], object] = {}

    def still_stand(self, transaction: ReadTransaction) -> bool:
        """Return whether another transaction answers every question as this one did."""
        return transaction.head() == self._head or all(
            _ask(transaction, question, of) == answer for (question, of), answer in self._answers.items()
        )

    def entries_without_rulings(self, stream: str) -> Sequence[Entry]:
        """The entries of a stream in order, with empty rulings."""
        return self._note_stream(stream, self._transaction.entries_without_rulings(stream))

    def sealed_entries(self, stream: str) -> Sequence[Entry]:
        """The entries of a stream in order, complete."""
        return self._note_stream(stream, self._transaction.sealed_entries(stream))

    def exempt_texts(self, stream: str) -> Sequence[ExemptText]:
        """The Part 2 texts of a stream in order."""
        self.stream_version(stream)
        return self._transaction.exempt_texts(stream)

    def entries_of_streams(self, prefix: str) -> Sequence[Entry]:
        """The entries of all streams whose names begin with a text."""
        self.head()
        return self._transaction.entries_of_streams(prefix)

    def case_summaries(self) -> Iterator[CaseSummary]:
        """Every case, oldest first."""
        self.head()
        return self._transaction.case_summaries()

    def cases_after(self, day: date) -> Sequence[str]:
        """The numbers of the cases whose last business day is after a day."""
        self.head()
        return self._transaction.cases_after(day)

    def similar_cases(self, typed: str) -> Sequence[str]:
        """Numbers of cases that somebody could mean by a text."""
        self.head()
        return self._transaction.similar_cases(typed)

    def head(self, *, without_kind: str = "") -> tuple[int, str]:
        """The position and seal of the last entry, of any kind but one."""
        self._answers["head", None] = self._head
        return self._transaction.head(without_kind=without_kind)

    def stream_version(self, stream: str) -> int:
        """The version of the last entry of a stream."""
        return int(self._note("stream_version", stream))

    def has_case(self, case_id: str) -> bool:
        """Whether there is a case of exactly this number."""
        return bool(self._note("has_case", case_id))

    def find_case(self, case_id: str) -> str:
        """The number of a case, in whatever letters it is given."""
        return str(self._note("find_case", case_id))

    def count_cases(self, scheme: str) -> int:
        """How many cases a scheme has."""
        return int(self._note("count_cases", scheme))

    def has_cases(self) -> bool:
        """Whether there is any case."""
        return bool(self._note("has_cases"))

    def _note(self, question: str, of: str | None = None) -> Any:  # noqa: ANN401 - whatever the question asks for
        if (question, of) not in self._answers:
            self._answers[question, of] = _ask(self._transaction, question, of)
        return self._answers[question, of]

    def _note_stream(self, stream: str, entries: Sequence[Entry]) -> Sequence[Entry]:
        self._answers["stream_version", stream] = entries[-1].version if entries else 0
        return entries


def _ask(transaction: ReadTransaction, question: str, of: str | None) -> object:
    ask = getattr(transaction, question)
    return ask() if of is None else ask(of)
