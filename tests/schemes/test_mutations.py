"""Whether the examples notice mistakes in the law: each mutant is a scheme with one thing changed."""

from itertools import chain

import pytest

from decisions.proving.flow_mutants import run_flow_mutants
from rules.packs.example_schema import ExampleFile
from rules.packs.library import Library
from rules.proving.examples import ExampleReport
from rules.proving.mutations import Mutant, run_mutants, score_mutants
from rules.reading.yaml_reader import read_yaml
from tests.schemes.conftest import prove_scheme_examples


def sound_proof_of(library: Library, name: str) -> ExampleReport:
    proof = prove_scheme_examples(library, name)
    assert proof.faults == []
    return proof


@pytest.mark.very_long
@pytest.mark.parametrize("name", Library.load([]).schemes())
def test_the_examples_notice_every_wrong_control_value_and_derived_fact(library: Library, name: str) -> None:
    proof = sound_proof_of(library, name)
    mutants = chain(run_mutants(library.scheme(name).rulebook, proof.runs), run_flow_mutants(library, name))
    found = score_mutants(mutants, proof.equivalent_mutants)
    assert found.missed == ()
    assert found.not_equivalent == (), "called equivalent, but caught or not there: take it off the list"
    assert found.caught > 100


@pytest.mark.very_long
def test_mutants_of_a_control_that_no_example_names_are_missed(library: Library) -> None:
    proof, silenced = sound_proof_of(library, "mopac"), "procurement.modification_ground"
    kept = [run for run in proof.runs if silenced not in {expected.control for expected in run.expectations}]
    assert len(kept) < len(proof.runs)
    found = score_mutants(run_mutants(library.scheme("mopac").rulebook, kept), proof.equivalent_mutants)
    assert f"{silenced}: left out" in found.missed
    assert f"{silenced} requires the opposite" in found.missed
    assert "foia.part_2_grounded requires the opposite" not in found.missed


def test_a_mutant_called_equivalent_is_named_if_it_is_caught_or_unknown() -> None:
    found = score_mutants([Mutant("one", caught=True), Mutant("two", caught=False)], ["one", "two", "three"])
    assert (found.caught, found.missed, found.not_equivalent) == (0, (), ("one", "three"))


def test_the_score_counts_missed_mutants() -> None:
    found = score_mutants([Mutant("one", caught=True), Mutant("two", caught=False)], [])
    assert str(found) == "mutants caught: 1 of 2"
    assert found.missed == ("two",)


def test_every_equivalent_mutant_has_a_reason(library: Library) -> None:
    files = {file for file in library.files if file.endswith("examples.yaml")}
    reasons = [
        ExampleFile.model_validate(read_yaml(library.files[file], file).data).equivalent for file in sorted(files)
    ]
    assert sum(map(len, reasons)) >= 6
    assert all(len(why) > 20 for named in reasons for why in named.values())


def test_a_second_row_for_the_same_choices_is_named_by_its_first_day(library: Library) -> None:
    names = [mutant.name for mutant in run_mutants(library.scheme("mopac").rulebook, ())]
    again = [name for name in names if " from " in name and ": first day" in name]
    assert again
    assert not any(name.endswith("first day -1 day") for name in again), (
        "the row before it still stands, and comes first"
    )
    assert len(names) == len(set(names))
