"""An imported case is judged by what its source carries, as the same paper is when it is audited as a file."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.workflow.imported_papers import imported_paper_bytes
from tests.workflow.services.test_ledger_audit import audit_case
from tests.workflow.walk import AUTHOR, new_services, request_by, services_at
from workflow.ledger.entries import UnsealedEntry, seal_entry
from workflow.services import commands, verification
from workflow.services.audit_findings import AuditedFinding, CaseAudit
from workflow.services.commands import Services
from workflow.services.paper_audit import audit_paper

AS_OF = "2018-05-01"
SOURCES = {
    "no source": "",
    "web page": "source: web_page\n",
    "web page, read on a day": "source: {kind: web_page, read_on: 2018-04-20, address: 'https://example.org/361'}\n",
    "signed form": "source: signed_form\n",
    "board report": "source: board_report\n",
    "our own record": "source: own_record\n",
}
FEW_FACTS = b"scheme: mopac\nstage: published\npublic: {title: Smarter Working}\nrecorded: {dmpc.outcome: approved}\n"


def import_paper(services: Services, paper: bytes) -> CaseAudit:
    commands.open_case_from_paper(services, "mopac", paper, "past.yaml", request_by(AUTHOR, AS_OF))
    return audit_case(services, AS_OF)


def findings_of(case: CaseAudit) -> list[AuditedFinding]:
    return [finding._replace(case="") for finding in case.findings]


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES.keys())
@pytest.mark.parametrize("paper", [imported_paper_bytes(), FEW_FACTS], ids=["whole paper", "few facts"])
def test_an_imported_case_is_judged_as_its_paper_is(services: Services, paper: bytes, source: str) -> None:
    imported = import_paper(services, paper + source.encode())
    filed = audit_paper(services, paper + source.encode(), "past.yaml", date.fromisoformat(AS_OF))
    assert findings_of(imported) == findings_of(filed)
    assert (imported.source, imported.decided_on) == (filed.source, filed.decided_on)
    assert verification.verify_ledger(services, with_replay=True).rulings > 0
    assert not [warning for warning in imported.warnings if "otherwise" in warning]


def test_the_silence_of_a_page_breaches_nothing_in_an_imported_case(services: Services) -> None:
    audited = import_paper(services, b"scheme: mopac\nstage: published\npublic: {title: A}\nrecorded: {}\n")
    breached = [one.finding.control for one in audited.findings if one.finding.outcome == "breached"]
    assert breached == ["consistency.decides"]  # what the page does show: a title, and no decision
    assert any(finding.finding.not_carried for finding in audited.findings)


def test_the_recorded_rulings_of_an_import_are_those_of_its_source(services: Services) -> None:
    paper = b"scheme: mopac\nstage: published\npublic: {title: A}\nrecorded: {dmpc.outcome: approved}\n"
    import_paper(services, paper)
    with services.store.read_transaction() as transaction:
        [entry] = transaction.sealed_entries("MOPAC-2018-1")
    rulings = json.loads(entry.ruling)["rulings"]
    breached = [one["control"] for ruling in rulings for one in ruling["findings"] if one["outcome"] == "breached"]
    # A page asks for these; our own record asks for far more.
    assert breached == ["decision.maker_named", "decision.reference_shown"]


def test_an_import_of_before_sources_were_kept_is_judged_as_it_was_then(path: Path) -> None:
    services = new_services(path)
    own = import_paper(services, imported_paper_bytes() + b"source: own_record\n")
    services.store.close()
    remove_source(path)
    before = audit_case(services_at(path), AS_OF)
    assert before == replace(own, findings=before.findings)
    assert findings_of(before) == findings_of(own)
    assert verification.verify_ledger(services_at(path), with_replay=True).rulings > 0


def remove_source(path: Path) -> None:
    """Take the source out of the entry of an import, and seal it anew."""
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.row_factory = sqlite3.Row
        [row] = raw.execute("SELECT * FROM ledger WHERE kind = 'entered'").fetchall()
        body = row["body"].replace('"source":{"kind":"own_record"},', "")
        assert body != row["body"]
        [text] = raw.execute("SELECT * FROM exempt WHERE position = ?", (row["position"],)).fetchall()
        unsealed = UnsealedEntry(
            row["stream"], row["kind"], date.fromisoformat(row["on"]), row["officer"], body, row["ruling"],
            text["body"], text["salt"],
        )  # fmt: skip
        entry = seal_entry(unsealed, row["position"], row["version"], row["recorded_at"], row["previous"])
        raw.execute("UPDATE ledger SET body = ?, seal = ? WHERE position = ?", (body, entry.seal, row["position"]))
