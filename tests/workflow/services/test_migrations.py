"""Cases stay under their own flow until they are moved; what has no counterpart keeps its case where it is."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rules.errors import InputError
from rules.packs.library import Library
from tests.workflow.changed_schemes import HEAD, RULES, library_with, renamed_board
from tests.workflow.walk import (
    AUTHOR,
    CASE_ID,
    CHIEF_EXECUTIVE,
    DMPC,
    IAB_CHAIR,
    PIB_CHAIR,
    act_on_case,
    new_services,
    request_by,
    services_at,
    shipped_library,
    walk_to_stage,
)
from workflow.cases.migration import find_obstacles_of_flow
from workflow.errors import Conflict, LedgerBroken, NotEntitled, Refusal
from workflow.ledger.entries import Entry
from workflow.services import act_queries, commands, officer_commands, queries, verification
from workflow.services.commands import Request, Services
from workflow.services.diary import find_due_dates
from workflow.services.impact import ImpactQuery, assess_impact
from workflow.services.ledger_audit import audit_cases
from workflow.services.migrations import CaseMigration, MigrationOrder, MigrationState, migrate_cases

REQUEST = request_by(AUTHOR, "2018-05-01")
WHY = "The board has a new name"


def walked(path: Path, stage: str, library: Library) -> Services:
    """Return services with other packs, on a store whose case came to a stage under the shipped ones."""
    services = new_services(path)
    walk_to_stage(services, stage)
    services.store.close()
    return services_at(path, library)


def migrate(
    services: Services, *, dry_run: bool = False, to: str = "today", request: Request = REQUEST
) -> CaseMigration:
    """Move the case, and return what became of it."""
    [migrated] = migrate_cases(services, MigrationOrder([CASE_ID], to, WHY, dry_run), request).cases
    return migrated


def delete_packs(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("DELETE FROM pack")


def last_entry(services: Services) -> Entry:
    return queries.list_case_entries(services, CASE_ID)[-1]


def actions_of(services: Services) -> list[str]:
    return [step.action for step in act_queries.list_next_actions(services, CASE_ID, date(2018, 5, 1)).actions]


class TestPinnedCases:
    def test_a_case_goes_on_under_its_own_flow(self, path: Path) -> None:
        services = walked(path, "pib", renamed_board())
        assert actions_of(services)[0] == "pib-support"
        assert act_on_case(services, "pib-support", PIB_CHAIR, "2018-03-14").stage == "iab"
        assert act_on_case(services, "iab-support", IAB_CHAIR, "2018-03-20").stage == "declaration"
        verification.verify_ledger(services, with_replay=True)

    def test_the_law_and_limits_of_today_judge_a_case_under_an_earlier_flow(self, path: Path) -> None:
        changes = {
            HEAD: {"amend: [author]": "amend: [author, governance]"},
            RULES: {"cure: Write at least": "cure: Put at least"},
        }
        services = walked(path, "pib", library_with(changes))
        scheme = queries.load_case_scheme(services, CASE_ID)
        assert scheme.declaration.paper.amend == ("author",)
        assert any(control.declaration.cure.startswith("Put at least") for control in scheme.rulebook.controls.values())

    def test_an_officer_of_the_new_role_acts_under_the_flow_of_the_old_one(self, path: Path) -> None:
        walked(path, "pib", renamed_board()).store.close()
        services = services_at(path, renamed_board())
        added = request_by(CHIEF_EXECUTIVE, "2018-03-01")
        terms = officer_commands.AppointmentTerms(reason="The store's instants are of December.")
        appointment = officer_commands.RoleAppointment("mopac", ("portfolio_chair",), terms)
        officer_commands.add_officer(services, "Nia Park", appointment, added)
        act_on_case(services, "pib-support", "nia-park", "2018-03-14")
        body = json.loads(last_entry(services).body)
        assert body["capacity"] == body["stated"]["pib.role"] == "pib_chair"
        verification.verify_ledger(services, with_replay=True)

    def test_a_new_case_takes_the_flow_of_today(self, path: Path) -> None:
        services = walked(path, "pib", renamed_board())
        receipt = commands.open_case(services, "mopac", {"title": "Another"}, {}, REQUEST)
        assert queries.load_case_scheme(services, receipt.case).declaration.stages.keys() >= {"portfolio"}

    def test_one_case_under_an_earlier_flow_stops_no_audit_and_is_named(self, path: Path) -> None:
        services = walked(path, "iab", renamed_board())
        commands.open_case(services, "mopac", {"title": "Another"}, {}, REQUEST)
        old, new = audit_cases(services, []).cases
        assert [line for line in old.warnings if "runs under the flow of 2018-03-14" in line]
        assert [line for line in old.warnings if "assent case migrate MOPAC-2018-1 --to today" in line]
        assert not [line for line in new.warnings if "flow" in line]
        assert find_due_dates(services, date(2099, 1, 1))

    def test_own_rules_that_do_not_fit_the_earlier_flow_are_named(self, path: Path) -> None:
        warning = queries.describe_case_pack_change(walked(path, "pib", renamed_board()), CASE_ID)
        assert "the authority's own rules of today do not fit that flow" in warning

    def test_the_impact_of_changed_packs_is_judged_under_the_flow_of_each_case(self, path: Path) -> None:
        services = walked(path, "iab", shipped_library())
        query = ImpactQuery(renamed_board(), shipped_library(), date(2018, 12, 31))
        impact = assess_impact(services.store, query)
        assert impact.rulings
        assert impact.unjudged == []
        assert impact.changed_findings == []


class TestLostPacks:
    @pytest.fixture
    def services(self, path: Path) -> Services:
        services = walked(path, "pib", renamed_board())
        delete_packs(path)
        return services

    def test_names_that_nobody_declares_any_more_are_shown(self, services: Services) -> None:
        scheme = queries.load_case_scheme(services, CASE_ID)
        assert scheme.stage_label("pib") == "pib (no longer declared)"
        assert scheme.name_fact("pib.outcome") == "pib.outcome (no longer declared)"
        assert scheme.format_fact("pib.on", date(2018, 3, 8)) == "8 March 2018"

    def test_such_a_case_is_read_and_audited_and_nothing_can_be_done_with_it(self, services: Services) -> None:
        assert act_queries.list_next_actions(services, CASE_ID).actions == ()
        [case] = audit_cases(services, []).cases
        assert "it is at pib (no longer declared): what its next acts must meet is not judged yet" in " ".join(
            case.warnings
        )
        with pytest.raises(InputError, match=r"is at pib \(no longer declared\): no action of the scheme starts there"):
            act_queries.build_hypothetical_act(services, CASE_ID, None, {}, Request(""))
        with pytest.raises(Refusal):
            act_on_case(services, "portfolio-support", PIB_CHAIR, "2018-03-14")

    def test_such_a_case_can_be_moved_by_its_names(self, services: Services) -> None:
        assert migrate(services).state is MigrationState.MOVED
        assert actions_of(services)[0] == "portfolio-support"

    def test_a_case_with_the_names_of_today_needs_no_move(self, path: Path) -> None:
        services = walked(path, "pib", library_with({HEAD: {"amend: [author]": "amend: [author, governance]"}}))
        delete_packs(path)
        assert migrate(services).state is MigrationState.UNCHANGED


class TestMoves:
    def test_a_case_is_moved_with_its_stage_acts_facts_and_officers(self, path: Path) -> None:
        services = walked(path, "iab", renamed_board())
        migrated = migrate(services)
        assert (migrated.state, migrated.stage) == (MigrationState.MOVED, "iab")
        case, _ = queries.load_public_case(services, CASE_ID)
        assert not [address for address in case.facts if address.startswith("pib.")]
        assert (case.facts["portfolio.outcome"], case.facts["portfolio.role"]) == ("endorsed", "portfolio_chair")
        assert case.rounds == {"draft": 1, "portfolio": 1, "iab": 1}
        [act] = [act for act in case.acts if act.stage == "portfolio" and act.kind == "acted"]
        assert (act.action, act.facts["portfolio.outcome"]) == ("portfolio-support", "endorsed")
        act_on_case(services, "iab-return", IAB_CHAIR, "2018-05-01", send_back__reason="The sums do not add up.")
        assert "portfolio.outcome" not in queries.load_public_case(services, CASE_ID)[0].facts
        act_on_case(services, "submit", AUTHOR, "2018-05-02")
        act_on_case(services, "portfolio-support", PIB_CHAIR, "2018-05-03")
        verification.verify_ledger(services, with_replay=True)

    def test_the_entry_keeps_both_packs_the_officer_and_the_reason(self, path: Path) -> None:
        services = walked(path, "pib", renamed_board())
        migrate(services)
        entry = last_entry(services)
        body = json.loads(entry.body)
        assert (entry.kind, entry.officer, entry.on, body["format"]) == ("migrated", "Aimee Reed", "2018-05-01", 2)
        assert body["migration"]["left"] == shipped_library().bundle("mopac").digest
        assert body["packs"] == renamed_board().bundle("mopac").digest
        assert body["migration"]["reason"] == WHY
        assert body["migration"]["renamed"]["stages"] == {"pib": "portfolio"}
        item = queries.list_case_history(services, CASE_ID)[-1]
        assert (item.describe_recorded(), item.as_json()["stage"]) == (WHY, "portfolio")

    def test_part_2_keeps_what_it_holds(self, path: Path) -> None:
        services = walked(path, "pib", library_with({HEAD: {"amend: [author]": "amend: [author, governance]"}}))
        before = queries.load_case_snapshot(services, CASE_ID).exempt_part
        assert migrate(services).state is MigrationState.MOVED
        assert before.facts
        assert queries.load_case_snapshot(services, CASE_ID).exempt_part == before

    def test_a_moved_case_is_there_already(self, path: Path) -> None:
        services = walked(path, "pib", renamed_board())
        migrate(services)
        assert migrate(services).state is MigrationState.UNCHANGED
        assert queries.describe_case_pack_change(services, CASE_ID) == ""

    def test_a_dry_run_says_the_same_and_records_nothing(self, path: Path) -> None:
        services = walked(path, "pib", renamed_board())
        before = verification.ledger_head(services)
        assert migrate(services, dry_run=True) == CaseMigration(CASE_ID, "mopac", "portfolio", MigrationState.CAN_MOVE)
        assert verification.ledger_head(services) == before

    def test_a_dry_run_with_an_officer_answers_as_the_act_does(self, path: Path) -> None:
        services = walked(path, "pib", renamed_board())
        for request, error in (
            (Request(PIB_CHAIR, REQUEST.on), NotEntitled),
            (Request("nobody-here", REQUEST.on), InputError),
            (Request(REQUEST.officer, REQUEST.on, expect_version=1), Conflict),
        ):
            for dry_run in (True, False):
                with pytest.raises(error):
                    migrate(services, dry_run=dry_run, request=request)
        assert migrate(services, dry_run=True, request=Request("")).state is MigrationState.CAN_MOVE

    def test_a_dry_run_of_all_cases_says_which_the_officer_may_not_move(self, path: Path) -> None:
        services = walked(path, "pib", renamed_board())
        commands.open_case(services, "mopac", {"title": "Another"}, {}, REQUEST)
        reports = [
            migrate_cases(services, MigrationOrder([], "today", WHY, dry_run), Request(PIB_CHAIR, REQUEST.on))
            for dry_run in (True, False)
        ]
        assert reports[0].cases == reports[1].cases
        [reason] = reports[0].cases[0].reasons
        assert "Chair of PIB may not move a case to a changed scheme" in reason

    def test_a_case_can_be_moved_to_packs_that_the_store_keeps(self, path: Path) -> None:
        services = walked(path, "pib", renamed_board())
        commands.open_case(services, "mopac", {"title": "Another"}, {}, REQUEST)
        version = renamed_board().bundle("mopac").digest[:12]
        services.store.close()
        files = {**renamed_board().files}
        files[HEAD] = files[HEAD].replace(b"amend: [author]", b"amend: [author, governance]")
        today = services_at(path, Library(files))
        assert migrate(today, to=version).state is MigrationState.MOVED
        assert actions_of(today)[0] == "portfolio-support"
        verification.verify_ledger(today, with_replay=True)

    def test_all_cases_are_moved_one_by_one(self, path: Path) -> None:
        services = walked(path, "pib", renamed_board())
        commands.open_case(services, "mopac", {"title": "Another"}, {}, REQUEST)
        report = migrate_cases(services, MigrationOrder([], "today", WHY), REQUEST)
        assert [case.state for case in report.cases] == [MigrationState.MOVED, MigrationState.UNCHANGED]
        assert "seal" not in report.as_json()


class TestObstacles:
    @pytest.mark.parametrize(
        ("renamed", "stage", "reason"),
        [
            ("renamed:\n  roles: {pib_chair: portfolio_chair}", "pib", "the stage pib has no counterpart"),
            ("renamed:\n  outcomes: {supported: endorsed}", "iab", "pib.outcome is recorded, and nobody declares it"),
            ("renamed:\n  stages: {pib: portfolio}", "iab", "portfolio.outcome cannot be supported any more"),
        ],
    )
    def test_what_has_no_counterpart_keeps_its_case(self, path: Path, renamed: str, stage: str, reason: str) -> None:
        services = walked(path, stage, renamed_board(f"\n{renamed}\n"))
        before = verification.ledger_head(services)
        for dry_run in (True, False):
            migrated = migrate(services, dry_run=dry_run)
            assert (migrated.state, migrated.stage) == (MigrationState.BLOCKED, stage)
            assert any(reason in line for line in migrated.reasons), migrated.reasons
        assert verification.ledger_head(services) == before

    def test_a_task_that_is_open_and_gone_keeps_its_case(self, path: Path) -> None:
        check = (
            "  check: {label: Check it, stage: pib, gate: support, who: [iab_chair], outcome: supported, task: check}"
        )
        with_task = library_with({
            HEAD: {
                "  pib: {label:": "  pib: {tasks: {check: {label: Check, done: [supported]}}, label:",
                "\nactions:\n": f"\nactions:\n{check}\n",
            }
        })  # fmt: skip
        services = new_services(path, with_task)
        walk_to_stage(services, "pib")
        services.store.close()
        assert migrate(services_at(path)).reasons == ("the task check is open, and the stage pib has no such task",)
        act_on_case(services_at(path, with_task), "check", IAB_CHAIR, "2018-03-08")
        assert migrate(services_at(path)).reasons[0] == "check.by is recorded, and nobody declares it"

    @pytest.mark.parametrize(("stage", "is_end"), [("published", True), ("pib", False)])
    def test_a_case_is_neither_closed_nor_opened_again_by_a_move(self, path: Path, stage: str, is_end: bool) -> None:
        services = walked(path, stage, shipped_library())
        case, _ = queries.load_public_case(services, CASE_ID)
        left = services.library.scheme("mopac")
        stages = left.declaration.stages
        turned = {**stages, stage: stages[stage].model_copy(update={"last": not is_end})}
        to = replace(left, declaration=left.declaration.model_copy(update={"stages": turned}))
        assert list(find_obstacles_of_flow(case, left, left)) == []
        [reason] = find_obstacles_of_flow(case, left, to)
        assert (
            reason == f"the stage {stage} is {'an' if is_end else 'no'} end, and {stage} {'is not' if is_end else 'is'}"
        )

    def test_a_day_before_the_last_act_is_named(self, path: Path) -> None:
        services = walked(path, "pib", renamed_board())
        migrated = migrate(services, request=request_by(AUTHOR, "2018-03-01"))
        assert migrated.reasons == ("2018-03-01 is before the last act on MOPAC-2018-1, of 2018-03-07",)

    def test_a_day_on_which_the_changed_scheme_is_not_in_force_is_named(self, path: Path) -> None:
        changed = library_with({HEAD: {"in_force: {from: 2012-01-16}": "in_force: {from: 2018-06-01}"}})
        migrated = migrate(walked(path, "pib", changed))
        assert "is not in force on 2018-05-01" in migrated.reasons[0]

    def test_a_case_whose_scheme_is_not_known_here_is_named(self, path: Path) -> None:
        services = walked(path, "pib", Library({k: v for k, v in shipped_library().files.items() if "mopac" not in k}))
        assert migrate(services).reasons == ("'mopac' is not a scheme that is known here",)

    @pytest.mark.parametrize("to", ["yesterday", "abc", "", "ffffffffffff"])
    def test_an_unknown_version_is_refused_with_those_that_are_kept(self, path: Path, to: str) -> None:
        services = walked(path, "pib", renamed_board())
        with pytest.raises(InputError, match="is not a version of packs that is known here") as refused:
            migrate(services, to=to)
        assert shipped_library().bundle("mopac").digest[:12] in refused.value.advice()

    def test_an_officer_who_may_not_open_a_case_moves_none(self, path: Path) -> None:
        with pytest.raises(NotEntitled, match="move a case to a changed scheme"):
            migrate(walked(path, "pib", renamed_board()), request=request_by(DMPC, "2018-05-01"))

    def test_among_several_cases_those_that_the_officer_may_not_move_stay(self, path: Path) -> None:
        services = new_services(path)
        walk_to_stage(services, "pib")
        commands.open_case(services, "mopac", {"title": "x"}, {}, request_by(AUTHOR, "2018-03-07"))
        services = services_at(path, renamed_board())
        order, request = MigrationOrder([], "today", WHY), request_by(DMPC, "2018-05-01")
        migrated = migrate_cases(services, order, request).cases
        assert [case.state for case in migrated] == [MigrationState.BLOCKED] * 2
        assert all("may not move a case to a changed scheme" in case.reasons[0] for case in migrated)
        with pytest.raises(InputError, match="'nobody' is not an officer"):
            migrate_cases(services, order, request_by("nobody", "2018-05-01"))

    def test_the_roles_that_may_move_cases_can_be_named(self, path: Path) -> None:
        library = library_with({HEAD: {"amend: [author]": "amend: [author]\n  migrate: [dmpc]"}})
        assert (
            migrate(walked(path, "pib", library), request=request_by(DMPC, "2018-05-01")).state is MigrationState.MOVED
        )

    def test_somebody_who_acted_first_stops_the_move(self, path: Path) -> None:
        with pytest.raises(Conflict):
            migrate(walked(path, "pib", renamed_board()), request=request_by(AUTHOR, "2018-05-01", 1))

    def test_a_move_needs_a_reason(self, path: Path) -> None:
        services = walked(path, "pib", renamed_board())
        for reason, message in (("  ", "say why the cases are moved"), ("x" * 501, "more than 500 characters")):
            with pytest.raises(InputError, match=message):
                migrate_cases(services, MigrationOrder([CASE_ID], "today", reason), REQUEST)


class TestForgedMoves:
    """An entry that was sealed anew by a forger: reading it raises no fault, and replay finds it."""

    @pytest.fixture
    def services(self, path: Path) -> Services:
        services = walked(path, "pib", renamed_board())
        migrate(services)
        return services

    @staticmethod
    def forge(path: Path, old: str, new: str) -> None:
        with closing(sqlite3.connect(path)) as raw, raw:
            raw.execute("UPDATE ledger SET body = replace(body, ?, ?) WHERE kind = 'migrated'", (old, new))

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ('"migration"', '"other"'),
            ('"renamed":{', '"renamed":{"stages":7,"x":{'),
            ('"reason":"The', '"reason":["The'),
            ('{"pib":"portfolio"}', '"pib"'),
        ],
    )
    def test_an_entry_that_cannot_be_read_is_named(self, path: Path, services: Services, old: str, new: str) -> None:
        self.forge(path, old, new)
        with pytest.raises(LedgerBroken, match="cannot be read"):
            queries.load_case_snapshot(services, CASE_ID)

    @pytest.mark.parametrize(
        ("old", "new", "fault"),
        [
            ('"left":"', '"left":"0', "moves its case from other packs than those of the entry before it"),
            ('"stage":"portfolio"', '"stage":"published"', "does not follow from what was recorded before it"),
            ('{"pib":"portfolio"}', '{"pib":"published"}', "does not follow from what was recorded before it"),
        ],
    )
    def test_a_move_that_does_not_follow_is_found_by_replay(
        self, path: Path, services: Services, old: str, new: str, fault: str
    ) -> None:
        self.forge(path, old, new)
        with pytest.raises(LedgerBroken) as broken:
            verification.verify_ledger(services, with_replay=True)
        assert any(fault in line for line in broken.value.faults), broken.value.faults
