"""The diary: which days are due, whose they are, by which clause, how they are known, and how late they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import ClassVar

import pytest

from rules.authoring.data_files import read_manual_example
from rules.packs.library import Library
from rules.values.evidence import IN_PART_2
from rules.values.facts import FactValue
from tests.workflow.walk import AUTHOR, CASE_ID, new_services, request_by, services_at, walk_to_stage
from workflow.adapters.sqlite import SqliteStore
from workflow.services import commands, officer_commands
from workflow.services.commands import Request, ReviewOutcome, Revision, Services
from workflow.services.diary import DueDate, find_due_dates

S43 = "exemption:s43"


def open_case(
    services: Services, public: Mapping[str, FactValue], exempt: Mapping[str, FactValue] | None = None
) -> None:
    commands.open_case(services, "mopac", public, exempt or {}, request_by(AUTHOR, "2018-03-07"))


def kinds_and_days(due_dates: tuple[DueDate, ...]) -> list[tuple[str, str]]:
    return [(due.kind, due.day.isoformat()) for due in due_dates]


class TestTheRealCase:
    """“Date when confidentiality should be reviewed: 7 March 2023” (decision PCD 361)."""

    @pytest.fixture
    def published(self, services: Services) -> Services:
        walk_to_stage(services, "published")
        return services

    @pytest.mark.parametrize(("by_day", "count"), [("2023-03-06", 0), ("2023-03-07", 1), ("2023-03-08", 1)])
    def test_its_review_is_due_on_7_march_2023(self, published: Services, by_day: str, count: int) -> None:
        assert len(find_due_dates(published, date.fromisoformat(by_day))) == count

    def test_it_names_owner_clause_and_working(self, published: Services) -> None:
        [due] = find_due_dates(published, date(2023, 3, 7))
        said = due.as_json()
        cited = said.pop("citation")
        assert (cited["kind"], cited["basis"]) == ("policy", "read")
        assert cited["instrument"].startswith("MOPAC decision form")
        assert said == {
            "case": CASE_ID,
            "kind": "part_2_review",
            "label": "Review the information withheld in Part 2",
            "subject": S43,
            "day": "2023-03-07",
            "owner": "Governance officer: Governance Team",
            "working": f"stated as {S43}.review_on in Part 1",
            "working_days_late": None,
        }

    @pytest.mark.parametrize(
        ("today", "expected"),
        [("2023-03-07", None), ("2023-03-08", 1), ("2023-03-13", 4), ("2023-04-11", 23), ("2099-01-01", None)],
    )
    def test_it_counts_the_working_days_since(
        self, published: Services, path: Path, today: str, expected: int | None
    ) -> None:
        """7 and 10 April 2023 were Good Friday and Easter Monday; the holidays of 2099 are not listed."""
        published.store.close()
        [due] = find_due_dates(services_at(path, today=date.fromisoformat(today)), date(2099, 1, 1))
        assert due.working_days_late == expected

    def test_two_officers_with_the_role_are_not_named(self, published: Services) -> None:
        officer_commands.add_officer(
            published, "Another", officer_commands.RoleAppointment("mopac", ("governance",)), Request("r-lawrence")
        )
        [due] = find_due_dates(published, date(2023, 3, 7))
        assert due.owner == "Governance officer"

    def test_an_extension_replaces_the_review_day(self, published: Services) -> None:
        typed = {f"{S43}.review_on": "2025-03-07", f"{S43}.public_interest": "withhold"}
        typed |= {f"{S43}.public_interest_reasons": "Prices are agreed anew."}
        commands.record_review(
            published, CASE_ID, ReviewOutcome(S43, "extend", typed), request_by("governance-team", "2018-06-01")
        )
        assert kinds_and_days(find_due_dates(published, date(2099, 1, 1))) == [("part_2_review", "2025-03-07")]

    def test_after_a_full_release_nothing_is_due(self, published: Services) -> None:
        outcome = ReviewOutcome(S43, "release-in-full", {f"{S43}.released": "All of it."})
        commands.record_review(published, CASE_ID, outcome, request_by("governance-team", "2018-06-01"))
        assert find_due_dates(published, date(2099, 1, 1)) == ()

    def test_a_release_day_is_due_beside_the_review_day(self, services: Services) -> None:
        open_case(services, {f"{S43}.review_on": date(2020, 1, 2), f"{S43}.release_on": date(2020, 1, 3)})
        assert kinds_and_days(find_due_dates(services, date(2099, 1, 1))) == [
            ("part_2_review", "2020-01-02"),
            ("part_2_release", "2020-01-03"),
        ]


class TestDecisionsRequired:
    def test_a_decision_is_due_until_it_is_taken(self, services: Services) -> None:
        walk_to_stage(services, "dmpc")
        [due] = find_due_dates(services, date(2018, 3, 30))
        assert (due.kind, due.owner) == ("decision_required", "Deputy Mayor for Policing and Crime: Deputy Mayor")

    def test_a_decision_taken_late_is_no_longer_due(self, services: Services) -> None:
        walk_to_stage(services, "publication")
        assert find_due_dates(services, date(2018, 3, 30)) == ()

    def test_a_withdrawn_case_needs_no_decision(self, services: Services) -> None:
        open_case(services, {"required_by": date(2018, 3, 30)})
        assert kinds_and_days(find_due_dates(services, date(2018, 3, 30))) == [("decision_required", "2018-03-30")]
        commands.perform_action(
            services,
            CASE_ID,
            commands.TypedAct("withdraw", {"send_back.reason": "Not needed."}),
            request_by(AUTHOR, "2018-03-08"),
        )
        assert find_due_dates(services, date(2018, 3, 30)) == ()


DEFERRED: Mapping[str, FactValue] = {"deferral.asked": True, "deferral.until": date(2018, 6, 1)}


class TestDeferrals:
    def test_a_deferral_ends_on_its_day(self, services: Services) -> None:
        open_case(services, DEFERRED)
        assert find_due_dates(services, date(2018, 5, 31)) == ()
        assert kinds_and_days(find_due_dates(services, date(2018, 6, 1))) == [("deferral_ends", "2018-06-01")]

    def test_a_case_without_a_deferral_has_no_day(self, services: Services) -> None:
        open_case(services, {**DEFERRED, "deferral.asked": False})
        assert find_due_dates(services, date(2018, 6, 1)) == ()

    def test_a_published_case_is_no_longer_deferred(self, services: Services) -> None:
        commands.open_case_from_paper(
            services,
            "mopac",
            b"scheme: mopac\nstage: published\npublic: {deferral.asked: true, deferral.until: 2018-06-01}\n"
            b"recorded: {decided_on: 2018-04-16, publication.outcome: published}\n",
            "p.yaml",
            request_by(AUTHOR, "2018-05-01"),
        )
        assert find_due_dates(services, date(2018, 6, 1)) == ()


class TestPart2:
    def test_a_day_in_part_2_is_due_and_marked_as_held_there(self, services: Services) -> None:
        open_case(services, {f"{S43}.section": "s43"}, {f"{S43}.review_on": date(2020, 1, 2)})
        [due] = find_due_dates(services, date(2020, 1, 2))
        assert (due.day, due.subject, due.explanation) == (
            date(2020, 1, 2),
            S43,
            f"stated as {S43}.review_on, held in Part 2",
        )

    def test_a_subject_that_only_part_2_names_stays_hidden(self, services: Services) -> None:
        open_case(services, {}, {"exemption:zebra.section": "s43", "exemption:zebra.review_on": date(2020, 1, 2)})
        [due] = find_due_dates(services, date(2020, 1, 2))
        assert due.subject == "exemption:held in Part 2"
        assert "zebra" not in repr(due)

    def test_the_earliest_days_come_first(self, services: Services) -> None:
        open_case(services, {"required_by": date(2018, 4, 3), f"{S43}.review_on": date(2018, 4, 2)})
        open_case(services, {"required_by": date(2018, 4, 1)})
        due_dates = find_due_dates(services, date(2018, 4, 3))
        assert [due.day.day for due in due_dates] == [1, 2, 3]

    def test_the_diary_runs_up_to_today_by_default(self, path: Path) -> None:
        services = new_services(path)
        open_case(services, {"required_by": date(2018, 4, 3)})
        services.store.close()
        assert find_due_dates(services_at(path, today=date(2018, 4, 2))) == ()
        assert len(find_due_dates(services_at(path, today=date(2018, 4, 3)))) == 1

    def test_a_day_moved_to_part_2_is_still_due(self, services: Services) -> None:
        open_case(services, {f"{S43}.section": "s43", f"{S43}.review_on": date(2020, 1, 2)})
        commands.amend_paper(
            services, CASE_ID, Revision({}, {f"{S43}.review_on": "2020-02-03"}), request_by(AUTHOR, "2018-03-07")
        )
        assert kinds_and_days(find_due_dates(services, date(2099, 1, 1))) == [("part_2_review", "2020-02-03")]


class TestTheOwnerThatTheCaseNames:
    """A day of the manual's scheme names its owner by the fact `exemption.reviewer`."""

    FACTS: ClassVar = {
        "exemption:pond.section": "s8",
        "exemption:pond.reviewer": "R Vole",
        "exemption:pond.review_on": "2024-06-01",
    }

    @pytest.fixture
    def parks(self, tmp_path: Path) -> Services:
        services = services_at(tmp_path / "parks.db", Library(read_manual_example()), date(2024, 6, 1))
        assert isinstance(services.store, SqliteStore)
        services.store.create()
        for name, roles in (("A Author", ("author",)), ("Clara Clerk", ("clerk",))):
            officer_commands.add_officer(
                services, name, officer_commands.RoleAppointment("example", roles), Request("", date(2024, 1, 2))
            )
        return services

    def owner_of(self, services: Services, public: Mapping[str, str], exempt: Mapping[str, str]) -> str:
        request = Request("a-author", date(2024, 1, 2))
        scheme = services.library.scheme("example")
        parts = [{fact: scheme.fact_declaration(fact.replace(":pond", "")).parse(text) for fact, text in part.items()}
                 for part in (public, exempt)]  # fmt: skip
        commands.open_case(services, "example", parts[0], parts[1], request)
        [due] = find_due_dates(services, date(2024, 6, 1))
        return due.owner

    def test_it_is_shown(self, parks: Services) -> None:
        assert self.owner_of(parks, self.FACTS, {}) == "R Vole"

    def test_without_a_name_the_roles_of_the_scheme_see_to_it(self, parks: Services) -> None:
        unnamed = {fact: text for fact, text in self.FACTS.items() if not fact.endswith("reviewer")}
        assert self.owner_of(parks, unnamed, {}) == "Clerk to the committee: Clara Clerk"

    def test_a_name_that_part_2_holds_is_not_shown(self, parks: Services) -> None:
        public = {"exemption:pond.section": "s8", "exemption:pond.review_on": "2024-06-01"}
        assert self.owner_of(parks, public, {"exemption:pond.reviewer": "R Vole"}) == IN_PART_2
