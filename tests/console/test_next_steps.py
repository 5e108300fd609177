"""Missing facts of a next action: those that the officer gives with the act, if nothing else blocks it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from rules.judging.findings import Finding, ObservedFact, Ruling
from rules.language.schema_types import Outcome, Severity
from rules.values.citation import Citation
from workflow.cases.act_ruling import ActingOfficer
from workflow.services.act_assessment import ActAssessment, RoleAssessment
from workflow.services.act_queries import NextAction
from workflow.services.missing_inputs import find_missing_inputs

CITATION = Citation(instrument="The form", provision="box 3", basis="read")
ASKS = ("declaration.finance", "declaration.legal")


@dataclass
class FixedJudgement:
    """A judgement with given findings."""

    findings: Sequence[Finding]

    @property
    def verdicts(self) -> Sequence[Finding]:
        return self.findings

    def finding_at(self, place: int) -> Finding:
        return self.findings[place]


def finding(
    outcome: Outcome, *observed: ObservedFact, missing: tuple[str, ...] = (), severity: Severity = "blocking"
) -> Finding:
    return Finding(
        "a.control", "case", outcome, severity, "It is so.", observed, missing, CITATION, "It is not.", "Do it."
    )


def step(*findings: Finding, facts_used: tuple[str, ...] = ()) -> NextAction:
    ruling = Ruling("A-1", "declare", "declare", "", {}, {}, FixedJudgement(findings))
    missing_inputs = find_missing_inputs(ruling, ASKS, {"a.control": facts_used})
    assessment = ActAssessment(
        ruling, missing_inputs, (RoleAssessment("head", ActingOfficer(None, "head"), ruling, missing_inputs),)
    )
    return NextAction("declare", "Declare", ("head",), ASKS, assessment)


def unknown(fact: str) -> ObservedFact:
    return ObservedFact(fact, "is known", None)


SATISFIED = finding("satisfied", unknown("other"))


@pytest.mark.parametrize(
    ("findings", "missing"),
    [
        ((finding("undetermined", missing=("declaration.finance",)),), ("declaration.finance",)),
        ((finding("breached", unknown("declaration.legal")),), ("declaration.legal",)),
        (
            (
                finding("breached", unknown("declaration.legal")),
                finding("undetermined", missing=("declaration.finance",)),
            ),
            ASKS,
        ),
        ((finding("breached", *map(unknown, ASKS)),), ASKS),
        (
            (
                finding("undetermined", missing=("declaration.legal",)),
                finding("breached", ObservedFact("stage", "is draft", "Closed"), severity="warning"),
            ),
            ("declaration.legal",),
        ),
    ],
)
def test_an_action_blocked_only_by_missing_facts_names_them(
    findings: tuple[Finding, ...], missing: tuple[str, ...]
) -> None:
    action = step(SATISFIED, *findings)
    assert action.missing_inputs == missing
    as_json = action.as_json()
    assert (as_json["open"], as_json["blocked_by"], as_json["awaits"]) == (False, ["a.control"], list(missing))


@pytest.mark.parametrize(
    "findings",
    [
        (),
        (finding("undetermined", missing=("declaration.finance", "title")),),
        (finding("undetermined"),),
        (finding("breached", ObservedFact("declaration.finance", "is yes", "no")),),
        (finding("breached", unknown("declaration.finance"), unknown("title")),),
        (finding("breached", unknown("declaration.finance")), finding("breached", ObservedFact("stage", "is a", "b"))),
        (finding("breached", unknown("declaration.finance"), severity="warning"),),
    ],
)
def test_an_action_that_is_open_or_blocked_otherwise_names_no_missing_facts(findings: tuple[Finding, ...]) -> None:
    assert step(SATISFIED, *findings).missing_inputs == ()


def test_every_asked_fact_of_a_breached_control_is_missing() -> None:
    breached = finding("breached", unknown("declaration.legal"))
    assert step(SATISFIED, breached, facts_used=ASKS).missing_inputs == ASKS
