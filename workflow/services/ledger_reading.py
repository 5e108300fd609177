"""One reading of the ledger that checks every entry, and notes on the way what verification reports.

Invariants:
- Each row is read and let go. What stays in memory is some bytes for each stream: its version.
- With a place up to which the ledger was verified before, only what came after it is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from workflow.errors import LedgerBroken
from workflow.history.serialization import CASE_EVENT_KINDS, parse_ruling, report_unreadable
from workflow.history.snapshots import find_summary_fault, find_summary_faults
from workflow.ledger.entries import (
    BEFORE_ALL,
    GENESIS,
    Entry,
    LedgerPlace,
    describe_entry,
    find_ledger_faults,
    has_valid_seal,
)
from workflow.ledger.ports import LedgerReader
from workflow.services.import_rulings import RULINGS_KEY

_PACKS_AT_END = '"packs":"'
_END_LENGTH = len(_PACKS_AT_END) + 64 + len('"}')
"""How many characters at the end of the ruling on an act name its packs: their key is the last in canonical JSON."""

_FIRST_TEXT = Entry._fields.index("kind")


def find_place(ledger: LedgerReader, head: str) -> LedgerPlace:
    """The place of a head that was verified before, or before all entries for an empty one or that of an empty ledger.

    Raises `LedgerBroken` if it is the seal of no entry any more.
    """
    if head in ("", GENESIS):
        return BEFORE_ALL
    position = ledger.position_of_seal(head)
    entry = next(ledger.read_entries(position - 1), None) if position else None
    if entry is None or entry.seal != head or not has_valid_seal(entry):
        raise LedgerBroken([_describe_lost_head(head)])
    return LedgerPlace(position, head)


def _describe_lost_head(head: str) -> str:
    return f"no entry has the seal {head}: entries were taken away or sealed anew since then"


@dataclass(slots=True)
class LedgerReading:
    """A reading of the entries after a place; `expected_head` must be the seal of some entry, unless it is empty."""

    ledger: LedgerReader
    since: LedgerPlace = BEFORE_ALL
    expected_head: str = ""
    last: LedgerPlace = BEFORE_ALL
    entries: int = 0
    rulings: int = 0
    pack_digests: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    _unreadable: list[str] = field(default_factory=list)
    _changed_cases: set[str] = field(default_factory=set)
    _recorded_at: str = ""
    _has_head: bool = False

    def find_faults(self) -> Iterator[str]:
        """Yield the faults of the entries and of their Part 2 texts, and of the head."""
        after, self.last = self.since.position, self.since
        yield from find_ledger_faults(
            map(self._note, self.ledger.read_entries(after)),
            self.ledger.read_exempt_texts(after),
            self.since,
            (lambda stream: self.ledger.version_at(stream, after)) if after else lambda _: 0,
        )
        if self.expected_head and not (self._has_head or self._stands_before(self.expected_head)):
            yield _describe_lost_head(self.expected_head)

    def find_view_faults(self) -> Iterator[str]:
        """Yield the rulings that cannot be read, and each case on which the list of cases differs from the ledger.

        After a place, only the cases that changed since are compared.
        """
        yield from self._unreadable
        if not self.since.position:
            events = self.ledger.read_entries_by_stream(CASE_EVENT_KINDS)
            yield from find_summary_faults(events, self.ledger.read_summaries())
        for case in sorted(self._changed_cases):
            entries = [entry for entry in self.ledger.entries_without_rulings(case) if entry.kind in CASE_EVENT_KINDS]
            if fault := find_summary_fault(entries, self.ledger.find_summary(case), case):
                yield fault

    def _stands_before(self, head: str) -> bool:
        """Whether a head is that of an empty ledger, or stands up to the place of which the reading goes on."""
        if not self.since.position:
            return not self.entries and head == GENESIS
        try:
            return find_place(self.ledger, head).position <= self.since.position
        except LedgerBroken:
            return False

    def _note(self, entry: Entry) -> Entry:
        """Note of an entry what the report says, and return it."""
        self.entries += 1
        if {*map(type, entry[_FIRST_TEXT:])} != {str}:  # its seal shows that it was altered
            return entry
        if entry.recorded_at < self._recorded_at:
            self.notes.append(
                f"{describe_entry(entry)} was recorded at {entry.recorded_at:.19}, before the entry before it "
                f"({self._recorded_at:.19}): a clock was set back, or entries were sealed later than they say"
            )
        self.last, self._recorded_at = LedgerPlace(entry.position, entry.seal), entry.recorded_at
        self._has_head |= entry.seal == self.expected_head
        if entry.ruling:
            self._note_ruling(entry)
        if self.since.position and entry.kind in CASE_EVENT_KINDS:
            self._changed_cases.add(entry.stream)
        return entry

    def _note_ruling(self, entry: Entry) -> None:
        """Note the packs of a ruling, and count it: an import has one for each act that its paper records."""
        end = entry.ruling[-_END_LENGTH:]
        if end.startswith(_PACKS_AT_END) and end.endswith('"}'):
            self.pack_digests.add(end[len(_PACKS_AT_END) : -len('"}')])
            self.rulings += 1
            return
        try:
            with report_unreadable(entry):
                ruling = parse_ruling(entry)
                self.pack_digests.add(str(ruling["packs"]))
                self.rulings += len(ruling.get(RULINGS_KEY, (entry,)))
        except LedgerBroken as error:
            self._unreadable += error.faults
