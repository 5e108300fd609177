"""The rulings on an imported case are recorded and can be judged again."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from tests.workflow.imported_papers import imported_paper_bytes
from tests.workflow.services.test_ledger_audit import audit_case
from tests.workflow.walk import AUTHOR, new_services, request_by, services_at
from workflow.errors import LedgerBroken
from workflow.ledger.entries import UnsealedEntry, seal_entry
from workflow.services import commands, verification
from workflow.services.audit_findings import CaseAudit
from workflow.services.commands import Services
from workflow.services.ledger_audit import audit_cases
from workflow.services.paper_audit import audit_paper


def import_case(services: Services) -> None:
    commands.open_case_from_paper(
        services, "mopac", imported_paper_bytes(), "past.yaml", request_by(AUTHOR, "2018-05-01")
    )


def change_ruling(path: Path, old: str, new: str) -> None:
    """Replace words in the ruling of the import, and seal the entry anew, as a forger would."""
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.row_factory = sqlite3.Row
        [row] = raw.execute("SELECT * FROM ledger WHERE kind = 'entered'").fetchall()
        ruling = row["ruling"].replace(old, new) if old else ""
        [text] = raw.execute("SELECT * FROM exempt WHERE position = ?", (row["position"],)).fetchall()
        unsealed = UnsealedEntry(
            row["stream"], row["kind"], date.fromisoformat(row["on"]), row["officer"], row["body"], ruling,
            text["body"], text["salt"],
        )  # fmt: skip
        entry = seal_entry(unsealed, row["position"], row["version"], row["recorded_at"], row["previous"])
        raw.execute("UPDATE ledger SET ruling = ?, seal = ? WHERE position = ?", (ruling, entry.seal, row["position"]))


def test_an_import_records_a_ruling_for_each_act_of_its_paper(services: Services) -> None:
    import_case(services)
    with services.store.read_transaction() as transaction:
        [entry] = transaction.sealed_entries("MOPAC-2018-1")
    recorded = json.loads(entry.ruling)
    assert [ruling["action"] for ruling in recorded["rulings"]][:3] == ["submit", "pib-support", "iab-support"]
    assert verification.verify_ledger(services, with_replay=True).rulings == len(recorded["rulings"])
    assert not [warning for warning in audit_case(services).warnings if "otherwise" in warning]


def test_a_forged_ruling_on_an_import_is_found_by_replay_and_by_the_audit(path: Path) -> None:
    services = new_services(path)
    import_case(services)
    services.store.close()
    change_ruling(path, '"outcome":"breached"', '"outcome":"satisfied"')
    with pytest.raises(LedgerBroken, match="comes out otherwise when judged again"):
        verification.verify_ledger(services_at(path), with_replay=True)
    assert [warning for warning in audit_case(services_at(path)).warnings if "comes out otherwise" in warning]


def test_an_import_of_before_has_no_rulings_and_is_verified_all_the_same(path: Path) -> None:
    services = new_services(path)
    import_case(services)
    services.store.close()
    change_ruling(path, "", "")
    assert verification.verify_ledger(services_at(path), with_replay=True).rulings == 0
    assert not [warning for warning in audit_case(services_at(path)).warnings if "otherwise" in warning]


def outcomes(case: CaseAudit) -> dict[tuple[str, str], str]:
    """Return the outcome of each control and subject."""
    return {(one.finding.control, one.finding.subject): str(one.finding.outcome) for one in case.findings}


@pytest.mark.parametrize("source", [b"", b"source: web_page\n", b"source: signed_form\n"])
def test_a_paper_has_the_same_findings_before_and_after_it_is_entered(services: Services, source: bytes) -> None:
    content = imported_paper_bytes() + source
    of_file = audit_paper(services, content, "past.yaml")
    commands.open_case_from_paper(services, "mopac", content, "past.yaml", request_by(AUTHOR, "2018-05-01"))
    entered = audit_case(services)
    assert outcomes(entered) == outcomes(of_file)
    assert (entered.source, entered.decided_on) == (of_file.source, of_file.decided_on)
    assert set(of_file.warnings) <= set(entered.warnings)


def test_an_entered_paper_of_our_own_record_is_judged_as_if_all_was_asked_for(services: Services) -> None:
    content = imported_paper_bytes() + b"source: own_record\n"
    commands.open_case_from_paper(services, "mopac", content, "past.yaml", request_by(AUTHOR, "2018-05-01"))
    entered = audit_case(services)
    assert entered.source == "own_record"
    assert outcomes(entered)["interests.stated", "case"] == "breached"


def test_a_decision_that_is_entered_twice_is_found(services: Services) -> None:
    content = imported_paper_bytes().replace(b"recorded:", b"recorded:\n  decision.reference: PCD 361", 1)
    for _ in range(2):
        commands.open_case_from_paper(services, "mopac", content, "past.yaml", request_by(AUTHOR, "2018-05-01"))
    first, second = audit_cases(services, ["MOPAC-2018-1", "MOPAC-2018-2"]).cases
    new = outcomes(second).items() - outcomes(first).items()
    assert {outcome for _, outcome in new} == {"breached"}
