"""Issuing a document: from the record to bytes, with an entry in the ledger by which it can be known again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any, NamedTuple, TypeAlias

from decisions.documents.audit_report import State, audit_report
from decisions.documents.build import PUBLIC_PART, document
from decisions.documents.record_views import exempt_record, public_record
from decisions.documents.view import Document, texts_in
from decisions.errors import NotVerified
from decisions.output.extraction import Piece, told_by
from decisions.safety.derivable_figures import derivable
from decisions.safety.disclosure import refuse_leak, secrets_of
from rules.errors import InputError
from rules.packs.document_schema import Form
from workflow.history.record import as_readable, body_of
from workflow.ledger.entries import Entry
from workflow.services import issued_documents, queries, verification
from workflow.services.audit import Audit
from workflow.services.commands import Asked, Desk

Press: TypeAlias = Callable[[Document, str], bytes]
"""What makes a file of a view, in one of the forms of `SUFFIXES`: `decisions.output.pdf.press`."""

Placing: TypeAlias = Callable[[bytes], AbstractContextManager[object]]
"""What puts a file in its place once it is recorded, and not before: `decisions.issuing.archive.placing`."""

SUFFIXES = ("html", "pdf", "docx")
_OURS = re.compile(rb"assent:case|urn:x-assent:imprint")


@dataclass(frozen=True, slots=True)
class Issued:
    """A document that was issued: of which case, version and head, which kind and part, in what form, and its digest.

    `to` is the form of the file, called so on the command line too: one of `SUFFIXES`.
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
class Order:
    """A document that is asked for: its kind, its part, and the form of the file, one of `SUFFIXES`."""

    kind: str
    part: int
    to: str


class Commission(NamedTuple):
    """A document that is asked for of a case."""

    case: str
    order: Order


class Made(NamedTuple):
    """A document that is made: what it is, its bytes, and the withheld facts that can be worked out from it."""

    issued: Issued
    data: bytes
    gives_away: tuple[str, ...]


def issue(  # noqa: PLR0913  # what, for whom, and the two things that this module may not do itself
    desk: Desk, case: str, order: Order, asked: Asked, press: Press, *, placing: Placing = nullcontext
) -> Made:
    """Make one document of a case, record it, and have it put in its place."""
    made = make(desk, Commission(case, order), press)
    hand_out(desk, made, asked, placing)
    return made


def make(desk: Desk, wanted: Commission, press: Press) -> Made:
    """Make one document of a case. Part 1 is made from what was read without opening Part 2.

    Only when it is made is Part 2 opened, to look whether the file tells anything of it. Raises `LedgerBroken` where
    what it would be made from is not what was sealed, and `DocumentError` where the file may not go out.
    """
    case, order = wanted
    if order.to not in SUFFIXES:
        raise InputError(f"{order.to!r} is not a form that documents are made in", f"There are: {', '.join(SUFFIXES)}.")
    verification.refuse_altered(desk, case, with_part_2=order.part != PUBLIC_PART)
    view = view_of(desk, case, order)
    data = press(view, order.to)
    gives_away = _looked_through(desk, view, data, order.to) if order.part == PUBLIC_PART else ()
    return Made(_stamped(view, order.to, data), data, gives_away)


def hand_out(desk: Desk, made: Made, asked: Asked, placing: Placing) -> None:
    """Record a document that was made, and have it put in its place: never one that is not recorded."""
    with placing(made.data):
        record(desk, made.issued, asked)


def record(desk: Desk, issued: Issued, asked: Asked) -> None:
    """Record a document, once; who asks, for which day and at which version is looked at each time."""
    issued_documents.record_issue(desk, issued.case, issued.as_json(), asked)


def report_of(desk: Desk, found: Audit, *, every: bool) -> Document:
    """The view of the report of an audit; `every` has it name what is in order, too."""
    state = State(*verification.audited_head(desk)) if found.of_record else State(0, "")
    names = {name: desk.library.scheme(name).text.name for name in desk.library.schemes()}
    return audit_report(found, names, state, every=every)


def issue_report(desk: Desk, view: Document, to: str, press: Press, placing: Placing) -> Issued:
    """Make a report, record it where it is of a record, and have it put in its place."""
    data = press(view, to)
    made = _stamped(view, to, data)
    with placing(data):
        if made.head:
            issued_documents.record_report(desk, made.as_json())
    return made


def _stamped(view: Document, to: str, data: bytes) -> Issued:
    """What is recorded of a file that was made of a view."""
    stamp, sha256 = view.imprint, hashlib.sha256(data).hexdigest()
    return Issued(stamp.case, stamp.version, stamp.kind, stamp.part, to, sha256, stamp.head)


def view_of(desk: Desk, case: str, order: Order) -> Document:
    """The view of a document of a case; for Part 1 nothing of Part 2 is read."""
    if order.part == PUBLIC_PART:
        public, head = queries.public_record(desk, case)
        scheme = desk.library.scheme(public.scheme)
        return document(scheme.form(order.kind, order.part), public_record(public, head, scheme))
    file = queries.whole_record(desk, case)
    scheme = desk.library.scheme(file.case.scheme)
    record = exempt_record(file.case, file.confidential, file.head, scheme)
    return document(scheme.form(order.kind, order.part), record)


def _looked_through(desk: Desk, view: Document, data: bytes, to: str) -> tuple[str, ...]:
    """Refuse a public file that tells anything of Part 2; the facts of Part 2 that can be worked out from it.

    The view is looked through too: what a narrow column breaks into lines stands in the file in pieces.
    """
    file = queries.whole_record(desk, view.imprint.case)
    scheme = desk.library.scheme(file.case.scheme)
    whole = exempt_record(file.case, file.confidential, file.head, scheme)
    public = public_record(file.case, file.head, scheme)
    unbroken = (Piece(text, is_speech=False) for text in texts_in(view))
    refuse_leak(secrets_of(whole, public), chain(told_by(data, to), unbroken), file.case.id)
    return derivable(whole, public, view)


def origin(desk: Desk, data: bytes) -> Issued | None:
    """The document that was issued as just these bytes; None where the ledger knows none."""
    sha256 = hashlib.sha256(data).hexdigest()
    found = (_issued(entry) for entry in issued_documents.issued(desk) if sha256 in entry.body)
    return next((made for made in found if made.sha256 == sha256), None)


def known(desk: Desk) -> Mapping[str, Issued]:
    """Every document that was issued, by its digest."""
    return {made.sha256: made for made in map(_issued, issued_documents.issued(desk))}


def stands(desk: Desk, issued: Issued, wanted: Commission) -> bool:
    """Whether a document is the one that is asked for, of the case as it now stands."""
    case, head = queries.public_record(desk, wanted.case)
    kind, part, to = wanted.order.kind, wanted.order.part, wanted.order.to
    return issued == Issued(case.id, case.version, kind, part, to, issued.sha256, head)


def _issued(entry: Entry) -> Issued:
    with as_readable(entry):
        return Issued(**body_of(entry))


def verified(desk: Desk, data: bytes, name: str) -> Issued:
    """The document that a file is, unaltered; raises `NotVerified` for any other file."""
    found = origin(desk, data)
    if found:
        return found
    if _OURS.search(data) or _is_word_of_ours(data):
        raise NotVerified(
            f"{name} carries the imprint of assent, but its bytes are not those of any document issued from this store",
            "It was altered, or issued from another store; or it is the report on a file, which is not recorded. "
            "Ask the authority for the document, or make it again.",
        )
    raise NotVerified(f"{name} is not a document of assent")


def _is_word_of_ours(data: bytes) -> bool:
    """Whether a Word file says that it is of assent, however Word has packed it since."""
    from decisions.output.word.package import parts_of, properties_of

    with suppress(InputError):  # what is no Word file is none of ours
        return "case" in properties_of(parts_of(data))
    return False


def available(desk: Desk, case: str) -> list[tuple[Form, list[Issued]]]:
    """Every form of a case's scheme, and the documents issued by it for the case."""
    public, _ = queries.public_record(desk, case)
    made = [_issued(entry) for entry in issued_documents.issued(desk)]
    return [
        (form, [m for m in made if (m.case, m.kind, m.part) == (public.id, form.kind, form.part)])
        for form in desk.library.scheme(public.scheme).text.documents
    ]
