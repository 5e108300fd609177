"""Judge a case that was decided elsewhere, by what its source carries and records.

Invariants:
- Only acts that the source records are judged, and only the branch that was taken; each is judged at its own gate, by
  the law of its day or of all days that it can have had.
- What the source does not carry is unknown, never left undone.
- A breach at one gate stands, whatever the answer at a later gate. Otherwise the last answer counts.
- Outside the life of the scheme its own controls are not judged: we hold none of those days. If the decision may lie
  outside, they are undetermined until its day is known.
- Nothing that acts after the day of the audit recorded is read.
- An imported case is judged by what its paper said of its source, as if the paper had been audited as a file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from rules.judging.findings import Finding, Ruling
from rules.language.schema_types import Period
from rules.packs import workflow_facts
from rules.packs.flow_schema import AUDIT, AUDIT_ELSEWHERE
from rules.packs.generated_controls import LATE_RECORDING
from rules.packs.scheme import Scheme
from rules.values.bounds import plain_name
from rules.values.calendar import long_date
from rules.values.facts import DAY_OF_ACT, FactValue, split_address
from workflow.cases.case import IMPORTED_ON, FullCase
from workflow.cases.life import OPENING_FACTS
from workflow.cases.paper_source import PaperSource, asked_facts
from workflow.cases.ruling import GateCheck, make_ruling
from workflow.cases.separation import breaches_among, participation_of_opener, participations_in_facts
from workflow.cases.unsettled_facts import without_unsettled
from workflow.services.act_days import ActDays, DayRange, as_bounds, stated_range
from workflow.services.audit_findings import AuditedFinding, LatestFindings
from workflow.services.done_acts import DoneAct, RecordedActs
from workflow.services.recorded_case import OPENED_BY


@dataclass(frozen=True)
class SourcedCase:
    """A case decided elsewhere, at a stage, with the facts that its source states, as of the day of an audit.

    With `ends_with_scheme` no act without a day can have been done after its scheme had ended.
    """

    case_id: str
    scheme: Scheme
    stage: str
    public: Mapping[str, FactValue]
    exempt: Mapping[str, FactValue]
    source: PaperSource
    as_of: date
    salt: str = ""
    ends_with_scheme: bool = False

    @classmethod
    def from_import(cls, full_case: FullCase, scheme: Scheme, as_of: date, salt: str = "") -> SourcedCase | None:
        """Return an imported case as its paper gave it; None if it is our own record.

        An import of before sources were kept is judged as it was then, as our own record. `salt` goes into the digests
        of exempt facts in rulings that are kept.
        """
        case = full_case.case
        source = PaperSource.from_json(case.source) if case.source else None
        if source is None or source.is_own_record:
            return None
        public = {where: value for where, value in case.facts.items() if where not in (*OPENING_FACTS, IMPORTED_ON)}
        return cls(case.id, scheme, case.stage, public, full_case.exempt_part.facts, source, as_of, salt)

    def findings(self) -> tuple[AuditedFinding, ...]:
        """The findings on each control and subject, in order: the breach at any gate, or else the last one."""
        latest = LatestFindings()
        latest.add_unless_breached(self.act_findings())
        latest.add_unless_breached(self.audit_findings())
        return latest.findings()

    def act_rulings(self) -> Iterator[Ruling]:
        """The ruling on each act that was done."""
        return (ruling for _, _, ruling in self._judged_acts)

    def warnings(self) -> tuple[str, ...]:
        """What a reader must know about the findings."""
        return tuple(filter(None, (self._warn_of_day(), self._warn_of_life(), *self._warn_of_acts())))

    @property
    def decided_on(self) -> date | None:
        """The day of decision, if the source states it."""
        return self._decided.day if self._decided.is_stated else None

    def act_findings(self) -> Iterator[AuditedFinding]:
        """The findings on each act at its own gate, in the order of acts."""
        for act, days, ruling in self._judged_acts:
            yield from self._audit(ruling, days, act)

    def audit_findings(self) -> Iterator[AuditedFinding]:
        """The findings on the record as a whole."""
        for gate in (AUDIT, AUDIT_ELSEWHERE):
            check = GateCheck(self.case_id, gate, gate, self._asked)
            yield from self._audit(self._rule(check, self._facts_of_audit, self.stage, self._decided), self._decided)

    def _audit(self, ruling: Ruling, days: DayRange, act: DoneAct | None = None) -> Iterator[AuditedFinding]:
        controls = self.scheme.rulebook.controls
        own_day = act.own_days[0] if act and act.own_days else self.scheme.decision_day
        for finding in ruling.findings:
            control = controls[finding.control]
            if finding.control == LATE_RECORDING or (control.is_of_scheme and self._is_outside_life):
                continue
            is_open = control.is_of_scheme and self._may_be_outside_life
            named = _name_day(self._leave_open(finding) if is_open else finding, own_day)
            yield AuditedFinding(
                ruling.case, ruling.action, ruling.gate, days.last, ruling.packs_digest,
                control.declaration.in_force, named, None if days.day else days.first,
            )  # fmt: skip

    @cached_property
    def _judged_acts(self) -> list[tuple[DoneAct, DayRange, Ruling]]:
        ranges = [(act, self._days.range_of(act, self._acts)) for act in self._acts]
        return [(act, days, self._rule_on_act(act, days, self._facts)) for act, days in ranges]

    @cached_property
    def _stated(self) -> dict[str, FactValue]:
        """The stated facts without those that acts after the day of the audit recorded."""
        later: set[str] = set()
        for candidates in RecordedActs(self.scheme, self.stage, self.public, ()).candidates():
            for act in candidates:
                days = stated_range(self.public, *act.own_days)
                if days and days.first > self.as_of:
                    later.update(act.action.recorded_facts_at(act.stage))
        return {name: value for name, value in self.public.items() if split_address(plain_name(name))[0] not in later}

    @cached_property
    def _acts(self) -> list[DoneAct]:
        """The acts that were done, in the order of stages, each by the branch that fits best."""
        acts = RecordedActs(self.scheme, self.stage, self._stated, self._asked or ()).candidates()
        firsts = [candidates[0] for candidates in acts]
        return [self._choose(candidates, firsts) for candidates in acts]

    def _choose(self, candidates: Sequence[DoneAct], others: Sequence[DoneAct]) -> DoneAct:
        """The act with the fewest breaches of those that one record can be of."""
        if len(candidates) == 1:
            return candidates[0]

        def count_breaches(act: DoneAct) -> int:
            stated = {**self.scheme.authority_facts, **self._stated}
            ruling = self._rule_on_act(act, self._days.range_of(act, others), stated)
            return sum(verdict.outcome == "breached" for verdict in ruling.judgement.verdicts)

        return min(candidates, key=count_breaches)

    def _rule_on_act(self, act: DoneAct, days: DayRange, facts: Mapping[str, FactValue]) -> Ruling:
        attempt = {
            workflow_facts.ACTION: act.name,
            workflow_facts.ACT_ROLE: self._stated.get(f"{act.prefix}.role"),
            workflow_facts.ACT_BY: self._stated.get(f"{act.prefix}.by"),
        }
        known = {fact: value for fact, value in attempt.items() if value is not None}
        names = {workflow_facts.ACT_BY: f"{act.prefix}.by", workflow_facts.ACT_ROLE: f"{act.prefix}.role"}
        unsettled = [name for name, stated in names.items() if stated in self.source.unsettled]
        asked = without_unsettled(self._asked, unsettled, known, self.scheme.rulebook)
        check = GateCheck(self.case_id, act.name, act.action.gate, asked, among_many=True)
        return self._rule(check, {**facts, **known}, act.stage, days)

    def _rule(self, check: GateCheck, facts: Mapping[str, FactValue], stage: str, days: DayRange) -> Ruling:
        of_act = {workflow_facts.ACT_STAGE: stage, workflow_facts.CASE_STAGE: stage, **as_bounds(days, DAY_OF_ACT)}
        return make_ruling(check, {**facts, **of_act}, self.exempt, self.scheme.rulebook, self.salt)

    @cached_property
    def _facts(self) -> dict[str, FactValue]:
        """The stated facts, with what follows from them: the other name of a day, and bounds of days not stated."""
        facts = {**self.scheme.authority_facts, **self._stated}
        for act in self._acts:
            stated = stated_range(self._stated, *act.own_days)
            for name in act.own_days:
                if stated and stated.day and stated_range(facts, name) is None:
                    facts[name] = stated.day
        day = self.scheme.decision_day
        if day and day not in facts:
            facts |= as_bounds(self._decided, day)
        for name, declared in self.scheme.rulebook.facts.items():
            if declared.presumed and declared.presumed.of == day and stated_range(facts, name) is None:
                facts |= as_bounds(self._days.presumed(declared.presumed, self._decided), name)
        if self.exempt:
            facts[workflow_facts.CASE_WITHHOLDS] = True
        return facts

    @cached_property
    def _facts_of_audit(self) -> dict[str, FactValue]:
        return {**self._separations(), **self._facts, "audit.on": self.as_of}

    def _separations(self) -> dict[str, FactValue]:
        """Whether one person acted in roles that must be apart; unknown unless somebody is known in each role."""
        declaration = self.scheme.declaration
        parts = participation_of_opener(self._stated.get(OPENED_BY), declaration)
        parts += participations_in_facts(self._stated, declaration)
        known_roles = {part.role for part in parts}
        breaches = breaches_among(parts, declaration)
        return {
            fact: breached
            for name, separation in declaration.separation.items()
            if (breached := breaches.get(fact := f"{workflow_facts.SEPARATION_PREFIX}{name}")) is not None
            and (breached or known_roles.issuperset(separation.roles()))
        }

    @cached_property
    def _days(self) -> ActDays:
        ends = self.scheme.declaration.in_force.last if self.ends_with_scheme else None
        latest = min(day for day in (self.as_of, self.source.read_on, ends) if day)
        return ActDays(self.scheme, self._stated, latest)

    @cached_property
    def _decided(self) -> DayRange:
        """The days on which the case can have been decided."""
        day = self.scheme.decision_day
        stated = self._days.decided()
        if stated.is_stated or not day:
            return stated
        acts = [acts[0] for acts in RecordedActs(self.scheme, self.stage, self._stated, ()).candidates()]
        deciding = next((act for act in acts if day in act.action.dates), None)
        return self._days.range_of(deciding, acts) if deciding else stated

    @cached_property
    def _asked(self) -> frozenset[str] | None:
        decided = self._days.decided()
        known = Period.model_validate({"from": decided.first, "to": decided.last}) if decided.is_stated else None
        asked = asked_facts(self.source, self.scheme, known)
        return without_unsettled(asked, self.source.unsettled, self.public, self.scheme.rulebook)

    @cached_property
    def _is_outside_life(self) -> bool:
        """Whether the decision was surely taken when the scheme was not in force."""
        period = self.scheme.declaration.in_force
        return self._decided.last < period.first or (period.last is not None and self._decided.first > period.last)

    @cached_property
    def _may_be_outside_life(self) -> bool:
        """Whether the decision can have been taken when the scheme was not in force, and when it was."""
        period, days = self.scheme.declaration.in_force, self._decided
        is_within = period.first <= days.first and days.last <= (period.last or days.last)
        return bool(self.scheme.decision_day) and not is_within and not self._is_outside_life

    def _leave_open(self, finding: Finding) -> Finding:
        """Return a finding that holds within the life as undetermined until the day of the decision is known."""
        if finding.outcome not in ("satisfied", "breached"):
            return finding
        day = self.scheme.decision_day
        cure = f"Give “{self.scheme.rulebook.facts[day].label}” ({day}): we hold this rule for {self._life_in_words}."
        return replace(finding, outcome="undetermined", missing=(day,), cure=cure)

    def _warn_of_day(self) -> str:
        """A warning if a case that is decided does not say when."""
        day = self.scheme.decision_day
        is_decided = any(day in act.action.dates for act in self._acts)
        if not day or self._decided.is_stated or not is_decided:
            return ""
        return (
            f"NO DAY OF DECISION is stated. It is taken to be between {long_date(self._decided.first)} and "
            f"{long_date(self._decided.last)}, and what depends on the day is not judged. Add {day} to recorded: a "
            "day, or what is known of it, such as before 24 February 2025"
        )

    def _warn_of_life(self) -> str:
        count = sum(control.is_of_scheme for control in self.scheme.rulebook.controls.values())
        life = f"the life of {self.scheme.id} ({self._life_in_words})"
        if self._may_be_outside_life:
            return (
                f"it may have been decided outside {life}: {count} controls of the scheme can be judged only once the "
                "day of the decision is known"
            )
        if not self._is_outside_life:
            return ""
        return (
            f"it was decided outside {life}: {count} controls of the scheme are not judged, because we hold no rules "
            "of that day"
        )

    @property
    def _life_in_words(self) -> str:
        life = self.scheme.declaration.in_force
        return (
            f"{long_date(life.first)} to {long_date(life.last)}" if life.last else f"{long_date(life.first)} and later"
        )

    def _warn_of_acts(self) -> Iterator[str]:
        unrecorded = RecordedActs(self.scheme, self.stage, self._stated, self._asked or ()).unrecorded()
        if unrecorded:
            labels = self._labels
            listed = ", ".join(labels[prefix] for prefix in unrecorded)
            source = self.scheme.rulebook.sources.get(self.source.kind)
            kind = source.label if source else self.source.kind
            yield f"not judged, as the source ({kind}) records nothing of them: {listed}"
        if len(self._stated) < len(self.public):
            yield f"acts after {self.as_of.isoformat()} are not judged"

    @property
    def _labels(self) -> dict[str, str]:
        declaration = self.scheme.declaration
        stages = {name: stage.label for name, stage in declaration.stages.items()}
        return {**stages, **{name: task.label for name, task in declaration.tasks().items()}}


def _name_day(finding: Finding, day: str) -> Finding:
    """Return a finding that asks for the fact with the day of an act, in the place of the day of the act."""
    if DAY_OF_ACT not in finding.missing or not day:
        return finding
    missing, not_carried = (
        tuple(dict.fromkeys(day if name == DAY_OF_ACT else name for name in names))
        for names in (finding.missing, finding.not_carried)
    )
    return replace(finding, missing=missing, not_carried=not_carried, cure=f"{finding.cure} Its day is {day}.".strip())
