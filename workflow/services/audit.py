"""Audit: the findings of every control on a case, by the law of the day of each act.

A recorded act is judged again at its gate, on the case as it then stood, and only ever by the packs that its ruling
names. An imported case has no rulings: each act in its paper is judged on the whole paper, by the day that the paper
gives. If several acts have a finding on one control and subject, the last counts. The controls of the gate `audit` then
judge the record as a whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import takewhile
from typing import Any

from rules.errors import Error, InputError
from rules.judging.findings import Finding, Ruling
from rules.judging.rulebook import Rulebook
from rules.language.pack_schema import Period
from rules.packs.scheme import Scheme
from rules.values.citation import Citation
from workflow.cases.case import FullCase
from workflow.cases.events import ActContext, Event
from workflow.cases.life import decide, evolve_full_case
from workflow.cases.officers import Officer
from workflow.cases.paper import read_imported_paper
from workflow.errors import Refusal
from workflow.history.record import deserialize_event, find_case_id, load_officers, parse_ruling, report_unreadable
from workflow.history.replay import rebuild_command
from workflow.history.scheme_version import describe_pack_change, find_scheme_version, scheme_used_for
from workflow.ledger.canonical_json import to_canonical_json
from workflow.ledger.entries import Entry, ExemptText
from workflow.ledger.ports import ReadTransaction
from workflow.services.commands import Services
from workflow.services.recorded_case import RecordedCase

PACKS_LOST_CITATION = Citation(
    instrument="not known any more", provision="the packs that gave this finding are not kept", basis="unverified"
)


@dataclass(frozen=True, slots=True)
class AuditedFinding:
    """A finding with its act, the day and packs that judged it, and the period of its control."""

    case: str
    action: str
    gate: str
    on: date
    packs: str
    in_force: Period | None
    finding: Finding

    @property
    def judged_at(self) -> str:
        """Return the act and day of the finding, and the period of its control, in words."""
        act, period = f"judged at {self.action} of {self.on.isoformat()}", self.in_force
        if period is None:
            return act
        in_force = f"in force from {period.first.isoformat()}"
        if period.last:
            in_force += f" to {period.last.isoformat()}"
        # Outside the period, an undetermined finding means that the day which governs the control is unknown.
        if period.first <= self.on <= (period.last or self.on) or self.finding.outcome != "undetermined":
            return f"{act}, {in_force}"
        return f"{act}; {in_force}, by a day that is not known"

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        period = self.in_force
        last = period.last.isoformat() if period and period.last else None
        return {
            "case": self.case,
            **self.finding.as_json(),
            "action": self.action,
            "gate": self.gate,
            "on": self.on.isoformat(),
            "in_force": {"from": period.first.isoformat(), "to": last} if period else None,
            "packs": self.packs,
        }


@dataclass(frozen=True, slots=True)
class CaseAudit:
    """The findings of an audit on one case, with warnings about how it was judged."""

    case: str
    title: str
    scheme: str
    stage: str
    findings: tuple[AuditedFinding, ...]
    warnings: tuple[str, ...] = ()
    imported: bool = False

    def open_findings(self) -> list[AuditedFinding]:
        """Return the breached findings, then the undetermined ones; of each the blocking ones first."""
        found = [audited for audited in self.findings if audited.finding.is_breached_or_undetermined]
        return sorted(
            found, key=lambda audited: (audited.finding.outcome != "breached", audited.finding.severity != "blocking")
        )

    def closed_findings(self) -> list[AuditedFinding]:
        """Return the findings that are satisfied or not applicable."""
        return [audited for audited in self.findings if not audited.finding.is_breached_or_undetermined]

    def count_outcomes(self) -> Counter[str]:
        """Return the number of findings by outcome."""
        return Counter(str(audited.finding.outcome) for audited in self.findings)

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read, without the findings."""
        counts = self.count_outcomes()
        return {
            "case": self.case,
            "title": self.title,
            "scheme": self.scheme,
            "stage": self.stage,
            "entered_after_the_fact": self.imported,
            **{outcome: counts[outcome] for outcome in ("satisfied", "breached", "undetermined", "not_applicable")},
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True, slots=True)
class Audit:
    """An audit as of a business day: of cases in the ledger, or of one paper that is not in it."""

    as_of: date
    cases: tuple[CaseAudit, ...]
    is_from_ledger: bool = True

    @property
    def has_breaches(self) -> bool:
        """Return whether any control is breached, including those that only warn."""
        return any(case.count_outcomes()["breached"] for case in self.cases)

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read; the findings of all cases stand in one list."""
        return {
            "as_of": self.as_of.isoformat(),
            "cases": [case.as_json() for case in self.cases],
            "findings": [audited.as_json() for case in self.cases for audited in case.findings],
        }


def audit_cases(services: Services, case_ids: Sequence[str], as_of: date | None = None) -> Audit:
    """Return the audit of some cases, or of all cases if none is named, as of a day (None: today).

    Raises `InputError` for a named case that was opened later.
    """
    on = services.new_act_context(as_of).on
    with services.store.read_transaction() as transaction:
        named = [find_case_id(transaction, case_id) for case_id in case_ids]
        selected = named or [summary.case for summary in transaction.case_summaries()]
        audits = {
            case_id: _CaseAuditor(services, transaction, case_id, on).audit_case()
            for case_id in dict.fromkeys(selected)
        }
    opened_later = next((case_id for case_id, case_audit in audits.items() if case_audit is None), None)
    if named and opened_later:
        raise InputError(f"{opened_later} was not there yet on {on.isoformat()}", "Give a later day with --as-of.")
    return Audit(on, tuple(case_audit for case_audit in audits.values() if case_audit is not None))


def audit_paper(services: Services, content: bytes, file_name: str, as_of: date | None = None) -> Audit:
    """Return the audit of an imported paper in a file, without importing it.

    Raises `FileError` with every fault of the file, and `InputError` for a day before its scheme was in force.
    """
    on = services.new_act_context(as_of).on
    imported = read_imported_paper(content, file_name, services.library.scheme)
    scheme, paper = imported.scheme, imported.paper
    first = scheme.declaration.in_force.first
    if on < first:
        message = f"{on.isoformat()} is before {scheme.id}, the scheme of {file_name}, was in force"
        raise InputError(message, f"Give a day from {first.isoformat()} on with --as-of.")
    case = RecordedCase(file_name, scheme, imported.stage, {**paper.public, **imported.recorded}, paper.exempt)
    latest = _LatestFindings()
    latest.add_rulings(case.make_all_rulings(on), scheme.rulebook)
    case_audit = CaseAudit(
        case=file_name,
        title=str(paper.public.get("title", file_name)),
        scheme=scheme.id,
        stage=imported.stage,
        findings=latest.findings(),
        warnings=case.describe_unjudged_acts(on),
        imported=True,
    )
    return Audit(on, (case_audit,), is_from_ledger=False)


@dataclass(slots=True)
class _LatestFindings:
    """The latest finding on each control and subject."""

    latest: dict[tuple[str, str], AuditedFinding] = field(default_factory=dict)

    def add(self, audited: Iterable[AuditedFinding]) -> None:
        """Add findings, each in the place of an earlier one on the same control and subject."""
        self.latest.update({(new.finding.control, new.finding.subject): new for new in audited})

    def add_rulings(self, rulings: Iterable[tuple[Ruling, date]], rulebook: Rulebook) -> None:
        """Add the findings of rulings, in their order, each ruling with its day."""
        for ruling, on in rulings:
            self.add(
                AuditedFinding(
                    case=ruling.case,
                    action=ruling.action,
                    gate=ruling.gate,
                    on=on,
                    packs=ruling.packs_digest,
                    in_force=rulebook.controls[finding.control].declaration.in_force,
                    finding=finding,
                )
                for finding in ruling.findings
            )

    def findings(self) -> tuple[AuditedFinding, ...]:
        """Return the latest findings, sorted by control and subject."""
        return tuple(self.latest[key] for key in sorted(self.latest))


@dataclass(slots=True)
class _CaseAuditor:
    """The audit of one case of the ledger, as of a day."""

    services: Services
    transaction: ReadTransaction
    case_id: str
    as_of: date
    latest_findings: _LatestFindings = field(default_factory=_LatestFindings)
    warnings: list[str] = field(default_factory=list)
    other_packs: set[str] = field(default_factory=set)

    def audit_case(self) -> CaseAudit | None:
        """Return the audit of the case; None if it was opened after the day."""
        sealed = self.transaction.sealed_entries(self.case_id)
        entries = list(takewhile(lambda entry: date.fromisoformat(entry.on) <= self.as_of, sealed))
        full_case = self._judge_acts(entries)
        if full_case is None:
            return None
        self._judge_whole_record(entries[-1], full_case)
        case = full_case.case
        return CaseAudit(
            case=case.id,
            title=case.title,
            scheme=case.scheme,
            stage=case.stage,
            findings=self.latest_findings.findings(),
            warnings=tuple(dict.fromkeys(self.warnings)),
            imported=entries[0].kind == "entered",
        )

    def _judge_acts(self, entries: Sequence[Entry]) -> FullCase | None:
        """Judge the acts one by one, and return the case after the last; None if there are no entries."""
        officers = {officer.name: officer for officer in load_officers(self.transaction)}
        texts = {text.version: text for text in self.transaction.exempt_texts(self.case_id)}
        full_case = None
        for entry in entries:
            event = deserialize_event(entry, texts.get(entry.version))
            before, full_case = full_case, evolve_full_case(full_case, event)
            if event.kind == "entered":
                self._judge_import(entry, full_case)
            elif entry.ruling:
                self._judge_act_again(entry, event, before, (officers, texts.get(entry.version)))
        return full_case

    def _judge_whole_record(self, last_entry: Entry, full_case: FullCase) -> None:
        """Judge the record as a whole, at the gate `audit`, and add warnings."""
        case = full_case.case
        scheme, warning = find_scheme_version(
            case.id, case.scheme, self.transaction, self.services.library, self.services.store
        )
        if not warning and scheme_used_for(last_entry)[1] not in self.other_packs:  # an act gave the warning already
            warning = describe_pack_change(last_entry, self.services.library)
        self.warnings += [warning] * bool(warning)
        if scheme:
            recorded_case = RecordedCase(case.id, scheme, case.stage, case.facts, full_case.exempt_part.facts)
            ruling = recorded_case.make_audit_ruling(case.facts, self.as_of)
            self.latest_findings.add_rulings([ruling], scheme.rulebook)
            self.warnings += recorded_case.describe_unjudged_acts(self.as_of)

    def _judge_import(self, entry: Entry, full_case: FullCase) -> None:
        """Judge the acts of an imported case, by the packs of the day of the import."""
        scheme = self._find_scheme_at(entry)
        if scheme is None:
            self.warnings.append(f"what was entered on {entry.on} is not judged: its packs are not kept")
            return
        case = full_case.case
        recorded_case = RecordedCase(self.case_id, scheme, case.stage, case.facts, full_case.exempt_part.facts)
        *act_rulings, _ = recorded_case.make_all_rulings(self.as_of)
        self.latest_findings.add_rulings(act_rulings, scheme.rulebook)

    def _judge_act_again(
        self,
        entry: Entry,
        event: Event,
        before: FullCase | None,
        officers_and_text: tuple[Mapping[str, Officer], ExemptText | None],
    ) -> None:
        """Judge an act again at its gate; if that is not possible, add the outcomes that its ruling recorded."""
        officers, text = officers_and_text
        scheme = self._find_scheme_at(entry)
        if scheme is None:
            self.warnings.append(
                f"{event.action} of {entry.on} is shown as it was recorded, and not judged again: its packs "
                f"{parse_ruling(entry)['packs'][:12]} are not kept"
            )
            self._add_recorded_findings(entry, event)
            return
        ruling = _replay_ruling(event, before, scheme, officers, ActContext(event.on, text.salt if text else ""))
        if ruling is None or to_canonical_json(ruling.as_receipt()) != entry.ruling:
            self.warnings.append(
                f"{event.action} of {entry.on} comes out otherwise than it was recorded: see ledger verify --replay"
            )
        if ruling is None:
            self._add_recorded_findings(entry, event)
        else:
            self.latest_findings.add_rulings([(ruling, event.on)], scheme.rulebook)

    def _add_recorded_findings(self, entry: Entry, event: Event) -> None:
        recorded = parse_ruling(entry)
        with report_unreadable(entry):
            findings = [
                Finding(
                    verdict["control"], verdict["subject"], verdict["outcome"], verdict["severity"],
                    requirement="", observed_facts=(), missing=(), citation=PACKS_LOST_CITATION, wrong="", cure="",
                )
                for verdict in recorded["findings"]
            ]  # fmt: skip
            gate, packs = str(recorded["gate"]), str(recorded["packs"])
        self.latest_findings.add(
            AuditedFinding(self.case_id, event.action, gate, event.on, packs, None, finding) for finding in findings
        )

    def _find_scheme_at(self, entry: Entry) -> Scheme | None:
        """Return the scheme as its packs were at an entry; None if they are not kept."""
        name, packs = scheme_used_for(entry)
        library = self.services.library
        if name in library.schemes() and library.bundle(name).digest == packs:
            return library.scheme(name)
        self.other_packs.add(packs)
        bundle = self.services.store.load_bundle(packs)
        if bundle is not None:
            self.warnings.append(
                f"what was done under the packs {packs[:12]} is judged by those, which are not the packs of today"
            )
        return bundle.scheme() if bundle else None


def _replay_ruling(
    event: Event, before: FullCase | None, scheme: Scheme, officers: Mapping[str, Officer], act_context: ActContext
) -> Ruling | None:
    """Return the ruling on an act performed again, even if it now forbids it; None if the act is not possible."""
    try:
        return decide(before, rebuild_command(event, scheme), scheme, officers[event.officer], act_context).ruling
    except Refusal as refusal:
        return refusal.ruling
    except (Error, KeyError):
        return None
