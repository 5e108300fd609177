"""A command is judged without the write lock, and recorded only if what it was judged on still stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rules.packs.scheme import Scheme
from tests.workflow.walk import (
    AUTHOR,
    CASE_ID,
    PIB_CHAIR,
    act_on_case,
    load_story,
    paper_bytes,
    request_by,
    walk_to_stage,
)
from workflow.adapters.sqlite import SqliteStore
from workflow.cases.case import FullCase
from workflow.cases.publication import PublicationCheck, PublicationFindings
from workflow.errors import NotEntitled, Overtaken, Refusal
from workflow.history.serialization import refusals_stream
from workflow.ledger.ports import ReadTransaction
from workflow.services import commands, officer_commands, queries, verification
from workflow.services.command_context import Receipt
from workflow.services.commands import Revision, Services
from workflow.services.judged_commands import MAX_ATTEMPTS, WatchedReads
from workflow.services.officer_endings import Ending
from workflow.services.substitutes import name_substitutes

ON = "2018-03-14"
Meanwhile = Callable[[Services, int], object]


@dataclass
class InterruptedCheck:
    """A check of Part 1 during which somebody else does something; `judged` counts how often it ran."""

    check: PublicationCheck
    others: Services
    meanwhile: Meanwhile
    judged: int = 0

    def __call__(self, full_case: FullCase, scheme: Scheme) -> PublicationFindings:
        self.judged += 1
        self.meanwhile(self.others, self.judged)
        return self.check(full_case, scheme)


@contextmanager
def interrupted(services: Services, path: Path, meanwhile: Meanwhile) -> Iterator[tuple[Services, InterruptedCheck]]:
    """Services whose commands are interrupted while they are judged: others record something by their own store."""
    others = replace(services, store=SqliteStore(str(path), lambda: latest_instant(services)))
    check = InterruptedCheck(services.check_publication, others, meanwhile)
    yield replace(services, check_publication=check), check
    assert isinstance(others.store, SqliteStore)
    others.store.close()


def latest_instant(services: Services) -> Any:  # noqa: ANN401 - an instant
    assert isinstance(services.store, SqliteStore)
    return services.store._now()


def amend(services: Services, case_id: str, **facts: str) -> object:
    return commands.amend_paper(services, case_id, Revision(facts, {}), request_by(AUTHOR, "2018-03-08"))


def once(act: Callable[[Services], object]) -> Meanwhile:
    return lambda others, judged: act(others) if judged == 1 else None


def support(services: Services) -> Receipt:
    return act_on_case(services, "pib-support", PIB_CHAIR, ON)


def test_an_act_is_judged_again_if_its_case_changed_meanwhile(services: Services, path: Path) -> None:
    before = walk_to_stage(services, "pib")
    with interrupted(services, path, once(support)) as (mine, check), pytest.raises(Refusal) as refused:
        support(mine)
    assert check.judged == 1  # by the second time the case has left the stage, and no gate of publication is reached
    assert refused.value.ruling.blocking_controls()
    case, _ = queries.load_public_case(services, CASE_ID)
    assert (case.stage, case.version) == ("iab", before.version + 1)
    verification.verify_ledger(services, with_replay=True)


def test_an_amendment_is_recorded_after_the_one_that_came_between(services: Services, path: Path) -> None:
    before = walk_to_stage(services, "draft")
    with interrupted(services, path, once(lambda others: amend(others, CASE_ID, title="First"))) as (mine, check):
        amend(mine, CASE_ID, title="Second")
    assert check.judged == 2
    case, _ = queries.load_public_case(services, CASE_ID)
    assert (case.facts["title"], case.version) == ("Second", before.version + 2)
    verification.verify_ledger(services, with_replay=True)


def test_an_officer_whose_appointment_ended_meanwhile_may_not_act(services: Services, path: Path) -> None:
    before = walk_to_stage(services, "pib")

    def end(others: Services) -> object:
        ending = Ending("mopac", ("pib_chair",), last=date(2018, 3, 1), reason="Entered late")
        return officer_commands.end_appointment(others, PIB_CHAIR, ending, request_by(PIB_CHAIR, "2018-12-31"))

    with interrupted(services, path, once(end)) as (mine, check), pytest.raises(NotEntitled):
        support(mine)
    assert check.judged == 1
    assert queries.load_public_case(services, CASE_ID)[0].version == before.version


def test_a_refusal_is_judged_again_before_it_is_recorded(
    services: Services, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk_to_stage(services, "draft")
    refused = list[Refusal]()
    with interrupted(services, path, lambda *_: None) as (_, check):

        def submit_meanwhile(refusal: Refusal, *rest: Any) -> None:  # noqa: ANN401 - as the function takes them
            refused.append(refusal)
            act_on_case(check.others, "submit", AUTHOR, "2018-03-07")
            name_substitutes(refusal, *rest)

        monkeypatch.setattr("workflow.services.commands.name_substitutes", submit_meanwhile)
        assert support(services).stage == "iab"
    assert len(refused) == 1
    with services.store.read_transaction() as transaction:
        assert transaction.stream_version(refusals_stream(CASE_ID)) == 0
    verification.verify_ledger(services, with_replay=True)


def open_smarter_working(services: Services) -> Receipt:
    return commands.open_case_from_paper(
        services, "mopac", paper_bytes(), load_story().paper, request_by(AUTHOR, "2018-03-14")
    )


def test_what_happens_to_other_cases_is_no_reason_to_judge_again(services: Services, path: Path) -> None:
    walk_to_stage(services, "pib")
    with interrupted(services, path, once(open_smarter_working)) as (mine, check):
        assert support(mine).stage == "iab"
    assert check.judged == 1
    assert queries.load_public_case(services, "MOPAC-2018-2")[0].version == 1
    verification.verify_ledger(services, with_replay=True)


def test_after_some_attempts_the_officer_is_told_what_to_type(services: Services, path: Path) -> None:
    before = walk_to_stage(services, "draft")

    def always(others: Services, judged: int) -> object:
        return amend(others, CASE_ID, title=f"Title {judged}")

    with interrupted(services, path, always) as (mine, check), pytest.raises(Overtaken) as overtaken:
        amend(mine, CASE_ID, title="Mine")
    assert check.judged == MAX_ATTEMPTS
    assert overtaken.value.exit_code == 5
    assert CASE_ID in str(overtaken.value)
    assert overtaken.value.advice() == (
        f"Somebody acted first, and nothing was saved. See what changed (assent case history {CASE_ID}), "
        "then type the same command again."
    )
    case, _ = queries.load_public_case(services, CASE_ID)
    assert (case.facts["title"], case.version) == (f"Title {MAX_ATTEMPTS}", before.version + MAX_ATTEMPTS)
    verification.verify_ledger(services, with_replay=True)


def test_a_new_case_gets_the_next_free_number_however_many_others_are_opened(services: Services, path: Path) -> None:
    def open_another(others: Services, judged: int) -> object:
        return open_smarter_working(others) if judged <= MAX_ATTEMPTS else None

    with interrupted(services, path, open_another) as (mine, check):
        receipt = open_smarter_working(mine)
    assert check.judged == MAX_ATTEMPTS + 1
    assert receipt.case == f"MOPAC-2018-{MAX_ATTEMPTS + 1}"
    verification.verify_ledger(services, with_replay=True)


class TestWatchedReads:
    """Whatever a command can ask of the ledger is asked again under the lock."""

    QUESTIONS: tuple[tuple[str, tuple[object, ...]], ...] = (
        ("entries_without_rulings", (CASE_ID,)),
        ("sealed_entries", (CASE_ID,)),
        ("exempt_texts", (CASE_ID,)),
        ("entries_of_streams", ("documents/",)),
        ("stream_version", (CASE_ID,)),
        ("head", ()),
        ("case_summaries", ()),
        ("cases_after", (date(2018, 3, 7),)),
        ("similar_cases", ("MOPAC-2081-1",)),
        ("has_case", ("MOPAC-2018-2",)),
        ("find_case", ("mopac-2018-2",)),
        ("count_cases", ("mopac",)),
        ("has_cases", ()),
    )

    def test_no_question_is_left_out(self) -> None:
        asked = {name for name in vars(ReadTransaction) if not name.startswith("_")}
        assert {name for name, _ in self.QUESTIONS} == asked
        assert asked <= vars(WatchedReads).keys()

    @pytest.mark.parametrize(("question", "of"), QUESTIONS)
    def test_another_answer_is_noticed(self, services: Services, question: str, of: tuple[object, ...]) -> None:
        with services.store.read_transaction() as transaction:
            reads = WatchedReads(transaction)
            answer = getattr(reads, question)(*of)
            again = getattr(transaction, question)(*of)
            assert [*answer] == [*again] if isinstance(answer, Iterator) else answer == again
            assert reads.still_stand(transaction)
        walk_to_stage(services, "pib")
        open_smarter_working(services)
        with services.store.read_transaction() as transaction:
            assert not reads.still_stand(transaction)

    def test_an_entry_elsewhere_changes_no_answer(self, services: Services) -> None:
        walk_to_stage(services, "pib")
        with services.store.read_transaction() as transaction:
            reads = WatchedReads(transaction)
            assert reads.entries_without_rulings(CASE_ID)
            assert not reads.has_case("MOPAC-2018-9")
        open_smarter_working(services)
        with services.store.read_transaction() as transaction:
            assert transaction.head() != reads._head
            assert reads.still_stand(transaction)
