"""Cases, officers and the list of cases are read back from entries, and what cannot be read is named."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rules.errors import InputError
from tests.workflow.walk import (
    AUTHOR,
    CASE_ID,
    accepted_steps,
    request_by,
    story_stages,
    take_step,
    walk_to_stage,
)
from workflow.adapters.ledger_session import LedgerSession
from workflow.cases.case import ExemptFacts, FullCase
from workflow.errors import LedgerBroken, Refusal, StoreError
from workflow.history.officer_records import OFFICERS_STREAM, deserialize_officer_record, load_officers
from workflow.history.replay import Replay
from workflow.history.serialization import deserialize_event, parse_action, refusals_stream
from workflow.history.snapshots import (
    find_summary_faults,
    load_snapshot,
    load_unaltered_snapshot,
    rebuild_public_case,
    summarize_case,
)
from workflow.ledger.entries import Entry, ExemptText
from workflow.ledger.ports import CaseSummary
from workflow.services import act_queries, commands, queries, verification
from workflow.services.commands import Revision, Services

UNREADABLE_BODIES = ("x", "[" * 60_000, "5")


class LedgerInMemory:
    """A read transaction over entries and texts in memory."""

    def __init__(self, entries: list[Entry], texts: list[ExemptText]) -> None:
        self.entries, self.texts = entries, texts

    def entries_without_rulings(self, stream: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.stream == stream]

    def sealed_entries(self, stream: str) -> list[Entry]:
        return self.entries_without_rulings(stream)

    def exempt_texts(self, stream: str) -> list[ExemptText]:
        return [text for text in self.texts if text.stream == stream]

    def entries_of_streams(self, prefix: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.stream.startswith(prefix)]

    def stream_version(self, stream: str) -> int:
        return len(self.entries_without_rulings(stream))

    def head(self, *, without_kind: str = "") -> tuple[int, str]:
        last = [entry for entry in self.entries if entry.kind != without_kind][-1]
        return last.position, last.seal

    def case_summaries(self) -> Iterator[CaseSummary]:
        return iter([])

    def cases_after(self, day: date) -> list[str]:
        return [summary.case for summary in self.case_summaries() if summary.last_on > day]

    def similar_cases(self, typed: str) -> list[str]:
        return sorted({entry.stream for entry in self.entries if entry.stream.startswith(typed[:1])})

    def has_case(self, case_id: str) -> bool:
        return bool(self.entries_without_rulings(case_id))

    def find_case(self, case_id: str) -> str:
        return case_id if self.has_case(case_id) else ""

    def count_cases(self, scheme: str) -> int:
        return sum(summary.scheme == scheme for summary in self.case_summaries())

    def has_cases(self) -> bool:
        return any(entry.kind == "opened" for entry in self.entries)


def copy_ledger(services: Services) -> LedgerInMemory:
    with services.store.read_ledger() as ledger:
        return LedgerInMemory(list(ledger.read_entries()), list(ledger.read_exempt_texts()))


@pytest.mark.parametrize("stage", story_stages())
def test_a_case_is_rebuilt_from_its_entries(services: Services, stage: str) -> None:
    receipt = walk_to_stage(services, stage)
    snapshot = load_snapshot(copy_ledger(services), CASE_ID)
    assert snapshot == queries.load_case_snapshot(services, CASE_ID)
    assert (snapshot.case, snapshot.head) == queries.load_public_case(services, CASE_ID)
    assert (snapshot.case.stage, snapshot.case.version, snapshot.head) == (stage, receipt.version, receipt.seal)


def test_the_public_part_is_rebuilt_without_part_2(services: Services) -> None:
    walk_to_stage(services, "published")
    whole = copy_ledger(services)
    case, _ = rebuild_public_case(whole.entries_without_rulings(CASE_ID))
    snapshot = load_snapshot(whole, CASE_ID)
    assert case == snapshot.case
    assert not case.facts.keys() & snapshot.exempt_part.facts.keys()
    assert snapshot.exempt_part != ExemptFacts({})


def test_there_is_no_case_without_entries() -> None:
    with pytest.raises(InputError, match="no such case"):
        rebuild_public_case([])
    with pytest.raises(InputError, match="no such case"):
        load_snapshot(LedgerInMemory([], []), CASE_ID)


def test_a_case_with_a_missing_part_2_text_is_refused(services: Services) -> None:
    walk_to_stage(services, "pib")
    whole = copy_ledger(services)
    for missing in whole.texts:
        left = LedgerInMemory(whole.entries, [text for text in whole.texts if text != missing])
        if missing.stream == CASE_ID:
            with pytest.raises(LedgerBroken, match="its Part 2 text is gone"):
                load_snapshot(left, CASE_ID)


def replay_anew(ledger: LedgerInMemory) -> FullCase:
    replay = Replay({text.position: text for text in ledger.texts})
    for entry in ledger.entries_without_rulings(CASE_ID):
        replay.apply_event(entry)
    return replay.full_cases[CASE_ID]


def test_the_case_kept_after_each_recording_is_that_of_its_rows(services: Services) -> None:
    for step in accepted_steps():
        take_step(services, step)
        ledger = copy_ledger(services)
        kept, anew = load_unaltered_snapshot(ledger, CASE_ID).full_case, replay_anew(ledger)
        assert kept == anew
        assert repr(kept) == repr(anew)  # the facts are in one order too


def test_a_recording_that_was_undone_is_not_kept(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    walk_to_stage(services, "draft")
    before, title = copy_ledger(services), Revision({"title": "Another title"}, {})

    def fail(_session: LedgerSession, _summary: CaseSummary) -> None:
        raise StoreError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(LedgerSession, "update_summary", fail)
        with pytest.raises(StoreError):
            commands.amend_paper(services, CASE_ID, title, request_by(AUTHOR, "2018-12-31"))
    assert load_unaltered_snapshot(copy_ledger(services), CASE_ID).full_case == replay_anew(before)
    commands.amend_paper(services, CASE_ID, Revision({"title": "A third title"}, {}), request_by(AUTHOR, "2018-12-31"))
    after = copy_ledger(services)
    assert load_unaltered_snapshot(after, CASE_ID).full_case == replay_anew(after)


def list_altered_ledgers(whole: LedgerInMemory) -> Iterator[LedgerInMemory]:
    """Yield ledgers of one case, each with one row altered, missing or added."""
    for place, entry in enumerate(whole.entries):
        yield LedgerInMemory([*whole.entries[:place], *whole.entries[place + 1 :]], whole.texts)
        for altered in (entry._replace(officer="Nobody"), entry._replace(ruling="{}"), entry._replace(version=99)):
            yield LedgerInMemory([*whole.entries[:place], altered, *whole.entries[place + 1 :]], whole.texts)
    for place, text in enumerate(whole.texts):
        yield LedgerInMemory(whole.entries, [*whole.texts[:place], *whole.texts[place + 1 :]])
        changed = text._replace(body=text.body.replace("0", "1"))
        yield LedgerInMemory(whole.entries, [*whole.texts[:place], changed, *whole.texts[place + 1 :]])
    for entry in whole.entries:
        if not entry.exempt:
            stray = ExemptText(entry.position, entry.stream, entry.version, "", "{}")
            yield LedgerInMemory(whole.entries, sorted([*whole.texts, stray], key=lambda text: text.version))


def test_rows_after_those_found_sound_are_checked_and_these_again_if_one_differs(services: Services) -> None:
    walk_to_stage(services, "iab")
    ledger = copy_ledger(services)
    entries, texts = ledger.sealed_entries(CASE_ID), ledger.exempt_texts(CASE_ID)
    whole = LedgerInMemory(entries, texts)
    for known in range(1, len(entries) + 1):
        sound = LedgerInMemory(entries[:known], [text for text in texts if text.version <= known])
        for altered in list_altered_ledgers(whole):
            load_unaltered_snapshot(sound, CASE_ID)
            if altered.entries == entries[: len(altered.entries)] and altered.texts == texts:
                continue  # the last entry is missing: nothing in the rows of one case shows that
            with pytest.raises(LedgerBroken):
                load_unaltered_snapshot(altered, CASE_ID)
    assert load_unaltered_snapshot(whole, CASE_ID) == load_snapshot(whole, CASE_ID)


@pytest.mark.parametrize("body", ["", "{", "[]", "{}", '{"action":"x"}', "null", *UNREADABLE_BODIES])
def test_an_unreadable_entry_is_named(services: Services, body: str) -> None:
    walk_to_stage(services, "draft")
    entry = copy_ledger(services).entries_without_rulings(CASE_ID)[0]
    damaged = entry._replace(body=body)
    reads: list[Callable[[Entry], object]] = [lambda row: deserialize_event(row, None), deserialize_officer_record]
    if "action" not in body:
        reads.append(parse_action)
    for read in reads:
        with pytest.raises(LedgerBroken, match=r"entry 8 \(MOPAC-2018-1 version 1\): cannot be read"):
            read(damaged)


@pytest.mark.parametrize("body", UNREADABLE_BODIES)
@pytest.mark.parametrize("stream", [CASE_ID, OFFICERS_STREAM, refusals_stream(CASE_ID)])
def test_every_use_of_an_unreadable_body_names_its_entry(
    services: Services, path: Path, stream: str, body: str
) -> None:
    walk_to_stage(services, "draft")
    with pytest.raises(Refusal):
        commands.perform_action(
            services, CASE_ID, commands.TypedAct("publish"), request_by("governance-team", "2018-03-08")
        )
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE ledger SET body = ? WHERE stream = ? AND version = 1", (body, stream))
        raw.commit()
    uses: dict[str, list[Callable[[], object]]] = {
        CASE_ID: [
            lambda: queries.load_public_case(services, CASE_ID),
            lambda: queries.load_case_snapshot(services, CASE_ID),
            lambda: act_queries.list_next_actions(services, CASE_ID),
        ],
        OFFICERS_STREAM: [lambda: queries.list_officers(services)],
    }
    if stream != OFFICERS_STREAM:
        uses.setdefault(stream, []).append(
            lambda: list(map(parse_action, queries.list_case_entries(services, CASE_ID)))
        )
    verifications: list[Callable[[], object]] = [
        lambda: verification.verify_ledger(services),
        lambda: verification.verify_ledger(services, with_replay=True),
    ]
    if stream == OFFICERS_STREAM:  # whoever is to act is found in records whose seals hold
        verifications.append(
            lambda: commands.perform_action(services, CASE_ID, commands.TypedAct("x"), request_by("a", "2018-03-08"))
        )
    for use in uses[stream]:
        with pytest.raises(LedgerBroken, match=rf"entry \d+ \({stream} version 1\): cannot be read"):
            use()
    for use in verifications:
        with pytest.raises(LedgerBroken, match="was altered after it was sealed"):
            use()


@pytest.mark.parametrize("body", UNREADABLE_BODIES)
def test_an_unreadable_part_2_text_is_named(services: Services, path: Path, body: str) -> None:
    walk_to_stage(services, "draft")
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE exempt SET body = ?", (body,))
        raw.commit()
    with pytest.raises(LedgerBroken, match=r"\(MOPAC-2018-1 version 1\): cannot be read"):
        queries.load_case_snapshot(services, CASE_ID)
    assert queries.load_public_case(services, CASE_ID)[0].stage == "draft"


def test_the_list_of_cases_shows_the_number_if_the_title_is_exempt(services: Services) -> None:
    walk_to_stage(services, "draft")
    summaries = queries.list_cases(services)
    assert [(row.case, row.title) for row in summaries] == [(CASE_ID, "Smarter Working – Business Justification Paper")]
    commands.amend_paper(services, CASE_ID, Revision({}, {"title": "A secret name"}), request_by(AUTHOR, "2018-03-08"))
    assert [row.title for row in queries.list_cases(services)] == [CASE_ID]


def test_a_case_without_its_day_of_opening_is_not_listed(services: Services) -> None:
    walk_to_stage(services, "draft")
    case, _ = queries.load_public_case(services, CASE_ID)
    facts = {where: value for where, value in case.facts.items() if where != "opened.on"}
    with pytest.raises(InputError, match="does not say when it was opened"):
        summarize_case(replace(case, facts=facts))


def test_each_case_on_which_the_list_of_cases_differs_is_named(services: Services) -> None:
    walk_to_stage(services, "pib")
    entries, row = copy_ledger(services).entries_without_rulings(CASE_ID), queries.list_cases(services)[0]
    faults = ["MOPAC-2018-1: the list of cases differs from the ledger"]
    assert list(find_summary_faults(entries, [row])) == []
    assert list(find_summary_faults(entries, [])) == faults
    assert list(find_summary_faults(entries, [row._replace(stage="dmpc")])) == faults
    assert list(find_summary_faults([], [row])) == faults
    assert list(find_summary_faults(entries, [row, row])) == faults
    other = row._replace(case="MOPAC-2018-2")
    assert list(find_summary_faults(entries, [row, other])) == [faults[0].replace(CASE_ID, other.case)]
    broken = [entry._replace(body="{") if entry.kind == "opened" else entry for entry in entries]
    assert list(find_summary_faults(broken, [row])) == faults


def test_a_refusal_is_recorded_in_a_stream_of_its_own(services: Services) -> None:
    walk_to_stage(services, "draft")
    with pytest.raises(Refusal):
        commands.perform_action(
            services, CASE_ID, commands.TypedAct("publish"), request_by("governance-team", "2018-03-08")
        )
    refused = copy_ledger(services).entries_without_rulings(refusals_stream(CASE_ID))
    assert [(entry.kind, entry.version, entry.officer) for entry in refused] == [("refused", 1, "Governance Team")]
    body = json.loads(refused[0].body)
    assert body["action"] == "publish"
    assert body["blocked_by"][0] == "stages.in_order"


def test_officers_are_in_the_order_of_their_names(services: Services) -> None:
    names = [officer.name for officer in load_officers(copy_ledger(services))]
    assert names == sorted(names)
    assert len(names) == 7
