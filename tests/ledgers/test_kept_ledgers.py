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
from tests.ledgers.recording import describe_ledger
from tests.ledgers.scripts import SCRIPTS
from tests.workflow.walk import services_at
from workflow.cases.events import CURRENT_FORMAT
from workflow.history.officer_records import load_officers
from workflow.ledger.entries import Entry
from workflow.services import commands, queries, verification
from workflow.services.audit import audit_cases
from workflow.services.commands import Request, Services

LEDGERS = sorted(KEPT.glob("*/*.db"))
SCHEMES = {script.scheme for script in SCRIPTS}
BREACHES_FOUND = 6


@pytest.fixture(params=LEDGERS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def kept(request: pytest.FixtureRequest) -> Path:
    """A ledger as it is kept; it must not be opened, since SQLite would write beside it."""
    path = request.param
    assert isinstance(path, Path)
    return path


@pytest.fixture
def store(kept: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(kept, tmp_path / "assent.db"))


@pytest.fixture
def services(store: Path) -> Iterator[Services]:
    opened = services_at(store)
    yield opened
    opened.store.close()


def all_entries(services: Services) -> list[Entry]:
    with services.store.read_ledger() as (entries, _, _):
        return list(entries)


def test_each_folder_has_a_ledger_of_every_authority() -> None:
    folders = {path.parent for path in LEDGERS}
    assert {folder.name for folder in folders} == {str(number) for number in range(1, len(folders) + 1)}
    assert all({path.stem for path in folder.glob("*.db")} == SCHEMES for folder in folders)


def test_a_kept_ledger_verifies_replays_and_holds_what_it_held(kept: Path, services: Services) -> None:
    assert describe_ledger(services) == json.loads(kept.with_suffix(".json").read_text(encoding="utf-8"))


def test_a_kept_ledger_holds_each_situation(kept: Path, services: Services) -> None:
    entries = all_entries(services)
    assert {entry.kind for entry in entries} == {
        "officer", "opened", "entered", "amended", "acted", "reviewed", "refused", "issued",
    }  # fmt: skip
    assert {json.loads(entry.body)["part"] for entry in entries if entry.kind == "issued"} == {1, 2}
    cases = json.loads(kept.with_suffix(".json").read_text(encoding="utf-8"))["cases"].values()
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
    audit = audit_cases(services, [])
    assert len(audit.cases) == len(queries.list_cases(services))
    warnings = [warning for case in audit.cases for warning in case.warnings]
    assert [line for line in warnings if "comes out otherwise" in line or "not judged again" in line] == []
    assert all(case.findings for case in audit.cases)


def test_the_audit_warns_of_an_act_before_the_appointment(services: Services) -> None:
    warnings = [warning for case in audit_cases(services, []).cases for warning in case.warnings]
    assert [warning for warning in warnings if warning.startswith("Late Comer did ") and "outside" in warning]


def test_the_officers_of_a_kept_ledger_are_read(services: Services) -> None:
    with services.store.read_transaction() as transaction:
        officers = {officer.id: officer.roles for officer in load_officers(transaction)}
    assert len(officers["robin-both"]) == 2
    assert "late-comer" in officers


def test_the_command_line_reads_a_kept_ledger(kept: Path, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    isolate_environment(monkeypatch, store.parent)
    held: dict[str, Any] = json.loads(kept.with_suffix(".json").read_text(encoding="utf-8"))

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
        assert read("case", "next", name, "--on", "2018-12-31")["version"] == case["version"]
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


def test_an_upgrade_leaves_a_kept_ledger_as_it_was(kept: Path, services: Services) -> None:
    before = all_entries(services)
    services.store.upgrade()
    assert all_entries(services) == before
    assert describe_ledger(services) == json.loads(kept.with_suffix(".json").read_text(encoding="utf-8"))


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
    commands.perform_action(services, case, action, {}, Request(officer, date(2018, 12, 31)))
    after = queries.load_public_case(services, case)[0]
    assert before.facts.items() <= after.facts.items()
    assert json.loads(all_entries(services)[-1].body)["format"] == CURRENT_FORMAT
    assert verification.verify_ledger(services, with_replay=True).entries == len(all_entries(services))
    services.store.close()
