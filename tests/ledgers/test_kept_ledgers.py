"""Ledgers that earlier versions of assent wrote verify, replay and read as they did then."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.conftest import isolate_environment, run_assent
from tests.ledgers.__main__ import KEPT, next_folder, record_ledgers
from tests.ledgers.recording import describe_ledger, record_ledger
from tests.ledgers.scripts import DAYS_OF_RECORDING, SCRIPTS
from tests.ledgers.steps import LedgerScript
from tests.workflow.walk import services_at
from workflow.cases.events import CURRENT_FORMAT
from workflow.history.officer_records import load_officers
from workflow.ledger.entries import Entry
from workflow.services import act_queries, commands, queries, verification
from workflow.services.commands import Request, Services
from workflow.services.ledger_audit import audit_cases

LEDGERS = sorted(KEPT.glob("*/*.db"))
SCHEMES = {"1": {"mopac", "gla", "lfc"}, "2": set(DAYS_OF_RECORDING)}
"""The authorities of each folder; a later folder has those of the scripts."""
BREACHES_FOUND = 6
OFFICER_KINDS, EXEMPT = {"officer", "appointed", "ended", "left", "deputised"}, {"mopac", "gla", "lfc"}


def name_of(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


def is_format_1(path: Path) -> bool:
    """Return whether a kept ledger was recorded before entries had a format."""
    return path.parent.name == "1"


def held_in(path: Path) -> dict[str, Any]:
    """Return what a kept ledger held when it was recorded."""
    held: dict[str, Any] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    return held


@pytest.fixture(params=LEDGERS, ids=name_of)
def kept(request: pytest.FixtureRequest) -> Path:
    """A ledger as it is kept; it must not be opened, since SQLite would write beside it."""
    path = request.param
    assert isinstance(path, Path)
    return path


@pytest.fixture
def store(kept: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(kept, tmp_path / "assent.db"))


@pytest.fixture
def services(kept: Path, store: Path) -> Iterator[Services]:
    opened = services_at(store, today=DAYS_OF_RECORDING[kept.stem])
    yield opened
    opened.store.close()


COMMAND_LINE = [
    path if name_of(path) in ("1-mopac", "2-mopac", "2-council") else pytest.param(path, marks=pytest.mark.long)
    for path in LEDGERS
]
"""Commands are slow: the plain run gives them to one ledger of format 1 and to two of format 2."""


def all_entries(services: Services) -> list[Entry]:
    with services.store.read_ledger() as ledger:
        return list(ledger.read_entries())


def test_each_folder_has_a_ledger_of_every_authority() -> None:
    folders = {path.parent for path in LEDGERS}
    assert {folder.name for folder in folders} == {str(number) for number in range(1, len(folders) + 1)}
    for folder in folders:
        assert {path.stem for path in folder.glob("*.db")} == SCHEMES.get(folder.name, set(DAYS_OF_RECORDING))


def test_a_kept_ledger_verifies_replays_and_holds_what_it_held(kept: Path, services: Services) -> None:
    assert describe_ledger(services, with_acts=not is_format_1(kept)) == held_in(kept)


@pytest.mark.parametrize("kept", [path for path in LEDGERS if is_format_1(path)], indirect=True, ids=name_of)
def test_a_ledger_of_format_1_holds_each_situation(kept: Path, services: Services) -> None:
    entries = all_entries(services)
    assert {entry.kind for entry in entries} == {
        "officer", "opened", "entered", "amended", "acted", "reviewed", "refused", "issued",
    }  # fmt: skip
    assert {json.loads(entry.body)["part"] for entry in entries if entry.kind == "issued"} == {1, 2}
    cases = held_in(kept)["cases"].values()
    assert any("deferral.until" in case["public"] and case["stage"] == "published" for case in cases)
    assert any("entered.on" in case["public"] for case in cases)
    assert any("exemption:s43.rationale" in case["exempt"] for case in cases)
    acted = [(entry, json.loads(entry.body)) for entry in entries if entry.kind in ("opened", "acted")]
    returned = {entry.stream for entry, body in acted if entry.kind == "acted" and body["stage"] == "draft"}
    assert any(entry.stream in returned and body["stage"] == "published" for entry, body in acted)
    capacities: dict[tuple[str, str], set[str]] = {}
    for entry, body in acted:
        capacities.setdefault((entry.stream, entry.officer), set()).add(body["capacity"])
    assert any(len(roles) > 1 for roles in capacities.values())
    added_on = {json.loads(entry.body)["name"]: entry.on for entry in entries if entry.kind == "officer"}
    assert any(entry.on < added_on[entry.officer] for entry, _ in acted)


def test_a_kept_ledger_is_audited_with_every_act_judged_again(services: Services) -> None:
    cases = list(audit_cases(services, []).cases)
    assert len(cases) == len(queries.list_cases(services))
    warnings = [warning for case in cases for warning in case.warnings]
    assert [line for line in warnings if "comes out otherwise" in line or "not judged again" in line] == []
    assert all(case.findings for case in cases)


def test_the_audit_warns_of_an_act_before_the_appointment_was_recorded(kept: Path, services: Services) -> None:
    warnings = [warning for case in audit_cases(services, []).cases for warning in case.warnings]
    if is_format_1(kept):
        assert [warning for warning in warnings if warning.startswith("Late Comer did ") and "outside" in warning]
    else:
        assert [warning for warning in warnings if warning.startswith("the appointment of Late Comer ")]
        assert not [warning for warning in warnings if "outside the appointment" in warning]


def test_the_officers_of_a_kept_ledger_are_read(services: Services) -> None:
    with services.store.read_transaction() as transaction:
        officers = {officer.id: officer.roles for officer in load_officers(transaction)}
    assert len(officers["robin-both"]) >= 2
    assert "late-comer" in officers


OF_FORMAT_2 = [path for path in LEDGERS if not is_format_1(path)]


@pytest.mark.parametrize("kept", OF_FORMAT_2, indirect=True, ids=name_of)
class TestFormat2:
    """What ledgers hold since entries have a format."""

    def test_every_entry_but_those_of_documents_says_its_format(self, services: Services) -> None:
        bodies = [json.loads(entry.body) for entry in all_entries(services) if entry.kind not in ("issued", "refused")]
        assert {body["format"] for body in bodies} == {CURRENT_FORMAT}

    def test_it_holds_each_kind_of_entry(self, kept: Path, services: Services) -> None:
        kinds = {entry.kind for entry in all_entries(services)}
        expected = OFFICER_KINDS | {"opened", "entered", "amended", "acted", "refused", "issued", "migrated"}
        assert kinds >= expected
        assert ("corrected" in kinds) is (kept.stem in EXEMPT)
        assert ("reviewed" in kinds) is (kept.stem != "board")

    def test_it_was_founded_and_appointments_have_days_and_appointers(self, services: Services) -> None:
        officers = {view.officer.id: view.as_json() for view in queries.list_officers(services)}
        assert [name for name, officer in officers.items() if officer["founder"]] == ["nora-nash"]
        held = [(name, each) for name, officer in officers.items() for each in officer["appointments"]]
        assert all(each["from"] and each["appointed_by"] for _, each in held)
        assert any(each["to"] for _, each in held)
        assert any(each["for"] and each["to"] and each["instrument"] for _, each in held)
        assert any(each["reason"] == "Found late." for name, each in held if name == "late-comer")
        assert any(officer["left"] for officer in officers.values())

    def test_a_deputy_acted_for_somebody_under_an_instrument(self, services: Services) -> None:
        acted = [json.loads(entry.body) for entry in all_entries(services) if entry.kind == "acted"]
        assert any(body.get("for") and body.get("under") == "Letter of delegation" for body in acted)

    def test_what_was_reopened_is_void_and_still_there(self, kept: Path, services: Services) -> None:
        cases = [queries.load_public_case(services, name)[0] for name in held_in(kept)["cases"]]
        voided = [(act, case) for case in cases for act in case.acts if act.voided]
        assert voided
        for act, case in voided:
            assert act.facts.keys() >= act.voided
            assert act.voided_by is not None
            assert case.acts[act.voided_by - 1].kind == "acted"

    def test_an_override_and_late_acts_say_so_in_record_and_audit(self, services: Services) -> None:
        acted = [json.loads(entry.body) for entry in all_entries(services) if entry.kind == "acted"]
        assert any(body.get("overrides") for body in acted)
        assert any(body.get("late_by") for body in acted)
        warnings = [warning for case in audit_cases(services, []).cases for warning in case.warnings]
        assert any("in spite of" in warning for warning in warnings)
        assert any("days later" in warning for warning in warnings)

    def test_a_refusal_for_separation_was_recorded(self, services: Services) -> None:
        with services.store.read_ledger() as ledger:
            refused = [entry.ruling for entry in ledger.read_entries() if entry.kind == "refused"]
        assert any("separation." in ruling for ruling in refused if ruling)

    def test_a_moved_case_reads_under_the_packs_that_it_moved_to(self, kept: Path, services: Services) -> None:
        day = DAYS_OF_RECORDING[kept.stem]
        [moved] = [entry for entry in all_entries(services) if entry.kind == "migrated"]
        history = queries.list_case_history(services, moved.stream)
        assert "migrate" in [item.action for item in history]
        assert act_queries.list_next_actions(services, moved.stream, day).actions

    def test_corrections_of_each_part_stand_in_their_part(self, kept: Path) -> None:
        cases = held_in(kept)["cases"].values()
        public = [where for case in cases for where in case["public"] if where.startswith("correction:")]
        exempt = [where for case in cases for where in case["exempt"] if where.startswith("correction:")]
        assert bool(public) is bool(exempt) is (kept.stem in EXEMPT)
        assert not [where for where in public if where.startswith("correction:part2")]


def test_a_board_kept_its_own_votes_its_conditions_and_each_sign_off() -> None:
    cases = held_in(KEPT / "2" / "board.db")["cases"]
    decided = next(case for case in cases.values() if "condition:rent.met_on" in case["public"])
    facts = decided["public"]
    assert (facts["board.outcome"], facts["member:bob-brown.vote"]) == ("approved_with_conditions", "for")
    assert (facts["quality_check.by"], facts["finance_check.by"]) == ("Lee Long", "Fay Ford")
    signed = [act[1] for act in decided["acts"] if act[1].startswith("sign-")]
    assert signed == ["sign-quality", "sign-finance"]
    assert decided["rounds"]["board"] >= 3
    assert facts["link:other.case"] in cases


@pytest.mark.parametrize("kept", COMMAND_LINE, indirect=True, ids=name_of)
def test_the_command_line_reads_a_kept_ledger(kept: Path, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    isolate_environment(monkeypatch, store.parent)
    held, today = held_in(kept), DAYS_OF_RECORDING[kept.stem].isoformat()

    def read(*arguments: str, exit_code: int = 0) -> Any:  # noqa: ANN401 - JSON is of any shape
        result = run_assent("--store", store, *arguments, "--format", "json")
        assert result.exit_code == exit_code, result.stderr
        return result.json

    verified = read("ledger", "verify", "--replay", "--against", held["head"])
    assert (verified["entries"], verified["rulings"]) == (held["entries"], held["rulings"])
    assert len(read("case", "list")["cases"]) == len(held["cases"])
    for name, case in held["cases"].items():
        assert read("case", "show", name)["stage"] == case["stage"]
        assert case["seal"] in {entry["seal"] for entry in read("case", "history", name)["entries"]}
        assert read("case", "next", name, "--on", today)["version"] == case["version"]
        assert read("document", "list", name)
    assert len(read("audit", "--all", exit_code=BREACHES_FOUND)["cases"]) == len(held["cases"])
    assert read("review", "due", "--by", "2099-01-01")["due"]


def test_new_ledgers_are_written_beside_and_never_over_those_that_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not next_folder().exists()
    taken = tmp_path / "1"
    taken.mkdir()
    with pytest.raises(FileExistsError):
        record_ledgers(taken)
    monkeypatch.setattr("tests.ledgers.__main__.KEPT", tmp_path)
    assert next_folder() == tmp_path / "2"


@pytest.mark.long
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.scheme)
def test_each_script_can_be_recorded_again_twice_alike(script: LedgerScript, tmp_path: Path) -> None:
    heads = []
    for name in ("one.db", "two.db"):
        record_ledger(script, tmp_path / name)
        services = services_at(tmp_path / name, today=script.today)
        heads.append(verification.ledger_head(services))
        services.store.close()
    assert heads[0] == heads[1]


def test_an_upgrade_leaves_a_kept_ledger_as_it_was(kept: Path, services: Services) -> None:
    before = all_entries(services)
    services.store.upgrade()
    assert all_entries(services) == before
    assert describe_ledger(services, with_acts=not is_format_1(kept)) == held_in(kept)


@pytest.mark.parametrize(
    ("scheme", "case", "action", "officer"),
    [("mopac", "MOPAC-2018-3", "publish", "governance-team"), ("gla", "GLA-2018-3", "publish", "governance-team")],
)
def test_a_case_that_began_in_format_1_goes_on_in_format_2_and_keeps_what_it_had(
    tmp_path: Path, scheme: str, case: str, action: str, officer: str
) -> None:
    services = services_at(Path(shutil.copy(KEPT / "1" / f"{scheme}.db", tmp_path / "assent.db")))
    services.store.upgrade()
    before = queries.load_public_case(services, case)[0]
    commands.perform_action(services, case, commands.TypedAct(action), Request(officer, date(2018, 12, 31)))
    after = queries.load_public_case(services, case)[0]
    assert before.facts.items() <= after.facts.items()
    assert json.loads(all_entries(services)[-1].body)["format"] == CURRENT_FORMAT
    assert verification.verify_ledger(services, with_replay=True).entries == len(all_entries(services))
    services.store.close()
