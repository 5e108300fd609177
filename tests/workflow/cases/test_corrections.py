"""Corrections of a decided case: an act of their own, which leaves what was decided as it is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from rules.errors import InputError, PackError
from rules.packs.library import Library
from rules.values.facts import FactValue
from tests.workflow.walk import AUTHOR, CASE_ID, GOVERNANCE_TEAM, act_on_case, shipped_library, walk_to_stage
from workflow.cases.corrections import require_correction_rules
from workflow.errors import NotEntitled, Refusal
from workflow.services import commands, queries, verification
from workflow.services.command_context import Receipt
from workflow.services.commands import Correction, Request, Services

REASON = "A word was missing."
NEW_TITLE = {"title": "Smarter Working – Business Case"}
WITHHELD = "Seven thousand walnut desks"


@pytest.fixture
def published(services: Services) -> Services:
    walk_to_stage(services, "published")
    return services


def correct(
    services: Services,
    public: Mapping[str, str],
    exempt: Mapping[str, str] | None = None,
    officer: str = GOVERNANCE_TEAM,
    reason: str = REASON,
) -> Receipt:
    request = Request(officer, date(2018, 5, 1))
    return commands.correct_case(services, CASE_ID, Correction(public, exempt or {}, reason), request)


def public_facts(services: Services) -> Mapping[str, FactValue]:
    return queries.load_public_case(services, CASE_ID)[0].facts


def test_a_correction_says_what_was_wrong_what_is_right_why_when_and_by_whom(published: Services) -> None:
    before = public_facts(published)
    receipt = correct(published, NEW_TITLE)
    assert (receipt.event, receipt.stage) == ("correct", "published")
    after = public_facts(published)
    assert {address: after[address] for address in after.keys() - before.keys()} == {
        "correction:1.of": "title",
        "correction:1.was": before["title"],
        "correction:1.now": NEW_TITLE["title"],
        "correction:1.reason": REASON,
        "correction:1.on": date(2018, 5, 1),
        "correction:1.by": "Governance Team",
    }
    assert {address: after[address] for address in before} == before


def test_several_facts_can_be_corrected_at_once_each_with_its_own_number(published: Services) -> None:
    correct(published, {**NEW_TITLE, "required_by": "2018-04-03"})
    correct(published, {"author": "Aimee Reed"})
    facts = public_facts(published)
    corrected = [(facts[f"correction:{number}.of"], facts[f"correction:{number}.now"]) for number in (1, 2, 3)]
    assert corrected == [
        ("title", NEW_TITLE["title"]),
        ("required_by", "3 April 2018"),
        ("author", "Aimee Reed"),
    ]


def test_a_correction_of_a_correction_says_what_the_earlier_one_said(published: Services) -> None:
    correct(published, NEW_TITLE)
    correct(published, {"title": "Smarter Working"})
    assert public_facts(published)["correction:2.was"] == NEW_TITLE["title"]
    with pytest.raises(InputError, match="says that already"):
        correct(published, {"title": "Smarter Working"})


def test_what_the_case_did_not_state_can_be_corrected_too(published: Services) -> None:
    correct(published, {"decision.late_reason": "The board met late."})
    assert public_facts(published)["correction:1.was"] == "Not stated"


def test_a_correction_of_part_2_stays_there_with_its_reason(published: Services) -> None:
    before = public_facts(published)
    correct(published, {}, {"confidential.business_case": WITHHELD}, reason="The number of desks was wrong.")
    assert public_facts(published) == before
    exempt = queries.load_case_snapshot(published, CASE_ID).exempt_part.facts
    assert exempt["correction:part2-1.now"] == WITHHELD
    assert exempt["correction:part2-1.reason"] == "The number of desks was wrong."
    history = json.dumps([item.as_json() for item in queries.list_case_history(published, CASE_ID)])
    assert "desks" not in history


def test_the_numbers_of_public_corrections_do_not_count_those_of_part_2(published: Services) -> None:
    correct(published, {}, {"confidential.business_case": WITHHELD})
    correct(published, NEW_TITLE)
    assert "correction:1.of" in public_facts(published)


@pytest.mark.parametrize(
    ("public", "exempt", "message"),
    [
        ({"estimated_value": "£1 ex VAT"}, {}, "does not stand in Part 1"),
        ({}, {"title": "A title"}, "does not stand in Part 2"),
        (NEW_TITLE, {"estimated_value": "£1 ex VAT"}, "cannot be in both parts"),
        ({"case.stage": "draft"}, {}, "cannot be corrected"),
        ({"correction:1.now": "Forged"}, {}, "cannot be corrected"),
        ({"decision.working_days_late": "3"}, {}, "cannot be corrected"),
        ({"no.such_fact": "x"}, {}, "not a fact that is known here"),
    ],
)
def test_a_correction_that_does_not_fit_is_refused_and_leaves_no_trace(
    published: Services, public: Mapping[str, str], exempt: Mapping[str, str], message: str
) -> None:
    head = verification.ledger_head(published)
    with pytest.raises(InputError, match=message) as caught:
        correct(published, public, exempt)
    assert "£1" not in f"{caught.value}{caught.value.advice()}"
    assert verification.ledger_head(published) == head


@pytest.mark.parametrize("reason", ["", "   ", "\x1b[2J", "x" * 60_001, "\u202ereversed"])
def test_a_reason_that_cannot_be_printed_is_refused(published: Services, reason: str) -> None:
    with pytest.raises(InputError, match="--reason"):
        correct(published, NEW_TITLE, reason=reason)


def test_a_paper_in_draft_is_amended_and_not_corrected(services: Services) -> None:
    walk_to_stage(services, "draft")
    with pytest.raises(Refusal) as caught:
        correct(services, NEW_TITLE)
    assert caught.value.ruling.blocking_controls() == ("correction.at_its_stage",)
    with pytest.raises(Refusal):
        correct(services, {}, {"confidential.business_case": WITHHELD})
    assert [item.entry.kind for item in queries.list_case_history(services, CASE_ID)][-2:] == ["refused", "refused"]
    verification.verify_ledger(services, with_replay=True)


def test_only_officers_whom_the_scheme_names_may_correct(published: Services) -> None:
    with pytest.raises(NotEntitled, match="may not correct a case"):
        correct(published, NEW_TITLE, officer=AUTHOR)


def test_corrections_replay_and_stand_in_the_history(published: Services) -> None:
    correct(published, NEW_TITLE)
    correct(published, {}, {"confidential.business_case": WITHHELD})
    verification.verify_ledger(published, with_replay=True)
    *_, public, exempt = queries.list_case_history(published, CASE_ID)
    assert (public.entry.kind, public.action) == ("corrected", "correct")
    assert public.describe_recorded() == f"title: {NEW_TITLE['title']} ({REASON}); recorded 244 days later"
    assert exempt.describe_recorded() == "recorded 244 days later"


def test_a_correction_stays_when_a_stage_is_reopened(services: Services) -> None:
    files = dict(shipped_library().files)
    scheme = files["schemes/mopac/scheme.yaml"].decode()
    corrected_early = scheme.replace("stages: [publication, published, closed]", "stages: [dmpc, published]")
    services = Services(services.store, Library({**files, "schemes/mopac/scheme.yaml": corrected_early.encode()}),
                        services.clock, services.check_publication)  # fmt: skip
    walk_to_stage(services, "dmpc")
    correct_on = Request(GOVERNANCE_TEAM, date(2018, 4, 12))
    commands.correct_case(services, CASE_ID, Correction(NEW_TITLE, {}, REASON), correct_on)
    act_on_case(services, "dmpc-return", "deputy-mayor", "2018-04-16", send_back__reason="Look again.")
    facts = public_facts(services)
    assert facts["correction:1.now"] == NEW_TITLE["title"]
    assert "pib.outcome" not in facts


def change_scheme(old: str, new: str) -> Library:
    files = dict(shipped_library().files)
    text = files["schemes/gla/scheme.yaml"].decode()
    assert old in text
    return Library({**files, "schemes/gla/scheme.yaml": text.replace(old, new).encode()})


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  who: [governance]\n  gate: correct", "  who: [governnance]\n  gate: correct", "Did you mean governance?"),
        ("  gate: correct\n", "  gate: corect\n", "Did you mean correct?"),
        ("  gate: correct\n", "  gate: review\n", "no control requires"),
        ("stages: [publication, published, closed]", "stages: [publishd]", "Did you mean published?"),
        (
            (
                "  - pack: corrections\n"
                "    as_cited: The pack quotes no form. No rule of the authority on corrections was read.\n"
            ),
            "",
            "add the pack corrections",
        ),
        ("  submit: {", "  correct: {", "choose another name"),
    ],
)
def test_a_scheme_whose_corrections_do_not_fit_is_refused_with_what_to_write(old: str, new: str, message: str) -> None:
    with pytest.raises(PackError) as caught:
        change_scheme(old, new).scheme("gla")
    assert message in str(caught.value)


def test_a_scheme_without_corrections_says_what_to_declare() -> None:
    declaration = shipped_library().scheme("gla").declaration.model_copy(update={"corrections": None})
    scheme = replace(shipped_library().scheme("gla"), declaration=declaration)
    with pytest.raises(InputError, match="gla does not say who may correct a case") as caught:
        require_correction_rules(scheme)
    assert "corrections: {who: [ROLE]" in caught.value.advice()
