"""What a form becomes of a record, in draft, returned, rejected or approved: all that is there, and no invention."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import pytest

from decisions.documents.blocks.fields import Field, Fields
from decisions.documents.blocks.heading import Heading
from decisions.documents.blocks.registry import Block
from decisions.documents.blocks.signature import Signature
from decisions.documents.blocks.statements import Statements
from decisions.documents.blocks.summary_box import SummaryBox
from decisions.documents.build import build_document
from decisions.documents.record_views import build_exempt_record, build_public_record
from decisions.documents.view import Document
from decisions.errors import DocumentError
from rules.errors import InputError
from rules.packs.document_schema import BlockSpec, VisibilityCondition
from rules.values.facts import FactValue
from rules.values.passages import Item, Listing, Paragraph, Table
from tests.decisions.cases import (
    CERTIFIED_FACTS,
    DECIDED_FACTS,
    DECISION_FORM,
    DECISION_NOTICE,
    DOCUMENTS,
    IAB_REPORT,
    OPENED_FACTS,
    act_facts,
    case_at,
    decided_case,
    document_view,
    public_paper_without,
    shipped_paper,
    shipped_scheme,
)
from workflow.cases.case import Case, ExemptFacts

APPROVED = "The above request has my approval."
REJECTED = {
    **CERTIFIED_FACTS,
    **act_facts("dmpc", "rejected", date(2018, 4, 16), "Deputy Mayor"),
    "send_back.reason": "Too dear.",
}
RETURNED = {
    **OPENED_FACTS,
    **act_facts("dmpc", "returned", date(2018, 4, 16), "Deputy Mayor"),
    "send_back.reason": "No figures.",
}


def signatures(made: Document) -> list[Signature]:
    return [block for block in made.blocks if isinstance(block, Signature)]


def entered(made: Document) -> dict[str, str]:
    """What stands beside each label of the document; the first where a label stands twice."""
    fields: dict[str, str] = {}
    for block in made.blocks:
        if isinstance(block, Fields | SummaryBox | Signature):
            for field in block.items:
                fields.setdefault(field.label, field.value or field.placeholder)
    return fields


def asked(made: Document) -> list[Item]:
    """Every recommendation and part of one, in order."""
    whole = [
        item
        for block in made.blocks
        if isinstance(block, Listing)
        for item in block.items
        if item.verb or item.subitems
    ]
    return [each for item in whole for each in (item, *item.subitems)]


def below(made: Document, heading: str) -> list[Block]:
    """What stands between a heading and the next."""
    places = [place for place, block in enumerate(made.blocks) if isinstance(block, Heading | SummaryBox)]
    [start] = [n for n in places if isinstance(block := made.blocks[n], Heading) and block.text == heading]
    following = (n for a, n in pairwise([*places, len(made.blocks)]) if a == start)
    return list(made.blocks[start + 1 : next(following)])


def said(made: Document) -> str:
    """All the words of the blocks, to look for some in them."""
    return "\n".join(repr(block) for block in made.blocks)


def recommended(*items: tuple[FactValue | None, str]) -> Case:
    """The decided case with these recommendations to the Deputy Mayor, by number and letter, in the order given."""
    facts: dict[str, FactValue] = {**public_paper_without("recommendation:"), **DECIDED_FACTS}
    for place, (number, letter) in enumerate(items):
        at = f"recommendation:r{len(items) - place}"
        facts |= {f"{at}.body": "dmpc", f"{at}.verb": "note", f"{at}.text": f"item {place}"}
        facts |= {f"{at}.number": number} if number is not None else {}
        facts |= {f"{at}.letter": letter} if letter else {}
    return case_at("publication", facts, {})


class TestTheTwoParts:
    @pytest.mark.parametrize(("kind", "part"), DOCUMENTS)
    def test_a_form_is_never_made_from_a_record_of_the_other_part(self, kind: str, part: int) -> None:
        public = build_public_record(decided_case(), "", shipped_scheme())
        whole = build_exempt_record(decided_case(), ExemptFacts(shipped_paper().exempt), "", shipped_scheme())
        with pytest.raises(DocumentError, match="of the other part"):
            build_document(shipped_scheme().document_template(kind, part), whole if part == 1 else public)

    def test_part_2_is_refused_of_a_case_that_says_it_has_none(self) -> None:
        with pytest.raises(InputError, match=r"MOPAC-2018-1 has no DMPC decision form, Part 2"):
            document_view(
                DECISION_FORM,
                2,
                case_at(
                    "publication",
                    {**DECIDED_FACTS, "part_2.exists": False},
                    public_paper_without("part_2", "exemption"),
                ),
            )

    def test_part_2_without_a_marking_says_that_it_is_not_for_publication(self) -> None:
        made = document_view(DECISION_FORM, 2, case_at("draft", OPENED_FACTS, {}), {})
        assert made.marking == "NOT FOR PUBLICATION (marking not stated)"

    def test_part_1_of_a_case_without_part_2_has_no_exemption_block(self) -> None:
        made = case_at(
            "publication", {**DECIDED_FACTS, "part_2.exists": False}, public_paper_without("part_2", "exemption")
        )
        for kind in (DECISION_FORM, IAB_REPORT):
            assert "exempt from" not in said(document_view(kind, 1, made)).replace("likely to be exempt from", "")
        assert entered(document_view(DECISION_FORM, 1, made))["Is there a Part 2 form?"] == "No"


class TestStatus:
    @pytest.mark.parametrize(
        ("made", "form", "report"),
        [
            (case_at("draft", OPENED_FACTS), "Draft", "Draft"),
            (case_at("dmpc", CERTIFIED_FACTS), "Draft", "Supported"),
            (decided_case(), "Approved", "Supported"),
            (case_at("published", DECIDED_FACTS), "Approved", "Supported"),
            (case_at("closed", REJECTED), "Rejected", "Supported"),
            (case_at("closed", OPENED_FACTS), "Closed without a decision", "Closed without a decision"),
            (case_at("draft", RETURNED), "Returned", "Draft"),
            (
                case_at("iab", {**OPENED_FACTS, **act_facts("iab", "deferred", date(2018, 3, 22), "Chair")}),
                "Draft",
                "Deferred",
            ),
        ],
        ids=[
            "open",
            "certified",
            "approved",
            "published",
            "rejected",
            "withdrawn",
            "returned",
            "put off",
        ],
    )
    def test_it_is_the_outcome_of_the_deciding_stage_while_that_stands(
        self, made: Case, form: str, report: str
    ) -> None:
        assert (document_view(DECISION_FORM, 1, made).status, document_view(IAB_REPORT, 1, made).status) == (
            form,
            report,
        )

    def test_a_draft_goes_by_the_number_of_its_case(self) -> None:
        assert document_view(DECISION_FORM, 1, case_at("draft", OPENED_FACTS)).reference == "MOPAC-2018-1"
        assert document_view(DECISION_FORM, 1).reference == "PCD 361"

    def test_the_form_is_dated_by_the_decision_and_the_report_by_the_board(self) -> None:
        assert (document_view(DECISION_FORM, 1).document_date, document_view(IAB_REPORT, 1).document_date) == (
            date(2018, 4, 16),
            date(2018, 3, 22),
        )
        assert document_view(DECISION_FORM, 1, case_at("dmpc", CERTIFIED_FACTS)).document_date == date(2018, 4, 16), (
            "the last day on the case"
        )


class TestSignatures:
    def test_each_bears_the_name_and_day_of_the_act_that_was_recorded(self) -> None:
        signed = [(each.capacity, each.name, each.signed_on) for each in signatures(document_view(DECISION_FORM, 1))]
        assert signed == [
            ("Deputy Mayor for Policing and Crime", "Deputy Mayor", date(2018, 4, 16)),
            ("Head of Unit", "Head of Smarter Working", date(2018, 4, 9)),
            ("Chief Executive Officer", "R Lawrence", date(2018, 4, 11)),
        ]

    def test_those_of_a_draft_wait_for_a_pen(self) -> None:
        waiting = signatures(document_view(DECISION_FORM, 1, case_at("draft", OPENED_FACTS)))
        assert [(each.name, each.signed_on) for each in waiting] == [("", None)] * 3
        assert APPROVED in waiting[0].words

    @pytest.mark.parametrize(
        "made", [case_at("closed", REJECTED), case_at("draft", RETURNED)], ids=["rejected", "returned"]
    )
    def test_one_who_did_not_approve_stands_under_no_words_of_approval(self, made: Case) -> None:
        shown = document_view(DECISION_FORM, 1, made)
        assert APPROVED not in said(shown)
        assert "I confirm I have considered" not in said(shown)
        [block] = below(shown, "Deputy Mayor for Policing and Crime")
        assert isinstance(block, Fields)
        assert block.items == (
            Field("Outcome", str(made.facts["dmpc.outcome"]).capitalize()),
            Field("By", "Deputy Mayor"),
            Field("Capacity", "Deputy Mayor for Policing and Crime"),
            Field("Date", "16 April 2018"),
            Field("Reason", str(made.facts["send_back.reason"])),
        )

    def test_nobody_is_asked_to_sign_what_was_signed_by_somebody_whom_the_record_does_not_name(self) -> None:
        told = {where: value for where, value in DECIDED_FACTS.items() if where != "dmpc.by"}
        first = signatures(document_view(DECISION_FORM, 1, case_at("published", told)))[0]
        assert (first.name, first.signed_on) == ("Not recorded", date(2018, 4, 16))

    def test_an_act_of_no_known_day_is_told_without_a_reason_against_it(self) -> None:
        told = {where: value for where, value in DECIDED_FACTS.items() if where != "dmpc.on"}
        [block] = below(
            document_view(DECISION_FORM, 1, case_at("published", told)), "Deputy Mayor for Policing and Crime"
        )
        assert isinstance(block, Fields)
        assert [(field.label, field.value) for field in block.items] == [
            ("Outcome", "Approved"),
            ("By", "Deputy Mayor"),
            ("Capacity", "Deputy Mayor for Policing and Crime"),
            ("Date", ""),
        ]

    def test_no_statement_of_a_case_that_was_closed_is_awaited(self) -> None:
        [table] = [
            block
            for block in document_view(DECISION_FORM, 1, case_at("closed", OPENED_FACTS)).blocks
            if isinstance(block, Statements)
        ]
        assert {row.placeholder for row in table.rows} == {"Not confirmed"}

    def test_nobody_is_asked_to_sign_a_case_that_was_closed(self) -> None:
        made = document_view(DECISION_FORM, 1, case_at("closed", OPENED_FACTS))
        assert signatures(made) == []
        assert APPROVED not in said(made)
        assert entered(made)["Signature"] == "Not signed. Closed without a decision."

    def test_what_came_before_a_rejection_stays_signed(self) -> None:
        assert [each.name for each in signatures(document_view(DECISION_FORM, 1, case_at("closed", REJECTED)))] == [
            "Head of Smarter Working",
            "R Lawrence",
        ]

    def test_interests_stand_with_the_signature_in_a_nil_return_as_in_particulars(self) -> None:
        nil = signatures(document_view(DECISION_FORM, 1))[0].items
        assert [(field.label, field.value) for field in nil] == [("Interests", "None to record")]
        some = decided_case(interests__declared="recorded", interests__recorded="Shares in\nthe supplier.")
        assert [(field.label, field.value) for field in signatures(document_view(DECISION_FORM, 1, some))[0].items] == [
            ("Interests", "Recorded below"),
            ("Particulars of interests", "Shares in the supplier."),
        ]

    def test_the_deputy_mayor_is_not_made_to_say_in_part_2_what_no_act_records(self) -> None:
        [signature] = signatures(document_view(DECISION_FORM, 2))
        assert signature.words == ("The request to which this form belongs has my approval.",)


class TestRecommendations:
    def test_they_stand_in_order_with_their_verbs(self) -> None:
        assert [(item.label, item.verb) for item in asked(document_view(DECISION_FORM, 1))] == [
            ("1.", "Approve"), ("a.", "Approve"), ("b.", "Note"), ("c.", "Approve"), ("d.", "Note"), ("e.", "Note"),
            ("2.", "Note"), ("3.", "Note"), ("4.", "Note"), ("5.", "Acknowledge"),
        ]  # fmt: skip

    def test_ten_comes_after_nine_and_aa_after_z(self) -> None:
        made = recommended((10, ""), (9, ""), (9, "aa"), (9, "z"), (9, "b"))
        assert [item.label for item in asked(document_view(DECISION_FORM, 1, made))] == ["9.", "b.", "z.", "aa.", "10."]

    def test_none_is_lost_where_two_have_one_number_or_one_has_none(self) -> None:
        made = asked(document_view(DECISION_FORM, 1, recommended((2, ""), (2, ""), (None, ""), (3, "a"), (3, "b"))))
        assert {f"item {place}" for place in range(5)} <= {item.text for item in made}
        assert [item.label for item in made] == ["", "2.", "2.", "3.", "a.", "b."]

    def test_forty_are_forty(self) -> None:
        made = asked(document_view(DECISION_FORM, 1, recommended(*((number, "") for number in range(40, 0, -1)))))
        assert [item.label for item in made] == [f"{number}." for number in range(1, 41)]

    def test_where_there_are_none_the_form_says_so(self) -> None:
        assert Paragraph("Not recorded.") in document_view(DECISION_FORM, 1, case_at("draft", OPENED_FACTS, {})).blocks


class TestFields:
    def test_what_does_not_apply_is_told_from_what_was_not_answered(self) -> None:
        reason = "If yes, for what reason"
        assert entered(document_view(DECISION_FORM, 1))[reason] == "Not applicable"
        assert entered(document_view(DECISION_FORM, 1, decided_case(deferral__asked=True)))[reason] == "Not recorded"
        assert entered(document_view(DECISION_FORM, 1, case_at("draft", OPENED_FACTS, {})))[reason] == "Not recorded"

    def test_a_deferral_shows_its_reason_and_its_day(self) -> None:
        made = entered(
            document_view(
                DECISION_FORM,
                1,
                decided_case(deferral__asked=True, deferral__reason="A lease.", deferral__until=date(2018, 6, 30)),
            )
        )
        assert made["Is the publication of Part 1 of this approval to be deferred?"] == "Yes"
        assert (made["If yes, for what reason"], made["Until what date"]) == ("A lease.", "30 June 2018")

    def test_release_and_review_are_two_days_and_never_one(self) -> None:
        made = entered(document_view(DECISION_FORM, 1))
        assert made["Date at which Part 2 will cease to be confidential"] == "Not set"
        assert made["Date when confidentiality should be reviewed"] == "7 March 2023"

    def test_what_an_act_will_record_is_not_yet_there_while_it_is_awaited(self) -> None:
        draft = entered(document_view(DECISION_FORM, 1, case_at("draft", OPENED_FACTS)))
        assert {draft[label] for label in ("Decision", "Taken by")} == {"Not yet taken"}
        assert {draft[label] for label in ("Interests", "Particulars of interests")} == {"Not yet stated"}

    def test_what_no_act_will_record_any_more_is_not_awaited(self) -> None:
        withdrawn = entered(document_view(DECISION_FORM, 1, case_at("closed", OPENED_FACTS)))
        assert {withdrawn[label] for label in ("Decision", "Taken by")} == {"Not recorded"}

    def test_a_day_that_is_not_set_is_told_in_the_same_words_in_both_parts(self) -> None:
        assert entered(document_view(DECISION_FORM, 2))["Ceases to be confidential on"] == "Not set"

    def test_two_exemptions_are_two_lists(self) -> None:
        facts: dict[str, FactValue] = {"exemption:b.section": "s43", "exemption:b.release_on": date(2019, 1, 1)}
        made = case_at("publication", {**DECIDED_FACTS, **facts})
        for kind, part in ((DECISION_FORM, 1), (DECISION_FORM, 2), (IAB_REPORT, 1), (DECISION_NOTICE, 1)):
            sections = [
                field for block in document_view(kind, part, made).blocks if isinstance(block, Fields)
                for field in block.items
                if field.label == "Section"
            ]  # fmt: skip
            assert len(sections) == 2

    def test_an_exemption_that_is_known_from_part_2_alone_is_not_named_in_part_1(self) -> None:
        made = case_at("draft", OPENED_FACTS, public_paper_without("exemption"))
        exempt = {**shipped_paper().exempt, "exemption:s43.section": "s43"}
        assert below(document_view(DECISION_FORM, 1, made, exempt), "Part 2 confidentiality")[-1] == Paragraph(
            "None is named in this part."
        )
        assert entered(document_view(DECISION_FORM, 2, made, exempt))["Section"] == "Section 43 – Commercial interests"

    def test_a_statement_is_confirmed_only_by_the_act(self) -> None:
        def rows(made: Case) -> Iterator[tuple[str, str]]:
            [table] = [block for block in document_view(DECISION_FORM, 1, made).blocks if isinstance(block, Statements)]
            return ((row.label.split(":")[-1].strip(), row.value or row.placeholder) for row in table.rows)

        assert {state for _, state in rows(decided_case())} == {"Confirmed"}
        assert ("Legal advice is not required.", "Confirmed") in list(rows(decided_case()))
        assert {state for _, state in rows(case_at("draft", OPENED_FACTS))} == {"Not yet confirmed"}
        assert ("Not stated.", "Not yet confirmed") in list(rows(case_at("draft", OPENED_FACTS)))

    def test_a_title_of_several_lines_is_one_line(self) -> None:
        assert document_view(DECISION_FORM, 1, decided_case(title="One\n\ntwo")).title == "One two"

    def test_a_case_without_a_title_goes_by_its_number(self) -> None:
        assert document_view(DECISION_FORM, 1, case_at("draft", OPENED_FACTS, {})).title == "MOPAC-2018-1"


class TestCondition:
    """A block hangs on a flag or a condition; on what the record does not know it is not shown, but a form is made."""

    @staticmethod
    def headings(when: VisibilityCondition, **changes: FactValue) -> list[str]:
        block = BlockSpec(heading="Shown", text="title", when=when)
        form = shipped_scheme().document_template(DECISION_FORM, 1).model_copy(update={"blocks": (block,)})
        made = build_document(form, build_public_record(decided_case(**changes), "", shipped_scheme()))
        return [block.text for block in made.blocks if isinstance(block, Heading)]

    def test_a_block_is_shown_where_its_condition_holds_and_nowhere_else(self) -> None:
        when = {"dmpc.outcome": {"is": "approved"}}
        assert self.headings(when) == ["Shown"]
        assert self.headings(when, dmpc__outcome="rejected") == []

    def test_a_condition_may_ask_for_a_fact_that_is_worked_out(self) -> None:
        when = {"required_by.working_day": {"is": True}}
        assert self.headings(when, required_by=date(2018, 3, 30)) == []
        assert self.headings(when, required_by=date(2018, 3, 29)) == ["Shown"]

    def test_a_block_that_hangs_on_what_part_1_does_not_know_is_not_shown(self) -> None:
        assert self.headings({"estimated_value": {"at_least": "£1 ex VAT"}}) == []

    @pytest.mark.parametrize(("reference", "made"), [("PCD 361", True), ("PCD 1", False), (None, True)])
    def test_a_form_is_not_made_where_its_condition_is_false(self, reference: str | None, *, made: bool) -> None:
        form = (
            shipped_scheme()
            .document_template(DECISION_FORM, 1)
            .model_copy(update={"when": {"decision.reference": {"is": "PCD 361"}}})
        )
        facts = {name: fact for name, fact in DECIDED_FACTS.items() if name != "decision.reference"}
        known = facts if reference is None else {**facts, "decision.reference": reference}
        record = build_public_record(case_at("publication", known), "", shipped_scheme())
        if made:
            assert build_document(form, record).title
            return
        with pytest.raises(InputError, match=r"as the record stands in decision\.reference"):
            build_document(form, record)


class TestActs:
    def test_who_acted_in_which_capacity_and_when_stands_in_the_document(self) -> None:
        [table] = [
            block
            for block in below(document_view(DECISION_FORM, 1), "Who acted on this request")
            if isinstance(block, Table)
        ]
        assert [cell.text for cell in table.head] == ["Step", "Outcome", "By", "Capacity", "Date"]
        assert [[cell.text for cell in row][1:] for row in table.rows] == [
            ["Supported", "Chair of PIB", "Chair, MPS Portfolio & Investment Board", "14\u00a0March 2018"],
            ["Supported", "Chair of IAB", "Chair, MOPAC Investment Advisory Board", "22\u00a0March 2018"],
            ["Declared", "Head of Smarter Working", "Head of Unit", "9\u00a0April 2018"],
            ["Certified", "R Lawrence", "Chief Executive Officer", "11\u00a0April 2018"],
            ["Approved", "Deputy Mayor", "Deputy Mayor for Policing and Crime", "16\u00a0April 2018"],
        ]

    def test_steps_that_were_not_taken_are_not_named(self) -> None:
        opened = case_at("draft", OPENED_FACTS)
        assert below(document_view(DECISION_FORM, 1, opened), "Who acted on this request") == [
            Paragraph("Nobody has acted on it yet.")
        ]


class TestNotice:
    def test_a_case_that_is_not_decided_has_none(self) -> None:
        with pytest.raises(InputError, match=r"has no Notice of a decision, as the record stands in dmpc\.outcome$"):
            document_view(DECISION_NOTICE, 1, case_at("draft", OPENED_FACTS))

    def test_nor_has_one_that_was_sent_back(self) -> None:
        with pytest.raises(InputError, match="has no Notice of a decision"):
            document_view(DECISION_NOTICE, 1, case_at("draft", RETURNED))

    def test_of_a_case_that_was_rejected_it_gives_the_reason(self) -> None:
        made = document_view(DECISION_NOTICE, 1, case_at("closed", REJECTED))
        assert below(made, "Reasons why the request was not approved") == [Paragraph("Too dear.")]
        assert entered(made)["Decision"] == "Rejected"
