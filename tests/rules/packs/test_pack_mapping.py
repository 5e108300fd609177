"""A pack read under a scheme's own names: names of stages, roles and other words change, and no other text."""

from __future__ import annotations

from typing import Any

import pytest

from rules.packs.pack_mapping import rename_for_use
from rules.packs.pack_use import PackUse
from rules.reading.yaml_reader import YamlFile, read_yaml

USE = PackUse.model_validate({"pack": "practice", "stages": {"writing": "draft", "board": "committee"}})
FILE = "law/practice.yaml"


def renamed(text: str, file: str = FILE, use: PackUse = USE) -> YamlFile:
    return rename_for_use(read_yaml(text.encode(), file), [use])


def renamed_data(text: str) -> Any:  # noqa: ANN401 - any part of a file
    return renamed(text).data


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("{case.stage: {is: writing}}", {"case.stage": {"is": "draft"}}),
        ("{case.stage: {one_of: [writing, board, done]}}", {"case.stage": {"one_of": ["draft", "committee", "done"]}}),
        ("{act.stage: {is_not: board}}", {"act.stage": {"is_not": "committee"}}),
        ("{case.stage: {is: {fact: act.stage}}}", {"case.stage": {"is": {"fact": "act.stage"}}}),
        ("{board.outcome: {is: approved}}", {"committee.outcome": {"is": "approved"}}),
        ("{board.on: {on_or_before: {fact: writing.on}}}", {"committee.on": {"on_or_before": {"fact": "draft.on"}}}),
        ("{board.rounds: {at_most: 2}}", {"committee.rounds": {"at_most": 2}}),
        ("{all: [{board.by: {known: true}}]}", {"all": [{"committee.by": {"known": True}}]}),
        ("{board.role: {is: chair}}", {"committee.role": {"is": "chair"}}),
    ],
)
def test_a_stage_is_renamed_where_a_condition_names_it(written: str, read: object) -> None:
    assert renamed_data(f"controls: {{x: {{requires: {written}}}}}")["controls"]["x"]["requires"] == read


@pytest.mark.parametrize(
    "kept",
    [
        "{title: {is: writing}}",
        "{board.size: {at_least: 3}}",
        "{boards.outcome: {is: approved}}",
        "{board: {is: true}}",
        "{kind: {one_of: [writing, board]}}",
    ],
)
def test_what_only_looks_like_a_stage_stays(kept: str) -> None:
    written = f"controls: {{x: {{requires: {kept}}}}}"
    assert renamed_data(written) == read_yaml(written.encode(), FILE).data


def test_words_for_people_are_left_alone() -> None:
    text = "title: The board.outcome is read\ncontrols: {x: {wrong: Nobody has done the writing.}}"
    data = renamed_data(text)
    assert data["title"] == "The board.outcome is read"
    assert data["controls"]["x"]["wrong"] == "Nobody has done the writing."


def test_facts_and_gates_that_a_pack_declares_keep_their_names() -> None:
    data = renamed_data("facts: {board.outcome: {kind: text, label: L}}\ngates: {writing: {label: W}}")
    assert data == {"facts": {"board.outcome": {"kind": "text", "label": "L"}}, "gates": {"writing": {"label": "W"}}}


ALL_SORTS = PackUse.model_validate({
    "pack": "practice",
    "stages": {"board": "committee"},
    "tasks": {"legal": "law_check"},
    "roles": {"chair": "convener"},
    "actions": {"support": "endorse"},
    "outcomes": {"approved": "agreed"},
    "gates": {"decide": "resolve"},
    "facts": {"cost": "price", "notice.on": "notice.day"},
})  # fmt: skip


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("{act.role: {is: chair}}", {"act.role": {"is": "convener"}}),
        ("{board.role: {one_of: [chair, clerk]}}", {"committee.role": {"one_of": ["convener", "clerk"]}}),
        ("{board.role: {is: {fact: legal.role}}}", {"committee.role": {"is": {"fact": "law_check.role"}}}),
        ("{legal.outcome: {is: approved}}", {"law_check.outcome": {"is": "agreed"}}),
        ("{board.outcome: {is_not: approved}}", {"committee.outcome": {"is_not": "agreed"}}),
        ("{act.action: {is: support}}", {"act.action": {"is": "endorse"}}),
        ("{cost: {reaches: {value: limit}}}", {"price": {"reaches": {"value": "limit"}}}),
        ("{act.on: {after: {fact: notice.on}}}", {"act.on": {"after": {"fact": "notice.day"}}}),
        ("{kind: {is: chair}}", {"kind": {"is": "chair"}}),
        ("{kind: {one_of: [cost, approved, decide]}}", {"kind": {"one_of": ["cost", "approved", "decide"]}}),
    ],
)  # fmt: skip
def test_every_other_sort_of_name_is_renamed_where_it_is_one(written: str, read: object) -> None:
    data = renamed(f"controls: {{x: {{requires: {written}}}}}", use=ALL_SORTS).data
    assert data["controls"]["x"]["requires"] == read


def test_a_mapped_gate_is_used_and_no_longer_declared_by_the_pack() -> None:
    text = "gates: {decide: {label: Decision}, notice: {label: Notice}}\ncontrols: {x: {gates: [decide, notice]}}"
    data = renamed(text, use=ALL_SORTS).data
    assert (list(data["gates"]), data["controls"]["x"]["gates"]) == (["notice"], ["resolve", "notice"])


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("{sum: [cost, other]}", {"sum": ["price", "other"]}),
        ("{calendar_days: {from: notice.on, to: held}}", {"calendar_days": {"from": "notice.day", "to": "held"}}),
        ("{portion: {of: cost, percent: limit}}", {"portion": {"of": "price", "percent": "limit"}}),
        ("{governed_by: notice.on}", {"governed_by": "notice.day"}),
        ("{choose: {lines: [{when: {cost: {known: true}}, then: cost}]}}",
         {"choose": {"lines": [{"when": {"price": {"known": True}}, "then": "cost"}]}}),
    ],
)  # fmt: skip
def test_a_fact_is_renamed_in_what_is_worked_out_from_it(written: str, read: object) -> None:
    assert renamed(f"derived: {{x: {written}}}", use=ALL_SORTS).data["derived"]["x"] == read


def test_facts_and_roles_are_renamed_in_examples_of_the_pack() -> None:
    text = "examples: [{without: [cost], given: {notice.on: 2024-06-03, act.role: chair, board.outcome: approved}}]"
    [example] = renamed(text, "law/practice.examples.yaml", use=ALL_SORTS).data["examples"]
    assert example["without"] == ["price"]
    assert list(example["given"]) == ["notice.day", "act.role", "committee.outcome"]
    assert (example["given"]["act.role"], example["given"]["committee.outcome"]) == ("convener", "agreed")


def test_examples_of_the_pack_are_renamed_too() -> None:
    text = "examples: [{given: {case.stage: writing, board.on: 2024-06-03}, then: {paper.in_draft: satisfied}}]"
    [example] = renamed(text, "law/practice.examples.yaml").data["examples"]
    assert list(example["given"]) == ["case.stage", "committee.on"]
    assert (example["given"]["case.stage"], example["then"]) == ("draft", {"paper.in_draft": "satisfied"})


@pytest.mark.parametrize("file", ["law/other.yaml", "schemes/practice/practice.yaml", "days/practice.yaml"])
def test_other_files_are_read_as_they_are(file: str) -> None:
    source = read_yaml(b"controls: {x: {requires: {case.stage: {is: writing}}}}", file)
    assert rename_for_use(source, [USE]) is source


def test_a_use_without_stages_changes_nothing() -> None:
    source = read_yaml(b"controls: {x: {requires: {case.stage: {is: writing}}}}", FILE)
    assert rename_for_use(source, [PackUse.model_validate({"pack": "practice"})]) is source


def test_two_names_can_be_swapped() -> None:
    swapped = PackUse.model_validate({"pack": "practice", "stages": {"writing": "board", "board": "writing"}})
    data = renamed("controls: {x: {requires: {case.stage: {one_of: [writing, board]}}}}", use=swapped).data
    assert data["controls"]["x"]["requires"] == {"case.stage": {"one_of": ["board", "writing"]}}


def test_a_fault_keeps_the_line_on_which_its_author_wrote_it() -> None:
    text = "controls:\n  x:\n    requires:\n      board.outcome: {is: approved}\n"
    fault = renamed(text).fault_at(("controls", "x", "requires", "committee.outcome"), "is wrong")
    assert (fault.line, fault.key) == (4, "controls.x.requires.committee.outcome")


def test_what_is_left_out_is_no_control_of_the_pack_and_its_file_stays() -> None:
    use = PackUse.model_validate({"pack": "practice", "leaves_out": {"a.b": "It does not apply to us."}})
    assert (use.file, use.example_file) == ("law/practice.yaml", "law/practice.examples.yaml")
