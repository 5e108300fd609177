"""Each kind of block with the fact that it shows, and without it: nothing is invented, and nothing is left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import ClassVar

import pytest

from decisions.documents import wording
from decisions.documents.blocks.acts import build_acts
from decisions.documents.blocks.corrections import build_corrections
from decisions.documents.blocks.fields import Field, Fields, build_fields
from decisions.documents.blocks.heading import Heading
from decisions.documents.blocks.point_list import MAX_LETTER_LENGTH, build_point_list
from decisions.documents.blocks.prose import build_prose
from decisions.documents.blocks.registry import BLOCK_BUILDERS
from decisions.documents.blocks.signature import Signature, build_signature
from decisions.documents.blocks.statements import build_statements
from decisions.documents.blocks.subject_details import build_subject_details
from decisions.documents.blocks.subject_table import build_subject_table
from decisions.documents.blocks.summary_box import build_summary_box
from decisions.documents.build import build_document
from decisions.documents.record_views import CaseRecord, build_exempt_record, build_public_record
from decisions.errors import DocumentError
from rules.packs.document_schema import BlockSpec
from rules.values.facts import CASE, FactValue
from rules.values.passages import Item, Listing, Note, Paragraph, Table
from tests.rules.manual_packs import manual_scheme
from workflow.cases.case import Case, ExemptFacts
from workflow.cases.events import UNNAMED, Withheld

Facts = dict[str, FactValue]
LAST_ON = date(2024, 3, 8)


def record_of(stage: str = "draft", exempt: Facts | None = None, **facts: FactValue) -> CaseRecord:
    """Return the record of a case; `__` stands for a dot."""
    return record_with({name.replace("__", "."): value for name, value in facts.items()}, stage, exempt)


def record_with(facts: Facts, stage: str = "draft", exempt: Facts | None = None) -> CaseRecord:
    case = Case("EPA-2024-1", "example", 1, stage, LAST_ON, facts)
    if exempt is None:
        return build_public_record(case, "head", manual_scheme())
    return build_exempt_record(case, ExemptFacts(exempt), "head", manual_scheme())


def correction_facts(key: str, of: str, was: str, now: str) -> Facts:
    values: Facts = {"of": of, "was": was, "now": now, "reason": "A slip.", "on": LAST_ON, "by": "The Clerk"}
    return {f"correction:{key}.{name}": value for name, value in values.items()}


def first_cells(table: Table) -> list[str]:
    return [row[0].text for row in table.rows]


class TestTablesOfSubjects:
    SPEC = BlockSpec(
        table_of="objection", columns={"objection.by": "From", "objection.text": "Objection"},
        unstated="None was made", unstated_as={"objection.by": "Not named"},
    )  # fmt: skip

    def test_each_thing_of_the_kind_has_a_row_with_what_is_known_of_it(self) -> None:
        facts: Facts = {"objection:b.text": "Too loud", "objection:a.text": "Too late", "objection:a.by": "A Lee"}
        [table] = build_subject_table(self.SPEC, record_with(facts))
        assert isinstance(table, Table)
        assert [cell.text for cell in table.head] == ["From", "Objection"]
        assert [[cell.text for cell in row] for row in table.rows] == [["A Lee", "Too late"], ["Not named", "Too loud"]]

    def test_without_any_it_says_so(self) -> None:
        assert list(build_subject_table(self.SPEC, record_of())) == [Paragraph("None was made.")]

    def test_what_only_part_2_names_has_no_row_in_part_1(self) -> None:
        exempt: Facts = {"objection:a.text": "Secret"}
        assert list(build_subject_table(self.SPEC, record_with({}))) == [Paragraph("None was made.")]
        [table] = build_subject_table(self.SPEC, record_with({}, exempt=exempt))
        assert isinstance(table, Table)
        assert [cell.text for cell in table.rows[0]] == ["Not named", "Secret"]

    def test_the_day_of_a_row_is_not_broken(self) -> None:
        spec = BlockSpec(table_of="exemption", columns={"exemption.review_on": "Review"})
        [table] = build_subject_table(spec, record_with({"exemption:a.review_on": LAST_ON}))
        assert isinstance(table, Table)
        assert table.rows[0][0].text == "8\u00a0March 2024"


class TestFields:
    SPEC = BlockSpec(
        fields={"cost": "Cost", "visits": "Visits", "decision.reference": "Reference"},
        unstated="Not known", unstated_as={"visits": "Not counted"}, hangs_on="urgent",
    )  # fmt: skip

    def shown(self, record: CaseRecord) -> list[str]:
        [block] = build_fields(self.SPEC, record)
        return [field.value or field.placeholder for field in block.items]

    def test_what_is_known_is_shown_in_words(self) -> None:
        record = record_of(visits=12_000, decision__reference="EPA\nD1")
        assert self.shown(record) == ["Not known", "12000", "EPA D1"]

    def test_a_fact_has_words_of_its_own_while_it_is_not_known(self) -> None:
        assert self.shown(record_of()) == ["Not known", "Not counted", "Not known"]
        assert self.shown(record_of(urgent=True)) == ["Not known", "Not counted", "Not known"]

    def test_where_the_flag_that_it_hangs_on_is_false_what_is_not_known_is_left_out(self) -> None:
        assert self.shown(record_of(urgent=False, visits=1)) == ["1"]
        assert list(build_fields(self.SPEC, record_of(urgent=False))) == []

    def test_once_the_paper_is_sent_only_what_an_act_can_record_is_still_awaited(self) -> None:
        assert self.shown(record_of("decision")) == ["Not counted", "Not known"], (
            "a fact of the paper with words of its own"
        )
        assert self.shown(record_of("closed")) == ["Not counted"]

    def test_a_derived_fact_is_shown_only_with_words_for_it(self) -> None:
        facts, of_rules = manual_scheme().rulebook.facts, manual_scheme().rulebook.derived_facts
        known = record_of().evidence.facts_of(CASE)
        derived = next(f.name for f in of_rules if facts.subject_kind_of(f.name) == CASE and f.name not in known)
        with_words = BlockSpec(fields={derived: "Derived"}, unstated_as={derived: "Not yet"})
        [block] = build_fields(with_words, record_of())
        assert block.items[0].placeholder == "Not yet"
        assert list(build_fields(BlockSpec(fields={derived: "Derived"}), record_of())) == []
        assert list(build_fields(with_words, record_of("closed"))) == []

    def test_zero_and_no_are_values_and_not_gaps(self) -> None:
        [block] = build_fields(
            BlockSpec(fields={"visits": "Visits", "urgent": "Urgent"}), record_of(visits=0, urgent=False)
        )
        assert [field.value for field in block.items] == ["0", "No"]

    def test_only_what_a_paper_states_can_be_edited_in_the_document(self) -> None:
        labels = {"title": "Title", "cost": "Cost", "decision.reference": "Reference", "decision.by": "By"}
        [block] = build_fields(BlockSpec(fields=labels), record_of(title="A pond"))
        assert [field.fact for field in block.items] == ["title", "cost", "", ""]

    def test_a_fact_of_part_2_is_known_to_the_confidential_document_alone(self) -> None:
        assert self.shown(record_of())[1] == "Not counted"
        assert self.shown(record_of(exempt={"visits": 7}))[1] == "7"


class TestSummaryBox:
    SPEC = BlockSpec(heading="Decision", boxed={"decision.outcome": "Decision"}, unstated="Not yet")

    @pytest.mark.parametrize(
        ("facts", "value", "placeholder"),
        [({}, "", "Not yet"), ({"decision.outcome": "approved"}, "Approved", "Not yet")],
    )
    def test_it_shows_a_value_or_the_words_for_none(self, facts: Facts, value: str, placeholder: str) -> None:
        [box] = build_summary_box(self.SPEC, record_with(facts))
        assert box.heading == "Decision"
        assert box.items == (Field("Decision", value, placeholder),)

    def test_what_no_act_will_record_any_more_is_left_out(self) -> None:
        spec = BlockSpec(boxed={"decision.outcome": "Decision"}, unstated_as={"decision.outcome": "Not yet"})
        waiting, ended = (list(build_summary_box(spec, record_with({}, stage))) for stage in ("decision", "closed"))
        assert [box.items[0].placeholder for box in waiting] == ["Not yet"]
        assert ended == []


class TestSubjectDetails:
    SPEC = BlockSpec(details_of="exemption", details={"exemption.section": "Section", "exemption.reason": "Reason"})

    def test_each_has_a_list_of_its_own_in_the_order_of_their_keys(self) -> None:
        facts: Facts = {"exemption:b.section": "s9", "exemption:a.section": "s8", "exemption:a.reason": "Trade."}
        blocks = list(build_subject_details(self.SPEC, record_with(facts)))
        assert [[field.value for field in block.items] for block in blocks if isinstance(block, Fields)] == [
            ["Section 8, commercial interests", "Trade."], ["Section 9, safety", ""],
        ]  # fmt: skip

    def test_none_is_said_to_be_named_in_this_part(self) -> None:
        assert list(build_subject_details(self.SPEC, record_of())) == [Paragraph("None is named in this part.")]

    def test_only_those_are_listed_that_the_block_selects(self) -> None:
        facts: Facts = {"exemption:a.section": "s8", "exemption:b.section": "s9"}
        spec = self.SPEC.model_copy(update={"where": {"exemption.section": {"is": "s9"}}})
        [block] = build_subject_details(spec, record_with(facts))
        assert isinstance(block, Fields)
        assert block.items[0].value == "Section 9, safety"

    SENT = BlockSpec(
        details_of="exemption",
        details={"exemption.section": "Section", "exemption.reason": "Reason", "exemption.review_on": "Review"},
    )
    GROUND: ClassVar[Facts] = {"exemption:a.section": "s8"}

    def placeholders(self, facts: Facts, stage: str, exempt: Facts | None = None) -> list[str]:
        return self.placeholders_of(record_with(facts, stage, exempt))

    def placeholders_of(self, record: CaseRecord) -> list[str]:
        [block] = build_subject_details(self.SENT, record)
        assert isinstance(block, Fields)
        return [field.value or field.placeholder for field in block.items[1:]]

    def placeholders_where(self, withheld: Withheld) -> list[str]:
        record = record_with(self.GROUND, "decision")
        return self.placeholders_of(replace(record, case=replace(record.case, withheld=withheld)))

    def test_what_part_2_holds_is_called_withheld_and_the_rest_is_left_out_once_the_paper_is_sent(self) -> None:
        words = manual_scheme().declaration.withheld_as
        assert self.placeholders_where(Withheld(frozenset({"exemption:a.review_on"}))) == [words]
        assert self.placeholders(self.GROUND, "decision") == []
        assert self.placeholders(self.GROUND, "draft") == ["Not recorded"] * 2

    def test_a_record_that_does_not_say_what_is_withheld_says_no_more_than_that(self) -> None:
        assert self.placeholders_where(UNNAMED) == [wording.NOT_IN_PART_1] * 2

    def test_the_confidential_document_withholds_nothing(self) -> None:
        exempt: Facts = {"exemption:a.review_on": LAST_ON}
        assert self.placeholders(self.GROUND, "decision", exempt) == ["8 March 2024"]

    def test_each_field_is_edited_at_the_address_of_its_exemption(self) -> None:
        [block] = build_subject_details(self.SPEC, record_with({"exemption:a.section": "s8"}))
        assert isinstance(block, Fields)
        assert [field.fact for field in block.items] == ["exemption:a.section", "exemption:a.reason"]


class TestCorrections:
    SPEC = BlockSpec(corrections=True)

    def test_each_says_what_was_wrong_what_is_right_why_and_by_whom(self) -> None:
        line, fields = build_corrections(self.SPEC, record_with(correction_facts("1", "title", "Pond", "Ponds")))
        assert line == Heading("Corrected on 8 March 2024: Title", 3)
        assert isinstance(fields, Fields)
        assert [(field.label, field.value) for field in fields.items] == [
            ("It said", "Pond"), ("It should say", "Ponds"), ("Reason", "A slip."), ("By", "The Clerk"),
        ]  # fmt: skip

    def test_they_stand_in_the_order_in_which_they_were_made(self) -> None:
        facts = {
            **correction_facts("10", "title", "b", "c"),
            **correction_facts("9", "title", "a", "b"),
            **correction_facts("part2-1", "objection:a.text", "x", "y"),
        }
        blocks = build_corrections(self.SPEC, record_with(facts))
        shown = [block.items[0].value if isinstance(block, Fields) else block.text for block in blocks]
        assert shown == [
            "Corrected on 8 March 2024: Title", "a", "Corrected on 8 March 2024: Title", "b",
            "Corrected on 8 March 2024: Objection (a)", "x",
        ]  # fmt: skip

    def test_a_fact_that_the_scheme_no_longer_knows_is_named_by_its_address(self) -> None:
        line, _ = build_corrections(self.SPEC, record_with(correction_facts("1", "lost.fact", "a", "b")))
        assert line == Heading("Corrected on 8 March 2024: lost.fact", 3)

    def test_a_public_document_shows_no_correction_of_part_2(self) -> None:
        exempt = correction_facts("part2-1", "confidential.advice", "secret", "more secret")
        full = record_with({}, exempt=exempt)
        assert len(list(build_corrections(self.SPEC, full))) == 2
        assert list(build_corrections(self.SPEC, record_with({}))) == []

    def test_without_a_correction_not_even_the_heading_is_shown(self) -> None:
        template = manual_scheme().document_template("decision", 1)
        headings = {
            block.text
            for facts in ({}, correction_facts("1", "title", "a", "b"))
            for block in build_document(template, record_with({"title": "A pond", **facts})).blocks
            if isinstance(block, Heading)
        }
        without = build_document(template, record_with({"title": "A pond"})).blocks
        assert "Corrections" in headings
        assert "Corrections" not in [block.text for block in without if isinstance(block, Heading)]


class TestProse:
    def test_paragraphs_are_numbered_below_their_section_and_lists_are_not(self) -> None:
        record = record_of(summary="One.\n\n- a\n- b\n\nTwo.")
        blocks = list(build_prose(BlockSpec(text="summary", numbered="2"), record, []))
        assert [block.number if isinstance(block, Paragraph) else None for block in blocks] == ["2.1.", None, "2.2."]

    def test_without_a_section_nothing_is_numbered(self) -> None:
        blocks = list(build_prose(BlockSpec(text="summary"), record_of(summary="One.\n\nTwo."), []))
        assert [block.number for block in blocks if isinstance(block, Paragraph)] == ["", ""]

    @pytest.mark.parametrize(("unstated", "text"), [("Not recorded", "Not recorded."), ("To follow", "To follow.")])
    def test_a_text_that_is_not_known_is_one_paragraph_that_says_so(self, unstated: str, text: str) -> None:
        spec = BlockSpec(text="summary", numbered="1", unstated=unstated)
        assert list(build_prose(spec, record_of(), [])) == [Paragraph(text, number="1.1.")]

    def test_a_text_that_nobody_was_asked_for_has_no_paragraph(self) -> None:
        assert list(build_prose(BlockSpec(text="summary"), record_of("decision"), [])) == []

    def test_a_numbered_section_keeps_its_number(self) -> None:
        blocks = list(build_prose(BlockSpec(text="summary", numbered="1"), record_of("decision"), []))
        assert blocks == [Paragraph("Nothing is stated in this part.", number="1.1.")]

    def test_notes_go_on_from_those_that_the_document_cited_before(self) -> None:
        record = record_of(summary="Cheap.[^1]\n\n[^1]: As far as is known.")
        notes: list[Note] = []
        for _ in range(2):
            list(build_prose(BlockSpec(text="summary"), record, notes))
        assert [note.number for note in notes] == [1, 2]


POINT_KEYS = ("number", "letter", "verb", "text")


class TestPointLists:
    SPEC = BlockSpec.model_validate({
        "points": {"of": "recommendation", **{key: f"recommendation.{key}" for key in POINT_KEYS}},
        "where": {"recommendation.body": {"is": "committee"}},
        "unstated": "There are none",
    })  # fmt: skip

    def facts(self, key: str, **more: FactValue) -> Facts:
        return {
            f"recommendation:{key}.body": "committee", f"recommendation:{key}.verb": "approve",
            **{f"recommendation:{key}.{name}": value for name, value in more.items()},
        }  # fmt: skip

    def items(self, facts: Facts) -> list[Item]:
        [block] = build_point_list(self.SPEC, record_with(facts))
        assert isinstance(block, Listing)
        return list(block.items)

    def test_none_is_said_in_the_words_of_the_scheme(self) -> None:
        assert list(build_point_list(self.SPEC, record_of())) == [Paragraph("There are none.")]

    def test_in_a_case_that_has_ended_nothing_is_said_of_none(self) -> None:
        assert list(build_point_list(self.SPEC, record_of("closed"))) == []

    def test_one_to_another_body_is_not_among_them(self) -> None:
        other = {**self.facts("a", number=1, text="Dig."), "recommendation:a.body": "manager"}
        assert list(build_point_list(self.SPEC, record_with(other))) == [Paragraph("There are none.")]

    def test_a_list_without_numbers_letters_and_verbs_has_the_texts_alone(self) -> None:
        spec = BlockSpec.model_validate({"points": {"of": "recommendation", "text": "recommendation.text"}})
        [block] = build_point_list(spec, record_with(self.facts("a", number=4, letter="b", text="Dig.")))
        assert isinstance(block, Listing)
        assert [(item.label, item.verb, item.text) for item in block.items] == [("", "", "Dig.")]

    def test_a_letter_without_its_number_stands_below_a_number_of_its_own(self) -> None:
        [item] = self.items(self.facts("a", number=3, letter="b", text="Dig."))
        assert (item.label, item.text, [part.label for part in item.subitems]) == ("3.", "", ["b."])

    def test_one_without_a_text_is_shown_and_cannot_be_edited(self) -> None:
        stated, bare = self.items({**self.facts("a", number=1, text="Dig."), **self.facts("b", number=2)})
        assert (stated.fact, bare.fact) == ("recommendation:a.text", "")
        assert (bare.text, bare.label) == ("", "2.")

    def test_a_letter_is_as_long_as_a_citation_can_be(self) -> None:
        longest = "a" * MAX_LETTER_LENGTH
        assert self.items(self.facts("a", number=1, letter=longest))[0].subitems[0].label == f"{longest}."
        with pytest.raises(DocumentError, match=r"the letter of recommendation:a has 13 characters") as refused:
            self.items(self.facts("a", number=1, letter=longest + "a"))
        assert "at most 12 characters" in refused.value.advice()


class TestStatements:
    SPEC = BlockSpec(
        statements={"checked": "The figures were checked.", "advice": "Legal advice:"}, unstated="Not stated"
    )

    def rows(self, record: CaseRecord) -> list[tuple[str, str]]:
        [block] = build_statements(self.SPEC, record)
        return [(row.label, row.value or row.placeholder) for row in block.rows]

    def test_a_flag_that_is_true_and_a_choice_that_was_made_are_confirmed(self) -> None:
        choice, label = next(iter(manual_scheme().fact_declaration("advice").choices.items()))
        assert self.rows(record_of(checked=True, advice=choice)) == [
            ("The figures were checked.", "Confirmed"), (f"Legal advice: {label}.", "Confirmed"),
        ]  # fmt: skip

    def test_a_flag_that_is_false_is_not_confirmed(self) -> None:
        assert self.rows(record_of(checked=False))[0] == ("The figures were checked.", "Not yet confirmed")

    def test_what_is_not_known_is_not_confirmed_and_after_the_end_never_will_be(self) -> None:
        assert [words for _, words in self.rows(record_of())] == ["Not yet confirmed"] * 2
        assert [words for _, words in self.rows(record_of("closed", checked=False))] == ["Not confirmed"] * 2
        assert self.rows(record_of())[1][0] == "Legal advice: Not stated."


class TestActs:
    SPEC = BlockSpec(acts=("decision", "advice"), unstated="Nobody has acted yet")
    FACTS: ClassVar[Facts] = {
        "advice.outcome": "supported", "advice.by": "M. Anager", "advice.role": "manager",
        "advice.on": date(2024, 3, 1),
    }  # fmt: skip

    def test_before_anybody_acted_one_line_says_so(self) -> None:
        assert list(build_acts(self.SPEC, record_of())) == [Paragraph("Nobody has acted yet.")]

    def test_a_declaration_that_nobody_was_asked_for_is_not_shown(self) -> None:
        assert list(build_statements(TestStatements.SPEC, record_of("closed"))) == []

    def test_a_stage_with_an_outcome_has_a_row_and_one_without_has_none(self) -> None:
        [table] = build_acts(self.SPEC, record_with(self.FACTS))
        assert isinstance(table, Table)
        assert [cell.text for cell in table.rows[0]] == [
            "1\u00a0March\u00a02024", "Advice of the manager", "Supported by the manager", "M. Anager, Parks manager",
        ]  # fmt: skip
        assert len(table.rows) == 1

    def test_rows_stand_in_the_order_of_the_block(self) -> None:
        [table] = build_acts(self.SPEC, record_with({**self.FACTS, "decision.outcome": "approved"}))
        assert isinstance(table, Table)
        assert [row[1].text for row in table.rows] == ["Decision of the committee", "Advice of the manager"]

    def test_an_outcome_without_officer_or_day_leaves_their_cells_empty(self) -> None:
        [table] = build_acts(self.SPEC, record_of(decision__outcome="approved"))
        assert isinstance(table, Table)
        assert [cell.text for cell in table.rows[0]] == ["", "Decision of the committee", "Approved", ""]


class TestSignature:
    SPEC = BlockSpec(
        signature="decision", outcome="approved", reason="send_back.reason", capacity="Chair",
        words=("The decision is taken.",), fields={"interests": "Interests"},
    )  # fmt: skip
    SIGNED: ClassVar[Facts] = {"decision.outcome": "approved", "decision.by": "C. Hair", "decision.on": LAST_ON}

    def test_before_the_act_there_is_a_line_to_sign_on_with_all_that_is_to_be_entered(self) -> None:
        assert list(build_signature(self.SPEC, record_of())) == [
            Signature("Chair", ("The decision is taken.",), items=(Field("Interests", ""),))
        ]

    def test_after_it_only_what_was_entered_is_shown(self) -> None:
        assert list(build_signature(self.SPEC, record_with(self.SIGNED))) == [
            Signature("Chair", ("The decision is taken.",), "Approved by", "C. Hair", LAST_ON)
        ]

    def test_an_imported_act_says_when_it_was_recorded(self) -> None:
        [block] = build_signature(self.SPEC, record_with({**self.SIGNED, "entered.on": date(2024, 5, 1)}))
        assert block.remarks == (Field("Recorded on", "1 May 2024"),)

    def test_after_the_end_nobody_signs_any_more(self) -> None:
        assert list(build_signature(self.SPEC, record_of("closed"))) == []

    def test_without_a_fact_for_the_reason_another_outcome_has_no_row_for_one(self) -> None:
        facts = {**self.SIGNED, "decision.outcome": "returned", "send_back.reason": "Too dear."}
        [with_reason], [without] = (
            list(build_signature(spec, record_with(facts)))
            for spec in (self.SPEC, self.SPEC.model_copy(update={"reason": ""}))
        )
        assert with_reason == Signature(
            "Chair", (), "Returned by", "C. Hair", LAST_ON, remarks=(Field("Reason", "Too dear."),)
        )
        assert without == replace(with_reason, remarks=())


def test_each_builder_has_its_tests_here() -> None:
    tried = (
        TestPointLists.SPEC,
        TestFields.SPEC,
        TestSubjectDetails.SPEC,
        TestStatements.SPEC,
        TestActs.SPEC,
        TestTablesOfSubjects.SPEC,
        TestCorrections.SPEC,
    )
    assert {key for key in BLOCK_BUILDERS for spec in tried if getattr(spec, key)} == BLOCK_BUILDERS.keys()
