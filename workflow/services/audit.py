"""Audit: every control on a case, judged by the law of the days on which its acts were done.

What the ledger records of an act is judged again at its gate, on the record as it then stood and by the packs that
the ruling names, never by others. A case that was entered after the fact has no rulings: each act that its paper
tells of is judged on the whole paper, by the day that the paper gives. Of a control and subject that several acts
asked about, the last word counts. On top come the controls of the gate `audit`, on the record as a whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import takewhile
from typing import Any

from rules.errors import Error, InputError
from rules.judging.findings import Finding, Ruling
from rules.judging.rulebook import Rulebook
from rules.language.pack_schema import Period
from rules.packs.scheme import AUDIT, STAGE_FACTS, Action, Scheme
from rules.values.citation import Citation
from rules.values.facts import FactValue
from workflow.cases.case import FullCase
from workflow.cases.events import Event
from workflow.cases.life import add_unstated_facts
from workflow.cases.officers import Officer
from workflow.cases.paper import read_imported_paper
from workflow.cases.ruling import GateCheck, make_ruling
from workflow.errors import Refusal
from workflow.history.officer_records import load_officers
from workflow.history.replay import EventStep, Replay, do_again
from workflow.history.scheme_version import (
    SchemeVersions,
    describe_pack_change,
    find_scheme_version,
    scheme_used_for,
)
from workflow.history.serialization import parse_ruling, report_unreadable
from workflow.history.snapshots import find_case_id
from workflow.ledger.canonical_json import to_canonical_json
from workflow.ledger.entries import Entry
from workflow.ledger.ports import ReadTransaction
from workflow.services.commands import Services

DECIDED_ON = "decided_on"
PACKS_LOST_CITATION = Citation(
    instrument="not known any more", provision="the packs that gave this finding are not kept", basis="unverified"
)


@dataclass(frozen=True, slots=True)
class AuditedFinding:
    """One finding, with the act at which it was made, the day and packs it was judged by, and the control's days."""

    case: str
    action: str
    gate: str
    on: date
    packs: str
    in_force: Period | None
    finding: Finding

    @property
    def judged_at(self) -> str:
        """At which act of which day it was judged, and since when the control has been in force."""
        at, days = f"judged at {self.action} of {self.on.isoformat()}", self.in_force
        if days is None:
            return at
        since = f"in force from {days.first.isoformat()}" + (f" to {days.last.isoformat()}" if days.last else "")
        if days.first <= self.on <= (days.last or self.on) or self.finding.outcome != "undetermined":
            return f"{at}, {since}"
        return f"{at}; {since}, by a day that is not known"

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read."""
        days = self.in_force
        last = days.last.isoformat() if days and days.last else None
        return {
            "case": self.case,
            **self.finding.as_json(),
            "action": self.action,
            "gate": self.gate,
            "on": self.on.isoformat(),
            "in_force": {"from": days.first.isoformat(), "to": last} if days else None,
            "packs": self.packs,
        }


@dataclass(frozen=True, slots=True)
class CaseAudit:
    """What an audit found of one case, and what must be known to read it (`warnings`)."""

    case: str
    title: str
    scheme: str
    stage: str
    findings: tuple[AuditedFinding, ...]
    warnings: tuple[str, ...] = ()
    imported: bool = False

    def open_findings(self) -> list[AuditedFinding]:
        """The findings that are breached, then those that nobody can tell; of each the grave ones first."""
        found = [one for one in self.findings if one.finding.is_breached_or_undetermined]
        return sorted(found, key=lambda one: (one.finding.outcome != "breached", one.finding.severity != "blocking"))

    def closed_findings(self) -> list[AuditedFinding]:
        """The findings that are satisfied or do not apply."""
        return [one for one in self.findings if not one.finding.is_breached_or_undetermined]

    def count_outcomes(self) -> Counter[str]:
        """How many findings there are of each outcome."""
        return Counter(str(one.finding.outcome) for one in self.findings)

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read."""
        counted = self.count_outcomes()
        return {
            "case": self.case,
            "title": self.title,
            "scheme": self.scheme,
            "stage": self.stage,
            "entered_after_the_fact": self.imported,
            **{outcome: counted[outcome] for outcome in ("satisfied", "breached", "undetermined", "not_applicable")},
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit found, as of a business day, of cases of the record or (`of_record`) of one that is in none."""

    as_of: date
    cases: tuple[CaseAudit, ...]
    is_from_ledger: bool = True

    @property
    def has_breaches(self) -> bool:
        """Whether any control is breached, one that only warns included."""
        return any(case.count_outcomes()["breached"] for case in self.cases)


def audit_cases(services: Services, case_ids: Sequence[str], as_of: date | None = None) -> Audit:
    """The audit of some cases, or of all that there were on the day where none is named."""
    on = services.new_act_context(as_of).on
    versions = SchemeVersions(services.library, services.store)
    with services.store.read_transaction() as transaction:
        chosen = [find_case_id(transaction, typed) for typed in case_ids]
        chosen = chosen or [summary.case for summary in transaction.case_summaries()]
        audited = {
            case_id: _CaseAuditor(services, transaction, versions, case_id, on).audit_case()
            for case_id in dict.fromkeys(chosen)
        }
    not_yet = next((case_id for case_id, case in audited.items() if case is None), None)
    if case_ids and not_yet:
        raise InputError(f"{not_yet} was not there yet on {on.isoformat()}", "Give a later day with --as-of.")
    return Audit(on, tuple(case for case in audited.values() if case is not None))


def audit_paper(services: Services, content: bytes, file_name: str, as_of: date | None = None) -> Audit:
    """The audit of a case that is told by a file, and not entered; raises `FileError` with every fault of the file."""
    on = services.new_act_context(as_of).on
    past = read_imported_paper(content, file_name, services.library.scheme)
    first = past.scheme.declaration.in_force.first
    if on < first:
        told_early = f"{on.isoformat()} is before {past.scheme.id}, the scheme of {file_name}, was in force"
        raise InputError(told_early, f"Give a day from {first.isoformat()} on with --as-of.")
    told = _RecordedCase(file_name, past.scheme, past.stage, {**past.paper.public, **past.recorded}, past.paper.exempt)
    words = _LatestFindings()
    words.add_rulings(told.make_all_rulings(on), past.scheme.rulebook)
    title = str(past.paper.public.get("title", file_name))
    case = CaseAudit(
        file_name, title, past.scheme.id, past.stage, words.findings(), told.describe_unjudged_acts(on), imported=True
    )
    return Audit(on, (case,), is_from_ledger=False)


@dataclass(slots=True)
class _LatestFindings:
    """The last finding on each control and subject."""

    latest: dict[tuple[str, str], AuditedFinding] = field(default_factory=dict)

    def add(self, audited: Iterable[AuditedFinding]) -> None:
        """Take findings in the place of what was found before on the same controls and subjects."""
        self.latest.update({(one.finding.control, one.finding.subject): one for one in audited})

    def add_rulings(self, rulings: Iterable[tuple[Ruling, date]], rulebook: Rulebook) -> None:
        """Take the findings of rulings, in their order."""
        for given, on in rulings:
            self.add(
                AuditedFinding(
                    given.case, given.action, given.gate, on, given.packs_digest,
                    rulebook.controls[finding.control].declaration.in_force, finding,
                )
                for finding in given.findings
            )  # fmt: skip

    def findings(self) -> tuple[AuditedFinding, ...]:
        """Every last word, by control and subject."""
        return tuple(self.latest[key] for key in sorted(self.latest))


@dataclass(frozen=True, slots=True)
class _RecordedCase:
    """A case as a record tells it as a whole, with no rulings of its own."""

    case_id: str
    scheme: Scheme
    stage: str
    public: Mapping[str, FactValue]
    exempt: Mapping[str, FactValue]

    def make_all_rulings(self, as_of: date) -> Iterator[tuple[Ruling, date]]:
        """The ruling on each act that was done by a day, as the record tells it, then that of the auditor's look."""
        later = self._addresses_recorded_after(as_of)
        public = {where: value for where, value in self.public.items() if where not in later}
        for name, action in self._done_actions():
            on = self._day_of_action(action, as_of)
            if on <= as_of:
                attempt = {"act.role": public.get(f"{action.stage}.role"), "act.by": public.get(f"{action.stage}.by")}
                known = {fact: value for fact, value in attempt.items() if value is not None}
                yield self._make_ruling(name, action.gate, {**public, **known}, action.stage, on), on
        yield self.make_audit_ruling(public, as_of)

    def make_audit_ruling(self, public: Mapping[str, FactValue], as_of: date) -> tuple[Ruling, date]:
        """The ruling of the gate `audit`: on a case that is decided, by the law of the day of its decision."""
        decided = public.get(DECIDED_ON)
        on = decided if isinstance(decided, date) else as_of
        return self._make_ruling(AUDIT, AUDIT, {**public, "audit.on": as_of}, self.stage, on), on

    def describe_unjudged_acts(self, as_of: date) -> tuple[str, ...]:
        """That there is more than was judged: acts of later days, or those that are still to come."""
        if any(self._day_of_action(action, as_of) > as_of for _, action in self._done_actions()):
            return (f"what was done after {as_of.isoformat()} is not judged",)
        stages = self.scheme.declaration.stages
        if stages[self.stage].last:
            return ()
        label = stages[self.stage].label
        return (f"it stands at {label}: what its next acts must meet is not judged yet (case explain tells it)",)

    def _make_ruling(self, action: str, gate: str, public: Mapping[str, FactValue], stage: str, on: date) -> Ruling:
        facts = add_unstated_facts({**public, "act.stage": stage}, self.exempt, stage, on, self.scheme)
        return make_ruling(GateCheck(self.case_id, action, gate), facts, self.exempt, self.scheme.rulebook, "")

    def _done_actions(self) -> list[tuple[str, Action]]:
        """The actions that the record tells of, or that lie on the way to the stage it has come to, in their order."""
        done = [(name, action) for name, action in self.scheme.declaration.actions.items() if self._is_done(action)]
        return sorted(done, key=lambda one: self.scheme.stage_index(one[1].stage))

    def _is_done(self, action: Action) -> bool:
        came_of_it = self.public.get(f"{action.stage}.outcome")
        if action.outcome and came_of_it is not None:
            return came_of_it == action.outcome
        return self.scheme.stage_index(action.stage) < self.scheme.stage_index(action.to) <= self._furthest_place()

    def _furthest_place(self) -> int:
        """How far the case surely came: acts that led no further are taken to be done where nothing tells otherwise.

        Where a case may end at several stages, it came as far as the record tells of a stage.
        """
        leaving = {action.stage for action in self.scheme.declaration.actions.values() if action.to == self.stage}
        if not self.scheme.declaration.stages[self.stage].last or len(leaving) == 1:
            return self.scheme.stage_index(self.stage)
        told = [stage for stage in leaving if any(f"{stage}.{fact}" in self.public for fact in STAGE_FACTS)]
        return max(map(self.scheme.stage_index, told), default=0)

    def _day_of_action(self, action: Action, as_of: date) -> date:
        """The day of an act: that of its stage, else of the first stage after it that has one, as it was not later.

        Else it is that of the decision, or the day of the audit.
        """
        first = self.scheme.stage_index(action.stage)
        days = [self.public.get(f"{stage}.on") for stage in [*self.scheme.declaration.stages][first:]]
        return next((day for day in (*days, self.public.get(DECIDED_ON)) if isinstance(day, date)), as_of)

    def _addresses_recorded_after(self, as_of: date) -> set[str]:
        """What acts recorded after a day."""
        later: set[str] = set()
        for _, action in self._done_actions():
            if self._day_of_action(action, as_of) > as_of:
                later |= {*action.asks, *action.dates, *(f"{action.stage}.{fact}" for fact in STAGE_FACTS)}
        return later


@dataclass(slots=True)
class _CaseAuditor:
    """The audit of one case of the ledger, as of a day; `versions` is shared by all cases of an audit."""

    services: Services
    transaction: ReadTransaction
    versions: SchemeVersions
    case_id: str
    as_of: date
    latest_findings: _LatestFindings = field(default_factory=_LatestFindings)
    warnings: list[str] = field(default_factory=list)
    other_packs: set[str] = field(default_factory=set)

    def audit_case(self) -> CaseAudit | None:
        """The audit of the case; none if it was not opened by the day."""
        sealed = self.transaction.sealed_entries(self.case_id)
        entries = list(takewhile(lambda entry: date.fromisoformat(entry.on) <= self.as_of, sealed))
        full_case = self._judge_acts(entries)
        if full_case is None:
            return None
        self._judge_whole_record(entries[-1], full_case)
        case, imported = full_case.case, entries[0].kind == "entered"
        warnings = tuple(dict.fromkeys(self.warnings))
        return CaseAudit(
            case.id, case.title, case.scheme, case.stage, self.latest_findings.findings(), warnings, imported
        )

    def _judge_acts(self, entries: Sequence[Entry]) -> FullCase | None:
        """Judge the acts one by one, and return the case after the last; none if there are none."""
        officers = {officer.name: officer for officer in load_officers(self.transaction)}
        replay = Replay({text.position: text for text in self.transaction.exempt_texts(self.case_id)})
        full_case = None
        for entry in entries:
            step = replay.apply_event(entry)
            full_case = step.after
            if step.event.kind == "entered":
                self._judge_import(step)
            elif entry.ruling:
                self._judge_act_again(step, officers)
        return full_case

    def _judge_whole_record(self, last_entry: Entry, full_case: FullCase) -> None:
        """Judge the record as a whole by the gate `audit`."""
        case = full_case.case
        scheme, warning = find_scheme_version(
            case.id, case.scheme, self.transaction, self.services.library, self.services.store
        )
        if not warning and scheme_used_for(last_entry)[1] not in self.other_packs:  # else an act warned of them
            warning = describe_pack_change(last_entry, self.services.library, self.services.store)
        self.warnings += [warning] * bool(warning)
        if scheme:
            recorded = _RecordedCase(case.id, scheme, case.stage, case.facts, full_case.exempt_part.facts)
            self.latest_findings.add_rulings([recorded.make_audit_ruling(case.facts, self.as_of)], scheme.rulebook)
            self.warnings += recorded.describe_unjudged_acts(self.as_of)

    def _judge_import(self, step: EventStep) -> None:
        """Judge an imported case by the packs of the day of its import."""
        scheme, case = self._find_scheme_at(step.entry), step.after.case
        if scheme is None:
            self.warnings.append(f"what was entered on {step.entry.on} is not judged: its packs are not kept")
            return
        recorded = _RecordedCase(self.case_id, scheme, case.stage, case.facts, step.after.exempt_part.facts)
        self.latest_findings.add_rulings(list(recorded.make_all_rulings(self.as_of))[:-1], scheme.rulebook)

    def _judge_act_again(self, step: EventStep, officers: Mapping[str, Officer]) -> None:
        """Judge an act again at its gate; if that cannot be done, show what its ruling recorded."""
        entry, event = step.entry, step.event
        scheme = self._find_scheme_at(entry)
        if scheme is None:
            self.warnings.append(
                f"{event.action} of {entry.on} is shown as it was recorded, and not judged again: its packs "
                f"{parse_ruling(entry)['packs'][:12]} are not kept"
            )
            self._add_recorded_findings(entry, event)
            return
        ruling = _rule_again(step, scheme, officers)
        if ruling is None or to_canonical_json(ruling.as_receipt()) != entry.ruling:
            self.warnings.append(
                f"{event.action} of {entry.on} comes out otherwise than it was recorded: see ledger verify --replay"
            )
        if ruling is None:
            self._add_recorded_findings(entry, event)
        else:
            self.latest_findings.add_rulings([(ruling, event.on)], scheme.rulebook)

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


def _rule_again(step: EventStep, scheme: Scheme, officers: Mapping[str, Officer]) -> Ruling | None:
    """The ruling on an act that is done again, also if it is now against it; none if the act cannot be done."""
    try:
        return do_again(step, step.rebuild_command(scheme), scheme, officers[step.event.officer]).ruling
    except Refusal as refusal:
        return refusal.ruling
    except (Error, KeyError):
        return None
