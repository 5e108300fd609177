"""Issuing a document: from the record to bytes, with an entry in the ledger by which it can be known again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any, NamedTuple, TypeAlias

from decisions.documents.audit_report import RecordState, build_audit_report
from decisions.documents.build import PUBLIC_PART, build_document
from decisions.documents.record_views import build_exempt_record, build_public_record
from decisions.documents.view import Document, texts_in
from decisions.errors import NotVerified
from decisions.output.extraction import TextPiece, extract_text
from decisions.safety.derivable_figures import find_derivable_facts
from decisions.safety.disclosure import build_exempt_patterns, refuse_leak
from rules.errors import InputError
from rules.packs.document_schema import DocumentTemplate
from workflow.history.serialization import parse_body, report_unreadable
from workflow.ledger.entries import Entry
from workflow.services import issued_documents, queries, verification
from workflow.services.audit import Audit
from workflow.services.commands import Request, Services

Renderer: TypeAlias = Callable[[Document, str], bytes]
"""What makes a file of a view, in one of the forms of `OUTPUT_FORMATS`: `decisions.output.pdf.press`."""

StagedWrite: TypeAlias = Callable[[bytes], AbstractContextManager[object]]
"""What puts a file in its place once it is recorded, and not before: `decisions.issuing.document_files.placing`."""

OUTPUT_FORMATS = ("html", "pdf", "docx")
_IMPRINT_PATTERN = re.compile(rb"assent:case|urn:x-assent:imprint")


@dataclass(frozen=True, slots=True)
class IssuedDocument:
    """A document that was issued: of which case, version and head, which kind and part, in what form, and its digest.

    `to` is the form of the file, called so on the command line too: one of `OUTPUT_FORMATS`.
    """

    case: str
    version: int
    kind: str
    part: int
    to: str
    sha256: str
    head: str

    def as_json(self) -> dict[str, Any]:
        """The form that the ledger keeps and other programs read."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class RenderTarget:
    """A document that is asked for: its kind, its part, and the form of the file, one of `OUTPUT_FORMATS`."""

    kind: str
    part: int
    output_format: str


class RenderJob(NamedTuple):
    """A document that is asked for of a case."""

    case: str
    target: RenderTarget


class PreparedDocument(NamedTuple):
    """A document that is made: what it is, its bytes, and the withheld facts that can be worked out from it."""

    issued: IssuedDocument
    data: bytes
    derivable_facts: tuple[str, ...]


def issue_document(  # noqa: PLR0913  # what, for whom, and the two things that this module may not do itself
    services: Services,
    case: str,
    target: RenderTarget,
    request: Request,
    renderer: Renderer,
    *,
    staged_write: StagedWrite = nullcontext,
) -> PreparedDocument:
    """Make one document of a case, record it, and have it put in its place."""
    made = prepare_document(services, RenderJob(case, target), renderer)
    record_and_write(services, made, request, staged_write)
    return made


def prepare_document(services: Services, job: RenderJob, renderer: Renderer) -> PreparedDocument:
    """Make one document of a case. Part 1 is made from what was read without opening Part 2.

    Only when it is made is Part 2 opened, to look whether the file tells anything of it. Raises `LedgerBroken` where
    what it would be made from is not what was sealed, and `DocumentError` where the file may not go out.
    """
    case, order = job
    if order.output_format not in OUTPUT_FORMATS:
        raise InputError(
            f"{order.output_format!r} is not a form that documents are made in",
            f"There are: {', '.join(OUTPUT_FORMATS)}.",
        )
    verification.refuse_altered(services, case, with_part_2=order.part != PUBLIC_PART)
    view = build_view(services, case, order)
    data = renderer(view, order.output_format)
    gives_away = _check_public_file(services, view, data, order.output_format) if order.part == PUBLIC_PART else ()
    return PreparedDocument(_issued_document(view, order.output_format, data), data, gives_away)


def record_and_write(
    services: Services, prepared: PreparedDocument, request: Request, staged_write: StagedWrite
) -> None:
    """Record a document that was made, and have it put in its place: never one that is not recorded."""
    with staged_write(prepared.data):
        record_issued_document(services, prepared.issued, request)


def record_issued_document(services: Services, issued: IssuedDocument, request: Request) -> None:
    """Record a document, once; who asks, for which day and at which version is looked at each time."""
    issued_documents.record_document_issue(services, issued.case, issued.as_json(), request)


def build_report_view(services: Services, audit: Audit, *, show_all: bool) -> Document:
    """The view of the report of an audit; `every` has it name what is in order, too."""
    state = RecordState(*verification.audited_head(services)) if audit.is_from_ledger else RecordState(0, "")
    names = {name: services.library.scheme(name).declaration.name for name in services.library.schemes()}
    return build_audit_report(audit, names, state, show_all=show_all)


def issue_report(
    services: Services, view: Document, output_format: str, renderer: Renderer, staged_write: StagedWrite
) -> IssuedDocument:
    """Make a report, record it where it is of a record, and have it put in its place."""
    data = renderer(view, output_format)
    made = _issued_document(view, output_format, data)
    with staged_write(data):
        if made.head:
            issued_documents.record_report_issue(services, made.as_json())
    return made


def _issued_document(view: Document, output_format: str, data: bytes) -> IssuedDocument:
    """What is recorded of a file that was made of a view."""
    stamp, sha256 = view.imprint, hashlib.sha256(data).hexdigest()
    return IssuedDocument(stamp.case, stamp.version, stamp.kind, stamp.part, output_format, sha256, stamp.head)


def build_view(services: Services, case: str, target: RenderTarget) -> Document:
    """The view of a document of a case; for Part 1 nothing of Part 2 is read."""
    if target.part == PUBLIC_PART:
        public, head = queries.load_public_case(services, case)
        scheme = services.library.scheme(public.scheme)
        return build_document(
            scheme.document_template(target.kind, target.part), build_public_record(public, head, scheme)
        )
    file = queries.load_case_snapshot(services, case)
    scheme = services.library.scheme(file.case.scheme)
    record = build_exempt_record(file.case, file.exempt_part, file.head, scheme)
    return build_document(scheme.document_template(target.kind, target.part), record)


def _check_public_file(services: Services, view: Document, data: bytes, output_format: str) -> tuple[str, ...]:
    """Refuse a public file that tells anything of Part 2; the facts of Part 2 that can be worked out from it.

    The view is looked through too: what a narrow column breaks into lines stands in the file in pieces.
    """
    file = queries.load_case_snapshot(services, view.imprint.case)
    scheme = services.library.scheme(file.case.scheme)
    whole = build_exempt_record(file.case, file.exempt_part, file.head, scheme)
    public = build_public_record(file.case, file.head, scheme)
    unbroken = (TextPiece(text, is_prose=False) for text in texts_in(view))
    refuse_leak(build_exempt_patterns(whole, public), chain(extract_text(data, output_format), unbroken), file.case.id)
    return find_derivable_facts(whole, public, view)


def find_issued_document(services: Services, data: bytes) -> IssuedDocument | None:
    """The document that was issued as just these bytes; None where the ledger knows none."""
    sha256 = hashlib.sha256(data).hexdigest()
    found = (
        _parse_issue_entry(entry) for entry in issued_documents.list_issued_documents(services) if sha256 in entry.body
    )
    return next((made for made in found if made.sha256 == sha256), None)


def issued_by_digest(services: Services) -> Mapping[str, IssuedDocument]:
    """Every document that was issued, by its digest."""
    return {made.sha256: made for made in map(_parse_issue_entry, issued_documents.list_issued_documents(services))}


def is_current(services: Services, issued: IssuedDocument, job: RenderJob) -> bool:
    """Whether a document is the one that is asked for, of the case as it now stands."""
    case, head = queries.load_public_case(services, job.case)
    kind, part, to = job.target.kind, job.target.part, job.target.output_format
    return issued == IssuedDocument(case.id, case.version, kind, part, to, issued.sha256, head)


def _parse_issue_entry(entry: Entry) -> IssuedDocument:
    with report_unreadable(entry):
        return IssuedDocument(**parse_body(entry))


def verify_file(services: Services, data: bytes, name: str) -> IssuedDocument:
    """The document that a file is, unaltered; raises `NotVerified` for any other file."""
    found = find_issued_document(services, data)
    if found:
        return found
    if _IMPRINT_PATTERN.search(data) or _is_own_word_file(data):
        raise NotVerified(
            f"{name} carries the imprint of assent, but its bytes are not those of any document issued from this store",
            "It was altered, or issued from another store; or it is the report on a file, which is not recorded. "
            "Ask the authority for the document, or make it again.",
        )
    raise NotVerified(f"{name} is not a document of assent")


def _is_own_word_file(data: bytes) -> bool:
    """Whether a Word file says that it is of assent, however Word has packed it since."""
    from decisions.output.word.package import read_parts, read_properties

    with suppress(InputError):  # what is no Word file is none of ours
        return "case" in read_properties(read_parts(data))
    return False


def documents_by_template(services: Services, case: str) -> list[tuple[DocumentTemplate, list[IssuedDocument]]]:
    """Every form of a case's scheme, and the documents issued by it for the case."""
    public, _ = queries.load_public_case(services, case)
    made = [_parse_issue_entry(entry) for entry in issued_documents.list_issued_documents(services)]
    return [
        (form, [m for m in made if (m.case, m.kind, m.part) == (public.id, form.kind, form.part)])
        for form in services.library.scheme(public.scheme).declaration.documents
    ]
