"""Issue documents: make the file, check it, record it in the ledger, and put it in its place, in this order.

- A Part 1 document is made from data that was read without opening Part 2. Part 2 is opened only afterwards, to check
  that the finished file gives nothing of it away.
- Nothing is made from a ledger that was altered, and a file that may not go out is neither recorded nor written.
- A document is recorded before its file is in its place, never after.

Rendering and the disk are passed in (`Renderer`, `StagedWrite`), so that this module does no I/O of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from itertools import chain
from typing import NamedTuple, TypeAlias

from decisions.documents.audit_report import AuditReport, RecordState
from decisions.documents.build import build_document
from decisions.documents.record_views import build_exempt_record, build_public_record
from decisions.documents.view import Document, texts_in
from decisions.issuing.issued_files import IssuedDocument, digest
from decisions.issuing.jobs import OUTPUT_FORMATS, RenderJob
from decisions.output.extraction import TextPiece, extract_text
from decisions.safety.derivable_figures import CaseFigures
from decisions.safety.disclosure import build_exempt_patterns, refuse_leak
from decisions.safety.publication import refuse_disclosures
from rules.errors import InputError
from rules.packs.document_schema import PUBLIC_PART
from workflow.services import issued_documents, queries, verification
from workflow.services.audit_findings import Audit
from workflow.services.audit_totals import AuditTotals
from workflow.services.commands import Request, Services

Renderer: TypeAlias = Callable[[Document, str], bytes]
"""Renders a document in an output format: `decisions.output.pdf.render_file`."""

StagedWrite: TypeAlias = Callable[[bytes], AbstractContextManager[object]]
"""Puts a file in its place once its block has recorded it: `decisions.issuing.document_files.staged_write`."""


class PreparedDocument(NamedTuple):
    """A document that is made and checked, but not yet recorded: its description and its bytes.

    `derivable_facts` names the withheld facts that a reader can work out from its figures. They do not stop it.
    """

    issued: IssuedDocument
    data: bytes
    derivable_facts: tuple[str, ...]


def issue_document(
    services: Services, job: RenderJob, request: Request, renderer: Renderer, *, staged_write: StagedWrite = nullcontext
) -> PreparedDocument:
    """Make one document of a case, record it, and put it in its place."""
    prepared = prepare_document(services, job, renderer)
    record_and_write(services, prepared, request, staged_write)
    return prepared


def prepare_document(services: Services, job: RenderJob, renderer: Renderer) -> PreparedDocument:
    """Make one document of a case and check it, without recording it.

    Raises `LedgerBroken` if the data that it is made from was altered after it was sealed, and `DocumentError` if the
    file gives away something of Part 2.
    """
    if job.output_format not in OUTPUT_FORMATS:
        raise InputError(
            f"{job.output_format!r} is not an output format", f"Choose one of: {', '.join(OUTPUT_FORMATS)}."
        )
    is_public = job.part == PUBLIC_PART
    verification.refuse_altered(services, job.case, with_part_2=not is_public)
    view = build_view(services, job)
    data = renderer(view, job.output_format)
    derivable_facts = _check_public_file(services, view, data, job.output_format) if is_public else ()
    return PreparedDocument(_describe_file(view, job.output_format, data), data, derivable_facts)


def build_view(services: Services, job: RenderJob) -> Document:
    """Return the view of a document; for Part 1, without reading anything of Part 2."""
    if job.part == PUBLIC_PART:
        case, head = queries.load_public_case(services, job.case)
        scheme = queries.load_case_scheme(services, case.id)
        return build_document(scheme.document_template(job.kind, job.part), build_public_record(case, head, scheme))
    snapshot = queries.load_case_snapshot(services, job.case)
    scheme = services.find_case_scheme(snapshot).scheme
    record = build_exempt_record(snapshot.case, snapshot.exempt_part, snapshot.head, scheme)
    return build_document(scheme.document_template(job.kind, job.part), record)


def _check_public_file(services: Services, view: Document, data: bytes, output_format: str) -> tuple[str, ...]:
    """Refuse a public file that gives away Part 2; return the withheld facts that can be derived from it."""
    snapshot = queries.load_case_snapshot(services, view.imprint.case)
    scheme = services.find_case_scheme(snapshot).scheme
    exempt_record = build_exempt_record(snapshot.case, snapshot.exempt_part, snapshot.head, scheme)
    public_record = build_public_record(snapshot.case, snapshot.head, scheme)
    # The view too: a narrow column breaks a long word into lines, which stand in the file as separate pieces.
    unbroken_texts = (TextPiece(text, is_prose=False) for text in texts_in(view))
    refuse_disclosures(exempt_record, public_record, view)
    refuse_leak(
        build_exempt_patterns(exempt_record, public_record),
        chain(extract_text(data, output_format), unbroken_texts),
        snapshot.case.id,
    )
    return CaseFigures.of(exempt_record, public_record).find_derivable(view)


def _describe_file(view: Document, output_format: str, data: bytes) -> IssuedDocument:
    """Return what the ledger will say of a file that was made from a view."""
    imprint = view.imprint
    return IssuedDocument(
        imprint.case, imprint.version, imprint.kind, imprint.part, output_format, digest(data), imprint.head
    )


def record_and_write(
    services: Services, prepared: PreparedDocument, request: Request, staged_write: StagedWrite
) -> None:
    """Record a document that was made, then put it in its place."""
    with staged_write(prepared.data):
        record_issued_document(services, prepared.issued, request)


def record_issued_document(services: Services, issued: IssuedDocument, request: Request) -> None:
    """Record a document, unless it is recorded already; check officer, day and version of the request each time."""
    issued_documents.record_document_issue(services, issued.case, issued.as_json(), request)


def build_report_view(services: Services, audit: Audit, *, show_all: bool) -> tuple[Document, AuditTotals]:
    """Return the view of an audit report, and its totals; with `show_all` it lists satisfied controls too."""
    report = AuditReport(audit.as_of, show_all=show_all)
    report.totals.sample, report.totals.is_compared = audit.sample, audit.is_compared
    for result in audit.results:
        report.take(result)
    state = RecordState(*verification.audited_head(services)) if audit.is_from_ledger else RecordState(0, "")
    return report.build(state), report.totals


def issue_report(
    services: Services, view: Document, output_format: str, renderer: Renderer, staged_write: StagedWrite
) -> IssuedDocument:
    """Make a report and put it in its place; record it only if it is about cases of the ledger."""
    data = renderer(view, output_format)
    issued = _describe_file(view, output_format, data)
    with staged_write(data):
        if issued.head:
            issued_documents.record_report_issue(services, issued.as_json())
    return issued
