"""Cases are rebuilt from their entries, and what an entry records is done again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workflow.walk import AUTHOR, CASE_ID, DMPC, new_services, request_by, shipped_library, walk_to_stage
from workflow.cases.appointments import Appointment
from workflow.cases.events import Act, Open
from workflow.cases.officers import Officer
from workflow.errors import LedgerBroken, NotEntitled, Refusal
from workflow.history.replay import EventStep, RefusalStep, Replay, do_again, kept_scheme_loader
from workflow.ledger.entries import Entry
from workflow.services import commands, queries
from workflow.services.commands import Services


@pytest.fixture
def services(path: Path) -> Services:
    """A store with a case before the second board, a refused act on it, and a second case."""
    made = new_services(path)
    walk_to_stage(made, "iab")
    with pytest.raises(Refusal):
        commands.perform_action(made, CASE_ID, commands.TypedAct("approve"), request_by(DMPC, "2018-03-15"))
    commands.open_case(made, "mopac", {"title": "Another"}, {}, request_by(AUTHOR, "2018-05-01"))
    return made


def replay_of(services: Services) -> tuple[Replay, list[Entry]]:
    with services.store.read_ledger() as ledger:
        return Replay({text.position: text for text in ledger.read_exempt_texts()}), list(ledger.read_entries())


def test_the_cases_of_a_replay_are_those_of_the_store(services: Services) -> None:
    replay, entries = replay_of(services)
    for entry in entries:
        replay.take(entry)
    assert replay.full_cases == {
        summary.case: queries.load_case_snapshot(services, summary.case).full_case
        for summary in queries.list_cases(services)
    }


def test_each_step_has_the_case_before_and_after_its_entry(services: Services) -> None:
    replay, entries = replay_of(services)
    steps = [step for step in map(replay.take, entries) if isinstance(step, EventStep)]
    own = [step for step in steps if step.entry.stream == CASE_ID]
    assert own[0].before is None
    assert [step.before for step in own[1:]] == [step.after for step in own[:-1]]
    assert [step.after.case.version for step in own] == [step.entry.version for step in own]


def test_a_refusal_leaves_its_case_as_it_was(services: Services) -> None:
    replay, entries = replay_of(services)
    [step] = [step for step in map(replay.take, entries) if isinstance(step, RefusalStep)]
    assert (step.before.case.id, step.before.case.stage) == (CASE_ID, "iab")
    assert step.rebuild_command("approve", shipped_library().scheme("mopac")) == Act("approve", {})


def test_entries_of_no_case_are_passed_over(services: Services) -> None:
    replay, entries = replay_of(services)
    assert entries[0].kind == "officer"
    assert replay.take(entries[0]) is None
    assert replay.full_cases == {}


def test_a_refusal_on_a_case_that_was_not_opened_cannot_be_read(services: Services) -> None:
    replay, entries = replay_of(services)
    refusal = next(entry for entry in entries if entry.kind == "refused")
    with pytest.raises(LedgerBroken, match=r"\(refusals/MOPAC-2018-1 version 1\): cannot be read"):
        replay.take(refusal)


def test_an_act_is_done_again_by_its_officer_and_by_no_other(services: Services) -> None:
    scheme = shipped_library().scheme("mopac")
    replay, entries = replay_of(services)
    step = next(step for step in map(replay.take, entries) if isinstance(step, EventStep))
    command = step.rebuild_command(scheme)
    assert isinstance(command, Open)
    assert (
        do_again(step, command, scheme, Officer("aimee-reed", "Aimee Reed", (Appointment("author", "mopac"),))).event
        == step.event
    )
    with pytest.raises(NotEntitled):
        do_again(step, command, scheme, Officer("aimee-reed", "Aimee Reed", (Appointment("governance", "mopac"),)))


def test_kept_packs_are_read_once_and_missing_ones_are_none(services: Services) -> None:
    load_scheme = kept_scheme_loader(services.store)
    digest = services.library.bundle("mopac").digest
    scheme = load_scheme(digest)
    assert scheme is not None
    assert (scheme.id, scheme.rulebook.digest) == ("mopac", digest)
    assert load_scheme(digest) is scheme
    assert load_scheme("0" * 64) is None
