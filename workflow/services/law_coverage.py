"""What of the law was not looked at in a case: what its packs do not hold, hold in part, or wait for an answer to.

Invariants:
- The case is judged as it stands, by today's packs and both evaluators, at every gate.
- What is exempt is shown as in any ruling: not at all. A question without an answer names the fact alone, no subject.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from rules.judging.findings import Finding
from rules.judging.judge import derive_evidence
from rules.judging.rulebook import Rulebook
from rules.judging.unanswered import find_unanswered
from rules.language.provisions import identify_instruments
from rules.proving.coverage import CoveredProvisions, find_unused_instruments, list_coverage
from rules.values.citation import Citation
from rules.values.evidence import Evidence
from rules.values.facts import Facts
from workflow.cases.act_ruling import add_unstated_facts
from workflow.cases.ruling import GateCheck, make_ruling
from workflow.services.commands import Services
from workflow.services.queries import load_case_snapshot

_ACTION = "coverage"


@dataclass(frozen=True, slots=True)
class UnansweredQuestion:
    """A fact that the case does not state, and the controls that wait for it, each with its clause."""

    fact: str
    label: str
    controls: Mapping[str, Citation]

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        waiting = [{"control": control, "citation": cited.as_json()} for control, cited in self.controls.items()]
        return {"fact": self.fact, "label": self.label, "controls": waiting}


@dataclass(frozen=True, slots=True)
class CaseCoverage:
    """What was not looked at in a case, by the law of a day.

    `not_held` are the findings on law that the packs do not hold and that may ask something of the case; `unknown` are
    those that hang on a fact that is not stated. `unanswered` are the questions without an answer, because of which
    law that the packs do hold was not looked at. `in_part` are the rows of what is judged only in part, of the
    instruments that ask something of the case. `not_used` are the instruments that only packs hold which its scheme
    does not use.
    """

    case: str
    on: date
    not_held: tuple[Finding, ...]
    unknown: tuple[Finding, ...]
    unanswered: tuple[UnansweredQuestion, ...]
    in_part: tuple[CoveredProvisions, ...]
    not_used: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        return {
            "case": self.case,
            "on": self.on.isoformat(),
            "not_held": [finding.as_json() for finding in self.not_held],
            "unknown": [finding.as_json() for finding in self.unknown],
            "unanswered": [question.as_json() for question in self.unanswered],
            "in_part": [row.as_json() for row in self.in_part],
            "not_used": list(self.not_used),
        }


def find_case_coverage(services: Services, case_id: str, on: date | None = None) -> CaseCoverage:
    """Return what was not looked at in a case, on the day of its decision unless another is given.

    Raises `InputError` for a case or a scheme that is not known here.
    """
    snapshot = load_case_snapshot(services, case_id)
    scheme = services.library.scheme(snapshot.case.scheme)
    decided = snapshot.case.facts.get(scheme.decision_day)
    day = on or (decided if isinstance(decided, date) else services.new_act_context(None).on)
    exempt = snapshot.exempt_part.facts
    public = add_unstated_facts(snapshot.case.facts, exempt, snapshot.case.stage, day, scheme)
    findings = list(_judge(snapshot.case.id, public, exempt, scheme.rulebook))
    asking = {number for found in findings for number in _instruments_asking(found)}
    pack_files = services.library.bundle(scheme.id).pack_files()
    rows = list_coverage(pack_files)
    of_not_held = [found for found in findings if not scheme.rulebook.controls[found.control].is_held]
    return CaseCoverage(
        snapshot.case.id,
        day,
        tuple(found for found in of_not_held if found.outcome == "not_held"),
        tuple(found for found in of_not_held if found.outcome == "undetermined"),
        tuple(_find_unanswered(public, exempt, scheme.rulebook)),
        tuple(row for row in rows if _is_held_in_part(row, asking)),
        find_unused_instruments(services.library.pack_files, pack_files),
    )


def _judge(case_id: str, public: Facts, exempt: Facts, rulebook: Rulebook) -> Iterator[Finding]:
    """Yield the finding of each control, once for each subject."""
    seen = set[tuple[str, str]]()
    controls = rulebook.controls.values()
    for gate in dict.fromkeys(gate for control in controls for gate in control.declaration.gates):
        ruling = make_ruling(GateCheck(case_id, _ACTION, gate), public, exempt, rulebook, "")
        for finding in ruling.findings:
            if (finding.control, finding.subject) not in seen:
                seen.add((finding.control, finding.subject))
                yield finding


def _find_unanswered(public: Facts, exempt: Facts, rulebook: Rulebook) -> Iterator[UnansweredQuestion]:
    """Yield each question of the law without an answer, in the order of the controls that wait for it."""
    evidence = derive_evidence(rulebook, None, Evidence.from_parts(public, exempt))
    waiting: dict[str, dict[str, Citation]] = {}
    for control in rulebook.controls.values():
        if control.declaration.citation.kind != "law":
            continue
        for subject in evidence.subjects_of_kind(control.declaration.of):
            facts = evidence.facts_of(subject)
            for fact in find_unanswered(rulebook.resolve_control(control, facts), facts):
                waiting.setdefault(fact, {})[control.id] = control.declaration.citation
    derived = {each.name for each in rulebook.derived_facts}
    for fact, controls in waiting.items():
        if fact not in derived:  # no answer can be stated: it follows from others
            yield UnansweredQuestion(fact, rulebook.facts[fact].label, controls)


def _instruments_asking(finding: Finding) -> tuple[str, ...]:
    """Return the instruments that a finding is of, if they ask something of the case."""
    return () if finding.outcome == "not_applicable" else identify_instruments(finding.citation.instrument)


def _is_held_in_part(row: CoveredProvisions, asking: Collection[str]) -> bool:
    """Whether some of what may be asked is not judged, and no finding says so."""
    numbers = identify_instruments(row.row.citation.instrument)
    return row.row.status == "partly" and not row.control and any(number in asking for number in numbers)
