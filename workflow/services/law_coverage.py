"""What of the law was not looked at in a case: what the packs of its scheme do not hold, or hold in part.

Invariants:
- The case is judged as it stands, by today's packs and both evaluators, at every gate.
- What is exempt is shown as in any ruling: not at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from rules.judging.findings import Finding
from rules.language.provisions import identify_instruments
from rules.packs.scheme import Scheme
from rules.proving.coverage import CoveredProvisions, list_coverage
from workflow.cases.act_ruling import add_unstated_facts
from workflow.cases.ruling import GateCheck, make_ruling
from workflow.history.snapshots import CaseSnapshot
from workflow.services.commands import Services
from workflow.services.queries import load_case_snapshot

_ACTION = "coverage"


@dataclass(frozen=True, slots=True)
class CaseCoverage:
    """What was not looked at in a case, by the law of a day.

    `not_held` are the findings on law that the packs do not hold and that may ask something of the case; `unknown` are
    those that hang on a fact that is not stated. `in_part` are the rows of what is judged only in part, of the
    instruments that ask something of the case.
    """

    case: str
    on: date
    not_held: tuple[Finding, ...]
    unknown: tuple[Finding, ...]
    in_part: tuple[CoveredProvisions, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read."""
        return {
            "case": self.case,
            "on": self.on.isoformat(),
            "not_held": [finding.as_json() for finding in self.not_held],
            "unknown": [finding.as_json() for finding in self.unknown],
            "in_part": [row.as_json() for row in self.in_part],
        }


def find_case_coverage(services: Services, case_id: str, on: date | None = None) -> CaseCoverage:
    """Return what was not looked at in a case, on the day of its decision unless another is given.

    Raises `InputError` for a case or a scheme that is not known here.
    """
    snapshot = load_case_snapshot(services, case_id)
    scheme = services.library.scheme(snapshot.case.scheme)
    decided = snapshot.case.facts.get(scheme.decision_day)
    day = on or (decided if isinstance(decided, date) else services.new_act_context(None).on)
    findings = list(_judge(snapshot, scheme, day))
    asking = {number for found in findings for number in _instruments_asking(found)}
    rows = list_coverage(services.library.bundle(scheme.id).pack_files())
    of_not_held = [found for found in findings if not scheme.rulebook.controls[found.control].is_held]
    return CaseCoverage(
        snapshot.case.id,
        day,
        tuple(found for found in of_not_held if found.outcome == "not_held"),
        tuple(found for found in of_not_held if found.outcome == "undetermined"),
        tuple(row for row in rows if _is_held_in_part(row, asking)),
    )


def _judge(snapshot: CaseSnapshot, scheme: Scheme, on: date) -> Iterator[Finding]:
    """Yield the finding of each control, once for each subject."""
    exempt, stage, seen = snapshot.exempt_part.facts, snapshot.case.stage, set[tuple[str, str]]()
    public = add_unstated_facts(snapshot.case.facts, exempt, stage, on, scheme)
    controls = scheme.rulebook.controls.values()
    for gate in dict.fromkeys(gate for control in controls for gate in control.declaration.gates):
        ruling = make_ruling(GateCheck(snapshot.case.id, _ACTION, gate), public, exempt, scheme.rulebook, "")
        for finding in ruling.findings:
            if (finding.control, finding.subject) not in seen:
                seen.add((finding.control, finding.subject))
                yield finding


def _instruments_asking(finding: Finding) -> tuple[str, ...]:
    """Return the instruments that a finding is of, if they ask something of the case."""
    return () if finding.outcome == "not_applicable" else identify_instruments(finding.citation.instrument)


def _is_held_in_part(row: CoveredProvisions, asking: Collection[str]) -> bool:
    """Whether some of what may be asked is not judged, and no finding says so."""
    numbers = identify_instruments(row.row.citation.instrument)
    return row.row.status == "partly" and not row.control and any(number in asking for number in numbers)
