"""Properties of every shipped scheme."""

import re
from itertools import pairwise

import pytest

from rules.packs.example_schema import ExampleFile
from rules.packs.library import Library
from rules.packs.scheme import Scheme
from rules.reading.yaml_reader import read_yaml
from tests.schemes.conftest import PRACTICE_FILE, prove_scheme_examples, scheme_citations

LIBRARY = Library.load([])
ENDS_IN_COMMAND = re.compile(r"--[a-z-]+ [^ ]+$")


@pytest.fixture(params=LIBRARY.schemes())
def any_scheme(request: pytest.FixtureRequest) -> Scheme:
    return LIBRARY.scheme(request.param)


def test_three_authorities_of_london_an_example_council_and_an_example_board_are_shipped() -> None:
    assert LIBRARY.schemes() == ["board", "council", "gla", "lfc", "mopac"]


def test_everything_cites_an_instrument_and_a_provision_and_links_to_pages(any_scheme: Scheme) -> None:
    cited = dict(scheme_citations(any_scheme)) | {
        name: given.citation for name, given in any_scheme.declaration.given.items()
    }
    assert all(one.instrument and one.provision for one in cited.values())
    assert [name for name, one in cited.items() if one.link and not one.link.startswith(("https://", "http://"))] == []


def test_every_unverified_citation_has_a_note(any_scheme: Scheme) -> None:
    without = [name for name, cited in scheme_citations(any_scheme) if cited.basis == "unverified" and not cited.note]
    assert without == []


def test_every_control_words_its_requirement_its_breach_and_its_cure_in_sentences(any_scheme: Scheme) -> None:
    for control in any_scheme.rulebook.controls.values():
        for words in (control.declaration.requirement, control.declaration.wrong, control.declaration.cure):
            assert words[0].isupper(), control.id
            # A full stop after a command would be copied with it.
            assert words.endswith(".") is not bool(ENDS_IN_COMMAND.search(words.rstrip("."))), control.id


def stage_after_decision(scheme: Scheme) -> str:
    """Return the stage to which a decision leads: publication, or implementation where nothing is published."""
    return next(name for name in ("publication", "implementation") if name in scheme.declaration.stages)


def test_no_act_leads_past_the_decision(any_scheme: Scheme) -> None:
    """Every act that leads to publication, or else to implementation, passes the gate decide."""
    after = stage_after_decision(any_scheme)
    leading = [action for action in any_scheme.declaration.actions.values() if action.to == after]
    assert leading
    assert {action.gate for action in leading} == {"decide"}


def test_a_case_can_go_back_to_its_author_from_every_stage_up_to_the_decision(any_scheme: Scheme) -> None:
    names = list(any_scheme.declaration.stages)
    for stage in names[1 : names.index(stage_after_decision(any_scheme))]:
        assert "draft" in {action.to for action in any_scheme.actions_at(stage).values()}


def test_the_examples_prove_every_control_both_ways_and_have_different_names(any_scheme: Scheme) -> None:
    files = LIBRARY.example_files(any_scheme.id)
    proof = prove_scheme_examples(LIBRARY, any_scheme.id)
    assert proof.faults == []
    assert {"satisfied", "breached"} <= set.intersection(*map(set, proof.outcomes.values()))
    declared = {name for name, control in any_scheme.rulebook.controls.items() if not control.is_generated}
    assert set(proof.outcomes) == declared
    given = [ExampleFile.model_validate(read_yaml(data, file).data).examples for file, data in files.items()]
    names = sorted(example.name for examples in given for example in examples)
    assert [name for name, other in pairwise(names) if name == other] == []


def test_nothing_of_the_shared_practice_is_declared_again(any_scheme: Scheme) -> None:
    bundle = LIBRARY.bundle(any_scheme.id)
    data = {file: read_yaml(text, file).data for file, text in bundle.files.items()}
    practice = data.pop(PRACTICE_FILE, {})
    for section in ("facts", "derived", "diary", "controls"):
        own = {name for other in data.values() if isinstance(other.get(section), dict) for name in other[section]}
        assert practice.get(section, {}).keys() & own == set()


def test_each_authority_cites_the_shared_practice_by_its_own_source_and_days(any_scheme: Scheme) -> None:
    cites = {
        name: cited for part in LIBRARY.bundle(any_scheme.id).pack_files() for name, cited in part.pack.cites.items()
    }
    shares_practice = PRACTICE_FILE in LIBRARY.bundle(any_scheme.id).files
    assert {"paper.value_stated", "decision.reference_assigned"} <= cites.keys() or not shares_practice
    for name, cited in cites.items():
        declared = (any_scheme.rulebook.controls.get(name) or any_scheme.diary_rules[name]).declaration
        assert declared.citation.model_dump() == cited.model_dump(exclude={"in_force"})
    periods = {name: cited.in_force for name, cited in cites.items() if cited.in_force}
    assert periods == {name: any_scheme.rulebook.controls[name].declaration.in_force for name in periods}
