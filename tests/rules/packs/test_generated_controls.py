"""Separation of duties and late recording are controls that a scheme's head generates."""

from __future__ import annotations

import pytest

from rules.judging.rulebook import Control
from rules.language.conditions import AllOf, Predicate
from rules.packs.flow_schema import AMEND, AUDIT
from tests.rules.manual_packs import HEAD, manual_bundle, manual_scheme

LATE, SEPARATION = "recording.in_time", "separation.author_and_decision"


def control(name: str, *changes: tuple[str, str, str]) -> Control:
    scheme = manual_bundle(*changes).scheme() if changes else manual_scheme()
    return scheme.rulebook.controls[name]


def test_late_recording_warns_at_the_gate_of_every_act_amendment_and_correction() -> None:
    declaration = manual_scheme().declaration
    assert declaration.corrections
    gates = control(LATE).declaration.gates
    assert gates == (AMEND, *declaration.gates_of_acts())
    assert declaration.corrections.gate in gates
    assert control(LATE).declaration.severity == "warning"


def test_a_separation_guards_what_its_roles_may_do_and_the_audit_and_no_amendment() -> None:
    gates = control(SEPARATION).declaration.gates
    assert gates == (*manual_scheme().declaration.gates_of_acts(("author", "manager", "chair")), AUDIT)
    assert AMEND not in gates


@pytest.mark.parametrize(
    ("in_force", "days"),
    [
        ("{from: 2020-04-02}", [("on_or_after", "2020-04-02")]),
        ("{from: 2020-04-02, to: 2021-04-01}", [("on_or_after", "2020-04-02"), ("on_or_before", "2021-04-01")]),
    ],
)
def test_a_separation_applies_on_its_days_alone(in_force: str, days: list[tuple[str, str]]) -> None:
    changes = (
        () if "to" not in in_force else ((HEAD, "    in_force: {from: 2020-04-02}\n", f"    in_force: {in_force}\n"),)
    )
    applies = control(SEPARATION, *changes).applies
    assert isinstance(applies, AllOf)
    tests = [test for test in applies.conditions if isinstance(test, Predicate)]
    assert [(test.comparator, str(test.operand)) for test in tests] == days


def test_a_scheme_that_declares_neither_has_no_generated_control() -> None:
    bundle = manual_bundle()
    text = bundle.files[HEAD].decode()
    start, end = text.index("\nseparation:\n"), text.index("\noverrides:\n")
    late, paper = text.index("\nlate_recording:\n"), text.index("\npaper:\n")
    without = text[:start] + text[end:late] + text[paper:]
    controls = type(bundle)({**bundle.files, HEAD: without.encode()}).scheme().rulebook.controls
    assert not [name for name, found in controls.items() if found.is_generated]
