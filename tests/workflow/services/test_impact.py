"""Impact of changed law: each changed finding has its clause, and each ruling that cannot be judged is named."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from rules.errors import InputError
from rules.packs.library import Library
from rules.values.facts import FactValue
from rules.values.money import Money, Vat
from tests.workflow.cases.test_review import FRESH, GOVERNANCE, S43
from tests.workflow.cases.test_review import NEXT as NEXT_REVIEW
from tests.workflow.walk import (
    AUTHOR,
    CASE_ID,
    DMPC,
    TODAY,
    act_on_case,
    new_services,
    paper_bytes,
    request_by,
    services_at,
    shipped_library,
    walk_to_stage,
)
from workflow.errors import Refusal
from workflow.ledger.entries import Entry, ExemptText
from workflow.services import commands, queries, verification
from workflow.services.commands import ReviewOutcome, Services
from workflow.services.impact import (
    ChangedFinding,
    Impact,
    ImpactQuery,
    LedgerRows,
    assess_impact,
    find_governing_day_facts,
    parse_last_instant,
    replace_governing_days,
)

PROCUREMENT = "law/public-contracts-2015.yaml"
GROUND, AFTER_IT = "  procurement.modification_ground:", "  procurement.modification_within_half:"
NEXT = "MOPAC-2018-2"
NOT_HELD = "not_held.public_contracts_2015_performance"
OPENED_ON = "2018-05-01"


@pytest.fixture(scope="module")
def store_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with a published case, and a draft of the same paper with a refusal."""
    path = tmp_path_factory.mktemp("impact") / "assent.db"
    services = new_services(path)
    walk_to_stage(services, "published")
    commands.open_case_from_paper(services, "mopac", paper_bytes(), "paper.yaml", request_by(AUTHOR, OPENED_ON))
    with pytest.raises(Refusal):
        commands.perform_action(services, NEXT, commands.TypedAct("approve"), request_by(DMPC, OPENED_ON))
    services.store.close()
    return path


@pytest.fixture
def services(store_path: Path, path: Path) -> Iterator[Services]:
    shutil.copy(store_path, path)
    made = services_at(path)
    yield made
    made.store.close()


def changed_packs(file: str, *pairs: tuple[str, str]) -> Library:
    """Return the shipped packs with texts of one file replaced."""
    text = shipped_library().files[file].decode()
    for here, there in pairs:
        assert here in text, here
        text = text.replace(here, there)
    return Library({**shipped_library().files, file: text.encode()})


def with_higher_threshold() -> Library:
    return changed_packs("law/procurement-thresholds.yaml", ("£181,302 ex VAT", "£9,000,000 ex VAT"))


def assess(
    services: Services, packs: Library | None = None, on: date | None = None, known_at: datetime | None = None
) -> Impact:
    return assess_impact(
        services.store, ImpactQuery(packs or shipped_library(), shipped_library(), TODAY, on, known_at)
    )


def outcomes_of(found: Sequence[ChangedFinding]) -> list[tuple[str, str, str, str | None, str | None]]:
    return [(one.case, one.action, one.control, one.outcome_before, one.outcome_after) for one in found]


NEXT_ACTS = sum(len(shipped_library().scheme("mopac").actions_at(stage)) for stage in ("draft", "published"))
"""The acts that the two cases may do next, one of them in draft and one published."""


class TestChangedPacks:
    def test_under_the_same_packs_nothing_would_change(self, services: Services) -> None:
        found = assess(services)
        assert (found.changed_findings, found.unjudged) == ([], [])
        assert found.rulings == verification.verify_ledger(services, with_replay=True).rulings + NEXT_ACTS
        assert found.cases == {CASE_ID, NEXT}

    def test_a_higher_threshold_is_listed_for_each_act_that_it_touches(self, services: Services) -> None:
        found = assess(services, with_higher_threshold())
        route = "procurement.route_stated"
        turned = [one for one in found.changed_findings if one.control == route]
        assert outcomes_of(turned) == [
            (CASE_ID, "submit", route, "satisfied", "not_applicable"),
            (CASE_ID, "approve", route, "satisfied", "not_applicable"),
            (NEXT, "approve", route, "satisfied", "not_applicable"),
            (NEXT, "submit", route, "satisfied", "not_applicable"),
        ]
        assert [bool(one.entry) for one in turned] == [True, True, True, False]
        assert [(one.was_gate_open, one.is_gate_open) for one in turned[:2]] == [(True, True)] * 2
        assert all(one.citation and one.citation.provision == "regs 26 to 32, 33 and 72" for one in turned)
        assert {one.control for one in found.changed_findings} == {route, NOT_HELD}

    def test_an_act_that_would_be_refused_names_the_controls(self, services: Services) -> None:
        found = assess(
            services,
            changed_packs(
                PROCUREMENT, ("          - framework\n          - modification\n", "          - framework\n")
            ),
        )
        submitted = found.changed_findings[0]
        assert (submitted.outcome_before, submitted.outcome_after) == ("satisfied", "breached")
        assert (submitted.was_gate_open, submitted.is_gate_open) == (True, False)
        assert submitted.blocked_by == ("procurement.route_stated",)

    def test_a_removed_control_is_named_with_its_old_clause(self, services: Services) -> None:
        text = shipped_library().files[PROCUREMENT].decode()
        without = text[: text.index(GROUND)] + text[text.index(AFTER_IT) :]
        found = assess(services, Library({**shipped_library().files, PROCUREMENT: without.encode()}))
        gone = [one for one in found.changed_findings if one.control == "procurement.modification_ground"]
        assert len(gone) == len(found.changed_findings) > 0
        assert {(one.outcome_before, one.outcome_after) for one in gone} == {("satisfied", None)}
        assert {one.citation.provision for one in gone if one.citation} == {
            "reg 72(1) and (9), with reg 118(5B) to (5D)"
        }

    def test_a_new_control_is_a_change_unless_it_does_not_apply(self, services: Services) -> None:
        text = shipped_library().files[PROCUREMENT].decode()
        ground = text[text.index(GROUND) : text.index(AFTER_IT)]
        breached = (
            ground.replace("modification_ground:", "route_open:", 1)
            .replace("modification_ground: {known", "contract_kind: {known")
            .replace("{known: true}", "{is: none}")
        )
        idle = ground.replace("procurement.modification_ground:", "procurement.idle:").replace(
            "{is: modification}", "{is: open}"
        )
        changed = text.replace(AFTER_IT, f"{breached}\n{idle}\n{AFTER_IT}", 1)
        packs = Library({**shipped_library().files, PROCUREMENT: changed.encode()})
        found = assess(services, packs).changed_findings
        assert {(one.control, one.outcome_before, one.outcome_after) for one in found} == {
            ("procurement.route_open", None, "breached")
        }

    def test_a_fact_of_a_changed_kind_is_omitted_and_named(self, services: Services) -> None:
        other = ("official_sensitive_commercial", "official_sensitive_other")
        found = assess(services, changed_packs("law/security-classification.yaml", other))
        assert {one.reason for one in found.unjudged} == {
            f"the value of {fact} no longer fits its declaration; judged without it"
            for fact in ("part_2.marking", "section.marking")
        }
        assert "part_2.marked" in {one.control for one in found.changed_findings}


class TestReviews:
    """A review is judged with the facts that it states, whether it was accepted or refused."""

    @pytest.fixture
    def reviewed(self, services: Services) -> Services:
        nearly = ReviewOutcome(S43, "extend", NEXT_REVIEW, {})
        with pytest.raises(Refusal):
            commands.record_review(services, CASE_ID, nearly, request_by(GOVERNANCE, "2018-06-01"))
        commands.record_review(services, CASE_ID, replace(nearly, exempt=FRESH), request_by(GOVERNANCE, "2018-06-01"))
        with pytest.raises(Refusal):
            commands.record_review(
                services, CASE_ID, ReviewOutcome(S43, "release-in-full"), request_by(GOVERNANCE, "2018-06-02")
            )
        return services

    def test_under_the_same_packs_nothing_would_change(self, reviewed: Services) -> None:
        found = assess(reviewed)
        assert (found.changed_findings, found.unjudged) == ([], [])
        assert found.rulings == verification.verify_ledger(reviewed, with_replay=True).rulings + NEXT_ACTS

    def test_changed_law_changes_their_findings(self, reviewed: Services) -> None:
        replacement = ("one_of: [extended, released_in_part]", "one_of: [released]")
        found = assess(reviewed, changed_packs("law/part-2-review.yaml", replacement)).changed_findings
        assert {
            (one.action, one.outcome_before, one.outcome_after)
            for one in found
            if one.control == "review.tested_afresh"
        } == {
            ("extend", "breached", "not_applicable"),
            ("extend", "satisfied", "not_applicable"),
            ("release-in-full", "not_applicable", "satisfied"),
        }

    def test_under_the_law_of_another_day_the_review_is_of_that_day(self, reviewed: Services) -> None:
        found = assess(reviewed, on=date(2018, 5, 28))
        assert [one for one in found.changed_findings if one.control.startswith("review.")] == []


class TestMissingPacks:
    def test_a_ruling_without_its_packs_is_named_and_not_judged(self, services: Services, path: Path) -> None:
        rulings = assess(services).rulings
        services.store.close()
        with closing(sqlite3.connect(path, isolation_level=None)) as raw:
            raw.execute("DELETE FROM pack")
        found = assess(
            services_at(path),
            with_higher_threshold(),
        )
        recorded = [one for one in found.unjudged if one.entry]
        assert len(recorded) == rulings - NEXT_ACTS
        assert {one.case for one in recorded} == {CASE_ID, NEXT}
        assert all("no longer in the store" in one.reason for one in recorded)
        assert all(one.entry == 0 for one in found.changed_findings)


class TestTheLawOfAnotherDay:
    def test_within_the_same_years_nothing_would_change(self, services: Services) -> None:
        assert assess(services, on=date(2019, 12, 31)).changed_findings == []

    def test_a_threshold_that_includes_vat_is_undetermined_for_a_value_without_vat(self, services: Services) -> None:
        found = assess(services, on=date(2022, 1, 1)).changed_findings
        assert {(one.control, one.outcome_before, one.outcome_after) for one in found} == {
            ("procurement.route_stated", "satisfied", "undetermined"),
            (NOT_HELD, "not_held", "undetermined"),
        }

    def test_a_day_before_the_scheme_leaves_every_ruling_unjudged(self, services: Services) -> None:
        found = assess(services, on=date(2012, 1, 15))
        assert (found.rulings, found.changed_findings) == (0, [])
        assert len(found.unjudged) == assess(services).rulings
        assert all("it is first in force on 2012-01-16" in one.reason for one in found.unjudged)

    def test_only_governing_days_are_replaced(self) -> None:
        rulebook = shipped_library().scheme("mopac").rulebook
        assert {"act.on", "procurement_commenced_on"} <= find_governing_day_facts(rulebook)
        assert "required_by" not in find_governing_day_facts(rulebook)
        day, other = date(2018, 3, 7), date(2020, 2, 2)
        facts: dict[str, FactValue] = {
            "act.on": day,
            "procurement_commenced_on": day,
            "required_by": day,
            "exemption:s43.review_on": day,
            "estimated_value": Money(1, Vat.EXCLUDED),
        }
        assert replace_governing_days(facts, other, rulebook) == {
            **facts,
            "act.on": other,
            "procurement_commenced_on": other,
        }

    def test_an_unknown_day_stays_unknown(self) -> None:
        assert replace_governing_days({"title": "A"}, date(2020, 2, 2), shipped_library().scheme("mopac").rulebook) == {
            "title": "A"
        }

    def test_a_governing_day_in_part_2_is_replaced_too(self, services: Services) -> None:
        revision = commands.Revision({}, {"procurement_commenced_on": "2018-03-08"})
        commands.amend_paper(services, NEXT, revision, request_by(AUTHOR, "2018-05-02"))
        found = [
            one for one in assess(services, on=date(2022, 1, 1)).changed_findings if one.case == NEXT and not one.entry
        ]
        assert sorted(outcomes_of(found)) == [
            (NEXT, "submit", NOT_HELD, "not_held", "undetermined"),
            (NEXT, "submit", "procurement.route_stated", "satisfied", "undetermined"),
        ]


class TestKnownAt:
    def test_later_entries_are_ignored(self, services: Services) -> None:
        entries = queries.list_case_entries(services, CASE_ID)
        third = datetime.fromisoformat(entries[2].recorded_at)
        higher = with_higher_threshold()
        found = assess(services, higher, known_at=third)
        assert found.cases == {CASE_ID}
        assert {one.entry for one in found.changed_findings if one.entry} == {entries[2].position}
        before = assess(services, higher, known_at=third - timedelta(microseconds=1))
        assert [one.entry for one in before.changed_findings if one.entry] == []

    @pytest.mark.parametrize(
        ("typed", "instant"),
        [
            ("2018-04-16", datetime(2018, 4, 16, 23, 59, 59, 999_999, tzinfo=UTC)),
            ("16 April 2018", datetime(2018, 4, 16, 23, 59, 59, 999_999, tzinfo=UTC)),
            ("2018-04-16T12:30", datetime(2018, 4, 16, 12, 30, tzinfo=UTC)),
            ("2018-04-16T12:30Z", datetime(2018, 4, 16, 12, 30, tzinfo=UTC)),
            ("2018-04-16T12:30+01:00", datetime(2018, 4, 16, 11, 30, tzinfo=UTC)),
        ],
    )
    def test_an_instant_is_utc_and_a_day_is_its_end(self, typed: str, instant: datetime) -> None:
        assert parse_last_instant(typed) == instant

    @pytest.mark.parametrize("typed", ["yesterday", "", "16/04/18", "2018-W16", "20180416", "2018-04-16T25:00"])
    def test_anything_else_is_refused(self, typed: str) -> None:
        with pytest.raises(InputError, match=r"not an instant|neither a day nor an instant"):
            parse_last_instant(typed)

    def test_a_day_that_does_not_exist_is_refused_as_elsewhere(self) -> None:
        with pytest.raises(InputError, match="2018-02-30 is not a day: February 2018 has 28 days"):
            parse_last_instant("2018-02-30")


def test_nothing_is_recorded(services: Services) -> None:
    head = verification.ledger_head(services)
    assess(
        services,
        with_higher_threshold(),
        on=date(2019, 1, 1),
    )
    assert verification.ledger_head(services) == head


def test_progress_is_reported_for_every_entry(services: Services) -> None:
    positions: list[int] = []

    def track_progress(rows: LedgerRows) -> Iterator[tuple[Entry | None, ExemptText | None]]:
        for entry, text in rows:
            assert entry
            positions.append(entry.position)
            yield entry, text
        assert len(rows) == len(positions)

    assess_impact(services.store, ImpactQuery(shipped_library(), shipped_library(), TODAY), track_progress)
    assert positions == list(range(1, verification.ledger_head(services)[0] + 1))


def test_acts_after_a_return_are_judged_on_the_case_of_that_time(path: Path) -> None:
    services = new_services(path)
    walk_to_stage(services, "pib")
    act_on_case(services, "pib-return", "chair-of-pib", "2018-03-14", send_back__reason="The sums do not add up.")
    act_on_case(services, "submit", AUTHOR, "2018-03-15")
    found = assess(services)
    assert (found.changed_findings, found.unjudged) == ([], [])
    services.store.close()
