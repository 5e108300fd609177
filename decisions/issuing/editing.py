"""Turn an edited Word file into a proposed revision of the paper it was made from. Nothing is recorded here.

- The file must be of this case and this store, and no one may have amended the case since it was made.
- Only texts of facts become changes; edits to the wording of the form are listed, and not recorded.
- A text of Part 2 never moves to Part 1 by an edit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from decisions.documents.view import Imprint
from decisions.issuing.issue import Renderer, build_view
from decisions.issuing.jobs import RenderJob
from decisions.issuing.text_changes import (
    FactTextChange,
    UnrecordedChange,
    field_labels,
    find_text_changes,
    find_unrecorded_changes,
)
from decisions.output.word.reader import open_edited_file, read_edited_file
from rules.errors import InputError
from rules.packs.document_schema import PUBLIC_PART
from rules.packs.scheme import Scheme
from workflow.cases.redacted_errors import redact_declaration
from workflow.history.snapshots import CaseSnapshot
from workflow.services import commands, queries
from workflow.services.commands import Request, Revision, Services

_OUTPUT_FORMAT = "docx"


@dataclass(frozen=True, slots=True)
class EditProposal:
    """The changes to a case's paper that an edited file proposes.

    `request` is the officer's, at the version that the file was made from, unless the officer named another.
    `unrecorded_changes` are all differences outside the texts of facts.
    """

    imprint: Imprint
    changes: tuple[FactTextChange, ...]
    unrecorded_changes: tuple[UnrecordedChange, ...]
    revision: Revision
    request: Request

    @property
    def case(self) -> str:
        """The case whose document was edited."""
        return self.imprint.case

    @property
    def version(self) -> int:
        """The version from which the document was made."""
        return self.imprint.version

    @property
    def origin(self) -> str:
        """The case and the version that the file is a document of."""
        stamp = self.imprint
        return f"{stamp.kind} Part {stamp.part}, made from version {stamp.version} of {stamp.case}"

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read, without the revision itself."""
        return {
            "part": self.imprint.part,
            "changes": [change.as_json() for change in self.changes],
            "elsewhere": [change.line for change in self.unrecorded_changes],
            "not_recorded": [change.as_json() for change in self.unrecorded_changes],
        }


def propose_revision(services: Services, case: str, data: bytes, request: Request, renderer: Renderer) -> EditProposal:
    """Return the revision that an edited file proposes.

    Raises `InputError` if the file is of another case or cannot be read back; its message continues the name of the
    file ("is of another case ..."). Raises `Conflict` if somebody amended the case since the file was made.
    """
    opened = open_edited_file(data)
    snapshot, imprint = queries.load_case_snapshot(services, case), opened.imprint
    _refuse_other_case(services, imprint, snapshot)
    view = build_view(services, RenderJob(imprint.case, imprint.kind, imprint.part, _OUTPUT_FORMAT))
    _refuse_other_store(imprint, view.imprint)
    if request.expect_version is None:
        request = replace(request, expect_version=imprint.version)
    # Check the version before comparing texts: an older file would seem to undo what was amended since.
    commands.refuse_invalid_revision(services, snapshot, Revision({}, {}), request)
    edited = opened.read(field_labels(view))
    changes = find_text_changes(view, edited)
    _refuse_unfit_answers(changes, services.find_case_scheme(snapshot).scheme, imprint.part)
    revision = _build_revision(changes, snapshot, imprint.part)
    commands.refuse_invalid_revision(services, snapshot, revision, request)
    unedited = read_edited_file(renderer(replace(view, imprint=imprint), _OUTPUT_FORMAT))
    return EditProposal(imprint, changes, tuple(find_unrecorded_changes(unedited, edited)), revision, request)


def _refuse_other_case(services: Services, imprint: Imprint, snapshot: CaseSnapshot) -> None:
    """Raise `InputError` for a form of another case, or of a kind that the scheme of the case does not have now."""
    case_id, scheme = snapshot.case.id, services.find_case_scheme(snapshot).scheme
    if imprint.case != case_id:
        authority = _other_authority(services, imprint.case, scheme.id)
        raise InputError(
            f"is of another case than {case_id}{authority and f', of {authority}'}",
            "Name the case that it says at its end.",
        )
    forms = {(template.kind, template.part) for template in scheme.declaration.documents}
    if (imprint.kind, imprint.part) not in forms:
        raise InputError(
            f"is a form of an older scheme: {scheme.id} has no {imprint.kind} Part {imprint.part} now",
            "Make a new form, and copy your texts into it: assent document list CASE",
        )


def _other_authority(services: Services, case_id: str, own_scheme: str) -> str:
    """Return the name of the other authority that numbers its cases like this; empty if there is none."""
    for name in services.library.schemes():
        declaration = services.library.scheme(name).declaration
        prefix = declaration.numbering.case.partition("{")[0]
        if name != own_scheme and prefix and case_id.startswith(prefix):
            return declaration.name
    return ""


def _refuse_unfit_answers(changes: tuple[FactTextChange, ...], scheme: Scheme, part: int) -> None:
    """Raise `InputError` that names every field whose answer no paper may state.

    It repeats no answer of a form of Part 2: a field of Part 1 in it may have been given words of Part 2 by mistake.
    """
    faults: list[InputError] = []
    for change in changes:
        declaration = scheme.fact_declaration(scheme.rulebook.facts.split_address(change.fact)[0])
        try:
            (declaration if part == PUBLIC_PART else redact_declaration(declaration)).parse(change.after)
        except InputError as error:
            faults.append(InputError(f"{change.label} ({change.fact}): {error}", error.advice()))
    if faults:
        listed = "\n".join(map(str, faults))
        advice = "\n".join(dict.fromkeys(fault.advice() for fault in faults if fault.advice()))
        raise InputError(f"has answers that cannot be recorded.\n{listed}", advice)


def _refuse_other_store(file_imprint: Imprint, current_imprint: Imprint) -> None:
    is_newer = file_imprint.version > current_imprint.version
    is_same_version = file_imprint.version == current_imprint.version
    if is_newer or (is_same_version and file_imprint.head != current_imprint.head):
        raise InputError("was made from another store", "Use the store from which it was made: --store FILE.")


def _build_revision(text_changes: tuple[FactTextChange, ...], snapshot: CaseSnapshot, part: int) -> Revision:
    """Put each text in the part that states its fact, and a new text in the part of the document.

    Raises `InputError` if Part 1 was given a text for a fact that Part 2 states.
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
