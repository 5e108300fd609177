"""Faults that authors of packs meet most: each says what to write."""

from __future__ import annotations

import pytest

from rules.authoring.data_files import read_manual_example
from rules.authoring.reference import EXAMPLE_SCHEME
from rules.packs.library import SHIPPED_FOLDER, Library
from rules.reading.pack_folder import read_pack_files
from tests.rules.authoring.proofs import proof_faults
from tests.rules.manual_packs import HEAD, PRACTICE, RULES, manual_faults

EXAMPLES = "schemes/example/examples.yaml"
CITED = "    is: s8\n    citation: {instrument: An Act, provision: section 8, basis: read}\n"


def proof_messages(*changes: tuple[str, str, str], without: str = "") -> list[tuple[str, str, str]]:
    """The faults of the proof of the manual's scheme after some changes."""
    files = {**read_pack_files(SHIPPED_FOLDER), **read_manual_example()}
    for file, old, new in changes:
        assert old.encode() in files[file]
        files[file] = files[file].replace(old.encode(), new.encode(), 1)
    files.pop(without, None)
    return [(fault.file, fault.key, fault.message) for fault in proof_faults(Library(files), EXAMPLE_SCHEME)]


@pytest.mark.parametrize("name", ["exemption:prices.section", "exemption.section"])
def test_a_scheme_cannot_give_a_fact_of_one_subject(name: str) -> None:
    [fault] = manual_faults((HEAD, "given:\n", f"given:\n  {name}:\n{CITED}"))
    assert fault.key == f"given.{name}"
    assert fault.message == (
        "belongs to each exemption of one case: a scheme gives what is the same for every case, "
        "and so facts of the case alone"
    )


def test_a_fact_that_a_scheme_gives_and_nobody_declares_gets_a_suggestion() -> None:
    [fault] = manual_faults((HEAD, "given:\n  discount:\n", "given:\n  discuont:\n"))
    assert fault.message == "is a fact that nobody declares. Did you mean discount?"


def test_an_address_in_an_example_is_to_be_nested() -> None:
    found = proof_messages((EXAMPLES, "    given:\n", "    given:\n      exemption:s43.section: s8\n"))
    assert "is an address, as commands take it; in a file, write it as `exemption: {s43: {section: VALUE}}`" in [
        message for _, _, message in found
    ]


def test_the_day_of_an_example_is_not_a_shared_fact() -> None:
    assert proof_messages((EXAMPLES, "shared:\n", "shared:\n  act.on: 2021-01-01\n")) == [
        (
            EXAMPLES,
            "shared.act.on",
            "is the day of each example: take it out here, and write it in the example as `on: DAY`",
        )
    ]


def test_a_file_of_examples_that_is_not_there_is_one_fault() -> None:
    lacking = "stages.in_order, paper.complete, checks.made"
    assert proof_messages(without=EXAMPLES) == [
        (
            EXAMPLES,
            "",
            f"is not there: add it, with examples that show each of these satisfied and breached: {lacking}",
        )
    ]


def test_the_days_of_a_citation_lie_within_those_of_the_control() -> None:
    [fault] = manual_faults(
        (RULES, "    in_force: {from: 2020-04-01, to: 2030-12-31}", "    in_force: {from: 2010-04-01}")
    )
    assert fault.key == "cites.stages.in_order.in_force"
    assert fault.message == (
        "must lie within 2020-04-01 to 2030-12-31, the days on which the control is in force where it is declared; "
        "leave in_force out to take these"
    )


def test_a_limit_without_its_vat_basis_is_one_fault_that_names_all_three() -> None:
    [fault] = manual_faults((RULES, "is: £5,000 ex VAT", 'is: "£200,000"'))
    assert fault.key == "sets.parks.small_works.history.0.is"
    assert fault.message == (
        "'£200,000' does not say whether it includes VAT: add ex VAT or inc VAT, "
        "or write £200,000 as stated if the source does not say"
    )


def test_a_mistyped_key_gets_the_closest_one() -> None:
    faults = manual_faults((PRACTICE, "    requirement: Sending", "    requirment: Sending"))
    assert [fault.message for fault in faults] == ["is missing", "is not a known key. Did you mean requirement?"]


def test_a_fact_in_a_condition_that_nobody_declares_gets_the_closest_one() -> None:
    [fault] = manual_faults((PRACTICE, "        - checked: {is: true}\n", "        - cheked: {is: true}\n"))
    assert fault.message == "cheked is a fact that nobody declares. Did you mean checked?"


def test_an_act_that_asks_for_what_nobody_declares_is_to_declare_it() -> None:
    [fault] = manual_faults((HEAD, "    asks: [checked, advice]", "    asks: [checked, advice, call_in.member]"))
    assert fault.message == (
        "call_in.member is a fact that nobody declares: declare it under facts in a pack of the scheme"
    )


def test_a_control_at_a_gate_that_no_action_passes_can_be_left_out() -> None:
    faults = manual_faults((PRACTICE, "    gates: [send_back]\n", "    gates: [review_board]\n"))
    assert "review_board is not a gate." in faults[0].message
