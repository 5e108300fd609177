"""Impact of changed law: which findings would change under other packs, or under the law of another day.

Each recorded ruling is made again on the facts known at the time: the case as its entries made it, with the facts that
the ruling itself holds. Nothing is recorded. A ruling that cannot be judged is named, never left out in silence, and
never judged by other packs than its own and the changed ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any, NamedTuple

from rules.errors import InputError, PackError
from rules.judging.findings import Finding, Ruling
from rules.judging.rulebook import Rulebook
from rules.language.dated_values import figure_has_kind
from rules.packs.bundle import Bundle
from rules.packs.scheme import AMEND, Scheme
from rules.values.calendar import parse_day
from rules.values.citation import Citation
from rules.values.facts import DAY_OF_ACT, Facts, FactValue, split_address
from rules.values.text import quote
from workflow.cases.case import FullCase
from workflow.cases.events import Act, ActContext
from workflow.cases.life import evolve_full_case, facts_before, make_act_ruling
from workflow.cases.review import apply_review, rebuild_review_command
from workflow.cases.ruling import GateCheck, make_ruling
from workflow.history.record import (
    CASE_EVENT_KINDS,
    REFUSAL_KIND,
    case_id_of_refusals,
    deserialize_event,
    parse_body,
    parse_ruling,
    report_unreadable,
)
from workflow.ledger.canonical_json import deserialize_facts, deserialize_inline_facts
from workflow.ledger.entries import Entry, ExemptText
from workflow.ledger.ports import SchemeLibrary, Store

_DAY_PATTERN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_INSTANT_PATTERN = re.compile(_DAY_PATTERN.pattern + "[T ]", re.ASCII)


@dataclass(frozen=True, slots=True)
class ImpactQuery:
    """Under which law to judge: the changed packs, the law of a day (None: the governing days as recorded).

    Entries recorded after `known_at` are ignored. Next acts are judged as if done on the day `today`, by the current
    and by the changed packs.
    """

    changed_library: SchemeLibrary
    current_library: SchemeLibrary
    today: date
    law_day: date | None = None
    known_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChangedFinding:
    """A finding whose outcome changes. An outcome is None if the gate does not have the control.

    `entry` is the entry of the ruling, or 0 for a next act. `citation` is that of the changed control, or of the old
    one if the control was removed.
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
    """A ruling that could not be made again, or only without some of its facts, and the reason."""

    case: str
    entry: int
    action: str
    reason: str

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        return {"case": self.case, "entry": self.entry, "action": self.action, "why": self.reason}


@dataclass(slots=True)
class Impact:
    """The result: the number of rulings made again, their cases, changed findings, and unjudged rulings."""

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


ProgressTracker = Callable[[Sequence[Entry]], Iterable[Entry]]


def assess_impact(store: Store, query: ImpactQuery, track_progress: ProgressTracker = iter) -> Impact:
    """Return the impact of changed law on every ruling of a store, and on the next acts of every case.

    `track_progress` receives the entries and yields them one by one; by default it reports nothing.
    """
    with store.read_ledger() as (entries, texts, _):
        known = [entry for entry in entries if _was_recorded_by(entry, query.known_at)]
        exempt = {text.position: text for text in texts}
    again = _ImpactAssessor(query, exempt, cache(store.load_bundle))
    for entry in track_progress(known):
        again.process_entry(entry)
    again.assess_next_acts()
    return again.impact


def parse_last_instant(typed: str) -> datetime:
    """Return the instant of a typed day (its end) or instant (UTC by default); raise `InputError` otherwise."""
    if _DAY_PATTERN.fullmatch(typed):
        return datetime.combine(parse_day(typed), time.max, UTC)
    try:
        instant = datetime.fromisoformat(typed) if _INSTANT_PATTERN.match(typed) else None
    except ValueError:
        instant = None
    if instant is None:
        raise InputError(f"{quote(typed)} is neither a day nor an instant", "Write 2018-04-16, or 2018-04-16T12:00Z.")
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def find_governing_day_facts(rulebook: Rulebook) -> frozenset[str]:
    """Return the facts whose day decides which law applies: the day of the act, and each `governed_by`."""
    controls = (control.declaration.governed_by for control in rulebook.controls.values())
    return frozenset([DAY_OF_ACT, *controls, *(derived.governed_by for derived in rulebook.derived_facts)])


def replace_governing_days(facts: Facts, on: date, rulebook: Rulebook) -> dict[str, FactValue]:
    """Return facts with every governing day replaced by one day; other days, and unknown ones, stay."""
    days = find_governing_day_facts(rulebook)
    return {address: on if split_address(address)[0] in days else value for address, value in facts.items()}


def _was_recorded_by(entry: Entry, instant: datetime | None) -> bool:
    with report_unreadable(entry):
        return instant is None or datetime.fromisoformat(entry.recorded_at) <= instant


class _EarlierRuling(NamedTuple):
    """A ruling before the change of law: its case, entry (0: a next act), day, outcomes, and gate."""

    case: str
    entry: int
    on: date
    action: str
    outcomes: Mapping[tuple[str, str], str]
    was_gate_open: bool
    rulebook: Rulebook


@dataclass(slots=True)
class _ImpactAssessor:
    """Rebuilds each case entry by entry, and makes each of its rulings again.

    `load_bundle` returns the packs of a digest, or None if the store does not have them whole.
    """

    query: ImpactQuery
    exempt_texts: Mapping[int, ExemptText]
    load_bundle: Callable[[str], Bundle | None]
    impact: Impact = field(default_factory=Impact)
    full_cases: dict[str, FullCase] = field(default_factory=dict)

    def process_entry(self, entry: Entry) -> None:
        """Make the ruling of an entry again, if it has one, and apply its event to its case."""
        text = self.exempt_texts.get(entry.position)
        if entry.kind == REFUSAL_KIND:
            with report_unreadable(entry):
                stated = deserialize_facts(parse_body(entry)["stated"])
                withheld = deserialize_facts(parse_body(text).get("stated", {})) if text else {}
            self._assess_recorded_ruling(entry, case_id_of_refusals(entry.stream), stated, withheld)
        elif entry.kind in CASE_EVENT_KINDS:
            event = deserialize_event(entry, text)
            if entry.ruling:
                acted = {**event.public.stated, "act.role": event.capacity}
                self._assess_recorded_ruling(
                    entry, entry.stream, {} if event.kind == "amended" else acted, event.exempt.stated
                )
            self.full_cases[entry.stream] = evolve_full_case(self.full_cases.get(entry.stream), event)

    def assess_next_acts(self) -> None:
        """Judge each next act of every case, by the current and by the changed packs."""
        day = min(self.query.today, self.query.known_at.date()) if self.query.known_at else self.query.today
        for name, full_case in self.full_cases.items():
            act_context = ActContext(max(day, full_case.case.last_on), "")
            try:
                scheme = self.query.current_library.scheme(full_case.case.scheme)
            except InputError as error:
                self.impact.unjudged.append(UnjudgedRuling(name, 0, "", str(error)))
                continue
            for action in scheme.actions_at(full_case.case.stage):
                self._assess_next_act(full_case, Act(action), scheme, act_context)

    def _assess_next_act(self, full_case: FullCase, act: Act, scheme: Scheme, act_context: ActContext) -> None:
        now = make_act_ruling(full_case, act, scheme, act_context)
        outcomes = {(finding.control, finding.subject): finding.outcome for finding in now.findings}
        before = _EarlierRuling(
            full_case.case.id, 0, act_context.on, act.action, outcomes, now.is_open, scheme.rulebook
        )
        self._compare_ruling(before, scheme.id, lambda changed: facts_before(full_case, act, changed, act_context))

    def _assess_recorded_ruling(
        self, entry: Entry, case_id: str, act_public_facts: Facts, act_exempt_facts: Facts
    ) -> None:
        """Make a recorded ruling again; the act's own facts are added to those known before it."""
        with report_unreadable(entry):
            receipt, full_case = parse_ruling(entry), self.full_cases[case_id]
            action, packs, weighed = (
                str(receipt["action"]),
                str(receipt["packs"]),
                deserialize_inline_facts(receipt["facts"]),
            )
            outcomes = {(str(one["control"]), str(one["subject"])): str(one["outcome"]) for one in receipt["findings"]}
            day = date.fromisoformat(entry.on)
        bundle = self.load_bundle(packs)
        if bundle is None:
            why = f"its packs {packs[:12]} are no longer in the store, so it is shown and not judged"
            self.impact.unjudged.append(UnjudgedRuling(case_id, entry.position, action, why))
            return
        scheme = bundle.scheme()
        own = {address: weighed[address] for address in weighed.keys() - scheme.authority_facts.keys()}
        act: Facts = {DAY_OF_ACT: day, "act.by": entry.officer, **act_public_facts, **own}
        if action in scheme.declaration.reviews:
            full_case = apply_review(
                rebuild_review_command(action, act_public_facts, act_exempt_facts, scheme), full_case, scheme, day
            )
        before = _EarlierRuling(
            case_id, entry.position, day, action, outcomes, entry.kind != REFUSAL_KIND, scheme.rulebook
        )
        self._compare_ruling(before, scheme.id, lambda changed: _find_facts_for_act(full_case, action, act, changed))

    def _compare_ruling(
        self, earlier: _EarlierRuling, scheme_id: str, facts_under: Callable[[Scheme], tuple[Facts, Facts]]
    ) -> None:
        try:
            scheme = self.query.changed_library.scheme(scheme_id)
            after = self._make_changed_ruling(earlier, scheme, *facts_under(scheme))
        except PackError:  # faulty packs have no impact that could be shown
            raise
        except InputError as error:  # the changed packs lack the scheme or the action, or it is not in force
            self.impact.unjudged.append(UnjudgedRuling(earlier.case, earlier.entry, earlier.action, str(error)))
            return
        self.impact.rulings += 1
        self.impact.cases.add(earlier.case)
        self.impact.changed_findings += _find_changed_findings(earlier, after, scheme)

    def _make_changed_ruling(self, earlier: _EarlierRuling, scheme: Scheme, public: Facts, exempt: Facts) -> Ruling:
        """Return the ruling under the changed law.

        Raises `InputError` if the scheme does not have the act, or is not in force.
        """
        gate, on = _find_gate(earlier.action, scheme), self.query.law_day
        if on:
            scheme.refuse_out_of_force(on)
            public, exempt = (
                replace_governing_days(_replace_review_day(earlier, facts, on, scheme), on, scheme.rulebook)
                for facts in (public, exempt)
            )
        kept = self._select_valid_facts(earlier, public, scheme), self._select_valid_facts(earlier, exempt, scheme)
        return make_ruling(GateCheck(earlier.case, earlier.action, gate), *kept, scheme.rulebook, "")

    def _select_valid_facts(self, earlier: _EarlierRuling, facts: Facts, scheme: Scheme) -> dict[str, FactValue]:
        """Return the facts that the changed packs declare; one with a value of another kind is noted and omitted."""
        declared, kept = scheme.rulebook.facts, dict[str, FactValue]()
        for address, value in facts.items():
            fact = split_address(address)[0]
            if fact not in declared:
                continue
            choices = declared[fact].choices
            if figure_has_kind(declared[fact].kind, value) and (not choices or value in choices):
                kept[address] = value
            else:
                self._note_omitted_fact(earlier, fact)
        return kept

    def _note_omitted_fact(self, earlier: _EarlierRuling, fact: str) -> None:
        why = f"{fact} is stated in a way that is no longer taken; judged without it"
        named = UnjudgedRuling(earlier.case, earlier.entry, earlier.action, why)
        if named not in self.impact.unjudged:
            self.impact.unjudged.append(named)


def _find_facts_for_act(
    full_case: FullCase, action: str, act_facts: Facts, scheme: Scheme
) -> tuple[dict[str, FactValue], Facts]:
    """Return the facts known at an act: those of the case as it stood, and those that the ruling or the act adds."""
    requested = () if action == AMEND or action in scheme.declaration.reviews else scheme.action(action).asks
    case_facts = {address: value for address, value in full_case.case.facts.items() if address not in requested}
    exempt = full_case.exempt_part.facts
    unstated: Facts = {"case.stage": full_case.case.stage, "case.withholds": bool(exempt)}
    return {**case_facts, **unstated, **act_facts, **scheme.authority_facts}, exempt


def _find_gate(action: str, scheme: Scheme) -> str:
    """Return the gate of an act; raise `InputError` if the scheme does not have the act."""
    if action == AMEND:
        return AMEND
    return (scheme.review_action(action) if action in scheme.declaration.reviews else scheme.action(action)).gate


def _replace_review_day(earlier: _EarlierRuling, facts: Facts, on: date, scheme: Scheme) -> Facts:
    """Return facts with the recorded day of a review replaced, because that is the day of the act."""
    day_fact = scheme.review_action(earlier.action).dates if earlier.action in scheme.declaration.reviews else ""
    return {
        address: on if value == earlier.on and split_address(address)[0] == day_fact else value
        for address, value in facts.items()
    }


def _find_changed_findings(earlier: _EarlierRuling, ruling: Ruling, scheme: Scheme) -> Iterator[ChangedFinding]:
    """Yield the findings that differ, in the order of the packs.

    A new or removed control that is not applicable makes no difference.
    """
    findings = {(finding.control, finding.subject): finding for finding in ruling.findings}
    for control, subject in dict.fromkeys([*earlier.outcomes, *findings]):
        before, finding = earlier.outcomes.get((control, subject)), findings.get((control, subject))
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
    """Return the citation of a finding, or of its control in the first rulebook that has it."""
    controls = (rulebook.controls[control] for rulebook in rulebooks if control in rulebook.controls)
    return finding.citation if finding else next((known.declaration.citation for known in controls), None)
