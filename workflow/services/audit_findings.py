"""What an audit finds: findings with the act, day and packs that they were judged by, by case.

Invariants:
- The results of an audit come one at a time and are read once, so that nobody needs to hold all cases.
- If several acts judged a control on the same subject, the last finding counts.
- A row of a file that cannot be read gives no findings and stops nothing: it stands beside the cases with its reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import count, repeat
from typing import Any, Literal, NamedTuple, TypeAlias, cast

from rules.judging.findings import DeferredFinding, Finding, Ruling, Verdict
from rules.judging.rulebook import Rulebook
from rules.language.schema_types import Period
from rules.packs.scheme import Scheme
from rules.values.facts import FactValue
from workflow.cases.finding_response import FindingResponse
from workflow.papers.records import UnreadRow
from workflow.services.audit_sample import Sample

OWN_RECORD, WEB_PAGE = "own_record", "web_page"
"""The kinds of source of a case that was opened here, and of a paper that does not name its source."""


MAX_TITLE = 60
"""How much of a title stands beside a reference."""
Change: TypeAlias = Literal["new", "same"]


class AuditedFinding(NamedTuple):
    """One finding with its act, the day and packs that it was judged by, and the days in force of its control.

    Where only bounds of the day are known, `on` is the latest day and `not_before` the earliest. `change` says how a
    breach compares with an earlier audit, if it was compared with one. `response` is what an officer said of it last.
    """

    case: str
    action: str
    gate: str
    on: date
    packs: str
    in_force: Period | None
    verdict: Verdict
    not_before: date | None = None
    change: Change | None = None
    response: FindingResponse | None = None

    @property
    def finding(self) -> Finding:
        """The finding, which is built when it is first read."""
        verdict = self.verdict
        if isinstance(verdict, DeferredFinding):
            return verdict.build()
        return cast("Finding", verdict)

    @property
    def circumstances(self) -> tuple[object, ...]:
        """All but the case and the finding: when, by what and how it was judged."""
        place = _PLACE_OF_VERDICT
        return (*self[1:place], *self[place + 1 :])

    @property
    def judged_at(self) -> str:
        """The act and day of the judgement and the days in force of the control, in words."""
        at, days = f"judged at {self.action} of {self._day_in_words}", self.in_force
        if days is None:
            return at
        since = f"in force from {days.first.isoformat()}" + (f" to {days.last.isoformat()}" if days.last else "")
        if days.first <= self.on <= (days.last or self.on) or self.verdict.outcome != "undetermined":
            return f"{at}, {since}"
        return f"{at}; {since}, but the day that decides this is not known"

    @property
    def _day_in_words(self) -> str:
        on = self.on.isoformat()
        return f"a day between {self.not_before.isoformat()} and {on}" if self.not_before else on

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read; `on` is null where only bounds of the day are known."""
        return {"case": self.case, **self.as_json_without_case()}

    def as_json_without_case(self) -> dict[str, Any]:
        """The same form without the case, which cases judged alike share."""
        days = self.in_force
        between = (
            {"not_before": self.not_before.isoformat(), "not_after": self.on.isoformat()} if self.not_before else {}
        )
        last = days.last.isoformat() if days and days.last else None
        return {
            **self.finding.as_json(),
            "action": self.action,
            "gate": self.gate,
            "on": None if self.not_before else self.on.isoformat(),
            **between,
            "in_force": {"from": days.first.isoformat(), "to": last} if days else None,
            "packs": self.packs,
            **({"since_baseline": self.change} if self.change else {}),
            **({"response": self.response.as_json()} if self.response else {}),
        }


_PLACE_OF_VERDICT = AuditedFinding._fields.index("verdict")
_COUNTED_OUTCOMES = ("satisfied", "breached", "undetermined", "not_held", "not_applicable")


@dataclass(frozen=True, slots=True)
class CaseAudit:
    """The audit of one case; `warnings` say what a reader must know about its findings.

    `source` is the kind of source that its facts come from. `decided_on` is the day of its decision, or of its last act
    if it has none. `read_by` is the scheme with the labels of its facts; none if it is not known any more. `gone` are
    the controls and subjects that an earlier audit found breached. `reference` is the public one of the decision.
    """

    case: str
    title: str
    scheme: str
    stage: str
    findings: tuple[AuditedFinding, ...]
    warnings: tuple[str, ...] = ()
    imported: bool = False
    source: str = OWN_RECORD
    decided_on: date | None = None
    read_by: Scheme | None = field(default=None, repr=False, compare=False)
    gone: tuple[tuple[str, str], ...] = ()
    reference: str = ""

    @property
    def name(self) -> str:
        """What a reader knows the case by: its number here, or the reference of elsewhere with its file beside it."""
        return f"{self.reference} ({self.case})" if self.reference and self.source != OWN_RECORD else self.case

    @property
    def heading(self) -> str:
        """The name and the title, as `name_in_list` has them for a case that was decided elsewhere."""
        return f"{self.name}: {self.title}" if self.source == OWN_RECORD else self.name_in_list

    @property
    def name_in_list(self) -> str:
        """What tells the case from others: its number, or else reference and title with the file beside them."""
        if self.source == OWN_RECORD:
            return self.name
        named = [self.reference] * bool(self.reference) + [_clip(self.title)] * (self.title != self.case)
        return f"{', '.join(named)} ({self.case})" if named else self.case

    def open_findings(self) -> list[AuditedFinding]:
        """The breached findings, then those that need a look; among each, blocking ones first."""
        findings = [audited for audited in self.findings if audited.verdict.needs_attention]
        return sorted(
            findings,
            key=lambda audited: (audited.verdict.outcome != "breached", audited.verdict.severity != "blocking"),
        )

    def closed_findings(self) -> list[AuditedFinding]:
        """The findings that are satisfied or do not apply."""
        return [audited for audited in self.findings if not audited.verdict.needs_attention]

    def count_outcomes(self) -> Counter[str]:
        """The number of findings of each outcome."""
        return Counter(str(audited.verdict.outcome) for audited in self.findings)

    def as_json(self) -> dict[str, Any]:
        """The form that other programs read."""
        counted = self.count_outcomes()
        gone = [{"control": control, "subject": subject} for control, subject in self.gone]
        return {
            "case": self.case,
            "title": self.title,
            "reference": self.reference,
            "scheme": self.scheme,
            "stage": self.stage,
            "entered_after_the_fact": self.imported,
            "source": self.source,
            "decided_on": self.decided_on.isoformat() if self.decided_on else None,
            **{outcome: counted[outcome] for outcome in _COUNTED_OUTCOMES},
            "warnings": list(self.warnings),
            **({"gone": gone} if gone else {}),
        }


def _clip(title: str) -> str:
    """Return a title in one line, with its end left out if it is long."""
    line = " ".join(title.split())
    return line if len(line) <= MAX_TITLE else f"{line[:MAX_TITLE].rstrip()}…"


AuditResult: TypeAlias = CaseAudit | UnreadRow


@dataclass(frozen=True, slots=True)
class Audit:
    """The audit of cases as of a business day; not `is_from_ledger` if the cases are of files.

    `results` can be read once: a case is judged when it is taken. `sample` says which cases were drawn, if not all are
    audited. It `is_compared` if the results say how their breaches compare with those of an earlier audit.
    """

    as_of: date
    results: Iterable[AuditResult]
    is_from_ledger: bool = True
    sample: Sample | None = None
    is_compared: bool = False

    @property
    def cases(self) -> Iterator[CaseAudit]:
        """The cases among the results, each judged when it is taken."""
        return (result for result in self.results if isinstance(result, CaseAudit))


def find_reference(scheme: Scheme, public: Mapping[str, FactValue]) -> str:
    """Return the reference of a decision, as its public facts have it; empty without one."""
    return next((str(public[fact]) for fact in scheme.rulebook.reference_facts if fact in public), "")


class _JudgedRuling(NamedTuple):
    """A ruling with its day, and the rulebook that it was made by."""

    ruling: Ruling
    on: date
    rulebook: Rulebook

    def find_at(self, place: int) -> AuditedFinding:
        """The finding of one of its verdicts."""
        ruling, verdict = self.ruling, self.ruling.judgement.verdicts[place]
        deferred = DeferredFinding(ruling.judgement, place, verdict)
        days = self.rulebook.controls[verdict.control].declaration.in_force
        return AuditedFinding(ruling.case, ruling.action, ruling.gate, self.on, ruling.packs_digest, days, deferred)


_JudgedPlace: TypeAlias = tuple[_JudgedRuling, int]
"""A ruling and the place of a verdict in it: a plain tuple, because hundreds are made for every case."""


@dataclass(slots=True)
class LatestFindings:
    """The last finding on each control and subject. Only these are explained: most verdicts give way to later ones."""

    latest: dict[tuple[str, str], AuditedFinding | _JudgedPlace] = field(default_factory=dict)

    def add(self, audited_findings: Iterable[AuditedFinding]) -> None:
        """Take findings in place of earlier ones on the same controls and subjects."""
        self.latest.update({(one.verdict.control, one.verdict.subject): one for one in audited_findings})

    def add_unless_breached(self, audited_findings: Iterable[AuditedFinding]) -> None:
        """Take findings in place of earlier ones, but not of a breach that was added by itself."""
        for one in audited_findings:
            key = (one.verdict.control, one.verdict.subject)
            earlier = self.latest.get(key)
            if not isinstance(earlier, AuditedFinding) or earlier.verdict.outcome != "breached":
                self.latest[key] = one

    def add_rulings(self, rulings: Iterable[tuple[Ruling, date]], rulebook: Rulebook) -> None:
        """Take the findings of rulings in their order."""
        for ruling, on in rulings:
            judged = _JudgedRuling(ruling, on, rulebook)
            judged_subjects = [(verdict.control, verdict.subject) for verdict in ruling.judgement.verdicts]
            self.latest.update(zip(judged_subjects, zip(repeat(judged), count()), strict=False))

    def findings(self) -> tuple[AuditedFinding, ...]:
        """The latest findings, in the order of control and subject."""
        latest = self.latest
        return tuple(
            [
                found if isinstance(found := latest[key], AuditedFinding) else found[0].find_at(found[1])
                for key in sorted(latest)
            ]
        )
