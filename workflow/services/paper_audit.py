"""Audit cases that were decided elsewhere, from their papers: nothing of them is imported.

Invariants:
- A paper has no rulings. Each act that it records is judged on the whole paper, by the day given there.
- A paper that names no scheme is judged by national law: see `workflow.services.law_audit`.
- Nothing recorded after the day of the audit is read.
- Cases come one at a time. A row or file that cannot be read is reported in its place, and the rest is audited.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from typing import NamedTuple

from rules.errors import InputError
from workflow.cases.paper import ImportedPaper
from workflow.papers.byte_source import ByteStream
from workflow.papers.columns import NO_MAPPING, ColumnMapping
from workflow.papers.law_papers import LawPaper
from workflow.papers.reading import NamedPaper, PaperReader
from workflow.papers.records import UnreadRow
from workflow.papers.releases import refuse_unknown_codes
from workflow.services.audit_findings import AuditResult, CaseAudit, LatestFindings, find_reference
from workflow.services.audit_sample import Sample
from workflow.services.commands import Services
from workflow.services.law_audit import audit_by_law
from workflow.services.recorded_case import OPENED_BY, RecordedCase
from workflow.services.seen_references import SeenReferences
from workflow.services.sourced_case import SourcedCase


class FileOfPapers(NamedTuple):
    """A file of papers: its name, its kind where that is known, and how to open it; opening raises `InputError`."""

    name: str
    kind: str
    open: Callable[[], AbstractContextManager[ByteStream]]


def audit_paper(services: Services, content: bytes, file_name: str, as_of: date | None = None) -> CaseAudit:
    """The audit of a case in a file, which is not imported; raises `FileError` with every fault of the file."""
    on = services.new_act_context(as_of).on
    named = _make_reader(services, NO_MAPPING).read_one(content, file_name)
    return _audit_named(named, on, SeenReferences())


def audit_files(
    services: Services, files: Iterable[FileOfPapers], on: date, mapping: ColumnMapping = NO_MAPPING,
    sample: Sample | None = None,
) -> Iterator[AuditResult]:  # fmt: skip
    """The audit of each case in some files as of a day, one at a time, and each row that cannot be read.

    With a sample, only the cases that it draws are audited, after the rows that cannot be read.
    """
    unread: list[UnreadRow] = []
    seen = SeenReferences()
    read = _read_files(services, files, mapping)
    if sample is None:
        for paper in read:
            yield paper if isinstance(paper, UnreadRow) else _audit_read(paper, on, seen)
        return
    drawn = sample.draw(_set_aside(read, unread), lambda paper: paper.named.name)
    yield from unread
    for paper in drawn:
        yield _audit_read(paper, on, seen)


class _PaperInFile(NamedTuple):
    """A paper and the name of the file that it was read from."""

    named: NamedPaper
    file: str


def _set_aside(read: Iterable[_PaperInFile | UnreadRow], unread: list[UnreadRow]) -> Iterator[_PaperInFile]:
    """Yield the papers, and put the rows that cannot be read into a list."""
    for paper in read:
        if isinstance(paper, UnreadRow):
            unread.append(paper)
        else:
            yield paper


def _read_files(
    services: Services, files: Iterable[FileOfPapers], mapping: ColumnMapping
) -> Iterator[_PaperInFile | UnreadRow]:
    """Yield each paper of some files, and each row that cannot be read."""
    reader = _make_reader(services, mapping)
    for file in files:
        try:
            opened = file.open()
        except InputError as error:
            yield UnreadRow(file.name, None, None, error.message)
            continue
        with opened as stream:
            for read in reader.read(stream, file.name, file.kind):
                yield read if isinstance(read, UnreadRow) else _PaperInFile(read, file.name)


def _make_reader(services: Services, mapping: ColumnMapping) -> PaperReader:
    library = services.library
    if mapping.codes:
        refuse_unknown_codes(mapping.codes, library.national_law)
    return PaperReader(library.scheme_as_typed, lambda: library.national_law, (OPENED_BY,), mapping)


def _audit_read(paper: _PaperInFile, on: date, seen: SeenReferences) -> AuditResult:
    """The audit of a paper; an unread row if its scheme was not in force yet."""
    try:
        return _audit_named(paper.named, on, seen)
    except InputError as error:
        return UnreadRow(paper.file, None, None, f"{paper.named.name}: {error.message}")


def _audit_named(named: NamedPaper, on: date, seen: SeenReferences) -> CaseAudit:
    if isinstance(named.paper, LawPaper):
        return audit_by_law(named, named.paper, on)
    if named.paper.source.is_own_record:
        return _audit_own_record(named.paper, named.name, on)
    return _audit_elsewhere(named.paper, named.name, on, seen)


def _audit_elsewhere(imported: ImportedPaper, file_name: str, on: date, seen: SeenReferences) -> CaseAudit:
    """The audit of a case by what its source carries."""
    public = {**imported.paper.public, **imported.recorded}
    public |= seen.note(imported.scheme, public, file_name)
    case = SourcedCase(file_name, imported.scheme, imported.stage, public, imported.paper.exempt, imported.source, on)
    return CaseAudit(
        file_name, _title_of(imported, file_name), imported.scheme.id, imported.stage, case.findings(),
        warnings=case.warnings(),
        imported=True,
        source=imported.source.kind,
        decided_on=case.decided_on,
        read_by=imported.scheme,
        reference=find_reference(imported.scheme, public),
    )  # fmt: skip


def _audit_own_record(imported: ImportedPaper, file_name: str, on: date) -> CaseAudit:
    """The audit of a case that was recorded here and is read from a file."""
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
        file_name, _title_of(imported, file_name), scheme.id, imported.stage, latest.findings(),
        warnings=(*recorded_case.describe_unjudged_acts(on), *recorded_case.describe_unknown_opener()),
        imported=True,
        source=imported.source.kind,
        decided_on=decided if isinstance(decided, date) else None,
        read_by=scheme,
        reference=find_reference(scheme, public),
    )  # fmt: skip


def _title_of(imported: ImportedPaper, file_name: str) -> str:
    return str(imported.paper.public.get("title", file_name))
