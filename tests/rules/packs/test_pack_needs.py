"""A pack says what it needs of a scheme; a scheme maps stages, leaves controls out, or gets one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from rules.authoring.data_files import MANUAL_FOLDER, read_manual_example
from rules.authoring.reference import EXAMPLE_SCHEME
from rules.errors import PackError
from rules.judging.rulebook import Rulebook
from rules.language.conditions import Predicate, facts_in, values_in
from rules.packs.bundle import Bundle
from rules.packs.declared_words import WordSource
from rules.packs.library import Library
from rules.packs.pack_file import PackFile
from rules.packs.pack_needs import mapping_faults
from tests.rules.authoring.proofs import proof_faults
from tests.rules.manual_packs import HEAD, LAW, PRACTICE, manual_bundle, manual_faults, manual_files, manual_scheme
from tests.schemes.conftest import shipped_library


class TestOneSentence:
    def test_a_stage_that_a_scheme_lacks_is_one_fault_where_it_takes_the_pack(self) -> None:
        [fault] = manual_faults(
            (HEAD, "    stages: {writing: draft, opinion: advice}\n", "    stages: {opinion: advice}\n")
        )
        head = manual_files()[HEAD].decode()
        assert (fault.file, fault.key) == (HEAD, "packs.1")
        assert fault.line == head[: head.index("  - pack: parks-practice")].count("\n") + 1
        assert fault.message == (
            "parks-practice needs a stage called writing: add it, map one with `stages: {writing: YOURS}` under packs, "
            "or leave out the controls that name it (paper.in_draft)"
        )

    def test_a_pack_that_is_missing_is_named_and_its_faults_are_not_listed(self) -> None:
        without_law = {name: data for name, data in manual_files().items() if name != LAW}
        with pytest.raises(PackError) as refused:
            Bundle(without_law).scheme()
        faults = refused.value.faults
        assert [fault.message for fault in faults if fault.file == HEAD] == [
            "parks-practice needs the pack parks-act: add it under packs"
        ]
        assert not [fault for fault in faults if fault.file == PRACTICE]

    def test_several_needs_stand_in_one_sentence(self) -> None:
        needs = (
            PRACTICE,
            "[favourable, unfavourable, checked]\n  gates: [seal]",
            "[checked]\n  gates: [seal, inspect]",
        )
        [fault] = manual_faults(
            needs, (PRACTICE, "  facts: [summary, plan]\n", "  facts: [summary, plan, seal.number]\n")
        )
        assert fault.message == (
            "parks-practice needs a gate called inspect: declare it under gates, or map one with"
            " `gates: {inspect: YOURS}` under packs; and a fact called seal.number: declare it in a pack of your own,"
            " or map one with `facts: {seal.number: YOURS}` under packs"
        )

    @pytest.mark.parametrize(
        ("mapping", "needed", "way", "naming"),
        [
            ("tasks: {site_check: safety_check}", "a task called site_check", "add it to a stage", "opinion.on_a_plan"),
            ("roles: {adviser: manager}", "a role called adviser", "add it", "opinion.favourable"),
            ("actions: {endorse: support}", "an action called endorse", "add it", "opinion.on_a_plan"),
            (
                "gates: {seal: certify}",
                "a gate called seal",
                "declare it under gates",
                "stages.in_order, declaration.made, opinion.favourable",
            ),
            ("facts: {plan: drawing}", "a fact called plan", "declare it in a pack of your own", "opinion.on_a_plan"),
        ],
    )
    def test_each_sort_of_name_that_a_scheme_lacks_is_one_sentence(
        self, mapping: str, needed: str, way: str, naming: str
    ) -> None:
        [fault] = manual_faults((HEAD, f"    {mapping}\n", ""))
        own = re.sub(r": [a-z_]+}", ": YOURS}", mapping)
        assert fault.message == (
            f"parks-practice needs {needed}: {way}, map one with `{own}` under packs, "
            f"or leave out the controls that name it ({naming})"
        )

    def test_two_outcomes_that_a_scheme_lacks_are_named(self) -> None:
        [fault] = manual_faults((HEAD, "    outcomes: {favourable: supported, unfavourable: returned}\n", ""))
        ways = "add it to an action, map one with `outcomes: {favourable: YOURS}` under packs"
        assert f"needs an outcome called favourable: {ways}" in fault.message
        assert "; and an outcome called unfavourable: " in fault.message

    def test_a_name_that_is_mapped_to_nothing_gets_a_suggestion(self) -> None:
        [fault] = manual_faults((HEAD, "    roles: {adviser: manager}\n", "    roles: {adviser: manger}\n"))
        assert fault.message.startswith(
            "parks-practice needs a role called adviser: you map it to manger, which the scheme does not have."
            " Did you mean manager"
        )

    @pytest.mark.parametrize(
        ("old", "new", "key", "advice"),
        [
            ("{site_check: safety_check}", "{site_chek: safety_check, site_check: safety_check}", "tasks.site_chek",
             "is not among the tasks that parks-practice needs. Did you mean site_check?"),
            ("roles: {adviser: manager}", "roles: {adviser: manager, chair: chair}", "roles.chair",
             "is not among the roles that parks-practice needs. There are: adviser."),
        ],
    )  # fmt: skip
    def test_a_name_that_is_mapped_and_not_needed_is_a_fault_of_the_proof(
        self, old: str, new: str, key: str, advice: str
    ) -> None:
        bundle = manual_bundle((HEAD, old, new))
        [fault] = mapping_faults(bundle.pack_files(), WordSource(*bundle.head()))
        assert (fault.file, fault.key, fault.message) == (HEAD, f"packs.1.{key}", advice)

    def test_what_only_a_control_that_is_left_out_names_is_not_needed(self) -> None:
        left_out = "    leaves_out:\n      paper.in_draft: Papers may be changed at any stage under order 9.\n"
        faults = manual_faults(
            (HEAD, "stages: {writing: draft, opinion: advice}", "stages: {opinion: advice}"),
            (HEAD, "    leaves_out:\n", left_out),
        )
        unguarded = "the gate amend has no blocking control, so it could never be shut"
        assert [fault.message for fault in faults] == [unguarded]

    def test_a_pack_that_is_not_there_gets_a_suggestion(self) -> None:
        files = dict(shipped_library().files)
        head = "schemes/gla/scheme.yaml"
        files[head] = files[head].replace(b"- foia-2000\n", b"- foai-2000\n")
        with pytest.raises(PackError, match=r"law/foai-2000\.yaml is not there\. Did you mean foia-2000\?"):
            Library(files).scheme("gla")


class TestHowAPackIsTaken:
    def test_a_mapped_stage_is_read_under_the_name_of_the_scheme(self) -> None:
        control = manual_scheme().rulebook.controls["paper.in_draft"]
        assert control.requires == Predicate("case.stage", "is", "draft")

    def test_a_mapped_role_outcome_gate_and_action_are_read_under_the_names_of_the_scheme(self) -> None:
        controls = manual_scheme().rulebook.controls
        favourable, on_a_plan = controls["opinion.favourable"], controls["opinion.on_a_plan"]
        assert set(facts_in(favourable.requires)) == {"advice.outcome", "advice.role"}
        assert "supported" in str(favourable.requires)
        assert "manager" in str(favourable.requires)
        assert favourable.declaration.gates == ("certify",)
        assert "support" in str(on_a_plan.applies)
        assert set(facts_in(on_a_plan.requires)) == {"drawing", "safety_check.outcome"}

    def test_the_examples_of_the_pack_are_read_under_it_too(self) -> None:
        assert b"case.stage: writing" in read_manual_example()["law/parks-practice.examples.yaml"]
        assert proof_faults(Library.load([MANUAL_FOLDER]), EXAMPLE_SCHEME) == ()

    def test_a_fault_in_a_mapped_pack_keeps_its_line(self) -> None:
        [fault] = manual_faults((PRACTICE, "      case.stage: {is: writing}\n", "      case.stage: {is: written}\n"))
        text = manual_files()[PRACTICE].decode()
        assert fault.line == text[: text.index("case.stage: {is: writing}")].count("\n") + 1

    def test_a_control_that_is_left_out_is_not_judged_and_has_a_reason(self) -> None:
        scheme = manual_scheme()
        assert "paper.summarised_briefly" not in scheme.rulebook.controls
        assert scheme.declaration.left_out == {
            "paper.summarised_briefly": "Order 13 asks for the summary, and paper.complete checks it."
        }

    def test_a_control_that_the_pack_does_not_have_cannot_be_left_out(self) -> None:
        [fault] = manual_faults((HEAD, "      paper.summarised_briefly: ", "      paper.summarized_briefly: "))
        assert fault.key == "packs.1.leaves_out.paper.summarized_briefly"
        assert fault.message == "is not a control of parks-practice. Did you mean paper.summarised_briefly?"

    def test_a_control_is_left_out_with_a_reason_or_not_at_all(self) -> None:
        reason = "Order 13 asks for the summary, and paper.complete checks it."
        [fault] = manual_faults((HEAD, reason, "why"))
        assert fault.message == "must have at least 8 characters"


def names_used(pack_file: PackFile, rulebook: Rulebook) -> Iterator[str]:
    """Yield the facts and values that the controls, derived facts and linked facts of a pack read."""
    for declared in pack_file.pack.facts.values():
        yield from (declared.from_case.link, declared.from_case.fact) if declared.from_case else ()
    for name in pack_file.pack.controls:
        control = rulebook.controls[name]
        yield from facts_in(control.applies, control.requires)
        yield from values_in(control.applies, control.requires)
    for derived in rulebook.derived_facts:
        if derived.name in pack_file.pack.derived:
            yield from (*derived.inputs, *derived.values)


@pytest.mark.parametrize("scheme", ["council", "gla", "mopac"])
def test_each_shipped_pack_names_the_packs_that_it_needs(scheme: str) -> None:
    bundle, rulebook = shipped_library().bundle(scheme), shipped_library().scheme(scheme).rulebook
    packs = {pack_file.pack.pack: pack_file for pack_file in bundle.pack_files() if "law/" in pack_file.source.name}
    owners = {
        name: own
        for own, pack_file in packs.items()
        for name in (*pack_file.pack.facts, *pack_file.pack.derived, *pack_file.pack.values)
    }
    gates = {gate: own for own, pack_file in packs.items() for gate in pack_file.pack.gates}
    kinds = {kind: own for own, pack_file in packs.items() for kind in pack_file.pack.subjects}
    for own, pack_file in packs.items():
        controls = pack_file.pack.controls.values()
        used = {owners[name] for name in names_used(pack_file, rulebook) if name in owners}
        used |= {gates[gate] for control in controls for gate in control.gates if gate in gates}
        used |= {kinds[control.of] for control in controls if control.of in kinds}
        assert used - {own} == set(pack_file.pack.needs.packs), own
