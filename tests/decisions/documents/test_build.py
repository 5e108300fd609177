"""A document shows a case in draft, returned, rejected or approved as its record stands, and invents nothing."""

from __future__ import annotations

from datetime import date

import pytest

from decisions.documents.blocks.heading import Heading
from decisions.documents.build import build_document
from decisions.documents.record_views import build_exempt_record, build_public_record
from decisions.errors import DocumentError
from rules.errors import InputError
from rules.packs.document_schema import BlockSpec, DocumentTemplate, VisibilityCondition
from rules.values.facts import FactValue
from rules.values.passages import Paragraph
from tests.decisions.cases import (
    CERTIFIED_FACTS,
    DECIDED_FACTS,
    DECISION_FORM,
    DECISION_NOTICE,
    DOCUMENTS,
    IAB_REPORT,
    OPENED_FACTS,
    PIB_PAPER,
    act_facts,
    case_at,
    decided_case,
    document_view,
    public_paper_without,
    shipped_paper,
    shipped_scheme,
)
from tests.decisions.documents.reading import (
    REJECTED_FACTS,
    RETURNED_FACTS,
    all_text,
    blocks_below,
    values_by_label,
)
from workflow.cases.case import Case, ExemptFacts

WITHOUT_PART_2 = case_at(
    "publication", {**DECIDED_FACTS, "part_2.exists": False}, public_paper_without("part_2", "exemption")
)
OPENED = case_at("draft", OPENED_FACTS)


class TestParts:
    @pytest.mark.parametrize(("kind", "part"), DOCUMENTS)
    def test_a_document_is_never_made_from_a_record_of_the_other_part(self, kind: str, part: int) -> None:
        public = build_public_record(decided_case(), "", shipped_scheme())
        exempt = build_exempt_record(decided_case(), ExemptFacts(shipped_paper().exempt), "", shipped_scheme())
        with pytest.raises(DocumentError, match="of the other part"):
            build_document(shipped_scheme().document_template(kind, part), exempt if part == 1 else public)

    def test_part_2_of_a_case_that_states_there_is_none_is_refused(self) -> None:
        with pytest.raises(InputError, match=r"MOPAC-2018-1 has no DMPC decision form, Part 2"):
            document_view(DECISION_FORM, 2, WITHOUT_PART_2)

    def test_part_2_without_a_marking_states_that_it_is_not_for_publication(self) -> None:
        view = document_view(DECISION_FORM, 2, case_at("draft", OPENED_FACTS, {}), {})
        assert view.marking == "NOT FOR PUBLICATION (marking not stated)"

    def test_part_1_of_a_case_without_part_2_has_no_exemption_block(self) -> None:
        for kind in (DECISION_FORM, IAB_REPORT):
            text = all_text(document_view(kind, 1, WITHOUT_PART_2))
            assert "exempt from" not in text.replace("likely to be exempt from", "")
        assert values_by_label(document_view(DECISION_FORM, 1, WITHOUT_PART_2))["Is there a Part 2 form?"] == "No"


class TestMasthead:
    @pytest.mark.parametrize(
        ("case", "form", "report"),
        [
            pytest.param(OPENED, "Draft", "Draft", id="open"),
            pytest.param(case_at("dmpc", CERTIFIED_FACTS), "Submitted", "Supported", id="certified"),
            pytest.param(decided_case(), "Approved", "Supported", id="approved"),
            pytest.param(case_at("published", DECIDED_FACTS), "Approved", "Supported", id="published"),
            pytest.param(case_at("closed", REJECTED_FACTS), "Rejected", "Supported", id="rejected"),
            pytest.param(
                case_at("closed", OPENED_FACTS),
                "Closed without a decision",
                "Closed without a decision",
                id="withdrawn",
            ),
            pytest.param(case_at("draft", RETURNED_FACTS), "Returned", "Draft", id="returned"),
            pytest.param(
                case_at("iab", {**OPENED_FACTS, **act_facts("iab", "deferred", date(2018, 3, 22), "Chair")}),
                "Submitted",
                "Deferred",
                id="put off",
            ),
        ],
    )
    def test_the_status_is_the_outcome_of_the_deciding_stage_while_that_stands(
        self, case: Case, form: str, report: str
    ) -> None:
        assert document_view(DECISION_FORM, 1, case).status == form
        assert document_view(IAB_REPORT, 1, case).status == report

    def test_a_draft_is_referred_to_by_the_number_of_its_case(self) -> None:
        assert document_view(DECISION_FORM, 1, OPENED).reference == "MOPAC-2018-1"
        assert document_view(DECISION_FORM, 1).reference == "PCD 361"

    def test_a_board_paper_bears_no_number_that_was_given_after_the_board(self) -> None:
        assert document_view(IAB_REPORT, 1).reference == document_view(PIB_PAPER, 1).reference == "MOPAC-2018-1"

    def test_a_document_is_dated_by_its_decision_and_before_that_by_the_last_act(self) -> None:
        assert document_view(DECISION_FORM, 1).document_date == date(2018, 4, 16)
        assert document_view(IAB_REPORT, 1).document_date == date(2018, 3, 22)
        certified = case_at("dmpc", CERTIFIED_FACTS)
        assert document_view(DECISION_FORM, 1, certified).document_date == certified.last_on

    def test_a_title_of_several_lines_becomes_one_line(self) -> None:
        assert document_view(DECISION_FORM, 1, decided_case(title="One\n\ntwo")).title == "One two"

    def test_a_case_without_a_title_is_titled_by_its_number(self) -> None:
        assert document_view(DECISION_FORM, 1, case_at("draft", OPENED_FACTS, {})).title == "MOPAC-2018-1"


class TestCondition:
    """A block depends on a flag or a condition. If the record cannot decide it, the block is not shown."""

    @staticmethod
    def shown_headings(when: VisibilityCondition, **changes: FactValue) -> list[str]:
        template = changed_template(blocks=(BlockSpec(heading="Shown", text="title", when=when),))
        view = build_document(template, build_public_record(decided_case(**changes), "", shipped_scheme()))
        return [block.text for block in view.blocks if isinstance(block, Heading)]

    def test_a_block_is_shown_only_if_its_condition_holds(self) -> None:
        when = {"dmpc.outcome": {"is": "approved"}}
        assert self.shown_headings(when) == ["Shown"]
        assert self.shown_headings(when, dmpc__outcome="rejected") == []

    def test_a_condition_may_use_a_derived_fact(self) -> None:
        when = {"required_by.working_day": {"is": True}}
        assert self.shown_headings(when, required_by=date(2018, 3, 30)) == []
        assert self.shown_headings(when, required_by=date(2018, 3, 29)) == ["Shown"]

    def test_a_block_that_depends_on_a_fact_of_part_2_is_not_shown_in_part_1(self) -> None:
        assert self.shown_headings({"estimated_value": {"at_least": "£1 ex VAT"}}) == []

    @pytest.mark.parametrize(("reference", "is_made"), [("PCD 361", True), ("PCD 1", False), (None, True)])
    def test_a_document_is_not_made_if_its_own_condition_is_false(
        self, reference: str | None, *, is_made: bool
    ) -> None:
        template = changed_template(when={"decision.reference": {"is": "PCD 361"}})
        facts = {name: value for name, value in DECIDED_FACTS.items() if name != "decision.reference"}
        known = facts if reference is None else {**facts, "decision.reference": reference}
        record = build_public_record(case_at("publication", known), "", shipped_scheme())
        if is_made:
            assert build_document(template, record).title
            return
        with pytest.raises(InputError, match=r"as the record stands in decision\.reference"):
            build_document(template, record)


def changed_template(**changes: object) -> DocumentTemplate:
    """Return the template of the decision form with some keys changed."""
    return shipped_scheme().document_template(DECISION_FORM, 1).model_copy(update=changes)


class TestNotice:
    def test_a_case_without_a_decision_has_no_notice(self) -> None:
        with pytest.raises(InputError, match=r"has no Notice of a decision, as the record stands in dmpc\.outcome$"):
            document_view(DECISION_NOTICE, 1, OPENED)

    def test_a_case_that_was_returned_has_no_notice(self) -> None:
        with pytest.raises(InputError, match="has no Notice of a decision"):
            document_view(DECISION_NOTICE, 1, case_at("draft", RETURNED_FACTS))

    def test_the_notice_of_a_rejected_case_gives_the_reason(self) -> None:
        view = document_view(DECISION_NOTICE, 1, case_at("closed", REJECTED_FACTS))
        assert blocks_below(view, "Reasons why the request was not approved") == [Paragraph("Too dear.")]
        assert values_by_label(view)["Decision"] == "Rejected"


class TestEmptySections:
    SHOWN_WHEN_CLOSED = document_view(DECISION_FORM, 1, case_at("closed", OPENED_FACTS, {"title": "A pond"}))

    def test_no_heading_stands_above_nothing(self) -> None:
        levels = [(block.level if isinstance(block, Heading) else 0) for block in self.SHOWN_WHEN_CLOSED.blocks]
        for level, following in zip(levels, [*levels[1:], 1], strict=True):
            assert not level or not following or following > level

    def test_no_words_introduce_nothing(self) -> None:
        texts = [block.text for block in self.SHOWN_WHEN_CLOSED.blocks if isinstance(block, Paragraph)]
        assert not [text for text in texts if text.endswith(":")]

    def test_a_draft_shows_every_section_to_fill_in(self) -> None:
        view = document_view(DECISION_FORM, 1, case_at("draft", OPENED_FACTS, {}))
        template = shipped_scheme().document_template(DECISION_FORM, 1)
        declared = {block.heading for block in template.blocks if block.heading and not block.when}
        shown = {block.text for block in view.blocks if isinstance(block, Heading)}
        assert shown >= declared - {"Corrections", "The decision"}
