"""Controls that a scheme's head declares without writing them: what must be apart, and what is recorded late."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from rules.errors import PackError
from rules.judging.rulebook import Control
from rules.packs.bundle import Bundle
from rules.packs.corrections_schema import CORRECTION_FACTS, correction_fact_faults
from rules.packs.generated_controls import LATE_RECORDING, generated_controls
from rules.packs.library import SHIPPED_FOLDER
from rules.packs.scheme import Scheme
from rules.packs.workflow_facts import SEPARATION_PREFIX
from rules.proving.separation_proof import count_least_people, roles_apart
from rules.values.facts import FactDeclaration, FactValue
from tests.flow.authority import OFFICE_HEAD, RULES, office_library, village_bundle
from workflow.cases.ruling import GateCheck, make_ruling

CITED = 'citation: {instrument: Standing orders, provision: "10", basis: unverified}'
APART = f"{SEPARATION_PREFIX}author_and_chair"
LATE = f"late_recording: {{after_days: 10, {CITED}}}\n"
CORRECTIONS = "law/corrections.yaml"


def scheme_with(*changes: tuple[str, str], added: str = "", rules: str = RULES) -> Scheme:
    """Return the village with a clerk, with texts of its head changed and others added."""
    head = OFFICE_HEAD
    for old, new in changes:
        assert head.count(old) == 1, old
        head = head.replace(old, new)
    files = village_bundle(head + added, rules).files
    return Bundle({**files, CORRECTIONS: (SHIPPED_FOLDER / CORRECTIONS).read_bytes()}).scheme()


def outcome(scheme: Scheme, control: str, gate: str, facts: dict[str, FactValue]) -> str:
    """Return how a control comes out at a gate for some facts."""
    stated = {"case.stage": "board", "act.stage": "board", "act.on": date(2024, 6, 3), **facts}
    ruling = make_ruling(GateCheck("V-1", "approve", gate), stated, {}, scheme.rulebook, "")
    return next(finding.outcome for finding in ruling.findings if finding.control == control)


def assert_name_is_taken(control: str) -> None:
    """Check that no pack declares a control that is generated, which would take its place."""
    taken = RULES.replace("  board.rounds:\n", f"  {control}:\n")
    with pytest.raises(PackError) as refused:
        scheme_with(added=LATE, rules=taken)
    [fault] = refused.value.faults
    assert (fault.file, fault.key) == ("schemes/village/rules.yaml", f"controls.{control}")
    assert fault.message.endswith("choose another name")


class TestLateRecording:
    scheme = scheme_with(added=LATE)

    def control(self) -> Control:
        return generated_controls(self.scheme.declaration)[LATE_RECORDING]

    def test_a_scheme_that_says_nothing_has_no_control(self) -> None:
        assert LATE_RECORDING not in generated_controls(scheme_with().declaration)

    def test_it_warns_at_every_gate_that_an_act_an_amendment_or_a_correction_passes(self) -> None:
        declaration = self.control().declaration
        assert declaration.severity == "warning"
        of_actions = {"submit", "sign", "support", "send_back", "vote", "decide", "note"}
        assert set(declaration.gates) == {"amend", "correct", *of_actions}
        assert len(declaration.gates) == len(set(declaration.gates))
        assert self.control().is_generated

    @pytest.mark.parametrize(("days", "expected"), [(0, "satisfied"), (10, "satisfied"), (11, "breached")])
    def test_the_last_day_in_time_is_in_time(self, days: int, expected: str) -> None:
        assert outcome(self.scheme, LATE_RECORDING, "decide", {"act.late_by": days}) == expected

    def test_before_the_scheme_is_in_force_it_does_not_apply(self) -> None:
        before: dict[str, FactValue] = {"act.late_by": 400, "act.on": date(2023, 12, 31)}
        assert outcome(self.scheme, LATE_RECORDING, "decide", before) == "not_applicable"

    @pytest.mark.parametrize("days", ["-1", "3661", "1.5", "ten", '"10"', "true"])
    def test_a_number_of_days_that_cannot_be_is_refused(self, days: str) -> None:
        with pytest.raises(PackError, match=r"late_recording\.after_days"):
            scheme_with(added=LATE.replace("10, ", f"{days}, "))

    def test_its_name_is_not_free_for_a_control_of_a_pack(self) -> None:
        assert_name_is_taken(LATE_RECORDING)


class TestSeparation:
    scheme = office_library().scheme("village")

    @pytest.mark.parametrize(("flag", "expected"), [(False, "satisfied"), (True, "breached")])
    def test_the_flag_alone_decides(self, flag: bool, expected: str) -> None:
        assert outcome(self.scheme, APART, "decide", {APART: flag}) == expected

    def test_its_name_is_not_free_for_a_control_of_a_pack(self) -> None:
        assert_name_is_taken(APART)

    def test_without_the_flag_it_is_open(self) -> None:
        assert outcome(self.scheme, APART, "decide", {}) == "undetermined"

    def test_it_guards_what_its_roles_may_do_and_an_audit(self) -> None:
        gates = generated_controls(self.scheme.declaration)[APART].declaration.gates
        assert set(gates) == {"submit", "support", "send_back", "vote", "decide", "note", "audit"}

    def test_it_guards_corrections_if_one_of_its_roles_corrects(self) -> None:
        wider = scheme_with(("apart: [author, chair]", "apart: [author, clerk]"))
        assert "correct" in wider.rulebook.controls[APART].declaration.gates

    @pytest.mark.parametrize(
        ("day", "expected"),
        [("2024-03-31", "not_applicable"), ("2024-04-01", "breached"), ("2024-06-30", "breached"),
         ("2024-07-01", "not_applicable")],
    )  # fmt: skip
    def test_it_applies_between_its_own_days(self, day: str, expected: str) -> None:
        dated = scheme_with(
            ("apart: [author, chair]", "apart: [author, chair]\n    in_force: {from: 2024-04-01, to: 2024-06-30}")
        )
        on: dict[str, FactValue] = {APART: True, "act.on": date.fromisoformat(day)}
        assert outcome(dated, APART, "decide", on) == expected

    def test_one_that_only_warns_shuts_nothing(self) -> None:
        warns = scheme_with(("apart: [author, chair]", "apart: [author, chair]\n    severity: warning"))
        assert warns.rulebook.controls[APART].declaration.severity == "warning"

    @pytest.mark.parametrize(
        ("roles", "message"),
        [
            ("apart: [author]", "must name at least two roles, and each of them once"),
            ("apart: [author, author]", "must name at least two roles, and each of them once"),
            ("apart: [author]\n    from: [author]", "must name at least two roles, and each of them once"),
            ("apart: [author]\n    from: [chair, author]", "must name at least two roles, and each of them once"),
            ("apart: []", "apart"),
            ("apart: [author, chiar]", "Did you mean chair?"),
            ("apart: [author]\n    from: [chiar]", "Did you mean chair?"),
        ],
    )
    def test_roles_that_cannot_be_apart_are_refused(self, roles: str, message: str) -> None:
        with pytest.raises(PackError) as refused:
            scheme_with(("apart: [author, chair]", roles))
        assert message in str(refused.value)

    def test_with_from_the_roles_of_one_side_may_be_one_person(self) -> None:
        declared = scheme_with(("apart: [author, chair]", "apart: [author]\n    from: [chair, clerk]")).declaration
        [separation] = declared.separation.values()
        assert separation.roles_apart_from("author") == {"chair", "clerk"}
        assert separation.roles_apart_from("chair") == {"author"}
        assert separation.roles_apart_from("member") == frozenset()
        assert roles_apart(declared)["author"] == {"chair", "clerk"}

    @pytest.mark.parametrize(
        ("apart", "people"),
        [
            ({}, 0),
            ({"a": ""}, 1),
            ({"a": "b", "b": "a"}, 2),
            ({"a": "bcd", "b": "a", "c": "a", "d": "a"}, 2),
            ({"a": "bd", "b": "ac", "c": "bd", "d": "ac"}, 2),
            ({"a": "be", "b": "ac", "c": "bd", "d": "ce", "e": "ad"}, 3),
        ],
        ids=["none", "one", "a pair", "a star", "a square", "a ring of five"],
    )
    def test_the_fewest_people_are_counted(self, apart: dict[str, str], people: int) -> None:
        assert count_least_people({role: frozenset(others) for role, others in apart.items()}) == people


class TestCorrectionFacts:
    def test_a_fact_that_is_missing_or_of_another_kind_is_named(self) -> None:
        facts = {name: FactDeclaration(kind="text", label="Label") for name in CORRECTION_FACTS[:-2]}
        facts["correction.by"] = FactDeclaration(kind="day", label="Label")
        assert list(correction_fact_faults(facts)) == [
            "needs the fact correction.on, which nobody declares: add the pack corrections to packs",
            "needs correction.by as a fact of kind text, not day",
        ]

    def test_those_of_the_shipped_pack_fit(self) -> None:
        assert list(correction_fact_faults(office_library().scheme("village").rulebook.facts)) == []

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            ("corrections: {who: [clerk]", "corrections: {who: []", r"corrections\.who"),
            ("gate: correct, stages: [board, done]", "gate: correct, stages: []", r"corrections\.stages"),
            ("gate: correct, stages: [board, done]", "stages: [board, done]", r"corrections\.gate"),
            ("gate: correct, stages: [board, done]", "gate: correct, stages: [baord]", "Did you mean board"),
        ],
    )
    def test_corrections_that_nobody_could_make_are_refused(self, old: str, new: str, message: str) -> None:
        with pytest.raises(PackError, match=message):
            scheme_with((old, new))


def test_a_year_is_enough_for_what_the_village_calls_late() -> None:
    """The longest that a scheme can call in time is ten years."""
    longest = scheme_with(added=LATE.replace("10, ", "3660, "))
    on = date(2024, 6, 3) + timedelta(days=3660)
    facts: dict[str, FactValue] = {"act.late_by": 3660, "act.on": on}
    assert outcome(longest, LATE_RECORDING, "decide", facts) == "satisfied"
