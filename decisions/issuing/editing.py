"""An edited Word file as a revision of the paper it was made from: read, compared and shown before it is recorded."""

from __future__ import annotations

from dataclasses import dataclass, replace

from decisions.documents.build import PUBLIC_PART
from decisions.documents.view import Document, Imprint
from decisions.issuing.changes import Change, changes, differences
from decisions.issuing.issue import Order, Press, view_of
from decisions.output.word.reader import Edited, read
from rules.errors import InputError
from workflow.history.record import File
from workflow.services import commands as at_desk
from workflow.services import queries
from workflow.services.commands import Asked, Desk, Revision

_FORM = "docx"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an edited file would change in the paper of its case.

    `asked` is who asks, at the version from which the file was made unless another was named. `elsewhere` are lines
    that were changed outside the texts of facts: nothing is recorded of those.
    """

    imprint: Imprint
    changes: tuple[Change, ...]
    elsewhere: tuple[str, ...]
    revision: Revision
    asked: Asked


def proposal(desk: Desk, case: str, data: bytes, asked: Asked, press: Press) -> Proposal:
    """What an edited file proposes; nothing is recorded.

    Raises `InputError` for a file that is not of this case, or cannot be read back; its message goes on after the name
    of the file. Raises `Conflict` where somebody amended the case since the file was made.
    """
    edited = read(data)
    file = queries.whole_record(desk, case)
    if edited.imprint.case != file.case.id:
        raise InputError(f"is of another case than {file.case.id}", "Name the case that it says at its end.")
    view = view_of(desk, file.case.id, Order(edited.imprint.kind, edited.imprint.part, _FORM))
    _refuse_other_store(edited.imprint, view.imprint)
    seen = asked if asked.expect_version is not None else replace(asked, expect_version=edited.imprint.version)
    at_desk.refuse_unfit(desk, file, Revision({}, {}), seen)
    found = changes(view, edited)
    revision = _revision(found, file, edited.imprint.part)
    at_desk.refuse_unfit(desk, file, revision, seen)
    return Proposal(edited.imprint, found, tuple(_elsewhere(view, edited, press)), revision, seen)


def _refuse_other_store(said: Imprint, known: Imprint) -> None:
    if said.version > known.version or (said.version == known.version and said.head != known.head):
        raise InputError("was made from another store", "Use the store from which it was made: --store FILE.")


def _revision(found: tuple[Change, ...], file: File, part: int) -> Revision:
    """Each text goes to the part that states its fact, and a new one to that of the document.

    Raises `InputError` where a text was written into Part 1 of which the fact is stated in Part 2.
    """
    public: dict[str, str] = {}
    exempt: dict[str, str] = {}
    for change in found:
        if part == PUBLIC_PART and change.fact in file.confidential.facts:
            advice = "Edit Part 2; or move the fact to Part 1 on purpose, with --set."
            raise InputError(f"has a text for {change.fact}, which Part 2 states", advice)
        is_public = part == PUBLIC_PART or change.fact in file.case.facts
        (public if is_public else exempt)[change.fact] = change.after
    return Revision(public, exempt)


def _elsewhere(view: Document, edited: Edited, press: Press) -> list[str]:
    """What was changed outside the texts of facts: how the file differs from the document as it is made now."""
    made = read(press(replace(view, imprint=edited.imprint), _FORM))
    return list(differences(list(made.rest), list(edited.rest)))
