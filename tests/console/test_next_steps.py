"""What an action waits for: what whoever does it states with it, where nothing else shuts it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from rules.judging.findings import Finding, ObservedFact, Ruling
from rules.language.pack_schema import Outcome, Severity
from rules.values.citation import Citation
from workflow.services.missing_inputs import find_missing_inputs
from workflow.services.queries import NextAction

CITATION = Citation(instrument="The form", provision="box 3", basis="read")
ASKS = ("declaration.finance", "declaration.legal")


@dataclass
class Said:
    """What some findings come to."""

    findings: Sequence[Finding]

    @property
    def verdicts(self) -> Sequence[Finding]:
        return self.findings


def finding(
    outcome: Outcome, *seen: ObservedFact, missing: tuple[str, ...] = (), severity: Severity = "blocking"
) -> Finding:
    return Finding("a.control", "case", outcome, severity, "It is so.", seen, missing, CITATION, "It is not.", "Do it.")


def step(*findings: Finding, looked_at: tuple[str, ...] = ()) -> NextAction:
    ruling = Ruling("A-1", "declare", "declare", "", {}, {}, Said(findings))
    return NextAction(
        "declare", "Declare", ("head",), ASKS, ruling, find_missing_inputs(ruling, ASKS, {"a.control": looked_at})
    )


def unknown(fact: str) -> ObservedFact:
    return ObservedFact(fact, "is known", None)


SATISFIED = finding("satisfied", unknown("other"))


@pytest.mark.parametrize(
    ("findings", "wanted"),
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
def test_an_action_waits_for_what_it_asks_for(findings: tuple[Finding, ...], wanted: tuple[str, ...]) -> None:
    asked = step(SATISFIED, *findings)
    assert asked.missing_inputs == wanted
    told = asked.as_json()
    assert (told["open"], told["blocked_by"], told["awaits"]) == (False, ["a.control"], list(wanted))


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
def test_one_that_is_open_or_that_anything_else_shuts_waits_for_nothing(findings: tuple[Finding, ...]) -> None:
    assert step(SATISFIED, *findings).missing_inputs == ()


def test_a_control_that_is_told_by_one_fact_may_wait_for_another_as_well() -> None:
    breached = finding("breached", unknown("declaration.legal"))
    assert step(SATISFIED, breached, looked_at=ASKS).missing_inputs == ASKS
