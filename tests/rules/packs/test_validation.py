"""A scheme is refused for each name that means nothing, and for a structure by which cases could not move."""

from __future__ import annotations

import pytest

from tests.rules.manual_packs import HEAD, PRACTICE, SHARED, manual_faults, manual_scheme

Change = tuple[str, str, str]
DRAFT = "  draft: {label: Draft, about: The author writes the paper.}\n"
STAGES = "There are: draft, advice, declaration, certificate, decision, publication, published, closed."
RELEASE = "    label: Release what is withheld\n    of: exemption\n"
UNDECIDED = "      decided_on: {known: false}\n"
SUBMIT_GATE = (HEAD, "    to: advice\n    gate: submit\n", "    to: advice\n    gate: audit\n")

REFUSED: dict[str, tuple[Change, str, str]] = {
    "a given fact that nobody declares": (
        (HEAD, "given:\n  discount:", "given:\n  rebate:"),
        "given.rebate", "is a fact that nobody declares",
    ),
    "a given fact of another kind": (
        (HEAD, "    is: 5\n", "    is: five\n"),
        "given.discount", "'five' is not a whole number",
    ),
    "a stage called like a kind of subject": (
        (HEAD, "  closed: {label: Closed", "  objection: {label: Objection, last: true}\n  closed: {label: Closed"),
        "stages.objection", "is a name that facts use; choose another",
    ),
    "a stage called like what the workflow records": (
        (HEAD, "  closed: {label: Closed", "  opened: {label: Opened, last: true}\n  closed: {label: Closed"),
        "stages.opened", "is a name that facts use; choose another",
    ),
    "an action at the gate of audits": (
        SUBMIT_GATE, "actions.submit.gate", "audit is an auditor's look at a case, which no action passes",
    ),
    "a review at the gate of audits": (
        (HEAD, f"{RELEASE}    gate: review\n", f"{RELEASE}    gate: audit\n"),
        "reviews.release.gate", "audit is an auditor's look at a case, which nothing passes",
    ),
    "an action of no stage": (
        (HEAD, "    stage: draft\n    to: closed", "    stage: drafts\n    to: closed"),
        "actions.withdraw.stage", f"drafts is not a stage. Did you mean draft? {STAGES}",
    ),
    "a paper opened by nobody's role": (
        (HEAD, "  open: [author]", "  open: [writer]"),
        "paper.open", "writer is not a role. There are: author, manager, sponsor, clerk, chair.",
    ),
    "a kind of case that nobody declares": (
        (HEAD, "  kind: work\n", "  kind: works\n"),
        "paper.kind", "works is a fact that nobody declares. Did you mean work?",
    ),
    "a kind of case that is no choice": (
        (HEAD, "  kind: work\n", "  kind: cost\n"),
        "paper.kind", "cost is not a fact of the case of kind choice",
    ),
    "a value of a case that belongs to each contract": (
        (HEAD, "  value: cost\n", "  value: contract.value\n"),
        "paper.value", "contract.value is not a fact of the case of kind money",
    ),
    "a kind of case that acts record": (
        (HEAD, "  kind: work\n", "  kind: advice\n"),
        "paper.kind", "advice is not stated by a paper",
    ),
    "a value that is set of each exemption": (
        (HEAD, "    asks: [checked, advice]", "    asks: [checked, advice]\n    sets: {exemption.reason: Late}"),
        "actions.declare.sets", "exemption.reason is a fact of each exemption, not of the case",
    ),
    "an answer that is derived": (
        (HEAD, "    asks: [checked, advice]", "    asks: [checked, visits.all]"),
        "actions.declare.asks", "visits.all is derived from others",
    ),
    "an answer that would change who opened the case": (
        (HEAD, "    asks: [checked, advice]", "    asks: [checked, opened.by]"),
        "actions.declare.asks", "opened.by is recorded by assent itself: take it out, or declare a fact of your own",
    ),
    "an answer that would change the stage of the case": (
        (HEAD, "    asks: [checked, advice]", "    asks: [checked, case.stage]"),
        "actions.declare.asks", "case.stage is recorded by assent itself: take it out, or declare a fact of your own",
    ),
    "an answer that is also set": (
        (HEAD, "    asks: [checked, advice]", "    asks: [checked, advice]\n    sets: {advice: Late}"),
        "actions.declare.asks", "advice is recorded under dates or sets: an answer would be lost",
    ),
    "an answer that nobody declares": (
        (HEAD, "    asks: [checked, advice]", "    asks: [checked, opinion]"),
        "actions.declare.asks", "opinion is a fact that nobody declares. Did you mean opened.on?",
    ),
    "a review that asks for a fact of the case": (
        (SHARED, "    asks: [exemption.review_on]", "    asks: [needed_by]"),
        "reviews.extend.asks", "needed_by is a fact of the case, not of each exemption",
    ),
    "an owner of a kind of day that there is not": (
        (HEAD, "  part_2_review: [clerk]", "  part_3_review: [clerk]"),
        "owners.part_3_review", "is a kind of day that no diary declares",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused_with_the_place_and_the_reason(what: str) -> None:
    change, key, message = REFUSED[what]
    assert (change[0], key, message) in {(fault.file, fault.key, fault.message) for fault in manual_faults(change)}


@pytest.mark.parametrize("what", ["an answer that is derived", "an owner of a kind of day that there is not"])
def test_a_fault_of_one_name_is_the_only_one(what: str) -> None:
    assert len(manual_faults(REFUSED[what][0])) == 1


def test_faults_of_several_kinds_are_found_at_once() -> None:
    changes = [REFUSED[what][0] for what in ("a given fact of another kind", "a paper opened by nobody's role")]
    assert [fault.key for fault in manual_faults(*changes)] == ["given.discount", "paper.open"]


def test_a_gate_whose_controls_only_warn_could_never_be_shut() -> None:
    declared = "    gates: [amend]\n"
    faults = manual_faults((PRACTICE, declared, f"    severity: warning\n{declared}"))
    assert [(fault.key, fault.message) for fault in faults] == [
        ("actions", "the gate amend has no blocking control, so it could never be shut")
    ]


class TestDiary:
    @pytest.mark.parametrize(
        ("old", "new", "key", "message"),
        [
            ("    day: needed_by\n", "    day: needed\n", "diary.decision_needed.day",
             "needed is a fact that nobody declares. Did you mean needed_by?"),
            ("    day: needed_by\n", "    day: urgent\n", "diary.decision_needed.day", "urgent is not a day"),
            ("    day: needed_by\n", "    day: exemption.review_on\n", "diary.decision_needed.of",
             "is case, but exemption.review_on is a fact of each exemption"),
            (UNDECIDED, "      cost: {reaches: {value: parks.limit}}\n",
             "diary.decision_needed.when", "names a dated value; write it with facts alone"),
            (UNDECIDED, "      exemption.reason: {known: false}\n", "diary.decision_needed",
             "exemption.reason is a fact of each exemption, and the day is of each case"),
            (UNDECIDED, "      decided: {known: false}\n", "diary.decision_needed.when.decided",
             "decided is a fact that nobody declares. Did you mean decided_on?"),
        ],
    )  # fmt: skip
    def test_a_day_that_could_not_stand_in_the_diary_is_refused(
        self, old: str, new: str, key: str, message: str
    ) -> None:
        assert (key, message) in {(fault.key, fault.message) for fault in manual_faults((HEAD, old, new))}

    def test_a_kind_of_day_that_two_files_declare_is_refused(self) -> None:
        faults = manual_faults(
            (HEAD, "  decision_needed:\n    label", "  part_2_review:\n    label"),
            (HEAD, "  decision_needed: [clerk]\n", ""),
        )
        assert ("diary.part_2_review", "is declared more than once") in {(f.key, f.message) for f in faults}

    def test_the_facts_of_a_rule_are_its_day_and_those_of_its_condition(self) -> None:
        rule = manual_scheme().diary_rules["decision_needed"]
        assert rule.facts == ("needed_by", "decided_on")

    def test_the_rules_of_the_packs_come_before_those_of_the_scheme(self) -> None:
        assert list(manual_scheme().diary_rules) == ["part_2_review", "decision_needed"]
