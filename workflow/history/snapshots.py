"""Cases as they stand: rebuilt from their entries, and summarized for the list of cases.

Invariants:
- The entries are the truth. The list of cases repeats them, and `find_summary_faults` compares the two.
- `rebuild_public_case` never reads Part 2. `load_snapshot` refuses a case if any of its Part 2 texts is gone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rules.errors import InputError
from rules.values.names import find_meant_name
from rules.values.suggestions import did_you_mean
from rules.values.text import quote
from workflow.cases.case import Case, ExemptFacts, FullCase
from workflow.errors import LedgerBroken
from workflow.history.replay import Replay
from workflow.history.serialization import CASE_EVENT_KINDS, parse_packs_digest
from workflow.ledger.entries import Entry, describe_entry
from workflow.ledger.ports import CaseSummary, ReadTransaction


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
    replay = Replay({text.position: text for text in transaction.exempt_texts(case_id)})
    entries = transaction.entries_without_rulings(case_id)
    full_case = None
    for entry in entries:
        if entry.exempt and entry.position not in replay.exempt_texts:
            raise LedgerBroken([f"{describe_entry(entry)}: its Part 2 text is gone"])
        full_case = replay.apply_event(entry).after
    if full_case is None:
        raise InputError("there is no such case")
    return CaseSnapshot(full_case.case, full_case.exempt_part, entries[-1].seal, parse_packs_digest(entries[-1]))


def summarize_case(case: Case) -> CaseSummary:
    """The case as the list of cases shows it."""
    opened_on = case.facts.get("opened.on")
    if not isinstance(opened_on, date):
        raise InputError(f"{case.id} does not say when it was opened")
    return CaseSummary(case.id, case.title, case.scheme, case.stage, case.version, opened_on, case.last_on)


def find_summary_faults(entries: Iterable[Entry], summaries: Iterable[CaseSummary]) -> list[str]:
    """One line for each case on which the list of cases and the ledger differ."""
    streams: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.kind in CASE_EVENT_KINDS:
            streams.setdefault(entry.stream, []).append(entry)
    expected = {(name, _build_expected_summary(stream)) for name, stream in streams.items()}
    listed = {(summary.case, summary) for summary in summaries}
    differing = {name for name, _ in expected ^ listed}
    return [f"{name}: the list of cases differs from the ledger" for name in sorted(differing, key=str)]


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
    case_ids = [summary.case for summary in transaction.case_summaries()]
    if meant := find_meant_name(typed_id, case_ids):
        return meant
    raise InputError(
        f"{quote(typed_id, 120)} is not a case that is known here",
        did_you_mean(typed_id, case_ids) or "Open one with: assent case open PAPER.yaml --scheme SCHEME",
    )
