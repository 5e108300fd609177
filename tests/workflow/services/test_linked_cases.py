"""A case names others of the same store, by their numbers and only such; each shows which cases name it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rules.errors import InputError
from tests.workflow.services.council_matters import Matters, new_matters
from tests.workflow.services.test_verification import read, write_forged
from tests.workflow.walk import (
    AUTHOR,
    CASE_ID,
    GOVERNANCE_TEAM,
    new_services,
    request_by,
    services_at,
    walk_to_stage,
)
from workflow.adapters.ledger_session import LedgerSession
from workflow.errors import LedgerBroken
from workflow.services import commands, queries, verification
from workflow.services.commands import Correction, Revision, Services

SECOND = "MOPAC-2018-2"
PUBLIC, NOTHING = {"link:part.case": SECOND, "link:part.relation": "part_of"}, dict[str, str]()


@pytest.fixture
def two_cases(path: Path) -> Services:
    """Two drafts, of which neither names the other."""
    services = new_services(path)
    walk_to_stage(services, "draft")
    commands.open_case(services, "mopac", {"title": "Second part"}, {}, request_by(AUTHOR, "2018-03-07"))
    return services


def amend(services: Services, public: dict[str, str], exempt: dict[str, str]) -> None:
    commands.amend_paper(services, CASE_ID, Revision(public, exempt), request_by(AUTHOR, "2018-03-08"))


def test_a_linked_case_is_shown_with_its_title_and_stage(two_cases: Services) -> None:
    amend(two_cases, PUBLIC, NOTHING)
    shown = queries.load_case_view(two_cases, CASE_ID, with_part_2=False).as_json()
    assert shown["links"] == [{"fact": "link:part.case", "case": SECOND, "title": "Second part", "stage": "draft"}]


def test_a_case_without_links_shows_none(two_cases: Services) -> None:
    assert queries.load_case_view(two_cases, SECOND, with_part_2=False).links == ()


def test_a_number_of_no_case_is_refused_with_the_nearest(two_cases: Services) -> None:
    with pytest.raises(InputError, match=r"link:part\.case: 'MOPAC-2018-3' is not a case") as refused:
        amend(two_cases, {"link:part.case": "MOPAC-2018-3"}, NOTHING)
    assert "MOPAC-2018-" in refused.value.advice()


def test_a_number_in_other_letters_is_refused_with_what_to_write(two_cases: Services) -> None:
    with pytest.raises(InputError, match="the number is MOPAC-2018-2") as refused:
        amend(two_cases, {"link:part.case": "mopac-2018-2"}, NOTHING)
    assert refused.value.advice() == "Write --set link:part.case=MOPAC-2018-2."


def test_a_case_does_not_name_itself(two_cases: Services) -> None:
    with pytest.raises(InputError, match="names the case itself"):
        amend(two_cases, {"link:part.case": CASE_ID}, NOTHING)


def test_a_link_in_part_2_is_checked_and_never_repeated_nor_shown(two_cases: Services) -> None:
    with pytest.raises(InputError, match="there is no case of this number") as refused:
        amend(two_cases, NOTHING, {"link:part.case": "SECRET-1"})
    assert "SECRET" not in f"{refused.value} {refused.value.advice()}"
    amend(two_cases, NOTHING, {"link:part.case": SECOND})
    for with_part_2 in (False, True):
        assert queries.load_case_view(two_cases, CASE_ID, with_part_2=with_part_2).links == ()


def test_a_new_case_can_name_an_earlier_one(two_cases: Services) -> None:
    receipt = commands.open_case(
        two_cases, "mopac", {"title": "Third", "link:first.case": CASE_ID}, {}, request_by(AUTHOR, "2018-03-09")
    )
    [link] = queries.load_case_view(two_cases, receipt.case, with_part_2=False).links
    assert (link.case, link.stage) == (CASE_ID, "draft")


class TestNamedBy:
    """A case shows which cases name it, though it says nothing of them itself."""

    def named_by(self, services: Services, case: str) -> list[tuple[str, str]]:
        shown = queries.load_case_view(services, case, with_part_2=False)
        return [(link.case, link.fact) for link in shown.named_by]

    def test_a_case_that_another_one_names_shows_it(self, two_cases: Services) -> None:
        amend(two_cases, PUBLIC, NOTHING)
        shown = queries.load_case_view(two_cases, SECOND, with_part_2=False).as_json()
        title = queries.load_public_case(two_cases, CASE_ID)[0].title
        assert shown["named_by"] == [{"fact": "link:part.case", "case": CASE_ID, "title": title, "stage": "draft"}]
        assert self.named_by(two_cases, CASE_ID) == []
        verification.verify_ledger(two_cases, with_replay=True)

    def test_a_link_that_is_taken_out_is_shown_no_more_and_one_stated_again_is(self, two_cases: Services) -> None:
        amend(two_cases, PUBLIC, NOTHING)
        removed = Revision({}, {}, frozenset(PUBLIC))
        commands.amend_paper(two_cases, CASE_ID, removed, request_by(AUTHOR, "2018-03-08"))
        assert self.named_by(two_cases, SECOND) == []
        amend(two_cases, PUBLIC, NOTHING)
        assert self.named_by(two_cases, SECOND) == [(CASE_ID, "link:part.case")]

    def test_a_link_that_goes_over_to_part_2_is_shown_no_more(self, two_cases: Services) -> None:
        amend(two_cases, PUBLIC, NOTHING)
        amend(two_cases, NOTHING, {"link:part.case": SECOND})
        assert self.named_by(two_cases, SECOND) == []

    def test_a_link_in_part_2_is_never_shown(self, two_cases: Services) -> None:
        amend(two_cases, NOTHING, {"link:part.case": SECOND})
        assert self.named_by(two_cases, SECOND) == []
        with two_cases.store.read_transaction() as transaction:
            assert not transaction.entries_of_streams("links/")

    def test_several_cases_are_shown_in_the_order_in_which_they_came_to_name_it(self, two_cases: Services) -> None:
        for title in ("Third", "Fourth"):
            facts = {"title": title, "link:first.case": CASE_ID}
            commands.open_case(two_cases, "mopac", facts, {}, request_by(AUTHOR, "2018-03-09"))
        named_by = [("MOPAC-2018-3", "link:first.case"), ("MOPAC-2018-4", "link:first.case")]
        assert self.named_by(two_cases, CASE_ID) == named_by

    def test_nothing_is_sought_among_all_cases(self, two_cases: Services, monkeypatch: pytest.MonkeyPatch) -> None:
        amend(two_cases, PUBLIC, NOTHING)
        for reader in ("case_summaries", "entries_of_streams", "read_entries"):
            monkeypatch.delattr(LedgerSession, reader)
        assert self.named_by(two_cases, SECOND) == [(CASE_ID, "link:part.case")]

    def test_what_already_stood_in_a_case_is_recorded_once(self, two_cases: Services) -> None:
        amend(two_cases, PUBLIC, NOTHING)
        amend(two_cases, {"title": "Another title"}, NOTHING)
        with two_cases.store.read_transaction() as transaction:
            assert len(transaction.entries_of_streams("links/")) == 1

    def test_a_forged_entry_of_a_link_is_found_by_replay(self, two_cases: Services, path: Path) -> None:
        amend(two_cases, PUBLIC, NOTHING)
        two_cases.store.close()
        entries, texts = read(path)
        place = next(place for place, entry in enumerate(entries) if entry.kind == "named")
        entries[place] = entries[place]._replace(body=entries[place].body.replace("part", "other"))
        write_forged(path, entries, texts)
        with pytest.raises(LedgerBroken, match="says that MOPAC-2018-1 names a case, which it does not"):
            verification.verify_ledger(services_at(path), with_replay=True)


class TestWrongLinks:
    """Wherever a number can be stated: in a paper, a new case, an act, or a correction."""

    @pytest.fixture
    def matters(self, path: Path) -> Matters:
        return new_matters(path)

    def test_a_new_case_cannot_name_the_number_that_it_gets(self, matters: Matters) -> None:
        request = request_by("author", "2026-05-04")
        facts = {"title": "x", "replaces.case": "EBC-2026-1"}
        for public, exempt in ((facts, {}), ({"title": "x"}, {"replaces.case": "EBC-2026-1"})):
            with pytest.raises(InputError, match=r"replaces\.case names the case itself"):
                commands.open_case(matters.services, "council", public, exempt, request)

    def test_two_decisions_cannot_replace_each_other(self, matters: Matters) -> None:
        first, second, third = (matters.open("05-04") for _ in range(3))
        matters.amend(second, "05-04", {"replaces.case": first})
        matters.amend(third, "05-04", {"replaces.case": second})
        with pytest.raises(
            InputError, match="would lead in a circle: EBC-2026-1 → EBC-2026-3 → EBC-2026-2 → EBC-2026-1"
        ):
            matters.amend(first, "05-04", {"replaces.case": third})

    def test_one_decision_may_replace_several_in_turn(self, matters: Matters) -> None:
        first, second, third = (matters.open("05-04") for _ in range(3))
        matters.amend(second, "05-04", {"replaces.case": first})
        matters.amend(third, "05-04", {"replaces.case": first})
        assert matters.facts(third)["replaces.case"] == first

    def test_cases_decided_together_name_each_other(self, matters: Matters) -> None:
        first, second = matters.open("05-04"), matters.open("05-04")
        matters.amend(first, "05-04", {"link:other.case": second})
        matters.amend(second, "05-04", {"link:other.case": first})
        shown = queries.load_case_view(matters.services, first, with_part_2=False)
        assert [link.case for link in shown.links] == [link.case for link in shown.named_by] == [second]

    def test_a_case_may_name_one_of_a_later_number(self, matters: Matters) -> None:
        first, second = matters.open("05-04"), matters.open("05-05")
        matters.amend(first, "05-05", {"link:part.case": second})
        assert matters.facts(first)["link:part.case"] == second

    def test_a_case_cannot_be_named_on_a_day_before_it_was_opened(self, matters: Matters) -> None:
        first, second = matters.open("05-04"), matters.open("05-06")
        with pytest.raises(InputError, match=f"link:part.case: {second} was not open yet on 2026-05-05") as refused:
            matters.amend(first, "05-05", {"link:part.case": second})
        assert "--on" in refused.value.advice()
        with pytest.raises(InputError, match="that case was not open yet on 2026-05-05") as refused:
            matters.amend(first, "05-05", {}, {"link:part.case": second})
        assert second not in str(refused.value)

    @pytest.mark.parametrize(
        ("number", "message"),
        [("EBC-2026-99", "is not a case"), ("EBC-2026-1", "names the case itself"), ("ebc-2026-2", "the number is")],
    )
    def test_an_act_names_only_a_case_that_is_there(self, matters: Matters, number: str, message: str) -> None:
        case, _ = matters.open("05-04"), matters.open("05-04")
        matters.bring_to_decision(case, "05-05")
        matters.decide(case, "05-05")
        matters.act(case, "publish", "proper-officer", "05-05")
        matters.act(case, "implement", "chief-officer", "05-05")
        stated = {"superseded_by": "OD 2", "replaced_by.case": number}
        with pytest.raises(InputError, match=message):
            matters.act(case, "record-replacement", "proper-officer", "05-06", stated)

    def test_a_correction_names_only_a_case_that_is_there(self, path: Path) -> None:
        services = new_services(path)
        walk_to_stage(services, "published")
        for number, message in (("MOPAC-2018-9", "is not a case"), (CASE_ID, "names the case itself")):
            wrong = Correction({"link:part.case": number}, {}, "A slip.")
            with pytest.raises(InputError, match=message):
                commands.correct_case(services, CASE_ID, wrong, request_by(GOVERNANCE_TEAM, "2018-05-01"))
