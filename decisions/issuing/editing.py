"""An edited Word file as a revision of the paper it was made from: read, compared and shown before it is recorded."""

from __future__ import annotations

from dataclasses import dataclass, replace

from decisions.documents.build import PUBLIC_PART
from decisions.documents.view import Document, Imprint
from decisions.issuing.issue import Renderer, RenderTarget, build_view
from decisions.issuing.text_changes import FactTextChange, diff_lines, find_text_changes
from decisions.output.word.reader import EditedFile, read_edited_file
from rules.errors import InputError
from workflow.history.snapshots import CaseSnapshot
from workflow.services import commands as at_desk
from workflow.services import queries
from workflow.services.commands import Request, Revision, Services

_OUTPUT_FORMAT = "docx"


@dataclass(frozen=True, slots=True)
class EditProposal:
    """What an edited file would change in the paper of its case.

    `asked` is who asks, at the version from which the file was made unless another was named. `elsewhere` are lines
    that were changed outside the texts of facts: nothing is recorded of those.
    """

    imprint: Imprint
    changes: tuple[FactTextChange, ...]
    unrecorded_changes: tuple[str, ...]
    revision: Revision
    request: Request


def propose_revision(services: Services, case: str, data: bytes, request: Request, renderer: Renderer) -> EditProposal:
    """What an edited file proposes; nothing is recorded.

    Raises `InputError` for a file that is not of this case, or cannot be read back; its message goes on after the name
    of the file. Raises `Conflict` where somebody amended the case since the file was made.
    """
    edited = read_edited_file(data)
    file = queries.load_case_snapshot(services, case)
    if edited.imprint.case != file.case.id:
        raise InputError(f"is of another case than {file.case.id}", "Name the case that it says at its end.")
    view = build_view(services, file.case.id, RenderTarget(edited.imprint.kind, edited.imprint.part, _OUTPUT_FORMAT))
    _refuse_other_store(edited.imprint, view.imprint)
    seen = request if request.expect_version is not None else replace(request, expect_version=edited.imprint.version)
    at_desk.refuse_invalid_revision(services, file, Revision({}, {}), seen)
    found = find_text_changes(view, edited)
    revision = _build_revision(found, file, edited.imprint.part)
    at_desk.refuse_invalid_revision(services, file, revision, seen)
    return EditProposal(edited.imprint, found, tuple(_unrecorded_changes(view, edited, renderer)), revision, seen)


def _refuse_other_store(file_imprint: Imprint, current_imprint: Imprint) -> None:
    if file_imprint.version > current_imprint.version or (
        file_imprint.version == current_imprint.version and file_imprint.head != current_imprint.head
    ):
        raise InputError("was made from another store", "Use the store from which it was made: --store FILE.")


def _build_revision(text_changes: tuple[FactTextChange, ...], snapshot: CaseSnapshot, part: int) -> Revision:
    """Each text goes to the part that states its fact, and a new one to that of the document.

    Raises `InputError` where a text was written into Part 1 of which the fact is stated in Part 2.
    """
    public: dict[str, str] = {}
    exempt: dict[str, str] = {}
    for change in text_changes:
        if part == PUBLIC_PART and change.fact in snapshot.exempt_part.facts:
            advice = "Edit Part 2; or move the fact to Part 1 on purpose, with --set."
            raise InputError(f"has a text for {change.fact}, which Part 2 states", advice)
        is_public = part == PUBLIC_PART or change.fact in snapshot.case.facts
        (public if is_public else exempt)[change.fact] = change.after
    return Revision(public, exempt)


def _unrecorded_changes(view: Document, edited: EditedFile, renderer: Renderer) -> list[str]:
    """What was changed outside the texts of facts: how the file differs from the document as it is made now."""
    made = read_edited_file(renderer(replace(view, imprint=edited.imprint), _OUTPUT_FORMAT))
    return list(diff_lines(list(made.other_text), list(edited.other_text)))
