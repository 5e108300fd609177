"""What is done to stores, each for a file and for a database; a trial returns how often it was tried.

A trial fails with an assertion where a store does not hold.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any

import psycopg
import pytest

from rules.errors import Error
from tests.reliability.places import StorePlace, in_database, in_file
from tests.workflow.adapters import test_postgres, test_soundness
from tests.workflow.adapters.postgres_server import as_officer
from tests.workflow.walk import AUTHOR, CASE_ID, request_by
from workflow.adapters.tables import CaseRow, ExemptRow, LedgerRow, PackRow
from workflow.errors import Conflict
from workflow.ledger.entries import UnsealedEntry
from workflow.ledger.ports import Store
from workflow.services import commands, queries, verification
from workflow.services.commands import Revision, Services

KILLS, CREATIONS, ROUNDS = 25, 12, 20
WRITERS, ACTS = 8, 125
TABLES: tuple[Any, ...] = (LedgerRow, ExemptRow, PackRow, CaseRow)
OTHER_VALUES: dict[type, tuple[object, ...]] = {
    str: ("", "altered", "0", "2018-03-08", "A" * 64),
    int: (0, 7, -1),
    bytes: (b"", b"\xff\x00"),
}
_DAY = "2018-03-08"
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload([__name__])


def alter_values(place: StorePlace) -> int:
    """Change each column of the first, the middle and the last row of each table to other values, one at a time."""
    tried = 0
    with place.owner() as connection, place.services() as services:
        for table, column, row in _cells(place, connection):
            cell = (table, column)
            before = connection.execute(
                f'SELECT "{column}" FROM "{table}" WHERE {place.row} = {place.value}',  # noqa: S608
                (row,),
            ).fetchone()[0]
            for other in OTHER_VALUES[type(before)]:
                now = place.alter(connection, cell, row, other) if other != before else None
                if now is not None:
                    tried += 1
                    assert _is_refused(services, with_replay=table == "pack"), (cell, other)
                    row = place.alter(connection, cell, now, before)  # noqa: PLW2901 - as the database calls it now
        verification.verify_ledger(services, with_replay=True)
    return tried


def _cells(place: StorePlace, connection: Any) -> Iterator[tuple[str, str, Any]]:  # noqa: ANN401
    """Give each column of three rows of each table; rows are found anew for each, as a change can move them."""
    for table in TABLES:
        name = table.__tablename__
        order = ", ".join(f'"{column.name}"' for column in table.__table__.primary_key)
        for column in table.__table__.columns:
            for which in range(3):
                rows = connection.execute(f'SELECT {place.row} FROM "{name}" ORDER BY {order}').fetchall()  # noqa: S608
                yield name, column.name, (rows[0], rows[len(rows) // 2], rows[-1])[which][0]


def delete_rows(place: StorePlace) -> int:
    """Delete one row of each table at a time, and put it back."""
    tried = 0
    with place.owner() as connection, place.services() as services:
        for table in TABLES:
            name = table.__tablename__
            columns = ", ".join(f'"{column.name}"' for column in table.__table__.columns)
            for row in connection.execute(f'SELECT {columns} FROM "{name}"').fetchall():  # noqa: S608
                where = " AND ".join(f'"{column.name}" = {place.value}' for column in table.__table__.columns)
                connection.execute(f'DELETE FROM "{name}" WHERE {where}', row)  # noqa: S608
                tried += 1
                assert _is_refused(services, with_replay=table is PackRow), (name, row[0])
                marks = ", ".join(place.value for _ in row)
                connection.execute(f'INSERT INTO "{name}" ({columns}) VALUES ({marks})', row)  # noqa: S608
        verification.verify_ledger(services, with_replay=True)
    return tried


def _is_refused(services: Services, *, with_replay: bool = False) -> bool:
    try:
        verification.verify_ledger(services, with_replay=with_replay)
    except Error:
        return True
    return False


def kill_writers(place: StorePlace) -> int:
    """Kill a process at a random moment while it records; all it answered is recorded, and one act more at most."""
    chance = Random(17)  # noqa: S311 - not for secrets
    for _ in range(KILLS):
        receiving, sending = _processes.Pipe(duplex=False)
        writer = _processes.Process(target=_record_until_killed, args=(place, sending))
        writer.start()
        sending.close()
        told = receiving.recv()
        time.sleep(chance.random() / 5)
        writer.kill()
        writer.join()
        with suppress(EOFError):
            while True:
                told = receiving.recv()
        with place.services() as services:
            recorded = queries.load_public_case(services, CASE_ID)[0].version
            assert recorded in (told, told + 1)
            verification.verify_ledger(services)
    with place.services() as services:
        verification.verify_ledger(services, with_replay=True)
    return KILLS


def _record_until_killed(place: StorePlace, tell: Connection) -> None:
    with place.services() as services:
        for number in range(10_000):
            tell.send(_amend(services, CASE_ID, f"title {number}"))


def _amend(services: Services, case: str, title: str, expected: int | None = None) -> int:
    revision = Revision({"title": title}, {})
    return commands.amend_paper(services, case, revision, request_by(AUTHOR, _DAY, expected)).version


def kill_makers(new_place: Callable[[], StorePlace]) -> int:
    """Kill a process at a random moment while it makes a store; there is a whole one then, or none."""
    start = time.perf_counter()
    _make(new_place())
    longest, chance = 2 * (time.perf_counter() - start), Random(7)  # noqa: S311 - not for secrets
    for _ in range(CREATIONS):
        place = new_place()
        receiving, sending = _processes.Pipe(duplex=False)
        maker = _processes.Process(target=_make, args=(place, sending))
        maker.start()
        receiving.recv()
        time.sleep(chance.random() * longest)
        maker.kill()
        maker.join()
        with closing(place.open_store(as_owner=True)) as store:
            if not store.exists():
                _make(place)
            with store.read_ledger() as ledger:
                assert ledger.head()[0] == 1
    return CREATIONS


def _make(place: StorePlace, tell: Connection | None = None) -> None:
    if tell:
        tell.send("begins")
    with closing(place.open_store(as_owner=True)) as store:
        store.create(_record_first)


def _record_first(store: Store) -> None:
    with store.write_transaction() as transaction:
        transaction.append(UnsealedEntry("officers", "officer", date(2018, 3, 7), "A Reed", "{}"), 0)


def record_on_own_cases(place: StorePlace) -> int:
    """Let processes record on cases of their own at the same time; each act is recorded, in order, and none fails."""
    with place.services() as services:
        cases = [CASE_ID]
        while len(cases) < WRITERS:
            cases.append(
                commands.open_case(services, "mopac", {"title": "Another"}, {}, request_by(AUTHOR, "2018-03-07")).case
            )
        before = {case: queries.load_public_case(services, case)[0].version for case in cases}
        with _processes.Pool(WRITERS) as pool:
            pool.starmap(_amend_often, [(place, case) for case in cases], chunksize=1)
        for case in cases:
            found, _ = queries.load_public_case(services, case)
            assert (found.version, found.facts["title"]) == (before[case] + ACTS, f"{case} {ACTS - 1}")
        verification.verify_ledger(services)
    return WRITERS * ACTS


def _amend_often(place: StorePlace, case: str) -> None:
    with place.services() as services:
        for number in range(ACTS):
            _amend(services, case, f"{case} {number}")


def race_for_one_version(place: StorePlace) -> int:
    """Let two officers act on what both have seen; one is recorded, and the other is told that somebody was first."""
    with place.services() as services, ThreadPoolExecutor(2) as pool:
        for number in range(ROUNDS):
            seen = queries.load_public_case(services, CASE_ID)[0].version
            tries = [pool.submit(_amend, services, CASE_ID, f"{number} {who}", seen) for who in ("one", "other")]
            errors = [error for each in tries if (error := each.exception())]
            assert [type(error) for error in errors] == [Conflict]
            assert queries.load_public_case(services, CASE_ID)[0].version == seen + 1
    return ROUNDS


def forge_file(new_folder: Callable[[], Path], kept: Path) -> int:
    """Change the schema of a file in each way that is known; each is found."""
    for name, forge in test_soundness.FORGERIES.items():
        place = in_file(new_folder(), kept)
        forge(Path(place.address))
        with place.services() as services:
            assert _is_refused(services), name
    return len(test_soundness.FORGERIES)


def forge_database(administrator: str, source: StorePlace) -> int:
    """Change the schema of a database in each way that is known; each is found."""
    for statement, _ in test_postgres.FORGERIES:
        place = in_database(administrator, source)
        with place.owner() as connection:
            connection.execute(statement)
        with place.services() as services:
            assert _is_refused(services), statement
    return len(test_postgres.FORGERIES)


def flip_bits(place: StorePlace, flips: int) -> int:
    """Flip a bit of a file at a time; each is found, or changes nothing that is read."""
    test_soundness.test_a_flipped_bit_is_found_or_changes_nothing_that_is_read(Path(place.address), flips)
    return flips


def change_as_officer(place: StorePlace) -> int:
    """Try every kind of change with an officer's account of a database; each is refused."""
    for change in test_postgres.CHANGES:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            test_postgres.run_as_owner(as_officer(place.address), change)
    return len(test_postgres.CHANGES)
