"""What an authority sets or cites in a folder over a shipped scheme, and how examples prove it."""

import pytest

from rules.errors import Fault
from rules.packs.library import Library
from rules.proving.examples import ExampleReport
from tests.schemes.conftest import prove_scheme_examples, shipped_library

LIMITS = "schemes/mopac/our-limits.yaml"
OURS = "schemes/mopac/our-limits.examples.yaml"
CONSENT = "schemes/mopac/consent.examples.yaml"
SET = """pack: our-limits
title: Limits of our own scheme
sets:
  claim.limit:
    history:
      - from: 2018-04-01
        is: £10,000 as stated
        operator: more_than
        citation: {instrument: Our scheme of delegation, provision: paragraph 4.10, basis: read}
"""
CITED = """pack: our-rules
title: What our own forms ask
cites:
  interests.stated: {instrument: Our form, provision: box 3, basis: read, in_force: {from: 2030-01-01}}
"""
SHARED = """shared:
  matter.kind: claim
  matter.novel: false
  property.unusual: false
  estimated_value: "£10,000.01 ex VAT"
  dmpc.role: chief_executive
examples:
"""
EXAMPLE = (
    SHARED
    + """
  - name: A claim of a penny more than the limit of our own is the Deputy Mayor's
    on: 2018-04-16
    then: {consent.decided_by_dmpc: breached}
"""
)


def with_ours(given: dict[str, str], **changed: bytes) -> Library:
    """The shipped library with files of a further folder, and with some shipped files changed."""
    ours = {file: text.encode() for file, text in given.items()}
    return Library({**shipped_library().files, **changed, **ours}, extra_files=dict.fromkeys(given, 1))


def wrong_outcomes(proof: ExampleReport) -> list[Fault]:
    """The faults of a report, without those of outcomes that no example shows."""
    return [fault for fault in proof.faults if not fault.message.startswith("no example shows")]


def test_examples_of_an_unset_limit_stay_right_when_a_folder_sets_it() -> None:
    proof = prove_scheme_examples(with_ours({LIMITS: SET}), "mopac")
    assert proof.faults == []
    assert "claim.limit" in {fault.key for fault in proof.unproved_boundaries}, "the report names it"


def test_without_settings_the_base_scheme_is_the_scheme() -> None:
    library = shipped_library()
    assert library.base_scheme("mopac").scheme is library.scheme("mopac")


def test_a_limit_that_is_set_is_in_the_scheme_but_not_in_its_base() -> None:
    library = with_ours({LIMITS: SET})
    assert library.scheme("mopac").rulebook.law.values["claim.limit"].history
    assert library.base_scheme("mopac").scheme.rulebook.law.values["claim.limit"].history == ()


def test_examples_stay_right_on_days_that_an_authority_leaves_out() -> None:
    proof = prove_scheme_examples(with_ours({"schemes/gla/our-rules.yaml": CITED}), "gla")
    assert proof.faults == []
    assert {fault.key for fault in proof.unproved_boundaries} == {"interests.stated"}


def test_a_wrong_shipped_example_is_found_with_a_folder_too() -> None:
    text = shipped_library().files[CONSENT].decode()
    old = "    given:\n      matter.kind: claim\n    then: {consent.decided_by_dmpc: undetermined}\n"
    assert text.count(old) == 1
    changed = text.replace(old, old.replace("undetermined", "breached"))
    (fault,) = wrong_outcomes(
        prove_scheme_examples(with_ours({LIMITS: SET}, **{CONSENT: changed.encode()}), "mopac", CONSENT)
    )
    assert fault.file == CONSENT
    assert fault.message.startswith("is undetermined, not breached")


@pytest.mark.parametrize(("outcome", "is_right"), [("breached", True), ("undetermined", False)])
def test_examples_of_the_folder_are_judged_by_the_limit_that_it_sets(outcome: str, is_right: bool) -> None:
    examples = EXAMPLE.replace("breached", outcome)
    faults = wrong_outcomes(prove_scheme_examples(with_ours({LIMITS: SET, OURS: examples}), "mopac", OURS))
    assert [fault.file for fault in faults] == ([] if is_right else [OURS])


def test_a_folder_with_examples_must_prove_what_it_sets() -> None:
    proof = prove_scheme_examples(with_ours({LIMITS: SET, OURS: EXAMPLE}), "mopac")
    assert proof.unproved_boundaries == []
    untested = [fault for fault in proof.faults if fault.key == "claim.limit"]
    assert {fault.file for fault in untested} == {OURS}
    assert not any("£10,000.01" in fault.message for fault in untested), "an example stands there"
    assert any("at estimated_value £10,000 as stated" in fault.message for fault in untested)


def test_examples_on_both_sides_of_a_setting_prove_it() -> None:
    others = "consent.earlier_gate: not_applicable, property.consent_before_marketing: not_applicable"
    examples = EXAMPLE.replace("breached}", f"breached, {others}, property.reported: not_applicable}}")
    for on, value, outcome in (
        ("2018-03-31", "£10,000 ex VAT", "undetermined"),
        ("2018-04-01", "£10,000 ex VAT", "satisfied"),
        ("2018-04-01", "£9,999.99 ex VAT", "satisfied"),
    ):
        examples += f"""
  - name: Who decides on a claim of {value} on {on}
    on: {on}
    given: {{estimated_value: "{value}"}}
    then: {{consent.decided_by_dmpc: {outcome}, {others}, property.reported: not_applicable}}
"""
    proof = prove_scheme_examples(with_ours({LIMITS: SET, OURS: examples}), "mopac")
    assert (proof.faults, proof.unproved_boundaries) == ([], [])


def test_examples_of_an_earlier_folder_stay_right_when_a_later_one_sets_a_limit() -> None:
    unset = EXAMPLE.replace("breached", "undetermined")
    files = {**shipped_library().files, LIMITS: SET.encode(), OURS: unset.encode()}
    assert wrong_outcomes(prove_scheme_examples(Library(files, extra_files={OURS: 1, LIMITS: 2}), "mopac", OURS)) == []
    assert wrong_outcomes(prove_scheme_examples(Library(files, extra_files={OURS: 2, LIMITS: 2}), "mopac", OURS)) != []
