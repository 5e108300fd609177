"""Events as they are recorded and read back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from rules.errors import InputError
from tests.workflow.walk import AUTHOR, CASE, by, stages, walk
from workflow.cases.case import Confidential
from workflow.errors import LedgerBroken, Refusal
from workflow.history.record import (
    OFFICERS,
    action_of,
    event_of,
    file_of,
    officer_of,
    officers_in,
    overview,
    public_case,
    refusals_of,
    view_faults,
)
from workflow.ledger.entries import Entry, ExemptText
from workflow.ledger.ports import Overview
from workflow.services import commands as at_desk
from workflow.services import queries, verification
from workflow.services.commands import Desk, Revision

UNREADABLE_BODIES = ("x", "[" * 60_000, "5")


class Kept:
    """A record held in memory."""

    def __init__(self, entries: list[Entry], texts: list[ExemptText]) -> None:
        self.entries, self.texts = entries, texts

    def stream(self, name: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.stream == name]

    def sealed(self, name: str) -> list[Entry]:
        return self.stream(name)

    def exempt(self, name: str) -> list[ExemptText]:
        return [text for text in self.texts if text.stream == name]

    def of_kind(self, kind: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.kind == kind]

    def version(self, name: str) -> int:
        return len(self.stream(name))

    def head(self) -> tuple[int, str]:
        return self.entries[-1].position, self.entries[-1].seal

    def cases(self) -> list[Overview]:
        return []

    def knows(self, case: str) -> bool:
        return bool(self.stream(case))


def kept(desk: Desk) -> Kept:
    with desk.store.ledger() as (entries, texts, _):
        return Kept(list(entries), list(texts))


@pytest.mark.parametrize("stage", stages())
def test_a_case_is_what_its_entries_say(desk: Desk, stage: str) -> None:
    receipt = walk(desk, stage)
    file = file_of(kept(desk), CASE)
    assert file == queries.whole_record(desk, CASE)
    assert (file.case, file.head) == queries.public_record(desk, CASE)
    assert (file.case.stage, file.case.version, file.head) == (stage, receipt.version, receipt.seal)


def test_the_public_part_is_read_without_part_2(desk: Desk) -> None:
    walk(desk, "published")
    whole = kept(desk)
    case, _ = public_case(whole.stream(CASE))
    file = file_of(whole, CASE)
    assert case == file.case
    assert not case.facts.keys() & file.confidential.facts.keys()
    assert file.confidential != Confidential({})


def test_a_case_without_entries_is_no_case() -> None:
    with pytest.raises(InputError, match="no such case"):
        public_case([])
    with pytest.raises(InputError, match="no such case"):
        file_of(Kept([], []), CASE)


def test_a_case_whose_part_2_is_gone_is_not_read_as_if_it_had_none(desk: Desk) -> None:
    walk(desk, "pib")
    whole = kept(desk)
    for missing in whole.texts:
        left = Kept(whole.entries, [text for text in whole.texts if text != missing])
        if missing.stream == CASE:
            with pytest.raises(LedgerBroken, match="its Part 2 text is gone"):
                file_of(left, CASE)


@pytest.mark.parametrize("body", ["", "{", "[]", "{}", '{"action":"x"}', "null", *UNREADABLE_BODIES])
def test_an_entry_that_cannot_be_read_says_which_it_is(desk: Desk, body: str) -> None:
    walk(desk, "draft")
    entry = kept(desk).stream(CASE)[0]
    damaged = entry._replace(body=body)
    reads: list[Callable[[Entry], object]] = [lambda row: event_of(row, None), officer_of]
    if "action" not in body:
        reads.append(action_of)
    for read in reads:
        with pytest.raises(LedgerBroken, match=r"entry 8 \(MOPAC-2018-1 version 1\): cannot be read"):
            read(damaged)


@pytest.mark.parametrize("body", UNREADABLE_BODIES)
@pytest.mark.parametrize("stream", [CASE, OFFICERS, refusals_of(CASE)])
def test_a_store_with_an_unreadable_body_says_so_at_every_use(desk: Desk, path: Path, stream: str, body: str) -> None:
    walk(desk, "draft")
    with pytest.raises(Refusal):
        at_desk.act(desk, CASE, "publish", {}, by("governance-team", "2018-03-08"))
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE ledger SET body = ? WHERE stream = ? AND version = 1", (body, stream))
        raw.commit()
    uses: dict[str, list[Callable[[], object]]] = {
        CASE: [
            lambda: queries.public_record(desk, CASE),
            lambda: queries.whole_record(desk, CASE),
            lambda: queries.steps(desk, CASE),
        ],
        OFFICERS: [lambda: queries.officers(desk), lambda: at_desk.act(desk, CASE, "x", {}, by("a", "2018-03-08"))],
    }
    if stream != OFFICERS:
        uses.setdefault(stream, []).append(lambda: list(map(action_of, queries.history(desk, CASE))))
    again: list[Callable[[], object]] = [
        lambda: verification.verify(desk),
        lambda: verification.verify(desk, again=True),
    ]
    for use in uses[stream]:
        with pytest.raises(LedgerBroken, match=rf"entry \d+ \({stream} version 1\): cannot be read"):
            use()
    for use in again:
        with pytest.raises(LedgerBroken, match="was altered after it was sealed"):
            use()


@pytest.mark.parametrize("body", UNREADABLE_BODIES)
def test_an_unreadable_text_of_part_2_says_so(desk: Desk, path: Path, body: str) -> None:
    walk(desk, "draft")
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE exempt SET body = ?", (body,))
        raw.commit()
    with pytest.raises(LedgerBroken, match=r"\(MOPAC-2018-1 version 1\): cannot be read"):
        queries.whole_record(desk, CASE)
    assert queries.public_record(desk, CASE)[0].stage == "draft"


def test_the_list_of_cases_shows_the_title_where_it_is_public_else_the_number(desk: Desk) -> None:
    walk(desk, "draft")
    shown = queries.cases(desk)
    assert [(row.case, row.title) for row in shown] == [(CASE, "Smarter Working – Business Justification Paper")]
    at_desk.amend(desk, CASE, Revision({}, {"title": "A secret name"}), by(AUTHOR, "2018-03-08"))
    assert [row.title for row in queries.cases(desk)] == [CASE]


def test_a_case_that_does_not_say_when_it_was_opened_is_not_listed(desk: Desk) -> None:
    walk(desk, "draft")
    case, _ = queries.public_record(desk, CASE)
    facts = {where: value for where, value in case.facts.items() if where != "opened.on"}
    with pytest.raises(InputError, match="does not say when it was opened"):
        overview(replace(case, facts=facts))


def test_a_list_of_cases_that_differs_is_named_by_case(desk: Desk) -> None:
    walk(desk, "pib")
    entries, row = kept(desk).entries, queries.cases(desk)[0]
    said = ["MOPAC-2018-1: the list of cases differs from the ledger"]
    assert view_faults(entries, [row]) == []
    assert view_faults(entries, []) == said
    assert view_faults(entries, [row._replace(stage="dmpc")]) == said
    assert view_faults([], [row]) == said
    broken = [entry._replace(body="{") if entry.kind == "opened" else entry for entry in entries]
    assert view_faults(broken, [row]) == said


def test_a_refusal_stands_in_a_stream_of_its_own(desk: Desk) -> None:
    walk(desk, "draft")
    with pytest.raises(Refusal):
        at_desk.act(desk, CASE, "publish", {}, by("governance-team", "2018-03-08"))
    refused = kept(desk).stream(refusals_of(CASE))
    assert [(entry.kind, entry.version, entry.officer) for entry in refused] == [("refused", 1, "Governance Team")]
    body = json.loads(refused[0].body)
    assert body["action"] == "publish"
    assert body["blocked_by"][0] == "stages.in_order"


def test_officers_are_read_in_the_order_of_their_names(desk: Desk) -> None:
    names = [officer.name for officer in officers_in(kept(desk))]
    assert names == sorted(names)
    assert len(names) == 7
