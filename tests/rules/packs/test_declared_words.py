"""Gates, kinds of subject, outcomes and the day of decision are words that packs and schemes declare."""

from __future__ import annotations

import re

import pytest

from rules.errors import PackError
from rules.judging.rulebook import Rulebook
from rules.packs.bundle import Bundle
from rules.packs.declared_words import BUILT_IN_GATES
from rules.packs.language_1 import DECISION_DAY, GATES, SUBJECT_KINDS
from rules.packs.linker import link_packs
from tests.rules.manual_packs import HEAD, manual_bundle, manual_faults, manual_files, manual_scheme
from tests.rules.pack_builders import CALENDAR, GIVEN_FACTS, control_yaml, findings_by_control, make_pack_file

BOARD = """\
language: 2
pack: board
title: Votes of a board
instrument: Standing orders
gates:
  vote: {label: Vote, about: The board votes.}
subjects:
  vote: {label: Vote, plural: Votes, about: The vote of a member.}
facts:
  vote.position: {kind: choice, label: Position, choices: {for: For, against: Against}}
  figure.text: {kind: text, label: A fact of the stage figure}
derived:
  votes.for: {label: Votes for, count: {of: vote, where: {vote.position: {is: for}}}}
"""
IN_FAVOUR = control_yaml("board.in_favour", "of: vote\ngates: [vote]\nrequires: {vote.position: {is: for}}")
PLAIN = "language: 2\npack: plain\ntitle: A plain pack\ninstrument: An Act\n"
FIRST = "pack: first\ntitle: A pack of language 1\ninstrument: An Act\n"


def link(*packs: str) -> Rulebook:
    files = [make_pack_file(text, f"law/{place}.yaml") for place, text in enumerate(packs)]
    return link_packs(files, GIVEN_FACTS, CALENDAR, "digest")


def faults_of(*packs: str) -> list[tuple[str, str, str]]:
    with pytest.raises(PackError) as refused:
        link(*packs)
    return [(fault.file, fault.key, fault.message) for fault in refused.value.faults]


def without_words(*declared: str) -> tuple[str, str, str]:
    """The change of the manual's scheme that replaces what it declares of outcomes and of its day of decision."""
    text = manual_files()[HEAD].decode()
    own = text[text.index("\ndecision_day:") + 1 : text.index("\nactions:") + 1]
    return HEAD, own, "".join(f"{line}\n" for line in declared)


class TestKindsOfSubject:
    def test_a_control_looks_at_each_subject_of_a_declared_kind(self) -> None:
        rules = link(BOARD + "controls:\n" + IN_FAVOUR)
        found = findings_by_control(rules, {"vote:ann.position": "for", "vote:bob.position": "against"})
        assert {name: finding.outcome for name, finding in found.items()} == {
            "board.in_favour@vote:ann": "satisfied",
            "board.in_favour@vote:bob": "breached",
        }

    def test_a_kind_that_nobody_declares_is_a_name_like_any_other(self) -> None:
        facts = link(BOARD).facts
        assert facts.subject_kind_of("vote.position") == "vote"
        assert facts.subject_kind_of("figure.text") == "case"

    def test_an_unknown_kind_gets_a_suggestion_and_the_list(self) -> None:
        control = control_yaml("board.in_favour", "of: vot\ngates: [vote]\nrequires: {act.by: {known: true}}")
        assert faults_of(f"{BOARD}controls:\n{control}") == [
            (
                "law/0.yaml",
                "controls.board.in_favour.of",
                "vot is not a kind of subject. Did you mean vote? There are: case, vote.",
            )
        ]

    def test_a_count_of_an_unknown_kind_is_refused(self) -> None:
        derived = "derived:\n  bids.all: {label: Bids, count: {of: bid}}\n"
        assert faults_of(PLAIN + derived) == [
            ("law/0.yaml", "derived.bids.all.count.of", "bid is not a kind of subject.")
        ]

    def test_a_kind_may_not_be_called_as_facts_of_the_workflow_are(self) -> None:
        declared = "subjects:\n  act: {label: Act, plural: Acts}\n"
        assert faults_of(PLAIN + declared) == [
            ("law/0.yaml", "subjects.act", "is a name that facts use; choose another")
        ]

    def test_a_fact_may_not_be_called_as_a_kind_is(self) -> None:
        [(_, key, message)] = faults_of(BOARD, PLAIN + "facts:\n  vote: {kind: flag, label: Vote}\n")
        assert key == "facts.vote"
        assert "is not a name" in message

    def test_a_stage_called_like_a_declared_kind_is_refused_where_it_stands(self) -> None:
        head = (HEAD, "subjects:\n", "subjects:\n  declaration: {label: Declaration, plural: Declarations}\n")
        assert (HEAD, "stages.declaration", "is a name that facts use; choose another") in [
            (fault.file, fault.key, fault.message) for fault in manual_faults(head)
        ]


class TestGates:
    def test_a_gate_that_a_pack_declares_can_be_used_by_the_others(self) -> None:
        control = control_yaml("plain.named", "gates: [vote, audit]\nrequires: {act.by: {known: true}}")
        rules = link(BOARD, f"{PLAIN}controls:\n{control}")
        assert [control.id for control in rules.controls_at_gate("vote")] == ["plain.named"]
        assert rules.vocabulary.gates["vote"].label == "Vote"

    def test_an_unknown_gate_gets_a_suggestion_and_the_list(self) -> None:
        control = control_yaml("plain.named", "gates: [audti]\nrequires: {act.by: {known: true}}")
        pack = f"{PLAIN}controls:\n{control}"
        with pytest.raises(PackError) as refused:
            link(pack)
        [fault] = refused.value.faults
        assert fault.line == pack[: pack.index("audti")].count("\n") + 1
        assert fault.message == "audti is not a gate. Did you mean audit? There are: amend, audit, audit_elsewhere."

    def test_a_gate_is_declared_once(self) -> None:
        assert faults_of(BOARD, PLAIN + "gates:\n  vote: {label: Vote}\n") == [
            ("law/1.yaml", "gates.vote", "is declared already, by law/0.yaml: leave it out here")
        ]

    def test_a_gate_of_a_command_is_there_without_being_declared(self) -> None:
        assert faults_of(PLAIN + "gates:\n  audit: {label: Audit}\n") == [
            ("law/0.yaml", "gates.audit", "is declared already, by assent itself: leave it out here")
        ]

    def test_an_action_through_an_unknown_gate_is_refused(self) -> None:
        faults = manual_faults((HEAD, "    to: advice\n    gate: submit\n", "    to: advice\n    gate: submitted\n"))
        assert ("actions.submit.gate", "submitted is not a gate. Did you mean submit?") in {
            (fault.key, fault.message.partition(" There are")[0]) for fault in faults
        }


class TestLanguage1:
    def test_a_file_of_language_1_has_its_fixed_words(self) -> None:
        vocabulary = link(FIRST).vocabulary
        assert [*vocabulary.gates] == [*BUILT_IN_GATES, *GATES]
        assert [*vocabulary.subject_kinds] == [*SUBJECT_KINDS]
        assert [*GATES] == ["submit", "support", "send_back", "declare", "certify", "decide", "publish", "review"]
        assert [*SUBJECT_KINDS] == ["exemption", "recommendation", "contract", "section", "figure", "milestone"]
        assert DECISION_DAY == "decided_on"

    def test_a_file_of_language_2_has_none_of_them(self) -> None:
        vocabulary = link(PLAIN).vocabulary
        assert [*vocabulary.gates] == [*BUILT_IN_GATES]
        assert [*vocabulary.subject_kinds] == []

    def test_what_a_pack_declares_counts_beside_a_file_of_language_1(self) -> None:
        declared = PLAIN + "subjects:\n  exemption: {label: Ground, plural: Grounds}\n"
        vocabulary = link(declared, FIRST).vocabulary
        assert vocabulary.subject_kinds["exemption"].label == "Ground"
        assert [*vocabulary.subject_kinds] == [*SUBJECT_KINDS]

    @pytest.mark.parametrize("declared", ["gates:\n  vote: {label: Vote}\n", "subjects: {}\n"])
    def test_it_cannot_declare_words(self, declared: str) -> None:
        files = {**manual_files(), "law/first.yaml": f"{FIRST}{declared}".encode()}
        with pytest.raises(PackError, match="is a key of language 2: write `language: 2` in the file"):
            Bundle(files).scheme()


class TestSchemes:
    def test_a_case_opens_at_the_first_stage_whatever_its_name(self) -> None:
        files = {name: re.sub(rb"\bdraft\b", b"start", data) for name, data in manual_files().items()}
        assert Bundle(files).scheme().first_stage == "start"
        assert manual_scheme().first_stage == "draft"

    def test_the_label_of_an_outcome_is_its_code_unless_it_is_declared(self) -> None:
        unlabelled = manual_bundle(without_words()).scheme()
        assert unlabelled.declaration.outcomes_under("advice")["supported"] == "Supported"
        assert manual_scheme().declaration.outcomes_under("advice")["supported"] == "Supported by the manager"

    def test_an_outcome_that_is_not_declared_gets_a_suggestion_and_the_list(self) -> None:
        faults = manual_faults((HEAD, "    outcome: returned\n", "    outcome: retuned\n"))
        assert ("actions.return.outcome", "retuned is not a declared outcome. Did you mean returned?") in {
            (fault.key, fault.message.partition(" There are")[0]) for fault in faults
        }

    def test_a_scheme_says_which_fact_is_its_day_of_decision(self) -> None:
        assert manual_scheme().decision_day == "decided_on"
        assert manual_bundle(without_words("decision_day: published_on")).scheme().decision_day == "published_on"
        assert manual_bundle(without_words()).scheme().decision_day == ""

    @pytest.mark.parametrize(
        ("fact", "message"),
        [
            ("decidedon", "decidedon is a fact that nobody declares. Did you mean decided_on?"),
            ("title", "title is not a day of the case"),
            ("exemption.review_on", "exemption.review_on is not a day of the case"),
        ],
    )
    def test_a_day_of_decision_is_a_day_of_the_case(self, fact: str, message: str) -> None:
        faults = manual_faults(without_words(f"decision_day: {fact}"))
        assert [(fault.key, fault.message) for fault in faults] == [("decision_day", message)]
