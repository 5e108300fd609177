"""Audit a case that was decided elsewhere, from its paper: nothing of it is imported.

Invariants:
- A paper has no rulings. Each act that it records is judged on the whole paper, by the day given there.
- Nothing recorded after the day of the audit is read.
"""

from __future__ import annotations

from datetime import date

from rules.errors import InputError
from workflow.cases.paper import read_imported_paper
from workflow.services.audit_findings import WEB_PAGE, CaseAudit, LatestFindings
from workflow.services.commands import Services
from workflow.services.recorded_case import OPENED_BY, RecordedCase


def audit_paper(services: Services, content: bytes, file_name: str, as_of: date | None = None) -> CaseAudit:
    """The audit of a case in a file, which is not imported; raises `FileError` with every fault of the file."""
    on = services.new_act_context(as_of).on
    imported = read_imported_paper(content, file_name, services.library.scheme_as_typed, (OPENED_BY,))
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
        file_name, str(imported.paper.public.get("title", file_name)), scheme.id, imported.stage, latest.findings(),
        warnings=(*recorded_case.describe_unjudged_acts(on), *recorded_case.describe_unknown_opener()),
        imported=True,
        source=WEB_PAGE,
        decided_on=decided if isinstance(decided, date) else None,
        read_by=scheme,
    )  # fmt: skip
