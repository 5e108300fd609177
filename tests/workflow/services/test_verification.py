"""Every change in a store is found: by the seals, or if it was sealed anew, by replay."""

# ruff: noqa: S608 – the names of tables and columns are those of the schema

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from benchmarks.example import example_setup
from benchmarks.large_stores import fill_store
from rules.packs.library import Library
from rules.values.facts import FactValue
from tests.workflow.walk import (
    AUTHOR,
    CASE_ID,
    DMPC,
    judge_again,
    long_texts,
    new_services,
    request_by,
    services_at,
    shipped_library,
    walk_to_stage,
)
from workflow.adapters.tables import CaseRow, ExemptRow, LedgerRow, PackRow
from workflow.errors import LedgerBroken, Refusal
from workflow.history import recent_cases
from workflow.ledger.canonical_json import deserialize_facts, to_canonical_json
from workflow.ledger.entries import GENESIS, Entry, ExemptText, UnsealedEntry, seal_entry
from workflow.services import commands, issued_documents, queries, verification
from workflow.services.commands import Request, Revision, Services

Plain: TypeAlias = dict[str, Any]
TABLES: list[Any] = [LedgerRow, ExemptRow, PackRow, CaseRow]
OTHER_VALUES: list[Any] = ["", "altered", "0", 7, -1, 2.5, b"\xff\x00", "2018-03-08", "A" * 64]


@pytest.fixture(scope="module")
def complete_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with officers, a case decided and published, another in draft, refusals and documents."""
    path = tmp_path_factory.mktemp("complete") / "assent.db"
    services = new_services(path)
    walk_to_stage(services, "published")
    commands.open_case(
        services, "mopac", {"title": "Another"}, {"estimated_value": money()}, request_by(AUTHOR, "2018-05-01")
    )
    for name, action in (("MOPAC-2018-2", "approve"), (CASE_ID, "publish")):
        with pytest.raises(Refusal):
            commands.perform_action(services, name, commands.TypedAct(action), request_by(DMPC, "2018-05-02"))
    for part in (1, 2):
        issued_documents.record_document_issue(
            services, CASE_ID, {"version": 9, "part": part, "sha256": str(part) * 64}, Request("")
        )
    verification.verify_ledger(services, with_replay=True)
    services.store.close()
    return path


def money() -> FactValue:
    return deserialize_facts({"a": {"pence": 1, "vat": "ex"}})["a"]


@pytest.fixture
def copy(complete_store: Path, path: Path) -> Path:
    shutil.copy(complete_store, path)
    return path


@pytest.fixture
def raw(copy: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        yield connection


def find_faults(path: Path, head: str = "", *, with_replay: bool = True) -> str:
    """The faults that verification finds, a line each; fails if it finds none."""
    with pytest.raises(LedgerBroken) as error:
        verification.verify_ledger(services_at(path), head, with_replay=with_replay)
    assert error.value.advice().startswith("Keep this file as it is")
    return "\n".join(error.value.faults)


def columns() -> list[tuple[str, str]]:
    return [(table.__tablename__, column.name) for table in TABLES for column in table.__table__.columns]


def test_every_column_of_the_store_is_tampered_with() -> None:
    assert len(columns()) == 12 + 5 + 3 + 7


@pytest.mark.parametrize(("table", "column"), columns())
def test_an_altered_column_is_found(copy: Path, raw: sqlite3.Connection, table: str, column: str) -> None:
    rows = [row[0] for row in raw.execute(f'SELECT rowid FROM "{table}" ORDER BY rowid')]
    services, tried = services_at(copy), 0
    for rowid in (rows[0], rows[len(rows) // 2], rows[-1]):
        was = raw.execute(f'SELECT "{column}" FROM "{table}" WHERE rowid = ?', (rowid,)).fetchone()[0]
        for other in OTHER_VALUES:
            try:
                raw.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?', (other, rowid))
            except sqlite3.IntegrityError:  # the table itself refuses it
                continue
            key = other if column == "position" else rowid
            now = raw.execute(f'SELECT "{column}" FROM "{table}" WHERE rowid = ?', (key,)).fetchone()[0]
            if now != was:
                tried += 1
                with pytest.raises(LedgerBroken):
                    verification.verify_ledger(services, with_replay=table == "pack")
            raw.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE rowid = ?', (was, key))
    assert tried >= 6
    verification.verify_ledger(services, with_replay=True)


@pytest.mark.parametrize("column", [name for table, name in columns() if table == "ledger" and name != "seal"])
def test_seals_alone_find_an_altered_entry(copy: Path, raw: sqlite3.Connection, column: str) -> None:
    raw.execute(f'UPDATE ledger SET "{column}" = "{column}" || \'0\' WHERE position = 12')
    assert find_faults(copy, with_replay=False)


@pytest.mark.parametrize("table", ["ledger", "exempt", "pack", "case_view"])
@pytest.mark.parametrize("which", ["first", "middle", "every"])
def test_a_deleted_row_is_found(copy: Path, raw: sqlite3.Connection, table: str, which: str) -> None:
    rows = [row[0] for row in raw.execute(f'SELECT rowid FROM "{table}" ORDER BY rowid')]
    deleted = {"first": rows[:1], "middle": rows[len(rows) // 2 : len(rows) // 2 + 1], "every": rows}[which]
    raw.executemany(f'DELETE FROM "{table}" WHERE rowid = ?', [(rowid,) for rowid in deleted])
    assert find_faults(copy)


def test_only_a_head_on_paper_finds_the_last_entry_deleted_with_all_its_traces(
    copy: Path, raw: sqlite3.Connection
) -> None:
    head = verification.ledger_head(services_at(copy))[1]
    raw.execute("DELETE FROM exempt WHERE position = (SELECT max(position) FROM ledger)")
    raw.execute("DELETE FROM ledger WHERE position = (SELECT max(position) FROM ledger)")
    verification.verify_ledger(services_at(copy), with_replay=True)
    assert f"no entry has the seal {head}" in find_faults(copy, head)


def test_the_list_of_cases_shows_that_the_last_act_on_a_case_was_deleted(path: Path) -> None:
    services = new_services(path)
    walk_to_stage(services, "published")
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("DELETE FROM exempt WHERE position = (SELECT max(position) FROM ledger)")
        raw.execute("DELETE FROM ledger WHERE position = (SELECT max(position) FROM ledger)")
    assert find_faults(path, with_replay=False) == f"{CASE_ID}: the list of cases differs from the ledger"


@pytest.mark.parametrize("table", ["ledger", "exempt"])
def test_swapped_rows_are_found(copy: Path, raw: sqlite3.Connection, table: str) -> None:
    one, other = [row[0] for row in raw.execute(f'SELECT position FROM "{table}" ORDER BY position LIMIT 2 OFFSET 1')]
    for old, new in ((one, -1), (other, one), (-1, other)):
        raw.execute(f'UPDATE "{table}" SET position = ? WHERE position = ?', (new, old))
    assert find_faults(copy, with_replay=False)


def test_a_part_2_text_moved_to_another_case_is_found(copy: Path, raw: sqlite3.Connection) -> None:
    raw.execute("UPDATE exempt SET stream = 'MOPAC-2018-2' WHERE position = (SELECT min(position) FROM exempt)")
    assert "its Part 2 text was altered" in find_faults(copy, with_replay=False)


@pytest.mark.parametrize("position", [0, 10_000])
def test_an_inserted_entry_is_found(copy: Path, raw: sqlite3.Connection, position: int) -> None:
    entries = read(copy)[0]
    last = entries[-1]
    planted = seal_entry(
        UnsealedEntry(CASE_ID, "acted", date(2018, 6, 1), "Deputy Mayor", last.body), position, 99, "now", last.seal
    )
    raw.execute(f"INSERT INTO ledger VALUES ({','.join('?' * 12)})", planted)
    assert find_faults(copy, with_replay=False)


def test_a_part_2_text_without_an_entry_is_found(copy: Path, raw: sqlite3.Connection) -> None:
    raw.execute("INSERT INTO exempt VALUES (1, 'officers', 1, 'salt', '{}')")
    assert find_faults(copy, with_replay=False) == "entry 1: has a Part 2 text that no entry seals"


def test_a_case_in_the_list_without_entries_is_found(copy: Path, raw: sqlite3.Connection) -> None:
    raw.execute("INSERT INTO case_view SELECT 'MOPAC-2018-9', title, scheme, stage, version, opened_on, last_on "
                "FROM case_view LIMIT 1")  # fmt: skip
    assert "MOPAC-2018-9: the list of cases differs" in find_faults(copy, with_replay=False)


ALTERED_PACKS = [
    "DELETE FROM pack WHERE file LIKE 'days/%'",
    "UPDATE pack SET data = CAST(data || x'0a' AS BLOB) WHERE file LIKE 'law/foia%'",
    "UPDATE pack SET data = CAST(data AS TEXT) WHERE file LIKE 'law/foia%'",
    "UPDATE pack SET file = 'law/other.yaml' WHERE file LIKE 'law/foia%'",
    "UPDATE pack SET digest = iif(digest LIKE 'f%', '0', 'f') || substr(digest, 2)",
    "INSERT INTO pack SELECT digest, 'law/zz.yaml', data FROM pack LIMIT 1",
]


@pytest.mark.parametrize("damage", ["DELETE FROM pack", *ALTERED_PACKS])
def test_missing_or_altered_packs_are_reported_for_every_ruling(
    copy: Path, raw: sqlite3.Connection, damage: str
) -> None:
    raw.execute(damage)
    found = [line for line in find_faults(copy).splitlines() if "were altered" not in line]
    assert len(found) == 12
    assert all(
        re.search(r"cannot be judged again, its packs [0-9a-f]{12} are not in the store", line) for line in found
    )


@pytest.mark.parametrize("damage", ALTERED_PACKS)
def test_altered_packs_are_found_without_replay(copy: Path, raw: sqlite3.Connection, damage: str) -> None:
    raw.execute(damage)
    assert re.fullmatch(r"packs .{1,12} were altered", find_faults(copy, with_replay=False))


def test_entries_verify_without_replay_if_all_packs_are_missing(copy: Path, raw: sqlite3.Connection) -> None:
    raw.execute("DELETE FROM pack")
    assert verification.verify_ledger(services_at(copy)).entries


# From here on, a forger who has assent seals everything anew.


def read(path: Path) -> tuple[list[Entry], dict[int, ExemptText]]:
    with services_at(path).store.read_ledger() as ledger:
        return list(ledger.read_entries()), {text.position: text for text in ledger.read_exempt_texts()}


def write_forged(path: Path, entries: list[Entry], texts: dict[int, ExemptText]) -> None:
    """Replace all entries, with new seals, positions and versions; the list of cases stays as it was."""
    previous, versions = GENESIS, dict[str, int]()
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("DELETE FROM ledger")
        raw.execute("DELETE FROM exempt")
        for position, entry in enumerate(entries, start=1):
            text = texts.get(entry.position)
            versions[entry.stream] = versions.get(entry.stream, 0) + 1
            on = date.fromisoformat(entry.on)
            exempt, salt = (text.body, text.salt) if text else ("", "")
            draft = UnsealedEntry(entry.stream, entry.kind, on, entry.officer, entry.body, entry.ruling, exempt, salt)
            sealed = seal_entry(draft, position, versions[entry.stream], entry.recorded_at, previous)
            previous = sealed.seal
            raw.execute(f"INSERT INTO ledger VALUES ({','.join('?' * 12)})", sealed)
            if text:
                row = (position, entry.stream, sealed.version, salt, exempt)
                raw.execute("INSERT INTO exempt VALUES (?,?,?,?,?)", row)


def change_json(text: str, change: Callable[[Any], None]) -> str:
    data = json.loads(text)
    change(data)
    return to_canonical_json(data)


def index_of(entries: list[Entry], action: str, kind: str = "acted") -> int:
    """The place of the first entry of an action among some entries."""
    return next(
        place
        for place, entry in enumerate(entries)
        if entry.kind == kind and json.loads(entry.body)["action"] == action
    )


def test_facts_of_a_linked_case_are_found_where_the_scheme_reads_none(copy: Path) -> None:
    entries, texts = read(copy)
    place = index_of(entries, "certify")
    stated = json.loads(entries[place].ruling)["facts"]
    linked = {address: value for address, value in stated.items() if not address.startswith("act.")}
    body = change_json(entries[place].body, lambda body: body.update({"linked": linked}))
    entries[place] = entries[place]._replace(body=body)
    write_forged(copy, entries, texts)
    assert "differs from what a linked case stated then" in find_faults(copy)


def all_satisfied(ruling: Plain) -> None:
    for finding in ruling["findings"]:
        finding |= {"outcome": "satisfied", "wrong": "", "cure": "", "missing": []}


def other_value(ruling: Plain) -> None:
    ruling["facts"]["title"] = "Another title"


def no_findings(ruling: Plain) -> None:
    ruling["findings"] = []


def other_exempt(ruling: Plain) -> None:
    ruling["exempt"]["estimated_value"] = "0" * 64


def other_gate(ruling: Plain) -> None:
    ruling["gate"] = "submit"


FORGED_RULINGS = [all_satisfied, other_value, no_findings, other_exempt, other_gate]


def test_sealing_everything_anew_without_a_change_is_no_fault(copy: Path) -> None:
    before = verification.verify_ledger(services_at(copy), with_replay=True)
    write_forged(copy, *read(copy))
    assert verification.verify_ledger(services_at(copy), with_replay=True) == before


@pytest.mark.parametrize("forgery", FORGED_RULINGS)
@pytest.mark.parametrize(("action", "kind"), [("approve", "acted"), ("certify", "acted"), ("approve", "refused")])
def test_replay_finds_a_forged_ruling(copy: Path, forgery: Callable[[Any], None], action: str, kind: str) -> None:
    entries, texts = read(copy)
    place = index_of(entries, action, kind)
    entries[place] = entries[place]._replace(ruling=change_json(entries[place].ruling, forgery))
    write_forged(copy, entries, texts)
    verification.verify_ledger(services_at(copy))  # the seals are in order
    name = f"entry {entries[place].position} ({entries[place].stream} version {entries[place].version})"
    assert f"{name}: comes out otherwise when judged again" in find_faults(copy)


FORGED_BODIES: dict[str, Callable[[Any], None]] = {
    "the stage": lambda body: body.update(stage="closed"),
    "the capacity": lambda body: body.update(capacity="author"),
    "the outcome": lambda body: body["stated"].update({"dmpc.outcome": "rejected"}),
    "who": lambda body: body["stated"].update({"dmpc.by": "Somebody Else"}),
    "the day": lambda body: body["stated"].update({"decided_on": {"day": "2018-03-29"}}),
    "the reference": lambda body: body["stated"].update({"decision.reference": "PCD 362"}),
    "the paper": lambda body: body["stated"].update({"title": "Another"}),
    "what was removed": lambda body: body["removed"].append("title"),
}


@pytest.mark.parametrize("what", FORGED_BODIES)
def test_replay_finds_a_forged_act(copy: Path, what: str) -> None:
    entries, texts = read(copy)
    place = index_of(entries, "approve")
    entries[place] = entries[place]._replace(body=change_json(entries[place].body, FORGED_BODIES[what]))
    write_forged(copy, entries, texts)
    assert find_faults(copy)


@pytest.mark.parametrize("officer", ["Aimee Reed", "Somebody Else", ""])
def test_replay_finds_an_act_by_another_officer(copy: Path, officer: str) -> None:
    entries, texts = read(copy)
    place = index_of(entries, "approve")
    entries[place] = entries[place]._replace(officer=officer)
    write_forged(copy, entries, texts)
    assert "entry" in find_faults(copy)


@pytest.mark.parametrize("action", ["submit", "pib-support", "declare", "certify", "approve"])
def test_replay_finds_a_skipped_stage(copy: Path, action: str) -> None:
    entries, texts = read(copy)
    del entries[index_of(entries, action)]
    write_forged(copy, entries, texts)
    assert "could not be done again" in find_faults(copy)


def test_replay_finds_an_inserted_act(copy: Path) -> None:
    entries, texts = read(copy)
    place = index_of(entries, "approve")
    entries.insert(index_of(entries, "submit"), entries[place])
    write_forged(copy, entries, texts)
    assert "approve is refused on MOPAC-2018-1" in find_faults(copy)


@pytest.mark.parametrize("days", [-1, 1, 40])
def test_replay_counts_again_how_late_an_act_was_recorded(copy: Path, days: int) -> None:
    entries, texts = read(copy)
    place = index_of(entries, "approve")
    for later in range(place if days > 0 else 0, len(entries) if days > 0 else place + 1):
        moved = datetime.fromisoformat(entries[later].recorded_at) + timedelta(days=days)
        entries[later] = entries[later]._replace(recorded_at=moved.isoformat(timespec="microseconds"))
    write_forged(copy, entries, texts)
    said = int(json.loads(entries[place].body)["late_by"])
    assert f"was recorded {said + days} days late, and says {said}" in find_faults(copy)


def test_a_clock_that_was_set_back_is_noted(copy: Path) -> None:
    entries, texts = read(copy)
    earlier = datetime.fromisoformat(entries[-1].recorded_at) - timedelta(hours=1)
    entries[-1] = entries[-1]._replace(recorded_at=earlier.isoformat(timespec="microseconds"))
    write_forged(copy, entries, texts)
    services = services_at(copy)
    (note,) = verification.verify_ledger(services).notes
    assert f"entry {len(entries)} (" in note
    assert "a clock was set back" in note


@pytest.mark.parametrize(
    ("table", "column", "where"),
    [("exempt", "body", "1=1"), ("ledger", "body", "kind = 'opened'"), ("ledger", "ruling", "kind = 'acted'")],
)
def test_nothing_is_decided_on_a_case_that_was_altered(path: Path, table: str, column: str, where: str) -> None:
    services = new_services(path)
    walk_to_stage(services, "pib")
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute(
            f"UPDATE {table} SET {column} = replace({column}, '0', '1') WHERE stream = ? AND {where}", (CASE_ID,)
        )
    head = verification.ledger_head(services)
    uses: list[Callable[[], object]] = [
        lambda: commands.perform_action(
            services, CASE_ID, commands.TypedAct("pib-support"), request_by("chair-of-pib", "2018-03-14")
        ),
        lambda: commands.amend_paper(
            services, CASE_ID, Revision({"title": "Other"}, {}), request_by(AUTHOR, "2018-03-14")
        ),
    ]
    for use in uses:
        with pytest.raises(LedgerBroken, match="was altered"):
            use()
    assert verification.ledger_head(services) == head


class TestSince:
    """Verification that goes on from a head that was verified before."""

    def test_only_what_came_after_the_head_is_read(self, copy: Path) -> None:
        entries, _ = read(copy)
        services, whole = services_at(copy), verification.verify_ledger(services_at(copy), with_replay=True)
        for position in (1, 7, 8, 12, len(entries)):
            report = verification.verify_ledger(services, since=entries[position - 1].seal, with_replay=True)
            assert (report.since, report.entries) == (position, len(entries) - position)
            assert report.head == whole.head
        assert verification.verify_ledger(services, since=GENESIS, with_replay=True) == whole

    def test_a_later_change_is_found_and_an_earlier_one_by_the_whole_alone(
        self, copy: Path, raw: sqlite3.Connection
    ) -> None:
        entries, _ = read(copy)
        services, since = services_at(copy), entries[11].seal
        raw.execute("UPDATE ledger SET officer = 'Other' WHERE position = 10")
        verification.verify_ledger(services, since=since)
        assert "entry 10 (" in find_faults(copy)
        raw.execute("UPDATE ledger SET officer = 'Other' WHERE position = 14")
        with pytest.raises(LedgerBroken, match=r"entry 14 .* was altered"):
            verification.verify_ledger(services, since=since)

    @pytest.mark.parametrize("position", [12, 13, 14])
    def test_an_entry_that_is_gone_is_found(self, copy: Path, raw: sqlite3.Connection, position: int) -> None:
        since = read(copy)[0][11].seal
        raw.execute("DELETE FROM exempt WHERE position = ?", (position,))
        raw.execute("DELETE FROM ledger WHERE position = ?", (position,))
        with pytest.raises(LedgerBroken, match="no entry has the seal" if position == 12 else "is missing"):
            verification.verify_ledger(services_at(copy), since=since)

    def test_the_head_must_be_a_seal_that_holds(self, copy: Path, raw: sqlite3.Connection) -> None:
        since = read(copy)[0][11].seal
        raw.execute("UPDATE ledger SET officer = 'Other' WHERE position = 12")
        for head in (since, "a" * 64):
            with pytest.raises(LedgerBroken, match=f"no entry has the seal {head}"):
                verification.verify_ledger(services_at(copy), since=head)

    def test_the_list_of_cases_is_compared_for_cases_that_changed(self, copy: Path, raw: sqlite3.Connection) -> None:
        entries, _ = read(copy)
        raw.execute("UPDATE case_view SET stage = 'pib' WHERE \"case\" = ?", (CASE_ID,))
        with pytest.raises(LedgerBroken, match=f"{CASE_ID}: the list of cases differs"):
            verification.verify_ledger(services_at(copy), since=entries[8].seal)
        verification.verify_ledger(services_at(copy), since=entries[-1].seal)

    def test_an_earlier_head_is_still_in_the_ledger(self, copy: Path) -> None:
        entries, _ = read(copy)
        services, since = services_at(copy), entries[11].seal
        for entry in entries:
            verification.verify_ledger(services, entry.seal, since=since)
        with pytest.raises(LedgerBroken, match="no entry has the seal"):
            verification.verify_ledger(services, "b" * 64, since=since)


class TestConstantMemory:
    def test_a_replay_that_keeps_one_case_gives_the_same(self, copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        whole = verification.verify_ledger(services_at(copy), with_replay=True)
        monkeypatch.setattr(recent_cases, "_MAX_CASES", 1)
        assert verification.verify_ledger(services_at(copy), with_replay=True) == whole

    def test_four_times_as_many_cases_take_no_more_memory(self, tmp_path: Path) -> None:
        peaks = []
        for cases in (20, 80):
            (tmp_path / str(cases)).mkdir()
            with example_setup(tmp_path / str(cases)) as setup:
                fill_store(setup, cases)
                verification.verify_ledger(setup.services)
                tracemalloc.start()
                report = verification.verify_ledger(setup.services)
                peaks.append(tracemalloc.get_traced_memory()[1])
                tracemalloc.stop()
            assert report.entries > 9 * cases
        assert peaks[1] < 1.2 * peaks[0]


def test_replay_finds_an_act_dated_before_the_one_before_it(copy: Path) -> None:
    entries, texts = read(copy)
    place = index_of(entries, "certify")
    entries[place] = entries[place]._replace(on="2018-03-01")
    write_forged(copy, entries, texts)
    assert "is before the last act" in find_faults(copy)


@pytest.mark.parametrize(
    ("was", "becomes"), [("245000000", "1000"), ("withhold", "disclose"), ('"weighed"', '"wayed"')]
)
def test_replay_finds_a_forged_part_2_text(copy: Path, was: str, becomes: str) -> None:
    entries, texts = read(copy)
    position = entries[index_of(entries, "approve")].position
    assert was in texts[position].body
    texts[position] = texts[position]._replace(body=texts[position].body.replace(was, becomes))
    write_forged(copy, entries, texts)
    assert "comes out otherwise" in find_faults(copy) or "does not follow" in find_faults(copy)


@pytest.mark.parametrize("kind", ["acted", "refused", "officer", "amended", "opened"])
@pytest.mark.parametrize("nonsense", ["", "{", "[]", "{}", "null", "7"])
def test_sealed_nonsense_is_reported(copy: Path, kind: str, nonsense: str) -> None:
    entries, texts = read(copy)
    place = next(place for place, entry in enumerate(entries) if entry.kind == kind)
    for part in ("body", "ruling"):
        other = list(entries)
        other[place] = other[place]._replace(**{part: nonsense})  # type: ignore[arg-type]
        if other == entries:
            continue
        write_forged(copy, other, texts)
        if (kind, part) != ("officer", "ruling"):
            assert find_faults(copy)


def test_replay_finds_an_entry_of_an_unknown_kind(copy: Path) -> None:
    entries, texts = read(copy)
    entries.append(entries[-1]._replace(kind="blessed", stream="blessings", position=999))
    write_forged(copy, entries, texts)
    assert "is of no kind that is known here: blessed" in find_faults(copy)


def test_each_ruling_comes_out_the_same_byte_for_byte(copy: Path) -> None:
    services = services_at(copy)
    entries, texts = read(copy)
    judged = [entry for entry in entries if entry.ruling]
    assert len(judged) == 10
    for entry in judged:
        recorded, text = json.loads(entry.ruling), texts.get(entry.position)
        bundle = services.store.load_bundle(recorded["packs"])
        assert bundle is not None
        weighed = deserialize_facts(json.loads(text.body)["weighed"]) if text else {}
        again = judge_again(recorded, long_texts(entries), weighed, text.salt if text else "", bundle)
        assert to_canonical_json(again.as_receipt()) == entry.ruling


def test_each_ruling_is_judged_by_the_packs_of_its_day(path: Path) -> None:
    """The law changes between two acts."""
    services = new_services(path)
    walk_to_stage(services, "pib")
    files, name = dict(shipped_library().files), "schemes/mopac/consent.yaml"
    files[name] = files[name].replace("is: £500,000 as stated".encode(), "is: £400,000 as stated".encode())
    assert files != shipped_library().files
    later = services_at(path, Library(files))
    commands.perform_action(later, CASE_ID, commands.TypedAct("pib-support"), request_by("chair-of-pib", "2018-03-14"))
    digests = {json.loads(entry.body)["packs"] for entry in queries.list_case_entries(later, CASE_ID)}
    assert len(digests) == 2
    assert verification.verify_ledger(later, with_replay=True).rulings == 3


def test_amendments_are_replayed(services: Services) -> None:
    walk_to_stage(services, "draft")
    steps = [
        Revision({"contract_kind": "works"}, {"title": "Secret"}),
        Revision({"title": "Public"}, {"contract_kind": "none"}, frozenset(["required_by", "confidential.financial"])),
        Revision({}, {}, frozenset(["title", "contract_kind"])),
    ]
    for revision in steps:
        commands.amend_paper(services, CASE_ID, revision, request_by(AUTHOR, "2018-03-08"))
    assert verification.verify_ledger(services, with_replay=True).rulings == 4


def test_replay_finds_a_paper_that_was_changed_under_a_ruling(copy: Path) -> None:
    """The ruling itself is left as it was."""
    entries, texts = read(copy)
    place = index_of(entries, "open", "opened")
    body = change_json(entries[place].body, lambda data: data["stated"].update({"required_by": {"day": "2018-12-31"}}))
    entries[place] = entries[place]._replace(body=body)
    write_forged(copy, entries, texts)
    verification.verify_ledger(services_at(copy))
    assert "comes out otherwise when judged again" in find_faults(copy)
