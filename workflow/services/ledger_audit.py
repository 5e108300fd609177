"""Audit the cases of the ledger: judge every control again, by the law of the days on which the acts were done.

Invariants:
- An act in the ledger is judged again at its gate, on the case as it then was and by the packs that its ruling names,
  never by others. If that cannot be done, its recorded findings are shown with a warning.
- Each act that the paper of an imported case records is judged on the whole paper, by what its source carries, and so
  is the record as a whole. Imports of before sources were kept are judged as they were then, as our own record.
- The controls of the gate `audit` are judged last, on the record as a whole.
- Nothing recorded after the day of the audit is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import takewhile

from rules.errors import Error, InputError
from rules.judging.findings import Finding, Ruling
from rules.packs.scheme import Scheme
from rules.values.citation import Citation
from workflow.cases.case import FullCase
from workflow.cases.events import Event
from workflow.cases.ruling import serialize_ruling
from workflow.cases.separation import describe_unbound_breaches, separation_facts_of_record
from workflow.errors import Refusal
from workflow.history.officer_records import OfficerRecords
from workflow.history.replay import EventStep, Replay, do_again
from workflow.history.responses import load_responses
from workflow.history.scheme_version import (
    SchemeVersions,
    describe_pack_change,
    describe_pinned_flow,
    find_scheme_after,
    scheme_used_for,
)
from workflow.history.serialization import UNREADABLE_ERRORS, parse_ruling, report_unreadable
from workflow.history.snapshots import find_case_id
from workflow.ledger.entries import Entry
from workflow.ledger.ports import PacksReadOnce, PackStore, ReadTransaction, SchemeLibrary
from workflow.services.audit_findings import (
    OWN_RECORD,
    Audit,
    AuditedFinding,
    CaseAudit,
    LatestFindings,
    find_reference,
)
from workflow.services.audit_sample import Sample
from workflow.services.commands import Services
from workflow.services.import_rulings import serialize_import_rulings
from workflow.services.linked_cases import RecordOf, read_linked_facts, records_on
from workflow.services.officer_warnings import OfficerWarnings
from workflow.services.recorded_case import RecordedCase
from workflow.services.seen_references import SeenReferences
from workflow.services.sourced_case import SourcedCase

PACKS_LOST_CITATION = Citation(
    instrument="not known any more", provision="the packs that gave this finding are not kept", basis="unverified"
)


def audit_cases(
    services: Services, case_ids: Sequence[str], as_of: date | None = None, sample: Sample | None = None
) -> Audit:
    """The audit of some cases, or of all if none is named; raises `InputError` for a case opened later.

    With a sample, only the cases that it draws are audited.
    """
    on = services.new_act_context(as_of).on
    with services.store.read_transaction() as transaction:
        chosen = list(dict.fromkeys(find_case_id(transaction, typed) for typed in case_ids))
        for case_id in chosen:
            _refuse_later_case(transaction, case_id, on)
        chosen = chosen or [summary.case for summary in transaction.case_summaries() if summary.opened_on <= on]
    chosen = sample.draw(chosen, str) if sample else chosen
    return Audit(on, _audit_each(services, chosen, on), sample=sample)


def _refuse_later_case(transaction: ReadTransaction, case_id: str, on: date) -> None:
    opened = transaction.entries_without_rulings(case_id)[0]
    if date.fromisoformat(opened.on) > on:
        raise InputError(f"{case_id} was not open yet on {on.isoformat()}", "Give a later day with --as-of.")


def _audit_each(services: Services, case_ids: Iterable[str], on: date) -> Iterator[CaseAudit]:
    """Yield the audit of each case that was open on the day, all at one moment of the ledger."""
    with services.store.read_transaction() as transaction:
        packs = PacksReadOnce(services.store)
        versions = SchemeVersions(services.library, packs)
        officers = OfficerRecords(transaction)
        record_of = records_on(transaction.entries_without_rulings, on)
        seen = SeenReferences()
        for case_id in case_ids:
            auditor = _CaseAuditor(
                services.library, packs, transaction, versions, officers, record_of, seen, case_id, on
            )
            if audited := auditor.audit_case():
                yield audited


@dataclass(slots=True)
class _CaseAuditor:
    """The audit of one case of the ledger, as of a day; all cases of an audit share what is read once."""

    library: SchemeLibrary
    packs: PackStore
    transaction: ReadTransaction
    versions: SchemeVersions
    officers: OfficerRecords
    record_of: RecordOf
    seen: SeenReferences
    case_id: str
    as_of: date
    latest_findings: LatestFindings = field(default_factory=LatestFindings)
    warnings: list[str] = field(default_factory=list)
    other_packs: set[str] = field(default_factory=set)

    def audit_case(self) -> CaseAudit | None:
        """The audit of the case; none if it was not opened by the day."""
        sealed = self.transaction.sealed_entries(self.case_id)
        entries = list(takewhile(lambda entry: date.fromisoformat(entry.on) <= self.as_of, sealed))
        full_case = self._judge_acts(entries)
        if full_case is None:
            return None
        scheme = self._judge_whole_record(entries[-1], full_case)
        case = full_case.case
        decided = case.facts.get(scheme.decision_day) if scheme else None
        return CaseAudit(
            case.id, case.title, case.scheme, case.stage, self._findings_with_responses(),
            warnings=tuple(dict.fromkeys(self.warnings)),
            imported=entries[0].kind == "entered",
            source=case.source.get("kind", OWN_RECORD),
            decided_on=decided if isinstance(decided, date) else None if case.source else case.last_on,
            read_by=scheme,
            reference=find_reference(scheme, case.facts) if scheme else "",
        )  # fmt: skip

    def _findings_with_responses(self) -> tuple[AuditedFinding, ...]:
        findings = self.latest_findings.findings()
        responses = load_responses(self.transaction, self.case_id, self.as_of)
        if not responses:
            return findings
        return tuple(
            audited._replace(response=responses.get((audited.verdict.control, audited.verdict.subject)))
            for audited in findings
        )

    def _judge_acts(self, entries: Sequence[Entry]) -> FullCase | None:
        """Judge the acts one by one, and return the case after the last; none if there are none."""
        replay = Replay({text.position: text for text in self.transaction.exempt_texts(self.case_id)})
        full_case, officer_warnings = None, OfficerWarnings()
        for entry in entries:
            step = replay.apply_event(entry)
            full_case = step.after
            with suppress(KeyError):  # an altered ledger: an act of somebody who was never added
                officer_warnings.take(self.officers.find(entry), step.event, self.officers.now[entry.officer])
            self.warnings += _describe_confirmed_words(step.event)
            if step.event.kind == "entered":
                self._judge_import(step)
            elif entry.ruling:
                self._judge_act_again(step)
        self.warnings += officer_warnings.describe()
        return full_case

    def _judge_whole_record(self, last_entry: Entry, full_case: FullCase) -> Scheme | None:
        """Judge the record as a whole by the gate `audit`, and return the scheme that it is read by."""
        case = full_case.case
        scheme, warning = find_scheme_after(last_entry, case.scheme, self.library, self.packs)
        if not warning:
            # An act that was judged by packs of another law has warned of them already.
            is_warned_of = scheme_used_for(last_entry)[1] in self.other_packs
            describe = describe_pinned_flow if is_warned_of else describe_pack_change
            warning = describe(last_entry, self.library, self.packs)
        self.warnings += [warning] * bool(warning)
        if scheme:
            self.warnings += describe_unbound_breaches(case, scheme)
            self._judge_record_by(scheme, full_case)
        return scheme

    def _judge_record_by(self, scheme: Scheme, full_case: FullCase) -> None:
        """Judge the record by a scheme: what a source gave, as a file from there; our own, with all that we know."""
        case = full_case.case
        linked = read_linked_facts(self.record_of, scheme, case.facts)
        separations = separation_facts_of_record(case, scheme)
        if sourced_case := SourcedCase.from_import(full_case, scheme, self.as_of):
            breached = {fact: value for fact, value in separations.items() if value}
            twice = self.seen.note(scheme, case.facts, case.id)
            sourced_case = replace(sourced_case, public={**sourced_case.public, **linked, **breached, **twice})
            self.latest_findings.add_unless_breached(sourced_case.audit_findings())
            self.warnings += sourced_case.warnings()
        else:
            recorded_case = RecordedCase(case.id, scheme, case.stage, case.facts, full_case.exempt_part.facts)
            public = {**case.facts, **linked, **separations}
            self.latest_findings.add_rulings([recorded_case.make_audit_ruling(public, self.as_of)], scheme.rulebook)
            self.warnings += recorded_case.describe_unjudged_acts(self.as_of)

    def _judge_import(self, step: EventStep) -> None:
        """Judge an imported case by the packs of the day of its import."""
        scheme, case = self._find_scheme_at(step.entry), step.after.case
        if scheme is None:
            self.warnings.append(f"the import of {step.entry.on} is not judged: its packs are not kept")
            return
        if sourced_case := SourcedCase.from_import(step.after, scheme, self.as_of):
            self.latest_findings.add_unless_breached(sourced_case.act_findings())
        else:
            recorded_case = RecordedCase(self.case_id, scheme, case.stage, case.facts, step.after.exempt_part.facts)
            self.latest_findings.add_rulings(recorded_case.make_act_rulings(self.as_of), scheme.rulebook)
        if step.entry.ruling:
            salt = step.exempt_text.salt if step.exempt_text else ""
            again = serialize_import_rulings(step.after, scheme, step.event.on, salt)
            if again != step.entry.ruling:
                self._warn_of_difference(step)

    def _judge_act_again(self, step: EventStep) -> None:
        """Judge an act again at its gate; if that cannot be done, show what its ruling recorded."""
        entry, event = step.entry, step.event
        scheme = self._find_scheme_at(entry)
        if scheme is None:
            self.warnings.append(
                f"{event.action} of {entry.on} is shown as recorded, and not judged again: its packs "
                f"{parse_ruling(entry)['packs'][:12]} are not kept"
            )
            self._add_recorded_findings(entry, event)
            return
        ruling = _rule_again(step, scheme, self.officers)
        if ruling is None or serialize_ruling(ruling) != entry.ruling:
            self._warn_of_difference(step)
        if ruling is None:
            self._add_recorded_findings(entry, event)
        else:
            self.latest_findings.add_rulings([(ruling, event.on)], scheme.rulebook)

    def _warn_of_difference(self, step: EventStep) -> None:
        self.warnings.append(
            f"{step.event.action} of {step.entry.on} comes out otherwise than recorded: "
            "run assent ledger verify --replay"
        )

    def _add_recorded_findings(self, entry: Entry, event: Event) -> None:
        """Take the findings of a recorded ruling as they are."""
        recorded = parse_ruling(entry)
        with report_unreadable(entry):
            findings = [
                Finding(
                    finding["control"], finding["subject"], finding["outcome"], finding["severity"],
                    requirement="", observed_facts=(), missing=(), citation=PACKS_LOST_CITATION, wrong="", cure="",
                )
                for finding in recorded["findings"]
            ]  # fmt: skip
            gate, packs = str(recorded["gate"]), str(recorded["packs"])
        self.latest_findings.add(
            AuditedFinding(self.case_id, event.action, gate, event.on, packs, None, finding) for finding in findings
        )

    def _find_scheme_at(self, entry: Entry) -> Scheme | None:
        """The scheme as its packs were at an entry; none if they are not kept."""
        version = self.versions.find(entry)
        if not version.is_current:
            self.other_packs.add(version.packs_digest)
        self.warnings += [version.warning] * bool(version.warning)
        return version.scheme


def _describe_confirmed_words(event: Event) -> list[str]:
    """Return a warning if an officer confirmed words of Part 1 as already public; it does not repeat them."""
    if not event.already_public:
        return []
    count = len(event.already_public)
    words = "1 wording of Part 1 was" if count == 1 else f"{count} wordings of Part 1 were"
    seen = f"see: assent case history {event.case} --part 2"
    return [f"{event.action} of {event.on.isoformat()}: {words} confirmed as public, though like Part 2 ({seen})"]


def _rule_again(step: EventStep, scheme: Scheme, officers: OfficerRecords) -> Ruling | None:
    """The ruling on an act that is done again, also if it is now against it; none if the act cannot be done."""
    try:
        return do_again(step, step.rebuild_command(scheme), scheme, officers.find(step.entry)).ruling
    except Refusal as refusal:
        return refusal.ruling
    except (Error, *UNREADABLE_ERRORS):
        return None
