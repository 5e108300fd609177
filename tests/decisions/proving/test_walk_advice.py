"""Walks that come out otherwise say what to write: for corrections, overrides, documents, and what is in Part 2."""

from __future__ import annotations

from functools import cache

import pytest

from decisions.proving.walk_proof import load_guards, prove_walks
from rules.packs.library import Library
from tests.flow.authority import OFFICE_HEAD, RULES, office_library

HEAD, RULES_FILE, EXAMPLES = (f"schemes/village/{name}.yaml" for name in ("scheme", "rules", "examples"))
OVERRIDES = """
overrides:
  board.majority: {who: [chair], citation: {instrument: Standing orders, provision: "11", basis: unverified}}
documents:
  - kind: record
    part: 1
    name: Record
    title: title
    marking: PUBLIC
    reference: decision.reference
    decided_at: board
    blocks:
      - heading: Decision
        boxed: {decision.reference: Reference, board.outcome: Outcome, decided_on: Day}
        unstated: Not yet
      - {heading: Contract, text: contract_copy}
  - kind: annex
    part: 1
    name: Annex
    title: title
    marking: PUBLIC
    reference: decision.reference
    decided_at: board
    when: {decision.reference: {is: R9}}
    blocks:
      - {heading: Paper, fields: {title: Title}, unstated: Not stated}
"""
PAPERS = """
papers:
  bench:
    public: {title: A bench}
"""
DECIDED = """
  - name: A bench is approved in spite of a vote
    paper: bench
    steps:
      - {do: open, as: author, on: 2024-06-03}
      - {do: submit, as: author, on: 2024-06-03}
      - {do: sign-legal, as: legal, on: 2024-06-04}
      - {do: sign-finance, as: finance, on: 2024-06-04}
      - {do: to-board, as: author, on: 2024-06-05}
      - do: approve
        as: chair
        on: 2024-06-06
        set: {decision.reference: R1}
        override: {board.majority: Nobody came.}
        at: done
      - {do: correct, as: clerk, on: 2024-06-07, set: {decision.reference: R2}, reason: A slip.}
    shows: {record: [R1, R2, A slip.]}
"""


@cache
def files() -> dict[str, bytes]:
    """Return the files of the village with corrections, an override and documents."""
    own = {HEAD: (OFFICE_HEAD + OVERRIDES).encode(), RULES_FILE: RULES.encode()}
    return {**office_library().files, **own}


def library(walks: str, papers: str = PAPERS) -> Library:
    return Library({**files(), EXAMPLES: f"{papers}\nwalks:\n{walks}".encode()})


def faults(walks: str, papers: str = PAPERS) -> list[str]:
    """Return the faults of some walks but for what none of them does."""
    found = (str(fault) for fault in prove_walks(library(walks, papers), "village").faults)
    return [fault for fault in found if "no walk " not in fault]


def changed(old: str, new: str) -> str:
    assert DECIDED.count(old) == 1, old
    return DECIDED.replace(old, new)


def test_a_walk_can_override_correct_and_show_it() -> None:
    shown = changed("shows: {record: [R1, R2, A slip.]}", "shows: {record: [Reference R1, Approved, Day 6 June 2024]}")
    assert faults(shown) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "override: {board.majority: Nobody came.}",
            "override: {}",
            "steps.5: approve by chair is refused by board.majority",
        ),
        (
            "override: {board.majority: Nobody came.}",
            "override: {tasks.enough: Nobody came.}",
            "cannot be done: tasks.enough cannot be overridden under village",
        ),
        ("as: clerk, on", "as: chair, on", "correct by chair is not allowed: Chair may not correct a case"),
        ("reason: A slip.}", "reason: ''}", "steps.6: correct by clerk is refused by correction.complete"),
        ("set: {decision.reference: R2}, reason", "set: {decision.reference: R1}, reason", "says that already"),
        ("set: {decision.reference: R2}, reason", "set: {case.stage: done}, reason", "cannot be corrected"),
        (
            "reason: A slip.}",
            "reason: A slip., refused_by: [correction.complete]}",
            "correction.complete is met or does not apply: look at its `when` and `requires`",
        ),
        (
            "reason: A slip.}",
            "reason: A slip., refused_by: [board.majority]}",
            "board.majority does not guard the gate correct: add correct to its `gates`",
        ),
        (
            "reason: A slip.}",
            "reason: A slip., not_entitled: true}",
            "was not to be allowed, and succeeds: take clerk out of the `who` of correct",
        ),
        ("at: done", "at: closed", "leaves the case at done, not at closed: look at the `to` of approve"),
        (
            "at: done",
            "then: {signoff.on: 2024-06-06}",
            "is not a fact",
        ),
        (
            "at: done",
            "unknown: [decision.reference]",
            "leaves decision.reference recorded: to void it, let approve say `reopens: STAGE`",
        ),
        ("shows: {record: [R1, R2, A slip.]}", "shows: {record: [R3]}", "shows.record: Part 1 does not show “R3”"),
        ("shows: {record: [R1, R2, A slip.]}", "shows: {recrod: [R1]}", "shows.recrod: "),
        ("shows: {record: [R1, R2, A slip.]}", "shows: {annex: [R1]}", "shows.annex: "),
        ("do: approve", "do: approove", "approove is not an action. Did you mean approve?"),
        ("at: done", "refused_by: [board.majorty]", "board.majorty is not a control of village. Did you mean"),
    ],
)
def test_a_walk_that_comes_out_otherwise_says_what_to_write(old: str, new: str, message: str) -> None:
    found = faults(changed(old, new))
    assert any(message in fault for fault in found), found


def test_a_day_that_an_act_does_not_date_is_to_be_added_to_its_dates() -> None:
    walk = changed("  - {do: sign-legal, as: legal, on: 2024-06-04}", "  - {do: sign-legal, as: legal, on: 2024-06-04, "
                   "then: {decided_on: 2024-06-04}}")  # fmt: skip
    [fault] = faults(walk)
    assert "leaves decided_on as not recorded, not as 2024-06-04: add decided_on to the `dates` of sign-legal" in fault


def test_an_outcome_that_an_act_does_not_have_is_to_be_looked_at() -> None:
    [fault] = faults(changed("at: done", "then: {board.outcome: deferred}"))
    assert "leaves board.outcome as approved, not as deferred: look at the `outcome` of approve" in fault


def test_a_control_that_only_warns_refuses_nothing_and_says_why() -> None:
    warning = RULES.replace("    requires: {votes.for", "    severity: warning\n    requires: {votes.for")
    walk = changed("override: {board.majority: Nobody came.}", "refused_by: [board.majority]")
    head = OFFICE_HEAD + OVERRIDES.replace("overrides:\n  board.majority", "overrides:\n  board.rounds")
    changed_files = {**library(walk).files, RULES_FILE: warning.encode(), HEAD: head.encode()}
    found = [str(fault) for fault in prove_walks(Library(changed_files), "village").faults]
    assert any("board.majority only warns: take out `severity: warning`" in fault for fault in found), found


class TestPart2:
    secret = DECIDED.replace("paper: bench", "paper: secret")
    papers = "papers:\n  secret:\n    public: {title: A bench}\n    exempt: {contract_copy: Behind the hall}\n"

    def warnings(self, walks: str, papers: str) -> list[str]:
        return [str(warning) for warning in prove_walks(library(walks, papers), "village").warnings]

    def test_a_fact_that_acts_record_is_no_fact_of_a_paper(self) -> None:
        found = faults(self.secret, self.papers)
        assert any("contract_copy" in fault for fault in found), found

    withheld = "papers:\n  bench:\n    exempt: {title: A bench}\n"

    def test_a_form_that_would_name_what_is_withheld_is_warned_of(self) -> None:
        [warning] = self.warnings(DECIDED, self.withheld)
        assert "documents.1.blocks.0: prints title in Part 1, and a walk states it in Part 2" in warning
        assert "it reads “Withheld (see Part 2)”: so everybody learns that it is there" in warning
        assert "Take it out of this form; or, if they may know, add `withheld: [title]`" in warning

    def test_one_that_lists_it_as_withheld_is_not(self) -> None:
        head = (OFFICE_HEAD + OVERRIDES).replace("unstated: Not stated", "unstated: Not stated, withheld: [title]")
        changed_files = {**library(DECIDED, self.withheld).files, HEAD: head.encode()}
        assert prove_walks(Library(changed_files), "village").warnings == ()

    def test_what_walks_state_in_part_1_is_printed(self) -> None:
        assert self.warnings(DECIDED, PAPERS) == []


class TestFiles:
    def test_a_file_that_cannot_be_read_leads_no_walks(self) -> None:
        broken = Library({**files(), EXAMPLES: b"walks: [\n"})
        assert prove_walks(broken, "village").count == 0
        assert load_guards(broken, "village") == {}

    def test_a_file_with_faults_leads_none_of_its_walks(self) -> None:
        both = DECIDED + DECIDED.replace("paper: bench", "paper: stool")
        assert prove_walks(library(both), "village").count == 0

    def test_guards_without_walks_are_compared_too(self) -> None:
        text = "guards: {decide: [board.majority]}\nexamples:\n  - name: A bench of the village\n    on: 2024-06-03\n"
        text += "    given: {title: A bench}\n    then: {paper.in_draft: satisfied}\n"
        report = prove_walks(Library({**files(), EXAMPLES: text.encode()}), "village")
        messages = [str(fault) for fault in report.faults]
        assert report.count == 0
        assert any("guards.decide: stages.in_order guards it too: add it to the list" in text for text in messages)

    @pytest.mark.parametrize(
        ("gate", "who"), [("note", None), ("correct", "clerk"), ("sign", "finance or legal or risk")]
    )
    def test_a_separation_takes_a_role_and_no_gate(self, gate: str, who: str | None) -> None:
        guards = f"{PAPERS}guards: {{{gate}: [separation.author_and_chair]}}\n"
        messages = [str(fault) for fault in prove_walks(library(DECIDED, guards), "village").faults]
        found = [text for text in messages if "author_and_chair does not shut it: " in text]
        advice = f"add {who} to `apart` or `from` of the separation, or take it off this list"
        assert [text.split("does not shut it: ")[1] for text in found] == ([advice] if who else [])

    def test_a_gate_that_no_scheme_has_shuts_with_nothing(self) -> None:
        report = prove_walks(library(DECIDED, f"{PAPERS}guards: {{decyde: [board.majority]}}\n"), "village")
        assert any("guards.decyde: board.majority does not shut it" in str(fault) for fault in report.faults)
