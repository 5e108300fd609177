"""Faults of document templates, found before anybody asks for a document that cannot be made."""

from __future__ import annotations

import pytest

from rules.errors import PackError
from rules.language.conditions import Predicate, facts_in
from rules.packs.document_schema import (
    BlockSpec,
    DocumentTemplate,
    document_template_faults,
    parse_visibility_condition,
    who_acted_faults,
)
from rules.proving.scheme_proof import prove_schemes
from tests.schemes.conftest import (
    SCHEME_FILE,
    SHARED_FILE,
    library_with_changes,
    line_number_of,
    only_fault,
    scheme_faults,
    shipped_library,
)


def message_after(old: str, new: str, file: str = SCHEME_FILE) -> str:
    """The message of the only fault of the shipped scheme after a change of one text, which stands in it once."""
    fault = only_fault(library_with_changes((file, old, new)))
    assert fault.file == file
    assert fault.line > 0
    return fault.message


class TestBlocks:
    def test_recommendations_to_an_unknown_body_are_refused(self) -> None:
        message = message_after("{recommendation.body: {is: iab}}", "{recommendation.body: {is: iba}}")
        assert message == "where: 'iba' is not one of pib, iab, dmpc"

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            (
                "text: executive_summary\n",
                "text: executive_sumary\n",
                "executive_sumary is a fact that nobody declares. ",
            ),
            ("text: executive_summary\n", "text: exemption.limb\n", "exemption.limb is a fact of each exemption"),
            ('declaration.legal: "', 'form.legal: "', "form.legal is neither a flag nor a choice"),
            (
                "outcome: certified\n        r",
                "outcome: approved\n        r",
                "approved is not an outcome of chief_exec",
            ),
            ("signature: chief_executive\n", "signature: chief\n", "chief is not a stage that has an outcome"),
            (
                "unstated_as: {dmpc.outcome: Not yet taken, dmpc.role",
                "unstated_as: {iab.outcome: Not yet taken, dmpc.role",
                "iab.outcome is not shown in this block",
            ),
            ("capacity: Chief Executive Officer\n", "level: 2\n", "the signature of chief_executive names no capacity"),
        ],
    )
    def test_a_block_that_could_not_be_printed_is_refused(self, old: str, new: str, message: str) -> None:
        assert message_after(old, new).startswith(message)

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            ("  exemption.limb: Limb\n", "  contract.term: Limb\n", "contract.term is a fact that nobody declares"),
            ("  exemption.limb: Limb\n", "  recommendation.text: Limb\n", "recommendation.text is a fact of each"),
            ("  hangs_on: deferral.asked\n", "  hangs_on: deferral.until\n", "deferral.until is not a flag"),
        ],
    )
    def test_a_shared_block_that_could_not_be_printed_is_refused_in_its_own_file(
        self, old: str, new: str, message: str
    ) -> None:
        assert message_after(old, new, SHARED_FILE).startswith(message)

    @pytest.mark.parametrize(
        ("table", "message"),
        [
            ("table_of: contract\n", "table_of and columns belong together"),
            ("table_of: contracts\n        columns: {contract.value: Value}\n", "contracts is not a kind of subject."),
            ("table_of: contract\n        columns: {contract.worth: Worth}\n", "contract.worth is a fact that nobody"),
            ("table_of: contract\n        columns: {exemption.limb: Limb}\n", "exemption.limb is a fact of each"),
        ],
    )
    def test_a_table_that_could_not_be_printed_is_refused(self, table: str, message: str) -> None:
        heading = "      - heading: Report to the board\n"
        assert message_after(heading, f"{heading}        {table}").startswith(message)

    def test_a_heading_that_skips_a_level_is_refused(self) -> None:
        heading = "      - heading: Report to the board\n"
        message = message_after(heading, f"{heading}        level: 3\n")
        assert message == "'Report to the board' is of level 3 below a heading of level 1"

    def test_acts_of_an_unknown_stage_are_refused(self) -> None:
        message = message_after("        acts: [pib, iab]\n", "        acts: [pib, iac]\n")
        assert message == "iac is not a stage that has an outcome"

    @pytest.mark.parametrize(
        ("old", "new", "key"),
        [
            (
                "        where: {recommendation.body: {is: iab}}\n",
                "        were: {recommendation.body: {is: iab}}\n",
                "were",
            ),
            ("    marking_of: part_2.marking\n", "    marking_off: part_2.marking\n", "marking_off"),
            (
                "        unstated: Not yet stated\n",
                "        unstated: ''\n",
                "unstated",
            ),
        ],
    )
    def test_an_unknown_key_or_an_empty_word_is_refused_with_its_line(self, old: str, new: str, key: str) -> None:
        found = scheme_faults(library_with_changes((SCHEME_FILE, old, new)))
        assert [fault.key.split(".")[-1] for fault in found if key in fault.key] == [key]
        assert all(fault.line > 0 for fault in found)


class TestTemplates:
    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            ("    decided_at: iab\n", "    decided_at: draft\n", "draft is not a stage that has an outcome"),
            ("    marking_of: part_2.marking\n", "", "must be given as marking or as marking_of, one of the two"),
            (
                "    when: part_2.exists\n    blocks",
                "    when: part_2.marking\n    blocks",
                "part_2.marking is not a flag",
            ),
            ("  - kind: iab-report\n", "  - kind: decision-form\n", "there are two forms for decision-form Part 1"),
        ],
    )
    def test_a_template_that_does_not_hold_together_is_refused(self, old: str, new: str, message: str) -> None:
        assert message_after(old, new).startswith(message)

    def test_a_heading_cannot_depend_on_one_that_can_be_hidden(self) -> None:
        facts = shipped_library().scheme("mopac").rulebook.facts
        blocks = (BlockSpec(heading="Hidden", when="part_2.exists"), BlockSpec(heading="Below", level=3))
        form = DocumentTemplate(
            kind="form",
            part=1,
            name="F",
            title="title",
            marking="M",
            reference="title",
            decided_at="dmpc",
            blocks=blocks,
        )
        assert [message for _, message in document_template_faults((form,), facts)] == [
            "'Below' is of level 3 below a heading of level 1"
        ]

    @pytest.mark.parametrize(
        ("when", "message"),
        [
            ("{part_2.exsits: {is: true}}", "part_2.exsits is a fact that nobody declares"),
            ("{dmpc.outcome: {is: aproved}}", "'aproved' is not one of"),
            ("{estimated_value: {at_least: {value: consent.limit}}}", "consent.limit is a value that nobody declares"),
            ("{exemption.section: {is: s43}}", "exemption.section is a fact of each exemption, and cannot stand here"),
            ("{all: []}", "must be a list of 1 to"),
        ],
    )
    def test_a_condition_on_anything_but_facts_of_the_case_is_refused(self, when: str, message: str) -> None:
        assert message_after("    when: part_2.exists\n    blocks", f"    when: {when}\n    blocks").startswith(message)

    def test_a_document_may_depend_on_a_condition_of_several_facts(self) -> None:
        facts = shipped_library().scheme("mopac").rulebook.facts
        written = {"all": [{"dmpc.outcome": {"is": "approved"}}, {"part_2.exists": {"is": False}}]}
        condition, messages = parse_visibility_condition(written, facts)
        assert messages == []
        assert facts_in(condition) == ("dmpc.outcome", "part_2.exists")
        assert parse_visibility_condition("part_2.exists", facts) == (
            Predicate("part_2.exists", "is", operand=True),
            [],
        )

    @pytest.mark.parametrize("name", shipped_library().schemes())
    def test_the_templates_of_every_scheme_are_sound(self, name: str) -> None:
        scheme = shipped_library().scheme(name)
        assert list(document_template_faults(scheme.declaration.documents, scheme.rulebook.facts)) == []

    @pytest.mark.parametrize("name", shipped_library().schemes())
    def test_every_document_says_who_acted_up_to_its_decision(self, name: str) -> None:
        for form in shipped_library().scheme(name).declaration.documents:
            assert form.decided_at in {stage for block in form.blocks for stage in block.acts}, form.name

    @pytest.mark.parametrize("name", shipped_library().schemes())
    def test_the_shipped_documents_keep_the_rule_that_scheme_check_enforces(self, name: str) -> None:
        scheme = shipped_library().scheme(name)
        assert list(who_acted_faults(scheme.declaration.documents, scheme.rulebook.facts)) == []

    @pytest.mark.parametrize(
        "new",
        [
            "        words: [The board reported.]\n",
            "        acts: [pib]\n",
            "        acts: [pib, iab]\n        when: part_2.exists\n",
        ],
        ids=["no acts", "not the act of the decision", "not in every case"],
    )
    def test_a_document_that_does_not_say_who_acted_is_read_but_not_proved(self, new: str) -> None:
        library = library_with_changes((SCHEME_FILE, "        acts: [pib, iab]\n", new))
        assert library.scheme("mopac"), "ledgers hold schemes from before the rule"
        with pytest.raises(PackError) as refused:
            prove_schemes(library, ["mopac"])
        (fault,) = refused.value.faults
        assert (fault.file, fault.key) == (SCHEME_FILE, "documents.2.blocks")
        assert fault.line == line_number_of(library, SCHEME_FILE, "kind: iab-report") + 7, "the line of its blocks"
        assert fault.message == (
            "iab-report Part 1 does not say who decided. Add a block without when,"
            " such as: {heading: Who acted, acts: [pib, iab]}"
        )

    def test_a_reference_that_is_given_after_the_decision_is_read_but_not_proved(self) -> None:
        title = "    subtitle: MOPAC Investment Advisory Board\n"
        library = library_with_changes((SCHEME_FILE, title, f"{title}    reference: decision.reference\n"))
        assert library.scheme("mopac"), "ledgers hold schemes from before the rule"
        with pytest.raises(PackError) as refused:
            prove_schemes(library, ["mopac"])
        (fault,) = refused.value.faults
        assert (fault.file, fault.key) == (SCHEME_FILE, "documents.2.reference")
        assert fault.message == "decision.reference is given after iab: leave the reference out, or name another"

    def test_acts_may_stand_in_several_blocks(self) -> None:
        acts = "        acts: [pib, iab]\n"
        two = "        acts: [pib]\n      - heading: Who decided\n        acts: [iab]\n"
        scheme = library_with_changes((SCHEME_FILE, acts, two)).scheme("mopac")
        assert list(who_acted_faults(scheme.declaration.documents, scheme.rulebook.facts)) == []

    def test_the_shipped_templates_are_sound(self) -> None:
        scheme = shipped_library().scheme("mopac")
        assert list(document_template_faults(scheme.declaration.documents, scheme.rulebook.facts)) == []
        assert [(form.kind, form.part) for form in scheme.declaration.documents] == [
            ("decision-form", 1),
            ("decision-form", 2),
            ("iab-report", 1),
            ("pib-paper", 1),
            ("decision-notice", 1),
        ]
