"""A fire authority that nobody here had in mind: its stages have other names, and it takes shipped practice as its own.

It has no stage called publication, no recall and no replacement of decisions. It was written from the documentation.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from decisions.proving.walk_proof import prove_walks
from rules.errors import PackError
from rules.packs.library import Library
from rules.proving.scheme_proof import SchemeProof, prove_schemes

FOLDER = Path(__file__).with_name("fire_authority")
HEAD = "schemes/fire/scheme.yaml"


def proof_of(*changes: tuple[str, str]) -> SchemeProof:
    """Return the proof of the authority with texts of its head changed."""
    files = dict(Library.load([FOLDER]).files)
    text = files[HEAD].decode()
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return prove_schemes(Library({**files, HEAD: text.encode()}), ["fire"], prove_walks=prove_walks).proofs["fire"]


@cache
def unchanged_proof() -> SchemeProof:
    return proof_of()


def faults_of(*changes: tuple[str, str]) -> list[str]:
    with pytest.raises(PackError) as refused:
        proof_of(*changes)
    return [str(fault) for fault in refused.value.faults]


def test_it_is_sound_with_every_example_of_the_packs_that_it_takes() -> None:
    assert unchanged_proof().walks == 3
    assert unchanged_proof().examples.example_count > 100


def test_it_is_warned_that_officers_are_shown_the_forms_of_another_authority() -> None:
    [warning] = unchanged_proof().warnings
    assert str(warning).startswith(f"{HEAD}:15: packs.3: takes stages.in_order, ")
    assert "from decision-practice without a source of its own" in str(warning)


def test_a_source_of_its_own_or_a_reason_ends_the_warning() -> None:
    taken = "  - pack: decision-practice\n"
    assert proof_of((taken, f"{taken}    as_cited: Its forms are those of the model.\n")).warnings == ()


def test_without_the_mapping_each_stage_is_one_part_of_one_sentence() -> None:
    [fault] = faults_of(("    stages: {draft: writing, publication: notice, closed: dropped}\n", ""))
    assert fault.startswith(f"{HEAD}:15: packs.3: decision-practice needs a stage called draft: add it, map one with ")
    assert "; and a stage called publication: " in fault
    assert "; and a stage called closed: " in fault


def test_what_it_does_not_leave_out_guards_a_gate_that_it_does_not_have() -> None:
    [fault] = faults_of(("      replacement.named: A decision is not replaced by another one here.\n", ""))
    assert "replacement.named guards no gate that an action passes: add an action with gate record" in fault
    assert "`leaves_out: {replacement.named: REASON}`" in fault


def test_a_source_of_its_own_that_is_younger_leaves_the_examples_of_the_pack_alone() -> None:
    own_rules = (
        "language: 2\npack: fire-rules\ntitle: Its own sources\ninstrument: Scheme of governance\n"
        "cites:\n  paper.value_stated: {provision: part 5, basis: read, in_force: {from: 2026-01-01}}\n"
    )
    files = {**Library.load([FOLDER]).files, "schemes/fire/rules.yaml": own_rules.encode()}
    with pytest.raises(PackError) as refused:
        prove_schemes(Library(files), ["fire"], prove_walks=prove_walks)
    assert {(fault.file, fault.key) for fault in refused.value.faults} == {
        ("schemes/fire/examples.yaml", "paper.value_stated")
    }


def test_a_shared_file_needs_a_role_of_the_authority() -> None:
    [fault] = faults_of(("  - file: part-2\n    roles: {reviewer: secretary}\n", "  - part-2\n"))
    assert (
        "part-2 needs a role called reviewer: add it, or map it with `roles: {reviewer: YOURS}` under shared" in fault
    )
