"""Missing facts of a next action: those that the officer gives with the act, if nothing else blocks it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from rules.judging.findings import Finding, ObservedFact, Ruling, SubjectOutcomes, outcomes_by_subject
from rules.language.schema_types import Outcome, Severity
from rules.values.citation import Citation
from tests.workflow.walk import shipped_library
from workflow.cases.act_ruling import ActingOfficer
from workflow.services.act_assessment import ActAssessment, RoleAssessment
from workflow.services.act_queries import NextAction
from workflow.services.open_points import sort_open_points

CITATION = Citation(instrument="The form", provision="box 3", basis="read")
CONTROL = "separation.author_and_approval"
"""Any control whose condition reads no fact of the act."""
ASKS = ("declaration.finance", "declaration.legal")


@dataclass
class FixedJudgement:
    """A judgement with given findings."""

    findings: Sequence[Finding]

    @property
    def by_subject(self) -> Sequence[SubjectOutcomes]:
        return outcomes_by_subject(self.findings)

    @property
    def verdicts(self) -> Sequence[Finding]:
        return self.findings

    def finding_at(self, place: int) -> Finding:
        return self.findings[place]


def finding(
    outcome: Outcome,
    *observed: ObservedFact,
    missing: tuple[str, ...] = (),
    severity: Severity = "blocking",
    control: str = CONTROL,
) -> Finding:
    return Finding(control, "case", outcome, severity, "It is so.", observed, missing, CITATION, "It is not.", "Do it.")


def step(*findings: Finding, action: str = "declare") -> NextAction:
    ruling = Ruling("A-1", action, action, "", {}, {}, FixedJudgement(findings))
    points = sort_open_points(ruling, shipped_library().scheme("mopac"))
    roles = (RoleAssessment("head_of_unit", ActingOfficer(None, "head_of_unit"), ruling, points),)
    return NextAction("declare", "Declare", ("head_of_unit",), ASKS, ActAssessment(ruling, points, roles))


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
    assert action.assessment.points.awaits == missing
    as_json = action.as_json()
    assert (as_json["open"], as_json["blocked_by"], as_json["awaits"]) == (False, [CONTROL], list(missing))


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
    assert step(SATISFIED, *findings).assessment.points.awaits == ()


def test_what_depends_on_an_answer_is_not_awaited_before_the_answer() -> None:
    """Whether interests are described is asked only of somebody who says that there are some."""
    depends = finding("undetermined", missing=("declaration.finance",))
    assert step(SATISFIED, depends).assessment.points.awaits == ("declaration.finance",)


def test_every_unstated_fact_that_a_breached_control_reads_is_awaited() -> None:
    breached = finding("breached", unknown("interests.declared"), control="interests.stated")
    awaited = step(SATISFIED, breached, action="approve").assessment.points.awaits
    assert awaited == ("interests.considered", "interests.declared")
