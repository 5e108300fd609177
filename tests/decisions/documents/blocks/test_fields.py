"""Fields and exemptions show what was entered, or in the right words that nothing was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from decisions.documents import wording
from decisions.documents.blocks.fields import Fields
from rules.values.facts import FactValue
from rules.values.passages import Paragraph
from tests.decisions.cases import (
    DECIDED_FACTS,
    DECISION_FORM,
    DECISION_NOTICE,
    IAB_REPORT,
    OPENED_FACTS,
    case_at,
    decided_case,
    document_view,
    public_paper_without,
    shipped_paper,
)
from tests.decisions.documents.reading import blocks_below, values_by_label
from workflow.cases.case import Case
from workflow.cases.events import UNNAMED, Withheld
from workflow.cases.withheld_names import name_hidden

WITHHELD = "Withheld (see Part 2)"


def form_values(case: Case | None = None, part: int = 1) -> dict[str, str]:
    """Return the values of the decision form by label, of the decided case by default."""
    return values_by_label(document_view(DECISION_FORM, part, case))


class TestWordsForNoValue:
    def test_a_question_that_nobody_was_asked_is_left_out_and_stands_in_a_form_to_fill_in(self) -> None:
        label = "If yes, for what reason"
        assert label not in form_values()
        assert label not in form_values(decided_case(deferral__asked=True))
        assert form_values(case_at("draft", OPENED_FACTS, {}))[label] == "Not recorded"

    def test_what_an_act_will_record_is_not_yet_there_in_a_draft(self) -> None:
        draft = form_values(case_at("draft", OPENED_FACTS))
        assert {draft[label] for label in ("Decision", "Taken by")} == {"Not yet taken"}
        assert {draft[label] for label in ("Interests", "Particulars of interests")} == {"Not yet stated"}

    def test_what_no_act_will_record_any_more_is_left_out_of_a_closed_case(self) -> None:
        assert not {"Decision", "Taken by"} & form_values(case_at("closed", OPENED_FACTS)).keys()

    def test_a_day_that_was_not_set_is_said_in_both_parts(self) -> None:
        assert form_values()["Date at which Part 2 will cease to be confidential"] == "Not set"
        assert form_values(part=2)["Ceases to be confidential on"] == "Not set"

    def test_a_day_that_stands_in_part_2_is_called_withheld_and_never_not_set(self) -> None:
        public = public_paper_without("exemption") | {"exemption:s43.section": "s43"}
        case = case_at("publication", DECIDED_FACTS, public)
        label = "Date when confidentiality should be reviewed"
        assert form_values(case)[label] == "Not set"
        assert form_values(replace(case, withheld=Withheld(frozenset({"exemption:s43.review_on"}))))[label] == WITHHELD
        assert form_values(replace(case, withheld=UNNAMED))[label] == wording.NOT_IN_PART_1


class TestValues:
    def test_a_deferral_shows_its_reason_and_its_day(self) -> None:
        case = decided_case(deferral__asked=True, deferral__reason="A lease.", deferral__until=date(2018, 6, 30))
        values = form_values(case)
        assert values["Is the publication of Part 1 of this approval to be deferred?"] == "Yes"
        assert (values["If yes, for what reason"], values["Until what date"]) == ("A lease.", "30 June 2018")

    def test_release_and_review_are_two_days_and_never_one(self) -> None:
        values = form_values()
        assert values["Date at which Part 2 will cease to be confidential"] == "Not set"
        assert values["Date when confidentiality should be reviewed"] == "7 March 2023"


class TestExemptions:
    def test_two_exemptions_are_two_lists(self) -> None:
        facts: dict[str, FactValue] = {"exemption:b.section": "s43", "exemption:b.release_on": date(2019, 1, 1)}
        case = case_at("publication", {**DECIDED_FACTS, **facts})
        for kind, part in ((DECISION_FORM, 1), (DECISION_FORM, 2), (IAB_REPORT, 1), (DECISION_NOTICE, 1)):
            lists = [block for block in document_view(kind, part, case).blocks if isinstance(block, Fields)]
            assert [field.label for block in lists for field in block.items].count("Section") == 2

    def test_an_exemption_known_from_part_2_alone_is_not_named_in_part_1(self) -> None:
        case = case_at("draft", OPENED_FACTS, public_paper_without("exemption"))
        exempt = {**shipped_paper().exempt, "exemption:s43.section": "s43"}
        in_part_1 = blocks_below(document_view(DECISION_FORM, 1, case, exempt), "Part 2 confidentiality")
        case = replace(case, withheld=Withheld(frozenset({name_hidden("exemption")})))
        withheld = blocks_below(document_view(DECISION_FORM, 1, case, exempt), "Part 2 confidentiality")
        in_part_2 = values_by_label(document_view(DECISION_FORM, 2, case, exempt))
        assert in_part_1[-1] == Paragraph("None is named in this part.")
        assert withheld[-1] == Paragraph(f"{WITHHELD}.")
        assert in_part_2["Section"] == "Section 43 – Commercial interests"
