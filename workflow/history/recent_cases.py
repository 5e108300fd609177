"""The cases that a reading of the whole ledger used last; any other is rebuilt from its entries when it is needed.

Invariants:
- A case is as the entries before the current position make it.
- However many cases a store has, so many are kept and no more.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, MutableMapping, Sequence

from workflow.cases.case import FullCase
from workflow.history.replay import Replay
from workflow.history.serialization import CASE_EVENT_KINDS
from workflow.ledger.entries import Entry
from workflow.ledger.ports import ReadTransaction

_MAX_CASES = 256


class RecentCases(MutableMapping[str, FullCase]):
    """Cases by their numbers, as they were before the entry at `position`, which whoever reads the ledger sets.

    Only entries that are `known` make them.
    """

    def __init__(self, transaction: ReadTransaction, is_known: Callable[[Entry], bool] = lambda _: True) -> None:
        self.position = 0
        self._transaction, self._is_known = transaction, is_known
        self._kept: OrderedDict[str, FullCase] = OrderedDict()

    def find_earlier_events(self, case_id: str) -> Sequence[Entry]:
        """The entries that changed a case before the current position."""
        entries = self._transaction.entries_without_rulings(case_id)
        events = (entry for entry in entries if entry.position < self.position and entry.kind in CASE_EVENT_KINDS)
        return list(filter(self._is_known, events))

    def __getitem__(self, case_id: str) -> FullCase:
        if case_id not in self._kept:
            self[case_id] = self._rebuild(case_id)
        self._kept.move_to_end(case_id)
        return self._kept[case_id]

    def _rebuild(self, case_id: str) -> FullCase:
        events = self.find_earlier_events(case_id)
        if not events:
            raise KeyError(case_id)
        replay = Replay({text.position: text for text in self._transaction.exempt_texts(case_id)})
        for entry in events:
            replay.apply_event(entry)
        return replay.full_cases[case_id]

    def __setitem__(self, case_id: str, full_case: FullCase) -> None:
        self._kept[case_id] = full_case
        self._kept.move_to_end(case_id)
        while len(self._kept) > _MAX_CASES:
            self._kept.popitem(last=False)

    def __delitem__(self, case_id: str) -> None:
        del self._kept[case_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)
