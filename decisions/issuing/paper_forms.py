"""Forms to fill in: make one of a paper, and read its answers back as a paper or as changes to a case.

- Nothing is recorded here. Every fault of a form is listed at once, by the names of its fields.
- No message repeats what was written in Part 2.
- A field that is not answered states nothing, and takes nothing out of a case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from decisions.documents.build import build_letterhead
from decisions.issuing.text_changes import FactTextChange, UnrecordedChange
from decisions.output.word.file_kinds import LOST_MARKS_ADVICE
from decisions.output.word.forms.choices import choice_texts
from decisions.output.word.forms.form_reader import FilledForm, OpenedForm, open_paper_form
from decisions.output.word.forms.form_writer import render_paper_form
from rules.errors import InputError
from rules.packs.scheme import Scheme
from rules.values.calendar import long_date
from rules.values.fact_table import FactTable
from rules.values.facts import Facts, FactValue, format_caption, split_address
from rules.values.names import find_meant_name
from rules.values.text import quote
from workflow.cases.life import NOT_STATED_IN_PAPER
from workflow.cases.paper import Paper
from workflow.cases.redacted_errors import RedactingTable
from workflow.history.snapshots import CaseSnapshot
from workflow.ledger.ports import SchemeLibrary
from workflow.services import commands, queries
from workflow.services.commands import Request, Revision, Services
from workflow.services.paper_drafts import PaperDraft
from workflow.services.paper_form import make_paper_form, name_fields

_NOT_SHOWN = "(not shown: it may be confidential)"
_NO_FORM_ADVICE = (
    "Make a form with: assent case new --scheme SCHEME --output FILE.docx. A document of a case is read back with: "
    f"assent case amend CASE --from FILE\n{LOST_MARKS_ADVICE}"
)


@dataclass(frozen=True, slots=True)
class ReadForm:
    """A form that was filled in: its scheme, its paper, and its texts outside the fields, which are not recorded.

    `warning` says that the form was made by other rules than those of today; it is empty otherwise.
    """

    scheme: Scheme
    paper: Paper
    names: Mapping[str, str]
    outside: tuple[UnrecordedChange, ...]
    warning: str


@dataclass(frozen=True, slots=True)
class FormProposal:
    """The changes to a case that a form proposes; `request` is the officer's, at the version that was compared.

    `unrecorded_changes` are the texts outside its fields, `warning` is that of the form.
    """

    case: str
    version: int
    warning: str
    changes: tuple[FactTextChange, ...]
    unrecorded_changes: tuple[UnrecordedChange, ...]
    revision: Revision
    request: Request

    @property
    def origin(self) -> str:
        """The case and the version that the form has answers for."""
        return f"answers for version {self.version} of {self.case}"

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read, without the revision itself."""
        return {
            "changes": [change.as_json() for change in self.changes],
            "not_recorded": [change.as_json() for change in self.unrecorded_changes],
        }


def make_word_form(draft: PaperDraft, packs: str, file_name: str) -> bytes:
    """Return the Word form of a paper; raise `DocumentError` for answers that no document can show."""
    return render_paper_form(make_paper_form(draft), packs, build_letterhead(draft.scheme), file_name)


def is_paper_form(data: bytes) -> bool:
    """Whether a Word file is a form to fill in, and not the document of a case; raise `InputError` for other files."""
    return open_paper_form(data) is not None


def read_word_form(library: SchemeLibrary, data: bytes, scheme_id: str = "") -> ReadForm:
    """Return what a form states; `scheme_id` is the scheme that it must have, if given.

    Raises `InputError`, whose message continues the name of the file, with every fault.
    """
    opened = _open(data)
    return _read(library, opened, _find_scheme(library, opened, scheme_id))


def propose_answers(services: Services, case: str, data: bytes, request: Request) -> FormProposal:
    """Return the changes to a case that a form proposes.

    Raises `InputError`, whose message continues the name of the file, for a form that does not fit the case.
    """
    snapshot = queries.load_case_snapshot(services, case)
    scheme = services.find_case_scheme(snapshot).scheme
    opened = _open(data)
    _find_scheme(services.library, opened, scheme.id)
    form = _read(services.library, opened, scheme)
    _refuse_publishing(form, snapshot)
    changes = tuple(_find_changes(form, scheme, snapshot))
    changed = {change.fact for change in changes}
    public, exempt = (_texts_of(part, changed, scheme) for part in (form.paper.public, form.paper.exempt))
    revision = Revision(public, exempt)
    if request.expect_version is None:
        request = replace(request, expect_version=snapshot.case.version)
    commands.refuse_invalid_revision(services, snapshot, revision, request)
    return FormProposal(snapshot.case.id, snapshot.case.version, form.warning, changes, form.outside, revision, request)


def _open(data: bytes) -> OpenedForm:
    opened = open_paper_form(data)
    if opened is None:
        raise InputError("is no form of a paper that assent made", _NO_FORM_ADVICE)
    return opened


def _find_scheme(library: SchemeLibrary, opened: OpenedForm, scheme_id: str) -> Scheme:
    """Return the scheme of a form; raise `InputError` if it is not known, or another one than is wanted."""
    own = opened.marks.scheme
    if own not in library.schemes():
        raise InputError(
            f"is a form of the scheme {quote(own, 60)}, which is not known here",
            "Give the folder of its packs: assent --packs FOLDER",
        )
    if scheme_id and not find_meant_name(scheme_id, [own]):
        name = library.scheme(own).declaration.name
        raise InputError(f"is a form of {own} ({name}), not of {scheme_id}", f"Use a form of {scheme_id}.")
    return library.scheme(own)


def _read(library: SchemeLibrary, opened: OpenedForm, scheme: Scheme) -> ReadForm:
    marks = opened.marks
    filled = opened.read(name_fields(scheme, marks.addresses))
    is_current = marks.packs == library.bundle(scheme.id).digest
    made = f"was made by the rules of {long_date(marks.on)}, before the packs of {scheme.id} changed"
    answers = _Answers(scheme, filled)
    declared = scheme.rulebook.facts
    public = answers.parse(filled.public, declared)
    exempt = answers.parse(filled.exempt, RedactingTable(declared))
    faults = [*filled.faults, *answers.faults]
    if faults:
        lines = [f"  {' '.join(filter(None, [f'{fault.message}.', fault.advice()]))}" for fault in faults]
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        older = "" if is_current else f", and {made}"
        raise InputError("\n".join([f"cannot be recorded: it has {count}{older}.", *lines]), "Nothing was recorded.")
    outside = tuple(UnrecordedChange(place, text or _NOT_SHOWN, is_added=True) for place, text in filled.outside)
    return ReadForm(scheme, Paper(public, exempt), filled.names, outside, "" if is_current else made)


class _Answers:
    """Parses the answers of a form, and collects every fault."""

    def __init__(self, scheme: Scheme, filled: FilledForm) -> None:
        self._scheme, self._filled = scheme, filled
        self.faults: list[InputError] = []
        self._known: dict[str, FactValue] = {}

    def parse(self, texts: Mapping[str, str], declared: FactTable) -> dict[str, FactValue]:
        """Return the values of the answers of one part; the faulty ones are left out.

        `declared` has the facts of the scheme, and decides what a fault repeats of an answer.
        """
        facts: dict[str, FactValue] = {}
        # What a choice depends on is parsed first, so that a fault can list the choices that it leaves.
        for address in sorted(texts, key=lambda address: split_address(address)[0] in declared.choice_groups):
            try:
                facts[address] = self._known[address] = self._parse_one(address, texts[address], declared)
            except InputError as error:
                name = format_caption(self._filled.names[address])
                self.faults.append(InputError(f"{name} {error.message}", error.advice()))
        return {address: facts[address] for address in texts if address in facts}

    def _parse_one(self, address: str, text: str, declared: FactTable) -> FactValue:
        fact, key = split_address(address)
        if fact not in declared or not self._scheme.may_be_stated(address):
            known = NOT_STATED_IN_PAPER if fact in declared else "is no longer a question"
            raise InputError(known, "Empty the field, or make a new form, and copy your answers into it.")
        plain = self._scheme.rulebook.facts[fact]
        if plain.kind == "choice" and (code := choice_texts(plain).get(text)):
            return code
        return declared.parse_typed(fact, text, self._known.get(declared.limiting_address(fact, key)))


def _refuse_publishing(form: ReadForm, snapshot: CaseSnapshot) -> None:
    """Raise `InputError` for answers in Part 1 to what Part 2 of the case states."""
    moved = [form.names[address] for address in form.paper.public if address in snapshot.exempt_part.facts]
    if moved:
        raise InputError(
            f"answers in Part 1 what Part 2 of {snapshot.case.id} states: {', '.join(moved)}",
            "Empty the field; or move the fact to Part 1 on purpose, with --set.",
        )


def _find_changes(form: ReadForm, scheme: Scheme, snapshot: CaseSnapshot) -> Iterator[FactTextChange]:
    """Yield each answer that differs from what the case states, or that is to become confidential."""
    before: Facts = {**snapshot.case.facts, **snapshot.exempt_part.facts}
    for part, stated in ((form.paper.public, snapshot.case.facts), (form.paper.exempt, snapshot.exempt_part.facts)):
        for address, value in part.items():
            if stated.get(address) != value:
                old = scheme.format_fact(address, before[address]) if address in before else ""
                label = form.names[address].partition(". ")[2]
                yield FactTextChange(address, label, old, scheme.format_fact(address, value))


def _texts_of(facts: Facts, wanted: set[str], scheme: Scheme) -> dict[str, str]:
    """Return some facts as a command gives them."""
    return {
        address: value if isinstance(value, str) else scheme.format_fact(address, value)
        for address, value in facts.items()
        if address in wanted
    }
