"""Walks show that a scheme's flow works, and each wrong flow makes one of them come out otherwise."""

from __future__ import annotations

from typing import ClassVar

import pytest

from decisions.proving.flow_mutants import run_flow_mutants
from decisions.proving.walk_proof import prove_walks
from rules.packs.library import Library
from tests.flow.authority import village_bundle

EXAMPLES_FILE = "schemes/village/examples.yaml"
PAPERS = """
papers:
  bench:
    public: {title: A bench}
"""
TO_THE_BOARD = """
      - {do: open, as: author, on: 2024-06-03}
      - {do: submit, as: author, on: 2024-06-03, at: signoff}
      - {do: sign-legal, as: legal, on: 2024-06-04, then: {legal_check.outcome: signed}}
      - {do: to-board, as: author, on: 2024-06-04, refused_by: [tasks.enough]}
      - {do: sign-finance, as: finance, on: 2024-06-04}
      - {do: to-board, as: author, on: 2024-06-05, at: board}
"""
APPROVED = f"""
  - name: A bench is approved by the board
    paper: bench
    steps:{TO_THE_BOARD}
      - {{do: approve, as: chair, on: 2024-06-06, set: {{decision.reference: R1}}, refused_by: [board.majority]}}
      - {{do: vote, as: chair, on: 2024-06-06, set: {{vote: {{chair: {{position: for}}}}}}}}
      - do: approve
        as: chair
        on: 2024-06-06
        set: {{decision.reference: R1}}
        at: done
        then: {{decision.reference: R1, decided_on: 2024-06-06, board.outcome: approved, decision.final: true}}
      - {{do: note-contract, as: author, on: 2024-06-07, set: {{contract_copy: Here}}, at: done}}
"""


def library(walks: str, papers: str = PAPERS) -> Library:
    return Library({**village_bundle().files, EXAMPLES_FILE: f"{papers}\nwalks:\n{walks}".encode()})


def faults(walks: str) -> list[str]:
    return [str(fault) for fault in prove_walks(library(walks), "village").faults]


def without_coverage(walks: str) -> list[str]:
    """Return the faults but for actions that no walk does and ends that none reaches."""
    return [fault for fault in faults(walks) if "no walk " not in fault]


def test_a_walk_that_comes_out_as_it_says_has_no_fault() -> None:
    assert without_coverage(APPROVED) == []


def test_a_walk_is_counted_and_what_none_shows_is_named() -> None:
    report = prove_walks(library(APPROVED), "village")
    messages = [str(fault) for fault in report.faults]
    assert report.count == 1
    assert any("no walk does recall: add one, or take the action out of the scheme" in text for text in messages)
    assert any("no walk ends at closed" in text for text in messages)
    assert not any("no walk does approve" in text for text in messages)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("at: signoff}", "at: board}", "steps.1: submit by author leaves the case at signoff, not at board"),
        ("as: finance,", "as: legal,", "steps.4: sign-finance by legal is not allowed: Legal may not sign-finance"),
        (
            "refused_by: [tasks.enough]",
            "refused_by: [recall.by_sender]",
            "steps.3: to-board by author is not refused by recall.by_sender, but by tasks.enough",
        ),
        (
            "{do: submit, as: author, on: 2024-06-03, at: signoff}",
            "{do: submit, as: author, on: 2024-06-03, not_entitled: true}",
            "steps.1: submit by author was not to be allowed, and succeeds: take author out of the `who` of submit",
        ),
        ("decision.final: true}", "decision.final: false}", "leaves decision.final as True, not as False"),
        ("on: 2024-06-07,", "on: 2024-06-01,", "cannot be done: 2024-06-01 is before the last act"),
        ("set: {contract_copy: Here}", "set: {title: Here}", "cannot be done: note-contract does not ask for 'title'"),
        ("{do: submit,", "{do: sumbit,", "sumbit is not an action. Did you mean submit?"),
        ("as: legal,", "as: lawyer,", "lawyer is neither a role nor an officer of the walk"),
        ("paper: bench", "paper: stool", "stool is not among the papers of this file"),
        ("{do: open,", "{do: submit,", "must be `open`: a walk begins with a new case"),
        ("contract_copy: Here", "contract_cpy: Here", "is not a fact that is known here. Did you mean contract_copy?"),
    ],
)
def test_a_walk_that_comes_out_otherwise_is_a_fault_with_its_step(old: str, new: str, message: str) -> None:
    assert old in APPROVED
    found = without_coverage(APPROVED.replace(old, new, 1))
    assert any(message in fault for fault in found), found
    assert all(fault.startswith(EXAMPLES_FILE) for fault in found)


def test_one_person_can_hold_several_roles_in_a_walk() -> None:
    walk = APPROVED.replace("    paper: bench\n", "    paper: bench\n    officers: {Both Hats: [finance, legal]}\n")
    signed = walk.replace("as: legal, on", "as: Both Hats, on").replace("as: finance, on", "as: Both Hats, on")
    [fault] = without_coverage(signed)
    assert "sign-finance by Both Hats is refused by tasks.by_different_people" in fault


def test_a_guard_that_is_not_listed_is_a_fault_and_so_is_one_that_shuts_nothing() -> None:
    guards = "guards:\n  sign: [stages.in_order, board.majority]\n"
    report = prove_walks(library(APPROVED, PAPERS + guards), "village")
    messages = [str(fault) for fault in report.faults]
    assert any("guards.sign: tasks.by_different_people guards it too: add it to the list" in text for text in messages)
    assert any("guards.sign: board.majority does not shut it" in text for text in messages)


def test_walks_of_a_folder_of_another_scheme_are_not_led() -> None:
    files = {**village_bundle().files, "law/decision-facts.examples.yaml": f"{PAPERS}\nwalks:\n{APPROVED}".encode()}
    assert prove_walks(Library(files), "village").count == 0


class TestMutants:
    MUTANTS: ClassVar = {mutant.name: mutant.caught for mutant in run_flow_mutants(library(APPROVED), "village")}

    @pytest.mark.parametrize(
        "name",
        [
            "submit: leads to draft",
            "submit: leads to board",
            "approve: by author in place of chair",
            "approve: asks without decision.reference",
            "approve: dates without decided_on",
            "approve: without its outcome",
            "signoff: needs 1 of its tasks",
            "signoff: needs 3 of its tasks",
            "signoff: without the task legal_check",
            "tasks.enough: only warns",
            "tasks.enough: not at support",
        ],
    )
    def test_a_wrong_flow_on_the_way_of_a_walk_is_noticed(self, name: str) -> None:
        assert self.MUTANTS[name]

    @pytest.mark.parametrize("name", ["recall: does not reopen draft", "stages.in_order: not at note"])
    def test_one_that_no_walk_meets_is_not(self, name: str) -> None:
        assert not self.MUTANTS[name]

    def test_a_list_of_guards_notices_what_walks_do_not(self) -> None:
        guarded = library(APPROVED, f"{PAPERS}guards:\n  note: [stages.in_order]\n")
        mutants = {mutant.name: mutant.caught for mutant in run_flow_mutants(guarded, "village")}
        assert mutants["stages.in_order: not at note"]

    def test_without_walks_there_are_none(self) -> None:
        assert list(run_flow_mutants(Library(village_bundle().files), "village")) == []
