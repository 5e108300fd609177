"""Cases as they stand: rebuilt from their entries, and summarized for the list of cases.

Invariants:
- The entries are the truth. The list of cases repeats them, and `find_summary_faults` compares the two.
- `rebuild_public_case` never reads Part 2. `load_snapshot` refuses a case if any of its Part 2 texts is gone.
- Nothing is decided on a case of which an entry or a Part 2 text was altered: see `load_unaltered_snapshot`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import merge
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import TypeAlias, TypeVar

from rules.errors import InputError
from rules.values.names import find_meant_name
from rules.values.suggestions import did_you_mean
from rules.values.text import quote
from workflow.cases.case import Case, ExemptFacts, FullCase
from workflow.errors import LedgerBroken
from workflow.history.replay import Replay
from workflow.history.serialization import parse_packs_digest
from workflow.ledger.entries import Entry, ExemptText, describe_entry, find_stream_faults
from workflow.ledger.ports import CaseSummary, ReadTransaction

_MAX_REPLAYED_CASES = 16
_Row: TypeAlias = tuple[Entry, ExemptText | None]
_Kept = TypeVar("_Kept")


@dataclass(frozen=True, slots=True)
class CaseSnapshot:
    """Both parts of a case, the seal of its last entry, and the digest of the packs that this names."""

    case: Case
    exempt_part: ExemptFacts
    head: str
    packs_digest: str = ""

    @property
    def full_case(self) -> FullCase:
        """Both parts of the case."""
        return FullCase(self.case, self.exempt_part)


def rebuild_public_case(entries: Iterable[Entry]) -> tuple[Case, str]:
    """The public part of a case and the seal of its last entry; raises `InputError` if there are no entries."""
    replay, case, head = Replay({}), None, ""
    for entry in entries:
        case, head = replay.apply_event(entry).after.case, entry.seal
    if case is None:
        raise InputError("there is no such case")
    return case, head


def load_snapshot(transaction: ReadTransaction, case_id: str) -> CaseSnapshot:
    """Both parts of a case; raises `InputError` if there is no such case."""
    return _make_snapshot(case_id, transaction.entries_without_rulings(case_id), transaction.exempt_texts(case_id))


def load_unaltered_snapshot(transaction: ReadTransaction, case_id: str) -> CaseSnapshot:
    """Both parts of a case that is to be acted on; raises `LedgerBroken` if an entry or a Part 2 text was altered."""
    entries, texts = tuple(transaction.sealed_entries(case_id)), tuple(transaction.exempt_texts(case_id))
    if faults := _find_faults_once(case_id, entries, texts):
        raise LedgerBroken(faults)
    return _make_snapshot(case_id, [entry.without_ruling() for entry in entries], texts)


def _make_snapshot(case_id: str, entries: Sequence[Entry], exempt_texts: Iterable[ExemptText]) -> CaseSnapshot:
    if not entries:
        raise InputError("there is no such case")
    texts = {text.position: text for text in exempt_texts}
    rows = [(entry, texts.get(entry.position)) for entry in entries]
    for entry, text in rows:
        if entry.exempt and text is None:
            raise LedgerBroken([f"{describe_entry(entry)}: its Part 2 text is gone"])
    full_case, last = _REPLAYED_CASES.replay(case_id, rows), entries[-1]
    return CaseSnapshot(full_case.case, full_case.exempt_part, last.seal, parse_packs_digest(last))


_SOUND_ROWS: OrderedDict[str, tuple[tuple[Entry, ...], tuple[ExemptText, ...]]] = OrderedDict()
"""The rows of the cases that a process found sound last. Equal rows have equal seals."""


def _find_faults_once(case_id: str, entries: tuple[Entry, ...], texts: tuple[ExemptText, ...]) -> list[str]:
    """The faults in the rows of a case; rows that begin with those found sound are checked after these."""
    sound, sound_texts = _SOUND_ROWS.get(case_id, ((), ()))
    if entries[: len(sound)] != sound or texts[: len(sound_texts)] != sound_texts:
        sound, sound_texts = (), ()
    if not (faults := list(find_stream_faults(entries[len(sound) :], texts[len(sound_texts) :], len(sound)))):
        _keep_latest(_SOUND_ROWS, case_id, (entries, texts))
    return faults


def remember_recorded(entry: Entry, text: ExemptText | None, after: FullCase) -> None:
    """Keep the case after an entry that was sealed just now, so that the next reading goes on from there.

    An entry that is not committed in the end does no harm: the rows that are read next differ from it.
    """
    sound, texts = _SOUND_ROWS.get(entry.stream, ((), ()))
    if len(sound) == entry.version - 1:
        _keep_latest(_SOUND_ROWS, entry.stream, ((*sound, entry), (*texts, text) if text else texts))
    _REPLAYED_CASES.add((entry.without_ruling(), text), after)


def _keep_latest(kept: OrderedDict[str, _Kept], case_id: str, value: _Kept) -> None:
    """Keep something of a case, and of no more cases than are kept."""
    kept[case_id] = value
    kept.move_to_end(case_id)
    while len(kept) > _MAX_REPLAYED_CASES:
        kept.popitem(last=False)


class _ReplayedCases:
    """The cases that a process replayed last, so that the next reading of one goes on from the same rows.

    Whatever a row says is compared, so a case is that of the rows just read, also where somebody altered them.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[list[_Row], FullCase]] = OrderedDict()

    def replay(self, case_id: str, rows: list[_Row]) -> FullCase:
        """Return the case that some rows make; there is at least one."""
        done, full_case = self._kept.get(case_id, ([], None))
        if not done or rows[: len(done)] != done:
            done, full_case = [], None
        replay = Replay({entry.position: text for entry, text in rows if text})
        if full_case is not None:
            replay.full_cases[case_id] = full_case
        for entry, _ in rows[len(done) :]:
            replay.apply_event(entry)
        found = replay.full_cases[case_id]
        _keep_latest(self._kept, case_id, (rows, found))
        return found

    def add(self, row: _Row, after: FullCase) -> None:
        """Keep the case after one more row than were replayed last."""
        entry, _ = row
        done, _ = self._kept.get(entry.stream, ([], None))
        if len(done) == entry.version - 1:
            _keep_latest(self._kept, entry.stream, ([*done, row], after))


_REPLAYED_CASES = _ReplayedCases()


def summarize_case(case: Case) -> CaseSummary:
    """The case as the list of cases shows it."""
    opened_on = case.facts.get("opened.on")
    if not isinstance(opened_on, date):
        raise InputError(f"{case.id} does not say when it was opened")
    return CaseSummary(case.id, case.title, case.scheme, case.stage, case.version, opened_on, case.last_on)


def find_summary_faults(events: Iterable[Entry], summaries: Iterable[CaseSummary]) -> Iterator[str]:
    """One line for each case on which the list of cases and the ledger differ.

    `events` are the entries that changed cases, by case and version; `summaries` is the list of cases by their numbers.
    Each is read once.
    """
    cases = groupby(events, key=attrgetter("stream"))
    expected = ((case, _build_expected_summary(entries)) for case, entries in cases)
    listed = ((summary.case, summary) for summary in summaries)
    for case, both in groupby(merge(expected, listed, key=itemgetter(0)), key=itemgetter(0)):
        if not _are_equal([summary for _, summary in both]):
            yield _describe_summary_fault(case)


def _are_equal(summaries: list[CaseSummary | None]) -> bool:
    return len(summaries) == 2 and summaries[0] == summaries[1]  # noqa: PLR2004 - one of each


def find_summary_fault(events: Iterable[Entry], listed: CaseSummary | None, case_id: str) -> str:
    """A line if the list of cases and the events of a case differ; empty if they do not."""
    return "" if _build_expected_summary(events) == listed else _describe_summary_fault(case_id)


def _describe_summary_fault(case_id: str) -> str:
    return f"{case_id}: the list of cases differs from the ledger"


def _build_expected_summary(entries: Iterable[Entry]) -> CaseSummary | None:
    """The summary that a case should have; none if its entries make no case."""
    try:
        return summarize_case(rebuild_public_case(entries)[0])
    except (LedgerBroken, InputError):
        return None


def find_case_id(transaction: ReadTransaction, typed_id: str) -> str:
    """The number of a case, in whatever letters it is typed; raises `InputError` with the closest one."""
    if transaction.has_case(typed_id):
        return typed_id
    if case_id := transaction.find_case(typed_id):
        return case_id
    case_ids = transaction.similar_cases(typed_id)
    if meant := find_meant_name(typed_id, case_ids):
        return meant
    raise InputError(
        f"{quote(typed_id, 120)} is not a case that is known here",
        did_you_mean(typed_id, case_ids) or "Open one with: assent case open PAPER.yaml --scheme SCHEME",
    )
