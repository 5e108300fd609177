"""Do the examples notice when the law is written wrongly? Each mutant is a scheme with one thing changed."""

import sys

import pytest

from rules.examples import ExampleFile, Proof, check
from rules.library import Library
from rules.mutations import Mutant, mutants, score
from rules.reading import read
from tests.schemes.conftest import PROCUREMENT, Altered


def proof_of(library: Library, name: str) -> Proof:
    return check(library.scheme(name), library.examples(name), library.bundle(name).parts())


@pytest.mark.parametrize("name", Library.of([]).schemes())
def test_the_examples_notice_every_wrong_control_value_and_worked_out_fact(
    library: Library, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    proof = proof_of(library, name)
    found = score(mutants(library.scheme(name).rulebook, proof.shown), proof.equivalent)
    with capsys.disabled():
        sys.stdout.write(f"\n{name}: {found}\n")
    assert found.missed == ()
    assert found.not_equivalent == (), "said to mean the same, but caught after all or not there: strike it out"
    assert found.caught > 100


def test_an_example_that_is_taken_away_lets_a_mutant_through(library: Library) -> None:
    proof = proof_of(library, "mopac")
    kept = [
        one for one in proof.shown if one.name != "A penny below the 2018 threshold no regulated procedure is needed"
    ]
    assert len(kept) == len(proof.shown) - 1
    found = score(mutants(library.scheme("mopac").rulebook, kept), proof.equivalent)
    assert found.missed == ("procurement.threshold of sub_central, goods_services: figure -1p",)


def test_a_mutant_that_is_on_the_list_of_equivalents_and_caught_is_told() -> None:
    found = score([Mutant("one", caught=True), Mutant("two", caught=False)], ["one", "two", "three"])
    assert (found.caught, found.missed, found.not_equivalent) == (0, (), ("one", "three"))


def test_the_score_counts_what_was_missed() -> None:
    found = score([Mutant("one", caught=True), Mutant("two", caught=False)], [])
    assert str(found) == "mutants caught: 1 of 2"
    assert found.missed == ("two",)


def test_every_equivalent_of_a_file_says_why(library: Library) -> None:
    files = {file for file in library.files if file.endswith("examples.yaml")}
    reasons = [ExampleFile.model_validate(read(library.files[file], file).data).equivalent for file in sorted(files)]
    assert sum(map(len, reasons)) >= 6
    assert all(len(why) > 20 for named in reasons for why in named.values())


def test_a_second_row_is_named_by_its_first_day(altered: Altered) -> None:
    library = altered(
        (PROCUREMENT, "\ncontrols:\n", f"{NEXT_ROW}\ncontrols:\n"),
    )
    names = [one.name for one in mutants(library.scheme("mopac").rulebook, ())]
    whose = "procurement.threshold of sub_central, goods_services from 2020-01-01"
    assert f"{whose}: figure +1p" in names
    assert f"{whose}: first day -1 day" not in names, "the row before it still stands, and comes first"
    assert len(names) == len(set(names))


NEXT_ROW = """      - from: 2020-01-01
        for: {buyer: sub_central, contract_kind: goods_services}
        is: £189,330 ex VAT
        operator: at_least
        citation: {provision: thresholds for 2020 and 2021, basis: secondary}
"""
