"""Issuing a document: from the record to bytes, with an entry in the ledger by which it can be known again."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from typing import Any

from decisions import render
from decisions.errors import NotVerified
from decisions.forms import PUBLIC_PART, document
from decisions.publication import exempt_record, public_record
from rules.errors import InputError
from rules.scheme import Form
from workflow import desk as at_desk
from workflow.desk import Asked, Desk

SUFFIXES = ("html", "pdf")
_OURS = re.compile(rb"assent:case|urn:x-assent:imprint")


@dataclass(frozen=True, slots=True)
class Issued:
    """A document that was issued: of which case and version, which kind and part, and the digest of its bytes."""

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


def issue(desk: Desk, case: str, kind: str, part: int, to: str, asked: Asked) -> tuple[Issued, bytes]:
    """Make one document of a case and record it. Part 1 is made from what was read without opening Part 2."""
    if to not in SUFFIXES:
        raise InputError(f"{to!r} is not a form that documents are made in", f"There are: {', '.join(SUFFIXES)}.")
    if part == PUBLIC_PART:
        public, head = at_desk.public_record(desk, case)
        scheme = desk.library.scheme(public.scheme)
        view = document(scheme.form(kind, part), public_record(public, head, scheme))
    else:
        file = at_desk.whole_record(desk, case)
        scheme = desk.library.scheme(file.case.scheme)
        record = exempt_record(file.case, file.confidential, file.head, scheme)
        view = document(scheme.form(kind, part), record)
    page = render.html(view)
    if to == "pdf":
        from decisions.pdf import pdf  # WeasyPrint is slow to import, and only this needs it

        data = pdf(page, view)
    else:
        data = page.encode()
    stamp = view.imprint
    made = Issued(stamp.case, stamp.version, kind, part, to, hashlib.sha256(data).hexdigest(), stamp.head)
    at_desk.record_issue(desk, stamp.case, made.as_json(), asked)
    return made, data


def origin(desk: Desk, data: bytes) -> Issued | None:
    """The document that some bytes are, or None where the ledger does not know them."""
    sha256 = hashlib.sha256(data).hexdigest()
    for entry in at_desk.issued(desk):
        body = json.loads(entry.body)
        if body["sha256"] == sha256:
            return Issued(**body)
    return None


def verified(desk: Desk, data: bytes, name: str) -> Issued:
    """The document that a file is, unaltered; raises `NotVerified` for any other file."""
    found = origin(desk, data)
    if found:
        return found
    if _OURS.search(data):
        raise NotVerified(
            f"{name} carries the imprint of assent, but its bytes are not those of any document issued from this store",
            "It was altered, or issued from another store. Ask the authority for the document, or make it again.",
        )
    raise NotVerified(f"{name} is not a document of assent")


def available(desk: Desk, case: str) -> list[tuple[Form, list[Issued]]]:
    """Every form of a case's scheme, and the documents issued by it for the case."""
    public, _ = at_desk.public_record(desk, case)
    made = [Issued(**json.loads(entry.body)) for entry in at_desk.issued(desk)]
    return [
        (form, [m for m in made if (m.case, m.kind, m.part) == (public.id, form.kind, form.part)])
        for form in desk.library.scheme(public.scheme).text.documents
    ]
