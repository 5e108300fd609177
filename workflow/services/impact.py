"""Assess the impact of other law: judge every recorded ruling again under changed packs, or by the law of another day.

Invariants:
- A ruling is judged again on what was known when it was given: the case as its entries had made it, with the facts that
  the ruling itself rests on.
- Nothing is recorded.
- A ruling that cannot be judged again, or only in part, is named with the reason; none is passed over.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple, TypeAlias

from rules.errors import InputError, PackError
from rules.judging.findings import Finding, Ruling
from rules.judging.rulebook import Rulebook
from rules.language.dated_values import figure_has_kind
from rules.packs import workflow_facts
from rules.packs.corrections_schema import CORRECT
from rules.packs.flow_schema import AMEND
from rules.packs.scheme import Scheme
from rules.values.citation import Citation
from rules.values.days import parse_day
from rules.values.facts import DAY_OF_ACT, Facts, FactValue, split_address
from rules.values.text import quote
from workflow.cases.act_ruling import facts_before, make_act_ruling
from workflow.cases.case import FullCase
from workflow.cases.events import Act, ActContext
from workflow.cases.review import apply_review, rebuild_review_command
from workflow.cases.ruling import GateCheck, make_ruling
from workflow.history.recent_cases import RecentCases
from workflow.history.replay import EventStep, RefusalStep, Replay, kept_scheme_loader
from workflow.history.scheme_version import find_case_scheme
from workflow.history.serialization import parse_packs_digest, parse_ruling, report_unreadable
from workflow.ledger.canonical_json import deserialize_inline_facts
from workflow.ledger.entries import Entry, ExemptText, pair_by_position
from workflow.ledger.ports import LedgerReader, SchemeLibrary, Store
from workflow.services.linked_cases import facts_with, public_record, read_linked_facts

_INSTANT_PATTERN = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]", re.ASCII)


@dataclass(frozen=True, slots=True)
class ImpactQuery:
    """The packs to judge by, the day whose law applies (none: the days that governed), and the state of knowledge.

    Nothing recorded after `known_at` is read. Acts still to be done are judged by the current packs and by the changed
    ones, as if done on `today`.
    """

    changed_library: SchemeLibrary
    current_library: SchemeLibrary
    today: date
    law_day: date | None = None
    known_at: datetime | None = None

    def knows(self, entry: Entry) -> bool:
        """Return whether an entry was recorded by the instant at which knowledge ends."""
        with report_unreadable(entry):
            return self.known_at is None or datetime.fromisoformat(entry.recorded_at) <= self.known_at


@dataclass(frozen=True, slots=True)
class ChangedFinding:
    """A finding whose outcome changes; an outcome is None if the gate does not have the control.

    `entry` is the position of the ruling, and 0 for an act still to be done. `citation` is that of the control under
    the changed packs, or as it was if they do not have it.
    """

    case: str
    entry: int
    on: str
    action: str
    gate: str
    control: str
    subject: str
    outcome_before: str | None
    outcome_after: str | None
    citation: Citation | None
    was_gate_open: bool
    is_gate_open: bool
    blocked_by: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        return {
            "case": self.case,
            "entry": self.entry,
            "on": self.on,
            "action": self.action,
            "gate": self.gate,
            "control": self.control,
            "subject": self.subject,
            "before": self.outcome_before,
            "after": self.outcome_after,
            "open_before": self.was_gate_open,
            "open": self.is_gate_open,
            "blocked_by": list(self.blocked_by),
            "citation": self.citation and self.citation.as_json(),
        }


@dataclass(frozen=True, slots=True)
class UnjudgedRuling:
    """A ruling that could not be judged again, or only in part, with the reason."""

    case: str
    entry: int
    action: str
    reason: str

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        return {"case": self.case, "entry": self.entry, "action": self.action, "why": self.reason}


@dataclass(slots=True)
class Impact:
    """The number of rulings judged again, their cases, the changed findings, and what could not be judged."""

    rulings: int = 0
    cases: set[str] = field(default_factory=set)
    changed_findings: list[ChangedFinding] = field(default_factory=list)
    unjudged: list[UnjudgedRuling] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        return {
            "rulings": self.rulings,
            "cases": sorted(self.cases),
            "findings": [changed.as_json() for changed in self.changed_findings],
            "unjudged": [unjudged.as_json() for unjudged in self.unjudged],
        }


_Row: TypeAlias = tuple[Entry | None, ExemptText | None]


class LedgerRows:
    """The entries of a ledger, each with its Part 2 text and read when it is taken; their number is known before."""

    def __init__(self, ledger: LedgerReader) -> None:
        self._ledger = ledger

    def __len__(self) -> int:
        return self._ledger.head()[0]

    def __iter__(self) -> Iterator[_Row]:
        return pair_by_position(self._ledger.read_entries(), self._ledger.read_exempt_texts())


ProgressTracker: TypeAlias = Callable[[LedgerRows], Iterable[_Row]]


def assess_impact(store: Store, query: ImpactQuery, track_progress: ProgressTracker = iter) -> Impact:
    """Judge every ruling of a store again, and the acts that each case may do next.

    `track_progress` is given the entries and yields them one by one, so that a caller can show progress.
    """
    with store.read_ledger() as ledger:
        assessor = _ImpactAssessor(query, RecentCases(ledger, query.knows), store, kept_scheme_loader(store))
        for entry, text in track_progress(LedgerRows(ledger)):
            if entry and query.knows(entry):
                assessor.process_entry(entry, text)
        assessor.assess_next_acts(summary.case for summary in ledger.case_summaries())
    return assessor.impact


def parse_last_instant(typed: str) -> datetime:
    """The instant that a user typed, in UTC if there is no offset; for a day, its end. Raises `InputError`."""
    try:
        if not _INSTANT_PATTERN.match(typed):
            return datetime.combine(parse_day(typed), time.max, UTC)
        instant = datetime.fromisoformat(typed)
    except InputError as error:
        raise InputError(f"{error}, and not an instant", f"{error.advice()} Or write 2018-04-16T12:00Z.") from None
    except ValueError:
        raise InputError(
            f"{quote(typed)} is neither a day nor an instant", "Write 2018-04-16, or 2018-04-16T12:00Z."
        ) from None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def find_governing_day_facts(rulebook: Rulebook) -> frozenset[str]:
    """The facts whose day decides which law applies: the day of the act, and the days that rules are governed by."""
    controls = (control.declaration.governed_by for control in rulebook.controls.values())
    return frozenset([DAY_OF_ACT, *controls, *(derived.governed_by for derived in rulebook.derived_facts)])


def replace_governing_days(facts: Facts, on: date, rulebook: Rulebook) -> dict[str, FactValue]:
    """The facts with every known governing day replaced by one day; other days stay as they are."""
    days = find_governing_day_facts(rulebook)
    return {where: on if split_address(where)[0] in days else value for where, value in facts.items()}


class _EarlierRuling(NamedTuple):
    """A ruling as it was given, or on an act still to be done (`entry` 0) as current packs give it."""

    case: str
    entry: int
    on: date
    action: str
    outcomes: Mapping[tuple[str, str], str]
    was_gate_open: bool
    rulebook: Rulebook
    packs_digest: str


@dataclass(slots=True)
class _ImpactAssessor:
    """Takes entries in order, and judges each ruling again on its case as it was before that ruling."""

    query: ImpactQuery
    cases: RecentCases
    store: Store
    load_scheme: Callable[[str], Scheme | None]
    impact: Impact = field(default_factory=Impact)

    def process_entry(self, entry: Entry, text: ExemptText | None) -> None:
        """Take the next entry with its Part 2 text, and judge its ruling again if it has one."""
        self.cases.position = entry.position
        step = Replay({entry.position: text} if text else {}, self.cases).take(entry)
        if isinstance(step, RefusalStep):
            self._assess_recorded_ruling(step, step.before.case.id, step.stated_public, step.stated_exempt)
        elif isinstance(step, EventStep) and entry.ruling and step.before is not None:
            event = step.event
            # An amendment is judged on the case as it was, whatever it then changes.
            public = {} if event.kind == "amended" else {**event.public.stated, workflow_facts.ACT_ROLE: event.capacity}
            self._assess_recorded_ruling(step, entry.stream, public, event.exempt.stated)

    def assess_next_acts(self, case_ids: Iterable[str]) -> None:
        """Judge each act that a case may do next, by the current packs and by the changed ones."""
        self.cases.position = sys.maxsize
        day = min(self.query.today, self.query.known_at.date()) if self.query.known_at else self.query.today
        for case_id in case_ids:
            full_case = self.cases.get(case_id)
            if full_case is None:  # opened later
                continue
            act_context = ActContext(max(day, full_case.case.last_on), "")
            scheme_id, packs = full_case.case.scheme, parse_packs_digest(self.cases.find_earlier_events(case_id)[-1])
            try:
                scheme = find_case_scheme(scheme_id, packs, self.query.current_library, self.store).scheme
            except InputError as error:
                self.impact.unjudged.append(UnjudgedRuling(case_id, 0, "", str(error)))
                continue
            for action in scheme.actions_at(full_case.case.stage):
                public = facts_with(Act(action), full_case.case, scheme)
                linked = read_linked_facts(self._public_record_of, scheme, public)
                self._assess_next_act(full_case, Act(action), scheme, replace(act_context, linked=linked), packs)

    def _public_record_of(self, case_id: str) -> Facts:
        full_case = self.cases.get(case_id)
        return public_record(full_case.case) if full_case else {}

    def _assess_next_act(
        self, full_case: FullCase, act: Act, scheme: Scheme, act_context: ActContext, packs_digest: str
    ) -> None:
        now = make_act_ruling(full_case, act, scheme, act_context)
        outcomes = {(finding.control, finding.subject): finding.outcome for finding in now.findings}
        before = _EarlierRuling(
            full_case.case.id, 0, act_context.on, act.action, outcomes, now.is_open, scheme.rulebook, packs_digest
        )
        self._compare_ruling(before, scheme.id, lambda changed: facts_before(full_case, act, changed, act_context))

    def _assess_recorded_ruling(
        self, step: EventStep | RefusalStep, case_id: str, act_public_facts: Facts, act_exempt_facts: Facts
    ) -> None:
        """Judge a recorded ruling again; the facts of the act are what it adds to those of the case."""
        entry = step.entry
        with report_unreadable(entry):
            receipt = parse_ruling(entry)
            action, packs = str(receipt["action"]), str(receipt["packs"])
            evidence = deserialize_inline_facts(receipt["facts"])
            outcomes = {
                (str(finding["control"]), str(finding["subject"])): str(finding["outcome"])
                for finding in receipt["findings"]
            }
            day = date.fromisoformat(entry.on)
            if step.before is None:
                raise ValueError("a ruling on a case that was not opened")
            full_case = step.before
        scheme = self.load_scheme(packs)
        if scheme is None:
            reason = f"its packs {packs[:12]} are no longer in the store, so it is shown and not judged"
            self.impact.unjudged.append(UnjudgedRuling(case_id, entry.position, action, reason))
            return
        own = {where: evidence[where] for where in evidence.keys() - scheme.authority_facts.keys()}
        act: Facts = {DAY_OF_ACT: day, workflow_facts.ACT_BY: entry.officer, **act_public_facts, **own}
        if action in scheme.declaration.reviews:
            command = rebuild_review_command(action, act_public_facts, act_exempt_facts, scheme)
            full_case = apply_review(command, full_case, scheme, day)
        before = _EarlierRuling(
            case_id, entry.position, day, action, outcomes, isinstance(step, EventStep), scheme.rulebook, packs
        )
        self._compare_ruling(before, scheme.id, lambda changed: _find_facts_for_act(full_case, action, act, changed))

    def _compare_ruling(
        self, earlier: _EarlierRuling, scheme_id: str, facts_under: Callable[[Scheme], tuple[Facts, Facts]]
    ) -> None:
        try:
            # A case stays under its flow, also if the changed packs have another one.
            scheme = find_case_scheme(scheme_id, earlier.packs_digest, self.query.changed_library, self.store).scheme
            after = self._make_changed_ruling(earlier, scheme, *facts_under(scheme))
        except PackError:  # packs with faults can judge nothing
            raise
        except InputError as error:  # the scheme or the action does not exist, or is not in force
            self.impact.unjudged.append(UnjudgedRuling(earlier.case, earlier.entry, earlier.action, str(error)))
            return
        self.impact.rulings += 1
        self.impact.cases.add(earlier.case)
        self.impact.changed_findings += _find_changed_findings(earlier, after, scheme)

    def _make_changed_ruling(self, earlier: _EarlierRuling, scheme: Scheme, public: Facts, exempt: Facts) -> Ruling:
        """The ruling under changed packs; raises `InputError` if the scheme has no such act or is not in force."""
        gate, on = _find_gate(earlier.action, scheme), self.query.law_day
        if on:
            scheme.refuse_out_of_force(on)
            public, exempt = (
                replace_governing_days(_replace_review_day(earlier, facts, on, scheme), on, scheme.rulebook)
                for facts in (public, exempt)
            )
        valid = self._select_valid_facts(earlier, public, scheme), self._select_valid_facts(earlier, exempt, scheme)
        return make_ruling(GateCheck(earlier.case, earlier.action, gate, among_many=True), *valid, scheme.rulebook, "")

    def _select_valid_facts(self, earlier: _EarlierRuling, facts: Facts, scheme: Scheme) -> dict[str, FactValue]:
        """The facts that the packs declare; one whose value no longer fits is left out and named."""
        declared, valid = scheme.rulebook.facts, dict[str, FactValue]()
        for where, value in facts.items():
            fact = split_address(where)[0]
            if fact not in declared:
                continue
            choices = declared[fact].choices
            if figure_has_kind(declared[fact].kind, value) and (not choices or value in choices):
                valid[where] = value
            else:
                self._note_omitted_fact(earlier, fact)
        return valid

    def _note_omitted_fact(self, earlier: _EarlierRuling, fact: str) -> None:
        reason = f"the value of {fact} no longer fits its declaration; judged without it"
        unjudged = UnjudgedRuling(earlier.case, earlier.entry, earlier.action, reason)
        if unjudged not in self.impact.unjudged:
            self.impact.unjudged.append(unjudged)


def _find_facts_for_act(
    full_case: FullCase, action: str, act_facts: Facts, scheme: Scheme
) -> tuple[dict[str, FactValue], Facts]:
    """The facts known of an act, public and exempt: of the case before it, and those the act itself added."""
    is_action = action in scheme.declaration.actions
    asks = scheme.action(action).asks if is_action else ()
    case = {where: value for where, value in full_case.case.facts.items() if where not in asks}
    exempt = full_case.exempt_part.facts
    of_case: Facts = {workflow_facts.CASE_STAGE: full_case.case.stage, workflow_facts.CASE_WITHHOLDS: bool(exempt)}
    return {**case, **of_case, **act_facts, **scheme.authority_facts}, exempt


def _find_gate(action: str, scheme: Scheme) -> str:
    """The gate of an act; raises `InputError` if the scheme has no such act."""
    if action == AMEND:
        return AMEND
    if action == CORRECT and scheme.declaration.corrections:
        return scheme.declaration.corrections.gate
    return (scheme.review_action(action) if action in scheme.declaration.reviews else scheme.action(action)).gate


def _replace_review_day(earlier: _EarlierRuling, facts: Facts, on: date, scheme: Scheme) -> Facts:
    """The facts with the day that a review records as its own replaced, as the day of the act is."""
    own_day = scheme.review_action(earlier.action).dates if earlier.action in scheme.declaration.reviews else ""
    return {
        where: on if value == earlier.on and split_address(where)[0] == own_day else value
        for where, value in facts.items()
    }


def _find_changed_findings(earlier: _EarlierRuling, ruling: Ruling, scheme: Scheme) -> Iterator[ChangedFinding]:
    """The findings whose outcome differs; a new control that does not apply is no difference."""
    now = {(finding.control, finding.subject): finding for finding in ruling.findings}
    for control, subject in dict.fromkeys([*earlier.outcomes, *now]):
        before, finding = earlier.outcomes.get((control, subject)), now.get((control, subject))
        after = finding.outcome if finding else None
        if before == after or {before, after} == {None, "not_applicable"}:
            continue
        yield ChangedFinding(
            case=earlier.case,
            entry=earlier.entry,
            on=earlier.on.isoformat(),
            action=ruling.action,
            gate=ruling.gate,
            control=control,
            subject=subject,
            outcome_before=before,
            outcome_after=after,
            citation=_find_citation(control, finding, scheme.rulebook, earlier.rulebook),
            was_gate_open=earlier.was_gate_open,
            is_gate_open=ruling.is_open,
            blocked_by=ruling.blocking_controls(),
        )


def _find_citation(control: str, finding: Finding | None, *rulebooks: Rulebook) -> Citation | None:
    """The citation of a finding; without a finding, that of the control in the first rulebook that has it."""
    controls = (rulebook.controls[control] for rulebook in rulebooks if control in rulebook.controls)
    return finding.citation if finding else next((known.declaration.citation for known in controls), None)
