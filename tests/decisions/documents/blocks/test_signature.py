"""A signature bears the name and day that an act recorded; words of approval stand only above an approval."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from decisions.documents.blocks.fields import Field
from decisions.documents.blocks.heading import Heading
from decisions.documents.blocks.signature import Signature
from decisions.documents.build import build_document
from decisions.documents.record_views import build_public_record
from rules.packs.library import Library
from rules.values.facts import FactValue
from tests.decisions.cases import (
    DECIDED_FACTS,
    DECISION_FORM,
    OPENED_FACTS,
    case_at,
    decided_case,
    document_view,
)
from tests.decisions.documents.reading import (
    REJECTED_FACTS,
    RETURNED_FACTS,
    all_text,
    blocks_below,
)
from workflow.cases.case import Case

APPROVED = "The above request has my approval."
DEPUTY_MAYOR = "Deputy Mayor for Policing and Crime"


def signatures(case: Case | None = None, part: int = 1) -> list[Signature]:
    """Return the signatures of the decision form, of the decided case by default."""
    return [block for block in document_view(DECISION_FORM, part, case).blocks if isinstance(block, Signature)]


def decided_facts_without(fact: str) -> Mapping[str, FactValue]:
    return {name: value for name, value in DECIDED_FACTS.items() if name != fact}


def test_each_signature_bears_the_name_and_day_of_its_act() -> None:
    assert [(each.capacity, each.name, each.done_on) for each in signatures()] == [
        (DEPUTY_MAYOR, "Deputy Mayor", date(2018, 4, 16)),
        ("Head of Unit", "Head of Smarter Working", date(2018, 4, 9)),
        ("Chief Executive Officer", "R Lawrence", date(2018, 4, 11)),
    ]


def test_a_draft_has_places_to_sign() -> None:
    unsigned = signatures(case_at("draft", OPENED_FACTS))
    assert [(each.name, each.done_on) for each in unsigned] == [("", None)] * 3
    assert APPROVED in unsigned[0].words


@pytest.mark.parametrize(
    "case", [case_at("closed", REJECTED_FACTS), case_at("draft", RETURNED_FACTS)], ids=["rejected", "returned"]
)
def test_an_officer_who_did_not_approve_stands_under_no_words_of_approval(case: Case) -> None:
    view = document_view(DECISION_FORM, 1, case)
    assert APPROVED not in all_text(view)
    assert "I confirm I have considered" not in all_text(view)
    [block] = blocks_below(view, DEPUTY_MAYOR)
    outcome, reason = (str(case.facts[fact]) for fact in ("dmpc.outcome", "send_back.reason"))
    assert block == Signature(
        DEPUTY_MAYOR, (), f"{outcome.capitalize()} by", "Deputy Mayor", date(2018, 4, 16),
        remarks=(Field("Reason", reason),),
    )  # fmt: skip


def test_an_approval_by_an_unnamed_officer_is_signed_and_not_open_to_sign() -> None:
    first = signatures(case_at("published", decided_facts_without("dmpc.by")))[0]
    assert (first.done_by, first.name, first.done_on) == ("Approved by", "Not recorded", date(2018, 4, 16))


def test_an_approval_of_no_known_day_is_shown_without_a_reason_against_it() -> None:
    view = document_view(DECISION_FORM, 1, case_at("published", decided_facts_without("dmpc.on")))
    [block] = blocks_below(view, DEPUTY_MAYOR)
    assert isinstance(block, Signature)
    assert (block.done_by, block.name, block.done_on, block.remarks) == ("Approved by", "Deputy Mayor", None, ())
    assert APPROVED in block.words


def test_a_closed_case_has_no_place_to_sign() -> None:
    case = case_at("closed", OPENED_FACTS)
    view = document_view(DECISION_FORM, 1, case)
    assert signatures(case) == []
    assert APPROVED not in all_text(view)
    assert DEPUTY_MAYOR not in [block.text for block in view.blocks if isinstance(block, Heading)]


def test_acts_before_a_rejection_stay_signed() -> None:
    names = [each.name for each in signatures(case_at("closed", REJECTED_FACTS))]
    assert names == ["Deputy Mayor", "Head of Smarter Working", "R Lawrence"]


def test_interests_stand_with_the_signature_whether_there_are_any_or_none() -> None:
    assert [(field.label, field.value) for field in signatures()[0].items] == [("Interests", "None to record")]
    with_interests = decided_case(interests__declared="recorded", interests__recorded="Shares in\nthe supplier.")
    assert [(field.label, field.value) for field in signatures(with_interests)[0].items] == [
        ("Interests", "Recorded below"),
        ("Particulars of interests", "Shares in the supplier."),
    ]


def test_part_2_shows_no_words_of_the_decider_that_no_act_records() -> None:
    [signature] = signatures(part=2)
    assert signature.words == ("The request to which this form belongs has my approval.",)


def test_a_form_that_several_roles_may_sign_names_the_capacity_of_whoever_did() -> None:
    """The Mayor may reject a form of a Director's, and does not do so as the Director."""
    scheme = Library.load([]).scheme("gla")
    facts: dict[str, FactValue] = {
        "decision.form": "dd",
        "decision.outcome": "rejected",
        "decision.by": "May Mayor",
        "decision.role": "mayor",
        "decision.on": date(2018, 4, 11),
    }
    case = Case("GLA-2018-1", "gla", 4, "closed", date(2018, 4, 11), facts)
    document = build_document(scheme.document_template("decision-form", 1), build_public_record(case, "0" * 64, scheme))
    [signed] = [block for block in document.blocks if isinstance(block, Signature) and block.done_by]
    assert (signed.done_by, signed.name, signed.capacity) == ("Rejected by", "May Mayor", "Mayor of London")
