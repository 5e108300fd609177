"""The days that need somebody: which, whose, by which clause, how known, and how late."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from rules.values.facts import FactValue
from tests.workflow.walk import AUTHOR, CASE_ID, new_services, request_by, services_at, walk_to_stage
from workflow.services import commands as at_desk
from workflow.services.commands import Request, ReviewOutcome, Revision, Services
from workflow.services.diary import DueDate, find_due_dates

S43 = "exemption:s43"


def opened(desk: Services, public: Mapping[str, FactValue], exempt: Mapping[str, FactValue] | None = None) -> None:
    at_desk.open_case(desk, "mopac", public, exempt or {}, request_by(AUTHOR, "2018-03-07"))


def kinds(found: tuple[DueDate, ...]) -> list[tuple[str, str]]:
    return [(one.kind, one.day.isoformat()) for one in found]


class TestTheRealCase:
    """“Date when confidentiality should be reviewed: 7 March 2023” (decision PCD 361)."""

    @pytest.fixture
    def published(self, desk: Services) -> Services:
        walk_to_stage(desk, "published")
        return desk

    @pytest.mark.parametrize(("by_day", "count"), [("2023-03-06", 0), ("2023-03-07", 1), ("2023-03-08", 1)])
    def test_its_review_comes_due_on_7_march_2023(self, published: Services, by_day: str, count: int) -> None:
        assert len(find_due_dates(published, date.fromisoformat(by_day))) == count

    def test_it_names_owner_clause_and_working(self, published: Services) -> None:
        [one] = find_due_dates(published, date(2023, 3, 7))
        assert one.as_json() == {
            "case": CASE_ID,
            "kind": "part_2_review",
            "label": "Review of what is withheld in Part 2",
            "subject": S43,
            "day": "2023-03-07",
            "owner": "Governance officer: Governance Team",
            "citation": {
                "instrument": "Freedom of Information Act 2000 (c. 36)",
                "provision": "s.2(2)(b)",
                "link": "https://ico.org.uk/for-organisations/section-43-commercial-interests/",
                "basis": "secondary",
            },
            "working": f"stated as {S43}.review_on in Part 1",
            "working_days_late": None,
        }

    @pytest.mark.parametrize(
        ("today", "late"),
        [("2023-03-07", None), ("2023-03-08", 1), ("2023-03-13", 4), ("2023-04-11", 23), ("2099-01-01", None)],
    )
    def test_it_counts_the_working_days_since(
        self, published: Services, path: Path, today: str, late: int | None
    ) -> None:
        """7 and 10 April 2023 were Good Friday and Easter Monday; for 2099 nobody has listed the holidays."""
        published.store.close()
        [one] = find_due_dates(services_at(path, today=date.fromisoformat(today)), date(2099, 1, 1))
        assert one.working_days_late == late

    def test_two_who_bear_the_role_are_not_named(self, published: Services) -> None:
        at_desk.add_officer(published, "Another", "mopac", ["governance"], Request("", date(2018, 3, 1)))
        [one] = find_due_dates(published, date(2023, 3, 7))
        assert one.owner == "Governance officer"

    def test_after_it_is_extended_the_new_day_is_due_instead(self, published: Services) -> None:
        said = {f"{S43}.review_on": "2025-03-07", f"{S43}.public_interest": "withhold"}
        said |= {f"{S43}.public_interest_reasons": "Prices are agreed anew."}
        at_desk.record_review(
            published, CASE_ID, ReviewOutcome(S43, "extend", said), request_by("governance-team", "2018-06-01")
        )
        assert kinds(find_due_dates(published, date(2099, 1, 1))) == [("part_2_review", "2025-03-07")]

    def test_after_all_is_released_nothing_is_due(self, published: Services) -> None:
        finish = ReviewOutcome(S43, "release-in-full", {f"{S43}.released": "All of it."})
        at_desk.record_review(published, CASE_ID, finish, request_by("governance-team", "2018-06-01"))
        assert find_due_dates(published, date(2099, 1, 1)) == ()

    def test_a_day_of_release_is_due_beside_the_day_of_review(self, desk: Services) -> None:
        opened(desk, {f"{S43}.review_on": date(2020, 1, 2), f"{S43}.release_on": date(2020, 1, 3)})
        assert kinds(find_due_dates(desk, date(2099, 1, 1))) == [
            ("part_2_review", "2020-01-02"),
            ("part_2_release", "2020-01-03"),
        ]


class TestDecisionsRequired:
    def test_a_decision_is_due_until_it_is_taken(self, desk: Services) -> None:
        walk_to_stage(desk, "dmpc")
        [one] = find_due_dates(desk, date(2018, 3, 30))
        assert (one.kind, one.owner) == ("decision_required", "Deputy Mayor for Policing and Crime: Deputy Mayor")

    def test_a_decision_that_was_taken_late_is_not_due(self, desk: Services) -> None:
        walk_to_stage(desk, "publication")
        assert find_due_dates(desk, date(2018, 3, 30)) == ()

    def test_a_case_that_was_withdrawn_needs_none(self, desk: Services) -> None:
        opened(desk, {"required_by": date(2018, 3, 30)})
        assert kinds(find_due_dates(desk, date(2018, 3, 30))) == [("decision_required", "2018-03-30")]
        at_desk.perform_action(
            desk, CASE_ID, "withdraw", {"send_back.reason": "Not needed."}, request_by(AUTHOR, "2018-03-08")
        )
        assert find_due_dates(desk, date(2018, 3, 30)) == ()


DEFERRED: Mapping[str, FactValue] = {"deferral.asked": True, "deferral.until": date(2018, 6, 1)}


class TestDeferrals:
    def test_a_deferral_ends_on_its_day(self, desk: Services) -> None:
        opened(desk, DEFERRED)
        assert find_due_dates(desk, date(2018, 5, 31)) == ()
        assert kinds(find_due_dates(desk, date(2018, 6, 1))) == [("deferral_ends", "2018-06-01")]

    def test_what_is_not_deferred_has_no_day(self, desk: Services) -> None:
        opened(desk, {**DEFERRED, "deferral.asked": False})
        assert find_due_dates(desk, date(2018, 6, 1)) == ()

    def test_what_is_published_is_not_deferred_any_more(self, desk: Services) -> None:
        at_desk.open_case_from_paper(
            desk,
            "mopac",
            b"scheme: mopac\nstage: published\npublic: {deferral.asked: true, deferral.until: 2018-06-01}\n"
            b"recorded: {decided_on: 2018-04-16, publication.outcome: published}\n",
            "p.yaml",
            request_by(AUTHOR, "2018-05-01"),
        )
        assert find_due_dates(desk, date(2018, 6, 1)) == ()


class TestPart2:
    def test_a_day_that_is_held_in_part_2_comes_due_and_is_said_to_be_held_there(self, desk: Services) -> None:
        opened(desk, {f"{S43}.section": "s43"}, {f"{S43}.review_on": date(2020, 1, 2)})
        [one] = find_due_dates(desk, date(2020, 1, 2))
        assert (one.day, one.subject, one.explanation) == (
            date(2020, 1, 2),
            S43,
            f"stated as {S43}.review_on, held in Part 2",
        )

    def test_the_name_of_a_subject_that_only_part_2_knows_is_not_told(self, desk: Services) -> None:
        opened(desk, {}, {"exemption:zebra.section": "s43", "exemption:zebra.review_on": date(2020, 1, 2)})
        [one] = find_due_dates(desk, date(2020, 1, 2))
        assert one.subject == "exemption:held in Part 2"
        assert "zebra" not in repr(one)

    def test_the_earliest_stand_first(self, desk: Services) -> None:
        opened(desk, {"required_by": date(2018, 4, 3), f"{S43}.review_on": date(2018, 4, 2)})
        opened(desk, {"required_by": date(2018, 4, 1)})
        found = find_due_dates(desk, date(2018, 4, 3))
        assert [one.day.day for one in found] == [1, 2, 3]

    def test_without_a_day_it_looks_as_far_as_today(self, path: Path) -> None:
        desk = new_services(path)
        opened(desk, {"required_by": date(2018, 4, 3)})
        desk.store.close()
        assert find_due_dates(services_at(path, today=date(2018, 4, 2))) == ()
        assert len(find_due_dates(services_at(path, today=date(2018, 4, 3)))) == 1

    def test_a_day_moved_to_part_2_is_due_all_the_same(self, desk: Services) -> None:
        opened(desk, {f"{S43}.section": "s43", f"{S43}.review_on": date(2020, 1, 2)})
        at_desk.amend_paper(
            desk, CASE_ID, Revision({}, {f"{S43}.review_on": "2020-02-03"}), request_by(AUTHOR, "2018-03-07")
        )
        assert kinds(find_due_dates(desk, date(2099, 1, 1))) == [("part_2_review", "2020-02-03")]
