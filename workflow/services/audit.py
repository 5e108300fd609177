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
from workflow.cases.case import Matter
from workflow.cases.events import Event, Moment
from workflow.cases.life import decide, evolved, with_unstated
from workflow.cases.officers import Officer
from workflow.cases.paper import read_past
from workflow.cases.ruling import Question, ruled
from workflow.errors import Refusal
from workflow.history.record import as_readable, case_named, event_of, officers_in, ruling_of
from workflow.history.replay import command_of
from workflow.history.scheme_version import changed_since, made_under, scheme_of
from workflow.ledger.canonical_json import canonical
from workflow.ledger.entries import Entry, ExemptText
from workflow.ledger.ports import Reading
from workflow.services.commands import Desk

DECIDED_ON = "decided_on"
GONE = Citation(
    instrument="not known any more", provision="the packs that gave this finding are not kept", basis="unverified"
)


@dataclass(frozen=True, slots=True)
class Audited:
    """One finding, with the act at which it was made, the day and packs it was judged by, and the control's days."""

    case: str
    action: str
    gate: str
    on: date
    packs: str
    in_force: Period | None
    finding: Finding

    @property
    def judged(self) -> str:
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
    findings: tuple[Audited, ...]
    warnings: tuple[str, ...] = ()
    entered: bool = False

    def open(self) -> list[Audited]:
        """The findings that are breached, then those that nobody can tell; of each the grave ones first."""
        found = [one for one in self.findings if one.finding.is_open_question]
        return sorted(found, key=lambda one: (one.finding.outcome != "breached", one.finding.severity != "blocking"))

    def in_order(self) -> list[Audited]:
        """The findings that are satisfied or do not apply."""
        return [one for one in self.findings if not one.finding.is_open_question]

    def counted(self) -> Counter[str]:
        """How many findings there are of each outcome."""
        return Counter(str(one.finding.outcome) for one in self.findings)

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read."""
        counted = self.counted()
        return {
            "case": self.case,
            "title": self.title,
            "scheme": self.scheme,
            "stage": self.stage,
            "entered_after_the_fact": self.entered,
            **{outcome: counted[outcome] for outcome in ("satisfied", "breached", "undetermined", "not_applicable")},
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit found, as of a business day, of cases of the record or (`of_record`) of one that is in none."""

    as_of: date
    cases: tuple[CaseAudit, ...]
    of_record: bool = True

    @property
    def has_breaches(self) -> bool:
        """Whether any control is breached, one that only warns included."""
        return any(case.counted()["breached"] for case in self.cases)


def audit(desk: Desk, names: Sequence[str], as_of: date | None = None) -> Audit:
    """The audit of some cases, or of all that there were on the day where none is named."""
    on = desk.moment(as_of).on
    with desk.store.reading() as record:
        wanted = [case_named(record, name) for name in names] or [shown.case for shown in record.cases()]
        found = {name: _Looking(desk, record, name, on).look() for name in dict.fromkeys(wanted)}
    later = next((name for name, case in found.items() if case is None), None)
    if names and later:
        raise InputError(f"{later} was not there yet on {on.isoformat()}", "Give a later day with --as-of.")
    return Audit(on, tuple(case for case in found.values() if case is not None))


def audit_paper(desk: Desk, paper: bytes, name: str, as_of: date | None = None) -> Audit:
    """The audit of a case that is told by a file, and not entered; raises `FileError` with every fault of the file."""
    on = desk.moment(as_of).on
    past = read_past(paper, name, desk.library.scheme)
    first = past.scheme.text.in_force.first
    if on < first:
        told_early = f"{on.isoformat()} is before {past.scheme.id}, the scheme of {name}, was in force"
        raise InputError(told_early, f"Give a day from {first.isoformat()} on with --as-of.")
    told = _Told(name, past.scheme, past.stage, {**past.paper.public, **past.recorded}, past.paper.exempt)
    words = _LastWords()
    words.take_all(told.rulings(on), past.scheme.rulebook)
    title = str(past.paper.public.get("title", name))
    case = CaseAudit(name, title, past.scheme.id, past.stage, words.findings(), told.awaited(on), entered=True)
    return Audit(on, (case,), of_record=False)


@dataclass(slots=True)
class _LastWords:
    """The last finding on each control and subject."""

    last: dict[tuple[str, str], Audited] = field(default_factory=dict)

    def take(self, said: Iterable[Audited]) -> None:
        """Take findings in the place of what was found before on the same controls and subjects."""
        self.last.update({(one.finding.control, one.finding.subject): one for one in said})

    def take_all(self, rulings: Iterable[tuple[Ruling, date]], rulebook: Rulebook) -> None:
        """Take the findings of rulings, in their order."""
        for given, on in rulings:
            self.take(
                Audited(
                    given.case, given.action, given.gate, on, given.packs,
                    rulebook.controls[finding.control].declared.in_force, finding,
                )
                for finding in given.findings
            )  # fmt: skip

    def findings(self) -> tuple[Audited, ...]:
        """Every last word, by control and subject."""
        return tuple(self.last[key] for key in sorted(self.last))


@dataclass(frozen=True, slots=True)
class _Told:
    """A case as a record tells it as a whole, with no rulings of its own."""

    case: str
    scheme: Scheme
    stage: str
    public: Mapping[str, FactValue]
    exempt: Mapping[str, FactValue]

    def rulings(self, as_of: date) -> Iterator[tuple[Ruling, date]]:
        """The ruling on each act that was done by a day, as the record tells it, then that of the auditor's look."""
        later = self._later(as_of)
        public = {where: value for where, value in self.public.items() if where not in later}
        for name, action in self._done():
            on = self._day(action, as_of)
            if on <= as_of:
                attempt = {"act.role": public.get(f"{action.stage}.role"), "act.by": public.get(f"{action.stage}.by")}
                known = {fact: value for fact, value in attempt.items() if value is not None}
                yield self._ruled(name, action.gate, {**public, **known}, action.stage, on), on
        yield self.looked_at(public, as_of)

    def looked_at(self, public: Mapping[str, FactValue], as_of: date) -> tuple[Ruling, date]:
        """The ruling of the gate `audit`: on a case that is decided, by the law of the day of its decision."""
        decided = public.get(DECIDED_ON)
        on = decided if isinstance(decided, date) else as_of
        return self._ruled(AUDIT, AUDIT, {**public, "audit.on": as_of}, self.stage, on), on

    def awaited(self, as_of: date) -> tuple[str, ...]:
        """That there is more than was judged: acts of later days, or those that are still to come."""
        if any(self._day(action, as_of) > as_of for _, action in self._done()):
            return (f"what was done after {as_of.isoformat()} is not judged",)
        stages = self.scheme.text.stages
        if stages[self.stage].last:
            return ()
        label = stages[self.stage].label
        return (f"it stands at {label}: what its next acts must meet is not judged yet (case explain tells it)",)

    def _ruled(self, action: str, gate: str, public: Mapping[str, FactValue], stage: str, on: date) -> Ruling:
        facts = with_unstated({**public, "act.stage": stage}, self.exempt, stage, on, self.scheme)
        return ruled(Question(self.case, action, gate), facts, self.exempt, self.scheme.rulebook, "")

    def _done(self) -> list[tuple[str, Action]]:
        """The actions that the record tells of, or that lie on the way to the stage it has come to, in their order."""
        done = [(name, action) for name, action in self.scheme.text.actions.items() if self._is_done(action)]
        return sorted(done, key=lambda one: self.scheme.place(one[1].stage))

    def _is_done(self, action: Action) -> bool:
        came_of_it = self.public.get(f"{action.stage}.outcome")
        if action.outcome and came_of_it is not None:
            return came_of_it == action.outcome
        return self.scheme.place(action.stage) < self.scheme.place(action.to) <= self._reached()

    def _reached(self) -> int:
        """How far the case surely came: acts that led no further are taken to be done where nothing tells otherwise.

        Where a case may end at several stages, it came as far as the record tells of a stage.
        """
        leaving = {action.stage for action in self.scheme.text.actions.values() if action.to == self.stage}
        if not self.scheme.text.stages[self.stage].last or len(leaving) == 1:
            return self.scheme.place(self.stage)
        told = [stage for stage in leaving if any(f"{stage}.{fact}" in self.public for fact in STAGE_FACTS)]
        return max(map(self.scheme.place, told), default=0)

    def _day(self, action: Action, as_of: date) -> date:
        """The day of an act: that of its stage, else of the first stage after it that has one, as it was not later.

        Else it is that of the decision, or the day of the audit.
        """
        first = self.scheme.place(action.stage)
        days = [self.public.get(f"{stage}.on") for stage in [*self.scheme.text.stages][first:]]
        return next((day for day in (*days, self.public.get(DECIDED_ON)) if isinstance(day, date)), as_of)

    def _later(self, as_of: date) -> set[str]:
        """What acts recorded after a day."""
        later: set[str] = set()
        for _, action in self._done():
            if self._day(action, as_of) > as_of:
                later |= {*action.asks, *action.dates, *(f"{action.stage}.{fact}" for fact in STAGE_FACTS)}
        return later


@dataclass(slots=True)
class _Looking:
    """One case of the ledger being looked at, as of a day."""

    desk: Desk
    record: Reading
    case: str
    as_of: date
    words: _LastWords = field(default_factory=_LastWords)
    warnings: list[str] = field(default_factory=list)
    other_packs: set[str] = field(default_factory=set)

    def look(self) -> CaseAudit | None:
        """What is found, or nothing where there was no such case on the day."""
        sealed = self.record.sealed(self.case)
        entries = list(takewhile(lambda entry: date.fromisoformat(entry.on) <= self.as_of, sealed))
        matter = self._judged_by_acts(entries)
        if matter is None:
            return None
        self._judge_now(entries[-1], matter)
        case, entered = matter.case, entries[0].kind == "entered"
        warnings = tuple(dict.fromkeys(self.warnings))
        return CaseAudit(case.id, case.title, case.scheme, case.stage, self.words.findings(), warnings, entered)

    def _judged_by_acts(self, entries: Sequence[Entry]) -> Matter | None:
        """Judge what was done, act by act, and tell how the case then stands; nothing where nothing was done."""
        officers = {officer.name: officer for officer in officers_in(self.record)}
        texts = {text.version: text for text in self.record.exempt(self.case)}
        matter = None
        for entry in entries:
            event = event_of(entry, texts.get(entry.version))
            before, matter = matter, evolved(matter, event)
            if event.kind == "entered":
                self._judge_told(entry, matter)
            elif entry.ruling:
                self._judge_again(entry, event, before, (officers, texts.get(entry.version)))
        return matter

    def _judge_now(self, last: Entry, matter: Matter) -> None:
        """Judge the record as a whole, and say what must be known of that."""
        case = matter.case
        scheme, warning = scheme_of(case.id, case.scheme, self.record, self.desk.library, self.desk.store)
        if not warning and made_under(last)[1] not in self.other_packs:  # else an act told of them
            warning = changed_since(last, self.desk.library)
        self.warnings += [warning] * bool(warning)
        if scheme:
            told = _Told(case.id, scheme, case.stage, case.facts, matter.confidential.facts)
            self.words.take_all([told.looked_at(case.facts, self.as_of)], scheme.rulebook)
            self.warnings += told.awaited(self.as_of)

    def _judge_told(self, entry: Entry, matter: Matter) -> None:
        """Judge what was entered after the fact, by the packs of the day on which it was entered."""
        scheme = self._scheme(entry)
        if scheme is None:
            self.warnings.append(f"what was entered on {entry.on} is not judged: its packs are not kept")
            return
        told = _Told(self.case, scheme, matter.case.stage, matter.case.facts, matter.confidential.facts)
        self.words.take_all(list(told.rulings(self.as_of))[:-1], scheme.rulebook)

    def _judge_again(
        self, entry: Entry, event: Event, before: Matter | None, known: tuple[Mapping[str, Officer], ExemptText | None]
    ) -> None:
        """Judge an act again at its gate, or where that cannot be done show what its ruling recorded."""
        officers, text = known
        scheme = self._scheme(entry)
        if scheme is None:
            self.warnings.append(
                f"{event.action} of {entry.on} is shown as it was recorded, and not judged again: its packs "
                f"{ruling_of(entry)['packs'][:12]} are not kept"
            )
            self._show_recorded(entry, event)
            return
        ruling = _again(event, before, scheme, officers, Moment(event.on, text.salt if text else ""))
        if ruling is None or canonical(ruling.as_receipt()) != entry.ruling:
            self.warnings.append(
                f"{event.action} of {entry.on} comes out otherwise than it was recorded: see ledger verify --replay"
            )
        if ruling is None:
            self._show_recorded(entry, event)
        else:
            self.words.take_all([(ruling, event.on)], scheme.rulebook)

    def _show_recorded(self, entry: Entry, event: Event) -> None:
        recorded = ruling_of(entry)
        with as_readable(entry):
            findings = [
                Finding(
                    said["control"], said["subject"], said["outcome"], said["severity"],
                    requirement="", facts=(), missing=(), citation=GONE, wrong="", cure="",
                )
                for said in recorded["findings"]
            ]  # fmt: skip
            gate, packs = str(recorded["gate"]), str(recorded["packs"])
        self.words.take(Audited(self.case, event.action, gate, event.on, packs, None, one) for one in findings)

    def _scheme(self, entry: Entry) -> Scheme | None:
        """The scheme as its packs were at an entry; none where they are not kept."""
        name, packs = made_under(entry)
        library = self.desk.library
        if name in library.schemes() and library.bundle(name).digest == packs:
            return library.scheme(name)
        self.other_packs.add(packs)
        bundle = self.desk.store.bundle(packs)
        if bundle is not None:
            self.warnings.append(
                f"what was done under the packs {packs[:12]} is judged by those, which are not the packs of today"
            )
        return bundle.scheme() if bundle else None


def _again(
    event: Event, before: Matter | None, scheme: Scheme, officers: Mapping[str, Officer], moment: Moment
) -> Ruling | None:
    """The ruling on an act that is done again, also where it is now against it; none where it cannot be done."""
    try:
        return decide(before, command_of(event, scheme), scheme, officers[event.officer], moment).ruling
    except Refusal as refusal:
        return refusal.ruling
    except (Error, KeyError):
        return None
