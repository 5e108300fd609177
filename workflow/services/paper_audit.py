"""Audit a case that was decided elsewhere, from its paper: nothing of it is imported.

Invariants:
- A paper has no rulings. Each act that it records is judged on the whole paper, by the day given there.
- Nothing recorded after the day of the audit is read.
"""

from __future__ import annotations

from datetime import date

from rules.errors import InputError
from workflow.cases.paper import ImportedPaper, read_imported_paper
from workflow.services.audit_findings import CaseAudit, LatestFindings
from workflow.services.commands import Services
from workflow.services.recorded_case import OPENED_BY, RecordedCase
from workflow.services.sourced_case import SourcedCase


def audit_paper(services: Services, content: bytes, file_name: str, as_of: date | None = None) -> CaseAudit:
    """The audit of a case in a file, which is not imported; raises `FileError` with every fault of the file."""
    on = services.new_act_context(as_of).on
    load_scheme = services.library.scheme_as_typed
    imported = read_imported_paper(content, file_name, load_scheme, (OPENED_BY,), allow_bounds=True)
    audit = _audit_own_record if imported.source.is_own_record else _audit_elsewhere
    return audit(imported, file_name, on)


def _audit_elsewhere(imported: ImportedPaper, file_name: str, on: date) -> CaseAudit:
    """The audit of a case by what its source carries."""
    public = {**imported.paper.public, **imported.recorded}
    case = SourcedCase(file_name, imported.scheme, imported.stage, public, imported.paper.exempt, imported.source, on)
    return CaseAudit(
        file_name, _title_of(imported, file_name), imported.scheme.id, imported.stage, case.findings(),
        warnings=case.warnings(),
        imported=True,
        source=imported.source.kind,
        decided_on=case.decided_on,
        read_by=imported.scheme,
    )  # fmt: skip


def _audit_own_record(imported: ImportedPaper, file_name: str, on: date) -> CaseAudit:
    """The audit of a case that was recorded here and is read from a file."""
    scheme = imported.scheme
    first = scheme.declaration.in_force.first
    if on < first:
        too_early = f"{on.isoformat()} is before {scheme.id}, the scheme of {file_name}, was in force"
        raise InputError(too_early, f"Give a day from {first.isoformat()} on with --as-of.")
    public = {**imported.paper.public, **imported.recorded}
    recorded_case = RecordedCase(file_name, scheme, imported.stage, public, imported.paper.exempt)
    latest = LatestFindings()
    latest.add_rulings(recorded_case.make_all_rulings(on), scheme.rulebook)
    decided = public.get(scheme.decision_day)
    return CaseAudit(
        file_name, _title_of(imported, file_name), scheme.id, imported.stage, latest.findings(),
        warnings=(*recorded_case.describe_unjudged_acts(on), *recorded_case.describe_unknown_opener()),
        imported=True,
        source=imported.source.kind,
        decided_on=decided if isinstance(decided, date) else None,
        read_by=scheme,
    )  # fmt: skip


def _title_of(imported: ImportedPaper, file_name: str) -> str:
    return str(imported.paper.public.get("title", file_name))
