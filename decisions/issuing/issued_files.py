"""The documents that were issued, recognised by the digest of their bytes.

- A file is a document of this store only if the ledger holds its exact digest: one changed byte, and it is not.
- A file that carries our imprint and no known digest is reported as altered or foreign, never as ours.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from decisions.errors import NotVerified
from decisions.issuing.jobs import RenderJob
from rules.errors import InputError
from rules.packs.document_schema import DocumentTemplate
from workflow.history.serialization import parse_body, report_unreadable
from workflow.ledger.entries import Entry
from workflow.services import issued_documents, queries
from workflow.services.commands import Services

_IMPRINT_PATTERN = re.compile(rb"assent:case|urn:x-assent:imprint")


@dataclass(frozen=True, slots=True)
class IssuedDocument:
    """The ledger's record of one issued file: what it is, the version and head of its case, and its digest.

    `to` is the output format, under the name that the ledger and the command line give it. A report on several cases
    has no `case`, and part 0.
    """

    case: str
    version: int
    kind: str
    part: int
    to: str
    sha256: str
    head: str

    def as_json(self) -> dict[str, Any]:
        """Return the form that the ledger keeps and other programs read."""
        return asdict(self)


def digest(data: bytes) -> str:
    """Return the SHA-256 of a file, in hexadecimal: what the ledger knows a document by."""
    return hashlib.sha256(data).hexdigest()


def find_issued_document(services: Services, data: bytes) -> IssuedDocument | None:
    """Return the document that was issued as exactly these bytes, or None."""
    sha256 = digest(data)
    # Parse only entries that can match: a damaged entry of another document must not stop this look-up.
    candidates = (
        _parse_issue_entry(entry) for entry in issued_documents.list_issued_documents(services) if sha256 in entry.body
    )
    return next((issued for issued in candidates if issued.sha256 == sha256), None)


def issued_by_digest(services: Services) -> Mapping[str, IssuedDocument]:
    """Return every issued document by its digest."""
    return {issued.sha256: issued for issued in _list_issued(services)}


class TemplateDocuments(NamedTuple):
    """A document template of a scheme, and the documents issued from it for one case."""

    template: DocumentTemplate
    issued: list[IssuedDocument]

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        issued = [f"{document.to} of version {document.version}" for document in self.issued]
        return {"kind": self.template.kind, "part": self.template.part, "name": self.template.name, "issued": issued}


def documents_by_template(services: Services, case: str) -> list[TemplateDocuments]:
    """Return each document template of a case's scheme with the documents issued for the case."""
    public, _ = queries.load_public_case(services, case)
    all_issued = _list_issued(services)
    return [
        TemplateDocuments(
            template,
            [i for i in all_issued if (i.case, i.kind, i.part) == (public.id, template.kind, template.part)],
        )
        for template in queries.load_case_scheme(services, public.id).declaration.documents
    ]


def is_current(services: Services, issued: IssuedDocument, job: RenderJob) -> bool:
    """Whether an issued document is what the job asks for, of the case as it now stands."""
    case, head = queries.load_public_case(services, job.case)
    return issued == IssuedDocument(case.id, case.version, job.kind, job.part, job.output_format, issued.sha256, head)


def verify_file(services: Services, data: bytes, name: str) -> IssuedDocument:
    """Return the document that a file is, unaltered; raise `NotVerified` for any other file."""
    issued = find_issued_document(services, data)
    if issued:
        return issued
    if _IMPRINT_PATTERN.search(data) or _is_own_word_file(data):
        raise NotVerified(
            f"{name} carries the imprint of assent, but its bytes are not those of any document issued from this store",
            "It was altered, or issued from another store; or it is the report on a file, which is not recorded. "
            "Ask the authority for the document, or make it again.",
        )
    raise NotVerified(f"{name} is not a document of assent")


def _list_issued(services: Services) -> list[IssuedDocument]:
    return [_parse_issue_entry(entry) for entry in issued_documents.list_issued_documents(services)]


def _parse_issue_entry(entry: Entry) -> IssuedDocument:
    with report_unreadable(entry):
        return IssuedDocument(**parse_body(entry))


def _is_own_word_file(data: bytes) -> bool:
    """Whether a Word file has our imprint among its properties, however Word has packed it since."""
    from decisions.output.word.package import read_parts, read_properties

    with suppress(InputError):  # any other kind of file is not ours
        return "case" in read_properties(read_parts(data))
    return False
